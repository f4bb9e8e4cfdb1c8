//! `uiautomator dump` and `uiautomator events`.

use super::super::super::fault::Kind;
use super::super::super::process::{Call, Running};
use super::super::scene::Scene;
use super::super::xml;
use super::latency::{Work, spend};
use super::{events, file};

/// Where a dump goes without a file name.
const USUAL_FILE: &str = "/sdcard/window_dump.xml";

/// AOSP's own usage.
const USAGE: &str = "Usage: uiautomator <subcommand> [options]

Available subcommands:

help: displays help message

runtest: executes UI automation tests
    runtest <class spec> [options]
    <class spec>: <JARS> < -c <CLASSES> | -e class <CLASSES> >
      <JARS>: a list of jar files containing test classes and dependencies. If
        the path is relative, it's assumed to be under /data/local/tmp. Use
        absolute path if the file is elsewhere. Multiple files can be
        specified, separated by space.
      <CLASSES>: a list of test class names to run, separated by comma. To
        a single method, use TestClass#testMethod format. The -e or -c option
        may be repeated. This option is not required and if not provided then
        all the tests in provided jars will be run automatically.
    options:
      --nohup: trap SIG_HUP, so test won't terminate even if parent process
               is terminated, e.g. USB is disconnected.
      -e debug [true|false]: wait for debugger to connect before starting.
      -e runner [CLASS]: use specified test runner class instead. If
        unspecified, framework default runner will be used.
      -e <NAME> <VALUE>: other name-value pairs to be passed to test classes.
        May be repeated.
      -e outputFormat simple | -s: enabled less verbose JUnit style output.

dump: creates an XML dump of current UI hierarchy
    dump [--verbose][file]
      [--compressed]: dumps compressed layout information.
      [file]: the location where the dumped XML should be stored, default is
      /sdcard/window_dump.xml

events: prints out accessibility events until terminated

";

/// Runs `uiautomator`.
pub fn uiautomator(call: Call) -> Running {
    Box::pin(async move {
        match call.argv.get(1).map(String::as_str) {
            Some("dump") => dump(&call).await,
            Some("events") => watched(&call).await,
            Some("help") => {
                call.stdio.out(USAGE).await;
                0
            }
            _ => {
                call.stdio.err(USAGE).await;
                1
            }
        }
    })
}

async fn dump(call: &Call) -> i32 {
    let fault = call.machine.faults_of_dump();
    let connection = call.machine.screen.automation.connect().filter(|_| fault != Some(Kind::AlreadyRegistered));
    let Some(_connection) = connection else { return refused(call).await };
    spend(&call.machine, Work::Dump).await;
    match fault {
        Some(Kind::EmptyDump) => {
            call.machine.system().log_dump_crash();
            return 0;
        }
        Some(Kind::NullRoot) => return complain(call, "null root node returned by UiTestAutomationBridge.").await,
        Some(Kind::NotIdle) => return complain(call, "could not get idle state.").await,
        Some(Kind::Dialog) => call.machine.system().hang_system_ui(),
        _ => {}
    }
    let compressed = call.argv[2..].iter().any(|a| a == "--compressed");
    let path = call.argv[2..].iter().find(|a| !a.starts_with('-')).map_or(USUAL_FILE, String::as_str);
    let document = {
        let scene = Scene::now(&call.machine);
        scene.focused().map(|laid| xml::document(laid, &scene.display, compressed))
    };
    let Some(document) = document else {
        return complain(call, "null root node returned by UiTestAutomationBridge.").await;
    };
    if matches!(path, "/dev/tty" | "/dev/stdout" | "/proc/self/fd/1") {
        call.stdio.out(document).await;
    } else {
        // AOSP only logs that the file could not be written, and says that it was.
        let _ = file::put(call, path, document.into_bytes());
    }
    call.stdio.out(format!("UI hierchary dumped to: {path}\n")).await;
    0
}

/// A failure, which goes to standard output with status 0 (captured).
async fn complain(call: &Call, why: &str) -> i32 {
    call.stdio.out(format!("ERROR: {why}\n")).await;
    0
}

async fn watched(call: &Call) -> i32 {
    let Some(_connection) = call.machine.screen.automation.connect() else { return refused(call).await };
    events::stream(call).await
}

/// What a second client of UiAutomation gets: killed on API 23 (captured), an exception later (captured text, MODEL
/// status).
async fn refused(call: &Call) -> i32 {
    if call.machine.profile.api < 24 {
        call.stdio.err("Killed \n").await;
        return 137;
    }
    let error = "java.lang.IllegalStateException: UiAutomationService android.accessibilityservice.IAccessibilityServiceClient$Stub$Proxy@7e3e486already registered!
\tat android.os.Parcel.createException(Parcel.java:1961)
\tat android.os.Parcel.readException(Parcel.java:1921)
\tat android.os.Parcel.readException(Parcel.java:1871)
\tat android.view.accessibility.IAccessibilityManager$Stub$Proxy.registerUiTestAutomationService(IAccessibilityManager.java:409)
\tat android.app.UiAutomationConnection.registerUiTestAutomationServiceLocked(UiAutomationConnection.java:399)
\tat android.app.UiAutomationConnection.connect(UiAutomationConnection.java:97)
";
    call.stdio.err(error).await;
    1
}
