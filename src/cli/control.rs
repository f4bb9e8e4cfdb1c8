//! What a virtual device is told while it runs: lines on standard input.

use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, BufReader};

use crate::report::text::tame_line;
use crate::virtual_device::fault::{Rule, plan};
use crate::virtual_device::machine::{Machine, Pace};
use crate::virtual_device::server::Server;
use crate::virtual_device::specimen::Span;

use super::exit::Failure;

/// An order to devices.
#[derive(Debug, PartialEq, Eq)]
enum Order<'a> {
    /// Takes a device's power away.
    Off(&'a str),
    /// Lets something go wrong on one device, or on all.
    Fault(Option<&'a str>, Box<Rule>),
    /// Takes all rules away, of one device or of all.
    Calm(Option<&'a str>),
    /// Lets time pass for all.
    Advance(&'a str, Span),
}

/// The rules in a file of faults.
pub fn faults_in(file: &Path) -> Result<Vec<Rule>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| Failure::file("read", file, error))?;
    plan::parse(&text).map_err(|error| Failure::input(format!("{}: {error}", file.display())))
}

/// Carries out the lines of standard input until it ends.
pub async fn obey(server: Option<Arc<Server>>, machines: Vec<Arc<Machine>>) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match parse(&line) {
            Ok(Order::Advance(written, span)) => match machines.first() {
                Some(machine) if machine.profile.pace == Pace::Skipping => {
                    machine.clock.rest(span.0).await;
                    machines.iter().for_each(|machine| machine.system().catch_up());
                    say!("advanced {written}");
                }
                _ => eprintln!("appwitness: control: advance: time can't be skipped without --clock skipping"),
            },
            Ok(order) => carry_out(&order, server.as_deref(), &machines),
            Err(why) => eprintln!("appwitness: control: {}: {}", tame_line(&line), tame_line(&why)),
        }
    }
}

fn carry_out(order: &Order, server: Option<&Server>, machines: &[Arc<Machine>]) {
    let meant = |serial: Option<&str>| {
        let serial = serial.map(str::to_owned);
        machines.iter().filter(move |machine| serial.as_ref().is_none_or(|serial| machine.profile.serial == *serial))
    };
    match order {
        Order::Off(serial) => {
            meant(Some(serial)).for_each(|machine| machine.pull_the_plug());
            if let Some(server) = server {
                server.detach(serial);
            }
        }
        Order::Fault(serial, rule) => meant(*serial).for_each(|machine| machine.suffer((**rule).clone())),
        Order::Calm(serial) => meant(*serial).for_each(|machine| machine.faults.clear()),
        // It takes its time, and is carried out where there is some.
        Order::Advance(..) => {}
    }
}

fn parse(line: &str) -> Result<Order<'_>, String> {
    let line = line.trim();
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match verb {
        "off" if !rest.is_empty() => Ok(Order::Off(rest)),
        "calm" => Ok(Order::Calm((!rest.is_empty()).then_some(rest))),
        "fault" => {
            let at = rest.find('{').ok_or("a fault is written {fault: stall, service: dump}")?;
            let (serial, rule) = rest.split_at(at);
            let serial = serial.trim();
            let rule = plan::parse_one(rule).map_err(|error| error.to_string())?;
            Ok(Order::Fault((!serial.is_empty()).then_some(serial), Box::new(rule)))
        }
        "advance" => {
            let span = Span::parse(rest).ok_or("write how long: advance 48h (ms, s, m, h, d)")?;
            Ok(Order::Advance(rest, span))
        }
        _ => Err("`off SERIAL`, `fault [SERIAL] {…}`, `calm [SERIAL]` and `advance TIME` are known".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_device::fault::Kind;

    #[test]
    fn orders_are_read() {
        assert_eq!(parse("off emulator-5554"), Ok(Order::Off("emulator-5554")));
        assert_eq!(parse(" calm "), Ok(Order::Calm(None)));
        let Ok(Order::Fault(Some("a"), rule)) = parse("fault a {fault: reboot, for: 1s}") else { panic!() };
        assert_eq!(rule.fault, Kind::Reboot);
        let Ok(Order::Fault(None, _)) = parse("fault {fault: null-root}") else { panic!() };
        assert_eq!(parse("advance 48h"), Ok(Order::Advance("48h", Span::parse("48h").unwrap())));
        for wrong in ["", "off", "advance", "advance soon", "fault", "fault {fault: tea}", "on a"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
