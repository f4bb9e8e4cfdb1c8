//! `date`, and times as text.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::tool::{Tool, toy};

/// A time as text in UTC; `%N` is nanoseconds.
pub(super) fn format(millis: i64, format: &str) -> String {
    let Ok(time) = Timestamp::from_millisecond(millis) else { return String::new() };
    let nanos = format!("{:09}", millis.rem_euclid(1000) * 1_000_000);
    let zoned = time.to_zoned(TimeZone::UTC);
    // The zone is GMT by its property; who wants UTC says so.
    let format = format.replace("%N", &nanos).replace("%Z", "GMT");
    jiff::fmt::strtime::format(format, &zoned).unwrap_or_default()
}

/// A time as `date -d` and `touch -d` take it, in milliseconds since 1970: `@SECONDS`, `2026-11-28`,
/// `2026-11-28 21:05[:30][.5]` (with `T` or a space, `Z` or nothing), `21:05[:30]` of the present day.
pub(super) fn parse(text: &str, now: i64) -> Option<i64> {
    if let Some(seconds) = text.strip_prefix('@') {
        let (whole, rest) = seconds.split_once('.').unwrap_or((seconds, ""));
        let millis: i64 = format!("{rest:0<3}").get(..3)?.parse().ok()?;
        return whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(millis);
    }
    let text = text.trim().trim_end_matches('Z').replacen('T', " ", 1);
    let (day, time) = match text.split_once(' ') {
        Some((day, time)) => (day.to_owned(), time),
        None if text.contains(':') => (format(now, "%Y-%m-%d"), text.as_str()),
        None => (text.clone(), "00:00:00"),
    };
    let time = if time.matches(':').count() == 1 { format!("{time}:00") } else { time.to_owned() };
    let civil: jiff::civil::DateTime = format!("{day}T{time}").parse().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_millisecond())
}

/// A time as `touch -t` takes it: `[[CC]YY]MMDDhhmm[.ss]`.
pub(super) fn parse_digits(text: &str, now: i64) -> Option<i64> {
    let (digits, seconds) = text.split_once('.').unwrap_or((text, "00"));
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = match digits.len() {
        8 => format(now, "%Y"),
        10 => format!("20{}", &digits[..2]),
        12 => digits[..4].to_owned(),
        _ => return None,
    };
    let rest = &digits[digits.len() - 8..];
    parse(&format!("{year}-{}-{} {}:{}:{seconds}", &rest[..2], &rest[2..4], &rest[4..6], &rest[6..]), now)
}

toy!(
    /// `date [-u] [-d date] [-D format] [-r file] [+format]`
    date, date_work
);

async fn date_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("u", "drsD", &[]).await else { return 1 };
    let mut time = tool.call.machine.wall();
    if let Some(text) = flags.value('d') {
        let parsed = match flags.value('D') {
            Some(form) => jiff::fmt::strtime::parse(form, text).ok().and_then(|broken| {
                let stamp = broken.to_timestamp().ok();
                let day = || broken.to_datetime().or_else(|_| broken.to_date().map(jiff::civil::DateTime::from)).ok();
                stamp.or_else(|| Some(day()?.to_zoned(TimeZone::UTC).ok()?.timestamp())).map(Timestamp::as_millisecond)
            }),
            None => parse(text, time),
        };
        let Some(parsed) = parsed else {
            tool.complain(&format!("bad date '{text}'")).await;
            return 1;
        };
        time = parsed;
    }
    if let Some(file) = flags.value('r') {
        let stat = tool.call.machine.files().stat(tool.actor(), &tool.absolute(file));
        let Some(stat) = tool.check(file, stat).await else { return 1 };
        time = stat.modified;
    }
    let old = tool.call.machine.profile.api <= 23;
    match flags.rest.first().map(|word| word.strip_prefix('+').ok_or(word)) {
        // Captured on API 23: `%N` is not known there and prints its letter.
        Some(Ok(wanted)) if old => tool.finish(format(time, &wanted.replace("%N", "N")) + "\n").await,
        Some(Ok(wanted)) if flags.has('u') => tool.finish(format(time, &wanted.replace("%Z", "UTC")) + "\n").await,
        Some(Ok(wanted)) => tool.finish(format(time, wanted) + "\n").await,
        Some(Err(word)) if tool.call.uid == 0 && set_to(word).is_some() => {
            tool.call.machine.system().set_wall(set_to(word).unwrap_or(time));
            0
        }
        Some(Err(word)) => {
            let word = word.clone();
            let known = parse_digits(&word, time).is_some() || set_to(&word).is_some();
            let why = if known {
                format!("cannot set date '{word}': Operation not permitted")
            } else {
                format!("bad date '{word}'")
            };
            tool.complain(&why).await;
            1
        }
        None => {
            let zone = if flags.has('u') { "UTC" } else { "GMT" };
            tool.finish(format(time, &format!("%a %b %e %H:%M:%S {zone} %Y")) + "\n").await
        }
    }
}

/// `@seconds`, as a time in milliseconds.
fn set_to(word: &str) -> Option<i64> {
    word.strip_prefix('@')?.parse::<i64>().ok()?.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_forms_of_date_and_touch() {
        let now = 1_795_295_576_960;
        assert_eq!(parse("2020-01-02 03:04:05", now), Some(1_577_934_245_000));
        assert_eq!(parse("2020-01-02T03:04Z", now), Some(1_577_934_240_000));
        assert_eq!(parse("2020-01-02", now), Some(1_577_923_200_000));
        assert_eq!(format(parse("07:08", now).unwrap(), "%F %T"), "2026-11-21 07:08:00");
        assert_eq!(parse("@1600000000.25", now), Some(1_600_000_000_250));
        assert_eq!([parse("soon", now), parse("2020-13-01", now), parse("", now)], [None; 3]);
        assert_eq!(parse_digits("202001020304.05", now), Some(1_577_934_245_000));
        assert_eq!(format(parse_digits("01020304", now).unwrap(), "%F %T"), "2026-01-02 03:04:00");
        assert_eq!([parse_digits("1", now), parse_digits("nope0000", now)], [None; 2]);
    }

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(format(1_795_295_576_960, "%Y-%m-%d %H:%M:%S.%N %s"), "2026-11-21 21:12:56.960000000 1795295576");
        assert_eq!(format(1_795_295_576_960, "%a %b %e %H:%M:%S GMT %Y"), "Sat Nov 21 21:12:56 GMT 2026");
    }
}
