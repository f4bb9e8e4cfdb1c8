//! A lexicon as a file: the shipped one, or more words for it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Concept, List, Names, Word};

/// Longest word, in characters (ours): a longer one is a sentence, which no label is.
const LONGEST_WORD: usize = 200;
/// Longest tag of a language and name of a source, in characters (ours).
const LONGEST_TAG: usize = 60;

/// A lexicon file that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// It is not YAML, or not of the lexicon's form; the text tells the line.
    #[error("{0}")]
    Form(String),
    /// It names a thing that nothing asks for.
    #[error("line {line}: unknown name `{name}`: nothing asks for it")]
    Name {
        /// The name.
        name: String,
        /// Its line, from 1.
        line: usize,
    },
    /// It has no word.
    #[error("line 1: there is no word in it")]
    Empty,
    /// It is too long.
    #[error("line 1: {bytes} bytes are too many, there is room for {room}")]
    Long {
        /// Its length.
        bytes: usize,
        /// How long it may be, beside the files before it.
        room: usize,
    },
}

/// The whole of a file. Every part may be left out.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) concepts: BTreeMap<Concept, FileConcept>,
    pub(super) never: Vec<FileWords>,
    pub(super) lists: BTreeMap<List, Vec<FileWords>>,
    pub(super) names: BTreeMap<Names, BTreeMap<String, Vec<FileWords>>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileConcept {
    pub(super) targets: Vec<FileWords>,
    pub(super) other: Vec<FileWords>,
    pub(super) waypoints: Vec<FileWords>,
    pub(super) perhaps: Vec<FileWords>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileWords {
    language: Tag,
    source: Tag,
    words: Vec<Text>,
}

/// A word that can stand on a control.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Text(String);

/// The tag of a language, or the name of a source.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Tag(String);

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = text.split('…').filter(|part| !part.trim().is_empty());
        match text.chars().count() {
            _ if parts.next().is_none() => Err("a word is empty; it would be found in every text".to_owned()),
            long if long > LONGEST_WORD => Err(format!("a word has {long} characters; {LONGEST_WORD} are the most")),
            _ => Ok(Self(text)),
        }
    }
}

impl TryFrom<String> for Tag {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = !text.trim().is_empty() && text.chars().count() <= LONGEST_TAG;
        let why = || format!("`language` and `source` have 1 to {LONGEST_TAG} characters, such as pt and ours");
        if fits { Ok(Self(text)) } else { Err(why()) }
    }
}

impl File {
    /// A file from YAML.
    pub(super) fn parse(text: &str) -> Result<Self, LexiconError> {
        serde_yaml::from_str(text).map_err(|error| LexiconError::Form(error.to_string()))
    }

    /// A file of more words, of at most `room` bytes, whose names are all `known`.
    pub(super) fn more(text: &str, room: usize, known: impl Fn(Names, &str) -> bool) -> Result<Self, LexiconError> {
        if text.len() > room {
            return Err(LexiconError::Long { bytes: text.len(), room });
        }
        let something = text.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
        let file = if something { Self::parse(text)? } else { Self::default() };
        let mut things = file.names.iter().flat_map(|(names, things)| things.keys().map(|name| (*names, name)));
        match things.find(|(names, name)| !known(*names, name)) {
            Some((_, name)) => Err(LexiconError::Name { name: name.clone(), line: line_of(name, text) }),
            None if file.is_empty() => Err(LexiconError::Empty),
            None => Ok(file),
        }
    }

    fn is_empty(&self) -> bool {
        let concepts = self.concepts.values().flat_map(|c| [&c.targets, &c.other, &c.waypoints, &c.perhaps]);
        let named = self.names.values().flat_map(BTreeMap::values);
        let mut all = concepts.chain(self.lists.values()).chain(named).chain([&self.never]).flatten();
        all.all(|words| words.words.is_empty())
    }
}

impl FileWords {
    pub(super) fn words(self) -> impl Iterator<Item = Word> {
        let Self { language: Tag(language), source: Tag(source), words } = self;
        words.into_iter().map(move |Text(text)| Word::new(text, &language, &source))
    }
}

/// The line of a key, from 1; the first when it is written in a way of its own.
fn line_of(key: &str, text: &str) -> usize {
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches(['"', '\'', '{']);
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
    };
    text.lines().position(is_key).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use crate::ui::{Concept, Lexicon, List, Names};

    const WALLOON: &str = "\
concepts:
  account-deletion:
    targets:
      - {language: wa, source: ours, words: [disfacer m' conte]}
    waypoints:
      - {language: wa, source: ours, words: [tchuzes]}
never:
  - {language: wa, source: ours, words: [payî]}
lists:
  consent-accept:
    - {language: wa, source: ours, words: [dji so d' acoird]}
names:
  spoken:
    LOCATION:
      - {language: wa, source: ours, words: [plaece]}
";

    fn told(text: &str) -> String {
        Lexicon::builtin().adding("wa.yaml", text).unwrap_err().to_string()
    }

    #[test]
    fn words_are_added_to_those_that_are_there() {
        let before = Lexicon::builtin();
        assert_eq!(before.score("Disfacer m' conte", Concept::AccountDeletion), 0.0);
        let lexicon = before.adding("wa.yaml", WALLOON).unwrap();
        assert_eq!(lexicon.score("Disfacer m' conte", Concept::AccountDeletion), 1.0);
        assert_eq!(lexicon.score("注销账号", Concept::AccountDeletion), 1.0);
        assert_eq!(lexicon.waypoint_score("Tchuzes", Concept::AccountDeletion), 1.0);
        assert!(lexicon.is_never("Payî") && lexicon.is_never("Pay now"));
        assert!(lexicon.is("Dji so d' acoird", List::ConsentAccept));
        assert_eq!(lexicon.named("i vout sawè t' plaece", Names::Spoken).collect::<Vec<_>>(), ["LOCATION"]);
        assert!(!lexicon.is_unguarded() && !Lexicon::builtin().is_unguarded());
        let bare = Lexicon::builtin().adding("wa.yaml", &WALLOON.replace("[payî]", "[]")).unwrap();
        assert!(bare.is_unguarded() && bare.names_a_place("Tchuzes") && !bare.names_a_place("Payî"));
        let twice = lexicon.clone().adding("again.yaml", WALLOON).unwrap();
        assert_eq!((twice.added().len(), twice.added()[0].file.as_str()), (1, "wa.yaml"));
        let words = |lexicon: &Lexicon| lexicon.targets(Concept::AccountDeletion).len();
        assert_eq!(words(&twice), words(&lexicon));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let unknown = told(&WALLOON.replace("waypoints", "ways"));
        assert!(unknown.contains("ways") && unknown.contains("line 5"), "{unknown}");
        let concept = told(&WALLOON.replace("account-deletion", "account-delition"));
        assert!(concept.contains("account-delition") && concept.contains("line 2"), "{concept}");
        let name = told(&WALLOON.replace("LOCATION", "LOCATON"));
        assert_eq!(name, "line 14: unknown name `LOCATON`: nothing asks for it");
        let empty = told(&WALLOON.replace("[payî]", "[payî, ' … ']"));
        assert!(empty.contains("a word is empty") && empty.contains("line 8"), "{empty}");
        let long = told(&WALLOON.replace("payî", &"x".repeat(201)));
        assert!(long.contains("201 characters") && long.contains("line 8"), "{long}");
        let tag = told(&WALLOON.replacen("language: wa", "language: ''", 1));
        assert!(tag.contains("1 to 60") && tag.contains("line 4"), "{tag}");
        let half = told(&WALLOON.replacen(", source: ours", "", 1));
        assert!(half.contains("source") && half.contains("line 4"), "{half}");
        for nothing in ["", "# words to come\n", "never: []", "lists: {close: []}"] {
            assert_eq!(told(nothing), "line 1: there is no word in it", "{nothing}");
        }
        assert!(told(&" ".repeat(super::super::LONGEST_ADDED + 1)).contains("too many"));
        assert!(told("a: [").contains("line 1"));
    }
}
