//! The words apps use for a concept, per language: what to look for, what leads there, what never to press.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{fold, is_han};
pub use file::LexiconError;
use file::{File, FileWords};

mod file;

/// The lexicon that is shipped.
const BUILTIN: &str = include_str!("lexicon.yaml");
/// Most bytes of all files whose words are added: they stand in the journal of each attempt, whose lines have 4 MiB (ours).
const LONGEST_ADDED: usize = 512 << 10;
/// A label longer than this names nothing (ours).
const LONGEST_NAME: usize = 40;
/// A label longer than this is prose: its words are not a name of anything.
const LONGEST_LABEL: usize = 400;

/// Something every app should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Concept {
    /// Where the account can be deleted.
    AccountDeletion,
    /// The privacy policy.
    PrivacyPolicy,
    /// The list of personal information collected.
    PersonalInfoList,
    /// The list of third-party SDKs.
    SdkList,
    /// The switch that turns personalised recommendation off.
    RecommendationSwitch,
    /// Where permissions are managed.
    PermissionManagement,
    /// Where a complaint can be sent.
    ComplaintChannel,
    /// Where one's data can be viewed or copied.
    DataCopy,
    /// Where one's information can be corrected.
    CorrectInfo,
    /// Signing out.
    LogOut,
    /// A guardian's consent.
    GuardianConsent,
    /// The rules for children.
    ChildrenPolicy,
    /// Where a subscription is cancelled.
    SubscriptionCancel,
    /// Where consent that was given is taken back.
    WithdrawConsent,
}

impl Concept {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::AccountDeletion,
        Self::PrivacyPolicy,
        Self::PersonalInfoList,
        Self::SdkList,
        Self::RecommendationSwitch,
        Self::PermissionManagement,
        Self::ComplaintChannel,
        Self::DataCopy,
        Self::CorrectInfo,
        Self::LogOut,
        Self::GuardianConsent,
        Self::ChildrenPolicy,
        Self::SubscriptionCancel,
        Self::WithdrawConsent,
    ];

    /// The name as written in scenarios, for example `account-deletion`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountDeletion => "account-deletion",
            Self::PrivacyPolicy => "privacy-policy",
            Self::PersonalInfoList => "personal-info-list",
            Self::SdkList => "sdk-list",
            Self::RecommendationSwitch => "recommendation-switch",
            Self::PermissionManagement => "permission-management",
            Self::ComplaintChannel => "complaint-channel",
            Self::DataCopy => "data-copy",
            Self::CorrectInfo => "correct-info",
            Self::LogOut => "log-out",
            Self::GuardianConsent => "guardian-consent",
            Self::ChildrenPolicy => "children-policy",
            Self::SubscriptionCancel => "subscription-cancel",
            Self::WithdrawConsent => "withdraw-consent",
        }
    }
}

/// A list of words with one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// Names of policies and agreements.
    Policy,
    /// Buttons that accept a policy.
    ConsentAccept,
    /// Buttons that refuse a policy.
    ConsentRefuse,
    /// Names of things that hold a word of an answer: 撤回同意.
    NoAnswer,
    /// A reduced mode offered after a refusal.
    BasicMode,
    /// Buttons that close, skip or put off.
    Close,
    /// Parts of resource ids of such controls.
    CloseIds,
    /// An app's plea for a permission.
    PermissionPlea,
    /// Signing in.
    SignIn,
    /// Signing up.
    SignUp,
    /// Signing out.
    SignOut,
    /// Buttons that carry out what was asked.
    Confirm,
    /// Buttons of a message that only take note of it.
    Acknowledge,
    /// Buttons that carry out a deletion of the account.
    DeletionConfirm,
    /// Questions that make sure.
    Confirmation,
    /// The account is gone.
    DeletionDone,
    /// The account will be gone, later.
    DeletionPending,
    /// The account stays.
    DeletionRefused,
    /// Signing in was refused.
    SignInRefused,
    /// Advertisement and promotion.
    Promotion,
    /// An update of the app.
    Update,
    /// An app's refusal to work on an emulator.
    EmulatorRefused,
    /// Tabs that lead to one's own pages.
    MainTabs,
    /// In a policy: that something is collected.
    Collecting,
    /// What something is for.
    Purpose,
    /// In a policy: how what was collected is handled.
    Handling,
    /// In a policy: who is behind the app.
    Operator,
    /// In a policy: how they are reached.
    Contact,
    /// In a policy: how long what was collected is kept.
    Retention,
    /// In a policy: that consent can be taken back.
    Withdrawal,
    /// Terms that a layman stumbles over.
    Jargon,
    /// Reasons that serve the operator: better service, experience, research, pushing, control of risks.
    Improvement,
    /// Things promised in exchange.
    Reward,
    /// Sensitive personal information, as fields of a form name it.
    SensitiveInfo,
    /// Deeds that give sensitive information without a field: a scan of the face, a picture of the card.
    SensitiveDeed,
    /// The face, as a page that verifies by it speaks of it.
    Face,
    /// Other ways to verify than by the face.
    OtherVerification,
    /// Consent given to one thing apart from all others.
    SeparateConsent,
    /// Sending a file or picture of one's own.
    Upload,
    /// Controls that download or install something.
    Download,
    /// Renewal by itself.
    Renewal,
    /// Content chosen for one person.
    Personalised,
    /// A guardian's consent.
    Guardian,
    /// Apps and pages meant for children.
    ForChildren,
    /// What a guardian must be told: purpose, manner and scope.
    GuardianPurpose,
    /// What a guardian must be told: place, period, and what happens when it ends.
    GuardianStorage,
    /// What a guardian must be told: safeguards.
    GuardianSafeguards,
    /// What a guardian must be told: what a refusal leads to.
    GuardianRefusal,
    /// What a guardian must be told: how to complain.
    GuardianComplaints,
    /// What a guardian must be told: how to correct and delete.
    GuardianCorrection,
    /// Controls of an app that lead to granting a permission.
    PermissionGrant,
    /// Demands of a deletion that prove whose account it is, or that it is meant.
    DeletionProof,
    /// Units of a waiting time that last a day.
    Days,
    /// Units of a waiting time that last about thirty days.
    Months,
    /// A time counted in working days.
    WorkingDays,
    /// Controls that paste.
    Paste,
    /// Whole labels of controls that lead back.
    NavigateUp,
    /// Signs of money.
    Money,
    /// A page that says of something that it can't be undone.
    Irreversible,
    /// Words of leaving, which may be for good.
    Leaving,
    /// That whoever goes on agrees.
    AgreesByGoingOn,
}

/// Words that tell one of several things by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Names {
    /// Permission groups, as windows of apps speak of what they open.
    Spoken,
    /// Permission groups, as policies and lists declare what they open.
    Declared,
    /// Permission groups, as an app says beforehand what it asks for.
    Purpose,
    /// Permission groups, as rows of the system's page of an app's permissions name them.
    PermissionRow,
    /// Demands beyond what the deletion of an account needs.
    DeletionDemand,
}

/// A word of the lexicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub text: String,
    /// Language tag, or `any`.
    pub language: String,
    /// Where it comes from: `ours`, `aosp`, `law`.
    pub source: String,
    /// Folded parts that must occur in this order.
    parts: Vec<String>,
    /// As written, in small letters.
    small: String,
}

/// All words, per concept and list.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    targets: BTreeMap<Concept, Vec<Word>>,
    other: BTreeMap<Concept, Vec<Word>>,
    waypoints: BTreeMap<Concept, Vec<Word>>,
    perhaps: BTreeMap<Concept, Vec<Word>>,
    never: Vec<Word>,
    lists: BTreeMap<List, Vec<Word>>,
    names: BTreeMap<Names, BTreeMap<String, Vec<Word>>>,
    added: Vec<Added>,
}

/// A file whose words were added to a lexicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its name.
    pub file: String,
    /// What it says.
    pub text: String,
}

impl Lexicon {
    /// The lexicon that is shipped.
    pub fn builtin() -> Self {
        // A test reads the shipped file; it can't fail to parse in a build that passed.
        Self::parse(BUILTIN).unwrap_or_default()
    }

    /// The file of the lexicon that is shipped, to begin one of another language with.
    pub fn builtin_file() -> &'static str {
        BUILTIN
    }

    /// A lexicon from YAML, in the form of the shipped one.
    fn parse(text: &str) -> Result<Self, LexiconError> {
        let mut lexicon = Self::default();
        lexicon.take(File::parse(text)?);
        Ok(lexicon)
    }

    /// This lexicon with the words of another file, in the form of the shipped one or any part of it.
    ///
    /// # Errors
    /// When the file is no such file, knows things that this lexicon doesn't, or is too long beside those added before.
    pub fn adding(mut self, file: &str, text: &str) -> Result<Self, LexiconError> {
        let added = Added { file: file.to_owned(), text: text.to_owned() };
        if self.added.iter().any(|earlier| earlier.text == added.text) {
            return Ok(self);
        }
        let before: usize = self.added.iter().map(|earlier| earlier.text.len()).sum();
        let more = File::more(text, LONGEST_ADDED.saturating_sub(before), |names, name| {
            self.names.get(&names).is_some_and(|things| things.contains_key(name))
        })?;
        self.take(more);
        self.added.push(added);
        Ok(self)
    }

    /// The files whose words were added to those that are shipped, in the order they came.
    pub fn added(&self) -> &[Added] {
        &self.added
    }

    fn take(&mut self, file: File) {
        self.never.extend(file.never.into_iter().flat_map(FileWords::words));
        for (concept, entry) in file.concepts {
            extend(&mut self.targets, concept, entry.targets);
            extend(&mut self.other, concept, entry.other);
            extend(&mut self.waypoints, concept, entry.waypoints);
            extend(&mut self.perhaps, concept, entry.perhaps);
        }
        file.lists.into_iter().for_each(|(list, entry)| extend(&mut self.lists, list, entry));
        for (names, things) in file.names {
            let known = self.names.entry(names).or_default();
            things.into_iter().for_each(|(name, entry)| extend(known, name, entry));
        }
    }

    /// Words that name the concept itself.
    pub fn targets(&self, concept: Concept) -> &[Word] {
        self.targets.get(&concept).map_or(&[], Vec::as_slice)
    }

    /// Words of places on the way to it.
    pub fn waypoints(&self, concept: Concept) -> &[Word] {
        self.waypoints.get(&concept).map_or(&[], Vec::as_slice)
    }

    /// Words never to press in a search.
    pub fn never(&self) -> &[Word] {
        &self.never
    }

    /// The words of a list.
    pub fn list(&self, list: List) -> &[Word] {
        self.lists.get(&list).map_or(&[], Vec::as_slice)
    }

    /// How well a label names the concept, 0 to 1; from 0.5 on it does. A label that names another concept better does not
    /// (儿童隐私政策 is not the 隐私政策), nor one with a word that makes it something else (haptic feedback).
    pub fn score(&self, label: &str, concept: Concept) -> f32 {
        let score = best(self.targets(concept), label);
        if score == 0.0 || self.is_other(label, concept) {
            return 0.0;
        }
        let better = |other: &Concept| *other != concept && best(self.targets(*other), label) > score;
        if Concept::ALL.iter().any(|other| better(other) && !self.is_other(label, *other)) { 0.0 } else { score }
    }

    fn is_other(&self, label: &str, concept: Concept) -> bool {
        let folded = fold(label);
        self.other.get(&concept).is_some_and(|words| words.iter().any(|word| word.span_in(&folded).is_some()))
    }

    /// How well a label names a place on the way to the concept, 0 to 1.
    pub fn waypoint_score(&self, label: &str, concept: Concept) -> f32 {
        best(self.waypoints(concept), label)
    }

    /// Whether a label may name the concept in words of its own: too little to take it for the concept, and too much to say
    /// that an app which has it lacks the concept.
    pub fn is_perhaps(&self, label: &str, concept: Concept) -> bool {
        let folded = fold(label);
        let words = self.perhaps.get(&concept).into_iter().flatten();
        label.chars().count() <= LONGEST_NAME
            && !self.is_other(label, concept)
            && words.into_iter().any(|word| word.span_in(&folded).is_some())
    }

    /// Whether words of a language were added without those never to press in it: what a label of it does is unknown.
    pub fn is_unguarded(&self) -> bool {
        let places = [&self.targets, &self.waypoints].into_iter().flat_map(BTreeMap::values).flatten();
        let guarded = |word: &Word| self.never.iter().any(|never| never.language == word.language);
        self.has_more_languages() && places.into_iter().any(|word| !guarded(word))
    }

    /// Whether a label names a concept, or a place on the way to one.
    pub fn names_a_place(&self, label: &str) -> bool {
        let all = [&self.targets, &self.waypoints].into_iter().flat_map(BTreeMap::values);
        all.into_iter().any(|words| best(words, label) >= 0.5)
    }

    /// Whether words were added to the shipped ones, which are Chinese and English.
    pub fn has_more_languages(&self) -> bool {
        !self.added.is_empty()
    }

    /// Whether a search must not press a control with this label. The very name of a way-point may be pressed though
    /// it holds such a word (支付设置 is a page of settings).
    pub fn is_never(&self, label: &str) -> bool {
        (best(&self.never, label) >= 0.5 || is_number(label) || self.begins_a_deed(label))
            && !self.waypoints.values().any(|words| best(words, label) >= 1.0)
    }

    /// Whether a short label begins with a word never to press: a deed with what it is done to (Call the driver,
    /// 立即支付¥23.50), however long that is.
    fn begins_a_deed(&self, label: &str) -> bool {
        let width: usize = label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        let folded = fold(label);
        width <= LONGEST_DEED
            && self.never.iter().any(|word| word.span_in(&folded).is_some_and(|(start, _)| start == 0))
    }

    /// How well a control's label fits a list, 0 to 1: 1 for the very word.
    pub fn fit(&self, label: &str, list: List) -> f32 {
        best(self.list(list), label)
    }

    /// Whether the label of a control is one of the list: little else is in it.
    pub fn is(&self, label: &str, list: List) -> bool {
        self.fit(label, list) >= 0.5
    }

    /// Whether a text of any length speaks of something in the list.
    pub fn mentions(&self, text: &str, list: List) -> bool {
        let folded = fold(text);
        self.list(list).iter().any(|word| word.span_in(&folded).is_some())
    }

    /// The words of a list that a text of any length holds, as the list writes them.
    pub fn found(&self, text: &str, list: List) -> impl Iterator<Item = &str> {
        let folded = fold(text);
        self.list(list).iter().filter(move |word| word.span_in(&folded).is_some()).map(|word| word.text.as_str())
    }

    /// Whether a text of any length holds a word of the list, be it as a part of a longer word.
    pub fn holds(&self, text: &str, list: List) -> bool {
        let small = text.to_lowercase();
        self.list(list).iter().any(|word| small.contains(&word.small))
    }

    /// Names of the things that a text of any length speaks of, be it by a part of a longer word; in alphabetical order.
    pub fn named(&self, text: &str, names: Names) -> impl Iterator<Item = &str> {
        let small = text.to_lowercase();
        let things = self.names.get(&names).into_iter().flatten();
        let told = move |words: &[Word]| words.iter().any(|word| small.contains(&word.small));
        things.filter(move |(_, words)| told(words)).map(|(name, _)| name.as_str())
    }

    /// Names of all things of a kind.
    pub fn names(&self, names: Names) -> impl Iterator<Item = &str> {
        self.names.get(&names).into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// Whether a resource id looks like that of a control that closes.
    pub fn is_close_id(&self, short_id: &str) -> bool {
        let id = short_id.to_lowercase();
        let part = |word: &str| id == word || id.split(['_', '-', '.']).any(|piece| piece == word);
        self.list(List::CloseIds).iter().any(|word| part(&word.text))
    }
}

impl Word {
    fn new(text: String, language: &str, source: &str) -> Self {
        let parts = text.split('…').map(fold).filter(|part| !part.is_empty()).collect();
        let small = text.to_lowercase();
        Self { text, language: language.to_owned(), source: source.to_owned(), parts, small }
    }

    /// How much of a folded text the word covers: its first part's start to its last part's end, in bytes.
    fn span_in(&self, folded: &str) -> Option<(usize, usize)> {
        let mut span: Option<(usize, usize)> = None;
        let mut from = 0;
        for part in &self.parts {
            let at = find_word(folded, part, from)?;
            from = at + part.len();
            span = Some((span.map_or(at, |(start, _)| start), from));
        }
        span
    }

    /// 1 for the very word; a label that holds it with much else comes near 0.3.
    fn score(&self, folded: &str) -> f32 {
        let Some((start, end)) = self.span_in(folded) else { return 0.0 };
        let words = folded[start..end].chars().count() as f32;
        let all = folded.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || words < 2.0).count().max(1) as f32;
        (0.3 + 0.7 * (words / all)).min(1.0)
    }
}

fn extend<K: Ord>(all: &mut BTreeMap<K, Vec<Word>>, key: K, more: Vec<FileWords>) {
    all.entry(key).or_default().extend(more.into_iter().flat_map(FileWords::words));
}

fn best(words: &[Word], label: &str) -> f32 {
    if label.len() > LONGEST_LABEL * 4 || label.chars().count() > LONGEST_LABEL {
        return 0.0;
    }
    let folded = fold(label);
    words.iter().map(|word| word.score(&folded)).fold(0.0, f32::max)
}

/// Whether a label is hardly more than a telephone number: a press dials it.
fn is_number(label: &str) -> bool {
    const SHORTEST: usize = 7;
    let digits = label.chars().filter(char::is_ascii_digit).count();
    digits >= SHORTEST && !label.contains('*') && label.chars().filter(|c| c.is_alphanumeric()).count() < digits * 2
}

/// Columns of a label above which it is a sentence or a headline, no deed (ours).
const LONGEST_DEED: usize = 32;

/// Where a word stands in a text, from a byte on. Words in letters that are written with spaces must be whole ones;
/// a single Chinese character must stand alone (我 is not in 我们).
fn find_word(text: &str, word: &str, from: usize) -> Option<usize> {
    // Most words are longer than most labels; to prepare a search for them costs more than this look.
    if word.len() > text.len().saturating_sub(from) {
        return None;
    }
    let alone = word.chars().count() == 1;
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find(word)?;
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        let inside = |edge: Option<char>, neighbour: Option<char>| match (edge, neighbour) {
            (Some(edge), Some(other)) if is_han(edge) => alone && is_han(other),
            (Some(edge), Some(other)) => edge.is_alphanumeric() && other.is_alphanumeric() && !is_han(other),
            _ => false,
        };
        if !inside(word.chars().next(), before) && !inside(word.chars().next_back(), after) {
            return Some(start);
        }
        at = start + word.chars().next().map_or(1, char::len_utf8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lexicon_is_complete() {
        let lexicon = Lexicon::parse(BUILTIN).unwrap();
        assert_eq!(Lexicon::builtin().added(), []);
        for concept in Concept::ALL {
            for language in ["zh-CN", "zh-TW", "en"] {
                assert!(lexicon.targets(concept).iter().any(|w| w.language == language), "{concept:?} {language}");
                assert!(lexicon.waypoints(concept).iter().any(|w| w.language == language), "{concept:?} {language}");
            }
            let written = serde_json::to_value(concept).unwrap();
            assert_eq!(written, concept.name());
        }
        let lists = lexicon.lists.values().chain(lexicon.names.values().flat_map(BTreeMap::values));
        let mut all = lists.chain([&lexicon.never]).flatten();
        assert!(all.all(|word| ["ours", "aosp", "law"].contains(&word.source.as_str()) && !word.small.is_empty()));
        assert_eq!((lexicon.lists.len(), lexicon.names.len()), (61, 5));
    }

    #[test]
    fn scores_labels_by_how_much_of_them_is_the_word() {
        let lexicon = Lexicon::builtin();
        let deletion = |label| lexicon.score(label, Concept::AccountDeletion);
        assert_eq!(deletion("注销账号"), 1.0);
        assert!(deletion("Delete my account") > 0.9);
        assert!(deletion("账号注销（谨慎操作）") >= 0.5);
        assert_eq!(deletion("设置"), 0.0);
        assert_eq!(lexicon.score("儿童隐私政策", Concept::PrivacyPolicy), 0.0);
        assert_eq!(lexicon.score("儿童隐私政策", Concept::ChildrenPolicy), 1.0);
        assert_eq!(lexicon.score("Haptic feedback", Concept::ComplaintChannel), 0.0);
        assert_eq!(lexicon.score("Personal information list", Concept::CorrectInfo), 0.0);
        assert_eq!(lexicon.score("与第三方共享个人信息清单", Concept::PersonalInfoList), 0.0);
        assert!(lexicon.waypoint_score("我的", Concept::AccountDeletion) == 1.0);
        assert_eq!(lexicon.waypoint_score("我们", Concept::AccountDeletion), 0.0);
        assert!(lexicon.score("《隐私政策》", Concept::PrivacyPolicy) > 0.9);
        let prose = "为了向您提供服务，我们需要您阅读并同意我们的隐私政策以及用户协议，请仔细阅读全部条款";
        assert!(lexicon.score(prose, Concept::PrivacyPolicy) < 0.5);
    }

    #[test]
    fn things_are_told_by_parts_of_words_too() {
        let lexicon = Lexicon::builtin();
        let named = |text, names| lexicon.named(text, names).collect::<Vec<_>>();
        assert_eq!(named("请在设置中允许访问通讯录", Names::Spoken), ["CONTACTS"]);
        assert_eq!(named("Clear Map uses your Location", Names::Spoken), ["LOCATION"]);
        assert_eq!(named("欢迎使用", Names::Spoken), [] as [&str; 0]);
        assert_eq!(named("我们收集设备信息（IMEI）", Names::Declared), ["PHONE"]);
        assert_eq!(named("Your Location and the clipboard", Names::Declared), ["CLIPBOARD", "LOCATION"]);
        assert_eq!(
            named("请上传手持身份证照片", Names::DeletionDemand),
            ["held-document-or-face", "identity-document"]
        );
        assert!(lexicon.holds("输入您的手机号码", List::DeletionProof) && !lexicon.holds("抽奖", List::DeletionProof));
    }

    #[test]
    fn what_may_be_it_is_not_taken_for_it() {
        let lexicon = Lexicon::builtin();
        let perhaps = |label| {
            assert!(lexicon.score(label, Concept::AccountDeletion) < 0.5, "{label}");
            lexicon.is_perhaps(label, Concept::AccountDeletion)
        };
        assert!(perhaps("离开我们") && perhaps("終止服務") && perhaps("Remove everything") && perhaps("Forget me"));
        assert!(!perhaps("注销须知") && !perhaps("设置") && !perhaps("Remove ads") && !perhaps("删除这笔账"));
    }

    #[test]
    fn whole_words_only() {
        let lexicon = Lexicon::builtin();
        assert!(!lexicon.is_never("Paypal help"));
        assert!(lexicon.is_never("Pay now"));
        assert!(lexicon.is_never("客服 400-000-0000") && !lexicon.is_never("2026"));
        assert!(lexicon.is_never("Call the driver, Mr Wang") && lexicon.is_never("立即支付¥23.50"));
        assert!(lexicon.is_never("Book and pay") && !lexicon.is_never("Calls for rain all over the coast on Friday"));
        assert!(lexicon.is_never("确认支付") && !lexicon.is_never("支付设置"));
        assert!(!lexicon.mentions("Download the badge", List::Promotion));
        assert!(lexicon.is("×", List::Close));
        assert!(lexicon.is("不同意", List::ConsentRefuse));
        assert!(lexicon.mentions("This cannot be undone.", List::Irreversible));
        assert!(
            lexicon.mentions("刪除後無法復原", List::Irreversible)
                && lexicon.mentions("数据将无法恢复", List::Irreversible)
        );
        assert!(lexicon.is_close_id("iv_close") && lexicon.is_close_id("btn_skip") && !lexicon.is_close_id("enclosed"));
    }
}
