//! What is written, compared with what was looked at and committed. `APPWITNESS_BLESS=1 cargo test --test report` writes it
//! again.

use std::io::{Cursor, Read};
use std::path::Path;

use appwitness::catalogue::Catalogue;
use appwitness::journal::ExhibitRef;
use appwitness::report::html::{self, CompareView, Side};
use appwitness::report::summary::{Case, OutcomeKind, Said};
use appwitness::report::terminal;
use appwitness::report::words::Both;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::sample::{self, Sample};
use crate::{lists, notice, tables};

/// Compares a text with `tests/report/golden/NAME`.
#[track_caller]
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report/golden").join(name);
    if std::env::var_os("APPWITNESS_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let line = kept.lines().zip(text.lines()).position(|(kept, now)| kept != now).map_or(0, |at| at + 1);
    assert!(
        kept == text,
        "tests/report/golden/{name} is not what this program writes, from line {line}; look at the change, then \
         APPWITNESS_BLESS=1 cargo test --test report golden"
    );
}

/// Pictures by their digests: what is in them is none of a golden text's business.
fn without_pictures(page: &str) -> String {
    const MARK: &str = "data:image/png;base64,";
    let mut parts = page.split(MARK);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (picture, rest) = part.split_once('"').unwrap();
        let digest = Sha256::digest(picture).iter().take(6).map(|byte| format!("{byte:02x}")).collect::<String>();
        out += &format!("{MARK}{digest}\"{rest}");
    }
    out
}

/// The case as people left it: one finding confirmed, one rejected, one that was handed over confirmed.
pub fn reviewed(sample: &Sample) -> Case {
    use appwitness::evidence::Word;
    let mut case = sample::case(sample);
    let said = |word| Some(Said { word, by: "李 Li".into() });
    case.outcomes[0].said = said(Word::Confirm);
    case.outcomes[2].said = said(Word::Reject);
    case.outcomes[5].review = true;
    case.outcomes[5].said = said(Word::Confirm);
    case
}

/// The page of two packages: before, as people left it; after, with one finding fixed, one new, one not to be told.
pub fn comparison() -> String {
    let sample = sample::sample("乐读小说");
    let before = reviewed(&sample);
    let mut after = sample::case(&sample);
    after.app.version = "4.2.0".into();
    after.outcomes[0].outcome = OutcomeKind::NotObserved;
    after.outcomes[3].outcome = OutcomeKind::Observed;
    after.outcomes[3].exhibits = before.outcomes[1].exhibits.clone();
    let exhibits = |e: &ExhibitRef| sample.exhibits.get(&e.sha256).cloned();
    let side = |case, digest| Side { case, entries: &sample.entries, digest, exhibits: &exhibits };
    let view = CompareView {
        old: side(&before, "ab12"),
        new: side(&after, "cd34"),
        catalogue: &Catalogue::builtin(),
        deadline: Some(Both::new("尚未整改", "Not yet met")),
    };
    html::compare(&view).unwrap()
}

#[test]
fn the_notice_in_both_forms() {
    let draft = notice::draft(&reviewed(&sample::sample("乐读小说")), "2026-11-23");
    // A golden text does not change with every word of the catalogue.
    let own = Catalogue::builtin().digest().to_owned();
    golden("notice.md", &draft.markdown.replace(&own, "CATALOGUE"));
    golden("notice.docx.txt", &(notice::paragraphs(&draft.docx).join("\n") + "\n").replace(&own, "CATALOGUE"));
}

#[test]
fn the_page_of_a_comparison() {
    let page = comparison();
    // The style is the same on every page and stands in reports/example.
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    golden("compare.html", &without_pictures(&format!("{head}{body}")));
}

#[test]
fn the_terminal_of_one_case_and_of_many() {
    let catalogue = Catalogue::builtin();
    let one = terminal::table(&lists::run(vec![reviewed(&sample::sample("乐读小说"))]), &catalogue);
    let many = terminal::table(&lists::run(lists::cases()), &catalogue);
    golden("terminal.txt", &format!("{one}\n\n{many}"));
}

#[test]
fn the_cells_of_the_workbook() {
    let sample = sample::sample("乐读小说");
    let case = Case { package: Some("packages/novel".into()), ..reviewed(&sample) };
    let book = tables::book_of(vec![case], &sample);
    golden("summary.xlsx.txt", &cells(&book));
}

/// Every cell of a workbook as a line: sheet, place, text, and where it leads.
fn cells(book: &[u8]) -> String {
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = String::new();
    for sheet in 1..=4 {
        let mut part = |name: String| {
            let mut text = String::new();
            archive.by_name(&name).ok()?.read_to_string(&mut text).unwrap();
            Some(text)
        };
        let text = part(format!("xl/worksheets/sheet{sheet}.xml")).unwrap();
        let targets = part(format!("xl/worksheets/_rels/sheet{sheet}.xml.rels")).unwrap_or_default();
        let tree = roxmltree::Document::parse(&text).unwrap();
        let target = |place: &str| {
            let links = tree.descendants().filter(|n| n.tag_name().name() == "hyperlink");
            let link = links.into_iter().find(|n| n.attribute("ref") == Some(place))?;
            let id = link.attributes().find(|a| a.name() == "id")?.value();
            let at = targets.split(&format!("Id=\"{id}\"")).nth(1)?.split("Target=\"").nth(1)?;
            Some(format!(" -> {}", at.split('"').next()?))
        };
        for cell in tree.descendants().filter(|n| n.tag_name().name() == "c") {
            let place = cell.attribute("r").unwrap();
            let words: String = cell.descendants().filter_map(|n| n.text().filter(|_| n.is_text())).collect();
            out += &format!("{sheet} {place} {words}{}\n", target(place).unwrap_or_default());
        }
    }
    out
}
