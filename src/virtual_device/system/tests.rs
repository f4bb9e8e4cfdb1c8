//! The system as a whole, with a small model and a stepped clock.

use std::time::Duration;

use super::{Answer, Buffer, Facts, Flags, InstallOptions, Intent, Started, System};
use crate::clock::Clock;
use crate::virtual_device::profile::Profile;
use crate::virtual_device::specimen::Specimen;
use crate::virtual_device::view::{Action, Layer, Widget, Window};

pub(super) const MODEL: &str = "
specimen: probe
package: test.perm
label: PermTest
activity: .Main
sdk: {min: 21, target: 23}
permissions: [CAMERA, READ_CONTACTS, ACCESS_FINE_LOCATION, INTERNET]
accounts: [{user: mei, password: secret}]
vars: {answer: none, agreed: false, user_field: '', password_field: '', count: 0}
first-screen: home
on:
  start:
    - ask: {permissions: [CAMERA, READ_CONTACTS, ACCESS_FINE_LOCATION], granted: [{set: {answer: granted}}], refused: [{set: {answer: refused}}], refused-for-good: [{set: {answer: for-good}}]}
screens:
  home:
    title: PermTest
    views:
      - text: {words: 'answer {answer}', id: answer}
      - switch: {words: Agree, id: agree, var: agreed}
      - field: {id: user, var: user_field}
      - field: {id: password, var: password_field, password: true}
      - button: {words: Sign in, id: sign_in, tap: [{sign-in: {user: user_field, password: password_field, ok: [{goto: account}], refused: [{toast: wrong}]}}]}
      - button: {words: Ad, id: ad, tap: [{show: ad}]}
      - button: {words: Crash, id: crash, tap: [{crash: {message: boom}}]}
      - button: {words: Hang, id: hang, tap: [anr]}
      - button: {words: Quit, id: quit, tap: [exit]}
      - button: {words: Look, id: look, tap: [{access: {what: camera, times: 3, every: 10s}}]}
    timers: [{every: 1m, at-most: 3, do: [{add: {count: 1}}]}]
  account:
    activity: .Account
    title: '{user}'
    up: true
    views:
      - button: {words: Delete, id: delete, tap: [{delete-account: {after: 7d}}, sign-out, {reset: home}]}
dialogs:
  ad:
    form: card
    message: Buy!
    close: {after: 3s, taps: 2, desc: close}
";

pub(super) fn device(api: u32) -> (System, Clock) {
    let clock = Clock::stepped(1_795_294_804_000);
    let mut profile = Profile::new("test");
    profile.api = api;
    (System::boot(&profile, clock.clone()), clock)
}

pub(super) fn with_app(api: u32) -> (System, Clock) {
    let (mut system, clock) = device(api);
    let specimen = Specimen::parse(MODEL).expect("the model parses");
    system.install_facts(Facts::of_specimen(specimen), Vec::new(), InstallOptions::default()).expect("it installs");
    (system, clock)
}

fn launch(system: &mut System) -> Started {
    let component = system.packages()["test.perm"].facts.main().expect("a launcher activity");
    system.start_activity(Intent { flags: 0x1000_0000, component: Some(component), ..Intent::default() }, 2000)
}

pub(super) fn find<'a>(widget: &'a Widget, id: &str) -> Option<&'a Widget> {
    if widget.id.ends_with(&format!(":id/{id}")) {
        return Some(widget);
    }
    widget.children.iter().find_map(|child| find(child, id))
}

/// All shown texts, the lowest window first.
pub(super) fn texts(system: &System) -> Vec<String> {
    fn gather(widget: &Widget, texts: &mut Vec<String>) {
        if !widget.text.is_empty() {
            texts.push(widget.text.clone());
        }
        widget.children.iter().for_each(|child| gather(child, texts));
    }
    let mut all = Vec::new();
    system.windows().iter().for_each(|window| gather(&window.content, &mut all));
    all
}

fn shown(system: &System, id: &str) -> Option<Widget> {
    system.windows().iter().rev().find_map(|w| find(&w.content, id).cloned())
}

fn tap(system: &mut System, id: &str) -> Action {
    let action =
        shown(system, id).unwrap_or_else(|| panic!("no {id}")).on_tap.unwrap_or_else(|| panic!("{id} is dead"));
    assert!(system.press(action), "{id} took the tap");
    action
}

fn deny_all(system: &mut System) {
    while system.prompt().is_some() {
        assert!(system.answer_prompt(Answer::Deny));
    }
}

fn flags(system: &System, permission: &str) -> Flags {
    system.packages()["test.perm"].permissions[&format!("android.permission.{permission}")].flags
}

#[test]
fn three_groups_come_one_after_another_and_the_app_hears_once() {
    let (mut system, _) = with_app(23);
    assert!(matches!(launch(&mut system), Started::Made { cold: true, .. }));
    let first = system.prompt().expect("a prompt").clone();
    assert_eq!((first.page, first.pages, first.second_request), (1, 3, false));
    assert_eq!(first.permissions, ["android.permission.CAMERA"]);
    assert!(system.answer_prompt(Answer::Deny));
    assert_eq!(system.prompt().map(|p| p.page), Some(2));
    assert_eq!(shown(&system, "answer").map(|w| w.text), Some("answer none".into()));
    deny_all(&mut system);
    assert_eq!(shown(&system, "answer").map(|w| w.text), Some("answer refused".into()));
    assert_eq!(flags(&system, "CAMERA"), Flags::USER_SET);
}

#[test]
fn on_23_the_ticked_box_is_for_good_and_the_next_request_shows_no_dialog() {
    let (mut system, _) = with_app(23);
    launch(&mut system);
    assert!(!system.answer_prompt(Answer::ToggleDoNotAsk), "no box on the first request");
    deny_all(&mut system);
    system.force_stop("test.perm", 0);
    launch(&mut system);
    assert!(system.prompt().is_some_and(|p| p.second_request));
    while system.prompt().is_some() {
        assert!(system.answer_prompt(Answer::ToggleDoNotAsk));
        assert!(!system.answer_prompt(Answer::Allow), "a ticked box disables allow");
        assert!(system.answer_prompt(Answer::Deny));
    }
    assert_eq!(flags(&system, "CAMERA"), Flags::USER_FIXED);
    system.force_stop("test.perm", 0);
    let before = system.log().next_number();
    launch(&mut system);
    assert_eq!(system.prompt(), None);
    assert_eq!(shown(&system, "answer").map(|w| w.text), Some("answer for-good".into()));
    let suppressed = system
        .log()
        .since(before, &[Buffer::System])
        .any(|l| l.text.starts_with("START u0 {act=android.content.pm.action.REQUEST_PERMISSIONS"));
    assert!(suppressed, "the suppressed request is in the log");
}

#[test]
fn from_30_the_second_denial_is_for_good() {
    let (mut system, _) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    assert!(flags(&system, "CAMERA").has(Flags::USER_SET) && !flags(&system, "CAMERA").has(Flags::USER_FIXED));
    system.force_stop("test.perm", 0);
    launch(&mut system);
    assert!(system.prompt().is_some_and(|p| p.second_request));
    deny_all(&mut system);
    let names = flags(&system, "CAMERA").names();
    assert_eq!(&names[..2], ["USER_SET", "USER_FIXED"]);
    system.force_stop("test.perm", 0);
    launch(&mut system);
    assert_eq!(system.prompt(), None);
}

#[test]
fn a_permission_for_one_use_ends_a_minute_after_leaving() {
    let (mut system, clock) = with_app(33);
    launch(&mut system);
    assert!(system.answer_prompt(Answer::AllowOnce));
    deny_all(&mut system);
    assert!(system.packages()["test.perm"].holds("android.permission.CAMERA"));
    assert!(flags(&system, "CAMERA").has(Flags::ONE_TIME));
    system.key(3);
    clock.advance(Duration::from_secs(59));
    system.catch_up();
    assert!(system.packages()["test.perm"].holds("android.permission.CAMERA"));
    clock.advance(Duration::from_secs(2));
    system.catch_up();
    assert!(!system.packages()["test.perm"].holds("android.permission.CAMERA"));
    assert_eq!(system.pid_of("test.perm"), None, "the process goes with the permission");
}

#[test]
fn data_lives_over_a_restart_and_goes_with_clearing() {
    let (mut system, _) = with_app(23);
    launch(&mut system);
    deny_all(&mut system);
    tap(&mut system, "agree");
    assert!(shown(&system, "agree").is_some_and(|w| w.state.checked));
    system.force_stop("test.perm", 0);
    launch(&mut system);
    deny_all(&mut system);
    assert!(shown(&system, "agree").is_some_and(|w| w.state.checked));
    assert!(system.clear_data("test.perm"));
    assert_eq!(flags(&system, "CAMERA"), Flags::default());
    launch(&mut system);
    assert!(system.prompt().is_some_and(|p| !p.second_request));
    deny_all(&mut system);
    assert!(shown(&system, "agree").is_some_and(|w| !w.state.checked));
}

#[test]
fn an_account_signs_in_with_what_was_typed_and_is_gone_when_its_time_has_come() {
    let (mut system, clock) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    let sign_in = |system: &mut System| {
        system.clear_data("test.perm");
        launch(system);
        deny_all(system);
        tap(system, "user");
        assert!(system.type_text("mei"));
        tap(system, "password");
        assert!(system.type_text("secret"));
        tap(system, "sign_in");
        shown(system, "delete").is_some()
    };
    assert!(sign_in(&mut system));
    assert_eq!(system.top_record().map(|r| r.component.short()), Some("test.perm/.Account".into()));
    tap(&mut system, "delete");
    assert!(shown(&system, "sign_in").is_some());
    clock.advance(Duration::from_secs(6 * 86_400));
    assert!(sign_in(&mut system), "not yet gone");
    clock.advance(Duration::from_secs(86_400));
    assert!(!sign_in(&mut system), "gone");
}

#[test]
fn a_close_mark_comes_late_and_takes_two_taps() {
    let (mut system, clock) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    tap(&mut system, "ad");
    assert_eq!(system.windows().last().map(|w| w.layer), Some(Layer::Dialog));
    assert_eq!(shown(&system, "close"), None);
    clock.advance(Duration::from_secs(3));
    system.catch_up();
    let first = tap(&mut system, "close");
    assert!(shown(&system, "close").is_some(), "one tap is not enough");
    tap(&mut system, "close");
    assert_eq!(shown(&system, "close"), None);
    assert!(!system.press(first), "a tap on what has gone does nothing");
}

#[test]
fn accesses_are_refused_without_the_permission_and_noted_with_their_times() {
    let (mut system, clock) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    let refused_at = system.wall();
    tap(&mut system, "look");
    clock.advance(Duration::from_secs(15));
    system.catch_up();
    let touches: Vec<_> = system.ops().of("test.perm").flat_map(|(_, r)| r.touches.iter().copied()).collect();
    assert_eq!(touches.len(), 2);
    assert!(touches.iter().all(|t| t.refused && t.foreground));
    assert_eq!((touches[0].at, touches[1].at), (refused_at, refused_at + 10_000));
}

#[test]
fn timers_run_while_the_app_is_in_front_and_stop_at_their_limit() {
    let (mut system, clock) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    clock.advance(Duration::from_secs(600));
    system.catch_up();
    let count = system.apps["test.perm"].var("count").number();
    assert_eq!(count, 3);
    assert_eq!(system.next_due(), None, "an idle device has nothing to do");
}

#[test]
fn a_crash_leaves_a_notice_and_its_lines() {
    let (mut system, _) = with_app(23);
    launch(&mut system);
    deny_all(&mut system);
    tap(&mut system, "crash");
    assert_eq!(system.notice().map(|n| n.label.as_str()), Some("PermTest"));
    assert_eq!(system.pid_of("test.perm"), None);
    assert!(system.top_task().is_some_and(|t| t.home));
    let crash = system.log().since(0, &[Buffer::Crash]).map(|l| l.text.clone()).collect::<Vec<_>>();
    assert_eq!(crash[0], "FATAL EXCEPTION: main");
    assert!(crash[2].contains("NullPointerException: boom"));
    assert!(system.log().since(0, &[Buffer::Events]).any(|l| l.tag == "am_crash"));
}

#[test]
fn an_app_that_hangs_is_noticed_five_seconds_after_a_touch() {
    let (mut system, clock) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    tap(&mut system, "hang");
    clock.advance(Duration::from_secs(60));
    system.catch_up();
    assert_eq!(system.notice(), None, "nobody touched it yet");
    let look = shown(&system, "look").and_then(|w| w.on_tap).expect("a button");
    assert!(!system.press(look));
    clock.advance(Duration::from_secs(5));
    system.catch_up();
    assert!(system.notice().is_some());
    assert!(system.answer_notice(super::NoticeAnswer::Close));
    assert_eq!(system.pid_of("test.perm"), None);
}

#[test]
fn leaving_the_app_ends_its_process_and_shows_the_home_screen() {
    let (mut system, _) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    tap(&mut system, "quit");
    assert_eq!(system.pid_of("test.perm"), None);
    let windows: Vec<Window> = system.windows();
    assert_eq!(windows.len(), 1);
}

#[test]
fn an_older_version_is_refused_and_a_newer_one_keeps_the_answers() {
    let (mut system, _) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    let mut newer = Facts::of_specimen(Specimen::parse(MODEL).unwrap());
    newer.version_code = 5;
    let replace = InstallOptions { replace: true, ..InstallOptions::default() };
    system.install_facts(newer.clone(), Vec::new(), replace).expect("an upgrade");
    assert!(flags(&system, "CAMERA").has(Flags::USER_SET), "answers outlive an upgrade");
    newer.version_code = 4;
    let refused = system.install_facts(newer.clone(), Vec::new(), replace).expect_err("a downgrade");
    assert_eq!(refused.code, "INSTALL_FAILED_VERSION_DOWNGRADE");
    newer.version_code = 6;
    newer.signer = "somebody else".into();
    let refused = system.install_facts(newer.clone(), Vec::new(), replace).expect_err("another signer");
    assert_eq!(refused.code, "INSTALL_FAILED_UPDATE_INCOMPATIBLE");
    newer.package = "test.other".into();
    newer.min_sdk = 99;
    let refused = system.install_facts(newer, Vec::new(), replace).expect_err("a newer platform needed");
    assert_eq!(
        refused.to_string(),
        "INSTALL_FAILED_OLDER_SDK: Requires newer sdk version #99 (current version is #33)"
    );
}

#[tokio::test]
async fn a_running_device_lets_things_happen_by_itself() {
    let clock = Clock::stepped(0);
    let machine = crate::virtual_device::machine::Machine::boot(Profile::new("self"), clock.clone());
    {
        let mut system = machine.system();
        let facts = Facts::of_specimen(Specimen::parse(MODEL).unwrap());
        system.install_facts(facts, Vec::new(), InstallOptions::default()).unwrap();
        launch(&mut system);
        deny_all(&mut system);
    }
    let mut changes = machine.system().changes();
    while clock.until_next_sleeper() != Some(Duration::from_secs(60)) {
        tokio::task::yield_now().await;
    }
    changes.mark_unchanged();
    clock.advance(Duration::from_secs(60));
    changes.changed().await.unwrap();
    assert_eq!(machine.system().apps["test.perm"].var("count").number(), 1);
}

/// Ninety days without a use take the permissions (API 30, for apps made for it); every use starts the time anew.
#[test]
fn an_app_that_nobody_uses_loses_its_permissions() {
    let day = Duration::from_secs(86_400);
    for (api, target, taken) in [(33, 33, true), (33, 29, false), (29, 33, false)] {
        let (mut system, clock) = device(api);
        let specimen = Specimen::parse(&MODEL.replace("target: 23", &format!("target: {target}"))).unwrap();
        system.install_facts(Facts::of_specimen(specimen), Vec::new(), InstallOptions::default()).unwrap();
        launch(&mut system);
        while system.prompt().is_some() {
            assert!(system.answer_prompt(Answer::Allow) || system.answer_prompt(Answer::AllowForeground));
        }
        let holds = |system: &System| system.packages()["test.perm"].holds("android.permission.CAMERA");
        system.key(super::keys::HOME);
        for _ in 0..2 {
            clock.advance(day * 60);
            system.catch_up();
            assert!(holds(&system), "used within the time on {api}");
            launch(&mut system);
            system.key(super::keys::HOME);
        }
        clock.advance(day * 91);
        system.catch_up();
        assert_eq!(holds(&system), !taken, "{api} {target}");
        assert_eq!(flags(&system, "CAMERA").has(Flags::AUTO_REVOKED), taken, "{api} {target}");
    }
}

#[test]
fn a_key_held_down_types_twice_and_does_not_switch_the_device_off() {
    let (mut system, _) = with_app(33);
    launch(&mut system);
    deny_all(&mut system);
    tap(&mut system, "user");
    system.long_key(29);
    assert_eq!(shown(&system, "user").map(|w| w.text), Some("aa".into()));
    system.long_key(super::keys::POWER);
    assert!(system.switches().screen_on);
    system.key(super::keys::POWER);
    assert!(!system.switches().screen_on);
}

/// A model that tells something as soon as it starts, made for a level.
fn told_at_start(target: u32) -> Facts {
    let text = format!(
        "
specimen: crier
package: test.crier
label: Crier
sdk: {{min: 21, target: {target}}}
first-screen: home
on: {{start: [{{notify: {{title: News, text: Read it}}}}]}}
screens: {{home: {{views: [{{button: {{words: Again, id: again, tap: [{{notify: {{title: More, text: Read on}}}}]}}}}]}}}}
"
    );
    Facts::of_specimen(Specimen::parse(&text).unwrap())
}

fn start_crier(system: &mut System) {
    let component = system.packages()["test.crier"].facts.main();
    system.start_activity(Intent { flags: 0x1000_0000, component, ..Intent::default() }, 2000);
}

#[test]
fn an_app_made_before_33_is_asked_about_by_the_system_when_it_first_notifies() {
    const POST: &str = "android.permission.POST_NOTIFICATIONS";
    for (api, target, shown, asked) in [(31, 30, 1, false), (33, 32, 0, true), (34, 23, 0, true), (33, 33, 0, false)] {
        let (mut system, _) = device(api);
        system.install_facts(told_at_start(target), Vec::new(), InstallOptions::default()).unwrap();
        start_crier(&mut system);
        assert_eq!(system.notifications().len(), shown, "{api} {target}");
        assert_eq!(system.prompt().is_some(), asked, "{api} {target}");
        if !asked {
            continue;
        }
        assert!(!system.packages()["test.crier"].holds(POST), "nothing was granted yet");
        let log: Vec<_> = system.log().since(0, &[Buffer::System]).map(|line| line.text.clone()).collect();
        let line = log.iter().find(|text| text.contains("REQUEST_PERMISSIONS_FOR_OTHER"));
        assert!(line.is_some_and(|text| text.contains("from uid 1000")), "{log:?}");
        // A refusal is for good: neither another notification nor another start asks again.
        assert!(system.answer_prompt(Answer::Deny));
        tap(&mut system, "again");
        system.force_stop("test.crier", 0);
        start_crier(&mut system);
        assert!(system.prompt().is_none() && system.notifications().is_empty(), "{api} {target}");
    }
    // Nobody answers: what came in between is lost, and the next start asks again. Then it is allowed.
    let (mut system, _) = device(33);
    system.install_facts(told_at_start(30), Vec::new(), InstallOptions::default()).unwrap();
    start_crier(&mut system);
    assert!(system.answer_prompt(Answer::Dismiss));
    system.force_stop("test.crier", 0);
    start_crier(&mut system);
    assert!(system.answer_prompt(Answer::Allow));
    tap(&mut system, "again");
    assert_eq!(system.notifications().iter().map(|n| n.title.as_str()).collect::<Vec<_>>(), ["More"]);
}

#[test]
fn pages_of_special_accesses_open_as_the_settings_have_them() {
    let open = |api: u32, action: &str, data: Option<&str>| {
        let (mut system, _) = with_app(api);
        let intent = Intent {
            action: Some(format!("android.settings.{action}")),
            data: data.map(str::to_owned),
            ..Intent::default()
        };
        let started = system.start_activity(intent, 2000);
        (system, started)
    };
    let own = Some("package:test.perm");
    for (api, action, data, resolves) in [
        (33, "ACCESSIBILITY_SETTINGS", None, true),
        (33, "ACCESSIBILITY_SETTINGS", own, false),
        (28, "action.MANAGE_OVERLAY_PERMISSION", own, true),
        (28, "USAGE_ACCESS_SETTINGS", own, false),
        (33, "USAGE_ACCESS_SETTINGS", own, true),
        (23, "MANAGE_UNKNOWN_APP_SOURCES", None, false),
        (33, "MANAGE_UNKNOWN_APP_SOURCES", None, true),
        (29, "MANAGE_ALL_FILES_ACCESS_PERMISSION", None, false),
        (33, "MANAGE_ALL_FILES_ACCESS_PERMISSION", None, true),
        (33, "MANAGE_APP_ALL_FILES_ACCESS_PERMISSION", None, false),
        (33, "MANAGE_APP_ALL_FILES_ACCESS_PERMISSION", own, true),
        (33, "REQUEST_SCHEDULE_EXACT_ALARM", own, true),
        (33, "REQUEST_IGNORE_BATTERY_OPTIMIZATIONS", own, true),
        (33, "REQUEST_IGNORE_BATTERY_OPTIMIZATIONS", None, false),
        (33, "NO_SUCH_PAGE", None, false),
    ] {
        let (system, started) = open(api, action, data);
        assert_eq!(started != Started::Unresolved, resolves, "{api} {action} {data:?}");
        assert_eq!(system.top_task().is_some_and(|t| t.package == "com.android.settings"), resolves, "{api} {action}");
    }
    // On the page of one app its switch gives the access; from the list one gets there.
    let (mut system, _) = open(28, "action.MANAGE_OVERLAY_PERMISSION", own);
    tap_last(&mut system, "switch_widget");
    assert_eq!(system.ops().mode("test.perm", "SYSTEM_ALERT_WINDOW"), Some(super::Mode::Allow));
    // From 30 on the same intent shows all apps: this one has the access only once it was given it.
    let (mut system, _) = open(33, "action.MANAGE_OVERLAY_PERMISSION", own);
    assert!(shown(&system, "switch_widget").is_none() && shown(&system, "summary").is_none());
    system.set_op_mode("test.perm", "SYSTEM_ALERT_WINDOW", Some(super::Mode::Allow));
    assert_eq!(shown(&system, "title").map(|row| row.text), Some("PermTest".into()));
    assert_eq!(shown(&system, "summary").map(|row| row.text), Some("Allowed".into()));
    tap_last(&mut system, "title");
    tap_last(&mut system, "switch_widget");
    assert_eq!(system.ops().mode("test.perm", "SYSTEM_ALERT_WINDOW"), Some(super::Mode::Deny));
    // An app that is not there: the page closes at once.
    let (system, started) = open(33, "USAGE_ACCESS_SETTINGS", Some("package:no.such"));
    assert!(matches!(started, Started::Made { .. }) && system.top_task().is_some_and(|task| task.home));
}

/// Taps the part of the window in front that has this id of the platform's.
fn tap_last(system: &mut System, id: &str) {
    let action = shown(system, id).and_then(|widget| widget.on_tap).unwrap_or_else(|| panic!("no {id}"));
    assert!(system.press(action), "{id}");
}
