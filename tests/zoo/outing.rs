//! One visit: run on a device of its own, on a time of its own, and judged.

use std::fs;
use std::path::Path;
use std::time::Duration;

use appwitness::adb::InstallOptions;
use appwitness::clock::Clock;
use appwitness::fleet::{Fleet, Wanted};
use appwitness::journal::Journal;
use appwitness::judge::{Judgement, judge};
use appwitness::run::{Order, attempt};
use appwitness::scenario::{Located, Step};
use tokio_util::sync::CancellationToken;

use crate::pace;
use crate::pen::{Pen, Visit, packed};

/// Monday, 11 May 2026, 10:00 in China: a year whose working days are known, and no holiday for five weeks.
const BEGINNING: i64 = 1_778_464_800_000;
const INSTALLS_WITHIN: Duration = Duration::from_secs(60);

/// Whether a visit goes beyond its own thread, so that its time can't stand still while others work: an observer is a
/// program of its own, and what starts a device anew has a thread of its own.
fn needs_the_machine(order: &Order) -> bool {
    fn reboots(steps: &[Located<Step>]) -> bool {
        steps.iter().any(|step| {
            step.value == Step::Reboot || step.value.inner().any(|inner| reboots(std::slice::from_ref(inner)))
        })
    }
    !order.observers.is_empty() || reboots(&order.scenario.steps)
}

impl Pen {
    /// Runs and judges one.
    pub fn run(&self, visit: &Visit) -> Judgement {
        let folder = self.scratch.join(format!("{}--{}--{}", visit.specimen, visit.scenario, visit.locale));
        fs::create_dir_all(&folder).unwrap();
        let order = self.order(visit, &folder);
        if needs_the_machine(&order) {
            // Where such a scenario waits long, waiting takes no time.
            let clock = Clock::skipping_from(BEGINNING);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            return runtime.block_on(self.visit(visit, &order, &folder, &clock));
        }
        let clock = Clock::stepped(BEGINNING);
        pace::run(&clock, self.visit(visit, &order, &folder, &clock))
    }

    async fn visit(&self, visit: &Visit, order: &Order, folder: &Path, clock: &Clock) -> Judgement {
        let fleet = Fleet::embedded(clock.clone()).await.unwrap();
        let wanted = Wanted::parse(&visit.device()).unwrap();
        let lease = fleet.lease(&wanted, &CancellationToken::new()).await.unwrap();
        // Other apps that the device is to have.
        if let Some(beside) = visit.companion("beside", "yaml") {
            let path = folder.join("beside.apk");
            packed(&beside, &path);
            lease.device().install(&[path], &InstallOptions::default(), INSTALLS_WITHIN).await.unwrap();
        }
        let record = folder.join("record");
        attempt(order, lease.device().clone(), &record, clock.clone(), &|_| ()).await.unwrap();
        judge(&Journal::read(&record).unwrap().entries, &self.catalogue)
    }
}
