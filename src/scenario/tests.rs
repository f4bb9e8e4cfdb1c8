use std::time::Duration;

use super::*;
use crate::catalogue::Catalogue;
use crate::ui::{Concept, Selector, TextMatch};

fn parse(text: &str) -> Result<Scenario, Mistakes> {
    Scenario::parse("s.yaml", text)
}

fn steps(text: &str) -> Vec<Step> {
    let whole = format!(
        "scenario: s\ntitle: S\nneeds: {{account: true, older-version: true}}\nallow-irreversible: true\nsteps:\n{text}"
    );
    parse(&whole).unwrap_or_else(|mistakes| panic!("{mistakes}")).steps.into_iter().map(|step| step.value).collect()
}

/// Line, column and message of each mistake.
fn mistakes(text: &str) -> Vec<(usize, usize, String)> {
    let told = parse(text).expect_err("must not be read");
    told.list.into_iter().map(|mistake| (mistake.at.line, mistake.at.column, mistake.message)).collect()
}

#[test]
fn the_design_example_is_read() {
    let scenario = parse(
        r"
scenario: deny-non-essential
title: Refuse what the category does not need, then use the app
needs: {network: true}
prompts: deny-non-essential     # answer by policy whenever a prompt comes
consent: accept
steps:
  - launch
  - settle: {at-most: 15s}
  - functions
  - seek: account-deletion
  - tap: {concept: account-deletion}
  - expect: {text: /注销|delete/i, within: 5s}
  - stop
  - launch: {times: 3}
",
    )
    .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(scenario.id, "deny-non-essential");
    assert_eq!(scenario.prompts, PromptPolicy::DenyNonEssential);
    assert_eq!(scenario.consent, ConsentPolicy::Accept);
    assert!(scenario.needs.network && !scenario.allow_irreversible);
    assert_eq!(scenario.verbs(), ["launch", "settle", "functions", "seek", "tap", "expect", "stop"]);
    assert_eq!(scenario.steps[1].value, Step::Settle { at_most: Duration::from_secs(15) });
    assert_eq!(scenario.steps[1].at, Location { line: 9, column: 5 });
    let text = Some(TextMatch("/注销|delete/i".to_owned()));
    let what = Condition::View(Selector { text, ..Selector::default() });
    assert_eq!(scenario.steps[5].value, Step::Expect(Expectation { what, within: Duration::from_secs(5) }));
    assert_eq!(scenario.digest().len(), 64);
}

#[test]
fn every_verb_is_read() {
    let read = steps(
        r"
  - launch
  - launch: {times: 2}
  - settle
  - functions
  - seek: privacy-policy
  - read: sdk-list
  - tap: 同意
  - long-press: {id: row, index: 2}
  - type: {into: {class: EditText}, text: '${account.user}'}
  - type: words
  - clear-text: {near: Name, class: EditText}
  - swipe: up
  - swipe: {direction: left, on: {id: pager}}
  - scroll-to: {text: Imprint, inside: {id: list}}
  - back
  - home
  - wait: {for: {text: Ready, enabled: true}, within: 2m}
  - wait: {for: {app: gone}}
  - expect: {app: in-front, within: 3s}
  - expect-not: {text: Error}
  - expect: {prompts-at-most: 2}
  - stop
  - screenshot
  - screenshot: the list
  - note: asked twice
  - answer: deny-for-good
  - consent: refuse
  - sign-up
  - sign-in
  - request-deletion
  - check-account-deleted
  - close-popup
  - when: {text: 广告, then: [close-popup], otherwise: [back]}
  - repeat: {times: 3, steps: [back, {tap: Home}]}
  - background: 500ms
  - upgrade
  - clear-data
  - shell: input keyevent ${KEY}
  - dwell: {for: 1h}
  - leave-alone: 1h
  - twin
  - twin: {taps: 9, pages: 4, within: 1m, seed: 3, first: [sign-in]}
  - leave-alone: {for: 2m}
  - double-tap: photo
  - toggle: {view: Recommend, to: off}
  - recents
  - rotate: landscape
  - network: off
  - set-clock: {forward: 48h}
  - set-permission: {permission: CAMERA, to: refused, by: pm}
  - ask-operator: {question: Code from the SMS?, name: code, within: 10m}
  - type: '${operator.code}'
  - use: another
  - use: {scenario: sub/another.yaml, with: {city: Bonn}}
  - move-device
  - move-device: {acceleration: 12, for: 1s}
  - tap-blank
  - reboot
  - turn-off: recommendation-switch
  - sign-up-as-child
  - complaint: {sent: 2026-03-02, answered: 2026-03-20}
",
    );
    let mut verbs: Vec<&str> = read.iter().map(Step::verb).collect();
    verbs.sort_unstable();
    verbs.dedup();
    let mut known: Vec<&str> = verbs::VERBS.iter().map(|verb| verb.name).collect();
    known.sort_unstable();
    assert_eq!(verbs, known, "this test must show every verb");
    assert_eq!(
        read[8],
        Step::Type {
            into: Some(Selector { class: Some("EditText".to_owned()), ..Selector::default() }),
            text: "${account.user}".to_owned(),
        }
    );
    assert_eq!(read[34], Step::Background { period: Duration::from_millis(500) });
    assert_eq!(read[37], Step::Shell("input keyevent ${KEY}".to_owned()));
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let told = mistakes(
        r"scenario: Deny All
title: x
promts: deny
consent: acept
needs: {netwrok: true}
steps:
  - lanuch
  - settle: {at-most: 15}
  - seek: account-deletoin
  - click: OK
  - expect: {text: /a(/, within: 5 s}
  - launch: {times: many, times: 2}
  - back: now
  - tap
  - repeat: {times: 2, steps: []}
  - type: 'hello ${nmae}'
  - tap: {text: a, texts: b}
  - {back: , home: }
",
    );
    let places: Vec<(usize, usize)> = told.iter().map(|(line, column, _)| (*line, *column)).collect();
    assert_eq!(
        places,
        [
            (1, 11),
            (3, 1),
            (4, 10),
            (5, 9),
            (7, 5),
            (8, 23),
            (9, 11),
            (10, 5),
            (11, 20),
            (11, 34),
            (12, 21),
            (12, 27),
            (13, 11),
            (14, 5),
            (15, 31),
            (16, 11),
            (17, 20),
            (18, 5)
        ],
        "{told:#?}"
    );
}

#[test]
fn a_mistake_is_printed_with_its_line_a_caret_and_a_hint() {
    let told = parse("scenario: s\ntitle: T\nsteps:\n  - tap: 注销 # 账号\n  - lanuch: {times: 3}\n").unwrap_err();
    assert_eq!(
        told.to_string(),
        "s.yaml:5:5: unknown verb `lanuch`\n  5 |   - lanuch: {times: 3}\n    |     ^^^^^^\n    = did you mean `launch`?\n"
    );
    let wide = parse("scenario: s\ntitle: T\nsteps: [{tap: {text: 注销, id: [a]}}]\n").unwrap_err().to_string();
    let caret = wide.lines().nth(2).unwrap();
    // Two Chinese characters take four columns: the caret stands under the bracket.
    assert_eq!(caret.find('^'), Some("    | ".len() + "steps: [{tap: {text: xxxx, id: ".len()), "{wide}");
}

#[test]
fn what_cannot_be_undone_must_be_allowed() {
    let text = "scenario: s\ntitle: T\nneeds: {account: true}\nsteps: [request-deletion]\n";
    assert_eq!(mistakes(text), [(4, 9, "`request-deletion` cannot be undone".to_owned())]);
    assert!(parse(&text.replace("steps", "allow-irreversible: true\nsteps")).is_ok());
    let nested = "scenario: s\ntitle: T\nsteps: [{repeat: {times: 2, steps: [sign-in]}}, upgrade]\n";
    let messages: Vec<String> = mistakes(nested).into_iter().map(|(_, _, message)| message).collect();
    assert_eq!(messages, ["`sign-in` needs a test account", "`upgrade` needs an older version to start from"]);
    let asked = "scenario: s\ntitle: T\nsteps: [{when: {account: true, then: [sign-in]}}]\n";
    assert!(parse(asked).is_ok());
    let not = "scenario: s\ntitle: T\nsteps: [{when: {account: false, then: [sign-in]}}]\n";
    assert!(parse(not).is_err());
}

#[test]
fn parameters_are_filled_in() {
    let scenario = parse(
        "scenario: s\ntitle: T\nparameters: {place: 北京, count: 3}\nsteps:\n  - type: '${place} ${count}'\n  - tap: \
         '${place}'\n",
    )
    .unwrap();
    assert_eq!(scenario.steps[0].value, Step::Type { into: None, text: "北京 3".to_owned() });
    assert_eq!(scenario.steps[1].value, Step::Tap(Selector::text("北京")));
}

#[test]
fn what_is_no_yaml_or_too_much_of_it_is_refused() {
    let place = |text: &str| mistakes(text).into_iter().map(|(line, _, _)| line).collect::<Vec<_>>();
    assert_eq!(place("scenario: s\ntitle: [a\nsteps:\n"), [3], "an unclosed bracket");
    assert_eq!(place(""), [1]);
    assert_eq!(place("scenario: s\n---\nscenario: t\n"), [3]);
    let aliases = "a: &a [x]\nb: *a\n";
    assert!(mistakes(aliases)[0].2.contains("aliases"));
    assert!(mistakes(&format!("{}{}", "[".repeat(200), "]".repeat(200)))[0].2.contains("nested"));
    assert!(mistakes(&"- a\n".repeat(30_000))[0].2.contains("more than"));
    assert!(mistakes(&"#".repeat(2 << 20))[0].2.contains("longer"));
}

#[test]
fn every_verb_and_key_is_in_the_schema() {
    let schema = schema().to_string();
    for verb in verbs::VERBS {
        assert!(schema.contains(&format!("\"{}\"", verb.name)), "{}", verb.name);
    }
    for concept in Concept::ALL {
        assert!(schema.contains(concept.name()));
    }
    for kind in [FileKind::Scenario, FileKind::Briefing, FileKind::Complaint, FileKind::Plan] {
        assert_eq!(schema_of(kind)["additionalProperties"], false);
    }
}

#[test]
fn a_briefing_knows_functions_and_account() {
    let briefing = Briefing::parse(
        "b.yaml",
        r"
app: org.example.notes
category: utilities
account: {user: '13800000000', password-env: NOTES_PASSWORD}
sign-in:
  - tap: 登录
  - type: {into: {id: phone}, text: '${account.user}'}
signed-in: {text: 退出登录}
functions:
  - name: write a note
    needs-permission: CAMERA
    steps: [{tap: New}, {expect: {text: Saved}}]
",
        &Catalogue::builtin(),
    )
    .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(briefing.functions[0].needs_permission, ["android.permission.CAMERA"]);
    let account = briefing.account.unwrap();
    assert_eq!(account.user, Secret::Literal("13800000000".to_owned()));
    assert_eq!(account.password, Secret::Environment("NOTES_PASSWORD".to_owned()));
    assert_eq!(briefing.sign_in.len(), 2);
    assert_eq!(briefing.signed_in, Some(Condition::View(Selector::text("退出登录"))));
}

#[test]
fn a_briefing_that_could_never_fail_is_a_mistake() {
    let text = "app: a.b\ncategory: utilitys\nfunctions:\n  - name: x\n    steps: [back]\nsign-in: [back]\n";
    let told = Briefing::parse("b.yaml", text, &Catalogue::builtin()).unwrap_err();
    let lines: Vec<usize> = told.list.iter().map(|mistake| mistake.at.line).collect();
    assert_eq!(lines, [2, 4, 6], "{told}");
    assert_eq!(told.list[0].hint.as_deref(), Some("did you mean `utilities`?"));
}

#[test]
fn a_complaint_must_say_when_it_is_reproduced() {
    let text = "complaint: c\napp: a.b\nsaid: it asks and asks\ntimes: 5\nsteps: [launch]\n";
    let told = Complaint::parse("c.yaml", text, &Catalogue::builtin()).unwrap_err();
    assert_eq!(told.list.len(), 1, "{told}");
    let good = format!("{text}suspected: [repeated-asking-after-denial]\n");
    let complaint = Complaint::parse("c.yaml", &good, &Catalogue::builtin()).unwrap();
    assert_eq!((complaint.times, complaint.suspected.len()), (5, 1));
    let wrong = format!("{text}suspected: [repeated-asking-after-denail]\n");
    let told = Complaint::parse("c.yaml", &wrong, &Catalogue::builtin()).unwrap_err();
    assert_eq!(told.list[0].hint.as_deref(), Some("did you mean `repeated-asking-after-denial`?"));
}

#[test]
fn a_plan_lists_apps_scenarios_and_profiles() {
    let text = r"
plan: night
apps:
  - specimen:one
  - {app: two.apk, category: news, older: one.apk}
scenarios: [deny-everything, own.yaml]
profiles: [{name: new, device: 'virtual:api=34,skin=google'}]
workers: 4
";
    let plan = Plan::parse("p.yaml", text, &Catalogue::builtin()).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(plan.apps.len(), 2);
    assert_eq!(plan.apps[1].older.as_deref(), Some("one.apk"));
    assert_eq!((plan.workers, plan.repeat), (4, 1));
    let told = Plan::parse("p.yaml", &text.replace("workers: 4", "workers: 0"), &Catalogue::builtin()).unwrap_err();
    assert_eq!((told.list[0].at.line, told.list[0].at.column), (8, 10));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "([a-z:\\-\\[\\]{},&*!|>'\"# \n\t/é注]|steps|scenario|title|tap|when|then){0,60}") {
        let _ = parse(&text).map_err(|mistakes| mistakes.to_string());
        let _ = parse(&format!("scenario: s\ntitle: t\nsteps:\n  - {text}\n")).map_err(|mistakes| mistakes.to_string());
    }
}
