//! One picture of the permission dialog per skin and release, kept as golden files that a person has looked at. In every
//! other file the device speaks Chinese. `APPWITNESS_WRITE_PICTURES=1` writes them anew: look at them before you commit.

use std::path::{Path, PathBuf};
use std::time::Duration;

use appwitness::adb::{self, Device, InstallOptions};
use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::profile::API_LEVELS;
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(60);
const SKINS: [&str; 8] = ["aosp", "google", "samsung", "miui", "miui-plain", "coloros", "originos", "emui"];
/// All files together; the repository should stay small.
const MOST_BYTES: u64 = 3 << 20;

const MODEL: &str = "
specimen: maps
package: org.example.maps
label: {en: Maps, zh: 地图}
activity: .Main
sdk: {min: 21, target: 33}
permissions: [ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION]
first-screen: home
on: {start: [{ask: {permissions: [ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION]}}]}
screens:
  home:
    title: {en: Maps, zh: 地图}
    views: [{text: {words: {en: Where to?, zh: 去哪里？}}}]
";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/golden")
}

/// Skin, release and language of every picture. The oldest release has no skin but AOSP's.
fn kinds() -> Vec<(&'static str, u32, &'static str)> {
    let all = SKINS.iter().flat_map(|skin| API_LEVELS.iter().map(move |api| (*skin, *api)));
    let kept = all.filter(|(skin, api)| *api > 23 || *skin == "aosp").enumerate();
    kept.map(|(at, (skin, api))| (skin, api, ["en-US", "zh-CN"][at % 2])).collect()
}

/// The picture of the dialog on such a device.
async fn picture(skin: &str, api: u32, locale: &str) -> Vec<u8> {
    let profile = format!("api={api},skin={skin},locale={locale},size=270x480,density=120");
    // A clock that stands still: the status bar shows the time.
    let machine = Machine::boot(Profile::parse(&profile).unwrap(), Clock::stepped(1_795_305_600_000));
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
    let device = adb::Server::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
    install(&device, &format!("{skin}-{api}")).await;
    let started = device.shell("am start -n org.example.maps/.Main", LONG).await.unwrap();
    assert!(started.ok(), "{}", started.text());
    device.exec("screencap -p", LONG, 4 << 20).await.unwrap()
}

/// The same picture in as few bytes as PNG allows.
fn small(png: &[u8]) -> Vec<u8> {
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let picture = image::load_from_memory(png).unwrap().into_rgb8();
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

async fn install(device: &Device, name: &str) {
    let apk = std::env::temp_dir().join(format!("appwitness-picture-{name}-{}.apk", std::process::id()));
    std::fs::write(&apk, pack(MODEL).unwrap()).unwrap();
    device.install(std::slice::from_ref(&apk), &InstallOptions::default(), LONG).await.unwrap();
    let _ = std::fs::remove_file(apk);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_permission_dialog_of_every_skin_and_release_looks_as_it_did() {
    let writes = std::env::var_os("APPWITNESS_WRITE_PICTURES").is_some();
    let mut wrong = Vec::new();
    for (skin, api, locale) in kinds() {
        let name = format!("{skin}-{api}.png");
        let golden = folder().join(&name);
        let png = picture(skin, api, locale).await;
        if writes {
            std::fs::write(&golden, small(&png)).unwrap();
            continue;
        }
        let kept = std::fs::read(&golden).unwrap_or_else(|error| panic!("{}: {error}", golden.display()));
        let pixels = |png: &[u8]| image::load_from_memory(png).unwrap().into_rgba8();
        if pixels(&png) != pixels(&kept) {
            let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
            std::fs::write(&now, &png).unwrap();
            wrong.push(format!("{name}: it is now as in {}", now.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_one_picture_of_each_and_they_stay_small() {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    let mut found: Vec<String> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        bytes += entry.metadata().unwrap().len();
        found.push(entry.file_name().into_string().unwrap());
    }
    let mut expected: Vec<String> = kinds().iter().map(|(skin, api, _)| format!("{skin}-{api}.png")).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert!(bytes <= MOST_BYTES, "{bytes} bytes");
}
