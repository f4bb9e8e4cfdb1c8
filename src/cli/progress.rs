//! Progress on the terminal: one line per attempt, an overall bar; nothing when the output is no terminal.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::nightly::News;
use crate::report::summary::Verdict;
use crate::report::text::tame;

/// Progress of one run.
pub struct Progress {
    names: Vec<String>,
    bars: MultiProgress,
    overall: ProgressBar,
    lines: Mutex<BTreeMap<usize, ProgressBar>>,
}

impl Progress {
    /// Progress over cases with these names. Draws on standard error, and only where that is a terminal.
    pub fn over(names: Vec<String>) -> Self {
        let bars = MultiProgress::new();
        let overall = bars.add(ProgressBar::new(names.len() as u64));
        overall.set_style(style("{bar:30.cyan/dim} {pos}/{len} cases, {elapsed_precise}{msg}"));
        overall.enable_steady_tick(Duration::from_millis(250));
        Self { names, bars, overall, lines: Mutex::default() }
    }

    /// Shows a piece of news.
    pub fn show(&self, news: News) {
        match news {
            News::Began { case, attempt, serial } => {
                let line = self.bars.insert_before(&self.overall, ProgressBar::new_spinner());
                line.set_style(style("{spinner:.cyan} {prefix:.bold} {msg}"));
                line.enable_steady_tick(Duration::from_millis(120));
                let again = if attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
                line.set_prefix(format!("{} on {}{again}", tame(self.name(case)), tame(&serial)));
                if let Some(old) = self.lines().insert(case, line) {
                    old.finish_and_clear();
                }
            }
            News::Doing { case, what } => {
                if let Some(line) = self.lines().get(&case) {
                    line.set_message(tame(&what));
                }
            }
            News::Ended { case, verdict, findings } => {
                if let Some(line) = self.lines().remove(&case) {
                    line.finish_and_clear();
                }
                self.tell(format!("{:<10} {} ({findings})", word(verdict), tame(self.name(case))));
            }
            News::Kept { case, verdict, findings } => {
                self.tell(format!("{:<10} {} ({findings}; done before)", word(verdict), tame(self.name(case))));
            }
        }
    }

    /// Says that the run is being stopped.
    pub fn stopping(&self) {
        self.overall.set_message(", stopping: what is sealed stays, devices are put back; once more to leave at once");
    }

    /// Takes everything off the terminal.
    pub fn end(&self) {
        self.overall.finish_and_clear();
        // The terminal may be gone; there is nothing to tidy then.
        let _ = self.bars.clear();
    }

    fn tell(&self, line: String) {
        self.overall.inc(1);
        // As above.
        let _ = self.bars.println(line);
    }

    fn name(&self, case: usize) -> &str {
        self.names.get(case).map_or("", String::as_str)
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<usize, ProgressBar>> {
        self.lines.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clear => "clear",
        Verdict::Findings => "findings",
        Verdict::Incomplete => "incomplete",
        Verdict::Failed => "failed",
    }
}
