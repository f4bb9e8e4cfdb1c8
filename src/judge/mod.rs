//! From a journal to outcomes and a verdict. Pure: knows no device, no clock, no file.

mod outcome;

pub use outcome::{Judgement, LimitNoted, Outcome, OutcomeKind, ThresholdUsed, Verdict};

/// Version of the rules. It changes whenever a rule may judge the same record differently.
pub const VERSION: &str = "1";
