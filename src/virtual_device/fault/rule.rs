//! What is to go wrong, and when: one rule, as written in a file of faults.

use std::time::Duration;

use serde::Deserialize;

use crate::virtual_device::specimen::Span;

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// What goes wrong.
    pub fault: Kind,
    /// When a client opens a service whose name contains this; an empty text is every service.
    #[serde(default)]
    pub service: Option<String>,
    /// When a program of this name is started, by whatever script.
    #[serde(default)]
    pub program: Option<String>,
    /// At this time after the rule was given to the device; together with `service` or `program`: not before it.
    #[serde(default)]
    pub at: Option<Span>,
    /// So many occasions pass by first.
    #[serde(default)]
    pub after_calls: u32,
    /// How many occasions it strikes, then it is over.
    #[serde(default = "once")]
    pub times: u32,
    /// How long it lasts. What it means without one stands at each [`Kind`].
    #[serde(default, rename = "for")]
    pub lasts: Option<Span>,
    /// So many bytes of the answer come through unharmed first.
    #[serde(default)]
    pub after_bytes: u64,
    /// Bytes that are garbled, bytes a second of a slow link, or bytes that stay free on a full disk.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// How far the clock jumps; `-` before it for a jump back.
    #[serde(default)]
    pub by: Option<Jump>,
    /// Package whose process is killed; without it the app in front.
    #[serde(default)]
    pub package: Option<String>,
}

fn once() -> u32 {
    1
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An answer stops and nothing more comes; `for`: it goes on after that time.
    Stall,
    /// One packet was lost: silence for `for`, else one second (the first retransmission of RFC 6298), once.
    Silence,
    /// The link breaks in the middle of an answer, and every other stream with it.
    Cut,
    /// An answer ends early, without its status, as if all was said.
    Truncate,
    /// `bytes` of an answer (8) are other bytes than the device sent.
    Garbage,
    /// An answer comes at `bytes` a second (20,000).
    Slow,
    /// The service is not there: the device closes the stream at once.
    Closed,
    /// The device starts anew and is gone for `for` (3 s).
    Reboot,
    /// The device is listed but does not answer for `for` (3 s).
    Offline,
    /// The disk is full but for `bytes` (0); `for`: room is made after that time.
    DiskFull,
    /// The system kills an app's process, or the program that is being started, for want of memory.
    Kill,
    /// The wall clock jumps by `by`.
    ClockJump,
    /// `uiautomator dump` finds no root.
    NullRoot,
    /// `uiautomator dump` ends without a word and without a file.
    EmptyDump,
    /// `uiautomator dump` finds the screen in motion.
    NotIdle,
    /// Somebody else holds UiAutomation.
    AlreadyRegistered,
    /// A dialog of the system comes up while `uiautomator dump` is at work, and stands in its output.
    Dialog,
}

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The stream of a service.
    Stream,
    /// `uiautomator dump`.
    Dump,
    /// The device as a whole.
    Device,
}

/// A jump of the clock, forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jump {
    /// In milliseconds.
    pub millis: i64,
}

impl<'de> Deserialize<'de> for Jump {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let (sign, span) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.as_str()),
        };
        let span = Span::parse(span)
            .ok_or_else(|| serde::de::Error::custom(format!("'{text}' is no time: write 36h, -5m, 10s")))?;
        Ok(Self { millis: sign * i64::try_from(span.0.as_millis()).unwrap_or(i64::MAX) })
    }
}

impl Kind {
    /// Where it strikes.
    pub fn place(self) -> Place {
        match self {
            Self::Stall | Self::Silence | Self::Cut | Self::Truncate | Self::Garbage | Self::Slow | Self::Closed => {
                Place::Stream
            }
            Self::NullRoot | Self::EmptyDump | Self::NotIdle | Self::AlreadyRegistered | Self::Dialog => Place::Dump,
            Self::Reboot | Self::Offline | Self::DiskFull | Self::Kill | Self::ClockJump => Place::Device,
        }
    }

    /// Whether a program can be struck by it as it starts.
    fn suits_program(self) -> bool {
        self.place() == Place::Device || matches!(self, Self::Stall | Self::Silence)
    }
}

impl Rule {
    /// What is wrong with the rule itself.
    pub fn mistake(&self) -> Option<&'static str> {
        let place = self.fault.place();
        if self.service.is_some() && self.program.is_some() {
            return Some("name a service or a program, not both");
        }
        if place == Place::Dump && (self.service.is_some() || self.program.is_some()) {
            return Some("this strikes `uiautomator dump`; it takes neither a service nor a program");
        }
        if self.program.is_some() && !self.fault.suits_program() {
            return Some("this can't happen to a program; name a service");
        }
        if (self.fault == Kind::ClockJump) != self.by.is_some() {
            return Some("clock-jump takes `by`, and nothing else does");
        }
        if self.times == 0 {
            return Some("`times` is at least 1");
        }
        None
    }

    /// Whether it waits for its time alone.
    pub fn is_timed(&self) -> bool {
        self.fault.place() == Place::Device && self.service.is_none() && self.program.is_none()
    }

    /// How long it lasts, or `usual` milliseconds.
    pub fn lasts_or(&self, usual: u64) -> Duration {
        self.lasts.map_or(Duration::from_millis(usual), |span| span.0)
    }
}
