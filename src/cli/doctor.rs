//! `doctor`: is this machine, and a device, ready?

use tokio_util::sync::CancellationToken;

use crate::android::Android;
use crate::clock::Clock;
use crate::report::text::tame_line;

use super::args::Doctor;
use super::exit::{Exit, Failure};
use super::night::{fleet, wanted};

/// Takes a device, looks at everything a run will need, and says what will be missing.
pub async fn doctor(options: Doctor) -> Result<Exit, Failure> {
    let wanted = wanted(&options.place)?;
    let fleet = fleet(&options.place, &Clock::real()).await?;
    say!("good     an ADB server answers at {}", fleet.address());
    let lease = fleet.lease(&wanted, &CancellationToken::new()).await.map_err(Failure::device)?;
    let android = Android::open(lease.device().clone()).await.map_err(Failure::device)?;
    let identity = android.identity();
    say!(
        "good     {}: {} {}, API {}, {}, {}",
        tame_line(&identity.serial),
        tame_line(&identity.manufacturer),
        tame_line(&identity.model),
        identity.api,
        tame_line(&identity.skin),
        tame_line(&identity.locale)
    );
    if identity.virtual_device {
        say!("         it is the virtual device, a model of Android");
    }
    let snapshot = android.capture("").await.map_err(Failure::device)?;
    say(snapshot.hierarchy.is_some(), "view hierarchies can be read", "without them nothing can be driven");
    let pictured = snapshot.screenshot.as_ref().is_some_and(|s| !s.blank);
    say(pictured, "screenshots show the screen", "pictures will be blank; the hierarchy is read all the same");
    say(identity.clock_offset_ms.is_some(), "the device's clock was compared", "device times can't be joined to ours");
    say(android.events().await.is_ok(), "the event log can be followed", "exits and crashes may be missed");
    Ok(Exit::Clear)
}

fn say(good: bool, what: &str, otherwise: &str) {
    if good {
        say!("good     {what}");
    } else {
        say!("missing  {what}: {otherwise}");
    }
}
