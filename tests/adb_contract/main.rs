//! The real `adb` against the virtual device: the device's own port through adb's own server, and our server in place of
//! adb's. Two programs, an old one and a recent one: see `found.rs`.

mod found;
mod programs;
mod services;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use adb_client::ADBDeviceExt;
use adb_client::server_device::ADBServerDevice;
use appwitness::clock::Clock;
use appwitness::virtual_device::apk_file::{self, ManifestSpec};
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::{adbd, screen, server, specimen};
use found::programs;

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
    fn to_device(program: PathBuf, name: &str, profile: &str) -> Self {
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
        // While a device asks for the key, adb says that it failed and goes on in the background; unless it has the
        // answer before it is done asking.
        let early = profile.contains("auth=") && said.contains(&format!("failed to authenticate to {serial}"));
        assert!(early || said.contains(&format!("connected to {serial}")), "{said}");
        adb
    }

    /// Our server in place of adb's.
    fn to_server(program: PathBuf, name: &str, profile: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let machine = runtime.block_on(async { Machine::boot(Profile::parse(profile).unwrap(), Clock::real()) });
        let server = runtime.block_on(server::Server::start("127.0.0.1:0", vec![machine.clone()])).unwrap();
        Self {
            program,
            server_port: server.address().port(),
            own_server: false,
            serial: machine.profile.serial.clone(),
            folder: folder(name),
            machine,
            _server: Some(server),
            _runtime: runtime,
        }
    }

    /// `adb` with these arguments, and without input.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("HOME", &self.folder).env("ADB_MDNS_OPENSCREEN", "0").env_remove("ANDROID_SERIAL");
        command.arg("-P").arg(self.server_port.to_string()).args(arguments);
        command.stdin(std::process::Stdio::null());
        command
    }

    /// Runs `adb` without naming a device.
    fn plain(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
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

const MODEL: &str = "
specimen: probe
package: org.example.probe
label: Probe
activity: .Main
version: {code: 2, name: '2'}
sdk: {min: 21, target: 33}
permissions: [CAMERA, INTERNET]
vars: {state: fresh, name: ''}
first-screen: home
on: {start: [{connect: {host: parcel.example}}]}
screens:
  home:
    title: Probe
    views:
      - text: {words: 'state {state}', id: state}
      - field: {id: name, var: name}
      - button: {words: Press me, id: press, tap: [{set: {state: pressed}}]}
";
const PACKAGE: &str = "org.example.probe";

/// The probe in another version.
fn probe(version: u32) -> Vec<u8> {
    specimen::pack(&MODEL.replace("code: 2", &format!("code: {version}"))).unwrap()
}

/// A split of the probe.
fn split(name: &str) -> Vec<u8> {
    let spec = ManifestSpec {
        package: PACKAGE.to_owned(),
        version_code: 2,
        min_sdk: 21,
        target_sdk: 33,
        split: Some(name.to_owned()),
        ..ManifestSpec::default()
    };
    apk_file::write(&spec, &[("words.txt".to_owned(), name.as_bytes().to_vec())]).unwrap()
}

fn said(output: &Output) -> String {
    text(&[output.stdout.as_slice(), output.stderr.as_slice()].concat())
}

/// One app file: installed, seen, refused, removed.
fn install(adb: &Adb) {
    std::fs::write(adb.file("probe.apk"), probe(2)).unwrap();
    std::fs::write(adb.file("older.apk"), probe(1)).unwrap();
    std::fs::write(adb.file("cut.apk"), &probe(2)[..900]).unwrap();
    assert!(adb.good(&["install", &adb.file("probe.apk")]).contains("Success"));
    assert_eq!(adb.good(&["shell", "pm list packages org.example"]).trim(), format!("package:{PACKAGE}"));
    let path = adb.good(&["shell", "pm path", PACKAGE]).trim().trim_start_matches("package:").to_owned();
    adb.good(&["pull", &path, &adb.file("back.apk")]);
    assert!(std::fs::read(adb.file("back.apk")).unwrap() == probe(2));
    for (file, code) in [("older.apk", "INSTALL_FAILED_VERSION_DOWNGRADE"), ("cut.apk", "INSTALL_PARSE_FAILED_NOT_APK")]
    {
        let refused = adb.run(&["install", "-r", &adb.file(file)]);
        // Without the shell protocol adb learns no exit status, and an old one makes none of the words.
        let told = refused.status.success() == adb.machine.profile.features.is_empty();
        assert!(
            (told || adb.machine.profile.features.is_empty()) && said(&refused).contains(code),
            "{file}: {refused:?}"
        );
    }
    assert!(adb.good(&["install", "-r", "-d", &adb.file("older.apk")]).contains("Success"));
    assert!(adb.good(&["shell", "am start -W -n", &format!("{PACKAGE}/.Main")]).contains("Status: ok"));
    let events = adb.good(&["logcat", "-d", "-b", "events"]);
    assert!(events.contains(&format!("{PACKAGE}/.Main")) && events.contains("_create_activity"), "{events}");
    assert!(adb.good(&["logcat", "-d"]).contains("START u0"));
    adb.good(&["logcat", "-c"]);
    assert!(!adb.good(&["logcat", "-d"]).contains("START u0"));
    assert!(adb.good(&["uninstall", PACKAGE]).contains("Success"));
    assert!(said(&adb.run(&["uninstall", PACKAGE])).contains("DELETE_FAILED_INTERNAL_ERROR"));
}

/// A base with splits in one session; one more split; one that does not belong.
fn install_splits(adb: &Adb) {
    for (name, bytes) in [("base.apk", probe(2)), ("zh.apk", split("config.zh")), ("hdpi.apk", split("config.hdpi"))] {
        std::fs::write(adb.file(name), bytes).unwrap();
    }
    let [base, zh, hdpi] = ["base.apk", "zh.apk", "hdpi.apk"].map(|name| adb.file(name));
    assert!(adb.good(&["install-multiple", &base, &zh]).contains("Success"));
    let paths = |adb: &Adb| -> Vec<String> {
        let printed = adb.good(&["shell", "pm path", PACKAGE]);
        printed.lines().map(|line| line.trim().trim_start_matches("package:").to_owned()).collect()
    };
    let names = |paths: &[String]| -> Vec<String> {
        let mut names: Vec<String> = paths.iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&paths(adb)), ["base.apk", "split_config.zh.apk"]);
    assert!(adb.good(&["install-multiple", "-p", PACKAGE, &hdpi]).contains("Success"));
    let installed = paths(adb);
    assert_eq!(names(&installed), ["base.apk", "split_config.hdpi.apk", "split_config.zh.apk"]);
    let at = installed.iter().find(|path| path.ends_with("split_config.zh.apk")).unwrap();
    adb.good(&["pull", at, &adb.file("back.apk")]);
    assert!(std::fs::read(adb.file("back.apk")).unwrap() == split("config.zh"));
    let alone = adb.run(&["install-multiple", &zh, &hdpi]);
    assert!(!alone.status.success() && said(&alone).contains("INSTALL_FAILED_INVALID_APK"), "{alone:?}");
    assert!(adb.good(&["uninstall", PACKAGE]).contains("Success"));
}

/// A port of the host to the device and, by the device's own way back, to a socket of this test.
fn forward(adb: &Adb) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let here = format!("tcp:{}", listener.local_addr().unwrap().port());
    adb.good(&["reverse", "tcp:7007", &here]);
    assert!(adb.good(&["reverse", "--list"]).contains(&format!("tcp:7007 {here}")));
    let port: u16 = adb.good(&["forward", "tcp:0", "tcp:7007"]).trim().parse().unwrap();
    let list = adb.good(&["forward", "--list"]);
    assert!(list.contains(&format!("{} tcp:{port} tcp:7007", adb.serial)), "{list}");
    let (close, closed) = std::sync::mpsc::channel::<()>();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut words = [0; 5];
        stream.read_exact(&mut words).unwrap();
        stream.write_all(b"and back").unwrap();
        // This end closes only after the other has read: what follows a close differs between servers.
        let _ = closed.recv();
        words
    });
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"there").unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let mut answer = [0; 8];
    stream.read_exact(&mut answer).unwrap();
    drop(close);
    assert_eq!((&answer, &answering.join().unwrap()), (b"and back", b"there"));
    if !adb.own_server {
        assert_eq!(stream.read(&mut answer).unwrap(), 0, "the far end's close arrives");
    }
    adb.good(&["forward", "--remove", &format!("tcp:{port}")]);
    adb.good(&["reverse", "--remove-all"]);
    assert!(!adb.good(&["forward", "--list"]).contains("tcp:7007"));
}

fn everything(adb: &Adb) {
    exercise(adb);
    install(adb);
    install_splits(adb);
    forward(adb);
    programs::answer(adb);
    services::answer(adb);
}

#[test]
fn a_modern_device_answers_adb() {
    for (name, program) in programs() {
        everything(&Adb::to_device(program, &format!("modern-{name}"), ""));
    }
}

#[test]
fn an_old_device_answers_adb() {
    for (name, program) in programs() {
        everything(&Adb::to_device(program, &format!("aged-{name}"), "api=23"));
    }
}

#[test]
fn a_rooted_device_tells_adb_what_only_root_is_told() {
    for (name, program) in programs() {
        programs::answer_root(&Adb::to_device(program, &format!("rooted-{name}"), "rooted=true"));
    }
}

#[test]
fn a_device_that_asks_for_a_key_answers_adb() {
    for (name, program) in programs() {
        let adb = Adb::to_device(program, &format!("key-{name}"), "auth=consent");
        adb.good(&["wait-for-device"]);
        assert_eq!(adb.good(&["shell", "echo in"]), "in\n");
        let known = adb.machine.trusted().borrow().len();
        adb.plain(&["disconnect", &adb.serial]);
        adb.plain(&["connect", &adb.serial]);
        adb.good(&["wait-for-device"]);
        assert_eq!(adb.good(&["shell", "echo again"]), "again\n");
        assert_eq!((known, adb.machine.trusted().borrow().len()), (1, 1));
    }
}

#[test]
fn our_server_answers_adb_for_a_modern_device() {
    for (name, program) in programs() {
        everything(&Adb::to_server(program, &format!("server-modern-{name}"), "serial=emulator-5556"));
    }
}

#[test]
fn our_server_answers_adb_for_an_old_device() {
    for (name, program) in programs() {
        everything(&Adb::to_server(program, &format!("server-aged-{name}"), "serial=emulator-5556,api=23"));
    }
}

/// The crate adb_client, by its server path, reads the screen pixel by pixel as it was painted.
#[test]
fn adb_client_reads_the_framebuffer_through_our_server() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for profile in ["serial=emulator-5556", "serial=emulator-5556,api=23"] {
        let profile = Profile::parse(profile).unwrap();
        // The clock stands, and with it the one in the status bar.
        let machine = runtime.block_on(async { Machine::boot(profile, Clock::stepped(1_700_000_000_000)) });
        let server = runtime.block_on(server::Server::start("127.0.0.1:0", vec![machine.clone()])).unwrap();
        let std::net::SocketAddr::V4(address) = server.address() else { panic!("not IPv4") };
        let mut device = ADBServerDevice::new("emulator-5556".to_owned(), Some(address));
        let png = device.framebuffer_bytes().unwrap();
        let read = image::load_from_memory(&png).unwrap().into_rgba8();
        let painted = screen::frame(&machine);
        assert_eq!((read.width(), read.height()), (painted.width, painted.height));
        assert!(read.into_raw() == painted.rgba, "other pixels than those that were painted");
    }
}
