//! `wm size`, `wm density`: the display's size and density, and overrides of them.

use super::super::super::process::{Call, Running};
use super::super::state::Overrides;
use super::latency::{Work, spend};
use crate::virtual_device::system::Table;

/// Usage as captured on API 23.
const USAGE_23: &str = "usage: wm [subcommand] [options]
       wm size [reset|WxH|WdpxHdp]
       wm density [reset|DENSITY]
       wm overscan [reset|LEFT,TOP,RIGHT,BOTTOM]
       wm scaling [off|auto]
       wm screen-capture [userId] [true|false]

wm size: return or override display size.
         width and height in pixels unless suffixed with 'dp'.

wm density: override display density.

wm overscan: set overscan area for display.

wm scaling: set display scaling mode.

wm screen-capture: enable/disable screen capture.

wm dismiss-keyguard: dismiss the keyguard, prompting the user for auth if necessary.

";

/// Sides and densities `wm` takes.
const SIDES: std::ops::RangeInclusive<u32> = 200..=8_000;
const DENSITIES: std::ops::RangeInclusive<u32> = 72..=1_000;

/// Runs `wm`.
pub fn wm(call: Call) -> Running {
    Box::pin(async move {
        spend(&call.machine, Work::Small).await;
        let words: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
        let (out, error, status) = answer(&call, &words);
        call.stdio.out(out).await;
        call.stdio.err(error).await;
        status
    })
}

type Answer = (String, String, i32);

fn answer(call: &Call, words: &[&str]) -> Answer {
    let screen = &call.machine.screen;
    let set = screen.overrides();
    let profile = &call.machine.profile;
    match words {
        ["size"] => {
            let mut out = format!("Physical size: {}x{}\n", profile.width, profile.height);
            if let Some((width, height)) = set.size {
                out += &format!("Override size: {width}x{height}\n");
            }
            (out, String::new(), 0)
        }
        ["density"] => {
            let mut out = format!("Physical density: {}\n", profile.density);
            if let Some(density) = set.density {
                out += &format!("Override density: {density}\n");
            }
            (out, String::new(), 0)
        }
        ["size", "reset"] => done(call, Overrides { size: None, ..set }),
        ["density", "reset"] => done(call, Overrides { density: None, ..set }),
        ["size", wanted] => match size(wanted) {
            Some(size) => done(call, Overrides { size: Some(size), ..set }),
            None => (String::new(), format!("Error: bad size {wanted}\n"), 1),
        },
        ["density", wanted] => match wanted.parse().ok().filter(|d| DENSITIES.contains(d)) {
            Some(density) => done(call, Overrides { density: Some(density), ..set }),
            None => (String::new(), format!("Error: bad number {wanted}\n"), 1),
        },
        ["dismiss-keyguard"] => (String::new(), String::new(), 0),
        ["user-rotation" | "set-user-rotation", rest @ ..] if profile.api >= 29 => rotation(call, rest),
        _ if profile.api < 28 => (USAGE_23.into(), String::new(), 0),
        [] | ["help" | "-h", ..] => (usage(), String::new(), 255),
        // AOSP `ShellCommand.handleDefaultCommands`.
        [other, ..] => (format!("Unknown command: {other}\n"), String::new(), 255),
    }
}

/// `wm user-rotation [free|lock [0-3]]`: by the two settings that hold it.
fn rotation(call: &Call, words: &[&str]) -> Answer {
    let mut system = call.machine.system();
    let mut put = |name: &str, value: &str| system.settings_mut().put(Table::System, name, value);
    match words {
        [] => {
            let settings = system.settings();
            let free = settings.get(Table::System, "accelerometer_rotation") == Some("1");
            let quarters = settings.get(Table::System, "user_rotation").unwrap_or("0");
            (if free { "free\n".to_owned() } else { format!("lock {quarters}\n") }, String::new(), 0)
        }
        ["free"] => {
            put("accelerometer_rotation", "1");
            Answer::default()
        }
        ["lock", rest @ ..] => {
            if let Some(quarters) = rest.iter().find(|word| matches!(**word, "0" | "1" | "2" | "3")) {
                put("user_rotation", quarters);
            }
            put("accelerometer_rotation", "0");
            Answer::default()
        }
        [other, ..] => (String::new(), format!("Error: expecting free or lock, but we got: {other}\n"), 255),
    }
}

fn done(call: &Call, overrides: Overrides) -> Answer {
    call.machine.screen.set_overrides(overrides);
    (String::new(), String::new(), 0)
}

fn size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    let side = |text: &str| text.parse().ok().filter(|n| SIDES.contains(n));
    Some((side(width)?, side(height)?))
}

/// MODEL: the newer usage text, shortened to what this device knows.
fn usage() -> String {
    "Window manager (window) commands:
  help
      Print this help text.
  size [reset|WxH|WdpxHdp] [-d DISPLAY_ID]
    Return or override display size.
    width and height in pixels unless suffixed with 'dp'.
  density [reset|DENSITY] [-d DISPLAY_ID] [-u UNIQUE_ID]
    Return or override display density.
  user-rotation [-d DISPLAY_ID] [free|lock] [rotation]
    Print or set user rotation mode and user rotation.
  dismiss-keyguard
    Dismiss the keyguard, prompting user for auth if necessary.
"
    .into()
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_and_bounded() {
        assert_eq!(size("720x1280"), Some((720, 1280)));
        assert_eq!([size("720"), size("1x1"), size("720x99999"), size("ax3")], [None; 4]);
    }
}
