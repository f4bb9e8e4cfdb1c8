//! Beside the drive, always on: follows the device's event log and writes down what it says.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::android::{Android, AndroidError, EventStream, Focus, LogEvent, LogKind};
use crate::clock::Clock;
use crate::journal::Journal;
use crate::journal::entry::{AppCall, Event, LimitKind, NotificationTaken, ProcessEnd};

use super::error::RunError;
use super::flash::Flashes;
use super::notification::Notifications;
use super::request::{Request, Requests};
use super::secret::Secrets;

/// Entries the watch writes in one attempt at the most: a flood of log lines is no reason to fill a disk.
const MOST_ENTRIES: u32 = 5_000;
/// Processes whose ends are counted.
const MOST_PROCESSES: usize = 1_000;
/// Titles of windows that are told apart.
const MOST_WINDOWS: usize = 1_000;
/// Pause before the log is followed again after a cut.
const REOPEN_AFTER: Duration = Duration::from_millis(500);
/// What the package of the program that downloads for apps ends with (AOSP `packages/providers/DownloadProvider`).
const DOWNLOADS: &str = ".providers.downloads";
/// What was logged during a cut has come when nothing came for so long.
const CAUGHT_UP: Duration = Duration::from_secs(1);
/// Cuts in a row after which the log is not followed any more.
const MOST_CUTS: u32 = 5;

/// The watch of one attempt.
pub(super) struct Watch {
    seen: Arc<Mutex<Seen>>,
    news: watch::Sender<u64>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

/// What the log said so far.
#[derive(Default)]
struct Seen {
    /// Resumed activity, `package/activity`.
    resumed: Option<String>,
    /// When it was resumed, on the device's clock.
    resumed_at: Option<i64>,
    /// When the dialog that has the focus got it, on the device's clock, and the dialog's number.
    dialog: Option<(i64, String)>,
    /// When the focus last went to an activity's own window, on the device's clock.
    uncovered_at: Option<i64>,
    /// Number of the app under test, once it is installed: other apps ask for permissions too.
    app: Option<u32>,
    /// Package under test.
    package: String,
    /// Other apps that did not come with the device, by user id.
    others: BTreeMap<u32, String>,
    /// Permission requests.
    requests: Requests,
    /// Processes that the system is killing for want of memory.
    short_of_memory: BTreeSet<u32>,
    /// The first window of each title that had the focus: another one of that title is a dialog.
    windows: BTreeMap<String, String>,
    /// Windows that a look told about: whether they stand above their activity's own.
    known: BTreeMap<String, bool>,
    /// Where the focus went last: when, the window's title and its number.
    focus: Option<(Option<i64>, String, String)>,
    /// How often each process ended, other than by our stopping it.
    ends: BTreeMap<String, u32>,
    entries: u32,
}

struct Follower {
    android: Android,
    journal: Journal,
    clock: Clock,
    seen: Arc<Mutex<Seen>>,
    news: watch::Sender<u64>,
    stop: CancellationToken,
    flashes: Flashes,
    notifications: Notifications,
}

/// A cut, in milliseconds of the journal's clock.
struct Cut {
    from: u64,
    to: u64,
    why: String,
}

impl Watch {
    /// Starts to follow the log. Returns once the stream is open, so that nothing after this call is missed.
    pub async fn start(android: &Android, journal: Journal, clock: Clock, secrets: Secrets) -> Result<Self, RunError> {
        let events = android.events().await;
        Self::of(events, android, journal, clock, secrets)
    }

    /// Starts to follow the log from its beginning: of a device that was started a moment ago.
    pub async fn start_from_boot(
        android: &Android,
        journal: Journal,
        clock: Clock,
        secrets: Secrets,
    ) -> Result<Self, RunError> {
        let events = android.events_from_boot().await;
        Self::of(events, android, journal, clock, secrets)
    }

    fn of(
        events: Result<EventStream, AndroidError>,
        android: &Android,
        journal: Journal,
        clock: Clock,
        secrets: Secrets,
    ) -> Result<Self, RunError> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let news = watch::Sender::default();
        let stop = android.device().cancelled().child_token();
        let follower = Follower {
            android: android.clone(),
            journal: journal.clone(),
            clock: clock.clone(),
            seen: seen.clone(),
            news: news.clone(),
            stop: stop.clone(),
            flashes: Flashes::new(android, &journal, secrets.clone()),
            notifications: Notifications::new(android, &journal, &clock, secrets),
        };
        let task = match events {
            Ok(stream) => Some(tokio::spawn(follower.follow(stream))),
            Err(error) if !error.is_final() => {
                journal.append(Event::Limit { limit: LimitKind::NoEventLog, detail: error.to_string() })?;
                None
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Self { seen, news, stop, task })
    }

    /// Ends the watch.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            // A panic in the follower has been reported by the runtime; the record stands without its rest.
            let _ = task.await;
        }
    }

    /// News of activities that were resumed.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Resumed activity by the log, `package/activity`.
    pub fn resumed(&self) -> Option<String> {
        self.seen().resumed.clone()
    }

    /// When the resumed activity came to the front, on the device's clock; `None` when it is of another package.
    pub fn resumed_at(&self, package: &str) -> Option<i64> {
        let seen = self.seen();
        let of = seen.resumed.as_deref().and_then(|resumed| resumed.split('/').next());
        seen.resumed_at.filter(|_| of == Some(package))
    }

    /// When the dialog that has the focus by the log got it, on the device's clock.
    pub fn dialog_at(&self) -> Option<i64> {
        self.seen().dialog.as_ref().map(|(at, _)| *at)
    }

    /// The same, and the number of its window.
    pub fn dialog(&self) -> Option<(i64, String)> {
        self.seen().dialog.clone()
    }

    /// When the focus last went to an activity's own window, on the device's clock: no dialog stood above it then.
    pub fn uncovered_at(&self) -> Option<i64> {
        self.seen().uncovered_at
    }

    /// When the focus went to the window that has it, on the device's clock.
    pub fn focused_at(&self) -> Option<i64> {
        self.seen().focus.as_ref().and_then(|(at, ..)| *at)
    }

    /// A look tells whether the focused window stands above its activity's own; the log doesn't.
    pub fn know_window(&self, focus: &Focus) {
        if let (Some(window), Some(token), Some(above)) = (&focus.window, &focus.token, focus.above) {
            self.seen().know_window(window, token, above);
        }
    }

    /// Package of the resumed activity beneath system dialogs.
    pub fn resumed_package(&self) -> Option<String> {
        self.resumed().and_then(|r| r.split('/').next().map(str::to_owned))
    }

    /// The app under test has this number.
    pub fn follow_app(&self, uid: Option<u32>) {
        self.seen().app = uid;
    }

    /// Number of the app under test, once it is installed.
    pub fn app(&self) -> Option<u32> {
        self.seen().app
    }

    /// The package under test, and the other apps there are: who calls whom is written down for them.
    pub fn know_apps(&self, own: &str, others: impl Iterator<Item = (u32, String)>) {
        let mut seen = self.seen();
        seen.package = own.to_owned();
        seen.others = others.collect();
    }

    /// A permission prompt was seen at this time of the device.
    pub fn prompt_seen(&self, at: Option<i64>) {
        self.seen().requests.dialog_seen(at);
    }

    /// The prompt that was seen is about to go, or has gone.
    pub fn prompt_over(&self, now: Duration) {
        self.seen().requests.dialog_over(now);
    }

    /// Requests for which nothing came up, as [`Requests::suppressed`] hands them out.
    pub fn suppressed(&self, before: Duration) -> Vec<Request> {
        self.seen().requests.suppressed(before)
    }

    /// When the last request came for which no dialog was seen yet.
    pub fn waits_since(&self) -> Option<Duration> {
        self.seen().requests.waits_since()
    }

    /// How often a process ended, other than by our stopping it.
    pub fn ends_of(&self, process: &str) -> u32 {
        self.seen().ends.get(process).copied().unwrap_or(0)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Follower {
    async fn follow(mut self, mut stream: EventStream) {
        let mut cuts = 0;
        let mut cut: Option<Cut> = None;
        loop {
            let read = tokio::select! {
                () = self.stop.cancelled() => break,
                read = stream.next() => read,
                () = self.clock.sleep(CAUGHT_UP), if cut.is_some() => {
                    self.gap(cut.take(), stream.again());
                    continue;
                }
            };
            if let Ok(Some(event)) = read {
                cuts = 0;
                if stream.has_caught_up() {
                    self.gap(cut.take(), stream.again());
                }
                if self.take_down(&event).is_err() {
                    return;
                }
                continue;
            }
            self.gap(cut.take(), stream.again());
            let from = self.journal.mono();
            cuts += 1;
            let why = match read {
                Err(error) => error.to_string(),
                _ => "the log stream ended".to_owned(),
            };
            let again = self.reopen(cuts, &stream).await;
            cut = Some(Cut { from, to: self.journal.mono(), why });
            match again {
                Some(again) => stream = again,
                None => {
                    self.gap(cut, None);
                    return;
                }
            }
        }
        self.gap(cut, stream.again());
        self.flashes.finish().await;
        self.notifications.finish().await;
    }

    async fn reopen(&self, cuts: u32, broken: &EventStream) -> Option<EventStream> {
        for cut in cuts..=MOST_CUTS {
            tokio::select! {
                () = self.stop.cancelled() => return None,
                () = self.clock.sleep(REOPEN_AFTER * cut) => {}
            }
            if let Ok(stream) = self.android.events_after(broken).await {
                return Some(stream);
            }
        }
        None
    }

    /// Writes down a cut, and how many events of it were read afterwards.
    fn gap(&self, cut: Option<Cut>, again: Option<u32>) {
        let Some(Cut { from, to, why }) = cut else { return };
        // A journal that can't be written stops the drive; the watch need not say it again.
        let _ = self.journal.append(Event::Gap { from, to, source: "event log".into(), why, again });
    }

    fn take_down(&mut self, event: &LogEvent) -> Result<(), crate::journal::JournalError> {
        let now = self.clock.elapsed();
        let entry = {
            let mut seen = self.seen.lock().unwrap_or_else(|broken| broken.into_inner());
            let entry = seen.learn(event, now).or_else(|| self.notifications.entry(&event.kind, seen.app));
            seen.entries += u32::from(entry.is_some());
            match seen.entries.cmp(&(MOST_ENTRIES + 1)) {
                Ordering::Less => entry,
                // What the log tells is still learned from; that it is not written down any more is said once.
                Ordering::Equal if entry.is_some() => Some(Event::Limit {
                    limit: LimitKind::NoEventLog,
                    detail: format!("the log told of more than {MOST_ENTRIES} events: the rest is not written down"),
                }),
                _ => None,
            }
        };
        let dialog = self.follow_focus(event);
        if matches!(event.kind, LogKind::ActivityResumed { .. } | LogKind::FocusChanged { .. }) {
            self.news.send_modify(|count| *count += 1);
        }
        if let Some(entry) = entry {
            let up = matches!(&entry, Event::NotificationPosted(posted) if posted.how != NotificationTaken::Ignored);
            let seq = self.journal.append_at(entry, event.device_time)?;
            if up {
                self.notifications.read(seq, &event.kind);
            }
        }
        if let Some(window) = dialog {
            self.flashes.picture(&window);
        }
        Ok(())
    }

    /// Takes note of which window has the focus; its title when it is a dialog's.
    fn follow_focus(&self, event: &LogEvent) -> Option<String> {
        let LogKind::FocusChanged { window: Some(window), token: Some(token) } = &event.kind else { return None };
        let mut seen = self.seen.lock().unwrap_or_else(|broken| broken.into_inner());
        seen.focus = Some((event.device_time, window.clone(), token.clone()));
        let dialog = seen.is_dialog(window, token);
        seen.take_focus(event.device_time, token, dialog);
        dialog.then(|| window.clone())
    }
}

impl Seen {
    fn take_focus(&mut self, at: Option<i64>, token: &str, dialog: bool) {
        self.dialog = at.filter(|_| dialog).map(|at| (at, token.to_owned()));
        if dialog {
            // What was taken for an activity's own window a moment ago was none.
            self.uncovered_at = self.uncovered_at.filter(|uncovered| Some(*uncovered) != at);
        } else {
            self.uncovered_at = at;
        }
    }

    /// Learns what a window is. The first of an activity's that had the focus need not be its own: an app may begin with a
    /// dialog.
    fn know_window(&mut self, window: &str, token: &str, above: bool) {
        if self.known.len() == MOST_WINDOWS || self.known.insert(token.to_owned(), above) == Some(above) {
            return;
        }
        let first = self.windows.get(window).is_some_and(|first| first == token);
        if above && first {
            self.windows.remove(window);
        } else if !above {
            self.windows.insert(window.to_owned(), token.to_owned());
        }
        if let Some((at, _, focused)) = self.focus.clone().filter(|(.., focused)| focused == token) {
            self.take_focus(at, &focused, above);
        }
    }

    /// Whether the window is not its activity's own, by a look, else since it is not the first of its title: a dialog, which
    /// may be gone soon.
    fn is_dialog(&mut self, window: &str, token: &str) -> bool {
        if let Some(above) = self.known.get(token) {
            return *above;
        }
        match self.windows.get(window) {
            Some(first) => first != token,
            None if self.windows.len() < MOST_WINDOWS => {
                self.windows.insert(window.to_owned(), token.to_owned());
                false
            }
            None => false,
        }
    }

    fn learn(&mut self, event: &LogEvent, now: Duration) -> Option<Event> {
        if let LogKind::ProcessDied { process, .. } = &event.kind
            && (self.ends.contains_key(process) || self.ends.len() < MOST_PROCESSES)
        {
            *self.ends.entry(process.clone()).or_default() += 1;
        }
        let end = |process: &str, pid: Option<u32>, how: ProcessEnd, detail: &str| {
            Some(Event::ProcessEnded { process: process.to_owned(), pid, how, detail: detail.to_owned() })
        };
        match &event.kind {
            LogKind::ActivityResumed { component } => {
                self.resumed = Some(component.clone());
                self.resumed_at = event.device_time;
                // Its window comes anew, or comes back.
                let package = component.split('/').next().unwrap_or_default();
                self.windows.retain(|title, _| title.split('/').next() != Some(package));
                Some(Event::ActivityResumed { component: component.clone() })
            }
            LogKind::FocusChanged { window, token } if window.is_none() || token.is_some() => {
                let source = if event.raw.contains("mCurrentFocus=") { "focus turn" } else { "event log" };
                Some(Event::WindowFocused { window: window.clone(), token: token.clone(), source: source.to_owned() })
            }
            LogKind::ActivityGone { component, reason } => {
                Some(Event::ActivityGone { component: component.clone(), reason: reason.clone() })
            }
            LogKind::ProcessStarted { process, pid, cause, component, .. } => Some(Event::ProcessStarted {
                process: process.clone(),
                pid: *pid,
                cause: cause.clone(),
                component: component.clone(),
            }),
            LogKind::LowMemory { pid, .. } => {
                if self.short_of_memory.len() < MOST_PROCESSES {
                    self.short_of_memory.insert(*pid);
                }
                None
            }
            // The app did not leave: the system took it away.
            LogKind::ProcessDied { process, pid } if self.short_of_memory.remove(pid) => {
                end(process, Some(*pid), ProcessEnd::Killed, "by the system, for want of memory")
            }
            LogKind::ProcessDied { process, pid } => end(process, Some(*pid), ProcessEnd::Exited, ""),
            LogKind::ProcessKilled { process, pid, reason } => end(process, Some(*pid), ProcessEnd::Killed, reason),
            LogKind::Crash { process, pid, detail } => end(process, *pid, ProcessEnd::Crashed, detail),
            LogKind::Anr { process, pid, detail } => end(process, *pid, ProcessEnd::NotResponding, detail),
            LogKind::RequestPermissions { uid, for_other, .. } => {
                let other = self.app.zip(*uid).is_some_and(|(app, asks)| app != asks);
                if !other || *for_other {
                    self.requests.told(Request {
                        at: now,
                        device_time: event.device_time,
                        line: event.raw.clone(),
                        by_system: *for_other,
                    });
                }
                None
            }
            LogKind::ActivityStart { component, action, media, uid } => {
                self.call(component, action, media, *uid).map(|call| Event::AppCalled(Box::new(call)))
            }
            LogKind::NotificationEnqueued(told) if told.which.package.ends_with(DOWNLOADS) => {
                Some(Event::DownloadTold { by: told.which.package.clone() })
            }
            _ => None,
        }
    }

    /// A start of something of another package by the app under test, or of it by another app.
    fn call(&self, component: &str, action: &str, media: &str, uid: Option<u32>) -> Option<AppCall> {
        let called = component.split('/').next().filter(|package| !package.is_empty())?;
        let own = uid.is_some() && uid == self.app;
        let caller = match own {
            true => self.package.clone(),
            false => self.others.get(&uid?)?.clone(),
        };
        if self.package.is_empty() || (own == (called == self.package)) {
            return None;
        }
        Some(AppCall {
            caller,
            called: called.to_owned(),
            component: component.to_owned(),
            action: action.to_owned(),
            media: media.to_owned(),
            how: "activity".to_owned(),
            mono: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_of(seen: &mut Seen, at: u64, uid: Option<u32>) {
        let event = LogEvent {
            device_time: Some(at as i64),
            kind: LogKind::RequestPermissions { uid, component: String::new(), for_other: false },
            raw: format!("request {at}"),
        };
        assert_eq!(seen.learn(&event, Duration::from_millis(at)), None);
    }

    fn lines(requests: Vec<Request>) -> Vec<String> {
        requests.into_iter().map(|request| request.line).collect()
    }

    #[test]
    fn what_another_app_asks_for_is_not_the_apps_request() {
        let mut seen = Seen { app: Some(10_123), ..Seen::default() };
        request_of(&mut seen, 1, Some(10_123));
        request_of(&mut seen, 2, Some(10_077));
        request_of(&mut seen, 3, None);
        assert_eq!(lines(seen.requests.suppressed(Duration::from_secs(1))), ["request 1", "request 3"]);
    }

    #[test]
    fn what_the_system_kills_for_want_of_memory_did_not_leave() {
        let ended = |kinds: Vec<LogKind>| {
            let mut seen = Seen::default();
            let event = |kind| LogEvent { device_time: None, kind, raw: String::new() };
            let told: Vec<Event> = kinds.into_iter().filter_map(|k| seen.learn(&event(k), Duration::ZERO)).collect();
            told.into_iter()
                .map(|e| matches!(e, Event::ProcessEnded { how: ProcessEnd::Killed, .. }))
                .collect::<Vec<_>>()
        };
        let died = |pid| LogKind::ProcessDied { process: "a.b".into(), pid };
        let killed = |pid| LogKind::LowMemory { process: "a.b".into(), pid };
        assert_eq!(ended(vec![killed(7), died(7), died(8)]), [true, false]);
    }
}
