//! Knowing a screen again: its structure without what changes by itself.

use super::words::fold;
use super::{Node, Tree};

/// Nodes deeper than this in a list or grid do not count: rows of a feed differ from visit to visit.
const ROW_DEPTH: u32 = 1;
/// Words longer than this are content, not labels.
const LONGEST_LABEL: usize = 16;

/// A screen's structure as 16 hexadecimal digits: classes, ids and short fixed labels, drawn by `package` or a system
/// window above it. Numbers, clocks, feeds, scroll positions, what is typed, ticked or focused do not matter.
pub fn signature(tree: &Tree, package: &str) -> String {
    let mut hash = Fnv::new();
    let mut skipped_below: Option<u32> = None;
    let mut feed: Option<u32> = None;
    let mut seen_rows: Vec<u64> = Vec::new();
    for node in &tree.nodes {
        if skipped_below.is_some_and(|depth| node.depth > depth) {
            continue;
        }
        skipped_below = None;
        if node.package == "com.android.systemui" && node.package != package {
            skipped_below = Some(node.depth);
            continue;
        }
        if feed.is_some_and(|depth| node.depth <= depth) {
            feed = None;
        }
        if let Some(top) = feed {
            if node.depth > top + ROW_DEPTH {
                continue;
            }
            // Rows count by kind, not by number or place.
            let row = Fnv::of(&shape(node));
            if seen_rows.contains(&row) {
                continue;
            }
            seen_rows.push(row);
        } else if is_feed(node) {
            feed = Some(node.depth);
        }
        hash.add(&shape(node));
        if feed.is_none() {
            hash.add(&label(node));
        }
    }
    format!("{:016x}", hash.0)
}

fn shape(node: &Node) -> String {
    let class = node.class.rsplit('.').next().unwrap_or_default();
    format!("{class}|{}", node.short_id())
}

/// Short words without digits, unless somebody typed them.
fn label(node: &Node) -> String {
    let text = fold(node.label());
    let typed = node.class.ends_with("EditText");
    let fixed = !typed && text.chars().count() <= LONGEST_LABEL && !text.chars().any(char::is_numeric);
    if fixed { text } else { String::new() }
}

/// Views that show many things of one kind.
fn is_feed(node: &Node) -> bool {
    const FEEDS: [&str; 7] =
        ["RecyclerView", "ListView", "GridView", "ViewPager", "ViewPager2", "StaggeredGridView", "ViewFlipper"];
    let class = node.class.rsplit('.').next().unwrap_or_default();
    FEEDS.contains(&class)
}

/// FNV-1a, 64 bits: stable over releases, which the standard library's hasher is not.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn of(text: &str) -> u64 {
        let mut hash = Self::new();
        hash.add(text);
        hash.0
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
