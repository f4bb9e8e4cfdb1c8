//! Many virtual devices in one process on two cores: how fast one boots, what an idle one costs.
//!
//! The devices live in a process of their own (this program again), served as one list of devices on two worker threads.
//! This side is the client: it installs a shipped specimen on each, later starts it and looks at it once (hierarchy and
//! picture). Memory is the growth of that process's resident set from one device to all of them, per device; the
//! processor time of an idle stretch is read from the kernel.
//!
//! The bench fails when a device takes 5 ms or more to boot (median), when an idle one with the specimen installed takes
//! 3 MiB or more, before or after it was used, or when all idle ones together use a thousandth of a core.
//!
//! `cargo bench --bench many_devices`. As a test (`cargo test`) it takes a few devices and judges
//! the memory of unused ones only.

#[path = "../asked.rs"]
mod asked;
mod farm;
mod process;
#[path = "../processor.rs"]
mod processor;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use appwitness::adb::{InstallOptions, Server};
use appwitness::android::Android;
use appwitness::shipped::Folder;
use appwitness::virtual_device::specimen;
use process::Process;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const NAME: &str = "many_devices";
const SPECIMEN: &str = "well-behaved";
const LONG: Duration = Duration::from_secs(120);
/// Devices worked on at a time: most of what each does is to wait for the latency of a telephone.
const AT_ONCE: usize = 32;

/// Promises.
const BOOTS_WITHIN: Duration = Duration::from_millis(5);
const MOST_BYTES: f64 = 3.0 * 1024.0 * 1024.0;
/// Of one core, for all idle devices together.
const MOST_IDLE: f64 = 0.001;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, count] = &arguments[..]
        && first == "farm"
    {
        return farm::main(count.parse().expect("a number"));
    }
    let Some(timed) = asked::timed(NAME) else { return ExitCode::SUCCESS };
    let (count, idle) = if timed { (256, Duration::from_secs(20)) } else { (12, Duration::from_millis(200)) };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (one, many) = runtime.block_on(async { (measure(1, idle).await, measure(count, idle).await) });
    if report(&one, &many, timed) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What one farm came to.
struct Measured {
    count: usize,
    boots: Vec<Duration>,
    /// Resident bytes: booted, specimen installed, used.
    memory: [u64; 3],
    /// Share of a core while idle: specimen installed, used.
    idle: [f64; 2],
}

async fn measure(count: usize, idle: Duration) -> Measured {
    let mut farm = Process::start(count);
    let folder = std::env::temp_dir().join(format!("appwitness-many-{}-{count}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let apk = folder.join("specimen.apk");
    let model = Folder::Specimens.file(SPECIMEN).expect("a shipped specimen");
    std::fs::write(&apk, specimen::pack(model).expect("a sound specimen")).expect("a file");
    let booted = farm.resident();
    on_each(&farm, &apk, install).await;
    let installed = (farm.resident(), farm.idle(idle).await);
    on_each(&farm, &apk, use_once).await;
    let used = (farm.resident(), farm.idle(idle).await);
    let _ = std::fs::remove_dir_all(&folder);
    let boots = std::mem::take(&mut farm.boots);
    Measured { count, boots, memory: [booted, installed.0, used.0], idle: [installed.1, used.1] }
}

/// Does something on every device, a few at a time.
async fn on_each<F: Future<Output = ()> + Send + 'static>(
    farm: &Process,
    apk: &Path,
    work: fn(Android, std::path::PathBuf) -> F,
) {
    let server = Server::at(farm.server);
    let mut running = JoinSet::new();
    for entry in server.devices().await.expect("a list of devices") {
        if running.len() == AT_ONCE {
            running.join_next().await.expect("one runs").expect("it goes well");
        }
        let device = server.device(&entry.serial, CancellationToken::new());
        let apk = apk.to_owned();
        running.spawn(async move { work(Android::open(device).await.expect("it says who it is"), apk).await });
    }
    running.join_all().await;
}

async fn install(android: Android, apk: std::path::PathBuf) {
    android.device().install(&[apk], &InstallOptions::default(), LONG).await.expect("it installs");
}

async fn use_once(android: Android, _: std::path::PathBuf) {
    let model =
        specimen::Specimen::parse(Folder::Specimens.file(SPECIMEN).expect("a shipped specimen")).expect("a sound one");
    android.launch(&model.package, None).await.expect("it starts");
    android.hierarchy().await.expect("a hierarchy");
    android.screenshot().await.expect("a picture");
}

/// Prints what was measured; whether all promises are kept.
fn report(one: &Measured, many: &Measured, timed: bool) -> bool {
    let count = many.count;
    println!("{NAME}: {count} devices in one process, {} worker threads", farm::WORKERS);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load average after: {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "));
    let mut boots = many.boots.clone();
    boots.sort();
    let (median, late, slowest) = (boots[boots.len() / 2], boots[boots.len() * 95 / 100], boots[boots.len() - 1]);
    println!("a device boots in {median:.2?} (median), {late:.2?} (95 of 100), {slowest:.2?} (the slowest)");
    let mut kept = !timed || median < BOOTS_WITHIN;
    for (at, state) in ["booted", "specimen installed", "used once, idle again"].into_iter().enumerate() {
        let each = (many.memory[at] as f64 - one.memory[at] as f64) / (count - 1) as f64;
        println!(
            "{state}: {:.2} MiB a device ({:.1} MiB in all, {:.1} with one device)",
            each / 1_048_576.0,
            many.memory[at] as f64 / 1_048_576.0,
            one.memory[at] as f64 / 1_048_576.0
        );
        // What painting pictures side by side once took from the system weighs much on a few devices.
        let counts = timed || at < 2;
        kept &= !counts || each < MOST_BYTES;
    }
    for (share, state) in many.idle.iter().zip(["specimen installed", "used once, idle again"]) {
        println!("{state}: all devices together use {:.4} % of a core", share * 100.0);
        kept &= !timed || *share < MOST_IDLE;
    }
    println!("{}", if kept { "kept" } else { "FAILED" });
    kept
}
