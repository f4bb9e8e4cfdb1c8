//! What the host says of itself: asked once, as an attempt begins.

use std::time::Duration;

use tokio::process::Command;

use crate::clock::Clock;
use crate::journal::entry::{HostFacts, TimeSource};

/// How long a program may take to answer.
const WITHIN: Duration = Duration::from_secs(2);
/// Longest answer that is looked at, in bytes.
const LONGEST: usize = 16 << 10;

/// Asks the host. What does not answer is left empty: an attempt does not depend on it.
pub(super) async fn facts(clock: &Clock) -> HostFacts {
    HostFacts {
        system: read("/etc/os-release").lines().find_map(pretty_name).unwrap_or_default(),
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        network: way_out(&read("/proc/net/route")),
        time: time_source(clock).await,
    }
}

fn read(path: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.chars().take(LONGEST).collect()
}

fn pretty_name(line: &str) -> Option<String> {
    Some(line.strip_prefix("PRETTY_NAME=")?.trim_matches('"').to_owned())
}

/// Whether the routing table (proc(5)) has a default route; `None` when there is no table.
fn way_out(table: &str) -> Option<bool> {
    let mut lines = table.lines();
    lines.next()?;
    Some(lines.any(|line| line.split_whitespace().nth(1) == Some("00000000")))
}

async fn time_source(clock: &Clock) -> TimeSource {
    if clock.skips() {
        // Whoever reads times in such a journal has to know that they were not lived through.
        let told_by = Some("the run's own clock, which skips what is only waited for".into());
        return TimeSource { told_by, synchronised: Some(false), ..TimeSource::default() };
    }
    if let Some(found) = asked(clock, "chronyc", &["-n", "-c", "tracking"]).await.as_deref().and_then(chrony) {
        return found;
    }
    let status = asked(clock, "timedatectl", &["timesync-status"]).await;
    status.as_deref().and_then(timesyncd).unwrap_or_default()
}

/// What a program says; `None` when it is not there, fails, or takes too long.
async fn asked(clock: &Clock, program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).env("LC_ALL", "C").stdin(std::process::Stdio::null()).kill_on_drop(true);
    let output = clock.within(WITHIN, command.output()).await?.ok()?;
    let some = output.stdout.get(..output.stdout.len().min(LONGEST))?;
    output.status.success().then(|| String::from_utf8_lossy(some).into_owned())
}

/// `chronyc -n -c tracking` (chronyc(1)): reference, server, stratum, time, correction in seconds, …, leap status last.
/// A positive correction means that the host's clock is slow.
fn chrony(text: &str) -> Option<TimeSource> {
    let fields: Vec<&str> = text.trim().split(',').collect();
    let (server, correction, leap) = (fields.get(1)?, fields.get(4)?.parse::<f64>().ok()?, fields.last()?);
    let synchronised = *leap != "Not synchronised" && fields.len() > 10;
    Some(TimeSource {
        told_by: Some("chrony".into()),
        server: if synchronised { (*server).to_owned() } else { String::new() },
        synchronised: Some(synchronised),
        offset_ms: synchronised.then_some(correction * -1_000.0),
    })
}

/// `timedatectl timesync-status` (timedatectl(1)): labels and values. The offset is the server's clock minus ours.
fn timesyncd(text: &str) -> Option<TimeSource> {
    let value = |label: &str| text.lines().find_map(|line| line.trim().strip_prefix(label)).map(str::trim);
    let server = value("Server:")?;
    let offset = value("Offset:").and_then(milliseconds);
    Some(TimeSource {
        told_by: Some("systemd-timesyncd".into()),
        server: server.to_owned(),
        synchronised: Some(offset.is_some()),
        offset_ms: offset.map(|offset| -offset),
    })
}

/// `+1.234ms`, `-12us`, `+2.5s`.
fn milliseconds(text: &str) -> Option<f64> {
    let unit = |ending: &str, factor: f64| Some(text.strip_suffix(ending)?.trim().parse::<f64>().ok()? * factor);
    unit("us", 0.001).or_else(|| unit("ms", 1.0)).or_else(|| unit("s", 1_000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_of_time_services_are_read() {
        let line = "A29FC87B,162.159.200.123,4,1700000000.5,-0.000250000,0.1,0.2,-1.5,0.0,0.01,0.02,0.03,64.0,Normal\n";
        let chrony = chrony(line).unwrap();
        assert_eq!(
            (chrony.server.as_str(), chrony.synchronised, chrony.offset_ms),
            ("162.159.200.123", Some(true), Some(0.25))
        );
        let none = super::chrony("7F7F0101,,0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Not synchronised\n").unwrap();
        assert_eq!((none.synchronised, none.offset_ms), (Some(false), None));
        assert_eq!(super::chrony("506 Cannot talk to daemon"), None);
        let text = "       Server: 192.0.2.1 (ntp.example)\nPoll interval: 32s\n       Offset: -1.5ms\n";
        let systemd = timesyncd(text).unwrap();
        assert_eq!((systemd.server.as_str(), systemd.offset_ms), ("192.0.2.1 (ntp.example)", Some(1.5)));
        assert_eq!(timesyncd("Server: n/a\n").unwrap().synchronised, Some(false));
        assert_eq!(timesyncd("Failed to parse"), None);
    }

    #[test]
    fn a_way_out_is_a_default_route() {
        let head = "Iface\tDestination\tGateway\tFlags\n";
        assert_eq!(way_out(&format!("{head}eth0\t00000000\t0101A8C0\t0003\n")), Some(true));
        assert_eq!(way_out(&format!("{head}eth0\t0001A8C0\t00000000\t0001\n")), Some(false));
        assert_eq!(way_out(""), None);
    }
}
