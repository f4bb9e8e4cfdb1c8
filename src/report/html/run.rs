//! The page of a run: all its cases, and what was found how often.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::Value;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::findings::{gravity, title};
use super::gallery::Gallery;
use super::grid::{Grid, grid};
use super::questions::{AllQuestions, questions};
use super::{page, pen};
use crate::catalogue::Catalogue;
use crate::journal::ExhibitRef;
use crate::journal::entry::{Digest, Entry};
use crate::report::ReportError;
use crate::report::answer::Answered;
use crate::report::summary::{Case, Outcome, OutcomeKind, Summary, Verdict};
use crate::report::words::{self, Both};

/// Comfort only: search and sorting. The page is whole without it.
const SCRIPT: &str = include_str!("templates/run.js");
/// Width of a small picture, in pixels.
const THUMBNAIL_WIDTH: u32 = 120;
/// Most bytes of one.
const MOST_THUMBNAIL: usize = 1 << 20;
/// Most cases that get a small picture; beyond that the page would grow too large.
const MOST_THUMBNAILS: usize = 120;
/// Beyond this many cases a row is laid out only when it comes into sight.
const MANY: usize = 200;
/// Most findings named in a case's row; the rest is counted.
const MOST_NAMED: usize = 4;

/// All that the page of a run is made of.
pub struct RunView<'a> {
    /// Figures and outcomes of all cases.
    pub summary: &'a Summary,
    /// The rules they were judged by.
    pub catalogue: &'a Catalogue,
    /// Bytes of a case's exhibit, when at hand.
    pub exhibit: &'a dyn Fn(&Case, &Digest) -> Option<Vec<u8>>,
    /// The journal of a case's attempt that counts; empty when it is not at hand.
    pub entries: &'a dyn Fn(&Case) -> Vec<Entry>,
    /// The answer to a complaint, when the run was made for one.
    pub answer: Option<&'a Answered>,
}

#[derive(Serialize)]
struct Page {
    summary: Summary,
    lead: Both,
    model: Option<Both>,
    verdicts: Vec<VerdictCount>,
    rows: Vec<Row>,
    many: bool,
    findings: Vec<Frequency>,
    categories: Vec<CategoryCount>,
    grid: Option<Grid>,
    questions: AllQuestions,
    answer: Option<AnswerView>,
    script: Value,
    script_hash: Value,
}

/// The answer to a complaint, with links that lead into the run's folder.
#[derive(Serialize)]
struct AnswerView {
    sentence: Both,
    runs: Vec<AnswerRow>,
    answered: Answered,
}

#[derive(Serialize)]
struct AnswerRow {
    number: u32,
    answer: Both,
    why: String,
    name: String,
    package: Option<String>,
    report: Option<String>,
}

#[derive(Serialize)]
struct VerdictCount {
    tone: &'static str,
    words: Both,
    count: u64,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    package: String,
    version: String,
    scenario: String,
    title: String,
    category: Both,
    /// Place of the category among the page's, and of the findings among its kinds: what the filters go by.
    category_number: usize,
    numbers: String,
    device: String,
    emulator: bool,
    virtual_device: bool,
    attempts: usize,
    tone: &'static str,
    verdict: Both,
    message: String,
    critical: usize,
    high: usize,
    other: usize,
    not_assessable: usize,
    prompts: Option<usize>,
    named: Vec<Named>,
    more: usize,
    report: Option<String>,
    folder: Option<String>,
    thumbnail: Option<Value>,
}

#[derive(Serialize)]
struct Named {
    severity: Both,
    tone: String,
    title: Both,
    word: Option<Both>,
}

#[derive(Serialize)]
struct Frequency {
    number: usize,
    title: Both,
    id: String,
    severity: Both,
    tone: String,
    count: u64,
    share: String,
}

#[derive(Serialize)]
struct CategoryCount {
    number: usize,
    words: Both,
    cases: usize,
    found: usize,
    share: String,
}

/// Places by which rows name findings and categories.
struct Numbers<'a> {
    findings: BTreeMap<&'a str, usize>,
    categories: BTreeMap<Option<&'a str>, usize>,
}

impl<'a> Numbers<'a> {
    fn of(cases: &'a [Case]) -> Self {
        let findings = Case::frequencies(cases).into_keys().enumerate().map(|(n, id)| (id, n)).collect();
        let named: BTreeSet<Option<&str>> = cases.iter().map(|case| case.category.as_deref()).collect();
        Self { findings, categories: named.into_iter().enumerate().map(|(n, id)| (id, n)).collect() }
    }
}

/// Writes the page of a run: one HTML file that links to the cases' pages by relative paths.
pub fn run(view: &RunView) -> Result<String, ReportError> {
    let summary = view.summary;
    let hash = BASE64_STANDARD.encode(Sha256::digest(SCRIPT));
    let (questions, untold_from) = questions(view);
    let numbers = Numbers::of(&summary.cases);
    let row = |(at, case)| Row { prompts: questions.of_case(at, untold_from), ..row(at, case, view, &numbers) };
    let page = Page {
        lead: lead(summary),
        model: model(summary),
        verdicts: verdicts(summary),
        rows: summary.cases.iter().enumerate().map(row).collect(),
        many: summary.cases.len() > MANY,
        findings: frequencies(view, &numbers),
        categories: categories(view, &numbers),
        grid: grid(summary),
        questions,
        answer: view.answer.map(answer),
        script: Value::from_safe_string(SCRIPT.to_owned()),
        script_hash: Value::from_safe_string(format!("sha256-{hash}")),
        summary: Summary { cases: Vec::new(), ..summary.clone() },
    };
    Ok(pen::write("run.html", &page)?)
}

fn answer(answered: &Answered) -> AnswerView {
    let row = |run: &crate::report::answer::Run| AnswerRow {
        number: run.run,
        answer: run.answer.words(),
        why: run.why.clone(),
        name: run.package.clone().unwrap_or_default(),
        package: run.package.as_deref().and_then(relative),
        report: run.report.as_deref().and_then(relative),
    };
    AnswerView {
        sentence: answered.sentence(),
        runs: answered.runs.iter().map(row).collect(),
        answered: answered.clone(),
    }
}

fn lead(summary: &Summary) -> Both {
    let c = &summary.counts;
    let cases = if c.cases == 1 { "case was" } else { "cases were" };
    let unfinished = c.incomplete + c.failed;
    Both::new(
        format!(
            "共检测 {} 例：{} 例检出问题，{} 例未检出，{unfinished} 例未能全部完成。",
            c.cases, c.findings, c.clear
        ),
        format!(
            "{} {cases} examined: {} with findings, {} without, {unfinished} not carried out in full.",
            c.cases, c.findings, c.clear
        ),
    )
}

/// How much of the run was on the virtual device; `None` when nothing was.
fn model(summary: &Summary) -> Option<Both> {
    let (on, cases) = (summary.on_virtual_device(), summary.cases.len());
    match on {
        0 => None,
        _ if on == cases => Some(Both::new(
            "全部案例在虚拟设备（安卓的模型）上进行，不是真实设备或模拟器。",
            "All of it on the virtual device, a model of Android, not on a real device or an emulator.",
        )),
        _ => Some(Both::new(
            format!("其中 {on} 例在虚拟设备（安卓的模型）上进行。"),
            format!("{on} of {cases} cases on the virtual device, a model of Android."),
        )),
    }
}

fn verdicts(summary: &Summary) -> Vec<VerdictCount> {
    let c = &summary.counts;
    [
        (Verdict::Findings, c.findings, Both::new("检出问题", "with findings")),
        (Verdict::Clear, c.clear, Both::new("未检出", "clear")),
        (Verdict::Incomplete, c.incomplete, Both::new("未完成", "incomplete")),
        (Verdict::Failed, c.failed, Both::new("未能进行", "failed")),
    ]
    .into_iter()
    .map(|(verdict, count, words)| VerdictCount { tone: page::tone(verdict), words, count })
    .collect()
}

fn row(at: usize, case: &Case, view: &RunView, numbers: &Numbers) -> Row {
    let mut observed: Vec<&Outcome> = case.findings().collect();
    observed.sort_by_key(|o| gravity(&o.severity));
    let weighing = |severity: &str| observed.iter().filter(|o| o.severity == severity).count();
    let (critical, high) = (weighing("critical"), weighing("high"));
    let named = |o: &&Outcome| Named {
        severity: words::severity(&o.severity),
        tone: o.severity.clone(),
        title: title(&o.finding, view.catalogue),
        word: o.said.as_ref().map(words::said),
    };
    let category = case.category.as_deref().map(|id| category(id, view.catalogue));
    let numbered = observed.iter().filter_map(|o| numbers.findings.get(o.finding.as_str()));
    Row {
        id: case.id.clone(),
        name: if case.app.label.is_empty() { case.app.package.clone() } else { case.app.label.clone() },
        package: case.app.package.clone(),
        version: case.app.version.clone(),
        scenario: case.scenario.clone(),
        title: case.title.clone(),
        category: category.unwrap_or_default(),
        category_number: numbers.categories.get(&case.category.as_deref()).copied().unwrap_or_default(),
        numbers: numbered.map(usize::to_string).collect::<Vec<_>>().join(" "),
        device: case.device.as_ref().map(|d| format!("{} · API {}", d.model, d.api)).unwrap_or_default(),
        emulator: case.device.as_ref().is_some_and(|d| d.emulator),
        virtual_device: case.device.as_ref().is_some_and(|d| d.virtual_device),
        attempts: case.attempts.len(),
        tone: page::tone(case.verdict),
        verdict: words::verdict(case.verdict),
        message: case.message.clone(),
        critical,
        high,
        other: observed.len() - critical - high,
        not_assessable: case.outcomes_of(OutcomeKind::NotAssessable).count(),
        prompts: None,
        named: observed.iter().take(MOST_NAMED).map(named).collect(),
        more: observed.len().saturating_sub(MOST_NAMED),
        report: case.report.as_deref().and_then(relative),
        folder: case.package.as_deref().and_then(relative),
        thumbnail: if at < MOST_THUMBNAILS { thumbnail(case, &observed, view) } else { None },
    }
}

/// A path that leads out of no folder and to no other host; otherwise no link is made of it.
pub fn relative(path: &str) -> Option<String> {
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains([':', '\\']);
    if !path.split('/').all(plain) {
        return None;
    }
    let mut link = String::new();
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => link.push(char::from(byte)),
            _ => link.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(link)
}

/// The first picture that a finding cites, veiled where it shows a secret.
fn thumbnail(case: &Case, observed: &[&Outcome], view: &RunView) -> Option<Value> {
    let mut digests = observed.iter().flat_map(|o| &o.exhibits).peekable();
    digests.peek()?;
    let entries = (view.entries)(case);
    let exhibits = |exhibit: &ExhibitRef| (view.exhibit)(case, &exhibit.sha256);
    let mut gallery = Gallery::within(&exhibits, MOST_THUMBNAIL).hiding(&entries);
    digests.find_map(|digest| {
        let exhibit = ExhibitRef { sha256: digest.clone(), media: "image/png".into(), bytes: 0 };
        gallery.hang(&exhibit, &[], THUMBNAIL_WIDTH).src
    })
}

fn category(id: &str, catalogue: &Catalogue) -> Both {
    catalogue.category(id).map_or_else(|| Both::new(id, id), |category| Both::new(&category.zh, &category.en))
}

/// Cases, and cases with findings, by category; those with most findings first.
fn categories(view: &RunView, numbers: &Numbers) -> Vec<CategoryCount> {
    let none = || Both::new("未指定", "not given");
    let count = |(id, number): (&Option<&str>, &usize)| {
        let of: Vec<&Case> = view.summary.cases.iter().filter(|case| case.category.as_deref() == *id).collect();
        let found = of.iter().filter(|case| case.outcomes_of(OutcomeKind::Observed).next().is_some()).count();
        CategoryCount {
            number: *number,
            words: id.map_or_else(none, |id| category(id, view.catalogue)),
            cases: of.len(),
            found,
            share: format!("{:.1}", found as f64 / of.len().max(1) as f64 * 100.0),
        }
    };
    let mut all: Vec<CategoryCount> = numbers.categories.iter().map(count).collect();
    all.sort_by_key(|c| std::cmp::Reverse((c.found, c.cases)));
    all
}

fn frequencies(view: &RunView, numbers: &Numbers) -> Vec<Frequency> {
    let cases = &view.summary.cases;
    let counted = Case::frequencies(cases);
    let most = counted.values().copied().max().unwrap_or(1);
    let severity = |id: &str| view.catalogue.finding(id).map_or("", |rule| rule.severity.word());
    let frequency = |(id, count): (&str, u64)| Frequency {
        number: numbers.findings.get(id).copied().unwrap_or_default(),
        title: title(id, view.catalogue),
        id: id.to_owned(),
        severity: words::severity(severity(id)),
        tone: severity(id).to_owned(),
        count,
        share: format!("{:.1}", count as f64 / most as f64 * 100.0),
    };
    let mut all: Vec<Frequency> = counted.into_iter().map(frequency).collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| gravity(&a.tone).cmp(&gravity(&b.tone))));
    all
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn links_lead_into_the_run_folder_only() {
        assert_eq!(relative("cases/甲 1/report.html").as_deref(), Some("cases/%E7%94%B2%201/report.html"));
        for path in ["../x", "/etc/passwd", "javascript:alert(1)", "//host/x", "a/../../b", "a\\b", ""] {
            assert_eq!(relative(path), None, "{path}");
        }
    }
}
