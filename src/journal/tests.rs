//! What the journal promises, tried on real files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::clock::Clock;

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let unique = format!("appwitness-journal-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(unique);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join(FILE)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn note(text: &str) -> Event {
    Event::Note { text: text.to_owned() }
}

fn three_notes(folder: &Path) -> Journal {
    let clock = Clock::stepped(1_700_000_000_000);
    let journal = Journal::create(folder, clock.clone()).unwrap();
    for text in ["one", "two\nlines", "三"] {
        journal.append(note(text)).unwrap();
        clock.advance(Duration::from_millis(5));
    }
    journal
}

fn broken_line(folder: &Path) -> u64 {
    match Journal::read(folder) {
        Err(JournalError::Broken { line, .. }) => line,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_written_is_read_back_with_times_and_chain() {
    let at = Scratch::new("back");
    let journal = three_notes(&at.0);
    journal.append_at(note("four"), Some(99)).unwrap();
    let record = Journal::read(&at.0).unwrap();
    assert_eq!(record.entries.iter().map(|e| e.seq).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(record.entries[2].event, note("三"));
    assert_eq!(record.entries[3].at, Stamp { wall: 1_700_000_000_015, mono: 15, device: Some(99) });
    assert_eq!(record.entries[0].prev, NO_LINE_BEFORE);
    let text = fs::read_to_string(at.file()).unwrap();
    assert_eq!(record.entries[1].prev, digest::of(text.lines().next().unwrap().as_bytes()));
    assert_eq!(record.head, digest::of(text.lines().last().unwrap().as_bytes()));
    assert_eq!(record.torn, None);
}

#[test]
fn a_record_is_never_written_over() {
    let at = Scratch::new("over");
    three_notes(&at.0);
    assert!(matches!(Journal::create(&at.0, Clock::stepped(0)), Err(JournalError::Exists { .. })));
    assert_eq!(Journal::read(&at.0).unwrap().entries.len(), 3);
}

#[test]
fn clones_share_one_writer() {
    let at = Scratch::new("clones");
    let journal = Journal::create(&at.0, Clock::real()).unwrap();
    std::thread::scope(|scope| {
        for hand in 0..4 {
            let journal = journal.clone();
            scope.spawn(move || {
                for n in 0..50 {
                    journal.append(note(&format!("{hand} {n}"))).unwrap();
                }
            });
        }
    });
    assert_eq!(Journal::read(&at.0).unwrap().entries.len(), 200);
}

#[test]
fn an_exhibit_is_kept_once_under_its_digest() {
    let at = Scratch::new("exhibit");
    let journal = Journal::create(&at.0, Clock::stepped(0)).unwrap();
    let first = journal.exhibit(b"picture", "image/png").unwrap();
    assert_eq!(journal.exhibit(b"picture", "image/png").unwrap(), first);
    let path = first.path().unwrap();
    assert_eq!(path, format!("exhibits/{}/{}.png", &first.sha256[..2], digest::of(b"picture")));
    assert_eq!(fs::read(at.0.join(&path)).unwrap(), b"picture");
    let beside = fs::read_dir(at.0.join(path).parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "no unfinished file is left");
}

#[test]
fn a_forged_digest_names_no_path() {
    let forged = ExhibitRef { sha256: "../../etc/passwd".into(), media: "text/plain".into(), bytes: 1 };
    assert_eq!(forged.path(), None);
}

#[test]
fn a_torn_last_line_is_reported_and_the_rest_is_read() {
    let at = Scratch::new("torn");
    three_notes(&at.0);
    let whole = fs::read(at.file()).unwrap();
    let two = whole.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1).nth(1).unwrap();
    for cut in [two + 1, whole.len() - 1] {
        fs::write(at.file(), &whole[..cut]).unwrap();
        let record = Journal::read(&at.0).unwrap();
        assert_eq!(record.entries.len(), 2);
        assert_eq!(record.torn, Some(Torn { line: 3, offset: two as u64, bytes: (cut - two) as u64 }));
    }
}

#[test]
fn the_first_broken_line_is_named() {
    let at = Scratch::new("broken");
    three_notes(&at.0);
    let text = fs::read_to_string(at.file()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let write = |lines: &[&str]| fs::write(at.file(), lines.join("\n") + "\n").unwrap();
    write(&[lines[0], "{}", lines[2]]);
    assert_eq!(broken_line(&at.0), 2);
    write(&[&lines[0].replace("one", "uno"), lines[1], lines[2]]);
    assert_eq!(broken_line(&at.0), 2, "line 2 does not follow the changed line 1");
    write(&[lines[0], lines[2]]);
    assert_eq!(broken_line(&at.0), 2);
    write(&[lines[1], lines[0], lines[2]]);
    assert_eq!(broken_line(&at.0), 1);
}

#[test]
fn a_journal_that_goes_back_in_time_is_broken() {
    let at = Scratch::new("time");
    fs::create_dir_all(&at.0).unwrap();
    let mut prev = NO_LINE_BEFORE.to_owned();
    let mut text = String::new();
    for (seq, mono) in [(0, 10), (1, 9)] {
        let entry = Entry { seq, at: Stamp { wall: 0, mono, device: None }, prev, event: note("x") };
        let line = serde_json::to_string(&entry).unwrap();
        prev = digest::of(line.as_bytes());
        text += &(line + "\n");
    }
    fs::write(at.file(), text).unwrap();
    assert_eq!(broken_line(&at.0), 2);
}

#[test]
fn bounds_hold() {
    let at = Scratch::new("bounds");
    three_notes(&at.0);
    let small = Bounds { line: 40, ..Bounds::default() };
    assert!(matches!(Record::read(&at.0, small), Err(JournalError::Broken { line: 1, .. })));
    let short = Bounds { total: 300, ..Bounds::default() };
    assert!(matches!(Record::read(&at.0, short), Err(JournalError::TooLarge { .. })));
}

#[test]
fn an_entry_that_is_too_long_is_refused_and_leaves_the_journal_whole() {
    let at = Scratch::new("long");
    let journal = three_notes(&at.0);
    let refused = journal.append(note(&"x".repeat(LONGEST_LINE)));
    assert!(matches!(refused, Err(JournalError::Unwritable { seq: 3, .. })));
    assert_eq!(journal.append(note("after")).unwrap(), 3);
    assert_eq!(Journal::read(&at.0).unwrap().entries.len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives(texts in prop::collection::vec(any::<String>(), 0..8)) {
        let at = Scratch::new("any");
        let journal = Journal::create(&at.0, Clock::stepped(0)).unwrap();
        for text in &texts {
            journal.append(note(text)).unwrap();
        }
        let read: Vec<_> = Journal::read(&at.0).unwrap().entries.into_iter().map(|e| e.event).collect();
        prop_assert_eq!(read, texts.iter().map(|t| note(t)).collect::<Vec<_>>());
    }

    #[test]
    fn cut_anywhere_it_is_a_valid_beginning(cut in 0.0..1.0f64) {
        let at = Scratch::new("cut");
        three_notes(&at.0);
        let whole = fs::read(at.file()).unwrap();
        let cut = (whole.len() as f64 * cut) as usize;
        fs::write(at.file(), &whole[..cut]).unwrap();
        let record = Journal::read(&at.0).unwrap();
        prop_assert_eq!(record.entries.len(), whole[..cut].iter().filter(|b| **b == b'\n').count());
        prop_assert_eq!(record.torn.is_some(), cut > 0 && whole[cut - 1] != b'\n');
    }

    #[test]
    fn a_changed_byte_before_the_last_line_is_found(at_byte in 0.0..1.0f64, by in 1..=255u8) {
        let at = Scratch::new("flip");
        three_notes(&at.0);
        let mut bytes = fs::read(at.file()).unwrap();
        let last = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap();
        let place = (last as f64 * at_byte) as usize;
        bytes[place] = bytes[place].wrapping_add(by);
        fs::write(at.file(), bytes).unwrap();
        prop_assert!(Journal::read(&at.0).is_err());
    }
}

#[test]
fn free_text_is_masked_wherever_it_stands_and_names_are_not() {
    let folder = Scratch::new("masked");
    let secret = "tap";
    let journal = Journal::create(&folder.0, Clock::real()).unwrap().masking(|text| text.replace("tap", "••••"));
    let input = serde_json::json!({"kind": "input", "act": "tap", "point": null, "bounds": null, "target": "on tap",
        "by": "step", "seen": null});
    let closed = serde_json::json!({"kind": "popup-shown", "popup": 1, "role": "message", "title": "tap", "words": "a tap",
        "by": "a.tap", "covers": 0.5, "bounds": [0, 0, 9, 9], "close": [{"label": "tap", "bounds": [0, 0, 9, 9]}],
        "accept": [], "refuse": [], "boxes": [["tap", false]], "opened-by": "tap", "same-as": null, "launch": 1,
        "step": "1", "signature": "tap", "activity": null, "capture": null, "screenshot": null});
    for event in [input, closed] {
        journal.append(serde_json::from_value(event).unwrap()).unwrap();
    }
    let written = fs::read_to_string(folder.file()).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert!(lines[0].contains(r#""act":"tap""#) && lines[0].contains("on ••••"), "{written}");
    assert_eq!(lines[1].matches(secret).count(), 3, "package, cause and signature are names: {written}");
    assert_eq!(lines[1].matches("••••").count(), 4, "{written}");
}
