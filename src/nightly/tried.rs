//! One try of a case, as its journal and the rules tell it; and the tries of a case told as one.

use crate::catalogue::Catalogue;
use crate::journal::entry::{Blame, CaseOpened, DeviceIdentity, Ended, Entry, Event, StepOutcome};
use crate::judge::Judgement;
use crate::report::summary;

/// One try, as its journal and the rules tell it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// First entry.
    pub opened: CaseOpened,
    /// Its device, when one answered.
    pub device: Option<DeviceIdentity>,
    /// The try as a case of its own.
    pub case: summary::Case,
    /// How the last `expect` among the scenario's own steps ended.
    pub expectation: Option<(StepOutcome, Option<Blame>)>,
    /// What the rules say.
    pub judgement: Judgement,
}

impl Tried {
    /// A try from its entries; `None` when they do not begin as a journal does.
    pub fn of(entries: &[Entry], judgement: Judgement, catalogue: &Catalogue) -> Option<Self> {
        let Some(Event::CaseOpened(opened)) = entries.first().map(|e| &e.event) else { return None };
        let device = entries.iter().find_map(|e| match &e.event {
            Event::Device(device) => Some(device.as_ref().clone()),
            _ => None,
        });
        let case = summary::Case::new(entries, &judgement, catalogue);
        Some(Self { opened: opened.as_ref().clone(), device, case, expectation: expectation(entries), judgement })
    }

    /// Its number, from 1.
    pub fn number(&self) -> u32 {
        self.opened.attempt
    }

    /// How it ended; `None` when its record stops without saying.
    pub fn ended(&self) -> Option<Ended> {
        self.case.attempts.first().and_then(|attempt| attempt.ended)
    }

    /// Whether the device failed, so that another may do better.
    pub fn lost_its_device(&self) -> bool {
        let blame = self.case.attempts.first().and_then(|attempt| attempt.blame);
        self.ended() == Some(Ended::Aborted) && blame == Some(Blame::Device)
    }
}

/// The tries of a case told as one: the last counts, and what an earlier one observed stays observed.
pub fn told_as_one(tries: &[Tried]) -> Option<summary::Case> {
    let attempts = tries.iter().flat_map(|tried| tried.case.attempts.clone()).collect();
    Some(tries.last()?.case.clone().with_attempts(attempts))
}

/// How the last `expect` among the scenario's own steps (paths without a dot) ended.
fn expectation(entries: &[Entry]) -> Option<(StepOutcome, Option<Blame>)> {
    let last = entries.iter().rev().find_map(|e| match &e.event {
        Event::StepStarted { path, verb, .. } if verb == "expect" && !path.contains('.') => Some(path),
        _ => None,
    })?;
    entries.iter().rev().find_map(|e| match &e.event {
        Event::StepEnded { path, outcome, blame, .. } if path == last => Some((*outcome, *blame)),
        _ => None,
    })
}
