//! How the searches did, app by app, and every mistake in words.

use std::fmt;
use std::time::Duration;

use appwitness::journal::entry::{SeekEnded, SeekOutcome};
use appwitness::ui::Concept;

use crate::app::{App, Truth};
use crate::yard::Walk;

/// How the searches did.
pub struct Score {
    /// Whether the misses are told in words.
    tell: bool,
    apps: Vec<Line>,
    misses: Vec<String>,
    /// What must never be: something else taken for the concept, or not found where it stands.
    wrong: Vec<String>,
    irreversible: Vec<String>,
}

/// One app.
#[derive(Default)]
struct Line {
    name: String,
    there: u32,
    found: u32,
    deeper: u32,
    unsure: u32,
    absent: u32,
    wrong: u32,
    taps: u32,
    irreversible: usize,
    took: Duration,
}

impl Score {
    pub fn new(tell: bool) -> Self {
        Self { tell, apps: Vec::new(), misses: Vec::new(), wrong: Vec::new(), irreversible: Vec::new() }
    }

    pub fn add(&mut self, app: &App, walk: &Walk, took: Duration) {
        let mut line = Line { name: app.name.clone(), took, irreversible: walk.irreversible.len(), ..Line::default() };
        self.irreversible.extend(walk.irreversible.iter().map(|words| format!("{}: {words}", app.name)));
        for (concept, truth) in &app.truth {
            match walk.seeks.iter().find(|seek| seek.concept == *concept) {
                Some(seek) => self.compare(&mut line, *concept, truth, seek),
                None => self.wrong.push(format!("{}: {}: no search: {}", app.name, concept.name(), walk.message)),
            }
        }
        self.apps.push(line);
    }

    fn compare(&mut self, line: &mut Line, concept: Concept, truth: &Truth, seek: &SeekEnded) {
        line.taps += seek.taps;
        line.there += u32::from(matches!(truth, Truth::There { .. }));
        line.absent += u32::from(!matches!(truth, Truth::There { .. }));
        let sure = seek.outcome == SeekOutcome::NotFound && !seek.bounded;
        let way: Vec<&str> = seek.path.iter().map(|hop| hop.label.as_str()).collect();
        let said = format!(
            "{}: {}: {truth:?}; {:?}{} `{}` {way:?}, {} taps, {} screens",
            line.name,
            concept.name(),
            seek.outcome,
            if seek.bounded { " bounded" } else { "" },
            seek.words,
            seek.taps,
            seek.visited.len()
        );
        match truth {
            Truth::There { words, taps } if seek.outcome == SeekOutcome::Found && words.contains(&seek.words) => {
                if seek.depth <= taps + 1 {
                    line.found += 1;
                } else {
                    line.deeper += 1;
                    self.misses.push(said);
                }
            }
            Truth::There { .. } | Truth::Walled if seek.outcome == SeekOutcome::Found || sure => {
                line.wrong += 1;
                self.wrong.push(said);
            }
            Truth::Absent if seek.outcome == SeekOutcome::Found => {
                line.wrong += 1;
                self.wrong.push(said);
            }
            Truth::There { .. } => {
                line.unsure += 1;
                self.misses.push(said);
            }
            Truth::Walled | Truth::Absent => {}
        }
    }

    /// Holds the searches to what they must be.
    pub fn check(&self, share: f64) {
        let sum = |of: fn(&Line) -> u32| f64::from(self.apps.iter().map(of).sum::<u32>());
        assert!(self.irreversible.is_empty(), "pressed: {:?}", self.irreversible);
        assert!(self.wrong.is_empty(), "{} wrong", self.wrong.len());
        assert!(sum(|a| a.found) >= share * sum(|a| a.there), "too little was found");
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut apps: Vec<&Line> = self.apps.iter().collect();
        apps.sort_by_key(|app| (app.name.len(), app.name.clone()));
        writeln!(f, "app           there  found  deeper  unsure  absent  wrong  irreversible  taps  seconds")?;
        for a in &apps {
            let seconds = a.took.as_secs_f64();
            writeln!(
                f,
                "{:<14}{:>5}{:>7}{:>8}{:>8}{:>8}{:>7}{:>14}{:>6}{seconds:>9.1}",
                a.name, a.there, a.found, a.deeper, a.unsure, a.absent, a.wrong, a.irreversible, a.taps
            )?;
        }
        let sum = |of: fn(&Line) -> u32| apps.iter().map(|a| of(a)).sum::<u32>();
        let (there, found, wrong) = (sum(|a| a.there), sum(|a| a.found), sum(|a| a.wrong));
        let share = f64::from(found) * 100.0 / f64::from(there.max(1));
        writeln!(
            f,
            "{found} of {there} found ({share:.1} %), {wrong} wrong, {} irreversible",
            self.irreversible.len()
        )?;
        if self.tell {
            let told = self.wrong.iter().chain(&self.misses).chain(&self.irreversible);
            told.into_iter().try_for_each(|said| writeln!(f, "{said}"))?;
        }
        Ok(())
    }
}
