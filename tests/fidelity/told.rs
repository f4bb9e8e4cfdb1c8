//! What single programs of the captured Android 6 say, and errors of later ones, line by line where the state is the same.

use appwitness::virtual_device::fault::plan;

use crate::bench::{Bench, capture, shape};
use crate::sequence::{OLD, differences, same};

/// The lines of a capture from the first that begins with these words on.
fn lines_from<'a>(captured: &'a str, begin: &str, count: usize) -> Vec<&'a str> {
    let found: Vec<&str> = captured.lines().skip_while(|line| !line.starts_with(begin)).take(count).collect();
    assert_eq!(found.len(), count, "no {begin} in the capture");
    found
}

#[tokio::test]
async fn errors_and_usages_read_as_captured() {
    let bench = Bench::new("errors", OLD).await;
    let missing = bench.says("am start -n no.such/.Thing; echo rc=$?").await;
    same("a missing component", &missing, "shell/am-start-missing.txt");
    let errors =
        "am start -n test.perm/.Nope; am start -a android.intent.action.VIEW -d nope://x; am broadcast -a test.NOPE";
    same("what cannot be started", &bench.says(errors).await, "shell/am-force-stop.txt");
    same("no cmd", &bench.says("cmd package list packages; cmd").await, "shell/cmd-missing.txt");
    same("input's usage", &bench.says("input").await, "shell/input-usage.txt");
    same("pm's usage", &bench.says("pm").await, "shell/pm-usage.txt");
    same("am's usage", &bench.says("am").await, "shell/am-usage.txt");
    // Another app is installed there; its line is the last but three.
    let errors = "pm grant test.perm android.permission.NOPE; pm grant no.such android.permission.CAMERA; \
                  pm grant test.perm android.permission.SEND_SMS; pm path test.perm; pm uninstall no.such; \
                  pm clear no.such; pm list packages -f test.perm; pm list packages -f -3";
    let Some(captured) = capture("android-6.0.1-api23/shell/pm-errors.txt") else { return };
    let (captured, _) = captured.split_once("package:/data/app/io.appium").expect("the other app");
    let told = differences(&bench.says(errors).await, captured);
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[tokio::test]
async fn toys_read_as_captured() {
    let bench = Bench::new("toys", OLD).await;
    let Some(captured) = capture("android-6.0.1-api23/shell/shell-toys.txt") else { return };
    let compared: [(&str, &str, usize); 13] = [
        (
            "rm -f /data/local/tmp/*; uiautomator dump /data/local/tmp/ui.xml >/dev/null; ls -l /data/local/tmp",
            "-rw",
            1,
        ),
        ("ls -d /system", "/system", 1),
        ("ls /nope", "/nope", 1),
        ("cat /nope", "/system/bin/sh: cat", 1),
        ("printf 'a\\nb\\n' | wc -l", "2", 1),
        ("ps | head -2 | sed 's/ do_[^ ]*/ do_epoll_w/'", "USER", 2),
        ("id", "uid=0", 1),
        ("which ls toybox toolbox sh", "/system/bin/ls", 4),
        ("echo $0 $KSH_VERSION", "/system/bin/sh @", 1),
        ("nosuchcmd; echo $?", "/system/bin/sh: nosuch", 2),
        ("stat /system/build.prop", "  File:", 7),
        ("md5sum /system/build.prop; sha1sum /system/build.prop", "befc72aa", 2),
        ("grep --help | head -3; sed --version; echo; echo \"[$?]\"", "usage: grep", 6),
    ];
    let mut wrong = Vec::new();
    for (command, begin, count) in compared {
        let own = bench.says(command).await;
        let theirs = lines_from(&captured, begin, count).join("\n");
        wrong.extend(differences(&own, &theirs).into_iter().map(|told| format!("{command}: {told}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Another kernel, other disks: the columns are the same.
    let words = |line: &str| line.split_whitespace().count();
    for (command, begin) in [("df | head -1", "Filesystem"), ("df | sed -n 3p", "tmpfs "), ("date", "Sat Nov 21 21")] {
        let own = bench.says(command).await;
        assert_eq!(words(&own), words(lines_from(&captured, begin, 1)[0]), "{command}: {own}");
    }
    let kernel = regex::Regex::new(r"^Linux localhost \d+\.\d+\.\S+ #1 SMP .*\b20\d\d [a-z0-9_]+$").unwrap();
    for line in [bench.says("uname -a").await.trim_end(), lines_from(&captured, "Linux", 1)[0]] {
        assert!(kernel.is_match(line), "{line}");
    }
    let mounted = regex::Regex::new(r"^\S+ on /\S* type \S+ \(\S+\)$").unwrap();
    let own = bench.says("mount").await;
    for line in own.lines().chain(lines_from(&captured, "rootfs on", 3)) {
        assert!(mounted.is_match(line), "mount: {line}");
    }
}

#[tokio::test]
async fn logs_events_and_services_read_as_captured() {
    let bench = Bench::new("logs", OLD).await;
    let Some(captured) = capture("android-6.0.1-api23/shell/logcat-options.txt") else { return };
    // Help, then two formats this release does not know, each with the whole usage.
    let asked = "logcat --help; logcat -d -v epoch; logcat -d -v UTC";
    let (usages, rest) = captured.split_once("--------- beginning").expect("lines of a log");
    let told = differences(&bench.says(asked).await, usages);
    assert!(told.is_empty(), "{}", told.join("\n"));
    let rest = format!("--------- beginning{rest}");
    let line = |text: &str, holds: &str| text.lines().find(|line| line.contains(holds)).map(shape).unwrap_or_default();
    // `shape` leaves the priority, the spaces and the brackets.
    let of =
        |shaped: String| shaped.split(|c: char| c.is_alphabetic() && c.is_lowercase()).next().unwrap_or("").to_owned();
    bench.says("log -p w -t WindowManager 'Attempted to remove it'").await;
    for (format, holds) in [("usec", "W WindowManager: A"), ("long", "W/WindowManager ]")] {
        let own = bench.says(&format!("logcat -d -v {format} -s WindowManager")).await;
        assert_eq!(of(line(&own, holds)), of(line(&rest, holds)), "{format}: {own}");
    }
    let own = bench.says("logcat -g").await;
    let consumed = regex::Regex::new(r"\(\d+Kb").unwrap();
    let sizes = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.contains("ring buffer"));
        lines.map(|line| consumed.replace(line, "(Kb").into_owned()).collect()
    };
    assert_eq!(sizes(&own), sizes(&rest), "{own}");

    // Crashes: the columns of a line of the trace.
    let Some(crashes) = capture("android-6.0.1-api23/logcat/crash-buffer-threadtime.txt") else { return };
    bench.says("am start -n test.perm/.Main; am crash test.perm").await;
    let own = bench.says("logcat -d -b crash -v threadtime").await;
    let trace =
        |text: &str| text.lines().find(|l| l.contains("\tat android.")).map(|l| shape(l.split("\tat").next().unwrap()));
    assert!(trace(&own).is_some() && trace(&own) == trace(&crashes), "{own}\n{crashes}");

    // Every service of ours has the captured interface, in the captured form.
    let Some(services) = capture("android-6.0.1-api23/shell/service-list.txt") else { return };
    let own = bench.says("service list").await;
    assert_eq!(shape(own.lines().next().unwrap()), shape(services.lines().next().unwrap()));
    for line in own.lines().skip(1) {
        let (_, named) = line.split_once('\t').expect("a number, a tab, a name");
        assert!(services.lines().any(|theirs| theirs.split_once('\t').is_some_and(|(_, n)| n == named)), "{line}");
    }
}

#[tokio::test]
async fn accessibility_events_read_as_captured() {
    let bench = Bench::new("events", OLD).await;
    let Some(captured) = capture("android-6.0.1-api23/shell/uiautomator-events.txt") else { return };
    let watch = "uiautomator events >/data/local/tmp/ev & e=$!; n=0; \
                 until grep -q packageinstaller /data/local/tmp/ev || [ $n -gt 300 ]; do \
                 am force-stop test.perm; am start -n test.perm/.Main >/dev/null; n=$((n+1)); done; \
                 uiautomator dump /data/local/tmp/no.xml; echo \"[exit $?]\"; ls /data/local/tmp/no.xml; kill $e; \
                 cat /data/local/tmp/ev";
    let said = bench.says(watch).await;
    let event = |text: &str| -> String {
        let line = text.lines().find(|l| l.contains("TYPE_WINDOW_STATE_CHANGED") && l.contains("packageinstaller"));
        shape(line.unwrap_or_else(|| panic!("no event of the dialog: {text}")))
    };
    // The words of the dialog come in another order of their views; all else is the same.
    let but_text = |line: String| {
        let (head, rest) = line.split_once("Text: [").unwrap();
        format!("{head}{}", rest.split_once("];").unwrap().1)
    };
    assert_eq!(but_text(event(&said)), but_text(event(&captured)));
    assert!(event(&said).contains("PermTest"), "{said}");
    // A dump meanwhile is killed, and leaves no file.
    let Some(killed) = capture("android-6.0.1-api23/shell/uiautomator-dump-while-events-run.txt") else { return };
    for line in killed.lines().filter(|line| !line.trim().is_empty()) {
        let line = line.trim().replace("u2.xml", "no.xml");
        assert!(said.lines().any(|own| own.trim() == line), "{line}: {said}");
    }
}

/// What is asked on which device, and the file whose text the answer has, but for names.
const ERRORS: [(&str, &str, &str); 7] = [
    ("api=28", "am start -n com.rctzhihudaily/.MainActivity", "am-start-class-missing.txt"),
    (
        "api=28",
        "am start -a android.intent.action.MAIN -c android.intent.category.LAUNCHER -n com.sjsu.se195.uniride/.SignInActivity",
        "am-start-main-launcher-class-missing.txt",
    ),
    ("api=28", "monkey -p no.such -c android.intent.category.LAUNCHER 1", "monkey-no-launcher.txt"),
    ("api=28", "pm uninstall no.such", "uninstall-missing-package.txt"),
    ("api=33", "pm grant test.perm", "pm-grant-no-permission-named.txt"),
    ("api=33", "android.permission.DUMP", "shell-command-missing-api33.txt"),
    ("api=30", "pm grant test.perm android.permission.DUMP", "pm-grant-not-requested.txt"),
];

#[tokio::test]
async fn errors_of_later_releases_read_as_captured() {
    let mut wrong = Vec::new();
    for (profile, command, name) in ERRORS {
        let bench = Bench::new(&format!("later-{}", name.trim_end_matches(".txt")), profile).await;
        let Some(captured) = capture(&format!("command-errors/{name}")) else { return };
        let own = bench.says(command).await.replace("test.perm", "com.pittvandewitt.wavelet");
        // Frames of a trace are another build's; that they are frames, and of which class, is the same.
        let head = |text: &str| -> Vec<String> {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("at "));
            lines.map(str::to_owned).collect()
        };
        if head(&own) != head(&captured) {
            wrong.push(format!("{command}: {own:?} for {captured:?}"));
        }
        let framed = |text: &str| text.lines().any(|line| line.trim_start().starts_with("at com.android.server.pm."));
        assert_eq!(framed(&own), framed(&captured), "{command}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_goes_wrong_with_dumps_and_installs_reads_as_captured() {
    let bench = Bench::new("faults", "api=34").await;
    for (fault, name) in [("null-root", "uiautomator-dump-null-root.txt"), ("not-idle", "uiautomator-dump-idle.txt")] {
        let Some(captured) = capture(&format!("command-errors/{name}")) else { return };
        bench.machine.suffer(plan::parse_one(&format!("{{fault: {fault}}}")).unwrap());
        assert_eq!(bench.says("uiautomator dump /data/local/tmp/f.xml").await.trim(), captured.trim(), "{name}");
    }
    let Some(captured) = capture("command-errors/uiautomation-already-registered.txt") else { return };
    bench.machine.suffer(plan::parse_one("{fault: already-registered}").unwrap());
    let own = bench.says("uiautomator dump /data/local/tmp/f.xml").await;
    let told = differences(&own, captured.trim_end());
    assert!(told.is_empty(), "{}", told.join("\n"));
    let Some(captured) = capture("command-errors/uiautomator-dump-crash-npe-api34.txt") else { return };
    bench.machine.suffer(plan::parse_one("{fault: empty-dump}").unwrap());
    assert_eq!(bench.says("uiautomator dump /data/local/tmp/f.xml").await, "");
    let log = bench.says("logcat -d -b crash -v raw").await;
    for line in captured.lines() {
        assert!(log.lines().any(|own| own == line), "{line}: {log}");
    }
    let Some(captured) = capture("command-errors/uiautomator-dump-success-legacy.txt") else { return };
    let own = bench.says("uiautomator dump /storage/emulated/legacy/window_dump.xml").await;
    assert_eq!(own.trim(), captured.trim());
    // A maker's phone whose owner says no: what the device answers is the end of what the client shows.
    let Some(captured) = capture("command-errors/install-user-restricted-miui.txt") else { return };
    let mut switches = bench.machine.system().switches();
    switches.installs_refused = true;
    bench.machine.system().set_switches(switches);
    let own = bench.says("pm install -r $(pm path test.perm | cut -d : -f 2)").await;
    assert!(!own.trim().is_empty() && captured.trim().ends_with(own.trim()), "{own}");
}
