//! What a hostile or broken device may send: no panic, bounded time and memory, an error or a value.

use proptest::prelude::*;

use super::*;

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

/// Bytes of a real shape, cut and changed at random places.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let base = "<?xml version='1.0'?><hierarchy rotation=\"0\"><node index=\"0\" text=\"同意 &amp; &#128512;\" \
                resource-id=\"a:id/b\" class=\"android.widget.Button\" package=\"android\" content-desc=\"\" \
                checkable=\"false\" clickable=\"true\" enabled=\"true\" bounds=\"[0,0][480,800]\"><node text=\"isn't \
                responding\" resource-id=\"android:id/message\" bounds=\"[-5,0][99999999999,1]\" /></node></hierarchy>";
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..3_u8);
    prop::collection::vec(change, 0..24).prop_map(move |changes| {
        let mut bytes = base.as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
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
            for (id, node) in tree.nodes.iter().enumerate() {
                prop_assert!(node.parent.is_none_or(|parent| parent < id));
                prop_assert!(tree.subtree(id).len() <= tree.nodes.len() - id);
                let _ = (node.bounds.area(), node.bounds.center());
            }
            let _ = Dialogs::builtin().recognise(&tree);
            let _ = crate::ui::signature(&tree, "android");
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
