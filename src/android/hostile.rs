//! What a hostile or broken device may send: no panic, bounded time and memory, an error or a value.

use proptest::prelude::*;

use super::*;
use crate::ui::{Lexicon, Selector};

/// A hierarchy nested so deep.
fn nested(depth: usize) -> String {
    let open = "<node text=\"a\" bounds=\"[0,0][1,1]\">".repeat(depth);
    format!("<hierarchy rotation=\"0\">{open}{}</hierarchy>", "</node>".repeat(depth))
}

#[test]
fn depth_nodes_and_length_are_bounded() {
    let tree = parse_hierarchy(nested(10_000).as_bytes()).unwrap();
    assert_eq!((tree.nodes.len(), tree.nodes[9_999].depth), (10_000, 9_999));
    assert_eq!(parse_hierarchy(nested(10_001).as_bytes()), Err(HierarchyError::TooDeep(10_000)));
    assert_eq!(parse_hierarchy(nested(200_000).as_bytes()), Err(HierarchyError::TooDeep(10_000)));
    let wide = |count: usize| format!("<hierarchy>{}</hierarchy>", "<node/>\n".repeat(count));
    assert_eq!(parse_hierarchy(wide(50_000).as_bytes()).unwrap().nodes.len(), 50_000);
    assert_eq!(parse_hierarchy(wide(50_001).as_bytes()), Err(HierarchyError::TooManyNodes(50_000)));
    assert_eq!(parse_hierarchy(wide(300_000).as_bytes()), Err(HierarchyError::TooManyNodes(50_000)));
    let long = format!("<hierarchy><node text=\"{}\"/></hierarchy>", "x".repeat(10 << 20));
    assert_eq!(parse_hierarchy(long.as_bytes()), Err(HierarchyError::TooLong(10 << 20)));
}

#[test]
fn what_real_devices_get_wrong_is_repaired() {
    let text = |xml: &[u8]| parse_hierarchy(xml).unwrap().nodes[0].text.clone();
    // Old releases write an emoji as two surrogates.
    assert_eq!(text(b"<hierarchy><node text=\"&#55357;&#56832;\"/></hierarchy>"), "\u{1f600}");
    assert_eq!(text(b"<hierarchy><node text=\"a&#0;b\x01c&#xd800;\"/></hierarchy>"), "a\u{fffd}b\u{fffd}c\u{fffd}");
    assert_eq!(text(b"<hierarchy><node text=\"R&D &amp; &nope; &lt;&#10;\"/></hierarchy>"), "R&D & &nope; <\n");
    assert_eq!(
        text(b"noise\n<hierarchy><node text=\"\xff\"/></hierarchy>UI hierchary dumped to: /dev/tty"),
        "\u{fffd}"
    );
    assert!(parse_hierarchy(b"<hierarchy rotation=\"0\" />").unwrap().nodes.is_empty());
    for broken in ["", "<hierarchy", "<hierarchy></hierarchy", "<hierarchy><node></hierarchy>", "<html/>"] {
        assert!(matches!(parse_hierarchy(broken.as_bytes()), Err(HierarchyError::Malformed(_))), "{broken}");
    }
    // Entities of one's own are how a small file becomes a large one.
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><hierarchy><node text=\"&a;\"/></hierarchy>";
    assert_eq!(text(bomb.as_bytes()), "&a;");
}

#[test]
fn what_was_garbled_is_no_screen() {
    let node = |inner: &str| format!("<hierarchy rotation=\"0\"><node {inner}></node></hierarchy>");
    for garbled in ["text=\"a", "text=a", "text", "text=\"a<b\"", "text=\"a\"index=\"0\"", "=\"a\"", "te%xt=\"a\""] {
        assert!(matches!(parse_hierarchy(node(garbled).as_bytes()), Err(HierarchyError::Malformed(_))), "{garbled}");
    }
    for nested in ["<node></nodes>", "<node><node/>", "</node>", "<node/></hierarchy><hierarchy>", "<!-- <node/>"] {
        let xml = format!("<hierarchy>{nested}</hierarchy>");
        assert!(matches!(parse_hierarchy(xml.as_bytes()), Err(HierarchyError::Malformed(_))), "{nested}");
    }
    let strange =
        "<hierarchy rotation='3'>\r\n <!-- a --><?b?><window><node index = '7' text='\"' /></window>\r\n</hierarchy>";
    let tree = parse_hierarchy(strange.as_bytes()).unwrap();
    assert_eq!((tree.rotation, tree.nodes.len(), tree.nodes[0].index), (3, 1, 7));
    assert_eq!((tree.nodes[0].text.as_str(), tree.nodes[0].parent), ("\"", None));
}

/// The largest trees that are taken: what is slow with them would be slow on a device that means ill.
#[test]
fn the_largest_trees_are_read_and_sought_in_a_bounded_time() {
    let view = |id: &str, class: &str| {
        format!("<node text=\"1 a\" resource-id=\"a:id/{id}\" class=\"a.{class}\" package=\"a\" bounds=\"[0,0][9,9]\"")
    };
    let (list, row) = (view("list", "ListView"), view("row", "View"));
    let wide = format!("{list}>{}</node>", format!("{row}/>").repeat(49_999));
    let deep = format!("{}{}", format!("{list}>").repeat(9_999), "</node>".repeat(9_999));
    let broom =
        format!("{}{}{}", format!("{list}>").repeat(9_999), format!("{row}/>").repeat(40_001), "</node>".repeat(9_999));
    let roots = format!("{row}/>").repeat(50_000);
    let long = format!("{list}>{}</node>", format!("<node text=\"{}\"/>", "&".repeat(2_000)).repeat(5_000));
    for (shape, views) in [wide, deep, broom, roots, long].into_iter().enumerate() {
        let xml = format!("<hierarchy rotation=\"0\">{views}</hierarchy>");
        let tree = parse_hierarchy(xml.as_bytes()).unwrap_or_else(|error| panic!("shape {shape}: {error}"));
        survives(&tree, xml.len()).unwrap();
    }
}

/// What is done with every tree a device sends, and what must hold of it.
fn survives(tree: &Tree, bytes: usize) -> Result<(), TestCaseError> {
    prop_assert!(tree.nodes.len() <= 50_000);
    let ends = tree.ends();
    let mut kept = 0;
    for (id, node) in tree.nodes.iter().enumerate() {
        prop_assert!(node.parent.is_none_or(|parent| parent < id && id < ends[parent] && ends[id] <= ends[parent]));
        prop_assert_eq!(node.depth, node.parent.map_or(0, |parent| tree.nodes[parent].depth + 1));
        let words: [&str; 6] =
            [&node.text, &node.resource_id, &node.class, &node.package, &node.content_desc, &node.hint];
        kept += words.iter().map(|words| words.len()).sum::<usize>();
        let _ = (node.bounds.area(), node.bounds.center());
    }
    // A byte that is none of UTF-8 becomes three; nothing else grows.
    prop_assert!(kept <= 3 * bytes, "{kept} bytes of {bytes}");
    let _ = Dialogs::builtin().recognise(tree);
    let _ = crate::ui::signature(tree, "android");
    for written in SOUGHT {
        let selector: Selector = serde_yaml::from_str(written).unwrap();
        let all = selector.find_all(tree, &Lexicon::default());
        prop_assert!(all.is_sorted() && all.iter().all(|id| *id < tree.nodes.len()));
        if let Ok(one) = selector.find(tree, &Lexicon::default()) {
            prop_assert!(all.contains(&one), "{written}");
        }
    }
    Ok(())
}

/// A selector of each kind.
const SOUGHT: [&str; 9] = [
    "a",
    "/^[0-9]+ .*a$/i",
    "{id: row}",
    "{description: a}",
    "{class: View, enabled: false}",
    "{class: View, inside: {class: ListView}}",
    "{id: row, below: {id: list}}",
    "{id: row, near: {id: list}}",
    "{id: list, inside: {id: list, index: 1}, index: 3}",
];

/// Hierarchies of real devices, and one of each trait that those may lack.
fn bases() -> Vec<Vec<u8>> {
    let own = "<?xml version='1.0'?><hierarchy rotation=\"0\"><node index=\"0\" text=\"同意 &amp; &#128512;\" \
               resource-id=\"a:id/b\" class=\"android.widget.Button\" package=\"android\" content-desc=\"\" \
               checkable=\"false\" clickable=\"true\" enabled=\"true\" bounds=\"[0,0][480,800]\"><node text=\"isn't \
               responding\" resource-id=\"android:id/message\" bounds=\"[-5,0][99999999999,1]\" /></node></hierarchy>";
    let captured = super::captures::captured().into_iter().map(|(_, xml)| xml);
    captured.chain([own.as_bytes().to_vec()]).collect()
}

/// A hierarchy of a real shape, changed, cut and blown up at random places.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let bases = bases();
    let base = (0..bases.len()).prop_map(move |at| bases[at].clone());
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..6_u8);
    (base, prop::collection::vec(change, 0..24)).prop_map(|(mut bytes, changes)| {
        for (from, to, byte, how) in &changes {
            if bytes.is_empty() {
                break;
            }
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let (from, to) = (from.min(to), from.max(to));
            match how {
                0 => bytes[from] = *byte,
                1 => bytes.insert(from, *byte),
                2 => drop(bytes.remove(from)),
                // Something is lost, said twice, or breaks off.
                3 => drop(bytes.drain(from..to.min(from + 200))),
                4 => {
                    let again = bytes[from..to.min(from + 2_000)].to_vec();
                    bytes.splice(from..from, again);
                }
                _ if *byte < 16 => bytes.truncate(to),
                _ => bytes[from] = b"<>&\"' /="[usize::from(*byte) % 8],
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_bytes_make_the_hierarchy_reader_panic(bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..400), mutated()]) {
        if let Ok(tree) = parse_hierarchy(&bytes) {
            survives(&tree, bytes.len())?;
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic(
        text in prop_oneof![
            ".{0,200}",
            "[0-9 :.\\-+a-zA-Z_\\[\\](){},=|/;\n]{0,300}",
            "(Packages:|  Package \\[a\\] x|    User 0: installed=true|      runtime permissions:|        p: granted=true, flags=\\[ A|\n){0,12}",
            "(  Uid 0:|    Package a:|      OP \\(allow\\): |          Access: \\[top-s\\] 2026-05-04 15:57:39.484 \\(-2h\\) duration=\\+2s|\n){0,12}",
            "(1[0-9]-2[0-9] 21:00:04.320   300  1372 I (am_[a-z]{4}_[a-z]{4}|am_anr|wm_kill|input_focus): \\[[0-9,a-z/]{0,40}\\]?\n){0,3}",
        ]
    ) {
        let time = DeviceTime { now: 1_795_294_800_000, zone: 28_800_000 };
        let _ = parse_focus(&text);
        let _ = parse_package(&text, "a");
        let _ = parse_accesses(&text, "a", time);
        let _ = identity::properties(&text);
        text.lines().for_each(|line| drop(parse_line(line, time)));
        let _ = super::capture::read_clock(&text);
    }

    #[test]
    fn no_bytes_make_the_picture_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = super::screenshot::read_picture(bytes.clone());
        let _ = super::hierarchy::read_dump(&bytes);
    }
}
