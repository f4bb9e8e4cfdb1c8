//! Conditions and values of a specimen.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::special::Special;

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Words.
    Text(String),
}

impl Value {
    /// As shown to people.
    pub fn shown(&self) -> String {
        match self {
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
        }
    }

    /// As a switch sees it: set, not zero, not empty.
    pub fn is_set(&self) -> bool {
        match self {
            Value::Flag(flag) => *flag,
            Value::Number(number) => *number != 0,
            Value::Text(text) => !text.is_empty(),
        }
    }

    /// As a number; a flag counts 0 or 1, words count 0.
    pub fn number(&self) -> i64 {
        match self {
            Value::Flag(flag) => i64::from(*flag),
            Value::Number(number) => *number,
            Value::Text(_) => 0,
        }
    }
}

/// Something that holds or does not. Two variables are always there: `starts` (how often the app's main activity was
/// made since its data was cleared) and `user` (who is signed in, or empty).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Every named variable has the given value.
    Is(BTreeMap<String, Value>),
    /// Every named number is at least so much.
    AtLeast(BTreeMap<String, i64>),
    /// The variable is not set, zero or empty.
    Empty(String),
    /// The permission is granted.
    Granted(String),
    /// The permission was refused by the person, at least once.
    Refused(String),
    /// The special access is given.
    Allowed(Special),
    /// Somebody is signed in.
    SignedIn,
    /// This is the first start since the app's data was cleared.
    FirstStart,
    /// This is the first start since the app was upgraded.
    Upgraded,
    /// The device has no network.
    Offline,
    /// The device shows itself as an emulator.
    Emulator,
    /// The app is in the background.
    Background,
    /// The device's locale begins with this, for example `zh`.
    Locale(String),
    /// The other does not hold.
    Not(Box<Condition>),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
}
