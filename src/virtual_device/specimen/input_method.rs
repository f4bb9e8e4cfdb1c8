//! An app that is a keyboard.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An input method: a service that writes into the focused field of other apps, while it is chosen and bound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct InputMethod {
    /// Class of its service, `.Name` or in full.
    pub service: String,
    /// What it makes of what reaches it.
    pub takes: Takes,
    /// It writes every key that it gets into the log.
    #[serde(default)]
    pub logs_keys: bool,
}

/// What an input method takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Takes {
    /// Keys as they are.
    Keys,
    /// Keys that spell modified UTF-7 (RFC 3501, 5.1.3).
    ModifiedUtf7,
    /// Keys as they are, and the text of a broadcast.
    Broadcast {
        /// Its action.
        action: String,
        /// The extra that holds UTF-8 in base64.
        extra: String,
    },
}
