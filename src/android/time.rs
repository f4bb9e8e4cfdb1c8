//! Times as Android prints them, and what they are on the device's clock.

use jiff::civil::DateTime;

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;

/// What must be known to read a printed time: the device's clock and its distance from UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceTime {
    /// The device's clock now, in milliseconds since 1970, UTC.
    pub now: i64,
    /// Local time minus UTC, in milliseconds.
    pub zone: i64,
}

impl DeviceTime {
    /// `2026-05-04 15:57:39.484`, local time, in milliseconds since 1970, UTC.
    pub fn full(self, text: &str) -> Option<i64> {
        let local: DateTime = text.trim().parse().ok()?;
        Some(millis(local)? - self.zone)
    }

    /// `11-21 21:00:04.320`, local time without a year: the one nearest to now.
    pub fn without_year(self, text: &str) -> Option<i64> {
        let today = jiff::Timestamp::from_millisecond(self.now + self.zone).ok()?;
        let year = today.to_zoned(jiff::tz::TimeZone::UTC).year();
        let years = [year - 1, year, year + 1];
        let candidates = years.into_iter().filter_map(|year| self.full(&format!("{year:04}-{}", text.trim())));
        candidates.min_by_key(|time| (time - self.now).abs())
    }

    /// `1795295576.960`, seconds since 1970.
    pub fn epoch(text: &str) -> Option<i64> {
        let (seconds, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let seconds: i64 = seconds.parse().ok()?;
        if !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        seconds.checked_mul(1000)?.checked_add(millis)
    }

    /// A time of the device's clock as `logcat -T` takes it: `11-21 21:00:04.320`, local time, on every release; `None` when
    /// the device would take it for a time of another year.
    pub fn to_logcat(self, time: i64) -> Option<String> {
        let local = |time: i64| {
            let time = jiff::Timestamp::from_millisecond(time.checked_add(self.zone)?).ok()?;
            Some(time.to_zoned(jiff::tz::TimeZone::UTC).datetime())
        };
        let (told, now) = (local(time)?, local(self.now)?);
        (told.year() == now.year()).then(|| told.strftime("%m-%d %H:%M:%S.%3f").to_string())
    }

    /// A duration ago, for example `+1m18s233ms`.
    pub fn ago(self, text: &str) -> Option<i64> {
        Some(self.now - duration(text)?)
    }
}

fn millis(local: DateTime) -> Option<i64> {
    let zoned = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

/// A duration as `TimeUtils.formatDuration` (AOSP) prints it, `+1d2h3m4s5ms` or `-22d4h22m19s762ms`, in milliseconds
/// without its sign.
pub fn duration(text: &str) -> Option<i64> {
    let mut rest = text.trim().trim_start_matches(['+', '-']);
    if rest.is_empty() {
        return None;
    }
    let mut total = 0_i64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest.get(..digits)?.parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit = match &rest[..letters] {
            "d" => DAY,
            "h" => 3_600_000,
            "m" => 60_000,
            "s" => 1000,
            "ms" => 1,
            // Zero is printed as a bare `0`.
            "" if number == 0 => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[letters..];
    }
    Some(total)
}

/// `+0800` in milliseconds.
pub fn zone(text: &str) -> Option<i64> {
    let text = text.trim();
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours: i64 = text.get(1..3)?.parse().ok()?;
    let minutes: i64 = text.get(3..5)?.parse().ok()?;
    Some(sign * (hours * 60 + minutes) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21T20:54:14Z.
    const NOW: i64 = 1_795_294_454_000;

    #[test]
    fn durations() {
        assert_eq!(duration("+1m18s233ms"), Some(78_233));
        assert_eq!(duration("-22d4h22m19s762ms"), Some(22 * DAY + 4 * 3_600_000 + 22 * 60_000 + 19_762));
        assert_eq!(duration("0"), Some(0));
        assert_eq!(duration("+5x"), None);
        assert_eq!(duration("+99999999999999999999d"), None);
    }

    #[test]
    fn local_times_become_utc() {
        let time = DeviceTime { now: NOW, zone: zone("+0800").unwrap() };
        assert_eq!(time.full("2026-11-22 04:54:14.500"), Some(NOW + 500));
        assert_eq!(time.without_year("11-22 04:54:13.000"), Some(NOW - 1000));
        assert_eq!(DeviceTime::epoch("1795294454.250"), Some(NOW + 250));
        assert_eq!(DeviceTime::epoch("1795294454.960900"), Some(NOW + 960));
        assert_eq!(DeviceTime::epoch("1795294454.x"), None);
        assert_eq!(zone("-0330"), Some(-12_600_000));
    }

    #[test]
    fn the_year_is_the_nearest_one() {
        // 2027-01-01T00:00:30Z: a line of the last minute is of last year.
        let time = DeviceTime { now: 1_798_761_630_000, zone: 0 };
        assert_eq!(time.without_year("12-31 23:59:59.000"), Some(1_798_761_599_000));
        assert_eq!(time.to_logcat(1_798_761_599_000), None);
        assert_eq!(time.to_logcat(1_798_761_600_007).as_deref(), Some("01-01 00:00:00.007"));
    }
}
