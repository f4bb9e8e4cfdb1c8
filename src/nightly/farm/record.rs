//! What the hosts write down for each other, as JSON.

use serde::{Deserialize, Serialize};

use crate::clock::WallMillis;
use crate::journal::entry::Digest;

/// What all hosts of a batch agree on. The first to come writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Terms {
    /// Version of these records: 1.
    pub version: u32,
    /// When the batch began, UTC, RFC 3339.
    pub started: String,
    /// How many cases it has.
    pub cases: u64,
    /// SHA-256 over the jobs' ids, in order: apps, scenarios, profiles.
    pub plan: Digest,
    /// SHA-256 of the catalogue in force.
    pub catalogue: Digest,
    /// SHA-256 of each file of words that was added to the program's.
    #[serde(default)]
    pub lexicon: Vec<Digest>,
    /// Program version.
    pub program: String,
}

/// A sealed package in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PackageAt {
    /// Where: the prefix of its files, below the store's own.
    pub place: String,
    /// SHA-256 of its `tagmanifest-sha256.txt`, which fixes every byte of it.
    pub digest: Digest,
    /// Files in all.
    pub files: u64,
    /// Bytes in all.
    pub bytes: u64,
}

/// One try: who made it, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Claim {
    /// Which host.
    pub host: String,
    /// When it was begun.
    pub at: WallMillis,
    /// What came of it.
    pub state: State,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Under way; or its host died.
    Begun,
    /// Put down without a fault of the case.
    PutDown,
    /// The host could not carry it out.
    Failed(String),
    /// The device failed.
    DeviceLost(PackageAt),
    /// Its package is the case's.
    Committed,
    /// Its package came when the case was done already; it is kept.
    Late(PackageAt),
}

impl Claim {
    /// Whether the try speaks against the job: too many of these, and it is given up.
    pub fn counts(&self) -> bool {
        self.state != State::PutDown
    }
}

/// How a job ended. Written once, by the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    /// Its package is in the store and was checked.
    #[serde(rename_all = "kebab-case")]
    Done {
        /// Which try, from 1.
        attempt: u32,
        /// By which host.
        host: String,
        /// When.
        at: WallMillis,
        /// The package.
        package: PackageAt,
    },
    /// It was given up: no try came to an end.
    #[serde(rename_all = "kebab-case")]
    GivenUp {
        /// Tries that were made.
        attempts: u32,
        /// By which host.
        host: String,
        /// When.
        at: WallMillis,
        /// What came of the tries, in words.
        why: String,
    },
}
