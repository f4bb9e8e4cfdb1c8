//! The operator: whoever can tell what a device cannot know, at a terminal, through a file or a program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;

use crate::clock::Clock;
use crate::report::text::tame;
use crate::run::{Answering, Operator};

/// Longest answer that is read, in bytes.
const LONGEST: u64 = 4096;
/// How often the file is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Where answers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The terminal this runs on.
    Terminal,
    /// A file that somebody writes; taken and removed.
    File(PathBuf),
    /// A program, run by the shell for each question.
    Command(String),
}

impl FromStr for How {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "terminal" => Ok(Self::Terminal),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some(("command", program)) if !program.is_empty() => Ok(Self::Command(program.into())),
            _ => Err("write terminal, file:PATH or command:PROGRAM"),
        }
    }
}

/// Somebody to ask in that way. One question at a time: a second case waits until the first has its answer.
pub fn operator(how: &How, clock: &Clock) -> Operator {
    let (how, clock) = (how.clone(), clock.clone());
    let turn = Arc::new(tokio::sync::Mutex::new(()));
    Arc::new(move |question| -> Answering {
        let (how, clock, turn) = (how.clone(), clock.clone(), turn.clone());
        Box::pin(async move {
            let _turn = turn.lock().await;
            match how {
                How::Terminal => at_terminal(question).await,
                How::File(path) => from_file(&path, &question, &clock).await,
                How::Command(program) => from_program(&program, &question).await,
            }
        })
    })
}

/// Reads a line in a thread of its own: nothing can interrupt it, and the program may end meanwhile.
async fn at_terminal(question: String) -> Result<String, String> {
    let (to, answer) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = write!(std::io::stderr(), "\n\x07? {}: ", tame(&question));
        let mut line = String::new();
        let read = std::io::BufRead::read_line(&mut std::io::Read::take(std::io::stdin().lock(), LONGEST), &mut line);
        // The attempt may have given up waiting.
        let _ = to.send(read.map(|_| line).map_err(|error| error.to_string()));
    });
    answer.await.map_err(|_| "the terminal is gone".to_owned())?
}

async fn from_file(path: &Path, question: &str, clock: &Clock) -> Result<String, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    eprintln!("waiting for {}: {}", path.display(), tame(question));
    loop {
        match std::fs::symlink_metadata(path) {
            // Somebody may be writing it: an answer ends with its line.
            Ok(facts) if facts.is_file() && facts.len() <= LONGEST => {
                let text = std::fs::read_to_string(path).map_err(wrong)?;
                if let Some((line, _)) = text.split_once('\n') {
                    let answer = line.to_owned();
                    std::fs::remove_file(path).map_err(wrong)?;
                    return Ok(answer);
                }
            }
            Ok(facts) if !facts.is_file() => return Err(format!("{} is not a plain file", path.display())),
            Ok(_) => return Err(format!("{} is larger than {LONGEST} bytes", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(error)),
        }
        clock.sleep(LOOK_EVERY).await;
    }
}

async fn from_program(program: &str, question: &str) -> Result<String, String> {
    let mut child = tokio::process::Command::new("sh")
        .args(["-c", program])
        .env("APPWITNESS_QUESTION", question)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut said = Vec::new();
    if let Some(out) = child.stdout.take() {
        out.take(LONGEST).read_to_end(&mut said).await.map_err(|error| error.to_string())?;
    }
    let status = child.wait().await.map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!("the program ended with {status}"));
    }
    let text = String::from_utf8(said).map_err(|_| "the program's answer is not UTF-8".to_owned())?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_ask_are_read() {
        assert_eq!("terminal".parse(), Ok(How::Terminal));
        assert_eq!("file:/tmp/a:b".parse(), Ok(How::File("/tmp/a:b".into())));
        assert_eq!("command:get-code --last".parse(), Ok(How::Command("get-code --last".into())));
        assert!("file:".parse::<How>().is_err() && "phone".parse::<How>().is_err());
    }

    #[tokio::test]
    async fn a_program_and_a_file_answer() {
        let clock = Clock::real();
        let told = operator(&How::Command("echo \"$APPWITNESS_QUESTION: 42\"; echo more".into()), &clock);
        assert_eq!(told("code".into()).await.unwrap(), "code: 42");
        assert!(operator(&How::Command("exit 3".into()), &clock)("x".into()).await.is_err());
        let path = std::env::temp_dir().join(format!("appwitness-answer-{}", std::process::id()));
        std::fs::write(&path, "123 456\n").unwrap();
        assert_eq!(operator(&How::File(path.clone()), &clock)("x".into()).await.unwrap(), "123 456");
        assert!(!path.exists(), "an answer is taken once");
    }
}
