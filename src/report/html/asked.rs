//! How often the app asked for permissions: by the system's dialogs, by windows of its own, and in vain; per launch, per day,
//! per 48 hours.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::journal::entry::{Entry, Event, PopupRole, PromptKind};
use crate::report::words::Both;

/// A day and two, in ms.
const DAY: u64 = 86_400_000;

/// One way of asking, counted.
#[derive(Debug, PartialEq, Serialize)]
pub struct Asked {
    how: Both,
    total: usize,
    in_one_launch: usize,
    in_one_day: usize,
    in_48_hours: usize,
}

/// The ways that occurred.
pub fn asked(entries: &[Entry]) -> Vec<Asked> {
    let ways = [
        (Both::new("系统窗口", "dialogs of the system"), dialog as fn(&Event) -> Option<u32>),
        (Both::new("应用自己的窗口", "windows of the app"), plea),
        (Both::new("系统未显示的申请", "requests that the system kept from the person"), suppressed),
    ];
    let counted = ways.into_iter().map(|(how, launch_of)| count(how, &times(entries, launch_of)));
    counted.filter(|way| way.total > 0).collect()
}

/// When something was asked, by the device's count of time, and in which launch.
fn times(entries: &[Entry], launch_of: fn(&Event) -> Option<u32>) -> Vec<(u64, u32)> {
    let mut skipped = 0;
    let mut times = Vec::new();
    for entry in entries {
        skipped += entry.event.clock_forward().flatten().unwrap_or(0);
        times.extend(launch_of(&entry.event).map(|launch| (entry.at.mono.saturating_add(skipped), launch)));
    }
    times
}

fn count(how: Both, times: &[(u64, u32)]) -> Asked {
    let mut launches: BTreeMap<u32, usize> = BTreeMap::new();
    for (_, launch) in times {
        *launches.entry(*launch).or_default() += 1;
    }
    let within = |span: u64| {
        let from = |at: usize| times[at..].iter().take_while(|(time, _)| time - times[at].0 <= span).count();
        (0..times.len()).map(from).max().unwrap_or(0)
    };
    let in_one_launch = launches.into_values().max().unwrap_or(0);
    Asked { how, total: times.len(), in_one_launch, in_one_day: within(DAY), in_48_hours: within(2 * DAY) }
}

fn dialog(event: &Event) -> Option<u32> {
    match event {
        Event::PromptShown(shown) if shown.what == PromptKind::Permission => Some(shown.launch),
        _ => None,
    }
}

fn plea(event: &Event) -> Option<u32> {
    match event {
        Event::PopupShown(shown) if shown.role == PopupRole::PermissionPlea => Some(shown.launch),
        _ => None,
    }
}

fn suppressed(event: &Event) -> Option<u32> {
    match event {
        Event::PromptSuppressed { launch, .. } => Some(*launch),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_is_counted_per_launch_day_and_two_days() {
        let hour = DAY / 24;
        let counted = count(Both::new("", ""), &[(0, 1), (hour, 1), (30 * hour, 2), (47 * hour, 2), (100 * hour, 3)]);
        assert_eq!((counted.total, counted.in_one_launch, counted.in_one_day, counted.in_48_hours), (5, 2, 2, 4));
    }

    #[test]
    fn what_the_clock_was_set_forward_by_has_passed() {
        let entry = |(seq, event): (usize, serde_json::Value)| Entry {
            seq: seq as u64,
            at: crate::journal::Stamp { wall: 0, mono: seq as u64, device: None },
            prev: String::new(),
            event: serde_json::from_value(event).unwrap(),
        };
        let asks = serde_json::json!({"kind": "prompt-suppressed", "detail": "", "launch": 1});
        let sets =
            serde_json::json!({"kind": "device-set", "what": "clock", "value": "forward by 172801 s", "by": "clock"});
        let entries: Vec<Entry> = [asks.clone(), sets, asks.clone(), asks].into_iter().enumerate().map(entry).collect();
        let told = asked(&entries);
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].total, told[0].in_one_launch, told[0].in_48_hours), (3, 3, 2));
    }
}
