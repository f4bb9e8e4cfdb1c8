use serde_json::{Value, json};

use crate::catalogue::Catalogue;
use crate::journal::entry::{Entry, Stamp};
use crate::judge::{Outcome, OutcomeKind, judge};

/// A record of an app `com.brand.shop`: opened, watched, installed, started at 3 s; the policy accepted at `consent` s.
fn record(connections: &[Value], consent: Option<u64>, more: &[(u64, Value)]) -> Vec<Entry> {
    let app = json!({"package": "com.brand.shop", "launcher": "x", "files": [{"name": "a", "sha256": "", "bytes": 1}]});
    let opened = json!({"kind": "case-opened", "case": "c", "attempt": 1, "purpose": "", "app": app, "category": "news",
        "scenario": "s", "scenario-title": "", "scenario-digest": "", "scenario-verbs": [], "prompts": "deny",
        "consent": "accept", "catalogue-digest": "", "program": "", "program-digest": null});
    let mut events = vec![
        (0, opened),
        (1, json!({"kind": "device", "serial": "d", "api": 34})),
        (2, json!({"kind": "installed", "package": "com.brand.shop", "version-code": 1, "replaced": null})),
        (2, json!({"kind": "network-watched", "source": "tcpdump", "searched": ["device-id", "location"]})),
        (3, json!({"kind": "launched", "component": "com.brand.shop/.Main", "count": 1})),
    ];
    events.extend(consent.map(|at| {
        (at, json!({"kind": "consent", "popup": null, "act": "accepted", "control": "OK", "after": "continued"}))
    }));
    events.extend(connections.iter().map(|c| (90, c.clone())));
    events.extend(more.iter().cloned());
    events
        .push((99, json!({"kind": "case-closed", "ended": "completed", "blame": null, "message": "", "missing": []})));
    events.sort_by_key(|(at, _)| *at);
    let entry = |(seq, (at, event)): (usize, (u64, Value))| Entry {
        seq: seq as u64,
        at: Stamp { wall: 0, mono: at * 1_000, device: None },
        prev: String::new(),
        event: serde_json::from_value(event).unwrap(),
    };
    events.into_iter().enumerate().map(entry).collect()
}

/// A connection at a second; `form` is how an identifier stands in it, if any does.
fn connection(host: &str, protocol: &str, at: u64, form: Option<&str>) -> Value {
    let carried: Vec<Value> = form
        .map(|form| json!({"kind": "device-id", "name": "android-id", "masked": "9f••••e6", "form": form}))
        .into_iter()
        .collect();
    json!({"kind": "connection", "host": host, "host-by": "http", "address": "198.18.0.1", "port": 80,
        "protocol": protocol, "whose": "app", "request": "", "sent": 5, "received": 5, "carried": carried, "unread": "",
        "device-time": 0, "mono": at * 1_000, "lasted-ms": 1})
}

fn but(mut connection: Value, key: &str, value: Value) -> Value {
    connection[key] = value;
    connection
}

fn told(finding: &str, entries: &[Entry]) -> Outcome {
    let judgement = judge(entries, &Catalogue::builtin());
    judgement.outcomes.into_iter().find(|o| o.finding == finding).unwrap()
}

fn kind(finding: &str, connections: &[Value], consent: Option<u64>) -> OutcomeKind {
    told(finding, &record(connections, consent, &[])).outcome
}

#[test]
fn what_goes_in_the_clear_is_a_finding_only_with_personal_data_and_an_owner() {
    let of = |connections: &[Value]| kind("cleartext-transmission", connections, Some(10));
    let open = connection("api.brand.com", "http", 20, Some("plain"));
    assert_eq!(of(std::slice::from_ref(&open)), OutcomeKind::Observed);
    assert_eq!(of(&[connection("api.brand.com", "http", 20, None)]), OutcomeKind::NotObserved);
    assert_eq!(of(&[connection("api.brand.com", "tls", 20, None)]), OutcomeKind::NotObserved);
    assert_eq!(of(&[]), OutcomeKind::NotTriggered);
    assert_eq!(of(&[but(open.clone(), "whose", json!("unknown"))]), OutcomeKind::NotAssessable);
    let stray = but(connection("api.brand.com", "tls", 20, None), "whose", json!("unknown"));
    assert_eq!(of(std::slice::from_ref(&stray)), OutcomeKind::NotAssessable, "it may be the app's");
    assert_eq!(of(&[stray.clone(), connection("a.brand.com", "tls", 20, None)]), OutcomeKind::NotObserved);
    let closed = but(but(open.clone(), "whose", json!("unknown")), "carried", json!([]));
    let packed = but(closed, "unread", json!("a request is packed as gzip"));
    assert_eq!(of(&[packed, connection("a.brand.com", "tls", 20, None)]), OutcomeKind::NotAssessable);
    let packed = but(connection("api.brand.com", "http", 20, None), "unread", json!("a request is packed as gzip"));
    assert_eq!(of(&[packed]), OutcomeKind::NotAssessable);
    let review =
        |form| told("cleartext-transmission", &record(&[connection("a.b", "http", 20, Some(form))], None, &[])).review;
    assert!(review("md5") && !review("plain"));
}

#[test]
fn without_the_whole_capture_nothing_is_said_to_be_fine() {
    let gap = |source: &str| json!({"kind": "gap", "from": 20_000, "to": 40_000, "source": source, "why": "cut"});
    let quiet = connection("api.brand.com", "tls", 20, None);
    let of = |more: &[(u64, Value)]| {
        told("cleartext-transmission", &record(std::slice::from_ref(&quiet), Some(10), more)).outcome
    };
    assert_eq!(of(&[(41, gap("network"))]), OutcomeKind::NotAssessable);
    assert_eq!(of(&[(41, gap("event log"))]), OutcomeKind::NotObserved);
    let ended = |untold: u64| json!({"kind": "network-ended", "packets": 9, "bytes": 9, "others": 0, "untold": untold, "captures": [], "whole": true});
    assert_eq!(of(&[(50, ended(0))]), OutcomeKind::NotObserved);
    assert_eq!(of(&[(50, ended(3))]), OutcomeKind::NotAssessable);
    for finding in ["undisclosed-third-party-transfer", "sdk-not-declared"] {
        let told = told(finding, &record(std::slice::from_ref(&quiet), Some(10), &[(50, ended(3))]));
        assert_eq!(told.outcome, OutcomeKind::NotAssessable, "{told:?}");
    }
    let limit = json!({"kind": "limit", "limit": "no-network-capture", "detail": "the network was not captured: x"});
    assert_eq!(of(&[(2, limit)]), OutcomeKind::NotAssessable);
}

#[test]
fn what_others_get_is_a_finding_before_consent() {
    let of = |connections: &[Value], consent| kind("undisclosed-third-party-transfer", connections, consent);
    let theirs = |at| connection("ulogs.umeng.com", "http", at, Some("plain"));
    assert_eq!(of(&[theirs(5)], Some(10)), OutcomeKind::Observed);
    assert_eq!(of(&[theirs(5)], None), OutcomeKind::Observed);
    assert_eq!(of(&[theirs(20)], Some(10)), OutcomeKind::NotAssessable, "whether it was declared is not known");
    assert_eq!(of(&[connection("api.brand.com", "http", 5, Some("plain"))], Some(10)), OutcomeKind::NotObserved);
    assert_eq!(of(&[connection("api.brand.com.cn", "http", 5, Some("plain"))], Some(10)), OutcomeKind::NotAssessable);
    assert_eq!(of(&[connection("ulogs.umeng.com", "tls", 5, None)], Some(10)), OutcomeKind::NotAssessable);
    assert_eq!(of(&[connection("ulogs.umeng.com", "http", 5, None)], Some(10)), OutcomeKind::NotObserved);
    let observed = told("undisclosed-third-party-transfer", &record(&[theirs(5)], Some(10), &[]));
    assert!(observed.review && observed.reason.contains("ulogs.umeng.com (device identifier)"), "{observed:?}");
}

#[test]
fn a_proxy_that_looks_on_sees_what_is_covered() {
    let seen = json!({"kind": "observed", "seen": "data-sent", "observer": "proxy", "package": null,
        "what": "ulogs.umeng.com", "detail": "", "data": "location", "device-time": null, "mono": 5_000});
    let covered = connection("ulogs.umeng.com", "tls", 5, None);
    let outcome = told("undisclosed-third-party-transfer", &record(&[covered], Some(10), &[(90, seen)]));
    assert_eq!(outcome.outcome, OutcomeKind::Observed);
    assert!(outcome.reason.contains("ulogs.umeng.com (location)"), "{outcome:?}");
}

#[test]
fn who_talks_with_a_company_has_to_name_it() {
    let of = |connections: &[Value]| kind("sdk-not-declared", connections, Some(10));
    assert_eq!(of(&[connection("api.brand.com", "tls", 20, None)]), OutcomeKind::NotTriggered);
    let talks = [connection("ulogs.umeng.com", "tls", 20, None)];
    assert_eq!(of(&talks), OutcomeKind::NotAssessable);
    let read = |concept: &str, text: &str, whole: bool| {
        let read = json!({"kind": "text-read", "concept": concept, "title": "", "text": text, "whole": whole,
            "captures": [], "prints": []});
        told("sdk-not-declared", &record(&talks, Some(10), &[(50, read)])).outcome
    };
    assert_eq!(read("sdk-list", "Third parties: 友盟+ (statistics)", false), OutcomeKind::NotObserved);
    assert_eq!(read("sdk-list", "Third parties: Bugly", true), OutcomeKind::Observed);
    assert_eq!(read("sdk-list", "Third parties: Bugly", false), OutcomeKind::NotAssessable);
    assert_eq!(read("privacy-policy", "We use Bugly", true), OutcomeKind::NotAssessable, "there may be a list");
}
