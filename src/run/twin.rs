//! The twin: the same tour on clean installs that are answered differently, to see what a refusal costs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::journal::entry::{Event, FunctionOutcome, TwinAnswers, TwinCame, TwinEnded, TwinInstall, TwinStep};
use crate::judge::twin::{Comparison, Fate, Played, compare};
use crate::scenario::Twin;

use super::answer::is_needed;
use super::attempt::{Attempt, Memory};
use super::error::RunError;
use super::tour::{Tour, again_within};
use super::visit::Visit;

/// Longest an uninstallation may take.
const UNINSTALL: Duration = Duration::from_secs(60);
/// Groups refused one at a time; the others are told as left out (ours).
const MOST_GROUPS: usize = 6;
/// When at least one in so many steps is not the same on two equal installs, the app can't be compared (ours).
const MOST_VARYING: usize = 2;

/// A twin under way.
struct Siblings<'t> {
    wanted: &'t Twin,
    path: &'t str,
    installs: Vec<TwinInstall>,
    steps: Vec<TwinStep>,
    /// Outcomes of the briefing's functions, by install.
    functions: BTreeMap<u32, BTreeMap<String, FunctionOutcome>>,
    tour: Tour,
    /// How long the first tour took.
    took: Duration,
    /// Groups that were asked for, in order.
    asked: Vec<String>,
}

impl Siblings<'_> {
    fn comparison(&self) -> Comparison<'_> {
        let steps: Vec<Played> = self.steps.iter().map(|step| Played { seq: 0, step }).collect();
        compare(self.installs.iter().collect(), &steps, None)
    }

    /// Whether a step opened a page on the first install.
    fn opened_at_first(&self, step: u32) -> bool {
        self.steps.iter().any(|s| s.install == 1 && s.step == step && s.came == TwinCame::Opened)
    }

    /// Steps during which something was asked for on the first install: what another step shows may hang on the answer.
    fn asking(&self) -> BTreeSet<u32> {
        self.steps.iter().filter(|s| s.install == 1 && !s.asked.is_empty()).map(|s| s.step).collect()
    }

    /// Those of `steps` that the install under way made before it was last asked for something, and that asked for nothing
    /// themselves: whether a later answer costs them is seen only when they are made once more.
    fn before_last_question(&self, steps: &[u32]) -> Vec<u32> {
        let number = self.installs.len() as u32;
        let here = || self.steps.iter().filter(|s| s.install == number);
        let asking: BTreeSet<u32> = here().filter(|s| !s.asked.is_empty()).map(|s| s.step).collect();
        let last = asking.last().copied().unwrap_or_default();
        steps.iter().copied().filter(|step| *step < last && !asking.contains(step)).collect()
    }

    /// Functions that worked on every install that allows everything, and fail with the unneeded refused.
    fn failing(&self) -> BTreeSet<String> {
        let outcome = |install: &TwinInstall, name: &str| self.functions.get(&install.install)?.get(name).copied();
        let of = |answers| self.installs.iter().filter(move |i: &&TwinInstall| i.answers == answers);
        let names = self.functions.values().flat_map(BTreeMap::keys);
        let failing = |name: &&String| {
            of(TwinAnswers::Allow).all(|i| outcome(i, name) != Some(FunctionOutcome::Fails))
                && of(TwinAnswers::RefuseUnneeded).any(|i| outcome(i, name) == Some(FunctionOutcome::Fails))
        };
        names.filter(failing).cloned().collect()
    }
}

impl Attempt<'_> {
    /// Makes the tour on all installs and writes down what each step came to.
    pub async fn twin(&mut self, wanted: &Twin, path: &str) -> Result<(), RunError> {
        let mut siblings = Siblings {
            wanted,
            path,
            installs: Vec::new(),
            steps: Vec::new(),
            functions: BTreeMap::new(),
            tour: Tour::default(),
            took: Duration::ZERO,
            asked: Vec::new(),
        };
        let result = self.tell_apart(&mut siblings).await;
        self.memory.twin = None;
        let (unplayed, left_out) = result?;
        self.note(Event::TwinEnded(TwinEnded {
            steps: siblings.tour.stops.len() as u32 + 1,
            bounded: siblings.tour.bounded,
            unplayed,
            left_out,
        }))?;
        Ok(())
    }

    /// All installs; why the tour could not be made, and the groups for which there was no time.
    async fn tell_apart(&mut self, twin: &mut Siblings<'_>) -> Result<(String, Vec<String>), RunError> {
        let stopped = |why: &str| Ok((why.to_owned(), Vec::new()));
        if let Some(why) = self.sibling(twin, TwinAnswers::Allow, "", None).await? {
            return stopped(&why);
        }
        if let Some(why) = self.sibling(twin, TwinAnswers::Allow, "", None).await? {
            return stopped(&why);
        }
        let rows = twin.comparison();
        let varying = rows.rows.iter().filter(|row| row.fate == Fate::Varies).count();
        if varying * MOST_VARYING >= rows.rows.len() {
            return stopped("the tour does not come to the same on two installs that are answered alike");
        }
        let (needed, unneeded): (Vec<String>, Vec<String>) =
            twin.asked.iter().cloned().partition(|group| is_needed(group, self.order));
        if !unneeded.is_empty() {
            // What keeps this tour from being made is what is looked for: it is no reason to stop.
            self.sibling(twin, TwinAnswers::RefuseUnneeded, "", None).await?;
        }
        let seeming = twin.comparison().seeming();
        let mut left_out = Vec::new();
        if !seeming.is_empty() || !twin.failing().is_empty() {
            let again = seeming.union(&twin.asking()).copied().collect();
            self.sibling(twin, TwinAnswers::Allow, "", Some(&again)).await?;
            for (at, group) in unneeded.iter().enumerate() {
                match at < MOST_GROUPS {
                    true => drop(self.sibling(twin, TwinAnswers::RefuseOne, group, Some(&again)).await?),
                    false => left_out.push(group.clone()),
                }
            }
        }
        for (at, group) in needed.iter().enumerate() {
            match at < MOST_GROUPS {
                true => drop(self.sibling(twin, TwinAnswers::RefuseOne, group, None).await?),
                false => left_out.push(group.clone()),
            }
        }
        Ok((String::new(), left_out))
    }

    /// One install: clean, answered in its own way, with the tour made on it, whole or only some steps of it. Why the tour
    /// could not begin, if it could not.
    async fn sibling(
        &mut self,
        twin: &mut Siblings<'_>,
        answers: TwinAnswers,
        group: &str,
        only: Option<&BTreeSet<u32>>,
    ) -> Result<Option<String>, RunError> {
        let number = twin.installs.len() as u32 + 1;
        let install = TwinInstall {
            install: number,
            answers,
            group: group.to_owned(),
            needed: !group.is_empty() && is_needed(group, self.order),
            whole: only.is_none(),
        };
        (self.report)(&format!("twin: install {number}"));
        self.clean_install(&install).await?;
        twin.installs.push(install);
        let begun = self.launch_app().await;
        let begun = match begun {
            Ok(()) => Box::pin(self.walk(&twin.wanted.first, &format!("{}.{number}", twin.path))).await,
            failed => failed,
        };
        match begun {
            Err(error) if error.is_final() => return Err(error),
            Err(error) => return Ok(Some(error.to_string())),
            Ok(()) => {}
        }
        let mut visit = Visit::default();
        let first = self.arrive(&mut visit, number, !twin.wanted.first.is_empty()).await?;
        let came = first.came;
        self.keep(twin, first)?;
        if came == TwinCame::Opened {
            self.go_round(twin, &mut visit, number, only).await?;
            self.try_for_twin(twin, number, only.is_some()).await?;
        }
        self.note_suppressed()?;
        self.read_accesses().await?;
        for asked in &self.memory.asked {
            if !asked.is_empty() && !twin.asked.contains(asked) && answers == TwinAnswers::Allow {
                twin.asked.push(asked.clone());
            }
        }
        Ok(match came {
            TwinCame::Opened => None,
            TwinCame::SignIn => Some("a page that demands signing in stands before the app's first page".to_owned()),
            TwinCame::Ended => Some("the app ended before its first page".to_owned()),
            _ => Some("the app's first page did not come to the front".to_owned()),
        })
    }

    /// Makes the tour: for the first time, or again.
    async fn go_round(
        &mut self,
        twin: &mut Siblings<'_>,
        visit: &mut Visit,
        number: u32,
        only: Option<&BTreeSet<u32>>,
    ) -> Result<(), RunError> {
        let begun = self.clock.elapsed();
        if number == 1 {
            let (tour, steps) = self.explore(visit, number, twin.wanted).await?;
            (twin.tour, twin.took) = (tour, self.clock.elapsed() - begun);
            twin.steps.extend(steps);
            return Ok(());
        }
        let end = begun + again_within(twin.took);
        let all = twin.tour.stops.iter().map(|stop| stop.number);
        let wanted: Vec<u32> = all.filter(|step| only.is_none_or(|only| only.contains(step))).collect();
        let in_time = self.make_again(twin, visit, &wanted, end).await?;
        // The second install only shows what is noise: it has no refusal to wait for.
        if number > 2 && in_time {
            let earlier = twin.before_last_question(&wanted);
            twin.tour.bounded |= !self.make_again(twin, visit, &earlier, end).await?;
        }
        Ok(())
    }

    /// Makes these steps of the tour on the install under way; whether there was time for all.
    async fn make_again(
        &mut self,
        twin: &mut Siblings<'_>,
        visit: &mut Visit,
        steps: &[u32],
        end: Duration,
    ) -> Result<bool, RunError> {
        let number = twin.installs.len() as u32;
        for at in 0..twin.tour.stops.len() {
            let mut stop = twin.tour.stops[at].clone();
            // On the second install it is learned which rows change their words.
            stop.varies |= number == 2;
            if !steps.contains(&stop.number) {
                continue;
            }
            if self.clock.elapsed() >= end {
                return Ok(false);
            }
            let (mut step, _) = self.make_stop(visit, &twin.tour.stops, number, &stop).await?;
            if twin.opened_at_first(stop.number) && is_without_answer(&step) {
                // Whom nothing answers presses once more: a page that opens then was not withheld.
                let (again, _) = self.make_stop(visit, &twin.tour.stops, number, &stop).await?;
                step = if again.came == TwinCame::Opened { again } else { step };
            }
            twin.tour.stops[at].varies |= number == 2 && step.instead.is_some();
            self.keep(twin, step)?;
        }
        Ok(true)
    }

    fn keep(&self, twin: &mut Siblings<'_>, step: TwinStep) -> Result<(), RunError> {
        self.note(Event::TwinStep(Box::new(step.clone())))?;
        twin.steps.push(step);
        Ok(())
    }

    /// Tries the briefing's functions on this install: all, or only those that failed with the unneeded refused.
    async fn try_for_twin(&mut self, twin: &mut Siblings<'_>, number: u32, some: bool) -> Result<(), RunError> {
        let Some(briefing) = self.order.briefing.clone() else { return Ok(()) };
        let failing = twin.failing();
        for (at, function) in briefing.functions.iter().enumerate() {
            if some && !failing.contains(&function.name) {
                continue;
            }
            let path = format!("{}.{number}.f{}", twin.path, at + 1);
            let outcome = self.try_function(function, &path).await?;
            twin.functions.entry(number).or_default().insert(function.name.clone(), outcome);
        }
        Ok(())
    }

    /// Installs the app anew, with nothing remembered of the install before.
    async fn clean_install(&mut self, install: &TwinInstall) -> Result<(), RunError> {
        let used = self.memory.launches > 0;
        if used {
            self.stop_app().await?;
            self.note_gone_popups()?;
            self.note_suppressed()?;
        }
        self.note(Event::TwinInstall(install.clone()))?;
        let package = self.package().to_owned();
        self.android.device().uninstall(&package, UNINSTALL).await?;
        self.note(Event::Uninstalled { package })?;
        self.install(self.order.app.clone(), false).await?;
        let old = std::mem::take(&mut self.memory);
        self.memory = Memory {
            step: old.step,
            prompts: old.prompts,
            popups_before: old.popups_before + old.popups.len() as u32,
            missing: old.missing,
            limits: old.limits,
            accesses: old.accesses,
            pace: old.pace,
            twin: Some(install.clone()),
            ..Memory::default()
        };
        Ok(())
    }
}

/// Whether a press was answered by nothing: no page, no window, no question.
fn is_without_answer(step: &TwinStep) -> bool {
    step.came == TwinCame::Stayed && !step.plea && step.asked.is_empty() && step.used.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::visit::{Stop, way};

    #[test]
    fn the_way_to_a_step_begins_on_the_first_page() {
        let stop = |number, on| Stop {
            number,
            on: Some(on),
            press: String::new(),
            kind: String::new(),
            row: false,
            varies: false,
        };
        let tour = [stop(1, 0), stop(2, 1), stop(3, 2), stop(4, 0)];
        assert_eq!(way(&tour, 3), [1, 2, 3]);
        assert_eq!(way(&tour, 4), [4]);
        assert!(way(&tour, 0).is_empty());
    }
}
