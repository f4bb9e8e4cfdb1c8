//! What a run says on a terminal and to a build server.

use appwitness::catalogue::{Catalogue, Severity};
use appwitness::evidence::Word;
use appwitness::journal::entry::Blame;
use appwitness::report::summary::{Case, Outcome, Run, Said, Summary, Verdict};
use appwitness::report::{junit, terminal, text};

use crate::sample;

pub fn run(cases: Vec<Case>) -> Summary {
    let run = Run {
        id: "2026-11-23T00-00-00".into(),
        started: "2026-11-23T00:00:00Z".into(),
        program: "appwitness 0.1.0".into(),
        catalogue: "34".repeat(32),
        fail_on: None,
    };
    Summary::new(run, cases)
}

pub fn cases() -> Vec<Case> {
    let found = sample::case(&sample::sample("乐读小说"));
    let bare = Case { outcomes: vec![], message: "the device went away".into(), ..found.clone() };
    let lost = Case { id: "lost".into(), verdict: Verdict::Failed, blame: Some(Blame::Device), ..bare.clone() };
    let part = Case { id: "part".into(), verdict: Verdict::Incomplete, missing: vec!["4 seek".into()], ..bare };
    vec![found, lost, part]
}

fn table(cases: Vec<Case>) -> String {
    let table = terminal::table(&run(cases), &Catalogue::builtin());
    for line in table.lines() {
        assert!(text::columns(line) <= 80, "{line}");
    }
    assert!(!table.contains('\u{1b}') && !table.contains('\u{202E}'));
    if std::env::var_os("APPWITNESS_REPORT_OUT").is_some() {
        eprintln!("{table}");
    }
    table
}

#[test]
fn one_case_is_told_in_detail_on_the_terminal() {
    let table = table(cases()[..1].to_vec());
    for said in ["FINDINGS", "征得同意前读取个人信息", "[#8 #9 #16]", "1 case: 1 with findings"] {
        assert!(table.contains(said), "{said}\n{table}");
    }
    assert!(table.contains("on the virtual device, a model of Android"), "{table}");
}

#[test]
fn why_a_run_ended_early_is_told_once() {
    let part = cases().pop().unwrap();
    let missing = vec!["the run ended early: the device went away".into(), "4 seek".into()];
    let table = table(vec![Case { missing, ..part }]);
    assert_eq!(table.matches("the device went away").count(), 1, "{table}");
    assert!(table.contains(" missing   4 seek"), "{table}");
}

#[test]
fn many_cases_are_folded_to_a_block_per_app() {
    let mut cases = cases();
    let other = Case { scenario: "refuse-policy".into(), ..cases[0].clone() };
    cases.push(Case { outcomes: other.outcomes[..2].to_vec(), ..other });
    let table = table(cases);
    for said in [
        "乐读小说 4.1.2",
        "in deny-non-essential (1 of 3), refuse-policy",
        "failed    deny-non-essential: the device went away",
        "cases     4 cases: 2 with findings, 1 incomplete, 1 failed",
        "4 cases: 2 with findings, 1 incomplete, 1 failed",
    ] {
        assert!(table.contains(said), "{said}\n{table}");
    }
    assert_eq!(table.matches("FINDINGS").count(), 1, "one app, one block");
    assert!(table.lines().count() < 20, "{table}");
}

#[test]
fn five_thousand_apps_fill_no_more_than_a_few_screens_and_say_that_there_are_more() {
    let few = cases();
    let of = |n: u64| {
        let mut case = few[usize::from(!n.is_multiple_of(7_u64))].clone();
        case.app.package = format!("com.example.a{n}");
        case
    };
    let table = table((0..5_000).map(of).collect());
    assert!(table.lines().count() < 300, "{}", table.lines().count());
    assert!(table.contains("… and 4980 more apps, in the report"));
    assert!(table.starts_with("乐读小说") && !table.contains("failed    "), "those with findings come first\n{table}");
}

#[test]
fn the_terminal_table_fits_80_columns_whatever_the_app_says() {
    let mut cases = cases();
    cases[1].app.label = "\u{1b}[2Jevil\u{202E}\n\n名".repeat(100);
    cases[1].app.package = "com.example.other".into();
    cases[1].message = "说".repeat(5_000);
    cases[2].scenario = "s".repeat(5_000);
    assert!(table(cases.clone()).contains("FAILED"));
    assert!(table(cases[1..2].to_vec()).contains("FAILED"));
}

#[test]
fn a_build_server_tells_findings_faults_and_what_was_not_carried_out_apart() {
    let catalogue = Catalogue::builtin();
    let xml = junit::junit(&run(cases()), &catalogue, Severity::High).unwrap();
    let tree = roxmltree::Document::parse(&xml).unwrap();
    let within = |case: &str, tag: &str| {
        let case =
            tree.descendants().find(|n| n.has_tag_name("testcase") && n.attribute("name") == Some(case)).unwrap();
        case.children().find(|n| n.has_tag_name(tag)).map(|n| n.attribute("message").unwrap_or_default().to_owned())
    };
    assert_eq!(within("novel-deny-1f2e", "failure").as_deref(), Some("2 findings"));
    assert_eq!(within("lost", "error").as_deref(), Some("the device went away"));
    assert_eq!(within("part", "skipped").as_deref(), Some("the device went away (not carried out: 4 seek)"));
    let lenient = junit::junit(&run(cases()), &catalogue, Severity::Critical).unwrap();
    assert!(lenient.contains("1 finding\""));
}

#[test]
fn a_person_s_word_decides_what_fails_a_test() {
    let message = |said: &[(&str, Word)], change: fn(&mut Case)| {
        let mut case = cases().remove(0);
        case.attempts.truncate(1);
        for (finding, word) in said {
            let outcome = case.outcomes.iter_mut().find(|o| o.finding == *finding).unwrap();
            outcome.said = Some(Said { word: *word, by: "Wu".into() });
        }
        change(&mut case);
        let xml = junit::junit(&run(vec![case]), &Catalogue::builtin(), Severity::High).unwrap();
        let tree = roxmltree::Document::parse(&xml).unwrap();
        let failure = tree.descendants().find(|n| n.has_tag_name("failure"));
        (failure.map(|n| n.attribute("message").unwrap().to_owned()), xml)
    };
    let (early, read, network) =
        ("permission-asked-before-consent", "data-access-before-consent", "cleartext-transmission");
    let (failure, xml) = message(&[(early, Word::Reject)], |_| {});
    assert_eq!(failure.as_deref(), Some("1 finding"));
    assert_eq!(xml.matches("rejected by Wu").count(), 1, "told in the output alone: {xml}");
    let (failure, xml) = message(&[(early, Word::Reject), (read, Word::Reject)], |_| {});
    assert_eq!(failure, None);
    assert!(xml.contains("3 observed") && xml.matches("rejected by Wu").count() == 2, "{xml}");
    let (failure, xml) = message(&[(early, Word::Confirm), (read, Word::Unsure)], |_| {});
    assert_eq!(failure.as_deref(), Some("2 findings"));
    assert!(xml.contains("confirmed by Wu") && xml.contains("left open by Wu"), "{xml}");
    let hand_over = |case: &mut Case| {
        let handed = |o: &&mut Outcome| o.finding == "cleartext-transmission";
        case.outcomes.iter_mut().filter(handed).for_each(|o| o.review = true);
    };
    assert_eq!(message(&[], hand_over).0.as_deref(), Some("2 findings"));
    assert_eq!(message(&[(network, Word::Reject)], hand_over).0.as_deref(), Some("2 findings"));
    assert_eq!(message(&[(network, Word::Confirm)], hand_over).0.as_deref(), Some("3 findings"));
    // The review is of the last attempt; that another observed it too, nobody denied.
    let (failure, _) = message(&[(early, Word::Reject), (read, Word::Reject)], |case| {
        let mut earlier = case.attempts[0].clone();
        earlier.observed = vec!["data-access-before-consent".into()];
        case.attempts.insert(0, earlier);
    });
    assert_eq!(failure.as_deref(), Some("1 finding"));
}

#[test]
fn hostile_texts_do_not_break_the_xml() {
    let mut cases = cases();
    cases[0].outcomes[0].reason = "</failure><x a='\"'> ]]> \u{0}\u{FFFE}\u{202E}".into();
    cases[0].app.package = "a\"><b".into();
    let xml = junit::junit(&run(cases), &Catalogue::builtin(), Severity::Info).unwrap();
    let tree = roxmltree::Document::parse(&xml).unwrap();
    assert!(!tree.descendants().any(|n| n.has_tag_name("x") || n.has_tag_name("b")));
}
