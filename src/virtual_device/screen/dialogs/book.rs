//! `dialogs.yaml` as values: who draws the system's dialogs, and in which words.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::super::machine::Skin;

const TEXT: &str = include_str!("dialogs.yaml");

/// Everything the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    controllers: Vec<Controller>,
    buttons: BTreeMap<String, Vec<Phrase>>,
    questions: BTreeMap<String, Vec<Phrase>>,
    details: BTreeMap<String, Vec<Phrase>>,
    notices: BTreeMap<String, Vec<Phrase>>,
}

/// Who draws permission dialogs on some devices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controller {
    skins: Vec<SkinName>,
    from: u32,
    to: u32,
    /// How the dialog is built.
    pub form: Form,
    /// Package of the window.
    pub package: String,
    /// Package part of the resource ids.
    pub ids: String,
    /// Class of the activity.
    pub activity: String,
    /// How far this is known.
    pub nature: Nature,
    /// What is known from where, or guessed.
    #[serde(default)]
    pub note: String,
}

/// How a permission dialog is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Message, box "never ask again", page number, deny and allow side by side (releases 23 to 28).
    Box,
    /// Buttons one below another (from 29).
    List,
    /// MIUI: text views that are buttons, in `permission_with_three`.
    MiuiThree,
    /// MIUI: buttons without ids in a `buttonPanel`.
    MiuiPlain,
}

/// How far a dialog is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// Seen in a dump.
    Capture,
    /// Ids and texts from AOSP's resources.
    Facts,
    /// Partly guessed.
    Model,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SkinName {
    Aosp,
    Google,
    Samsung,
    Miui,
    MiuiPlain,
    ColorOs,
    OriginOs,
    Emui,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    from: u32,
    #[serde(default)]
    skins: Vec<SkinName>,
    en: String,
    zh: String,
    /// How far the words are known: for whoever reads the file, and for the test that holds it to the captures.
    #[cfg_attr(not(test), expect(dead_code))]
    nature: Natures,
}

/// How far the words of a phrase are known, by language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Natures {
    en: Nature,
    zh: Nature,
}

/// The device a dialog is drawn on, as far as its words and form depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The file.
    pub book: &'a Book,
    /// API level.
    pub api: u32,
    /// Skin.
    pub skin: Skin,
    /// Chinese, not English.
    pub chinese: bool,
}

impl Book {
    /// The embedded file.
    ///
    /// # Panics
    /// When the program was built with a broken file; a test reads it.
    pub fn embedded() -> Self {
        serde_yaml::from_str(TEXT).expect("the embedded dialogs can be read")
    }

    /// Who draws permission dialogs; AOSP's newest when nobody is listed for the device.
    pub fn controller(&self, api: u32, skin: Skin) -> &Controller {
        let name = SkinName::from(skin);
        let fits = |c: &&Controller| c.skins.contains(&name) && (c.from..=c.to).contains(&api);
        self.controllers.iter().find(fits).unwrap_or(&self.controllers[0])
    }
}

impl Reader<'_> {
    /// Words of a button of a permission dialog.
    pub fn button(&self, key: &str) -> String {
        self.phrase(&self.book.buttons, key)
    }

    /// The question about an app; empty when there is none of that name.
    pub fn question(&self, key: &str, label: &str) -> String {
        self.phrase(&self.book.questions, key).replace("%s", label)
    }

    /// The smaller words below a question; empty when there are none.
    pub fn detail(&self, key: &str) -> String {
        self.phrase(&self.book.details, key)
    }

    /// Words of a crash or ANR dialog.
    pub fn notice(&self, key: &str, label: &str) -> String {
        self.phrase(&self.book.notices, key).replace("%s", label)
    }

    fn phrase(&self, from: &BTreeMap<String, Vec<Phrase>>, key: &str) -> String {
        let name = SkinName::from(self.skin);
        let fits = |p: &&Phrase| p.from <= self.api && (p.skins.is_empty() || p.skins.contains(&name));
        let phrases = from.get(key).map_or(&[][..], Vec::as_slice);
        // A phrase of the release before is better than none: a group can be asked for by name before it is known.
        let found = phrases.iter().rfind(fits).or_else(|| phrases.first());
        found.map(|p| if self.chinese { p.zh.clone() } else { p.en.clone() }).unwrap_or_default()
    }
}

impl From<Skin> for SkinName {
    fn from(skin: Skin) -> Self {
        match skin {
            Skin::Aosp => SkinName::Aosp,
            Skin::Google => SkinName::Google,
            Skin::Samsung => SkinName::Samsung,
            Skin::Miui => SkinName::Miui,
            Skin::MiuiPlain => SkinName::MiuiPlain,
            Skin::ColorOs => SkinName::ColorOs,
            Skin::OriginOs => SkinName::OriginOs,
            Skin::Emui => SkinName::Emui,
        }
    }
}

#[cfg(test)]
mod natures;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::virtual_device::machine::Profile;
    use crate::virtual_device::system::System;

    const SKINS: [Skin; 8] = [
        Skin::Aosp,
        Skin::Google,
        Skin::Samsung,
        Skin::Miui,
        Skin::MiuiPlain,
        Skin::ColorOs,
        Skin::OriginOs,
        Skin::Emui,
    ];

    #[test]
    fn every_skin_and_release_is_drawn_by_exactly_one_controller() {
        let book = Book::embedded();
        for api in [23, 26, 28, 29, 30, 31, 33, 34, 35, 36] {
            for skin in SKINS {
                let name = SkinName::from(skin);
                let count =
                    book.controllers.iter().filter(|c| c.skins.contains(&name) && c.from <= api && api <= c.to).count();
                assert_eq!(count, 1, "{skin:?} {api}");
            }
        }
    }

    #[test]
    fn the_system_starts_what_the_file_says_draws_the_dialog() {
        let book = Book::embedded();
        for api in [23, 26, 28, 29, 30, 31, 33, 34, 35, 36] {
            for skin in SKINS {
                let mut profile = Profile::new("controllers");
                (profile.api, profile.skin) = (api, skin);
                let started = System::boot(&profile, Clock::stepped(0)).controller();
                let drawn = book.controller(api, skin);
                assert_eq!((&started.package, &started.class), (&drawn.package, &drawn.activity), "{skin:?} {api}");
            }
        }
    }

    #[test]
    fn guesses_say_what_is_guessed() {
        let book = Book::embedded();
        assert!(book.controllers.iter().filter(|c| c.nature == Nature::Model).all(|c| !c.note.is_empty()));
    }

    #[test]
    fn words_follow_release_skin_and_language() {
        let book = Book::embedded();
        let reader = |api, skin, chinese| Reader { book: &book, api, skin, chinese };
        assert_eq!(reader(23, Skin::Aosp, false).button("deny"), "Deny");
        assert_eq!(reader(34, Skin::Google, false).button("deny"), "Don\u{2019}t allow");
        assert_eq!(reader(34, Skin::Samsung, false).button("deny"), "Don't allow");
        assert_eq!(reader(34, Skin::ColorOs, true).button("allow-foreground"), "使用时允许");
        assert_eq!(reader(28, Skin::Aosp, false).button("never-ask-again"), "Don't ask again");
        assert_eq!(reader(34, Skin::Google, true).question("camera", "滴"), "要允许“滴”拍摄照片和录制视频吗？");
    }
}
