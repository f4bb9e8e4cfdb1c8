//! Files with new names and given sizes: `mktemp`, `truncate`.

use super::tool::{Tool, toy};
use crate::virtual_device::fs::{Actor, FilesError, Open};

/// Names tried before giving up.
const TRIES: u64 = 64;

toy!(
    /// `mktemp [-dqu] [-p folder] [template]`
    mktemp, mktemp_work
);

async fn mktemp_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("dqut", "p", &[]).await else { return 1 };
    let template = flags.rest.first().map_or("tmp.XXXXXXXXXX", String::as_str);
    let marks = template.len() - template.trim_end_matches('X').len();
    if marks < 2 {
        tool.complain("need XX in template").await;
        return 1;
    }
    let usual = tool.call.env.get("TMPDIR").map_or("/tmp", String::as_str);
    let folder = match flags.value('p') {
        Some(folder) => Some(folder),
        None if flags.rest.is_empty() || flags.has('t') => Some(usual),
        None => None,
    };
    let head = template.trim_end_matches('X');
    let head = folder.map_or_else(|| head.to_owned(), |folder| format!("{}/{head}", folder.trim_end_matches('/')));
    let actor = tool.actor();
    for attempt in 0..TRIES {
        let name = format!("{head}{}", letters(actor, attempt, marks));
        let at = tool.absolute(&name);
        let made = {
            let mut files = tool.call.machine.files();
            match files.exists(actor, &at) {
                true => continue,
                false if flags.has('u') => Ok(()),
                false if flags.has('d') => files.make_folder(actor, &at, 0o700),
                false => files.create(actor, &at, Open::Keep, 0o600).map(|_| ()),
            }
        };
        return match made {
            Ok(()) => tool.finish(name + "\n").await,
            Err(error) => {
                refuse(tool, &format!("Failed to create file {head}{}: {error}", "X".repeat(marks)), flags.has('q'))
                    .await
            }
        };
    }
    refuse(tool, &format!("Failed to create file {template}: {}", FilesError::Exists), flags.has('q')).await
}

async fn refuse(mut tool: Tool, message: &str, quiet: bool) -> i32 {
    if !quiet {
        tool.complain(message).await;
    }
    1
}

/// Letters that differ from time to time, and from attempt to attempt.
fn letters(actor: Actor, attempt: u64, count: usize) -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut state =
        actor.now.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ attempt.wrapping_mul(0xd134_2543_de82_ef95);
    let mut letter = || {
        // Knuth's MMIX generator; its high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(LETTERS[usize::try_from(state >> 33).unwrap_or(0) % LETTERS.len()])
    };
    (0..count).map(|_| letter()).collect()
}

toy!(
    /// `truncate [-c] -s [+-]size file…`
    truncate, truncate_work
);

/// Largest size made here, in bytes: the device's disk.
const LARGEST: u64 = 2 << 30;

async fn truncate_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("c", "s", &[]).await else { return 1 };
    let wanted = flags.value('s').and_then(|text| {
        let text = text.trim_start_matches(['+', '-']);
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match &text[digits.len()..] {
            "" | "c" => 1,
            "k" | "K" => 1 << 10,
            "m" | "M" => 1 << 20,
            "g" | "G" => 1 << 30,
            _ => return None,
        };
        digits.parse::<u64>().ok()?.checked_mul(unit).filter(|size| *size <= LARGEST)
    });
    let Some(wanted) = wanted else {
        tool.complain("need -s SIZE").await;
        return 1;
    };
    for name in &flags.rest {
        let (actor, at) = (tool.actor(), tool.absolute(name));
        let done = {
            let mut files = tool.call.machine.files();
            let before = match files.read(actor, &at) {
                Ok(content) => Ok(content.as_ref().clone()),
                Err(FilesError::Missing) if flags.has('c') => continue,
                Err(FilesError::Missing) => Ok(Vec::new()),
                Err(error) => Err(error),
            };
            before.and_then(|mut content| {
                let length = u64::try_from(content.len()).unwrap_or(0);
                let size = match flags.value('s').and_then(|text| text.chars().next()) {
                    Some('+') => length + wanted,
                    Some('-') => length.saturating_sub(wanted),
                    _ => wanted,
                };
                if size > LARGEST {
                    return Err(FilesError::Full);
                }
                content.resize(usize::try_from(size).unwrap_or(0), 0);
                files.write(actor, &at, content, 0o666)
            })
        };
        tool.check(name, done).await;
    }
    tool.status
}
