//! What bounds an attempt, told from what is seen: an app that speaks of emulators, that ends right after each start, or
//! whose native code is for another processor; a screen that can't be read.

use std::time::Duration;

use crate::journal::entry::{Event, LimitKind};
use crate::ui::List;

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;

/// Starts in a row after which an app that ends at once is called one that keeps stopping (ours).
const STARTS: u32 = 2;
/// An end this soon after a start is one at once (ours).
const FALLS_WITHIN: Duration = Duration::from_secs(10);
/// A page with more words than this says many things; that it speaks of emulators is no refusal (ours).
const MOST_LABELS: usize = 12;
/// Longer words are prose, a policy for example, and refuse nothing (ours).
const LONGEST_REFUSAL: usize = 80;
/// A reading of the view tree that takes longer hides what came and went meanwhile (ours; 10 s on the slowest captured
/// device).
const LONGEST_READING: Duration = Duration::from_secs(20);
/// What the gap of an unreadable screen is called in the record.
const HIERARCHY: &str = "view hierarchy";
/// What is said of an app that draws its screens by itself, as games do.
const WORDLESS: &str = "it holds no words on any of the app's screens, which the app draws by itself";
/// Android's code for an app whose native code is for other processors.
const NO_MATCHING_ABIS: &str = "INSTALL_FAILED_NO_MATCHING_ABIS";

impl Attempt<'_> {
    /// A reading of the view tree began then and failed: from there on nothing is seen.
    pub fn sight_lost(&mut self, since: u64, why: String) {
        self.memory.blind.get_or_insert((since, why));
    }

    /// A reading of the view tree that began then shows one: the time before it in which nothing was seen is written down.
    pub fn sight_back(&mut self, began: u64) -> Result<(), RunError> {
        self.memory.readings += 1;
        let slow = u128::from(self.journal.mono().saturating_sub(began)) > LONGEST_READING.as_millis();
        if slow {
            self.sight_lost(began, "the view hierarchy could not be read at once".to_owned());
        }
        self.end_of_blindness()
    }

    /// Writes down the time in which the screen could not be read, if there is one that has no end yet.
    pub fn end_of_blindness(&mut self) -> Result<(), RunError> {
        let Some((from, why)) = self.memory.blind.take() else { return Ok(()) };
        let to = self.journal.mono();
        self.note(Event::Gap { from, to, source: HIERARCHY.into(), why, again: None }).map(drop)
    }

    /// Tells at the end that no screen was read since the app was started, or none that holds a word.
    pub fn note_unread(&mut self) -> Result<(), RunError> {
        // What the system asked, and windows that were met, were read all the same.
        let met = self.memory.prompts > 0 || self.memory.popups_before > 0 || !self.memory.popups.is_empty();
        if self.memory.launches > 0 && self.memory.wordless == Some(true) && !met {
            return self.limit(LimitKind::NoHierarchy, WORDLESS.to_owned());
        }
        if self.memory.readings > 0 || self.memory.launches == 0 {
            return Ok(());
        }
        let why = self.memory.blind.as_ref().map_or_else(|| "no reason was given".to_owned(), |(_, why)| why.clone());
        self.limit(LimitKind::NoHierarchy, why)
    }

    /// Tells that the app refuses to work on an emulator, when a window or a short page of its own says so.
    pub fn note_emulator(&mut self, screen: &Screen) -> Result<(), RunError> {
        let tree = &screen.tree;
        if tree.package() != self.package() || tree.labels().count() > MOST_LABELS {
            return Ok(());
        }
        let refuses = |label: &&str| {
            label.chars().count() <= LONGEST_REFUSAL && self.order.lexicon.mentions(label, List::EmulatorRefused)
        };
        let Some(words) = tree.labels().find(refuses) else { return Ok(()) };
        let words: String = self.order.secrets.mask(words).chars().take(200).collect();
        self.limit(LimitKind::EmulatorDetected, format!("“{words}”"))
    }

    /// The app is about to be started: one that did not fall at its last start does not fall at each.
    pub fn begin_start(&mut self) {
        if self.memory.ends_at_start.is_some() {
            self.memory.falls = 0;
        }
        self.memory.crashed = false;
        self.memory.ends_at_start = Some(self.process_ends());
    }

    /// Counts a start after which the app was gone at once though nothing had been refused or pressed, and tells when it
    /// happens again and again.
    pub fn note_fall(&mut self) -> Result<(), RunError> {
        let ended = self.memory.ends_at_start.is_some_and(|ends| self.process_ends() > ends);
        if !ended {
            return Ok(());
        }
        self.memory.ends_at_start = None;
        let within = self.patience(FALLS_WITHIN, 6);
        let soon = self.memory.launched_at.is_some_and(|at| self.clock.elapsed() - at <= within);
        // Who presses "Exit" on a window of the app ends it.
        let closed = self.memory.closed_at.zip(self.memory.launched_at).is_some_and(|(closed, start)| closed >= start);
        let left = closed && !self.memory.crashed;
        let refused = left || self.memory.denied || self.memory.refusals > 0 || !self.memory.refused.is_empty();
        if !soon || refused || self.memory.last_tap.is_some() {
            self.memory.falls = 0;
            return Ok(());
        }
        self.memory.falls += 1;
        if let Some(detail) = self.other_processor() {
            return self.limit(LimitKind::OtherProcessor, format!("it ended at its start; {detail}"));
        }
        if self.memory.falls < STARTS {
            return Ok(());
        }
        let how = if self.memory.crashed { "crashed" } else { "ended" };
        let falls = self.memory.falls;
        self.limit(LimitKind::KeepsStopping, format!("it {how} right after each of {falls} starts"))
    }

    /// Tells that the device refused the app for its native code.
    pub fn note_refused_processor(&mut self, code: &str) -> Result<(), RunError> {
        if !code.contains(NO_MATCHING_ABIS) {
            return Ok(());
        }
        let detail = self.other_processor().unwrap_or_else(|| "the device says so".to_owned());
        self.limit(LimitKind::OtherProcessor, format!("the device refused it; {detail}"))
    }

    /// That all native code of the app is for processors that the device's own is not one of. A device may name processors
    /// that it translates: only the first it names is its own.
    fn other_processor(&self) -> Option<String> {
        let own = self.android.identity().abis.first()?;
        let of_app = &self.order.app.facts.abis;
        let same = |abi: &String| family(abi) == family(own);
        (!of_app.is_empty() && !of_app.iter().any(same))
            .then(|| format!("its native code is for {}, the device is {own}", of_app.join(", ")))
    }
}

/// What kind of processor an ABI is of: `x86` for `x86_64`, `arm` for `armeabi-v7a` and `arm64-v8a`.
fn family(abi: &str) -> &str {
    ["x86", "arm", "mips", "riscv"].into_iter().find(|kind| abi.starts_with(kind)).unwrap_or(abi)
}

#[cfg(test)]
mod tests {
    use super::family;

    #[test]
    fn processors_of_a_kind_run_each_others_code() {
        assert_eq!(family("arm64-v8a"), family("armeabi-v7a"));
        assert_eq!(family("x86_64"), family("x86"));
        assert_ne!(family("x86_64"), family("arm64-v8a"));
    }
}
