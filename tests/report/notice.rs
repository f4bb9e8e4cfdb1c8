//! The draft of a rectification notice.

use std::io::{Cursor, Read};

use appwitness::catalogue::Catalogue;
use appwitness::report::notice::{Notice, NoticeView, notice};
use appwitness::report::summary::Case;

use crate::sample;

fn draft(case: &Case, served: &str, confirmed: &[String], rejected: &[String]) -> Notice {
    let view = NoticeView {
        case,
        catalogue: &Catalogue::builtin(),
        examined: "2026-11-23 00:00:00 UTC",
        package: "ab12",
        signed_by: None,
        served: served.parse().unwrap(),
        working_days: 15,
        confirmed,
        rejected,
    };
    notice(&view).unwrap()
}

/// The paragraphs of a .docx.
fn paragraphs(docx: &[u8]) -> Vec<String> {
    let mut text = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    for name in ["[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml"] {
        let mut part = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut part).unwrap();
        roxmltree::Document::parse(&part).unwrap();
    }
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    let tree = roxmltree::Document::parse(&text).unwrap();
    let paragraphs = tree.descendants().filter(|n| n.tag_name().name() == "p");
    paragraphs.map(|p| p.descendants().filter_map(|n| n.text()).collect()).collect()
}

#[test]
fn the_draft_names_the_problems_the_evidence_and_the_day() {
    let mut case = sample::case(&sample::sample("乐读小说"));
    case.outcomes.iter_mut().for_each(|outcome| outcome.review = false);
    let draft = draft(&case, "2026-11-23", &[], &[]);
    let markdown = draft.markdown.replace('\\', "");
    for said in [
        "乐读小说",
        "未经用户同意收集使用个人信息",
        "#8、#9、#16",
        &case.outcomes[1].exhibits[0],
        "2026年12月14日",
        "15 个工作日内",
        "虚拟设备（安卓的模型）",
        "没有签名",
        "草稿",
    ] {
        assert!(markdown.contains(said), "{said}\n{markdown}");
        assert!(paragraphs(&draft.docx).iter().any(|p| p.contains(said)), "{said}");
    }
    assert!(!draft.markdown.contains("待人工复核"));
    if let Some(out) = std::env::var_os("APPWITNESS_NOTICE_OUT") {
        std::fs::write(out, &draft.markdown).unwrap();
    }
}

#[test]
fn what_a_person_has_to_confirm_stands_apart_until_it_is_confirmed() {
    let mut case = sample::case(&sample::sample("乐读小说"));
    case.outcomes.iter_mut().for_each(|outcome| outcome.review = false);
    case.outcomes[1].review = true;
    let apart = "附：待人工复核的问题";
    let id = [case.outcomes[1].finding.clone()];
    assert!(draft(&case, "2026-11-23", &[], &[]).markdown.contains(apart));
    assert!(!draft(&case, "2026-11-23", &id, &[]).markdown.contains(apart));
    let rejected = draft(&case, "2026-11-23", &[], &id).markdown;
    let points = |markdown: &str| markdown.matches("问题：").count();
    assert!(!rejected.contains(apart));
    assert_eq!(points(&rejected) + 1, points(&draft(&case, "2026-11-23", &id, &[]).markdown));
}

#[test]
fn a_year_whose_holidays_are_not_known_is_said() {
    let case = sample::case(&sample::sample("乐读小说"));
    let draft = draft(&case, "2026-12-25", &[], &[]).markdown;
    assert!(draft.contains("2027 年的放假安排尚无数据"), "{draft}");
}

#[test]
fn hostile_names_stay_texts() {
    let mut case = sample::case(&sample::sample("x"));
    case.app.label = "</w:t><w:evil/>](http://a)<script>\n# x\u{202E}\u{0}".into();
    let draft = draft(&case, "2026-11-23", &[], &[]);
    assert!(draft.markdown.contains("\\]\\(http") || draft.markdown.contains("\\](http"), "{}", draft.markdown);
    assert!(!draft.markdown.contains("<script>") && !draft.markdown.contains('\u{202E}'));
    assert!(paragraphs(&draft.docx).iter().any(|p| p.contains("</w:t><w:evil/>](http://a)<script> # x")));
}
