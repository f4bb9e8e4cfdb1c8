//! Which answer a prompt gets, and why.

use std::collections::BTreeSet;

use crate::android::dialogs::SystemDialog;
use crate::journal::entry::{Answer, PromptPolicy};

use super::order::Order;

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

/// The permission groups of AOSP with their dangerous permissions (platform `Manifest.permission`, API 23 to 36).
const GROUPS: &[(&str, &[&str])] = &[
    ("LOCATION", &["ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "ACCESS_BACKGROUND_LOCATION"]),
    ("CAMERA", &["CAMERA"]),
    ("MICROPHONE", &["RECORD_AUDIO"]),
    ("CONTACTS", &["READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS"]),
    (
        "PHONE",
        &["READ_PHONE_STATE", "READ_PHONE_NUMBERS", "CALL_PHONE", "ANSWER_PHONE_CALLS", "ADD_VOICEMAIL", "USE_SIP"],
    ),
    ("CALL_LOG", &["READ_CALL_LOG", "WRITE_CALL_LOG", "PROCESS_OUTGOING_CALLS"]),
    ("SMS", &["SEND_SMS", "RECEIVE_SMS", "READ_SMS", "RECEIVE_WAP_PUSH", "RECEIVE_MMS"]),
    ("CALENDAR", &["READ_CALENDAR", "WRITE_CALENDAR"]),
    ("SENSORS", &["BODY_SENSORS", "BODY_SENSORS_BACKGROUND"]),
    ("ACTIVITY_RECOGNITION", &["ACTIVITY_RECOGNITION"]),
    ("STORAGE", &["READ_EXTERNAL_STORAGE", "WRITE_EXTERNAL_STORAGE"]),
    ("READ_MEDIA_AURAL", &["READ_MEDIA_AUDIO"]),
    ("READ_MEDIA_VISUAL", &["READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO", "READ_MEDIA_VISUAL_USER_SELECTED"]),
    (
        "NEARBY_DEVICES",
        &["BLUETOOTH_SCAN", "BLUETOOTH_CONNECT", "BLUETOOTH_ADVERTISE", "NEARBY_WIFI_DEVICES", "UWB_RANGING"],
    ),
    ("NOTIFICATIONS", &["POST_NOTIFICATIONS"]),
];

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

/// The group of a permission, given by full name.
pub(super) fn group_of(permission: &str) -> Option<&'static str> {
    let short = permission.strip_prefix("android.permission.")?;
    GROUPS.iter().find(|(_, names)| names.contains(&short)).map(|(group, _)| *group)
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
    let names = GROUPS.iter().find(|(name, _)| *name == group).map_or(&[][..], |(_, names)| names);
    let full = names.iter().map(|name| format!("android.permission.{name}"));
    full.filter(|name| order.app.facts.permissions.iter().any(|declared| declared.name == *name))
}
