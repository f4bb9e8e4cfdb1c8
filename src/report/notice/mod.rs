//! A draft of a rectification notice, in Chinese: what was observed in the regulators' phrases, with the numbers of the
//! evidence, and the day by which it is to be put right. A person completes it and answers for it.

mod docx;
mod markdown;

use jiff::civil::Date;

use crate::catalogue::{Catalogue, CatalogueError, Severity};
use crate::report::ReportError;
use crate::report::glosses::Glosses;
use crate::report::summary::{Case, Outcome, OutcomeKind};
use crate::report::text::{tame_line, tame_to};
use crate::report::words;

/// Longest text of one line, in characters.
const LONGEST: usize = 1_000;
/// Most evidence numbers named for one finding; the package holds all.
const MOST_NUMBERS: usize = 12;

/// All that a notice is made of.
pub struct NoticeView<'a> {
    /// The case by its sealed outcomes, with what people said of them.
    pub case: &'a Case,
    /// Version of the rules that the outcomes were sealed by.
    pub rules: &'a str,
    /// SHA-256 of the catalogue that the outcomes were sealed by.
    pub sealed_by: &'a str,
    /// The rules' words: titles, phrases, provisions, the calendar.
    pub catalogue: &'a Catalogue,
    /// When the case began, in words.
    pub examined: &'a str,
    /// SHA-256 of the package's tag manifest, which fixes every byte of it.
    pub package: &'a str,
    /// Fingerprint of the key that signed it.
    pub signed_by: Option<&'a str>,
    /// The day the notice is served, in China.
    pub served: Date,
    /// Working days that are granted.
    pub working_days: u32,
}

/// A piece of the notice.
pub(super) enum Block {
    Title(String),
    Heading(String),
    Text(String),
    /// A numbered point: its first line, and what belongs to it.
    Point(String, Vec<String>),
}

/// The draft in both forms.
pub struct Notice {
    /// Markdown (CommonMark).
    pub markdown: String,
    /// Office Open XML, for word processors.
    pub docx: Vec<u8>,
}

/// Writes the draft.
///
/// # Errors
/// When the archive can't be written: a fault of this program.
pub fn notice(view: &NoticeView) -> Result<Notice, ReportError> {
    let blocks = blocks(view);
    let docx = docx::docx(&blocks).map_err(|error| ReportError::Notice(error.to_string()))?;
    Ok(Notice { markdown: markdown::markdown(&blocks), docx })
}

fn line(foreign: &str) -> String {
    tame_to(&tame_line(foreign), LONGEST)
}

fn blocks(view: &NoticeView) -> Vec<Block> {
    let (certain, doubtful) = findings(view);
    let glosses = Glosses::builtin();
    let mut blocks = vec![
        Block::Title("应用程序个人信息保护问题整改通知书（草稿）".into()),
        Block::Text("编号：〔　　〕　　号".into()),
        Block::Text("致：＿＿＿＿＿＿＿＿（应用运营者，待填写）".into()),
    ];
    blocks.extend(subject(view));
    blocks.push(Block::Heading("一、发现的问题".into()));
    if certain.is_empty() {
        blocks.push(Block::Text("没有可以直接列入通知的问题。".into()));
    }
    blocks.extend(certain.iter().map(|outcome| point(outcome, view, &glosses)));
    blocks.push(Block::Heading("二、整改期限".into()));
    blocks.push(Block::Text(deadline(view)));
    blocks.push(Block::Heading("三、证据".into()));
    blocks.extend(evidence(view));
    if !doubtful.is_empty() {
        blocks.push(Block::Heading("附：待人工复核的问题（复核确认前不得列入通知）".into()));
        blocks.extend(doubtful.iter().map(|outcome| point(outcome, view, &glosses)));
    }
    blocks.push(Block::Heading("说明".into()));
    blocks.push(Block::Text(limits(view.case)));
    blocks
}

/// Findings that can stand in a notice, and those that a person has to confirm first, among them what the rules left to
/// a person; gravest first.
fn findings<'a>(view: &NoticeView<'a>) -> (Vec<&'a Outcome>, Vec<&'a Outcome>) {
    let open = |o: &&Outcome| (o.outcome == OutcomeKind::Observed || o.review) && !o.is_rejected();
    let mut told: Vec<&Outcome> = view.case.outcomes.iter().filter(open).collect();
    told.sort_by_key(|o| std::cmp::Reverse(Severity::of(&o.severity)));
    told.into_iter().partition(|o| !o.review || o.is_confirmed())
}

fn subject(view: &NoticeView) -> Vec<Block> {
    let app = &view.case.app;
    let name = if app.label.is_empty() { &app.package } else { &app.label };
    let mut said = vec![Block::Text(format!(
        "经检测，你方运营的应用程序“{}”（包名 {}，版本 {}，版本号 {}）存在下列个人信息保护问题。",
        line(name),
        line(&app.package),
        line(&app.version),
        app.version_code
    ))];
    if !app.digest.is_empty() {
        said.push(Block::Text(format!("应用文件 SHA-256：{}", line(&app.digest))));
    }
    if view.case.device.as_ref().is_some_and(|device| device.virtual_device) {
        said.push(Block::Text(
            "注意：检测在虚拟设备（安卓的模型）上进行。发出通知之前，应在真实设备或模拟器上重新检测。".into(),
        ));
    }
    said
}

fn point(outcome: &Outcome, view: &NoticeView, glosses: &Glosses) -> Block {
    let Some(rule) = view.catalogue.finding(&outcome.finding) else {
        return Block::Point(line(&outcome.finding), Vec::new());
    };
    let phrase = rule.phrases_zh.first().map_or(rule.title_zh.as_str(), String::as_str);
    let mut lines = vec![format!("问题：{}（程度：{}）", rule.title_zh, words::severity(&outcome.severity).zh)];
    let basis = |b: &crate::catalogue::Basis| {
        let title = view.catalogue.instrument(&b.instrument).map_or(b.instrument.as_str(), |i| &i.title_zh);
        let item = glosses.item(&b.item).zh;
        format!("《{}》{item}", title.trim_start_matches('《').trim_end_matches('》'))
    };
    lines.push(format!("依据：{}", rule.legal_basis.iter().map(basis).collect::<Vec<_>>().join("；")));
    let reason = if outcome.reason_zh.is_empty() { &outcome.reason } else { &outcome.reason_zh };
    lines.push(format!("事实：{}", line(reason)));
    if let Some(used) = &outcome.threshold {
        let origin = words::origin(&used.origin).zh;
        lines.push(format!("阈值：{} {}（来源：{origin}）", used.value, words::unit(&used.unit).zh));
    }
    if let Some(said) = &outcome.said {
        let by_rules = if outcome.is_handed_over() { "规则不作结论，交由人员判断；" } else { "" };
        lines.push(format!("复核：{by_rules}{}", line(&words::said(said).zh)));
    }
    lines.push(format!("证据：{}", numbers(outcome)));
    Block::Point(format!("“{phrase}”"), lines)
}

fn numbers(outcome: &Outcome) -> String {
    let some = |all: &[String]| {
        let more = if all.len() > MOST_NUMBERS { format!(" 等 {} 项", all.len()) } else { String::new() };
        format!("{}{more}", all.iter().take(MOST_NUMBERS).cloned().collect::<Vec<_>>().join("、"))
    };
    let entries: Vec<String> = outcome.entries.iter().map(|seq| format!("#{seq}")).collect();
    let exhibits: Vec<String> = outcome.exhibits.iter().map(|digest| line(digest)).collect();
    match (entries.is_empty(), exhibits.is_empty()) {
        (true, true) => "见证据包".to_owned(),
        (_, true) => format!("日志条目 {}", some(&entries)),
        (true, _) => format!("画面 {}", some(&exhibits)),
        _ => format!("日志条目 {}；画面（SHA-256）{}", some(&entries), some(&exhibits)),
    }
}

/// The last day of the limit. No rule sets one limit for all: each notice sets its own.
fn deadline(view: &NoticeView) -> String {
    let (served, days) = (chinese(view.served), view.working_days);
    let ask = "请完成整改并书面报告整改情况";
    match view.catalogue.calendar().after_working_days(view.served, days) {
        Ok(due) => format!(
            "自送达之日（按 {served} 计）起 {days} 个工作日内，即 {} 之前（含当日），{ask}。期限由发出机关确定，送达日期不同的，期限相应顺延。",
            chinese(due)
        ),
        Err(CatalogueError::NoCalendar(year)) => format!(
            "自送达之日（按 {served} 计）起 {days} 个工作日内，{ask}。截止日期：＿＿＿＿＿＿（{year} 年的放假安排尚无数据，不作推算，待填写）。"
        ),
        Err(_) => format!("自送达之日起 {days} 个工作日内，{ask}。截止日期：＿＿＿＿＿＿（待填写）。"),
    }
}

fn chinese(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

fn evidence(view: &NoticeView) -> Vec<Block> {
    let signed = match view.signed_by {
        Some(key) => format!("证据包以密钥 {} 签名。", line(key)),
        None => "证据包没有签名：只能证明内容完整，不能证明由谁制作。".into(),
    };
    let device = view.case.device.as_ref().map_or_else(
        || "不详".to_owned(),
        |d| {
            let kind = if d.virtual_device {
                "，虚拟设备（安卓的模型）"
            } else if d.emulator {
                "，模拟器"
            } else {
                ""
            };
            format!("{}，Android API {}{kind}", line(&d.model), d.api)
        },
    );
    vec![
        Block::Text(format!(
            "检测编号 {}，检测方案“{}”，检测时间 {}，设备：{device}。",
            line(&view.case.id),
            line(&view.case.scenario),
            line(view.examined)
        )),
        Block::Text(format!(
            "证据包摘要（tagmanifest-sha256.txt 的 SHA-256）：{}。{signed}以上日志条目编号和画面摘要均指该证据包；核验方法见包内 HOW-TO-VERIFY.txt。",
            line(view.package)
        )),
        Block::Text(rested_on(view)),
    ]
}

/// Which rules the outcomes are by. They are those that were sealed: what people said is about them.
fn rested_on(view: &NoticeView) -> String {
    let own = view.catalogue.digest();
    let words = match own == view.sealed_by {
        true => String::new(),
        false => format!("问题表述、依据和期限取自规则库 {}，与封存时的规则库不同，应核对。", line(own)),
    };
    format!(
        "所列结论为证据包封存时的结论：规则版本 {}，规则库摘要（SHA-256）{}。{words}",
        line(view.rules),
        line(view.sealed_by)
    )
}

fn limits(case: &Case) -> String {
    let count = |kind| case.outcomes_of(kind).filter(|o| !o.is_finding()).count();
    let rejected = case.outcomes.iter().filter(|o| o.is_rejected()).count();
    let rejected =
        if rejected > 0 { format!("另有 {rejected} 项经人工复核否定，未列入。") } else { String::new() };
    format!(
        "本草稿由 AppWitness 根据检测记录自动生成，须由人员审核、填写并负责。检测只说明所见情形与规则描述相似，不是行政认定，也不是法律意见。另有 {} 项规则未能评估、{} 项未触发，不代表没有问题。{rejected}",
        count(OutcomeKind::NotAssessable),
        count(OutcomeKind::NotTriggered)
    )
}
