//! The shell as adbd's client sees it.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::virtual_device::machine::{Machine, Profile};
use crate::virtual_device::process::Stdio;

/// What a command line wrote, and how it ended.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    out: String,
    err: String,
    status: i32,
}

fn machine(profile: &str) -> Arc<Machine> {
    Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(1_700_000_000_000))
}

async fn drain(mut from: mpsc::Receiver<Vec<u8>>) -> String {
    let mut all = Vec::new();
    while let Some(bytes) = from.recv().await {
        all.extend(bytes);
    }
    String::from_utf8_lossy(&all).into_owned()
}

async fn run_on(machine: &Arc<Machine>, command: &str, input: &str) -> Ran {
    let (stdin, from) = mpsc::channel(64);
    for line in input.split_inclusive('\n') {
        stdin.send(line.as_bytes().to_vec()).await.unwrap();
    }
    drop(stdin);
    let (stdout, out) = mpsc::channel(4);
    let (stderr, err) = mpsc::channel(4);
    let stdio = Stdio { stdin: Arc::new(Mutex::new(from)), stdout, stderr, hangup: CancellationToken::new() };
    let running = super::run(machine.clone(), command.into(), stdio, machine.shell_uid());
    let (status, out, err) = tokio::join!(running, drain(out), drain(err));
    Ran { out, err, status }
}

async fn run(command: &str) -> Ran {
    run_on(&machine(""), command, "").await
}

#[tokio::test]
async fn a_command_line_has_output_and_status() {
    let ran = run("echo hi; exit 3").await;
    assert_eq!(ran, Ran { out: "hi\n".into(), err: String::new(), status: 3 });
}

#[tokio::test]
async fn an_unknown_program_answers_as_the_release_does() {
    let old = run_on(&machine("api=23"), "nosuchcmd; cmd", "").await;
    assert_eq!(old.err, "/system/bin/sh: nosuchcmd: not found\n/system/bin/sh: cmd: not found\n");
    assert_eq!(old.status, 127);
    let new = run("nosuchcmd").await;
    assert_eq!(new.err, "/system/bin/sh: nosuchcmd: inaccessible or not found\n");
}

#[tokio::test]
async fn errors_and_columns_of_api_23_are_the_captured_ones() {
    let machine = machine("api=23");
    let ran = run_on(&machine, "ls -d /system; ls /nope; cat /nope; type printf read trap; date +%N", "").await;
    assert_eq!(ran.err, "/nope: No such file or directory\n/system/bin/sh: cat: /nope: No such file or directory\n");
    let types =
        "printf is a tracked alias for /system/bin/printf\nread is a shell builtin\ntrap is a special shell builtin\n";
    assert_eq!(ran.out, format!("/system\n{types}N\n"));
    let ps = run_on(&machine, "ps | head -n 1", "").await;
    assert_eq!(ps.out, "USER      PID   PPID  VSIZE  RSS   WCHAN            PC  NAME\n");
}

#[tokio::test]
async fn commands_are_read_from_a_stream_with_their_input() {
    let ran =
        run_on(&machine(""), "", "echo a\nread x\nline two\necho \"got $x\"\nif true\nthen echo b\nfi\nexit 4\n").await;
    assert_eq!(ran, Ran { out: "a\ngot line two\nb\n".into(), err: String::new(), status: 4 });
}

#[tokio::test]
async fn a_broken_stream_runs_the_traps_and_ends_the_shell() {
    let machine = machine("");
    let (_keep, from) = mpsc::channel(1);
    let (stdout, mut out) = mpsc::channel(4);
    let hangup = CancellationToken::new();
    let stdio = Stdio { stdin: Arc::new(Mutex::new(from)), stderr: stdout.clone(), stdout, hangup: hangup.clone() };
    let script =
        "trap 'echo hup >/data/local/tmp/h; exit' HUP; trap 'echo left >/data/local/tmp/e' EXIT; echo on; sleep 1000";
    let running = tokio::spawn(super::run(machine.clone(), script.into(), stdio, 2000));
    assert_eq!(out.recv().await.unwrap(), b"on\n");
    hangup.cancel();
    running.await.unwrap();
    let seen = run_on(&machine, "cat /data/local/tmp/h /data/local/tmp/e", "").await;
    assert_eq!(seen.out, "hup\nleft\n");
    assert_eq!(machine.processes().iter().count(), 0);
}

#[tokio::test]
async fn what_never_ends_by_itself_is_bounded() {
    assert_eq!(run("f() { f; }; f").await.status, 1);
    assert_eq!(run("f() { eval f; }; f").await.status, 1);
    assert_eq!(run("x=aaaaaaaa; while :; do x=$x$x; done").await.status, 1);
    assert_eq!(run("yes | head -n 2").await.out, "y\ny\n");
    assert_eq!(run("x=$(cat /dev/zero); echo no").await.status, 1);
}

#[tokio::test]
async fn files_and_toys_work_together() {
    let script = "cd /data/local/tmp; mkdir -p d/e; printf 'b 2\\na 1\\n' >d/f; sort <d/f | tee d/g | wc -l; \
                  grep -c a d/g; cut -d' ' -f2 d/g; echo d/*; chmod 700 d/f; stat -c '%a %s' d/f; ls d; \
                  sha256sum </dev/null; rm -r d; ls d";
    let ran = run(script).await;
    let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -";
    assert_eq!(ran.out, format!("2\n1\n1\n2\nd/e d/f d/g\n700 8\ne\nf\ng\n{digest}\n"));
    assert_eq!((ran.err.as_str(), ran.status), ("ls: d: No such file or directory\n", 1));
}

/// Asked of mksh R59.
#[tokio::test]
async fn a_trap_on_exit_writes_where_the_group_did_that_ended_the_shell() {
    let machine = machine("");
    for ends in ["{ echo in; exit 3; }", "set -e; { echo in; false; echo no; }", "if echo in; exit 1; then :; fi"] {
        let ran = run_on(&machine, &format!("trap 'echo bye' EXIT; {ends} >/data/local/tmp/f"), "").await;
        assert_eq!(ran.out, "", "{ends}");
        assert_eq!(run_on(&machine, "cat /data/local/tmp/f", "").await.out, "in\nbye\n", "{ends}");
    }
    let ran = run_on(&machine, "trap 'echo bye' EXIT; (echo in; exit 3) >/data/local/tmp/f; echo on", "").await;
    assert_eq!(ran.out, "on\nbye\n");
}

/// Asked of mksh R59.
#[tokio::test]
async fn whoever_asks_for_a_place_makes_an_array() {
    for (script, told) in [
        ("a+=${a[1]}; typeset -p a", "set -A a\ntypeset a[0]=''\n"),
        ("a=x; : ${a[1]}; typeset -p a", "set -A a\ntypeset a[0]=x\n"),
        ("a=1; : $((a[1])); typeset -p a", "set -A a\ntypeset a[0]=1\n"),
        (": ${a[*]}; a=1; typeset -p a", "typeset a=1\n"),
        (": ${a[1]}; typeset -p a; echo ${a+set}", "\n"),
    ] {
        assert_eq!(run(script).await.out, told, "{script}");
    }
}
