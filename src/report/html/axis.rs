//! One time axis: launches, consent, the system's prompts and what was answered, the app's pop-ups, and accesses to
//! personal data before and after consent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cards::{Endings, answer_tone};
use super::sight::{Sight, since_start};
use crate::journal::entry::{Access, ConsentAct, Entry, Event, PopupEnd, PopupShown, PromptShown};
use crate::report::words::{self, Both};

/// Most marks drawn in one lane; tables and figures count all.
const MOST_MARKS: usize = 200;

/// The axis, from the opening of the record to its last entry.
#[derive(Debug, Default, Serialize)]
pub struct Axis {
    end: String,
    consent: Option<Place>,
    launches: Vec<Place>,
    lanes: Vec<Lane>,
}

/// What is of one kind, in a line of its own.
#[derive(Debug, Serialize)]
struct Lane {
    name: Both,
    marks: Vec<Mark>,
    /// Marks that are not drawn.
    more: usize,
}

#[derive(Debug, Serialize)]
struct Place {
    left: String,
    time: String,
}

/// A window that was there for a time, an answer, or an access.
#[derive(Debug, Serialize)]
struct Mark {
    #[serde(flatten)]
    place: Place,
    /// Share of the axis that it lasted; empty for a moment.
    width: String,
    tone: &'static str,
    words: Both,
    seq: u64,
}

/// The axis of a journal.
pub fn axis(sight: &Sight) -> Axis {
    let scale = Scale(sight.span());
    let ends = Endings::of(sight.entries);
    let mut axis = Axis { end: since_start(sight.span()), consent: consent(sight, &scale), ..Axis::default() };
    let (mut prompts, mut popups) = (Vec::new(), Vec::new());
    let mut accesses: BTreeMap<&str, Vec<Mark>> = BTreeMap::new();
    for entry in sight.entries {
        match &entry.event {
            Event::Launched { .. } => axis.launches.push(scale.place(entry.at.mono)),
            Event::PromptShown(shown) => prompts.extend(prompt(entry, shown, &ends, &scale)),
            Event::PopupShown(shown) => popups.push(popup(entry, shown, &ends, &scale)),
            Event::Access(seen) => accesses.entry(&seen.op).or_default().extend(access(entry.seq, seen, &scale)),
            _ => {}
        }
    }
    let windows =
        [(Both::new("系统提示与回答", "prompts and answers"), prompts), (Both::new("应用弹窗", "pop-ups"), popups)];
    let reads = accesses.into_iter().map(|(op, marks)| (Both::new(op, op), marks));
    axis.lanes = windows.into_iter().chain(reads).filter(|(_, marks)| !marks.is_empty()).map(lane).collect();
    axis
}

fn lane((name, mut marks): (Both, Vec<Mark>)) -> Lane {
    let more = marks.len().saturating_sub(MOST_MARKS);
    marks.truncate(MOST_MARKS);
    Lane { name, marks, more }
}

/// The first acceptance of the policy.
fn consent(sight: &Sight, scale: &Scale) -> Option<Place> {
    sight.entries.iter().find_map(|entry| match &entry.event {
        Event::Consent { act: ConsentAct::Accepted, .. } => Some(scale.place(entry.at.mono)),
        _ => None,
    })
}

/// The length of the record, in ms.
struct Scale(u64);

impl Scale {
    fn share(&self, ms: u64) -> String {
        format!("{:.2}", ms.min(self.0) as f64 / self.0 as f64 * 100.0)
    }

    fn place(&self, mono: u64) -> Place {
        Place { left: self.share(mono), time: since_start(mono) }
    }
}

/// From when to when a window stood: since it came, where that is told, for it lives from when it was seen.
fn stood(entry: &Entry, came: Option<u64>, lived: u64) -> (u64, u64) {
    let seen = entry.at.mono;
    (came.map_or(seen, |came| came.min(seen)), seen.saturating_add(lived))
}

/// The dialog while it was there, and its answer.
fn prompt(entry: &Entry, shown: &PromptShown, ends: &Endings, scale: &Scale) -> [Mark; 2] {
    let number = shown.prompt;
    let end = ends.answer(number);
    let lived = end.map_or(0, |end| end.lived_ms);
    let answer = end.and_then(|end| end.answer);
    let words = words::answer(answer);
    let named = Both::new(format!("提示 {number}"), format!("prompt {number}"));
    let (from, to) = stood(entry, shown.mono, lived);
    let there = Mark {
        place: scale.place(from),
        width: scale.share(to - from),
        tone: "window",
        words: named.clone(),
        seq: entry.seq,
    };
    let answered = Mark {
        place: scale.place(to),
        width: String::new(),
        tone: answer.map_or("open", answer_tone),
        words: Both::new(format!("{}：{}", named.zh, words.zh), format!("{}: {}", named.en, words.en)),
        seq: entry.seq,
    };
    [there, answered]
}

fn popup(entry: &Entry, shown: &PopupShown, ends: &Endings, scale: &Scale) -> Mark {
    let (how, _, lived) = ends.popup(shown.popup).unwrap_or((PopupEnd::NotClosed, 0, 0));
    let (role, end) = (words::popup_role(shown.role), words::popup_end(how));
    let number = shown.popup;
    let (from, to) = stood(entry, shown.mono, lived);
    Mark {
        place: scale.place(from),
        width: scale.share(to - from),
        tone: if how == PopupEnd::NotClosed { "stuck" } else { "window" },
        words: Both::new(
            format!("弹窗 {number}（{}）：{}", role.zh, end.zh),
            format!("pop-up {number} ({}): {}", role.en, end.en),
        ),
        seq: entry.seq,
    }
}

/// An access; `None` when the device tells no time of it.
fn access(seq: u64, seen: &Access, scale: &Scale) -> Option<Mark> {
    let tone = match (seen.allowed, seen.foreground) {
        (false, _) => "rejected",
        (true, Some(false)) => "background",
        (true, _) => "let-through",
    };
    Some(Mark { place: scale.place(seen.mono?), width: String::new(), tone, words: Both::new(&seen.op, &seen.op), seq })
}
