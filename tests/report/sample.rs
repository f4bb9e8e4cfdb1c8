//! A made-up case: a novel reader that asks too early, nags, and hides the way out.

use appwitness::journal::entry::*;
use appwitness::report::reasons::Phrasebook;
use appwitness::report::summary::{self, Attempt, Case, Outcome, OutcomeKind, ThresholdUsed, Verdict};
use appwitness::ui::{Concept, Point, Rect};
use image::{Rgb, RgbImage};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::io::Cursor;

/// A journal in the making, with its exhibits.
#[derive(Default)]
pub struct Sample {
    pub entries: Vec<Entry>,
    pub exhibits: HashMap<String, Vec<u8>>,
}

const DIALOG: Rect = Rect::new(45, 410, 495, 780);
/// 2026-11-23T00:00:00Z.
const START: i64 = 1_795_392_000_000;

impl Sample {
    pub fn add(&mut self, mono: u64, event: Event) -> u64 {
        let seq = self.entries.len() as u64;
        let at = Stamp { wall: START + mono as i64, mono, device: None };
        self.entries.push(Entry { seq, at, prev: "0".repeat(64), event });
        seq
    }

    /// A painted screen as an exhibit.
    pub fn screen(&mut self, ground: [u8; 3], dialog: Option<Rect>) -> ExhibitRef {
        let mut picture = RgbImage::from_pixel(540, 1200, Rgb(ground));
        fill(&mut picture, Rect::new(0, 0, 540, 45), [40, 44, 52]);
        for row in 0..9 {
            fill(&mut picture, Rect::new(30, 100 + row * 115, 130, 190 + row * 115), [200, 196, 188]);
            fill(&mut picture, Rect::new(150, 110 + row * 115, 470 - row * 10, 131 + row * 115), [120, 118, 112]);
            fill(&mut picture, Rect::new(150, 145 + row * 115, 410, 161 + row * 115), [190, 186, 178]);
        }
        if let Some(at) = dialog {
            fill(&mut picture, at, [252, 252, 252]);
            fill(&mut picture, Rect::new(at.left + 30, at.top + 40, at.right - 30, at.top + 70), [60, 60, 66]);
            fill(&mut picture, Rect::new(at.left + 30, at.bottom - 160, at.right - 30, at.bottom - 100), [26, 99, 200]);
            fill(&mut picture, Rect::new(at.left + 30, at.bottom - 80, at.right - 30, at.bottom - 20), [225, 230, 240]);
        }
        let mut png = Vec::new();
        picture.write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
        self.keep(png)
    }

    pub fn keep(&mut self, png: Vec<u8>) -> ExhibitRef {
        let sha256: String = Sha256::digest(&png).iter().map(|b| format!("{b:02x}")).collect();
        let kept = ExhibitRef { sha256: sha256.clone(), media: "image/png".into(), bytes: png.len() as u64 };
        self.exhibits.insert(sha256, png);
        kept
    }

    pub fn capture(&mut self, mono: u64, reason: &str, screenshot: Option<ExhibitRef>) -> u64 {
        let missing = if screenshot.is_none() { vec!["screenshot: the device was gone".into()] } else { vec![] };
        let capture = Capture {
            reason: reason.into(),
            size: screenshot.as_ref().map(|_| (540, 1200)),
            screenshot,
            secure: false,
            hierarchy: None,
            hierarchy_by: "uiautomator".into(),
            focus: Some("com.example.novel/.MainActivity".into()),
            window: None,
            above: None,
            resumed: Some("com.example.novel/.MainActivity".into()),
            signature: Some("00112233aabbccdd".into()),
            dead_end: None,
            policy_words: None,
            missing,
            secret: vec![],
        };
        self.add(mono, Event::Captured(Box::new(capture)))
    }

    fn tap(&mut self, mono: u64, at: (i32, i32), target: &str, by: &str, seen: u64) {
        let at = Some(Point { x: at.0, y: at.1 });
        let input = Input {
            act: "tap".into(),
            point: at,
            bounds: None,
            target: target.into(),
            by: by.into(),
            seen: Some(seen),
        };
        self.add(mono, Event::Input(input));
    }

    fn step(&mut self, mono: u64, path: &str, verb: &str, text: &str) {
        self.add(mono, Event::StepStarted { path: path.into(), verb: verb.into(), text: text.into() });
    }

    fn done(&mut self, mono: u64, path: &str) {
        self.add(
            mono,
            Event::StepEnded { path: path.into(), outcome: StepOutcome::Done, message: None, blame: None, seen: None },
        );
    }

    /// A permission prompt, denied; the question as given.
    pub fn prompt(&mut self, mono: u64, number: u32, question: &str, permission: &str, after_consent: bool) {
        let shot = self.screen([150 + (number as u8) * 9, 160, 170], Some(DIALOG));
        let capture = self.capture(mono, "prompt", Some(shot.clone()));
        let button = |text: &str, answer| PromptButton { text: text.into(), answer: Some(answer), bounds: DIALOG };
        let shown = PromptShown {
            prompt: number,
            what: PromptKind::Permission,
            by: "com.google.android.permissioncontroller".into(),
            question: question.into(),
            groups: vec!["LOCATION".into()],
            buttons: vec![
                button("仅在使用该应用时允许", Answer::AllowForeground),
                button("仅限这一次", Answer::AllowOnce),
                button("不允许", Answer::Deny),
            ],
            page: None,
            purpose: None,
            told_before: None,
            behind_changed: false,
            since_consent_ms: None,
            since_refusal_ms: None,
            step: "1".into(),
            activity: Some("com.example.novel/.MainActivity".into()),
            since_launch_ms: Some(2_340),
            after_consent,
            after_tap: None,
            launch: number,
            bounds: DIALOG,
            mono: None,
            capture: Some(capture),
            screenshot: Some(shot),
        };
        self.add(mono + 20, Event::PromptShown(Box::new(shown)));
        self.tap(mono + 600, (270, 730), "不允许", "prompt-policy", capture);
        let state = |flags: &[&str]| Permission {
            name: permission.into(),
            granted: false,
            flags: flags.iter().map(|f| (*f).to_owned()).collect(),
        };
        let change =
            PermissionChange { name: permission.into(), before: Some(state(&[])), after: Some(state(&["USER_SET"])) };
        let answered = PromptAnswered {
            prompt: number,
            answer: Some(Answer::Deny),
            button: "不允许".into(),
            why: "policy deny-non-essential: the category does not need it".into(),
            lived_ms: 812,
            changes: vec![change],
            disagrees: None,
        };
        self.add(mono + 900, Event::PromptAnswered(Box::new(answered)));
    }

    /// A pop-up with this title and these words.
    pub fn popup(&mut self, mono: u64, number: u32, role: PopupRole, title: &str, words: &str, how: PopupEnd) {
        let shot = self.screen([120, 90, 60 + (number as u8) * 20], Some(DIALOG));
        let capture = self.capture(mono, "popup", Some(shot.clone()));
        let control = |label: &str| Control { label: label.into(), bounds: Rect::new(75, 620, 465, 680) };
        let consent = role == PopupRole::Consent;
        let shown = PopupShown {
            popup: number,
            role,
            title: title.into(),
            words: words.into(),
            by: "com.example.novel".into(),
            covers: 0.62,
            bounds: DIALOG,
            close: if consent { vec![] } else { vec![control("关闭")] },
            accept: vec![control(if consent { "同意并继续" } else { "立即领取" })],
            refuse: if consent { vec![control("不同意")] } else { vec![] },
            marks: vec![],
            others: Vec::new(),
            boxes: if consent { vec![("我已阅读并同意《隐私政策》".into(), true)] } else { vec![] },
            opened_by: if consent { "launch" } else { "timer" }.into(),
            same_as: (number > 2).then_some(2),
            launch: 1,
            step: "2".into(),
            signature: "aabb".into(),
            activity: Some("com.example.novel/.MainActivity".into()),
            mono: None,
            capture: Some(capture),
            screenshot: Some(shot),
        };
        self.add(mono + 10, Event::PopupShown(Box::new(shown)));
        self.tap(mono + 700, (270, 650), "同意并继续", "consent-policy", capture);
        self.add(mono + 1_400, Event::PopupGone { popup: number, how, taps: 1, lived_ms: 1_390, close_after_ms: None });
    }

    fn access(&mut self, mono: u64, op: &str, allowed: bool, foreground: bool) {
        let access = Access {
            package: "com.example.novel".into(),
            op: op.into(),
            device_time: Some(START + mono as i64),
            mono: Some(mono),
            allowed,
            foreground: Some(foreground),
            duration_ms: None,
            count: 1,
        };
        self.add(mono + 100, Event::Access(access));
    }
}

fn fill(picture: &mut [u8], at: Rect, colour: [u8; 3]) {
    let width = 540;
    let (left, right) = (at.left as usize, at.right as usize);
    let row = colour.repeat(right - left);
    for y in at.top as usize..at.bottom as usize {
        picture[3 * (y * width + left)..3 * (y * width + right)].copy_from_slice(&row);
    }
}

/// The whole made-up journal, with the app's label as given.
pub fn sample(label: &str) -> Sample {
    let mut s = Sample::default();
    s.add(0, opened(label));
    s.add(40, Event::Device(Box::new(device())));
    let installed = Event::Installed { package: "com.example.novel".into(), version_code: Some(412), replaced: None };
    s.add(900, installed);
    s.step(1_000, "1", "launch", "Start the app and settle");
    s.add(1_050, Event::Launched { component: "com.example.novel/.MainActivity".into(), count: 1 });
    s.access(2_100, "READ_PHONE_STATE", true, true);
    s.access(2_300, "FINE_LOCATION", false, true);
    s.prompt(3_400, 1, "要允许“乐读小说”获取此设备的位置信息吗？", "android.permission.ACCESS_FINE_LOCATION", false);
    s.prompt(5_200, 2, "要允许“乐读小说”访问通讯录吗？", "android.permission.READ_CONTACTS", false);
    s.popup(
        7_000,
        1,
        PopupRole::Consent,
        "个人信息保护提示",
        "请阅读并同意《用户协议》和《隐私政策》。",
        PopupEnd::Accepted,
    );
    let (control, after) = ("同意并继续".to_owned(), Some(ConsentAfter::Continued));
    s.add(8_500, Event::Consent { popup: Some(1), act: ConsentAct::Accepted, control, after });
    let home = s.screen([236, 232, 222], None);
    s.capture(9_000, "step", Some(home));
    s.done(9_100, "1");
    explore(&mut s);
    close(&mut s);
    s
}

fn explore(s: &mut Sample) {
    s.step(9_200, "2", "dwell", "Stay on the main screen for 20 seconds");
    s.popup(12_000, 2, PopupRole::Promotion, "新人礼包", "领取 88 元红包，立即开通会员", PopupEnd::Closed);
    s.popup(18_000, 3, PopupRole::Promotion, "新人礼包", "领取 88 元红包，立即开通会员", PopupEnd::NotClosed);
    s.access(19_000, "READ_CLIPBOARD", true, true);
    s.access(22_000, "COARSE_LOCATION", true, false);
    s.done(24_000, "2");
    s.step(24_100, "3", "functions", "Use the basic functions after the refusals");
    for (name, outcome, message) in [
        ("阅读一章", FunctionOutcome::Works, ""),
        ("搜索书名", FunctionOutcome::Fails, "expected the text “搜索结果”, saw “请先开启定位”"),
    ] {
        let (when, message) = ("after-refusal".to_owned(), message.to_owned());
        s.add(26_000, Event::Function { name: name.into(), when, outcome, message });
    }
    s.done(27_000, "3");
    seek(s);
}

fn seek(s: &mut Sample) {
    s.step(27_100, "4", "seek", "Find where the account can be deleted");
    s.add(27_150, Event::SeekStarted { concept: Concept::AccountDeletion });
    let mut path = Vec::new();
    for (at, label) in ["我的", "设置", "账号与安全", "注销账号"].into_iter().enumerate() {
        let shot = s.screen([236, 232 - at as u8 * 8, 222], None);
        let mono = 28_000 + at as u64 * 1_000;
        let capture = s.capture(mono, "seek", Some(shot));
        s.tap(mono + 400, (450, 1_150 - at as i32 * 250), label, "seek", capture);
        path.push(Hop { label: label.into(), screen: format!("{at:016x}"), capture: Some(capture) });
    }
    let arrived = s.screen([250, 244, 236], None);
    s.capture(32_200, "seek", Some(arrived));
    let ended = SeekEnded {
        concept: Concept::AccountDeletion,
        outcome: SeekOutcome::Found,
        depth: 4,
        path,
        words: "注销账号".into(),
        taps: 9,
        visited: vec![("00".into(), "首页".into()), ("01".into(), "我的".into())],
        ways: vec![SeenWay { from: 0, press: "我的".into(), to: 1 }],
        blocked_by: String::new(),
        bounded: false,
        dead: vec!["在线客服".into()],
        perhaps: Vec::new(),
    };
    s.add(32_400, Event::SeekEnded(Box::new(ended)));
    let conditions = vec!["填写身份证号".to_owned(), "账号余额须清零".to_owned()];
    let (act, outcome) = (AccountAct::RequestDeletion, AccountOutcome::Pending);
    s.add(
        33_000,
        Event::Account {
            act, outcome, words: "注销申请已提交，将在 15 个工作日内处理".into(), taps: 3, conditions
        },
    );
    s.done(33_100, "4");
}

fn close(s: &mut Sample) {
    s.step(33_200, "5", "expect", "See the text “注销成功” within 5s");
    s.add(
        38_300,
        Event::StepEnded {
            path: "5".into(),
            outcome: StepOutcome::Failed,
            message: Some("no such text within 5s; nearest: “注销申请已提交”".into()),
            blame: Some(Blame::App),
            seen: None,
        },
    );
    let (source, new) = ("appops".to_owned(), 4);
    s.add(38_400, Event::AccessesRead { source, new });
    let detail = "network traffic was not captured in this run".to_owned();
    s.add(38_500, Event::Limit { limit: LimitKind::NoNetworkCapture, detail });
    let (blame, message, missing) = (None, String::new(), vec![]);
    s.add(38_600, Event::CaseClosed { ended: Ended::Completed, blame, message, missing });
}

fn opened(label: &str) -> Event {
    Event::CaseOpened(Box::new(CaseOpened {
        case: "novel-deny-1f2e".into(),
        attempt: 2,
        purpose: "nightly".into(),
        app: AppFacts {
            package: "com.example.novel".into(),
            label: label.into(),
            version_code: 412,
            version_name: "4.1.2".into(),
            files: vec![AppFile { name: "novel.apk".into(), sha256: "ab".repeat(32), bytes: 31_000_000 }],
            certificates: vec!["cd".repeat(32)],
            ..AppFacts::default()
        },
        category: Some("ebooks".into()),
        scenario: "deny-non-essential".into(),
        scenario_title: "Refuse what the category does not need, then use the app".into(),
        scenario_digest: "12".repeat(32),
        scenario_verbs: vec!["launch".into(), "dwell".into(), "functions".into(), "seek".into(), "expect".into()],
        prompts: PromptPolicy::DenyNonEssential,
        consent: ConsentPolicy::Accept,
        catalogue_digest: "34".repeat(32),
        lexicon: Vec::new(),
        program: "appwitness 0.1.0".into(),
        program_digest: None,
    }))
}

fn device() -> DeviceIdentity {
    DeviceIdentity {
        serial: "virtual-5554".into(),
        api: 34,
        manufacturer: "AppWitness".into(),
        model: "Virtual Phone".into(),
        fingerprint: "appwitness/virtual/phone:14/MODEL/1:user/release-keys".into(),
        locale: "zh-CN".into(),
        skin: "google".into(),
        width: 540,
        height: 1200,
        density: 210,
        emulator: true,
        virtual_device: true,
        ..DeviceIdentity::default()
    }
}

/// The sample with a twin behind it: the page of features is withheld when the camera is refused.
pub fn twin() -> Sample {
    let mut s = sample("乐读小说");
    let closed = s.entries.pop();
    let page = |title: &str| json!({"signature": title, "title": title, "front": "com.example.novel", "things": []});
    let installs =
        [("allow", "", true), ("allow", "", true), ("refuse-unneeded", "", true), ("refuse-one", "CAMERA", false)];
    let add = |s: &mut Sample, event: serde_json::Value| {
        let mono = 40_000 + s.entries.len() as u64 * 10;
        s.add(mono, serde_json::from_value(event).unwrap())
    };
    for (number, (answers, group, whole)) in (1..).zip(installs) {
        add(
            &mut s,
            json!({"kind": "twin-install", "install": number, "answers": answers, "group": group, "whole": whole}),
        );
        let refused = answers != "allow";
        let (came, title) = if refused { ("stayed", "Home") } else { ("opened", "Features") };
        for (step, came, title) in [(0, "opened", "Home"), (1, came, title)] {
            let ground = [200 - number as u8 * 20, 180, 160 + step as u8 * 40];
            let shot = s.screen(ground, None);
            let after = s.capture(40_000 + s.entries.len() as u64 * 10, "twin", Some(shot));
            let (on, press) = if step == 0 { (json!(null), "") } else { (json!(0), "Features") };
            let asked = if step == 0 { vec!["CAMERA"] } else { vec![] };
            add(
                &mut s,
                json!({"kind": "twin-step", "install": number, "step": step, "on": on, "press": press,
                "came": came, "page": page(title), "asked": asked, "before": null, "after": after}),
            );
        }
    }
    add(&mut s, json!({"kind": "twin-ended", "steps": 2, "bounded": false}));
    let mono = 40_000 + s.entries.len() as u64 * 10;
    s.add(mono, closed.unwrap().event);
    s
}

/// The case's figures: three findings, and one of each other outcome.
pub fn case(sample: &Sample) -> Case {
    let digest_of = |number: u32| {
        sample.entries.iter().find_map(|e| match &e.event {
            Event::PromptShown(p) if p.prompt == number => p.screenshot.as_ref().map(|s| s.sha256.clone()),
            _ => None,
        })
    };
    let book = Phrasebook::builtin();
    let outcome = |finding: &str, severity: &str, outcome, reason: &str| Outcome {
        finding: finding.into(),
        severity: severity.into(),
        outcome,
        reason: reason.into(),
        reason_zh: book.chinese(reason).unwrap_or_default(),
        entries: if outcome == OutcomeKind::Observed { vec![8, 9, 16] } else { vec![] },
        exhibits: if outcome == OutcomeKind::Observed { digest_of(1).into_iter().collect() } else { vec![] },
        review: false,
        threshold: None,
        repeats: None,
        said: None,
    };
    use OutcomeKind::*;
    let early = "Two system prompts came before the policy was accepted: location and contacts.";
    let network = "the network was not watched";
    let mut outcomes = vec![
        outcome("permission-without-purpose", "medium", Observed, "Neither prompt was preceded by a purpose."),
        outcome("data-access-before-consent", "critical", Observed, "READ_PHONE_STATE was read 6.4 s before consent."),
        outcome("permission-asked-before-consent", "high", Observed, early),
        outcome("consent-preticked", "high", NotObserved, "No box was ticked in advance on first sight."),
        outcome("autorenewal-preticked", "medium", NotTriggered, "No purchase screen came up."),
        outcome("cleartext-transmission", "high", NotAssessable, network),
        outcome("sdk-not-declared", "high", NotAssessable, network),
    ];
    outcomes[0].review = true;
    outcomes[0].threshold = Some(ThresholdUsed {
        name: "settle_time".into(),
        value: 30.0,
        unit: "s".into(),
        origin: "tool-default".into(),
    });
    let attempt = |number, ended, blame, message: &str| Attempt {
        number,
        ended,
        blame,
        message: message.into(),
        device: format!("virtual-{}", 5552 + number * 2),
        judged: number > 1,
        observed: vec![],
        said: Default::default(),
    };
    Case {
        id: "novel-deny-1f2e".into(),
        app: summary::App {
            package: "com.example.novel".into(),
            label: label_of(sample),
            version: "4.1.2".into(),
            version_code: 412,
            digest: "ab".repeat(32),
        },
        category: Some("ebooks".into()),
        scenario: "deny-non-essential".into(),
        title: "Refuse what the category does not need, then use the app".into(),
        device: Some(summary::Device {
            serial: "virtual-5554".into(),
            model: "AppWitness Virtual Phone".into(),
            api: 34,
            skin: "google".into(),
            locale: "zh-CN".into(),
            emulator: true,
            virtual_device: true,
        }),
        attempts: vec![
            attempt(1, None, Some(Blame::Device), "the device went away during step 2"),
            attempt(2, Some(Ended::Completed), None, ""),
        ],
        verdict: Verdict::Findings,
        blame: None,
        message: String::new(),
        missing: vec![],
        outcomes,
        package: Some("novel-deny-1f2e".into()),
        report: Some("novel-deny-1f2e/report.html".into()),
    }
}

fn label_of(sample: &Sample) -> String {
    match &sample.entries[0].event {
        Event::CaseOpened(opened) => opened.app.label.clone(),
        _ => String::new(),
    }
}

/// Texts by which an app may try to be more than text: markup, marks that turn the direction of writing, a megabyte,
/// controls, formulas.
pub fn hostile_texts() -> Vec<String> {
    vec![
        "</w:t></is></c><script>alert(1)</script><w:evil/>](http://a) & \"q\" 'a'".into(),
        "safe\u{202E}gpj.exe\u{2066}\u{200F}\u{200B}end".into(),
        "<img src=x onerror=alert(2)>".repeat((1 << 20) / 28 + 1),
        "\u{0}\u{7}\u{1b}[31m\u{9b}31m\r\n# x\n= y\tz\u{fffe}".into(),
        "=HYPERLINK(\"http://example.com\",\"x\")".into(),
        "+cmd|' /C calc'!A0".into(),
        "-2+3".into(),
        "@SUM(1+1)".into(),
    ]
}

/// Nothing of a hostile text works where it was written: what cannot be seen is gone or visible, and what is long is cut.
#[track_caller]
pub fn assert_tame(hostile: &str, written: &str) {
    let invisible = |c: char| {
        matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\r' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{fffe}')
    };
    let told: Vec<char> = written.chars().filter(|c| invisible(*c)).collect();
    assert!(told.is_empty(), "{told:?} of {:.40}", hostile);
    // Its beginning is there to be read, as far as it can be seen.
    let plain: String = hostile.chars().take_while(|c| !invisible(*c) && *c != '\n').take(20).collect();
    assert!(written.contains(&plain), "{plain:?} is to be read");
    assert!(written.len() < 2 << 20, "{} bytes", written.len());
}
