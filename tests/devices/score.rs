//! The host's record held against what the device itself knows.

use appwitness::journal::entry::{
    Answer, Entry, Event, Permission, PermissionChange, PromptAnswered, PromptKind, PromptShown,
};
use appwitness::virtual_device::system::{Answer as Given, Asking, Change, Flags};

use crate::device::Told;

/// Longest time between a request or its dialog and what the record says of it, on the device's own clock.
const NEAR_MS: u64 = 50;

/// What the dialogs of a device are like.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// API level.
    pub api: u32,
    /// Its dialog tells the number of the page.
    pub boxed: bool,
}

/// How much of what happened is in the record, and how much of the record happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    pub happened: usize,
    pub recorded: usize,
    pub agreed: usize,
}

impl Score {
    pub fn add(&mut self, other: Score) {
        self.happened += other.happened;
        self.recorded += other.recorded;
        self.agreed += other.agreed;
    }

    pub fn recall(self) -> f64 {
        self.agreed as f64 * 100.0 / self.happened.max(1) as f64
    }

    pub fn precision(self) -> f64 {
        self.agreed as f64 * 100.0 / self.recorded.max(1) as f64
    }
}

/// The score of one attempt, and in words where the two differ.
pub fn score(told: &Told, device: Device) -> (Score, Vec<String>) {
    let mut wrong: Vec<String> = told.failure.iter().map(|why| format!("the attempt failed: {why}")).collect();
    let failed = told.entries.iter().filter_map(|e| match &e.event {
        Event::StepEnded { path, message: Some(message), .. } => Some(format!("step {path}: {message}")),
        _ => None,
    });
    wrong.extend(failed);
    let shown = recorded_prompts(&told.entries);
    let came: Vec<Option<i64>> = told.entries.iter().filter_map(shown_at).collect();
    let truly_shown: Vec<&Asking> = told.truth.iter().filter(|asking| asking.group.is_some()).collect();
    let suppressed: Vec<Option<i64>> = told.entries.iter().filter_map(suppressed_at).collect();
    let truly_suppressed: Vec<&Asking> = told.truth.iter().filter(|asking| asking.group.is_none()).collect();
    let popups = told.entries.iter().filter(|e| matches!(e.event, Event::PopupShown(_))).count();
    let mut agreed = 0;
    for (at, truth) in truly_shown.iter().enumerate() {
        match shown.get(at).map_or(Err("not recorded".into()), |prompt| agree(truth, prompt, device)) {
            // When a further page comes, nothing tells but our own answer to the one before.
            Ok(()) if truth.page.0 == 1 && came[at].is_none_or(|came| came.abs_diff(truth.at) > NEAR_MS) => {
                wrong.push(format!("prompt {} came at {}, recorded {:?}", at + 1, truth.at, came[at]));
            }
            Ok(()) => agreed += 1,
            Err(why) => wrong.push(format!("prompt {} about {:?}: {why}", at + 1, truth.permissions)),
        }
    }
    for (at, truth) in truly_suppressed.iter().enumerate() {
        match suppressed.get(at) {
            Some(Some(time)) if time.abs_diff(truth.at) <= NEAR_MS => agreed += 1,
            found => wrong.push(format!("suppressed request {:?} at {}: {found:?}", truth.permissions, truth.at)),
        }
    }
    let recorded = shown.len() + suppressed.len() + popups;
    if recorded > agreed {
        wrong.push(format!("{} prompts, {} suppressed, {popups} pop-ups recorded", shown.len(), suppressed.len()));
    }
    (Score { happened: told.truth.len(), recorded, agreed }, wrong)
}

fn shown_at(entry: &Entry) -> Option<Option<i64>> {
    matches!(entry.event, Event::PromptShown(_)).then_some(entry.at.device)
}

fn suppressed_at(entry: &Entry) -> Option<Option<i64>> {
    matches!(entry.event, Event::PromptSuppressed { .. }).then_some(entry.at.device)
}

type Prompt<'a> = (&'a PromptShown, Option<&'a PromptAnswered>);

fn recorded_prompts(entries: &[Entry]) -> Vec<Prompt<'_>> {
    let answer = |number: u32| {
        entries.iter().find_map(|e| match &e.event {
            Event::PromptAnswered(answered) if answered.prompt == number => Some(answered.as_ref()),
            _ => None,
        })
    };
    let shown = entries.iter().filter_map(|e| match &e.event {
        Event::PromptShown(shown) => Some((shown.as_ref(), answer(shown.prompt))),
        _ => None,
    });
    shown.collect()
}

fn agree(truth: &Asking, (shown, answered): &Prompt<'_>, device: Device) -> Result<(), String> {
    let is = |right: bool, what: &str| {
        if right {
            Ok(())
        } else {
            Err(format!("{what}: {:?} {:?} {answered:?} for {truth:?}", shown.question, shown.groups))
        }
    };
    is(shown.what == PromptKind::Permission, "kind")?;
    let group = truth.group.map(|group| group.name().rsplit('.').next().unwrap_or_default().to_owned());
    is(shown.groups.iter().map(String::as_str).eq(group.as_deref()), "group")?;
    let numbered = device.boxed && truth.page.1 > 1;
    is(shown.page == numbered.then_some(truth.page), "page")?;
    is(shown.capture.is_some() && shown.screenshot.is_some(), "picture")?;
    is(answered.and_then(|a| a.answer) == truth.answer.map(meaning), "answer")?;
    let changes = answered.map_or(&[][..], |a| &a.changes);
    is(
        changes.len() == truth.changes.len() && truth.changes.iter().all(|c| changes.contains(&told(c, device.api))),
        "changes",
    )
}

/// What the device's answer is called in the record.
fn meaning(given: Given) -> Answer {
    match given {
        Given::Allow | Given::AllowAlways | Given::AllowAll => Answer::Allow,
        Given::AllowForeground => Answer::AllowForeground,
        Given::AllowOnce => Answer::AllowOnce,
        Given::AllowSelected => Answer::AllowSelected,
        Given::DenyForGood => Answer::DenyForGood,
        _ => Answer::Deny,
    }
}

fn told(change: &Change, api: u32) -> PermissionChange {
    let one = |granted: bool, flags: Flags| Permission {
        name: change.name.clone(),
        granted,
        flags: flags.names().into_iter().map(str::to_owned).collect(),
    };
    // Android 6 lists a permission only once somebody has dealt with it (captured).
    let untouched = change.before.flags == Flags::default() && !change.before.granted && api < 24;
    PermissionChange {
        name: change.name.clone(),
        before: (!untouched).then(|| one(change.before.granted, change.before.flags)),
        after: Some(one(change.after.granted, change.after.flags)),
    }
}
