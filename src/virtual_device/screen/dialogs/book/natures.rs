//! Every phrase's mark beside the captures and the extracted strings: words are called captured where a dump of such a device
//! has them, facts where AOSP's strings (or the notes on a maker's words) have them, and a model else.

use std::path::{Path, PathBuf};

use super::{Book, Nature, Phrase, SkinName};

/// Dumps and the release and maker of the device they are of; a release is the lowest it can be.
const DUMPS: [(&str, u32, SkinName); 13] = [
    ("android-6.0.1-api23/hierarchy/permission-first-1-of-3.xml", 23, SkinName::Aosp),
    ("android-6.0.1-api23/hierarchy/permission-first-2-of-3.xml", 23, SkinName::Aosp),
    ("android-6.0.1-api23/hierarchy/permission-first-3-of-3.xml", 23, SkinName::Aosp),
    ("android-6.0.1-api23/hierarchy/permission-second-never-ask-again.xml", 23, SkinName::Aosp),
    ("android-6.0.1-api23/hierarchy/anr-dialog.xml", 23, SkinName::Aosp),
    ("permission-dialog/samsung-tab-a8-api30-location-nodes.txt", 30, SkinName::Samsung),
    ("permission-dialog/samsung-oneui-location-precise-approx-api31plus.xml", 31, SkinName::Samsung),
    ("permission-dialog/samsung-oneui-camera-api31plus.xml", 31, SkinName::Samsung),
    ("permission-dialog/samsung-oneui-nearby-devices-api31plus.xml", 31, SkinName::Samsung),
    ("permission-dialog/samsung-oneui-notifications-api33plus.xml", 33, SkinName::Samsung),
    ("permission-dialog/pixel-emulator-location-precise-approx-drawing-order.xml", 31, SkinName::Google),
    ("system-dialog/samsung-oneui-crash-keeps-stopping.xml", 31, SkinName::Samsung),
    ("system-dialog/emulator-anr-system-320px.xml", 24, SkinName::Google),
];
const STRINGS: &str = "permission-dialog/aosp-dialog-ids-and-strings-api23-34.tsv";
const MIUI: &str = "permission-dialog/miui-lbe-security-node-paths.tsv";

struct Sources {
    /// Shown texts, with release and maker.
    shown: Vec<(String, u32, SkinName)>,
    /// Strings of AOSP, by release.
    strings: Vec<(String, u32)>,
    /// What is noted of makers' words.
    notes: String,
}

fn folder() -> PathBuf {
    std::env::var("APPWITNESS_FIXTURES")
        .map_or_else(|_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/fixtures")), PathBuf::from)
}

fn sources(folder: &Path) -> Option<Sources> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let mut shown = Vec::new();
    for (name, release, skin) in DUMPS {
        let text = read(name)?;
        match roxmltree::Document::parse(&text) {
            Ok(document) => {
                let texts = document.descendants().filter_map(|node| node.attribute("text"));
                shown.extend(texts.map(|text| (text.to_owned(), release, skin)));
            }
            Err(_) => {
                let texts = text.lines().filter_map(|line| line.trim().strip_prefix("text: "));
                shown.extend(texts.map(|text| (text.to_owned(), release, skin)));
            }
        }
    }
    let mut strings = Vec::new();
    for line in read(STRINGS)?.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        if let [release, "string", _, words @ ..] = fields.as_slice() {
            strings.extend(words.iter().filter_map(|text| Some((plain(text), release.parse().ok()?))));
        }
    }
    let notes = read(MIUI)? + &read("../DEVICE.md").unwrap_or_default();
    Some(Sources { shown, strings, notes })
}

/// A resource's text as it is shown: without marks and escapes, `%s` for the app's name.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for mark in ["&lt;b>", "&lt;/b>", "&lt;b&gt;", "&lt;/b&gt;", "<annotation id=\"link\">", "</annotation>", "\""] {
        text = text.replace(mark, "");
    }
    for (escape, shown) in [("\\u2019", "\u{2019}"), ("\\u0026", "&"), ("\\'", "'"), ("%1$s", "%s"), ("%2$s", "%2")] {
        text = text.replace(escape, shown);
    }
    text
}

impl Sources {
    /// How far these words are known for devices of a phrase, from its release up to the one before `until`.
    fn nature(&self, phrase: &Phrase, words: &str, until: u32) -> Nature {
        let words = words.replace("%1", "%s");
        let pattern = regex::escape(&words).replace("%s", ".+").replace("%2", ".+");
        let shape = regex::Regex::new(&format!("(?s)^{pattern}$")).expect("a pattern");
        let fits = |skin: &SkinName| phrase.skins.is_empty() || phrase.skins.contains(skin);
        let within = |release: &u32| (phrase.from..until).contains(release);
        if self.shown.iter().any(|(text, release, skin)| within(release) && fits(skin) && shape.is_match(text)) {
            return Nature::Capture;
        }
        // The notes are about Chinese words of makers; English ones stand in them as examples of other things.
        let chinese = words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let noted = !phrase.skins.is_empty() && chinese && words.chars().count() > 2 && self.notes.contains(&words);
        let listed = || self.strings.iter().any(|(text, release)| within(release) && *text == words);
        if noted || (phrase.skins.is_empty() && listed()) { Nature::Facts } else { Nature::Model }
    }
}

#[test]
fn every_phrase_is_marked_as_what_it_is() {
    let Some(sources) = sources(&folder()) else {
        eprintln!("skipped: no fixtures at {}", folder().display());
        return;
    };
    let book = Book::embedded();
    let mut wrong = Vec::new();
    for (section, phrases) in [
        ("buttons", &book.buttons),
        ("questions", &book.questions),
        ("details", &book.details),
        ("notices", &book.notices),
    ] {
        for (key, list) in phrases {
            for phrase in list {
                let later = list.iter().filter(|next| next.skins.is_empty() && next.from > phrase.from);
                let until = later.map(|next| next.from).min().filter(|_| phrase.skins.is_empty()).unwrap_or(u32::MAX);
                let found = [&phrase.en, &phrase.zh].map(|words| sources.nature(phrase, words, until));
                if found != [phrase.nature.en, phrase.nature.zh] {
                    wrong.push(format!("{section}|{key}|{}|{:?}|{found:?}", phrase.from, phrase.skins));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
