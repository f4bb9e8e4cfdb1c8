//! Installing, upgrading and uninstalling packages.

use std::collections::BTreeMap;

use super::System;
use super::app::App;
use super::package::{Facts, Package};
use super::permission::{Flags, Permission, group_of, is_made_here, is_normal};
use crate::virtual_device::properties;

/// Why an installation is refused: code and text of `PackageManager`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}{}{text}", if .text.is_empty() { "" } else { ": " })]
pub struct InstallRefusal {
    /// `INSTALL_FAILED_…`.
    pub code: &'static str,
    /// What comes after it.
    pub text: String,
}

pub(super) fn refusal(code: &'static str, text: impl Into<String>) -> InstallRefusal {
    InstallRefusal { code, text: text.into() }
}

/// Options of an installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `-r`: replace an installed package. Implied from API 30 on.
    pub replace: bool,
    /// `-d`: allow an older version.
    pub downgrade: bool,
    /// `-t`: allow test packages.
    pub test: bool,
    /// `-g`: grant all runtime permissions.
    pub grant_all: bool,
}

/// An install session being filled.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Options it was made with.
    pub options: Options,
    /// `-p PACKAGE`: the installed package whose files stay unless one of the same split comes.
    pub inherit: Option<String>,
    /// Files by the name they were written under.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Sessions that are installed with it, all or none.
    pub children: Vec<u32>,
}

/// Most bytes the files of one installation may have together.
pub const LARGEST_INSTALL: usize = 1 << 30;

impl System {
    /// Opens an install session.
    pub fn create_session(&mut self, options: Options, inherit: Option<String>) -> u32 {
        // Numbers of real sessions are random; they count up here so that runs are alike.
        let number = 1_000_000 + self.next.session;
        self.next.session += 1;
        self.sessions.insert(number, Session { options, inherit, files: BTreeMap::new(), children: Vec::new() });
        number
    }

    /// Whether there is such a session.
    pub fn has_session(&self, number: u32) -> bool {
        self.sessions.contains_key(&number)
    }

    /// Puts a file into a session. False when there is no such session.
    pub fn write_session(&mut self, number: u32, name: &str, bytes: Vec<u8>) -> bool {
        let Some(session) = self.sessions.get_mut(&number) else { return false };
        session.files.insert(name.into(), bytes);
        true
    }

    /// Puts sessions under another. False when one of them is not there.
    pub fn join_sessions(&mut self, parent: u32, children: &[u32]) -> bool {
        if !children.iter().all(|child| self.sessions.contains_key(child)) {
            return false;
        }
        let Some(session) = self.sessions.get_mut(&parent) else { return false };
        session.children.extend(children);
        true
    }

    /// Throws a session away. False when there is no such session.
    pub fn abandon_session(&mut self, number: u32) -> bool {
        self.sessions.remove(&number).is_some()
    }

    /// Takes a session out to be installed.
    pub fn take_session(&mut self, number: u32) -> Option<Session> {
        self.sessions.remove(&number)
    }

    /// Installs a package whose files were read already; `splits` are the names of those beside the base.
    ///
    /// # Errors
    /// [`InstallRefusal`], as Android words it.
    pub fn install_facts(
        &mut self,
        facts: Facts,
        splits: Vec<String>,
        options: Options,
    ) -> Result<String, InstallRefusal> {
        self.act(|system| {
            system.may_install(&facts, &splits, options)?;
            let name = facts.package.clone();
            if system.packages.contains_key(&name) {
                system.upgrade(facts, splits, options);
            } else {
                system.install_new(facts, splits, options);
            }
            Ok(name)
        })
    }

    fn may_install(&self, facts: &Facts, splits: &[String], options: Options) -> Result<(), InstallRefusal> {
        let api = self.profile.api;
        if self.switches.installs_refused {
            return Err(refusal("INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user"));
        }
        if facts.min_sdk > api {
            let text = format!("Requires newer sdk version #{} (current version is #{api})", facts.min_sdk);
            return Err(refusal("INSTALL_FAILED_OLDER_SDK", text));
        }
        if facts.test_only && !options.test {
            return Err(refusal("INSTALL_FAILED_TEST_ONLY", "installPackageLI"));
        }
        if facts.bytes > self.switches.free_bytes {
            return Err(refusal("INSTALL_FAILED_INSUFFICIENT_STORAGE", "Failed to override installation location"));
        }
        // MODEL: Android 14 refuses apps made for levels below 23, 15 those below 24, unless the option is given.
        let lowest = if api >= 35 {
            24
        } else if api >= 34 {
            23
        } else {
            0
        };
        if facts.target_sdk < lowest && !options.downgrade {
            let text = format!("App package must target at least SDK version {lowest}, but found {}", facts.target_sdk);
            return Err(refusal("INSTALL_FAILED_DEPRECATED_SDK_VERSION", text));
        }
        // The attribute is known from Android 10 on.
        if facts.needs_splits && splits.is_empty() && api >= 29 {
            return Err(refusal("INSTALL_FAILED_MISSING_SPLIT", format!("Missing split for {}", facts.package)));
        }
        let runs = |abi: &String| properties::abis(api).split(',').any(|own| own == abi);
        if !facts.abis.is_empty() && !facts.abis.iter().any(runs) {
            let text = "Failed to extract native libraries, res=-113";
            return Err(refusal("INSTALL_FAILED_NO_MATCHING_ABIS", text));
        }
        let Some(old) = self.packages.get(&facts.package) else { return Ok(()) };
        if old.system || old.facts.signer != facts.signer {
            let text =
                format!("Package {} signatures do not match previously installed version; ignoring!", facts.package);
            return Err(refusal("INSTALL_FAILED_UPDATE_INCOMPATIBLE", text));
        }
        if !options.replace && api < 30 {
            let text = format!("Attempt to re-install {} without first uninstalling.", facts.package);
            return Err(refusal("INSTALL_FAILED_ALREADY_EXISTS", text));
        }
        if facts.version_code < old.facts.version_code && !options.downgrade {
            let text = match api {
                ..=28 => String::new(),
                _ => format!(
                    "Downgrade detected: Update version code {} is older than current {}",
                    facts.version_code, old.facts.version_code
                ),
            };
            return Err(refusal("INSTALL_FAILED_VERSION_DOWNGRADE", text));
        }
        Ok(())
    }

    fn install_new(&mut self, facts: Facts, splits: Vec<String>, options: Options) {
        let uid = self.next.uid;
        self.next.uid += 1;
        let now = self.wall();
        let name = facts.package.clone();
        let code_path = self.code_path(&name);
        let mut package = Package {
            splits,
            uid,
            system: false,
            code_path,
            first_install: now,
            last_update: now,
            installer: None,
            permissions: BTreeMap::new(),
            stopped: true,
            not_launched: true,
            enabled: 0,
            suspended: false,
            hidden: false,
            hashes: std::array::from_fn(|_| self.random.identity()),
            facts,
        };
        self.settle_permissions(&mut package, options.grant_all);
        if let Some(model) = package.facts.model.clone() {
            self.servers.provide(&model);
            self.apps.insert(name.clone(), App::new(model));
        }
        self.packages.insert(name, package);
    }

    fn upgrade(&mut self, facts: Facts, splits: Vec<String>, options: Options) {
        let name = facts.package.clone();
        if let Some(pid) = self.pid_of(&name) {
            self.end_process(pid, &format!("stop {name}"));
        }
        self.finish_activities(&name, "force-stop");
        let code_path = self.code_path(&name);
        let now = self.wall();
        let Some(mut package) = self.packages.remove(&name) else { return };
        package.splits = splits;
        package.facts = facts;
        package.code_path = code_path;
        package.last_update = now;
        self.settle_permissions(&mut package, options.grant_all);
        match (package.facts.model.clone(), self.apps.get_mut(&name)) {
            (Some(model), Some(app)) => app.upgrade(model),
            (Some(model), None) => {
                self.servers.provide(&model);
                self.apps.insert(name.clone(), App::new(model));
            }
            (None, _) => {
                self.apps.remove(&name);
            }
        }
        self.packages.insert(name, package);
    }

    /// Gives a package the permissions it requests; what was settled before stays.
    fn settle_permissions(&self, package: &mut Package, grant_all: bool) {
        let api = self.profile.api;
        let old = std::mem::take(&mut package.permissions);
        for (name, last_level) in &package.facts.permissions {
            if last_level.is_some_and(|last| api > last) {
                continue;
            }
            let made = is_made_here(name, self.profile.skin, api);
            let dangerous = made && group_of(name, api).is_some();
            let state = match old.get(name) {
                Some(state) => *state,
                None if dangerous => self.first_state(package.facts.target_sdk, grant_all),
                None if is_normal(name) || name.starts_with(package.name()) => {
                    Permission { granted: true, ..Permission::default() }
                }
                // Signature and unknown permissions are not granted and not listed.
                None => continue,
            };
            package.permissions.insert(name.clone(), state);
        }
        // Apps made before there was a leave for notifications request it all the same (AOSP
        // `CompatibilityPermissionInfo`). MODEL: not granted at install whatever level they were made for.
        let (name, target) = (super::controller::NOTIFICATIONS, package.facts.target_sdk);
        if api >= 33 && target < 33 && !package.system {
            let first = Permission { granted: grant_all, ..self.first_state(target.max(23), false) };
            let state = old.get(name).copied().unwrap_or(first);
            package.permissions.insert(name.into(), state);
        }
    }

    fn first_state(&self, target: u32, grant_all: bool) -> Permission {
        let api = self.profile.api;
        let mut flags = Flags::default();
        if api >= 29 {
            flags = flags.with(Flags::USER_SENSITIVE_WHEN_GRANTED).with(Flags::USER_SENSITIVE_WHEN_DENIED);
        }
        if target < 23 && api >= 29 {
            flags = flags.with(Flags::REVIEW_REQUIRED);
        }
        Permission { granted: grant_all || target < 23, runtime: true, flags }
    }

    fn code_path(&mut self, name: &str) -> String {
        match self.profile.api {
            ..=25 => {
                let number = if self.packages.get(name).is_some_and(|p| p.code_path.ends_with("-1")) { 2 } else { 1 };
                format!("/data/app/{name}-{number}")
            }
            26..=29 => format!("/data/app/{name}-{}", self.folder_code()),
            _ => format!("/data/app/~~{}/{name}-{}", self.folder_code(), self.folder_code()),
        }
    }

    /// Sixteen random bytes as URL-safe Base64, as in the folder names since Android 8.
    fn folder_code(&mut self) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut code: String = (0..21).map(|_| char::from(LETTERS[(self.random.next() & 63) as usize])).collect();
        code.push(char::from(LETTERS[((self.random.next() & 3) << 4) as usize]));
        code + "=="
    }

    /// Uninstalls a package; `keep` leaves the app's data. False when there is none that may go.
    pub fn uninstall(&mut self, package: &str, keep: bool) -> bool {
        self.act(|system| {
            if system.packages.get(package).is_none_or(|p| p.system) || system.administrators.contains(package) {
                return false;
            }
            if let Some(pid) = system.pid_of(package) {
                system.end_process(pid, "uninstall");
            }
            system.finish_activities(package, "force-stop");
            system.packages.remove(package);
            system.take_down_of(package);
            system.ops.forget(package);
            system.used.remove(package);
            system.unbounded.remove(package);
            system.planned.remove(package);
            if !keep {
                system.apps.remove(package);
            }
            true
        })
    }

    /// Deletes an app's data, its permissions' answers included. False when there is no such package.
    pub fn clear_data(&mut self, package: &str) -> bool {
        self.act(|system| {
            if !system.packages.contains_key(package) {
                return false;
            }
            system.stop(package, 1000);
            if let Some(app) = system.apps.get_mut(package) {
                app.clear();
            }
            if let Some(mut owner) = system.packages.remove(package) {
                if !owner.system {
                    owner.permissions.clear();
                    system.settle_permissions(&mut owner, false);
                }
                system.packages.insert(package.into(), owner);
            }
            system.ops.forget(package);
            true
        })
    }
}
