//! Notifications of the app: each with what it said, when it came and who took it away.

use std::collections::HashMap;

use serde::Serialize;

use super::sight::{lasting, since_start};
use crate::journal::entry::{Entry, Event, NotificationPosted, NotificationTaken};
use crate::report::words::{self, Both};

/// A notification.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// Number of the entry that tells of it.
    pub seq: u64,
    /// When it came, as far as the device's log says, since the record was opened.
    pub time: String,
    /// Its number within the app, and its tag.
    pub id: String,
    /// Its channel.
    pub channel: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Why there are no words.
    pub missing: String,
    /// How often it was changed while it was up.
    pub changed: u32,
    /// How long it was up; empty when it still was at the end.
    pub lived: String,
    /// Who took it away; empty words when nobody did.
    pub gone: Both,
}

/// The notifications of a journal, in order.
pub fn notices(entries: &[Entry]) -> Vec<Notice> {
    let mut told: Vec<Notice> = Vec::new();
    // Place of what is up, by what makes it the same; place of each entry that tells of one.
    let mut up: HashMap<(i64, Option<&str>), usize> = HashMap::new();
    let mut places: HashMap<u64, usize> = HashMap::new();
    for entry in entries {
        match &entry.event {
            Event::NotificationPosted(posted) => {
                let key = (posted.id, posted.tag.as_deref());
                let place = up.get(&key).copied().filter(|_| posted.how == NotificationTaken::Update);
                let place = place.unwrap_or_else(|| {
                    told.push(notice(entry, posted));
                    told.len() - 1
                });
                told[place].changed += u32::from(posted.how == NotificationTaken::Update);
                places.insert(entry.seq, place);
                if posted.how != NotificationTaken::Ignored {
                    up.insert(key, place);
                }
            }
            Event::NotificationRead(read) => {
                let Some(notice) = places.get(&read.posted).and_then(|place| told.get_mut(*place)) else { continue };
                // The first words stay: what was changed later is in the timeline.
                if notice.title.is_empty() && notice.text.is_empty() {
                    (notice.title, notice.text) = (read.title.clone(), read.text.clone());
                    notice.missing = read.missing.clone();
                }
            }
            Event::NotificationGone(gone) => {
                let Some(place) = up.remove(&(gone.id, gone.tag.as_deref())) else { continue };
                told[place].gone = words::notification_end(gone.by);
                told[place].lived = gone.lived_ms.map(lasting).unwrap_or_default();
            }
            Event::Rebooted => {
                for (_, place) in up.drain() {
                    told[place].gone = Both::new("设备已重启", "the device was started anew");
                }
            }
            _ => {}
        }
    }
    told
}

fn notice(entry: &Entry, posted: &NotificationPosted) -> Notice {
    let gone = match posted.how {
        NotificationTaken::Ignored => words::notification_taken(posted.how),
        _ => Both::default(),
    };
    Notice {
        seq: entry.seq,
        time: since_start(entry.at.mono),
        id: posted.tag.as_ref().map_or(posted.id.to_string(), |tag| format!("{} {tag}", posted.id)),
        channel: posted.channel.clone().unwrap_or_default(),
        title: String::new(),
        text: String::new(),
        missing: String::new(),
        changed: 0,
        lived: String::new(),
        gone,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::journal::Stamp;

    fn entries(events: Vec<serde_json::Value>) -> Vec<Entry> {
        let entry = |(seq, event): (usize, serde_json::Value)| {
            let mono = seq as u64 * 1_000;
            let at = Stamp { wall: 0, mono, device: None };
            Entry { seq: seq as u64, at, prev: String::new(), event: serde_json::from_value(event).unwrap() }
        };
        events.into_iter().enumerate().map(entry).collect()
    }

    #[test]
    fn each_notification_is_one_row() {
        let posted = |id, tag: Option<&str>, how| json!({"kind": "notification-posted", "package": "a.b", "id": id, "tag": tag, "how": how});
        let gone = |id, by| json!({"kind": "notification-gone", "package": "a.b", "id": id, "by": by, "reason": 8, "lived-ms": 2_000});
        let told = notices(&entries(vec![
            posted(1, None, "new"),
            json!({"kind": "notification-read", "posted": 0, "title": "Sale", "text": "50 %"}),
            posted(1, None, "update"),
            json!({"kind": "notification-read", "posted": 2, "title": "Sale", "text": "60 %"}),
            posted(1, Some("t"), "ignored"),
            gone(1, "app"),
            posted(2, None, "new"),
            json!({"kind": "rebooted"}),
            posted(3, None, "new"),
            gone(9, "dismissed"),
        ]));
        let rows: Vec<(&str, &str, u32, &str)> =
            told.iter().map(|n| (n.id.as_str(), n.text.as_str(), n.changed, n.gone.en.as_str())).collect();
        let expected = [
            ("1", "50 %", 1, "taken back by the app"),
            ("1 t", "", 0, "notification not taken by the system"),
            ("2", "", 0, "the device was started anew"),
            ("3", "", 0, ""),
        ];
        assert_eq!(rows, expected);
        assert_eq!((told[0].seq, told[0].lived.is_empty(), told[3].lived.is_empty()), (0, false, true));
    }
}
