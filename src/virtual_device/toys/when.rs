//! `date`, and times as text.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::tool::{Tool, toy};

/// A time as text in UTC; `%N` is nanoseconds.
pub(super) fn format(millis: i64, format: &str) -> String {
    let Ok(time) = Timestamp::from_millisecond(millis) else { return String::new() };
    let nanos = format!("{:09}", millis.rem_euclid(1000) * 1_000_000);
    let zoned = time.to_zoned(TimeZone::UTC);
    jiff::fmt::strtime::format(format.replace("%N", &nanos), &zoned).unwrap_or_default()
}

toy!(
    /// `date [-u] [-d @seconds] [-r file] [+format]`
    date, date_work
);

async fn date_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("u", "drsD", &[]).await else { return 1 };
    let mut time = tool.call.machine.wall();
    if let Some(seconds) = flags.value('d') {
        let parsed = seconds.strip_prefix('@').unwrap_or(seconds).parse::<i64>().ok();
        let Some(parsed) = parsed.and_then(|seconds| seconds.checked_mul(1000)) else {
            tool.complain(&format!("bad date '{seconds}'")).await;
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
        Some(Ok(wanted)) => tool.finish(format(time, wanted) + "\n").await,
        Some(Err(word)) if tool.call.uid == 0 && set_to(word).is_some() => {
            tool.call.machine.system().set_wall(set_to(word).unwrap_or(time));
            0
        }
        Some(Err(word)) => {
            let word = word.clone();
            tool.complain(&format!("cannot set date '{word}': Operation not permitted")).await;
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
    fn times_are_written_in_utc() {
        assert_eq!(format(1_795_295_576_960, "%Y-%m-%d %H:%M:%S.%N %s"), "2026-11-21 21:12:56.960000000 1795295576");
        assert_eq!(format(1_795_295_576_960, "%a %b %e %H:%M:%S GMT %Y"), "Sat Nov 21 21:12:56 GMT 2026");
    }
}
