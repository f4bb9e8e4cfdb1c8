//! The console of an emulator: lines over TCP, by which somebody beside the device moves it.
//!
//! Captured: none. MODEL: greeting, `OK` and `KO: …` as in AOSP's `external/qemu/android/android-emu/android/console.cpp`, from
//! memory; of its commands those that move the device. Nobody has to authenticate here, as with an empty token file.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Weak};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::machine::Machine;

/// Property that names the port. A real emulator has its port in its serial number.
pub const PROPERTY: &str = "ro.appwitness.console";
/// Longest line, in bytes.
const LONGEST_LINE: u64 = 1_024;
const GREETING: &str = "Android Console: type 'help' for a list of commands\r\nOK\r\n";

/// Opens a device's console on a free port of the loopback interface, and has the device name it. It closes when the
/// device goes.
///
/// # Errors
/// No port can be had. Must be called within a tokio runtime.
pub fn open(machine: &Arc<Machine>) -> io::Result<u16> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    let listener = TcpListener::from_std(listener)?;
    // A property of this name can't be refused.
    let _ = machine.properties().set(PROPERTY, &port.to_string());
    let power = machine.power().clone();
    let weak = Arc::downgrade(machine);
    tokio::spawn(async move { power.run_until_cancelled(serve(weak, listener)).await });
    Ok(port)
}

async fn serve(machine: Weak<Machine>, listener: TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        let Some(power) = machine.upgrade().map(|strong| strong.power().clone()) else { return };
        let machine = machine.clone();
        tokio::spawn(async move { power.run_until_cancelled(talk(machine, socket)).await });
    }
}

async fn talk(machine: Weak<Machine>, mut socket: TcpStream) -> io::Result<()> {
    let (read, mut write) = socket.split();
    write.write_all(GREETING.as_bytes()).await?;
    let mut lines = BufReader::new(read.take(u64::MAX));
    loop {
        let mut line = Vec::new();
        lines.get_mut().set_limit(LONGEST_LINE);
        lines.read_until(b'\n', &mut line).await?;
        if line.last() != Some(&b'\n') {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&line);
        let Some(machine) = machine.upgrade() else { return Ok(()) };
        match answer(&machine, line.trim()) {
            Some(text) => write.write_all(text.as_bytes()).await?,
            None => return Ok(()),
        }
    }
}

/// The answer to a line; `None` ends the talk.
fn answer(machine: &Machine, line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let good = |text: String| Some(format!("{text}{}OK\r\n", if text.is_empty() { "" } else { "\r\n" }));
    let bad = |text: &str| Some(format!("KO: {text}\r\n"));
    match words[..] {
        ["quit" | "exit"] => None,
        ["ping"] => good("I am alive!".into()),
        ["auth", _] => good(String::new()),
        ["help"] => good("    help|h|?\r\n    ping\r\n    auth\r\n    avd\r\n    sensor\r\n    quit|exit".into()),
        ["avd", "name"] => good(machine.profile.serial.clone()),
        ["sensor", "status"] => good("acceleration: enabled.\r\ngyroscope: enabled.".into()),
        ["sensor", "get", name] => {
            let motion = machine.system().motion().clone();
            match name {
                "acceleration" => good(format!("acceleration = {}", written(motion.acceleration))),
                "gyroscope" => good(format!("gyroscope = {}", written(motion.gyroscope))),
                _ => bad("unknown sensor name, run 'sensor status' to get available sensors."),
            }
        }
        ["sensor", "set", name, values] => match (name, parsed(values)) {
            ("acceleration", Some(values)) => {
                machine.system().accelerate(values);
                good(String::new())
            }
            ("gyroscope", Some(values)) => {
                machine.system().turn(values);
                good(String::new())
            }
            ("acceleration" | "gyroscope", None) => bad("invalid values"),
            _ => bad("unknown sensor name, run 'sensor status' to get available sensors."),
        },
        [] => good(String::new()),
        _ => bad("unknown command, try 'help'"),
    }
}

fn written(values: [f64; 3]) -> String {
    values.map(|value| value.to_string()).join(":")
}

/// `x:y:z`.
fn parsed(text: &str) -> Option<[f64; 3]> {
    let values: Vec<f64> = text.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let values: [f64; 3] = values.try_into().ok()?;
    values.iter().all(|value| value.is_finite() && value.abs() < 1e4).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::virtual_device::machine::Profile;

    #[test]
    fn the_sensors_read_what_they_were_told() {
        let machine = Machine::boot(Profile::new("a"), Clock::stepped(0));
        assert_eq!(answer(&machine, "sensor set acceleration 12:9.81:-1").as_deref(), Some("OK\r\n"));
        let read = answer(&machine, "sensor get acceleration").unwrap();
        assert_eq!(read, "acceleration = 12:9.81:-1\r\nOK\r\n");
        assert!(answer(&machine, "sensor set acceleration 1:2").unwrap().starts_with("KO: "));
        assert!(answer(&machine, "sensor set acceleration 1:2:NaN").unwrap().starts_with("KO: "));
        assert!(answer(&machine, "dance").unwrap().starts_with("KO: "));
        assert_eq!(answer(&machine, "quit"), None);
    }
}
