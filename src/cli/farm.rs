//! Where the cases of a run come from: its folder, or with `--queue` a queue that many machines share.

#[cfg(feature = "farm")]
pub use with_queue::Source;
#[cfg(not(feature = "farm"))]
pub use without_queue::Source;

#[cfg(feature = "farm")]
mod with_queue {
    use std::sync::Arc;

    use crate::cli::args::Farm;
    use crate::cli::exit::Failure;
    use crate::cli::night::{Evening, TRIES, failure};
    use crate::fleet::Fleet;
    use crate::journal::digest;
    use crate::nightly::farm::{FarmError, FarmLine, Joining, QueueAddress, Store, collect as collect_all};
    use crate::nightly::{Case, Done, Night, NightlyError};

    /// Where the cases of a run come from.
    pub enum Source {
        /// The folder of the run.
        Folder,
        /// A queue.
        Queue {
            /// The batch that was joined.
            line: Box<FarmLine>,
            /// Whether this host reports the whole run.
            collect: bool,
        },
    }

    impl Source {
        /// Says at once when what was asked for can't be.
        pub fn check(asked: &Farm) -> Result<(), Failure> {
            asked.queue.as_ref().map(|queue| QueueAddress::parse(queue, None)).transpose().map(drop).map_err(wrong)
        }

        /// The folder; or the queue that was asked for, joined.
        pub async fn asked_for(asked: &Farm, cases: &[Case], evening: &Evening) -> Result<Self, Failure> {
            let (Some(queue), Some(store)) = (&asked.queue, &asked.store) else { return Ok(Self::Folder) };
            let joining = Joining {
                queue: QueueAddress::parse(queue, asked.queue_credentials.clone()).map_err(wrong)?,
                store: Store::open(store).map_err(wrong)?,
                batch: asked.batch.clone(),
                cases,
                started: evening.started.clone(),
                catalogue: evening.catalogue.digest().to_owned(),
                lexicon: evening.lexicon.added().iter().map(|added| digest::of(added.text.as_bytes())).collect(),
                tries: TRIES,
                ack_wait: asked.ack_wait,
                longest: asked.job_limit,
                clock: evening.clock.clone(),
            };
            let line = FarmLine::join(joining).await.map_err(wrong)?;
            Ok(Self::Queue { line: Box::new(line), collect: asked.collect })
        }

        /// Id and start of the run, when other machines have part in it.
        pub fn run(&self) -> Option<(&str, &str)> {
            match self {
                Self::Folder => None,
                Self::Queue { line, .. } => Some((line.batch(), line.started())),
            }
        }

        /// What the report of this host leaves out.
        pub fn remark(&self) -> Option<String> {
            match self {
                Self::Queue { line, collect: false } => Some(format!(
                    "This is what this host did of the batch {}; a host with --collect reports all of it.",
                    line.batch()
                )),
                _ => None,
            }
        }

        /// How many cases run at once: with other machines no more than there are devices here, so that no job waits at
        /// a host that has no hand free for it.
        pub async fn workers(&self, wanted: usize, fleet: &Fleet) -> Result<usize, Failure> {
            if matches!(self, Self::Folder) || wanted == 0 {
                return Ok(wanted);
            }
            match fleet.ready().await.map_err(Failure::device)? {
                Some(0) => Err(Failure::device(format!("no device is ready at {}", fleet.address()))),
                ready => Ok(ready.map_or(wanted, |ready| ready.min(wanted))),
            }
        }

        /// Works off what there is, and says what came of each case.
        pub async fn work_off(self, night: Arc<Night>) -> Result<Vec<Option<Done>>, NightlyError> {
            match self {
                Self::Folder => night.execute().await,
                Self::Queue { line, collect } => {
                    let line = Arc::new(line.with_folder(night.folder.clone()));
                    let own = night.clone().work_off(line.clone()).await?;
                    match collect && line.wait(&night.cancel).await? {
                        true => collect_all(&night, &line).await,
                        false => Ok(own),
                    }
                }
            }
        }
    }

    fn wrong(error: FarmError) -> Failure {
        failure(error.into())
    }
}

#[cfg(not(feature = "farm"))]
mod without_queue {
    use std::sync::Arc;

    use crate::cli::args::Farm;
    use crate::cli::exit::Failure;
    use crate::cli::night::Evening;
    use crate::fleet::Fleet;
    use crate::nightly::{Case, Done, Night, NightlyError};

    /// Where the cases of a run come from.
    pub enum Source {
        /// The folder of the run.
        Folder,
    }

    impl Source {
        /// Says at once when what was asked for can't be.
        pub fn check(asked: &Farm) -> Result<(), Failure> {
            match asked.queue {
                None => Ok(()),
                Some(_) => Err(Failure::usage(
                    "--queue: this appwitness was built for one machine; \
                     build it with `cargo build --release --features farm`",
                )),
            }
        }

        /// The folder.
        pub async fn asked_for(_: &Farm, _: &[Case], _: &Evening) -> Result<Self, Failure> {
            Ok(Self::Folder)
        }

        /// Id and start of the run, when other machines have part in it.
        pub fn run(&self) -> Option<(&str, &str)> {
            None
        }

        /// What the report of this host leaves out.
        pub fn remark(&self) -> Option<String> {
            None
        }

        /// How many cases run at once.
        pub async fn workers(&self, wanted: usize, _: &Fleet) -> Result<usize, Failure> {
            Ok(wanted)
        }

        /// Works off what there is, and says what came of each case.
        pub async fn work_off(self, night: Arc<Night>) -> Result<Vec<Option<Done>>, NightlyError> {
            night.execute().await
        }
    }
}
