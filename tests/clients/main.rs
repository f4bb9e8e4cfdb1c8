//! Clients that know nothing of us drive the program's virtual device through its ADB server port: each a flow of about
//! a dozen operations, written with that library's own calls (`*.py`, `*.mjs` beside this file).
//!
//! The libraries are installed by `tests/run` under APPWITNESS_TOOLS. Where they are missing the tests say so, and fail
//! when APPWITNESS_ALL_TOOLS is set.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use appwitness::virtual_device::specimen;

const MODEL: &str = "
specimen: probe
package: org.example.probe
label: Probe
activity: .Main
version: {code: 7, name: '1.7'}
sdk: {min: 21, target: 33}
permissions: [CAMERA, INTERNET]
vars: {state: fresh, name: ''}
first-screen: home
screens:
  home:
    title: Probe
    views:
      - text: {words: 'state {state}', id: state}
      - field: {id: name, var: name}
      - button: {words: Press me, id: press, tap: [{set: {state: pressed}}]}
";

/// The program, serving one device, with a folder for files.
struct Bench {
    child: Child,
    /// The server's port, and adbd's.
    port: String,
    adbd: String,
    folder: PathBuf,
    profile: String,
}

impl Bench {
    fn start(name: &str, profile: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("appwitness-client-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("probe.apk"), specimen::pack(MODEL).unwrap()).unwrap();
        let device = format!("serial=emulator-5554,latency=instant,{profile}");
        let arguments =
            ["virtual-device", "--listen", "127.0.0.1:0", "--server-listen", "127.0.0.1:0", "--device", &device];
        let mut child = Command::new(env!("CARGO_BIN_EXE_appwitness"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut port_of = |head: &str| {
            let found = lines.find_map(|line| line.unwrap().strip_prefix(head).map(str::to_owned));
            found.expect("the program says where it listens")
        };
        let (adbd, port) = (port_of("adbd: 127.0.0.1:"), port_of("adb server: 127.0.0.1:"));
        Self { child, port, adbd, folder, profile: profile.to_owned() }
    }

    /// Runs a script of this folder; what it printed is shown when it fails.
    #[track_caller]
    fn drive(&self, program: &Path, script: &str, tools: &Path) {
        let output = Command::new(program)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script))
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("TOOLS", tools)
            .env("PROFILE", &self.profile)
            .env("ADB_PORT", &self.port)
            .env("ADBD_PORT", &self.adbd)
            .env("ANDROID_ADB_SERVER_PORT", &self.port)
            .env_remove("ANDROID_SERIAL")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        assert!(output.status.success(), "{script}: {}\n--- stdout\n{out}\n--- stderr\n{err}", output.status);
        assert!(out.ends_with("the flow is done\n"), "{script} stopped half-way:\n{out}\n{err}");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder of tools when it holds `part`; else the test is skipped, or fails where everything must be there.
fn tools(part: &str) -> Option<PathBuf> {
    let tools = std::env::var_os("APPWITNESS_TOOLS").map(PathBuf::from).filter(|tools| tools.join(part).exists());
    if tools.is_none() {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {part} under APPWITNESS_TOOLS");
        eprintln!("skipped: no {part} under APPWITNESS_TOOLS");
    }
    tools
}

/// Whether the virtual environment has this Python module.
fn has_module(tools: &Path, name: &str) -> bool {
    let python = tools.join("venv/bin/python");
    let found = Command::new(python).args(["-c", &format!("import {name}")]).output().unwrap().status.success();
    if !found {
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no Python module {name}");
        eprintln!("skipped: no Python module {name}");
    }
    found
}

fn python(module: &str, script: &str, profiles: &[&str]) {
    let Some(tools) = tools("venv/bin/python").filter(|tools| has_module(tools, module)) else { return };
    for (number, profile) in profiles.iter().enumerate() {
        Bench::start(&format!("{module}-{number}"), profile).drive(&tools.join("venv/bin/python"), script, &tools);
    }
}

fn node(package: &str, script: &str, profiles: &[&str]) {
    let Some(tools) = tools(&format!("node_modules/{package}")) else { return };
    for (number, profile) in profiles.iter().enumerate() {
        Bench::start(&format!("{}-{number}", script.replace(".mjs", "")), profile).drive(
            Path::new("node"),
            script,
            &tools,
        );
    }
}

/// A recent device, and the old one whose adbd has no features.
const BOTH: &[&str] = &["api=34", "api=23"];

#[test]
fn adbutils_drives_the_virtual_device() {
    python("adbutils", "with_adbutils.py", BOTH);
}

#[test]
fn pure_python_adb_drives_the_virtual_device() {
    python("ppadb", "with_ppadb.py", BOTH);
}

/// It speaks adbd's own protocol over TCP, without any server: handshake, keys, streams, sync.
#[test]
fn adb_shell_drives_the_virtual_device() {
    python("adb_shell", "with_adb_shell.py", BOTH);
}

/// A program with a command for everything, which it asks for through `adb`.
#[test]
fn adb_enhanced_drives_the_virtual_device() {
    python("adbe", "with_adb_enhanced.py", BOTH);
}

/// Mozilla's, through `adb`: it tests each feature of the device's tools before it uses them.
#[test]
fn mozdevice_drives_the_virtual_device() {
    python("mozdevice", "with_mozdevice.py", BOTH);
}

/// Connecting to a device pushes `u2.jar`, starts it there and waits until it answers.
#[test]
fn uiautomator2_drives_the_virtual_device() {
    python("uiautomator2", "with_uiautomator2.py", BOTH);
}

#[test]
fn mobly_drives_the_virtual_device() {
    python("mobly", "with_mobly.py", BOTH);
}

#[test]
fn yume_chan_adb_drives_the_virtual_device() {
    node("@yume-chan/adb-server-node-tcp", "yume_chan.mjs", BOTH);
}

#[test]
fn adbkit_drives_the_virtual_device() {
    node("@devicefarmer/adbkit", "adbkit.mjs", BOTH);
}

/// The one that the others were made of.
#[test]
fn the_first_adbkit_drives_the_virtual_device() {
    node("adbkit", "adbkit_first.mjs", BOTH);
}

#[test]
fn appium_adb_drives_the_virtual_device() {
    node("appium-adb", "appium_adb.mjs", BOTH);
}
