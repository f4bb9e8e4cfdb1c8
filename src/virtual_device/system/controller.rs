//! The permission controller: what a request comes to at each API level, and what an answer changes.
//!
//! Captured on API 23: first refusal USER_SET; refusal with the box ticked USER_FIXED alone; then no dialog.
//! MODEL, from AOSP's sources and documents: the later levels.

use std::time::Duration;

use super::System;
use super::asking::{Asking, Change};
use super::permission::{Flags, Permission, group_of};
use super::prompt::{Answer, Group, PromptState};
use super::script::Thread;
use super::task::Holds;
use super::timer::Wake;
use super::{Intent, package::Component};
use crate::virtual_device::profile::Skin;
use crate::virtual_device::specimen::action::Ask;
use crate::virtual_device::specimen::{Op, permission_name};

pub(super) const FINE: &str = "android.permission.ACCESS_FINE_LOCATION";
pub(super) const COARSE: &str = "android.permission.ACCESS_COARSE_LOCATION";
pub(super) const BACKGROUND: &str = "android.permission.ACCESS_BACKGROUND_LOCATION";
pub(super) const NOTIFICATIONS: &str = "android.permission.POST_NOTIFICATIONS";
const SELECTED: &str = "android.permission.READ_MEDIA_VISUAL_USER_SELECTED";

/// The system's own user id, which asks on behalf of apps.
const SYSTEM_UID: u32 = 1000;

/// How long a permission for one use outlives the app's going to the background. MODEL: AOSP's default minute.
const ONE_TIME_GRACE: Duration = Duration::from_secs(60);

/// How long an app is not used before its permissions are taken. AOSP: three months.
const UNUSED_AFTER: Duration = Duration::from_secs(90 * 86_400);

/// A request that waits for answers.
#[derive(Clone, Debug)]
pub struct Request {
    /// The page that is up.
    pub state: PromptState,
    pages: Vec<Page>,
    tally: Tally,
    waiting: Option<(Thread, Ask)>,
}

#[derive(Clone, Debug)]
struct Page {
    group: Group,
    permissions: Vec<String>,
}

/// What the answers came to so far.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    refused: bool,
    for_good: bool,
}

/// What becomes of one requested permission without asking anybody.
enum Fate {
    Granted,
    Refused,
    ForGood,
    Ask(Group),
}

impl System {
    /// The permission dialog that is up and in front.
    pub fn prompt(&self) -> Option<&PromptState> {
        let front = self.top_record().is_some_and(|record| record.holds == Holds::Prompt);
        self.request.as_ref().filter(|_| front).map(|request| &request.state)
    }

    /// Which component draws the permission dialog: the one `screen/dialogs/dialogs.yaml` has for the skin and release, which
    /// also says how far that is known (a test holds the two together).
    pub fn controller(&self) -> Component {
        let old = "com.android.packageinstaller.permission.ui.GrantPermissionsActivity";
        let new = "com.android.permissioncontroller.permission.ui.GrantPermissionsActivity";
        let (package, class) = match (self.profile.skin, self.profile.api) {
            (Skin::Miui | Skin::MiuiPlain, 26..) => ("com.lbe.security.miui", old),
            (Skin::Google, 26..=28) => ("com.google.android.packageinstaller", old),
            (_, ..=28) => ("com.android.packageinstaller", old),
            (Skin::Google | Skin::Samsung, 29) => ("com.google.android.permissioncontroller", old),
            (_, 29) => ("com.android.permissioncontroller", old),
            (Skin::Google | Skin::Samsung, _) => ("com.google.android.permissioncontroller", new),
            _ => ("com.android.permissioncontroller", new),
        };
        Component::new(package, class)
    }

    /// An app asks. Comes back with the list that goes on at once, or keeps it until the answers are there.
    pub(super) fn request_permissions(&mut self, mut thread: Thread, ask: Ask) -> Option<Thread> {
        let package = thread.package.clone();
        let wanted: Vec<String> = ask.permissions.iter().map(|p| permission_name(p)).collect();
        let owner = self.packages.get(&package)?;
        // An app asks itself first whether it holds them; below target 23 the platform has no requests.
        if owner.facts.target_sdk < 23 || wanted.iter().all(|p| owner.holds(p)) {
            thread.first(&ask.granted);
            return Some(thread);
        }
        if self.request.is_some() {
            // "Can request only one set of permissions at a time": the second request comes back empty.
            return Some(thread);
        }
        if self.goes_to_settings(&package, &wanted) {
            self.log_request(&package);
            self.remember_asking(&package, None, (0, 0), wanted);
            self.ask_location_page(thread, ask);
            return None;
        }
        self.log_request(&package);
        let (pages, tally) = self.sort_out(&package, &wanted);
        if pages.is_empty() {
            self.remember_asking(&package, None, (0, 0), wanted);
            let branch = branch_of(&ask, tally);
            thread.first(&branch);
            return Some(thread);
        }
        let intent = self.request_intent();
        self.begin_request(&package, pages, tally, Some((thread, ask)), &intent);
        None
    }

    fn begin_request(
        &mut self,
        package: &str,
        pages: Vec<Page>,
        tally: Tally,
        waiting: Option<(Thread, Ask)>,
        intent: &Intent,
    ) {
        let state = PromptState {
            package: package.into(),
            label: self.label(package),
            group: pages[0].group,
            permissions: Vec::new(),
            page: 0,
            pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
            second_request: false,
            do_not_ask_ticked: false,
            precise_offered: false,
            precise_chosen: false,
            precise_upgrade: false,
            background: false,
            target_sdk: self.packages.get(package).map_or(0, |owner| owner.facts.target_sdk),
        };
        self.open_prompt(package, intent);
        self.request = Some(Request { state, pages, tally, waiting });
        self.turn_page();
    }

    /// An app made for a level below 33 has a channel for notifications, and no leave: the system itself asks the person,
    /// as long as nobody answered and the app is in front; what the app wanted to show is not shown.
    ///
    /// MODEL, from AOSP's `PermissionPolicyService` and Android 13's notes on behaviour: the question comes when the first
    /// channel is made while an activity is shown, or else at the next start of an activity. Here the channel is made by
    /// the first notification. Apps made for 33 and later ask by themselves.
    fn offer(&mut self, package: &str) {
        let Some(owner) = self.packages.get(package) else { return };
        let open = owner.permissions.get(NOTIFICATIONS).is_some_and(|state| {
            let answered = state.flags.has(Flags::USER_SET) || state.flags.has(Flags::USER_FIXED);
            state.runtime && !state.granted && !answered
        });
        if !open || owner.facts.target_sdk >= 33 || self.request.is_some() || !self.in_front(package) {
            return;
        }
        let intent = Intent {
            action: Some("android.content.pm.action.REQUEST_PERMISSIONS_FOR_OTHER".into()),
            ..self.request_intent()
        };
        self.log_start(&intent, SYSTEM_UID);
        let page = Page { group: Group::Notifications, permissions: vec![NOTIFICATIONS.into()] };
        self.begin_request(package, vec![page], Tally::default(), None, &intent);
    }

    /// Notes that an app has a channel, and asks for it.
    pub(super) fn offer_notifications(&mut self, package: &str) {
        self.with_data(package, |data| data.has_channel = true);
        self.offer(package);
    }

    /// An app comes to the front: a channel it made while nobody looked is asked about now.
    pub(super) fn offer_notifications_late(&mut self, package: &str) {
        if self.profile.api >= 33 && self.apps.get(package).is_some_and(|app| app.data.has_channel) {
            self.offer(package);
        }
    }

    /// From API 30 on the position "all the time" alone leads to the settings, for an app that has a position already.
    fn goes_to_settings(&self, package: &str, wanted: &[String]) -> bool {
        let Some(owner) = self.packages.get(package) else { return false };
        let state = owner.permissions.get(BACKGROUND);
        let open = state.is_some_and(|p| p.runtime && !p.granted && !p.flags.has(Flags::USER_FIXED));
        let modern = self.profile.api >= 30 && owner.facts.target_sdk >= 30;
        modern && open && wanted == [BACKGROUND] && (owner.holds(FINE) || owner.holds(COARSE))
    }

    /// Settles what needs no question, and puts the rest on pages by group.
    fn sort_out(&mut self, package: &str, wanted: &[String]) -> (Vec<Page>, Tally) {
        let mut pages: Vec<Page> = Vec::new();
        let mut tally = Tally::default();
        for name in wanted {
            match self.fate(package, name, wanted) {
                Fate::Granted => self.change_permission(package, name, |p| p.granted = true),
                Fate::Refused => tally.refused = true,
                Fate::ForGood => tally.for_good = true,
                Fate::Ask(group) => match pages.iter_mut().find(|page| page.group == group) {
                    Some(page) => page.permissions.push(name.clone()),
                    None => pages.push(Page { group, permissions: vec![name.clone()] }),
                },
            }
        }
        (pages, tally)
    }

    fn fate(&self, package: &str, name: &str, wanted: &[String]) -> Fate {
        let api = self.profile.api;
        let Some(owner) = self.packages.get(package) else { return Fate::Refused };
        let Some(permission) = owner.permissions.get(name) else { return Fate::Refused };
        if permission.granted {
            return Fate::Granted;
        }
        let Some(group) = group_of(name, api).filter(|_| permission.runtime) else { return Fate::Refused };
        if permission.flags.has(Flags::USER_FIXED) || permission.flags.has(Flags::SYSTEM_FIXED) {
            return Fate::ForGood;
        }
        let storage_is_past = api >= 33 && owner.facts.target_sdk >= 33 && group == Group::Storage;
        // From API 30 "all the time" is only given in the settings; together with a position it is not asked at all.
        if storage_is_past || (name == BACKGROUND && api >= 30) {
            return Fate::Refused;
        }
        let upgrade = name == FINE && api >= 31;
        let sibling = owner.permissions.iter().any(|(other, state)| {
            other != name && state.granted && other != BACKGROUND && group_of(other, api) == Some(group)
        });
        if sibling && !upgrade && name != BACKGROUND && !wanted.iter().any(|w| w == SELECTED) {
            return Fate::Granted;
        }
        Fate::Ask(group)
    }

    fn open_prompt(&mut self, package: &str, intent: &Intent) {
        let component = self.controller();
        let caller = self.packages.get(package).map_or(0, |p| p.uid);
        let Some(task) = self.tasks.iter().find(|t| t.package == package).map(|t| t.id) else { return };
        let pid = self.ensure_process(&component.package.clone(), "activity", Some(&component));
        let record = self.new_record(component, Holds::Prompt, intent.written(), caller, pid);
        self.push_record(task, record);
    }

    /// The intent that asks the controller.
    pub(super) fn request_intent(&self) -> Intent {
        let component = self.controller();
        Intent {
            action: Some("android.content.pm.action.REQUEST_PERMISSIONS".into()),
            package: Some(component.package.clone()),
            component: Some(component),
            extras: true,
            ..Intent::default()
        }
    }

    /// Shows the next page, or ends the request.
    fn turn_page(&mut self) {
        let api = self.profile.api;
        let Some(request) = &self.request else { return };
        let at = request.state.page as usize;
        let Some(page) = request.pages.get(at).cloned() else { return self.finish_request() };
        let owner = self.packages.get(&request.state.package);
        let asked_before = |name: &String| {
            owner.and_then(|o| o.permissions.get(name)).is_some_and(|p| p.flags.has(Flags::USER_SET) && !p.granted)
        };
        let second = page.permissions.iter().any(asked_before);
        let has = |name: &str| page.permissions.iter().any(|p| p == name);
        let coarse_held = owner.is_some_and(|o| o.holds(COARSE));
        let Some(request) = &mut self.request else { return };
        let state = &mut request.state;
        state.page += 1;
        state.group = page.group;
        state.second_request = second;
        state.do_not_ask_ticked = false;
        state.precise_offered = api >= 31 && has(FINE) && has(COARSE);
        state.precise_chosen = state.precise_offered;
        state.precise_upgrade = api >= 31 && has(FINE) && coarse_held;
        state.background = has(BACKGROUND);
        state.permissions = page.permissions.clone();
        let (package, number) = (state.package.clone(), (state.page, state.pages));
        self.remember_asking(&package, Some(page.group), number, page.permissions);
    }

    fn remember_asking(&mut self, package: &str, group: Option<Group>, page: (u32, u32), permissions: Vec<String>) {
        let at = self.wall();
        let package = package.to_owned();
        self.askings.push(Asking { package, permissions, group, page, at, answer: None, changes: Vec::new() });
    }

    /// A person answers the page that is up. False when there is none, or it does not offer this answer.
    pub fn answer_prompt(&mut self, answer: Answer) -> bool {
        self.act(|system| {
            if system.prompt().is_none() {
                return false;
            }
            system.answer(answer)
        })
    }

    fn answer(&mut self, answer: Answer) -> bool {
        let api = self.profile.api;
        let Some(request) = &mut self.request else { return false };
        let state = &mut request.state;
        match answer {
            Answer::ToggleDoNotAsk if api <= 28 && state.second_request => {
                state.do_not_ask_ticked = !state.do_not_ask_ticked;
                return true;
            }
            Answer::ToggleDoNotAsk => return false,
            Answer::ChoosePrecise | Answer::ChooseApproximate => {
                state.precise_chosen = answer == Answer::ChoosePrecise;
                return state.precise_offered;
            }
            // Releases up to 29 do not let anybody back out.
            Answer::Dismiss if api <= 29 => return true,
            // A ticked box disables "allow" (captured on API 23).
            Answer::Allow if state.do_not_ask_ticked => return false,
            _ => {}
        }
        let state = state.clone();
        let before = self.packages.get(&state.package).map(|owner| owner.permissions.clone()).unwrap_or_default();
        match answer {
            Answer::Deny => self.refuse(&state, state.do_not_ask_ticked || (api >= 30 && state.second_request)),
            Answer::DenyForGood => self.refuse(&state, true),
            Answer::Dismiss => {
                if let Some(request) = &mut self.request {
                    request.tally.refused = true;
                }
            }
            _ => self.grant_page(&state, answer),
        }
        let after = self.packages.get(&state.package).into_iter().flat_map(|owner| &owner.permissions);
        let changes = after.filter_map(|(name, after)| {
            let before = *before.get(name)?;
            (before != *after).then(|| Change { name: name.clone(), before, after: *after })
        });
        let changes = changes.collect();
        let ticked = answer == Answer::Deny && state.do_not_ask_ticked;
        self.askings.answered(if ticked { Answer::DenyForGood } else { answer }, changes);
        self.turn_page();
        true
    }

    fn grant_page(&mut self, state: &PromptState, answer: Answer) {
        for name in &state.permissions {
            let left_out = (name == FINE && state.precise_offered && !state.precise_chosen)
                || (name == BACKGROUND && answer != Answer::AllowAlways && answer != Answer::Allow)
                || (answer == Answer::AllowSelected
                    && name != SELECTED
                    && state.permissions.iter().any(|p| p == SELECTED));
            if left_out {
                self.refuse_one(&state.package, name, false);
                if let Some(request) = &mut self.request {
                    request.tally.refused |= name != FINE && answer != Answer::AllowSelected;
                }
                continue;
            }
            let once = answer == Answer::AllowOnce || (answer == Answer::AllowSelected && name != SELECTED);
            let modern = self.profile.api >= 29;
            self.change_permission(&state.package, name, |permission| {
                permission.granted = true;
                let answered = permission.flags.has(Flags::USER_SET) || permission.flags.has(Flags::USER_FIXED);
                let mut flags = permission.flags.without(Flags::USER_FIXED).without(Flags::AUTO_REVOKED);
                if modern || answered {
                    flags = flags.with(Flags::USER_SET);
                }
                permission.flags = if once { flags.with(Flags::ONE_TIME) } else { flags.without(Flags::ONE_TIME) };
            });
        }
    }

    fn refuse(&mut self, state: &PromptState, for_good: bool) {
        for name in &state.permissions {
            self.refuse_one(&state.package, name, for_good);
        }
        if let Some(request) = &mut self.request {
            request.tally.refused = true;
            request.tally.for_good |= for_good;
        }
    }

    fn refuse_one(&mut self, package: &str, name: &str, for_good: bool) {
        let api = self.profile.api;
        self.change_permission(package, name, |permission| {
            permission.granted = false;
            let flags = permission.flags.without(Flags::ONE_TIME);
            permission.flags = match (for_good, api) {
                // Captured on 23; MODEL for 24 to 29, whose sources read the same.
                (true, ..=29) => flags.without(Flags::USER_SET).with(Flags::USER_FIXED),
                (true, _) => flags.with(Flags::USER_SET).with(Flags::USER_FIXED),
                (false, _) => flags.with(Flags::USER_SET).without(Flags::USER_FIXED),
            };
        });
    }

    pub(super) fn change_permission(&mut self, package: &str, name: &str, change: impl FnOnce(&mut Permission)) {
        let found = self.packages.get_mut(package).and_then(|owner| owner.permissions.get_mut(name));
        if let Some(permission) = found {
            change(permission);
        }
    }

    fn finish_request(&mut self) {
        let Some(request) = self.request.take() else { return };
        self.log_request_result(&request.state.package, &request.pages.iter().map(|p| p.group).collect::<Vec<_>>());
        let prompt = self.tasks.iter().find_map(|task| {
            let record = task.records.iter().rev().find(|r| r.holds == Holds::Prompt);
            record.filter(|_| task.package == request.state.package).map(|record| (task.id, record.hash))
        });
        if let Some((task, hash)) = prompt {
            self.drop_record(task, hash, "app-request");
        }
        if let Some((mut thread, ask)) = request.waiting {
            thread.first(&branch_of(&ask, request.tally));
            // The activity below comes to the front first, then the app hears the answer.
            self.settle();
            self.play(thread);
        }
    }

    /// Whether a person refused a permission, at least once.
    pub(super) fn refused_before(&self, package: &str, name: &str) -> bool {
        self.packages
            .get(package)
            .and_then(|owner| owner.permissions.get(name))
            .is_some_and(|p| !p.granted && (p.flags.has(Flags::USER_SET) || p.flags.has(Flags::USER_FIXED)))
    }

    /// Whether an app may do an access now.
    pub(super) fn may(&self, package: &str, op: Op) -> bool {
        let Some(owner) = self.packages.get(package) else { return false };
        let fine_for_coarse = op == Op::CoarseLocation && owner.holds(FINE);
        let allowed = op.permission().is_none_or(|permission| owner.holds(permission) || fine_for_coarse);
        let mode = op.name().and_then(|name| self.ops.mode(package, name));
        let visible = self.in_front(package);
        match mode {
            Some(super::Mode::Ignore | super::Mode::Deny) => false,
            Some(super::Mode::Foreground) => allowed && visible,
            _ => allowed && self.background_allows(package, op, visible),
        }
    }

    /// What a release lets an app do that is not in front.
    fn background_allows(&self, package: &str, op: Op, visible: bool) -> bool {
        if visible {
            return true;
        }
        let api = self.profile.api;
        match op {
            Op::ReadClipboard => api < 29,
            Op::Camera | Op::RecordAudio => api < 28,
            Op::FineLocation | Op::CoarseLocation if api >= 29 => {
                self.packages.get(package).is_some_and(|p| p.holds(BACKGROUND))
            }
            _ => true,
        }
    }

    /// Permissions for one use end soon after an app left the front, or at once with its process.
    pub(super) fn schedule_one_time_end(&mut self, package: &str, at_once: bool) {
        let any = self
            .packages
            .get(package)
            .is_some_and(|owner| owner.permissions.values().any(|p| p.flags.has(Flags::ONE_TIME)));
        if any && at_once {
            self.end_one_time(package);
        } else if any {
            self.schedule.add(self.now + ONE_TIME_GRACE, Wake::OneTimeEnds(package.into()));
        }
    }

    /// From now on an app counts as used; the system looks again when it may count as unused.
    pub(super) fn note_use(&mut self, package: &str) {
        let Some(owner) = self.packages.get(package).filter(|owner| !owner.system) else { return };
        let resets = self.profile.api >= 30 && owner.facts.target_sdk >= 30;
        let known = self.used.insert(package.into(), self.now).is_some();
        if resets && !known {
            self.schedule.add(self.now + UNUSED_AFTER, Wake::AutoReset(package.into()));
        }
    }

    /// Takes the permissions of an app that nobody used for months (API 30 and later, for apps made for it). MODEL: at the
    /// very end of the time, where Android looks once in a while; `appops set PKG AUTO_REVOKE_PERMISSIONS_IF_UNUSED
    /// ignore` exempts an app there and here.
    pub(super) fn reset_if_unused(&mut self, package: &str) {
        let Some(used) = self.used.get(package).copied() else { return };
        if used + UNUSED_AFTER > self.now || self.in_front(package) {
            let from = if self.in_front(package) { self.now } else { used };
            return self.schedule.add(from + UNUSED_AFTER, Wake::AutoReset(package.into()));
        }
        self.used.remove(package);
        let exempt = self.ops.mode(package, "AUTO_REVOKE_PERMISSIONS_IF_UNUSED");
        if matches!(exempt, Some(super::Mode::Ignore | super::Mode::Deny)) {
            return;
        }
        let Some(owner) = self.packages.get_mut(package) else { return };
        for permission in owner.permissions.values_mut().filter(|p| p.runtime && p.granted) {
            permission.granted = false;
            permission.flags = permission.flags.without(Flags::USER_SET).with(Flags::AUTO_REVOKED);
        }
        if let Some(pid) = self.pid_of(package) {
            self.end_process(pid, "permissions revoked");
        }
    }

    pub(super) fn end_one_time(&mut self, package: &str) {
        if self.in_front(package) && self.pid_of(package).is_some() {
            return;
        }
        let Some(owner) = self.packages.get_mut(package) else { return };
        let mut ended = false;
        for permission in owner.permissions.values_mut().filter(|p| p.flags.has(Flags::ONE_TIME)) {
            permission.granted = false;
            permission.flags = permission.flags.without(Flags::ONE_TIME).without(Flags::USER_SET);
            ended = true;
        }
        if let Some(pid) = self.pid_of(package).filter(|_| ended) {
            self.end_process(pid, "one-time permission revoked");
        }
    }
}

fn branch_of(ask: &Ask, tally: Tally) -> Vec<crate::virtual_device::specimen::Do> {
    match (&ask.refused_for_good, tally.for_good, tally.refused) {
        (Some(branch), true, _) => branch.clone(),
        (_, true, _) | (_, _, true) => ask.refused.clone(),
        _ => ask.granted.clone(),
    }
}
