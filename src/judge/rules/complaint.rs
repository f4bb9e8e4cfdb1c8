//! Complaints that a person sent: two clocks run from the day they were sent.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Rule;
use super::place::{Sought, sought, way};
use crate::judge::case::Case;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::ui::Concept;

pub(super) const RULES: &[Rule] =
    &[Rule { finding: "complaint-not-answered-in-time", needs: &[], decide: not_answered }];

fn not_answered(case: &Case, marks: &Marks) -> Ruled {
    let (method, order) = (marks.get("deadline_method")?, marks.get("deadline_order24")?);
    let Some((at, sent, answered)) = case.complaints.last().copied() else { return Ok(unsent(case)) };
    let unreadable = || Ruling::not_assessable("the days of the complaint can't be read").at([at]);
    let Ok(sent) = sent.parse::<Date>() else { return Ok(unreadable()) };
    let answered = match answered.map(str::parse::<Date>) {
        Some(Ok(day)) => Some(day),
        Some(Err(_)) => return Ok(unreadable()),
        None => None,
    };
    let days = i32::try_from(order.count()).unwrap_or(15);
    let (Ok(calendar_days), Some(today)) = (sent.checked_add(days.days()), case.day(at)) else {
        return Ok(unreadable());
    };
    let working = u32::try_from(method.count()).unwrap_or(15);
    let working_days = case.calendar.and_then(|calendar| calendar.after_working_days(sent, working).ok());
    let Some(working_days) = working_days else {
        let words = "the calendar of working days has no data for the year of the deadline";
        return Ok(Ruling::not_assessable(words).at([at]).by(&method));
    };
    let clocks = format!("15 days end on {calendar_days}, 15 working days on {working_days}");
    let until = answered.unwrap_or(today);
    let told = match answered {
        Some(day) => format!("sent on {sent}, answered on {day}; {clocks}"),
        None => format!("sent on {sent}, not answered by {today}; {clocks}"),
    };
    // The longer of the two clocks accuses; between them both readings are told.
    Ok(match (until > working_days, until > calendar_days, answered) {
        (true, _, _) => Ruling::observed(told).at([at]).by(&method).for_review(true),
        (false, true, _) => {
            Ruling::not_assessable(format!("late by one clock only: {told}")).at([at]).by(&order).for_review(true)
        }
        (false, false, Some(_)) => Ruling::not_observed(told).at([at]).by(&method),
        (false, false, None) => Ruling::not_assessable(format!("the time is not over: {told}")).at([at]).by(&method),
    })
}

/// Nobody sent one: whoever is to do so finds here where to.
fn unsent(case: &Case) -> Ruling {
    match sought(case, Concept::ComplaintChannel) {
        Sought::Found(at, seek) => Ruling::not_assessable(format!(
            "a complaint is sent by a person, not by this run; the way is \"{}\"",
            seek.words
        ))
        .on(way(at, seek)),
        Sought::Absent(at, _) => {
            Ruling::not_triggered("no channel for complaints was found, so none could be sent").at([at])
        }
        Sought::Unknown(_) => Ruling::not_assessable("a complaint is sent by a person, not by this run"),
    }
}
