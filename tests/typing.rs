//! Text that keys can't write, typed through keyboards that take it, and what the device is left like.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::{self, InstallOptions};
use appwitness::android::{Android, Keyboard};
use appwitness::apk::App;
use appwitness::catalogue::Catalogue;
use appwitness::clock::Clock;
use appwitness::journal::Journal;
use appwitness::journal::entry::{Ended, Event, StepOutcome};
use appwitness::run::{Order, Secrets, attempt};
use appwitness::scenario::Scenario;
use appwitness::ui::Lexicon;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(60);
const OLD: &str = "com.android.inputmethod.latin/.LatinIME";
const TEXT: &str = "王小明 & Söhne, 50 % 😀";
const SECRET: &str = "密码-Ünïcode";

/// MODEL: what their sources say of both.
const ADB_KEYBOARD: &str = "
specimen: adb-keyboard
package: com.android.adbkeyboard
label: ADB Keyboard
input-method: {service: .AdbIME, takes: {broadcast: {action: ADB_INPUT_B64, extra: msg}}}
first-screen: home
screens: {home: {title: Keyboard, views: []}}
";
const UNICODE_IME: &str = "
specimen: unicode-ime
package: io.appium.settings
label: Appium Settings
input-method: {service: .UnicodeIME, takes: modified-utf7, logs-keys: true}
first-screen: home
screens: {home: {title: Settings, views: []}}
";
const APP: &str = "
specimen: typist
package: org.example.typist
label: Typist
vars: {name: '', word: ''}
first-screen: home
screens:
  home:
    title: Typist
    views:
      - field: {id: name, var: name}
      - field: {id: word, var: word}
";

struct Bench {
    _server: Server,
    device: adb::Device,
    folder: PathBuf,
}

impl Bench {
    async fn new(name: &str, profile: &str, keyboards: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("typing-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let profile = Profile::parse(profile).unwrap();
        let serial = profile.serial.clone();
        let server = Server::start("127.0.0.1:0", vec![Machine::boot(profile, Clock::real())]).await.unwrap();
        let device = adb::Server::at(server.address()).device(&serial, CancellationToken::new());
        let bench = Self { _server: server, device, folder };
        for (number, keyboard) in keyboards.iter().enumerate() {
            let file = bench.packed(&format!("keyboard{number}.apk"), keyboard);
            bench.device.install(&[file], &InstallOptions::default(), LONG).await.unwrap();
        }
        bench
    }

    fn packed(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, pack(text).unwrap()).unwrap();
        path
    }

    async fn shell(&self, command: &str) -> String {
        self.device.shell(command, LONG).await.unwrap().text()
    }

    /// Chosen and enabled input methods, a line each.
    async fn methods(&self) -> String {
        self.shell("settings get secure default_input_method; settings get secure enabled_input_methods").await
    }

    /// Types with a scenario; what its steps say, in the order of the journal.
    async fn types(&self, text: &str, secret: Option<&str>) -> Record {
        let steps = format!("  - launch\n  - type: {{into: {{id: name}}, text: '{text}'}}\n");
        let scenario = format!("scenario: type\ntitle: Type\nprompts: deny\nconsent: accept\nsteps:\n{steps}");
        let scenario = Arc::new(Scenario::parse("type.yaml", &scenario).unwrap_or_else(|told| panic!("{told}")));
        let mut secrets = Secrets::default();
        if let Some(secret) = secret {
            secrets.insert("account.password", secret.to_owned());
        }
        let order = Order {
            case: "type".into(),
            attempt: 1,
            purpose: String::new(),
            app: Arc::new(App::open(&[self.packed("app.apk", APP)]).unwrap()),
            older: None,
            category: None,
            scenario_digest: scenario.digest(),
            scenario,
            briefing: None,
            catalogue: Arc::new(Catalogue::builtin()),
            lexicon: Arc::new(Lexicon::builtin()),
            secrets,
            observers: Vec::new(),
            program_digest: None,
            accelerator: None,
        };
        let record = self.folder.join("record");
        let ended = attempt(&order, self.device.clone(), &record, Clock::real(), &|_| ()).await.unwrap();
        assert_ne!(ended.ended, Ended::Stopped, "{}", ended.message);
        let text = std::fs::read_to_string(record.join("journal.jsonl")).unwrap();
        let mut told = Record { text, set: Vec::new(), steps: Vec::new(), notes: Vec::new() };
        for entry in Journal::read(&record).unwrap().entries {
            match entry.event {
                Event::DeviceSet { what, value, by } => told.set.push(format!("{what}: {value} by {by}")),
                Event::StepEnded { outcome, message, .. } => told.steps.push((outcome, message.unwrap_or_default())),
                Event::Note { text } => told.notes.push(text),
                _ => {}
            }
        }
        told
    }
}

struct Record {
    text: String,
    set: Vec<String>,
    steps: Vec<(StepOutcome, String)>,
    notes: Vec<String>,
}

impl Record {
    /// The step that typed.
    fn typed(&self) -> (StepOutcome, &str) {
        let (outcome, message) = self.steps.last().unwrap();
        (*outcome, message)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_is_typed_through_either_keyboard_and_the_earlier_one_is_back() {
    for (profile, keyboard, id) in [
        ("api=34", ADB_KEYBOARD, "com.android.adbkeyboard/.AdbIME"),
        ("api=23", ADB_KEYBOARD, "com.android.adbkeyboard/.AdbIME"),
        ("api=29", UNICODE_IME, "io.appium.settings/.UnicodeIME"),
    ] {
        let bench = Bench::new("either", profile, &[keyboard]).await;
        let before = bench.methods().await;
        let record = bench.types(TEXT, None).await;
        assert_eq!(record.typed(), (StepOutcome::Done, ""), "{profile} {id}");
        assert_eq!(record.set, [format!("input method: {id} by ime"), format!("input method: {OLD} by ime")]);
        assert_eq!(record.notes, [] as [&str; 0], "it was read back as it was typed");
        assert_eq!((bench.methods().await, before.trim()), (before.clone(), format!("{OLD}\n{OLD}").as_str()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_enabled_stays_enabled() {
    let bench = Bench::new("enabled", "api=34", &[ADB_KEYBOARD, UNICODE_IME]).await;
    bench.shell("ime enable com.android.adbkeyboard/.AdbIME; ime enable io.appium.settings/.UnicodeIME").await;
    bench.shell("ime set io.appium.settings/.UnicodeIME").await;
    let before = bench.methods().await;
    let record = bench.types(TEXT, None).await;
    assert_eq!(record.typed(), (StepOutcome::Done, ""));
    assert!(record.set[0].contains("AdbIME") && record.set[1].contains("UnicodeIME"), "{:?}", record.set);
    let sorted = |text: &str| {
        let mut all: Vec<String> = text.split([':', '\n']).map(str::to_owned).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&bench.methods().await), sorted(&before));
    assert!(bench.methods().await.starts_with("io.appium.settings/.UnicodeIME\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_such_a_keyboard_the_step_says_what_to_install() {
    let bench = Bench::new("none", "api=34", &[]).await;
    let record = bench.types(TEXT, None).await;
    let (outcome, message) = record.typed();
    assert_eq!(outcome, StepOutcome::Failed);
    for words in ["ASCII", "com.android.adbkeyboard", "io.appium.settings", "ask-operator"] {
        assert!(message.contains(words), "no {words}: {message}");
    }
    assert_eq!(record.set, [] as [&str; 0]);
    let plain = bench.types_anew("plain ascii").await;
    assert_eq!((plain.typed(), plain.set.len()), ((StepOutcome::Done, ""), 0));
}

impl Bench {
    async fn types_anew(&self, text: &str) -> Record {
        std::fs::remove_dir_all(self.folder.join("record")).unwrap();
        self.types(text, None).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_goes_by_the_keyboard_that_writes_nothing_down_or_not_at_all() {
    let coded = ["5a+G56CB", "&W8Z4AQ", "密码"];
    let bench = Bench::new("secret", "api=34", &[UNICODE_IME, ADB_KEYBOARD]).await;
    let record = bench.types("${account.password}", Some(SECRET)).await;
    assert_eq!(record.typed(), (StepOutcome::Done, ""));
    assert!(record.set[0].contains("AdbIME"), "{:?}", record.set);
    let log = bench.shell("logcat -d -b main,system,events").await;
    for text in coded {
        assert!(!record.text.contains(text) && !log.contains(text), "{text}");
    }
    let bench = Bench::new("secret-kept", "api=34", &[UNICODE_IME]).await;
    let record = bench.types("${account.password}", Some(SECRET)).await;
    assert_eq!((record.typed().0, record.set.len()), (StepOutcome::Failed, 0));
    assert!(record.typed().1.contains("com.android.adbkeyboard"), "{}", record.typed().1);
    let log = bench.shell("logcat -d -b main,system,events").await;
    assert!(!record.text.contains("密码") && !log.contains("onKeyDown"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_and_a_dead_host_leave_the_earlier_keyboard_too() {
    for api in ["api=34", "api=23"] {
        let bench = Bench::new("stopped", api, &[ADB_KEYBOARD]).await;
        let before = bench.methods().await;
        let cancel = CancellationToken::new();
        let android = Android::open(bench.device.under(cancel.clone())).await.unwrap();
        assert_eq!(android.keyboards().await.unwrap(), [Keyboard::AdbKeyboard]);
        let chosen = android.choose_keyboard(Keyboard::AdbKeyboard).await.unwrap();
        assert_eq!(chosen.before, OLD);
        assert!(bench.methods().await.starts_with("com.android.adbkeyboard/.AdbIME\n"));
        cancel.cancel();
        // Nothing more can be asked; what the host held is gone.
        assert!(android.let_go_of_keyboard(chosen).await.is_err());
        let back = async { while bench.methods().await != before {} };
        tokio::time::timeout(LONG, back).await.expect("the keyboard stays");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_device_knows_its_keyboards() {
    let bench = Bench::new("device", "api=34", &[ADB_KEYBOARD]).await;
    let id = "com.android.adbkeyboard/.AdbIME";
    assert_eq!(bench.shell("ime list -a -s").await, format!("{OLD}\n{id}\n"));
    assert_eq!(bench.shell("ime list -s").await, format!("{OLD}\n"));
    assert!(bench.shell(&format!("ime set {id} 2>&1")).await.starts_with("Unknown input method"), "not enabled");
    assert!(bench.shell("ime enable org.example/.No 2>&1").await.starts_with("Unknown input method"));
    assert_eq!(bench.shell(&format!("ime enable {id}")).await, format!("Input method {id}: now enabled for user #0\n"));
    assert_eq!(bench.shell(&format!("ime set {id}")).await, format!("Input method {id} selected for user #0\n"));
    // No field has the focus: nothing is bound, and a broadcast is lost.
    assert!(bench.shell("dumpsys input_method").await.contains(&format!("mCurId={id} mHaveConnection=false")));
    assert!(bench.shell("am broadcast -a ADB_INPUT_B64 --es msg eA==").await.contains("Broadcast completed"));
    assert!(bench.shell("pidof com.android.adbkeyboard").await.trim().parse::<u32>().is_ok());
    assert_eq!(
        bench.shell(&format!("ime disable {id}")).await,
        format!("Input method {id}: now disabled for user #0\n")
    );
    assert_eq!(bench.methods().await, format!("{OLD}\n{OLD}\n"));
}
