//! The rules' reasons in Chinese. Rules give them in English; `reasons.yaml` holds what each says, with places for what
//! the run put in.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::words::Both;
use crate::catalogue::Catalogue;

const FILE: &str = include_str!("reasons.yaml");
/// Longest reason that is looked up, in bytes; a longer one is mostly foreign text.
const LONGEST: usize = 16 << 10;
/// How deep phrases stand within phrases.
const DEEPEST: usize = 4;
/// What a place is called where a category's id stands.
const CATEGORY: &str = "category";

/// What a run says of itself, in both languages: without Chinese when no phrase fits.
pub fn both(reason: &str) -> Both {
    static BOOK: LazyLock<Phrasebook> = LazyLock::new(|| Phrasebook::builtin().with_categories(&Catalogue::builtin()));
    Both::new(BOOK.chinese(reason).unwrap_or_default(), reason)
}

/// English reasons and what they are in Chinese.
pub struct Phrasebook {
    fixed: HashMap<String, String>,
    /// Those with places, the wordiest first: it says most of the reason.
    open: Vec<Phrase>,
    /// Ids of categories and their official names. Looked up where a phrase says that a category stands there, and nowhere
    /// else: `news` may be an app's own word.
    categories: HashMap<String, String>,
}

struct Phrase {
    /// What stands between the places: one more than there are places.
    between: Vec<String>,
    chinese: String,
}

impl Phrasebook {
    /// The one that is carried in the program.
    ///
    /// # Panics
    /// Never with the file that a test reads.
    pub fn builtin() -> Self {
        // The file is part of the program and read by a test; without it reasons stay English.
        let phrases: BTreeMap<String, String> = serde_yaml::from_str(FILE).unwrap_or_default();
        let (open, fixed): (Vec<_>, Vec<_>) = phrases.into_iter().partition(|(english, _)| english.contains("{}"));
        let phrase = |(english, chinese): (String, String)| Phrase {
            between: english.split("{}").map(str::to_owned).collect(),
            chinese,
        };
        let mut open: Vec<Phrase> = open.into_iter().map(phrase).collect();
        open.sort_by_key(|phrase| std::cmp::Reverse(phrase.between.iter().map(String::len).sum::<usize>()));
        Self { fixed: fixed.into_iter().collect(), open, categories: HashMap::new() }
    }

    /// The same with the names of a catalogue's categories.
    #[must_use]
    pub fn with_categories(mut self, catalogue: &Catalogue) -> Self {
        self.categories = catalogue.categories().iter().map(|c| (c.id.clone(), c.zh.clone())).collect();
        self
    }

    /// A reason in Chinese; `None` when no phrase fits.
    pub fn chinese(&self, reason: &str) -> Option<String> {
        if reason.len() > LONGEST { None } else { self.within(reason, DEEPEST) }
    }

    fn within(&self, reason: &str, deep: usize) -> Option<String> {
        if let Some(chinese) = self.fixed.get(reason) {
            return Some(chinese.clone());
        }
        let (phrase, places) = self.open.iter().find_map(|phrase| Some((phrase, phrase.places(reason)?)))?;
        let word = |text: &&str| match deep {
            0 => (*text).to_owned(),
            _ => self.within(text, deep - 1).unwrap_or_else(|| (*text).to_owned()),
        };
        Some(self.fill(&phrase.chinese, &places.iter().map(word).collect::<Vec<_>>()))
    }

    /// Puts texts in the places of a phrase: `{}` takes the next, `{2}` the third, `{category}` the next, by its name.
    fn fill(&self, phrase: &str, places: &[String]) -> String {
        let mut filled = String::new();
        let mut next = 0;
        let mut rest = phrase;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((which, after)) = after.split_once('}') else { break };
            filled.push_str(before);
            let text = places.get(which.parse().unwrap_or(next)).map_or("", String::as_str);
            next += 1;
            filled.push_str(self.categories.get(text).filter(|_| which == CATEGORY).map_or(text, String::as_str));
            rest = after;
        }
        filled + rest
    }
}

impl Phrase {
    /// What stands in the places of a reason that this phrase fits.
    fn places<'r>(&self, reason: &'r str) -> Option<Vec<&'r str>> {
        let (first, others) = self.between.split_first()?;
        let (last, middle) = others.split_last()?;
        let mut rest = reason.strip_prefix(first.as_str())?.strip_suffix(last.as_str())?;
        let mut places = Vec::new();
        for words in middle {
            let (place, after) = rest.split_once(words.as_str())?;
            places.push(place);
            rest = after;
        }
        places.push(rest);
        Some(places)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use regex::Regex;

    use super::*;
    use crate::ui::lexicon::Concept;

    #[test]
    fn the_file_reads_and_every_phrase_has_the_places_it_fills() {
        let phrases: BTreeMap<String, String> = serde_yaml::from_str(FILE).unwrap();
        assert!(phrases.len() > 150);
        let book = Phrasebook::builtin();
        for (english, chinese) in phrases {
            let places: Vec<String> = (0..english.matches("{}").count()).map(|n| format!("<{n}>")).collect();
            let filled = book.fill(&chinese, &places);
            for place in &places {
                assert!(filled.contains(place.as_str()), "{english}: {chinese}");
            }
            assert!(!filled.contains(['{', '}']), "{chinese}");
        }
    }

    #[test]
    fn reasons_stand_within_reasons_and_places_may_move() {
        let book = Phrasebook::builtin();
        let said = |reason: &str| book.chinese(reason).unwrap();
        assert_eq!(said("no permission was refused"), "没有拒绝任何权限");
        assert_eq!(
            said("the run ended early: the device left (up to there: no permission was refused)"),
            "检测提前结束：the device left（此前：没有拒绝任何权限）"
        );
        assert_eq!(
            said("account-deletion was not found on 9 screens with 30 taps"),
            "在 9 个界面、点击 30 次未找到“账号注销入口”"
        );
        assert_eq!(
            said("LOCATION was refused (#4) and asked for 2 more time(s) within 48 h (#5, #6), uncalled for"),
            "LOCATION 被拒绝（#4）后，在 48 h 内又无故申请 2 次（#5, #6）"
        );
        assert_eq!(book.chinese("something nobody wrote"), None);
        let named = Phrasebook::builtin().with_categories(&Catalogue::builtin());
        assert_eq!(
            named.chinese("what was asked for fits category news or the person's own act").unwrap(),
            "申请的权限与类别“新闻资讯类”或用户的主动操作相符"
        );
        assert_eq!(named.chinese("the function news did not work (#7)").unwrap(), "功能 news 未能使用（#7）");
        let stays = both("category news does not need CAMERA; the dialog stays");
        assert_eq!(stays.zh, "类别“新闻资讯类”不需要 CAMERA；窗口仍在");
        assert_eq!(both("words of nobody").zh, "");
        assert_eq!(book.chinese(&"x (up to there: ".repeat(100_000)), None);
    }

    #[test]
    fn every_concept_has_a_name() {
        let book = Phrasebook::builtin();
        for concept in Concept::ALL {
            assert!(book.chinese(concept.name()).is_some(), "{}", concept.name());
        }
    }

    /// Reads the rules' source: whoever writes a rule has to say its reason in both languages.
    #[test]
    fn every_reason_that_the_rules_write_is_in_the_book() {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/judge");
        let mut files: Vec<_> = std::fs::read_dir(rules.join("rules")).unwrap().map(|f| f.unwrap().path()).collect();
        files.push(rules.join("sight.rs"));
        let said = Regex::new(
            r#"(?:Ruling::\w+\(|let words =|true =>|false =>|Some\(|words:|words =|_ =>)\s*(?:format!\()?\s*"((?:[^"\\]|\\.)*)"|^\s*\("[a-z-]+", "([^"]*)"\)"#,
        )
        .unwrap();
        let place = Regex::new(r"\{[^}]*\}").unwrap();
        let book = Phrasebook::builtin();
        let mut looked = 0;
        let mut unsaid = Vec::new();
        for file in files {
            for line in said.captures_iter(&std::fs::read_to_string(&file).unwrap()) {
                let literal = line.get(1).or(line.get(2)).unwrap().as_str();
                let literal = literal.replace("\\\n", "").replace("\\\"", "\"");
                let literal = literal.split_whitespace().collect::<Vec<_>>().join(" ");
                if !literal.contains(' ') || literal.starts_with("; ") {
                    continue;
                }
                looked += 1;
                let reason = place.replace_all(&literal, "7");
                // Parts of a reason: as the rule puts them together.
                let refused = "after 7 was refused (#7)";
                let whole = [
                    reason.to_string(),
                    format!("{reason}: x"),
                    format!("{refused} the app {reason}"),
                    reason.replacen('7', refused, 1),
                    reason.trim_end_matches('7').to_owned(),
                ];
                let only_parts = ["7: 7", "7 the app 7"].contains(&reason.as_ref());
                if !only_parts && !whole.iter().any(|reason| book.chinese(reason).is_some()) {
                    unsaid.push(format!("{}: {reason}", file.display()));
                }
            }
        }
        assert!(looked > 120, "{looked}");
        assert!(unsaid.is_empty(), "no Chinese for: {unsaid:#?}");
    }
}
