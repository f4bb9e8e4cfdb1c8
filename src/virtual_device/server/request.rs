//! What a client asks the server: whom it means, and what it wants.
//! Source: AOSP `packages/modules/adb/SERVICES.TXT`.

/// Which device is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The only one there is.
    Any,
    /// The only one on USB; there never is one.
    Usb,
    /// The only one on TCP.
    Local,
    /// The one with this serial number.
    Serial(String),
    /// The one with this transport id.
    Id(u64),
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To the server, perhaps about a device; `None` means whichever the connection talks to.
    Host {
        /// The device, if one is named.
        target: Option<Target>,
        /// What is wanted.
        verb: String,
    },
    /// Let the connection talk to a device; `tells_id` wants the transport id in the answer.
    Transport {
        /// The device.
        target: Target,
        /// `tport:` answers with the transport id.
        tells_id: bool,
    },
    /// A service of the device that the connection talks to.
    Service(String),
}

impl Request {
    /// Takes a request apart; `None` when it names no device where it should.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("host-serial:") {
            let (serial, verb) = split_serial(rest)?;
            return Some(Self::host(Some(Target::Serial(serial.into())), verb));
        }
        if let Some(rest) = text.strip_prefix("host-transport-id:") {
            let (id, verb) = rest.split_once(':')?;
            return Some(Self::host(Some(Target::Id(id.parse().ok()?)), verb));
        }
        for (prefix, target) in [("host-usb:", Target::Usb), ("host-local:", Target::Local)] {
            if let Some(verb) = text.strip_prefix(prefix) {
                return Some(Self::host(Some(target), verb));
            }
        }
        match text.strip_prefix("host:") {
            Some(verb) => match Self::transport(verb) {
                Some((target, tells_id)) => Some(Self::Transport { target: target?, tells_id }),
                None => Some(Self::host(None, verb)),
            },
            None => Some(Self::Service(text.into())),
        }
    }

    fn host(target: Option<Target>, verb: &str) -> Self {
        Self::Host { target, verb: verb.into() }
    }

    /// The device a transport request names; the outer `None` when it is no such request.
    fn transport(verb: &str) -> Option<(Option<Target>, bool)> {
        let word = |word| match word {
            "any" => Some(Target::Any),
            "usb" => Some(Target::Usb),
            "local" => Some(Target::Local),
            _ => None,
        };
        if let Some(rest) = verb.strip_prefix("tport:") {
            let serial = rest.strip_prefix("serial:").map(|serial| Target::Serial(serial.into()));
            return Some((serial.or_else(|| word(rest)), true));
        }
        if let Some(serial) = verb.strip_prefix("transport:") {
            return Some((Some(Target::Serial(serial.into())), false));
        }
        if let Some(id) = verb.strip_prefix("transport-id:") {
            return Some((id.parse().ok().map(Target::Id), false));
        }
        verb.strip_prefix("transport-").map(|rest| (word(rest), false))
    }
}

/// Splits `SERIAL:VERB`; a serial number may be `HOST:PORT`.
fn split_serial(text: &str) -> Option<(&str, &str)> {
    let first = text.find(':')?;
    let rest = &text[first + 1..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let end = if digits > 0 && rest.as_bytes().get(digits) == Some(&b':') { first + 1 + digits } else { first };
    Some((&text[..end], &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(target: Option<Target>, verb: &str) -> Option<Request> {
        Some(Request::host(target, verb))
    }

    #[test]
    fn serial_numbers_may_hold_a_port() {
        let address = || Some(Target::Serial("127.0.0.1:5555".into()));
        assert_eq!(Request::parse("host-serial:127.0.0.1:5555:features"), host(address(), "features"));
        let emulator = || Some(Target::Serial("emulator-5554".into()));
        assert_eq!(
            Request::parse("host-serial:emulator-5554:forward:tcp:1;tcp:2"),
            host(emulator(), "forward:tcp:1;tcp:2")
        );
        assert_eq!(Request::parse("host-serial:lonely"), None);
    }

    #[test]
    fn every_way_to_name_a_device() {
        let transport = |target, tells_id| Some(Request::Transport { target, tells_id });
        assert_eq!(Request::parse("host:transport-any"), transport(Target::Any, false));
        assert_eq!(Request::parse("host:transport:a:1"), transport(Target::Serial("a:1".into()), false));
        assert_eq!(Request::parse("host:transport-id:7"), transport(Target::Id(7), false));
        assert_eq!(Request::parse("host:tport:any"), transport(Target::Any, true));
        assert_eq!(Request::parse("host:tport:serial:x"), transport(Target::Serial("x".into()), true));
        assert_eq!(Request::parse("host:transport-id:x"), None);
        assert_eq!(Request::parse("host-transport-id:3:get-state"), host(Some(Target::Id(3)), "get-state"));
        assert_eq!(Request::parse("host-usb:get-state"), host(Some(Target::Usb), "get-state"));
        assert_eq!(Request::parse("shell:ls"), Some(Request::Service("shell:ls".into())));
    }
}
