//! The programs, run on a device with a small app.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::super::super::fs::Actor;
use super::super::super::machine::{Machine, Profile};
use super::super::super::process::{Bytes, Call, Stdio};
use super::super::super::system::{Facts, InstallOptions, Intent};
use super::super::super::{programs, specimen::Specimen};
use crate::clock::Clock;

const MODEL: &str = "
specimen: probe
package: test.screen
label: 测试 Probe
activity: .Main
sdk: {min: 21, target: 33}
permissions: [CAMERA, INTERNET]
accounts: [{user: mei, password: secret}]
vars: {agreed: false, user_field: '', password_field: ''}
first-screen: home
screens:
  home:
    title: Probe
    views:
      - button: {words: Ask, id: ask, tap: [{ask: {permissions: [CAMERA], granted: [{toast: thanks}], refused: [{goto: refused}]}}]}
      - switch: {words: 推荐 Recommend, id: agree, var: agreed}
      - field: {id: user, var: user_field, hint: 手机号}
      - button: {words: Ad, id: ad, tap: [{show: ad}]}
      - button: {words: Crash, id: crash, tap: [{crash: {message: boom}}]}
      - button: {words: Secret, id: secret, tap: [{goto: vault}]}
      - button: {words: Long, id: long, tap: [{goto: long}]}
  refused:
    title: Refused
    up: true
    views: [{text: {words: No camera, id: answer}}]
  vault:
    title: Vault
    secure: true
    views: [{text: {words: geheim}}]
  long:
    title: Long
    views:
      - text: {words: top}
      - text: {words: \"1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n10\\n11\\n12\\n13\\n14\\n15\\n16\\n17\\n18\\n19\\n20\\n21\\n22\\n23\\n24\\n25\\n26\\n27\\n28\\n29\\n30\\n31\\n32\\n33\\n34\\n35\\n36\\n37\\n38\\n39\\n40\\n41\\n42\\n43\\n44\\n45\\n46\\n47\\n48\\n49\\n50\"}
      - text: {words: bottom}
dialogs:
  ad:
    title: Sale
    message: Buy!
    cancelable: true
    positive: {words: OK}
";

fn device(profile: &str) -> Arc<Machine> {
    let machine = Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(1_795_294_804_000));
    let specimen = Specimen::parse(MODEL).expect("the model parses");
    {
        let mut system = machine.system();
        system.install_facts(Facts::of_specimen(specimen), Vec::new(), InstallOptions::default()).expect("it installs");
        let component = system.packages()["test.screen"].facts.main();
        system.start_activity(Intent { flags: 0x1000_0000, component, ..Intent::default() }, 2000);
    }
    machine
}

struct Ran {
    out: Vec<u8>,
    err: String,
    status: i32,
}

impl Ran {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }
}

fn stdio() -> (Stdio, mpsc::Receiver<Bytes>, mpsc::Receiver<Bytes>) {
    let (_, stdin) = mpsc::channel(1);
    let (stdout, out) = mpsc::channel(64);
    let (stderr, err) = mpsc::channel(64);
    let stdin = Arc::new(tokio::sync::Mutex::new(stdin));
    (Stdio { stdin, stdout, stderr, hangup: CancellationToken::new() }, out, err)
}

fn call(machine: &Arc<Machine>, line: &[&str], stdio: Stdio) -> Call {
    let argv = line.iter().map(|w| (*w).to_owned()).collect();
    Call { machine: machine.clone(), argv, env: BTreeMap::new(), cwd: "/".into(), uid: 2000, umask: 0, stdio }
}

async fn run(machine: &Arc<Machine>, line: &[&str]) -> Ran {
    let (stdio, mut out, mut err) = stdio();
    let program = programs::find(line[0]).unwrap_or_else(|| panic!("no program {}", line[0]));
    let running = tokio::spawn(program(call(machine, line, stdio)));
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while let Some(bytes) = out.recv().await {
        stdout.extend(bytes);
    }
    while let Some(bytes) = err.recv().await {
        stderr.extend(bytes);
    }
    Ran { out: stdout, err: String::from_utf8(stderr).unwrap(), status: running.await.unwrap() }
}

/// The dump as a person with adb gets it: into the usual file.
async fn dump(machine: &Arc<Machine>) -> String {
    let ran = run(machine, &["uiautomator", "dump"]).await;
    assert_eq!((ran.text(), ran.status), ("UI hierchary dumped to: /sdcard/window_dump.xml\n", 0));
    let actor = Actor::new(2000, 0);
    let bytes = machine.files().read(actor, "/sdcard/window_dump.xml").unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Taps the middle of the node with this text or short id, as a script would.
async fn tap(machine: &Arc<Machine>, words: &str) {
    let [x, y] = middle(machine, words).await;
    let ran = run(machine, &["input", "tap", &x, &y]).await;
    assert_eq!((ran.text(), ran.err.as_str(), ran.status), ("", "", 0));
}

/// The middle of that node, as words.
async fn middle(machine: &Arc<Machine>, words: &str) -> [String; 2] {
    let xml = dump(machine).await;
    let document = roxmltree::Document::parse(&xml).unwrap();
    let is = |n: &roxmltree::Node<'_, '_>| {
        n.attribute("text") == Some(words)
            || n.attribute("resource-id").is_some_and(|id| id.ends_with(&format!("/{words}")))
    };
    let node = document.descendants().find(is).unwrap_or_else(|| panic!("no {words} in {xml}"));
    let bounds: Vec<i32> =
        node.attribute("bounds").unwrap().split(['[', ']', ',']).filter_map(|n| n.parse().ok()).collect();
    [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2].map(|n| n.to_string())
}

#[tokio::test]
async fn a_finger_that_several_calls_move_taps_where_it_is_lifted() {
    let machine = device("api=34");
    let [x, y] = middle(&machine, "ad").await;
    for (last, shown) in [("CANCEL", false), ("UP", true)] {
        for motion in ["DOWN", "MOVE", last] {
            let ran = run(&machine, &["input", "motionevent", motion, &x, &y]).await;
            assert_eq!((ran.err.as_str(), ran.status), ("", 0));
        }
        assert_eq!(dump(&machine).await.contains("Buy!"), shown, "{last}");
    }
}

#[tokio::test]
async fn what_input_does_not_understand_is_said_in_the_words_of_the_release() {
    let old = run(&device("api=28"), &["input", "tap", "1"]).await;
    assert!(old.err.starts_with("Error: Invalid arguments for command: tap"), "{}", old.err);
    let new = device("api=34");
    let tap = run(&new, &["input", "tap", "1"]).await;
    assert!(tap.err.contains("while executing 'tap':\njava.lang.IllegalArgumentException") && tap.status == 255);
    let nope = run(&new, &["input", "nope"]).await;
    assert_eq!((nope.text(), nope.status), ("Unknown command: nope\n", 0));
}

#[tokio::test]
async fn an_app_is_driven_by_dump_and_tap_alone() {
    for profile in ["api=23", "api=29", "api=34,skin=google", "api=34,skin=samsung", "api=34,skin=miui,locale=zh-CN"] {
        let machine = device(profile);
        tap(&machine, "ask").await;
        let dialog = dump(&machine).await;
        assert!(!dialog.contains("test.screen:id"), "the dialog is the only window of the dump: {dialog}");
        assert!(dialog.contains("测试 Probe"), "{dialog}");
        tap(&machine, "permission_deny_button").await;
        assert!(dump(&machine).await.contains("No camera"), "{profile}");
        assert!(!machine.system().packages()["test.screen"].holds("android.permission.CAMERA"));
        run(&machine, &["input", "keyevent", "KEYCODE_BACK"]).await;
        assert!(dump(&machine).await.contains("test.screen:id/ask"), "{profile}");
    }
}

#[tokio::test]
async fn text_goes_into_the_field_that_was_tapped() {
    let machine = device("api=34");
    tap(&machine, "user").await;
    run(&machine, &["input", "text", "mei%s1"]).await;
    run(&machine, &["input", "keyevent", "67"]).await;
    let xml = dump(&machine).await;
    assert!(xml.contains("text=\"mei \"") && xml.contains("focused=\"true\""), "{xml}");
    let ran = run(&machine, &["input", "text", "梅"]).await;
    assert!(ran.err.contains("NullPointerException") && ran.status != 0, "{}", ran.err);
}

#[tokio::test]
async fn a_tap_beside_a_dialog_takes_it_away() {
    let machine = device("api=34");
    tap(&machine, "ad").await;
    assert!(dump(&machine).await.contains("Buy!"));
    run(&machine, &["input", "tap", "500", "300"]).await;
    assert!(!dump(&machine).await.contains("Buy!"));
}

#[tokio::test]
async fn a_crash_is_told_and_closed() {
    let machine = device("api=34");
    tap(&machine, "crash").await;
    assert!(dump(&machine).await.contains("package=\"android\""));
    tap(&machine, "aerr_close").await;
    assert!(!dump(&machine).await.contains("package=\"android\""));
}

#[tokio::test]
async fn swiping_up_scrolls_to_the_end_and_back() {
    let machine = device("api=34");
    tap(&machine, "long").await;
    assert!(!dump(&machine).await.contains("bottom"));
    for _ in 0..6 {
        run(&machine, &["input", "swipe", "500", "2000", "500", "400", "100"]).await;
    }
    let end = dump(&machine).await;
    assert!(end.contains("bottom") && !end.contains("text=\"top\""));
    for _ in 0..6 {
        run(&machine, &["input", "swipe", "500", "400", "500", "2000", "100"]).await;
    }
    assert!(dump(&machine).await.contains("text=\"top\""));
}

#[tokio::test]
async fn screenshots_show_what_is_there_and_secure_screens_are_black() {
    let machine = device("api=34");
    let png = run(&machine, &["screencap", "-p"]).await.out;
    let picture = image::load_from_memory(&png).unwrap().into_rgba8();
    assert_eq!(picture.dimensions(), (1080, 2400));
    assert!(picture.pixels().any(|p| p.0 != [0, 0, 0, 255]));
    if let Ok(folder) = std::env::var("APPWITNESS_PICTURES") {
        std::fs::write(format!("{folder}/probe.png"), &png).unwrap();
    }
    tap(&machine, "secret").await;
    assert!(dump(&machine).await.contains("geheim"), "the hierarchy of a secure screen can be read");
    let raw = run(&machine, &["screencap"]).await.out;
    assert_eq!(raw.len(), 16 + 1080 * 2400 * 4);
    assert!(raw[16..].chunks_exact(4).all(|p| p == [0, 0, 0, 255]));
}

#[tokio::test]
async fn a_device_that_renders_nothing_gives_blank_pictures_and_has_no_bars() {
    let machine = device("api=23,renders=false");
    let raw = run(&machine, &["screencap", "/data/local/tmp/a.raw"]).await;
    assert_eq!((raw.out.len(), raw.status), (0, 0));
    let bytes = machine.files().read(Actor::new(2000, 0), "/data/local/tmp/a.raw").unwrap();
    assert_eq!(bytes.len(), 12 + 480 * 800 * 4);
    assert!(dump(&machine).await.contains("bounds=\"[0,0][480,800]\""));
}

#[tokio::test]
async fn with_the_display_off_there_is_no_root_and_an_old_dump_stays() {
    let machine = device("api=23");
    dump(&machine).await;
    run(&machine, &["input", "keyevent", "POWER"]).await;
    let ran = run(&machine, &["uiautomator", "dump"]).await;
    assert_eq!((ran.text(), ran.status), ("ERROR: null root node returned by UiTestAutomationBridge.\n", 0));
    assert!(machine.files().exists(Actor::new(2000, 0), "/sdcard/window_dump.xml"));
}

#[tokio::test]
async fn events_tell_of_dialogs_and_hold_uiautomation() {
    for (api, status, words) in [(23, 137, "Killed"), (34, 1, "already registered!")] {
        let machine = device(&format!("api={api}"));
        let (stdio, mut out, _err) = stdio();
        let hangup = stdio.hangup.clone();
        let program = programs::find("uiautomator").unwrap();
        let running = tokio::spawn(program(call(&machine, &["uiautomator", "events"], stdio)));
        while machine.screen.automation.connect().is_some() {
            tokio::task::yield_now().await;
        }
        let refused = run(&machine, &["uiautomator", "dump"]).await;
        assert_eq!(refused.status, status);
        assert!(refused.err.contains(words), "{}", refused.err);
        machine.system().key(3);
        let line = String::from_utf8(out.recv().await.unwrap()).unwrap();
        assert!(line.contains("EventType: TYPE_WINDOW_STATE_CHANGED; EventTime: "), "{line}");
        hangup.cancel();
        running.await.unwrap();
        assert!(machine.screen.automation.connect().is_some(), "the connection ends with the program");
    }
}

#[tokio::test]
async fn wm_tells_and_sets_the_size() {
    let machine = device("api=34");
    assert_eq!(run(&machine, &["wm", "size"]).await.text(), "Physical size: 1080x2400\n");
    run(&machine, &["wm", "size", "720x1280"]).await;
    assert_eq!(run(&machine, &["wm", "size"]).await.text(), "Physical size: 1080x2400\nOverride size: 720x1280\n");
    assert!(dump(&machine).await.contains("[0,0][720,1280]"));
    run(&machine, &["wm", "size", "reset"]).await;
    assert!(dump(&machine).await.contains("[0,0][1080,2400]"));
}

#[tokio::test]
async fn a_dump_to_the_terminal_is_the_document_and_the_line() {
    let machine = device("api=34");
    let ran = run(&machine, &["uiautomator", "dump", "--compressed", "/dev/tty"]).await;
    assert!(ran.text().ends_with("</hierarchy>UI hierchary dumped to: /dev/tty\n"), "{}", ran.text());
}

#[tokio::test]
async fn the_panel_of_notifications_comes_down_and_goes_up() {
    for (profile, title) in [("api=28", "StatusBar"), ("api=34", "NotificationShade")] {
        let machine = device(profile);
        let posted = run(&machine, &["cmd", "notification", "post", "-t", "Parcel", "tag1", "It is at the door"]).await;
        assert!(posted.text().starts_with("posting:\n"), "{}", posted.text());
        let key = "0|com.android.shell|2020|tag1|2000";
        assert_eq!(run(&machine, &["cmd", "notification", "list"]).await.text(), format!("{key}\n"));
        assert_eq!(run(&machine, &["cmd", "statusbar", "expand-notifications"]).await.status, 0);
        assert!(run(&machine, &["dumpsys", "window"]).await.text().contains(&format!("u0 {title}}}")));
        let down = dump(&machine).await;
        assert!(down.contains("It is at the door") && down.contains("com.android.systemui:id/"), "{down}");
        assert!(!down.contains("test.screen:id/ask"), "the app is below the panel");
        run(&machine, &["input", "keyevent", "4"]).await;
        assert!(dump(&machine).await.contains("test.screen:id/ask"), "back lets it go up");
        run(&machine, &["input", "swipe", "300", "5", "300", "900"]).await;
        assert!(dump(&machine).await.contains("Parcel"), "a finger from the edge pulls it down");
        run(&machine, &["cmd", "notification", "snooze", "--for", "1000", key]).await;
        assert!(!dump(&machine).await.contains("Parcel"));
        run(&machine, &["cmd", "statusbar", "collapse"]).await;
        assert!(!machine.system().shade_is_open());
    }
}

#[tokio::test]
async fn monkey_throws_the_same_events_for_a_seed_and_stops_at_a_crash() {
    let line = ["monkey", "-p", "test.screen", "-s", "11", "-v", "-v", "--ignore-crashes", "120"];
    let (first, second) = (run(&device("api=34"), &line).await, run(&device("api=34"), &line).await);
    assert_eq!(first.out, second.out);
    assert!(first.text().contains("Events injected: 120\n") && first.text().ends_with("// Monkey finished\n"));
    assert_eq!(first.status, 0);
    let mut fell = None;
    for seed in 0..40 {
        let line = ["monkey", "-p", "test.screen", "-s", &seed.to_string(), "300"];
        let ran = run(&device("api=34"), &line).await;
        if ran.status != 0 {
            fell = Some(ran);
            break;
        }
    }
    let fell = fell.expect("one of forty monkeys finds the button that crashes");
    assert!(
        fell.text().contains("// CRASH: test.screen (pid ") && fell.text().contains("** Monkey aborted due to error.")
    );
}

#[tokio::test]
async fn networks_settings_rows_and_services_answer() {
    let machine = device("api=34");
    run(&machine, &["svc", "wifi", "disable"]).await;
    assert!(machine.system().switches().network, "there is mobile data left");
    run(&machine, &["svc", "data", "disable"]).await;
    assert!(!machine.system().switches().network);
    run(&machine, &["svc", "wifi", "enable"]).await;
    run(&machine, &["cmd", "connectivity", "airplane-mode", "enable"]).await;
    assert!(!machine.system().switches().network);
    let uri = "content://settings/global";
    run(&machine, &["content", "insert", "--uri", uri, "--bind", "name:s:answer", "--bind", "value:s:a:b"]).await;
    let row =
        run(&machine, &["content", "query", "--uri", uri, "--where", "name='answer'", "--projection", "value"]).await;
    assert_eq!(row.text(), "Row: 0 value=a:b\n");
    run(&machine, &["content", "delete", "--uri", uri, "--where", "name='answer'"]).await;
    assert_eq!(run(&machine, &["settings", "get", "global", "answer"]).await.text(), "null\n");
    assert_eq!(run(&machine, &["service", "check", "package"]).await.text(), "Service package: found\n");
    assert_eq!(run(&machine, &["service", "check", "nix"]).await.text(), "Service nix: not found\n");
    assert_eq!(run(&machine, &["ime", "set", "no.such/.One"]).await.status, 1);
}

#[tokio::test]
async fn a_client_gives_monkey_its_events_over_a_port() {
    let machine = device("api=34");
    let serving = tokio::spawn({
        let machine = machine.clone();
        async move { run(&machine, &["monkey", "--port", "1080", "-v"]).await.status }
    });
    let life = CancellationToken::new();
    let mut client = loop {
        match machine.ports.connect("tcp:1080", &life) {
            Some(client) => break client,
            None => tokio::task::yield_now().await,
        }
    };
    for (line, told) in [
        ("getvar build.version.sdk\n", "OK:34\n"),
        ("getvar display.width\n", "OK:1080\n"),
        ("getvar am.current.package\n", "OK:test.screen\n"),
        ("tap 5 5\ntype \"a b\"\n", "OK\n"),
        ("tap 5\n", "OK\n"),
        ("touch up x y\n", "ERROR\n"),
        ("getvar nope\n", "ERROR:Invalid argument\n"),
        ("done\n", "ERROR:unknown var\n"),
    ] {
        client.output.send(line.as_bytes().to_vec()).await.unwrap();
        assert_eq!(String::from_utf8(client.input.recv().await.unwrap()).unwrap(), told, "{line}");
    }
    assert_eq!(client.input.recv().await.unwrap(), b"OK\n");
    assert_eq!(serving.await.unwrap(), 0);
}
