//! What the page of a run says.

use appwitness::catalogue::Catalogue;
use appwitness::journal::entry::Digest;
use appwitness::report::html::{self, RunView};
use appwitness::report::summary::{Case, Summary};

use crate::{lists, sample};

pub fn page(summary: &Summary) -> String {
    let sample = sample::sample("乐读小说");
    let catalogue = Catalogue::builtin();
    let exhibit = |_: &Case, digest: &Digest| sample.exhibits.get(digest).cloned();
    html::run(&RunView { summary, catalogue: &catalogue, exhibit: &exhibit }).unwrap()
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
fn hostile_names_stay_texts_and_hostile_paths_no_links() {
    let mut cases = lists::cases();
    cases[0].app.label = "\"><script>alert(1)</script>\u{202E}".into();
    cases[0].report = Some("javascript:alert(1)".into());
    let page = page(&lists::run(cases));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("href=\"javascript"));
    assert!(!page.contains('\u{202E}'));
}
