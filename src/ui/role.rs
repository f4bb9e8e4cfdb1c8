//! What a dialog of an app is about, judged by its words.

use super::lexicon::{Lexicon, List};

/// What a pop-up is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Privacy policy or user agreement to accept.
    Consent,
    /// The app explains or demands a permission.
    PermissionPlea,
    /// Advertisement or promotion.
    Promotion,
    /// Update of the app, download of another.
    Update,
    /// Demand to sign in.
    SignIn,
    /// Confirmation of something the person did.
    Confirmation,
    /// Message, or not recognised.
    Message,
}

impl Lexicon {
    /// What a dialog with these words (texts and buttons alike) is about. The first that holds, in this order:
    /// a policy with something to agree to, a permission, an update, signing in, a question that makes sure, promotion.
    pub fn role<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Role {
        let words: Vec<&str> = words.into_iter().collect();
        let mentions = |list| words.iter().any(|text| self.mentions(text, list));
        let control = |list| words.iter().any(|text| self.is(text, list));
        if mentions(List::Policy) && (control(List::ConsentAccept) || control(List::ConsentRefuse)) {
            return Role::Consent;
        }
        if mentions(List::PermissionPlea) {
            return Role::PermissionPlea;
        }
        if mentions(List::Update) {
            return Role::Update;
        }
        if control(List::SignIn) {
            return Role::SignIn;
        }
        if mentions(List::Confirmation) {
            return Role::Confirmation;
        }
        if mentions(List::Promotion) {
            return Role::Promotion;
        }
        Role::Message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_dialogs_by_their_words() {
        let lexicon = Lexicon::builtin();
        let role = |words: &[&str]| lexicon.role(words.iter().copied());
        assert_eq!(role(&["隐私政策", "请阅读并同意《隐私政策》", "不同意", "同意"]), Role::Consent);
        assert_eq!(role(&["开启通讯录", "请开启通讯录权限以便找到好友", "暂不", "去设置"]), Role::PermissionPlea);
        assert_eq!(role(&["发现新版本 3.2", "立即更新", "以后再说"]), Role::Update);
        assert_eq!(role(&["新人红包", "立即领取", "×"]), Role::Promotion);
        assert_eq!(role(&["Exit App", "Are you sure you want to exit?", "CANCEL", "EXIT"]), Role::Confirmation);
        assert_eq!(role(&["Sign in", "Not now"]), Role::SignIn);
        assert_eq!(role(&["Generation Failed", "Feature limit exceeded: 1/1 used", "OK"]), Role::Message);
    }
}
