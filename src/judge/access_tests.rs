//! Rules about what is read, and when: seen, nearly seen, no occasion, blind.

use serde_json::json;

use super::OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
use super::story::{Story, expect};
use crate::journal::entry::Event;

#[test]
fn reading_before_consent_and_after_a_refusal() {
    let before = "data-access-before-consent";
    let consenting = |ago: u64| {
        let mut story = Story::started();
        story
            .popup("consent", json!({"capture": 4}))
            .consent("accepted", "continued")
            .access("FINE_LOCATION", ago, true)
            .read_accesses();
        story
    };
    expect(before, Observed, &mut consenting(3_000));
    expect(before, NotObserved, &mut consenting(500));
    expect(before, NotAssessable, &mut consenting(2_050));
    expect(before, NotAssessable, Story::started().consent("accepted", "continued"));
    // In the very moment of the picture: before the answer or by it, nobody can tell.
    expect(before, NotAssessable, &mut consenting(2_000));
    // Nobody was let in before the system's own question opened the way, though the clocks can't tell.
    let opened = |held: bool| {
        let state = |granted: bool| json!({"name": "android.permission.CAMERA", "granted": granted, "flags": []});
        let change = json!({"name": "android.permission.CAMERA", "before": state(false), "after": state(true)});
        let mut story = Story::started();
        story
            .tell(json!({"kind": "permission-state", "package": "org.app", "reason": "installed", "permissions": [state(held)]}))
            .popup("consent", json!({"capture": 4}))
            .consent("accepted", "continued")
            .prompt(&["CAMERA"], false, true);
        let taps = story.entries().iter().rev().find(|e| matches!(e.event, Event::Input(_))).unwrap().at.mono;
        story.tell(json!({"kind": "prompt-answered", "prompt": 1, "answer": "allow", "button": "", "why": "",
            "lived-ms": 1, "changes": [change]}));
        let ago = story.entries().last().unwrap().at.mono + 1_000 - taps;
        story.access("CAMERA", ago, true).read_accesses();
        story
    };
    expect(before, NotObserved, &mut opened(false));
    expect(before, NotAssessable, &mut opened(true));
    expect(before, NotObserved, Story::started().read_accesses());
    let after = "collection-continues-after-refusal";
    expect(after, Observed, Story::started().refused("LOCATION").access("FINE_LOCATION", 0, true).read_accesses());
    expect(after, NotObserved, Story::started().refused("LOCATION").access("CAMERA", 0, true).read_accesses());
    expect(after, NotTriggered, Story::started().access("CAMERA", 0, true).read_accesses());
    expect(after, NotAssessable, Story::started().read_accesses().refused("LOCATION"));
}

#[test]
fn reading_nobody_asked_for() {
    let camera = "camera-or-microphone-outside-use";
    expect(camera, Observed, Story::started().access("CAMERA", 0, false).read_accesses());
    expect(camera, Observed, Story::started().access("RECORD_AUDIO", 0, true).read_accesses());
    expect(camera, NotObserved, Story::started().tap("Scan", "step").access("CAMERA", 0, true).read_accesses());
    expect(camera, NotAssessable, Story::started().limit("no-appops"));
    let clipboard = "clipboard-read";
    expect(clipboard, Observed, Story::started().access("READ_CLIPBOARD", 0, true).read_accesses());
    expect(
        clipboard,
        NotObserved,
        Story::started().tap("Paste", "step").access("READ_CLIPBOARD", 0, true).read_accesses(),
    );
    expect(clipboard, NotAssessable, &mut Story::started());
    let rhythm = "high-frequency-collection";
    let reading = |every: u64| {
        let mut story = Story::started();
        for _ in 0..6 {
            story.wait(every - 2_000).access("FINE_LOCATION", 0, true).read_accesses();
        }
        story
    };
    expect(rhythm, Observed, &mut reading(30_000));
    // At every reading a new one, of which the time of the last alone is told: there may have been more.
    expect(rhythm, NotAssessable, &mut reading(60_000));
    let mut seldom = Story::started();
    for _ in 0..6 {
        seldom.wait(29_000).read_accesses().wait(29_000).access("FINE_LOCATION", 0, true).read_accesses();
    }
    expect(rhythm, NotObserved, &mut seldom);
    let mut bundled = Story::started();
    bundled.access("FINE_LOCATION", 0, true).change_last("count", json!(9));
    for _ in 0..6 {
        bundled.wait(29_000).read_accesses();
    }
    expect(rhythm, NotAssessable, &mut bundled);
    expect(rhythm, NotAssessable, Story::started().access("FINE_LOCATION", 0, true).read_accesses());
    let background = "background-collection";
    let home = json!({"kind": "input", "act": "key", "at": null, "bounds": null, "target": "HOME", "by": "step", "seen": null});
    expect(
        background,
        Observed,
        Story::started().tell(home.clone()).wait(9_000).access("FINE_LOCATION", 0, false).read_accesses(),
    );
    expect(background, NotObserved, Story::started().tell(home.clone()).wait(31 * 60_000).read_accesses());
    expect(background, NotAssessable, Story::started().tell(home.clone()).wait(60_000).read_accesses());
    // A release that does not say where the app was: what it reads on its return is no reading in the background.
    let unknown = |mono: u64| {
        json!({"kind": "access", "package": "org.app", "op": "FINE_LOCATION", "device-time": mono, "mono": mono,
            "allowed": true, "foreground": null, "duration-ms": null, "count": 1})
    };
    let back = json!({"kind": "activity-resumed", "component": "org.app/.Main"});
    let mut story = Story::started();
    let left = story.tell(home.clone()).entries().last().unwrap().at.mono;
    story.wait(60_000).tell(back.clone()).tell(unknown(left + 61_500)).screen("org.app/.Main").read_accesses();
    expect(background, NotAssessable, &mut story);
    let mut story = Story::started();
    let left = story.tell(home).entries().last().unwrap().at.mono;
    story.wait(60_000).tell(back).tell(unknown(left + 30_000)).screen("org.app/.Main").read_accesses();
    expect(background, Observed, &mut story);
    expect(background, NotTriggered, Story::started().read_accesses());
}

#[test]
fn reading_what_was_refused_and_granted_again() {
    let id = "collection-continues-after-refusal";
    let set = |value: &str, by: &str| json!({"kind": "device-set", "what": "permission android.permission.CAMERA", "value": value, "by": by});
    let reads = |settings: &[(&str, &str)]| {
        let mut story = Story::started();
        story.refused("CAMERA");
        for (value, by) in settings {
            story.step("9", "set-permission").tell(set(value, by));
        }
        story.wait(5_000).access("CAMERA", 0, true).read_accesses();
        story
    };
    expect(id, Observed, &mut reads(&[]));
    expect(id, NotObserved, &mut reads(&[("granted", "settings")]));
    expect(id, NotObserved, &mut reads(&[("granted", "pm")]));
    expect(id, Observed, &mut reads(&[("granted", "settings"), ("refused", "settings")]));
    let mut only_in_settings = Story::started();
    only_in_settings.step("1", "set-permission").tell(set("refused", "settings")).wait(5_000);
    expect(id, Observed, only_in_settings.access("CAMERA", 0, true).read_accesses());
    let mut by_pm = Story::started();
    by_pm.step("1", "set-permission").tell(set("refused", "pm")).wait(5_000);
    expect(id, NotTriggered, by_pm.access("CAMERA", 0, true).read_accesses());
}
