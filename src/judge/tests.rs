//! The whole of judging: completeness and the verdict.

use super::story::Story;
use super::*;
use crate::journal::entry::Blame;

#[test]
fn every_finding_of_the_catalogue_has_a_rule_and_nothing_else_has() {
    let catalogue = Catalogue::builtin();
    for finding in catalogue.findings() {
        assert!(rules::rule(&finding.id).is_some(), "{}", finding.id);
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
    assert_eq!(judgement.blame, Some(Blame::Host));
}

fn verdict(story: &Story) -> (Verdict, Vec<String>, Option<Blame>) {
    let judgement = judge(story.entries(), &Catalogue::builtin());
    (judgement.verdict, judgement.missing, judgement.blame)
}

/// A run that looks at the policy dialog and uses the app; nothing is wrong with it.
fn sound() -> Story {
    let mut story = Story::of(Some("news"), &[]);
    story.step("1", "launch").launch().screen("org.app/.Main");
    let controls = |label: &str| serde_json::json!([{"label": label, "bounds": [0, 0, 9, 9]}]);
    story.popup("consent", serde_json::json!({"accept": controls("Agree"), "refuse": controls("Refuse")}));
    story.consent("accepted", "continued").step_done("1", "done");
    story
}

#[test]
fn clear_is_what_was_carried_out_and_shows_nothing() {
    let (verdict, missing, blame) = verdict(sound().close("completed", None));
    assert_eq!((verdict, missing, blame), (Verdict::Clear, vec![], None));
}

#[test]
fn a_step_that_failed_a_wall_or_a_limit_is_missing() {
    for story in [
        sound().step("2", "tap").step_done("2", "failed"),
        sound().step("2", "tap"),
        sound().limit("no-account"),
        sound().seek("data-copy", "blocked", 0, false),
    ] {
        let (verdict, missing, blame) = verdict(story.close("completed", None));
        assert_eq!((verdict, missing.len(), blame), (Verdict::Incomplete, 1, None), "{missing:?}");
    }
}

#[test]
fn the_death_of_the_device_is_no_finding_and_no_clearance() {
    let mut story = sound();
    story.prompt(&["CAMERA"], false, false);
    let cut_off = verdict(&story);
    assert_eq!((cut_off.0, cut_off.2), (Verdict::Findings, Some(Blame::Host)), "what was seen before stands");
    let mut story = sound();
    story.step("2", "functions").close("aborted", Some("device"));
    let (verdict, missing, blame) = verdict(&story);
    assert_eq!((verdict, blame), (Verdict::Incomplete, Some(Blame::Device)));
    assert_eq!(missing.len(), 2, "{missing:?}");
    let judgement = judge(story.entries(), &Catalogue::builtin());
    let believed = |o: &&Outcome| matches!(o.outcome, OutcomeKind::NotTriggered);
    let whole_run: Vec<&str> = judgement.outcomes.iter().filter(believed).map(|o| o.finding.as_str()).collect();
    assert!(!whole_run.contains(&"permission-without-purpose"), "{whole_run:?}");
}

#[test]
fn nothing_done_is_a_failure() {
    let mut story = Story::of(None, &[]);
    story.step("1", "launch").close("aborted", Some("device"));
    let (verdict, missing, blame) = verdict(&story);
    assert_eq!((verdict, blame), (Verdict::Failed, Some(Blame::Device)));
    assert!(!missing.is_empty());
}

#[test]
fn a_device_without_a_model_leaves_nothing_to_say_about_behaviour() {
    let mut story = sound();
    story.limit("no-model").refused("CAMERA").close("completed", None);
    let judgement = judge(story.entries(), &Catalogue::builtin());
    assert_eq!(judgement.verdict, Verdict::Incomplete);
    assert!(judgement.outcomes.iter().all(|o| o.outcome != OutcomeKind::Observed));
}
