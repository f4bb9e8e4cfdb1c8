//! A connection an app made.

use std::time::Duration;

/// A connection an app made, with its one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Counts up on one device, from 1.
    pub number: u64,
    /// Package.
    pub package: String,
    /// Its user id.
    pub uid: u32,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The same, since power-on.
    pub since: Duration,
    /// Host: a name or an address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Not encrypted.
    pub cleartext: bool,
    /// Path of the request.
    pub path: String,
    /// What was sent.
    pub body: String,
    /// The app was visible.
    pub foreground: bool,
    /// There was no network.
    pub failed: bool,
    /// The name had to be asked for: it was not in the resolver's memory.
    pub asks_name: bool,
}

/// How long the resolver remembers a name. MODEL: the time to live in the answers.
pub const REMEMBERED: Duration = Duration::from_secs(300);
