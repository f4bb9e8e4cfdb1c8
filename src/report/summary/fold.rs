//! A case's figures, from its journal and its judgement.

use std::collections::BTreeMap;

use super::{App, Attempt, Case, Device, Outcome, OutcomeKind, Repeats, Said, Verdict};
use crate::catalogue::Catalogue;
use crate::evidence::{Review, standing};
use crate::journal::entry::{AppFacts, CaseOpened, DeviceIdentity, Entry, Event};
use crate::judge::{self, Judgement};
use crate::report::reasons::Phrasebook;

impl Case {
    /// The case of one attempt: its journal, and what that was judged to be. [`Case::with_attempts`] adds the others.
    pub fn new(entries: &[Entry], judgement: &Judgement, catalogue: &Catalogue) -> Self {
        let opened =
            entries.iter().find_map(|e| if let Event::CaseOpened(o) = &e.event { Some(o.as_ref()) } else { None });
        let text = |take: fn(&CaseOpened) -> &String| opened.map(take).cloned().unwrap_or_default();
        let attempt = Attempt::new(entries, Some(judgement));
        let book = Phrasebook::builtin().with_categories(catalogue);
        Self {
            id: text(|o| &o.case),
            app: opened.map(|o| app(&o.app)).unwrap_or_default(),
            category: opened.and_then(|o| o.category.clone()),
            scenario: text(|o| &o.scenario),
            title: text(|o| &o.scenario_title),
            device: device_of(entries).map(device),
            verdict: judgement.verdict,
            blame: judgement.blame,
            message: attempt.message.clone(),
            missing: judgement.missing.clone(),
            outcomes: judgement.outcomes.iter().map(|o| outcome(o, catalogue, &book)).collect(),
            attempts: vec![attempt],
            package: None,
            report: None,
        }
    }

    /// The case with all its attempts, in order; the one it was made of among them.
    ///
    /// A retry never hides a finding: what any attempt observed is observed, as k of n. An attempt without a judgement
    /// does not count into n.
    pub fn with_attempts(mut self, attempts: Vec<Attempt>) -> Self {
        let judged: Vec<&Attempt> = attempts.iter().filter(|a| a.judged).collect();
        let of = judged.len() as u32;
        for outcome in &mut self.outcomes {
            let seen: Vec<u32> =
                judged.iter().filter(|a| a.observed.contains(&outcome.finding)).map(|a| a.number).collect();
            if of > 1 && !seen.is_empty() {
                outcome.repeats = Some(Repeats { seen: seen.len() as u32, of });
            }
            if !seen.is_empty() && outcome.outcome != OutcomeKind::Observed {
                let seen = list(&seen);
                outcome.outcome = OutcomeKind::Observed;
                let chinese = if outcome.reason_zh.is_empty() { &outcome.reason } else { &outcome.reason_zh };
                outcome.reason_zh = format!("在第 {seen} 次尝试中检出；最后一次尝试：{chinese}");
                outcome.reason = format!("Observed in attempt {seen}; in the last attempt: {}", outcome.reason);
            }
        }
        if self.verdict == Verdict::Clear && self.outcomes.iter().any(|o| o.outcome == OutcomeKind::Observed) {
            self.verdict = Verdict::Findings;
        }
        self.attempts = attempts;
        self
    }

    /// The case with people's last words on its outcomes. The outcomes and the verdict stay as the rules have them.
    pub fn with_reviews(mut self, reviews: &[Review]) -> Self {
        let mut said = said(reviews);
        for outcome in &mut self.outcomes {
            outcome.said = said.remove(&outcome.finding);
        }
        self
    }

    /// How often each finding was observed, by finding id, over many cases.
    pub fn frequencies(cases: &[Case]) -> BTreeMap<&str, u64> {
        let mut frequencies = BTreeMap::new();
        for outcome in cases.iter().flat_map(|c| c.outcomes_of(OutcomeKind::Observed)) {
            *frequencies.entry(outcome.finding.as_str()).or_default() += 1;
        }
        frequencies
    }
}

impl Attempt {
    /// One try, from its journal; without a judgement when its record was not fit to be judged.
    pub fn new(entries: &[Entry], judgement: Option<&Judgement>) -> Self {
        let mut attempt = Self {
            number: 1,
            ended: None,
            blame: judgement.and_then(|j| j.blame),
            message: String::new(),
            device: device_of(entries).map(|d| d.serial.clone()).unwrap_or_default(),
            judged: judgement.is_some(),
            observed: Vec::new(),
            said: BTreeMap::new(),
        };
        for entry in entries {
            match &entry.event {
                Event::CaseOpened(opened) => attempt.number = opened.attempt,
                Event::CaseClosed { ended, blame, message, .. } => {
                    attempt.ended = Some(*ended);
                    attempt.blame = blame.or(attempt.blame);
                    attempt.message = message.clone();
                }
                _ => {}
            }
        }
        let observed = |o: &&judge::Outcome| o.outcome == OutcomeKind::Observed;
        let outcomes = judgement.map(|j| j.outcomes.as_slice()).unwrap_or_default();
        attempt.observed = outcomes.iter().filter(observed).map(|o| o.finding.clone()).collect();
        attempt
    }

    /// The attempt with people's last words on its outcomes.
    pub fn with_reviews(self, reviews: &[Review]) -> Self {
        Self { said: said(reviews), ..self }
    }
}

/// People's last words by finding id.
fn said(reviews: &[Review]) -> BTreeMap<String, Said> {
    let word = |(finding, (word, by)): (&str, (_, &str))| (finding.to_owned(), Said { word, by: by.to_owned() });
    standing(reviews).into_iter().map(word).collect()
}

fn device_of(entries: &[Entry]) -> Option<&DeviceIdentity> {
    entries.iter().find_map(|e| if let Event::Device(d) = &e.event { Some(d.as_ref()) } else { None })
}

fn app(facts: &AppFacts) -> App {
    App {
        package: facts.package.clone(),
        label: facts.label.clone(),
        version: facts.version_name.clone(),
        version_code: facts.version_code,
        digest: facts.files.first().map(|f| f.sha256.clone()).unwrap_or_default(),
    }
}

fn device(identity: &DeviceIdentity) -> Device {
    Device {
        serial: identity.serial.clone(),
        model: format!("{} {}", identity.manufacturer, identity.model).trim().to_owned(),
        api: identity.api,
        skin: identity.skin.clone(),
        locale: identity.locale.clone(),
        emulator: identity.emulator,
        virtual_device: identity.virtual_device,
    }
}

fn outcome(judged: &judge::Outcome, catalogue: &Catalogue, book: &Phrasebook) -> Outcome {
    Outcome {
        finding: judged.finding.clone(),
        severity: catalogue.finding(&judged.finding).map(|r| r.severity.word().to_owned()).unwrap_or_default(),
        outcome: judged.outcome,
        reason: judged.reason.clone(),
        reason_zh: book.chinese(&judged.reason).unwrap_or_default(),
        entries: judged.entries.clone(),
        exhibits: judged.exhibits.clone(),
        review: judged.review,
        threshold: judged.threshold.clone(),
        repeats: None,
        said: None,
    }
}

fn list(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::Blame;

    fn judgement(outcome: OutcomeKind, verdict: Verdict) -> Judgement {
        let outcome = judge::Outcome {
            finding: "permission-asked-before-consent".into(),
            outcome,
            reason: "none came".into(),
            entries: vec![],
            exhibits: vec![],
            threshold: None,
            review: false,
        };
        Judgement {
            rules: "1".into(),
            catalogue: "0".repeat(64),
            verdict,
            outcomes: vec![outcome],
            missing: vec![],
            blame: None,
            limits: vec![],
        }
    }

    #[test]
    fn a_retry_hides_no_finding() {
        let catalogue = Catalogue::builtin();
        let last = judgement(OutcomeKind::NotObserved, Verdict::Clear);
        let first = judgement(OutcomeKind::Observed, Verdict::Findings);
        let lost = Attempt { number: 2, blame: Some(Blame::Device), ..Attempt::new(&[], None) };
        let attempts =
            vec![Attempt::new(&[], Some(&first)), lost, Attempt { number: 3, ..Attempt::new(&[], Some(&last)) }];
        let case = Case::new(&[], &last, &catalogue).with_attempts(attempts);
        assert_eq!(case.verdict, Verdict::Findings);
        assert_eq!(case.outcomes[0].severity, "high");
        assert_eq!(case.outcomes[0].outcome, OutcomeKind::Observed);
        assert_eq!(case.outcomes[0].repeats, Some(Repeats { seen: 1, of: 2 }));
        assert_eq!(case.outcomes[0].reason, "Observed in attempt 1; in the last attempt: none came");
    }

    #[test]
    fn a_clear_case_stays_clear() {
        let catalogue = Catalogue::builtin();
        let last = judgement(OutcomeKind::NotObserved, Verdict::Clear);
        let case = Case::new(&[], &last, &catalogue);
        let attempts = case.attempts.clone();
        let case = case.with_attempts(attempts);
        assert_eq!((case.verdict, case.outcomes[0].repeats), (Verdict::Clear, None));
    }
}
