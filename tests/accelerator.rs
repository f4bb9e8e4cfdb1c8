//! The accelerator over the wire: uiautomator2's jar, as PyPI ships it, pushed to a virtual device and asked instead of
//! the stock command. `tests/run` installs the package that holds the jar; where it is missing the tests say so, and fail
//! when APPWITNESS_ALL_TOOLS is set.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb;
use appwitness::android::{Android, Jar};
use appwitness::clock::Clock;
use appwitness::ui::{Lexicon, Selector, Tree};
use appwitness::virtual_device::machine::Machine;
use appwitness::virtual_device::profile::Profile;
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

const MODEL: &str = "
specimen: probe
package: org.example.probe
label: Probe
activity: .Main
sdk: {min: 21, target: 33}
permissions: [CAMERA, INTERNET]
vars: {state: fresh, name: '', on: false}
first-screen: home
screens:
  home:
    title: 首页 Probe
    views:
      - text: {words: 'state {state} <&>', id: state}
      - field: {id: name, var: name, hint: Name}
      - switch: {words: Recommend, id: on, var: on}
      - button: {words: Press, id: press, tap: [{set: {state: pressed}}], long-press: [{set: {state: held}}]}
      - button: {words: Ask, id: ask, tap: [{ask: {permissions: [CAMERA]}}]}
      - button: {words: Show, id: show, tap: [{show: sale}]}
dialogs:
  sale: {title: Sale, message: Buy!, cancelable: true, positive: {words: OK}}
";
const PACKAGE: &str = "org.example.probe";
const JAR: &str = "/data/local/tmp/appwitness-u2.jar";
const LONG: Duration = Duration::from_secs(30);

/// The jar within the virtual environment of the tools.
fn jar() -> Option<Jar> {
    let tools = std::env::var_os("APPWITNESS_TOOLS").map(PathBuf::from);
    let found = tools.and_then(|tools| {
        let versions = std::fs::read_dir(tools.join("venv/lib")).ok()?;
        let inside = "site-packages/uiautomator2/assets/u2.jar";
        versions.flatten().map(|version| version.path().join(inside)).find(|path| path.exists())
    });
    let Some(path) = found else {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no u2.jar under APPWITNESS_TOOLS");
        eprintln!("skipped: no u2.jar under APPWITNESS_TOOLS");
        return None;
    };
    Some(Jar::new("u2.jar", std::fs::read(path).unwrap()).expect("it is a jar"))
}

struct Bench {
    server: Server,
    machine: Arc<Machine>,
    android: Android,
    cancel: CancellationToken,
}

async fn bench(profile: &str) -> Bench {
    let machine = Machine::boot(Profile::parse(profile).unwrap(), Clock::real());
    let server = Server::start("127.0.0.1:0", vec![Arc::clone(&machine)]).await.unwrap();
    let cancel = CancellationToken::new();
    let device = adb::Server::at(server.address()).device(&machine.profile.serial, cancel.clone());
    let android = Android::open(device).await.unwrap();
    let folder =
        std::env::temp_dir().join(format!("appwitness-quick-{}-{}", std::process::id(), server.address().port()));
    std::fs::create_dir_all(&folder).unwrap();
    let apk = folder.join("probe.apk");
    std::fs::write(&apk, pack(MODEL).unwrap()).unwrap();
    android.device().install(&[apk], &adb::InstallOptions::default(), LONG).await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    android.launch(PACKAGE, None).await.unwrap();
    Bench { server, machine, android, cancel }
}

impl Bench {
    async fn tap(&self, words: &str) {
        let tree = self.android.hierarchy().await.unwrap().tree;
        let node = Selector::text(words).find(&tree, &Lexicon::builtin()).unwrap();
        self.android.tap(tree.nodes[node].bounds.center()).await.unwrap();
    }

    async fn shell(&self, command: &str) -> String {
        self.android.device().shell(command, LONG).await.unwrap().text()
    }

    /// Nothing of the accelerator is on the device.
    async fn is_clean(&self) -> bool {
        let files = self.shell("ls /data/local/tmp").await;
        let processes = self.shell("ps | grep app_process; ps -A | grep app_process").await;
        let port = self.machine.ports.connect("tcp:9008", &CancellationToken::new()).is_some();
        files.trim().is_empty() && processes.trim().is_empty() && !port
    }

    fn end(self) {
        self.server.stop();
        self.machine.pull_the_plug();
    }
}

/// All nodes' attributes as they stand in the file, in order.
fn attributes(xml: &[u8]) -> Vec<Vec<(String, String)>> {
    let text = std::str::from_utf8(xml).unwrap();
    let document = roxmltree::Document::parse(text).unwrap();
    let nodes = document.descendants().filter(|node| node.has_tag_name("node"));
    nodes.map(|node| node.attributes().map(|a| (a.name().to_owned(), a.value().to_owned())).collect()).collect()
}

/// What the accelerator writes beside the stock attributes, by API level; from its code.
fn own(api: u32, stock_has_hints: bool) -> Vec<&'static str> {
    let mut own = vec!["visible-to-user"];
    if !stock_has_hints {
        own.extend((api >= 24).then_some("drawing-order"));
        own.extend((api >= 26).then_some("hint"));
    }
    own.extend((api >= 30).then_some("display-id"));
    own
}

fn without_hints(tree: &Tree) -> Tree {
    let mut tree = tree.clone();
    tree.nodes.iter_mut().for_each(|node| node.hint.clear());
    tree
}

#[tokio::test]
async fn its_hierarchies_equal_the_stock_ones() {
    let Some(jar) = jar() else { return };
    for (profile, hints) in [
        ("api=23", false),
        ("api=26", false),
        ("api=29", false),
        ("api=33,skin=samsung", false),
        ("api=34,skin=google", true),
        ("api=35,skin=miui", true),
    ] {
        let bench = bench(profile).await;
        let api = bench.machine.profile.api;
        for press in ["", "Show", "Ask"] {
            if !press.is_empty() {
                bench.tap(press).await;
            }
            let stock = bench.android.hierarchy().await.unwrap();
            assert_eq!(stock.by, "uiautomator");
            bench.android.accelerate(jar.clone()).await.unwrap();
            let quick = bench.android.hierarchy().await.unwrap();
            assert_eq!(quick.by, jar.by());
            bench.android.decelerate().await.unwrap();
            assert_eq!(without_hints(&quick.tree), without_hints(&stock.tree), "{profile} {press}");
            let (stock, quick) = (attributes(&stock.xml), attributes(&quick.xml));
            assert_eq!(stock.len(), quick.len());
            for (stock, quick) in stock.iter().zip(&quick) {
                let names: Vec<&str> = stock.iter().map(|(name, _)| name.as_str()).collect();
                let (shared, more): (Vec<_>, Vec<_>) =
                    quick.iter().cloned().partition(|(name, _)| names.contains(&name.as_str()));
                assert_eq!(&shared, stock, "{profile} {press}");
                let more: Vec<&str> = more.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(more, own(api, hints), "{profile} {press}");
            }
            if press == "Show" {
                bench.tap("OK").await;
            }
        }
        assert!(bench.is_clean().await, "{profile}");
        bench.end();
    }
}

#[tokio::test]
async fn captures_and_taps_go_through_it() {
    let Some(jar) = jar() else { return };
    for profile in ["api=34,skin=google", "api=23,renders=false"] {
        let bench = bench(profile).await;
        let stock = bench.android.capture(PACKAGE).await.unwrap();
        bench.android.accelerate(jar.clone()).await.unwrap();
        let quick = bench.android.capture(PACKAGE).await.unwrap();
        assert_eq!(quick.missing, Vec::<String>::new(), "{profile}");
        let hierarchy = quick.hierarchy.as_ref().unwrap();
        assert_eq!(hierarchy.by, jar.by());
        assert_eq!(hierarchy.tree, stock.hierarchy.as_ref().unwrap().tree);
        assert_eq!((&quick.focus, &quick.permissions), (&stock.focus, &stock.permissions));
        let by_commands = bench.android.capture_by_commands(PACKAGE).await.unwrap();
        assert_eq!(by_commands.hierarchy.unwrap().by, jar.by());
        bench.tap("Press").await;
        let tree = bench.android.hierarchy().await.unwrap().tree;
        assert!(Selector::text("state pressed <&>").find(&tree, &Lexicon::builtin()).is_ok());
        bench.android.decelerate().await.unwrap();
        assert!(bench.is_clean().await);
        bench.end();
    }
}

#[tokio::test]
async fn it_is_started_again_when_it_dies() {
    let Some(jar) = jar() else { return };
    let bench = bench("api=34,skin=google").await;
    bench.android.accelerate(jar.clone()).await.unwrap();
    for _ in 0..2 {
        bench.shell("kill -9 $(pidof app_process)").await;
        assert_eq!(bench.android.hierarchy().await.unwrap().by, jar.by());
    }
    assert_eq!(bench.android.accelerator_given_up().await, None);
    bench.android.decelerate().await.unwrap();
    assert!(bench.is_clean().await);
    assert_eq!(bench.android.hierarchy().await.unwrap().by, "uiautomator");
    bench.end();
}

#[tokio::test]
async fn where_it_cannot_run_nothing_of_it_is_left() {
    let Some(jar) = jar() else { return };
    let bench = bench("api=34,skin=google").await;
    // No program in it.
    let empty = Jar::new("empty.jar", b"PK\x03\x04 nothing in it".to_vec()).unwrap();
    let error = bench.android.accelerate(empty).await.unwrap_err();
    assert!(error.to_string().contains("ClassNotFoundException") || error.to_string().contains("Aborted"), "{error}");
    assert!(bench.is_clean().await);
    // Somebody else is connected.
    let watching = bench.android.device().stream("uiautomator events").await.unwrap();
    while bench.shell("uiautomator dump").await.contains("dumped") {}
    let error = bench.android.accelerate(jar).await.unwrap_err();
    assert!(error.to_string().contains("already registered!"), "{error}");
    drop(watching);
    assert_eq!(bench.android.hierarchy().await.unwrap().by, "uiautomator");
    bench.end();
}

#[tokio::test]
async fn when_the_host_goes_the_device_clears_up_by_itself() {
    let Some(jar) = jar() else { return };
    let bench = bench("api=34,skin=google").await;
    bench.android.accelerate(jar).await.unwrap();
    assert!(bench.shell(&format!("ls {JAR}")).await.contains(JAR));
    bench.cancel.cancel();
    drop(bench.android);
    let device =
        adb::Server::at(bench.server.address()).device(&bench.machine.profile.serial, CancellationToken::new());
    let android = Android::open(device).await.unwrap();
    let bench = Bench { android, cancel: CancellationToken::new(), ..bench };
    let waiting = async {
        while !bench.is_clean().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, waiting).await.expect("it clears up");
    bench.end();
}
