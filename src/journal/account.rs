//! What was done with a test account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was done to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountAct {
    /// Sign up.
    SignUp,
    /// Sign in.
    SignIn,
    /// Ask for deletion.
    RequestDeletion,
    /// Sign in again after the deletion.
    SignInAfterDeletion,
}

/// How that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountOutcome {
    /// The app did it, or said so.
    Accepted,
    /// The app refused.
    Refused,
    /// The app took the request and promises to do it later.
    Pending,
    /// The control that should do it did nothing.
    NoEffect,
    /// It was not tried, because the way to it was not found.
    NotReached,
    /// The way to it leads out of the app: to a web page, a mail, a call.
    Elsewhere,
    /// Could not be told.
    Unclear,
}
