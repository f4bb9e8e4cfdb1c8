//! One rule per finding, by topic.

mod access;
mod asking;
mod background;
mod chain;
mod child;
mod complaint;
mod consent;
mod declared;
mod deletion;
mod download;
mod feed;
mod form;
mod function;
mod nagging;
mod network;
#[cfg(test)]
mod network_tests;
mod place;
mod policy;
mod popup;
mod probe;
mod refusal;
mod renewal;
mod start;
mod twin;
mod update;

use crate::judge::case::Case;
use crate::judge::ruling::{Marks, Ruled};
use crate::judge::sight::Need;

/// What a rule is: from a case and the finding's numbers to a word. An early `Err` is as good a word as `Ok`.
type Decide = fn(&Case, &Marks) -> Ruled;

/// A rule: the finding it decides, what it needs to see, and how it decides.
pub(super) struct Rule {
    pub finding: &'static str,
    pub needs: &'static [Need],
    pub decide: Decide,
}

/// The topics' rules. No finding stands in two of them; a test says so.
const TOPICS: [&[Rule]; 23] = [
    access::RULES,
    asking::RULES,
    background::RULES,
    chain::RULES,
    child::RULES,
    complaint::RULES,
    consent::RULES,
    declared::RULES,
    deletion::RULES,
    feed::RULES,
    form::RULES,
    download::RULES,
    function::RULES,
    nagging::RULES,
    network::RULES,
    place::RULES,
    policy::RULES,
    popup::RULES,
    probe::RULES,
    refusal::RULES,
    renewal::RULES,
    start::RULES,
    update::RULES,
];

/// The rule that decides a finding.
pub(super) fn rule(finding: &str) -> Option<&'static Rule> {
    TOPICS.iter().flat_map(|topic| topic.iter()).find(|rule| rule.finding == finding)
}

/// Whether a finding is decided by comparing several installs, where there are several.
pub(super) fn compares(finding: &str) -> bool {
    finding == twin::FINDING
}

/// Ids of all findings that have a rule.
#[cfg(test)]
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().flat_map(|topic| topic.iter()).map(|rule| rule.finding)
}

/// `#3, #17` for a list of entries.
fn numbers(entries: &[u64]) -> String {
    let shown: Vec<String> = entries.iter().take(10).map(|n| format!("#{n}")).collect();
    let more = if entries.len() > 10 { format!(" and {} more", entries.len() - 10) } else { String::new() };
    shown.join(", ") + &more
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_finding_has_two_rules() {
        let mut seen = BTreeSet::new();
        for finding in known() {
            assert!(seen.insert(finding), "{finding}");
        }
    }
}
