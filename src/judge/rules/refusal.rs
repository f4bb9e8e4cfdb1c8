//! What the app does when it is refused something: leave, loop, block, work worse.

use super::{Rule, numbers};
use crate::journal::entry::{Input, LimitKind, PopupEnd, PopupRole, ProcessEnd};
use crate::judge::case::{Case, Moment, Popup, Prompt};
use crate::judge::demand::{self, Demand, How};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Events, Launch, Screens};

pub(super) const RULES: &[Rule] =
    &[Rule { finding: "exit-on-permission-denial", needs: &[Launch, Screens, Events], decide: exit_on_denial }];

/// Steps that take the app off the screen themselves.
const TAKES_AWAY: [&str; 13] = [
    "launch",
    "stop",
    "home",
    "back",
    "recents",
    "background",
    "upgrade",
    "clear-data",
    "shell",
    "reboot",
    "set-clock",
    // The page of the settings comes to the front, and the system ends an app whose permission is taken away.
    "set-permission",
    "check-account-deleted",
];

/// Parts of the packages of the system's own pickers: what an app opens there it comes back from.
const PICKERS: [&str; 4] = ["documentsui", "providers.media", "photopicker", "mediaprovider"];

/// How the app answered a refusal.
enum Reaction {
    Left {
        at: Moment,
        words: String,
        crash: bool,
    },
    Loops(Vec<u64>),
    Blocks(Moment),
    /// Off the screen, and the log tells nothing of it: it may have been taken away.
    Untold(Moment),
}

pub(super) fn exit_on_denial(case: &Case, marks: &Marks) -> Ruled {
    let (observe, loops) = (marks.get("observe")?, marks.get("loop_repeats")?);
    let span = observe.millis()?;
    let refusals: Vec<(&Prompt, Moment)> = case.refusals().collect();
    if let Some(ruling) = left_after_plea(case) {
        return Ok(ruling.by(&observe));
    }
    if refusals.is_empty() {
        return Ok(Ruling::not_triggered("no permission was refused"));
    }
    // An app that runs nowhere, or not on an emulator, leaves for another reason than the refusal.
    for limit in [LimitKind::KeepsStopping, LimitKind::EmulatorDetected, LimitKind::OtherProcessor] {
        if let Some(detail) = case.limited(limit) {
            return Ok(Ruling::not_assessable(detail).at(refusals.iter().map(|(_, at)| *at)));
        }
    }
    let demands = demand::all(case);
    let mut untold = None;
    for (prompt, at) in &refusals {
        let window = Window::after(case, *at, span);
        let justified = case.category.is_some_and(|c| {
            let mut permissions = prompt.permissions().peekable();
            permissions.peek().is_some() && permissions.all(|p| c.needs_permission(p))
        });
        if let Some(reaction) = reaction(case, &window, demands, prompt, loops.count()) {
            let refused = format!("after {} was refused (#{})", prompt.about(), at.seq);
            let base = [prompt.at.seq, at.seq];
            return Ok(match reaction {
                Reaction::Left { at, words, crash } => Ruling::observed(format!("{refused} the app {words}"))
                    .on(base)
                    .at([at])
                    .by(&observe)
                    .for_review(crash || justified),
                Reaction::Loops(again) => {
                    let words =
                        format!("{refused} it demanded it again and again ({}), with no way past", numbers(&again));
                    Ruling::observed(words).on(base).on(again).by(&loops).for_review(justified)
                }
                Reaction::Blocks(plea) => {
                    Ruling::observed(format!("{refused} a demand that nothing closed stood in the way (#{})", plea.seq))
                        .on(base)
                        .at([plea])
                        .for_review(true)
                }
                Reaction::Untold(at) => {
                    let ruling = Ruling::not_assessable(format!(
                        "{refused} the app was off the screen, and the event log does not tell how that came"
                    ));
                    untold.get_or_insert(ruling.on(base).at([at]));
                    continue;
                }
            });
        }
    }
    if let Some(ruling) = untold {
        return Ok(ruling);
    }
    if let Some(ruling) =
        refusals.iter().find_map(|(prompt, at)| dead_end(case, prompt, &Window::after(case, *at, span)))
    {
        return Ok(ruling.by(&observe));
    }
    stayed(case, &refusals, span).map(|ruling| ruling.by(&observe))
}

/// The app's own demand for a permission was turned down, and it ended by itself.
fn left_after_plea(case: &Case) -> Option<Ruling> {
    /// How long after the window went the end is told at the latest, in ms (ours).
    const ENDS_WITHIN: u64 = 3_000;
    let declined = |popup: &&Popup| {
        let how = popup.gone.map(|gone| (gone.how, gone.taps));
        popup.shown.role == PopupRole::PermissionPlea
            && how.is_some_and(|(how, taps)| matches!(how, PopupEnd::Closed | PopupEnd::Refused) && taps > 0)
    };
    let left = |popup: &Popup| {
        let gone = popup.gone?.at;
        let ends = case.processes.iter().filter(|p| p.name == case.package() && p.ended == Some(ProcessEnd::Exited));
        ends.map(|p| p.at).find(|at| at.seq > popup.at.seq && at.mono <= gone.mono.saturating_add(ENDS_WITHIN))
    };
    let (popup, at) = case.popups.iter().filter(declined).find_map(|popup| Some((popup, left(popup)?)))?;
    let words =
        format!("after its own demand for a permission was turned down (#{}) the app ended itself", popup.at.seq);
    Some(Ruling::observed(words).at([popup.at, at]).for_review(true))
}

/// The app stayed on a page on which little can be done, as far as it was seen between the refusal and the first press on it.
fn dead_end(case: &Case, prompt: &Prompt, window: &Window) -> Option<Ruling> {
    let pressed = first_own_tap(case, window);
    let own = case
        .captures
        .iter()
        .filter(|(at, c)| window.holds(*at) && at.seq < pressed && shows(c.resumed.as_deref(), case.package()));
    let (at, capture) = own.filter(|(_, c)| c.hierarchy.is_some()).last()?;
    let told = capture.dead_end.as_deref()?;
    let words = format!(
        "after {} was refused (#{}) the app stayed on a page on which little can be pressed, \"{told}\": a person must tell \
         whether it can be used",
        prompt.about(),
        window.from.seq
    );
    Some(Ruling::not_assessable(words).at([prompt.at, window.from, *at]).for_review(true))
}

/// Shortest time for which an app is watched that is said to have stayed, in ms (ours): some say first why they leave.
const WATCHED: u64 = 5_000;

/// How long the app was left on the screen after a refusal, in ms: until it was taken away, or the record ends. *Back* that leads
/// from page to page takes nothing away.
fn watched(case: &Case, from: Moment) -> u64 {
    let starts = case.launches.iter().chain(&case.stops).copied();
    let steps =
        case.steps.iter().filter(|step| step.verb != "back" && TAKES_AWAY.contains(&step.verb)).map(|step| step.at);
    let taken = starts.chain(steps).filter(|at| at.seq > from.seq).min_by_key(|at| at.seq);
    taken.map_or(case.last, |at| at.mono).saturating_sub(from.mono)
}

/// The app stayed, if it was seen on the screen after the last refusal, and was watched for a while after one.
fn stayed(case: &Case, refusals: &[(&Prompt, Moment)], span: u64) -> Ruled {
    let watched = |(_, at): &(&Prompt, Moment)| watched(case, *at).min(span);
    let longest = refusals.iter().map(watched).max().unwrap_or_default();
    let entries: Vec<u64> = refusals.iter().flat_map(|(prompt, at)| [prompt.at.seq, at.seq]).collect();
    let (_, last) = refusals.last().ok_or_else(|| Ruling::not_triggered("no permission was refused"))?;
    let seen = case.captures.iter().find(|(at, c)| at.seq > last.seq && shows(c.resumed.as_deref(), case.package()));
    Ok(match seen {
        Some((at, _)) if longest < WATCHED => Ruling::not_assessable(format!(
            "the app was still there, and watched for no more than {longest} ms after it was refused something"
        ))
        .on(entries)
        .at([*at]),
        Some((at, _)) => Ruling::not_observed("the app stayed after every refusal").on(entries).at([*at]),
        None => Ruling::not_assessable("the app was not seen on the screen after the last refusal").on(entries),
    })
}

/// The time in which a reaction counts as one to the refusal.
struct Window {
    from: Moment,
    /// The press that refused: the log may tell what followed before it is known that the prompt went.
    pressed: u64,
    /// Entries from this number on are no reaction any more.
    until: u64,
    mono: u64,
}

impl Window {
    fn after(case: &Case, from: Moment, span: u64) -> Self {
        let next = |of: &[Moment]| of.get(of.partition_point(|at| at.seq <= from.seq)).map(|at| at.seq);
        let starts = [next(&case.launches), next(&case.stops)].into_iter().flatten().min();
        let steps = &case.steps[case.steps.partition_point(|step| step.at.seq <= from.seq)..];
        let step = steps.iter().find(|step| TAKES_AWAY.contains(&step.verb)).map(|step| step.at.seq);
        let own_key = |i: &Input| i.act == "key" && matches!(i.by.as_str(), "step" | "seek" | "account");
        let inputs = case.inputs.partition_point(|(at, _)| at.seq <= from.seq);
        let key = case.inputs[inputs..].iter().find(|(_, input)| own_key(input));
        let until = [starts, step, key.map(|(at, _)| at.seq)].into_iter().flatten().min().unwrap_or(u64::MAX);
        let earlier = &case.inputs[..case.inputs.partition_point(|(at, _)| at.seq < from.seq)];
        let pressed = earlier.last().map_or(from.seq, |(at, _)| at.seq);
        Self { from, pressed, until, mono: from.mono.saturating_add(span) }
    }

    /// Whether the log told this after the press.
    fn told(&self, at: Moment) -> bool {
        at.seq > self.pressed && at.seq < self.until && at.mono <= self.mono
    }

    fn holds(&self, at: Moment) -> bool {
        at.seq > self.from.seq && at.seq < self.until && at.mono <= self.mono
    }
}

fn reaction(case: &Case, window: &Window, demands: &[Demand], prompt: &Prompt, loops: u64) -> Option<Reaction> {
    if let Some(left) = left(case, window) {
        return Some(left);
    }
    let again = |d: &&Demand| {
        window.holds(d.at)
            && d.how != How::Suppressed
            && !d.called_for
            && (d.groups.is_empty() || d.groups.iter().any(|g| prompt.groups.contains(g)))
    };
    let acted = first_own_tap(case, window);
    let again: Vec<u64> = demands.iter().filter(again).map(|d| d.at.seq).filter(|seq| *seq < acted).collect();
    if again.len() as u64 >= loops {
        return Some(Reaction::Loops(again));
    }
    let blocks = case.popups.iter().find(|p| {
        let unclosed = p.gone.is_some_and(|g| g.how == PopupEnd::NotClosed && (g.taps > 0 || is_window(p)));
        window.holds(p.at) && p.shown.role == PopupRole::PermissionPlea && unclosed
    });
    blocks.map(|p| Reaction::Blocks(p.at))
}

/// Whether nothing on a window closes it or refuses, and *back* was tried: on a page it is not.
fn is_window(popup: &Popup) -> bool {
    /// Share of the screen that a page covers.
    const PAGE: f64 = 0.9;
    popup.shown.close.is_empty() && popup.shown.refuse.is_empty() && popup.shown.covers < PAGE
}

fn left(case: &Case, window: &Window) -> Option<Reaction> {
    let ended = case.processes.iter().find(|p| window.told(p.at) && p.name == case.package() && p.ended.is_some());
    if let Some(process) = ended {
        let at = process.at;
        match process.ended {
            Some(ProcessEnd::Exited) => return Some(Reaction::Left { at, words: "left".into(), crash: false }),
            Some(ProcessEnd::Crashed) => {
                let words = "crashed: a defect rather than a refusal, and the person is out all the same".into();
                return Some(Reaction::Left { at, words, crash: true });
            }
            // Taken away by the system: what is in front after that is no reaction of the app.
            Some(ProcessEnd::Killed) => return None,
            _ => {}
        }
    }
    let elsewhere =
        case.captures.iter().find(|(at, c)| window.holds(*at) && gone_elsewhere(case, *at, c.resumed.as_deref()));
    // What comes to the front after a press of ours was asked for by it: a link, a store, another app.
    let acted = first_own_tap(case, window);
    elsewhere.and_then(|(at, capture)| {
        let front = capture.resumed.clone().unwrap_or_default();
        let same = |component: &str| component.split('/').next() == front.split('/').next();
        let mut told = case.fronts.iter().filter(|(told, component)| window.told(*told) && same(component));
        match told.next() {
            Some((came, _)) if came.seq > acted => None,
            None if at.seq > acted => None,
            None => Some(Reaction::Untold(*at)),
            Some(_) => Some(Reaction::Left {
                at: *at,
                words: format!("was off the screen; {front} was in front"),
                crash: false,
            }),
        }
    })
}

/// Entry of the first tap of ours on the app after a refusal.
fn first_own_tap(case: &Case, window: &Window) -> u64 {
    let taps = &case.own_taps[case.own_taps.partition_point(|(at, _)| at.seq <= window.from.seq)..];
    taps.first().map_or(u64::MAX, |(at, _)| at.seq)
}

/// Whether something that is neither the app, nor a prompt, nor the system's settings is in front.
fn gone_elsewhere(case: &Case, at: Moment, resumed: Option<&str>) -> bool {
    let Some(front) = resumed.and_then(|r| r.split('/').next()).filter(|f| !f.is_empty()) else { return false };
    let prompts = case.prompts.iter().any(|p| p.shown.by == front || p.shown.capture == Some(at.seq));
    let picker = PICKERS.iter().any(|part| front.contains(part));
    front != case.package() && !prompts && !picker && !front.contains("settings") && !front.contains("permission")
}

fn shows(resumed: Option<&str>, package: &str) -> bool {
    resumed.and_then(|r| r.split('/').next()) == Some(package)
}
