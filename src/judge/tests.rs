//! The whole of judging: completeness and the verdict.

use super::*;

#[test]
fn every_finding_of_the_catalogue_has_a_rule_or_a_reason_and_nothing_else_has() {
    let catalogue = Catalogue::builtin();
    for finding in catalogue.findings() {
        let decided = rules::rule(&finding.id).is_some() || rules::unseen(&finding.id).is_some();
        assert!(decided, "{}", finding.id);
    }
    for id in rules::known() {
        assert!(catalogue.finding(id).is_some(), "{id}");
    }
}

#[test]
fn an_empty_record_is_a_failure_of_this_machine_and_observes_nothing() {
    let catalogue = Catalogue::builtin();
    let judgement = judge(&[], &catalogue);
    assert_eq!(judgement.outcomes.len(), catalogue.findings().len());
    assert!(judgement.outcomes.iter().all(|o| o.outcome == OutcomeKind::NotAssessable && !o.reason.is_empty()));
    assert_eq!(judgement.verdict, Verdict::Failed);
    assert_eq!(judgement.blame, Some(crate::journal::entry::Blame::Host));
}
