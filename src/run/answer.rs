//! Which answer a prompt gets, and why.

use std::collections::BTreeSet;

use crate::android::dialogs::SystemDialog;
use crate::catalogue::permission::{BACKGROUND_LOCATION, permission_group, permissions_of_group};
use crate::journal::entry::{Answer, PromptPolicy};

use super::order::Order;

/// Group of the location.
const LOCATION: &str = "LOCATION";

/// An answer with its reason.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    /// Answers that would do, best first.
    pub answers: &'static [Answer],
    pub why: String,
}

/// Any way of letting it through, the narrowest that serves a person first.
pub(super) const ALLOW: &[Answer] = &[Answer::AllowForeground, Answer::Allow, Answer::AllowSelected, Answer::AllowOnce];
/// Any way of refusing.
pub(super) const DENY: &[Answer] = &[Answer::Deny, Answer::DenyForGood];
/// Refusing for good, where the dialog offers it.
pub(super) const DENY_FOR_GOOD: &[Answer] = &[Answer::DenyForGood, Answer::Deny];

/// One answer and no other.
pub(super) fn exactly(answer: crate::scenario::Answer) -> &'static [Answer] {
    use crate::scenario::Answer as Written;
    match answer {
        Written::Allow => &[Answer::Allow],
        Written::AllowForeground => &[Answer::AllowForeground],
        Written::AllowOnce => &[Answer::AllowOnce],
        Written::AllowSelected => &[Answer::AllowSelected],
        Written::Deny => &[Answer::Deny],
        Written::DenyForGood => &[Answer::DenyForGood],
    }
}

/// The answer the policy gives; `None` leaves the prompt to the scenario's steps.
pub(super) fn choose(policy: PromptPolicy, dialog: &SystemDialog, order: &Order) -> Option<Choice> {
    let (answers, why) = match policy {
        PromptPolicy::Ask => return None,
        PromptPolicy::Allow => (ALLOW, "policy allow".to_owned()),
        PromptPolicy::Deny => (DENY, "policy deny".to_owned()),
        PromptPolicy::DenyForGood => (DENY_FOR_GOOD, "policy deny-for-good".to_owned()),
        PromptPolicy::DenyNonEssential => non_essential(dialog, order),
    };
    Some(Choice { answers, why })
}

/// The answer that refuses one group and allows everything else.
pub(super) fn all_but(group: &str, dialog: &SystemDialog) -> Choice {
    match dialog.groups.iter().any(|asked| asked == group) {
        true => Choice { answers: DENY, why: format!("{group} alone is refused on this install") },
        false => Choice { answers: ALLOW, why: format!("everything but {group} is allowed on this install") },
    }
}

/// The group of a permission, given by full name, as a dialog asks for it: the location in the background is the location's.
pub(super) fn group_of(permission: &str) -> Option<&'static str> {
    permission_group(permission).map(|group| if group == BACKGROUND_LOCATION { LOCATION } else { group })
}

/// The groups of the permissions whose full names stand in a line, each once.
pub(super) fn groups_named(line: &str) -> Vec<String> {
    let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_')));
    let groups: BTreeSet<&str> = words.filter_map(group_of).collect();
    groups.into_iter().map(str::to_owned).collect()
}

/// Whether the app's category needs a group for its basic function.
pub(super) fn is_needed(group: &str, order: &Order) -> bool {
    permissions_of(group, order).any(|permission| order.is_essential(&permission))
}

fn non_essential(dialog: &SystemDialog, order: &Order) -> (&'static [Answer], String) {
    let Some(category) = order.category.as_deref() else {
        return (DENY, "policy deny-non-essential; no category is given, so nothing counts as needed".into());
    };
    if dialog.groups.is_empty() {
        return (DENY, "policy deny-non-essential; the question names no group that is known".into());
    }
    let needed = dialog.groups.iter().all(|group| is_needed(group, order));
    let groups = dialog.groups.join(", ");
    if needed {
        (ALLOW, format!("category {category} needs {groups}"))
    } else {
        (DENY, format!("category {category} does not need {groups}"))
    }
}

/// The permissions of a group that the app declares, by full name.
fn permissions_of<'a>(group: &str, order: &'a Order) -> impl Iterator<Item = String> + 'a {
    let background = (group == LOCATION).then(|| permissions_of_group(BACKGROUND_LOCATION));
    let full = permissions_of_group(group).chain(background.into_iter().flatten());
    full.filter(|name| order.app.facts.permissions.iter().any(|declared| declared.name == *name))
}
