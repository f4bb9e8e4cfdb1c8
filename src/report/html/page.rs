//! The page of one case.

use jiff::Timestamp;
use serde::Serialize;

use super::accesses::{Accesses, accesses};
use super::asked::{Asked, asked};
use super::axis::{Axis, axis};
use super::findings::{FindingCard, OutcomeGroup, Unassessed, findings, groups, title, unassessed};
use super::gallery::Gallery;
use super::network::{Network, network};
use super::notices::{Notice, notices};
use super::sight::{Sight, lasting, since_start};
use super::timeline::{Timeline, timeline};
use super::twin::{TwinView, twin};
use super::{Exhibits, pen};
use crate::catalogue::Catalogue;
use crate::evidence::Review;
use crate::journal::entry::{CaseOpened, DeviceIdentity, Entry, Event};
use crate::report::ReportError;
use crate::report::summary::{Case, Outcome, OutcomeKind, Verdict};
use crate::report::words::{self, Both};

/// All that the page of a case is made of.
pub struct CaseView<'a> {
    /// Its figures and outcomes.
    pub case: &'a Case,
    /// The journal of the attempt that counts.
    pub entries: &'a [Entry],
    /// The rules it was judged by.
    pub catalogue: &'a Catalogue,
    /// What people said of it, in order.
    pub reviews: &'a [Review],
    /// Digest of the package that this one is a redacted copy of.
    pub redacted_from: Option<&'a str>,
    /// Where pictures come from.
    pub exhibits: &'a Exhibits<'a>,
    /// Folder that holds the originals' `exhibits/`, as a link from where the page will stand: empty when it stands in
    /// the package itself; `None` when pictures can't lead to their originals.
    pub originals: Option<&'a str>,
}

#[derive(Serialize)]
struct Page {
    case: Case,
    lead: Both,
    stamp: Both,
    tone: &'static str,
    category: Both,
    opened: Option<CaseOpened>,
    policy: Both,
    consent: Both,
    started: String,
    lasted: String,
    device: Option<DeviceIdentity>,
    findings: Vec<FindingCard>,
    unassessed: Vec<Unassessed>,
    figures: Figures,
    twin: Option<TwinView>,
    timeline: Timeline,
    axis: Axis,
    accesses: Accesses,
    asked: Vec<Asked>,
    network: Network,
    functions: Vec<FunctionRow>,
    account: Vec<AccountRow>,
    groups: Vec<OutcomeGroup>,
    notifications: Vec<Notice>,
    reviews: Vec<ReviewRow>,
    redacted_from: Option<String>,
    limits: Vec<LimitRow>,
    attempts: Vec<AttemptRow>,
    entries: usize,
}

#[derive(Serialize)]
struct Figures {
    observed: usize,
    not_observed: usize,
    not_triggered: usize,
    not_assessable: usize,
    rules: usize,
}

#[derive(Serialize)]
struct FunctionRow {
    seq: u64,
    name: String,
    when: String,
    outcome: Both,
    tone: &'static str,
    message: String,
}

#[derive(Serialize)]
struct AccountRow {
    seq: u64,
    act: Both,
    outcome: Both,
    words: String,
    taps: u32,
    conditions: Vec<String>,
}

#[derive(Serialize)]
struct ReviewRow {
    title: Both,
    word: Both,
    by: String,
    at: String,
    signed: Option<String>,
    note: String,
}

#[derive(Serialize)]
struct LimitRow {
    seq: u64,
    limit: Both,
    detail: String,
}

#[derive(Serialize)]
struct AttemptRow {
    number: u32,
    ended: Both,
    blame: Option<Both>,
    message: String,
    device: String,
    observed: usize,
}

/// Writes the page of a case: one HTML file, pictures inside.
pub fn case(view: &CaseView) -> Result<String, ReportError> {
    let sight = Sight::of(view.entries);
    let catalogue = view.catalogue;
    let originals = view.originals.map(str::to_owned);
    let mut gallery = Gallery::new(view.exhibits).hiding(view.entries).leading_to(originals);
    // Findings' own small pictures first, then the timeline: the first page is complete whatever the budget.
    let findings = findings(view, &sight, &mut gallery);
    let twin = twin(&sight, &mut gallery);
    let mut gallery = gallery.rehang();
    let opened = find(view.entries, |e| if let Event::CaseOpened(o) = e { Some(o.as_ref().clone()) } else { None });
    let page = Page {
        case: view.case.clone(),
        lead: lead(view.case),
        stamp: words::verdict(view.case.verdict),
        tone: tone(view.case.verdict),
        category: category(view),
        policy: opened.as_ref().map(|o| words::prompt_policy(o.prompts)).unwrap_or_default(),
        consent: opened.as_ref().map(|o| words::consent_policy(o.consent)).unwrap_or_default(),
        opened,
        started: view.entries.first().map(|e| utc(e.at.wall)).unwrap_or_default(),
        lasted: lasting(sight.span()),
        device: find(view.entries, |e| if let Event::Device(d) = e { Some(d.as_ref().clone()) } else { None }),
        findings,
        unassessed: unassessed(&view.case.outcomes, catalogue),
        figures: figures(view.case),
        twin,
        timeline: timeline(&sight, &mut gallery),
        axis: axis(&sight),
        accesses: accesses(&sight),
        asked: asked(sight.entries),
        network: network(&sight),
        notifications: notices(view.entries),
        functions: collect(view.entries, function),
        account: collect(view.entries, account),
        groups: groups(&view.case.outcomes, catalogue, &sight),
        reviews: reviews(view),
        redacted_from: view.redacted_from.map(str::to_owned),
        limits: collect(view.entries, limit),
        attempts: attempts(view.case),
        entries: view.entries.len(),
    };
    Ok(pen::write("case.html", &page)?)
}

fn category(view: &CaseView) -> Both {
    let category = view.case.category.as_deref().and_then(|id| view.catalogue.category(id));
    category.map(|c| Both::new(&c.zh, &c.en)).unwrap_or_default()
}

/// A wall time as `2026-11-23 00:12:44 UTC`; empty when it is beyond the calendar.
pub fn utc(wall: i64) -> String {
    Timestamp::from_millisecond(wall).map(|t| t.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()).unwrap_or_default()
}

fn find<T>(entries: &[Entry], take: impl Fn(&Event) -> Option<T>) -> Option<T> {
    entries.iter().find_map(|e| take(&e.event))
}

fn collect<T>(entries: &[Entry], take: impl Fn(&Entry) -> Option<T>) -> Vec<T> {
    entries.iter().filter_map(take).collect()
}

pub(super) fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clear => "clear",
        Verdict::Findings => "findings",
        Verdict::Incomplete => "incomplete",
        Verdict::Failed => "failed",
    }
}

fn figures(case: &Case) -> Figures {
    let count = |kind| case.outcomes_of(kind).count();
    Figures {
        observed: count(OutcomeKind::Observed),
        not_observed: count(OutcomeKind::NotObserved),
        not_triggered: count(OutcomeKind::NotTriggered),
        not_assessable: count(OutcomeKind::NotAssessable),
        rules: case.outcomes.len(),
    }
}

/// The verdict in one sentence, never better than what was looked at.
fn lead(case: &Case) -> Both {
    let figures = figures(case);
    let (observed, rules) = (figures.observed, figures.rules);
    let critical = case.outcomes_of(OutcomeKind::Observed).filter(|o| o.severity == "critical").count();
    let plural = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let (among_zh, among_en) = match critical {
        0 => (String::new(), String::new()),
        n => (format!("，其中严重问题 {n} 项"), format!(", {n} of them critical")),
    };
    let found_zh = format!("检出 {observed} 项问题{among_zh}");
    let found_en = format!("{}{among_en}", plural(observed, "finding was observed", "findings were observed"));
    let unseen_zh = format!("{rules} 项规则中有 {} 项未能评估或未触发", figures.not_assessable + figures.not_triggered);
    let unseen_en = format!(
        "{} of {rules} rules were not triggered or could not be assessed",
        figures.not_assessable + figures.not_triggered
    );
    let said = reviewed(case);
    let lead = match case.verdict {
        Verdict::Findings => Both::new(format!("{found_zh}。"), format!("{found_en}.")),
        Verdict::Clear => Both::new(
            format!("检测脚本已全部执行，未检出问题；{unseen_zh}。"),
            format!("The scenario was carried out and nothing was observed; {unseen_en}."),
        ),
        Verdict::Incomplete => Both::new(
            format!(
                "检测未能全部完成；{}。",
                if observed > 0 { &found_zh } else { "已完成部分未检出问题，不代表合规" }
            ),
            if observed > 0 {
                format!("Carried out in part; {found_en}.")
            } else {
                "Carried out in part; nothing was observed in that part, which does not mean that all is well.".into()
            },
        ),
        Verdict::Failed => {
            let blame = case.blame.map(words::blame).unwrap_or_else(|| Both::new("不详", "unknown"));
            Both::new(
                format!("检测未能进行，原因在于{}；不作任何合规判断。", blame.zh),
                format!("The case could not be carried out because of {}; nothing is said about the app.", blame.en),
            )
        }
    };
    Both::new(lead.zh + &said.zh, lead.en + &said.en)
}

/// What people made of it, as a further sentence; empty when nobody said anything that changes the picture.
fn reviewed(case: &Case) -> Both {
    let count = |test: &dyn Fn(&Outcome) -> bool| case.outcomes.iter().filter(|o| test(o)).count();
    let confirmed = count(&|o| o.is_handed_over() && o.is_confirmed());
    let rejected = count(&|o| o.outcome == OutcomeKind::Observed && o.is_rejected());
    let (mut zh, mut en) = (String::new(), String::new());
    if confirmed > 0 {
        zh += &format!("另有 {confirmed} 项经人工复核确认。");
        en += &format!(" {confirmed} more confirmed by a person.");
    }
    if rejected > 0 {
        zh += &format!("其中 {rejected} 项经人工复核否定。");
        en += &format!(" {rejected} rejected by a person.");
    }
    Both::new(zh, en)
}

fn function(entry: &Entry) -> Option<FunctionRow> {
    use crate::journal::entry::FunctionOutcome;
    let Event::Function { name, when, outcome, message } = &entry.event else { return None };
    let tone = match outcome {
        FunctionOutcome::Works => "good",
        FunctionOutcome::Fails => "bad",
        FunctionOutcome::NotTried => "quiet",
    };
    let (name, when, message) = (name.clone(), when.clone(), message.clone());
    Some(FunctionRow { seq: entry.seq, name, when, outcome: words::function_outcome(*outcome), tone, message })
}

fn account(entry: &Entry) -> Option<AccountRow> {
    let Event::Account { act, outcome, words: said, taps, conditions } = &entry.event else { return None };
    Some(AccountRow {
        seq: entry.seq,
        act: words::account_act(*act),
        outcome: words::account_outcome(*outcome),
        words: said.clone(),
        taps: *taps,
        conditions: conditions.clone(),
    })
}

fn reviews(view: &CaseView) -> Vec<ReviewRow> {
    let rows = view.reviews.iter().flat_map(|review| review.decisions.iter().map(move |decision| (review, decision)));
    let row = |(review, decision): (&Review, &crate::evidence::Decision)| ReviewRow {
        title: title(&decision.finding, view.catalogue),
        word: words::review(decision.decision),
        by: review.by.clone(),
        at: review.at.clone(),
        signed: review.signed_by.clone(),
        note: decision.note.clone(),
    };
    rows.map(row).collect()
}

fn limit(entry: &Entry) -> Option<LimitRow> {
    match &entry.event {
        Event::Limit { limit, detail } => {
            Some(LimitRow { seq: entry.seq, limit: words::limit(*limit), detail: detail.clone() })
        }
        Event::Gap { from, to, source, why, again } => {
            let again = words::read_again(*again).en;
            let detail = format!("{}–{} · {source} · {why} · {again}", since_start(*from), since_start(*to));
            let detail = detail.trim_end_matches([' ', '·']).to_owned();
            Some(LimitRow { seq: entry.seq, limit: Both::new("监视中断", "the watch was blind"), detail })
        }
        _ => None,
    }
}

fn attempts(case: &Case) -> Vec<AttemptRow> {
    let row = |a: &crate::report::summary::Attempt| AttemptRow {
        number: a.number,
        ended: words::ended(a.ended),
        blame: a.blame.map(words::blame),
        message: a.message.clone(),
        device: a.device.clone(),
        observed: a.observed.len(),
    };
    case.attempts.iter().map(row).collect()
}
