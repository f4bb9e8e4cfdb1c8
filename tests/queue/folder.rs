//! The line of one machine.

use appwitness::clock::Clock;
use appwitness::nightly::{Case, FolderLine, RunFolder};

use crate::bench::Bench;
use crate::conformance::{self, Memory, TRIES};

struct OneFolder {
    bench: Bench,
    cases: Vec<Case>,
}

impl OneFolder {
    fn new() -> Self {
        let bench = Bench::new();
        Self { cases: bench.cases(3), bench }
    }
}

impl Memory for OneFolder {
    type Line = FolderLine;

    fn cases(&self) -> &[Case] {
        &self.cases
    }

    async fn line(&self) -> (FolderLine, RunFolder) {
        let folder = self.bench.run("out", "run", &self.cases);
        let ids = self.cases.iter().map(|case| case.id.clone()).collect();
        (FolderLine::new(folder.clone(), Clock::real(), ids, TRIES), folder)
    }
}

#[tokio::test]
async fn a_job_is_in_one_pair_of_hands() {
    conformance::a_job_is_in_one_pair_of_hands(&OneFolder::new()).await;
}

#[tokio::test]
async fn what_was_put_down_comes_up_again() {
    conformance::what_was_put_down_comes_up_again(&OneFolder::new()).await;
}

#[tokio::test]
async fn a_lost_device_is_tried_again_and_the_last_try_counts() {
    conformance::a_lost_device_is_tried_again_and_the_last_try_counts(&OneFolder::new()).await;
}

#[tokio::test]
async fn a_package_that_is_broken_is_not_taken() {
    conformance::a_package_that_is_broken_is_not_taken(&OneFolder::new()).await;
}

#[tokio::test]
async fn what_is_done_is_not_given_out_later() {
    conformance::what_is_done_is_not_given_out_later(&OneFolder::new()).await;
}

#[tokio::test]
async fn nothing_is_given_out_after_a_stop() {
    conformance::nothing_is_given_out_after_a_stop(&OneFolder::new()).await;
}
