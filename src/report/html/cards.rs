//! Prompts and pop-ups with their pictures, answers and ends.

use std::collections::HashMap;

use serde::Serialize;

use super::gallery::{Gallery, Shown, Wish};
use super::sight::{Sight, lasting, short_permission, since_start};
use crate::journal::entry::{
    Entry, Event, ExhibitRef, Permission, PermissionChange, PopupEnd, PopupShown, PromptAnswered, PromptShown,
};
use crate::report::picture::Mark;
use crate::report::reasons;
use crate::report::words::{self, Both};

/// Width of the pictures on cards, in pixels: sharp at half that width on a good screen and on paper.
pub const CARD_WIDTH: u32 = 480;

/// A prompt, from its question to what its answer changed.
#[derive(Debug, Serialize)]
pub struct PromptCard {
    seq: u64,
    time: String,
    number: u32,
    what: Both,
    question: String,
    permissions: Vec<String>,
    groups: Vec<String>,
    buttons: Vec<Button>,
    answer: Both,
    answered: String,
    pressed: String,
    why: Option<Both>,
    purpose: Option<String>,
    page: Option<(u32, u32)>,
    step: String,
    activity: Option<String>,
    occasion: Both,
    lived: String,
    after_consent: bool,
    since_consent: Option<String>,
    since_refusal: Option<String>,
    told_before: Option<String>,
    disagrees: Option<String>,
    after_tap: Option<String>,
    changes: Vec<Change>,
    picture: Option<Shown>,
}

#[derive(Debug, Serialize)]
struct Button {
    text: String,
    answer: Option<Both>,
    pressed: bool,
}

#[derive(Debug, Serialize)]
struct Change {
    name: String,
    before: State,
    after: State,
    differs: bool,
    gained: Vec<String>,
    lost: Vec<String>,
}

#[derive(Debug, Serialize)]
struct State {
    words: Both,
    flags: String,
}

/// A pop-up, from its words to its end.
#[derive(Debug, Serialize)]
pub struct PopupCard {
    seq: u64,
    time: String,
    number: u32,
    role: Both,
    title: String,
    words: String,
    covers: u32,
    close: Vec<Closing>,
    /// How long it took until a control came up that closes it, when there was none at first.
    close_after: Option<String>,
    accept: Vec<String>,
    refuse: Vec<String>,
    boxes: Vec<(String, bool)>,
    opened_by: Both,
    same_as: Option<Both>,
    occasion: Both,
    step: String,
    activity: Option<String>,
    ended: Both,
    stuck: bool,
    taps: u32,
    spent: Both,
    lived: String,
    picture: Option<Shown>,
}

/// A control that closes a pop-up.
#[derive(Debug, Serialize)]
struct Closing {
    label: String,
    /// Its smaller side in density-independent pixels; nothing where the device's density is not known.
    dp: Option<u32>,
}

/// How prompts and pop-ups ended, by their numbers.
#[derive(Default)]
pub struct Endings<'a> {
    answers: HashMap<u32, &'a PromptAnswered>,
    popups: HashMap<u32, (PopupEnd, u32, u64)>,
    close_after: HashMap<u32, u64>,
}

impl<'a> Endings<'a> {
    /// The answer to a prompt.
    pub fn answer(&self, prompt: u32) -> Option<&'a PromptAnswered> {
        self.answers.get(&prompt).copied()
    }

    /// How a pop-up ended, the taps spent on it, and how long it was there in ms.
    pub fn popup(&self, popup: u32) -> Option<(PopupEnd, u32, u64)> {
        self.popups.get(&popup).copied()
    }

    /// Reads a journal once.
    pub fn of(entries: &'a [Entry]) -> Self {
        let mut endings = Self::default();
        for entry in entries {
            match &entry.event {
                Event::PromptAnswered(answered) => {
                    endings.answers.insert(answered.prompt, answered);
                }
                Event::PopupGone { popup, how, taps, lived_ms, close_after_ms } => {
                    endings.close_after.extend(close_after_ms.map(|ms| (*popup, ms)));
                    endings.popups.insert(*popup, (*how, *taps, *lived_ms));
                }
                _ => {}
            }
        }
        endings
    }
}

/// The card of a prompt.
pub fn prompt(
    entry: &Entry,
    shown: &PromptShown,
    ends: &Endings,
    sight: &Sight,
    gallery: &mut Gallery,
    width: u32,
) -> PromptCard {
    let end = ends.answers.get(&shown.prompt).copied();
    let pressed = end.map_or("", |e| e.button.as_str());
    let button = |b: &crate::journal::entry::PromptButton| Button {
        text: b.text.clone(),
        answer: b.answer.map(|a| words::answer(Some(a))),
        pressed: !pressed.is_empty() && b.text == pressed,
    };
    let changes: Vec<Change> = end.map(|e| e.changes.iter().map(change).collect()).unwrap_or_default();
    let wish = wish(sight, shown.bounds, shown.screenshot.as_ref(), shown.capture, width);
    PromptCard {
        seq: entry.seq,
        time: since_start(entry.at.mono),
        number: shown.prompt,
        what: words::prompt_kind(shown.what),
        question: shown.question.clone(),
        permissions: changes.iter().map(|c| c.name.clone()).collect(),
        groups: shown.groups.clone(),
        buttons: shown.buttons.iter().map(button).collect(),
        answer: words::answer(end.and_then(|e| e.answer)),
        answered: end.and_then(|e| e.answer).map_or("none", answer_tone).to_owned(),
        pressed: pressed.to_owned(),
        why: end.filter(|e| !e.why.is_empty()).map(|e| reasons::both(&e.why)),
        purpose: shown.purpose.clone(),
        page: shown.page,
        step: shown.step.clone(),
        activity: shown.activity.clone(),
        occasion: occasion(shown.launch, shown.since_launch_ms),
        lived: end.map(|e| lasting(e.lived_ms)).unwrap_or_default(),
        after_consent: shown.after_consent,
        since_consent: shown.since_consent_ms.map(lasting),
        since_refusal: shown.since_refusal_ms.map(lasting),
        told_before: shown.told_before.clone(),
        disagrees: end.and_then(|e| e.disagrees.clone()),
        after_tap: shown.after_tap.clone(),
        changes,
        picture: wish.map(|wish| gallery.hang(wish.exhibit, &wish.marks, width)),
    }
}

/// The card of a pop-up.
pub fn popup(entry: &Entry, shown: &PopupShown, ends: &Endings, sight: &Sight, gallery: &mut Gallery) -> PopupCard {
    let end = ends.popups.get(&shown.popup).copied();
    let (how, taps, lived) = end.unwrap_or((PopupEnd::NotClosed, 0, 0));
    let labels = |controls: &[crate::journal::entry::Control]| controls.iter().map(|c| c.label.clone()).collect();
    let wish = wish(sight, shown.bounds, shown.screenshot.as_ref(), shown.capture, CARD_WIDTH);
    PopupCard {
        seq: entry.seq,
        time: since_start(entry.at.mono),
        number: shown.popup,
        role: words::popup_role(shown.role),
        title: shown.title.clone(),
        words: shown.words.clone(),
        covers: (shown.covers.clamp(0.0, 1.0) * 100.0).round() as u32,
        close: shown.close.iter().map(|control| closing(control, sight.density())).collect(),
        close_after: ends.close_after.get(&shown.popup).map(|ms| lasting(*ms)),
        accept: labels(&shown.accept),
        refuse: labels(&shown.refuse),
        boxes: shown.boxes.clone(),
        opened_by: words::opened_by(&shown.opened_by),
        same_as: shown.same_as.map(|n| Both::new(format!("与弹窗 {n} 相同"), format!("the same as pop-up {n}"))),
        occasion: occasion(shown.launch, None),
        step: shown.step.clone(),
        activity: shown.activity.clone(),
        ended: words::popup_end(how),
        stuck: how == PopupEnd::NotClosed,
        taps,
        spent: Both::new(format!("点击 {taps} 次"), if taps == 1 { "1 tap".into() } else { format!("{taps} taps") }),
        lived: end.map(|_| lasting(lived)).unwrap_or_default(),
        picture: wish.map(|wish| gallery.hang(wish.exhibit, &wish.marks, CARD_WIDTH)),
    }
}

fn closing(control: &crate::journal::entry::Control, density: u32) -> Closing {
    let side = control.bounds.width().min(control.bounds.height()).max(0);
    let dp = (density > 0 && side > 0).then(|| (f64::from(side) * 160.0 / f64::from(density)).round() as u32);
    Closing { label: control.label.clone(), dp }
}

/// The pictures of all cards, in their order.
pub fn wishes<'a>(sight: &Sight<'a>) -> impl Iterator<Item = Wish<'a>> {
    sight.entries.iter().filter_map(|entry| match &entry.event {
        Event::PromptShown(p) => wish(sight, p.bounds, p.screenshot.as_ref(), p.capture, CARD_WIDTH),
        Event::PopupShown(p) => wish(sight, p.bounds, p.screenshot.as_ref(), p.capture, CARD_WIDTH),
        _ => None,
    })
}

/// The picture of a window: its own, else that of the capture in which it was seen.
fn wish<'a>(
    sight: &Sight<'a>,
    bounds: crate::ui::Rect,
    own: Option<&'a ExhibitRef>,
    capture: Option<u64>,
    width: u32,
) -> Option<Wish<'a>> {
    let exhibit = own.or_else(|| sight.screenshot(capture))?;
    let mut marks = framed(bounds);
    marks.extend(sight.taps(capture));
    Some(Wish { exhibit, marks, width })
}

fn framed(bounds: crate::ui::Rect) -> Vec<Mark> {
    if bounds.area() > 0 { vec![Mark::Frame(bounds)] } else { Vec::new() }
}

fn occasion(launch: u32, since: Option<u64>) -> Both {
    match since.map(lasting) {
        Some(since) => Both::new(format!("第 {launch} 次启动后 {since}"), format!("{since} after launch {launch}")),
        None => Both::new(format!("第 {launch} 次启动"), format!("launch {launch}")),
    }
}

/// How an answer is coloured.
pub fn answer_tone(answer: crate::journal::entry::Answer) -> &'static str {
    use crate::journal::entry::Answer;
    match answer {
        Answer::Deny | Answer::DenyForGood => "denied",
        Answer::Allow | Answer::AllowForeground | Answer::AllowOnce | Answer::AllowSelected => "allowed",
    }
}

fn change(change: &PermissionChange) -> Change {
    Change {
        name: short_permission(&change.name),
        before: state(change.before.as_ref()),
        after: state(change.after.as_ref()),
        differs: change.before != change.after,
        gained: flags_beyond(change.after.as_ref(), change.before.as_ref()),
        lost: flags_beyond(change.before.as_ref(), change.after.as_ref()),
    }
}

/// Flags of one state that the other lacks.
fn flags_beyond(of: Option<&Permission>, other: Option<&Permission>) -> Vec<String> {
    let flags = |p: Option<&Permission>| p.map(|p| p.flags.clone()).unwrap_or_default();
    let known = flags(other);
    flags(of).into_iter().filter(|flag| !known.contains(flag)).collect()
}

fn state(permission: Option<&Permission>) -> State {
    let Some(permission) = permission else {
        return State { words: Both::new("无记录", "no record"), flags: String::new() };
    };
    let words =
        if permission.granted { Both::new("已授予", "granted") } else { Both::new("未授予", "not granted") };
    State { words, flags: permission.flags.join(" ") }
}
