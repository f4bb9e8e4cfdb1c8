//! Controls without words: a gear, three dots. A search calls them by their resource id, or by where they stand.

use crate::journal::entry::{Control, ICON};
use crate::ui::{Lexicon, Node, NodeId, Rect, Tree};

use super::page::{label_of, leads_back};

/// Sides of an icon, in parts of the screen's shorter side: 15 to 72 dp of 360 (ours).
const SIDES: (i32, i32) = (24, 5);
/// How far down the bar at the top reaches, in hundredths of the shorter side: 115 dp of 360 (ours).
const BAR: i32 = 32;
/// Lines of icons that are alike, from which on they belong to the rows of a list (ours).
const ROWS: usize = 3;
/// Below the main screen and its tabs an icon stands for a page's own affairs, unless its id says otherwise (ours).
const NEAR: usize = 1;
/// Score of an icon whose id names a place, and of one in the bar at the top: after what is named in words (ours).
const NAMED: f32 = 0.6;
pub(super) const IN_BAR: f32 = 0.1;

/// Marks of a window that are kept.
const MOST_MARKS: usize = 4;

/// A control without words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Icon {
    pub node: NodeId,
    /// What it is called in a search.
    pub name: String,
    pub lead: Lead,
}

/// Whether an icon may lead on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lead {
    /// It may be pressed, and promises so much.
    May(f32),
    /// It leads back, does what a search must not do, or is no way to what is sought.
    Never,
    /// It is not pressed, because nothing tells what it does; behind it may be what is sought.
    Unknown,
}

/// The icons of a page, so many presses away from the main screen.
pub(super) fn icons(lexicon: &Lexicon, tree: &Tree, depth: usize) -> Vec<Icon> {
    let found: Vec<NodeId> = (0..tree.nodes.len()).filter(|id| is_icon(tree, *id)).collect();
    let node = |id: NodeId| &tree.nodes[id];
    let rows = |id: NodeId| {
        let alike = found.iter().filter(|other| is_alike(node(**other), node(id)));
        let mut tops: Vec<i32> = alike.map(|other| node(*other).bounds.top).collect();
        tops.sort_unstable();
        tops.dedup();
        tops.len()
    };
    let single = found.iter().copied().filter(|id| rows(*id) < ROWS);
    single
        .map(|id| Icon { node: id, name: name(tree, &found, id), lead: lead(lexicon, tree, node(id), depth) })
        .collect()
}

/// The icon with this name.
pub(super) fn named(tree: &Tree, name: &str) -> Option<NodeId> {
    let rest = name.strip_prefix(ICON)?;
    let found: Vec<NodeId> = (0..tree.nodes.len()).filter(|id| is_icon(tree, *id)).collect();
    let by_place = |id: &NodeId| place(&tree.nodes[*id]) == rest;
    let by_id = |id: &NodeId| tree.nodes[*id].short_id() == rest;
    found.iter().copied().find(by_id).or_else(|| found.iter().copied().find(by_place))
}

/// What a single control without words is called.
pub(super) fn sign(node: &Node) -> String {
    let id = node.short_id();
    if id.is_empty() { format!("{ICON}{}", place(node)) } else { format!("{ICON}{id}") }
}

/// Small controls without words where the cross of a window stands: at its upper corners, or in the middle at its foot. The
/// right corner comes first, where a cross stands most often.
pub(super) fn marks(lexicon: &Lexicon, tree: &Tree, window: Rect) -> Vec<Control> {
    let (width, height) = (window.width(), window.height());
    let corner = |node: &Node| {
        let at = node.bounds.center();
        let (high, low) = (at.y - window.top < height / 3, window.bottom - at.y < height / 3);
        let (left, right) = (at.x - window.left < width / 4, window.right - at.x < width / 4);
        let middle = (at.x - window.center().x).abs() < width / 16;
        let place = [high && right, low && middle, high && left];
        place.iter().position(|stands| *stands)
    };
    let harmless = |node: &Node| {
        let parts = Lexicon::id_parts(node.short_id());
        !parts.iter().any(|part| lexicon.is_never(part)) && !lexicon.is_place_id(node.short_id())
    };
    let whole = tree.bounds();
    let most = whole.width().max(width) / SIDES.1;
    let small = |node: &Node| node.bounds.width().max(node.bounds.height()) <= most;
    let found = (0..tree.nodes.len()).filter(|id| is_icon(tree, *id)).map(|id| &tree.nodes[id]);
    let mut found: Vec<(usize, Control)> = found
        .filter(|node| small(node) && harmless(node))
        .filter_map(|node| Some((corner(node)?, Control { label: sign(node), bounds: node.bounds })))
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, control)| control).take(MOST_MARKS).collect()
}

fn is_icon(tree: &Tree, id: NodeId) -> bool {
    let node = &tree.nodes[id];
    let worded = |id: NodeId| !label_of(tree, id).is_empty();
    node.clickable
        && node.enabled
        && !node.checkable
        && !node.scrollable
        && !node.class.ends_with("EditText")
        && !worded(id)
        // A picture within a row that has words leads where the row does.
        && node.parent.and_then(|parent| tree.clickable_at(parent)).is_none_or(|holder| !worded(holder))
}

fn is_alike(a: &Node, b: &Node) -> bool {
    (&a.class, &a.resource_id, a.bounds.width(), a.bounds.height())
        == (&b.class, &b.resource_id, b.bounds.width(), b.bounds.height())
}

/// By the id, when it has one of its own; else by the place.
fn name(tree: &Tree, all: &[NodeId], id: NodeId) -> String {
    let node = &tree.nodes[id];
    let short = node.short_id();
    let own = !short.is_empty() && all.iter().filter(|other| tree.nodes[**other].short_id() == short).count() == 1;
    if own { sign(node) } else { format!("{ICON}{}", place(node)) }
}

fn place(node: &Node) -> String {
    format!("{},{}", node.bounds.left, node.bounds.top)
}

fn lead(lexicon: &Lexicon, tree: &Tree, node: &Node, depth: usize) -> Lead {
    let id = node.short_id();
    let parts = Lexicon::id_parts(id);
    let harms = parts.iter().any(|part| lexicon.is_never(part));
    let back = lexicon.is_close_id(id) || parts.iter().any(|part| leads_back(lexicon, part));
    if harms || back {
        return Lead::Never;
    }
    if lexicon.is_place_id(id) {
        return Lead::May(NAMED);
    }
    let screen = tree.bounds();
    let short = screen.width().min(screen.height());
    let fits = |side: i32| side >= short / SIDES.0 && side <= short / SIDES.1;
    // A banner, a page's background.
    if !fits(node.bounds.width()) || !fits(node.bounds.height()) {
        return Lead::Never;
    }
    let at = node.bounds.center();
    let in_bar = at.y - screen.top < short * BAR / 100;
    let first = at.x - screen.left < short / SIDES.1;
    // The arrow that leads back stands first in the bar.
    if depth > NEAR || (depth > 0 && in_bar && first) {
        Lead::Never
    } else if in_bar {
        Lead::May(IN_BAR)
    } else {
        Lead::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icon(class: &str, id: &str, left: i32, top: i32) -> Node {
        Node {
            parent: Some(0),
            class: class.into(),
            resource_id: if id.is_empty() { String::new() } else { format!("a.b:id/{id}") },
            clickable: true,
            enabled: true,
            bounds: Rect::new(left, top, left + 120, top + 120),
            ..Node::default()
        }
    }

    fn page(controls: Vec<Node>) -> Tree {
        let root = Node { bounds: Rect::new(0, 0, 1080, 2400), ..Node::default() };
        Tree { rotation: 0, nodes: [root].into_iter().chain(controls).collect() }
    }

    fn leads(tree: &Tree, depth: usize) -> Vec<(String, Lead)> {
        icons(&Lexicon::builtin(), tree, depth).into_iter().map(|icon| (icon.name, icon.lead)).collect()
    }

    #[test]
    fn an_id_tells_where_an_icon_leads_and_what_it_must_not_do() {
        let at = |id: &str, top: i32| icon("android.widget.ImageView", id, 500, top);
        let ids = ["iv_setting", "btnSettings", "img_back", "iv_share", "ivClose", "iv_zqx"];
        let tree = page(ids.iter().zip(0..).map(|(id, n)| at(id, 900 + 150 * n)).collect());
        let told: Vec<Lead> = leads(&tree, 1).into_iter().map(|(_, lead)| lead).collect();
        assert_eq!(told, [Lead::May(NAMED), Lead::May(NAMED), Lead::Never, Lead::Never, Lead::Never, Lead::Unknown]);
        assert_eq!(named(&tree, "#btnSettings"), Some(2));
        assert_eq!(named(&tree, "btnSettings"), None);
    }

    #[test]
    fn a_cross_stands_at_a_corner_of_its_window_or_in_the_middle_at_its_foot() {
        let view = "android.widget.ImageView";
        let share = icon(view, "iv_share", 950, 20);
        let tree = page(vec![icon(view, "", 20, 20), icon(view, "iv_x", 940, 30), icon(view, "", 480, 1100), share]);
        let marks = marks(&Lexicon::builtin(), &tree, Rect::new(0, 0, 1080, 2400));
        assert_eq!(marks.iter().map(|mark| mark.label.as_str()).collect::<Vec<_>>(), ["#iv_x", "#20,20"]);
    }

    #[test]
    fn the_bar_at_the_top_is_pressed_near_the_main_screen_but_for_the_arrow_back() {
        let tree = page(vec![icon("android.view.View", "", 20, 100), icon("android.view.View", "", 940, 100)]);
        let names =
            |depth| leads(&tree, depth).into_iter().map(|(name, lead)| format!("{name} {lead:?}")).collect::<Vec<_>>();
        assert_eq!(names(0), ["#20,100 May(0.1)", "#940,100 May(0.1)"]);
        assert_eq!(names(1), ["#20,100 Never", "#940,100 May(0.1)"]);
        assert_eq!(names(2), ["#20,100 Never", "#940,100 Never"]);
        assert_eq!(named(&tree, "#940,100"), Some(2));
    }

    #[test]
    fn icons_of_rows_and_what_has_words_are_none_and_a_banner_leads_nowhere() {
        let rows = (0..4).map(|n| icon("android.widget.ImageView", "iv_more", 900, 500 + 200 * n));
        assert_eq!(leads(&page(rows.collect()), 0), []);
        let worded = Node { content_desc: "Settings".into(), ..icon("android.widget.ImageView", "s", 900, 500) };
        let wide = |id: &str, top: i32| Node {
            bounds: Rect::new(0, top, 1080, top + 300),
            ..icon("android.view.View", id, 0, 0)
        };
        let found = leads(&page(vec![worded, wide("s", 700), wide("setting_entry", 1200)]), 0);
        assert_eq!(found, [("#s".into(), Lead::Never), ("#setting_entry".into(), Lead::May(NAMED))]);
    }
}
