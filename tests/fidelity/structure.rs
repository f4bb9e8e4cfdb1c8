//! Every kind of capture beside what our program prints on a device of that level and maker. States differ (other apps,
//! other settings), so what is compared is the structure: what lines are about, their order of words, indentation and
//! units. What we print and no capture of the kind has must not grow; ARCHITECTURE.md lists what it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::bench::{Bench, capture, keys};

/// One kind: its captures, the device to ask, what to ask it, and how many keys of ours are in no capture.
struct Kind {
    name: &'static str,
    captures: &'static [&'static str],
    profile: &'static str,
    command: &'static str,
    ours_alone: usize,
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
        ours_alone: 0,
    },
    Kind {
        name: "windows, 23",
        captures: &[
            "android-6.0.1-api23/dumpsys/window-windows-permission-dialog.txt",
            "android-6.0.1-api23/dumpsys/window-windows-home.txt",
        ],
        profile: OLD,
        command: "dumpsys window windows",
        ours_alone: 2,
    },
    Kind {
        name: "app operations, 23",
        captures: &["android-6.0.1-api23/dumpsys/appops.txt"],
        profile: OLD,
        command: "dumpsys appops",
        ours_alone: 0,
    },
    Kind {
        name: "battery, 23",
        captures: &["android-6.0.1-api23/dumpsys/battery.txt"],
        profile: OLD,
        command: "dumpsys battery",
        ours_alone: 0,
    },
    Kind {
        name: "notifications, 23",
        captures: &["android-6.0.1-api23/dumpsys/notification.txt"],
        profile: OLD,
        command: "dumpsys notification",
        ours_alone: 1,
    },
    Kind {
        name: "power, 23",
        captures: &["android-6.0.1-api23/dumpsys/power.txt"],
        profile: OLD,
        command: "dumpsys power",
        ours_alone: 0,
    },
    Kind {
        name: "input method, 23",
        captures: &["android-6.0.1-api23/dumpsys/input-method.txt"],
        profile: OLD,
        command: "dumpsys input_method",
        ours_alone: 0,
    },
    Kind {
        name: "memory, 23",
        captures: &["android-6.0.1-api23/dumpsys/meminfo.txt"],
        profile: OLD,
        command: "dumpsys meminfo test.perm",
        ours_alone: 0,
    },
    Kind {
        name: "processes, 23",
        captures: &["android-6.0.1-api23/shell/ps.txt"],
        profile: OLD,
        command: "ps | head -1",
        ours_alone: 0,
    },
    Kind {
        name: "properties, 23",
        captures: &["android-6.0.1-api23/shell/getprop.txt"],
        profile: OLD,
        command: "getprop",
        ours_alone: 7,
    },
    Kind {
        name: "dangerous permissions, 23",
        captures: &["android-6.0.1-api23/shell/pm-list-permissions-g-d.txt"],
        profile: OLD,
        command: "pm list permissions -g -d",
        ours_alone: 0,
    },
    Kind {
        name: "display, 23",
        captures: &["android-6.0.1-api23/shell/wm.txt"],
        profile: OLD,
        command: "wm size; wm density",
        ours_alone: 0,
    },
    Kind {
        name: "app operations, 31",
        captures: &["appops/appops-get-uid-and-package-mode-api31-miui13.txt"],
        profile: "api=31,skin=miui",
        command: "cmd appops set --uid test.perm READ_CLIPBOARD foreground; cmd appops set test.perm READ_CLIPBOARD deny; cmd appops get test.perm",
        ours_alone: 0,
    },
    Kind {
        name: "app operations, 34",
        captures: &["appops/xiaomi-pipa-hyperos2-api34-dumpsys-appops-head.txt", "appops/mvt-dumpsys-appops.txt"],
        profile: NEW,
        command: "dumpsys appops",
        ours_alone: 0,
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
        ours_alone: 0,
    },
    Kind {
        name: "accessibility, 34",
        captures: &[
            "dumpsys-accessibility/xiaomi-pipa-hyperos2-api34-accessibility.txt",
            "dumpsys-accessibility/mvt-accessibility-v14plus.txt",
        ],
        profile: NEW,
        command: "dumpsys accessibility",
        ours_alone: 0,
    },
    Kind {
        name: "activities, 28 and later",
        captures: &[
            "dumpsys-activity/phone-api28-taskrecord-excerpt.txt",
            "dumpsys-activity/mediatek-aosp-activity-activities.txt",
        ],
        profile: OLDER,
        command: "dumpsys activity activities",
        ours_alone: 18,
    },
    Kind {
        name: "resumed activity, 34",
        captures: &[
            "dumpsys-activity/xiaomi-pipa-hyperos2-api34-activity-resumed.txt",
            "dumpsys-activity/mediatek-aosp-activity-activities.txt",
        ],
        profile: NEW,
        command: "dumpsys activity activities | grep -E 'ResumedActivity'",
        ours_alone: 0,
    },
    Kind {
        name: "top activity",
        captures: &["dumpsys-activity/vivo-funtouch-activity-top.txt", "android-6.0.1-api23/dumpsys/activity-top.txt"],
        profile: OLD,
        command: "dumpsys activity top",
        ours_alone: 2,
    },
    Kind {
        name: "idle, 34",
        captures: &["dumpsys-misc/xiaomi-pipa-hyperos2-api34-deviceidle.txt"],
        profile: NEW,
        command: "dumpsys deviceidle",
        ours_alone: 0,
    },
    Kind {
        name: "notifications, vivo",
        captures: &["dumpsys-notification/vivo-originos-notification-head.txt"],
        profile: "api=33,skin=originos",
        command: "dumpsys notification",
        ours_alone: 1,
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
        ours_alone: 4,
    },
    Kind {
        name: "windows, vivo",
        captures: &["dumpsys-window/vivo-funtouch-windows.txt"],
        profile: OLDER,
        command: "dumpsys window windows",
        ours_alone: 8,
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
        ours_alone: 4,
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
        ours_alone: 0,
    },
    Kind {
        name: "processes, later",
        captures: &["ps/mvt-ps.txt"],
        profile: NEW,
        command: "ps -A | head -1",
        ours_alone: 0,
    },
    Kind {
        name: "global settings, 34",
        captures: &["settings/xiaomi-pipa-hyperos2-api34-global.txt", "settings/mvt-settings.txt"],
        profile: NEW,
        command: "settings list global",
        ours_alone: 0,
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
        ours_alone: 0,
    },
    Kind {
        name: "random events",
        captures: &["monkey/emulator-monkey-200.txt", "android-6.0.1-api23/shell/monkey.txt"],
        profile: NEW,
        command: "monkey -p test.perm 5",
        ours_alone: 0,
    },
];

/// A property's, setting's or package's line is about its whole name.
fn of(kind: &Kind, text: &str) -> BTreeSet<String> {
    let name = |line: &str, end: &[char]| line.split(end).next().unwrap_or_default().to_owned();
    if kind.command.starts_with("getprop") {
        return text.lines().filter(|l| l.starts_with('[')).map(|l| name(l, &[':'])).collect();
    }
    if kind.command.contains("build.prop") || kind.command.starts_with("settings") {
        return text.lines().filter(|l| !l.starts_with('#') && l.contains('=')).map(|l| name(l, &['='])).collect();
    }
    keys(text)
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
        let captured: BTreeSet<String> = captured.iter().flat_map(|text| of(kind, text)).collect();
        let alone: Vec<&String> = own.difference(&captured).collect();
        println!("| {} | {} | {} | {} |", kind.name, own.len(), alone.len(), captured.len());
        if std::env::var_os("APPWITNESS_DIFFERENCES").is_some() {
            alone.iter().for_each(|key| println!("    {key}"));
        }
        if own.is_empty() || alone.len() > kind.ours_alone {
            wrong.push(format!("{}: {} of {} keys are in no capture: {alone:?}", kind.name, alone.len(), own.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
