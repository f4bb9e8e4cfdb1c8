//! `nightly`: a plan of apps × scenarios × profiles.

use std::path::Path;
use std::sync::Arc;

use crate::fleet::Wanted;
use crate::nightly::Case;
use crate::scenario::{Plan, PlannedProfile, Scenario};

use super::args::{Nightly, PackageForm};
use super::exit::{Exit, Failure};
use super::farm::Source;
use super::inputs;
use super::night::{Evening, wanted};

/// Runs a plan.
pub async fn nightly(options: Nightly) -> Result<Exit, Failure> {
    Source::check(&options.farm)?;
    if options.farm.queue.is_some() && options.common.sealing.form != PackageForm::Folder {
        return Err(Failure::usage(
            "--form: many machines keep packages in the store file by file; `pack` makes one file of each",
        ));
    }
    let catalogue = Arc::new(inputs::catalogue(&options.common.rules)?);
    let (plan, beside) = inputs::plan(&options.plan, &catalogue)?;
    let planned =
        plan.observers.iter().map(|o| crate::run::Observer { name: o.name.clone(), command: o.command.clone() });
    let evening = Evening::begin(
        &options.common.sealing,
        &options.common.aids,
        catalogue,
        inputs::lexicon(&options.common.rules)?,
    )?
    .observed_by(planned);
    let scenarios = scenarios(&plan, &beside)?;
    let profiles = profiles(&plan, &options)?;
    let mut cases = Vec::new();
    for planned in &plan.apps {
        let app = inputs::app(std::slice::from_ref(&planned.app), &beside, &evening.apps())?;
        let older = inputs::older(planned.older.as_deref(), &beside, &app, &evening.apps())?;
        let path = planned.briefing.as_ref().map(|path| beside.join(path));
        let briefing = inputs::briefing(path.as_deref(), &app, &evening.catalogue)?;
        let category = planned.category.clone().or_else(|| briefing.as_ref().and_then(|b| b.category.clone()));
        for scenario in scenarios.iter().filter(|s| older.is_some() || !s.needs.older_version) {
            for (profile, wanted) in &profiles {
                for round in 1..=plan.repeat.max(1) {
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
                    cases.push(case.named(profile, round));
                }
            }
        }
    }
    // A host that only collects has no worker.
    let fewest = usize::from(!options.farm.collect);
    let workers = options.workers.unwrap_or(plan.workers as usize).max(fewest);
    let source = Source::asked_for(&options.farm, &cases, &evening).await?;
    Ok(evening.spend_on(source, cases, workers, &options.common.place, &options.common.sealing).await?.exit)
}

fn scenarios(plan: &Plan, beside: &Path) -> Result<Vec<Arc<Scenario>>, Failure> {
    match plan.scenarios.is_empty() {
        true => inputs::scenarios(&[]),
        false => plan.scenarios.iter().map(|name| inputs::scenario(name, beside)).collect(),
    }
}

/// The plan's profiles; `--device` replaces them all.
fn profiles(plan: &Plan, options: &Nightly) -> Result<Vec<(String, Wanted)>, Failure> {
    if options.common.place.device.is_some() || plan.profiles.is_empty() {
        return Ok(vec![(String::new(), wanted(&options.common.place)?)]);
    }
    let profile = |profile: &PlannedProfile| {
        let wanted = Wanted::parse(&profile.device).map_err(Failure::input)?;
        wanted.check(options.common.place.server.is_some()).map_err(Failure::input)?;
        Ok((profile.name.clone(), wanted))
    };
    plan.profiles.iter().map(profile).collect()
}
