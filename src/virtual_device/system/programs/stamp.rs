//! Times as the dumps write them. The device's time zone is UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2026-11-21 20:54:14`
pub fn seconds(at: i64) -> String {
    civil(at).map(|t| t.strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// `2026-11-21 20:54:14.123`
pub fn millis(at: i64) -> String {
    format!("{}.{:03}", seconds(at), at.rem_euclid(1_000))
}

/// `11-21 20:54:14.123`
pub fn log(at: i64) -> String {
    millis(at).get(5..).unwrap_or_default().to_string()
}

fn civil(at: i64) -> Option<jiff::civil::DateTime> {
    Some(Timestamp::from_millisecond(at).ok()?.to_zoned(TimeZone::UTC).datetime())
}

/// Reads `11-21 20:54:14.123` (of the year of `now`) or `2026-11-21 20:54:14.123`, or seconds since 1970 with a fraction.
pub fn read(text: &str, now: i64) -> Option<i64> {
    let whole = if text.get(4..5) == Some("-") {
        text.to_string()
    } else if text.get(2..3) == Some("-") {
        format!("{}-{text}", seconds(now).get(..4)?)
    } else {
        let seconds: f64 = text.parse().ok()?;
        #[allow(clippy::cast_possible_truncation)]
        return Some((seconds * 1_000.0).round() as i64);
    };
    let civil = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", &whole).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp().as_millisecond())
}

/// `+1m18s233ms`, `-4h50m23s772ms`, `0`: a span of milliseconds as AOSP's `TimeUtils.formatDuration` writes it.
pub fn span(millis: i64) -> String {
    if millis == 0 {
        return "0".into();
    }
    let sign = if millis < 0 { '-' } else { '+' };
    let mut left = millis.unsigned_abs();
    let mut text = String::from(sign);
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] {
        if left >= size || text.len() > 1 {
            text.push_str(&format!("{}{unit}", left / size));
            left %= size;
        }
    }
    text + &format!("{left}ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_captured() {
        assert_eq!(seconds(1_795_294_454_000), "2026-11-21 20:54:14");
        assert_eq!(log(1_795_294_454_007), "11-21 20:54:14.007");
        assert_eq!(read("11-21 20:54:14.007", 1_795_294_454_007), Some(1_795_294_454_007));
        assert_eq!(read("1795294454.007", 0), Some(1_795_294_454_007));
        assert_eq!(read("soon", 0), None);
    }

    #[test]
    fn spans_are_written_as_captured() {
        assert_eq!(span(78_233), "+1m18s233ms");
        assert_eq!(span(-17_423_772), "-4h50m23s772ms");
        assert_eq!(span(3_600_000), "+1h0m0s0ms");
        assert_eq!(span(5), "+5ms");
    }
}
