//! Pictures of the rich specimens' screens, for a person to look at: `APPWITNESS_PAINT=FOLDER` writes one of each screen
//! and dialog in each language. Without it two screens of each specimen are painted and held to fit.

use std::path::PathBuf;
use std::time::Duration;

use appwitness::adb::{self, Device, InstallOptions};
use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::{Do, Specimen, pack};
use tokio_util::sync::CancellationToken;

use crate::rich;

const LONG: Duration = Duration::from_secs(60);

/// The specimen as one that shows nothing but this screen, with this dialog.
fn only(specimen: &Specimen, screen: &str, dialog: Option<&str>) -> String {
    let mut one = specimen.clone();
    one.on = Default::default();
    one.on.start = dialog.into_iter().map(|name| Do::Show(name.to_owned())).collect();
    one.timers.clear();
    one.first_screen = screen.to_owned();
    for screen in one.screens.values_mut() {
        screen.on_show.clear();
        screen.timers.clear();
    }
    serde_json::to_string(&one).unwrap()
}

async fn show(device: &Device, specimen: &Specimen, text: &str) {
    let apk = std::env::temp_dir().join(format!("appwitness-paint-{}-{}.apk", specimen.specimen, std::process::id()));
    std::fs::write(&apk, pack(text).unwrap()).unwrap();
    device
        .install(std::slice::from_ref(&apk), &InstallOptions { replace: true, ..InstallOptions::default() }, LONG)
        .await
        .unwrap();
    let _ = std::fs::remove_file(apk);
    let start = format!("am force-stop {0}; am start -n {0}/{1}", specimen.package, specimen.class(&specimen.activity));
    device.shell(&start, LONG).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_are_painted_where_a_folder_is_given() {
    let Some(folder) = std::env::var_os("APPWITNESS_PAINT").map(PathBuf::from) else { return };
    let only_app = std::env::var("APPWITNESS_SEEK").unwrap_or_default();
    for rich in rich::all().into_iter().filter(|r| only_app.is_empty() || r.specimen.specimen == only_app) {
        for (locale, tag) in [("zh-CN", "zh"), ("en-US", "en")] {
            let folder = folder.join(format!("{}-{tag}", rich.specimen.specimen));
            std::fs::create_dir_all(&folder).unwrap();
            let profile = Profile::parse(&format!("api=34,locale={locale},size=360x760,density=160")).unwrap();
            let machine = Machine::boot(profile, Clock::stepped(1_795_305_600_000));
            let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
            let device = adb::Server::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
            let specimen = &rich.specimen;
            let screens = specimen.screens.keys().map(|s| (s.clone(), None));
            let over = |d: &String| (specimen.first_screen.clone(), Some(d.clone()));
            for (screen, dialog) in screens.chain(specimen.dialogs.keys().map(over)) {
                show(&device, specimen, &only(specimen, &screen, dialog.as_deref())).await;
                let png = device.exec("screencap -p", LONG, 4 << 20).await.unwrap();
                let name = dialog.map_or(screen, |dialog| format!("dialog-{dialog}"));
                std::fs::write(folder.join(format!("{name}.png")), png).unwrap();
            }
        }
    }
}
