//! `monkey`: starts an app and throws events at it. Captured: the refusal, and the lines at the end; MODEL: the rest,
//! after AOSP's `Monkey.java`. Where the real one keeps other apps from starting, this one goes back to its own.

use std::time::Duration;

use super::super::super::process::{Call, Running};
use super::super::super::system::random::{Random, digest};
use super::super::super::system::{Intent, NoticeAnswer, NoticeKind};
use super::super::gesture;
use super::super::scene::Scene;
use super::latency::{Work, spend};
use super::monkey_network;

const LAUNCHER: &str = "android.intent.category.LAUNCHER";
/// Most events of one call.
const MOST: u32 = 1_000_000;
/// `KEYCODE_BACK`, `KEYCODE_DPAD_CENTER`, `KEYCODE_MENU`.
const KEYS: [u32; 3] = [4, 23, 82];

const USAGE: &str = "usage: monkey [-p ALLOWED_PACKAGE [-p ALLOWED_PACKAGE] ...]\n              [-c MAIN_CATEGORY [-c MAIN_CATEGORY] ...]\n              [--ignore-crashes] [--ignore-timeouts]\n              [--ignore-security-exceptions]\n              [--monitor-native-crashes] [--ignore-native-crashes]\n              [--kill-process-after-error] [--hprof]\n              [--match-description TEXT]\n              [--pct-touch PERCENT] [--pct-motion PERCENT]\n              [--pct-trackball PERCENT] [--pct-syskeys PERCENT]\n              [--pct-nav PERCENT] [--pct-majornav PERCENT]\n              [--pct-appswitch PERCENT] [--pct-flip PERCENT]\n              [--pct-anyevent PERCENT] [--pct-pinchzoom PERCENT]\n              [--pct-permission PERCENT]\n              [--pkg-blacklist-file PACKAGE_BLACKLIST_FILE]\n              [--pkg-whitelist-file PACKAGE_WHITELIST_FILE]\n              [--wait-dbg] [--dbg-no-events]\n              [--setup scriptfile] [-f scriptfile [-f scriptfile] ...]\n              [--port port]\n              [-s SEED] [-v [-v] ...]\n              [--throttle MILLISEC] [--randomize-throttle]\n              [--profile-wait MILLISEC]\n              [--device-sleep-time MILLISEC]\n              [--randomize-script]\n              [--script-log]\n              [--bugreport]\n              [--periodic-bugreport]\n              [--permission-target-system]\n              COUNT\n";

/// What one call asks for.
#[derive(Debug, Default, PartialEq)]
struct Order {
    packages: Vec<String>,
    categories: Vec<String>,
    seed: Option<u64>,
    throttle: u64,
    verbose: u32,
    ignore_crashes: bool,
    ignore_hangs: bool,
    no_events: bool,
    /// Where a client gives the events, in place of chance.
    port: Option<u16>,
    count: u32,
}

/// Runs `monkey`.
pub fn monkey(call: Call) -> Running {
    Box::pin(async move {
        let order = match read(&call.argv[1..]) {
            Ok(order) => order,
            Err(mistake) => {
                call.stdio.err(mistake).await;
                call.stdio.err(USAGE).await;
                return 255;
            }
        };
        spend(&call.machine, Work::Small).await;
        if let Some(port) = order.port {
            if order.verbose > 0 {
                call.stdio.out(preface(&order, order.seed.unwrap_or_default())).await;
            }
            return monkey_network::serve(&call, port).await;
        }
        play(&call, order).await
    })
}

async fn play(call: &Call, order: Order) -> i32 {
    let mains: Vec<_> = {
        let system = call.machine.system();
        let named = order.packages.iter().filter_map(|name| system.packages().get(name)).collect::<Vec<_>>();
        let all = if order.packages.is_empty() { system.packages().values().collect() } else { named };
        let wanted = order.categories.is_empty() || order.categories.iter().any(|one| one == LAUNCHER);
        all.into_iter().filter(|_| wanted).filter_map(|package| package.facts.main()).collect()
    };
    let seed = order.seed.unwrap_or_else(|| digest(&call.machine.profile.serial));
    if order.verbose > 0 {
        call.stdio.out(preface(&order, seed)).await;
    }
    let Some(first) = mains.first().cloned() else {
        call.stdio.out("** No activities found to run, monkey aborted.\n").await;
        return 252;
    };
    let started = call.machine.clock.elapsed();
    let mut random = Random::new(seed);
    let mut injected = 0;
    let mut fell = false;
    while injected < order.count && !call.stdio.hangup.is_cancelled() {
        let inside = injected > 0 && {
            let system = call.machine.system();
            let front = system.top_task().map(|task| task.package.clone()).unwrap_or_default();
            mains.iter().any(|main| main.package == front)
        };
        if !inside {
            let main = if injected == 0 { &first } else { &mains[random.below(mains.len() as u64) as usize] };
            if order.verbose > 0 {
                call.stdio.out(switch(&main.package, &main.full())).await;
            }
            let intent = Intent { flags: 0x1020_0000, ..Intent::launcher(main.clone()) };
            call.machine.system().start_activity(intent, call.uid);
        } else if !order.no_events {
            let line = event(call, &mut random);
            if order.verbose > 1 {
                call.stdio.out(line).await;
            }
        }
        injected += 1;
        if let Some(words) = trouble(call, &order) {
            call.stdio.out(words).await;
            fell = true;
            break;
        }
        if order.throttle > 0 {
            tokio::select! {
                () = call.machine.clock.sleep(Duration::from_millis(order.throttle)) => {}
                () = call.stdio.hangup.cancelled() => return 129,
            }
        } else {
            tokio::task::yield_now().await;
        }
    }
    let took = (call.machine.clock.elapsed().saturating_sub(started)).as_millis();
    call.stdio.out(ending(&order, seed, injected, fell, took)).await;
    match fell {
        true => i32::try_from(injected).unwrap_or(1).clamp(1, 255),
        // On API 33 it exits non-zero for valid apps (seen by users of the release).
        false => i32::from(call.machine.profile.api == 33),
    }
}

/// One event, by the usual shares: touches, swipes, keys.
fn event(call: &Call, random: &mut Random) -> String {
    let display = Scene::now(&call.machine).display;
    let area = display.screen();
    let mut place = || {
        let x = random.below(u64::try_from(area.right).unwrap_or(1));
        (
            i32::try_from(x).unwrap_or(0),
            i32::try_from(random.below(u64::try_from(area.bottom).unwrap_or(1))).unwrap_or(0),
        )
    };
    let (from, to) = (place(), place());
    match random.below(100) {
        0..60 => {
            // The navigation bar's keys come as key events.
            let y = from.1.min(area.bottom - display.navigation_bar - 1).max(display.status_bar);
            gesture::tap(&call.machine, from.0, y);
            format!(
                ":Sending Touch (ACTION_DOWN): 0:({x}.0,{y}.0)\n:Sending Touch (ACTION_UP): 0:({x}.0,{y}.0)\n",
                x = from.0
            )
        }
        60..85 => {
            let from = (from.0, from.1.max(display.status_bar));
            gesture::swipe(&call.machine, from, to, 100);
            format!(
                ":Sending Touch (ACTION_DOWN): 0:({}.0,{}.0)\n:Sending Touch (ACTION_UP): 0:({}.0,{}.0)\n",
                from.0, from.1, to.0, to.1
            )
        }
        _ => {
            let key = KEYS[random.below(KEYS.len() as u64) as usize];
            call.machine.system().key(key);
            format!(":Sending Key (ACTION_DOWN): {key}\n:Sending Key (ACTION_UP): {key}\n")
        }
    }
}

/// What the system says of an app's end or hang; answered, and a reason to stop unless it is to be ignored.
fn trouble(call: &Call, order: &Order) -> Option<String> {
    let mut system = call.machine.system();
    system.catch_up();
    let notice = system.notice()?.clone();
    let pid = system.pid_of(&notice.package).unwrap_or(0);
    system.answer_notice(NoticeAnswer::Close);
    let (words, ignored) = match notice.kind {
        NoticeKind::Crash => (format!("// CRASH: {} (pid {pid})\n", notice.package), order.ignore_crashes),
        NoticeKind::Anr => (format!("// NOT RESPONDING: {} (pid {pid})\n", notice.package), order.ignore_hangs),
    };
    (!ignored).then_some(words)
}

fn preface(order: &Order, seed: u64) -> String {
    let mut out = format!(":Monkey: seed={seed} count={}\n", order.count);
    out.extend(order.packages.iter().map(|one| format!(":AllowPackage: {one}\n")));
    let usual = [LAUNCHER.to_string(), "android.intent.category.MONKEY".to_string()];
    let categories = if order.categories.is_empty() { usual.as_slice() } else { &order.categories };
    out.extend(categories.iter().map(|one| format!(":IncludeCategory: {one}\n")));
    out
}

fn switch(package: &str, component: &str) -> String {
    format!(
        ":Switch: #Intent;action=android.intent.action.MAIN;category={LAUNCHER};launchFlags=0x10200000;component={component};end\n    // Allowing start of Intent {{ act=android.intent.action.MAIN cat=[{LAUNCHER}] cmp={component} }} in package {package}\n"
    )
}

fn ending(order: &Order, seed: u64, injected: u32, fell: bool, took: u128) -> String {
    let mut out = String::new();
    if fell {
        out += "** Monkey aborted due to error.\n";
    }
    out += &format!("Events injected: {injected}\n");
    if order.verbose > 0 {
        out +=
            ":Sending rotation degree=0, persist=false\n:Dropped: keys=0 pointers=0 trackballs=0 flips=0 rotations=0\n";
    }
    out += &format!("## Network stats: elapsed time={took}ms (0ms mobile, 0ms wifi, {took}ms not connected)\n");
    if fell {
        out += &format!("** System appears to have crashed at event {injected} of {} using seed {seed}\n", order.count);
    } else if order.verbose > 0 {
        out += "// Monkey finished\n";
    }
    out
}

fn read(arguments: &[String]) -> Result<Order, String> {
    let mut order = Order::default();
    let mut words = arguments.iter().map(String::as_str).peekable();
    if words.peek().is_none() {
        return Err(String::new());
    }
    let mut count = None;
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("** Error: Unknown option: {word}\n"));
        match word {
            "-p" => order.packages.push(value()?.into()),
            "-c" => order.categories.push(value()?.into()),
            "-s" => order.seed = value()?.parse().ok(),
            "--port" => order.port = value()?.parse().ok(),
            "--throttle" => order.throttle = value()?.parse().unwrap_or(0),
            "-v" => order.verbose += 1,
            "--ignore-crashes" => order.ignore_crashes = true,
            "--ignore-timeouts" => order.ignore_hangs = true,
            "--dbg-no-events" => order.no_events = true,
            "-h" | "--help" => return Err(String::new()),
            "--match-description" | "--profile-wait" | "--device-sleep-time" => {
                value()?;
            }
            option if option.starts_with("--pct-") => {
                value()?;
            }
            "--ignore-security-exceptions"
            | "--monitor-native-crashes"
            | "--ignore-native-crashes"
            | "--kill-process-after-error"
            | "--hprof"
            | "--randomize-throttle"
            | "--randomize-script"
            | "--script-log"
            | "--bugreport"
            | "--periodic-bugreport"
            | "--permission-target-system" => {}
            option if option.starts_with('-') => return Err(format!("** Error: Unknown option: {option}\n")),
            number => count = number.parse::<u32>().ok(),
        }
    }
    if order.port.is_some() {
        return Ok(order);
    }
    order.count = count.ok_or_else(|| "** Error: Count not specified\n".to_string())?.min(MOST);
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(String::from).collect()
    }

    #[test]
    fn options_are_read_as_monkey_reads_them() {
        let order = read(&words("-p a.b -c x --pct-touch 90 -s 7 --throttle 10 --ignore-crashes -v -v 200")).unwrap();
        assert_eq!((order.count, order.seed, order.throttle, order.verbose), (200, Some(7), 10, 2));
        assert_eq!((order.packages.as_slice(), order.ignore_crashes), (&["a.b".to_string()][..], true));
        assert!(read(&words("-p a.b --no-such 5")).unwrap_err().contains("Unknown option: --no-such"));
        assert!(read(&words("-p a.b")).unwrap_err().contains("Count not specified"));
        assert_eq!(read(&[]).unwrap_err(), "");
    }
}
