//! Rules that rest on a probe of the run, on an outside observer or on what is around the app: seen, nearly seen, no
//! occasion, blind.

use serde_json::{Value, json};

use super::OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
use super::story::{Story, expect};

/// Monday, 11 May 2026, 10:00 in China.
const MONDAY: i64 = 1_778_464_800_000;
const DAY: u64 = 24 * 3_600_000;

fn tell(story: &mut Story, event: Value) -> &mut Story {
    story.tell(event)
}

#[test]
fn a_movement_that_leads_away() {
    let id = "shake-to-jump-too-sensitive";
    let moved = |acceleration: f64, led_to: Option<&str>| {
        let mut story = Story::started();
        story.popup("promotion", json!({})).tell(json!({
            "kind": "moved", "name": "carried", "acceleration": acceleration, "lasts-ms": 300, "route": "console",
            "popup": 1, "led-to": led_to, "seen": null
        }));
        story
    };
    expect(id, Observed, &mut moved(14.9, Some("the browser")));
    expect(id, NotObserved, &mut moved(15.0, Some("the browser")));
    expect(id, NotObserved, &mut moved(8.0, None));
    expect(id, NotTriggered, Story::started().step("1", "move-device").step_done("1", "done"));
    expect(id, NotAssessable, &mut Story::started());
}

#[test]
fn a_touch_beside_everything_that_leads_away() {
    let id = "whole-screen-jump";
    let tapped = |jumps: usize, of: usize| {
        let mut story = Story::started();
        story.popup("promotion", json!({}));
        for tap in 0..of {
            let to = (tap < jumps).then_some("the shop");
            story.tell(json!({
                "kind": "blank-tapped", "popup": 1, "point": {"x": 5, "y": 5}, "led-to": to, "seen": null
            }));
        }
        story
    };
    expect(id, Observed, &mut tapped(4, 4));
    expect(id, NotObserved, &mut tapped(0, 4));
    expect(id, NotTriggered, Story::started().step("1", "tap-blank").step_done("1", "done"));
    expect(id, NotAssessable, Story::started().popup("promotion", json!({})).step("1", "tap-blank"));
    // Tapped when the advertisement may have been over.
    let mut late = Story::started();
    late.popup("promotion", json!({})).step("1", "tap-blank");
    late.tell(json!({"kind": "limit", "limit": "other",
        "detail": "the advertisement may have ended by itself before a blank place of it was tapped"}));
    expect(id, NotAssessable, &mut late);
    // One that came at an earlier start alone.
    let mut earlier = Story::started();
    earlier.popup("promotion", json!({"step": "0"})).step("1", "tap-blank").step_done("1", "done");
    expect(id, NotTriggered, &mut earlier);
    expect(id, NotAssessable, &mut Story::started());
}

#[test]
fn a_renewal_that_is_ticked() {
    let id = "autorenewal-preticked";
    let offered = |boxes: Value, priced: bool| {
        let mut story = Story::started();
        story.tell(json!({"kind": "renewal-offered", "words": "w", "priced": priced, "boxes": boxes, "capture": 4}));
        story
    };
    let cancel = "subscription-cancel";
    expect(id, Observed, &mut offered(json!([["renews", true]]), true));
    expect(id, NotObserved, offered(json!([["renews", false]]), true).seek(cancel, "found", 3, false));
    expect(id, Observed, offered(json!([["renews", false]]), true).seek(cancel, "not-found", 0, false));
    expect(id, NotAssessable, offered(json!([["renews", false]]), true).seek(cancel, "not-found", 0, true));
    // A box that was found for cancelling, and is the offer's own.
    let mut own = offered(json!([["Cancel", false]]), true);
    own.tell(json!({"kind": "seek-ended", "concept": cancel, "outcome": "found", "depth": 1, "path": [], "words": "Cancel", "taps": 3,
        "visited": [], "ways": [], "blocked-by": "", "bounded": false, "dead": [], "perhaps": []}));
    expect(id, NotAssessable, &mut own);
    // A box that ticks itself; and one that the person ticked.
    let later = |target: &str| {
        let mut story = offered(json!([["renews", false]]), true);
        story.tap(target, "step");
        story.tell(
            json!({"kind": "renewal-offered", "words": "w", "priced": true, "boxes": [["renews", true]], "capture": 4}),
        );
        story.seek(cancel, "found", 3, false);
        story
    };
    expect(id, Observed, &mut later("A month"));
    expect(id, NotObserved, &mut later("renews"));
    expect(id, NotAssessable, &mut offered(json!([]), true));
    expect(id, NotAssessable, &mut offered(json!([["renews", true]]), false));
    expect(id, NotAssessable, &mut Story::started());
}

fn child() -> Story {
    let mut story = Story::started();
    story.tell(json!({"kind": "child-declared", "birth-date": "2016-05-11", "age": 10}));
    story
}

fn guardian(refuse: &[&str], lacks: &[&str]) -> Value {
    json!({"kind": "guardian-asked", "words": "w", "answers": ["yes"], "refuse": refuse, "matters": ["purpose"], "lacks": lacks, "capture": 4})
}

#[test]
fn a_guardian_of_a_child() {
    let id = "no-guardian-consent";
    expect(id, Observed, child().account("sign-up", "accepted", &[]));
    expect(id, NotObserved, tell(&mut child(), guardian(&["no"], &[])).account("sign-up", "accepted", &[]));
    expect(id, NotObserved, child().account("sign-up", "refused", &[]));
    // Asked too late; and only spoken of.
    expect(id, Observed, tell(child().account("sign-up", "accepted", &[]), guardian(&["no"], &[])));
    let mut spoken = guardian(&["no"], &[]);
    spoken["answers"] = json!([]);
    expect(id, NotAssessable, tell(&mut child(), spoken.clone()).account("sign-up", "accepted", &[]));
    expect(id, NotAssessable, child().account("sign-up", "unclear", &[]));
    expect(id, NotAssessable, Story::started().account("sign-up", "accepted", &[]));
    let id = "children-consent-incomplete";
    expect(id, Observed, tell(&mut child(), guardian(&["no"], &["retention"])));
    expect(id, Observed, tell(&mut child(), guardian(&[], &[])));
    expect(id, NotObserved, tell(&mut child(), guardian(&["no"], &[])));
    expect(id, NotTriggered, &mut child());
    expect(id, NotTriggered, tell(&mut child(), spoken));
    expect(id, NotAssessable, tell(&mut Story::started(), guardian(&[], &[])));
}

#[test]
fn what_a_child_is_refused() {
    let id = "children-forced-non-necessary";
    let died = json!({"kind": "process-ended", "process": "org.app", "pid": 1, "how": "exited", "detail": ""});
    let gone = |story: &mut Story| {
        let refused = story.refused("CAMERA");
        tell(refused, died.clone()).screen("com.launcher/.Home");
    };
    let mut story = child();
    gone(story.account("sign-up", "accepted", &[]));
    expect(id, Observed, &mut story);
    // Before there was an account, it was nobody's in particular.
    let mut story = child();
    gone(&mut story);
    expect(id, NotTriggered, story.account("sign-up", "accepted", &[]));
    let mut story = child();
    story.account("sign-up", "accepted", &[]).refused("CAMERA").function("after-refusal", "works");
    expect(id, NotObserved, &mut story);
    expect(id, NotTriggered, child().account("sign-up", "accepted", &[]));
    expect(id, NotAssessable, child().account("sign-up", "accepted", &[]).refused("CAMERA"));
    expect(id, NotAssessable, child().account("sign-up", "refused", &[]));
    expect(id, NotAssessable, &mut Story::started());
}

#[test]
fn apps_that_start_each_other() {
    let id = "chained-start";
    let beside = |others: &[&str]| {
        let apps: Vec<Value> = others.iter().map(|package| json!({"package": package, "uid": 10_200})).collect();
        let mut story = Story::started();
        story.tell(json!({"kind": "neighbours", "reason": "before", "packages": apps}));
        story
    };
    let call = |called: &str| {
        json!({"kind": "app-called", "caller": "org.app", "called": called, "component": format!("{called}/.Main"),
            "action": "", "media": "", "how": "activity"})
    };
    let other = "org.other";
    let woken =
        |cause: &str| json!({"kind": "process-started", "process": other, "pid": 7, "cause": cause, "component": ""});
    expect(id, Observed, tell(&mut beside(&[other]), call(other)));
    expect(id, NotObserved, tell(beside(&[other]).tap("Open", "step"), call(other)));
    expect(id, NotObserved, tell(&mut beside(&[other]), call("com.android.browser")));
    expect(id, NotAssessable, tell(&mut beside(&[other]), woken("service")));
    expect(id, NotObserved, tell(&mut beside(&[other]), woken("top-activity")));
    // A keyboard that the run itself chose.
    let chosen = |id: &str| json!({"kind": "device-set", "what": "input method", "value": id, "by": "ime"});
    expect(id, NotObserved, tell(beside(&[other]).tell(chosen("org.other/.Ime")), woken("service")));
    expect(id, NotAssessable, tell(beside(&[other]).tell(chosen("org.third/.Ime")), woken("service")));
    expect(id, NotAssessable, &mut beside(&[]));
    expect(id, NotAssessable, &mut Story::started());
}

fn downloads(reason: &str, files: &[(&str, u64)]) -> Value {
    let files: Vec<Value> = files.iter().map(|(name, mono)| json!({"name": name, "bytes": 9, "mono": mono})).collect();
    json!({"kind": "downloads", "reason": reason, "files": files})
}

#[test]
fn downloads_nobody_asked_for() {
    let (forced, misleading) = ("forced-or-silent-download", "misleading-download-control");
    // Told by the system two seconds after the tap, when there is one.
    let downloaded = |tapped: Option<&str>| {
        let mut story = Story::started();
        story.tell(downloads("before", &[])).wait(60_000);
        if let Some(target) = tapped {
            story.tap(target, "popup-close");
        }
        story.tell(json!({"kind": "download-told", "by": "com.android.providers.downloads"}));
        let then = story.entries().last().unwrap().at.mono;
        story.tell(downloads("end", &[("game.apk", then)]));
        story
    };
    expect(forced, Observed, &mut downloaded(None));
    expect(forced, NotObserved, &mut downloaded(Some("Skip")));
    expect(forced, NotObserved, &mut downloaded(Some("Download")));
    expect(misleading, Observed, &mut downloaded(Some("Skip")));
    expect(misleading, NotObserved, &mut downloaded(Some("Download")));
    expect(misleading, NotTriggered, &mut downloaded(None));
    // The file's second holds a start of the app: it may be this that fetched it, and not the press before.
    let mut restarted = Story::started();
    restarted.tell(downloads("before", &[])).wait(60_000).tap("Agree", "consent-policy").restart();
    let second = restarted.entries().last().unwrap().at.mono - 1_000;
    restarted.tell(downloads("end", &[("game.apk", second)]));
    for id in [forced, misleading] {
        expect(id, NotAssessable, &mut restarted);
        expect(id, NotObserved, tell(tell(&mut Story::started(), downloads("before", &[])), downloads("end", &[])));
        expect(id, NotAssessable, tell(&mut Story::started(), downloads("before", &[])));
    }
}

#[test]
fn an_app_that_clings() {
    let id = "hard-to-uninstall";
    let removed = |launcher: Option<bool>, administrator: Option<bool>, end: Value| {
        let mut story = Story::named("Words");
        story.launch().screen("org.app/.Main");
        story.tell(json!({"kind": "removal", "launcher": launcher, "administrator": administrator})).tell(end);
        story
    };
    let gone = json!({"kind": "uninstalled", "package": "org.app"});
    let refused = |code: &str| json!({"kind": "uninstall-refused", "code": code, "message": ""});
    expect(id, Observed, &mut removed(Some(true), Some(true), refused("DELETE_FAILED_DEVICE_POLICY_MANAGER")));
    expect(id, Observed, &mut removed(Some(true), None, refused("DELETE_FAILED_DEVICE_POLICY_MANAGER")));
    expect(id, NotAssessable, &mut removed(Some(true), Some(false), refused("DELETE_FAILED_INTERNAL_ERROR")));
    expect(id, Observed, &mut removed(Some(false), Some(false), gone.clone()));
    expect(id, NotObserved, &mut removed(Some(true), Some(false), gone.clone()));
    expect(id, NotAssessable, &mut removed(None, Some(false), gone));
    expect(id, NotAssessable, &mut Story::started());
}

#[test]
fn a_complaint_that_nobody_answers() {
    let id = "complaint-not-answered-in-time";
    let sent = |day: &str, answered: Option<&str>| {
        let mut story = Story::started();
        story.on_day(MONDAY).tell(json!({"kind": "complaint", "sent": day, "answered": answered}));
        story
    };
    // 15 working days after Monday, 2 March 2026, end on 23 March; 15 days on 17 March.
    expect(id, Observed, &mut sent("2026-03-02", None));
    expect(id, Observed, &mut sent("2026-03-02", Some("2026-03-24")));
    expect(id, NotAssessable, &mut sent("2026-03-02", Some("2026-03-23")));
    expect(id, NotObserved, &mut sent("2026-03-02", Some("2026-03-17")));
    expect(id, NotAssessable, &mut sent("2026-05-08", None));
    expect(id, NotAssessable, &mut sent("soon", None));
    expect(id, NotTriggered, Story::started().seek("complaint-channel", "not-found", 0, false));
    expect(id, NotAssessable, Story::started().seek("complaint-channel", "found", 2, false));
}

#[test]
fn an_account_that_stays_too_long() {
    let id = "deletion-not-done-in-time";
    let asked = |days: u64, again: &str| {
        let mut story = Story::started();
        story.on_day(MONDAY).account("sign-in", "accepted", &[]).account("request-deletion", "pending", &[]);
        story.wait(days * DAY).account("sign-in-after-deletion", again, &[]);
        story
    };
    // 15 working days after Monday, 11 May 2026, end on 1 June.
    expect(id, Observed, &mut asked(22, "accepted"));
    expect(id, NotAssessable, &mut asked(21, "accepted"));
    expect(id, NotObserved, &mut asked(21, "refused"));
    expect(id, NotAssessable, &mut asked(22, "refused"));
    expect(id, NotAssessable, Story::started().account("sign-in", "accepted", &[]));
    // Who looks signs in, which calls a request off in many apps.
    let looked = |words: &str| {
        let mut story = Story::started();
        story.on_day(MONDAY).account("sign-in", "accepted", &[]);
        story.tell(
            json!({"kind": "account", "act": "request-deletion", "outcome": "pending", "words": words, "taps": 1,
            "conditions": []}),
        );
        story.wait(16 * DAY).account("sign-in-after-deletion", "accepted", &[]);
        story.wait(24 * DAY).account("sign-in-after-deletion", "accepted", &[]);
        story
    };
    expect(id, Observed, &mut looked("申请已提交，15个工作日内处理"));
    expect(id, NotAssessable, &mut looked("申请已提交，15个工作日内登录视为放弃注销"));
    // Signed in after the promised day, it is late whatever came of that.
    expect(id, Observed, &mut looked("7个工作日内完成，期间登录视为放弃注销"));
}

fn watched(sees: &[&str], with_run: bool, dropped: u64, seen: Option<&str>) -> Story {
    let mut story = Story::of(Some("news"), &[]);
    story.tell(json!({"kind": "observer-hello", "observer": "lab", "version": "1", "sees": sees}));
    story.launch().screen("org.app/.Main").read_accesses();
    if let Some(kind) = seen {
        let now = story.entries().last().unwrap().at.mono;
        story.tell(
            json!({"kind": "observed", "observer": "lab", "seen": kind, "package": null, "what": "x", "detail": "",
            "data": null, "device-time": null, "mono": now}),
        );
    }
    story.tell(json!({"kind": "observer-ended", "observer": "lab", "how": "", "with-run": with_run, "events": 0,
        "dropped": dropped, "first-mistake": "", "last-words": ""}));
    story
}

#[test]
fn what_only_an_observer_sees() {
    for (id, kind) in [("device-id-read", "device-id-read"), ("installed-app-list-read", "app-list-read")] {
        expect(id, Observed, &mut watched(&[kind], true, 0, Some(kind)));
        expect(id, NotObserved, &mut watched(&[kind], true, 0, None));
        // What it doesn't promise to see, what it saw in part, and an end before the run's are no clearance.
        expect(id, NotAssessable, &mut watched(&["data-sent"], true, 0, None));
        expect(id, NotAssessable, &mut watched(&[kind], true, 1, None));
        expect(id, NotAssessable, &mut watched(&[kind], false, 0, None));
        expect(id, NotAssessable, Story::started().read_accesses());
    }
    expect("device-id-read", Observed, Story::started().access("READ_DEVICE_IDENTIFIERS", 0, true).read_accesses());
    let mut declares = Story::of(Some("news"), &["QUERY_ALL_PACKAGES"]);
    expect("installed-app-list-read", Observed, declares.launch().screen("org.app/.Main"));
}

#[test]
fn reading_what_concerns_others() {
    let id = "contacts-of-others-read";
    expect(id, Observed, Story::started().access("READ_CONTACTS", 0, true).read_accesses());
    expect(id, NotAssessable, Story::started().tap("Invite", "step").access("READ_CONTACTS", 0, true).read_accesses());
    expect(id, NotObserved, Story::started().access("CAMERA", 0, true).read_accesses());
    expect(id, NotAssessable, &mut Story::started());
}

#[test]
fn signing_in_as_a_condition() {
    let wall = "login-wall-before-basic-function";
    let demanded = |function: &str| {
        let mut story = Story::started();
        story.popup("sign-in", json!({})).function("before-refusal", function);
        story
    };
    expect(wall, Observed, &mut demanded("fails"));
    expect(wall, NotObserved, &mut demanded("works"));
    expect(wall, NotAssessable, Story::started().function("before-refusal", "fails"));
    let mut taxi = Story::of(Some("ride-hailing"), &[]);
    taxi.launch().screen("org.app/.Main").popup("sign-in", json!({})).function("before-refusal", "fails");
    expect(wall, NotTriggered, &mut taxi);
    let mut first = Story::started();
    first.form(&[], &[], &["登录"], "登录").change_last("sign-in", json!(true));
    first.seek("privacy-policy", "blocked", 0, false);
    let outcome = first.ends(wall);
    assert!(outcome.outcome == NotAssessable && outcome.review, "{}", outcome.reason);
    let blocked = "registration-blocked-on-denial";
    let signing = |refuses: bool, outcome: &str| {
        let mut story = Story::started();
        story.step("1", "sign-in").step("1.1", "tap");
        if refuses {
            story.refused("CONTACTS");
        }
        story.account("sign-in", outcome, &[]);
        story
    };
    let mut before = Story::started();
    before.step("1", "sign-in").refused("CONTACTS").step("1.1", "tap").account("sign-in", "unclear", &[]);
    expect(blocked, NotTriggered, &mut before);
    expect(blocked, Observed, &mut signing(true, "no-effect"));
    expect(blocked, NotObserved, &mut signing(true, "accepted"));
    expect(blocked, NotTriggered, &mut signing(false, "no-effect"));
    expect(blocked, NotAssessable, &mut Story::started());
}

#[test]
fn rights_that_need_a_place() {
    let signed_in = || {
        let mut story = Story::started();
        story.account("sign-in", "accepted", &[]);
        story
    };
    for (id, concept) in [("no-access-or-copy", "data-copy"), ("no-correction-or-deletion-of-info", "correct-info")] {
        expect(id, Observed, signed_in().seek(concept, "not-found", 0, false));
        expect(id, NotObserved, signed_in().seek(concept, "found", 3, false));
        expect(id, NotAssessable, Story::started().seek(concept, "not-found", 0, false));
        expect(id, NotAssessable, signed_in().seek(concept, "not-found", 0, true));
    }
    let list = "no-collected-info-list";
    expect(list, Observed, Story::started().seek("personal-info-list", "not-found", 0, false));
    expect(list, NotObserved, Story::started().seek("personal-info-list", "found", 3, false));
    expect(list, NotAssessable, Story::started().seek("personal-info-list", "found", 4, false));
    expect(list, NotAssessable, &mut Story::started());
    // Somebody to write to may take complaints.
    let complaint = |policy: &str| {
        let mut story = Story::started();
        story.text("privacy-policy", policy, 14.0, 21.0).seek("complaint-channel", "not-found", 0, false);
        story
    };
    let long = "We are Example Ltd and count how often you open the app, to make it better, for a year at the most.";
    expect("no-complaint-channel", Observed, &mut complaint(long));
    expect("no-complaint-channel", NotAssessable, &mut complaint(&format!("{long} Contact us: a@b.cn")));
    let children = "no-children-rules";
    let sought = |label: &str, outcome: &str| {
        let mut story = Story::named(label);
        story.launch().screen("org.app/.Main").seek("children-policy", outcome, 2, false);
        story
    };
    expect(children, Observed, &mut sought("宝宝巴士", "not-found"));
    expect(children, NotObserved, &mut sought("宝宝巴士", "found"));
    expect(children, NotAssessable, &mut sought("Ledger", "not-found"));
    expect(children, NotAssessable, &mut Story::named("宝宝巴士"));
}

#[test]
fn a_switch_that_does_not_hold() {
    let id = "recommendation-opt-out-burdensome";
    let turned = |after: Value, confirmations: u32, restarts: Value| {
        let mut story = Story::started();
        story.seek("recommendation-switch", "found", 3, false).tell(json!({
            "kind": "switch-turned", "concept": "recommendation-switch", "label": "l", "before": true, "after": after,
            "confirmations": confirmations, "restarts": restarts, "captures": []
        }));
        story
    };
    expect(id, Observed, &mut turned(json!(false), 1, json!([false, true])));
    expect(id, Observed, &mut turned(json!(true), 0, json!([])));
    expect(id, Observed, &mut turned(json!(false), 2, json!([false, false])));
    expect(id, NotObserved, &mut turned(json!(false), 1, json!([false, false])));
    expect(id, NotAssessable, &mut turned(json!(false), 1, json!([false, null])));
    expect(id, Observed, Story::started().seek("recommendation-switch", "found", 9, false));
    expect(id, NotTriggered, Story::started().seek("recommendation-switch", "not-found", 0, false));
    expect(id, NotAssessable, &mut Story::started());
}

#[test]
fn storage_where_the_system_has_a_picker() {
    let id = "storage-asked-where-picker-suffices";
    let asked = |after: Option<&str>, group: &str| {
        let mut story = Story::started();
        story.prompt(&[group], false, true);
        if let Some(tap) = after {
            story.pressed(tap);
        }
        story
    };
    expect(id, Observed, &mut asked(Some("Upload a picture"), "STORAGE"));
    expect(id, NotAssessable, &mut asked(Some("Save"), "STORAGE"));
    expect(id, NotAssessable, &mut asked(None, "READ_MEDIA_VISUAL"));
    expect(id, NotTriggered, &mut asked(Some("Upload a picture"), "CAMERA"));
}

#[test]
fn a_feed_that_does_not_say_what_it_is() {
    let id = "recommendation-not-labelled";
    let feed = |story: &mut Story, labels: &[&str]| {
        story.tell(json!({"kind": "feed-seen", "rows": 5, "titles": ["a", "b"], "labels": labels, "capture": 4}));
    };
    let reading = |policy: Option<&str>, feeds: &[&[&str]]| {
        let mut story = Story::started();
        feeds.iter().for_each(|labels| feed(&mut story, labels));
        if let Some(policy) = policy {
            story.text("privacy-policy", policy, 14.0, 21.0);
        }
        story
    };
    let chooses = "Your reading is used for personalised recommendations.";
    let handed = reading(Some(chooses), &[&["For you"], &[]]).ends(id);
    assert_eq!(handed.outcome, NotAssessable);
    // A person is shown both kinds, and what the app says of itself.
    assert!(handed.review && handed.exhibits.len() == 1 && handed.entries.len() == 3, "{handed:?}");
    expect(id, NotObserved, &mut reading(Some(chooses), &[&["For you"]]));
    expect(id, NotTriggered, &mut reading(Some("We keep nothing."), &[&[]]));
    let unread = reading(None, &[&[]]).ends(id);
    assert!(unread.outcome == NotAssessable && !unread.review, "{unread:?}");
    expect(id, NotAssessable, &mut reading(Some(chooses), &[]));
}

#[test]
fn no_list_of_third_parties() {
    let id = "no-sdk-list";
    let connection = |host: &str| {
        json!({"kind": "connection", "host": host, "host-by": "http", "address": "198.18.0.1", "port": 80,
            "protocol": "http", "whose": "app", "request": "", "sent": 5, "received": 5, "carried": [], "unread": "",
            "device-time": 0, "mono": 9_000, "lasted-ms": 1})
    };
    let talks = |host: &str, policy: Option<&str>| {
        let mut story = Story::started();
        story.tell(connection(host)).seek("sdk-list", "not-found", 0, false);
        if let Some(text) = policy {
            story.text("privacy-policy", text, 14.0, 21.0);
        }
        story
    };
    expect(id, Observed, &mut talks("ulogs.umeng.com", Some("We count.")));
    expect(id, NotAssessable, &mut talks("ulogs.umeng.com", Some("Umeng receives counts.")));
    expect(id, NotAssessable, &mut talks("ulogs.umeng.com", None));
    expect(id, NotAssessable, &mut talks("api.app.org", Some("We count.")));
    expect(id, NotObserved, Story::started().tell(connection("ulogs.umeng.com")).seek("sdk-list", "found", 2, false));
    expect(id, NotAssessable, Story::started().seek("sdk-list", "not-found", 0, true));
}
