//! The toys through the shell, where no outside program can be asked: signals to apps, the log, words of a release.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::virtual_device::machine::{Machine, Profile};
use crate::virtual_device::process::Stdio;
use crate::virtual_device::shell;
use crate::virtual_device::specimen::pack::pack;

const MODEL: &str = "
specimen: probe
package: test.probe
label: Probe
activity: .Main
sdk: {min: 14, target: 33}
first-screen: home
screens:
  home:
    title: Probe
    views: [{text: {words: Probe}}]
";

fn machine(profile: &str) -> Arc<Machine> {
    Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(1_700_000_000_000))
}

/// Standard output, standard error, status.
async fn run(machine: &Arc<Machine>, uid: u32, command: &str) -> (String, String, i32) {
    let (_, stdin) = mpsc::channel(1);
    let (stdout, out) = mpsc::channel::<Vec<u8>>(4);
    let (stderr, err) = mpsc::channel::<Vec<u8>>(4);
    let stdio = Stdio { stdin: Arc::new(Mutex::new(stdin)), stdout, stderr, hangup: CancellationToken::new() };
    let collect = async |mut from: mpsc::Receiver<Vec<u8>>| {
        let mut all = Vec::new();
        while let Some(bytes) = from.recv().await {
            all.extend(bytes);
        }
        String::from_utf8_lossy(&all).into_owned()
    };
    let (status, out, err) =
        tokio::join!(shell::run(machine.clone(), command.into(), stdio, uid), collect(out), collect(err));
    (out, err, status)
}

fn put(machine: &Machine, path: &str, bytes: Vec<u8>) {
    let shell = crate::virtual_device::fs::Actor::new(2000, 0);
    machine.files().write(shell, path, bytes, 0o644).unwrap();
}

#[tokio::test]
async fn an_app_file_on_the_device_is_installed_and_its_process_is_killed_by_root_only() {
    let machine = machine("");
    put(&machine, "/data/local/tmp/probe.apk", pack(MODEL).unwrap());
    let (out, err, _) =
        run(&machine, 2000, "pm install -r /data/local/tmp/probe.apk; pm install /data/local/tmp/no").await;
    assert_eq!((out.as_str(), err.as_str()), ("Success\n", "Error: Unable to open file: /data/local/tmp/no\n"));
    run(&machine, 2000, "am start -n test.probe/.Main").await;
    let (pid, _, _) = run(&machine, 2000, "pidof test.probe").await;
    let pid = pid.trim();
    let (_, err, status) = run(&machine, 2000, &format!("kill -9 {pid}")).await;
    assert!(err.contains("Operation not permitted") && status == 1, "{err}");
    assert_eq!(run(&machine, 0, &format!("kill -0 {pid}; kill -3 {pid}; pidof test.probe")).await.0.trim(), pid);
    assert_eq!(run(&machine, 0, &format!("kill {pid}; pidof test.probe; echo $?")).await.0, "1\n");
    let (events, _, _) = run(&machine, 2000, "logcat -b events -d | grep -c am_proc_died").await;
    assert_eq!(events, "1\n");
    assert!(run(&machine, 0, "/system/bin/kill 31999").await.1.contains("No such process"));
}

#[tokio::test]
async fn a_line_for_the_log_is_in_the_log() {
    let machine = machine("");
    run(&machine, 2000, "log -p w -t mine 'two words'; log plain").await;
    let (out, _, _) = run(&machine, 2000, "logcat -d -v brief mine:V log:V '*:S'").await;
    let lines: Vec<&str> = out.lines().filter(|line| !line.starts_with('-')).collect();
    assert!(lines[0].starts_with("W/mine") && lines[0].ends_with(": two words"), "{out}");
    assert!(lines[1].starts_with("I/log") && lines[1].ends_with(": plain"), "{out}");
    assert_eq!(run(&machine, 2000, "log -p x y").await.2, 1);
}

#[tokio::test]
async fn sizes_on_the_disk_are_in_blocks() {
    let machine = machine("");
    let script =
        "cd /data/local/tmp; mkdir -p d/e; dd if=/dev/zero of=d/e/f bs=1000 count=5; du d; du -sh d; du -a d/e";
    let (out, err, _) = run(&machine, 2000, script).await;
    assert_eq!(out, "12\td/e\n16\td\n16K\td\n8\td/e/f\n12\td/e\n");
    assert!(err.starts_with("5+0 records in\n5+0 records out\n5000 bytes (5000) copied, "), "{err}");
}

#[tokio::test]
async fn what_would_never_end_is_bounded() {
    let machine = machine("");
    assert_eq!(run(&machine, 2000, "echo a | sed ':a;ba'").await.2, 1);
    assert_eq!(run(&machine, 2000, "dd if=/dev/zero of=/data/local/tmp/f").await.2, 1);
    let deep = format!("find . {} -true", "! ".repeat(500));
    assert_eq!(run(&machine, 2000, &deep).await.2, 1);
}

/// What busybox's own versions leave out; the others are held to it in `tests/toy_agreement.rs`.
#[tokio::test]
async fn some_forms_are_toybox_s_alone() {
    let machine = machine("");
    let script = "cd /data/local/tmp; mkdir -p d/e; echo x >d/e/f; find d -delete; ls; \
                  printf 'a\\nb\\n' | sed '1q7'; echo $?; printf 'abcdef' | xxd -c 4 -s 1";
    let (out, err, _) = run(&machine, 2000, script).await;
    assert_eq!(out, "a\n7\n00000001: 6263 6465  bcde\n00000005: 66         f\n");
    assert_eq!(err, "");
}

#[tokio::test]
async fn the_kernel_tells_of_processes_and_apps_have_their_folders() {
    let machine = machine("rooted=true");
    put(&machine, "/data/local/tmp/probe.apk", pack(MODEL).unwrap());
    run(&machine, 0, "pm install /data/local/tmp/probe.apk; am start -n test.probe/.Main").await;
    let pid = machine.system().pid_of("test.probe").expect("it runs");
    let uid = machine.system().packages()["test.probe"].uid;
    let (out, err, _) = run(&machine, 2000, &format!("cat /proc/{pid}/cmdline; grep Uid /proc/{pid}/status")).await;
    assert_eq!((out, err.as_str()), (format!("test.probe\0Uid:\t{uid}\t{uid}\t{uid}\t{uid}\n"), ""));
    let (out, _, _) = run(&machine, 2000, "grep -c ^processor /proc/cpuinfo; nproc; head -1 /proc/meminfo").await;
    assert_eq!(out, "2\n2\nMemTotal:        2030852 kB\n");
    let (out, _, _) = run(&machine, 0, "ls -ld /data/data/test.probe; ls /data/data/test.probe").await;
    assert!(out.starts_with("drwx------") && out.ends_with("cache\ncode_cache\n"), "{out}");
    assert!(out.contains(&format!("u0_a{} ", uid - 10_000)), "it belongs to the app: {out}");
    let (_, err, status) = run(&machine, 2000, "ls /data/data/test.probe").await;
    assert!(err.contains("Permission denied") && status == 1, "{err}");
    run(&machine, 0, "pm uninstall test.probe").await;
    let (_, err, _) = run(&machine, 0, &format!("ls /data/data/test.probe; cat /proc/{pid}/cmdline")).await;
    assert_eq!(err.matches("No such file or directory").count(), 2, "{err}");
}

#[tokio::test]
async fn space_is_told_in_three_digits() {
    let (out, _, _) = run(&machine(""), 2000, "df -h").await;
    let rows: Vec<Vec<&str>> = out.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0][1..4], ["1.0G", "1.0M", "1023M"], "{out}");
    assert_eq!(rows[1][1..4], ["900M", "899M", "1.0M"], "{out}");
    assert!(rows[2][2].ends_with('K') && !rows[2][2].starts_with("0"), "a disk with little on it: {out}");
}

/// What no outside program can be asked: what is the device's own.
#[tokio::test]
async fn the_device_is_told_of_in_the_forms_of_its_programs() {
    let machine = machine("api=34");
    let mut wrong = Vec::new();
    for (command, wanted) in [
        ("id -G | cut -d ' ' -f 1-3; id -Z", "2000 1004 1007\nu:r:shell:s0\n"),
        ("groups | cut -d ' ' -f 1-2", "shell input\n"),
        (
            "df /sdcard /data/local/tmp | sed 's/  *[0-9].*%//' | sort",
            "/dev/block/dm-5 /data\n/dev/fuse /storage/emulated\nFilesystem Mounted on\n",
        ),
        ("df /nope", ""),
        ("ps -A -o PID,NAME | head -2", "  PID NAME\n    1 init\n"),
        ("ps -A -o USER,PID,S,ARGS | grep '/[i]nit'", "root             1 S /init\n"),
        ("ps -o NAME= -p 1; ps -o nope", "init\n"),
        ("ps -A | grep -c ' /'", "0\n"),
        ("[ $(pgrep system_server) = $(pidof system_server) ]; echo $?; pgrep nothing; echo $?", "0\n1\n"),
        (
            "sleep 9 & until pgrep -f '^sleep 9' >/dev/null; do :; done; pkill -f '^sleep 9'; wait $!; echo $?; killall -q nothing; echo $?",
            "143\n1\n",
        ),
        ("ip -f inet addr show wlan0 | grep inet", "    inet 10.0.2.16/24 brd 10.0.2.255 scope global wlan0\n"),
        ("ip route", "10.0.2.0/24 dev wlan0 proto kernel scope link src 10.0.2.16\n"),
        ("ifconfig wlan0 | grep -o 'inet addr:[0-9.]*'", "inet addr:10.0.2.16\n"),
        (
            "svc wifi disable; svc data disable; ip -4 addr show wlan0; ping -c 1 10.0.2.2; echo $?; svc wifi enable",
            "2\n",
        ),
        (
            "ping -c 1 127.0.0.1 | tail -n 2 | head -n 1 | cut -d , -f 1-3",
            "1 packets transmitted, 1 received, 0% packet loss\n",
        ),
        ("ping -c 1 a.example; echo $?", "2\n"),
        ("getenforce; hostname; tty", "Enforcing\nlocalhost\nnot a tty\n"),
        ("free -k | head -2 | tail -1 | sed 's/  */ /g'", "Mem: 2030852 1618512 412340 0 8912\n"),
        ("date -d @0 '+%Z %F'; date -u -d @0 +%Z", "GMT 1970-01-01\nUTC\n"),
        (
            "toybox | tr ' ' '\\n' | grep . | sort -c; echo $?; toybox | grep -c -w pgrep; toybox | grep -c -w ping",
            "0\n1\n0\n",
        ),
        (
            "grep -c /data /proc/mounts; cut -d ' ' -f 1-3 /proc/loadavg; [ -s /proc/uptime ]; echo $?",
            "1\n0.00 0.00 0.00\n0\n",
        ),
        ("cd /data/local/tmp; set -C; echo a >new; echo b >new; echo $?; echo c >|new; cat new", "1\nc\n"),
        (
            "sleep 5 & sleep 6 & jobs; kill %1 %2",
            "[1] - Running              sleep 5\n[2] + Running              sleep 6\n",
        ),
        ("uptime -p", "up 0 minutes\n"),
    ] {
        let out = run(&machine, 2000, command).await.0;
        if out != wanted {
            wrong.push(format!("{command}\n  {out:?}\n  {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn an_app_is_looked_into_only_when_its_developer_allows_it() {
    let new = machine("");
    assert_eq!(
        run(&new, 2000, "run-as no.such id").await,
        (String::new(), "run-as: unknown package: no.such\n".into(), 1)
    );
    put(&new, "/data/local/tmp/probe.apk", pack(MODEL).unwrap());
    run(&new, 2000, "pm install /data/local/tmp/probe.apk").await;
    assert_eq!(run(&new, 2000, "run-as test.probe id").await.1, "run-as: package not debuggable: test.probe\n");
    assert_eq!(run(&machine("api=23"), 2000, "run-as no.such id").await.1, "run-as: Package 'no.such' is unknown\n");
}

#[tokio::test]
async fn what_is_packed_comes_out_again() {
    let machine = machine("");
    let script = "cd /data/local/tmp; echo some words >a; gzip a; ls a*; zcat a.gz; gunzip a.gz; cat a; \
                  gzip -c a | gzip -d; gzip a; gzip -t a.gz; echo $?; echo x >b.gz; gunzip b.gz; echo $?";
    let (out, err, _) = run(&machine, 2000, script).await;
    assert_eq!(out, "a.gz\nsome words\nsome words\nsome words\n0\n1\n");
    assert_eq!(err, "gunzip: b.gz: bad magic\n");
}

#[tokio::test]
async fn new_files_get_what_the_mask_leaves() {
    let machine = machine("");
    let script = "cd /data/local/tmp; umask 027; echo >a; mkdir d; touch t; mkdir -m 777 e; (umask 077; echo >s); \
                  stat -c '%a' a d t e s";
    assert_eq!(run(&machine, 2000, script).await.0, "640\n750\n640\n777\n600\n");
}

#[tokio::test]
async fn what_needs_a_service_that_is_away_is_refused_in_its_own_words() {
    let new = machine("");
    assert_eq!(run(&new, 2000, "bugreportz -v").await.1, "1.2\n");
    let refused = "FAIL:Failed to connect to dumpstatez service: Connection refused\n";
    assert_eq!(run(&new, 2000, "bugreportz -p").await, (refused.into(), String::new(), 1));
    let (_, err, status) = run(&new, 2000, "screenrecord --time-limit 1 /sdcard/a.mp4").await;
    assert_eq!((err.as_str(), status), ("ERROR: unable to create video/avc codec instance\n", 1));
    let (_, err, status) = run(&new, 2000, "locksettings set-pin 1234").await;
    assert!(err.starts_with("The device does not support lock screen") && status == 255, "{err}");
    assert_eq!(run(&new, 2000, "locksettings get-disabled; stop").await.0, "true\n");
    assert_eq!(run(&machine("api=23"), 2000, "bugreportz").await.2, 127);
    let said = run(&new, 2000, "cmd -w location set-location-enabled false; cmd location is-location-enabled").await;
    assert_eq!(said.0, "false\n");
    let old = machine("api=29");
    assert_eq!(run(&old, 2000, "cmd location is-location-enabled").await.1, "No shell command implementation.\n");
}

#[tokio::test]
async fn a_device_starts_anew_when_it_is_told_to() {
    let machine = machine("");
    let link = machine.link();
    let which = "cat /proc/sys/kernel/random/boot_id";
    let before = run(&machine, 2000, which).await.0;
    assert_eq!((before.len(), run(&machine, 2000, which).await.0), (37, before.clone()));
    machine.clock.advance(std::time::Duration::from_secs(20));
    run(&machine, 2000, "reboot").await;
    while !link.is_cancelled() {
        tokio::task::yield_now().await;
        machine.clock.advance(std::time::Duration::from_millis(50));
    }
    assert_ne!(run(&machine, 2000, which).await.0, before);
    let (up, _, _) = run(&machine, 2000, "cat /proc/uptime").await;
    assert!(up.split(' ').next().unwrap().parse::<f64>().unwrap() < 20.0, "it counts anew: {up}");
}

#[tokio::test]
async fn the_log_has_colours_and_the_time_since_the_start() {
    let machine = machine("");
    run(&machine, 2000, "log -p e -t mine words").await;
    let (out, _, _) = run(&machine, 2000, "logcat -d -v brief -v color mine:V '*:S'").await;
    assert!(out.contains("\x1b[38;5;196mE/mine") && out.ends_with(": words\x1b[0m\n"), "{out:?}");
    let (out, _, _) = run(&machine, 2000, "logcat -d -v monotonic -v nsec mine:V '*:S'").await;
    let time = out.lines().last().unwrap().split_whitespace().next().unwrap();
    assert!(time.parse::<f64>().is_ok_and(|seconds| seconds < 60.0) && time.ends_with("000000"), "{out}");
}

#[tokio::test]
async fn folders_come_out_of_an_archive_as_they_went_in() {
    let machine = machine("");
    let command = "cd /data/local/tmp; mkdir -p d/e; echo one >d/a; echo two >d/e/b; chmod 600 d/a; ln -s a d/l; \
        long=$(printf 'n%.0s' $(seq 120)); echo far >d/$long; mkdir out; \
        tar -czf x.tgz d && tar -xf x.tgz -C out && diff -r d out/d && stat -c %a out/d/a && readlink out/d/l; \
        cat out/d/$long; tar -cf - d/e | tar -tv; tar -xOf x.tgz d/e/b; tar -tf /system/build.prop";
    let (out, err, status) = run(&machine, 2000, command).await;
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[..3], ["600", "a", "far"], "{out}{err}");
    assert!(
        lines[3].starts_with("drwxrwxrwx shell/shell         0 2023-11-14 ") && lines[3].ends_with(" d/e/"),
        "{out}"
    );
    assert!(lines[4].ends_with(" d/e/b") && lines[5] == "two", "{out}");
    assert!(err == "tar: bad header\n" && status == 1, "{err}");
}

#[tokio::test]
async fn what_the_kernel_knows_is_told() {
    let machine = machine("api=34");
    let (out, ..) = run(&machine, 2000, "getevent -p /dev/input/event2; getevent -lp | grep -c 'add device'").await;
    assert!(out.contains("0035  : value 0, min 0, max 1079, fuzz 0") && out.ends_with("\n3\n"), "{out}");
    let (out, ..) = run(&machine, 2000, "top -b -n 1 -m 1; netstat -t | head -n 1; mountpoint /data").await;
    assert_eq!(out.matches("Tasks: ").count(), 1, "{out}");
    assert!(out.ends_with("Active Internet connections (w/o servers)\n/data is a mountpoint\n"), "{out}");
    let (out, ..) = run(&machine, 2000, "cat /proc/self/task/*/comm; ls /sys/devices/system/cpu; chmod --help").await;
    assert!(out.starts_with("sh\ncpu0\ncpu1\n") && out.contains("usage: chmod [-R] MODE FILE"), "{out}");
}

#[tokio::test]
async fn the_policy_is_relaxed_by_root_until_the_next_start() {
    let machine = machine("rooted=true");
    let (_, err, status) = run(&machine, 2000, "setenforce 0").await;
    assert_eq!((err.as_str(), status), ("setenforce: Couldn't set enforcing status to '0': Permission denied\n", 1));
    assert_eq!(run(&machine, 0, "setenforce Permissive; getenforce").await.0, "Permissive\n");
    crate::virtual_device::fault::reboot(&machine, std::time::Duration::ZERO);
    assert_eq!(run(&machine, 0, "getenforce").await.0, "Enforcing\n");
}

#[tokio::test]
async fn awk_reads_files_and_streams() {
    let machine = machine("api=34");
    let command = "cd /data/local/tmp; printf 'a 1\\nb 2\\n' >t; awk -v k=3 '{print $2*k, FILENAME, FNR}' t; \
        cat t | awk -F ' ' 'END{print NR > \"n\"}'; cat n; echo shell b c | awk '$NF==\"c\"{print $1}'; awk '{' ; echo $?; \
        awk 'BEGIN{while((getline l < \"t\")>0)n++; print n; exit 3} END{print \"end\"}'; echo $?";
    let (out, err, _) = run(&machine, 2000, command).await;
    assert_eq!(out, "3 t 1\n6 t 2\n2\nshell\n2\n2\nend\n3\n", "{err}");
    assert_eq!(err, "awk: syntax error at source line 1\n");
}
