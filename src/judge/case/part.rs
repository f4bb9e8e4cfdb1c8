//! What a case is made of: prompts, pop-ups, answers, steps.

use std::collections::BTreeSet;

use crate::journal::entry::{
    AccountAct, AccountOutcome, Answer, ConsentAct, ConsentAfter, FunctionOutcome, Permission, PopupEnd, PopupShown,
    ProcessEnd, PromptAnswered, PromptKind, PromptShown, StepOutcome,
};
use crate::judge::permission;

/// Where an entry stands, and when what it tells of came, else when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::judge) struct Moment {
    /// Number of the entry.
    pub seq: u64,
    /// Milliseconds since the journal was opened.
    pub mono: u64,
    /// Device time in ms since 1970, when told.
    pub device: Option<i64>,
}

/// A system prompt and its answer.
pub(in crate::judge) struct Prompt<'a> {
    pub at: Moment,
    pub shown: &'a PromptShown,
    pub answered: Option<(Moment, &'a PromptAnswered)>,
    /// Groups it asked for: of the permissions that changed, else those its words speak of.
    pub groups: BTreeSet<String>,
}

/// A pop-up and its end.
pub(in crate::judge) struct Popup<'a> {
    pub at: Moment,
    pub shown: &'a PopupShown,
    pub gone: Option<Gone>,
}

/// How a pop-up went.
#[derive(Clone, Copy)]
pub(in crate::judge) struct Gone {
    pub at: Moment,
    pub how: PopupEnd,
    pub taps: u32,
    /// Milliseconds until a control that closes it came up, when there was none at first.
    pub close_after: Option<u64>,
}

/// An answer to the app's policy dialog.
pub(in crate::judge) struct Consent<'a> {
    pub at: Moment,
    /// The tap that gave the answer, else the entry itself.
    pub tap: Moment,
    pub popup: Option<u32>,
    pub act: ConsentAct,
    pub control: &'a str,
    pub after: Option<ConsentAfter>,
}

/// A process that started or ended.
pub(in crate::judge) struct Process<'a> {
    pub at: Moment,
    pub name: &'a str,
    /// How it ended; `None` when it started.
    pub ended: Option<ProcessEnd>,
    pub cause: &'a str,
}

/// A basic function that was tried.
pub(in crate::judge) struct Function<'a> {
    pub at: Moment,
    pub name: &'a str,
    pub after_refusal: bool,
    pub outcome: FunctionOutcome,
}

/// Something done to the test account.
pub(in crate::judge) struct Account<'a> {
    pub at: Moment,
    pub act: AccountAct,
    pub outcome: AccountOutcome,
    /// The app's words.
    pub words: &'a str,
    pub taps: u32,
    pub conditions: &'a [String],
}

/// A step, from its start.
pub(in crate::judge) struct Step<'a> {
    pub at: Moment,
    pub path: &'a str,
    pub verb: &'a str,
    pub text: &'a str,
    pub outcome: Option<StepOutcome>,
    pub message: Option<&'a str>,
}

/// An installation.
pub(in crate::judge) struct Install {
    pub at: Moment,
    pub upgrade: bool,
}

/// A reading of permission states.
pub(in crate::judge) struct State<'a> {
    pub at: Moment,
    pub permissions: &'a [Permission],
}

/// A permission that a step gave or took by another way than a prompt.
pub(in crate::judge) struct Setting {
    pub at: Moment,
    /// When the step began: the choice was made between then and `at`.
    pub begun: Moment,
    /// Group of the permission.
    pub group: &'static str,
    pub granted: bool,
    /// On the page of the settings, as a person does; `pm` leaves no person's answer.
    pub by_person: bool,
}

/// A time in which the watch was blind.
pub(in crate::judge) struct Blind<'a> {
    pub from: u64,
    pub to: u64,
    pub source: &'a str,
    pub why: &'a str,
}

/// How the journal ends.
pub(in crate::judge) struct Closed<'a> {
    pub at: Moment,
    pub ended: crate::journal::entry::Ended,
    pub blame: Option<crate::journal::entry::Blame>,
    pub message: &'a str,
    pub missing: &'a [String],
}

impl Prompt<'_> {
    /// Whether it asks for a permission that opens personal information: notifications do not.
    pub fn asks_for_personal_data(&self) -> bool {
        let permission = matches!(self.shown.what, PromptKind::Permission | PromptKind::PermissionReview);
        permission && (self.groups.is_empty() || self.groups.iter().any(|g| g != permission::NOTIFICATIONS))
    }

    /// When it was refused.
    pub fn refused(&self) -> Option<Moment> {
        let (at, answered) = self.answered?;
        matches!(answered.answer, Some(Answer::Deny | Answer::DenyForGood)).then_some(at)
    }

    /// Permissions it was about, as far as the change of state names them; full names.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        let changes = self.answered.iter().flat_map(|(_, answered)| &answered.changes);
        changes.map(|c| c.name.as_str()).filter(|name| permission::group(name).is_some())
    }

    /// Its groups in words.
    pub fn about(&self) -> String {
        let groups: Vec<&str> = self.groups.iter().map(String::as_str).collect();
        if groups.is_empty() { "an unknown permission".to_owned() } else { groups.join(" and ") }
    }
}
