//! The two buckets: what the hosts of a batch write down for each other.

use std::collections::BTreeSet;
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::kv::{self, CreateErrorKind};
use futures_util::TryStreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Clock;

use super::error::FarmError;
use super::record::{Claim, Settled, Terms};

/// How long a queue that gives no answer is asked again.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
/// Between two such questions.
const PAUSE: Duration = Duration::from_secs(1);

/// What the hosts of a batch write down for each other.
pub(super) struct Board {
    facts: kv::Store,
    settled: kv::Store,
    clock: Clock,
}

/// What came of writing a key that must be new.
enum Written<T> {
    /// It was new.
    First,
    /// Somebody wrote it before.
    Found(T),
}

impl Board {
    pub async fn open(context: &Context, batch: &str, clock: Clock) -> Result<Self, FarmError> {
        let facts = bucket(context, format!("appwitness-{batch}")).await?;
        let settled = bucket(context, format!("appwitness-{batch}-settled")).await?;
        Ok(Self { facts, settled, clock })
    }

    /// Writes the terms, or reads those that the first host wrote.
    pub async fn terms(&self, ours: &Terms) -> Result<Terms, FarmError> {
        Ok(match self.write_new(&self.facts, "terms", ours).await? {
            Written::First => ours.clone(),
            Written::Found(theirs) => theirs,
        })
    }

    /// Whether every job was published.
    pub async fn is_published(&self) -> Result<bool, FarmError> {
        Ok(self.read::<bool>(&self.facts, "published").await?.unwrap_or(false))
    }

    /// Says that every job was published.
    pub async fn set_published(&self) -> Result<(), FarmError> {
        self.write(&self.facts, "published", &true).await
    }

    /// The tries of a job, the first first.
    pub async fn claims(&self, job: &str) -> Result<Vec<Claim>, FarmError> {
        let mut claims = Vec::new();
        while let Some(claim) = self.read(&self.facts, &attempt_key(job, claims.len() as u32 + 1)).await? {
            claims.push(claim);
        }
        Ok(claims)
    }

    /// Takes the number of a try; false when somebody else has it.
    pub async fn claim(&self, job: &str, attempt: u32, claim: &Claim) -> Result<bool, FarmError> {
        Ok(matches!(self.write_new(&self.facts, &attempt_key(job, attempt), claim).await?, Written::First))
    }

    /// Says what came of a try.
    pub async fn tell(&self, job: &str, attempt: u32, claim: &Claim) -> Result<(), FarmError> {
        self.write(&self.facts, &attempt_key(job, attempt), claim).await
    }

    /// How a job ended; `None` when it is open.
    pub async fn ended(&self, job: &str) -> Result<Option<Settled>, FarmError> {
        self.read(&self.settled, job).await
    }

    /// Settles a job. What stands is what was first: ours, or what somebody else wrote before.
    pub async fn settle(&self, job: &str, settled: &Settled) -> Result<Settled, FarmError> {
        Ok(match self.write_new(&self.settled, job, settled).await? {
            Written::First => settled.clone(),
            Written::Found(theirs) => theirs,
        })
    }

    /// How many jobs are settled.
    pub async fn count(&self) -> Result<u64, FarmError> {
        // One message per key; the bucket's own status is as old as the bucket was when it was opened.
        let info = self.patiently("count what is done", || self.settled.stream.get_info()).await?;
        Ok(info.state.messages)
    }

    /// The jobs that are settled.
    pub async fn all_settled(&self) -> Result<BTreeSet<String>, FarmError> {
        let doing = "list what is done";
        let keys = self.patiently(doing, || self.settled.keys()).await?;
        keys.try_collect().await.map_err(|error| failed(doing, error))
    }

    async fn read<T: DeserializeOwned>(&self, from: &kv::Store, key: &str) -> Result<Option<T>, FarmError> {
        let doing = "read a record";
        let bytes = self.patiently(doing, || from.get(key)).await?;
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(|error| failed(doing, error))).transpose()
    }

    async fn write(&self, to: &kv::Store, key: &str, value: &(impl Serialize + Sync)) -> Result<(), FarmError> {
        let doing = "write a record";
        let bytes = serde_json::to_vec(value).map_err(|error| failed(doing, error))?;
        self.patiently(doing, || to.put(key, bytes.clone().into())).await.map(drop)
    }

    /// Writes a key that must be new. An answer that got lost is no harm: what stands there then is ours.
    async fn write_new<T: Serialize + DeserializeOwned + PartialEq + Sync>(
        &self,
        to: &kv::Store,
        key: &str,
        value: &T,
    ) -> Result<Written<T>, FarmError> {
        let doing = "write a record";
        let bytes = serde_json::to_vec(value).map_err(|error| failed(doing, error))?;
        let create = || async {
            match to.create(key, bytes.clone().into()).await {
                Ok(_) => Ok(true),
                Err(error) if error.kind() == CreateErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(error),
            }
        };
        if self.patiently(doing, create).await? {
            return Ok(Written::First);
        }
        match self.read(to, key).await? {
            Some(found) if found == *value => Ok(Written::First),
            Some(found) => Ok(Written::Found(found)),
            None => Err(failed(doing, "what stood there was removed")),
        }
    }

    /// Asks again while the queue gives no answer, for a while.
    async fn patiently<T, E, F>(&self, doing: &'static str, mut ask: impl FnMut() -> F) -> Result<T, FarmError>
    where
        E: std::fmt::Display,
        F: Future<Output = Result<T, E>>,
    {
        let begun = self.clock.elapsed();
        loop {
            match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) if self.clock.elapsed() - begun > PATIENCE => return Err(failed(doing, error)),
                Err(_) => self.clock.sleep(PAUSE).await,
            }
        }
    }
}

/// A bucket, made when it is not there.
async fn bucket(context: &Context, name: String) -> Result<kv::Store, FarmError> {
    if let Ok(bucket) = context.get_key_value(name.as_str()).await {
        return Ok(bucket);
    }
    let config = kv::Config { bucket: name, history: 1, ..kv::Config::default() };
    let made = context.create_key_value(config).await;
    made.map_err(|error| failed("make a bucket (JetStream has to be on; nats-server 2.10 or newer)", error))
}

fn attempt_key(job: &str, attempt: u32) -> String {
    format!("attempt.{job}.{attempt}")
}

fn failed(doing: &'static str, why: impl std::fmt::Display) -> FarmError {
    FarmError::Queue { doing, why: why.to_string() }
}
