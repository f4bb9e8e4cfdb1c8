//! What the page of a run says.

use appwitness::catalogue::Catalogue;
use appwitness::journal::entry::Digest;
use appwitness::report::answer::{Answered, Came};
use appwitness::report::html::{self, RunView};
use appwitness::report::summary::{Case, Summary};
use appwitness::scenario::Complaint;

use crate::{lists, sample};

pub fn page(summary: &Summary) -> String {
    page_of(summary, None)
}

/// The answer to a complaint that one run of three reproduced.
pub fn answered() -> Answered {
    let text = "complaint: again\napp: a.b\nversion: '9.9'\nsaid: 每次打开都问。\nsteps: [launch]\nsuspected: \
                [permission-asked-before-consent, consent-preticked]\n";
    let complaint = Complaint::parse("again.yaml", text, &Catalogue::builtin()).unwrap();
    let cases = lists::cases();
    let came: Vec<Came> = cases.iter().map(|case| Came { case: Some(case), held: None }).collect();
    Answered::of(&complaint, &came)
}

#[test]
fn the_answer_to_a_complaint_stands_on_the_page_of_its_run() {
    let summary = lists::run(lists::cases());
    assert!(!page(&summary).contains("id=\"complaint\""));
    let page = page_of(&summary, Some(&answered()));
    let answer = page.split("id=\"complaint\"").nth(1).unwrap().split("</section>").next().unwrap();
    for said in [
        "每次打开都问。",
        "Reproduced in 1 of 1 runs; 2 could not run.",
        "The person had version 9.9; what was run is 4.1.2.",
        "href=\"novel-deny-1f2e\"",
        "permission-asked-before-consent: ",
        "findings</bdi> (1)",
    ] {
        assert!(answer.contains(said), "{said}\n{answer}");
    }
}

pub fn page_of(summary: &Summary, answer: Option<&Answered>) -> String {
    let sample = sample::sample("乐读小说");
    let catalogue = Catalogue::builtin();
    let exhibit = |_: &Case, digest: &Digest| sample.exhibits.get(digest).cloned();
    let entries = |case: &Case| if case.device.is_some() { sample.entries.clone() } else { vec![] };
    html::run(&RunView { summary, catalogue: &catalogue, exhibit: &exhibit, entries: &entries, answer }).unwrap()
}

#[test]
fn the_page_of_a_run_leads_to_its_cases() {
    let page = page(&lists::run(lists::cases()));
    for said in [
        "共检测 3 例：1 例检出问题，0 例未检出，2 例未能全部完成。",
        "href=\"novel-deny-1f2e&#x2f;report.html\"",
        "征得同意前读取个人信息",
        "src=\"data:image/png;base64,",
        "the device went away",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn every_prompt_stands_on_the_page_of_the_run_with_its_answer_and_picture() {
    let page = page(&lists::run(lists::cases()));
    let cards: Vec<&str> = page.split("<article class=\"card prompt").skip(1).collect();
    assert_eq!(cards.len(), 6, "two prompts in each of three cases");
    for card in cards {
        let card = card.split("</article>").next().unwrap();
        for said in ["要允许“乐读小说”", "拒绝", "未见目的", "+ USER_SET", "src=\"data:image/png;base64,"]
        {
            assert!(card.contains(said), "{said}\n{card}");
        }
        assert!(card.contains("href=\"novel-deny-1f2e&#x2f;data&#x2f;exhibits&#x2f;"), "{card}");
    }
    for link in page.split("href=\"#q").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.contains(&format!("id=\"q{link}\"")), "#q{link}");
    }
}

#[test]
fn apps_and_scenarios_make_a_grid_when_there_are_several_of_both() {
    let mut cases = lists::cases();
    assert!(!page(&lists::run(cases.clone())).contains("id=\"grid\""), "one app needs no grid");
    cases[1].app.package = "com.example.other".into();
    cases[2].scenario = "refuse-policy".into();
    let page = page(&lists::run(cases));
    let grid = page.split("id=\"grid\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert_eq!(grid.matches("class=\"cell ").count(), 3);
    assert_eq!(grid.matches(">—<").count(), 1, "the second app has no case of the second scenario");
}

#[test]
fn hostile_names_stay_texts_and_hostile_paths_no_links() {
    let mut cases = lists::cases();
    cases[0].app.label = "\"><script>alert(1)</script>\u{202E}".into();
    cases[0].report = Some("javascript:alert(1)".into());
    let page = page(&lists::run(cases));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("href=\"javascript"));
    assert!(!page.contains('\u{202E}'));
}
