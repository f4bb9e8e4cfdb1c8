//! `input`: taps, swipes, keys and text.

use super::super::super::process::{Call, Running};
use super::super::gesture;
use super::keys;
use super::latency::{Work, spend};

const SOURCES: [&str; 13] = [
    "touchnavigation",
    "touchscreen",
    "joystick",
    "stylus",
    "touchpad",
    "gamepad",
    "dpad",
    "mouse",
    "keyboard",
    "trackball",
    "rotaryencoder",
    "gesture",
    "hdmi",
];

/// A swipe's time when none is given, in milliseconds (AOSP).
const SWIPE: u64 = 300;

/// One command of `input`.
#[derive(Debug, PartialEq)]
enum Command {
    Text(String),
    Keys { codes: Vec<u32>, long: bool },
    Tap(i32, i32),
    Swipe { from: (i32, i32), to: (i32, i32), millis: u64 },
    Motion(Motion, (i32, i32)),
    Nothing,
}

/// What a finger does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    Down,
    Move,
    Up,
    Cancel,
}

/// Why arguments were not understood.
#[derive(Debug, PartialEq)]
enum Mistake {
    /// No command at all, or `-h`.
    Usage,
    Unknown(String),
    Invalid(String),
}

/// Runs `input`.
pub fn input(call: Call) -> Running {
    Box::pin(async move {
        match read(&call.argv[1..]) {
            Ok(command) => {
                spend(&call.machine, Work::Input).await;
                if call.machine.system().switches().input_refused {
                    return refuse(&call).await;
                }
                perform(&call, command).await
            }
            Err(Mistake::Usage) => {
                call.stdio.out(usage(call.machine.profile.api)).await;
                0
            }
            // From API 30 on `input` is a command of a service, with that one's words (AOSP `InputShellCommand`).
            Err(Mistake::Unknown(command)) if call.machine.profile.api >= 30 => {
                call.stdio.out(format!("Unknown command: {command}\n")).await;
                0
            }
            Err(Mistake::Invalid(command)) if call.machine.profile.api >= 30 => {
                call.stdio
                    .err(format!("\nException occurred while executing '{command}':\njava.lang.IllegalArgumentException: Error: Invalid arguments for command: {command}\n\tat com.android.server.input.InputShellCommand.onCommand(InputShellCommand.java)\n"))
                    .await;
                255
            }
            Err(mistake) => {
                let words = match &mistake {
                    Mistake::Unknown(command) => format!("Error: Unknown command: {command}\n"),
                    Mistake::Invalid(command) => format!("Error: Invalid arguments for command: {command}\n"),
                    Mistake::Usage => String::new(),
                };
                call.stdio.err(words).await;
                call.stdio.out(usage(call.machine.profile.api)).await;
                i32::from(call.machine.profile.api >= 28) * 255
            }
        }
    })
}

/// The shell may not touch: what MIUI does until a person allows it. MODEL: the words are AOSP's for an app without the
/// permission (`InputManagerService.injectInputEvent`: until API 30, and since); no capture of a refusal is at hand.
async fn refuse(call: &Call) -> i32 {
    let api = call.machine.profile.api;
    let words = match api {
        ..=30 => "Injecting to another application requires INJECT_EVENTS permission",
        _ => {
            "Injecting input events requires the caller (or the source of the instrumentation, if any) to have the INJECT_EVENTS permission."
        }
    };
    let command = call.argv.get(1).map_or("", String::as_str);
    let doing = if api >= 30 { format!("\nException occurred while executing '{command}':\n") } else { String::new() };
    call.stdio.err(format!("{doing}java.lang.SecurityException: {words}\n")).await;
    if api >= 30 { 255 } else { 1 }
}

async fn perform(call: &Call, command: Command) -> i32 {
    match command {
        Command::Tap(x, y) => gesture::tap(&call.machine, x, y),
        Command::Swipe { from, to, millis } => {
            if call.machine.profile.latency != super::super::super::machine::Latency::Instant {
                call.machine.clock.sleep(std::time::Duration::from_millis(millis)).await;
            }
            gesture::swipe(&call.machine, from, to, millis);
        }
        Command::Keys { codes, long: false } => codes.into_iter().for_each(|code| call.machine.system().key(code)),
        Command::Keys { codes, long: true } => codes.into_iter().for_each(|code| call.machine.system().long_key(code)),
        Command::Motion(motion, at) => move_finger(call, motion, at),
        Command::Text(text) => return type_text(call, &text).await,
        Command::Nothing => {}
    }
    0
}

/// One motion of a finger that several calls move: what it comes to is done when it is lifted.
pub(super) fn move_finger(call: &Call, motion: Motion, at: (i32, i32)) {
    let screen = &call.machine.screen;
    let now = call.machine.clock.elapsed();
    match motion {
        Motion::Down => screen.put_finger(Some((at, now))),
        Motion::Move => {}
        Motion::Cancel => screen.put_finger(None),
        Motion::Up => {
            if let Some((from, since)) = screen.finger() {
                screen.put_finger(None);
                let millis = u64::try_from(now.saturating_sub(since).as_millis()).unwrap_or(0);
                gesture::swipe(&call.machine, from, at, millis);
            }
        }
    }
}

/// Types what the virtual keyboard's character map has keys for: ASCII. Anything else ends the program with the error
/// Android's own has (`KeyCharacterMap.getEvents` gives null).
async fn type_text(call: &Call, text: &str) -> i32 {
    if !text.chars().all(|c| matches!(c, ' '..='~')) {
        let error = if call.machine.profile.api >= 30 {
            "\nException occurred while executing 'text':\njava.lang.NullPointerException: Attempt to get length of null array\n\tat com.android.server.input.InputShellCommand.sendText(InputShellCommand.java:331)\n"
        } else {
            "java.lang.NullPointerException: Attempt to get length of null array\n\tat com.android.commands.input.Input.sendText(Input.java:159)\n\tat com.android.commands.input.Input.run(Input.java:96)\n\tat com.android.commands.input.Input.main(Input.java:59)\n"
        };
        call.stdio.err(error).await;
        return if call.machine.profile.api >= 30 { 255 } else { 1 };
    }
    call.machine.system().type_text(text);
    0
}

fn read(arguments: &[String]) -> Result<Command, Mistake> {
    let mut words = arguments.iter().map(String::as_str).peekable();
    if words.peek().is_some_and(|w| SOURCES.contains(w)) {
        words.next();
    }
    if words.peek() == Some(&"-d") {
        words.next();
        words.next();
    }
    let Some(command) = words.next().filter(|w| !matches!(*w, "-h" | "help" | "--help")) else {
        return Err(Mistake::Usage);
    };
    let rest: Vec<&str> = words.collect();
    let invalid = || Mistake::Invalid(command.to_owned());
    match command {
        "text" => match rest.as_slice() {
            [text] => Ok(Command::Text(spaced(text))),
            _ => Err(invalid()),
        },
        "keyevent" => key_event(&rest).ok_or_else(invalid),
        "keycombination" => key_event(&rest).ok_or_else(invalid),
        "tap" => match rest.as_slice() {
            [x, y] => Ok(Command::Tap(number(x).ok_or_else(invalid)?, number(y).ok_or_else(invalid)?)),
            _ => Err(invalid()),
        },
        "swipe" | "draganddrop" => swipe(&rest).ok_or_else(invalid),
        "motionevent" => motion(&rest).ok_or_else(invalid),
        "press" | "roll" => Ok(Command::Nothing),
        other => Err(Mistake::Unknown(other.to_owned())),
    }
}

fn motion(words: &[&str]) -> Option<Command> {
    let [what, x, y] = words else { return None };
    let what = match what.to_ascii_uppercase().as_str() {
        "DOWN" => Motion::Down,
        "MOVE" => Motion::Move,
        "UP" => Motion::Up,
        "CANCEL" => Motion::Cancel,
        _ => return None,
    };
    Some(Command::Motion(what, (number(x)?, number(y)?)))
}

fn key_event(words: &[&str]) -> Option<Command> {
    let (mut codes, mut long) = (Vec::new(), false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--longpress" => long = true,
            "--doubletap" | "--async" => {}
            "--delay" | "--duration" | "-t" => drop(words.next()?),
            key => codes.push(keys::code(key)),
        }
    }
    (!codes.is_empty()).then_some(Command::Keys { codes, long })
}

fn swipe(words: &[&str]) -> Option<Command> {
    let [x1, y1, x2, y2, rest @ ..] = words else { return None };
    let millis = match rest {
        [] => SWIPE,
        [millis] => millis.parse::<i64>().ok()?.try_into().unwrap_or(SWIPE),
        _ => return None,
    };
    let millis = millis.min(60_000);
    Some(Command::Swipe { from: (number(x1)?, number(y1)?), to: (number(x2)?, number(y2)?), millis })
}

/// A coordinate: `input` takes fractions.
fn number(word: &str) -> Option<i32> {
    word.parse::<f32>().ok().filter(|n| n.is_finite()).map(|n| n.clamp(-1e6, 1e6) as i32)
}

/// `%s` stands for a space; the character before is kept as it is.
fn spaced(text: &str) -> String {
    text.replace("%s", " ")
}

fn usage(api: u32) -> String {
    if api >= 28 { USAGE.to_owned() } else { USAGE_23.to_owned() }
}

/// Captured on API 23.
const USAGE_23: &str = "Usage: input [<source>] <command> [<arg>...]

The sources are: 
      mouse
      keyboard
      joystick
      touchnavigation
      touchpad
      trackball
      stylus
      dpad
      gesture
      touchscreen
      gamepad

The commands and default sources are:
      text <string> (Default: touchscreen)
      keyevent [--longpress] <key code number or name> ... (Default: keyboard)
      tap <x> <y> (Default: touchscreen)
      swipe <x1> <y1> <x2> <y2> [duration(ms)] (Default: touchscreen)
      press (Default: trackball)
      roll <dx> <dy> (Default: trackball)
";

/// MODEL: newer releases', from memory.
const USAGE: &str = "Usage: input [<source>] [-d DISPLAY_ID] <command> [<arg>...]

The sources are: 
      touchnavigation
      touchscreen
      joystick
      stylus
      touchpad
      gamepad
      dpad
      mouse
      keyboard
      trackball
      rotaryencoder

-d: specify the display ID.
      (Default: -1 for key event, 0 for motion event if not specified.)
The commands and default sources are:
      text <string> (Default: touchscreen)
      keyevent [--longpress|--doubletap|--async|--delay <duration between keycodes in ms>] <key code number or name> ... (Default: keyboard)
      tap <x> <y> (Default: touchscreen)
      swipe <x1> <y1> <x2> <y2> [duration(ms)] (Default: touchscreen)
      draganddrop <x1> <y1> <x2> <y2> [duration(ms)] (Default: touchscreen)
      press (Default: trackball)
      roll <dx> <dy> (Default: trackball)
      motionevent <DOWN|UP|MOVE|CANCEL> <x> <y> (Default: touchscreen)
      keycombination [-t duration(ms)] <key code 1> <key code 2> ... (Default: keyboard)
";

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Command, Mistake> {
        read(&line.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn commands_are_read_with_and_without_a_source() {
        assert_eq!(asked("tap 10 20.7"), Ok(Command::Tap(10, 20)));
        assert_eq!(asked("touchscreen tap 10 20"), Ok(Command::Tap(10, 20)));
        assert_eq!(asked("swipe 1 2 3 4"), Ok(Command::Swipe { from: (1, 2), to: (3, 4), millis: 300 }));
        assert_eq!(
            asked("touchscreen swipe 1 2 1 2 800"),
            Ok(Command::Swipe { from: (1, 2), to: (1, 2), millis: 800 })
        );
        assert_eq!(asked("motionevent down 1 2"), Ok(Command::Motion(Motion::Down, (1, 2))));
        assert_eq!(asked("text a%sb"), Ok(Command::Text("a b".into())));
        assert_eq!(asked("keyevent --longpress KEYCODE_POWER 4"), Ok(Command::Keys { codes: vec![26, 4], long: true }));
    }

    #[test]
    fn mistakes_are_told_apart() {
        assert_eq!(asked(""), Err(Mistake::Usage));
        assert_eq!(asked("tap 1"), Err(Mistake::Invalid("tap".into())));
        assert_eq!(asked("tap a b"), Err(Mistake::Invalid("tap".into())));
        assert_eq!(asked("dance"), Err(Mistake::Unknown("dance".into())));
    }
}
