//! What programs change about packages: grants, flags, app-ops, enabled states.

use super::System;
use super::permission::Flags;

impl System {
    /// Grants or revokes a permission, as `pm grant` and `pm revoke` do: no answer of a person's, so no flag of one. An app
    /// that loses a permission loses its process.
    pub fn set_granted(&mut self, package: &str, name: &str, granted: bool) {
        self.act(|system| {
            let held = system.packages.get(package).is_some_and(|p| p.holds(name));
            system.change_permission(package, name, |permission| {
                permission.granted = granted;
                permission.flags = permission.flags.without(Flags::ONE_TIME);
            });
            if let Some(pid) = system.pid_of(package).filter(|_| held && !granted) {
                system.end_process(pid, "permissions revoked");
            }
        });
    }

    /// Sets or clears flags of a permission. False when there is no such package or permission.
    pub fn change_flags(&mut self, package: &str, name: &str, flags: Flags, set: bool) -> bool {
        self.act(|system| {
            let known = system.packages.get(package).is_some_and(|p| p.permissions.contains_key(name));
            system.change_permission(package, name, |permission| {
                permission.flags = if set { permission.flags.with(flags) } else { permission.flags.without(flags) };
            });
            known
        })
    }

    /// Sets every run-time permission of a package back to how it was after installing.
    pub fn reset_permissions(&mut self, package: &str) {
        self.act(|system| {
            let keep = Flags::USER_SENSITIVE_WHEN_GRANTED.with(Flags::USER_SENSITIVE_WHEN_DENIED);
            if let Some(owner) = system.packages.get_mut(package) {
                for permission in owner.permissions.values_mut().filter(|p| p.runtime) {
                    permission.granted = false;
                    permission.flags = Flags(permission.flags.0 & keep.0);
                }
            }
        });
    }

    /// Sets the mode of an app-op; `None` follows the permission again.
    pub fn set_op_mode(&mut self, package: &str, op: &str, mode: Option<super::Mode>) {
        self.act(|system| system.ops.set_mode(package, op, mode));
    }

    /// Sets all app-ops of a package (or of all) back.
    pub fn reset_ops(&mut self, package: Option<&str>) {
        self.act(|system| system.ops.reset(package));
    }

    /// Enables or disables a package: the number dumpsys shows. False when there is none.
    pub fn set_enabled(&mut self, package: &str, number: u32) -> bool {
        self.act(|system| match system.packages.get_mut(package) {
            Some(owner) => {
                owner.enabled = number;
                true
            }
            None => false,
        })
    }

    /// Pauses an app, or lets it go on; what it is then, `None` when it is not there.
    pub fn set_suspended(&mut self, package: &str, on: bool) -> Option<bool> {
        let owner = self.packages.get_mut(package)?;
        owner.suspended = on;
        Some(on)
    }

    /// Hides an app, or shows it again; what it is then, `None` when it is not there. One that is hidden ends.
    pub fn set_hidden(&mut self, package: &str, on: bool) -> Option<bool> {
        self.packages.get_mut(package)?.hidden = on;
        if on {
            self.force_stop(package, 1000);
        }
        Some(on)
    }

    /// Makes an app crash.
    pub fn crash_app(&mut self, package: &str, exception: &str, message: &str) {
        let crash =
            crate::virtual_device::specimen::action::Crash { exception: exception.into(), message: message.into() };
        self.act(|system| system.crash(package, &crash));
    }

    /// Puts up a notification of the shell's own. One with the same tag gives way.
    pub fn post_from_shell(&mut self, tag: &str, title: &str, text: &str) {
        self.act(|system| {
            let notification = super::Notification {
                package: "com.android.shell".into(),
                uid: 2000,
                // AOSP's `NotificationShellCmd`.
                id: 2020,
                tag: Some(tag.into()),
                channel: "shell_cmd".into(),
                title: title.into(),
                text: text.into(),
                at: system.wall(),
                hash: system.random.identity(),
            };
            system.put_up(notification);
        });
    }

    /// Lets the notification with that key come again later; it does not here. False when there is none.
    pub fn snooze_notification(&mut self, key: &str) -> bool {
        self.act(|system| system.take_down(super::notification::Gone::Snoozed, |one| one.key() == key) > 0)
    }

    /// Notifications that are up, the oldest first.
    pub fn notifications(&self) -> &[super::Notification] {
        &self.notifications
    }
}
