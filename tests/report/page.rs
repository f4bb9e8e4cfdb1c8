//! What the page of a case says.

use appwitness::catalogue::Catalogue;
use appwitness::journal::ExhibitRef;
use appwitness::journal::entry::{Event, SeekOutcome, SeenWay};
use appwitness::report::html::{self, CaseView};
use appwitness::report::summary::Case;

use crate::golden;
use crate::sample::{self, Sample};

pub fn page(sample: &Sample) -> String {
    page_of(&sample::case(sample), sample)
}

pub fn page_of(case: &Case, sample: &Sample) -> String {
    told(case, sample, None)
}

/// The page of a redacted copy.
pub fn redacted(sample: &Sample) -> String {
    told(&sample::case(sample), sample, Some(&"ab".repeat(32)))
}

fn told(case: &Case, sample: &Sample, redacted_from: Option<&str>) -> String {
    let catalogue = Catalogue::builtin();
    let exhibits = |e: &ExhibitRef| sample.exhibits.get(&e.sha256).cloned();
    let view = CaseView {
        case,
        entries: &sample.entries,
        catalogue: &catalogue,
        reviews: &[],
        redacted_from,
        exhibits: &exhibits,
        originals: Some(""),
    };
    html::case(&view).unwrap()
}

#[test]
fn a_search_that_found_nothing_shows_its_screens_and_the_presses_between_them() {
    let mut sample = sample::sample("乐读小说");
    for entry in &mut sample.entries {
        let Event::SeekEnded(seek) = &mut entry.event else { continue };
        let titles = [("00", "首页"), ("01", "我的"), ("02", "设置<b>"), ("03", "")];
        seek.visited = titles.map(|(signature, title)| (signature.to_owned(), title.to_owned())).to_vec();
        let way = |from, press: &str, to| SeenWay { from, press: press.to_owned(), to };
        seek.ways = vec![way(0, "我的", 1), way(1, "<script>", 2), way(2, "回首页", 0)];
        (seek.outcome, seek.path, seek.depth) = (SeekOutcome::NotFound, Vec::new(), 0);
    }
    let page = page(&sample);
    let map = page.split("<details class=\"map\">").nth(1).unwrap().split("</details>").next().unwrap();
    let words: String = {
        let mut inside = false;
        map.chars()
            .filter(|c| {
                let shown = !inside && *c != '<';
                inside = (inside || *c == '<') && *c != '>';
                shown
            })
            .collect()
    };
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("(4)"), "{flat}");
    assert!(flat.ends_with("首页我的 → 我的&lt;script&gt; → 设置&lt;b&gt;回首页 → ↩ 首页03"), "{flat}");
    assert_eq!((map.matches("<ul>").count(), map.matches("</ul>").count()), (4, 4), "nested, and closed");
    assert_eq!((map.matches("<li>").count(), map.matches("</li>").count()), (5, 5));
    assert!(!map.contains("<script"));
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
fn one_axis_holds_launches_consent_prompts_answers_popups_and_accesses() {
    let page = page(&sample::sample("乐读小说"));
    let axis = page.split("<div class=\"axis\"").nth(1).unwrap().split("class=\"legend\"").next().unwrap();
    let lanes: Vec<&str> = axis.split("<div class=\"lane").skip(1).collect();
    let marks = |lane: usize, class: &str| lanes[lane].matches(&format!("class=\"{class}\"")).count();
    assert!(marks(0, "launch") == 1 && marks(0, "consent") == 1, "{}", lanes[0]);
    assert!(lanes[1].contains("系统提示与回答") && marks(1, "lasting window") == 2 && marks(1, "dot denied") == 2);
    assert!(lanes[2].contains("应用弹窗") && marks(2, "lasting window") == 2 && marks(2, "lasting stuck") == 1);
    assert_eq!(lanes.len(), 7, "four operations were used");
    assert_eq!(lanes[3..].iter().map(|lane| lane.matches("class=\"dot ").count()).sum::<usize>(), 4);
    // Both prompts lie before the consent, on the same scale.
    let left = |part: &str| part.split("left:").nth(1).unwrap().split('%').next().unwrap().parse::<f64>().unwrap();
    let consent = left(lanes[0].split("class=\"consent\"").nth(1).unwrap());
    for prompt in lanes[1].split("class=\"lasting window\"").skip(1) {
        assert!(left(prompt) < consent, "{consent}: {prompt}");
    }
}

#[test]
fn every_outcome_names_its_thresholds_and_where_they_come_from() {
    let page = page(&sample::sample("乐读小说"));
    let outcomes = page.split("id=\"outcomes\"").nth(1).unwrap().split("</section>").next().unwrap();
    let row = |id: &str| outcomes.split("<tr>").find(|row| row.contains(&format!(">{id}<"))).unwrap();
    assert!(row("permission-without-purpose").contains("settle time = 30 "), "the number that decided");
    // A rule whose number decided nothing in this case: the catalogue's is told all the same.
    let catalogue = Catalogue::builtin();
    let mut told = 0;
    for outcome in &sample::case(&sample::sample("x")).outcomes {
        for threshold in &catalogue.finding(&outcome.finding).unwrap().thresholds {
            let number = format!("{} = {} ", threshold.name.replace('_', " "), threshold.value);
            if outcome.threshold.is_none() {
                assert!(row(&outcome.finding).contains(&number), "{}: {number}", outcome.finding);
                told += 1;
            }
        }
    }
    assert!(told > 0);
}

#[test]
fn what_people_said_is_told_by_name() {
    let sample = sample::sample("乐读小说");
    let case = golden::reviewed(&sample);
    let page = page_of(&case, &sample);
    let card = |id: &str| page.split(&format!("id=\"f-{id}\"")).nth(1).unwrap().split("</article>").next().unwrap();
    assert!(card("permission-without-purpose").contains("confirmed by 李 Li"));
    assert!(card("permission-asked-before-consent").contains("rejected by 李 Li"));
    let handed_over = card("cleartext-transmission");
    assert!(handed_over.contains("confirmed by 李 Li") && handed_over.contains("left to a person"), "{handed_over}");
    assert!(page.contains("1 more confirmed by a person. 1 rejected by a person."));
    assert!(page.contains("另有 1 项经人工复核确认。其中 1 项经人工复核否定。"));
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
