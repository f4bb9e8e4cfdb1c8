//! The real `adb` against the virtual device: the device's own port through adb's own server, and our server in place of
//! adb's. The program is found on PATH or named by APPWITNESS_ADB; where there is none the tests say that they were
//! skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::{adbd, server};

/// The `adb` program to test with.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("APPWITNESS_ADB").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = named.or_else(|| std::env::split_paths(&path).map(|folder| folder.join("adb")).find(|p| p.is_file()));
    if found.is_none() {
        eprintln!("skipped: no adb");
    }
    found
}

/// One `adb` with a server of its own, or ours, and one device.
struct Adb {
    program: PathBuf,
    server_port: u16,
    /// Whether the server is adb's own, which we started and must stop.
    own_server: bool,
    serial: String,
    /// Home of the `adb`, and room for files.
    folder: PathBuf,
    machine: Arc<Machine>,
    _server: Option<server::Server>,
    _runtime: tokio::runtime::Runtime,
}

impl Adb {
    /// `adb connect` to the device's own port.
    fn to_device(name: &str, profile: &str) -> Option<Self> {
        let program = program()?;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let machine = runtime.block_on(async { Machine::boot(Profile::parse(profile).unwrap(), Clock::real()) });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let serial = listener.local_addr().unwrap().to_string();
        runtime.spawn(adbd::serve(machine.clone(), listener));
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let adb = Self {
            program,
            server_port: free,
            own_server: true,
            serial: serial.clone(),
            folder: folder(name),
            machine,
            _server: None,
            _runtime: runtime,
        };
        let said = text(&adb.plain(&["connect", &serial]).stdout);
        // While a device asks for the key, adb says that it failed, and goes on in the background.
        let expected = if profile.contains("auth=") { "failed to authenticate to" } else { "connected to" };
        assert!(said.contains(&format!("{expected} {serial}")), "{said}");
        Some(adb)
    }

    /// Our server in place of adb's.
    fn to_server(name: &str, profile: &str) -> Option<Self> {
        let program = program()?;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let machine = runtime.block_on(async { Machine::boot(Profile::parse(profile).unwrap(), Clock::real()) });
        let server = runtime.block_on(server::Server::start("127.0.0.1:0", vec![machine.clone()])).unwrap();
        Some(Self {
            program,
            server_port: server.address().port(),
            own_server: false,
            serial: machine.profile.serial.clone(),
            folder: folder(name),
            machine,
            _server: Some(server),
            _runtime: runtime,
        })
    }

    /// Runs `adb` without naming a device.
    fn plain(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.env("HOME", &self.folder).env("ADB_MDNS_OPENSCREEN", "0").env_remove("ANDROID_SERIAL");
        command.arg("-P").arg(self.server_port.to_string()).args(arguments);
        command.stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// Runs `adb` on the device.
    fn run(&self, arguments: &[&str]) -> Output {
        self.plain(&[&["-s", &self.serial], arguments].concat())
    }

    /// Runs `adb` on the device, which must go well; what it printed.
    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "adb {arguments:?}: {output:?}");
        text(&output.stdout)
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Adb {
    fn drop(&mut self) {
        if self.own_server {
            self.plain(&["kill-server"]);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("adb-contract-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Lists, shell, exec and files: what every profile must give.
fn exercise(adb: &Adb) {
    let modern = !adb.machine.profile.features.is_empty();
    let list = text(&adb.plain(&["devices", "-l"]).stdout);
    let product = adb.machine.profile.product();
    assert!(list.contains(&adb.serial) && list.contains(&format!("product:{}", product.name)), "{list}");
    assert_eq!(adb.good(&["get-state"]).trim(), "device");

    let output = adb.run(&["shell", "echo out; echo err >&2; exit 7"]);
    if modern {
        assert_eq!((text(&output.stdout), text(&output.stderr)), ("out\n".into(), "err\n".into()));
        assert_eq!(output.status.code(), Some(7));
    } else {
        assert_eq!((text(&output.stdout), output.status.code()), ("out\r\nerr\r\n".into(), Some(0)));
    }
    assert_eq!(adb.good(&["exec-out", "echo a; echo b"]), "a\nb\n");

    let picture = adb.run(&["exec-out", "screencap -p"]).stdout;
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n") && picture.ends_with(b"IEND\xaeB`\x82"));

    let bytes: Vec<u8> = (0..300_000u32).map(|i| (i * 7) as u8).collect();
    std::fs::write(adb.file("up"), &bytes).unwrap();
    adb.good(&["push", &adb.file("up"), "/data/local/tmp/new/up"]);
    adb.good(&["pull", "/data/local/tmp/new/up", &adb.file("down")]);
    assert!(std::fs::read(adb.file("down")).unwrap() == bytes);
    adb.good(&["pull", "/data/local/tmp/new", &adb.file("folder")]);
    assert!(std::fs::read(adb.file("folder/up")).unwrap() == bytes);
    let missing = adb.run(&["pull", "/data/local/tmp/none", &adb.file("none")]);
    let why = text(&[missing.stdout, missing.stderr].concat());
    let expected = if modern { "No such file or directory" } else { "does not exist" };
    assert!(!missing.status.success() && why.contains(expected), "{why}");
    let forbidden = adb.run(&["push", &adb.file("up"), "/system/app/up"]);
    assert!(!forbidden.status.success(), "{forbidden:?}");
}

#[test]
fn a_modern_device_answers_adb() {
    let Some(adb) = Adb::to_device("modern", "") else { return };
    exercise(&adb);
}

#[test]
fn an_old_device_answers_adb() {
    let Some(adb) = Adb::to_device("old", "api=23") else { return };
    exercise(&adb);
}

#[test]
fn a_device_that_asks_for_a_key_answers_adb() {
    let Some(adb) = Adb::to_device("key", "auth=consent") else { return };
    adb.good(&["wait-for-device"]);
    assert_eq!(adb.good(&["shell", "echo in"]), "in\n");
    let known = adb.machine.trusted().borrow().len();
    adb.plain(&["disconnect", &adb.serial]);
    adb.plain(&["connect", &adb.serial]);
    adb.good(&["wait-for-device"]);
    assert_eq!(adb.good(&["shell", "echo again"]), "again\n");
    assert_eq!((known, adb.machine.trusted().borrow().len()), (1, 1));
}

#[test]
fn our_server_answers_adb_for_a_modern_device() {
    let Some(adb) = Adb::to_server("server-modern", "serial=emulator-5556") else { return };
    exercise(&adb);
}

#[test]
fn our_server_answers_adb_for_an_old_device() {
    let Some(adb) = Adb::to_server("server-old", "serial=emulator-5556,api=23") else { return };
    exercise(&adb);
}
