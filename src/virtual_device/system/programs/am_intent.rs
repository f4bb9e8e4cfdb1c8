//! The intent that `am`'s arguments describe (AOSP `Intent.parseCommandArgs`).

use std::collections::BTreeMap;

use crate::virtual_device::system::{Component, Intent};

/// What `am start` and its like were asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The intent.
    pub intent: Intent,
    /// `-W`: wait for the launch.
    pub wait: bool,
    /// `-S`: stop the app first.
    pub stop_first: bool,
    /// The extras that are texts.
    pub texts: BTreeMap<String, String>,
}

/// Reads `am`'s arguments.
///
/// # Errors
/// What `am` prints of the first argument it can't read.
pub fn read(args: &[&str]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut args = args.iter().copied();
    while let Some(arg) = args.next() {
        let mut next = || args.next().ok_or_else(|| format!("Error: Argument expected after \"{arg}\"\n"));
        let intent = &mut asked.intent;
        match arg {
            "-W" => asked.wait = true,
            "-S" => asked.stop_first = true,
            // FLAG_GRANT_… of URIs: 1, 2, 0x40, 0x80; FLAG_EXCLUDE_STOPPED_PACKAGES 0x10 and its opposite 0x20.
            "--grant-read-uri-permission" => intent.flags |= 1,
            "--grant-write-uri-permission" => intent.flags |= 2,
            "--grant-persistable-uri-permission" => intent.flags |= 0x40,
            "--grant-prefix-uri-permission" => intent.flags |= 0x80,
            "--exclude-stopped-packages" => intent.flags |= 0x10,
            "--include-stopped-packages" => intent.flags |= 0x20,
            "--debug-log-resolution" => intent.flags |= 8,
            "--receiver-foreground" => intent.flags |= 0x1000_0000,
            "--activity-brought-to-front" => intent.flags |= 0x0040_0000,
            "--activity-clear-when-task-reset" => intent.flags |= 0x0008_0000,
            "--activity-exclude-from-recents" => intent.flags |= 0x0080_0000,
            "--activity-launched-from-history" => intent.flags |= 0x0010_0000,
            "--activity-multiple-task" => intent.flags |= 0x0800_0000,
            "--activity-no-animation" => intent.flags |= 0x0001_0000,
            "--activity-no-history" => intent.flags |= 0x4000_0000,
            "--activity-no-user-action" => intent.flags |= 0x0004_0000,
            "--activity-previous-is-top" => intent.flags |= 0x0100_0000,
            "--activity-reorder-to-front" => intent.flags |= 0x0002_0000,
            "--activity-reset-task-if-needed" => intent.flags |= 0x0020_0000,
            "--activity-task-on-home" => intent.flags |= 0x4000,
            "--receiver-registered-only" => intent.flags |= 0x4000_0000,
            "--receiver-replace-pending" => intent.flags |= 0x2000_0000,
            "--receiver-no-abort" => intent.flags |= 0x0800_0000,
            "--receiver-include-background" => intent.flags |= 0x0100_0000,
            "--activity-launch-adjacent" => intent.flags |= 0x1000,
            "--activity-match-external" => intent.flags |= 0x0800,
            "--activity-retain-in-recents" => intent.flags |= 0x2000,
            "-D"
            | "-N"
            | "--suspend"
            | "--streaming"
            | "--selector"
            | "--dismiss-keyguard"
            | "--splashscreen-show-icon"
            | "--lock-task"
            | "--task-overlay"
            | "--track-allocation"
            | "--async"
            | "--allow-background-activity-starts" => {}
            "-a" => intent.action = Some(next()?.into()),
            "-c" => intent.categories.push(next()?.into()),
            "-d" => intent.data = Some(next()?.into()),
            "-t" => intent.mime = Some(next()?.into()),
            "-p" => intent.package = Some(next()?.into()),
            "-n" => {
                let name = next()?;
                let component = Component::parse(name).ok_or_else(|| format!("Error: Bad component name: {name}\n"))?;
                intent.component = Some(component);
            }
            "-f" => intent.flags |= number(next()?)?,
            "-i" => drop(next()?),
            "--user"
            | "-R"
            | "-P"
            | "--display"
            | "--windowingMode"
            | "--start-profiler"
            | "--activityType"
            | "--task"
            | "--sampling"
            | "--attach-agent"
            | "--attach-agent-bind"
            | "--receiver-permission"
            | "--identifier"
            | "--options" => {
                next()?;
            }
            "-e" | "--es" => {
                let (name, value) = (next()?.to_owned(), next()?.to_owned());
                asked.texts.insert(name, value);
                intent.extras = true;
            }
            "--ez" | "--ei" | "--el" | "--ef" | "--ed" | "--eu" | "--ecn" | "--eia" | "--ela" | "--efa" | "--eda"
            | "--esa" | "--eial" | "--elal" | "--efal" | "--edal" | "--esal" => {
                next()?;
                next()?;
                intent.extras = true;
            }
            "--esn" => {
                next()?;
                intent.extras = true;
            }
            "--activity-clear-task" => intent.flags |= 0x8000,
            "--activity-clear-top" => intent.flags |= 0x0400_0000,
            "--activity-single-top" => intent.flags |= 0x2000_0000,
            option if option.starts_with('-') => return Err(format!("Error: Unknown option: {option}\n")),
            word => target(intent, word),
        }
    }
    Ok(asked)
}

/// A word that is no option: a URI, a component or a package.
fn target(intent: &mut Intent, word: &str) {
    if word.contains(':') {
        intent.data = Some(word.into());
        intent.action.get_or_insert_with(|| "android.intent.action.VIEW".into());
    } else if let Some(component) = Component::parse(word) {
        intent.component = Some(component);
    } else {
        intent.package = Some(word.into());
        // AOSP fills in what starts an app; the category only where no action was asked for.
        if intent.action.is_none() && intent.categories.is_empty() {
            intent.categories.push("android.intent.category.LAUNCHER".into());
        }
        intent.action.get_or_insert_with(|| "android.intent.action.MAIN".into());
    }
}

fn number(text: &str) -> Result<u32, String> {
    let parsed =
        text.strip_prefix("0x").map_or_else(|| text.parse::<u32>().ok(), |hex| u32::from_str_radix(hex, 16).ok());
    parsed.ok_or_else(|| format!("Error: Bad number: {text}\n"))
}
