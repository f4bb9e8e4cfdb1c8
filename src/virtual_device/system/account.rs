//! Accounts on the servers of app makers. They live outside the device: clearing or uninstalling an app leaves them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::virtual_device::specimen::Specimen;
use crate::virtual_device::specimen::action::Deletion;

/// The servers of all app makers, by package.
#[derive(Clone, Debug, Default)]
pub struct Servers {
    accounts: BTreeMap<String, BTreeMap<String, Account>>,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its password.
    pub password: String,
    /// When it goes, on the device's clock; `None` while nobody asked for its deletion.
    pub gone_at: Option<Duration>,
    /// Signing in before then calls the deletion off.
    pub called_off_by_sign_in: bool,
}

impl Servers {
    /// Makes the accounts a model lists, unless the server knew them before; restores those meant to be restored.
    pub fn provide(&mut self, model: &Specimen) {
        let known = self.accounts.entry(model.package.clone()).or_default();
        for listed in &model.accounts {
            if listed.restored_on_install || !known.contains_key(&listed.user) {
                let fresh = Account { password: listed.password.clone(), gone_at: None, called_off_by_sign_in: false };
                known.insert(listed.user.clone(), fresh);
            }
        }
    }

    /// Whether user and password are let in.
    pub fn sign_in(&mut self, package: &str, user: &str, password: &str, now: Duration) -> bool {
        let known = self.accounts.get_mut(package).and_then(|users| users.get_mut(user));
        let Some(account) = known.filter(|a| a.password == password && a.is_there(now)) else { return false };
        if account.called_off_by_sign_in {
            account.gone_at = None;
        }
        true
    }

    /// Makes an account; false if there is one of that name, or a name or password is missing.
    pub fn sign_up(&mut self, package: &str, user: &str, password: &str, now: Duration) -> bool {
        let users = self.accounts.entry(package.into()).or_default();
        if user.is_empty() || password.is_empty() || users.get(user).is_some_and(|a| a.is_there(now)) {
            return false;
        }
        let fresh = Account { password: password.into(), gone_at: None, called_off_by_sign_in: false };
        users.insert(user.into(), fresh);
        true
    }

    /// Asks for an account's deletion.
    pub fn delete(&mut self, package: &str, user: &str, how: &Deletion, now: Duration) {
        let account = self.accounts.get_mut(package).and_then(|users| users.get_mut(user));
        if let Some(account) = account.filter(|_| how.effective) {
            account.gone_at = Some(now + how.after.0);
            account.called_off_by_sign_in = how.called_off_by_sign_in;
        }
    }
}

impl Account {
    fn is_there(&self, now: Duration) -> bool {
        self.gone_at.is_none_or(|gone| now < gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_device::specimen::Span;

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn a_deleted_account_signs_in_until_its_time_has_come() {
        let mut servers = Servers::default();
        assert!(servers.sign_up("a.b", "mei", "pw", Duration::ZERO));
        assert!(!servers.sign_up("a.b", "mei", "other", Duration::ZERO));
        let how = Deletion { effective: true, after: Span(DAY * 7), called_off_by_sign_in: false };
        servers.delete("a.b", "mei", &how, DAY);
        assert!(servers.sign_in("a.b", "mei", "pw", DAY * 7));
        assert!(!servers.sign_in("a.b", "mei", "pw", DAY * 8));
        assert!(servers.sign_up("a.b", "mei", "new", DAY * 8));
    }

    #[test]
    fn a_deletion_without_effect_leaves_the_account() {
        let mut servers = Servers::default();
        servers.sign_up("a.b", "mei", "pw", Duration::ZERO);
        let how = Deletion { effective: false, after: Span::default(), called_off_by_sign_in: false };
        servers.delete("a.b", "mei", &how, Duration::ZERO);
        assert!(servers.sign_in("a.b", "mei", "pw", DAY));
    }
}
