//! What the drive sees, says and keeps to itself: where pop-ups come from, what bounds a run, screens that move, what was
//! typed, secrets that an app shows.

use std::sync::Arc;

use appwitness::catalogue::Catalogue;
use appwitness::journal::entry::{Entry, Event, LimitKind, PopupShown, PromptShown, StepOutcome};
use appwitness::judge::{Outcome, judge};
use appwitness::virtual_device::console;
use appwitness::virtual_device::fault::plan;
use appwitness::virtual_device::machine::{Machine, Profile};

use super::device::{self, Folder, Told};

const DEVICE: &str = "api=34,size=412x915,density=160";

async fn told(profile: &str, specimen: &str, prompts: &str, steps: &str) -> Told {
    told_with(profile, specimen, prompts, steps, &[]).await
}

/// One attempt, with faults.
async fn told_with(profile: &str, specimen: &str, prompts: &str, steps: &str, faults: &[&str]) -> Told {
    let folder = Folder::new();
    // A number of an emulator's would name its console's port.
    let profile = Profile { serial: "virtual-1".into(), ..Profile::parse(profile).unwrap() };
    let faults: Vec<_> = faults.iter().map(|fault| plan::parse_one(fault).unwrap()).collect();
    let scenario = format!("scenario: drive\ntitle: Drive\nprompts: {prompts}\nsteps:\n{steps}");
    let order = device::order(&scenario, device::app_of(&folder, specimen));
    device::paced(move |clock| async move {
        let machine = Machine::boot(profile, clock.clone());
        // Before the device moves, somebody has to be at its console.
        console::open(&machine).unwrap();
        for fault in faults {
            machine.suffer(fault);
        }
        device::attempt_of(&order, machine, clock).await
    })
    .await
}

fn popups(told: &Told) -> Vec<&PopupShown> {
    let popup = |entry: &'_ Entry| matches!(entry.event, Event::PopupShown(_));
    let shown = told.entries.iter().filter(|entry| popup(entry));
    shown.filter_map(|e| if let Event::PopupShown(popup) = &e.event { Some(&**popup) } else { None }).collect()
}

fn prompts(told: &Told) -> Vec<&PromptShown> {
    told.entries.iter().filter_map(|e| if let Event::PromptShown(p) = &e.event { Some(&**p) } else { None }).collect()
}

fn limits(told: &Told) -> Vec<(LimitKind, &str)> {
    let limit = |e: &'_ Entry| matches!(e.event, Event::Limit { .. });
    let all = told.entries.iter().filter(|entry| limit(entry));
    let told = all.filter_map(|e| match &e.event {
        Event::Limit { limit, detail } => Some((*limit, detail.as_str())),
        _ => None,
    });
    told.collect()
}

/// Path, outcome, words and the capture cited, of each step that ended.
fn steps(told: &Told) -> Vec<(String, StepOutcome, String, Option<u64>)> {
    let ended = |entry: &Entry| match &entry.event {
        Event::StepEnded { path, outcome, message, seen, .. } => {
            Some((path.clone(), *outcome, message.clone().unwrap_or_default(), *seen))
        }
        _ => None,
    };
    told.entries.iter().filter_map(ended).collect()
}

fn all_done(told: &Told) {
    let failed: Vec<_> = steps(told).into_iter().filter(|(_, outcome, ..)| *outcome != StepOutcome::Done).collect();
    assert!(failed.is_empty() && told.failure.is_none(), "{failed:?} {:?}", told.failure);
}

fn outcome(told: &Told, finding: &str) -> Outcome {
    let judgement = judge(&told.entries, &Catalogue::builtin());
    judgement.outcomes.into_iter().find(|o| o.finding == finding).unwrap()
}

const CAUSES: &str = "
specimen: causes
package: com.example.causes
label: Causes
sdk: {min: 21, target: 34}
first-screen: home
vars: {moved: false}
on:
  start: [{show: started}]
  resume: [{when: {if: {is: {moved: true}}, then: [{show: returned}]}}]
  moved: [{acceleration: 8, lasts: 300ms, do: [{set: {moved: true}}, {show: shaken}]}]
timers: [{after: 30s, do: [{show: timed}]}]
screens:
  home: {title: Causes, views: [{button: {id: open, words: Open it, tap: [{show: opened}]}}]}
dialogs:
  started: {title: Started, message: One, positive: {words: Close}}
  timed: {title: Timed, message: Two, positive: {words: Close}}
  opened: {title: Opened, message: Three, positive: {words: Close}}
  shaken: {title: Shaken, message: Four, positive: {words: Close}}
  returned: {title: Returned, message: Five, positive: {words: Close}}
";

#[tokio::test(flavor = "multi_thread")]
async fn a_windows_cause_is_the_last_thing_that_was_done() {
    let told = told(
        DEVICE,
        CAUSES,
        "deny",
        "  - launch
  - dwell: 60s
  - tap: {id: open}
  - close-popup
  - dwell: 10s
  - move-device: {acceleration: 15, for: 1s}
  - dwell: 10s
  - background: 20s
  - dwell: 10s
",
    )
    .await;
    let causes: Vec<(&str, &str)> = popups(&told).iter().map(|p| (p.title.as_str(), p.opened_by.as_str())).collect();
    let wanted =
        [("Started", "launch"), ("Timed", "timer"), ("Opened", "tap"), ("Shaken", "shake"), ("Returned", "return")];
    assert_eq!(causes, wanted, "{:?}", steps(&told));
}

const GREETER: &str = "
specimen: greeter
package: com.example.greeter
label: Greeter
sdk: {min: 21, target: 34}
permissions: [CAMERA]
first-screen: home
vars: {who: '', word: ''}
screens:
  home:
    title: Greeter
    views:
      - field: {id: who, var: who, hint: Name}
      - field: {id: word, var: word, hint: Password, password: true}
      - button: {id: enter, words: Enter, tap: [{goto: inside}]}
  inside:
    title: 'Hello {who}'
    views:
      - text: {words: 'Welcome back {who}, your password is {word}, as you like it'}
      - item: {id: more, words: 'Settings of {who}', tap: [{show: greeting}]}
      - button: {id: photo, words: Take a picture, tap: [{show: plea}]}
dialogs:
  greeting: {title: 'Dear {who}', message: 'Your password {word} is safe', positive: {words: 'Yes, I am {who}'}, close: {id: close, words: Close}}
  plea:
    title: Camera permission
    message: 'We need your camera, {who}, to scan codes'
    positive: {words: Continue, do: [{ask: {permissions: [CAMERA]}}]}
";

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_knows_of_the_account_stands_nowhere() {
    let told = told(
        DEVICE,
        GREETER,
        "deny",
        "  - launch
  - type: {into: {id: who}, text: '${account.user}'}
  - type: {into: {id: word}, text: '${account.password}'}
  - tap: {id: enter}
  - tap: {id: more}
  - close-popup
  - seek: complaint-channel
  - tap: {id: photo}
  - tap: '${account.user} is nowhere'
  - shell: 'echo asks-test Asks-2026'
",
    )
    .await;
    assert!(!popups(&told).is_empty() && !prompts(&told).is_empty(), "{:?}", steps(&told));
    assert!(prompts(&told)[0].purpose.as_deref().is_some_and(|words| words.contains("••••")), "{:?}", prompts(&told));
    for entry in &told.entries {
        let line = serde_json::to_string(entry).unwrap();
        assert!(!line.contains("asks-test") && !line.contains("Asks-2026"), "{line}");
    }
    let greeted = popups(&told).iter().any(|p| p.title == "Dear ••••" && p.words.contains("Your password ••••"));
    assert!(greeted, "{:?}", popups(&told));
}

const FALLS: &str = "
specimen: falls
package: com.example.falls
label: Falls
sdk: {min: 21, target: 34}
permissions: [CAMERA]
first-screen: home
on: {start: [{wait: 500ms}, DEED]}
screens: {home: {title: Falls, views: [{text: {words: It falls}}]}}
dialogs:
  refusal: {title: Notice, message: This app can't run on an emulator., positive: {words: OK, do: [exit]}}
";

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_falls_at_each_start_is_said_to() {
    let twice = "  - launch\n  - dwell: 5s\n  - stop\n  - launch\n  - dwell: 5s\n";
    for deed in ["{crash: {message: no}}", "exit"] {
        let told = told(DEVICE, &FALLS.replace("DEED", deed), "deny", twice).await;
        assert!(
            limits(&told).iter().any(|(limit, _)| *limit == LimitKind::KeepsStopping),
            "{deed}: {:?}",
            limits(&told)
        );
        let judged = outcome(&told, "repeated-asking-after-denial");
        assert_eq!(judged.outcome, appwitness::judge::OutcomeKind::NotAssessable, "{judged:?}");
    }
    // One that leaves because it was refused something reacts to that.
    let leaves = "{ask: {permissions: [CAMERA], refused: [exit], refused-for-good: [exit]}}";
    let told = told(DEVICE, &FALLS.replace("DEED", leaves), "deny", twice).await;
    assert_eq!(limits(&told).iter().filter(|(limit, _)| *limit == LimitKind::KeepsStopping).count(), 0);
    assert_eq!(outcome(&told, "exit-on-permission-denial").outcome, appwitness::judge::OutcomeKind::Observed);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_for_another_processor_is_said_to_be_one() {
    let folder = Folder::new();
    for (abi, expected) in [("arm64-v8a", LimitKind::OtherProcessor), ("x86_64", LimitKind::KeepsStopping)] {
        let mut app = device::app_of(&folder, &FALLS.replace("DEED", "{crash: {message: no}}"));
        Arc::get_mut(&mut app).unwrap().facts.abis = vec![abi.to_owned()];
        let steps = "  - launch\n  - dwell: 5s\n  - stop\n  - launch\n  - dwell: 5s\n";
        let order = device::order(&format!("scenario: falls\ntitle: Falls\nsteps:\n{steps}"), app);
        let told = device::paced(|clock| async move {
            let machine = Machine::boot(Profile::parse(DEVICE).unwrap(), clock.clone());
            device::attempt_of(&order, machine, clock).await
        })
        .await;
        let said: Vec<LimitKind> = limits(&told).iter().map(|(limit, _)| *limit).collect();
        assert!(said.contains(&expected), "{abi}: {:?}", limits(&told));
        assert_eq!(said.contains(&LimitKind::OtherProcessor), abi.starts_with("arm"), "{:?}", limits(&told));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_refuses_emulators_is_said_to() {
    let refuses = FALLS.replace("DEED", "{when: {if: emulator, then: [{show: refusal}]}}");
    let refused = told(DEVICE, &refuses, "deny", "  - launch\n  - dwell: 5s\n").await;
    let said = limits(&refused);
    let detail = said.iter().find(|(limit, _)| *limit == LimitKind::EmulatorDetected);
    assert!(detail.is_some_and(|(_, words)| words.contains("can't run on an emulator")), "{said:?}");
    // A shop that sells them only speaks of them.
    let shop = FALLS.replace("DEED", "{wait: 1s}").replace("It falls", "Emulator sale - play on an emulator today");
    let told = told(DEVICE, &shop, "deny", "  - launch\n  - dwell: 5s\n").await;
    assert!(limits(&told).iter().all(|(limit, _)| *limit != LimitKind::EmulatorDetected), "{:?}", limits(&told));
}

const STILL: &str = "
specimen: still
package: com.example.still
label: Still
sdk: {min: 21, target: 34}
first-screen: home
screens: {home: {title: Still, views: [{text: {words: Nothing happens}}, {button: {id: b, words: B}}]}}
";

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_can_not_be_read_is_a_gap_or_a_limit() {
    let scenario = "  - launch\n  - dwell: 90s\n  - tap: {id: b}\n";
    // Blind in the middle, for longer than any dialog needs to come and go.
    let part = told_with(DEVICE, STILL, "deny", scenario, &["{fault: null-root, at: 20s, times: 140}"]).await;
    let gaps: Vec<u64> = part
        .entries
        .iter()
        .filter_map(|e| match &e.event {
            Event::Gap { from, to, source, .. } if source == "view hierarchy" => Some(to - from),
            _ => None,
        })
        .collect();
    assert!(!gaps.is_empty() && gaps.iter().all(|ms| *ms >= 20_000), "{gaps:?}");
    let judged = outcome(&part, "repeated-asking-after-denial");
    assert_eq!(judged.outcome, appwitness::judge::OutcomeKind::NotAssessable, "{judged:?}");
    assert!(limits(&part).iter().all(|(limit, _)| *limit != LimitKind::NoHierarchy), "{:?}", limits(&part));
    let whole = told_with(DEVICE, STILL, "deny", "  - launch\n", &["{fault: null-root, times: 100000}"]).await;
    assert!(limits(&whole).iter().any(|(limit, _)| *limit == LimitKind::NoHierarchy), "{:?}", limits(&whole));
    let clear = told(DEVICE, STILL, "deny", scenario).await;
    assert_eq!(outcome(&clear, "repeated-asking-after-denial").outcome, appwitness::judge::OutcomeKind::NotTriggered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_view_ends_its_step_with_the_nearest_ones_and_a_picture() {
    let told = told(DEVICE, STILL, "deny", "  - launch\n  - tap: Nothing happened\n").await;
    let ended = steps(&told);
    let (_, outcome, words, seen) = ended.iter().find(|(path, ..)| path == "2").unwrap();
    assert_eq!(*outcome, StepOutcome::Failed);
    assert!(words.contains("Nothing happens"), "{words}");
    let pictured = told.entries.iter().find(|entry| Some(entry.seq) == *seen).map(|entry| &entry.event);
    assert!(matches!(pictured, Some(Event::Captured(c)) if c.screenshot.is_some()), "{seen:?}");
    assert_eq!(ended[0].3, None, "a step that was done cites nothing");
}

const TRAP: &str = "
specimen: trap
package: com.example.trap
label: Trap
sdk: {min: 21, target: 34}
first-screen: home
vars: {taken: 0}
timers: [{every: 23s, do: [{show: trap}]}]
screens:
  home:
    title: Trap
    views:
      - button: {id: go, words: Go, tap: [{access: {what: read-clipboard}}]}
dialogs:
  trap: {title: Offer, message: 'Buy it, special offer', positive: {words: Buy, do: [{add: {taken: 1}}]}, close: {id: close, words: Close}}
";

/// Rounds of a tap beneath a window that comes up every few seconds.
const ROUNDS: u32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_lands_on_what_was_seen_or_the_step_says_that_the_screen_moved() {
    let steps_of = format!("  - launch\n{}  - screenshot: the end\n", "  - tap: {id: go}\n".repeat(ROUNDS as usize));
    let told = told(&format!("{DEVICE},latency=phone"), TRAP, "deny", &steps_of).await;
    let ended = steps(&told);
    let done = ended[1..=ROUNDS as usize].iter().filter(|(_, outcome, ..)| *outcome == StepOutcome::Done).count();
    let moved = ended.iter().filter(|(_, _, words, _)| words.contains("moved")).count();
    assert_eq!(done + moved, ROUNDS as usize, "{ended:?}");
    // By what the device itself recorded, every tap that was called done went where it was meant to go.
    let named = |e: &&Entry| matches!(&e.event, Event::Captured(c) if c.reason == "screenshot: the end");
    assert!(told.entries.iter().any(|e| named(&e)), "the picture has its name");
    let arrived = |e: &&Entry| matches!(&e.event, Event::Access(a) if a.op.contains("CLIPBOARD"));
    let went = told.entries.iter().filter(arrived).count();
    assert!(went >= done, "{done} taps were called done, {went} arrived: {ended:?}");
    assert!(!popups(&told).is_empty(), "the window came up meanwhile");
}

const FIELDS: &str = "
specimen: fields
package: com.example.fields
label: Fields
sdk: {min: 21, target: 34}
first-screen: home
vars: {name: '', word: ''}
screens:
  home:
    title: Fields
    views:
      - field: {id: name, var: name, hint: Name}
      - field: {id: word, var: word, hint: Password, password: true}
      - text: {id: shown, words: 'name {name}'}
";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_read_back() {
    let told = told(
        DEVICE,
        FIELDS,
        "deny",
        "  - launch
  - type: {into: {id: name}, text: 'Ann Lee'}
  - expect: {text: /name Ann Lee/}
  - clear-text: {id: name}
  - expect-not: {text: /name Ann/, within: 200ms}
  - type: {into: {id: word}, text: secret9}
  - swipe: left
  - type: {into: {id: name}, text: 你好}
",
    )
    .await;
    let ended = steps(&told);
    let outcomes: Vec<StepOutcome> = ended.iter().map(|(_, outcome, ..)| *outcome).collect();
    assert_eq!(outcomes[..7], [StepOutcome::Done; 7], "{ended:?}");
    assert_eq!(outcomes[7], StepOutcome::Failed);
    assert!(ended[7].2.contains("ask-operator"), "it says what to do: {}", ended[7].2);
    let notes = told.entries.iter().filter(|e| matches!(e.event, Event::Note { .. })).count();
    assert_eq!(notes, 0, "nothing differs");
    let swiped =
        told.entries.iter().any(|e| matches!(&e.event, Event::StepStarted { text, .. } if text == "swipe left"));
    assert!(swiped, "a step in words says which way");
}

const ASKS: &str = "
specimen: asks
package: com.example.asks.thrice
label: Asks
sdk: {min: 21, target: 34}
permissions: [CAMERA, ACCESS_FINE_LOCATION]
first-screen: home
vars: {agreed: false}
on: {start: [{when: {if: {is: {agreed: false}}, then: [{show: consent}]}}]}
screens:
  home:
    title: Asks
    views:
      - text: {words: We need your position to show what is near you}
      - button: {id: scan, words: Scan, tap: [{ask: {permissions: [CAMERA]}}]}
      - button: {id: near, words: Near me, tap: [{ask: {permissions: [ACCESS_FINE_LOCATION]}}]}
dialogs:
  consent:
    title: Privacy policy
    message: Please read our privacy policy.
    positive: {words: Agree, do: [{set: {agreed: true}}]}
    negative: {words: Disagree}
";

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_tells_how_long_after_consent_and_refusal_it_came_and_what_the_page_said() {
    let steps_of = "  - launch
  - consent: accept
  - dwell: 20s
  - tap: {id: scan}
  - dwell: 30s
  - tap: {id: near}
  - tap: {id: scan}
  - tap: {id: scan}
  - dwell: 10s
";
    let told = told(DEVICE, ASKS, "deny-for-good", steps_of).await;
    all_done(&told);
    let shown = prompts(&told);
    assert_eq!(shown.len(), 3, "{shown:?}");
    let about = |ms: Option<u64>, least: u64| ms.is_some_and(|ms| (least..least + 8_000).contains(&ms));
    assert!(about(shown[0].since_consent_ms, 20_000) && shown[0].since_refusal_ms.is_none(), "{:?}", shown[0]);
    assert!(about(shown[1].since_consent_ms, 50_000) && about(shown[1].since_refusal_ms, 30_000), "{:?}", shown[1]);
    assert_eq!(shown[0].told_before, None, "the page says nothing of a camera");
    let said = shown[1].told_before.as_deref();
    assert_eq!(said, Some("We need your position to show what is near you"));
    let suppressed: Vec<(&Vec<String>, &str, u32)> = told
        .entries
        .iter()
        .filter_map(|e| match &e.event {
            Event::PromptSuppressed { groups, step, launch, .. } => Some((groups, step.as_str(), *launch)),
            _ => None,
        })
        .collect();
    assert!(suppressed.iter().all(|(_, step, launch)| !step.is_empty() && *launch == 1), "{suppressed:?}");
    assert_eq!(suppressed.len(), 1, "{suppressed:?}");
}

const PLACES: &str = "
specimen: places
package: com.example.places
label: Places
sdk: {min: 21, target: 34}
permissions: [ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION]
first-screen: home
screens: {home: {title: Places, views: [{text: {words: Nothing asks here}}]}}
";

#[tokio::test(flavor = "multi_thread")]
async fn our_own_visit_of_the_page_of_a_permission_is_no_question() {
    // On a telephone the choice is not seen to be made at the first look, nor the page to be gone.
    for latency in ["instant", "phone"] {
        let steps_of = "  - launch
  - set-permission: {permission: ACCESS_FINE_LOCATION, to: refused}
  - screenshot
";
        let told = told(&format!("{DEVICE},latency={latency}"), PLACES, "deny", steps_of).await;
        all_done(&told);
        assert!(prompts(&told).is_empty(), "{:?}", prompts(&told));
    }
}
