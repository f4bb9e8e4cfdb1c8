//! Starting and stopping apps.

use std::time::Duration;

use super::Android;
use super::accesses::CMD_SINCE;
use super::error::AndroidError;
use crate::adb::{Fault, quote};

const WITHIN: Duration = Duration::from_secs(15);
/// How long `am start -W` may wait for the first picture; 5 s on the slowest captured device.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// An app that was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// `package/activity` that was asked for; just the package where the device chose.
    pub component: String,
    /// `ok`, `timeout`, or empty when the device said nothing of it.
    pub status: String,
    /// Activity that came up, when told.
    pub activity: Option<String>,
    /// Milliseconds to its first picture, when told.
    pub total_ms: Option<u64>,
}

impl Android {
    /// Starts an app like a tap on its icon. `activity` is its launcher (`.Main`, `pkg.Main` or `pkg/.Main`) when known,
    /// for example from its manifest; otherwise the device is asked.
    pub async fn launch(&self, package: &str, activity: Option<&str>) -> Result<Launch, AndroidError> {
        let component = match activity {
            Some(activity) if activity.contains('/') => activity.to_owned(),
            Some(activity) => format!("{package}/{activity}"),
            None if self.identity().api >= CMD_SINCE => self.launcher(package).await?,
            None => return self.launch_by_monkey(package).await,
        };
        let command = format!(
            "am start -W -a android.intent.action.MAIN -c android.intent.category.LAUNCHER -f 0x10200000 -n {}",
            quote(&component)
        );
        match self.device().shell(&command, STARTS_WITHIN).await {
            Ok(output) => read_start(&output.all_text(), component),
            // The app was started; it only has not drawn anything yet.
            Err(error) if error.fault() == Fault::Deadline => {
                Ok(Launch { component, status: "timeout".to_owned(), ..Launch::default() })
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn launcher(&self, package: &str) -> Result<String, AndroidError> {
        let command = format!(
            "cmd package resolve-activity --brief -a android.intent.action.MAIN -c android.intent.category.LAUNCHER {}",
            quote(package)
        );
        let text = self.device().shell(&command, WITHIN).await?.text();
        let found = text.lines().map(str::trim).rfind(|line| line.starts_with(package) && line.contains('/'));
        found.map(str::to_owned).ok_or_else(|| AndroidError::NoLauncher { package: package.to_owned() })
    }

    /// Before `cmd package`, only `monkey` finds a launcher from the shell. One event: the start itself.
    async fn launch_by_monkey(&self, package: &str) -> Result<Launch, AndroidError> {
        let command = format!("monkey -p {} -c android.intent.category.LAUNCHER 1", quote(package));
        let text = self.device().shell(&command, STARTS_WITHIN).await?.all_text();
        if text.contains("Events injected: 1") {
            return Ok(Launch { component: package.to_owned(), ..Launch::default() });
        }
        Err(AndroidError::NoLauncher { package: package.to_owned() })
    }

    /// Stops an app and its processes.
    pub async fn force_stop(&self, package: &str) -> Result<(), AndroidError> {
        self.quietly("stop", &format!("am force-stop {}", quote(package))).await
    }

    /// Deletes an app's data and resets its permissions.
    pub async fn clear_data(&self, package: &str) -> Result<(), AndroidError> {
        let output = self.device().shell(&format!("pm clear {}", quote(package)), WITHIN).await?;
        if output.text().lines().any(|line| line.trim() == "Success") {
            return Ok(());
        }
        let message = first_line(&output.all_text());
        Err(AndroidError::Refused { doing: format!("clear the data of {package}"), message })
    }

    /// Removes an app.
    pub async fn uninstall(&self, package: &str) -> Result<(), AndroidError> {
        const UNINSTALLS_WITHIN: Duration = Duration::from_secs(60);
        Ok(self.device().uninstall(package, UNINSTALLS_WITHIN).await?)
    }

    /// The process id of an app's main process, if it runs.
    pub async fn pid(&self, package: &str) -> Result<Option<u32>, AndroidError> {
        let output = self.device().shell(&format!("pidof {}", quote(package)), WITHIN).await?;
        Ok(output.text().split_whitespace().next().and_then(|word| word.parse().ok()))
    }

    /// Runs a command that prints nothing when it succeeds.
    async fn quietly(&self, doing: &str, command: &str) -> Result<(), AndroidError> {
        let output = self.device().shell(command, WITHIN).await?;
        let said = output.all_text();
        if output.ok() && !said.contains("Error") && !said.contains("Exception") {
            return Ok(());
        }
        Err(AndroidError::Refused { doing: doing.to_owned(), message: first_line(&said) })
    }
}

/// Reads what `am start -W` prints. Failures come with exit status 0 on old releases.
fn read_start(text: &str, component: String) -> Result<Launch, AndroidError> {
    let failed = |line: &&str| line.starts_with("Error") || line.contains("Exception");
    let complaint = text.lines().map(str::trim).filter(failed).max_by_key(|line| line.len());
    if let Some(message) = complaint {
        return Err(AndroidError::Refused { doing: format!("start {component}"), message: message.to_owned() });
    }
    let value = |key: &str| text.lines().find_map(|line| line.trim().strip_prefix(key)).map(|v| v.trim().to_owned());
    Ok(Launch {
        component,
        status: value("Status:").unwrap_or_default(),
        activity: value("Activity:"),
        total_ms: value("TotalTime:").and_then(|ms| ms.parse().ok()),
    })
}

fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it said nothing").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_am_start_prints() {
        let ok = "Starting: Intent { cmp=a.b/.Main }\nStatus: ok\nActivity: a.b/.Main\nThisTime: 3\nTotalTime: 2993\nComplete\n";
        let launch = read_start(ok, "a.b/.Main".to_owned()).unwrap();
        assert_eq!((launch.status.as_str(), launch.total_ms), ("ok", Some(2993)));
        let missing = "Starting: Intent { cmp=a/.B }\nError type 3\nError: Activity class {a/a.B} does not exist.\n";
        let error = read_start(missing, "a/.B".to_owned()).unwrap_err();
        assert_eq!(error.to_string(), "start a/.B: Error: Activity class {a/a.B} does not exist.");
    }
}
