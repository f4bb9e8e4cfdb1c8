//! Working days of the Chinese calendar: Monday to Friday, less the days off and plus the worked weekend days of the
//! State Council General Office's yearly arrangement. A year whose arrangement is not known is said, never guessed.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, tz};
use serde::Deserialize;

use super::CatalogueError;

/// The known years.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

#[derive(Clone, Debug, PartialEq)]
struct Year {
    off: Vec<(Date, Date)>,
    worked: Vec<Date>,
}

/// A year as the data says it; without `days_off` it is a year that is not known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenYear {
    #[serde(default)]
    #[allow(dead_code)]
    source: Option<String>,
    #[serde(default)]
    #[allow(dead_code)]
    issued: Option<String>,
    #[serde(default)]
    #[allow(dead_code)]
    confidence: Option<String>,
    #[serde(default)]
    #[allow(dead_code)]
    note: Option<String>,
    days_off: Option<Vec<WrittenDays>>,
    #[serde(default)]
    weekend_days_worked: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDays {
    #[allow(dead_code)]
    name: String,
    from: String,
    to: String,
}

impl Calendar {
    /// Takes the years of the data; what is wrong with them is added to `faults`.
    pub(super) fn from_written(written: &BTreeMap<String, WrittenYear>, faults: &mut Vec<String>) -> Self {
        let mut years = BTreeMap::new();
        for (name, year) in written {
            let Some(days) = &year.days_off else { continue };
            let Ok(number) = name.parse() else {
                faults.push(format!("calendar {name}: not a year"));
                continue;
            };
            let mut date = |text: &str| {
                let date = text.parse::<Date>().ok().filter(|date| date.year() == number);
                if date.is_none() {
                    faults.push(format!("calendar {name}: {text} is no date of that year"));
                }
                date
            };
            let off = days.iter().filter_map(|span| date(&span.from).zip(date(&span.to))).collect();
            let worked = year.weekend_days_worked.iter().filter_map(|day| date(day)).collect();
            years.insert(number, Year { off, worked });
        }
        Self { years }
    }

    /// Whether people work on that day.
    pub fn is_working_day(&self, date: Date) -> Result<bool, CatalogueError> {
        let year = self.years.get(&date.year()).ok_or(CatalogueError::NoCalendar(date.year()))?;
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let off = year.off.iter().any(|(from, to)| (*from..=*to).contains(&date));
        Ok(year.worked.contains(&date) || !weekend && !off)
    }

    /// The last day of a limit of so many working days. The day of the event is not counted (Civil Code, article 201).
    pub fn after_working_days(&self, event: Date, days: u32) -> Result<Date, CatalogueError> {
        let (mut date, mut left) = (event, days);
        while left > 0 {
            date = date.tomorrow().map_err(|_| CatalogueError::DateOutOfRange)?;
            if self.is_working_day(date)? {
                left -= 1;
            }
        }
        Ok(date)
    }

    /// How many working days lie after `event` up to and with `day`; 0 when `day` is not after it.
    pub fn working_days_between(&self, event: Date, day: Date) -> Result<u32, CatalogueError> {
        let (mut date, mut count) = (event, 0);
        while date < day {
            date = date.tomorrow().map_err(|_| CatalogueError::DateOutOfRange)?;
            if self.is_working_day(date)? {
                count += 1;
            }
        }
        Ok(count)
    }

    /// That day when people work on it, else the next working day.
    pub fn working_day_from(&self, day: Date) -> Result<Date, CatalogueError> {
        let mut date = day;
        while !self.is_working_day(date)? {
            date = date.tomorrow().map_err(|_| CatalogueError::DateOutOfRange)?;
        }
        Ok(date)
    }
}

/// The day in China (UTC+8, no summer time) at a moment given in milliseconds since 1970, UTC.
pub fn day_in_china(wall_millis: i64) -> Result<Date, CatalogueError> {
    let moment = Timestamp::from_millisecond(wall_millis).map_err(|_| CatalogueError::DateOutOfRange)?;
    Ok(tz::offset(8).to_datetime(moment).date())
}
