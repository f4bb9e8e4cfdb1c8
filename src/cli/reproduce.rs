//! `reproduce`: repeat a user's complaint n times on clean devices.

use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::nightly::{Case, Done, Expectation};
use crate::report::summary;
use crate::report::text::tame;
use crate::scenario::Complaint;

use super::args::Reproduce;
use super::exit::{Exit, Failure};
use super::inputs;
use super::night::{Evening, wanted, workers};

/// What one run said of the complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Reproduced,
    NotReproduced,
    CouldNotRun,
}

/// Repeats a complaint and answers it.
pub async fn reproduce(options: Reproduce) -> Result<Exit, Failure> {
    let (complaint, beside) = inputs::complaint(&options.complaint, &Catalogue::builtin())?;
    let wanted = wanted(&options.place)?;
    let evening = Evening::begin(&options.sealing, &options.aids)?;
    let app = match options.app.is_empty() {
        true => inputs::app(std::slice::from_ref(&complaint.app), &beside, &evening.apps())?,
        false => inputs::app(&options.app, std::path::Path::new(""), &evening.apps())?,
    };
    let briefing = inputs::briefing(None, &app, &evening.catalogue)?;
    let scenario = Arc::new(inputs::scenario_of(&complaint));
    let times = options.times.unwrap_or(complaint.times).clamp(1, Complaint::MOST_TIMES);
    let case = Case {
        id: String::new(),
        app,
        older: None,
        category: complaint.category.clone().or_else(|| briefing.as_ref().and_then(|b| b.category.clone())),
        scenario,
        secrets: inputs::secrets(briefing.as_deref(), &options.asking, &evening.clock),
        briefing,
        wanted,
    };
    let cases = (1..=times).map(|round| case.clone().named("", round)).collect();
    let workers = workers(None, &options.place);
    let morning = evening.spend(cases, workers, &options.place, &options.sealing).await?;
    let answers: Vec<(Answer, String)> = morning.done.iter().map(|done| answer(&complaint, done.as_ref())).collect();
    print_answers(&complaint, &answers);
    let reproduced = answers.iter().any(|(answer, _)| *answer == Answer::Reproduced);
    let ran = answers.iter().any(|(answer, _)| *answer != Answer::CouldNotRun);
    let exit = if reproduced {
        Exit::Findings
    } else if ran {
        Exit::Clear
    } else {
        Exit::NotCarriedOut
    };
    let serious = matches!(morning.exit, Exit::Bug | Exit::Output | Exit::Stopped);
    Ok(if serious { morning.exit } else { exit })
}

fn answer(complaint: &Complaint, done: Option<&Done>) -> (Answer, String) {
    let Some(done) = done else { return (Answer::CouldNotRun, "stopped before it began".into()) };
    let case = &done.case;
    let observed = case.outcomes_of(summary::OutcomeKind::Observed);
    let suspected = observed.into_iter().find(|o| complaint.suspected.contains(&o.finding));
    if let Some(outcome) = suspected {
        return (Answer::Reproduced, format!("{}: {}", outcome.finding, outcome.reason));
    }
    if done.expectation == Some(Expectation::Failed) {
        return (Answer::Reproduced, "what should have happened did not".into());
    }
    let assessed = |finding: &String| {
        case.outcomes.iter().any(|o| o.finding == *finding && o.outcome != summary::OutcomeKind::NotAssessable)
    };
    let looked = done.expectation == Some(Expectation::Met) || complaint.suspected.iter().any(assessed);
    if case.verdict == summary::Verdict::Failed || !looked {
        return (Answer::CouldNotRun, case.message.clone());
    }
    (Answer::NotReproduced, String::new())
}

fn print_answers(complaint: &Complaint, answers: &[(Answer, String)]) {
    let count = |wanted: Answer| answers.iter().filter(|(answer, _)| *answer == wanted).count();
    println!("\nComplaint {}: {}", tame(&complaint.id), tame(&complaint.said));
    for (round, (answer, why)) in answers.iter().enumerate() {
        let word = match answer {
            Answer::Reproduced => "reproduced",
            Answer::NotReproduced => "not reproduced",
            Answer::CouldNotRun => "could not run",
        };
        println!(
            "  run {}: {word}{}",
            round + 1,
            if why.is_empty() { String::new() } else { format!(" ({})", tame(why)) }
        );
    }
    let (reproduced, failed) = (count(Answer::Reproduced), count(Answer::CouldNotRun));
    println!(
        "Reproduced in {reproduced} of {} runs{}.",
        answers.len() - failed,
        if failed > 0 { format!("; {failed} could not run") } else { String::new() }
    );
}
