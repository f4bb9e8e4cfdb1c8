//! Selectors of each kind on the captured screens: against what a person reads on them, and against a plain look through
//! all views.

use super::tests::fixtures;
use super::*;
use crate::ui::{FindError, Lexicon, Node, NodeId, Selector};

/// Folders with hierarchies of screens that are no system dialog's.
const APPS: &str = "app-ui";
/// Most views of one screen that are sought one by one.
const MOST_SOUGHT: usize = 60;

/// All captured hierarchies by folder and name; empty, which is said, when they are not there.
pub(super) fn captured() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = fixtures() else { return Vec::new() };
    let mut files = Vec::new();
    for part in [APPS, "permission-dialog", "system-dialog", "android-6.0.1-api23/hierarchy"] {
        let entries = std::fs::read_dir(folder.join(part)).unwrap().map(|entry| entry.unwrap().path());
        for path in entries.filter(|path| path.extension().is_some_and(|ext| ext == "xml")) {
            let name = format!("{part}/{}", path.file_name().unwrap().to_string_lossy());
            files.push((name, std::fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

fn screens() -> impl Iterator<Item = (String, Tree)> {
    captured().into_iter().map(|(name, xml)| {
        let tree = parse_hierarchy(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, tree)
    })
}

fn selector(yaml: &str) -> Selector {
    serde_yaml::from_str(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"))
}

/// Screen, selector, and where the view stands that a person means by it.
const MEANT: [(&str, &str, &str); 17] = [
    ("android-6.0.1-api23/hierarchy/app-consent-dialog-zh.xml", "{concept: privacy-policy}", "[52,340][428,368]"),
    ("app-ui/china-2019-douban-naf.xml", "租房", "[387,270][525,362]"),
    ("app-ui/china-2019-douban-naf.xml", "/^[0-9]+分钟前更新$/", "[429,606][668,659]"),
    ("app-ui/china-2019-douban-naf.xml", "{description: navigate up}", "[0,81][162,225]"),
    ("app-ui/china-2019-douban-naf.xml", "{id: image, index: 1}", "[381,1381][687,1687]"),
    ("app-ui/china-2019-douban-naf.xml", "{class: TextView, inside: {id: follow_view}}", "[387,460][525,543]"),
    ("app-ui/vivo-originos-permission-list-app.xml", "去设置", "[911,2166][1162,2298]"),
    (
        "app-ui/vivo-originos-permission-list-app.xml",
        "{id: btnAction, enabled: false, near: 通知权限}",
        "[911,1150][1162,1282]",
    ),
    (
        "app-ui/vivo-originos-permission-list-app.xml",
        "{id: tvTitle, below: 系统引导（防清理）, index: 0}",
        "[98,2084][378,2159]",
    ),
    ("app-ui/samsung-oneui-compose-tabs.xml", "{text: Configure}", "[724,1504][872,1552]"),
    ("app-ui/samsung-oneui-compose-tabs.xml", "{text: Devices, below: Topdon TC001}", "[349,2165][455,2204]"),
    ("app-ui/samsung-oneui-views-1440x3120.xml", "{class: RadioButton, checked: true}", "[508,275][932,443]"),
    ("app-ui/samsung-oneui-views-1440x3120.xml", "/export csv/i", "[515,667][925,807]"),
    ("system-dialog/vivo-originos-time-picker.xml", "{description: '8', selected: true}", "[287,1655][427,1795]"),
    ("system-dialog/vivo-originos-alert-dialog-a.xml", "确定", "[868,1741][1092,1909]"),
    ("system-dialog/samsung-oneui-usb-permission.xml", "{id: 'android:id/button2'}", "[102,2040][556,2148]"),
    (
        "permission-dialog/samsung-oneui-location-precise-approx-api31plus.xml",
        "{text: approximate, checked: false}",
        "[588,1196][978,1656]",
    ),
];

#[test]
fn selectors_of_each_kind_name_what_a_person_means_on_captured_screens() {
    let lexicon = Lexicon::builtin();
    let screens: Vec<(String, Tree)> = screens().collect();
    for (name, yaml, place) in MEANT.iter().filter(|_| !screens.is_empty()) {
        let (_, tree) = screens.iter().find(|(screen, _)| screen == name).unwrap_or_else(|| panic!("no {name}"));
        let found = selector(yaml).find(tree, &lexicon).unwrap_or_else(|error| panic!("{name}: {yaml}: {error}"));
        let at = tree.nodes[found].bounds;
        let at = format!("[{},{}][{},{}]", at.left, at.top, at.right, at.bottom);
        assert_eq!(at, *place, "{name}: {yaml}");
    }
}

/// Views that a plain look through all of them finds.
fn plainly(tree: &Tree, fits: impl Fn(NodeId, &Node) -> bool) -> Vec<NodeId> {
    (0..tree.nodes.len()).filter(|id| fits(*id, &tree.nodes[*id])).collect()
}

/// Whether a view stands somewhere within another.
fn within(tree: &Tree, mut id: NodeId, holder: NodeId) -> bool {
    while let Some(parent) = tree.nodes[id].parent {
        if parent == holder {
            return true;
        }
        id = parent;
    }
    false
}

#[test]
fn selectors_of_each_kind_find_what_a_plain_look_finds() {
    let lexicon = Lexicon::builtin();
    let mut compared = 0;
    for (name, tree) in screens() {
        let mut same = |selector: Selector, expected: Vec<NodeId>| {
            assert_eq!(selector.find_all(&tree, &lexicon), expected, "{name}: {selector}");
            for (index, id) in expected.iter().enumerate() {
                let chosen = Selector { index: Some(index), ..selector.clone() };
                assert_eq!(chosen.find(&tree, &lexicon), Ok(*id), "{name}: {chosen}");
            }
            match (selector.find(&tree, &lexicon), expected.as_slice()) {
                (Ok(one), several) => assert!(several.contains(&one), "{name}: {selector}"),
                (Err(FindError::Missing { nearest, .. }), none) => assert!(none.is_empty() && nearest.len() <= 5),
                (Err(error), several) => assert!(several.len() > 1, "{name}: {selector}: {error}"),
            }
            compared += 1;
        };
        for (id, node) in tree.nodes.iter().enumerate().take(MOST_SOUGHT) {
            if !node.resource_id.is_empty() {
                same(Selector::id(&*node.resource_id), plainly(&tree, |_, n| n.resource_id == node.resource_id));
            }
            if let Some(class) = node.class.rsplit(['.', '$']).next().filter(|class| !class.is_empty()) {
                let last =
                    |n: &Node| n.class.ends_with(&format!(".{class}")) || n.class.ends_with(&format!("${class}"));
                let states = Selector {
                    class: Some(class.to_owned()),
                    checked: Some(node.checked),
                    enabled: Some(node.enabled),
                    selected: Some(node.selected),
                    ..Selector::default()
                };
                let alike =
                    |n: &Node| (n.checked, n.enabled, n.selected) == (node.checked, node.enabled, node.selected);
                same(states, plainly(&tree, |_, n| last(n) && alike(n)));
            }
            let plain_words =
                !node.text.is_empty() && node.text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
            if plain_words {
                let exactly = Selector::text(format!("/^{}$/", node.text));
                same(exactly, plainly(&tree, |_, n| n.text == node.text || n.content_desc == node.text));
            }
            if let Some(parent) = node.parent {
                let inside = Selector { class: Some(tree.nodes[parent].class.to_string()), ..Selector::default() };
                let held = Selector { enabled: Some(true), inside: Some(Box::new(inside)), ..Selector::default() };
                let holders = plainly(&tree, |_, n| n.class == tree.nodes[parent].class);
                let holds = |id: NodeId| holders.iter().any(|holder| within(&tree, id, *holder));
                same(held, plainly(&tree, |id, n| n.enabled && holds(id)));
            }
            if node.short_id().is_empty() {
                continue;
            }
            let above = Some(Box::new(Selector::id(&*node.resource_id)));
            let bottoms = plainly(&tree, |_, n| n.resource_id == node.resource_id);
            let under = |n: &Node| bottoms.iter().any(|top| n.bounds.top >= tree.nodes[*top].bounds.bottom);
            let below = Selector { enabled: Some(true), below: above.clone(), ..Selector::default() };
            same(below, plainly(&tree, |_, n| n.enabled && under(n)));
            // Everything but the view itself is more or less near.
            let near = Selector { near: above, enabled: Some(true), ..Selector::default() };
            let alone = bottoms.len() == 1;
            same(near, plainly(&tree, |other, n| n.enabled && !(alone && other == id)));
        }
    }
    println!("{compared} selectors compared");
}

#[test]
fn screens_of_apps_are_no_dialogs_of_the_system() {
    let dialogs = Dialogs::builtin();
    for (name, tree) in screens().filter(|(name, _)| name.starts_with(APPS) || name.contains("time-picker")) {
        assert_eq!(dialogs.recognise(&tree), None, "{name}");
    }
}
