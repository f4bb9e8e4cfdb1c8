//! Each rule: seen, nearly seen, no occasion, blind.

use serde_json::json;

use super::OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
use super::story::{Story, expect};

fn control(label: &str, side: i32) -> serde_json::Value {
    json!({"label": label, "bounds": [0, 0, side, side]})
}

#[test]
fn asking_before_consent() {
    let id = "permission-asked-before-consent";
    expect(
        id,
        Observed,
        Story::started().popup("consent", json!({})).prompt(&["CAMERA"], false, true).consent("accepted", "continued"),
    );
    expect(
        id,
        NotObserved,
        Story::started().popup("consent", json!({})).consent("accepted", "continued").prompt(&["CAMERA"], false, true),
    );
    expect(id, NotTriggered, Story::started().prompt(&["NOTIFICATIONS"], false, true));
    expect(id, NotAssessable, Story::started().limit("no-model"));
}

#[test]
fn asking_for_much_at_once() {
    let id = "permissions-burst-at-first-launch";
    expect(id, Observed, Story::started().refused("CAMERA").refused("LOCATION"));
    expect(id, NotObserved, Story::started().refused("CAMERA").refused("CAMERA").refused("NOTIFICATIONS"));
    expect(id, NotObserved, Story::started().refused("CAMERA").tap("Map", "step").prompt(&["LOCATION"], true, true));
    expect(id, NotObserved, Story::started().refused("CAMERA").wait(60_000).refused("LOCATION"));
    expect(id, NotTriggered, &mut Story::started());
    expect(id, NotAssessable, Story::started().limit("no-hierarchy"));
}

#[test]
fn a_window_that_nobody_read_may_have_been_anything() {
    let unread = |story: &mut Story| {
        story.focus("aa").focus("bb").focus("aa");
    };
    for (finding, nothing) in [
        ("popup-without-close", NotTriggered),
        ("repeated-asking-after-denial", NotTriggered),
        ("no-policy-prompt-on-first-launch", Observed),
        ("permission-without-purpose", Observed),
    ] {
        let mut story = Story::started();
        story.tap("Go on", "step");
        if finding == "permission-without-purpose" {
            story.prompt(&["CAMERA"], false, false);
        }
        let mut blind = Story::started();
        unread(&mut blind);
        blind.tap("Go on", "step");
        if finding == "permission-without-purpose" {
            blind.prompt(&["CAMERA"], false, false);
        }
        expect(finding, nothing, &mut story);
        expect(finding, NotAssessable, &mut blind);
    }
    // One that was read, by a look in its time or as a pop-up of that time, hides nothing.
    let id = "popup-without-close";
    let mut looked = Story::started();
    looked.focus("aa").focus("bb").screen("org.app/.Main").focus("aa");
    expect(id, NotTriggered, &mut looked);
    let mut met = Story::started();
    met.focus("aa").focus("bb").popup("message", json!({})).at_the_time_of_the_one_before().focus("aa");
    expect(id, NotTriggered, &mut met);
    // Times of a forged record.
    for time in [i64::MIN, i64::MAX] {
        let mut forged = Story::started();
        forged.focus("aa").focus("bb").at_device_time(time).popup("message", json!({})).at_device_time(time);
        expect(id, NotTriggered, &mut forged);
    }
    // The activity's own window after a return is no dialog, and the system's windows are not the app's.
    let mut back = Story::started();
    back.focus("aa");
    back.tell(json!({"kind": "activity-resumed", "component": "org.app/.Main"})).focus("cc");
    back.tell(json!({"kind": "window-focused", "window": "org.other/.Main", "token": "dd", "source": "event log"}));
    back.tell(json!({"kind": "window-focused", "window": "org.other/.Main", "token": "ee", "source": "event log"}));
    expect(id, NotTriggered, &mut back);
}

#[test]
fn asking_without_a_purpose() {
    let id = "permission-without-purpose";
    expect(id, Observed, Story::started().prompt(&["CAMERA"], true, false));
    expect(id, NotAssessable, Story::started().prompt(&["CAMERA"], true, false).beside());
    expect(id, NotObserved, Story::started().prompt(&["CAMERA"], true, true));
    expect(
        id,
        NotObserved,
        Story::started().popup("permission-plea", json!({})).gone("accepted", 1).prompt(&["CAMERA"], true, false),
    );
    expect(id, NotTriggered, &mut Story::started());
    expect(id, NotAssessable, &mut Story::of(None, &[]));
    // Half a minute stood something there that nobody read.
    let mut late = Story::of(Some("news"), &[]);
    late.launch().wait(30_000).prompt(&["CAMERA"], false, false);
    let outcome = late.ends(id);
    assert!(outcome.outcome == NotAssessable && outcome.review, "{}", outcome.reason);
    // A page that speaks of it may have told what for: a person reads it.
    let mut page = Story::started();
    page.prompt(&["CAMERA"], true, false);
    page.change_last("told-before", json!("we need the camera to scan"));
    let outcome = page.ends(id);
    assert!(outcome.outcome == NotAssessable && outcome.review, "{}", outcome.reason);
}

#[test]
fn asking_for_what_the_category_does_not_call_for() {
    let id = "permission-unrelated-to-function";
    let asks = |category, tapped, told| {
        let mut story = Story::of(category, &[]);
        story.launch().prompt(&["LOCATION"], tapped, told).answer("deny", &["ACCESS_FINE_LOCATION"]);
        story
    };
    expect(id, Observed, &mut asks(Some("news"), false, true));
    expect(id, NotObserved, &mut asks(Some("map-navigation"), false, true));
    expect(id, NotObserved, &mut asks(Some("news"), true, true));
    expect(id, NotTriggered, &mut Story::started());
    expect(id, NotAssessable, &mut asks(None, false, true));
}

#[test]
fn asking_again() {
    let id = "repeated-asking-after-denial";
    expect(id, Observed, Story::started().refused("CAMERA").prompt(&["CAMERA"], false, true));
    expect(id, Observed, Story::started().refused("CAMERA").popup("permission-plea", json!({"opened-by": "timer"})));
    expect(id, NotObserved, Story::started().refused("CAMERA").tap("Scan", "step").prompt(&["CAMERA"], true, true));
    expect(id, NotObserved, Story::started().refused("CAMERA").refused("LOCATION"));
    expect(id, NotObserved, Story::started().refused("CAMERA").wait(49 * 3_600_000).prompt(&["CAMERA"], false, true));
    expect(id, NotTriggered, Story::started().prompt(&["CAMERA"], false, true).answer("allow", &[]));
    expect(id, NotAssessable, Story::started().prompt(&[], false, true).answer("deny", &[]));
    // What the device's clock was set forward by has passed for the app.
    let clock = |by: &str| json!({"kind": "device-set", "what": "clock", "value": by, "by": "clock"});
    let asks_after = |by: &str| {
        let mut story = Story::started();
        story.refused("CAMERA").tell(clock(by)).prompt(&["CAMERA"], false, true);
        story
    };
    expect(id, NotObserved, &mut asks_after("forward by 172800 s"));
    expect(id, Observed, &mut asks_after("forward by 3600 s"));
    expect(id, NotAssessable, &mut asks_after("somehow"));
    let mut before = Story::started();
    before.tell(clock("forward by 172800 s")).refused("CAMERA").prompt(&["CAMERA"], false, true);
    expect(id, Observed, &mut before);
}

#[test]
fn asking_on_every_restart() {
    let id = "asks-again-on-every-restart";
    let restarts = |times: usize, asks: usize| {
        let mut story = Story::started();
        story.refused("CAMERA");
        for n in 0..times {
            story.restart();
            if n < asks {
                story.refused("CAMERA");
            }
        }
        story
    };
    let log = "requestPermissions android.permission.CAMERA";
    let suppressed = json!({"kind": "prompt-suppressed", "detail": log});
    expect(id, Observed, &mut restarts(3, 3));
    expect(id, Observed, restarts(1, 1).restart().tell(suppressed.clone()).restart().tell(suppressed));
    expect(id, NotObserved, &mut restarts(3, 2));
    // What the system keeps from the person names no permission, and asks nobody.
    let kept = |story: &mut Story| {
        for _ in 0..3 {
            story.restart().tell(json!({"kind": "prompt-suppressed", "detail": "REQUEST_PERMISSIONS"}));
        }
        story.ends(id)
    };
    let (one, two) =
        (kept(Story::started().refused("CAMERA")), kept(Story::started().refused("CAMERA").refused("CONTACTS")));
    assert!(one.outcome == NotAssessable && one.review, "{}", one.reason);
    assert!(two.outcome == NotAssessable && two.review, "{}", two.reason);
    expect(id, NotTriggered, Story::started().restart().restart().restart());
    expect(id, NotAssessable, &mut restarts(2, 2));
}

#[test]
fn leaving_when_refused() {
    let id = "exit-on-permission-denial";
    let ended = |how: &str| json!({"kind": "process-ended", "process": "org.app", "pid": 1, "how": how, "detail": ""});
    expect(id, Observed, Story::started().refused("CAMERA").tell(ended("exited")));
    let home = json!({"kind": "activity-resumed", "component": "org.launcher/.Home"});
    expect(id, Observed, Story::started().refused("CAMERA").tell(home).screen("org.launcher/.Home"));
    let shop = json!({"kind": "activity-resumed", "component": "org.browser/.Page"});
    let mut led = Story::started();
    led.refused("CAMERA")
        .wait(5_000)
        .screen("org.app/.Main")
        .tap("Rate us", "seek")
        .tell(shop)
        .screen("org.browser/.Page");
    expect(id, NotObserved, &mut led);
    // A log that fell silent would not tell either if the system had taken the app away.
    expect(id, NotAssessable, Story::started().refused("CAMERA").screen("org.launcher/.Home"));
    let mut loops = Story::started();
    loops.refused("CAMERA").refused("CAMERA").refused("CAMERA").refused("CAMERA");
    expect(id, Observed, &mut loops);
    let stays = || {
        let mut story = Story::started();
        story.refused("CAMERA").wait(5_000).screen("org.app/.Main");
        story
    };
    expect(id, NotObserved, &mut stays());
    expect(id, NotObserved, stays().restart().tell(ended("exited")));
    // Some say first why they leave.
    expect(id, NotAssessable, Story::started().refused("CAMERA").screen("org.app/.Main").restart());
    let page = |words: &str| {
        let mut story = stays();
        story.change_last("dead-end", json!(words));
        story
    };
    let outcome = page("正在定位…").ends(id);
    assert!(outcome.outcome == NotAssessable && outcome.review, "{}", outcome.reason);
    expect(id, NotAssessable, page("无法使用").tap("书城", "seek").screen("org.app/.Shop"));
    expect(id, NotObserved, page("正在定位…").screen("org.app/.Main"));
    expect(id, NotAssessable, Story::started().refused("CAMERA").tell(ended("killed")));
    expect(
        id,
        NotTriggered,
        Story::started().prompt(&["CAMERA"], false, true).answer("allow", &[]).tell(ended("exited")),
    );
    expect(id, NotAssessable, Story::started().refused("CAMERA").tell(ended("exited")).limit("emulator-detected"));
}

#[test]
fn functions_after_a_refusal() {
    let id = "basic-function-degraded-on-denial";
    expect(
        id,
        Observed,
        Story::started().function("before-refusal", "works").refused("CAMERA").function("after-refusal", "fails"),
    );
    expect(id, NotObserved, Story::started().refused("CAMERA").function("after-refusal", "works"));
    expect(id, NotAssessable, Story::started().refused("CAMERA").function("after-refusal", "fails"));
    expect(id, NotTriggered, Story::started().function("before-refusal", "fails"));
}

#[test]
fn the_policy_dialog() {
    let first = "no-policy-prompt-on-first-launch";
    expect(first, Observed, Story::started().tap("News", "step"));
    expect(first, NotObserved, Story::started().popup("consent", json!({})).tap("News", "step"));
    expect(first, NotAssessable, &mut Story::started());
    let named = json!({"words": "We changed our Privacy Policy. Got it"});
    expect(first, NotAssessable, Story::started().popup("message", named).tap("News", "step"));
    expect(first, NotAssessable, Story::started().limit("emulator-detected").tap("OK", "step"));
    let ticked = "consent-preticked";
    expect(ticked, Observed, Story::started().popup("consent", json!({"boxes": [["I agree", true]]})));
    expect(ticked, NotObserved, Story::started().popup("consent", json!({"boxes": [["I agree", false]]})));
    let page = |words: &str| {
        let mut story = Story::started();
        story.form(&["User name"], &[words], &["Sign in"], "Sign in");
        story
    };
    expect(ticked, Observed, page("我已阅读并同意《隐私政策》").ticked());
    expect(ticked, NotObserved, &mut page("I accept the Privacy Policy"));
    expect(ticked, NotTriggered, page("Remember me").ticked());
    expect(ticked, NotTriggered, Story::started().popup("promotion", json!({"boxes": [["Again", true]]})));
    expect(ticked, NotAssessable, Story::started().popup("message", json!({})).limit("no-model"));
    let refuse = "consent-without-refuse-option";
    expect(refuse, Observed, Story::started().popup("consent", json!({"accept": [control("OK", 9)]})));
    let both = json!({"accept": [control("Agree", 9)], "refuse": [control("Refuse", 9)]});
    expect(refuse, NotObserved, Story::started().popup("consent", both));
    for (close, outcome) in [("Not now", NotObserved), ("以后再说", NotObserved), ("×", Observed), ("Got it", Observed)]
    {
        let shown = json!({"accept": [control("Agree", 9)], "close": [control(close, 9)]});
        expect(refuse, outcome, Story::started().popup("consent", shown));
    }
    let other = json!({"accept": [control("Agree", 9)], "others": [control("Continue lightly", 9)]});
    expect(refuse, NotAssessable, Story::started().popup("consent", other));
    expect(refuse, NotTriggered, &mut Story::started());
    expect(refuse, NotAssessable, Story::started().popup("consent", json!({})));
    let cross = json!({"accept": [control("Agree", 9)], "marks": [control("#iv_x", 9)]});
    let outcome = Story::started().popup("consent", cross).ends(refuse);
    assert!(outcome.outcome == Observed && outcome.review, "{}", outcome.reason);
    let exits = "exits-when-policy-refused";
    let stuck = Story::started().popup("consent", json!({})).consent("refused", "dead-end").ends(exits);
    assert!(stuck.outcome == NotAssessable && stuck.review, "{}", stuck.reason);
    expect(exits, Observed, Story::started().popup("consent", json!({})).consent("refused", "exited"));
    expect(
        exits,
        NotObserved,
        Story::started()
            .popup("consent", json!({}))
            .consent("refused", "second-dialog")
            .consent("refused", "basic-mode"),
    );
    expect(exits, NotTriggered, Story::started().popup("consent", json!({})).consent("accepted", "continued"));
    expect(exits, NotAssessable, Story::started().popup("consent", json!({})).consent("refused", "second-dialog"));
}

#[test]
fn advertisements() {
    let shown = |side: i32| json!({"close": [control("Close", side)]});
    let close = "popup-without-close";
    expect(close, Observed, Story::started().popup("promotion", json!({})));
    expect(close, Observed, Story::started().popup("promotion", shown(20)));
    // Taken away with its app before anything might come up that closes it.
    expect(close, NotAssessable, Story::started().popup("promotion", json!({})).gone("app-gone", 0));
    expect(close, Observed, Story::started().popup("promotion", shown(48)).gone("led-away", 1));
    // A cross without words, at its corner.
    let cross = |side: i32| json!({"marks": [control("#iv_x", side)]});
    expect(close, NotObserved, Story::started().popup("promotion", cross(48)).gone("closed", 1));
    expect(close, Observed, Story::started().popup("promotion", cross(48)).gone("not-closed", 4));
    expect(close, Observed, Story::started().popup("promotion", cross(8)).gone("closed", 1));
    // A page without a mark that closes it, from which the run went on: an advertisement, or the app's own page.
    let page = json!({"covers": 1.0, "words": "Shop\nMembership\nMe"});
    expect(close, Observed, Story::started().popup("promotion", page.clone()).gone("not-closed", 0));
    let mut used = Story::started();
    used.popup("promotion", page).gone("not-closed", 0).tap("Me", "seek");
    expect(close, NotAssessable, &mut used);
    expect(close, Observed, Story::started().popup("promotion", shown(48)).gone("not-closed", 4));
    expect(close, NotObserved, Story::started().popup("promotion", shown(24)).gone("closed", 1));
    expect(close, NotTriggered, Story::started().popup("message", json!({})));
    let taps = "popup-close-needs-more-than-one-tap";
    expect(taps, Observed, Story::started().popup("promotion", shown(48)).gone("closed", 2));
    expect(taps, NotObserved, Story::started().popup("promotion", shown(48)).gone("closed", 1));
    expect(taps, NotAssessable, Story::started().popup("promotion", shown(48)).gone("by-itself", 0));
    expect(taps, NotTriggered, &mut Story::started());
    let returns = "popup-returns-after-close";
    let again = json!({"same-as": 1, "opened-by": "timer"});
    expect(
        returns,
        Observed,
        Story::started().popup("promotion", shown(48)).gone("closed", 1).popup("promotion", again.clone()),
    );
    expect(
        returns,
        NotObserved,
        Story::started()
            .popup("promotion", shown(48))
            .gone("closed", 1)
            .tap("x", "step")
            .popup("promotion", again.clone()),
    );
    expect(returns, NotTriggered, Story::started().popup("promotion", shown(48)));
    let frequent = "frequent-popups";
    let mut many = Story::started();
    for _ in 0..4 {
        many.popup("promotion", shown(48));
    }
    expect(frequent, Observed, &mut many);
    expect(frequent, NotObserved, Story::started().popup("promotion", shown(48)).wait(600_000));
    expect(frequent, NotAssessable, Story::started().popup("promotion", shown(48)));
    let mut restarted = Story::started();
    for _ in 0..6 {
        restarted.popup("promotion", shown(48)).restart();
    }
    expect(frequent, NotAssessable, &mut restarted);
}

#[test]
fn what_the_file_declares() {
    let more = "declares-more-than-needed";
    let declares = |permission: &str| {
        let mut story = Story::of(Some("map-navigation"), &[permission]);
        story.launch().screen("org.app/.Main").read_accesses();
        story
    };
    expect(more, Observed, &mut declares("READ_CONTACTS"));
    expect(more, NotObserved, &mut declares("ACCESS_FINE_LOCATION"));
    expect(more, NotObserved, declares("READ_CONTACTS").access("READ_CONTACTS", 0, true));
    expect(more, NotAssessable, declares("READ_CONTACTS").limit("no-model"));
    let never = "declared-never-used";
    expect(never, Observed, declares("CAMERA").function("before-refusal", "works"));
    expect(never, NotObserved, declares("CAMERA").refused("CAMERA").function("after-refusal", "works"));
    expect(never, NotAssessable, &mut declares("CAMERA"));
    expect("old-target-blanket-grant", NotObserved, &mut declares("CAMERA"));
    expect("background-location-asked", NotTriggered, &mut declares("CAMERA"));
    expect("background-location-asked", NotObserved, &mut declares("ACCESS_BACKGROUND_LOCATION"));
}

#[test]
fn an_update() {
    let id = "permission-state-changed-after-update";
    let state = |granted: bool| {
        let camera = json!({"name": "android.permission.CAMERA", "granted": granted, "flags": ["USER_SET"]});
        json!({"kind": "permission-state", "package": "org.app", "reason": "", "permissions": [camera]})
    };
    let upgrade = json!({"kind": "installed", "package": "org.app", "version-code": 2, "replaced": 1});
    expect(id, Observed, Story::started().tell(state(false)).tell(upgrade.clone()).tell(state(true)));
    expect(id, NotObserved, Story::started().tell(state(false)).tell(upgrade.clone()).tell(state(false)));
    expect(id, NotAssessable, Story::started().tell(upgrade));
    expect(id, NotTriggered, Story::started().tell(state(false)));
}

#[test]
fn starting_by_itself() {
    let id = "self-start";
    let start = |cause: &str| json!({"kind": "process-started", "process": "org.app", "pid": 1, "cause": cause, "component": "x"});
    let stopped = json!({"kind": "stopped", "package": "org.app"});
    expect(id, Observed, Story::started().tell(stopped.clone()).tell(start("broadcast")));
    expect(id, NotObserved, Story::started().tell(start("service")).tell(stopped.clone()).wait(3_600_000));
    expect(id, NotAssessable, Story::started().tell(stopped).tell(start("activity")));
    expect(id, NotAssessable, Story::started().limit("no-event-log"));
}

#[test]
fn a_screen_that_could_not_be_read_hides_what_it_may_have_shown() {
    let gap = json!({"kind": "gap", "from": 1, "to": 40_000, "source": "view hierarchy", "why": "no root"});
    expect("repeated-asking-after-denial", NotAssessable, Story::started().tell(gap.clone()));
    expect(
        "repeated-asking-after-denial",
        Observed,
        Story::started().tell(gap.clone()).refused("CAMERA").refused("CAMERA"),
    );
    // What the device itself tells of accesses does not hang on the screen.
    expect("clipboard-read", NotObserved, Story::started().read_accesses().tell(gap));
}

#[test]
fn an_observers_word_counts_from_its_greeting_on() {
    let hello =
        |sees: serde_json::Value| json!({"kind": "observer-hello", "observer": "lab", "version": "1", "sees": sees});
    let ended = json!({"kind": "observer-ended", "observer": "lab", "how": "", "with-run": true, "events": 0, "dropped": 0,
        "first-mistake": "", "last-words": ""});
    let both = || json!(["device-id-read", "app-list-read"]);
    let said = |before: &[serde_json::Value], after: &[serde_json::Value]| {
        let mut story = Story::of(Some("news"), &[]);
        for hello in before {
            story.tell(hello.clone());
        }
        story.launch().screen("org.app/.Main").read_accesses();
        for hello in after {
            story.tell(hello.clone());
        }
        story.tell(ended.clone());
        story
    };
    for id in ["device-id-read", "installed-app-list-read"] {
        expect(id, NotObserved, &mut said(&[hello(both())], &[]));
        expect(id, NotAssessable, &mut said(&[], &[hello(both())]));
        expect(id, NotAssessable, &mut said(&[hello(json!([]))], &[hello(both())]));
        expect(id, NotAssessable, &mut said(&[hello(both())], &[hello(json!([]))]));
        let late = said(&[], &[hello(both())]).ends(id);
        assert!(late.reason.contains("only after the app had been started"), "{}", late.reason);
    }
}

#[test]
fn an_app_that_can_not_run_here_is_not_said_to_be_fine() {
    for limit in ["other-processor", "keeps-stopping", "emulator-detected"] {
        expect("repeated-asking-after-denial", NotAssessable, Story::started().limit(limit));
        let ended = json!({"kind": "process-ended", "process": "org.app", "pid": 1, "how": "exited", "detail": ""});
        expect("exit-on-permission-denial", NotAssessable, Story::started().limit(limit).refused("CAMERA").tell(ended));
    }
}

#[test]
fn what_a_step_on_the_settings_page_does_is_no_reaction_to_a_refusal() {
    let id = "exit-on-permission-denial";
    let ended = json!({"kind": "process-ended", "process": "org.app", "pid": 1, "how": "exited", "detail": ""});
    let mut story = Story::started();
    story.refused("CAMERA").wait(5_000).screen("org.app/.Main").step("2", "set-permission").tell(ended);
    expect(id, NotObserved, &mut story);
}
