//! The system's own dialogs: recognised by package, ids and, where a skin has no ids, by words; from `dialogs.yaml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::journal::entry::{Answer, DeviceIdentity, PromptButton, PromptKind};
use crate::ui::words::fold;
use crate::ui::{Node, NodeId, Rect, Tree};

const DATA: &str = include_str!("dialogs.yaml");

/// A dialog of the system on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemDialog {
    /// What kind.
    pub what: PromptKind,
    /// Name of the entry in the data that recognised it.
    pub entry: String,
    /// The question, in its own words.
    pub question: String,
    /// Permission groups the words speak of, for example `LOCATION`.
    pub groups: Vec<String>,
    /// Buttons that can be pressed, in order.
    pub buttons: Vec<PromptButton>,
    /// The box "don't ask again", where there is one.
    pub tick: Option<Tick>,
    /// Switches of a review, one per permission group.
    pub switches: Vec<Tick>,
    /// Page of a run of dialogs: (1, 3) is "1 of 3".
    pub page: Option<(u32, u32)>,
    /// Bounds of the dialog's window.
    pub bounds: Rect,
    /// Package that drew it.
    pub by: String,
    /// Words of the dialog that tell a purpose.
    pub purpose: Option<String>,
}

/// The box "don't ask again" of releases up to API 28, or a switch of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Its words.
    pub text: String,
    /// Place on the screen.
    pub bounds: Rect,
    /// Is ticked.
    pub checked: bool,
}

/// One touch on the way to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Words of what is touched.
    pub text: String,
    /// Where it is.
    pub bounds: Rect,
}

impl SystemDialog {
    /// The button that gives exactly this answer.
    pub fn button(&self, answer: Answer) -> Option<&PromptButton> {
        self.buttons.iter().find(|button| button.answer == Some(answer))
    }

    /// What to touch, in order, to give exactly this answer; `None` when the dialog doesn't offer it. On releases with
    /// a box "don't ask again" a refusal for good is the box and then the refusal.
    pub fn way_to(&self, answer: Answer) -> Option<Vec<Touch>> {
        if self.what == PromptKind::PermissionReview {
            return self.way_through_review(answer);
        }
        let touch = |button: &PromptButton| Touch { text: button.text.clone(), bounds: button.bounds };
        if let Some(button) = self.button(answer) {
            return Some(vec![touch(button)]);
        }
        let tick = self.tick.as_ref()?;
        let box_touch = Touch { text: tick.text.clone(), bounds: tick.bounds };
        match (answer, tick.checked) {
            (Answer::DenyForGood, false) => Some(vec![box_touch, touch(self.button(Answer::Deny)?)]),
            // A ticked box turned the refusal into one for good: untick it first.
            (Answer::Deny, true) => Some(vec![box_touch, touch(self.button(Answer::DenyForGood)?)]),
            _ => None,
        }
    }
}

impl SystemDialog {
    /// A review is carried through with all switches on or all off: to cancel it would keep the app from starting.
    fn way_through_review(&self, answer: Answer) -> Option<Vec<Touch>> {
        let on = match answer {
            Answer::Allow => true,
            Answer::Deny => false,
            _ => return None,
        };
        let touch = |tick: &Tick| Touch { text: tick.text.clone(), bounds: tick.bounds };
        let through = self.button(Answer::Allow)?;
        let turned = self.switches.iter().filter(|switch| switch.checked != on).map(touch);
        Some(turned.chain([Touch { text: through.text.clone(), bounds: through.bounds }]).collect())
    }
}

/// The data, read.
#[derive(Clone, Debug, Default)]
pub struct Dialogs {
    dialogs: Vec<Entry>,
    answers_by_id: BTreeMap<String, Answer>,
    /// Folded words, and what they answer.
    answers_by_words: Vec<(String, Answer)>,
    /// Folded words, and what they are about.
    groups: Vec<(String, String)>,
    /// Folded names of groups, and the group.
    titles: Vec<(String, String)>,
}

/// Data that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("dialogs: {0}")]
pub struct DialogsError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    dialogs: Vec<Entry>,
    answers_by_id: BTreeMap<String, Answer>,
    answers_by_words: Vec<FileAnswer>,
    groups: Vec<FileGroup>,
    group_titles: Vec<FileGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAnswer {
    answer: Answer,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileGroup {
    group: String,
    words: Vec<String>,
}

/// One kind of dialog.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    name: String,
    what: PromptKind,
    /// No capture stands behind it. Read by people only.
    #[serde(default, rename = "model")]
    _model: bool,
    /// Whole names, or `*` and how a name ends.
    packages: Vec<String>,
    /// One of these ids must be there, when any is given.
    #[serde(default)]
    any_id: Vec<String>,
    /// One of these must be among its words, when any is given.
    #[serde(default)]
    any_words: Vec<String>,
    /// A button with a known answer must be there.
    #[serde(default)]
    answered: bool,
    #[serde(default)]
    question_ids: Vec<String>,
    #[serde(default)]
    page_ids: Vec<String>,
    #[serde(default)]
    purpose_ids: Vec<String>,
    #[serde(default)]
    tick_ids: Vec<String>,
    /// What a page without a question is about.
    #[serde(default)]
    group: Option<String>,
}

/// The system's dialog on the screen, if there is one. Reads the shipped data each time: who asks often keeps a
/// [`Dialogs`].
pub fn recognise(tree: &Tree, _identity: &DeviceIdentity) -> Option<SystemDialog> {
    Dialogs::builtin().recognise(tree)
}

impl Dialogs {
    /// The shipped data.
    pub fn builtin() -> Self {
        // A test reads the shipped file; it can't fail to parse in a build that passed.
        Self::parse(DATA).unwrap_or_default()
    }

    /// Data in the form of the shipped one.
    pub fn parse(text: &str) -> Result<Self, DialogsError> {
        let file: File = serde_yaml::from_str(text).map_err(|error| DialogsError(error.to_string()))?;
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        let dialogs = file.dialogs.into_iter().map(|entry| Entry { any_words: folded(&entry.any_words), ..entry });
        let answers = file.answers_by_words.iter();
        let groups = file.groups.iter();
        let titles = file.group_titles.iter();
        Ok(Self {
            dialogs: dialogs.collect(),
            answers_by_id: file.answers_by_id,
            answers_by_words: answers.flat_map(|a| folded(&a.words).into_iter().map(|w| (w, a.answer))).collect(),
            groups: groups.flat_map(|g| folded(&g.words).into_iter().map(|w| (w, g.group.clone()))).collect(),
            titles: titles.flat_map(|g| folded(&g.words).into_iter().map(|w| (w, g.group.clone()))).collect(),
        })
    }

    /// The system's dialog in the front window, if it is one.
    pub fn recognise(&self, tree: &Tree) -> Option<SystemDialog> {
        let roots = (0..tree.nodes.len()).filter(|id| tree.nodes[*id].parent.is_none());
        roots.into_iter().find_map(|root| {
            let window = Window { tree, root };
            self.dialogs.iter().filter(|entry| entry.fits_package(window.package())).find_map(|e| self.read(e, window))
        })
    }

    fn read(&self, entry: &Entry, window: Window<'_>) -> Option<SystemDialog> {
        let has_id = |id: &String| window.nodes().any(|(_, node)| node.short_id() == id);
        if !entry.any_id.is_empty() && !entry.any_id.iter().any(has_id) {
            return None;
        }
        let has_word = |word: &String| window.nodes().any(|(_, node)| fold(node.label()).contains(word.as_str()));
        if !entry.any_words.is_empty() && !entry.any_words.iter().any(has_word) {
            return None;
        }
        let tick = window.by_id(&entry.tick_ids).map(|node| Tick {
            text: node.label().to_owned(),
            bounds: node.bounds,
            checked: node.checked,
        });
        let permission = matches!(entry.what, PromptKind::Permission | PromptKind::PermissionReview);
        let ticked = tick.as_ref().is_some_and(|tick| tick.checked);
        let buttons: Vec<PromptButton> =
            window.buttons(&self.answers_by_id).map(|node| self.button(node, permission, ticked)).collect();
        if entry.answered && buttons.iter().all(|button| button.answer.is_none()) {
            return None;
        }
        let review = entry.what == PromptKind::PermissionReview;
        let switches = if review { window.switches() } else { Vec::new() };
        let question =
            window.by_id(&entry.question_ids).map_or_else(|| window.longest_text(), |n| n.label().to_owned());
        Some(SystemDialog {
            what: entry.what,
            entry: entry.name.clone(),
            groups: match (permission, review) {
                (_, true) => self.titles_of(&switches),
                (true, _) => self.groups(&question),
                _ => entry.group.iter().cloned().collect(),
            },
            switches,
            buttons,
            tick,
            page: window.by_id(&entry.page_ids).and_then(|node| page(node.label())),
            bounds: window.tree.nodes[window.root].bounds,
            by: window.package().to_owned(),
            purpose: window.by_id(&entry.purpose_ids).map(|node| node.label().to_owned()),
            question,
        })
    }

    fn button(&self, node: &Node, permission: bool, ticked: bool) -> PromptButton {
        let answer = self.answer(node).filter(|_| permission);
        let answer = if ticked && answer == Some(Answer::Deny) { Some(Answer::DenyForGood) } else { answer };
        PromptButton { text: node.label().to_owned(), answer, bounds: node.bounds }
    }

    fn answer(&self, node: &Node) -> Option<Answer> {
        if let Some(answer) = self.answers_by_id.get(node.short_id()) {
            return Some(*answer);
        }
        let folded = fold(node.label());
        let label = without_count(&folded);
        self.answers_by_words.iter().find(|(words, _)| *words == label).map(|(_, answer)| *answer)
    }

    /// Groups that the switches of a review are about: their whole words.
    fn titles_of(&self, switches: &[Tick]) -> Vec<String> {
        let named = |switch: &Tick| {
            let words = fold(&switch.text);
            self.titles.iter().find(|(title, _)| *title == words).map(|(_, group)| group.clone())
        };
        switches.iter().filter_map(named).collect()
    }

    fn groups(&self, question: &str) -> Vec<String> {
        let asked = fold(&without_quoted(question));
        let mut groups = Vec::new();
        for (words, group) in &self.groups {
            if asked.contains(words.as_str()) && !groups.contains(group) {
                groups.push(group.clone());
            }
        }
        groups
    }
}

impl Entry {
    fn fits_package(&self, package: &str) -> bool {
        self.packages.iter().any(|known| match known.strip_prefix('*') {
            Some(ending) => package.ends_with(ending),
            None => known == package,
        })
    }
}

/// One window of a dump: a root and what it holds.
#[derive(Clone, Copy)]
struct Window<'a> {
    tree: &'a Tree,
    root: NodeId,
}

impl<'a> Window<'a> {
    fn package(self) -> &'a str {
        &self.tree.nodes[self.root].package
    }

    fn nodes(self) -> impl Iterator<Item = (NodeId, &'a Node)> {
        self.tree.subtree(self.root).iter().enumerate().map(move |(at, node)| (self.root + at, node))
    }

    /// The first view with words among these ids, in the order of the ids.
    fn by_id(self, ids: &[String]) -> Option<&'a Node> {
        ids.iter().find_map(|id| {
            let mut fitting = self.nodes().map(|(_, node)| node).filter(|node| node.short_id() == id);
            fitting.find(|node| !node.label().trim().is_empty())
        })
    }

    /// What can be pressed and has words: views with the id of a known button, and enabled clickable ones that are
    /// no boxes and hold no others.
    fn buttons(self, known: &'a BTreeMap<String, Answer>) -> impl Iterator<Item = &'a Node> {
        let is_choice = |node: &Node| node.checkable || node.class.ends_with("RadioButton");
        let pressable = move |node: &Node| known.contains_key(node.short_id()) || (node.clickable && !is_choice(node));
        self.nodes()
            .map(|(_, node)| node)
            .filter(move |node| node.enabled && !node.label().trim().is_empty() && pressable(node))
    }

    /// Everything that can be checked, with its words: its own, else the first of the row it stands in.
    fn switches(self) -> Vec<Tick> {
        let tick = |(id, node): (NodeId, &Node)| {
            let row = self.tree.clickable_at(id).unwrap_or(id);
            let held = self.tree.subtree(row).iter().map(Node::label).find(|label| !label.trim().is_empty());
            let text = if node.label().trim().is_empty() { held.unwrap_or_default() } else { node.label() };
            Tick { text: text.to_owned(), bounds: node.bounds, checked: node.checked }
        };
        self.nodes().filter(|(_, node)| node.checkable && node.enabled).map(tick).collect()
    }

    fn longest_text(self) -> String {
        let texts = self.nodes().map(|(_, node)| node).filter(|node| !node.clickable).map(Node::label);
        texts.max_by_key(|text| text.chars().count()).unwrap_or_default().to_owned()
    }
}

/// `1 of 3`, `第 1 项权限（共 3 项）`: the first two numbers.
fn page(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let (at, of) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (1..=of).contains(&at).then_some((at, of))
}

/// A folded label without the seconds that are left to press it: `拒绝(18s)`, as some skins count before they refuse (model).
fn without_count(label: &str) -> &str {
    let cut = || {
        let (words, count) = label.strip_suffix(')')?.rsplit_once('(')?;
        let count = count.trim_end_matches(['s', '秒']);
        let counts = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
        counts.then_some(words.trim_end())
    };
    cut().unwrap_or(label)
}

/// Cuts out what stands in quotes: Chinese questions set the name of the app apart that way.
fn without_quoted(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '“' | '「' | '《' => depth += 1,
            '”' | '」' | '》' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    // A quote that never closes would hide the question.
    if depth == 0 { kept } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_data_can_be_read() {
        let dialogs = Dialogs::parse(DATA).unwrap();
        assert!(dialogs.dialogs.len() >= 8 && dialogs.answers_by_id.len() >= 14);
    }

    #[test]
    fn pages_in_both_languages() {
        assert_eq!(page("1 of 3"), Some((1, 3)));
        assert_eq!(page("第 2 项权限（共 3 项）"), Some((2, 3)));
        assert_eq!(page("4 of 3"), None);
        assert_eq!(page(""), None);
    }

    fn drawn(package: &str, views: &[(&str, &str, &str)]) -> Tree {
        let view = |(class, id, text): &(&str, &str, &str)| {
            let (box_, press) = (*class == "CheckBox", *class != "TextView");
            format!(
                "<node text=\"{text}\" resource-id=\"{id}\" class=\"android.widget.{class}\" package=\"{package}\" \
                 checkable=\"{box_}\" clickable=\"{press}\" enabled=\"true\" bounds=\"[60,1300][900,1400]\"/>"
            )
        };
        let views: String = views.iter().map(view).collect();
        let root =
            format!("<node class=\"android.widget.FrameLayout\" package=\"{package}\" bounds=\"[0,1200][1080,2300]\">");
        crate::android::parse::parse_hierarchy(
            format!("<hierarchy rotation=\"0\">{root}{views}</node></hierarchy>").as_bytes(),
        )
        .unwrap()
    }

    #[test]
    fn a_manager_of_notifications_asks_for_them_too() {
        let dialogs = Dialogs::builtin();
        let package = "com.oplus.notificationmanager";
        let title = "com.oplus.notificationmanager:id/alertTitle";
        for (asked, no, yes) in [
            ("允许“示例”发送通知？", "拒绝", "允许"),
            ("Allow “Demo” to send you notifications?", "Don\u{2019}t allow", "Allow"),
        ] {
            let views = [
                ("TextView", title, asked),
                ("Button", "android:id/button2", no),
                ("Button", "android:id/button1", yes),
            ];
            let dialog = dialogs.recognise(&drawn(package, &views)).unwrap();
            assert_eq!(
                (dialog.what, dialog.groups.as_slice()),
                (PromptKind::Permission, &["NOTIFICATIONS".to_owned()][..])
            );
            assert_eq!(dialog.button(Answer::Deny).unwrap().text, no);
            assert_eq!(dialog.button(Answer::Allow).unwrap().text, yes);
        }
        // Its pages are none, nor is another dialog of it.
        let page =
            [("TextView", "", "允许发送通知"), ("CheckBox", "com.oplus.notificationmanager:id/cb_banner", "横幅")];
        assert!(dialogs.recognise(&drawn(package, &page)).is_none());
        let other = [("TextView", title, "关闭全部提醒？"), ("Button", "android:id/button1", "确定")];
        assert!(dialogs.recognise(&drawn(package, &other)).is_none());
    }

    #[test]
    fn older_skins_remember_by_a_box_and_count_down() {
        let dialogs = Dialogs::builtin();
        let views = [
            ("TextView", "oppo:id/permission_prompt", "“示例”正在尝试读取本机识别码"),
            ("CheckBox", "oppo:id/remember_cb", "不再提醒"),
            ("Button", "android:id/button2", "拒绝（18s）"),
            ("Button", "android:id/button1", "允许"),
        ];
        let dialog = dialogs.recognise(&drawn("com.coloros.safecenter", &views)).unwrap();
        assert_eq!((dialog.groups.as_slice(), dialog.buttons.len()), (&["PHONE".to_owned()][..], 2));
        assert_eq!(dialog.way_to(Answer::Deny).unwrap().len(), 1);
        assert_eq!(dialog.way_to(Answer::DenyForGood).unwrap().len(), 2);
        assert_eq!(dialogs.groups("“示例”尝试获取您的位置"), ["LOCATION"]);
        assert_eq!(
            (without_count("拒绝(5)"), without_count("允许(推荐)"), without_count("(3)x")),
            ("拒绝", "允许(推荐)", "(3)x")
        );
    }

    #[test]
    fn the_apps_name_is_no_part_of_the_question() {
        let dialogs = Dialogs::builtin();
        assert_eq!(dialogs.groups("要允许“短信助手”访问您的通讯录吗？"), ["CONTACTS"]);
        assert_eq!(dialogs.groups("Allow VSP to access this device\u{2019}s location?"), ["LOCATION"]);
        let nearby = "Allow x to find, connect to, and determine the relative position of nearby devices?";
        assert_eq!(dialogs.groups(nearby), ["NEARBY_DEVICES"]);
        assert_eq!(dialogs.groups("要允许x访问此设备上的照片、视频、音乐和音频吗？"), ["STORAGE"]);
        assert_eq!(dialogs.groups("允许x访问此设备上的音乐和音频吗？"), ["READ_MEDIA_AURAL"]);
    }

    #[test]
    fn traditional_chinese_is_read_as_the_permission_module_words_it() {
        let dialogs = Dialogs::builtin();
        for (asked, group) in [
            ("要允許「位置資訊」存取你的聯絡人嗎？", "CONTACTS"),
            ("要允許「x」存取這部裝置的位置資訊嗎？", "LOCATION"),
            ("要允許「x」尋找、連結及判斷附近裝置的相對位置嗎？", "NEARBY_DEVICES"),
            ("要允許「x」存取你的日曆嗎？", "CALENDAR"),
            ("要允許「x」傳送及查看簡訊嗎？", "SMS"),
            ("要允許「x」存取裝置中的相片、媒體和檔案嗎？", "STORAGE"),
            ("要允許「x」錄音嗎？", "MICROPHONE"),
            ("要允許「x」存取你的體能活動記錄嗎？", "ACTIVITY_RECOGNITION"),
            ("要允許「x」拍攝相片及錄製影片嗎？", "CAMERA"),
            ("要允許「x」存取你的通話記錄嗎？", "CALL_LOG"),
            ("要允許「x」撥打電話及管理通話嗎？", "PHONE"),
            ("要允許「x」存取與你生命徵象相關的感應器資料嗎？", "SENSORS"),
        ] {
            assert_eq!(dialogs.groups(asked), [group], "{asked}");
        }
        let answer =
            |words: &str| dialogs.answers_by_words.iter().find(|(known, _)| *known == fold(words)).map(|a| a.1);
        assert_eq!(answer("使用應用程式時"), Some(Answer::AllowForeground));
        assert_eq!(answer("僅允許這一次"), Some(Answer::AllowOnce));
        assert_eq!(answer("不允許"), Some(Answer::Deny));
        assert_eq!(answer("不允許且不要再詢問"), Some(Answer::DenyForGood));
    }
}
