//! Time limits.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::Deserialize;

use super::CatalogueError;
use super::working_days::Calendar;

/// A time limit, or another number that a rule sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Our id.
    pub id: String,
    /// The number; `None` where each bulletin sets its own date.
    pub limit: Option<u32>,
    /// What is counted.
    pub unit: Unit,
    /// How the number bounds.
    pub kind: String,
    /// What starts it.
    pub starts: String,
    /// Id of the instrument, or of a bulletin listed in SOURCES.md.
    pub instrument: String,
    /// Item in it.
    pub item: String,
    /// What it says, in our words.
    pub paraphrase: String,
    /// Whom it binds.
    pub binding: String,
    /// What a run does with it.
    pub harness: String,
    /// Findings that depend on it.
    pub finding_ids: Vec<String>,
    /// How well it was read; see SOURCES.md.
    pub confidence: String,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Where the instrument is described when it is none of the catalogue's.
    #[serde(default)]
    pub instrument_note: Option<String>,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Seconds.
    Second,
    /// Hours.
    Hour,
    /// Days of any kind.
    CalendarDay,
    /// Working days of the Chinese calendar.
    WorkingDay,
    /// Months.
    Month,
    /// Years.
    Year,
    /// Years of a person's age.
    YearOfAge,
    /// Taps.
    Tap,
    /// A date that each bulletin names.
    FixedDate,
}

impl Deadline {
    /// The last day of the limit when its event falls on `event`. `None` when the limit is not counted in days,
    /// months or years. A last day that is a day off moves to the next working day (Civil Code, article 203).
    pub fn due(&self, event: Date, calendar: &Calendar) -> Result<Option<Date>, CatalogueError> {
        let Some(limit) = self.limit else { return Ok(None) };
        let after = |span: Span| {
            let last = event.checked_add(span).map_err(|_| CatalogueError::DateOutOfRange)?;
            calendar.working_day_from(last).map(Some)
        };
        match self.unit {
            Unit::WorkingDay => calendar.after_working_days(event, limit).map(Some),
            Unit::CalendarDay => after(i64::from(limit.min(100_000)).days()),
            Unit::Month => after(i64::from(limit.min(10_000)).months()),
            Unit::Year => after(i64::from(limit.min(1_000)).years()),
            Unit::Second | Unit::Hour | Unit::YearOfAge | Unit::Tap | Unit::FixedDate => Ok(None),
        }
    }
}
