//! `screencap [-p] [FILE]`: a picture of the screen, sampled when the program starts.

use super::super::super::process::{Call, Running};
use super::super::{Frame, frame, picture};
use super::file;
use super::latency::{Work, spend};

/// `screencap`'s own usage (AOSP `screencap.cpp`).
const USAGE: &str = "usage: screencap [-hp] [-d display-id] [FILENAME]\n   -h: this message\n   -p: save the file as a png.\n   -d: specify the display id to capture, default 0.\nIf FILENAME ends with .png it will be saved as a png.\nIf FILENAME is not given, the results will be printed to stdout.\n";

#[derive(Debug, PartialEq, Eq)]
struct Asked {
    png: bool,
    file: Option<String>,
}

/// Runs `screencap`.
pub fn screencap(call: Call) -> Running {
    Box::pin(async move {
        let Some(asked) = read(&call.argv[1..]) else {
            call.stdio.err(USAGE).await;
            return 1;
        };
        let machine = call.machine.clone();
        let api = machine.profile.api;
        let drawn = tokio::task::spawn_blocking(move || coded(&frame(&machine), asked.png, api)).await;
        let Ok(Some(bytes)) = drawn else {
            call.stdio.err("Failed to take screenshot. Status: -1\n").await;
            return 1;
        };
        spend(&call.machine, Work::Screencap).await;
        match asked.file {
            None => i32::from(!call.stdio.out(bytes).await),
            Some(path) => match file::put(&call, &path, bytes) {
                Ok(()) => 0,
                Err(reason) => {
                    call.stdio.err(format!("Error opening file: {path} ({reason})\n")).await;
                    1
                }
            },
        }
    })
}

fn coded(frame: &Frame, png: bool, api: u32) -> Option<Vec<u8>> {
    if png { picture::png(frame).ok() } else { Some(picture::raw(frame, api)) }
}

fn read(arguments: &[String]) -> Option<Asked> {
    let mut asked = Asked { png: false, file: None };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-p" => asked.png = true,
            "-d" => drop(words.next()?),
            other if other.starts_with('-') || asked.file.is_some() => return None,
            path => asked.file = Some(path.to_owned()),
        }
    }
    asked.png |= asked.file.as_ref().is_some_and(|f| f.ends_with(".png"));
    Some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_as_screencap_does() {
        let read = |words: &[&str]| read(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&["-p"]), Some(Asked { png: true, file: None }));
        assert_eq!(read(&["/sdcard/a.png"]), Some(Asked { png: true, file: Some("/sdcard/a.png".into()) }));
        assert_eq!(read(&["-d", "0", "/sdcard/a"]), Some(Asked { png: false, file: Some("/sdcard/a".into()) }));
        assert_eq!(read(&["-h"]), None);
    }
}
