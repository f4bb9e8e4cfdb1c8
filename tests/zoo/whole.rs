//! The zoo is whole: every finding of the catalogue is shown by a specimen, and another that nearly does it is let go.

use std::collections::{BTreeMap, BTreeSet};

use appwitness::catalogue::{Catalogue, EvidenceKind};
use appwitness::virtual_device::specimen::Expected;

use crate::pen;

/// Findings that lack a specimen that shows them, a near miss, or both, and why. This list only shrinks.
const LACKING: &[(&str, &str)] = &[];

/// Findings that a person alone tells, so that the plainest app is handed to them as well: another specimen that is handed
/// over is their near miss.
const HANDED_OVER_ALWAYS: &[&str] = &["policy-hard-to-understand"];

/// Specimens by what they expect of a finding, whatever the scenario.
type Expecting = BTreeMap<String, BTreeSet<String>>;

fn expecting(wanted: &[Expected]) -> Expecting {
    let mut found = Expecting::new();
    for (_, specimen) in pen::specimens() {
        for (finding, expected) in specimen.expect.values().flatten() {
            if wanted.contains(expected) {
                found.entry(finding.clone()).or_default().insert(specimen.specimen.clone());
            }
        }
    }
    found
}

#[test]
fn every_finding_is_shown_and_has_a_near_miss() {
    let shown = expecting(&[Expected::Observed, Expected::ForReview]);
    let near = expecting(&[Expected::NotObserved, Expected::NotTriggered]);
    let none = BTreeSet::new();
    let mut lacking = BTreeSet::new();
    for finding in Catalogue::builtin().findings() {
        let shown = shown.get(&finding.id).unwrap_or(&none);
        let near = near.get(&finding.id).unwrap_or(&none);
        let handed = HANDED_OVER_ALWAYS.contains(&finding.id.as_str()) && shown.len() > 1;
        if shown.is_empty() || !(handed || near.iter().any(|specimen| !shown.contains(specimen))) {
            lacking.insert(finding.id.as_str().to_owned());
        }
    }
    let listed: BTreeSet<String> = LACKING.iter().map(|(finding, _)| (*finding).to_owned()).collect();
    assert_eq!(listed.len(), LACKING.len(), "a finding is listed twice");
    let unlisted: Vec<_> = lacking.difference(&listed).collect();
    let whole: Vec<_> = listed.difference(&lacking).collect();
    assert!(unlisted.is_empty(), "these lack a specimen or a near miss: {unlisted:#?}");
    assert!(whole.is_empty(), "take these from the list, they lack nothing: {whole:#?}");
}

/// What a person must decide is never accused by the program: it is handed over. Where the program may decide, it does.
#[test]
fn what_a_person_decides_is_expected_to_be_handed_over() {
    let catalogue = Catalogue::builtin();
    let by_hand = |finding: &str| catalogue.finding(finding).is_some_and(|f| f.evidence == EvidenceKind::Manual);
    let observed = expecting(&[Expected::Observed]);
    let accused: Vec<_> = observed.keys().filter(|finding| by_hand(finding)).collect();
    assert!(accused.is_empty(), "{accused:#?}");
    assert!(catalogue.findings().iter().any(|finding| by_hand(&finding.id)));
}
