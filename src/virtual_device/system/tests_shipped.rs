//! The shipped specimens, played: each shows what it says of itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::tests::{find, texts};
use super::{Answer, Intent, System};
use crate::clock::Clock;
use crate::virtual_device::profile::Profile;
use crate::virtual_device::specimen::{Specimen, pack};
use crate::virtual_device::system::{InstallFiles, InstallOptions};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/specimens")
}

fn text_of(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.yaml"))).expect("a shipped specimen")
}

struct Played {
    system: System,
    clock: Clock,
    package: String,
}

impl Played {
    fn of(name: &str, locale: &str) -> Self {
        let clock = Clock::stepped(1_795_294_804_000);
        let mut profile = Profile::new("shipped");
        profile.locale = locale.into();
        let mut system = System::boot(&profile, clock.clone());
        let apk = pack(&text_of(name)).expect("it packs");
        let files = InstallFiles::read(vec![apk]).expect("its file reads");
        let package = system.install_facts(files.base, Vec::new(), InstallOptions::default()).expect("it installs");
        let mut played = Self { system, clock, package };
        played.launch();
        played
    }

    fn launch(&mut self) {
        let component = self.system.packages()[&self.package].facts.main().expect("a launcher activity");
        self.system.start_activity(Intent::launcher(component), 2000);
    }

    fn restart(&mut self) {
        self.system.force_stop(&self.package.clone(), 2000);
        self.launch();
    }

    fn tap(&mut self, id: &str) {
        let part = self.system.windows().iter().rev().find_map(|w| find(&w.content, id).cloned());
        let part = part.unwrap_or_else(|| panic!("no {id} among {:?}", texts(&self.system)));
        assert!(self.system.press(part.on_tap.unwrap_or_else(|| panic!("{id} is dead"))), "{id} took the tap");
    }

    fn has(&self, id: &str) -> bool {
        self.system.windows().iter().any(|w| find(&w.content, id).is_some())
    }

    fn wait(&mut self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.system.catch_up();
    }

    fn refuse_all(&mut self) -> u32 {
        let mut pages = 0;
        while self.system.prompt().is_some() {
            assert!(self.system.answer_prompt(Answer::Deny));
            pages += 1;
        }
        pages
    }

    fn sign_in(&mut self, user: &str, password: &str) -> bool {
        self.tap("tab_me");
        self.tap("sign_in_entry");
        for (field, text) in [("username", user), ("password", password)] {
            self.tap(field);
            while !find_text(&self.system, field).is_empty() {
                self.system.key(67);
            }
            assert!(self.system.type_text(text));
        }
        if self.has("terms") && !checked(&self.system, "terms") {
            self.tap("terms");
        }
        self.tap("sign_in");
        self.has("signed_in")
    }

    fn runs(&self) -> bool {
        self.system.pid_of(&self.package).is_some()
    }
}

fn find_text(system: &System, id: &str) -> String {
    system.windows().iter().rev().find_map(|w| find(&w.content, id).map(|w| w.text.clone())).unwrap_or_default()
}

fn checked(system: &System, id: &str) -> bool {
    system.windows().iter().rev().find_map(|w| find(&w.content, id).map(|w| w.state.checked)).unwrap_or_default()
}

fn account(name: &str) -> (String, String) {
    let specimen = Specimen::parse(&text_of(name)).unwrap();
    (specimen.accounts[0].user.clone(), specimen.accounts[0].password.clone())
}

#[test]
fn every_shipped_specimen_parses_and_packs_alike_each_time() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).expect("the folder of specimens") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let text = std::fs::read_to_string(&path).expect("a file");
            let apk = pack(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(apk, pack(&text).unwrap(), "{}", path.display());
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_string();
            assert_eq!(Specimen::parse(&text).unwrap().specimen, stem);
            count += 1;
        }
    }
    assert!(count >= 3);
}

#[test]
fn the_compliant_map_asks_only_on_a_tap_and_says_why_before() {
    let mut app = Played::of("well-behaved", "zh-CN");
    assert_eq!(app.system.prompt(), None);
    assert!(texts(&app.system).iter().any(|t| t == "不同意") && texts(&app.system).iter().any(|t| t == "同意"));
    app.tap("button2");
    assert!(app.runs() && app.has("basic_mode"), "it works after a refusal");
    app.tap("locate");
    assert!(texts(&app.system).iter().any(|t| t.contains("显示您当前所在的位置")), "the purpose comes first");
    app.tap("button1");
    assert_eq!(app.refuse_all(), 1);
    app.tap("search_button");
    app.tap("result_1");
    app.tap("navigate");
    assert!(app.has("next_turn"), "navigation works without the permission");
    for _ in 0..3 {
        app.restart();
        assert_eq!(app.system.prompt(), None, "it does not ask again");
        assert!(!app.has("button1"), "nor for consent");
    }
    let touches = app.system.ops().of(&app.package).flat_map(|(_, r)| r.touches.iter()).count();
    assert_eq!(touches, 0, "nothing was read");
}

#[test]
fn the_compliant_map_deletes_its_account_within_five_taps() {
    let (user, password) = account("well-behaved");
    let mut app = Played::of("well-behaved", "en-US");
    app.tap("button1");
    assert!(app.sign_in(&user, &password));
    for id in ["settings", "account_security", "delete_account"] {
        app.tap(id);
    }
    assert!(find_text(&app.system, "delete_text").contains(&user));
    app.tap("delete_sure");
    app.tap("delete_confirm");
    app.tap("deleted_ok");
    assert!(!app.sign_in(&user, &password), "the account is gone");
}

#[test]
fn the_forcing_shop_asks_before_consent_exits_and_asks_again() {
    let mut app = Played::of("forces-permissions", "zh-CN");
    assert!(app.system.ops().of(&app.package).any(|(op, r)| op == "READ_CLIPBOARD" && r.last(false).is_some()));
    assert_eq!(app.refuse_all(), 4);
    assert!(app.has("exit"));
    app.wait(4);
    assert!(!app.runs(), "it closes when refused");
    app.launch();
    assert_eq!(app.refuse_all(), 4, "it asks again");
    assert!(app.has("go_settings"), "and begs");
    assert!(checked(&app.system, "agree_box"), "the box is ticked in advance");
    app.restart();
    assert_eq!(app.system.prompt(), None, "refused for good");
    assert!(app.has("go_settings"), "it still begs");
}

#[test]
fn the_hiding_news_app_shows_its_deletion_and_its_advertisements() {
    let (user, password) = account("hides-deletion");
    let mut app = Played::of("hides-deletion", "zh-CN");
    app.tap("agree");
    assert!(!app.has("claim"));
    app.wait(1);
    app.tap("close");
    assert!(app.has("claim"), "one tap is not enough");
    app.tap("close");
    assert!(!app.has("claim"));
    assert!(app.sign_in(&user, &password));
    app.tap("settings");
    app.tap("account_security");
    let before = texts(&app.system);
    app.tap("delete_account");
    assert_eq!(texts(&app.system), before, "the entry is dead");
    app.system.key(4);
    for id in ["help", "faq_2", "paper", "close_submit"] {
        app.tap(id);
    }
    assert!(app.has("close_done"));
    app.tap("close_ok");
    assert!(app.sign_in(&user, &password), "the account is still there");
    app.tap("tab_home");
    app.tap("story");
    app.wait(2);
    app.tap("close");
    assert!(!app.has("close"));
    app.wait(1);
    assert!(app.has("close"), "it returns on the same page");
    app.restart();
    assert!(app.has("ad_picture") && !app.has("skip"));
    app.wait(3);
    assert!(app.has("skip"));
}
