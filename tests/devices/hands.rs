//! Steps beside the app: each does what it says on the device, is in the record, and is put back at the end.

use std::sync::Arc;
use std::time::Duration;

use appwitness::clock::Clock;
use appwitness::journal::entry::{Entry, Event, StepOutcome};
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::system::Switches;
use tokio_util::sync::CancellationToken;

use super::device::{self, Folder, Told};

const SPECIMEN: &str = "
specimen: handy
package: com.example.handy
label: Handy
sdk: {min: 21, target: 34}
permissions: [INTERNET, CAMERA]
vars: {pushed: true, stuck: false, code: ''}
first-screen: home
screens:
  home:
    title: Handy
    views:
      - switch: {id: push, words: Push, var: pushed}
      - text: {words: it is pushed, if: {is: {pushed: true}}}
      - field: {id: code, var: code, hint: Code}
      - text: {id: shown, words: 'code {code}'}
      - button: {id: check, words: Check, tap: [{when: {if: offline, then: [{goto: offline}], else: [{goto: online}]}}]}
  offline: {title: Offline, up: true, views: [{text: {words: you are offline}}]}
  online: {title: Online, up: true, views: [{text: {words: you are online}}]}
";

fn machine(profile: &str, clock: &Clock) -> Arc<Machine> {
    Machine::boot(Profile::parse(profile).unwrap(), clock.clone())
}

async fn told(machine: &Arc<Machine>, clock: Clock, steps: &str) -> Told {
    told_until(machine, clock, steps, CancellationToken::new()).await
}

async fn told_until(machine: &Arc<Machine>, clock: Clock, steps: &str, cancel: CancellationToken) -> Told {
    let folder = Folder::new();
    let scenario = format!("scenario: hands\ntitle: Hands\nsteps:\n{steps}");
    let mut order = device::order(&scenario, device::app_of(&folder, SPECIMEN));
    order.briefing = None;
    order.secrets = order.secrets.with_operator(Some(Arc::new(|question: String| {
        Box::pin(
            async move { if question.contains("SMS") { Ok("4 7 1 1 9".to_owned()) } else { Err("no".to_owned()) } },
        )
    })));
    device::attempt_until(&order, machine.clone(), clock, cancel).await
}

fn steps(told: &Told) -> Vec<(String, StepOutcome, String)> {
    let ended = |entry: &Entry| match &entry.event {
        Event::StepEnded { path, outcome, message, .. } => {
            Some((path.clone(), *outcome, message.clone().unwrap_or_default()))
        }
        _ => None,
    };
    told.entries.iter().filter_map(ended).collect()
}

fn all_done(told: &Told) {
    let failed: Vec<_> = steps(told).into_iter().filter(|(_, outcome, _)| *outcome != StepOutcome::Done).collect();
    assert!(failed.is_empty() && told.failure.is_none(), "{failed:?} {:?}", told.failure);
}

fn set(told: &Told) -> Vec<(String, String, String)> {
    let set = |entry: &Entry| match &entry.event {
        Event::DeviceSet { what, value, by } => Some((what.clone(), value.clone(), by.clone())),
        _ => None,
    };
    told.entries.iter().filter_map(set).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_the_position_and_switches_are_set_and_put_back() {
    device::paced(|clock| async move {
        for profile in ["api=23,size=412x915,density=160", "api=34,size=412x915,density=160"] {
            let machine = machine(profile, &clock);
            let told = told(
                &machine,
                clock.clone(),
                "  - launch
  - network: off
  - tap: {id: check}
  - expect: you are offline
  - back
  - network: on
  - tap: {id: check}
  - expect: you are online
  - back
  - network: off
  - toggle: {view: it is pushed, to: on}
  - toggle: {view: Push, to: off}
  - expect-not: {text: it is pushed, within: 500ms}
  - rotate: landscape
  - screenshot
  - recents
",
            )
            .await;
            all_done(&told);
            let told_set = set(&told);
            assert_eq!(told_set.iter().filter(|(what, _, by)| what == "network" && by == "svc").count(), 3);
            let wide =
                told.entries.iter().any(|e| matches!(&e.event, Event::Captured(c) if c.size == Some((915, 412))));
            assert!(wide, "a picture was taken while the device lay on its side");
            assert!(machine.system().switches().network, "the network is back");
            assert_eq!(machine.system().rotation(), 0, "the device stands upright again");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_is_set_by_the_page_as_an_answer_and_by_pm_as_none() {
    device::paced(|clock| async move {
        let machine_34 = machine("api=34,size=412x915,density=160", &clock);
        let both = told(
            &machine_34,
            clock.clone(),
            "  - launch
  - set-permission: {permission: CAMERA, to: granted, by: pm}
  - set-permission: {permission: CAMERA, to: refused}
  - launch
",
        )
        .await;
        all_done(&both);
        let by: Vec<String> = set(&both).into_iter().map(|(_, value, by)| format!("{value} {by}")).collect();
        assert_eq!(by, ["granted pm", "refused settings"]);
        let states: Vec<Vec<String>> = both
            .entries
            .iter()
            .filter_map(|e| match &e.event {
                Event::PermissionState { reason, permissions, .. } if reason == "set by a step" => {
                    permissions.iter().find(|p| p.name.ends_with(".CAMERA")).map(|p| p.flags.clone())
                }
                _ => None,
            })
            .collect();
        assert!(!states[0].iter().any(|flag| flag == "USER_SET"), "pm leaves no person's answer: {states:?}");
        assert!(states[1].iter().any(|flag| flag == "USER_SET"), "{states:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_api_29_a_permission_is_set_by_the_switch_of_its_group() {
    device::paced(|clock| async move {
        for profile in ["api=23,locale=en-US", "api=26,locale=zh-CN", "api=28,locale=zh-CN,skin=emui"] {
            let old = machine(&format!("{profile},size=412x915,density=160"), &clock);
            let told = told(
                &old,
                clock.clone(),
                "  - launch
  - set-permission: {permission: CAMERA, to: granted}
  - set-permission: {permission: CAMERA, to: granted}
  - launch
  - set-permission: {permission: CAMERA, to: refused}
  - launch
",
            )
            .await;
            all_done(&told);
            let by: Vec<String> = set(&told).into_iter().map(|(_, value, by)| format!("{value} {by}")).collect();
            assert_eq!(by, ["granted settings", "granted settings", "refused settings"], "{profile}");
            let held = |e: &Entry| match &e.event {
                Event::PermissionState { reason, permissions, .. } if reason == "set by a step" => {
                    let camera = permissions.iter().find(|p| p.name.ends_with(".CAMERA"))?;
                    Some((camera.granted, camera.flags.iter().any(|flag| flag == "USER_SET")))
                }
                _ => None,
            };
            let states: Vec<(bool, bool)> = told.entries.iter().filter_map(held).collect();
            assert_eq!(states, [(true, false), (true, false), (false, true)], "{profile}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_goes_forward_and_back_again() {
    device::paced(|clock| async move {
        let machine_34 = machine("api=34,size=412x915,density=160", &clock);
        let forward = told(&machine_34, clock.clone(), "  - launch\n  - set-clock: {forward: 48h}\n  - launch\n").await;
        all_done(&forward);
        assert_eq!(set(&forward), [("clock".into(), "forward by 172800 s".into(), "clock".into())]);
        let off = (machine_34.system().wall() - clock.now()).abs();
        assert!(off < 10_000, "the clock is off by {off} ms");
        // Without the alarm service's command and without root it cannot be set.
        let old = machine("api=28,size=412x915,density=160", &clock);
        let told = told(&old, clock, "  - launch\n  - set-clock: {forward: 1h}\n").await;
        assert_eq!(steps(&told)[1].1, StepOutcome::Failed);
        assert!(set(&told).is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operators_answer_is_typed_and_stands_nowhere() {
    device::paced(|clock| async move {
        let machine = machine("api=34,size=412x915,density=160", &clock);
        let told = told(
            &machine,
            clock,
            "  - launch
  - ask-operator: {question: Code from the SMS?, name: code}
  - type: {into: {id: code}, text: '${operator.code}'}
  - expect: {text: /code 4 7 1 1 9/}
  - ask-operator: {question: Something else?, name: other, within: 1s}
",
        )
        .await;
        let ended = steps(&told);
        let outcomes: Vec<StepOutcome> = ended.iter().map(|(_, outcome, _)| *outcome).collect();
        assert_eq!(outcomes[..4], [StepOutcome::Done; 4], "{ended:?}");
        assert_eq!(outcomes[4], StepOutcome::Failed, "{ended:?}");
        let written = serde_json::to_string(&told.entries).unwrap();
        assert!(!written.contains("4 7 1 1 9"), "the answer is in the journal");
        let veiled = told.entries.iter().any(|e| matches!(&e.event, Event::Captured(c) if c.secret.len() >= 2));
        assert!(veiled, "the places that show the answer are named: the field and the words below it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_quick_taps_are_two_taps() {
    device::paced(|clock| async move {
        let machine = machine("api=34,size=412x915,density=160", &clock);
        let told = told(&machine, clock, "  - launch\n  - double-tap: {id: push}\n  - expect: it is pushed\n").await;
        all_done(&told);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_lets_nobody_touch_it_is_said_to() {
    for api in [28, 30, 34] {
        device::paced(move |clock| async move {
            let machine = machine(&format!("api={api},skin=miui,size=412x915,density=160"), &clock);
            let switches = machine.system().switches();
            machine.system().set_switches(Switches { input_refused: true, ..switches });
            let told = told(&machine, clock, "  - launch\n  - tap: {id: push}\n").await;
            let failure = told.failure.expect("nothing can be done on it");
            assert!(failure.contains("INJECT_EVENTS") && failure.contains("developer options"), "{api}: {failure}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_gives_the_device_back_as_it_was() {
    device::paced(|clock| async move {
        let machine = machine("api=34,size=412x915,density=160", &clock);
        let cancel = CancellationToken::new();
        let stop = async {
            while machine.system().switches().network {
                clock.sleep(Duration::from_millis(100)).await;
            }
            cancel.cancel();
        };
        let steps =
            "  - launch\n  - rotate: landscape\n  - set-clock: {forward: 48h}\n  - network: off\n  - dwell: 1h\n";
        let (told, ()) = tokio::join!(told_until(&machine, clock.clone(), steps, cancel.clone()), stop);
        assert_eq!(told.failure.as_deref(), Some("stopped"));
        let system = machine.system();
        assert!(system.switches().network, "the network is back");
        assert_eq!(system.rotation(), 0, "it stands upright again");
        assert!((system.wall() - clock.now()).abs() < 10_000, "the clock is back");
        assert!(told.entries.iter().any(|e| matches!(&e.event, Event::Uninstalled { .. })), "the app is gone");
    })
    .await;
}
