//! `reproduce`: repeat a user's complaint n times on clean devices.

use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::nightly::{Case, Done, Expectation, overview};
use crate::report::answer::{self, Answer, Answered, Came};
use crate::report::text::{tame, tame_line};
use crate::scenario::Complaint;

use super::args::Reproduce;
use super::exit::{Exit, Failure};
use super::inputs;
use super::night::{Evening, Morning, wanted, workers};

/// Repeats a complaint and answers it.
pub async fn reproduce(options: Reproduce) -> Result<Exit, Failure> {
    let catalogue = Arc::new(inputs::catalogue(&options.common.rules)?);
    let (complaint, beside) = inputs::complaint(&options.complaint, &catalogue)?;
    let wanted = wanted(&options.common.place)?;
    let evening = Evening::begin(
        &options.common.sealing,
        &options.common.aids,
        catalogue,
        inputs::lexicon(&options.common.rules)?,
    )?;
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
        secrets: inputs::secrets(briefing.as_deref(), &options.common.asking, &evening.clock),
        briefing,
        wanted,
    };
    let cases = (1..=times).map(|round| case.clone().named("", round)).collect();
    let workers = workers(None, &options.common.place);
    let (out, catalogue) = (evening.out.clone(), evening.catalogue.clone());
    let morning = evening.spend(cases, workers, &options.common.place, &options.common.sealing).await?;
    let came: Vec<Came> = morning.done.iter().map(|done| came(done.as_ref())).collect();
    let answered = Answered::of(&complaint, &came);
    keep(&answered, &out, &morning, &catalogue)?;
    print_answer(&answered);
    say!("Answer: {}", tame(&out.join(answer::FILE).display().to_string()));
    let serious = matches!(morning.exit, Exit::Bug | Exit::Output | Exit::Stopped);
    Ok(if serious { morning.exit } else { exit(&answered) })
}

/// A run that gave no answer did not carry out what was asked.
fn exit(answered: &Answered) -> Exit {
    let of = |answer: Answer| match answer {
        Answer::Reproduced => Exit::Findings,
        Answer::NotReproduced => Exit::Clear,
        Answer::OccasionNeverCame | Answer::CouldNotRun => Exit::NotCarriedOut,
    };
    answered.runs.iter().fold(Exit::Clear, |exit, run| exit.worst(of(run.answer)))
}

fn came(done: Option<&Done>) -> Came<'_> {
    let held = done.and_then(|done| done.expectation).map(|expectation| expectation == Expectation::Met);
    Came { case: done.map(|done| &done.case), held }
}

/// Writes the answer into the run's folder, and the run's page anew with the answer on it.
fn keep(answered: &Answered, out: &std::path::Path, morning: &Morning, catalogue: &Catalogue) -> Result<(), Failure> {
    let write = |name: &str, text: &str| {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(|error| Failure::file("write", &path, error))
    };
    let json = serde_json::to_string_pretty(answered).map_err(Failure::bug)? + "\n";
    write(answer::FILE, &json)?;
    let page = overview(out, &morning.summary, catalogue).map_err(Failure::bug)?;
    write("report.html", &page)
}

fn print_answer(answered: &Answered) {
    say!("\nComplaint {}: {}", tame(&answered.complaint), tame(&answered.said));
    for run in &answered.runs {
        let why = if run.why.is_empty() { String::new() } else { format!(" ({})", tame(&run.why)) };
        say!("  run {}: {}{why}", run.run, run.answer.words().en);
        say!("    package: {}", run.package.as_deref().map_or("none".to_owned(), tame_line));
    }
    answered.unlike_told.iter().for_each(|unlike| say!("  {}", tame_line(&unlike.en)));
    for difference in &answered.differences {
        let was = |(was, runs): (&String, &Vec<u32>)| {
            let runs: Vec<String> = runs.iter().map(u32::to_string).collect();
            format!("{} in run {}", tame_line(was), runs.join(", "))
        };
        let was: Vec<String> = difference.was.iter().map(was).collect();
        say!("  The runs differ in {}: {}", tame_line(&difference.what), was.join("; "));
    }
    say!("{}", answered.sentence().en);
}
