//! `summary.xlsx`: a run as tables, for people who sort and filter. A sheet each for findings, prompts, pop-ups and
//! outcomes, with links to the pictures in the packages beside it.

mod book;
mod cell;

use std::collections::BTreeSet;
use std::io;

use book::{Book, Cell, Column, Sheet};

use crate::catalogue::{Catalogue, Severity};
use crate::journal::EXHIBITS;
use crate::journal::entry::{Digest, Entry, Event, PopupShown, PromptShown};
use crate::report::ReportError;
use crate::report::html::{Endings, ThresholdText, lasting, relative, since_start, thresholds};
use crate::report::summary::{Case, Outcome, Summary};
use crate::report::words::{self, Both};

/// All that the workbook is made of.
pub struct BookView<'a> {
    /// Figures and outcomes of all cases.
    pub summary: &'a Summary,
    /// The rules they were judged by.
    pub catalogue: &'a Catalogue,
    /// The journal of a case's attempt that counts; empty when it is not at hand.
    pub entries: &'a dyn Fn(&Case) -> Vec<Entry>,
}

const FINDINGS: &[Column] = &[
    ("App 应用", 22),
    ("Package 包名", 30),
    ("Version 版本", 12),
    ("Category 类别", 18),
    ("Scenario 方案", 24),
    ("Severity 程度", 10),
    ("Finding", 44),
    ("问题", 34),
    ("Reason", 50),
    ("理由", 40),
    ("Review 复核", 22),
    ("Seen in 重复", 10),
    ("Entries 日志条目", 16),
    ("Picture 画面", 12),
    ("Page 页面", 12),
    ("Device 设备", 30),
    ("Id", 34),
];
const PROMPTS: &[Column] = &[
    ("App 应用", 22),
    ("Package 包名", 30),
    ("Scenario 方案", 24),
    ("No.", 6),
    ("Launch 启动", 8),
    ("Time 时间", 10),
    ("Kind 类型", 18),
    ("Question 问题", 50),
    ("Permissions 权限", 34),
    ("Answer 回答", 18),
    ("Button 按钮", 18),
    ("Why 理由", 36),
    ("After consent 同意后", 10),
    ("Purpose 目的", 36),
    ("Picture 画面", 12),
    ("Page 页面", 12),
];
const POPUPS: &[Column] = &[
    ("App 应用", 22),
    ("Package 包名", 30),
    ("Scenario 方案", 24),
    ("No.", 6),
    ("Launch 启动", 8),
    ("Time 时间", 10),
    ("Kind 类型", 20),
    ("Title 标题", 30),
    ("Words 文字", 60),
    ("Close 关闭控件", 20),
    ("Ended 结束", 20),
    ("Taps 点击", 8),
    ("Lasted 时长", 10),
    ("Picture 画面", 12),
    ("Page 页面", 12),
];
const OUTCOMES: &[Column] = &[
    ("App 应用", 22),
    ("Package 包名", 30),
    ("Version 版本", 12),
    ("Scenario 方案", 24),
    ("Verdict 结论", 14),
    ("Outcome 结果", 18),
    ("Severity 程度", 10),
    ("Rule", 44),
    ("规则", 34),
    ("Reason", 50),
    ("理由", 40),
    ("Review 复核", 22),
    ("Threshold and source 阈值及来源", 44),
    ("Picture 画面", 12),
    ("Id", 34),
];

/// Writes the workbook.
///
/// # Errors
/// When the archive can't be written: a fault of this program.
pub fn spreadsheet(view: &BookView) -> Result<Vec<u8>, ReportError> {
    write(view).map_err(|error| ReportError::Spreadsheet(error.to_string()))
}

fn write(view: &BookView) -> io::Result<Vec<u8>> {
    let mut book = Book::new();
    let told = Told::of(view);
    findings(&mut book, view, &told)?;
    fill(book.sheet("Prompts 权限申请", PROMPTS)?, &told.prompts)?;
    fill(book.sheet("Pop-ups 弹窗", POPUPS)?, &told.popups)?;
    outcomes(&mut book, view, &told)?;
    book.finish()
}

/// What only the journals tell; each is read once.
#[derive(Default)]
struct Told {
    prompts: Vec<Vec<Cell>>,
    popups: Vec<Vec<Cell>>,
    /// For each case and each of its outcomes the first picture it rests on.
    pictures: Vec<Vec<Option<Digest>>>,
}

impl Told {
    fn of(view: &BookView) -> Self {
        let mut told = Self::default();
        for case in &view.summary.cases {
            let entries = (view.entries)(case);
            let ends = Endings::of(&entries);
            for entry in &entries {
                match &entry.event {
                    Event::PromptShown(shown) => told.prompts.push(prompt(case, entry, shown, &ends)),
                    Event::PopupShown(shown) => told.popups.push(popup(case, entry, shown, &ends)),
                    _ => {}
                }
            }
            told.pictures.push(pictures(case, &entries));
        }
        told
    }

    /// The outcomes of a case by its place, each with its picture.
    fn outcomes<'a>(&'a self, at: usize, case: &'a Case) -> impl Iterator<Item = (&'a Outcome, &'a Option<Digest>)> {
        case.outcomes.iter().zip(self.pictures.get(at).into_iter().flatten())
    }
}

/// The first picture of each outcome. Outcomes rest on views' trees as well; the journal tells which is a picture, and
/// without one the first exhibit is taken.
fn pictures(case: &Case, entries: &[Entry]) -> Vec<Option<Digest>> {
    let screenshot = |entry: &Entry| match &entry.event {
        Event::Captured(capture) => capture.screenshot.as_ref().map(|shot| shot.sha256.clone()),
        _ => None,
    };
    let known: BTreeSet<Digest> = entries.iter().filter_map(screenshot).collect();
    let first = |o: &Outcome| o.exhibits.iter().find(|digest| entries.is_empty() || known.contains(*digest)).cloned();
    case.outcomes.iter().map(first).collect()
}

fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

fn both(words: &Both) -> Cell {
    match (words.zh.as_str(), words.en.as_str()) {
        (zh, en) if zh == en || zh.is_empty() => text(en),
        (zh, "") => text(zh),
        (zh, en) => text(format!("{en} {zh}")),
    }
}

fn name(case: &Case) -> Cell {
    text(if case.app.label.is_empty() { &case.app.package } else { &case.app.label })
}

/// A link to the picture of this digest in the case's package.
fn picture(case: &Case, digest: Option<&Digest>) -> Cell {
    let path = digest.zip(case.package_folder()).and_then(|(digest, package)| {
        relative(&format!("{package}/data/{EXHIBITS}/{}/{digest}.png", digest.get(..2)?))
    });
    let archive = || digest.and(case.package.as_deref().and_then(relative));
    let link = |words: &str, path| Cell::Link(words.into(), path);
    path.map(|path| link("picture 画面", path))
        .or_else(|| archive().map(|path| link("in the package 见证据包", path)))
        .unwrap_or(Cell::Empty)
}

/// A link into the case's page.
fn page(case: &Case, anchor: &str) -> Cell {
    let path = case.report.as_deref().and_then(relative);
    path.map_or(Cell::Empty, |path| Cell::Link("page 页面".into(), format!("{path}#{anchor}")))
}

fn findings(book: &mut Book, view: &BookView, told: &Told) -> io::Result<()> {
    let mut sheet = book.sheet("Findings 问题", FINDINGS)?;
    for (at, case) in view.summary.cases.iter().enumerate() {
        let mut found: Vec<_> = told.outcomes(at, case).filter(|(outcome, _)| outcome.is_finding()).collect();
        found.sort_by_key(|(outcome, _)| std::cmp::Reverse(Severity::of(&outcome.severity)));
        for (outcome, pictured) in found {
            sheet.row(&finding(case, outcome, pictured.as_ref(), view.catalogue))?;
        }
    }
    sheet.end()
}

fn finding(case: &Case, outcome: &Outcome, pictured: Option<&Digest>, catalogue: &Catalogue) -> Vec<Cell> {
    let rule = catalogue.finding(&outcome.finding);
    let category = case
        .category
        .as_deref()
        .map_or(Cell::Empty, |id| catalogue.category(id).map_or_else(|| text(id), |c| both(&Both::new(&c.zh, &c.en))));
    let entries: Vec<String> = outcome.entries.iter().take(20).map(|seq| format!("#{seq}")).collect();
    vec![
        name(case),
        text(&case.app.package),
        text(&case.app.version),
        category,
        text(&case.scenario),
        both(&words::severity(&outcome.severity)),
        text(rule.map_or(outcome.finding.as_str(), |r| &r.title)),
        text(rule.map_or("", |r| &r.title_zh)),
        text(&outcome.reason),
        text(&outcome.reason_zh),
        review(outcome),
        outcome.repeats.map_or(Cell::Empty, |r| text(format!("{} / {}", r.seen, r.of))),
        text(entries.join(" ")),
        picture(case, pictured),
        page(case, &format!("f-{}", outcome.finding)),
        text(device(case)),
        text(&outcome.finding),
    ]
}

/// What a person said of it, or that a person has to.
fn review(outcome: &Outcome) -> Cell {
    match &outcome.said {
        Some(said) => both(&words::said(said)),
        None if outcome.review => text("to be reviewed 待复核"),
        None => Cell::Empty,
    }
}

fn device(case: &Case) -> String {
    let Some(device) = &case.device else { return String::new() };
    let model = if device.virtual_device {
        ", the virtual device: a model of Android 虚拟设备（安卓模型）"
    } else {
        ""
    };
    format!("{}, API {}{model}", device.model, device.api)
}

fn fill(mut sheet: Sheet, rows: &[Vec<Cell>]) -> io::Result<()> {
    for row in rows {
        sheet.row(row)?;
    }
    sheet.end()
}

fn prompt(case: &Case, entry: &Entry, shown: &PromptShown, ends: &Endings) -> Vec<Cell> {
    let end = ends.answer(shown.prompt);
    let changed: Vec<&str> = end.iter().flat_map(|e| &e.changes).map(|c| c.name.as_str()).collect();
    let about = if changed.is_empty() { shown.groups.join(", ") } else { changed.join(", ") };
    vec![
        name(case),
        text(&case.app.package),
        text(&case.scenario),
        Cell::Number(f64::from(shown.prompt)),
        Cell::Number(f64::from(shown.launch)),
        text(since_start(entry.at.mono)),
        both(&words::prompt_kind(shown.what)),
        text(&shown.question),
        text(about),
        both(&words::answer(end.and_then(|e| e.answer))),
        text(end.map_or("", |e| &e.button)),
        text(end.map_or("", |e| &e.why)),
        text(if shown.after_consent { "yes 是" } else { "no 否" }),
        text(shown.purpose.as_deref().unwrap_or_default()),
        picture(case, shown.screenshot.as_ref().map(|s| &s.sha256)),
        page(case, &format!("e{}", entry.seq)),
    ]
}

fn popup(case: &Case, entry: &Entry, shown: &PopupShown, ends: &Endings) -> Vec<Cell> {
    let end = ends.popup(shown.popup);
    let close: Vec<&str> = shown.close.iter().map(|control| control.label.as_str()).collect();
    vec![
        name(case),
        text(&case.app.package),
        text(&case.scenario),
        Cell::Number(f64::from(shown.popup)),
        Cell::Number(f64::from(shown.launch)),
        text(since_start(entry.at.mono)),
        both(&words::popup_role(shown.role)),
        text(&shown.title),
        text(&shown.words),
        text(close.join(", ")),
        end.map_or(Cell::Empty, |(how, ..)| both(&words::popup_end(how))),
        end.map_or(Cell::Empty, |(_, taps, _)| Cell::Number(f64::from(taps))),
        end.map_or(Cell::Empty, |(.., lived)| text(lasting(lived))),
        picture(case, shown.screenshot.as_ref().map(|s| &s.sha256)),
        page(case, &format!("e{}", entry.seq)),
    ]
}

fn outcomes(book: &mut Book, view: &BookView, told: &Told) -> io::Result<()> {
    let mut sheet = book.sheet("Outcomes 全部结果", OUTCOMES)?;
    for (at, case) in view.summary.cases.iter().enumerate() {
        for (outcome, pictured) in told.outcomes(at, case) {
            let rule = view.catalogue.finding(&outcome.finding);
            let row = [
                name(case),
                text(&case.app.package),
                text(&case.app.version),
                text(&case.scenario),
                both(&words::verdict(case.verdict)),
                both(&words::outcome(outcome.outcome)),
                both(&words::severity(&outcome.severity)),
                text(rule.map_or(outcome.finding.as_str(), |r| &r.title)),
                text(rule.map_or("", |r| &r.title_zh)),
                text(&outcome.reason),
                text(&outcome.reason_zh),
                review(outcome),
                text(
                    thresholds(outcome, view.catalogue).iter().map(ThresholdText::line).collect::<Vec<_>>().join("; "),
                ),
                picture(case, pictured.as_ref()),
                text(&outcome.finding),
            ];
            if !sheet.row(&row)? {
                return sheet.end();
            }
        }
    }
    sheet.end()
}
