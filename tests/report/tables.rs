//! `summary.xlsx`: read by ourselves and by Python's openpyxl. Whatever an app calls itself, no cell is a formula.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use appwitness::catalogue::Catalogue;
use appwitness::evidence::Word;
use appwitness::journal::entry::{Event, PopupEnd, PopupRole};
use appwitness::report::spreadsheet::{BookView, spreadsheet};
use appwitness::report::summary::{Case, Said};
use zip::ZipArchive;

use crate::sample::Sample;
use crate::{lists, sample};

const HOSTILE: &str = "=HYPERLINK(\"http://example.com\",\"x\")";

fn book() -> Vec<u8> {
    let hostile = "+cmd|' /C calc'!A0 <b>&amp; _x0041_ \u{202E}\u{0}";
    let mut sample = sample::sample(HOSTILE);
    sample.prompt(50_000, 3, hostile, "@SUM(1+1)", true);
    let mut cases = lists::cases();
    cases[0] = Case { package: Some("packages/甲 1".into()), ..sample::case(&sample) };
    cases[0].app.label = HOSTILE.into();
    cases[0].app.version = "-2+3".into();
    cases[0].outcomes[0].reason = hostile.into();
    cases[1].package = Some("../../etc".into());
    let entries = |case: &Case| if case.id == "novel-deny-1f2e" { sample.entries.clone() } else { vec![] };
    let summary = lists::run(cases);
    spreadsheet(&BookView { summary: &summary, catalogue: &Catalogue::builtin(), entries: &entries }).unwrap()
}

/// The workbook of cases whose journal is the sample's.
pub fn book_of(cases: Vec<Case>, sample: &Sample) -> Vec<u8> {
    let entries = |_: &Case| sample.entries.clone();
    let summary = lists::run(cases);
    spreadsheet(&BookView { summary: &summary, catalogue: &Catalogue::builtin(), entries: &entries }).unwrap()
}

#[test]
fn hostile_texts_stay_texts_in_every_cell() {
    for hostile in sample::hostile_texts() {
        let mut sample = sample::sample(&hostile);
        sample.prompt(50_000, 3, &hostile, &hostile, true);
        sample.popup(52_000, 4, PopupRole::Promotion, &hostile, &hostile, PopupEnd::Closed);
        for entry in &mut sample.entries {
            match &mut entry.event {
                Event::PromptShown(shown) => {
                    shown.purpose = Some(hostile.clone());
                    shown.groups = vec![hostile.clone()];
                }
                Event::PromptAnswered(answered) => {
                    answered.button = hostile.clone();
                    answered.why = hostile.clone();
                }
                Event::PopupShown(shown) => shown.close.iter_mut().for_each(|c| c.label = hostile.clone()),
                _ => {}
            }
        }
        let mut case = Case { package: Some(hostile.clone()), report: Some(hostile.clone()), ..sample::case(&sample) };
        case.app.package = hostile.clone();
        case.app.version = hostile.clone();
        case.category = Some(hostile.clone());
        case.device.as_mut().unwrap().model = hostile.clone();
        for outcome in &mut case.outcomes {
            outcome.reason = hostile.clone();
            outcome.reason_zh = hostile.clone();
            outcome.said = Some(Said { word: Word::Confirm, by: hostile.clone() });
        }
        let book = book_of(vec![case], &sample);
        let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
        for sheet in 1..=4 {
            let text = part(&mut archive, &format!("xl/worksheets/sheet{sheet}.xml"));
            let tree = roxmltree::Document::parse(&text).unwrap();
            const OURS: [&str; 15] = [
                "worksheet",
                "sheetViews",
                "sheetView",
                "pane",
                "cols",
                "col",
                "sheetData",
                "row",
                "c",
                "v",
                "is",
                "t",
                "autoFilter",
                "hyperlinks",
                "hyperlink",
            ];
            let strange = tree.descendants().filter(|n| n.is_element()).find(|n| !OURS.contains(&n.tag_name().name()));
            assert!(strange.is_none(), "sheet {sheet}: {strange:?}");
            let mut words = String::new();
            for cell in tree.descendants().filter(|n| n.tag_name().name() == "c") {
                let text: String = cell.descendants().filter(|n| n.is_text()).filter_map(|n| n.text()).collect();
                assert!(text.chars().count() < 4_200, "a cell of {} characters", text.chars().count());
                // Text that a program must not read as a number or a formula: its type says so.
                assert!(text.parse::<f64>().is_ok() || cell.attribute("t") == Some("inlineStr"), "{text:.40}");
                words += &(text + "\n");
            }
            // An underscore that would be read as an escape is itself escaped by the format.
            sample::assert_tame(&hostile, &words.replace("_x005F_", "_"));
        }
        for name in archive.file_names().map(str::to_owned).collect::<Vec<_>>() {
            let text = part(&mut archive, &name);
            let tree = roxmltree::Document::parse(&text).unwrap();
            let mut links = tree.descendants().filter(|n| n.attribute("TargetMode") == Some("External"));
            assert!(links.all(|link| !link.attribute("Target").unwrap().contains(':')), "{name}");
        }
    }
}

fn part(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn every_part_is_sound_and_no_cell_is_a_formula() {
    let book = book();
    assert!(book == self::book(), "two workbooks of one run are identical");
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let mut cells = 0;
    for name in &names {
        let text = part(&mut archive, name);
        let tree = roxmltree::Document::parse(&text).unwrap();
        assert!(!tree.descendants().any(|n| n.tag_name().name() == "f"), "{name} holds a formula");
        for cell in tree
            .descendants()
            .filter(|n| n.has_tag_name(("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "c")))
        {
            cells += 1;
            let number = cell.attribute("t").is_none();
            let value = cell.descendants().find(|n| n.tag_name().name() == "v").and_then(|n| n.text());
            assert_eq!(number, value.is_some_and(|v| v.parse::<f64>().is_ok()), "{}", cell.attribute("r").unwrap());
        }
        for link in tree.descendants().filter(|n| n.attribute("TargetMode") == Some("External")) {
            let target = link.attribute("Target").unwrap();
            assert!(
                target.starts_with("packages/%E7%94%B2%201/") || target.starts_with("novel-deny-1f2e/"),
                "{target}"
            );
        }
    }
    assert!(cells > 100, "{cells}");
    let findings = part(&mut archive, "xl/worksheets/sheet1.xml");
    assert!(findings.contains("=HYPERLINK(&quot;http://example.com"), "shown as the text it is");
    assert!(findings.contains("_x005F_x0041_") && findings.contains("⟨U+202E⟩⟨U+0000⟩"));
}

/// The Python that `tests/run` furnishes, when it has openpyxl.
fn python() -> Option<PathBuf> {
    let python = Path::new(&std::env::var_os("APPWITNESS_TOOLS")?).join("venv/bin/python");
    let has = Command::new(&python).args(["-c", "import openpyxl"]).output().is_ok_and(|o| o.status.success());
    has.then_some(python)
}

#[test]
fn another_program_reads_the_tables() {
    let Some(python) = python() else {
        let none = "no Python with openpyxl in APPWITNESS_TOOLS, the workbook was not read by another program";
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "{none}");
        eprintln!("skipped: {none}");
        return;
    };
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("summary.xlsx");
    std::fs::write(&file, book()).unwrap();
    let output = Command::new(python).arg("-c").arg(READ).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        seen["sheets"],
        serde_json::json!(["Findings 问题", "Prompts 权限申请", "Pop-ups 弹窗", "Outcomes 全部结果"])
    );
    assert_eq!(seen["formulas"], 0, "{seen:#}");
    assert_eq!(seen["first"], HOSTILE);
    assert_eq!(
        seen["rows"],
        serde_json::json!([4, 4, 4, 8]),
        "heads, and three findings, prompts, pop-ups; outcomes of one case"
    );
    let links = seen["links"].as_array().unwrap();
    assert!(links.iter().any(|l| l.as_str().unwrap().ends_with(".png")), "{links:?}");
}

const READ: &str = r#"
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
print(json.dumps({
    "sheets": book.sheetnames,
    "rows": [sheet.max_row for sheet in book],
    "formulas": sum(cell.data_type == "f" for cell in cells),
    "links": [cell.hyperlink.target for cell in cells if cell.hyperlink],
    "first": book.worksheets[0]["A2"].value,
}))
"#;
