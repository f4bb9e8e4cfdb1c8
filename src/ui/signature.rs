//! Knowing a screen again: its structure without what changes by itself.

use super::words::fold;
use super::{Node, NodeId, Tree};

/// Words wider than this are content, not labels: columns, of which a Chinese character takes two.
const LONGEST_LABEL: usize = 32;
/// A list in which more than this share of the words is content is a feed.
const FEED_SHARE: f32 = 0.34;

/// A screen's structure as 16 hexadecimal digits: classes, ids, short fixed labels, the selected tab. Numbers, clocks, feeds, scroll
/// positions, what is typed, ticked or focused do not matter; nor does the system's own bar when `package` is another.
pub fn signature(tree: &Tree, package: &str) -> String {
    let mut hash = Fnv::new();
    let (ends, words) = (tree.ends(), Words::of(tree));
    let mut at: NodeId = 0;
    while let Some(node) = tree.nodes.get(at) {
        let end = ends[at];
        if &*node.package == "com.android.systemui" && &*node.package != package {
            at = end;
            continue;
        }
        hash.add(&shape(node));
        hash.add(&label(node));
        if is_list(node) && words.make_a_feed(at + 1, end) {
            // Rows count by kind, not by number, order or words.
            let rows = tree.nodes[at + 1..end].iter().filter(|row| row.depth == node.depth + 1);
            let mut kinds: Vec<String> = rows.map(shape).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds.iter().for_each(|kind| hash.add(kind));
            at = end;
            continue;
        }
        at += 1;
    }
    format!("{:016x}", hash.0)
}

fn shape(node: &Node) -> String {
    let class = node.class.rsplit('.').next().unwrap_or_default();
    let selected = if node.selected { "|selected" } else { "" };
    format!("{class}|{}{selected}", node.short_id())
}

/// Short words without digits, unless somebody typed them.
fn label(node: &Node) -> String {
    let typed = node.class.ends_with("EditText");
    if !typed && is_fixed(node.label()) { fold(node.label()) } else { String::new() }
}

fn is_fixed(text: &str) -> bool {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() <= LONGEST_LABEL
        && !text.chars().any(char::is_numeric)
}

/// Views that show many things of one kind: feeds, but also menus.
fn is_list(node: &Node) -> bool {
    const LISTS: [&str; 5] = ["RecyclerView", "ListView", "GridView", "StaggeredGridView", "HorizontalScrollView"];
    let class = node.class.rsplit('.').next().unwrap_or_default();
    LISTS.contains(&class)
}

/// How many words, and how many of them content, stand before each node: lists within lists are looked at once.
struct Words(Vec<(usize, usize)>);

impl Words {
    fn of(tree: &Tree) -> Self {
        let mut counts = vec![(0, 0)];
        let (mut texts, mut content) = (0, 0);
        for label in tree.nodes.iter().map(Node::label) {
            let shown = !label.trim().is_empty();
            texts += usize::from(shown);
            content += usize::from(shown && !is_fixed(label));
            counts.push((texts, content));
        }
        Self(counts)
    }

    /// A menu's words are short and fixed; a feed's are long or hold numbers (prices, times, counts). Rows without words
    /// are pictures, and pictures change.
    fn make_a_feed(&self, from: NodeId, to: NodeId) -> bool {
        let ((texts, content), (all_texts, all_content)) = (self.0[from], self.0[to]);
        let (texts, content) = (all_texts - texts, all_content - content);
        texts == 0 || content as f32 / texts as f32 > FEED_SHARE
    }
}

/// FNV-1a, 64 bits: stable over releases, which the standard library's hasher is not.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(depth: u32, class: &str, id: &str, text: &str) -> Node {
        Node {
            parent: depth.checked_sub(1).map(|_| 0),
            depth,
            class: format!("android.widget.{class}").into(),
            resource_id: if id.is_empty() { String::new() } else { format!("a.b:id/{id}") },
            text: text.to_owned(),
            package: "a.b".into(),
            ..Node::default()
        }
    }

    fn sign(nodes: Vec<Node>) -> String {
        signature(&Tree { rotation: 0, nodes }, "a.b")
    }

    fn list(title: &str, rows: &[&str]) -> String {
        let mut nodes =
            vec![node(0, "FrameLayout", "", ""), node(1, "TextView", "title", title), node(1, "ListView", "list", "")];
        nodes.extend(rows.iter().map(|row| node(2, "TextView", "text1", row)));
        sign(nodes)
    }

    #[test]
    fn menus_differ_by_their_words_and_feeds_do_not() {
        assert_ne!(list("设置", &["账号与安全", "通用"]), list("设置", &["隐私", "关于我们"]));
        let monday = list("首页", &["某地今日举行盛大活动，数万市民前往观看并参与其中", "3 小时前", "热门"]);
        let tuesday = list("首页", &["另一条很长很长很长很长很长很长很长的新闻标题", "12 分钟前", "视频", "1.2 万赞"]);
        assert_eq!(monday, tuesday);
        assert_ne!(monday, list("发现", &["另一条很长很长很长很长很长很长很长的新闻标题", "12 分钟前"]));
    }

    #[test]
    fn clocks_typing_and_the_status_bar_do_not_matter() {
        let screen = |clock: &str, typed: &str, checked: bool| {
            let bar = Node { package: "com.android.systemui".into(), ..node(1, "TextView", "clock", clock) };
            let tick = Node { checked, ..node(1, "CheckBox", "agree", "同意") };
            sign(vec![
                node(0, "FrameLayout", "", ""),
                bar,
                node(1, "EditText", "user", typed),
                tick,
                node(1, "TextView", "n", clock),
            ])
        };
        assert_eq!(screen("12:30", "", false), screen("12:31", "somebody", true));
        assert_eq!(screen("12:30", "", false).len(), 16);
    }
}
