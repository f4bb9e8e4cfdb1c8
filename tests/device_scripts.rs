//! The scripts that run on devices, unchanged in the virtual shell, in mksh (Android's own) and in busybox: the same output
//! on the same stubs. Where a shell is not installed the test says so, and fails when APPWITNESS_ALL_TOOLS is set.

use std::io::Write;
use std::process::{Command, Stdio as Pipe};
use std::sync::Arc;

use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::process::Stdio;
use appwitness::virtual_device::shell;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

const CAPTURE: &str = include_str!("../device-scripts/capture.sh");
const WATCH: &str = include_str!("../device-scripts/watch.sh");
const KEYBOARD: &str = include_str!("../device-scripts/keyboard.sh");
const ACCELERATE: &str = include_str!("../device-scripts/accelerate.sh");

/// What stands for the device's programs in all shells.
const CAPTURE_STUBS: &str = r#"
N=n1 P=a.b F=/data/local/tmp/dump C=1 U=1
rm() { :; }
date() { echo "1795295577 +0800"; }
screencap() { printf '%s' 'PNG picture'; }
dumpsys() { case $1 in window) echo "  mCurrentFocus=Window{1 u0 a.b/a.b.Main}"; echo "  other=1" ;; *) echo "dumped $*" ;; esac; }
uiautomator() { echo "UI hierchary dumped to: $2"; }
cat() { echo "<hierarchy />"; }
cmd() { echo "cmd $*"; }
grep() { while read -r x; do case $x in *mCurrentFocus*|*ResumedActivity*) echo "$x" ;; esac; done; }
"#;

const WATCH_STUBS: &str = r#"
W=1 T='11-21 21:00:04.320' L='-b events a:I *:S'
dumpsys() { echo 'WINDOW MANAGER'; echo '  mCurrentFocus=Window{98d156 u0 a.b/a.b."Main" \}'; echo '  mCurrentFocus=again'; }
grep() { while IFS= read -r x; do case $x in *mCurrentFocus*) printf '%s\n' "$x" ;; esac; done; }
logcat() {
	sleep 1
	printf '%s\n' "$#:$*"
	printf '%s\n' '11-21 21:00:04.320   300  1372 I tag     : [a "quoted" \ back\\slash	tab, 汉字 * ? $HOME `x` %s \n]'
	printf '%s\n' ' W begins with a space'
	sleep 1
}
"#;

/// The focus changes after three seconds of a log that says nothing, after one turn of the script's; the log says something
/// a second later, and ends. What is slept in between would last longer than that.
const QUIET_STUBS: &str = r#"
W=1 N=1 T= L='a:I *:S'
began=$(date +%s)
dumpsys() { w=1; [ $(($(date +%s) - began)) -ge 3 ] && w=2; echo "  mCurrentFocus=Window{$w u0 a.b/a.b.Main}"; }
grep() { cat; }
logcat() { sleep 4.5; printf '%s\n' "$#:$*"; sleep 2; }
"#;

const ACCELERATE_STUBS: &str = r#"
J=/jar T=/folder Q=9008 K=
rm() { echo "rm $*"; }
app_process() { sleep 1; echo "$CLASSPATH $*"; return 3; }
kill() { :; }
echo() { case $1 in pid*) printf 'pid\n' ;; *) printf '%s\n' "$*" ;; esac; }
"#;

/// The keyboard is bound at the third look; our input is closed from the start.
const KEYBOARD_STUBS: &str = r#"
exec 3>&1
K=a.b/.Ime B= I=0
settings() {
	case $3 in
	default*) if [ -z "$B" ]; then echo c.d/.Old; else echo "$K"; fi ;;
	*) echo 'c.d/.Old;1:e.f/.Other' ;;
	esac
}
ime() { echo "ime $*" >&3; }
dumpsys() { echo "look $I" >&3; [ "$I" = 2 ] && echo "  mCurId=$K mHaveConnection=true mBoundToMethod=true"; }
"#;

fn virtual_shell(script: &str) -> String {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let machine = Machine::boot(Profile::new("scripts"), Clock::real());
        let (_, stdin) = mpsc::channel(1);
        let (stdout, mut out) = mpsc::channel::<Vec<u8>>(4);
        let stdio = Stdio {
            stdin: Arc::new(Mutex::new(stdin)),
            stdout: stdout.clone(),
            stderr: stdout,
            hangup: CancellationToken::new(),
        };
        let running = shell::run(machine, script.to_owned(), stdio, 2000);
        let collect = async {
            let mut all = Vec::new();
            while let Some(bytes) = out.recv().await {
                all.extend(bytes);
            }
            String::from_utf8(all).unwrap()
        };
        tokio::join!(running, collect).1
    })
}

fn real_shell(program: &[&str], script: &str) -> Option<String> {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).env_clear().env("PATH", "/usr/bin:/bin").current_dir("/");
    let mut child = command.stdin(Pipe::piped()).stdout(Pipe::piped()).stderr(Pipe::piped()).spawn().ok()?;
    child.stdin.take()?.write_all(script.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

/// Without what shells with a clock of their own add to the time.
fn timeless(said: String) -> String {
    let window = r#"{"window":""#;
    let cut = |line: &str| match (line.strip_prefix("1795295577 +0800 "), line.strip_prefix(window)) {
        (Some(_), _) => "1795295577 +0800".to_owned(),
        (_, Some(told)) => format!("{window}{}", told.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')),
        _ => line.to_owned(),
    };
    said.lines().map(|line| cut(line) + "\n").collect()
}

/// The script after its stubs says the same in every shell; what it says.
fn agreed(stubs: &str, script: &str) -> String {
    let whole = format!("{stubs}\n{script}");
    let ours = timeless(virtual_shell(&whole));
    for shell in [&["mksh", "/dev/stdin"][..], &["busybox", "sh", "/dev/stdin"]] {
        match real_shell(shell, &whole) {
            Some(theirs) => assert_eq!(ours, timeless(theirs), "{shell:?}"),
            None => {
                assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no {}", shell[0]);
                // Past the test's own output, which is shown of failing tests only.
                std::io::stderr().write_all(format!("skipped: no {}\n", shell[0]).as_bytes()).unwrap();
            }
        }
    }
    ours
}

#[test]
fn the_capture_says_the_same_everywhere() {
    let said = agreed(CAPTURE_STUBS, CAPTURE);
    let marks: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("n1:")).collect();
    let all = ["clock", "picture", "focus", "hierarchy", "package", "accesses", "now", "end"];
    assert_eq!(marks, all, "{said}");
    assert!(said.contains("\nPNG picture\nn1:focus\nmCurrentFocus="), "{said}");
    let without = agreed(&CAPTURE_STUBS.replace("U=1", "U=0"), CAPTURE);
    assert!(!without.contains("hierchary"), "{without}");
}

#[test]
fn the_watch_says_the_same_everywhere() {
    let said = agreed(WATCH_STUBS, WATCH);
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let window = r#"   mCurrentFocus=Window{98d156 u0 a.b/a.b."Main" \}"#;
    let log = r#"11-21 21:00:04.320   300  1372 I tag     : [a "quoted" \ back\\slash tab, 汉字 * ? $HOME `x` %s \n]"#;
    let expected = [
        ("window", window),
        ("log", "6:-T 11-21 21:00:04.320 -b events a:I *:S"),
        ("log", log),
        ("log", " W begins with a space"),
    ];
    assert_eq!(lines, expected.map(|(kind, line)| serde_json::json!({kind: line})));
}

#[test]
fn a_line_of_the_log_wakes_the_watch_up() {
    let said = agreed(QUIET_STUBS, WATCH);
    let window = |n: u8| format!(r#"{{"window":"   mCurrentFocus=Window{{{n} u0 a.b/a.b.Main}}"}}"#);
    let expected = [window(1), r#"{"log":"2:a:I *:S"}"#.to_owned(), window(2)];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn the_accelerators_script_says_the_same_everywhere() {
    let said = agreed(ACCELERATE_STUBS, ACCELERATE);
    let expected = ["pid", "/jar / com.wetest.uia2.Main -p 9008", "ended 3", "rm -f /jar", "rm -rf /folder"];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_keyboard_is_chosen_and_the_earlier_one_put_back_everywhere() {
    let looks = "look 0\nlook 1\nlook 2\n";
    let said = agreed(KEYBOARD_STUBS, KEYBOARD);
    let chosen = format!("ime enable a.b/.Ime\nime set a.b/.Ime\n{looks}chosen c.d/.Old\n");
    assert_eq!(said, format!("{chosen}ime set c.d/.Old\nime disable a.b/.Ime\n"));
    // One that was enabled stays so, and one that was chosen is left alone.
    let enabled = KEYBOARD_STUBS.replace("e.f/.Other", "a.b/.Ime");
    assert_eq!(agreed(&enabled, KEYBOARD), format!("{chosen}ime set c.d/.Old\n"));
    let stays = enabled.replace("then echo c.d/.Old", "then echo a.b/.Ime");
    assert_eq!(agreed(&stays, KEYBOARD), chosen.replace("chosen c.d/.Old", "chosen a.b/.Ime"));
    let refused =
        KEYBOARD_STUBS.replace("echo \"$K\"", "echo c.d/.Old").replace("\"ime $*\" >&3", "\"ime $*\" >&3; echo No");
    let refused = agreed(&refused, KEYBOARD);
    assert_eq!(refused, "ime enable a.b/.Ime\nime set a.b/.Ime\nrefused No\nime set c.d/.Old\nime disable a.b/.Ime\n");
}
