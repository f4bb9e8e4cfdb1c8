//! The parsers against captured outputs of real devices.

use std::io::Write as _;
use std::path::PathBuf;

use super::*;
use crate::journal::entry::{Answer, PromptKind};
use crate::ui::{Lexicon, Node, Selector};

/// The captured files, or `None` (said once per test) when they are not there.
pub(super) fn fixtures() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/fixtures");
    let folder = std::env::var_os("APPWITNESS_FIXTURES").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    // Past the test's own output, which is shown of failing tests only.
    writeln!(std::io::stderr(), "skipped: no fixtures at {}", folder.display()).unwrap();
    None
}

fn read(folder: &std::path::Path, name: &str) -> String {
    let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn tree(folder: &std::path::Path, name: &str) -> Tree {
    parse_hierarchy(read(folder, name).as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_captured_hierarchy_is_read() {
    let Some(folder) = fixtures() else { return };
    let mut read = 0;
    for part in ["app-ui", "permission-dialog", "system-dialog", "android-6.0.1-api23/hierarchy"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ext| ext == "xml") {
                let bytes = std::fs::read(&path).unwrap();
                let tree = parse_hierarchy(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let nodes = String::from_utf8_lossy(&bytes).matches("<node").count();
                assert_eq!(tree.nodes.len(), nodes, "{}", path.display());
                assert!(tree.bounds().area() > 0 && !tree.package().is_empty(), "{}", path.display());
                read += 1;
            }
        }
    }
    assert!(read > 25, "{read}");
}

/// File, question, group, answers in order, page.
type Expected = (&'static str, &'static str, &'static str, &'static [Answer], Option<(u32, u32)>);

#[test]
fn permission_dialogs_are_recognised_with_their_buttons() {
    use Answer::{Allow, AllowForeground, AllowOnce, Deny, DenyForGood};
    const THREE: &[Answer] = &[AllowForeground, AllowOnce, Deny];
    let Some(folder) = fixtures() else { return };
    let cases: [Expected; 10] = [
        (
            "permission-dialog/pixel-emulator-location-precise-approx-drawing-order.xml",
            "location",
            "LOCATION",
            THREE,
            None,
        ),
        ("permission-dialog/samsung-oneui-location-precise-approx-api31plus.xml", "location", "LOCATION", THREE, None),
        ("permission-dialog/samsung-oneui-camera-api31plus.xml", "take pictures", "CAMERA", THREE, None),
        (
            "permission-dialog/samsung-oneui-nearby-devices-api31plus.xml",
            "nearby",
            "NEARBY_DEVICES",
            &[Allow, Deny],
            None,
        ),
        (
            "permission-dialog/samsung-oneui-notifications-api33plus.xml",
            "notifications",
            "NOTIFICATIONS",
            &[Allow, Deny],
            None,
        ),
        (
            "android-6.0.1-api23/hierarchy/permission-first-1-of-3.xml",
            "take pictures",
            "CAMERA",
            &[Deny, Allow],
            Some((1, 3)),
        ),
        (
            "android-6.0.1-api23/hierarchy/permission-first-2-of-3.xml",
            "contacts",
            "CONTACTS",
            &[Deny, Allow],
            Some((2, 3)),
        ),
        (
            "android-6.0.1-api23/hierarchy/permission-first-3-of-3.xml",
            "location",
            "LOCATION",
            &[Deny, Allow],
            Some((3, 3)),
        ),
        (
            "android-6.0.1-api23/hierarchy/permission-second-never-ask-again.xml",
            "take pictures",
            "CAMERA",
            &[Deny, Allow],
            Some((1, 3)),
        ),
        (
            "android-6.0.1-api23/hierarchy/permission-second-box-ticked-allow-disabled.xml",
            "take pictures",
            "CAMERA",
            &[DenyForGood],
            Some((1, 3)),
        ),
    ];
    let dialogs = Dialogs::builtin();
    for (name, question, group, answers, page) in cases {
        let tree = tree(&folder, name);
        let dialog = dialogs.recognise(&tree).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(dialog.what, PromptKind::Permission, "{name}");
        assert!(dialog.question.contains(question), "{name}: {}", dialog.question);
        assert_eq!(dialog.groups, [group], "{name}");
        let given: Vec<Answer> = dialog.buttons.iter().filter_map(|button| button.answer).collect();
        assert_eq!(given, answers, "{name}");
        assert_eq!(dialog.buttons.len(), answers.len(), "{name}: a button without an answer");
        assert_eq!((dialog.page, dialog.bounds), (page, tree.bounds()), "{name}");
        assert!(dialog.by.contains("permissioncontroller") || dialog.by.contains("packageinstaller"), "{name}");
    }
}

#[test]
fn a_refusal_for_good_is_the_box_and_then_the_refusal() {
    let Some(folder) = fixtures() else { return };
    let dialogs = Dialogs::builtin();
    let second =
        dialogs.recognise(&tree(&folder, "android-6.0.1-api23/hierarchy/permission-second-never-ask-again.xml"));
    let way = second.unwrap().way_to(Answer::DenyForGood).unwrap();
    assert_eq!(way.iter().map(|touch| touch.text.as_str()).collect::<Vec<_>>(), ["Never ask again", "Deny"]);
    let first = dialogs.recognise(&tree(&folder, "android-6.0.1-api23/hierarchy/permission-first-1-of-3.xml")).unwrap();
    assert_eq!(first.way_to(Answer::DenyForGood), None);
    assert_eq!(first.way_to(Answer::Deny).unwrap().len(), 1);
}

#[test]
fn other_system_dialogs_are_recognised_and_dialogs_of_apps_are_not() {
    let Some(folder) = fixtures() else { return };
    let dialogs = Dialogs::builtin();
    let cases = [
        ("system-dialog/emulator-anr-system-320px.xml", PromptKind::NotResponding, "Process system isn't responding"),
        ("system-dialog/samsung-oneui-crash-keeps-stopping.xml", PromptKind::Crash, "buccancs keeps stopping"),
        ("system-dialog/samsung-oneui-usb-permission.xml", PromptKind::Other, "Allow buccancs to access USB Camera?"),
        ("android-6.0.1-api23/hierarchy/anr-dialog.xml", PromptKind::NotResponding, "API Demos isn't responding."),
        ("android-6.0.1-api23/hierarchy/anr-dialog-by-u2jar.xml", PromptKind::NotResponding, "API Demos isn't"),
    ];
    for (name, what, question) in cases {
        let dialog = dialogs.recognise(&tree(&folder, name)).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(dialog.what, what, "{name}");
        assert!(dialog.question.starts_with(question), "{name}: {}", dialog.question);
        assert_eq!(dialog.buttons.len(), 2, "{name}");
        assert!(dialog.buttons.iter().all(|button| button.answer.is_none()), "{name}");
    }
    let apps = ["appcompat-alert-exit-app.xml", "appcompat-alert-one-button.xml", "vivo-originos-alert-dialog-a.xml"];
    for name in apps.map(|name| format!("system-dialog/{name}")) {
        assert_eq!(dialogs.recognise(&tree(&folder, &name)), None, "{name}");
    }
    for name in ["app-consent-dialog-zh.xml", "app-nag-dialog-zh.xml", "launcher-home.xml", "apidemos-home.xml"] {
        let name = format!("android-6.0.1-api23/hierarchy/{name}");
        assert_eq!(dialogs.recognise(&tree(&folder, &name)), None, "{name}");
    }
}

/// The words of every release's buttons in the extracted strings are known.
#[test]
fn every_extracted_button_text_has_its_answer() {
    let Some(folder) = fixtures() else { return };
    let dialogs = Dialogs::builtin();
    let table = read(&folder, "permission-dialog/aosp-dialog-ids-and-strings-api23-34.tsv");
    let mut known = 0;
    for line in table.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [_, "string", name, english, chinese] = cells.as_slice() else { continue };
        let expected = match name.strip_prefix("grant_dialog_button_") {
            Some("allow" | "allow_always" | "allow_background" | "allow_all" | "always_allow_all") => Answer::Allow,
            Some("allow_foreground") => Answer::AllowForeground,
            Some("allow_one_time") => Answer::AllowOnce,
            Some("allow_selected_photos" | "allow_limited_access") => Answer::AllowSelected,
            Some("deny" | "deny_anyway") => Answer::Deny,
            Some("deny_and_dont_ask_again") => Answer::DenyForGood,
            _ => continue,
        };
        for text in [*english, *chinese] {
            let text =
                text.trim_matches('"').replace("\\u2019", "\u{2019}").replace("\\u0026", "&").replace("\\'", "'");
            let button = Node { text: text.clone(), clickable: true, enabled: true, ..Node::default() };
            let root = Node { package: "com.android.permissioncontroller".into(), ..Node::default() };
            let button = Node { parent: Some(0), depth: 1, ..button };
            let refuse = Node { text: "Deny".to_owned(), ..button.clone() };
            let dialog = dialogs.recognise(&Tree { rotation: 0, nodes: vec![root, button, refuse] });
            let answer = dialog.and_then(|dialog| dialog.buttons[0].answer);
            assert_eq!(answer, Some(expected), "{name} {text}");
            known += 1;
        }
    }
    assert!(known > 40, "{known}");
}

#[test]
fn miui_dialogs_without_button_class_or_ids_are_recognised() {
    let lbe = "com.lbe.security.miui".to_owned();
    let node = |parent, depth, id: &str, text: &str, clickable| Node {
        parent: Some(parent),
        depth,
        resource_id: if id.is_empty() { String::new() } else { format!("com.lbe.security.miui:id/{id}") },
        text: text.to_owned(),
        package: lbe.as_str().into(),
        clickable,
        enabled: true,
        ..Node::default()
    };
    let root = Node { package: lbe.as_str().into(), ..Node::default() };
    let named = Tree {
        rotation: 0,
        nodes: vec![
            root.clone(),
            node(0, 1, "permission_with_three", "", false),
            node(1, 2, "permission_allow_foreground_only_button", "仅在使用中允许", true),
            node(1, 2, "permission_deny_button", "拒绝", true),
        ],
    };
    let dialogs = Dialogs::builtin();
    let dialog = dialogs.recognise(&named).unwrap();
    assert_eq!(dialog.entry, "permission");
    assert!(dialog.button(Answer::AllowForeground).is_some() && dialog.button(Answer::Deny).is_some());
    let plain = Tree {
        rotation: 0,
        nodes: vec![
            root,
            node(0, 1, "", "是否允许“某应用”获取此设备的位置信息？", false),
            node(0, 1, "buttonPanel", "", false),
            node(2, 2, "", "仅在使用中允许", true),
            node(2, 2, "", "始终允许", true),
            node(2, 2, "", "拒绝", true),
        ],
    };
    let dialog = dialogs.recognise(&plain).unwrap();
    assert_eq!(
        (dialog.entry.as_str(), dialog.groups.as_slice()),
        ("permission-by-words", &["LOCATION".to_owned()][..])
    );
    let answers: Vec<_> = dialog.buttons.iter().map(|button| button.answer).collect();
    assert_eq!(answers, [Some(Answer::AllowForeground), Some(Answer::Allow), Some(Answer::Deny)]);
}

#[test]
fn a_makers_own_name_for_the_permission_module_is_recognised_by_how_it_ends() {
    let dialogs = Dialogs::builtin();
    let asked = |package: &str| {
        let node = |parent: Option<usize>, text: &str, clickable| Node {
            parent,
            depth: parent.map_or(0, |_| 1),
            text: text.to_owned(),
            package: package.into(),
            clickable,
            enabled: true,
            ..Node::default()
        };
        let question = node(Some(0), "要允许“某应用”访问您的通讯录吗？", false);
        let nodes = vec![node(None, "", false), question, node(Some(0), "允许", true), node(Some(0), "不允许", true)];
        dialogs.recognise(&Tree { rotation: 0, nodes }).map(|dialog| (dialog.what, dialog.groups))
    };
    for package in ["com.maker.permissioncontroller", "com.maker.systemmanager", "org.os.securitypermission"] {
        assert_eq!(asked(package), Some((PromptKind::Permission, vec!["CONTACTS".to_owned()])), "{package}");
    }
    for package in ["com.maker.launcher", "com.maker.mypermissioncontroller", "permissioncontroller.app"] {
        assert_eq!(asked(package), None, "{package}");
    }
}

#[test]
fn focus_in_the_forms_of_all_releases() {
    let Some(folder) = fixtures() else { return };
    let focus = |name: &str| parse_focus(&read(&folder, name));
    let grant = "com.android.packageinstaller/.permission.ui.GrantPermissionsActivity";
    let windows = focus("android-6.0.1-api23/dumpsys/window-windows-permission-dialog.txt");
    let window = "com.android.packageinstaller/com.android.packageinstaller.permission.ui.GrantPermissionsActivity";
    assert_eq!((windows.window.as_deref(), windows.resumed.as_deref()), (Some(window), Some(grant)));
    assert_eq!(windows.above, Some(false), "a permission dialog is an activity");
    let activities = focus("android-6.0.1-api23/dumpsys/activity-activities-permission-dialog.txt");
    assert_eq!((activities.window, activities.resumed.as_deref()), (None, Some(grant)));
    let mediatek = focus("dumpsys-activity/mediatek-aosp-activity-activities.txt");
    assert_eq!(mediatek.window.as_deref(), Some("NotificationShade"));
    assert_eq!(mediatek.resumed.as_deref(), Some("com.mediatek.camera/.CameraLauncher"));
    assert_eq!(mediatek.package(), Some("com.mediatek.camera"));
    let xiaomi = focus("dumpsys-activity/xiaomi-pipa-hyperos2-api34-activity-resumed.txt");
    assert_eq!(xiaomi.resumed.as_deref(), Some("com.termux/.app.TermuxActivity"));
    assert_eq!(xiaomi.window.as_deref(), Some("com.termux/com.termux.app.TermuxActivity"));
    let api28 = focus("dumpsys-activity/phone-api28-taskrecord-excerpt.txt");
    assert_eq!(api28.resumed.as_deref(), Some("app.pluct/.PluctUIScreen01MainActivity"));
    assert_eq!(parse_focus("  mCurrentFocus=null\n").window, None);
    let vivo = read(&folder, "dumpsys-window/vivo-funtouch-windows.txt");
    let focused = |window: &str| parse_focus(&format!("{vivo}\n  mCurrentFocus=Window{{{window}}}\n")).above;
    assert_eq!(focused("com.android.systemui:ff2868a u0 ScreenDecorOverlay type=2024 "), Some(true));
    let spaced = parse_focus("  mCurrentFocus=Window{1 u0 Application Not Responding: a.b}\n");
    assert_eq!(spaced.window.as_deref(), Some("Application Not Responding: a.b"));
}

#[test]
fn a_window_above_its_activity_is_told_by_its_type() {
    let of = |kind: &str, focused: &str| {
        let head = |token: &str| format!("  Window #1 Window{{{token} u0 a.b/a.b.Main}}:\n    mDisplayId=0\n");
        let own = head("1f") + "    mAttrs={(0,0)(fillxfill) ty=BASE_APPLICATION}\n";
        let other = head("2e") + "    mAttrs=" + kind + "\n";
        parse_focus(&format!("{other}{own}  mCurrentFocus=Window{{{focused} u0 a.b/a.b.Main}}\n")).above
    };
    assert_eq!(of("WM.LayoutParams{(0,0)(fillxfill) sim=#120 ty=2 fl=#2}", "2e"), Some(true));
    assert_eq!(of("{(0,0)(fillxfill) sim={adjust=pan} ty=APPLICATION fmt=TRANSLUCENT", "2e"), Some(true));
    assert_eq!(of("{(0,0)(fillxfill) ty=APPLICATION}", "1f"), Some(false));
    assert_eq!(of("{(0,0)(fillxfill)}", "2e"), None, "the next window's type is not this one's");
    assert_eq!(of("{(0,0)(fillxfill) ty=APPLICATION}", "3d"), None);
}

#[test]
fn packages_of_all_releases() {
    let Some(folder) = fixtures() else { return };
    let denied = |name: &str| {
        let text = read(&folder, &format!("android-6.0.1-api23/dumpsys/package-{name}.txt"));
        parse_package(&text, "test.perm").unwrap()
    };
    let first = denied("after-deny-1");
    assert_eq!((first.version_code, first.target_sdk, first.uid), (Some(1), Some(23), Some(10024)));
    assert_eq!((first.version_name.as_str(), first.requested.len(), first.installed), ("1.0", 3, true));
    assert_eq!(first.first_install, "2026-11-21 20:54:14");
    assert_eq!(first.runtime.len(), 1);
    assert_eq!((first.runtime[0].granted, first.runtime[0].flags.as_slice()), (false, &["USER_SET".to_owned()][..]));
    let good = denied("all-denied-for-good");
    assert!(good.runtime.len() == 3 && good.runtime.iter().all(|p| p.flags == ["USER_FIXED"]));
    let samsung = parse_package(
        &read(&folder, "dumpsys-package/samsung-oneui-api35plus-axisight.txt"),
        "com.etrsystems.axisight",
    );
    let samsung = samsung.unwrap();
    assert_eq!((samsung.uid, samsung.min_sdk, samsung.target_sdk), (Some(10686), Some(26), Some(34)));
    assert_eq!(samsung.requested.len(), 9);
    assert!(samsung.granted_at_install.contains(&"android.permission.INTERNET".to_owned()));
    assert_eq!(samsung.first_install, "2026-02-07 03:47:21");
    let [camera] = samsung.runtime.as_slice() else { panic!("{:?}", samsung.runtime) };
    assert!(
        camera.granted && camera.flags == ["USER_SET", "USER_SENSITIVE_WHEN_GRANTED", "USER_SENSITIVE_WHEN_DENIED"]
    );
    let many = read(&folder, "dumpsys-package/mvt-dumpsys-packages.txt");
    let second = parse_package(&many, "com.sec.android.app.DataCreate").unwrap();
    assert_eq!((second.version_code, second.runtime.len()), (Some(1), 13));
    assert!(parse_package(&many, "com.sec.android.app").is_none());
    let demos = parse_package(
        &read(&folder, "android-6.0.1-api23/dumpsys/package-apidemos-before-grant.txt"),
        "io.appium.android.apis",
    );
    let demos = demos.unwrap();
    assert_eq!((demos.requested.len(), demos.granted_at_install.len(), demos.runtime.len()), (15, 5, 0));
    assert!(demos.stopped && demos.version_code == Some(25));
}

#[test]
fn accesses_in_old_and_new_formats() {
    let Some(folder) = fixtures() else { return };
    // 2026-11-21T21:00:00Z, in Europe/Berlin.
    let time = DeviceTime { now: 1_795_294_800_000, zone: 3_600_000 };
    let get = "READ_EXTERNAL_STORAGE: allow; time=+1m18s233ms ago\nCOARSE_LOCATION: deny\n";
    let accesses = parse_accesses(get, "a.b", time);
    let [storage] = accesses.as_slice() else { panic!("{accesses:?}") };
    assert_eq!((storage.op.as_str(), storage.device_time), ("READ_EXTERNAL_STORAGE", Some(time.now - 78_233)));
    assert!(parse_accesses("No operations.\n", "a.b", time).is_empty());
    let miui = read(&folder, "appops/appops-get-uid-and-package-mode-api31-miui13.txt");
    assert_eq!(parse_accesses(&miui, "a.b", time).len(), 1);

    let old = read(&folder, "android-6.0.1-api23/dumpsys/appops.txt");
    let calendar = parse_accesses(&old, "com.android.providers.calendar", time);
    assert_eq!(calendar.len(), 7);
    assert_eq!((calendar[0].op.as_str(), calendar[0].device_time), ("READ_CALENDAR", Some(time.now - 241_555)));
    assert_eq!(calendar[2].duration_ms, Some(105));

    let new = read(&folder, "appops/mvt-dumpsys-appops.txt");
    let katana = parse_accesses(&new, "com.facebook.katana", time);
    assert_eq!(katana.len(), 13);
    let contacts = &katana[0];
    // 2022-03-07 18:05:34.325 local time is 17:05:34.325 UTC.
    assert_eq!((contacts.op.as_str(), contacts.device_time), ("READ_CONTACTS", Some(1_646_672_734_325)));
    assert_eq!((contacts.allowed, contacts.foreground), (true, Some(false)));
    let rejects: Vec<_> = katana.iter().filter(|access| !access.allowed).collect();
    assert_eq!((rejects.len(), rejects[0].op.as_str(), rejects[0].foreground), (6, "WRITE_SMS", Some(true)));
    assert!(katana.iter().any(|access| access.duration_ms == Some(33)));

    let xiaomi = read(&folder, "appops/xiaomi-pipa-hyperos2-api34-dumpsys-appops-head.txt");
    let phone = parse_accesses(&xiaomi, "com.android.phone", time);
    assert_eq!(phone.iter().map(|a| a.op.as_str()).collect::<Vec<_>>(), ["WAKE_LOCK", "BLUETOOTH_CONNECT"]);
    assert_eq!(phone[0].duration_ms, Some(2646));
    assert!(phone.iter().all(|access| access.foreground.is_none()));
    let all = read(&folder, "appops/xiaomi-pipa-hyperos2-api34-dumpsys-appops-head.txt");
    let packages: Vec<&str> =
        all.lines().filter_map(|l| l.trim().strip_prefix("Package ")?.strip_suffix(':')).collect();
    assert!(
        packages
            .iter()
            .all(|p| parse_accesses(&all, p, time).iter().all(|a| a.device_time.is_some() && !a.op.is_empty()))
    );
}

/// All events of a captured log.
fn log(folder: &std::path::Path, name: &str, time: DeviceTime) -> Vec<LogEvent> {
    read(folder, name).lines().filter_map(|line| parse_line(line, time)).collect()
}

#[test]
fn logs_tell_activities_processes_and_requests() {
    let Some(folder) = fixtures() else { return };
    let time = DeviceTime { now: 1_795_294_800_000, zone: 0 };
    let events = log(&folder, "android-6.0.1-api23/logcat/events-threadtime.txt", time);
    // 2026-11-21 21:00:04.580
    let focused = LogKind::FocusChanged { window: Some("test.perm/.Main".to_owned()), token: None };
    let at = events.iter().find(|event| event.kind == focused).unwrap();
    assert_eq!(at.device_time, Some(1_795_294_804_580));
    let started = LogKind::ProcessStarted {
        process: "test.perm".to_owned(),
        pid: 1407,
        uid: 10024,
        cause: "activity".to_owned(),
        component: "test.perm/.Main".to_owned(),
    };
    assert!(events.iter().any(|event| event.kind == started));
    let decided = events.iter().find_map(|event| match &event.kind {
        LogKind::PermissionsDecided { package, groups } => Some((package.clone(), groups.clone())),
        _ => None,
    });
    let groups = ["CAMERA", "CONTACTS", "LOCATION"].map(|group| (group.to_owned(), false)).to_vec();
    assert_eq!(decided, Some(("test.perm".to_owned(), groups)));
    let gone =
        |event: &&LogEvent| matches!(&event.kind, LogKind::ActivityGone { reason, .. } if reason == "app-request");
    assert!(events.iter().filter(gone).count() >= 2);
    let killed =
        |event: &LogEvent| matches!(&event.kind, LogKind::ProcessKilled { reason, .. } if reason == "stop test.perm");
    assert!(events.iter().any(killed));

    let requests = log(&folder, "android-6.0.1-api23/logcat/suppressed-permission-request-threadtime.txt", time);
    let asked: Vec<_> =
        requests.iter().filter(|e| matches!(e.kind, LogKind::RequestPermissions { uid: Some(10024), .. })).collect();
    assert_eq!(asked.len(), 1);
    let nexus = log(&folder, "logcat/nexus-api23-request-permissions-start.txt", time);
    assert_eq!(nexus.len(), 2);
    let anr = log(&folder, "android-6.0.1-api23/logcat/events-anr-threadtime.txt", time);
    let [LogEvent { kind: LogKind::Anr { process, pid, detail }, .. }] = anr.as_slice() else { panic!("{anr:?}") };
    assert_eq!((process.as_str(), *pid), ("io.appium.android.apis", Some(2829)));
    assert!(detail.starts_with("Input dispatching timed out"));
}

#[test]
fn logs_of_newer_releases() {
    let Some(folder) = fixtures() else { return };
    let time = DeviceTime { now: 1_795_294_800_000, zone: 0 };
    let events = log(&folder, "logcat/mediatek-aosp-threadtime.txt", time);
    let resumed = LogKind::ActivityResumed { component: "com.android.settings/.FallbackHome".to_owned() };
    assert!(events.iter().any(|event| event.kind == resumed));
    let focus = "com.android.settings/com.android.settings.FallbackHome".to_owned();
    assert!(events.iter().any(|event| matches!(&event.kind, LogKind::FocusChanged { window: Some(window), token: Some(_) } if *window == focus)));
    let died = LogKind::ProcessDied { process: "com.android.bluetooth".to_owned(), pid: 2850 };
    assert!(events.iter().any(|event| event.kind == died));
    let braces = |event: &LogEvent| matches!(&event.kind, LogKind::ProcessStarted { component, .. } if component.contains(['{', '}']));
    assert!(!events.iter().any(braces));
    let samsung = log(&folder, "logcat/samsung-api35plus-start-grantpermissions.txt", time);
    let usb = LogKind::ActivityStart {
        component: "com.android.systemui/.usb.UsbConfirmActivity".to_owned(),
        action: String::new(),
        media: String::new(),
        uid: Some(1000),
    };
    assert!(samsung.iter().any(|event| event.kind == usb));
    let displayed = LogKind::Displayed { component: "com.etrsystems.axisight/.UsbCameraActivity".to_owned() };
    assert!(samsung.iter().any(|event| event.kind == displayed));
    let recent = "02-07 15:43:39.007  2816  2881 I ActivityTaskManager: START u0 {act=android.content.pm.action.REQUEST_PERMISSIONS \
                  pkg=com.google.android.permissioncontroller xflg=0x4 cmp=com.google.android.permissioncontroller/com.android.\
                  permissioncontroller.permission.ui.GrantPermissionsActivity (has extras)} with LAUNCH_MULTIPLE from uid 10686 \
                  (sr=1) (BAL_ALLOW_VISIBLE_WINDOW) result code=0";
    assert!(matches!(parse_line(recent, time).unwrap().kind, LogKind::RequestPermissions { uid: Some(10686), .. }));
    let epoch = "1795295576.960   300   326 I am_proc_died: [0,1156,com.android.providers.calendar]";
    assert_eq!(parse_line(epoch, time).unwrap().device_time, Some(1_795_295_576_960));
}

#[test]
fn identities_of_captured_devices() {
    let Some(folder) = fixtures() else { return };
    let identity = |name: &str| identity::read(&identity::properties(&read(&folder, name)));
    let old = identity("android-6.0.1-api23/shell/getprop.txt");
    assert_eq!((old.api, old.skin.as_str(), old.emulator, old.density), (23, "aosp", true, 160));
    assert_eq!(
        (old.locale.as_str(), old.abis.as_slice()),
        ("en-US", &["armeabi-v7a".to_owned(), "armeabi".to_owned()][..])
    );
    let xiaomi = identity("getprop/xiaomi-pipa-hyperos2-api34.txt");
    assert_eq!((xiaomi.api, xiaomi.skin.as_str(), xiaomi.emulator), (34, "miui", false));
    assert_eq!(xiaomi.locale, "es-US");
    let samsung = identity("getprop/samsung-s25plus-oneui85-api36.txt");
    assert_eq!((samsung.api, samsung.skin.as_str(), samsung.model.as_str()), (36, "samsung", "SM-S936B"));
    let motorola = identity("getprop/motorola-berlin-api33.txt");
    assert_eq!((motorola.api, motorola.skin.as_str(), motorola.manufacturer.as_str()), (33, "google", "motorola"));
}

#[test]
fn failures_of_uiautomator_are_told_apart() {
    use super::hierarchy::read_dump;
    let Some(folder) = fixtures() else { return };
    let failure = |name: &str| read_dump(read(&folder, name).as_bytes()).unwrap_err();
    assert_eq!(failure("command-errors/uiautomator-dump-idle.txt"), HierarchyFailure::NotIdle);
    assert_eq!(failure("command-errors/uiautomator-dump-null-root.txt"), HierarchyFailure::NullRoot);
    assert_eq!(failure("android-6.0.1-api23/shell/uiautomator-dump-screen-off.txt"), HierarchyFailure::NullRoot);
    assert_eq!(failure("command-errors/uiautomation-already-registered.txt"), HierarchyFailure::Busy);
    assert_eq!(failure("android-6.0.1-api23/shell/uiautomator-dump-while-events-run.txt"), HierarchyFailure::Killed);
    assert_eq!(read_dump(b"\n").unwrap_err(), HierarchyFailure::Silent);
    let success = b"UI hierchary dumped to: /x\n\n<?xml version='1.0'?><hierarchy rotation=\"1\"><node bounds=\"[0,0][1,1]\"/></hierarchy>\n";
    let hierarchy = read_dump(success).unwrap();
    assert_eq!((hierarchy.tree.rotation, hierarchy.tree.nodes.len()), (1, 1));
    assert!(hierarchy.xml.ends_with(b"</hierarchy>"));
}

#[test]
fn selectors_resolve_on_captured_screens() {
    let Some(folder) = fixtures() else { return };
    let lexicon = Lexicon::builtin();
    let home = tree(&folder, "android-6.0.1-api23/hierarchy/apidemos-home.xml");
    let views = Selector::text("views").find(&home, &lexicon).unwrap();
    assert_eq!(home.nodes[views].text, "Views");
    let consent = tree(&folder, "android-6.0.1-api23/hierarchy/app-consent-dialog-zh.xml");
    let agree = Selector::text("同意").find(&consent, &lexicon).unwrap();
    assert_eq!(consent.nodes[agree].short_id(), "button1");
    let dialog = tree(&folder, "permission-dialog/pixel-emulator-location-precise-approx-drawing-order.xml");
    let deny = Selector::text("don't allow").find(&dialog, &lexicon).unwrap();
    assert_eq!(dialog.nodes[deny].short_id(), "permission_deny_button");
}

#[test]
fn device_scripts_are_plain_shell() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/device-scripts");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let checked = std::process::Command::new("sh").arg("-n").arg(&path).output().unwrap();
        assert!(checked.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&checked.stderr));
    }
}

#[test]
fn the_low_memory_killer_names_its_process() {
    let time = DeviceTime { now: 1_795_294_800_000, zone: 0 };
    for words in [
        "Kill 'com.a:push' (812), uid 10123, oom_score_adj 905 to free 50320kB rss",
        "Killing 'com.a:push' (812), adj 900",
    ] {
        let line = format!("1795295576.960   300  1372 I lowmemorykiller: {words}");
        let kind = parse_line(&line, time).unwrap().kind;
        assert!(matches!(&kind, LogKind::LowMemory { process, pid: 812 } if process == "com.a:push"), "{kind:?}");
    }
}
