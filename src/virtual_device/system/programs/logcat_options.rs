//! The options of `logcat`.

use super::logcat_format::Format;
use super::stamp;
use crate::virtual_device::system::{Buffer, LogLine};

/// What `logcat` was asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to do.
    pub mode: Mode,
    /// Buffers to read.
    pub buffers: Vec<Buffer>,
    /// How to write lines.
    pub format: Format,
    /// Lines to begin with.
    pub begin: Begin,
    filters: Vec<(String, u8)>,
    other_tags: u8,
    pid: Option<u32>,
    pattern: Option<regex::Regex>,
    /// Most lines printed.
    pub most: Option<usize>,
    /// Entries as liblog hands them out (`-B`), not text.
    pub binary: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Print what there is and go on with what comes.
    Follow,
    /// Print what there is and exit.
    Dump,
    /// Empty the buffers.
    Clear,
    /// Print their sizes.
    Sizes,
    /// Nothing (`-G`, `-P` and the like).
    Nothing,
}

/// Lines to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The oldest.
    Oldest,
    /// The last so many.
    Last(usize),
    /// Those from a time on, in milliseconds since 1970.
    Since(i64),
}

/// Letters of the priorities, lowest first.
const PRIORITIES: &str = "VDIWEFS";

impl Options {
    /// Reads the arguments. `now` is the device's wall time.
    ///
    /// # Errors
    /// What `logcat` prints of the first argument it can't read.
    pub fn read(args: &[&str], api: u32, now: i64) -> Result<Self, String> {
        let mut options = Self {
            mode: Mode::Follow,
            buffers: Vec::new(),
            format: Format::default(),
            begin: Begin::Oldest,
            filters: Vec::new(),
            other_tags: 0,
            pid: None,
            pattern: None,
            most: None,
            binary: false,
        };
        let mut args = args.iter().copied();
        while let Some(arg) = args.next() {
            if !arg.starts_with('-') {
                options.filter(arg)?;
                continue;
            }
            options.option(arg, &mut args, api, now)?;
        }
        if options.buffers.is_empty() {
            options.buffers = vec![Buffer::Main, Buffer::System, Buffer::Crash];
        }
        Ok(options)
    }

    fn option<'a>(
        &mut self,
        arg: &str,
        rest: &mut impl Iterator<Item = &'a str>,
        api: u32,
        now: i64,
    ) -> Result<(), String> {
        let (name, mut attached) = split(arg);
        let mut value = || {
            attached
                .take()
                .or_else(|| rest.next().map(String::from))
                .ok_or_else(|| format!("Option {name} needs a value\n"))
        };
        match name {
            "-d" | "--dump" => self.mode = Mode::Dump,
            "-c" | "--clear" => self.mode = Mode::Clear,
            "-g" | "--buffer-size" => self.mode = Mode::Sizes,
            "-G" | "-P" | "-p" | "-S" | "-f" | "-r" | "-n" if matches!(name, "-p" | "-S") => self.mode = Mode::Nothing,
            "-G" | "-P" => {
                value()?;
                self.mode = Mode::Nothing;
            }
            "-b" | "--buffer" => self.add_buffers(&value()?)?,
            "-v" | "--format" => {
                for word in value()?.split([',', ' ']).filter(|w| !w.is_empty()) {
                    if !self.format.add(word, api) {
                        return Err(format!("Invalid parameter {word} to -v\n{}", usage(api)));
                    }
                }
            }
            "-s" => self.other_tags = 6,
            "-t" | "-T" => {
                self.begin = begin(&value()?, api, now)?;
                if name == "-t" {
                    self.mode = Mode::Dump;
                }
            }
            "-m" | "--max-count" => self.most = value()?.parse().ok(),
            "-e" | "--regex" => {
                let text = value()?;
                let built = regex::RegexBuilder::new(&text).size_limit(1 << 20).build();
                self.pattern = Some(built.map_err(|_| format!("Invalid regex {text}\n"))?);
            }
            "--pid" => self.pid = value()?.parse().ok(),
            "-B" | "--binary" => self.binary = true,
            // Nothing is kept over a restart.
            "-L" | "--last" => {
                self.mode = Mode::Dump;
                self.begin = Begin::Last(0);
            }
            "-D" | "-C" | "--print" | "--wrap" | "--dividers" => {}
            "--help" | "-h" => return Err(usage(api).to_owned()),
            other => return Err(format!("Unrecognized Option {other}\n{}", usage(api))),
        }
        Ok(())
    }

    fn add_buffers(&mut self, list: &str) -> Result<(), String> {
        for name in list.split(',') {
            match name {
                "all" => self.buffers.extend(Buffer::ALL),
                "default" => self.buffers.extend([Buffer::Main, Buffer::System, Buffer::Crash]),
                "kernel" | "security" | "stats" => {}
                name => {
                    let buffer = Buffer::named(name);
                    self.buffers.push(buffer.ok_or_else(|| format!("Unable to open log device '{name}'\n"))?);
                }
            }
        }
        Ok(())
    }

    fn filter(&mut self, spec: &str) -> Result<(), String> {
        let (tag, priority) = spec.split_once(':').unwrap_or((spec, if spec == "*" { "D" } else { "V" }));
        let letter = priority.chars().next().unwrap_or('V').to_ascii_uppercase();
        let letter = if letter == '*' { 'V' } else { letter };
        let rank = PRIORITIES.find(letter).and_then(|at| u8::try_from(at).ok());
        let rank = rank.ok_or_else(|| format!("Invalid filter expression '{spec}'\n"))?;
        if tag == "*" {
            self.other_tags = rank;
        } else {
            self.filters.push((tag.into(), rank));
        }
        Ok(())
    }

    /// Whether a line is wanted.
    pub fn wants(&self, line: &LogLine) -> bool {
        let rank = PRIORITIES.find(line.priority).and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
        let least = self.filters.iter().find(|(tag, _)| *tag == line.tag).map_or(self.other_tags, |(_, rank)| *rank);
        rank >= least
            && self.pid.is_none_or(|pid| pid == line.pid)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(&line.text))
    }
}

/// The usage, captured on API 23. MODEL: later releases say no more than its head.
fn usage(api: u32) -> &'static str {
    if api <= 23 { concat!(include_str!("logcat_usage.txt"), "\n") } else { "Usage: logcat [options] [filterspecs]\n" }
}

/// `--name=value`, `-bmain` and `-v` taken apart.
fn split(arg: &str) -> (&str, Option<String>) {
    if arg.starts_with("--") {
        return match arg.split_once('=') {
            Some((name, value)) => (name, Some(value.into())),
            None => (arg, None),
        };
    }
    match arg.char_indices().nth(2) {
        Some((at, _)) if "bvtTmeGP".contains(&arg[1..2]) => (&arg[..at], Some(arg[at..].into())),
        _ => (arg, None),
    }
}

fn begin(text: &str, api: u32, now: i64) -> Result<Begin, String> {
    if let Ok(count) = text.parse::<usize>() {
        return Ok(Begin::Last(count));
    }
    // Captured: API 23 takes `MM-DD hh:mm:ss.mmm` alone.
    let known = api > 23 || text.get(2..3) == Some("-");
    let at = stamp::read(text, now).filter(|_| known).map(Begin::Since);
    at.ok_or_else(|| format!("-t \"{text}\" not in time format\n"))
}
