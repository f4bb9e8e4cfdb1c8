//! Is there a pop-up on this screen, and what does it offer?

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::attempt::{Attempt, Updated};
use super::super::icon::marks;
use crate::journal::entry::{Control, PopupRole};
use crate::ui::{Act, List, Node, Rect, Role, Tree, signature};

/// A dialog's root covers at most this share of the screen; a full page covers more (all of `../shared/fixtures/`'s
/// dialogs stay below 0.75, all pages above 0.93).
pub(super) const DIALOG_SHARE: f64 = 0.9;
/// Characters of a pop-up's words that are kept.
const MOST_WORDS: usize = 2_000;
/// Controls of one kind that are kept.
const MOST_CONTROLS: usize = 8;
/// How long after its start an app may show a splash page (MIIT notice 292 of 2021 speaks of windows at the start and
/// names no time; ours).
const SPLASH: Duration = Duration::from_secs(8);
/// Rows of one kind from which on a page holds a list, and is no advertisement (ours).
const FEWEST_ROWS: usize = 3;
/// A full page is taken for an advertisement only with fewer views than this (ours).
const MOST_SPLASH_VIEWS: usize = 40;
/// Controls with words on an advertisement: to the shop, what it is, skip, the sound, a complaint (ours).
const MOST_PRESSED_ON_AN_AD: usize = 5;

/// A pop-up as it stands on a tree.
#[derive(Clone)]
pub(in crate::run) struct PopupSeen {
    pub role: PopupRole,
    pub title: String,
    pub words: String,
    pub bounds: Rect,
    pub covers: f64,
    pub by: String,
    pub close: Vec<Control>,
    pub accept: Vec<Control>,
    pub refuse: Vec<Control>,
    pub others: Vec<Control>,
    pub marks: Vec<Control>,
    pub boxes: Vec<(String, bool)>,
    pub box_bounds: Vec<Rect>,
    pub signature: String,
}

impl Attempt<'_> {
    /// The pop-up on this tree, when there is one.
    pub fn popup_on(&self, tree: &Tree) -> Option<PopupSeen> {
        let screen = self.screen_bounds();
        let bounds = tree.bounds();
        let package = tree.package();
        if tree.nodes.is_empty() || self.system_dialog(tree).is_some() {
            return None;
        }
        let covers = share(bounds, screen);
        let small = !self.is_wide(tree);
        let own = package == self.package();
        let above = small && self.watch.resumed_package().as_deref() == Some(self.package());
        if !own && !above {
            return None;
        }
        // A dialog's window may be as large as the screen, and what it shows a part of it.
        let wide = !small && self.is_above(tree);
        let (bounds, covers) = match wide {
            true => (tree.content(), share(tree.content(), screen)),
            false => (bounds, covers),
        };
        let seen = self.describe(tree, bounds, covers.min(1.0));
        let few = tree.nodes.len() < MOST_SPLASH_VIEWS;
        let page = match seen.role {
            // A page of its own is a window that interrupts only at the start, or when nothing we pressed opened it: a
            // page of settings speaks of consent and promotion as well.
            PopupRole::Consent => {
                let answered = self.memory.consented && self.memory.updated == Updated::No;
                few && !seen.accept.is_empty() && self.memory.last_tap.is_none() && !answered
            }
            PopupRole::Promotion => {
                let came = self.at_start() || (!seen.close.is_empty() && !self.just_acted());
                few && came && !is_furnished(tree) && !self.is_on_map(&seen.signature)
            }
            _ => false,
        };
        // One that is a whole page of the app, with what a person uses it by, is not in its way.
        (small || page || wide && !(covers >= DIALOG_SHARE && is_furnished(tree))).then_some(seen)
    }

    /// Whether a tree covers as much of the screen as a page does.
    pub fn is_wide(&self, tree: &Tree) -> bool {
        share(tree.bounds(), self.screen_bounds()) >= DIALOG_SHARE
    }

    /// Whether a tree as large as a page was found to be that of a window above it.
    pub(super) fn is_above(&self, tree: &Tree) -> bool {
        self.memory.above.as_deref() == Some(tree)
    }

    /// Whether the app was started a moment ago and nothing of it was pressed yet, so that a page may be a splash.
    fn at_start(&self) -> bool {
        let now = self.clock.elapsed();
        let shown = self.memory.launched_at.max(self.memory.returned_at);
        let untouched = self.memory.last_tap.as_ref().is_none_or(|(_, tap)| shown.is_some_and(|shown| *tap < shown));
        untouched && shown.is_some_and(|at| now - at <= self.patience(SPLASH, 4))
    }

    /// Whether we pressed something a moment ago, or went back: what came then came of it.
    fn just_acted(&self) -> bool {
        let now = self.clock.elapsed();
        let within = self.patience(Duration::from_secs(3), 3);
        let tap = self.memory.last_tap.as_ref().map(|(_, at)| *at);
        tap.max(self.memory.last_back).is_some_and(|at| now - at <= within)
    }

    /// Whether a search went to this page by a press of its own: it is a part of the app, whatever it speaks of.
    fn is_on_map(&self, signature: &str) -> bool {
        self.memory.map.at(signature).is_some()
    }

    fn describe(&self, tree: &Tree, bounds: Rect, covers: f64) -> PopupSeen {
        let lexicon = &self.order.lexicon;
        // Masked before they are cut: half a secret would be known by nobody.
        let words = self.order.secrets.mask(&tree.labels().collect::<Vec<_>>().join("\n"));
        let words: String = words.chars().take(MOST_WORDS).collect();
        let pressable =
            tree.nodes.iter().enumerate().filter(|(_, n)| n.enabled && !n.checkable && !n.label().is_empty());
        let pressable = pressable.filter_map(|(id, n)| tree.clickable_at(id).map(|at| (n, tree.nodes[at].bounds)));
        let acts: Vec<(&Node, Rect, Vec<Act>)> = pressable.map(|(n, at)| (n, at, lexicon.act(n.label()))).collect();
        let controls = |act: Act| -> Vec<Control> {
            let fits = acts.iter().filter(|(_, _, acts)| acts.contains(&act));
            fits.map(|(n, at, _)| Control { label: n.label().to_owned(), bounds: *at }).take(MOST_CONTROLS).collect()
        };
        let close_by_id = tree.nodes.iter().filter(|n| n.clickable && n.enabled && lexicon.is_close_id(n.short_id()));
        let mut close: Vec<Control> =
            close_by_id.map(|n| Control { label: label_of(n), bounds: n.bounds }).take(MOST_CONTROLS).collect();
        for control in controls(Act::Close) {
            if !close.iter().any(|c| c.bounds == control.bounds) {
                close.push(control);
            }
        }
        let mut role = popup_role(lexicon.role(tree.labels()));
        // A window that comes before anything was pressed and names the policy asks for consent, whatever its answers are called;
        // one of which one can only take note may be a mere message.
        // A page that comes of a refusal tells what it costs.
        let page = self.is_wide(tree) && !self.is_above(tree);
        let early = !(page && self.memory.refusals > 0)
            && self.memory.last_tap.is_none()
            && !self.memory.consented
            && self.memory.launches > 0;
        let names_policy = || tree.labels().any(|label| lexicon.mentions(label, List::Policy));
        let choice = |(n, _, acts): &(&Node, Rect, Vec<Act>)| {
            !lexicon.acknowledges(n.label()) && (acts.contains(&Act::Close) || acts.contains(&Act::Refuse))
        };
        let notice = acts.iter().any(|(n, ..)| lexicon.acknowledges(n.label())) && !acts.iter().any(choice);
        if early && role == PopupRole::Message && !notice && names_policy() {
            role = PopupRole::Consent;
        }
        let mut accept = controls(Act::Accept);
        let mut others = Vec::new();
        if role == PopupRole::Consent {
            // Whatever it is called: what neither refuses, closes nor opens a text is how one goes on.
            let names = |list| move |label: &str| lexicon.mentions(label, list) || lexicon.is(label, list);
            let (policy, sign_in) = (names(List::Policy), names(List::SignIn));
            let goes_on =
                |n: &Node| !policy(n.label()) && !sign_in(n.label()) && n.label().chars().any(char::is_alphanumeric);
            let unknown = acts.iter().filter(|(n, _, acts)| acts.is_empty() && goes_on(n)).take(MOST_CONTROLS);
            others = unknown.map(|(n, at, _)| Control { label: n.label().to_owned(), bounds: *at }).collect();
            if accept.is_empty() && others.len() == 1 {
                accept.append(&mut others);
            }
            // Where there is nothing else, taking note is how one goes on.
            if accept.is_empty() && others.is_empty() && !acts.iter().any(choice) {
                let noted = acts.iter().find(|(n, ..)| lexicon.acknowledges(n.label()));
                accept.extend(noted.map(|(n, at, _)| Control { label: n.label().to_owned(), bounds: *at }));
                close.retain(|control| accept.iter().all(|noted| noted.bounds != control.bounds));
            }
        }
        let boxes: Vec<&Node> = tree.nodes.iter().filter(|n| n.checkable).take(MOST_CONTROLS).collect();
        let title = tree
            .nodes
            .iter()
            .find(|n| n.short_id() == "alertTitle")
            .or_else(|| tree.nodes.iter().find(|n| !n.text.is_empty()));
        PopupSeen {
            role,
            title: title.map(|n| n.text.clone()).unwrap_or_default(),
            words,
            bounds,
            covers,
            by: tree.package().to_owned(),
            close,
            accept,
            refuse: controls(Act::Refuse),
            others,
            marks: marks(lexicon, tree, bounds),
            box_bounds: boxes.iter().map(|n| n.bounds).collect(),
            boxes: boxes.iter().map(|n| (box_words(tree, n), n.checked)).collect(),
            signature: signature(tree, tree.package()),
        }
    }
}

fn share(part: Rect, whole: Rect) -> f64 {
    if whole.area() == 0 { 1.0 } else { part.area() as f64 / whole.area() as f64 }
}

/// Whether a page has what a person uses an app by: a field to write in, a chosen tab, a list of rows, or more to press than
/// an advertisement has.
fn is_furnished(tree: &Tree) -> bool {
    let named = |id: usize| tree.subtree(id).iter().any(|n| n.label().chars().any(char::is_alphanumeric));
    let pressable = tree.nodes.iter().enumerate().filter(|(id, n)| n.clickable && n.enabled && named(*id)).count();
    let writes = tree.nodes.iter().any(|n| n.class.ends_with("EditText"));
    writes || lists(tree) || pressable > MOST_PRESSED_ON_AN_AD || tree.nodes.iter().any(|n| n.selected && n.clickable)
}

/// Whether a page holds a list: rows of one kind below each other, as wide as the page, each with words of its own.
fn lists(tree: &Tree) -> bool {
    let wide = tree.bounds().width() * 4 / 5;
    let rows = tree.nodes.iter().enumerate().filter(|(_, n)| n.clickable && n.enabled && n.bounds.width() >= wide);
    let mut kinds: BTreeMap<(&str, i32), Vec<&str>> = BTreeMap::new();
    for (id, node) in rows {
        let words = tree.subtree(id).iter().map(Node::label).find(|label| !label.is_empty()).unwrap_or_default();
        let known = kinds.entry((&node.class, node.bounds.height())).or_default();
        if !words.is_empty() && !node.class.ends_with("Button") && !known.contains(&words) {
            known.push(words);
        }
    }
    kinds.values().any(|rows| rows.len() >= FEWEST_ROWS)
}

pub(super) fn label_of(node: &Node) -> String {
    [node.label(), node.short_id(), &*node.class].into_iter().find(|s| !s.is_empty()).unwrap_or_default().to_owned()
}

/// A check box's words: its own, else those of the nearest text to its right on the same line.
pub(in crate::run) fn box_words(tree: &Tree, node: &Node) -> String {
    if !node.label().is_empty() {
        return node.label().to_owned();
    }
    let beside = tree.nodes.iter().filter(|n| {
        !n.label().is_empty()
            && n.bounds.left >= node.bounds.left
            && n.bounds.top < node.bounds.bottom
            && n.bounds.bottom > node.bounds.top
    });
    beside.min_by_key(|n| n.bounds.left).map(|n| n.label().to_owned()).unwrap_or_default()
}

fn popup_role(role: Role) -> PopupRole {
    match role {
        Role::Consent => PopupRole::Consent,
        Role::PermissionPlea => PopupRole::PermissionPlea,
        Role::Promotion => PopupRole::Promotion,
        Role::Update => PopupRole::Update,
        Role::SignIn => PopupRole::SignIn,
        Role::Confirmation => PopupRole::Confirmation,
        Role::Message => PopupRole::Message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[&str], class: &str, width: i32) -> Tree {
        let mut tree = Tree::default();
        let root = Rect { left: 0, top: 0, right: 1000, bottom: 2000 };
        tree.nodes.push(Node { bounds: root, enabled: true, ..Node::default() });
        for (at, row) in (0..).zip(rows) {
            let bounds = Rect { left: 0, top: at * 100, right: width, bottom: at * 100 + 90 };
            let (text, class) = ((*row).to_owned(), class.into());
            tree.nodes.push(Node {
                text,
                class,
                clickable: true,
                enabled: true,
                bounds,
                parent: Some(0),
                ..Node::default()
            });
        }
        tree
    }

    #[test]
    fn a_page_with_a_list_is_no_advertisement() {
        let row = "android.widget.LinearLayout";
        assert!(is_furnished(&page(&["活动1", "活动2", "活动3"], row, 1000)));
        assert!(!is_furnished(&page(&["立即领取", "活动规则"], row, 1000)));
        assert!(!is_furnished(&page(&["领取", "领取", "领取"], row, 1000)));
        assert!(!is_furnished(&page(&["领取", "分享", "跳过"], "android.widget.Button", 1000)));
        assert!(!is_furnished(&page(&["领取", "分享", "跳过"], row, 300)));
    }
}
