//! What repeated runs say of a user's complaint: reproduced k of n, not reproduced, or why that can't be told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::summary::{Case, Device, Outcome, OutcomeKind, Verdict};
use crate::report::words::{self, Both};
use crate::scenario::Complaint;

/// Version of the format of `complaint.json`.
const VERSION: u32 = 1;
/// Name of the file in a run's folder.
pub const FILE: &str = "complaint.json";
/// Android's releases by API level (developer.android.com, "SDK Platform release notes").
const RELEASES: [(u32, u32); 14] = [
    (23, 6),
    (24, 7),
    (25, 7),
    (26, 8),
    (27, 8),
    (28, 9),
    (29, 10),
    (30, 11),
    (31, 12),
    (32, 12),
    (33, 13),
    (34, 14),
    (35, 15),
    (36, 16),
];

/// What one run says of the complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It happened.
    Reproduced,
    /// All that the complaint names was looked at, and it did not happen.
    NotReproduced,
    /// The run went well, and what the complaint is about never came to be tried.
    OccasionNeverCame,
    /// The run, or the look at what the complaint is about, could not be carried out.
    CouldNotRun,
}

/// The answer to a complaint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Answered {
    /// Version of this format: 1.
    pub version: u32,
    /// Id of the complaint.
    pub complaint: String,
    /// What the person said.
    pub said: String,
    /// Finding ids that it points to.
    pub suspected: Vec<String>,
    /// Runs that reproduced it.
    pub reproduced: u32,
    /// Runs that did not, though all was looked at.
    pub not_reproduced: u32,
    /// Runs in which its occasion never came.
    pub occasion_never_came: u32,
    /// Runs that could not be carried out.
    pub could_not_run: u32,
    /// The runs, in order.
    pub runs: Vec<Run>,
    /// In what the runs differ.
    pub differences: Vec<Difference>,
    /// In what the runs differ from what the person had.
    pub unlike_told: Vec<Both>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Run {
    /// From 1.
    pub run: u32,
    /// What it says.
    pub answer: Answer,
    /// Why, in words; empty for what needs no reason.
    pub why: String,
    /// How the case ended; `None` when it never began.
    pub verdict: Option<Verdict>,
    /// Sealed package, relative to the run's folder.
    pub package: Option<String>,
    /// Page for people, relative to the run's folder.
    pub report: Option<String>,
}

/// Something that was not the same in all runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// What: a finding's id, else `verdict`, `device`, `expectation` or `answer`.
    pub what: String,
    /// What it was, and in which runs.
    pub was: BTreeMap<String, Vec<u32>>,
}

/// A run as it came back.
pub struct Came<'a> {
    /// Its case; `None` when it never began.
    pub case: Option<&'a Case>,
    /// Whether what the complaint expects held; `None` when it was not looked at.
    pub held: Option<bool>,
}

impl Answer {
    /// In words.
    pub fn words(self) -> Both {
        match self {
            Self::Reproduced => Both::new("已重现", "reproduced"),
            Self::NotReproduced => Both::new("未重现", "not reproduced"),
            Self::OccasionNeverCame => Both::new("相关情形未出现", "its occasion never came"),
            Self::CouldNotRun => Both::new("未能进行", "could not run"),
        }
    }
}

impl Answered {
    /// The answer of these runs.
    pub fn of(complaint: &Complaint, came: &[Came]) -> Self {
        let run = |(at, came): (usize, &Came)| {
            let (answer, why) = answer(complaint, came);
            let case = came.case;
            Run {
                run: at as u32 + 1,
                answer,
                why,
                verdict: case.map(|case| case.verdict),
                package: case.and_then(|case| case.package.clone()),
                report: case.and_then(|case| case.report.clone()),
            }
        };
        let runs: Vec<Run> = came.iter().enumerate().map(run).collect();
        let count = |wanted: Answer| runs.iter().filter(|run| run.answer == wanted).count() as u32;
        Self {
            version: VERSION,
            complaint: complaint.id.clone(),
            said: complaint.said.clone(),
            suspected: complaint.suspected.clone(),
            reproduced: count(Answer::Reproduced),
            not_reproduced: count(Answer::NotReproduced),
            occasion_never_came: count(Answer::OccasionNeverCame),
            could_not_run: count(Answer::CouldNotRun),
            differences: differences(complaint, came, &runs),
            unlike_told: unlike_told(complaint, came),
            runs,
        }
    }

    /// In one sentence.
    pub fn sentence(&self) -> Both {
        let answered = self.reproduced + self.not_reproduced;
        let (mut zh, mut en) = (
            format!("{answered} 次有结论的运行中重现 {} 次", self.reproduced),
            format!("Reproduced in {} of {answered} runs", self.reproduced),
        );
        if answered == 0 {
            (zh, en) = ("没有一次运行能够作答".to_owned(), "No run could answer it".to_owned());
        }
        if self.occasion_never_came > 0 {
            zh += &format!("；{} 次相关情形未出现", self.occasion_never_came);
            en += &format!("; in {} its occasion never came", self.occasion_never_came);
        }
        if self.could_not_run > 0 {
            zh += &format!("；{} 次未能进行", self.could_not_run);
            en += &format!("; {} could not run", self.could_not_run);
        }
        Both::new(zh + "。", en + ".")
    }
}

/// What a run says. It is "not reproduced" only when everything that the complaint names was really looked at.
fn answer(complaint: &Complaint, came: &Came) -> (Answer, String) {
    let Some(case) = came.case else { return (Answer::CouldNotRun, "stopped before it began".into()) };
    let suspects = suspects(complaint, case);
    if let Some(found) = suspects.iter().find(|o| o.outcome == OutcomeKind::Observed) {
        let review = if found.review { "; a person has to confirm it" } else { "" };
        return (Answer::Reproduced, format!("{}: {}{review}", found.finding, found.reason));
    }
    if came.held == Some(false) {
        return (Answer::Reproduced, "what should have happened did not".into());
    }
    if case.verdict == Verdict::Failed {
        return (Answer::CouldNotRun, case.message.clone());
    }
    let of = |kind| suspects.iter().filter(move |o| o.outcome == kind);
    let told = |o: &&Outcome| format!("{}: {}", o.finding, o.reason);
    let mut unseen: Vec<String> = of(OutcomeKind::NotAssessable).map(told).collect();
    if complaint.expected.is_some() && came.held.is_none() {
        let why = if case.message.is_empty() { "it was not reached" } else { case.message.as_str() };
        unseen.push(format!("what should have happened was not looked at: {why}"));
    }
    let missing = complaint.suspected.iter().filter(|id| !suspects.iter().any(|o| o.finding == **id));
    unseen.extend(missing.map(|id| format!("{id}: the rules that judged the run do not know it")));
    let waiting: Vec<String> = of(OutcomeKind::NotTriggered).map(told).collect();
    match (unseen.is_empty(), waiting.is_empty()) {
        (false, _) => (Answer::CouldNotRun, unseen.join("; ")),
        (true, false) => (Answer::OccasionNeverCame, waiting.join("; ")),
        (true, true) => (Answer::NotReproduced, String::new()),
    }
}

/// Outcomes that the complaint points to.
fn suspects<'c>(complaint: &Complaint, case: &'c Case) -> Vec<&'c Outcome> {
    case.outcomes.iter().filter(|o| complaint.suspected.contains(&o.finding)).collect()
}

/// What was not the same in all runs: the answer, how the case ended, the device, and each outcome.
fn differences(complaint: &Complaint, came: &[Came], runs: &[Run]) -> Vec<Difference> {
    let mut seen: BTreeMap<String, BTreeMap<String, Vec<u32>>> = BTreeMap::new();
    let mut note = |what: &str, was: String, run: u32| {
        seen.entry(what.to_owned()).or_default().entry(was).or_default().push(run);
    };
    for (run, came) in runs.iter().zip(came) {
        note("answer", run.answer.words().en, run.run);
        let Some(case) = came.case else { continue };
        note("verdict", words::verdict(case.verdict).en, run.run);
        note("device", case.device.as_ref().map_or("none".to_owned(), device_in_words), run.run);
        if complaint.expected.is_some() {
            let was = came.held.map_or("not looked at", |held| if held { "held" } else { "did not hold" });
            note("expectation", was.to_owned(), run.run);
        }
        for outcome in &case.outcomes {
            note(&outcome.finding, words::outcome(outcome.outcome).en, run.run);
        }
    }
    let differing = seen.into_iter().filter(|(_, was)| was.len() > 1);
    let mut all: Vec<Difference> = differing.map(|(what, was)| Difference { what, was }).collect();
    // What the complaint is about comes first.
    all.sort_by_key(|difference| {
        let own = ["answer", "expectation"].contains(&difference.what.as_str());
        !(own || complaint.suspected.contains(&difference.what))
    });
    all
}

fn device_in_words(device: &Device) -> String {
    let kind = match (device.virtual_device, device.emulator) {
        (true, _) => ", the virtual device: a model of Android",
        (false, true) => ", an emulator",
        (false, false) => "",
    };
    format!("{}, Android API {}, {}{kind}", device.model, device.api, device.locale)
}

/// In what the runs differ from the version and the device that the person told.
fn unlike_told(complaint: &Complaint, came: &[Came]) -> Vec<Both> {
    let cases: Vec<&Case> = came.iter().filter_map(|came| came.case).collect();
    let mut unlike = Vec::new();
    if let (Some(told), Some(app)) = (&complaint.version, cases.first().map(|case| &case.app)) {
        let same = told.trim() == app.version || told.trim() == app.version_code.to_string();
        if !same {
            let ran = &app.version;
            unlike.push(Both::new(
                format!("投诉人使用的版本是 {told}，本次运行的是 {ran}。"),
                format!("The person had version {told}; what was run is {ran}."),
            ));
        }
    }
    if let Some(told) = &complaint.device {
        let mut other: Vec<String> =
            cases.iter().filter_map(|c| c.device.as_ref()).filter(|d| !is_told(told, d)).map(device_in_words).collect();
        other.sort();
        other.dedup();
        if !other.is_empty() {
            let ran = other.join("; ");
            unlike.push(Both::new(
                format!("投诉人的设备：{told}；本次运行的设备：{ran}。"),
                format!("The person's device: {told}; what was run on: {ran}."),
            ));
        }
    }
    unlike
}

/// Whether a device can be the one that a person told of in words: its model is named, and so is its release where one
/// is. A model or an emulator never is.
fn is_told(told: &str, device: &Device) -> bool {
    let told = told.to_lowercase();
    let model = device.model.to_lowercase();
    // The maker stands before the model, and people leave it out.
    let short = model.split_once(' ').map_or(model.as_str(), |(_, short)| short);
    let named = !short.is_empty() && told.contains(short);
    let after = told.split("android").nth(1).map(str::trim_start).unwrap_or_default();
    let release: Option<u32> = after.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok());
    let own = RELEASES.iter().find(|(api, _)| *api == device.api).map(|(_, release)| *release);
    named && !device.emulator && !device.virtual_device && (release.is_none() || release == own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::judge;

    const TEXT: &str = "complaint: c\napp: a.b\nversion: '99.9'\ndevice: Pixel 8, Android 14\nsaid: x\nsteps: [launch]\n\
                        suspected: [clipboard-read, frequent-popups]\n";

    fn complaint(more: &str) -> Complaint {
        Complaint::parse("c.yaml", &format!("{TEXT}{more}"), &Catalogue::builtin()).unwrap()
    }

    fn case(kinds: [OutcomeKind; 2]) -> Case {
        let outcomes =
            ["clipboard-read", "frequent-popups"].into_iter().zip(kinds).map(|(finding, outcome)| judge::Outcome {
                finding: finding.into(),
                outcome,
                reason: "so it is".into(),
                entries: vec![],
                exhibits: vec![],
                threshold: None,
                review: false,
            });
        let judgement = judge::Judgement {
            rules: "1".into(),
            catalogue: "0".repeat(64),
            verdict: Verdict::Clear,
            outcomes: outcomes.collect(),
            missing: vec![],
            blame: None,
            limits: vec![],
        };
        let mut case = Case::new(&[], &judgement, &Catalogue::builtin());
        case.app.version = "2.1.0".into();
        case.device = Some(Device { model: "Google Pixel 8".into(), api: 34, ..Device::default() });
        case
    }

    #[test]
    fn it_is_not_reproduced_only_when_every_suspect_was_looked_at() {
        use OutcomeKind::{NotAssessable, NotObserved, NotTriggered, Observed};
        let says = |kinds, held, more: &str| answer(&complaint(more), &Came { case: Some(&case(kinds)), held }).0;
        assert_eq!(says([NotObserved, Observed], None, ""), Answer::Reproduced);
        assert_eq!(says([NotObserved, NotObserved], None, ""), Answer::NotReproduced);
        assert_eq!(says([NotObserved, NotTriggered], None, ""), Answer::OccasionNeverCame);
        assert_eq!(says([NotTriggered, NotTriggered], None, ""), Answer::OccasionNeverCame);
        assert_eq!(says([NotObserved, NotAssessable], None, ""), Answer::CouldNotRun);
        assert_eq!(says([NotTriggered, NotAssessable], None, ""), Answer::CouldNotRun);
        let expected = "expected: {app: in-front}\n";
        assert_eq!(says([NotObserved, NotObserved], None, expected), Answer::CouldNotRun, "it was not reached");
        assert_eq!(says([NotObserved, NotObserved], Some(true), expected), Answer::NotReproduced);
        assert_eq!(says([NotTriggered, NotObserved], Some(false), expected), Answer::Reproduced);
        assert_eq!(answer(&complaint(""), &Came { case: None, held: None }).0, Answer::CouldNotRun);
    }

    #[test]
    fn the_runs_are_compared_with_each_other_and_with_what_was_told() {
        use OutcomeKind::{NotObserved, NotTriggered, Observed};
        let (found, clean) = (case([Observed, NotObserved]), case([NotTriggered, NotObserved]));
        let came = [found, clean];
        let came: Vec<Came> = came.iter().map(|case| Came { case: Some(case), held: None }).collect();
        let answered = Answered::of(&complaint(""), &came);
        let what: Vec<&str> = answered.differences.iter().map(|difference| difference.what.as_str()).collect();
        assert_eq!(what, ["answer", "clipboard-read"]);
        assert_eq!(answered.differences[1].was["observed"], [1]);
        assert_eq!(answered.differences[1].was["not triggered"], [2]);
        assert_eq!(answered.sentence().en, "Reproduced in 1 of 1 runs; in 1 its occasion never came.");
        assert_eq!(answered.unlike_told.len(), 1, "the version differs, the device does not");
        assert!(answered.unlike_told[0].en.contains("99.9") && answered.unlike_told[0].en.contains("2.1.0"));
        let json = serde_json::to_string(&answered).unwrap();
        assert_eq!(serde_json::from_str::<Answered>(&json).unwrap(), answered);
    }

    #[test]
    fn a_device_is_the_one_told_when_its_model_and_release_are_named() {
        let device = |model: &str, api, emulator| Device { model: model.into(), api, emulator, ..Device::default() };
        let told = "Pixel 8, Android 14, Chinese";
        assert!(is_told(told, &device("Google Pixel 8", 34, false)));
        assert!(is_told("my pixel 8", &device("Google Pixel 8", 33, false)), "no release was told");
        assert!(!is_told(told, &device("Google Pixel 8", 33, false)));
        assert!(!is_told(told, &device("Xiaomi 2201123C", 34, false)));
        assert!(!is_told(told, &device("Google Pixel 8", 34, true)));
    }
}
