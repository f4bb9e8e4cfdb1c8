//! One look: picture, hierarchy, focus, permissions and accesses of one moment, by the device script and by single
//! commands.

use std::time::{Duration, Instant};

use appwitness::adb::InstallOptions;
use appwitness::android::{Android, Snapshot};
use appwitness::shipped::Folder;
use appwitness::virtual_device::specimen;
use tokio_util::sync::CancellationToken;

use super::far::Far;
use super::processor;

const SPECIMEN: &str = "well-behaved";
const LONG: Duration = Duration::from_secs(120);
/// A look by the script may take so much of one by commands.
const SHARE: f64 = 1.0;

/// What the looks of one way came to.
struct Looks {
    took: Vec<Duration>,
    processor: Duration,
}

/// Prints what looks take; whether the script keeps its promise.
pub fn measure(timed: bool) -> bool {
    let devices: &[(&str, usize)] =
        if timed { &[("instant", 20), ("phone", 10), ("slow", 5)] } else { &[("instant", 2)] };
    println!("\na look        by         looks   median s  slowest s  host's processor ms");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut kept = true;
    for (latency, count) in devices {
        let [script, commands] = runtime.block_on(both(latency, *count));
        for (way, looks) in [("script", &script), ("commands", &commands)] {
            let each = looks.processor.as_secs_f64() * 1e3 / looks.took.len() as f64;
            let (median, slowest) = (median(&looks.took), looks.took.iter().max().copied().unwrap_or_default());
            println!(
                "on {latency:<10} {way:<9} {:>6} {:>10.3} {:>10.3} {each:>20.1}",
                looks.took.len(),
                median.as_secs_f64(),
                slowest.as_secs_f64()
            );
        }
        // Where the device answers at once it is the machine's load that is measured.
        let share = median(&script.took).as_secs_f64() / median(&commands.took).as_secs_f64();
        println!("   … script to commands: {share:.2}");
        kept &= !timed || *latency == "instant" || share <= SHARE;
    }
    kept
}

async fn both(latency: &str, count: usize) -> [Looks; 2] {
    let far = Far::start(&format!("api=34,latency={latency}"));
    let android = Android::open(far.device(CancellationToken::new())).await.expect("it says who it is");
    let text = Folder::Specimens.file(SPECIMEN).expect("a shipped specimen");
    let package = specimen::Specimen::parse(text).expect("a sound specimen").package;
    let apk = std::env::temp_dir().join(format!("appwitness-look-{}-{latency}.apk", std::process::id()));
    std::fs::write(&apk, specimen::pack(text).expect("a sound specimen")).expect("a file");
    android.device().install(std::slice::from_ref(&apk), &InstallOptions::default(), LONG).await.expect("it installs");
    let _ = std::fs::remove_file(&apk);
    android.launch(&package, None).await.expect("it starts");
    let mut both =
        [Looks { took: Vec::new(), processor: Duration::ZERO }, Looks { took: Vec::new(), processor: Duration::ZERO }];
    // In turn, so that the machine is as busy for one as for the other.
    for _ in 0..count {
        for (way, looks) in both.iter_mut().enumerate() {
            let (began, before) = (Instant::now(), processor::time_of(std::process::id()));
            let looked = match way {
                0 => android.capture_by_script(&package).await,
                _ => android.capture_by_commands(&package).await,
            };
            looks.took.push(began.elapsed());
            looks.processor += processor::time_of(std::process::id()).saturating_sub(before);
            is_whole(&looked.expect("a look"));
        }
    }
    both
}

fn is_whole(look: &Snapshot) {
    assert!(look.hierarchy.is_some() && look.screenshot.is_some() && look.permissions.is_some(), "{:?}", look.missing);
}

fn median(took: &[Duration]) -> Duration {
    let mut sorted = took.to_vec();
    sorted.sort();
    sorted[sorted.len() / 2]
}
