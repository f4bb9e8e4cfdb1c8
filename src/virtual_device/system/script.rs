//! Playing a specimen's actions.

use std::collections::VecDeque;
use std::time::Duration;

use super::System;
use super::access::Touch;
use super::app::Shown;
use super::controller::NOTIFICATIONS;
use super::log::Buffer;
use super::notification::Notification;
use super::timer::Wake;
use super::{Notice, NoticeKind, Toast, millis};
use crate::virtual_device::network::{Connection, REMEMBERED, is_literal};
use crate::virtual_device::specimen::action::{Access, Connect, Crash, Notify, SignIn};
use crate::virtual_device::specimen::{Condition, Do, Value, Words, permission_name};

/// Most actions one list may play before it is given up (a model that goes round in circles).
const MOST_ACTIONS: u32 = 10_000;
/// How long a short message stays.
const TOAST: Duration = Duration::from_millis(3_500);
/// Most connections remembered.
const MOST_CONNECTIONS: usize = 5_000;

/// A list of actions being played.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Package.
    pub package: String,
    /// Process; the list ends with it.
    pub pid: u32,
    /// What is left to do.
    pub queue: VecDeque<Do>,
}

impl Thread {
    /// A list to be played by a process.
    pub fn new(package: &str, pid: u32, actions: &[Do]) -> Self {
        Self { package: package.into(), pid, queue: actions.iter().cloned().collect() }
    }

    /// Puts actions before what is left.
    pub fn first(&mut self, actions: &[Do]) {
        for action in actions.iter().rev() {
            self.queue.push_front(action.clone());
        }
    }
}

impl System {
    /// Plays a list until it ends or is held.
    pub(super) fn play(&mut self, mut thread: Thread) {
        for _ in 0..MOST_ACTIONS {
            if !self.lives(&thread.package, thread.pid) {
                return;
            }
            match thread.queue.pop_front() {
                None => return,
                Some(Do::Wait(span)) => {
                    self.schedule.add(self.now + span.0, Wake::Thread(thread));
                    return;
                }
                Some(Do::Ask(ask)) => match self.request_permissions(thread, ask) {
                    Some(answered) => thread = answered,
                    None => return,
                },
                Some(Do::AskSpecial(ask)) => match self.ask_special(thread, ask) {
                    Some(answered) => thread = answered,
                    None => return,
                },
                Some(Do::Pick(pick)) => return self.open_picker(thread, pick),
                Some(action) => self.perform(&mut thread, action),
            }
        }
        let text = format!("{}: a list of actions did not end", thread.package);
        self.say(Buffer::Main, 'W', "specimen", &text);
    }

    /// Whether this very process of the app still runs.
    pub(super) fn lives(&self, package: &str, pid: u32) -> bool {
        self.apps.get(package).and_then(|app| app.live.as_ref()).is_some_and(|live| live.pid == pid)
    }

    fn perform(&mut self, thread: &mut Thread, action: Do) {
        let package = thread.package.clone();
        match action {
            Do::Goto(screen) => self.go_to(&package, &screen),
            Do::Replace(screen) => self.replace_screen(&package, &screen),
            Do::Reset(screen) => self.reset_screens(&package, &screen),
            Do::Back => self.pop_screen(&package),
            Do::Show(dialog) => self.show_dialog(&package, &dialog),
            Do::Close => self.close_dialog(&package, None),
            Do::Dismiss(dialog) => self.close_dialog(&package, Some(&dialog)),
            Do::Exit => self.exit_app(&package),
            Do::Home => self.go_home(),
            Do::Crash(crash) => self.crash(&package, &crash),
            Do::Anr => self.with_live(&package, |live| live.hung = true),
            Do::Grant(names) => {
                for name in names.iter().map(|name| permission_name(name)) {
                    self.change_permission(&package, &name, |p| p.granted = true);
                }
            }
            Do::Access(access) => self.access(thread, &access),
            Do::Connect(connect) => self.connect(&package, &connect),
            Do::Toast(words) => self.toast(&package, &words),
            Do::Notify(notify) => self.notify(&package, &notify),
            Do::TakeBack(title) => {
                let title = self.filled(&package, &title);
                self.take_back(&package, &title);
            }
            Do::Set(values) => values.into_iter().for_each(|(name, value)| self.set_var(&package, &name, value)),
            Do::Add(values) => values.into_iter().for_each(|(name, by)| self.add_var(&package, &name, by)),
            Do::When(when) => {
                let branch = if self.holds(&package, &when.condition) { &when.then } else { &when.otherwise };
                thread.first(branch);
            }
            Do::Choose(choices) => {
                let total: u64 = choices.iter().map(|c| u64::from(c.weight)).sum();
                let mut at = self.random.below(total);
                for choice in &choices {
                    if at < u64::from(choice.weight) {
                        thread.first(&choice.actions);
                        return;
                    }
                    at -= u64::from(choice.weight);
                }
            }
            Do::SignIn(sign) => self.sign(thread, &sign, false),
            Do::SignUp(sign) => self.sign(thread, &sign, true),
            Do::SignOut => self.with_data(&package, |data| data.user = None),
            Do::DeleteAccount(how) => {
                if let Some(user) = self.apps.get(&package).and_then(|app| app.data.user.clone()) {
                    self.servers.delete(&package, &user, &how, self.now);
                }
            }
            Do::StartApp(other) => self.start_other(&package, &other),
            Do::WakeApp(other) => self.wake_app(&package, &other),
            Do::OpenUrl(url) => self.open_url(&package, &url),
            Do::Download(download) => self.download(&download),
            Do::AskInstall(file) => self.ask_install(&package, &file),
            Do::HideIcon => self.hide_icon(&package),
            Do::OpenSettings => self.open_app_info(&package),
            Do::Copy(words) => {
                let text = self.filled(&package, &words);
                self.set_clipboard(&text);
            }
            // These are taken out of the list by `play`.
            Do::Ask(_) | Do::AskSpecial(_) | Do::Pick(_) | Do::Wait(_) => {}
        }
    }

    /// Whether a condition holds for an app.
    pub(super) fn holds(&self, package: &str, condition: &Condition) -> bool {
        let Some(app) = self.apps.get(package) else { return false };
        match condition {
            Condition::Is(values) => values.iter().all(|(name, value)| app.var(name) == *value),
            Condition::AtLeast(values) => values.iter().all(|(name, least)| app.var(name).number() >= *least),
            Condition::Empty(name) => !app.var(name).is_set(),
            Condition::Granted(permission) => {
                self.packages.get(package).is_some_and(|p| p.holds(&permission_name(permission)))
            }
            Condition::Refused(permission) => self.refused_before(package, &permission_name(permission)),
            Condition::Allowed(special) => self.has_special(package, *special),
            Condition::SignedIn => app.data.user.is_some(),
            Condition::FirstStart => app.data.starts == 1,
            Condition::Upgraded => app.data.upgraded,
            Condition::Offline => !self.switches.network,
            Condition::Emulator => self.switches.emulator,
            Condition::Background => !self.in_front(package),
            Condition::Locale(start) => self.profile.locale.starts_with(start.as_str()),
            Condition::Not(inner) => !self.holds(package, inner),
            Condition::All(inner) => inner.iter().all(|one| self.holds(package, one)),
            Condition::Any(inner) => inner.iter().any(|one| self.holds(package, one)),
        }
    }

    /// An app's words in the device's language, filled with its variables.
    pub(super) fn filled(&self, package: &str, words: &Words) -> String {
        let text = words.in_locale(&self.profile.locale);
        self.apps.get(package).map_or_else(|| text.to_string(), |app| app.fill(text, None))
    }

    /// Sets a variable of an app.
    pub(super) fn set_var(&mut self, package: &str, name: &str, value: Value) {
        self.with_data(package, |data| {
            data.vars.insert(name.into(), value);
        });
    }

    fn add_var(&mut self, package: &str, name: &str, by: i64) {
        let sum = self.apps.get(package).map_or(0, |app| app.var(name).number()).saturating_add(by);
        self.set_var(package, name, Value::Number(sum));
    }

    pub(super) fn with_data(&mut self, package: &str, change: impl FnOnce(&mut super::app::Data)) {
        if let Some(app) = self.apps.get_mut(package) {
            change(&mut app.data);
        }
    }

    pub(super) fn with_live(&mut self, package: &str, change: impl FnOnce(&mut super::app::Live)) {
        if let Some(live) = self.apps.get_mut(package).and_then(|app| app.live.as_mut()) {
            change(live);
        }
    }

    fn sign(&mut self, thread: &mut Thread, sign: &SignIn, new: bool) {
        let Some(app) = self.apps.get(&thread.package) else { return };
        let (user, password) = (app.var(&sign.user).shown(), app.var(&sign.password).shown());
        let user = user.trim().to_string();
        let ok = self.switches.network
            && if new {
                self.servers.sign_up(&thread.package, &user, &password, self.now)
            } else {
                self.servers.sign_in(&thread.package, &user, &password, self.now)
            };
        if ok {
            self.with_data(&thread.package, |data| data.user = Some(user));
        }
        thread.first(if ok { &sign.ok } else { &sign.refused });
    }

    fn access(&mut self, thread: &mut Thread, access: &Access) {
        let package = &thread.package.clone();
        let refused = !self.may(package, access.what);
        if let Some(op) = access.what.name() {
            let touch = Touch {
                at: self.wall(),
                lasts: access.lasts.map_or(0, |span| millis(span.0)),
                foreground: self.in_front(package),
                refused,
            };
            self.ops.note(package, op, touch);
        }
        if let Some(var) = access.into.as_ref().filter(|_| !refused)
            && let Some(text) = self.read_by(package, access.what)
        {
            self.set_var(package, var, Value::Text(text));
        }
        if access.times > 1 {
            let again = Access { times: access.times - 1, ..access.clone() };
            let rest = Thread::new(package, thread.pid, &[Do::Access(again)]);
            let pause = access.every.map_or(Duration::from_secs(1), |every| every.0);
            self.schedule.add(self.now + pause, Wake::Thread(rest));
        }
    }

    fn connect(&mut self, package: &str, connect: &Connect) {
        let Some(app) = self.apps.get(package) else { return };
        let usual = if connect.cleartext { 80 } else { 443 };
        let known = |c: &&Connection| !c.failed && c.host == connect.host && c.since + REMEMBERED > self.now;
        let asked = self.connections.iter().rev().filter(known).any(|c| c.asks_name);
        let connection = Connection {
            number: self.connections.last().map_or(0, |c| c.number) + 1,
            since: self.now,
            asks_name: !asked && !is_literal(&connect.host),
            package: package.into(),
            uid: self.packages.get(package).map_or(0, |p| p.uid),
            at: self.wall(),
            host: connect.host.clone(),
            port: connect.port.unwrap_or(usual),
            cleartext: connect.cleartext,
            path: connect.path.clone(),
            body: app.fill(&connect.body, None),
            foreground: self.in_front(package),
            failed: !self.switches.network,
        };
        self.connections.push(connection);
        if self.connections.len() > MOST_CONNECTIONS {
            self.connections.remove(0);
        }
    }

    fn toast(&mut self, package: &str, words: &Words) {
        let number = self.next.toast;
        self.next.toast += 1;
        let toast = Toast { number, package: package.into(), text: self.filled(package, words) };
        self.toasts.push(toast);
        self.schedule.add(self.now + TOAST, Wake::ToastEnds(number));
    }

    fn notify(&mut self, package: &str, notify: &Notify) {
        let Some(owner) = self.packages.get(package) else { return };
        if self.profile.api >= 33 && !owner.holds(NOTIFICATIONS) {
            return self.offer_notifications(package);
        }
        let notification = Notification {
            package: package.into(),
            uid: owner.uid,
            id: self.notifications.iter().filter(|n| n.package == package).map(|n| n.id).max().unwrap_or(0) + 1,
            tag: None,
            channel: notify.channel.clone(),
            title: self.filled(package, &notify.title),
            text: self.filled(package, &notify.text),
            at: self.wall(),
            hash: self.random.identity(),
        };
        self.put_up(notification);
    }

    pub(super) fn crash(&mut self, package: &str, crash: &Crash) {
        let Some(pid) = self.pid_of(package) else { return };
        let visible = self.in_front(package);
        let repeated = self.log_crash(package, pid, crash);
        self.end_process(pid, "crash");
        if visible {
            let label = self.label(package);
            self.notices.retain(|n| n.package != package);
            self.notices.push(Notice { kind: NoticeKind::Crash, package: package.into(), label, repeated });
        }
    }

    /// The system notices that an app does not answer.
    pub(super) fn notice_hang(&mut self, package: &str, pid: u32) {
        let hung = self.lives(package, pid)
            && self.apps.get(package).and_then(|app| app.live.as_ref()).is_some_and(|live| live.hung);
        if hung && !self.notices.iter().any(|n| n.package == package) {
            self.log_anr(package, pid);
            let label = self.label(package);
            let notice = Notice { kind: NoticeKind::Anr, package: package.into(), label, repeated: false };
            self.notices.push(notice);
        }
    }

    /// System UI does not answer, and the system says so: the dialog that comes in between on emulators (captured). It
    /// is about no app under test.
    pub fn hang_system_ui(&mut self) {
        self.act(|system| {
            let package = "com.android.systemui";
            if system.notices.iter().any(|notice| notice.package == package) {
                return;
            }
            if let Some(pid) = system.pid_of(package) {
                system.log_anr(package, pid);
            }
            let label = if system.profile.locale.starts_with("zh") { "系统界面" } else { "System UI" };
            let notice =
                Notice { kind: NoticeKind::Anr, package: package.into(), label: label.into(), repeated: false };
            system.notices.push(notice);
        });
    }

    /// A surface for a screen or dialog about to be shown.
    pub(super) fn new_surface(&mut self, name: &str) -> Shown {
        let surface = self.next.surface;
        self.next.surface += 1;
        Shown { name: name.into(), surface, scroll: 0, since: self.now, close_taps: 0 }
    }
}
