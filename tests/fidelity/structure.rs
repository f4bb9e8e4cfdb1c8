//! Every kind of capture beside what our program prints on a device of that level and maker. States differ (other apps,
//! other settings), so what is compared is the structure: what lines are about, both ways; their order; what they stand
//! below; the units of their figures. None of the numbers of differences may grow; ARCHITECTURE.md lists what they are, and
//! `APPWITNESS_DIFFERENCES=1` prints each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::bench::{Bench, capture, key};

/// How many differences there are at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Most {
    /// Keys of ours that no capture has.
    alone: usize,
    /// Captured keys that ours has not.
    missing: usize,
    /// Keys that come at another place than in the capture that is nearest.
    order: usize,
    /// Keys that stand below another than in any capture.
    nesting: usize,
    /// Keys whose figures have a unit that no capture has there.
    units: usize,
}

const fn most(alone: usize, missing: usize, order: usize, nesting: usize, units: usize) -> Most {
    Most { alone, missing, order, nesting, units }
}

/// One kind: its captures, the device to ask, what to ask it, and how far that may differ.
struct Kind {
    name: &'static str,
    captures: &'static [&'static str],
    profile: &'static str,
    command: &'static str,
    most: Most,
}

const OLD: &str = "preset=old,renders=false,rooted=true";
const NEW: &str = "api=34,skin=miui";
const OLDER: &str = "api=28";

const KINDS: &[Kind] = &[
    Kind {
        name: "activities, 23",
        captures: &["android-6.0.1-api23/dumpsys/activity-activities-permission-dialog.txt"],
        profile: OLD,
        command: "dumpsys activity activities",
        most: most(0, 16, 0, 0, 0),
    },
    Kind {
        name: "windows, 23",
        captures: &[
            "android-6.0.1-api23/dumpsys/window-windows-permission-dialog.txt",
            "android-6.0.1-api23/dumpsys/window-windows-home.txt",
        ],
        profile: OLD,
        command: "dumpsys window windows",
        most: most(2, 34, 1, 0, 0),
    },
    Kind {
        name: "app operations, 23",
        captures: &["android-6.0.1-api23/dumpsys/appops.txt"],
        profile: OLD,
        command: "dumpsys appops",
        most: most(0, 55, 0, 0, 0),
    },
    Kind {
        name: "battery, 23",
        captures: &["android-6.0.1-api23/dumpsys/battery.txt"],
        profile: OLD,
        command: "dumpsys battery",
        most: most(0, 1, 0, 0, 0),
    },
    Kind {
        name: "notifications, 23",
        captures: &["android-6.0.1-api23/dumpsys/notification.txt"],
        profile: OLD,
        command: "dumpsys notification",
        most: most(1, 59, 0, 0, 0),
    },
    Kind {
        name: "power, 23",
        captures: &["android-6.0.1-api23/dumpsys/power.txt"],
        profile: OLD,
        command: "dumpsys power",
        most: most(0, 43, 0, 0, 0),
    },
    Kind {
        name: "input method, 23",
        captures: &["android-6.0.1-api23/dumpsys/input-method.txt"],
        profile: OLD,
        command: "dumpsys input_method",
        most: most(0, 18, 0, 0, 0),
    },
    Kind {
        name: "memory, 23",
        captures: &["android-6.0.1-api23/dumpsys/meminfo.txt"],
        profile: OLD,
        command: "dumpsys meminfo test.perm",
        most: most(0, 23, 0, 1, 0),
    },
    Kind {
        name: "processes, 23",
        captures: &["android-6.0.1-api23/shell/ps.txt"],
        profile: OLD,
        command: "ps | head -1",
        most: most(0, 8, 0, 0, 0),
    },
    Kind {
        name: "properties, 23",
        captures: &["android-6.0.1-api23/shell/getprop.txt"],
        profile: OLD,
        command: "getprop",
        most: most(7, 140, 0, 0, 0),
    },
    Kind {
        name: "dangerous permissions, 23",
        captures: &["android-6.0.1-api23/shell/pm-list-permissions-g-d.txt"],
        profile: OLD,
        command: "pm list permissions -g -d",
        most: most(0, 0, 0, 0, 0),
    },
    Kind {
        name: "display, 23",
        captures: &["android-6.0.1-api23/shell/wm.txt"],
        profile: OLD,
        command: "wm size; wm density",
        most: most(0, 14, 0, 0, 0),
    },
    Kind {
        name: "app operations, 31",
        captures: &["appops/appops-get-uid-and-package-mode-api31-miui13.txt"],
        profile: "api=31,skin=miui",
        command: "cmd appops set --uid test.perm READ_CLIPBOARD foreground; cmd appops set test.perm READ_CLIPBOARD deny; cmd appops get test.perm",
        most: most(0, 1, 0, 0, 0),
    },
    Kind {
        name: "app operations, 34",
        captures: &["appops/xiaomi-pipa-hyperos2-api34-dumpsys-appops-head.txt", "appops/mvt-dumpsys-appops.txt"],
        profile: NEW,
        command: "dumpsys appops",
        most: most(0, 738, 0, 0, 0),
    },
    Kind {
        name: "build properties",
        captures: &[
            "build-prop/generic-gsi-system-build.prop",
            "build-prop/nexus5x-bullhead-system-build.prop",
            "build-prop/nexus6p-angler-system-build.prop",
            "build-prop/nexusplayer-fugu-system-build.prop",
        ],
        profile: OLD,
        command: "cat /system/build.prop",
        most: most(0, 190, 21, 0, 0),
    },
    Kind {
        name: "accessibility, 34",
        captures: &[
            "dumpsys-accessibility/xiaomi-pipa-hyperos2-api34-accessibility.txt",
            "dumpsys-accessibility/mvt-accessibility-v14plus.txt",
        ],
        profile: NEW,
        command: "dumpsys accessibility",
        most: most(0, 45, 0, 0, 0),
    },
    Kind {
        name: "activities, 28 and later",
        captures: &[
            "dumpsys-activity/phone-api28-taskrecord-excerpt.txt",
            "dumpsys-activity/mediatek-aosp-activity-activities.txt",
        ],
        profile: OLDER,
        command: "dumpsys activity activities",
        most: most(18, 259, 0, 8, 0),
    },
    Kind {
        name: "resumed activity, 34",
        captures: &[
            "dumpsys-activity/xiaomi-pipa-hyperos2-api34-activity-resumed.txt",
            "dumpsys-activity/mediatek-aosp-activity-activities.txt",
        ],
        profile: NEW,
        command: "dumpsys activity activities | grep -E 'ResumedActivity'",
        most: most(0, 329, 0, 2, 0),
    },
    Kind {
        name: "top activity",
        captures: &["dumpsys-activity/vivo-funtouch-activity-top.txt", "android-6.0.1-api23/dumpsys/activity-top.txt"],
        profile: OLD,
        command: "dumpsys activity top",
        most: most(2, 437, 0, 3, 0),
    },
    Kind {
        name: "idle, 34",
        captures: &["dumpsys-misc/xiaomi-pipa-hyperos2-api34-deviceidle.txt"],
        profile: NEW,
        command: "dumpsys deviceidle",
        most: most(0, 111, 0, 0, 0),
    },
    Kind {
        name: "notifications, vivo",
        captures: &["dumpsys-notification/vivo-originos-notification-head.txt"],
        profile: "api=33,skin=originos",
        command: "dumpsys notification",
        most: most(1, 81, 0, 0, 0),
    },
    Kind {
        name: "package, 35 and later",
        captures: &[
            "dumpsys-package/samsung-oneui-api35plus-axisight.txt",
            "dumpsys-package/mvt-dumpsys-packages.txt",
            "dumpsys-package/android-docs-runtime-permission-flags-after-denials.txt",
            "dumpsys-package/vivo-originos-launchrecorder.txt",
        ],
        profile: "api=35,skin=samsung",
        command: "dumpsys package test.perm",
        most: most(4, 375, 2, 2, 0),
    },
    Kind {
        name: "windows, vivo",
        captures: &["dumpsys-window/vivo-funtouch-windows.txt"],
        profile: OLDER,
        command: "dumpsys window windows",
        most: most(8, 74, 0, 2, 0),
    },
    Kind {
        name: "properties, 33 and later",
        captures: &[
            "getprop/motorola-berlin-api33.txt",
            "getprop/samsung-s25plus-oneui85-api36.txt",
            "getprop/xiaomi-pipa-hyperos2-api34.txt",
            "getprop/mvt-short.txt",
        ],
        profile: NEW,
        command: "getprop",
        most: most(4, 2266, 0, 0, 0),
    },
    Kind {
        name: "installed apps, 34",
        captures: &[
            "pm-list/xiaomi-pipa-hyperos2-api34-list-packages-f.txt",
            "pm-list/xiaomi-pipa-hyperos2-api34-list-packages-3.txt",
            "pm-list/xiaomi-pipa-hyperos2-api34-list-packages-s.txt",
        ],
        profile: NEW,
        command: "pm list packages -3; pm list packages -f -3",
        most: most(0, 0, 0, 0, 0),
    },
    Kind {
        name: "processes, later",
        captures: &["ps/mvt-ps.txt"],
        profile: NEW,
        command: "ps -A | head -1",
        most: most(0, 1, 0, 0, 0),
    },
    Kind {
        name: "global settings, 34",
        captures: &["settings/xiaomi-pipa-hyperos2-api34-global.txt", "settings/mvt-settings.txt"],
        profile: NEW,
        command: "settings list global",
        most: most(0, 42, 0, 0, 0),
    },
    Kind {
        name: "system settings, 34",
        captures: &[
            "settings/xiaomi-pipa-hyperos2-api34-system.txt",
            "settings/mvt-settings.txt",
            "android-6.0.1-api23/shell/settings.txt",
        ],
        profile: NEW,
        command: "settings list system",
        most: most(0, 50, 0, 0, 0),
    },
    Kind {
        name: "random events",
        captures: &["monkey/emulator-monkey-200.txt", "android-6.0.1-api23/shell/monkey.txt"],
        profile: NEW,
        command: "monkey -p test.perm 5",
        most: most(0, 15, 0, 0, 0),
    },
];

/// What a line is about, the line it stands below, and the units of its figures.
struct Line {
    key: String,
    below: String,
    units: BTreeSet<String>,
}

/// A property's, setting's or package's line is about its whole name.
fn of(kind: &Kind, text: &str) -> Vec<Line> {
    let named = |line: &str, end: char| Line {
        key: line.split(end).next().unwrap_or_default().to_owned(),
        below: String::new(),
        units: BTreeSet::new(),
    };
    if kind.command.starts_with("getprop") {
        return text.lines().filter(|l| l.starts_with('[')).map(|l| named(l, ':')).collect();
    }
    if kind.command.contains("build.prop") || kind.command.starts_with("settings") {
        return text.lines().filter(|l| !l.starts_with('#') && l.contains('=')).map(|l| named(l, '=')).collect();
    }
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines() {
        let Some(key) = key(line) else { continue };
        let indent = line.len() - line.trim_start().len();
        above.retain(|(deep, _)| *deep < indent);
        let below = above.last().map(|(_, key)| key.clone()).unwrap_or_default();
        above.push((indent, key.clone()));
        lines.push(Line { key, below, units: units(line) });
    }
    lines
}

/// What figures are followed by: `span` for a time as `TimeUtils` writes it (`1m18s233ms`), else `kB`, `%`, `dp` …
fn units(line: &str) -> BTreeSet<String> {
    static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
        let span = r"(?:\d+(?:d|h|m|s|ms|us|ns))+";
        Regex::new(&format!(
            r"(?:^|[\s=:(,+-])(?:({span})|\d+(?:\.\d+)?(kB|KB|MB|Kb|K|M|b|%|dp|px|dpi|C))(?:$|[\s;:,)\]])"
        ))
        .unwrap()
    });
    let unit = |found: regex::Captures| found.get(2).map_or("span".to_owned(), |unit| unit.as_str().to_owned());
    FIGURE.captures_iter(line).map(unit).collect()
}

/// Each key once, where it comes first.
fn once(lines: &[Line]) -> Vec<&String> {
    let mut met = BTreeSet::new();
    lines.iter().map(|line| &line.key).filter(|key| met.insert(*key)).collect()
}

/// Keys of both that are not in the longest common order of the two.
fn moved<'a>(own: &[&'a String], captured: &[&String]) -> Vec<&'a String> {
    let at: Vec<(usize, &String)> =
        own.iter().filter_map(|key| Some((captured.iter().position(|other| other == key)?, *key))).collect();
    // The longest rising sequence of places, by its length up to each key.
    let mut best: Vec<(usize, Option<usize>)> = Vec::new();
    for (n, (place, _)) in at.iter().enumerate() {
        let before = (0..n).filter(|m| at[*m].0 < *place).max_by_key(|m| best[*m].0);
        best.push((before.map_or(1, |m| best[m].0 + 1), before));
    }
    let mut kept = BTreeSet::new();
    let mut last = (0..at.len()).max_by_key(|n| best[*n].0);
    while let Some(n) = last {
        kept.insert(n);
        last = best[n].1;
    }
    at.iter().enumerate().filter(|(n, _)| !kept.contains(n)).map(|(_, (_, key))| *key).collect()
}

/// What differs, by kind of difference.
fn differences<'a>(own: &'a [Line], captured: &'a [Vec<Line>]) -> [Vec<&'a String>; 5] {
    let all = || captured.iter().flatten();
    let theirs: BTreeSet<&String> = all().map(|line| &line.key).collect();
    let keys = once(own);
    let ours: BTreeSet<&String> = keys.iter().copied().collect();
    let alone = keys.iter().copied().filter(|key| !theirs.contains(key)).collect();
    let missing = theirs.iter().copied().filter(|key| !ours.contains(key)).collect();
    // The capture that is nearest is the one that shares most with ours.
    let shared = |lines: &&Vec<Line>| once(lines).iter().filter(|key| ours.contains(*key)).count();
    let order = captured.iter().max_by_key(shared).map(|lines| moved(&keys, &once(lines))).unwrap_or_default();
    let common: BTreeSet<&String> = ours.intersection(&theirs).copied().collect();
    let mut nesting = BTreeSet::new();
    let mut units = BTreeSet::new();
    for line in own.iter().filter(|line| common.contains(&line.key)) {
        let same = || all().filter(|other| other.key == line.key);
        if !same().any(|other| other.below == line.below) {
            nesting.insert(&line.key);
        }
        if line.units.iter().any(|unit| !same().any(|other| other.units.contains(unit))) {
            units.insert(&line.key);
        }
    }
    [alone, missing, order, nesting.into_iter().collect(), units.into_iter().collect()]
}

#[tokio::test]
async fn what_we_print_has_the_structure_of_the_captures() {
    let mut benches: BTreeMap<&str, Bench> = BTreeMap::new();
    let mut wrong = Vec::new();
    for kind in KINDS {
        let captured: Option<Vec<String>> = kind.captures.iter().map(|name| capture(name)).collect();
        let Some(captured) = captured else { return };
        if !benches.contains_key(kind.profile) {
            let bench = Bench::new(&format!("structure-{}", benches.len()), kind.profile).await;
            bench.says("am start -n test.perm/.Main").await;
            benches.insert(kind.profile, bench);
        }
        let said = benches[kind.profile].says(kind.command).await;
        let own = of(kind, &said);
        let captured: Vec<Vec<Line>> = captured.iter().map(|text| of(kind, text)).collect();
        let found = differences(&own, &captured);
        let [alone, missing, order, nesting, units] = [0, 1, 2, 3, 4].map(|n: usize| found[n].len());
        println!("| {} | {} | {alone} | {missing} | {order} | {nesting} | {units} |", kind.name, once(&own).len());
        if std::env::var_os("APPWITNESS_DIFFERENCES").is_some() {
            for (what, keys) in ["alone", "missing", "order", "nesting", "units"].iter().zip(&found) {
                keys.iter().for_each(|key| println!("    {what}: {key}"));
            }
        }
        let least = [kind.most.alone, kind.most.missing, kind.most.order, kind.most.nesting, kind.most.units];
        let grown = found.iter().zip(least).any(|(keys, most)| keys.len() > most);
        if own.is_empty() || grown {
            let shown = found.each_ref().map(|keys| keys.iter().take(12).collect::<Vec<_>>());
            let (name, most) = (kind.name, kind.most);
            wrong.push(format!(
                "{name}: {most:?} at most, found {alone}, {missing}, {order}, {nesting}, {units}: {shown:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn differences_of_structure_are_found() {
    let kind = &KINDS[0];
    let captured = [of(kind, "Head:\n  size=5ms\n  name=a\nTail:\n  rate=3%\n")];
    let found = |own: &str| {
        let own = of(kind, own);
        differences(&own, &captured).map(|keys| keys.len())
    };
    assert_eq!(found("Head:\n  size=7ms\n  name=b\nTail:\n  rate=1%\n"), [0, 0, 0, 0, 0]);
    assert_eq!(found("Head:\n  size=7ms\n"), [0, 3, 0, 0, 0], "what is missing counts");
    assert_eq!(found("Head:\n  name=b\n  size=7ms\nTail:\n  rate=1%\n"), [0, 0, 1, 0, 0]);
    assert_eq!(found("Head:\n  size=7ms\n  name=b\n  rate=1%\nTail:\n"), [0, 0, 1, 1, 0]);
    assert_eq!(found("Head:\n  size=7kB\n  name=b\nTail:\n  rate=1%\n"), [0, 0, 0, 0, 1]);
    assert_eq!(found("Head:\n  size=7ms\n  colour=b\n  name=b\nTail:\n  rate=1%\n"), [1, 0, 0, 0, 0]);
}

/// Attributes of nodes come in one of the two captured orders, in every hierarchy there is.
#[tokio::test]
async fn hierarchies_have_the_captured_attributes_in_their_order() {
    let order = |xml: &str| -> BTreeSet<Vec<String>> {
        let document = roxmltree::Document::parse(xml).unwrap();
        let nodes = document.descendants().filter(|node| node.has_tag_name("node"));
        nodes.map(|n| n.attributes().map(|a| a.name().to_owned()).filter(|a| a != "NAF").collect()).collect()
    };
    let mut ours = BTreeSet::new();
    for profile in [OLD, NEW, "api=36,skin=samsung"] {
        let bench = Bench::new(&format!("attributes-{}", ours.len()), profile).await;
        ours.extend(order(&bench.dump().await));
    }
    let captures = [
        "android-6.0.1-api23/hierarchy/launcher-home.xml",
        "android-6.0.1-api23/hierarchy/permission-second-never-ask-again.xml",
        "app-ui/china-2019-douban-naf.xml",
        "app-ui/samsung-oneui-compose-tabs.xml",
        "app-ui/samsung-oneui-views-1440x3120.xml",
        "permission-dialog/pixel-emulator-location-precise-approx-drawing-order.xml",
        "permission-dialog/samsung-oneui-camera-api31plus.xml",
        "system-dialog/emulator-anr-system-320px.xml",
        "system-dialog/samsung-oneui-crash-keeps-stopping.xml",
    ];
    let mut met = BTreeSet::new();
    for name in captures {
        let Some(text) = capture(name) else { return };
        for attributes in order(&text) {
            assert!(ours.contains(&attributes), "{name}: {attributes:?} is no order of ours: {ours:?}");
            met.insert(attributes);
        }
    }
    assert_eq!(met, ours, "every order of ours was captured");
}
