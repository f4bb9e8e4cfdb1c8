//! Pages on which an app stays, and on which a person can do little or nothing.

use crate::ui::{Lexicon, List, Node, Tree};

/// Controls on a page that may only speak of what is not to be had: to try again, to the settings (ours).
const FEW: usize = 2;
/// Characters of a page's words that are kept.
const MOST_WORDS: usize = 200;

/// The words of a page on which little can be done: nothing on it can be pressed, or it says that something is not to be had
/// and has few controls, or some that are out of use. A surface without a word says nothing of what it takes.
pub(super) fn dead_end(lexicon: &Lexicon, tree: &Tree) -> Option<String> {
    let lacking = || first(tree, |label| lexicon.mentions(label, List::Lacking));
    match pressable(tree).count() {
        0 if tree.nodes.iter().any(|node| node.scrollable) => None,
        0 => lacking().or_else(|| first(tree, |label| label.chars().any(char::is_alphabetic))),
        n if n <= FEW || has_idle(tree) => lacking(),
        _ => None,
    }
}

/// The words of a page with few controls that speaks of the policy, after it was refused.
pub(super) fn insists(lexicon: &Lexicon, tree: &Tree) -> Option<String> {
    let few = (1..=FEW).contains(&pressable(tree).count());
    dead_end(lexicon, tree).or_else(|| first(tree, |label| lexicon.mentions(label, List::Policy)).filter(|_| few))
}

/// The first words of a page that fit, cut to a length.
pub(super) fn first(tree: &Tree, fits: impl Fn(&str) -> bool) -> Option<String> {
    let label = tree.labels().find(|label| fits(label))?;
    Some(label.chars().take(MOST_WORDS).collect())
}

/// What can be pressed and is worth it: a control with words, or a picture.
fn pressable(tree: &Tree) -> impl Iterator<Item = &Node> {
    let page = tree.bounds().area();
    // A page that takes every touch is no control.
    let control = move |node: &&Node| node.clickable && node.enabled && node.bounds.area() * 2 < page;
    tree.nodes.iter().filter(control)
}

/// Whether a control with words is out of use.
fn has_idle(tree: &Tree) -> bool {
    tree.nodes.iter().any(|node| node.clickable && !node.enabled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Rect;

    fn page(labels: &[(&str, bool, bool)]) -> Tree {
        let root = Node { bounds: Rect::new(0, 0, 1080, 2400), enabled: true, ..Node::default() };
        let views = (0..).zip(labels).map(|(at, (text, clickable, enabled))| Node {
            text: (*text).to_owned(),
            clickable: *clickable,
            enabled: *enabled,
            parent: Some(0),
            bounds: Rect::new(0, at * 100, 1080, at * 100 + 100),
            ..Node::default()
        });
        Tree { rotation: 0, nodes: std::iter::once(root).chain(views).collect() }
    }

    fn told(labels: &[(&str, bool, bool)]) -> Option<String> {
        dead_end(&Lexicon::builtin(), &page(labels))
    }

    #[test]
    fn a_page_with_nothing_to_press_is_a_dead_end_by_its_words() {
        assert_eq!(told(&[("正在定位…", false, true)]).as_deref(), Some("正在定位…"));
        assert_eq!(told(&[("", false, true)]), None);
        assert_eq!(told(&[("正在定位…", false, true), ("手动选择城市", true, true)]), None);
    }

    #[test]
    fn a_page_that_says_what_it_lacks_is_one_where_little_can_be_pressed() {
        let lacks = ("未获得存储权限，无法使用", false, true);
        let (on, off) = (|words| (words, true, true), |words| (words, true, false));
        assert!(told(&[lacks, on("重试")]).is_some());
        assert!(told(&[lacks, off("开始阅读"), on("书城"), on("发现"), on("我的")]).is_some());
        assert_eq!(told(&[lacks, on("书架"), on("书城"), on("我的")]), None);
    }

    #[test]
    fn after_a_refusal_a_page_that_speaks_of_the_policy_alone_insists_on_it() {
        let lexicon = Lexicon::builtin();
        let told = |labels: &[(&str, bool, bool)]| insists(&lexicon, &page(labels)).is_some();
        assert!(told(&[("请先同意《隐私政策》", false, true), ("重新阅读", true, true)]));
        assert!(!told(&[("首页", true, true), ("隐私政策", true, true), ("设置", true, true)]));
    }
}
