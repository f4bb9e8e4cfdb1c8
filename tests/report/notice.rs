//! The draft of a rectification notice.

use std::io::{Cursor, Read};

use appwitness::catalogue::Catalogue;
use appwitness::evidence::Word;
use appwitness::report::notice::{Notice, NoticeView, notice};
use appwitness::report::summary::{Case, Said};

use crate::sample;

/// SHA-256 of the catalogue that the outcomes are by; not that of this program.
const SEALED_BY: &str = "5656565656565656565656565656565656565656565656565656565656565656";

pub fn draft(case: &Case, served: &str) -> Notice {
    let view = NoticeView {
        case,
        rules: "1",
        sealed_by: SEALED_BY,
        catalogue: &Catalogue::builtin(),
        examined: "2026-11-23 00:00:00 UTC",
        package: "ab12",
        signed_by: None,
        served: served.parse().unwrap(),
        working_days: 15,
    };
    notice(&view).unwrap()
}

/// The paragraphs of a .docx.
pub fn paragraphs(docx: &[u8]) -> Vec<String> {
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
    let draft = draft(&case, "2026-11-23");
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
        "规则版本 1",
        SEALED_BY,
        "与封存时的规则库不同",
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
    // One that was observed, and one that the rules left to a person.
    for handed_over in [1, 5] {
        let mut said = |word: Option<Word>| {
            case.outcomes[handed_over].review = true;
            case.outcomes[handed_over].said = word.map(|word| Said { word, by: "Li".into() });
            let markdown = draft(&case, "2026-11-23").markdown;
            case.outcomes[handed_over].review = false;
            case.outcomes[handed_over].said = None;
            markdown
        };
        let points = |markdown: &str| markdown.matches("问题：").count();
        let apart = "附：待人工复核的问题";
        let (open, confirmed) = (said(None), said(Some(Word::Confirm)));
        let (rejected, unsure) = (said(Some(Word::Reject)), said(Some(Word::Unsure)));
        assert!(open.contains(apart) && unsure.contains(apart), "{handed_over}");
        assert!(!confirmed.contains(apart) && confirmed.contains("经 Li 复核确认"), "{confirmed}");
        assert_eq!(confirmed.contains("规则不作结论"), handed_over == 5, "{confirmed}");
        assert!(!rejected.contains(apart) && rejected.contains("1 项经人工复核否定"), "{rejected}");
        assert_eq!(points(&rejected) + 1, points(&confirmed));
        assert_eq!(points(&open), points(&confirmed));
    }
}

#[test]
fn a_year_whose_holidays_are_not_known_is_said() {
    let case = sample::case(&sample::sample("乐读小说"));
    let draft = draft(&case, "2026-12-25").markdown;
    assert!(draft.contains("2027 年的放假安排尚无数据"), "{draft}");
}

/// Markdown without the signs whose meaning a backslash takes away.
fn without_escaped(markdown: &str) -> String {
    let mut kept = String::new();
    let mut chars = markdown.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c => kept.push(c),
        }
    }
    kept
}

/// The draft of a case in which this text stands wherever an app, a device or a person can put one.
fn draft_with(text: &str) -> Notice {
    let mut case = sample::case(&sample::sample("x"));
    for field in [&mut case.app.label, &mut case.app.package, &mut case.app.version, &mut case.id, &mut case.scenario] {
        *field = text.to_owned();
    }
    case.device.as_mut().unwrap().model = text.to_owned();
    for outcome in &mut case.outcomes {
        outcome.reason = text.to_owned();
        outcome.reason_zh = text.to_owned();
        outcome.exhibits = vec![text.to_owned()];
        outcome.said = Some(Said { word: Word::Confirm, by: text.to_owned() });
    }
    draft(&case, "2026-11-23")
}

#[test]
fn hostile_texts_stay_texts_in_every_field() {
    let harmless = draft_with("x").markdown;
    for hostile in sample::hostile_texts() {
        let draft = draft_with(&hostile);
        let paragraphs = paragraphs(&draft.docx);
        sample::assert_tame(&hostile, &draft.markdown.replace('\\', ""));
        sample::assert_tame(&hostile, &paragraphs.join("\n"));
        assert!(paragraphs.iter().all(|p| p.chars().count() < 40_000), "no paragraph grows without bound");
        // Nothing of it is markup: every sign that means something in Markdown is escaped, and the parts of the .docx
        // hold no element but ours (they were parsed above).
        let count = |markdown: &str, mark: &str| without_escaped(markdown).matches(mark).count();
        for mark in ["<script", "](http", "\n=", "\n#", "`"] {
            assert_eq!(count(&draft.markdown, mark), count(&harmless, mark), "{mark:?} of {hostile:.40}");
        }
        let mut archive = zip::ZipArchive::new(Cursor::new(&draft.docx)).unwrap();
        let mut text = String::new();
        archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
        let tree = roxmltree::Document::parse(&text).unwrap();
        const OURS: [&str; 10] = ["document", "body", "p", "pPr", "pStyle", "r", "t", "sectPr", "pgSz", "pgMar"];
        assert!(tree.descendants().filter(|n| n.is_element()).all(|n| OURS.contains(&n.tag_name().name())));
    }
}
