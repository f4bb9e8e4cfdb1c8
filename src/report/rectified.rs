//! Whether what was found was mended in time.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::catalogue::{Calendar, CatalogueError};
use crate::report::words::Both;

/// A time limit that somebody set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The day it was served, in China; that day is not counted (Civil Code, article 201).
    pub served: Date,
    /// How many days.
    pub days: u32,
    /// Working days, as opposed to days of any kind.
    pub working: bool,
}

/// What a later look found of the findings that were to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The day of the later look, in China.
    pub looked: Date,
    /// Findings still there.
    pub open: usize,
    /// Findings that could no longer be looked at.
    pub unclear: usize,
}

impl Term {
    /// Its last day. One that is a day off moves to the next working day (Civil Code, article 203).
    pub fn due(&self, calendar: &Calendar) -> Result<Date, CatalogueError> {
        if self.working {
            return calendar.after_working_days(self.served, self.days);
        }
        let last = self.served.checked_add(i64::from(self.days).days()).map_err(|_| CatalogueError::DateOutOfRange)?;
        calendar.working_day_from(last)
    }

    /// Whether it was kept, in words; nothing is guessed.
    pub fn kept(&self, mended: Mended, calendar: &Calendar) -> Both {
        let Mended { looked, open, unclear } = mended;
        let served = self.served;
        if looked < served {
            return Both::new(
                format!("无法判断：复查日期 {looked} 早于通知送达日期 {served}。"),
                format!("Cannot be told: the later record is of {looked}, before the notice was served on {served}."),
            );
        }
        let due = match self.due(calendar) {
            Ok(due) => due,
            Err(CatalogueError::NoCalendar(year)) => {
                return Both::new(
                    format!("无法判断：{year} 年的放假安排尚无数据，不作推算。"),
                    format!("Cannot be told: no arrangement of days off is known for {year}, and none is guessed."),
                );
            }
            Err(error) => return Both::new(format!("无法判断：{error}"), format!("Cannot be told: {error}.")),
        };
        match (looked <= due, open, unclear) {
            (true, 0, 0) => Both::new(
                format!("已按期整改：{looked} 复查时已无原问题，期限至 {due}。"),
                format!("Met: mended when looked at on {looked}; due on {due}."),
            ),
            (true, 0, n) => Both::new(
                format!("无法判断：{looked} 复查时有 {n} 项无法评估，期限至 {due}。"),
                format!("Cannot be told: {n} could not be assessed on {looked}; due on {due}."),
            ),
            (true, n, _) => Both::new(
                format!("尚未整改：{looked} 复查时仍有 {n} 项，期限至 {due}，尚未届满。"),
                format!("Not yet met: {n} still there on {looked}; due on {due}, which had not passed."),
            ),
            (false, 0, 0) => Both::new(
                format!("{looked} 复查时已整改，但期限 {due} 已过：本证据不能说明届满时是否已整改。"),
                format!(
                    "Mended when looked at on {looked}, after the due day {due}: whether it was by then, this cannot show."
                ),
            ),
            (false, 0, n) => Both::new(
                format!("无法判断：{looked} 复查时有 {n} 项无法评估，期限 {due} 已过。"),
                format!("Cannot be told: {n} could not be assessed on {looked}, after the due day {due}."),
            ),
            (false, n, _) => Both::new(
                format!("逾期未整改：{looked} 复查时仍有 {n} 项，期限 {due} 已过。"),
                format!("Not met: {n} still there on {looked}, after the due day {due}."),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn a_term_is_kept_missed_or_not_to_be_told() {
        let catalogue = Catalogue::builtin();
        let calendar = catalogue.calendar();
        let term = Term { served: date(2026, 3, 2), days: 15, working: true };
        assert_eq!(term.due(calendar), Ok(date(2026, 3, 23)));
        let says = |looked, open, unclear| term.kept(Mended { looked, open, unclear }, calendar).en;
        assert!(says(date(2026, 3, 23), 0, 0).starts_with("Met"));
        assert!(says(date(2026, 3, 23), 0, 1).starts_with("Cannot be told"));
        assert!(says(date(2026, 3, 20), 2, 1).starts_with("Not yet met: 2"));
        assert!(says(date(2026, 3, 24), 1, 0).starts_with("Not met"));
        assert!(says(date(2026, 3, 24), 0, 0).starts_with("Mended when looked at"));
        assert!(says(date(2026, 3, 24), 0, 3).starts_with("Cannot be told"));
        assert!(says(date(2026, 3, 2), 1, 0).starts_with("Not yet met"));
        assert!(says(date(2026, 3, 1), 1, 0).contains("before the notice was served"));
    }

    #[test]
    fn calendar_days_move_off_a_day_off_and_a_year_without_data_is_said() {
        let catalogue = Catalogue::builtin();
        let calendar = catalogue.calendar();
        let term = Term { served: date(2026, 9, 17), days: 15, working: false };
        assert_eq!(term.due(calendar), Ok(date(2026, 10, 8)));
        let late = Term { served: date(2026, 12, 20), days: 15, working: true };
        let mended = Mended { looked: date(2026, 12, 22), open: 0, unclear: 0 };
        assert!(late.kept(mended, calendar).en.contains("2027"));
    }
}
