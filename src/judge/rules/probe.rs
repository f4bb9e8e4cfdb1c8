//! Advertisements at the start that a movement, or a touch anywhere, turns into a jump.

use super::Rule;
use crate::journal::entry::{BlankTap, Movement, PopupRole};
use crate::judge::case::{Case, Moment, Popup};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Windows};

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "shake-to-jump-too-sensitive", needs: &[Launch, Windows], decide: shake },
    Rule { finding: "whole-screen-jump", needs: &[Launch, Windows], decide: whole_screen },
];

/// What the run says when there is no way to move the device.
const UNMOVABLE: &str = "the device can't be moved";
/// What the run says when it came too late to meet an advertisement.
const TOO_LATE: &str = "the advertisement may have ended by itself";

fn in_words(movement: &Movement) -> String {
    format!(
        "{} ({} m/s² without gravity, {} s)",
        movement.name,
        movement.acceleration,
        movement.lasts_ms as f64 / 1_000.0
    )
}

/// A limit whose words begin so.
fn limited<'a>(case: &Case<'a>, begin: &str) -> Option<(Moment, &'a str)> {
    case.limits.iter().find(|(_, _, detail)| detail.starts_with(begin)).map(|(at, _, detail)| (*at, *detail))
}

fn shake(case: &Case, marks: &Marks) -> Ruled {
    let least = marks.get("min_acceleration")?;
    if case.movements.is_empty() {
        let limit = limited(case, UNMOVABLE).or_else(|| limited(case, &format!("{TOO_LATE} before the device")));
        return Ok(match limit {
            Some((at, detail)) => Ruling::not_assessable(detail).at([at]),
            None if case.steps.iter().any(|s| s.verb == "move-device") => {
                Ruling::not_triggered("no advertisement stood at the app's start when the device was to be moved")
            }
            None => Ruling::not_assessable("no sensor movement was played"),
        });
    }
    let all = || case.movements.iter().map(|(at, _)| *at);
    let mut led = case.movements.iter().filter_map(|(at, m)| Some((*at, *m, m.led_to.as_deref()?)));
    if let Some((at, movement, to)) = led.clone().find(|(_, m, _)| m.acceleration < least.value) {
        let words = format!("{} led to {to}", in_words(movement));
        return Ok(Ruling::observed(words).at(shown(case, movement)).at([at]).by(&least));
    }
    Ok(match led.next() {
        Some((_, movement, to)) => {
            let words = format!("the weakest movement that led away was {}: to {to}", in_words(movement));
            Ruling::not_observed(words).at(all()).by(&least)
        }
        None => {
            let strongest =
                case.movements.iter().map(|(_, m)| *m).max_by(|a, b| a.acceleration.total_cmp(&b.acceleration));
            let upto = strongest.map(in_words).unwrap_or_default();
            Ruling::not_observed(format!("no movement up to {upto} led away")).at(all()).by(&least)
        }
    })
}

/// The entry that shows the advertisement.
fn shown(case: &Case, movement: &Movement) -> Option<Moment> {
    let popup = movement.popup?;
    case.popups.iter().find(|p| p.shown.popup == popup).map(|p| p.at)
}

fn whole_screen(case: &Case, marks: &Marks) -> Ruled {
    let share = marks.get("unlabelled_tappable_share")?;
    if case.blank_taps.is_empty() {
        let step = case.steps.iter().find(|s| s.verb == "tap-blank");
        // What came at the first start alone was not there to be tapped.
        let stood = |p: &Popup| p.shown.role == PopupRole::Promotion && step.is_some_and(|s| p.shown.step == s.path);
        let splash = case.popups.iter().any(stood);
        if let Some((at, detail)) = limited(case, &format!("{TOO_LATE} before a blank")) {
            return Ok(Ruling::not_assessable(detail).at([at]));
        }
        return Ok(match (step.is_some(), splash) {
            (false, _) => Ruling::not_assessable("splash screens were not tapped beside their controls"),
            (true, false) => Ruling::not_triggered("no advertisement stood at the app's start"),
            (true, true) => Ruling::not_assessable("the advertisement at the app's start left no blank place to tap"),
        });
    }
    let led: Vec<(Moment, &BlankTap)> =
        case.blank_taps.iter().filter(|(_, tap)| tap.led_to.is_some()).copied().collect();
    let (jumps, tried) = (led.len(), case.blank_taps.len());
    let moments = case.blank_taps.iter().map(|(at, _)| *at);
    if jumps as f64 >= tried as f64 * share.value && jumps > 0 {
        let to = led.first().and_then(|(_, tap)| tap.led_to.as_deref()).unwrap_or_default();
        let words = format!("{jumps} of {tried} taps beside all controls led away: to {to}");
        return Ok(Ruling::observed(words).at(moments).by(&share));
    }
    let words = format!("{jumps} of {tried} taps beside all controls led away");
    Ok(Ruling::not_observed(words).at(moments).by(&share))
}
