//! What a dialog of an app is about, judged by its words.

use super::lexicon::{Lexicon, List, Names, Word};
use super::words::is_han;

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

/// What pressing a control of a dialog does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Agrees, confirms, goes on.
    Accept,
    /// Refuses.
    Refuse,
    /// Takes the dialog away.
    Close,
}

impl Lexicon {
    /// What a control with this label does: the act whose words fit best, and those that fit as well (拒绝 both refuses and
    /// closes); nothing when none fits. So 不同意 refuses, though the word for agreeing stands in it.
    pub fn act(&self, label: &str) -> Vec<Act> {
        let accept = self.fit(label, List::ConsentAccept).max(self.fit(label, List::Confirm));
        let refuse = self.fit(label, List::ConsentRefuse);
        let acts = [(Act::Accept, accept), (Act::Refuse, refuse), (Act::Close, self.fit(label, List::Close))];
        if self.fit(label, List::NoAnswer) >= 0.5 {
            return Vec::new();
        }
        let best = acts.iter().map(|(_, fit)| *fit).fold(0.5, f32::max);
        let acts: Vec<Act> = acts.into_iter().filter(|(_, fit)| *fit >= best).map(|(act, _)| act).collect();
        // A refusal that no list has holds the word for the opposite, and it alone.
        let accepting = [List::ConsentAccept, List::Confirm];
        match acts.contains(&Act::Accept) && self.is_turned_over(label, &accepting) {
            true => vec![Act::Refuse, Act::Close],
            false => acts,
        }
    }

    /// Whether a control with this label agrees or confirms, however well other words fit; 不同意 does not.
    pub fn accepts(&self, label: &str) -> bool {
        let accepting = [List::ConsentAccept, List::Confirm];
        accepting.iter().any(|list| self.is(label, *list)) && !self.is_turned_over(label, &accepting)
    }

    /// Whether the words of a control say no to something, whatever it is: 我不是监护人, I do not consent.
    pub fn negates(&self, label: &str) -> bool {
        let small = label.to_lowercase();
        let han = |text: &str| text.chars().all(is_han);
        let holds = |word: &Word| han(&word.text) && small.contains(&word.text);
        self.mentions(label, List::Negation) || self.list(List::Negation).iter().any(holds)
    }

    /// Whether the name of a switch is of the opposite, and it is ticked when the thing is off: 关闭个性化推荐, Opt out of ads.
    pub fn names_the_opposite(&self, label: &str) -> bool {
        let begins = [List::TurnOff, List::Negation].into_iter().flat_map(|list| self.list(list));
        begins.into_iter().any(|word| word.begins(label))
    }

    /// Whether a switch of this name is for advertisements, and for nothing else.
    pub fn is_for_ads_alone(&self, label: &str) -> bool {
        self.mentions(label, List::Advertising) && !self.holds(label, List::BesideAdvertising)
    }

    /// Whether a control with this label only takes note of a message: one that agrees to something, turns it on or sends it
    /// does more.
    pub fn acknowledges(&self, label: &str) -> bool {
        /// Share of the label that is such a word (ours): in "OK, buy" it is not.
        const NEARLY_ALL: f32 = 0.8;
        self.fit(label, List::Acknowledge) >= NEARLY_ALL && !self.is_never(label)
    }

    /// What a dialog with these words (texts and buttons alike) is about. The first that holds, in this order:
    /// a policy with something to agree to, a permission, an update, signing in, a question that makes sure, promotion.
    pub fn role<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Role {
        let words: Vec<&str> = words.into_iter().collect();
        let mentions = |list| words.iter().any(|text| self.mentions(text, list));
        let answers = |text: &&&str| {
            let control = self.is(text, List::ConsentAccept) || self.is(text, List::ConsentRefuse);
            control && !self.act(text).is_empty()
        };
        let signs = || words.iter().any(|text| self.is(text, List::SignIn) && !self.is(text, List::SignOut));
        // A page to sign in says the same of whoever signs in.
        let by_going_on = || mentions(List::AgreesByGoingOn) && !signs();
        if mentions(List::Policy) && (words.iter().any(|text| answers(&text)) || by_going_on()) {
            return Role::Consent;
        }
        // A mode for the young is turned on by the same words as a permission, and is none.
        let names_one = || words.iter().any(|text| self.named(text, Names::Spoken).next().is_some());
        if mentions(List::PermissionPlea) && (!mentions(List::YoungMode) || names_one()) {
            return Role::PermissionPlea;
        }
        if mentions(List::Update) {
            return Role::Update;
        }
        if signs() {
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
    fn a_switch_for_advertisements_may_be_for_more() {
        let lexicon = Lexicon::builtin();
        for label in ["个性化广告推荐", "程序化广告", "Personalised ads", "個人化廣告"] {
            assert!(lexicon.is_for_ads_alone(label), "{label}");
        }
        for label in ["个性化推荐", "个性化内容与广告", "推荐与广告", "Personalised content and ads", "Ideas for you"]
        {
            assert!(!lexicon.is_for_ads_alone(label), "{label}");
        }
    }

    #[test]
    fn judges_dialogs_by_their_words() {
        let lexicon = Lexicon::builtin();
        let role = |words: &[&str]| lexicon.role(words.iter().copied());
        assert_eq!(role(&["隐私政策", "请阅读并同意《隐私政策》", "不同意", "同意"]), Role::Consent);
        assert_eq!(role(&["开启通讯录", "请开启通讯录权限以便找到好友", "暂不", "去设置"]), Role::PermissionPlea);
        assert_eq!(role(&["发现新版本 3.2", "立即更新", "以后再说"]), Role::Update);
        assert_eq!(role(&["新人红包", "立即领取", "×"]), Role::Promotion);
        assert_eq!(role(&["Exit App", "Are you sure you want to exit?", "CANCEL", "EXIT"]), Role::Confirmation);
        let by_going_on = ["Welcome", "By tapping Go you accept our Terms and the Privacy Notice.", "Go"];
        assert_eq!(role(&by_going_on), Role::Consent);
        assert_eq!(role(&["登录即表示同意《用户协议》与《隐私政策》", "登录"]), Role::SignIn);
        assert_eq!(role(&["Sign in", "Not now"]), Role::SignIn);
        assert_eq!(role(&["Generation Failed", "Feature limit exceeded: 1/1 used", "OK"]), Role::Message);
    }

    #[test]
    fn a_no_is_known_whatever_it_is_said_to() {
        let lexicon = Lexicon::builtin();
        assert!(
            lexicon.negates("I do not consent")
                && lexicon.negates("我不是监护人")
                && lexicon.negates("Don't let me in")
        );
        assert!(!lexicon.negates("I consent") && !lexicon.negates("家长同意") && !lexicon.negates("Notes"));
    }

    #[test]
    fn what_only_takes_note_is_no_deed() {
        let lexicon = Lexicon::builtin();
        for note in ["OK", "确定", "好的", "我知道了", "Got it", "I understand", "確定"] {
            assert!(lexicon.acknowledges(note), "{note}");
        }
        for deed in
            ["立即开启", "去授权", "提交", "允许", "同意", "继续", "确定开通", "OK, buy", "Turn on", "Submit", "Delete"]
        {
            assert!(!lexicon.acknowledges(deed), "{deed}");
        }
    }

    #[test]
    fn pleas_are_known_in_both_languages() {
        let lexicon = Lexicon::builtin();
        for words in [
            ["Location", "Clear Map uses your location to show where you are.", "Continue", "Not now"],
            ["Camera permission", "To scan a code, allow the camera.", "Turn on", "Maybe later"],
            ["位置权限说明", "用于在地图上显示您当前所在的位置", "继续", "暂不"],
            ["温馨提示", "需要使用您的相机以便扫描二维码", "立即开启", "以后再说"],
            ["提示", "您未开启定位，请前往设置打开", "去设置", "取消"],
            ["青少年模式", "青少年模式需要相机权限", "去开启", "我知道了"],
        ] {
            assert_eq!(lexicon.role(words), Role::PermissionPlea, "{words:?}");
        }
        for words in [
            ["订单", "您的订单已送达", "查看", "我知道了"],
            ["青少年模式", "为呵护未成年人健康成长，推出青少年模式", "去开启", "我知道了"],
            ["隐私设置", "隐私政策", "撤回同意", "权限列表"],
            ["Notice", "You can find your orders in Me.", "OK", "Got it"],
            ["提示", "网络不可用，请稍后重试", "重试", "取消"],
        ] {
            assert_eq!(lexicon.role(words), Role::Message, "{words:?}");
        }
    }

    #[test]
    fn a_word_that_is_turned_over_is_no_answer_of_its_own() {
        let lexicon = Lexicon::builtin();
        for label in [
            "不允许",
            "暂不允许",
            "先不授权",
            "不授权",
            "不继续",
            "拒绝授权",
            "暂时不开启",
            "不允許",
            "不想继续",
            "Don't allow",
            "Don\u{2019}t Allow",
            "Do not continue",
            "Don't enable",
            "Don't turn on",
        ] {
            let acts = lexicon.act(label);
            assert!(!acts.contains(&Act::Accept) && acts.contains(&Act::Close), "{label}: {acts:?}");
            assert!(!lexicon.accepts(label), "{label}");
        }
        for label in ["允许", "继续", "Allow", "Turn on", "不再提示，继续", "Nothing more, continue", "Knot, continue"]
        {
            assert!(!lexicon.is_turned_over(label, &[List::ConsentAccept, List::Confirm]), "{label}");
        }
        // What lists have is told by them.
        assert_eq!(lexicon.act("不同意"), [Act::Refuse]);
        assert!(!lexicon.accepts("不同意") && lexicon.accepts("同意") && lexicon.accepts("确定"));
    }

    #[test]
    fn pleas_for_notices_and_notes_of_updates_are_known() {
        let lexicon = Lexicon::builtin();
        for words in [
            ["开启推送提醒", "更新了第一时间知道", "取消"],
            ["开启系统通知", "不漏掉回复", "×"],
            ["开启新邮件通知", "以后再说", "立刻开启"],
            ["开启位置服务", "看看附近有什么", "不再提示"],
            ["允许获取位置信息", "取消", "确定"],
        ] {
            assert_eq!(lexicon.role(words), Role::PermissionPlea, "{words:?}");
        }
        for words in [
            ["版本升级", "升级", "取消"],
            ["内容更丰富", "马上升级（8M）", "取消"],
            ["忽略此版本的更新", "更新", "以后再说"],
        ] {
            assert_eq!(lexicon.role(words), Role::Update, "{words:?}");
        }
        // A mode for minors is neither.
        assert_eq!(lexicon.role(["青少年模式", "为呵护未成年人健康成长", "开启青少年模式", "我知道了"]), Role::Message);
    }

    #[test]
    fn controls_do_what_their_words_say_in_both_languages() {
        let lexicon = Lexicon::builtin();
        let told = |act: Act, labels: &[&str]| {
            for label in labels {
                assert!(lexicon.act(label).contains(&act), "{label}: {:?}", lexicon.act(label));
            }
        };
        let only = |act: Act, labels: &[&str]| {
            for label in labels {
                assert_eq!(lexicon.act(label), [act], "{label}");
            }
        };
        only(
            Act::Accept,
            &["同意", "同意并继续", "我同意", "已阅读并同意", "接受", "全部同意", "立即开启", "去授权", "允许"],
        );
        only(Act::Accept, &["Agree", "I agree", "Accept all", "Agree and continue", "Allow", "Turn on", "Continue"]);
        only(
            Act::Refuse,
            &["不同意", "不同意并退出", "拒绝", "暂不同意", "仅浏览", "进入基本功能模式", "我不同意", "退出应用"],
        );
        only(
            Act::Refuse,
            &["Disagree", "Decline", "I do not agree", "Don't agree", "Reject all", "Exit app", "Basic mode"],
        );
        told(
            Act::Close,
            &[
                "跳过 5s",
                "跳过",
                "5 跳过",
                "我知道了",
                "以后再说",
                "残忍拒绝",
                "暂不使用",
                "暂不",
                "下次再说",
                "关闭",
                "×",
            ],
        );
        told(
            Act::Close,
            &["Skip", "Skip 3", "Skip ad", "Maybe later", "Not now", "No thanks", "No, thanks", "Got it", "Close"],
        );
        for label in [
            "撤回同意",
            "Withdraw consent",
            "授权管理",
            "去看看",
            "立即领取",
            "Buy now",
            "设置",
            "Details",
            "为了向您提供服务请阅读并同意本公司的各项条款与说明",
        ] {
            assert_eq!(lexicon.act(label), [], "{label}");
        }
    }
}
