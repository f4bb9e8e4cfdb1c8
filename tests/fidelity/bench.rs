//! A virtual device with the captured app, captures, and how to compare texts.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::{self, Device, InstallOptions};
use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(60);

/// An app like the captured one: it asks for three things at its start.
const MODEL: &str = "
specimen: like-the-captured
package: test.perm
label: PermTest
activity: .Main
sdk: {min: 14, target: 23}
permissions: [CAMERA, READ_CONTACTS, ACCESS_FINE_LOCATION]
first-screen: home
on: {start: [{ask: {permissions: [CAMERA, READ_CONTACTS, ACCESS_FINE_LOCATION]}}]}
screens:
  home:
    title: PermTest
    views:
      - text: {id: main, words: PermTest main screen}
      - button: {id: hang, words: Hang, tap: [anr]}
";

pub struct Bench {
    _server: Server,
    pub machine: Arc<Machine>,
    device: Device,
    folder: PathBuf,
}

impl Bench {
    pub async fn new(name: &str, profile: &str) -> Self {
        let machine = Machine::boot(Profile::parse(profile).unwrap(), Clock::real());
        let server = Server::start("127.0.0.1:0", vec![Arc::clone(&machine)]).await.unwrap();
        let device = adb::Server::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
        let folder = std::env::temp_dir().join(format!("appwitness-fidelity-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        // The newest releases refuse what was made for Android 6.
        let newest = machine.profile.api >= 35;
        let model = if newest { MODEL.replace("target: 23", "target: 33") } else { MODEL.to_owned() };
        let apk = folder.join("like.apk");
        std::fs::write(&apk, pack(&model).unwrap()).unwrap();
        device.install(&[apk], &InstallOptions::default(), LONG).await.unwrap();
        Self { _server: server, machine, device, folder }
    }

    /// What a command prints on both outputs.
    pub async fn says(&self, command: &str) -> String {
        let output = self.device.shell(&format!("{{ {command}\n}} 2>&1"), LONG).await;
        output.unwrap_or_else(|error| panic!("{command}: {error}")).text().replace('\r', "")
    }

    /// The hierarchy now.
    pub async fn dump(&self) -> String {
        self.says("uiautomator dump /data/local/tmp/a.xml >/dev/null; cat /data/local/tmp/a.xml").await
    }

    /// Taps the first view whose short id is this.
    pub async fn tap(&self, id: &str) {
        let tree = appwitness::android::parse_hierarchy(self.dump().await.as_bytes()).unwrap();
        let node = tree.nodes.iter().find(|node| node.short_id() == id).unwrap_or_else(|| panic!("no {id}"));
        let at = node.bounds.center();
        self.says(&format!("input tap {} {}", at.x, at.y)).await;
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A capture's text; `None`, said aloud, when there are no captures.
pub fn capture(name: &str) -> Option<String> {
    let folder = std::env::var("APPWITNESS_FIXTURES")
        .map_or_else(|_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/fixtures")), PathBuf::from);
    if !folder.is_dir() {
        // Past the test's own output, which is shown of failing tests only.
        std::io::stderr().write_all(format!("skipped: no fixtures at {}\n", folder.display()).as_bytes()).unwrap();
        return None;
    }
    let path = folder.join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(String::from_utf8_lossy(&bytes).replace('\r', ""))
}

/// A line without what differs from run to run: numbers, hashes, times, amounts of space.
pub fn shape(line: &str) -> String {
    let mut shape = String::new();
    let mut word = String::new();
    let end = |word: &mut String, shape: &mut String| {
        let number = word.chars().any(|c| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_hexdigit() || "+-.hms".contains(c));
        let hash = word.len() >= 6 && word.chars().all(|c| c.is_ascii_hexdigit());
        shape.push_str(if number || hash { "#" } else { word });
        word.clear();
    };
    for c in line.trim_end().chars() {
        if c.is_ascii_alphanumeric() || "+-.".contains(c) {
            word.push(c);
            continue;
        }
        end(&mut word, &mut shape);
        if c != ' ' || !shape.ends_with("  ") {
            shape.push(c);
        }
    }
    end(&mut word, &mut shape);
    shape
}

/// What a line is about: its indentation and its first words up to a value.
pub fn key(line: &str) -> Option<String> {
    let indent = line.len() - line.trim_start().len();
    let text = line.trim();
    let end = text.find([':', '=', '{', '[', '(', '"']).map_or(text.len(), |at| at + 1);
    let head: String = text[..end].split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    (!head.is_empty()).then(|| format!("{}{}", " ".repeat(indent), shape(&head)))
}
