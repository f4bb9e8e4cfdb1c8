//! What went over the network, host by host, before and after consent.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::sight::{Sight, since_start};
use crate::journal::entry::{Carried, Connection, ConsentAct, DataKind, Event, NetProtocol, Whose};
use crate::report::words::Both;

/// Most hosts in the table; the figures count all.
const MOST_HOSTS: usize = 500;
/// Most links to entries of one host.
const MOST_LINKS: usize = 12;

/// The network's section.
#[derive(Debug, Default, Serialize)]
pub struct Network {
    watched: bool,
    hosts: Vec<Host>,
    more: usize,
    connections: u64,
    others: u64,
    packets: u64,
    whole: bool,
    captures: Vec<String>,
    masked: u64,
    consented: bool,
}

#[derive(Debug, Default, Serialize)]
struct Host {
    name: String,
    by: Both,
    protocol: Both,
    clear: bool,
    unknown_owner: bool,
    requests: Vec<String>,
    times: u64,
    before: u64,
    untimed: u64,
    sent: u64,
    received: u64,
    first: String,
    carried: Vec<Both>,
    unread: String,
    entries: Vec<u64>,
}

/// The network of a journal.
pub fn network(sight: &Sight) -> Network {
    let consented = sight.entries.iter().find_map(|e| match &e.event {
        Event::Consent { act: ConsentAct::Accepted, .. } => Some(e.at.mono),
        _ => None,
    });
    let mut told = Network { whole: true, consented: consented.is_some(), ..Network::default() };
    let mut hosts: BTreeMap<(String, NetProtocol, bool), Host> = BTreeMap::new();
    for entry in sight.entries {
        match &entry.event {
            Event::NetworkWatched(_) => told.watched = true,
            Event::NetworkEnded(ended) => {
                told.others += ended.others;
                told.packets += ended.packets;
                told.masked += ended.masked;
                told.whole &= ended.whole && ended.untold == 0;
                told.captures.extend(ended.captures.iter().map(|c| c.sha256.clone()));
            }
            Event::Connection(c) => {
                told.connections += 1;
                let name = if c.host.is_empty() { c.address.clone() } else { c.host.clone() };
                let key = (format!("{name}:{}", c.port), c.protocol, c.whose == Whose::Unknown);
                hosts.entry(key.clone()).or_insert_with(|| Host::new(key.0, c)).add(entry.seq, c, consented);
            }
            _ => {}
        }
    }
    let mut hosts: Vec<Host> = hosts.into_values().collect();
    // What matters most first: personal data, then what is in the clear.
    hosts.sort_by_key(|h| (h.carried.is_empty(), !h.clear, std::cmp::Reverse(h.sent)));
    told.more = hosts.len().saturating_sub(MOST_HOSTS);
    hosts.truncate(MOST_HOSTS);
    told.hosts = hosts;
    told
}

impl Host {
    fn new(name: String, c: &Connection) -> Self {
        let clear = matches!(c.protocol, NetProtocol::Http | NetProtocol::Other);
        let by = match c.host_by.as_str() {
            "tls" => Both::new("TLS 握手", "TLS greeting"),
            "http" => Both::new("HTTP 请求", "HTTP request"),
            "dns" => Both::new("域名解析", "DNS"),
            _ => Both::new("仅地址", "address only"),
        };
        let unknown_owner = c.whose == Whose::Unknown;
        Self { name, by, clear, unknown_owner, protocol: protocol(c.protocol), ..Self::default() }
    }

    fn add(&mut self, seq: u64, c: &Connection, consented: Option<u64>) {
        self.times += 1;
        self.sent += c.sent;
        self.received += c.received;
        match (c.mono, consented) {
            // Without an acceptance everything lies before consent.
            (_, None) => self.before += 1,
            (Some(mono), Some(at)) => self.before += u64::from(mono < at),
            (None, Some(_)) => self.untimed += 1,
        }
        if self.first.is_empty() {
            self.first = c.mono.map(since_start).unwrap_or_default();
        }
        if self.unread.is_empty() {
            self.unread.clone_from(&c.unread);
        }
        if !c.request.is_empty() && self.requests.len() < 3 && !self.requests.contains(&c.request) {
            self.requests.push(c.request.clone());
        }
        if self.entries.len() < MOST_LINKS {
            self.entries.push(seq);
        }
        let known: BTreeSet<String> = self.carried.iter().map(|both| both.en.clone()).collect();
        let new = c.carried.iter().map(carried).filter(|both| !known.contains(&both.en));
        self.carried.extend(new.collect::<Vec<_>>());
    }
}

/// How a connection was packed, in words.
pub(super) fn protocol(protocol: NetProtocol) -> Both {
    match protocol {
        NetProtocol::Tls => Both::new("TLS 加密", "TLS"),
        NetProtocol::Quic => Both::new("QUIC 加密", "QUIC"),
        NetProtocol::Http => Both::new("HTTP 明文", "HTTP, in the clear"),
        NetProtocol::Other => Both::new("其他（未见加密）", "other, not seen to be encrypted"),
    }
}

/// A found value in words: what it is, its masked value, its form.
pub(super) fn carried(found: &Carried) -> Both {
    let kind = data_kind(found.kind);
    let rest = format!("{} {} ({})", found.name, found.masked, found.form);
    Both::new(format!("{}：{rest}", kind.zh), format!("{}: {rest}", kind.en))
}

/// A kind of personal data in words.
pub(super) fn data_kind(kind: DataKind) -> Both {
    let zh = match kind {
        DataKind::Location => "位置",
        DataKind::DeviceId => "设备标识符",
        DataKind::AdvertisingId => "广告标识符",
        DataKind::PhoneNumber => "手机号码",
        DataKind::Contacts => "联系人",
        DataKind::Account => "账号",
        DataKind::Password => "密码",
        DataKind::AppList => "应用列表",
    };
    Both::new(zh, kind.words())
}
