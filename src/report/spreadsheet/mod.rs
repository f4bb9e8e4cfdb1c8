//! `summary.xlsx`: a run as tables, for people who sort and filter. A sheet each for findings, prompts, pop-ups and
//! outcomes, with links to the pictures in the packages beside it.

mod book;
mod cell;

use std::io;

use book::{Book, Cell, Column, Sheet};

use crate::catalogue::{Catalogue, Severity};
use crate::journal::EXHIBITS;
use crate::journal::entry::{Digest, Entry, Event, PopupShown, PromptShown};
use crate::report::ReportError;
use crate::report::html::{Endings, lasting, relative, since_start};
use crate::report::summary::{Case, Outcome, OutcomeKind, Summary};
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
    ("To be reviewed 待复核", 12),
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
    findings(&mut book, view)?;
    dialogs(&mut book, view)?;
    outcomes(&mut book, view)?;
    book.finish()
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
    let path = digest.zip(case.package.as_ref()).and_then(|(digest, package)| {
        relative(&format!("{package}/data/{EXHIBITS}/{}/{digest}.png", digest.get(..2)?))
    });
    path.map_or(Cell::Empty, |path| Cell::Link("picture 画面".into(), path))
}

/// A link into the case's page.
fn page(case: &Case, anchor: &str) -> Cell {
    let path = case.report.as_deref().and_then(relative);
    path.map_or(Cell::Empty, |path| Cell::Link("page 页面".into(), format!("{path}#{anchor}")))
}

fn findings(book: &mut Book, view: &BookView) -> io::Result<()> {
    let mut sheet = book.sheet("Findings 问题", FINDINGS)?;
    for case in &view.summary.cases {
        let mut observed: Vec<&Outcome> = case.outcomes_of(OutcomeKind::Observed).collect();
        observed.sort_by_key(|o| std::cmp::Reverse(Severity::of(&o.severity)));
        for outcome in observed {
            sheet.row(&finding(case, outcome, view.catalogue))?;
        }
    }
    sheet.end()
}

fn finding(case: &Case, outcome: &Outcome, catalogue: &Catalogue) -> Vec<Cell> {
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
        if outcome.review { text("yes 是") } else { Cell::Empty },
        outcome.repeats.map_or(Cell::Empty, |r| text(format!("{} / {}", r.seen, r.of))),
        text(entries.join(" ")),
        picture(case, outcome.exhibits.first()),
        page(case, &format!("f-{}", outcome.finding)),
        text(device(case)),
        text(&outcome.finding),
    ]
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

/// Prompts and pop-ups: every journal is read once.
fn dialogs(book: &mut Book, view: &BookView) -> io::Result<()> {
    let mut prompts = Vec::new();
    let mut popups = Vec::new();
    for case in &view.summary.cases {
        let entries = (view.entries)(case);
        let ends = Endings::of(&entries);
        for entry in &entries {
            match &entry.event {
                Event::PromptShown(shown) => prompts.push(prompt(case, entry, shown, &ends)),
                Event::PopupShown(shown) => popups.push(popup(case, entry, shown, &ends)),
                _ => {}
            }
        }
    }
    fill(book.sheet("Prompts 权限申请", PROMPTS)?, &prompts)?;
    fill(book.sheet("Pop-ups 弹窗", POPUPS)?, &popups)
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

fn outcomes(book: &mut Book, view: &BookView) -> io::Result<()> {
    let mut sheet = book.sheet("Outcomes 全部结果", OUTCOMES)?;
    for case in &view.summary.cases {
        for outcome in &case.outcomes {
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
                text(&outcome.finding),
            ];
            if !sheet.row(&row)? {
                return sheet.end();
            }
        }
    }
    sheet.end()
}
