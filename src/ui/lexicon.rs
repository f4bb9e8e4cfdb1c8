//! The words apps use for a concept, per language: what to look for, what leads there, what never to press.

use std::collections::BTreeMap;

use super::words::{fold, is_han};
pub use concept::Concept;
pub use file::LexiconError;
use file::{File, FileWords};
pub use list::{List, Names};
pub use word::Word;
use word::best;

mod concept;
mod file;
mod list;
mod word;

/// The lexicon that is shipped.
const BUILTIN: &str = include_str!("lexicon.yaml");
/// Most bytes of all files whose words are added: they stand in the journal of each attempt, whose lines have 4 MiB (ours).
const LONGEST_ADDED: usize = 512 << 10;
/// A label longer than this names nothing (ours).
const LONGEST_NAME: usize = 40;
/// Columns of a label above which it is a sentence or a headline, no deed (ours).
const LONGEST_DEED: usize = 32;

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

    /// Whether a label's word of one of the lists is turned over by what stands right before it: 不允许, Don't allow.
    pub fn is_turned_over(&self, label: &str, lists: &[List]) -> bool {
        let folded = fold(label);
        let turned = |head: &str| {
            let head = head.trim_end();
            let whole = |before: &str, word: &str| {
                // Chinese has no space between the words of a label; other words must be whole ones.
                !word.starts_with(char::is_alphanumeric)
                    || word.starts_with(is_han)
                    || !before.ends_with(char::is_alphanumeric)
            };
            let mut words = self.list(List::Negation).iter().flat_map(|word| &word.parts);
            words.any(|word| head.strip_suffix(word.as_str()).is_some_and(|before| whole(before, word)))
        };
        let words = lists.iter().flat_map(|list| self.list(*list));
        words.filter_map(|word| word.span_in(&folded)).any(|(start, _)| turned(&folded[..start]))
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
        self.is_id_of(short_id, List::CloseIds)
    }

    /// Whether a resource id looks like that of a control that leads to settings, the account, or more of a menu.
    pub fn is_place_id(&self, short_id: &str) -> bool {
        self.is_id_of(short_id, List::PlaceIds)
    }

    fn is_id_of(&self, short_id: &str, list: List) -> bool {
        let (id, parts) = (short_id.to_lowercase(), Self::id_parts(short_id));
        self.list(list).iter().any(|word| id == word.text || parts.contains(&word.text))
    }

    /// The words of a resource id, in small letters: `tvClose` is two, as `tv_close` is.
    pub fn id_parts(short_id: &str) -> Vec<String> {
        let mut spaced = String::with_capacity(short_id.len() + 4);
        let mut small = false;
        for c in short_id.chars() {
            if c.is_uppercase() && small {
                spaced.push('_');
            }
            small = c.is_lowercase();
            spaced.extend(c.to_lowercase());
        }
        spaced.split(['_', '-', '.']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

fn extend<K: Ord>(all: &mut BTreeMap<K, Vec<Word>>, key: K, more: Vec<FileWords>) {
    all.entry(key).or_default().extend(more.into_iter().flat_map(FileWords::words));
}

/// Whether a label is hardly more than a telephone number: a press dials it.
fn is_number(label: &str) -> bool {
    const SHORTEST: usize = 7;
    let digits = label.chars().filter(char::is_ascii_digit).count();
    digits >= SHORTEST && !label.contains('*') && label.chars().filter(|c| c.is_alphanumeric()).count() < digits * 2
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
        assert_eq!((lexicon.lists.len(), lexicon.names.len()), (80, 5));
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
        for id in ["tvClose", "btnCancel", "cancelVersionTV", "scoreAppCancel", "iv_negative", "negativeTextView"] {
            assert!(lexicon.is_close_id(id), "{id}");
        }
        for id in ["enclosedView", "tvClosed", "positiveButton", "skipped", "TVCLOSET"] {
            assert!(!lexicon.is_close_id(id), "{id}");
        }
    }
}
