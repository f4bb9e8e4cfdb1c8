//! Drive: the scenario's steps, one after another, each with its entries.

use crate::journal::entry::{Blame, Event, StepOutcome};
use crate::scenario::{Located, Step};

use super::attempt::Attempt;
use super::error::RunError;
use super::step::step_words;

/// Steps that take the app off the screen.
const TAKES_AWAY: [&str; 8] = ["stop", "home", "back", "recents", "background", "upgrade", "clear-data", "reboot"];

impl Attempt<'_> {
    /// Carries out the scenario. A step that the app makes impossible is recorded and the next one tried; a step that the
    /// scenario got wrong ends the drive, because what follows would act on the wrong screen.
    pub async fn drive(&mut self) -> Result<(), RunError> {
        let order = self.order;
        let mut wrong = None;
        for (number, step) in order.scenario.steps.iter().enumerate() {
            let path = (number + 1).to_string();
            if wrong.is_some() {
                self.skip(step, &path)?;
                continue;
            }
            match self.step(step, &path).await {
                Ok(()) => {}
                Err(error) if error.is_final() => {
                    let rest = order.scenario.steps.len();
                    self.memory.missing.extend((number + 2..=rest).map(|n| n.to_string()));
                    return Err(error);
                }
                Err(error) => {
                    if error.blame() == Some(Blame::Scenario) {
                        wrong = Some(error);
                    }
                }
            }
        }
        wrong.map_or(Ok(()), Err)
    }

    /// Steps inside a function or a sign-in: the first that fails ends them.
    pub async fn walk(&mut self, steps: &[Located<Step>], path: &str) -> Result<(), RunError> {
        for (number, step) in steps.iter().enumerate() {
            self.inner_step(step, &format!("{path}.{}", number + 1)).await?;
        }
        Ok(())
    }

    async fn step(&mut self, step: &Located<Step>, path: &str) -> Result<(), RunError> {
        let result = self.inner_step(step, path).await;
        if result.is_err() {
            self.memory.missing.push(path.to_owned());
        }
        if !matches!(&result, Err(error) if error.is_final()) {
            // What shows only now came about in this step.
            let outer = std::mem::replace(&mut self.memory.step, path.to_owned());
            self.note_suppressed()?;
            self.memory.step = outer;
            self.read_accesses().await?;
        }
        result
    }

    async fn inner_step(&mut self, step: &Located<Step>, path: &str) -> Result<(), RunError> {
        let outer = std::mem::replace(&mut self.memory.step, path.to_owned());
        let (verb, text) = (step.value.verb().to_owned(), self.order.secrets.mask(&step_words(&step.value)));
        (self.report)(&text);
        if TAKES_AWAY.contains(&verb.as_str()) {
            self.see_out_refusal().await?;
        }
        self.note(Event::StepStarted { path: path.to_owned(), verb, text })?;
        self.memory.shows_why = None;
        let result = self.carry_out_step(&step.value, path).await;
        let result = match result {
            Ok(()) => self.look_after_step().await,
            failed => failed,
        };
        self.end_step(path, &result)?;
        self.memory.step = outer;
        result
    }

    async fn look_after_step(&mut self) -> Result<(), RunError> {
        let tree = self.peek().await?;
        if !self.is_known(&tree) {
            self.look("step").await?;
            self.note_gone_popups()?;
        }
        Ok(())
    }

    fn end_step(&self, path: &str, result: &Result<(), RunError>) -> Result<(), RunError> {
        let (outcome, message, blame) = match result {
            Ok(()) => (StepOutcome::Done, None, None),
            Err(RunError::Journal(_)) => return Ok(()),
            Err(error) => (StepOutcome::Failed, Some(error.to_string()), error.blame()),
        };
        let seen = self.memory.shows_why.filter(|_| outcome == StepOutcome::Failed);
        self.note(Event::StepEnded { path: path.to_owned(), outcome, message, blame, seen })?;
        Ok(())
    }

    fn skip(&mut self, step: &Located<Step>, path: &str) -> Result<(), RunError> {
        self.memory.missing.push(path.to_owned());
        let (verb, text) = (step.value.verb().to_owned(), self.order.secrets.mask(&step_words(&step.value)));
        self.note(Event::StepStarted { path: path.to_owned(), verb, text })?;
        let message = Some("not tried: a step before it failed".to_owned());
        let outcome = StepOutcome::Skipped;
        self.note(Event::StepEnded { path: path.to_owned(), outcome, message, blame: None, seen: None })?;
        Ok(())
    }
}
