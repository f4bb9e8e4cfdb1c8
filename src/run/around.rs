//! What lies around the app: other apps, downloads, who called whom, what stands in the way of removing it.

use std::time::Duration;

use crate::adb::quote;
use crate::journal::entry::{AppCall, DownloadedFile, Event, Neighbour, Removal};

use super::attempt::Attempt;
use super::error::RunError;

/// Longest one question may take.
const WITHIN: Duration = Duration::from_secs(15);
/// Apps and files that are kept of one listing.
const MOST: usize = 500;
/// First API level whose `pm list packages` tells user ids.
const UIDS_SINCE: u32 = 26;
/// First API level whose list of services tells who called last.
const CALLERS_SINCE: u32 = 30;

impl Attempt<'_> {
    /// Writes down the other apps and the downloads; what the device doesn't tell is left out, and a rule that needs it
    /// says so.
    pub async fn look_around(&mut self, reason: &str) -> Result<(), RunError> {
        let uids = if self.android.identity().api >= UIDS_SINCE { " -U" } else { "" };
        if let Some(text) = self.ask(&format!("pm list packages -3{uids}")).await? {
            let own = self.package().to_owned();
            let packages: Vec<Neighbour> = neighbours(&text).filter(|n| n.package != own).take(MOST).collect();
            self.watch.know_apps(&own, packages.iter().filter_map(|n| Some((n.uid?, n.package.clone()))));
            self.note(Event::Neighbours { reason: reason.to_owned(), packages })?;
        }
        // An empty folder makes `stat` fail, and is an answer.
        let command = "cd /sdcard/Download && (stat -c '%Y %s %n' * 2>/dev/null; true)";
        if let Some(text) = self.ask(command).await? {
            let files = text.lines().filter_map(|line| self.download(line)).take(MOST).collect();
            self.note(Event::Downloads { reason: reason.to_owned(), files })?;
        }
        Ok(())
    }

    /// Writes down what can only be told at the end: services that apps started in each other, and what hinders removal.
    pub async fn last_look_around(&mut self) -> Result<(), RunError> {
        self.look_around("end").await?;
        if self.android.identity().api >= CALLERS_SINCE
            && let Some(text) = self.ask("dumpsys activity services").await?
        {
            let own = self.package().to_owned();
            let calls = calls(&text).filter(|call| (call.caller == own) != (call.called == own));
            for (mut call, ago) in calls.take(MOST).map(|call| (call.call, call.ago)) {
                call.mono = ago.and_then(|ago| self.journal.mono().checked_sub(ago));
                self.note(Event::AppCalled(Box::new(call)))?;
            }
        }
        let removal = Removal { launcher: self.in_launcher().await?, administrator: self.administers().await? };
        self.note(Event::Removal(removal)).map(drop)
    }

    async fn in_launcher(&mut self) -> Result<Option<bool>, RunError> {
        let package = self.package().to_owned();
        let command = format!(
            "cmd package resolve-activity --brief -a android.intent.action.MAIN -c android.intent.category.LAUNCHER {}",
            quote(&package)
        );
        let Some(text) = self.ask(&command).await? else { return Ok(None) };
        let found = text.lines().any(|line| line.trim().starts_with(&format!("{package}/")));
        Ok((found || text.contains("No activity found")).then_some(found))
    }

    async fn administers(&mut self) -> Result<Option<bool>, RunError> {
        let Some(text) = self.ask("dumpsys device_policy").await? else { return Ok(None) };
        let head = format!("{}/", self.package());
        let known = text.contains("Device Policy");
        Ok(known.then(|| text.lines().any(|line| line.trim().starts_with(&head) && line.trim().ends_with(':'))))
    }

    /// What a command says; `None` when it fails without harm.
    async fn ask(&mut self, command: &str) -> Result<Option<String>, RunError> {
        match self.android.device().shell(command, WITHIN).await {
            Ok(output) => Ok(output.status.is_none_or(|status| status == 0).then(|| output.text())),
            Err(error) => {
                let error = RunError::from(error);
                if error.is_final() { Err(error) } else { Ok(None) }
            }
        }
    }

    /// `1795415483 4096 name`.
    fn download(&self, line: &str) -> Option<DownloadedFile> {
        let mut words = line.splitn(3, ' ');
        let seconds: i64 = words.next()?.parse().ok()?;
        let bytes = words.next()?.parse().ok()?;
        let name: String = words.next()?.chars().take(200).collect();
        Some(DownloadedFile { name, bytes, mono: self.mono_of(seconds.checked_mul(1_000)?) })
    }
}

/// `package:NAME uid:N`.
fn neighbours(text: &str) -> impl Iterator<Item = Neighbour> + '_ {
    text.lines().filter_map(|line| {
        let mut words = line.trim().strip_prefix("package:")?.split_whitespace();
        let package = words.next()?.to_owned();
        let uid = words.find_map(|word| word.strip_prefix("uid:")?.parse().ok());
        Some(Neighbour { package, uid })
    })
}

/// A call as the list of services tells it.
struct Called {
    call: AppCall,
    /// How long ago its record was made, in ms.
    ago: Option<u64>,
    caller: String,
    called: String,
}

/// Records of services with the package that called last (AOSP `ServiceRecord.dump`, from API 30 on).
fn calls(text: &str) -> impl Iterator<Item = Called> + '_ {
    text.split("* ServiceRecord{").skip(1).filter_map(|block| {
        let component = block.split(['}', '\n']).next()?.split_whitespace().find(|word| word.contains('/'))?;
        let value = |key: &str| block.lines().find_map(|line| line.trim().strip_prefix(key)).map(str::trim);
        let caller = value("recentCallingPackage=").or_else(|| value("mRecentCallingPackage="))?.to_owned();
        let called = component.split('/').next()?.to_owned();
        let ago = value("createTime=-").and_then(|rest| milliseconds(rest.split_whitespace().next()?));
        let call = AppCall {
            caller: caller.clone(),
            called: called.clone(),
            component: component.to_owned(),
            action: String::new(),
            media: String::new(),
            how: "service".to_owned(),
            mono: None,
        };
        Some(Called { call, ago, caller, called })
    })
}

/// `1m3s20ms` as Android's `TimeUtils.formatDuration` writes it, in ms.
fn milliseconds(text: &str) -> Option<u64> {
    let (mut total, mut number, mut rest) = (0_u64, 0_u64, text);
    while let Some(c) = rest.chars().next() {
        if let Some(digit) = c.to_digit(10) {
            number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
            rest = &rest[1..];
            continue;
        }
        let (unit, length) = match () {
            () if rest.starts_with("ms") => (1, 2),
            () if rest.starts_with('s') => (1_000, 1),
            () if rest.starts_with('m') => (60_000, 1),
            () if rest.starts_with('h') => (3_600_000, 1),
            () if rest.starts_with('d') => (86_400_000, 1),
            () => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        (number, rest) = (0, &rest[length..]);
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_are_read_with_and_without_user_ids() {
        let read: Vec<Neighbour> = neighbours("package:a.b uid:10123\npackage:c.d\nrubbish\n").collect();
        assert_eq!(read[0], Neighbour { package: "a.b".into(), uid: Some(10_123) });
        assert_eq!(read[1], Neighbour { package: "c.d".into(), uid: None });
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn a_service_tells_who_called_it_and_when() {
        let text = "  * ServiceRecord{1f u0 c.d/.Push}\n    intent={cmp=c.d/.Push}\n    recentCallingPackage=a.b\n    \
                    createTime=-1m3s20ms startingBgTimeout=--\n  * ServiceRecord{2 u0 e.f/.Own}\n";
        let found: Vec<Called> = calls(text).collect();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].caller.as_str(), found[0].call.component.as_str()), ("a.b", "c.d/.Push"));
        assert_eq!(found[0].ago, Some(63_020));
        assert_eq!(milliseconds("5x"), None);
    }
}
