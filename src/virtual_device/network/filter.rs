//! Which packets are wanted: the common part of libpcap's language (`pcap-filter(7)`). What is not known here is refused,
//! never passed over.

use std::net::IpAddr;

use super::address;
use super::packet::{Packet, TCP, UDP};

/// Deepest nesting of parentheses.
const DEEPEST: u32 = 50;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    All,
    Protocol(u8),
    Family4(bool),
    Host(Way, IpAddr),
    Net(Way, IpAddr, u8),
    Ports(Way, u16, u16),
    /// At least, or at most, so many bytes.
    Greater(usize),
    Less(usize),
    Not(Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
}

/// Which end is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Source,
    Destination,
    Either,
}

impl Filter {
    /// Reads an expression, as words or as one word.
    pub fn parse(text: &str) -> Result<Self, String> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace("&&", " and ").replace("||", " or ");
        // `!` before a word; `!=` belongs to comparisons, which are not known here.
        let spaced = spaced.replace("!=", "\u{1}").replace('!', " not ").replace('\u{1}', "!=");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        if words.is_empty() {
            return Ok(Filter::All);
        }
        let mut reader = Reader { words: &words, at: 0, depth: 0 };
        let filter = reader.either()?;
        match reader.peek() {
            None => Ok(filter),
            Some(word) => Err(unknown(word)),
        }
    }

    /// Whether a packet is wanted.
    pub fn wants(&self, packet: &Packet) -> bool {
        let ends = |way: Way, test: &dyn Fn(&super::packet::End) -> bool| match way {
            Way::Source => test(&packet.from),
            Way::Destination => test(&packet.to),
            Way::Either => test(&packet.from) || test(&packet.to),
        };
        match self {
            Filter::All => true,
            Filter::Protocol(number) => packet.protocol == *number,
            Filter::Family4(four) => packet.from.address.is_ipv4() == *four,
            Filter::Host(way, host) => ends(*way, &|end| end.address == *host),
            Filter::Net(way, net, bits) => ends(*way, &|end| within(end.address, *net, *bits)),
            Filter::Ports(way, from, to) => ends(*way, &|end| (*from..=*to).contains(&end.port)),
            Filter::Greater(length) => packet.bytes.len() >= *length,
            Filter::Less(length) => packet.bytes.len() <= *length,
            Filter::Not(inner) => !inner.wants(packet),
            Filter::And(a, b) => a.wants(packet) && b.wants(packet),
            Filter::Or(a, b) => a.wants(packet) || b.wants(packet),
        }
    }
}

fn within(address: IpAddr, net: IpAddr, bits: u8) -> bool {
    match (address, net) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let kept = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            u32::from(a) & kept == u32::from(b) & kept
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let kept = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            u128::from(a) & kept == u128::from(b) & kept
        }
        _ => false,
    }
}

fn unknown(word: &str) -> String {
    format!("syntax error: the virtual device does not know `{word}` here")
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Result<&'a str, String> {
        let word = self.peek().ok_or("syntax error")?;
        self.at += 1;
        Ok(word)
    }

    fn takes(&mut self, word: &str) -> bool {
        let is = self.peek() == Some(word);
        self.at += usize::from(is);
        is
    }

    /// `and` and `or` bind equally and to the left.
    fn either(&mut self) -> Result<Filter, String> {
        let mut filter = self.term()?;
        loop {
            if self.takes("and") {
                filter = Filter::And(Box::new(filter), Box::new(self.term()?));
            } else if self.takes("or") {
                filter = Filter::Or(Box::new(filter), Box::new(self.term()?));
            } else {
                return Ok(filter);
            }
        }
    }

    fn term(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("expression too deep".into());
        }
        let filter = if self.takes("not") {
            Filter::Not(Box::new(self.term()?))
        } else if self.takes("(") {
            let inner = self.either()?;
            if !self.takes(")") {
                return Err("syntax error".into());
            }
            inner
        } else {
            self.primitive()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn primitive(&mut self) -> Result<Filter, String> {
        let start = self.at;
        let protocol = match self.peek() {
            Some("tcp") => Some(Filter::Protocol(TCP)),
            Some("udp") => Some(Filter::Protocol(UDP)),
            Some("icmp") => Some(Filter::Protocol(1)),
            Some("icmp6") => Some(Filter::Protocol(58)),
            Some("ip") => Some(Filter::Family4(true)),
            Some("ip6") => Some(Filter::Family4(false)),
            _ => None,
        };
        self.at += usize::from(protocol.is_some());
        let way = match self.peek() {
            Some("src") => Way::Source,
            Some("dst") => Way::Destination,
            _ => Way::Either,
        };
        self.at += usize::from(way != Way::Either);
        let narrowed = |filter: Filter| match protocol.clone() {
            Some(protocol) => Filter::And(Box::new(protocol), Box::new(filter)),
            None => filter,
        };
        match self.peek() {
            Some("host") => {
                self.at += 1;
                Ok(narrowed(Filter::Host(way, address::of_host(self.next()?))))
            }
            Some("port") => {
                self.at += 1;
                let port = port(self.next()?)?;
                Ok(narrowed(Filter::Ports(way, port, port)))
            }
            Some("portrange") => {
                self.at += 1;
                let range = self.next()?;
                let (from, to) = range.split_once('-').ok_or_else(|| unknown(range))?;
                Ok(narrowed(Filter::Ports(way, port(from)?, port(to)?)))
            }
            Some("net") => {
                self.at += 1;
                let written = self.next()?;
                let (net, bits) = written.split_once('/').ok_or_else(|| unknown(written))?;
                let parsed = net.parse().ok().zip(bits.parse().ok());
                let (net, bits) = parsed.ok_or_else(|| unknown(written))?;
                Ok(narrowed(Filter::Net(way, net, bits)))
            }
            Some(word @ ("greater" | "less")) if way == Way::Either && protocol.is_none() => {
                self.at += 1;
                let written = self.next()?;
                let length = written.parse().map_err(|_| unknown(written))?;
                Ok(if word == "greater" { Filter::Greater(length) } else { Filter::Less(length) })
            }
            Some(word) if way != Way::Either && word.parse::<IpAddr>().is_ok() => {
                self.at += 1;
                Ok(narrowed(Filter::Host(way, address::of_host(word))))
            }
            _ => match protocol {
                Some(protocol) if way == Way::Either => Ok(protocol),
                _ => Err(self.words.get(start).map_or("syntax error".into(), |word| unknown(word))),
            },
        }
    }
}

fn port(word: &str) -> Result<u16, String> {
    match word {
        "http" => Ok(80),
        "https" => Ok(443),
        "domain" => Ok(53),
        _ => word.parse().map_err(|_| unknown(word)),
    }
}
