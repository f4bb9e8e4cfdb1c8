//! `tcpdump`, for root on a device that can be rooted; a production image has none.
//! Messages: tcpdump 4.9 and 4.99 with libpcap 1.9 and 1.10, from their sources. MODEL: the device drops nothing.

use std::collections::VecDeque;
use std::time::Duration;

use super::capture_file::{self, Link};
use super::exchange::{self, Life};
use super::filter::Filter;
use super::packet::Packet;
use super::print;
use crate::virtual_device::fs::{Actor, Open, path};
use crate::virtual_device::process::{Call, Running};

/// Bytes that wait to be written without `-U`: a stdio buffer.
const BUFFER: usize = 4_096;
/// Most packets that wait for their time.
const MOST_WAITING: usize = 200_000;
/// Usual most bytes of a packet.
const SNAPSHOT: u32 = 262_144;
const INTERFACES: [&str; 3] = ["any", "wlan0", "lo"];

/// `tcpdump [options] [expression]`.
pub fn program(call: Call) -> Running {
    Box::pin(run(call))
}

/// What the words ask for.
struct Options {
    interface: String,
    snapshot: u32,
    unbuffered: bool,
    count: Option<u64>,
    to: Option<String>,
    link: Option<String>,
    list: bool,
    version: bool,
    filter: Filter,
}

impl Options {
    fn read(words: &[String]) -> Result<Self, String> {
        let mut options = Self {
            interface: "wlan0".into(),
            snapshot: SNAPSHOT,
            unbuffered: false,
            count: None,
            to: None,
            link: None,
            list: false,
            version: false,
            filter: Filter::All,
        };
        let mut rest: Vec<&str> = Vec::new();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
                rest.push(word);
                continue;
            };
            match letters {
                "-version" => options.version = true,
                "-packet-buffered" => options.unbuffered = true,
                "-list-interfaces" => options.list = true,
                "-no-promiscuous-mode" | "-immediate-mode" => {}
                _ if letters.starts_with('-') => return Err(format!("unrecognized option '{word}'")),
                _ => options.letters(letters, &mut words)?,
            }
        }
        options.filter =
            Filter::parse(&rest.join(" ")).map_err(|why| format!("can't parse filter expression: {why}"))?;
        Ok(options)
    }

    fn letters<'a>(&mut self, letters: &'a str, words: &mut impl Iterator<Item = &'a str>) -> Result<(), String> {
        for (at, letter) in letters.char_indices() {
            match letter {
                'U' => self.unbuffered = true,
                'D' => self.list = true,
                // Promiscuity, names, ports, quiet, verbose, time stamps: nothing of a file changes with them.
                'p' | 'n' | 'N' | 'q' | 'v' | 'l' | 't' | 'e' | 'K' | 'S' | 'f' => {}
                'i' | 's' | 'c' | 'w' | 'y' | 'B' | 'Z' => {
                    let attached = &letters[at + letter.len_utf8()..];
                    let value = if attached.is_empty() { words.next() } else { Some(attached) };
                    let value = value.ok_or_else(|| format!("option requires an argument -- '{letter}'"))?;
                    return self.valued(letter, value);
                }
                'C' | 'G' | 'W' | 'r' | 'F' | 'X' | 'x' | 'A' | 'Q' | 'E' | 'z' | 'j' | 'T' | 'V' => {
                    return Err(format!("the virtual device has no model of option -{letter}"));
                }
                _ => return Err(format!("invalid option -- '{letter}'")),
            }
        }
        Ok(())
    }

    fn valued(&mut self, letter: char, value: &str) -> Result<(), String> {
        match letter {
            'i' => self.interface = value.into(),
            'w' => self.to = Some(value.into()),
            'y' => self.link = Some(value.into()),
            's' => {
                let given: u32 = value.parse().map_err(|_| format!("invalid snaplen {value}"))?;
                self.snapshot = if given == 0 { SNAPSHOT } else { given.min(SNAPSHOT) };
            }
            'c' => {
                let count = value.parse().ok().filter(|count| *count > 0);
                self.count = Some(count.ok_or_else(|| format!("invalid packet count {value}"))?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The link asked for, else the usual one. MODEL: cooked version 2 came with tcpdump 4.99, in API 33.
    fn link(&self, api: u32) -> Result<Link, String> {
        let usual = match self.interface.as_str() {
            "any" if api >= 33 => Link::Cooked2,
            "any" => Link::Cooked,
            _ => Link::Ethernet,
        };
        let Some(name) = &self.link else { return Ok(usual) };
        let asked = Link::named(name).ok_or_else(|| format!("invalid data link type {name}"))?;
        let fits = (asked == Link::Ethernet) == (usual == Link::Ethernet);
        fits.then_some(asked).ok_or_else(|| format!("{name} is not one of the DLTs supported by this device"))
    }
}

async fn run(call: Call) -> i32 {
    let options = match Options::read(call.argv.get(1..).unwrap_or_default()) {
        Ok(options) => options,
        Err(why) => return complain(&call, &why).await,
    };
    if options.version {
        let text = if call.machine.profile.api >= 33 {
            "tcpdump version 4.99.1\nlibpcap version 1.10.1\n"
        } else {
            "tcpdump version 4.9.3\nlibpcap version 1.9.1\n"
        };
        call.stdio.out(text).await;
        return 0;
    }
    if options.list {
        call.stdio.out("1.wlan0 [Up, Running]\n2.any (Pseudo-device that captures on all interfaces) [Up, Running]\n3.lo [Up, Running, Loopback]\n").await;
        return 0;
    }
    let interface = options.interface.as_str();
    if !INTERFACES.contains(&interface) {
        return complain(&call, &format!("{interface}: No such device exists\n(SIOCGIFHWADDR: No such device)")).await;
    }
    if call.uid != 0 {
        let why = format!(
            "{interface}: You don't have permission to capture on that device\n(socket: Operation not permitted)"
        );
        return complain(&call, &why).await;
    }
    let link = match options.link(call.machine.profile.api) {
        Ok(link) => link,
        Err(why) => return complain(&call, &why).await,
    };
    Capture::new(call, options, link).run().await
}

async fn complain(call: &Call, why: &str) -> i32 {
    call.stdio.err(format!("tcpdump: {why}\n")).await;
    1
}

struct Capture {
    call: Call,
    options: Options,
    link: Link,
    /// Microseconds of the device's own time at which it began.
    began: u64,
    /// Number of the first connection not looked at yet.
    next: u64,
    /// Packets on their way, with when they pass, in microseconds since power-on; the first first.
    waiting: VecDeque<(u64, Packet)>,
    buffer: Vec<u8>,
    caught: u64,
}

impl Capture {
    fn new(call: Call, options: Options, link: Link) -> Self {
        let began = micros(call.machine.clock.elapsed());
        Self { call, options, link, began, next: 0, waiting: VecDeque::new(), buffer: Vec::new(), caught: 0 }
    }

    async fn run(mut self) -> i32 {
        let mut changes = self.call.machine.system().changes();
        if let Err(status) = self.open().await {
            return status;
        }
        loop {
            self.learn();
            if !self.hand_out().await {
                break;
            }
            let until = self.waiting.front().map(|(at, _)| *at);
            let pause = until.map_or(Duration::from_secs(3_600), |at| {
                Duration::from_micros(at).saturating_sub(self.call.machine.clock.elapsed())
            });
            tokio::select! {
                biased;
                () = self.call.stdio.hangup.cancelled() => {
                    // What passed before the signal came is in the file.
                    self.learn();
                    self.hand_out().await;
                    break;
                }
                () = self.call.machine.power().cancelled() => return 1,
                changed = changes.changed() => if changed.is_err() { break },
                () = self.call.machine.clock.sleep(pause) => {}
            }
        }
        self.flush().await;
        let caught = self.caught;
        let plural = if caught == 1 { "packet" } else { "packets" };
        let told =
            format!("{caught} {plural} captured\n{caught} {plural} received by filter\n0 packets dropped by kernel\n");
        self.call.stdio.err(told).await;
        0
    }

    /// The words at the beginning, and the head of the file.
    async fn open(&mut self) -> Result<(), i32> {
        let (_, name, words) = self.link.names();
        let interface = &self.options.interface;
        let length = self.options.snapshot;
        let (words, length) = match self.call.machine.profile.api >= 33 {
            true => (words, format!("snapshot length {length} bytes")),
            // Before 4.99 there was one version only.
            false => (words.trim_end_matches(" v1"), format!("capture size {length} bytes")),
        };
        if self.options.to.is_none() {
            self.call.stdio.err("tcpdump: verbose output suppressed, use -v or -vv for full protocol decode\n").await;
        }
        let prefix = if self.options.to.is_some() { "tcpdump: " } else { "" };
        self.call.stdio.err(format!("{prefix}listening on {interface}, link-type {name} ({words}), {length}\n")).await;
        if self.options.to.is_some() {
            self.buffer = capture_file::head(self.link, self.options.snapshot);
        }
        if let Some(to) = self.file() {
            let actor = self.actor();
            let made = self.call.machine.files().write(actor, &to, Vec::new(), 0o644);
            if let Err(error) = made {
                self.call.stdio.err(format!("tcpdump: {to}: {error}\n")).await;
                return Err(1);
            }
        }
        // The head is written at once, also without `-U`: clients wait for it.
        self.flush().await;
        Ok(())
    }

    fn actor(&self) -> Actor {
        Actor::new(self.call.uid, self.call.machine.wall())
    }

    /// The file it writes to; `None` for standard output.
    fn file(&self) -> Option<String> {
        let name = self.options.to.as_deref().filter(|name| *name != "-")?;
        Some(path::absolute(&self.call.cwd, name))
    }

    /// Takes connections that were made meanwhile.
    fn learn(&mut self) {
        let machine = self.call.machine.clone();
        let mut system = machine.system();
        system.catch_up();
        if self.options.interface == "lo" {
            return;
        }
        let connections = system.connections();
        let first = connections.partition_point(|c| c.number < self.next);
        let recent = |c: &&super::Connection| micros(c.since + Life::LONGEST) >= self.began;
        for connection in connections[first..].iter().filter(recent) {
            let since = micros(connection.since);
            for packet in exchange::packets(connection) {
                let passes = since + packet.after;
                if passes >= self.began && self.options.filter.wants(&packet) && self.waiting.len() < MOST_WAITING {
                    self.waiting.push_back((passes, packet));
                }
            }
        }
        self.next = connections.last().map_or(self.next, |c| c.number + 1);
        self.waiting.make_contiguous().sort_by_key(|(at, _)| *at);
    }

    /// Writes what has passed; false when it is to end.
    async fn hand_out(&mut self) -> bool {
        let now = micros(self.call.machine.clock.elapsed());
        while self.waiting.front().is_some_and(|(at, _)| *at <= now) {
            let Some((_, packet)) = self.waiting.pop_front() else { break };
            match self.options.to {
                Some(_) => {
                    self.buffer.append(&mut capture_file::record(self.link, self.options.snapshot, &packet));
                }
                None => self.buffer.extend(print::line(&packet).into_bytes()),
            }
            self.caught += 1;
            if self.options.count.is_some_and(|count| self.caught >= count) {
                return false;
            }
            if self.buffer.len() >= BUFFER && !self.flush().await {
                return false;
            }
        }
        let now = self.options.unbuffered || self.options.to.is_none();
        !now || self.flush().await
    }

    /// Writes what waits; false when nobody takes it.
    async fn flush(&mut self) -> bool {
        let bytes = std::mem::take(&mut self.buffer);
        let Some(to) = self.file() else { return self.call.stdio.out(bytes).await };
        let machine = self.call.machine.clone();
        let actor = self.actor();
        let written = {
            let mut files = machine.files();
            files.create(actor, &to, Open::Keep, 0o644).and_then(|id| files.write_at(actor, id, None, &bytes))
        };
        if let Err(error) = written {
            complain(&self.call, &format!("{to}: {error}")).await;
            return false;
        }
        true
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
