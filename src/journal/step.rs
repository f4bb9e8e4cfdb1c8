//! How a step and a basic function ended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// Carried out.
    Done,
    /// Tried, and not carried out.
    Failed,
    /// Not tried, because something before it failed or the device lacks something.
    Skipped,
}

/// Whether a function works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FunctionOutcome {
    /// All expectations held.
    Works,
    /// An expectation failed.
    Fails,
    /// It could not be tried.
    NotTried,
}
