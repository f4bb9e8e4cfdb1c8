//! Pages of the system on which a person gives or takes accesses: the review of an old app's permissions, the page of
//! the position "all the time", the special accesses, and the picker that hands an app one picture.
//!
//! MODEL throughout, after AOSP's `ReviewPermissionsActivity`, `AppPermissionFragment`, Settings and DocumentsUI; no capture shows
//! them. A review here does not warn before it turns a permission off.

use std::collections::BTreeSet;

use super::access::Mode;
use super::activities::Intent;
use super::package::Component;
use super::permission::{Flags, group_of};
use super::prompt::Group;
use super::script::Thread;
use super::settings::Table;
use super::task::Holds;
use super::{System, controller, doors};
use crate::virtual_device::specimen::action::{Ask, Pick};
use crate::virtual_device::specimen::{AskSpecial, Special, Value};

/// A page that is open.
#[derive(Clone, Debug)]
pub struct Page {
    /// Identity hash of its activity.
    pub(super) record: u32,
    /// Package it is about.
    pub(super) about: String,
    pub(super) kind: PageKind,
    /// The question that comes before an accessibility service is turned on stands open.
    pub(super) asking: bool,
    /// Groups that a review has turned off.
    pub(super) off: BTreeSet<Group>,
    waiting: Waiting,
}

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageKind {
    /// What an app made for a level below 23 may do, before its first start.
    Review,
    /// How much of the position an app gets.
    Location,
    /// What an app gets of another group.
    Permission(Group),
    /// A switch for each group of an app's permissions.
    Permissions,
    /// A special access of one app.
    Special(Special),
    /// The apps that have, or may get, a special access.
    List(Special),
    /// The pictures of which a person hands one to an app.
    Picker,
}

/// What goes on once the page is left.
#[derive(Clone, Debug)]
enum Waiting {
    Ask(Thread, Ask),
    Special(Thread, AskSpecial),
    Pick(Thread, Pick),
    Start { component: Component, intent: String, caller: u32, took: u32 },
    Nothing,
}

/// What a tap on a page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageTap {
    /// The page's switch.
    Toggle,
    /// The row of this number.
    Row(usize),
    /// Says yes to the question, or goes on.
    Yes,
    /// Says no, or cancels.
    No,
    /// Goes back.
    Up,
}

/// How much of the position an app gets, in the order of the page's rows.
pub(super) const ROWS: [&str; 4] = ["always", "foreground", "ask", "deny"];

/// The pictures that the picker offers.
pub(super) const PICTURES: [&str; 3] = ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg"];

impl System {
    /// The page in front.
    pub(super) fn page(&self) -> Option<&Page> {
        let top = self.top_record().filter(|record| record.holds == Holds::Page)?;
        self.pages.iter().find(|page| page.record == top.hash)
    }

    /// Whether a person gave an app this access.
    pub(super) fn has_special(&self, package: &str, special: Special) -> bool {
        if self.profile.api < special.since() {
            return true;
        }
        match (special, special.op()) {
            (_, Some(op)) => self.ops.mode(package, op) == Some(Mode::Allow),
            (Special::Battery, _) => self.unbounded.contains(package),
            (Special::Administrator, _) => self.administrators.contains(package),
            _ => {
                let services = self.settings.get(Table::Secure, SERVICES).unwrap_or_default();
                services.split(':').any(|one| one.starts_with(&format!("{package}/")))
            }
        }
    }

    fn set_special(&mut self, package: &str, special: Special, given: bool) {
        match (special, special.op()) {
            (Special::Usage, Some(op)) => {
                self.ops.set_mode(package, op, Some(if given { Mode::Allow } else { Mode::Ignore }));
            }
            (_, Some(op)) => self.ops.set_mode(package, op, Some(if given { Mode::Allow } else { Mode::Deny })),
            (Special::Battery, _) if given => drop(self.unbounded.insert(package.into())),
            (Special::Battery, _) => drop(self.unbounded.remove(package)),
            (Special::Administrator, _) if given => drop(self.administrators.insert(package.into())),
            (Special::Administrator, _) => drop(self.administrators.remove(package)),
            _ => {
                let old = self.settings.get(Table::Secure, SERVICES).unwrap_or_default().to_owned();
                let others = old.split(':').filter(|one| !one.is_empty() && !one.starts_with(&format!("{package}/")));
                let own = given.then(|| format!("{package}/{package}.HelpService"));
                let all: Vec<String> = others.map(str::to_owned).chain(own).collect();
                self.settings.put(Table::Secure, "accessibility_enabled", if all.is_empty() { "0" } else { "1" });
                self.settings.put(Table::Secure, SERVICES, &all.join(":"));
            }
        }
    }

    /// An app sends the person to a special access. Comes back with the list that goes on at once, or keeps it until the
    /// person is back.
    pub(super) fn ask_special(&mut self, mut thread: Thread, ask: AskSpecial) -> Option<Thread> {
        let package = thread.package.clone();
        if self.has_special(&package, ask.access) {
            thread.first(&ask.granted);
            return Some(thread);
        }
        let (action, class) = doors::asking(ask.access);
        let intent = Intent {
            action: Some(action.into()),
            data: Some(format!("package:{package}")),
            component: Some(Component::new("com.android.settings", class)),
            ..Intent::default()
        };
        self.open_page(&package, intent, PageKind::Special(ask.access), Waiting::Special(thread, ask));
        None
    }

    /// An app lets the person choose a picture.
    pub(super) fn open_picker(&mut self, thread: Thread, pick: Pick) {
        let package = thread.package.clone();
        let intent = Intent {
            action: Some("android.intent.action.OPEN_DOCUMENT".into()),
            component: Some(Component::new(
                "com.google.android.documentsui",
                "com.android.documentsui.picker.PickActivity",
            )),
            ..Intent::default()
        };
        self.open_page(&package, intent, PageKind::Picker, Waiting::Pick(thread, pick));
    }

    /// The system sends the person to the page of the position.
    pub(super) fn ask_location_page(&mut self, thread: Thread, ask: Ask) {
        let package = thread.package.clone();
        let controller = self.controller().package;
        let intent = Intent {
            action: Some("android.intent.action.MANAGE_APP_PERMISSION".into()),
            component: Some(Component::new(
                &controller,
                "com.android.permissioncontroller.permission.ui.ManagePermissionsActivity",
            )),
            extras: true,
            ..Intent::default()
        };
        self.open_page(&package, intent, PageKind::Location, Waiting::Ask(thread, ask));
    }

    /// Whether somebody has to look at an app's permissions before it starts.
    pub(super) fn needs_review(&self, package: &str) -> bool {
        self.packages
            .get(package)
            .is_some_and(|owner| owner.permissions.values().any(|p| p.flags.has(Flags::REVIEW_REQUIRED)))
    }

    /// Shows the review in place of an app's first start.
    pub(super) fn open_review(&mut self, component: Component, intent: String, caller: u32, took: u32) {
        let package = component.package.clone();
        let controller = self.controller().package;
        let review = Intent {
            action: Some("android.intent.action.REVIEW_PERMISSIONS".into()),
            flags: super::activities::NEW_TASK,
            component: Some(Component::new(
                &controller,
                "com.android.permissioncontroller.permission.ui.ReviewPermissionsActivity",
            )),
            extras: true,
            ..Intent::default()
        };
        self.open_page(&package, review, PageKind::Review, Waiting::Start { component, intent, caller, took });
    }

    /// Somebody opens a page of the settings; that it was started is logged already.
    pub(super) fn open_settings_page(&mut self, about: &str, intent: &Intent, kind: PageKind, caller: u32) {
        let task = self.new_task("com.android.settings", false);
        self.show_page(task, about, intent, kind, Waiting::Nothing, caller);
    }

    fn open_page(&mut self, about: &str, intent: Intent, kind: PageKind, waiting: Waiting) {
        let caller = self.packages.get(about).map_or(0, |p| p.uid);
        self.log_start(&intent, caller);
        let task = self.tasks.iter().find(|t| t.package == about).map(|t| t.id);
        let task = task.unwrap_or_else(|| self.new_task(about, false));
        self.show_page(task, about, &intent, kind, waiting, caller);
    }

    fn show_page(&mut self, task: u32, about: &str, intent: &Intent, kind: PageKind, waiting: Waiting, caller: u32) {
        let Some(component) = intent.component.clone() else { return };
        let pid = self.ensure_process(&component.package.clone(), "activity", Some(&component));
        let record = self.new_record(component, Holds::Page, intent.written(), caller, pid);
        let page =
            Page { record: record.hash, about: about.into(), kind, asking: false, off: BTreeSet::new(), waiting };
        self.pages.push(page);
        self.push_record(task, record);
    }

    /// A tap on the page in front. False when it has no such part.
    pub(super) fn tap_page(&mut self, tap: PageTap) -> bool {
        let Some(page) = self.page().cloned() else { return false };
        match (page.kind, tap) {
            (_, PageTap::Up) => self.leave_page(false),
            (PageKind::Review, PageTap::Row(row)) => {
                let Some(group) = self.reviewed(&page.about).into_iter().nth(row) else { return false };
                self.with_page(page.record, |page| {
                    if !page.off.remove(&group) {
                        page.off.insert(group);
                    }
                });
            }
            (PageKind::Review, PageTap::Yes) => {
                self.finish_review(&page);
                self.leave_page(true);
            }
            (PageKind::Picker, PageTap::Row(row)) => {
                let (Some(name), Waiting::Pick(_, pick)) = (PICTURES.get(row), &page.waiting) else { return false };
                if let Some(var) = &pick.into {
                    self.set_var(&page.about, var, Value::Text((*name).into()));
                }
                self.leave_page(true);
            }
            (PageKind::List(special), PageTap::Row(row)) => {
                let Some(about) = self.listed(special).into_iter().nth(row) else { return false };
                self.open_listed(&about, special);
            }
            (PageKind::Location, PageTap::Row(row)) if row < ROWS.len() => self.choose_location(&page.about, row),
            (PageKind::Permission(group), PageTap::Row(row)) if row < self.rows_of(group).len() => {
                self.choose_permission(&page.about, group, self.rows_of(group)[row]);
            }
            (PageKind::Permissions, PageTap::Row(row)) => {
                let Some(group) = self.reviewed(&page.about).into_iter().nth(row) else { return false };
                self.turn_group(&page.about, group);
            }
            (PageKind::Special(Special::Accessibility), PageTap::Toggle)
                if !self.has_special(&page.about, Special::Accessibility) =>
            {
                self.with_page(page.record, |page| page.asking = true);
            }
            (PageKind::Special(special), PageTap::Toggle) => {
                let given = self.has_special(&page.about, special);
                self.set_special(&page.about, special, !given);
            }
            (PageKind::Special(special), PageTap::Yes) => {
                self.set_special(&page.about, special, true);
                self.end_question(&page);
            }
            (PageKind::Special(_), PageTap::No) => self.end_question(&page),
            (_, PageTap::No) => self.leave_page(false),
            _ => return false,
        }
        true
    }

    /// The page of one app of the list in front, on top of the list.
    fn open_listed(&mut self, about: &str, special: Special) {
        let Some(task) = self.top_task().map(|task| task.id) else { return };
        let component = Some(Component::new("com.android.settings", ".SubSettings"));
        let intent = Intent { action: Some("android.intent.action.MAIN".into()), component, ..Intent::default() };
        self.log_start(&intent, 1000);
        self.show_page(task, about, &intent, PageKind::Special(special), Waiting::Nothing, 1000);
    }

    /// The question within a page goes; a page that is nothing but a question goes with it.
    fn end_question(&mut self, page: &Page) {
        if page.asking { self.with_page(page.record, |page| page.asking = false) } else { self.leave_page(false) }
    }

    fn with_page(&mut self, record: u32, change: impl FnOnce(&mut Page)) {
        if let Some(page) = self.pages.iter_mut().find(|page| page.record == record) {
            change(page);
        }
    }

    /// The page in front goes; what waited for it goes on. `done`: a review was carried through, or something was chosen.
    pub(super) fn leave_page(&mut self, done: bool) {
        let Some(page) = self.page().cloned() else { return };
        let task = self.tasks.iter().find(|t| t.records.iter().any(|r| r.hash == page.record)).map(|t| t.id);
        let Some(task) = task else { return };
        self.drop_record(task, page.record, "app-request");
        self.settle();
        match page.waiting {
            Waiting::Start { component, intent, caller, took } if done => {
                let task = self.new_task(&page.about, false);
                self.start_model(task, &component, intent, caller, took);
            }
            Waiting::Start { .. } | Waiting::Nothing => {}
            Waiting::Pick(mut thread, pick) => {
                thread.first(if done { &pick.picked } else { &pick.cancelled });
                self.play(thread);
            }
            Waiting::Special(mut thread, ask) => {
                let given = self.has_special(&page.about, ask.access);
                thread.first(if given { &ask.granted } else { &ask.refused });
                self.play(thread);
            }
            Waiting::Ask(mut thread, ask) => {
                let given = self.packages.get(&page.about).is_some_and(|p| p.holds(controller::BACKGROUND));
                thread.first(if given { &ask.granted } else { &ask.refused });
                self.play(thread);
            }
        }
    }

    /// Groups a review asks about, in their order.
    pub(super) fn reviewed(&self, package: &str) -> Vec<Group> {
        let api = self.profile.api;
        let Some(owner) = self.packages.get(package) else { return Vec::new() };
        let runtime = owner.permissions.iter().filter(|(_, p)| p.runtime);
        // MODEL: an old app's notifications are asked for at the first of them, not in its review.
        let groups = runtime.filter_map(|(name, _)| group_of(name, api)).filter(|group| *group != Group::Notifications);
        groups.collect::<BTreeSet<Group>>().into_iter().collect()
    }

    /// An old app keeps what it was granted at install; what is turned off is withheld from it without its notice.
    fn finish_review(&mut self, page: &Page) {
        let api = self.profile.api;
        let Some(owner) = self.packages.get_mut(&page.about) else { return };
        let mut withheld = Vec::new();
        for (name, permission) in owner.permissions.iter_mut().filter(|(_, p)| p.runtime) {
            let off = group_of(name, api).is_some_and(|group| page.off.contains(&group));
            let flags = permission.flags.without(Flags::REVIEW_REQUIRED);
            permission.flags = if off { flags.with(Flags::REVOKED_COMPAT).with(Flags::USER_SET) } else { flags };
            withheld.extend(off.then(|| name.clone()));
        }
        for op in withheld.iter().filter_map(|name| crate::virtual_device::specimen::Op::of_permission(name)) {
            if let Some(name) = op.name() {
                self.ops.set_mode(&page.about, name, Some(Mode::Ignore));
            }
        }
    }

    /// Somebody with the right to do so opens the page of a permission of an app. False when there is none.
    pub fn open_permission_page(&mut self, package: &str, permission: &str) -> bool {
        self.act(|system| {
            let api = system.profile.api;
            let asked = system.packages.get(package).is_some_and(|p| p.permissions.contains_key(permission));
            let Some(group) = group_of(permission, api).filter(|_| asked) else { return false };
            let kind = if group == Group::Location { PageKind::Location } else { PageKind::Permission(group) };
            let controller = system.controller().package;
            let class = "com.android.permissioncontroller.permission.ui.ManagePermissionsActivity";
            let intent = Intent {
                action: Some("android.intent.action.MANAGE_APP_PERMISSION".into()),
                flags: super::activities::NEW_TASK,
                component: Some(Component::new(&controller, class)),
                extras: true,
                ..Intent::default()
            };
            system.open_page(package, intent, kind, Waiting::Nothing);
            true
        })
    }

    /// Somebody with the right to do so opens the page of all permissions of an app. False when there is none.
    pub fn open_permissions_page(&mut self, package: &str) -> bool {
        self.act(|system| {
            if !system.packages.contains_key(package) {
                return false;
            }
            let controller = system.controller().package;
            let class = "com.android.packageinstaller.permission.ui.ManagePermissionsActivity";
            let intent = Intent {
                action: Some("android.intent.action.MANAGE_APP_PERMISSIONS".into()),
                flags: super::activities::NEW_TASK,
                component: Some(Component::new(&controller, class)),
                extras: true,
                ..Intent::default()
            };
            system.open_page(package, intent, PageKind::Permissions, Waiting::Nothing);
            true
        })
    }

    /// Whether an app holds a permission of a group.
    pub(super) fn holds_group(&self, package: &str, group: Group) -> bool {
        let api = self.profile.api;
        let Some(owner) = self.packages.get(package) else { return false };
        owner.permissions.iter().any(|(name, p)| p.granted && group_of(name, api) == Some(group))
    }

    /// Turns the switch of a group: AOSP's `AppPermissionGroup` keeps no mark of what was given, and of what was taken that a
    /// person did.
    fn turn_group(&mut self, package: &str, group: Group) {
        let api = self.profile.api;
        let granted = !self.holds_group(package, group);
        let Some(owner) = self.packages.get(package) else { return };
        let own = |(name, _): &(&String, _)| group_of(name, api) == Some(group);
        let names: Vec<String> = owner.permissions.iter().filter(own).map(|(name, _)| name.clone()).collect();
        for name in &names {
            self.change_permission(package, name, |permission| {
                permission.granted = granted;
                let flags = permission.flags.without(Flags::USER_FIXED).without(Flags::USER_SET);
                permission.flags = if granted { flags } else { flags.with(Flags::USER_SET) };
            });
        }
        if let Some(pid) = self.pid_of(package).filter(|_| !granted) {
            self.end_process(pid, "permissions revoked");
        }
    }

    /// The choices of a group's page: what is used while the app is in front has a row of its own from API 30 on.
    pub(super) fn rows_of(&self, group: Group) -> &'static [&'static str] {
        match group {
            Group::Camera | Group::Microphone if self.profile.api >= 30 => &["foreground", "ask", "deny"],
            _ => &["allow", "deny"],
        }
    }

    /// The row of a group's page that is chosen now.
    pub(super) fn permission_row(&self, package: &str, group: Group) -> usize {
        let rows = self.rows_of(group);
        let api = self.profile.api;
        let Some(owner) = self.packages.get(package) else { return rows.len() - 1 };
        let own = || owner.permissions.iter().filter(|(name, _)| group_of(name, api) == Some(group));
        if own().any(|(_, p)| p.granted) {
            return 0;
        }
        let undecided = own().all(|(_, p)| !p.flags.has(Flags::USER_SET) && !p.flags.has(Flags::USER_FIXED));
        rows.iter().position(|row| *row == "ask").filter(|_| undecided).unwrap_or(rows.len() - 1)
    }

    /// MODEL: the flags; AOSP's `AppPermissionViewModel` sets them as an answer for good.
    fn choose_permission(&mut self, package: &str, group: Group, row: &str) {
        let api = self.profile.api;
        let Some(owner) = self.packages.get(package) else { return };
        let own = |(name, _): &(&String, _)| group_of(name, api) == Some(group);
        let names: Vec<String> = owner.permissions.iter().filter(own).map(|(name, _)| name.clone()).collect();
        let held = names.iter().any(|name| owner.holds(name));
        let granted = matches!(row, "allow" | "foreground");
        for name in &names {
            self.change_permission(package, name, |permission| {
                permission.granted = granted;
                let flags = permission.flags.without(Flags::USER_FIXED).without(Flags::ONE_TIME);
                permission.flags = match row {
                    "ask" => flags.without(Flags::USER_SET),
                    "deny" => flags.with(Flags::USER_SET).with(Flags::USER_FIXED),
                    _ => flags.with(Flags::USER_SET),
                };
            });
        }
        // An app that loses a permission loses its process.
        if let Some(pid) = self.pid_of(package).filter(|_| held && !granted) {
            self.end_process(pid, "permissions revoked");
        }
    }

    /// The row of the page of the position that is chosen now.
    pub(super) fn location_row(&self, package: &str) -> usize {
        let Some(owner) = self.packages.get(package) else { return 3 };
        match (owner.holds(controller::BACKGROUND), owner.holds(controller::FINE) || owner.holds(controller::COARSE)) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 3,
        }
    }

    fn choose_location(&mut self, package: &str, row: usize) {
        for name in [controller::FINE, controller::COARSE, controller::BACKGROUND] {
            let granted = row == 0 || (row == 1 && name != controller::BACKGROUND);
            self.change_permission(package, name, |permission| {
                permission.granted = granted;
                let flags = permission.flags.without(Flags::USER_FIXED).without(Flags::ONE_TIME).with(Flags::USER_SET);
                permission.flags = if row == 3 { flags.with(Flags::USER_FIXED) } else { flags };
            });
        }
    }
}

/// The setting that lists accessibility services.
const SERVICES: &str = "enabled_accessibility_services";
