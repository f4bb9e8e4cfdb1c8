//! What left the device over the network: in the clear, to whom, and whether the lists name them.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::place::{Sought, sought};
use crate::catalogue::ThirdParty;
use crate::journal::entry::{Carried, Connection, DataKind, NetProtocol, ObservedKind, TextRead, Whose};
use crate::judge::case::{Case, Moment};
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::{Launch, Network};
use crate::ui::Concept;

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "cleartext-transmission", needs: &[Launch, Network], decide: cleartext },
    Rule { finding: "undisclosed-third-party-transfer", needs: &[Launch, Network], decide: third_party },
    Rule { finding: "sdk-not-declared", needs: &[Launch, Network], decide: sdk_not_declared },
];

/// Packets carry the device's time; closer to a tap than this they can't be put in order with it, in ms (ours).
const CLOCKS_AGREE: u64 = 200;
/// Most hosts named in a reason.
const MOST_NAMED: usize = 8;
/// Endings beneath which names are given to different owners.
const SHARED_ENDINGS: [[&str; 2]; 12] = [
    ["cn", "com"],
    ["cn", "net"],
    ["cn", "org"],
    ["cn", "gov"],
    ["cn", "edu"],
    ["hk", "com"],
    ["tw", "com"],
    ["uk", "co"],
    ["jp", "co"],
    ["kr", "co"],
    ["au", "com"],
    ["br", "com"],
];

/// Whose a host is.
enum Host<'c> {
    Operator,
    Other(&'c ThirdParty),
    Unknown,
}

/// Personal data on its way to a host.
struct Transfer<'a> {
    at: Moment,
    mono: Option<u64>,
    host: &'a str,
    kinds: BTreeSet<DataKind>,
}

fn own<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = (Moment, &'a Connection)> + 'c {
    case.connections.iter().filter(|(_, c)| c.whose == Whose::App).copied()
}

/// Connections whose owner the device did not tell.
fn unowned<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = (Moment, &'a Connection)> + 'c {
    case.connections.iter().filter(|(_, c)| c.whose == Whose::Unknown).copied()
}

fn host(connection: &Connection) -> &str {
    if connection.host.is_empty() { &connection.address } else { &connection.host }
}

/// What was searched for, in words.
fn searched(case: &Case) -> String {
    let kinds = case.network.iter().flat_map(|watched| &watched.searched);
    kinds.map(|kind| kind.words()).collect::<Vec<_>>().join(", ")
}

fn listed<'s>(items: impl Iterator<Item = &'s str>) -> String {
    let all: BTreeSet<&str> = items.collect();
    let more = if all.len() > MOST_NAMED { format!(" and {} more", all.len() - MOST_NAMED) } else { String::new() };
    all.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join(", ") + &more
}

/// Kinds of data by host: `a.example (location, device identifier)`.
fn by_host<'s>(items: impl Iterator<Item = (&'s str, DataKind)>) -> String {
    let mut hosts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (host, kind) in items {
        hosts.entry(host).or_default().insert(kind.words());
    }
    let told = hosts.iter().take(MOST_NAMED);
    told.map(|(host, kinds)| format!("{host} ({})", kinds.iter().copied().collect::<Vec<_>>().join(", ")))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Why "nothing of the kind" can't be said of the app's connections; `None` when all of them were told.
fn unseen(case: &Case) -> Option<Ruling> {
    if case.untold > 0 {
        let words = format!("{} connections were not told one by one: there were too many", case.untold);
        return Some(Ruling::not_assessable(words));
    }
    let stray: Vec<(Moment, &Connection)> = unowned(case).collect();
    if own(case).next().is_none() && !stray.is_empty() {
        let hosts = listed(stray.iter().map(|(_, c)| host(c)));
        let words = format!("whose connections went to {hosts} could not be told: they may be the app's");
        return Some(Ruling::not_assessable(words).at(stray.iter().map(|(at, _)| *at)));
    }
    None
}

fn is_digest(carried: &Carried) -> bool {
    matches!(carried.form.as_str(), "md5" | "sha1" | "sha256")
}

fn cleartext(case: &Case, marks: &Marks) -> Ruled {
    let most = marks.get("cleartext_items")?;
    let clear = |c: &Connection| matches!(c.protocol, NetProtocol::Http | NetProtocol::Other);
    let open: Vec<(Moment, &Connection)> = own(case).filter(|(_, c)| clear(c)).collect();
    let carrying: Vec<(Moment, &Connection)> = open.iter().filter(|(_, c)| !c.carried.is_empty()).copied().collect();
    let items: u64 = carrying.iter().map(|(_, c)| c.carried.len() as u64).sum();
    if items > most.count() {
        let told = by_host(carrying.iter().flat_map(|(_, c)| c.carried.iter().map(|f| (host(c), f.kind))));
        // A digest of an identifier identifies as well, but it is one measure of several.
        let digests_only = carrying.iter().all(|(_, c)| c.carried.iter().all(is_digest));
        return Ok(Ruling::observed(format!("sent without encryption to {told}"))
            .at(carrying.iter().map(|(at, _)| *at))
            .by(&most)
            .for_review(digests_only));
    }
    let stray: Vec<(Moment, &Connection)> = unowned(case).filter(|(_, c)| clear(c) && !c.carried.is_empty()).collect();
    if !stray.is_empty() {
        let told = by_host(stray.iter().flat_map(|(_, c)| c.carried.iter().map(|f| (host(c), f.kind))));
        let words =
            format!("something on the device sent without encryption to {told}; whose it was could not be told");
        return Ok(Ruling::not_assessable(words).at(stray.iter().map(|(at, _)| *at)).for_review(true));
    }
    let may_be_own = unowned(case).filter(|(_, c)| clear(c));
    let unread: Vec<(Moment, &Connection)> =
        open.iter().copied().chain(may_be_own).filter(|(_, c)| !c.unread.is_empty()).collect();
    if let Some((_, first)) = unread.first() {
        let hosts = listed(unread.iter().map(|(_, c)| host(c)));
        let words = format!("what was sent without encryption to {hosts} could not be read: {}", first.unread);
        return Ok(Ruling::not_assessable(words).at(unread.iter().map(|(at, _)| *at)));
    }
    if let Some(unseen) = unseen(case) {
        return Ok(unseen);
    }
    if own(case).next().is_none() {
        return Ok(Ruling::not_triggered("the app made no connection that is known to be its own"));
    }
    let hosts = listed(open.iter().map(|(_, c)| host(c)));
    Ok(match open.is_empty() {
        true => Ruling::not_observed("every connection of the app was encrypted").at(own(case).map(|(at, _)| at)),
        false => Ruling::not_observed(format!(
            "what was sent without encryption to {hosts} holds none of the values known of this device ({})",
            searched(case)
        ))
        .at(open.iter().map(|(at, _)| *at)),
    }
    .by(&most))
}

impl<'a> Case<'a> {
    /// Whose a host is, by the list of companies and by the app's own name.
    fn owner_of(&self, name: &str) -> Host<'_> {
        let package = self.package();
        if let Some(party) = self.third_parties().of_host(name) {
            return if party.owns(package) { Host::Operator } else { Host::Other(party) };
        }
        let (name, package): (Vec<&str>, Vec<&str>) = (name.rsplit('.').collect(), package.split('.').collect());
        let shared = SHARED_ENDINGS.iter().any(|ending| name.starts_with(ending));
        let needed = if shared { 3 } else { 2 };
        let same = name.iter().zip(&package).take_while(|(a, b)| a == b).count();
        if same >= needed { Host::Operator } else { Host::Unknown }
    }

    /// Personal data that the app sent, by the capture and by what observers saw.
    fn transfers(&self) -> Vec<Transfer<'_>> {
        let caught = own(self).filter(|(_, c)| !c.carried.is_empty()).map(|(at, c)| Transfer {
            at,
            mono: c.mono,
            host: host(c),
            kinds: c.carried.iter().map(|f| f.kind).collect(),
        });
        let seen = self.observed.iter().filter(|(_, o)| o.seen == ObservedKind::DataSent && self.is_about_app(o));
        let seen = seen.filter_map(|(at, o)| {
            Some(Transfer { at: *at, mono: Some(o.mono), host: &o.what, kinds: [o.data?].into() })
        });
        caught.chain(seen).collect()
    }

    /// Whether something happened before the person agreed to the policy, or without that; `None` when it can't be told.
    fn before_consent(&self, mono: Option<u64>) -> Option<bool> {
        let Some(accepted) = self.accepted() else { return Some(true) };
        let mono = mono?;
        match () {
            () if mono + CLOCKS_AGREE <= accepted.tap.mono => Some(true),
            () if mono >= accepted.tap.mono + CLOCKS_AGREE => Some(false),
            () => None,
        }
    }

    /// Whether the texts that were read name a company; `None` when one that may name it was not read to its end.
    fn names(&self, party: &ThirdParty) -> Option<bool> {
        if declarations(self).any(|(_, read)| party.is_named_in(&read.text)) {
            return Some(true);
        }
        let whole = |concept: Concept| declarations(self).any(|(_, read)| read.concept == concept && read.whole);
        let no_list = || matches!(sought(self, Concept::SdkList), Sought::Absent(..));
        (whole(Concept::SdkList) || whole(Concept::PrivacyPolicy) && no_list()).then_some(false)
    }
}

fn third_party(case: &Case, _: &Marks) -> Ruled {
    if own(case).next().is_none() && case.transfers().is_empty() {
        let none = || Ruling::not_triggered("the app made no connection that is known to be its own");
        return Ok(unseen(case).unwrap_or_else(none));
    }
    let mut secret: Vec<(Moment, &str, DataKind)> = Vec::new();
    let (mut unsure, mut foreign) = (Vec::new(), Vec::new());
    let transfers = case.transfers();
    for transfer in &transfers {
        let told = transfer.kinds.iter().map(|kind| (transfer.at, transfer.host, *kind));
        match case.owner_of(transfer.host) {
            Host::Operator => {}
            Host::Unknown => foreign.extend(told),
            Host::Other(party) => match (case.before_consent(transfer.mono), case.names(party)) {
                (Some(true), _) | (Some(false), Some(false)) => secret.extend(told),
                (Some(false), Some(true)) => {}
                _ => unsure.extend(told),
            },
        }
    }
    let words = |items: &[(Moment, &str, DataKind)]| by_host(items.iter().map(|(_, host, kind)| (*host, *kind)));
    let moments = |items: &[(Moment, &str, DataKind)]| items.iter().map(|(at, ..)| *at).collect::<BTreeSet<_>>();
    if !secret.is_empty() {
        let told = format!("given to others before consent, or to others that no list names: {}", words(&secret));
        return Ok(Ruling::observed(told).at(moments(&secret)).at(case.accepted().map(|c| c.at)).for_review(true));
    }
    if !foreign.is_empty() {
        let told = format!(
            "sent to hosts that are not known to be the operator's; a person must tell whose they are: {}",
            words(&foreign)
        );
        return Ok(Ruling::not_assessable(told).at(moments(&foreign)).for_review(true));
    }
    if !unsure.is_empty() {
        let told = format!("given to others: {}; whether that was declared could not be told", words(&unsure));
        return Ok(Ruling::not_assessable(told).at(moments(&unsure)).for_review(true));
    }
    let hidden: Vec<(Moment, &Connection)> = own(case)
        .filter(|(_, c)| !matches!(case.owner_of(host(c)), Host::Operator))
        .filter(|(_, c)| matches!(c.protocol, NetProtocol::Tls | NetProtocol::Quic) || !c.unread.is_empty())
        .collect();
    if !hidden.is_empty() {
        let hosts = listed(hidden.iter().map(|(_, c)| host(c)));
        let told = format!("only the names of hosts were seen, what was sent is encrypted: {hosts}");
        return Ok(Ruling::not_assessable(told).at(hidden.iter().map(|(at, _)| *at)));
    }
    if let Some(unseen) = unseen(case) {
        return Ok(unseen);
    }
    if unowned(case).any(|(_, c)| !c.carried.is_empty()) {
        return Ok(Ruling::not_assessable(
            "personal data left the device in a connection whose owner could not be told",
        ));
    }
    Ok(Ruling::not_observed(format!(
        "none of the values known of this device ({}) went to a host that is not the operator's without being declared",
        searched(case)
    )))
}

/// A company that stands in many apps, and which of its hosts the app contacted, from when on.
struct Contact<'c> {
    party: &'c ThirdParty,
    hosts: BTreeSet<&'c str>,
    at: Moment,
}

/// Companies whose code stands in many apps, as far as the app contacted them.
fn contacts<'c>(case: &'c Case) -> Vec<Contact<'c>> {
    let mut found: BTreeMap<&str, Contact> = BTreeMap::new();
    for (at, connection) in own(case) {
        if let Host::Other(party) = case.owner_of(host(connection)) {
            let contact = found.entry(&party.name).or_insert_with(|| Contact { party, hosts: BTreeSet::new(), at });
            contact.hosts.insert(host(connection));
        }
    }
    found.into_values().collect()
}

fn told(contacts: &[&Contact]) -> String {
    let each = contacts.iter().map(|Contact { party, hosts, .. }| {
        format!("{} / {} ({})", party.name, party.zh, hosts.iter().copied().collect::<Vec<_>>().join(", "))
    });
    each.take(MOST_NAMED).collect::<Vec<_>>().join("; ")
}

fn moments(contacts: &[&Contact]) -> Vec<Moment> {
    contacts.iter().map(|contact| contact.at).collect()
}

/// What the network says where a search found no list of SDKs (`nowhere` in words, at that entry): whether there was
/// anything to list, and whether another text names it.
pub(super) fn without_a_list(case: &Case, nowhere: &str, at: Moment) -> Ruling {
    let found = contacts(case);
    let texts: Vec<Moment> = declarations(case).map(|(at, ..)| at).collect();
    if found.is_empty() {
        let words = format!("{nowhere}; which third-party SDKs the app holds was not looked at");
        return Ruling::not_assessable(words).at([at]).for_review(true);
    }
    let (named, unnamed): (Vec<&Contact>, Vec<&Contact>) =
        found.iter().partition(|contact| case.names(contact.party) == Some(true));
    let base = |ruling: Ruling, contacts: &[&Contact]| {
        ruling.at([at]).at(moments(contacts)).at(texts.iter().copied()).for_review(true)
    };
    if unnamed.is_empty() {
        let words = format!(
            "{nowhere}, but a text that was read names who is talked with ({}); whether it is a list with functions and rules, a person must tell",
            told(&named)
        );
        return base(Ruling::not_assessable(words), &named);
    }
    if unnamed.iter().any(|contact| case.names(contact.party).is_none()) {
        let words = format!("{nowhere}; talks with {}, and the policy was not read to its end", told(&unnamed));
        return base(Ruling::not_assessable(words), &unnamed);
    }
    let words = format!("{nowhere}, nor does the policy name whom the app talks with: {}", told(&unnamed));
    base(Ruling::observed(words), &unnamed)
}

fn sdk_not_declared(case: &Case, _: &Marks) -> Ruled {
    let found = contacts(case);
    if found.is_empty() {
        let none = || {
            Ruling::not_triggered(
                "no host of a company whose code stands in many apps was contacted; the app's code was not searched",
            )
        };
        return Ok(unseen(case).unwrap_or_else(none));
    }
    let lists: Vec<Moment> = declarations(case).map(|(at, ..)| at).collect();
    let missing: Vec<&Contact> = found.iter().filter(|c| case.names(c.party) != Some(true)).collect();
    if let Some(unseen) = unseen(case).filter(|_| missing.is_empty()) {
        return Ok(unseen);
    }
    if missing.is_empty() {
        let all: Vec<&Contact> = found.iter().collect();
        let words = format!("the texts that were read name every company that was contacted: {}", told(&all));
        return Ok(Ruling::not_observed(words).at(moments(&all)).at(lists));
    }
    if missing.iter().any(|contact| case.names(contact.party).is_none()) {
        let words = format!("talks with {}; the list of SDKs was not read to its end, nor the policy", told(&missing));
        return Ok(Ruling::not_assessable(words).at(moments(&missing)).at(lists).for_review(true));
    }
    let words = format!("talks with {}, which no list or policy that was read names", told(&missing));
    Ok(Ruling::observed(words).at(moments(&missing)).at(lists).for_review(true))
}

/// Texts that may name third parties, and when they were read.
fn declarations<'c, 'a>(case: &'c Case<'a>) -> impl Iterator<Item = (Moment, &'a TextRead)> + 'c {
    let tells = |concept| matches!(concept, Concept::SdkList | Concept::PrivacyPolicy | Concept::PersonalInfoList);
    case.texts.iter().filter(move |(_, read)| tells(read.concept)).copied()
}
