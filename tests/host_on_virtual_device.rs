//! The host's side of the wire against a whole virtual device, through the ADB server protocol: a recent device with
//! everything, and an old one without shell protocol, without `cmd`, and with a blank screen.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::{self, Fault, InstallOptions};
use appwitness::android::{Android, LogEvent, LogKind, Screenshot, Snapshot, SystemDialog};
use appwitness::clock::Clock;
use appwitness::journal::entry::{Answer, PromptKind};
use appwitness::ui::{Lexicon, Selector};
use appwitness::virtual_device::fault::plan;
use appwitness::virtual_device::machine::Machine;
use appwitness::virtual_device::profile::Profile;
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

/// Long enough for a busy machine; nothing here should take a tenth of it.
const LONG: Duration = Duration::from_secs(60);
const RECENT: &str = "api=34,skin=google,locale=en-US";
const OLD: &str = "api=23,renders=false,rooted=true";

const MODEL: &str = "
specimen: probe
package: org.example.probe
label: Probe
activity: .Main
sdk: {min: 21, target: 33}
permissions: [CAMERA, ACCESS_FINE_LOCATION, INTERNET]
vars: {state: fresh, name: ''}
first-screen: home
screens:
  home:
    title: Probe
    views:
      - text: {words: 'state {state}', id: state}
      - field: {id: name, var: name}
      - button: {words: Take a picture, id: shoot, tap: [{ask: {permissions: [CAMERA], granted: [{set: {state: granted}}], refused: [{set: {state: refused}}], refused-for-good: [{set: {state: gone}}]}}]}
      - button: {words: Crash, id: crash, tap: [{crash: {message: boom}}]}
      - button: {words: 注销账号, id: leave, tap: [{set: {state: left}}]}
";
const PACKAGE: &str = "org.example.probe";

struct Bench {
    server: Server,
    machine: Arc<Machine>,
    android: Android,
}

async fn bench(profile: &str) -> Bench {
    let profile = Profile::parse(profile).unwrap();
    let serial = profile.serial.clone();
    let machine = Machine::boot(profile, Clock::real());
    let server = Server::start("127.0.0.1:0", vec![Arc::clone(&machine)]).await.unwrap();
    let device = adb::Server::at(server.address()).device(&serial, CancellationToken::new());
    let android = Android::open(device).await.unwrap_or_else(|e| panic!("{e}"));
    Bench { server, machine, android }
}

/// The probe as an app file, in a folder of its own that goes with it.
struct Probe {
    folder: PathBuf,
    apk: PathBuf,
}

impl Probe {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("appwitness-host-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let apk = folder.join("probe.apk");
        std::fs::write(&apk, pack(MODEL).unwrap()).unwrap();
        Self { folder, apk }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Bench {
    fn suffer(&self, rule: &str) {
        self.machine.suffer(plan::parse_one(rule).unwrap());
    }

    async fn install(&self, probe: &Probe) {
        let files = [probe.apk.clone()];
        self.android.device().install(&files, &InstallOptions::default(), LONG).await.unwrap();
    }

    /// Taps the view that a selector names.
    async fn tap(&self, selector: &Selector) {
        let hierarchy = self.android.hierarchy().await.unwrap();
        let node = selector.find(&hierarchy.tree, &Lexicon::builtin()).unwrap();
        self.android.tap(hierarchy.tree.nodes[node].bounds.center()).await.unwrap();
    }

    /// Waits until the hierarchy is as wanted.
    async fn until<T>(&self, mut wanted: impl FnMut(&appwitness::ui::Tree) -> Option<T>) -> T {
        let looking = async {
            loop {
                let tree = self.android.hierarchy().await.unwrap().tree;
                if let Some(found) = wanted(&tree) {
                    return found;
                }
            }
        };
        Clock::real().within(LONG, looking).await.expect("the screen did not become as wanted")
    }

    async fn until_dialog(&self) -> SystemDialog {
        self.until(|tree| self.android.dialog(tree)).await
    }

    async fn until_shows(&self, words: &str) {
        self.until(|tree| tree.labels().any(|label| label.contains(words)).then_some(())).await;
    }

    async fn answer(&self, answer: Answer) -> SystemDialog {
        let dialog = self.until_dialog().await;
        for touch in dialog.way_to(answer).unwrap_or_else(|| panic!("{answer:?} is not offered by {dialog:?}")) {
            self.android.tap(touch.bounds.center()).await.unwrap();
        }
        dialog
    }
}

fn permission(snapshot: &Snapshot, name: &str) -> Option<(bool, Vec<String>)> {
    let found = snapshot.permissions.as_ref()?.iter().find(|permission| permission.name.ends_with(name))?;
    Some((found.granted, found.flags.iter().filter(|flag| !flag.starts_with("USER_SENSITIVE")).cloned().collect()))
}

#[tokio::test]
async fn the_wire_carries_commands_and_files() {
    for profile in [RECENT, OLD] {
        let bench = bench(profile).await;
        let device = bench.android.device();
        let output = device.shell("echo out; echo err >&2; exit 7", LONG).await.unwrap();
        assert_eq!(output.status, Some(7), "{profile}");
        let streams = if profile == RECENT { ("out\n", "err\n") } else { ("out\nerr\n", "") };
        assert_eq!((output.text().as_str(), String::from_utf8_lossy(&output.stderr).as_ref()), streams, "{profile}");
        assert!(!device.shell("echo $((", LONG).await.unwrap().ok(), "{profile}");
        assert_eq!(device.exec("printf 'a\\r\\n\\000b'", LONG, 99).await.unwrap(), b"a\r\n\0b", "{profile}");
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
        device.push(&bytes, "/data/local/tmp/some file", 0o644, LONG).await.unwrap();
        let facts = device.stat("/data/local/tmp/some file", LONG).await.unwrap().unwrap();
        // adbd gives group and others what the owner may do.
        assert_eq!((facts.size, facts.mode & 0o777), (200_000, 0o666), "{profile}");
        assert_eq!(device.pull("/data/local/tmp/some file", 1 << 20, LONG).await.unwrap(), bytes, "{profile}");
        let names: Vec<String> =
            device.list("/data/local/tmp", LONG).await.unwrap().into_iter().map(|e| e.name).collect();
        assert_eq!(names, ["some file"], "{profile}");
        assert_eq!(device.stat("/none", LONG).await.unwrap(), None, "{profile}");
        assert_eq!(device.pull("/none", 9, LONG).await.unwrap_err().fault(), Fault::Refused, "{profile}");
        let late = device.shell("sleep 600", Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(late.fault(), Fault::Deadline, "{profile}");
    }
}

#[tokio::test]
async fn devices_say_who_they_are() {
    let recent = bench(RECENT).await;
    let identity = recent.android.identity();
    assert_eq!((identity.api, identity.skin.as_str(), identity.locale.as_str()), (34, "google", "en-US"));
    assert_eq!((identity.width, identity.height, identity.density), (1080, 2400, 420));
    assert!(identity.features.contains(&"shell_v2".to_owned()) && !identity.rooted);
    assert!(identity.clock_offset_ms.is_some_and(|offset| offset.abs() < 60_000), "{:?}", identity.clock_offset_ms);
    let old = bench(OLD).await;
    let identity = old.android.identity();
    assert_eq!((identity.api, identity.skin.as_str()), (23, "aosp"));
    assert_eq!((identity.width, identity.height, identity.density), (480, 800, 160));
    assert!(identity.features.is_empty() && identity.rooted);
}

#[tokio::test]
async fn an_app_is_installed_denied_and_removed() {
    for (profile, deny_flags) in [(RECENT, "USER_SET"), (OLD, "USER_SET")] {
        let bench = bench(profile).await;
        let android = &bench.android;
        assert_eq!(android.package_info(PACKAGE).await.unwrap(), None, "{profile}");
        let probe = Probe::new(&format!("denied-{}", android.identity().api));
        bench.install(&probe).await;
        let info = android.package_info(PACKAGE).await.unwrap().unwrap();
        assert_eq!((info.version_code, info.target_sdk), (Some(1), Some(33)), "{profile}");
        assert!(info.requested.contains(&"android.permission.CAMERA".to_owned()), "{profile}");
        assert!(info.runtime.iter().all(|permission| !permission.granted), "{profile}");
        assert!(android.is_installed(PACKAGE).await.unwrap());

        let launch = android.launch(PACKAGE, Some(".Main")).await.unwrap();
        assert_eq!(launch.status, "ok", "{profile}");
        bench.until_shows("state fresh").await;
        assert!(android.pid(PACKAGE).await.unwrap().is_some(), "{profile}");
        bench.tap(&Selector::id("shoot")).await;
        let dialog = bench.answer(Answer::Deny).await;
        assert_eq!(
            (dialog.what, dialog.groups.as_slice()),
            (PromptKind::Permission, &["CAMERA".to_owned()][..]),
            "{profile}"
        );
        bench.until_shows("state refused").await;
        let snapshot = android.capture(PACKAGE).await.unwrap();
        assert_eq!(permission(&snapshot, ".CAMERA"), Some((false, vec![deny_flags.to_owned()])), "{profile}");

        bench.tap(&Selector::id("shoot")).await;
        bench.answer(Answer::DenyForGood).await;
        bench.until_shows("state gone").await;
        let snapshot = android.capture(PACKAGE).await.unwrap();
        let (granted, flags) = permission(&snapshot, ".CAMERA").unwrap();
        assert!(!granted && flags.contains(&"USER_FIXED".to_owned()), "{profile}: {flags:?}");

        android.clear_data(PACKAGE).await.unwrap();
        let cleared = android.capture(PACKAGE).await.unwrap();
        assert!(permission(&cleared, ".CAMERA").is_none_or(|(_, flags)| flags.is_empty()), "{profile}");
        android.uninstall(PACKAGE).await.unwrap();
        assert!(!android.is_installed(PACKAGE).await.unwrap(), "{profile}");
        assert!(android.uninstall(PACKAGE).await.is_err(), "{profile}");
    }
}

/// A picture without its uppermost tenth.
fn below_the_bar(picture: &Screenshot) -> image::RgbaImage {
    let whole = image::load_from_memory(&picture.png).unwrap().into_rgba8();
    let bar = whole.height() / 10;
    image::imageops::crop_imm(&whole, 0, bar, whole.width(), whole.height() - bar).to_image()
}

#[tokio::test]
async fn one_moment_is_the_same_by_script_and_by_commands() {
    for profile in [RECENT, OLD] {
        let bench = bench(profile).await;
        let probe = Probe::new(&format!("moment-{}", bench.android.identity().api));
        bench.install(&probe).await;
        bench.android.launch(PACKAGE, Some(".Main")).await.unwrap();
        bench.until_shows("state fresh").await;
        bench.tap(&Selector::id("shoot")).await;
        bench.until_dialog().await;
        for dialog in [true, false] {
            if !dialog {
                bench.answer(Answer::Deny).await;
                bench.until_shows("state refused").await;
            }
            let mut script = bench.android.capture_by_script(PACKAGE).await.unwrap();
            let mut commands = bench.android.capture_by_commands(PACKAGE).await.unwrap();
            assert!(script.missing.is_empty(), "{profile}: {:?}", script.missing);
            // The status bar's clock may have moved on between the two; below it the pictures are the same.
            let pictures = [script.screenshot.take().unwrap(), commands.screenshot.take().unwrap()];
            assert_eq!((pictures[0].width, pictures[0].height), (pictures[1].width, pictures[1].height), "{profile}");
            assert!(below_the_bar(&pictures[0]) == below_the_bar(&pictures[1]), "{profile}");
            assert!(pictures.iter().all(|picture| picture.blank == (profile == OLD)), "{profile}");
            let gap = commands.device_time.take().unwrap() - script.device_time.take().unwrap();
            assert!((0..60_000).contains(&gap), "{profile}: {gap}");
            let ends = [script.device_time_end.take(), commands.device_time_end.take()];
            assert!(ends[0].unwrap() <= ends[1].unwrap(), "{profile}: {ends:?}");
            assert_eq!(script, commands, "{profile}, with a dialog: {dialog}");
            let front = script.focus.package().unwrap();
            assert_eq!(front == PACKAGE, !dialog, "{profile}: {front}");
        }
        // Nothing of ours is left on the device.
        assert_eq!(bench.android.device().list("/data/local/tmp", LONG).await.unwrap(), [], "{profile}");
    }
}

/// A look without its picture's bytes and its time, which are compared elsewhere.
fn settled(mut look: Snapshot) -> Snapshot {
    look.device_time = None;
    look.device_time_end = None;
    look.screenshot = None;
    look
}

#[tokio::test]
async fn a_look_is_the_same_by_script_and_by_commands_whatever_the_device_and_though_a_dump_fails() {
    const FAULTS: [&str; 3] = ["{fault: null-root}", "{fault: empty-dump}", "{fault: not-idle}"];
    let profiles = ["api=23", "api=28", "api=30,skin=emui", "api=33,skin=samsung", "api=35,skin=miui,locale=zh-CN"];
    for profile in profiles {
        let bench = bench(profile).await;
        let probe = Probe::new(&format!("look-{}", bench.android.identity().api));
        bench.install(&probe).await;
        bench.android.launch(PACKAGE, Some(".Main")).await.unwrap();
        bench.until_shows("state fresh").await;
        let plain = settled(bench.android.capture_by_script(PACKAGE).await.unwrap());
        assert_eq!(plain.missing, Vec::<String>::new(), "{profile}");
        assert_eq!(plain, settled(bench.android.capture_by_commands(PACKAGE).await.unwrap()), "{profile}");
        for fault in FAULTS {
            bench.suffer(fault);
            let by_script = settled(bench.android.capture(PACKAGE).await.unwrap());
            bench.suffer(fault);
            let by_commands = settled(bench.android.capture_by_commands(PACKAGE).await.unwrap());
            assert_eq!((&by_script, &by_commands), (&plain, &plain), "{profile} {fault}");
        }
    }
}

#[tokio::test]
async fn the_log_tells_what_happens() {
    for profile in [RECENT, OLD] {
        let bench = bench(profile).await;
        let probe = Probe::new(&format!("log-{}", bench.android.identity().api));
        bench.install(&probe).await;
        let mut events = bench.android.events().await.unwrap();
        bench.android.launch(PACKAGE, Some(".Main")).await.unwrap();
        bench.until_shows("state fresh").await;
        bench.tap(&Selector::id("shoot")).await;
        bench.answer(Answer::Deny).await;
        bench.until_shows("state refused").await;
        bench.tap(&Selector::id("crash")).await;
        let before = Clock::real().now();
        let mut seen = Vec::new();
        let reading = async {
            loop {
                let event: LogEvent = events.next().await.unwrap().expect("the log ended");
                let crashed = matches!(&event.kind, LogKind::Crash { process, .. } if process == PACKAGE);
                seen.push(event);
                if crashed {
                    break;
                }
            }
        };
        Clock::real().within(LONG, reading).await.expect("no crash in the log");
        let has = |wanted: &dyn Fn(&LogKind) -> bool| seen.iter().any(|event| wanted(&event.kind));
        assert!(
            has(&|kind| matches!(kind, LogKind::ProcessStarted { process, .. } if process == PACKAGE)),
            "{profile}"
        );
        assert!(
            has(&|kind| matches!(kind, LogKind::RequestPermissions { uid: Some(uid), .. } if *uid >= 10_000)),
            "{profile}"
        );
        let front = |kind: &LogKind| match kind {
            LogKind::ActivityResumed { component } | LogKind::FocusChanged { window: Some(component), .. } => {
                component.starts_with(PACKAGE)
            }
            _ => false,
        };
        assert!(has(&front), "{profile}: {seen:#?}");
        for event in &seen {
            let time = event.device_time.unwrap_or_else(|| panic!("{profile}: {}", event.raw));
            assert!((before - time).abs() < 120_000, "{profile}: {}", event.raw);
        }
        let crash = bench.until_dialog().await;
        assert_eq!(crash.what, PromptKind::Crash, "{profile}");
    }
}

#[tokio::test]
async fn text_and_concepts_reach_the_app() {
    let bench = bench(RECENT).await;
    let probe = Probe::new("concept");
    bench.install(&probe).await;
    bench.android.launch(PACKAGE, None).await.unwrap();
    bench.until_shows("state fresh").await;
    bench.tap(&Selector::concept(appwitness::ui::Concept::AccountDeletion)).await;
    bench.until_shows("state left").await;
    bench.tap(&Selector::id("name")).await;
    bench.android.text("it's 100%sure & $HOME").await.unwrap();
    bench.until_shows("it's 100%sure & $HOME").await;
    bench.android.clear_text(30).await.unwrap();
    bench.android.text("b").await.unwrap();
    bench.until(|tree| tree.labels().any(|label| label == "b").then_some(())).await;
    bench.android.key("BACK").await.unwrap();
    assert!(bench.android.text("中文").await.is_err());
    let missing = bench.android.launch("org.example.none", None).await.unwrap_err();
    assert_eq!(missing.fault(), Fault::Refused);
}

#[tokio::test]
async fn a_device_that_goes_away_is_lost() {
    let bench = bench(RECENT).await;
    let device = bench.android.device().clone();
    let waiting = tokio::spawn({
        let device = device.clone();
        async move { device.shell("sleep 600", LONG).await }
    });
    let mut events = bench.android.events().await.unwrap();
    bench.machine.pull_the_plug();
    assert_eq!(waiting.await.unwrap().unwrap_err().fault(), Fault::DeviceLost);
    let ended = Clock::real().within(LONG, async { while let Ok(Some(_)) = events.next().await {} }).await;
    assert!(ended.is_some(), "the stream of a dead device hangs");
    assert_eq!(device.shell("true", LONG).await.unwrap_err().fault(), Fault::DeviceLost);
    bench.server.stop();
    assert_eq!(device.shell("true", LONG).await.unwrap_err().fault(), Fault::DeviceLost);
}

#[tokio::test]
async fn dialogs_of_all_releases_and_skins_are_understood() {
    let skins = ["aosp", "google", "samsung", "miui", "miui-plain", "coloros", "originos", "emui"];
    let recent = skins.iter().flat_map(|skin| [(30, *skin), (34, *skin)]);
    let older = [23, 26, 28, 29, 31, 33, 35, 36].map(|api| (api, "aosp"));
    for (api, skin) in recent.chain(older) {
        for locale in ["en-US", "zh-CN"] {
            let profile = format!("api={api},skin={skin},locale={locale}");
            let bench = bench(&profile).await;
            let probe = Probe::new(&format!("skin-{api}-{skin}-{locale}"));
            bench.install(&probe).await;
            bench.android.launch(PACKAGE, Some(".Main")).await.unwrap();
            bench.tap(&Selector::id("shoot")).await;
            let dialog = bench.until_dialog().await;
            assert_eq!(dialog.what, PromptKind::Permission, "{profile}");
            assert_eq!(dialog.groups, ["CAMERA"], "{profile}: {}", dialog.question);
            let unknown: Vec<&str> = dialog
                .buttons
                .iter()
                .filter(|button| button.answer.is_none())
                .map(|button| button.text.as_str())
                .collect();
            assert_eq!(unknown, [""; 0], "{profile}");
            assert!(dialog.button(Answer::Deny).is_some() && dialog.buttons.len() >= 2, "{profile}: {dialog:?}");
            bench.answer(Answer::Deny).await;
            bench.until_shows("state refused").await;
        }
    }
}
