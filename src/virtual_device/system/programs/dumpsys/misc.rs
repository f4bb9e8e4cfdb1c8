//! The short dumps: battery, power, meminfo, notification, input_method, display, connectivity, netstats.

use super::super::reply::Reply;
use crate::virtual_device::system::{Notification, System, Table};

/// `dumpsys battery [set NAME VALUE | unplug | reset]`. The captured Android 6 has no such service; MODEL: the words of
/// later releases (AOSP `BatteryService.java`).
pub fn battery(system: &mut System, args: &[&str]) -> Reply {
    let api = system.profile().api;
    if api <= 23 {
        return Reply::out("Can't find service: battery\n");
    }
    let words: Vec<&str> = args.iter().filter(|word| **word != "-f").copied().collect();
    match words.as_slice() {
        ["set", name, value] => match system.battery_mut().set(name, value) {
            Ok(()) => return Reply::default(),
            Err(error) => return Reply::out(format!("{error}\n")),
        },
        ["set", ..] => return Reply::out("No option specified\n"),
        ["unplug"] => {
            system.battery_mut().unplug();
            return Reply::default();
        }
        ["reset"] => {
            system.battery_mut().reset();
            return Reply::default();
        }
        _ => {}
    }
    let battery = system.battery();
    let stopped = if battery.is_set() { "  (UPDATES STOPPED -- use 'reset' to restart)\n" } else { "" };
    let lines = battery.lines(api).map(|(line, value)| format!("  {line}: {value}\n")).collect::<String>();
    Reply::out(format!("Current Battery Service state:\n{stopped}{lines}"))
}

/// `dumpsys accessibility`: the lines that tell of services. Captured on 34; MODEL: the older ones have the same.
pub fn accessibility(system: &System) -> Reply {
    let secure = |key| system.settings().get(Table::Secure, key).unwrap_or_default();
    let services = secure("enabled_accessibility_services").split(':').filter(|one| !one.is_empty());
    let enabled = services.map(|one| format!("{{{one}}}")).collect::<Vec<_>>().join(", ");
    Reply::out(format!(
        "ACCESSIBILITY MANAGER (dumpsys accessibility)\n\ncurrentUserId=0\nUser state[\n     attributes:{{id=0, \
         touchExplorationEnabled=false}}\n     Bound services:{{}}\n     Enabled services:{{{enabled}}}\n"
    ))
}

/// `dumpsys deviceidle [whitelist]`: the apps that may run in the background without bounds. Captured on 34: the
/// heading; MODEL: the short list of `whitelist`.
pub fn device_idle(system: &System, args: &[&str]) -> Reply {
    let apps = system.unbounded().filter_map(|name| Some((name, system.packages().get(name)?.uid)));
    if args.first() == Some(&"whitelist") {
        return Reply::out(apps.map(|(name, uid)| format!("user,{name},{uid}\n")).collect::<String>());
    }
    let lines = apps.map(|(name, _)| format!("    {name}\n")).collect::<String>();
    Reply::out(format!("  Whitelist user apps:\n{lines}"))
}

/// `dumpsys power`.
pub fn power(system: &System) -> Reply {
    let awake = system.switches().screen_on;
    let wakefulness = if awake { "Awake" } else { "Asleep" };
    let now = system.since_start().as_millis();
    let level = system.battery().level();
    let mut out = format!(
        "POWER MANAGER (dumpsys power)\n\nPower Manager State:\n  mDirty=0x0\n  mWakefulness={wakefulness}\n  mWakefulnessChanging=false\n  mIsPowered=true\n  mPlugType=1\n  mBatteryLevel={level}\n  mStayOn=true\n  mBootCompleted=true\n  mSystemReady=true\n  mHalInteractiveModeEnabled={awake}\n  mWakeLockSummary=0x0\n  mUserActivitySummary=0x1\n  mLastWakeTime=0 ({now} ms ago)\n  mHoldingDisplaySuspendBlocker={awake}\n"
    );
    if system.profile().api >= 24 {
        out += &format!("Display Power: state={}\n", if awake { "ON" } else { "OFF" });
    }
    Reply::out(out)
}

/// `dumpsys meminfo [PACKAGE]`. The figures are a MODEL; the shape is captured.
pub fn meminfo(system: &System, args: &[&str]) -> Reply {
    let now = system.since_start().as_millis();
    let head = format!("Applications Memory Usage (in Kilobytes):\nUptime: {now} Realtime: {now}\n");
    let wanted = args.iter().find(|a| !a.starts_with('-'));
    let Some(name) = wanted else {
        let rows = system
            .processes()
            .filter(|p| p.uid >= 10_000)
            .map(|p| format!("    40,960K: {} (pid {})\n", p.name, p.pid));
        let rows = rows.collect::<String>();
        return Reply::out(format!("{head}\nTotal PSS by process:\n{rows}\n{}", totals(system.profile().api)));
    };
    let process = system.processes().find(|p| p.name == *name || p.pid.to_string() == *name);
    let Some(process) = process else { return Reply::out(format!("No process found for: {name}\n")) };
    Reply::out(format!(
        "{head}\n** MEMINFO in pid {} [{}] **\n                   Pss  Private  Private  Swapped     Heap     Heap     Heap\n                 Total    Dirty    Clean    Dirty     Size    Alloc     Free\n                ------   ------   ------   ------   ------   ------   ------\n  Native Heap     8192     8100        0        0    16384     9000     7384\n  Dalvik Heap     4096     4000        0        0     8192     4100     4092\n        TOTAL    40960    30000     4000        0    24576    13100    11476\n \n",
        process.pid, process.name
    ))
}

/// The last lines of `dumpsys meminfo`. MODEL: AOSP's words; the figures of `/proc/meminfo`.
fn totals(api: u32) -> String {
    let lines = [("Total", "2,030,852", " (status normal)"), ("Free", "1,105,600", ""), ("Used", "925,252", "")];
    let line = |(name, size, more): (&str, &str, &str)| match api {
        // Android 6 has neither commas nor a short unit.
        ..=23 => format!(" {name} RAM: {} kB{more}\n", size.replace(',', "")),
        _ => format!("{:>10} {size}K{more}\n", format!("{name} RAM:")),
    };
    lines.map(line).concat()
}

/// `dumpsys notification`. MODEL: words are told from API 24 on, and only with `--noredact` (AOSP `NotificationRecord.dump`).
pub fn notification(system: &System, args: &[&str]) -> Reply {
    let api = system.profile().api;
    let told = api >= 24 && args.iter().any(|arg| matches!(*arg, "--noredact" | "--reveal"));
    let mut out = String::from("Current Notification Manager state:\n  Notification List:\n");
    out.extend(system.notifications().iter().map(|n| record(api, n, told)));
    out += "\n  mArchive=Archive (0 notifications)\n";
    Reply::out(out)
}

/// One notification, with its words or without.
pub fn record(api: u32, n: &Notification, told: bool) -> String {
    let key = n.key();
    let words = |words: &str| match told {
        true => format!("String ({words})"),
        false if api >= 28 => format!("String [length={}]", words.chars().count()),
        false => "String".to_owned(),
    };
    format!(
        "    NotificationRecord(0x{hash:08x}: pkg={pkg} user=UserHandle{{0}} id={id} tag={tag} importance=3 key={key}: {written})\n      uid={uid} userId=0\n      opPkg={pkg}\n      flags=0x10\n      pri=0\n      key={key}\n      seen=true\n      groupKey={key}\n      notification=\n            when={at}\n            extras={{\n                android.title={title}\n                android.text={text}\n            }}\n",
        hash = n.hash,
        pkg = n.package,
        id = n.id,
        tag = n.tag.as_deref().unwrap_or("null"),
        written = n.written(api),
        uid = n.uid,
        at = n.at,
        title = words(&n.title),
        text = words(&n.text),
    )
}

/// `dumpsys input_method`. No input method draws anything here: text comes as from a hardware keyboard.
pub fn input_method(system: &System) -> Reply {
    let (current, served) = (system.input_method(), system.has_input_focus());
    let bound = system.bound_input_method().is_some();
    let has = if system.profile().api >= 29 { "mHaveConnection" } else { "mHaveConnect" };
    Reply::out(format!(
        "Current Input Method Manager state:\n  Input Methods:\n  mCurMethodId={current}\n  mCurClient=null mCurSeq=0\n  mCurFocusedWindow=android.os.BinderProxy@c20d7c\n  mCurId={current} {has}={bound} mBoundToMethod={bound}\n  mShowRequested={served} mShowExplicitlyRequested=false mShowForced=false mInputShown=false\n  mSystemReady=true mInteractive={}\n",
        system.switches().screen_on
    ))
}

/// `dumpsys display`.
pub fn display(system: &System) -> Reply {
    let profile = system.profile();
    let ((w, h), turned) = (system.display_size(), system.rotation());
    let state = if system.switches().screen_on { "ON" } else { "OFF" };
    Reply::out(format!(
        "DISPLAY MANAGER (dumpsys display)\n  mViewports=[DisplayViewport{{type=INTERNAL, valid=true, displayId=0, orientation={turned}, logicalFrame=Rect(0, 0 - {w}, {h}), physicalFrame=Rect(0, 0 - {w}, {h}), deviceWidth={w}, deviceHeight={h}}}]\n  mScreenState={state}\n  mBaseDisplayInfo=DisplayInfo{{\"Built-in Screen\", displayId 0, {w} x {h}, density {d}}}\n",
        d = profile.density
    ))
}

/// `dumpsys connectivity`.
pub fn connectivity(system: &System) -> Reply {
    let text = if system.switches().network { "NetworkAgentInfo [WIFI () - 100]" } else { "none" };
    Reply::out(format!("Active default network: {text}\n"))
}

/// `dumpsys netstats`: bytes per user id. MODEL: what a request and its answer weigh.
pub fn netstats(system: &System) -> Reply {
    let mut out = String::from("Active interfaces:\n  iface=wlan0 ident=[{type=WIFI, subType=COMBINED}]\nUID stats:\n");
    for package in system.packages().values() {
        let own: Vec<_> = system.connections().iter().filter(|c| c.uid == package.uid && !c.failed).collect();
        if !own.is_empty() {
            let sent: usize = own.iter().map(|c| 600 + c.body.len()).sum();
            out += &format!("  uid={} set=DEFAULT tag=0x0 rb={} tb={sent}\n", package.uid, own.len() * 4_000);
        }
    }
    Reply::out(out)
}

/// `dumpsys device_policy`. MODEL: AOSP's lines from memory, no more than who is an administrator.
pub fn device_policy(system: &System) -> Reply {
    let mut out = String::from("Current Device Policy Manager state:\n");
    let all: Vec<&str> = system.administrators().collect();
    if !all.is_empty() {
        out += "  Enabled Device Admins (User 0, provisioningState: 0):\n";
    }
    for package in all {
        let uid = system.packages().get(package).map_or(0, |p| p.uid);
        out += &format!("    {package}/.AdminReceiver:\n      uid={uid}\n      testOnlyAdmin=false\n");
    }
    Reply::out(out)
}

/// `dumpsys location`: the last fix. MODEL: the line in which newer releases print it.
pub fn location() -> Reply {
    let (latitude, longitude) = crate::virtual_device::system::personal::PLACE;
    Reply::out(format!(
        "Location Manager State:\n  Location Setting: true\n  Location Providers:\n    gps provider:\n      last location=Location[gps {latitude},{longitude} hAcc=5.0 et=+1m2s3ms alt=5.0]\n"
    ))
}

/// `dumpsys input`: the head of AOSP's `EventHub`, and how the screen is turned, which scripts look for. MODEL, from memory;
/// the line of the orientation is that of the releases before 14 and its later form.
pub fn input(system: &System) -> Reply {
    let ((w, h), turned) = (system.display_size(), system.rotation());
    let orientation = match system.profile().api {
        ..=32 => format!("      SurfaceOrientation: {turned}\n"),
        _ => format!("      SurfaceOrientation: {turned}\n      InputDeviceOrientation: {turned}\n"),
    };
    let focus = system.top_record().map_or(String::new(), |record| format!("'{}'", record.component.full()));
    Reply::out(format!(
        "INPUT MANAGER (dumpsys input)\n\nEvent Hub State:\n  BuiltInKeyboardId: -1\n  Devices:\n    -1: Virtual\n      Classes: KEYBOARD | ALPHAKEY | DPAD | VIRTUAL\n      Path: <virtual>\n      Enabled: true\n    2: virtio_input_multi_touch_1\n      Classes: TOUCH | TOUCH_MT\n      Path: /dev/input/event2\n      Enabled: true\n\nInput Reader State:\n  Device 2: virtio_input_multi_touch_1\n    Touch Input Mapper (mode - DIRECT):\n      SurfaceWidth: {w}px\n      SurfaceHeight: {h}px\n{orientation}\nInput Dispatcher State:\n  DispatchEnabled: true\n  DispatchFrozen: false\n  FocusedApplications:\n    displayId=0, name={focus}, dispatchingTimeout=5000ms\n"
    ))
}

/// `dumpsys user`. MODEL: the lines of AOSP's `UserManagerService.dump` that tell who the user is.
pub fn user(system: &System) -> Reply {
    let owner = super::super::pm_list::owner(system);
    let current = if system.profile().api >= 30 { "Current user: 0\n" } else { "" };
    Reply::out(format!(
        "{current}Users:\n  {owner} serialNo=0 isPrimary=true\n    State: RUNNING_UNLOCKED\n    Created: <unknown>\n    Has profile owner: false\n"
    ))
}
