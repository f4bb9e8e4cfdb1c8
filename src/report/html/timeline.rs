//! The journal told in order: chapters by step, moments within.

use serde::Serialize;

use super::cards::{CARD_WIDTH, Endings, PopupCard, PromptCard};
use super::gallery::{Gallery, Shown, Wish};
use super::seeks::SeekCard;
use super::sight::{Sight, since_start};
use super::{cards, network, seeks};
use crate::journal::entry::{
    Access, Capture, Connection, Entry, Event, Input, NotificationPosted, Observed, ObservedKind, StepOutcome,
};
use crate::report::words::{self, Both};

/// Width of the pictures of a strip, in pixels.
const STRIP_WIDTH: u32 = 300;
/// Most quiet lines in one chapter; the journal holds all.
const MOST_QUIET: usize = 400;

/// A step of the scenario and what happened during it.
#[derive(Debug, Default, Serialize)]
pub struct Chapter {
    path: String,
    verb: String,
    text: String,
    time: String,
    outcome: Option<Both>,
    tone: &'static str,
    message: String,
    moments: Vec<Moment>,
    quiet: usize,
    quiet_more: usize,
}

/// Something that happened.
#[derive(Debug, Serialize)]
pub struct Moment {
    seq: u64,
    time: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum What {
    Line(Line),
    Strip { pictures: Vec<Frame> },
    Prompt { at: usize },
    Popup { at: usize },
    Seek { at: usize },
}

#[derive(Debug, Serialize)]
struct Line {
    tone: &'static str,
    label: Both,
    text: String,
    aside: Both,
}

#[derive(Debug, Serialize)]
struct Frame {
    seq: u64,
    time: String,
    reason: String,
    secure: bool,
    picture: Shown,
}

/// The timeline, and the cards that its moments point to by place.
#[derive(Debug, Default, Serialize)]
pub struct Timeline {
    /// Chapters in order.
    pub chapters: Vec<Chapter>,
    /// Prompts in order.
    pub prompts: Vec<PromptCard>,
    /// Pop-ups in order.
    pub popups: Vec<PopupCard>,
    /// Searches in order.
    pub seeks: Vec<SeekCard>,
}

/// Tells a journal.
pub fn timeline<'e>(sight: &Sight<'e>, gallery: &mut Gallery<'e>) -> Timeline {
    let ends = Endings::of(sight.entries);
    // Cards first: their pictures must not be crowded out of the budget, nor be shown twice.
    let mut told = Timeline::default();
    gallery.expect(cards::wishes(sight).collect());
    for (at, entry) in sight.entries.iter().enumerate() {
        match &entry.event {
            Event::PromptShown(p) => told.prompts.push(cards::prompt(entry, p, &ends, sight, gallery, CARD_WIDTH)),
            Event::PopupShown(p) => told.popups.push(cards::popup(entry, p, &ends, sight, gallery)),
            Event::SeekEnded(s) => told.seeks.push(seeks::seek(at, s, sight, gallery)),
            _ => {}
        }
    }
    gallery.expect(strips(sight));
    let mut teller = Teller { chapters: vec![Chapter::default()], sight, gallery, counts: [0; 3] };
    for entry in sight.entries {
        teller.tell(entry);
    }
    told.chapters = teller.chapters;
    told.chapters.retain(|c| !c.verb.is_empty() || !c.moments.is_empty());
    told
}

/// The pictures of all strips, in their order.
fn strips<'a>(sight: &Sight<'a>) -> Vec<Wish<'a>> {
    let wish = |entry: &'a Entry| match &entry.event {
        Event::Captured(capture) => {
            let exhibit = capture.screenshot.as_ref()?;
            Some(Wish { exhibit, marks: sight.taps(Some(entry.seq)), width: STRIP_WIDTH })
        }
        _ => None,
    };
    sight.entries.iter().filter_map(wish).collect()
}

struct Teller<'t, 's, 'g> {
    chapters: Vec<Chapter>,
    sight: &'t Sight<'s>,
    gallery: &'t mut Gallery<'g>,
    counts: [usize; 3],
}

impl Teller<'_, '_, '_> {
    fn tell(&mut self, entry: &Entry) {
        match &entry.event {
            Event::StepStarted { path, verb, text } => self.open(entry, path, verb, text),
            Event::StepEnded { path, outcome, message, .. } => {
                self.close(entry, path, *outcome, message.as_deref().unwrap_or_default());
            }
            Event::PromptShown(_) => self.card(entry, 0, |at| What::Prompt { at }),
            Event::PopupShown(_) => self.card(entry, 1, |at| What::Popup { at }),
            Event::SeekEnded(_) => self.card(entry, 2, |at| What::Seek { at }),
            Event::Captured(capture) => self.picture(entry, capture),
            _ => {
                if let Some(line) = line(&entry.event) {
                    self.line(entry, line);
                }
            }
        }
    }

    fn open(&mut self, entry: &Entry, path: &str, verb: &str, text: &str) {
        if path.contains('.') {
            let label = Both::new(format!("步骤 {path}"), format!("step {path}"));
            return self.line(entry, Line { tone: "plain", label, text: text.to_owned(), aside: Both::default() });
        }
        self.chapters.push(Chapter {
            path: path.to_owned(),
            verb: verb.to_owned(),
            text: text.to_owned(),
            time: since_start(entry.at.mono),
            tone: "open",
            ..Chapter::default()
        });
    }

    fn close(&mut self, entry: &Entry, path: &str, outcome: StepOutcome, message: &str) {
        let tone = match outcome {
            StepOutcome::Done => "done",
            StepOutcome::Failed => "failed",
            StepOutcome::Skipped => "skipped",
        };
        if let Some(chapter) = self.chapters.iter_mut().rev().find(|c| c.path == path) {
            chapter.outcome = Some(words::step_outcome(outcome));
            chapter.tone = tone;
            chapter.message = message.to_owned();
        } else if outcome != StepOutcome::Done {
            let label = Both::new(format!("步骤 {path}"), format!("step {path}"));
            let aside = words::step_outcome(outcome);
            self.line(entry, Line { tone: "bad", label, text: message.to_owned(), aside });
        }
    }

    fn card(&mut self, entry: &Entry, which: usize, what: impl Fn(usize) -> What) {
        let at = self.counts[which];
        self.counts[which] += 1;
        self.push(entry, what(at));
    }

    fn picture(&mut self, entry: &Entry, capture: &Capture) {
        let Some(screenshot) = &capture.screenshot else {
            let text = capture.missing.join("; ");
            let label = Both::new("未能截图", "no picture");
            return self.line(entry, Line { tone: "quiet", label, text, aside: Both::default() });
        };
        if self.gallery.shows(screenshot) {
            return;
        }
        let marks = self.sight.taps(Some(entry.seq));
        let frame = Frame {
            seq: entry.seq,
            time: since_start(entry.at.mono),
            reason: capture.reason.clone(),
            secure: capture.secure,
            picture: self.gallery.hang(screenshot, &marks, STRIP_WIDTH),
        };
        let chapter = self.chapter();
        if let Some(Moment { what: What::Strip { pictures }, .. }) = last_loud(&mut chapter.moments) {
            pictures.push(frame);
        } else {
            self.push(entry, What::Strip { pictures: vec![frame] });
        }
    }

    fn line(&mut self, entry: &Entry, line: Line) {
        if line.tone == "quiet" {
            let chapter = self.chapter();
            chapter.quiet += 1;
            if chapter.quiet > MOST_QUIET {
                chapter.quiet_more += 1;
                return;
            }
        }
        self.push(entry, What::Line(line));
    }

    fn push(&mut self, entry: &Entry, what: What) {
        let moment = Moment { seq: entry.seq, time: since_start(entry.at.mono), what };
        self.chapter().moments.push(moment);
    }

    fn chapter(&mut self) -> &mut Chapter {
        if self.chapters.is_empty() {
            self.chapters.push(Chapter::default());
        }
        let last = self.chapters.len() - 1;
        &mut self.chapters[last]
    }
}

/// The last moment that is no quiet line: pictures between which only quiet things happen make one strip.
fn last_loud(moments: &mut [Moment]) -> Option<&mut Moment> {
    moments.iter_mut().rev().find(|m| !matches!(&m.what, What::Line(line) if line.tone == "quiet"))
}

/// An entry in one line of English; nothing when it is told by a card or a picture, or not at all.
pub(in crate::report) fn in_words(event: &Event) -> Option<String> {
    let Line { label, text, aside, .. } = line(event)?;
    let parts = [label.en, text, aside.en];
    Some(parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · "))
}

fn line(event: &Event) -> Option<Line> {
    let line = |tone, zh: &str, en: &str, text: &str| {
        Some(Line { tone, label: Both::new(zh, en), text: text.to_owned(), aside: Both::default() })
    };
    let worded = |tone, label, text: &str, aside| Some(Line { tone, label, text: text.to_owned(), aside });
    match event {
        Event::Installed { package, replaced, .. } => match replaced {
            None => line("strong", "已安装", "installed", package),
            Some(old) => line("strong", "已升级", "upgraded", &format!("{package} (version code {old} before)")),
        },
        Event::InstallRefused { code, message } => {
            line("bad", "安装被拒", "install refused", &format!("{code} {message}"))
        }
        Event::Uninstalled { package } => line("quiet", "已卸载", "uninstalled", package),
        Event::Launched { component, count } => {
            let aside = Both::new(format!("第 {count} 次启动"), format!("launch {count}"));
            worded("strong", Both::new("启动", "launched"), component, aside)
        }
        Event::Stopped { package } => line("plain", "停止应用", "stopped by us", package),
        Event::ProcessStarted { process, cause, component, .. } => {
            line("quiet", "进程启动", "process started", &format!("{process} · {cause} · {component}"))
        }
        Event::ProcessEnded { process, how, detail, .. } => {
            let tone = if *how == crate::journal::entry::ProcessEnd::Exited { "quiet" } else { "bad" };
            worded(tone, words::process_end(*how), process, Both::new(detail, detail))
        }
        Event::ActivityResumed { component } => line("quiet", "界面切换", "screen", component),
        Event::WindowFocused { window, .. } => {
            line("quiet", "窗口获得焦点", "window in focus", window.as_deref().unwrap_or("-"))
        }
        // Android logs that an activity is to finish and that it is gone, each with a reason of its own.
        Event::ActivityGone { component, reason } => {
            worded("quiet", Both::new("界面离开", "screen left"), component, Both::new(reason, reason))
        }
        Event::PermissionState { permissions, reason, .. } => {
            let granted = permissions.iter().filter(|p| p.granted).count();
            let text = format!("{granted} / {}", permissions.len());
            worded("quiet", Both::new("权限状态（已授予）", "permissions granted"), &text, Both::new(reason, reason))
        }
        Event::PromptSuppressed { detail, .. } => line("plain", "系统未显示权限申请", "request suppressed", detail),
        Event::Consent { act, control, after, .. } => {
            worded("strong", words::consent_act(*act), control, after.map(words::consent_after).unwrap_or_default())
        }
        Event::Input(input) => Some(touched(input)),
        Event::Access(access) => Some(accessed(access)),
        Event::SeekStarted { concept } => {
            worded("plain", Both::new("开始查找", "looking for"), "", words::concept(*concept))
        }
        Event::TextRead(read) => {
            let length = read.text.chars().count();
            let aside = match read.whole {
                true => Both::new(format!("{length} 字，已读到末尾"), format!("{length} characters, to its end")),
                false => Both::new(format!("{length} 字，未读到末尾"), format!("{length} characters, not to its end")),
            };
            let what = words::concept(read.concept);
            let label = Both::new(format!("已读取：{}", what.zh), format!("read: {}", what.en));
            worded("strong", label, &read.title, aside)
        }
        Event::FormSeen(form) => {
            let asked: Vec<&str> = form.fields.iter().map(String::as_str).collect();
            line("plain", "出现表单", "page with a form", &asked.join(" · "))
        }
        Event::Function { name, when, outcome, message } => {
            let tone = if *outcome == crate::journal::entry::FunctionOutcome::Fails { "bad" } else { "strong" };
            let text =
                if message.is_empty() { format!("{name} ({when})") } else { format!("{name} ({when}): {message}") };
            worded(tone, Both::new("基本功能", "basic function"), &text, words::function_outcome(*outcome))
        }
        Event::TwinInstall(install) => {
            let number = install.install;
            let label = Both::new(format!("全新安装 {number}"), format!("clean install {number}"));
            worded("strong", label, "", words::twin_install(install))
        }
        Event::TwinStep(step) => {
            let text = if step.press.is_empty() { "—" } else { step.press.as_str() };
            worded("plain", Both::new("遍历", "tour"), text, words::twin_came(step.came))
        }
        Event::TwinEnded(end) => {
            let told = format!("{} · {}", end.steps, end.unplayed);
            line("strong", "对照遍历结束", "tour ended", told.trim_end_matches(" · "))
        }
        Event::Account { act, outcome, words: said, .. } => {
            worded("strong", words::account_act(*act), said, words::account_outcome(*outcome))
        }
        Event::NetworkWatched(watched) => line("quiet", "开始抓取网络流量", "network watched", &watched.source),
        Event::NetworkEnded(ended) => {
            line("quiet", "结束抓取网络流量", "network watch ended", &format!("{}", ended.packets))
        }
        Event::Connection(connection) => Some(connected(connection)),
        Event::ObserverStarted(o) => {
            line("quiet", "外部观察程序启动", "observer started", &format!("{}: {}", o.observer, o.command))
        }
        Event::ObserverHello(o) => line("quiet", "外部观察程序", "observer", &format!("{}: {}", o.observer, o.version)),
        Event::Observed(o) => Some(observed(o)),
        Event::ObserverEnded(o) => {
            let tone = if o.with_run && o.dropped == 0 { "quiet" } else { "bad" };
            let text = format!("{}: {} {} {}", o.observer, o.how, o.first_mistake, o.last_words);
            line(tone, "外部观察程序结束", "observer ended", text.trim())
        }
        Event::Limit { limit, detail } => worded("bad", Both::new("限制", "limit"), detail, words::limit(*limit)),
        Event::Gap { from, to, source, why, again } => {
            let text = format!("{}–{} {source}: {why}", since_start(*from), since_start(*to));
            worded("bad", Both::new("监视中断", "watch was blind"), &text, words::read_again(*again))
        }
        Event::NotificationPosted(posted) => {
            worded("plain", words::notification_taken(posted.how), &notified(posted), Both::default())
        }
        Event::NotificationRead(read) => {
            let text = if read.title.is_empty() { read.text.clone() } else { format!("{}: {}", read.title, read.text) };
            worded("plain", Both::new("通知内容", "it says"), &text, Both::new(&read.missing, &read.missing))
        }
        Event::NotificationGone(gone) => {
            let text = format!("{} · {}", gone.package, gone.id);
            worded("plain", Both::new("通知消失", "notification gone"), &text, words::notification_end(gone.by))
        }
        Event::DeviceSet { what, value, by } => {
            line("plain", "设备设置", "device set", &format!("{what}: {value} ({by})"))
        }
        Event::OperatorAsked { question, answered: true, .. } => {
            line("plain", "询问操作员", "operator asked", question)
        }
        Event::OperatorAsked { question, why, .. } => {
            line("plain", "询问操作员未果", "operator gave no answer", &format!("{question}: {why}"))
        }
        Event::Note { text } => line("plain", "备注", "note", text),
        Event::CaseClosed { ended, message, .. } => {
            worded("strong", Both::new("结束", "closed"), message, words::ended(Some(*ended)))
        }
        _ => None,
    }
}

fn touched(input: &Input) -> Line {
    let place = input.point.map(|p| format!(" ({}, {})", p.x, p.y)).unwrap_or_default();
    Line {
        tone: "quiet",
        label: words::input_act(&input.act),
        text: format!("{}{place}", input.target),
        aside: Both::new(&input.by, &input.by),
    }
}

/// Which notification: its app, number and channel.
fn notified(posted: &NotificationPosted) -> String {
    let channel = posted.channel.as_deref().unwrap_or_default();
    format!("{} · {} · {channel}", posted.package, posted.id).trim_end_matches([' ', '·']).to_owned()
}

fn connected(connection: &Connection) -> Line {
    let host = if connection.host.is_empty() { &connection.address } else { &connection.host };
    let found: Vec<Both> = connection.carried.iter().map(network::carried).collect();
    let join = |of: fn(&Both) -> &str| found.iter().map(of).collect::<Vec<_>>().join("; ");
    let packing = network::protocol(connection.protocol);
    let aside = match found.is_empty() {
        true => packing,
        false => Both::new(
            format!("{} · {}", packing.zh, join(|both| &both.zh)),
            format!("{} · {}", packing.en, join(|both| &both.en)),
        ),
    };
    let tone = if connection.carried.is_empty() { "quiet" } else { "bad" };
    let sizes = format!("{} ↑ {} B ↓ {} B", connection.request, connection.sent, connection.received);
    let text = format!("{host}:{} {}", connection.port, sizes.trim_start());
    Line { tone, label: Both::new("网络连接", "connection"), text, aside }
}

fn observed(seen: &Observed) -> Line {
    let label = match seen.seen {
        ObservedKind::DeviceIdRead => Both::new("读取设备标识符", "identifier read"),
        ObservedKind::AppListRead => Both::new("读取应用列表", "list of apps read"),
        ObservedKind::DataRead => Both::new("读取个人信息", "personal data read"),
        ObservedKind::DataSent => Both::new("发出个人信息", "personal data sent"),
        ObservedKind::Remark => Both::new("观察程序备注", "remark of an observer"),
    };
    let tone = if seen.seen == ObservedKind::Remark { "quiet" } else { "bad" };
    let data = seen.data.map(network::data_kind).unwrap_or_default();
    let by = format!("{} · {}", since_start(seen.mono), seen.observer);
    let aside = Both::new(format!("{by} {}", data.zh), format!("{by} {}", data.en));
    Line { tone, label, text: format!("{} {}", seen.what, seen.detail).trim().to_owned(), aside }
}

fn accessed(access: &Access) -> Line {
    let aside = match (access.allowed, access.foreground) {
        (false, _) => Both::new("被拒", "rejected"),
        (true, Some(false)) => Both::new("后台", "in background"),
        (true, Some(true)) => Both::new("前台", "in foreground"),
        (true, None) => Both::default(),
    };
    let text = if access.count > 1 { format!("{} ×{}", access.op, access.count) } else { access.op.clone() };
    Line { tone: "plain", label: Both::new("访问个人信息", "access"), text, aside }
}
