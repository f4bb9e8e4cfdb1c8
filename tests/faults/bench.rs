//! A virtual device behind a server of its own, and our host's way to it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::{self, Device, InstallOptions};
use appwitness::clock::Clock;
use appwitness::virtual_device::fault::plan;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

/// Long enough for a busy machine; nothing here should take a tenth of it.
pub const LONG: Duration = Duration::from_secs(60);
pub const PACKAGE: &str = "org.example.probe";
pub const MODEL: &str = "
specimen: probe
package: org.example.probe
label: Probe
activity: .Main
sdk: {min: 21, target: 33}
permissions: [CAMERA]
first-screen: home
screens:
  home:
    title: Probe
    views: [{text: {words: here I am}}]
";

/// One device.
pub struct Bench {
    pub server: Server,
    pub machine: Arc<Machine>,
    pub device: Device,
    pub folder: PathBuf,
}

impl Bench {
    pub async fn new(name: &str, profile: &str) -> Self {
        let machine = Machine::boot(Profile::parse(profile).unwrap(), Clock::real());
        let server = Server::start("127.0.0.1:0", vec![Arc::clone(&machine)]).await.unwrap();
        let device = adb::Server::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
        let folder = std::env::temp_dir().join(format!("appwitness-faults-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { server, machine, device, folder }
    }

    /// Lets something go wrong.
    pub fn suffer(&self, rule: &str) {
        self.machine.suffer(plan::parse_one(rule).unwrap());
    }

    pub async fn install(&self) -> Result<(), adb::AdbError> {
        let apk = self.folder.join("probe.apk");
        std::fs::write(&apk, pack(MODEL).unwrap()).unwrap();
        self.device.install(&[apk], &InstallOptions::default(), LONG).await
    }

    /// What a command prints.
    pub async fn says(&self, command: &str) -> String {
        self.device.shell(command, LONG).await.unwrap_or_else(|error| panic!("{error}")).text()
    }

    /// Waits until the device answers again.
    pub async fn back(&self) {
        let answers = async { while self.device.shell("true", LONG).await.is_err() {} };
        Clock::real().within(LONG, answers).await.expect("the device does not come back");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
