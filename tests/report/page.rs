//! What the page of a case says.

use appwitness::catalogue::Catalogue;
use appwitness::journal::ExhibitRef;
use appwitness::report::html::{self, CaseView};

use crate::sample::{self, Sample};

pub fn page(sample: &Sample) -> String {
    let case = sample::case(sample);
    let catalogue = Catalogue::builtin();
    let exhibits = |e: &ExhibitRef| sample.exhibits.get(&e.sha256).cloned();
    let view = CaseView {
        case: &case,
        entries: &sample.entries,
        catalogue: &catalogue,
        reviews: &[],
        redacted_from: None,
        exhibits: &exhibits,
    };
    html::case(&view).unwrap()
}

#[test]
fn the_page_tells_findings_prompts_popups_and_the_way_to_deletion() {
    let page = page(&sample::sample("乐读小说"));
    for said in [
        "检出 3 项问题，其中严重问题 1 项。",
        "3 findings were observed, 1 of them critical.",
        "未经用户同意收集使用个人信息",
        "要允许“乐读小说”访问通讯录吗？",
        "READ_CONTACTS",
        "policy deny-non-essential: the category does not need it",
        "注销账号",
        "填写身份证号",
        "已预先勾选",
        "our default, no rule gives a number",
        "the device went away during step 2",
        "the network was not watched",
        "网络未被监视",
        "on the virtual device, a model of Android",
        "本次检测在虚拟设备（安卓的模型）上进行",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let gravest = page.find("id=\"f-data-access-before-consent\"").unwrap();
    assert!(gravest < page.find("id=\"f-permission-asked-before-consent\"").unwrap());
    for prompt in page.split("<article class=\"card ").skip(1) {
        assert!(prompt.contains("src=\"data:image/png;base64,"));
    }
    if let Some(out) = std::env::var_os("APPWITNESS_REPORT_OUT") {
        std::fs::write(out, &page).unwrap();
    }
}

#[test]
fn every_link_inside_the_page_leads_somewhere() {
    let page = page(&sample::sample("乐读小说"));
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.contains(&format!("id=\"{link}\"")), "#{link}");
    }
}

#[test]
fn two_pages_of_one_case_are_identical() {
    let sample = sample::sample("乐读小说");
    assert!(page(&sample) == page(&sample));
}

#[test]
fn hostile_texts_stay_texts() {
    let mut hostile = sample::sample("<script>alert(1)</script>\u{202E}lmth\"'");
    let long = "<img src=x onerror=alert(2)>".repeat(40_000);
    hostile.prompt(50_000, 3, &long, "a.b.<b>C</b>", true);
    hostile.prompt(52_000, 4, "\u{7}bell \u{9b}31m \0 nul </style></title>", "x\u{200B}y", true);
    let page = page(&hostile);
    assert!(!page.contains("<script"));
    assert!(!page.contains("<img src=x"));
    assert!(page.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("⟨U+202E⟩") && page.contains("⟨U+0007⟩") && page.contains("⟨U+009B⟩"));
    assert!(!page.chars().any(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{200B}' | '\u{7}' | '\0' | '\u{9b}')));
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(page.contains("1120000 characters, cut at 400⟩"));
    assert!(page.len() < 4 << 20, "{}", page.len());
}
