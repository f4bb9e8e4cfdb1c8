//! `monkey --port N`: obeys a client's lines. Source: AOSP `MonkeySourceNetwork.java`, `MonkeySourceNetworkVars.java`.
//! MODEL: there is no trackball and no lid, so `trackball` and `flip` change nothing.

use super::super::super::pipe::Pipe;
use super::super::super::process::Call;
use super::super::gesture;
use super::input::{Motion, move_finger};
use super::keys;

/// Longest line of a client, in bytes (ours).
const LONGEST: usize = 64 << 10;

/// What a line comes to.
enum Answer {
    Done,
    Value(String),
    Wrong(&'static str),
    /// The client goes; the monkey stays for the next one, or ends.
    Leaves,
    Ends,
}

/// Serves one client after another until one tells it to end.
pub async fn serve(call: &Call, port: u16) -> i32 {
    let Some(mut listener) = call.machine.ports.listen(&format!("tcp:{port}")) else {
        call.stdio.out("Error binding to network socket.\n").await;
        return 251;
    };
    loop {
        let next = tokio::select! {
            () = call.stdio.hangup.cancelled() => return 129,
            () = call.machine.power().cancelled() => return 129,
            next = listener.accept() => next,
        };
        let Some(pipe) = next else { return 0 };
        let ended = tokio::select! {
            () = call.stdio.hangup.cancelled() => return 129,
            ended = talk(call, pipe) => ended,
        };
        if ended {
            return 0;
        }
    }
}

/// One client; true when the monkey is to end.
async fn talk(call: &Call, mut pipe: Pipe) -> bool {
    let mut waiting = Vec::new();
    loop {
        while let Some(end) = waiting.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = waiting.drain(..=end).collect();
            let answer = match obey(call, String::from_utf8_lossy(&line).trim()).await {
                Answer::Done => "OK\n".to_owned(),
                Answer::Value(value) => format!("OK:{value}\n"),
                Answer::Wrong("") => "ERROR\n".to_owned(),
                Answer::Wrong(why) => format!("ERROR:{why}\n"),
                Answer::Leaves | Answer::Ends if pipe.output.is_closed() => return false,
                Answer::Leaves => return false,
                Answer::Ends => {
                    let _ = pipe.output.send(b"OK\n".to_vec()).await;
                    return true;
                }
            };
            if pipe.output.send(answer.into_bytes()).await.is_err() {
                return false;
            }
        }
        let Some(more) = pipe.input.recv().await else { return false };
        waiting.extend(more);
        if waiting.len() > LONGEST {
            return false;
        }
    }
}

async fn obey(call: &Call, line: &str) -> Answer {
    let words = parts(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let point = |x: &str, y: &str| Some((x.parse::<i32>().ok()?, y.parse::<i32>().ok()?));
    match words.as_slice() {
        ["tap", x, y] => match point(x, y) {
            Some((x, y)) => {
                gesture::tap(&call.machine, x, y);
                Answer::Done
            }
            None => Answer::Wrong("Invalid argument"),
        },
        ["touch", what, x, y] => {
            let motion = match *what {
                "down" => Motion::Down,
                "up" => Motion::Up,
                "move" => Motion::Move,
                _ => return Answer::Wrong("Invalid argument"),
            };
            match point(x, y) {
                Some(at) => {
                    move_finger(call, motion, at);
                    Answer::Done
                }
                None => Answer::Wrong("Invalid argument"),
            }
        }
        ["press", key] | ["key", "up", key] => match code(key) {
            Some(code) => {
                call.machine.system().key(code);
                Answer::Done
            }
            None => Answer::Wrong("Invalid argument"),
        },
        ["key", "down", key] => {
            if code(key).is_some() {
                Answer::Done
            } else {
                Answer::Wrong("Invalid argument")
            }
        }
        ["type", text] => {
            if !text.chars().all(|letter| matches!(letter, ' '..='~')) {
                return Answer::Wrong("");
            }
            call.machine.system().type_text(text);
            Answer::Done
        }
        ["sleep", millis] => match millis.parse::<u64>() {
            Ok(millis) => {
                call.machine.clock.sleep(std::time::Duration::from_millis(millis.min(3_600_000))).await;
                Answer::Done
            }
            Err(_) => Answer::Wrong("Invalid argument"),
        },
        ["wake"] => {
            // `KEYCODE_WAKEUP`.
            call.machine.system().key(224);
            Answer::Done
        }
        ["trackball", _, _] | ["flip", "open" | "close"] | ["deferreturn", ..] => Answer::Done,
        ["listvar"] => {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).chain(OTHERS).collect();
            Answer::Value(names.join(" "))
        }
        ["getvar", name] => match variable(call, name) {
            Some(value) => Answer::Value(value),
            None => Answer::Wrong("unknown var"),
        },
        ["done"] => Answer::Ends,
        ["quit"] => Answer::Leaves,
        _ => Answer::Wrong(""),
    }
}

/// A key by number or by name, with `KEYCODE_` before it or not.
fn code(name: &str) -> Option<u32> {
    Some(keys::code(name)).filter(|code| *code != 0)
}

/// Variables that are properties.
const NAMES: [(&str, &str); 14] = [
    ("build.board", "ro.product.board"),
    ("build.brand", "ro.product.brand"),
    ("build.cpu_abi", "ro.product.cpu.abi"),
    ("build.device", "ro.product.device"),
    ("build.display", "ro.build.display.id"),
    ("build.fingerprint", "ro.build.fingerprint"),
    ("build.host", "ro.build.host"),
    ("build.id", "ro.build.id"),
    ("build.manufacturer", "ro.product.manufacturer"),
    ("build.model", "ro.product.model"),
    ("build.product", "ro.product.name"),
    ("build.tags", "ro.build.tags"),
    ("build.version.release", "ro.build.version.release"),
    ("build.version.sdk", "ro.build.version.sdk"),
];
/// The rest of what `listvar` tells.
const OTHERS: [&str; 9] = [
    "am.current.comp.class",
    "am.current.comp.package",
    "am.current.package",
    "clock.millis",
    "clock.realtime",
    "clock.uptime",
    "display.density",
    "display.height",
    "display.width",
];

fn variable(call: &Call, name: &str) -> Option<String> {
    if let Some((_, property)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(call.machine.properties().get(property).unwrap_or_default().to_owned());
    }
    let system = call.machine.system();
    let front = system.top_record().map(|record| record.component.clone());
    Some(match name {
        "am.current.package" | "am.current.comp.package" => front?.package,
        "am.current.comp.class" => front?.class,
        "clock.millis" => system.wall().to_string(),
        "clock.realtime" | "clock.uptime" => system.since_start().as_millis().to_string(),
        "display.width" => system.display_size().0.to_string(),
        "display.height" => system.display_size().1.to_string(),
        "display.density" => format!("{:?}", f64::from(system.profile().density) / 160.0),
        _ => return None,
    })
}

/// Words between spaces; quotes hold several together, a stroke takes the next letter as it is.
fn parts(line: &str) -> Vec<String> {
    let (mut parts, mut part, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => part.extend(letters.next()),
            '"' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if begun || !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
                begun = false;
            }
            other => part.push(other),
        }
    }
    if begun || !part.is_empty() {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_quotes_belong_together() {
        assert_eq!(parts("type \"two words\""), ["type", "two words"]);
        assert_eq!(parts("type a\\ b \"\""), ["type", "a b", ""]);
    }
}
