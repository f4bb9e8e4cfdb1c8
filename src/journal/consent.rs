//! What was done with an app's own policy dialog, and what followed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was done with the policy dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentAct {
    /// Accepted.
    Accepted,
    /// Refused.
    Refused,
    /// Looked at and left.
    Left,
    /// No control to refuse was found.
    NoRefuseControl,
}

/// What followed the answer to the policy dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentAfter {
    /// The app went on.
    Continued,
    /// The app left the screen.
    Exited,
    /// The same dialog came again.
    AskedAgain,
    /// Another dialog asks to think again.
    SecondDialog,
    /// A reduced mode, or a screen that offers one.
    BasicMode,
    /// A page on which little or nothing can be pressed, and which speaks of the policy or of what is not to be had.
    DeadEnd,
}
