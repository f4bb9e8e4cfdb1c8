//! What both sides use: a virtual device with an app in front, the real ADB server, the proxy before it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use appwitness::adb::{Device, InstallOptions, Server};
use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::{adbd, specimen};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::proxy::{self, Counters};

const LONG: Duration = Duration::from_secs(60);
/// A screen of some 40 views; a tap on the button changes it.
const MODEL: &str = "
specimen: bench
package: org.example.bench
label: Bench
activity: .Main
sdk: {min: 21, target: 33}
vars: {taps: 0}
first-screen: home
screens:
  home:
    title: Bench
    views:
      - text: {words: 'taps {taps}', id: taps}
      - button: {words: Once more, id: more, tap: [{add: {taps: 1}}]}
ROWS
";
const PACKAGE: &str = "org.example.bench";

/// A virtual device at the real ADB server. Dropping it ends the server.
pub struct Bed {
    /// Where clients find the ADB server: the proxy.
    pub proxy: SocketAddr,
    pub serial: String,
    pub passed: Arc<Counters>,
    /// Middle of the button.
    pub button: (i32, i32),
    /// Home of the server and of the sides.
    pub folder: PathBuf,
    server: Child,
    _runtime: Runtime,
}

impl Bed {
    pub fn start(adb: &Path) -> Self {
        let folder = std::env::temp_dir().join(format!("appwitness-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let runtime = Runtime::new().expect("a runtime");
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let server = adb_server(adb, port, &folder);
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let (proxy, passed, serial, button) = runtime.block_on(async {
            let machine = Machine::boot(Profile::new("bench"), Clock::real());
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port for the device");
            let serial = listener.local_addr().expect("the device's address").to_string();
            tokio::spawn(adbd::serve(machine, listener));
            let (proxy, passed) = proxy::start(address).await;
            let device = connect(address, &serial).await;
            let button = prepare(device, &folder).await;
            (proxy, passed, serial, button)
        });
        Self { proxy, serial, passed, button, folder, server, _runtime: runtime }
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The real server as a child, so that it ends with the bench.
fn adb_server(adb: &Path, port: u16, home: &Path) -> Child {
    let mut command = Command::new(adb);
    command.args(["-P", &port.to_string(), "server", "nodaemon"]).env("HOME", home).env("ADB_MDNS_OPENSCREEN", "0");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("adb starts")
}

async fn connect(server: SocketAddr, serial: &str) -> Device {
    let (server, started) = (Server::at(server), Instant::now());
    while server.version().await.is_err() {
        assert!(started.elapsed() < LONG, "the ADB server does not answer");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.connect(serial).await.expect("adb connects to the device");
    server.device(serial, CancellationToken::new())
}

/// Installs and starts the app; the middle of its button.
async fn prepare(device: Device, folder: &Path) -> (i32, i32) {
    let rows = (1..=18).map(|n| format!("      - row: {{words: 'Line {n}', id: line{n}}}\n")).collect::<String>();
    let apk = folder.join("bench.apk");
    std::fs::write(&apk, specimen::pack(&MODEL.replace("ROWS\n", &rows)).expect("a sound specimen")).expect("a file");
    device.install(&[apk], &InstallOptions::default(), LONG).await.expect("it installs");
    let android = appwitness::android::Android::open(device).await.expect("the device says who it is");
    android.launch(PACKAGE, Some(".Main")).await.expect("it starts");
    let tree = android.hierarchy().await.expect("a hierarchy").tree;
    let button = tree.nodes.iter().find(|node| node.resource_id.ends_with("id/more")).expect("the button");
    let center = button.bounds.center();
    (center.x, center.y)
}
