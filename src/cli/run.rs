//! `run`: scenarios on apps; by default every shipped scenario on every shipped specimen.

use std::path::Path;
use std::sync::Arc;

use crate::apk::App;
use crate::fleet::Wanted;
use crate::nightly::Case;
use crate::scenario::Scenario;

use super::args::Run;
use super::exit::{Exit, Failure};
use super::inputs;
use super::night::{Evening, wanted, workers};

/// The device of the main job.
const MAIN_JOB: &str = "clock=skipping";

/// Whether nothing was asked for but what is shipped, on the device that is embedded. Nobody outside waits along with it, so
/// that what is only waited for need take no time: apps are watched for seconds after every refusal.
fn is_main_job(options: &Run) -> bool {
    let (place, aids) = (&options.common.place, &options.common.aids);
    let chosen = place.server.is_some() || place.device.is_some() || options.briefing.is_some();
    let aided = aids.accelerator.is_some() || !aids.observer.is_empty();
    options.app.is_empty() && options.scenarios.is_empty() && !chosen && !aided
}

/// Runs scenarios on apps.
pub async fn run(options: Run) -> Result<Exit, Failure> {
    let scenarios = inputs::scenarios(&options.scenarios)?;
    let wanted = if is_main_job(&options) { Wanted::Virtual(MAIN_JOB.into()) } else { wanted(&options.common.place)? };
    let catalogue = Arc::new(inputs::catalogue(&options.common.rules)?);
    let evening = Evening::begin(
        &options.common.sealing,
        &options.common.aids,
        catalogue,
        inputs::lexicon(&options.common.rules)?,
    )?;
    if let Some(id) = &options.category {
        known_category(&evening, id)?;
    }
    let mut cases = Vec::new();
    for app in apps(&options, &evening)? {
        let older = inputs::older(options.older.as_deref(), Path::new(""), &app, &evening.apps())?;
        let briefing = inputs::briefing(options.briefing.as_deref(), &app, &evening.catalogue)?;
        let category = options.category.clone().or_else(|| briefing.as_ref().and_then(|b| b.category.clone()));
        for scenario in fitting(&scenarios, older.is_some(), options.scenarios.is_empty()) {
            let case = Case {
                id: String::new(),
                app: app.clone(),
                older: older.clone(),
                category: category.clone(),
                scenario: scenario.clone(),
                secrets: inputs::secrets(briefing.as_deref(), &options.common.asking, &evening.clock),
                briefing: briefing.clone(),
                wanted: wanted.clone(),
            };
            cases.push(case.named("", 1));
        }
    }
    let workers = workers(options.workers, &options.common.place);
    Ok(evening.spend(cases, workers, &options.common.place, &options.common.sealing).await?.exit)
}

fn apps(options: &Run, evening: &Evening) -> Result<Vec<Arc<App>>, Failure> {
    let here = Path::new("");
    if !options.app.is_empty() {
        return Ok(vec![inputs::app(&options.app, here, &evening.apps())?]);
    }
    inputs::specimens().map(|name| inputs::app(&[format!("specimen:{name}")], here, &evening.apps())).collect()
}

/// The scenarios that can be run: an upgrade needs an older version, and some are run only when they are asked for. One
/// that was asked for by name is never left out.
fn fitting(scenarios: &[Arc<Scenario>], older: bool, all: bool) -> impl Iterator<Item = &Arc<Scenario>> {
    let fits = move |scenario: &Scenario| scenario.by_default && (older || !scenario.needs.older_version);
    scenarios.iter().filter(move |scenario| !all || fits(scenario))
}

/// Fails with the nearest names when the catalogue has no such category.
pub fn known_category(evening: &Evening, id: &str) -> Result<(), Failure> {
    if evening.catalogue.category(id).is_some() {
        return Ok(());
    }
    let ids: Vec<&str> = evening.catalogue.categories().iter().map(|c| c.id.as_str()).collect();
    Err(Failure::usage(format!("--category {id}: the 39 categories are {}", ids.join(", "))))
}
