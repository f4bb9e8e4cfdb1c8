//! Accesses that no dialog grants: the review of an old app's permissions, the position "all the time", and the special
//! accesses on pages of the settings. The host looks at them, says so, and gives nothing away silently.

use std::sync::Arc;
use std::time::Duration;

use appwitness::adb::{InstallOptions, Server as Bridge};
use appwitness::android::Android;
use appwitness::apk::App;
use appwitness::clock::Clock;
use appwitness::journal::entry::{Answer, Event, PromptAnswered, PromptKind, PromptShown};
use appwitness::ui::{Lexicon, Selector};
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use appwitness::virtual_device::specimen::pack;
use tokio_util::sync::CancellationToken;

use crate::device::{self, Folder, Told};

const SPECIALS: [&str; 7] =
    ["overlay", "usage", "accessibility", "unknown-sources", "all-files", "exact-alarms", "battery"];

/// An app that sends people to the settings; `TARGET` is the level it was made for.
fn model(target: u32) -> String {
    let buttons: String = SPECIALS
        .iter()
        .map(|name| {
            format!(
                "      - button: {{id: {}, words: {name}, tap: [{{ask-special: {{access: {name}, granted: [{{set: {{said: {name} given}}}}], refused: [{{set: {{said: {name} not given}}}}]}}}}]}}\n",
                name.replace('-', "_")
            )
        })
        .collect();
    format!(
        "
specimen: pages
package: com.example.asks
label: {{en: Pages, zh: 页面}}
category: map-navigation
sdk: {{min: 21, target: {target}}}
permissions: [CAMERA, READ_CONTACTS, ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION, ACCESS_BACKGROUND_LOCATION]
vars: {{said: nothing}}
first-screen: home
screens:
  home:
    title: Pages
    views:
      - text: {{id: said, words: 'it said {{said}}'}}
      - button: {{id: near, words: Near me, tap: [{{ask: {{permissions: [ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION]}}}}]}}
      - button: {{id: always, words: Follow me, tap: [{{ask: {{permissions: [ACCESS_BACKGROUND_LOCATION], granted: [{{set: {{said: always given}}}}], refused: [{{set: {{said: always not given}}}}]}}}}]}}
{buttons}"
    )
}

fn app(folder: &Folder, target: u32) -> Arc<App> {
    let path = folder.0.join("pages.apk");
    std::fs::write(&path, pack(&model(target)).unwrap()).unwrap();
    Arc::new(App::open(&[path]).unwrap())
}

fn prompts(told: &Told) -> Vec<(PromptShown, Option<PromptAnswered>)> {
    let answer = |number: u32| {
        told.entries.iter().find_map(|e| match &e.event {
            Event::PromptAnswered(answered) if answered.prompt == number => Some((**answered).clone()),
            _ => None,
        })
    };
    let shown = told.entries.iter().filter_map(|e| match &e.event {
        Event::PromptShown(shown) => Some(((**shown).clone(), answer(shown.prompt))),
        _ => None,
    });
    shown.collect()
}

fn failed_steps(told: &Told) -> Vec<String> {
    let failed = told.entries.iter().filter_map(|e| match &e.event {
        Event::StepEnded { path, message: Some(message), .. } => Some(format!("{path}: {message}")),
        _ => None,
    });
    failed.chain(told.failure.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_app_is_reviewed_before_it_starts() {
    for (profile, policy, answer, changed) in [
        ("api=30,skin=google,locale=en-US", "deny", Answer::Deny, 5),
        ("api=33,skin=aosp,locale=zh-CN", "deny", Answer::Deny, 5),
        ("api=29,skin=aosp,locale=en-US", "allow", Answer::Allow, 5),
    ] {
        let folder = Folder::new();
        let scenario = format!(
            "scenario: review\ntitle: Review\nprompts: {policy}\nsteps:\n  - launch\n  - expect: {{text: it said nothing, within: 20s}}\n  - stop\n  - launch\n"
        );
        let told = device::attempt(profile, &scenario, app(&folder, 22)).await;
        assert_eq!(failed_steps(&told), Vec::<String>::new(), "{profile}");
        let prompts = prompts(&told);
        assert_eq!(prompts.len(), 1, "{profile}: once, before the first start: {prompts:#?}");
        let (shown, answered) = &prompts[0];
        assert_eq!(shown.what, PromptKind::PermissionReview, "{profile}");
        let mut groups = shown.groups.clone();
        groups.sort();
        assert_eq!(groups, ["CAMERA", "CONTACTS", "LOCATION"], "{profile}: {}", shown.question);
        let answered = answered.as_ref().unwrap();
        assert_eq!(answered.answer, Some(answer), "{profile}: {}", answered.why);
        assert_eq!(answered.changes.len(), changed, "{profile}: {:?}", answered.changes);
        for change in &answered.changes {
            let after = change.after.as_ref().unwrap();
            let has = |flag: &str| after.flags.iter().any(|known| known == flag);
            assert!(after.granted && !has("REVIEW_REQUIRED"), "{profile}: {change:?}");
            assert_eq!(has("REVOKED_COMPAT"), answer == Answer::Deny, "{profile}: {change:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_position_all_the_time_is_a_page_of_the_settings_and_left_as_it_is() {
    for profile in ["api=30,skin=google,locale=en-US", "api=34,skin=aosp,locale=zh-CN"] {
        let folder = Folder::new();
        let scenario = "scenario: always\ntitle: Always\nprompts: allow\nsteps:\n  - launch\n  - tap: {id: near}\n  - tap: {id: always}\n  - expect: {text: it said always not given, within: 20s}\n";
        let told = device::attempt(profile, scenario, app(&folder, 33)).await;
        assert_eq!(failed_steps(&told), Vec::<String>::new(), "{profile}");
        let kinds: Vec<PromptKind> = prompts(&told).iter().map(|(shown, _)| shown.what).collect();
        assert_eq!(kinds, [PromptKind::Permission, PromptKind::SpecialAccess], "{profile}");
        let page = prompts(&told).pop().unwrap();
        assert_eq!(page.1.unwrap().answer, None, "{profile}");
        let suppressed = told.entries.iter().filter(|e| matches!(e.event, Event::PromptSuppressed { .. })).count();
        assert_eq!(suppressed, 0, "{profile}: something was shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn special_accesses_are_asked_for_on_pages_and_none_is_given_by_a_policy() {
    for (profile, policy) in [("api=33,skin=google,locale=en-US", "allow"), ("api=34,skin=aosp,locale=zh-CN", "deny")] {
        let folder = Folder::new();
        let steps: String = SPECIALS
            .iter()
            .map(|name| {
                let id = name.replace('-', "_");
                format!("  - tap: {{id: {id}}}\n  - expect: {{text: it said {name} not given, within: 20s}}\n")
            })
            .collect();
        let scenario = format!("scenario: special\ntitle: Special\nprompts: {policy}\nsteps:\n  - launch\n{steps}");
        let told = device::attempt(profile, &scenario, app(&folder, 33)).await;
        assert_eq!(failed_steps(&told), Vec::<String>::new(), "{profile}");
        let prompts = prompts(&told);
        assert_eq!(prompts.len(), SPECIALS.len(), "{profile}");
        for (shown, answered) in &prompts {
            assert_eq!(shown.what, PromptKind::SpecialAccess, "{profile}: {}", shown.question);
            assert_eq!(answered.as_ref().map(|a| a.answer), Some(None), "{profile}: {}", shown.question);
        }
    }
}

/// A person gives every access by hand; the app hears of it, and app operations tell it.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_can_give_them() {
    let folder = Folder::new();
    let apk = folder.0.join("pages.apk");
    std::fs::write(&apk, pack(&model(33)).unwrap()).unwrap();
    let machine = Machine::boot(Profile::parse("api=33").unwrap(), Clock::real());
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
    let device = Bridge::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
    device.install(&[apk], &InstallOptions::default(), Duration::from_secs(60)).await.unwrap();
    let android = Android::open(device.clone()).await.unwrap();
    android.launch("com.example.asks", None).await.unwrap();
    let tap = async |selector: Selector| {
        let looking = async {
            loop {
                let tree = android.hierarchy().await.unwrap().tree;
                if let Ok(node) = selector.find(&tree, &Lexicon::builtin()) {
                    return tree.nodes[node].bounds.center();
                }
            }
        };
        let at = Clock::real().within(Duration::from_secs(30), looking).await;
        android.tap(at.unwrap_or_else(|| panic!("{selector:?} is not there"))).await.unwrap();
    };
    for name in SPECIALS {
        tap(Selector::id(name.replace('-', "_"))).await;
        match name {
            "battery" => tap(Selector::id("button1")).await,
            "accessibility" => {
                tap(Selector::id("switch_widget")).await;
                tap(Selector::id("button1")).await;
                android.key("BACK").await.unwrap();
            }
            _ => {
                tap(Selector::id("switch_widget")).await;
                android.key("BACK").await.unwrap();
            }
        }
        tap(Selector::text(format!("it said {name} given"))).await;
    }
    let said = device.shell("cmd appops get com.example.asks", Duration::from_secs(30)).await.unwrap().text();
    for op in ["SYSTEM_ALERT_WINDOW", "GET_USAGE_STATS", "REQUEST_INSTALL_PACKAGES", "MANAGE_EXTERNAL_STORAGE"] {
        assert!(said.contains(&format!("{op}: allow")), "{said}");
    }
    let services = device.shell("settings get secure enabled_accessibility_services", Duration::from_secs(30)).await;
    assert!(services.unwrap().text().starts_with("com.example.asks/"));
    server.stop();
}
