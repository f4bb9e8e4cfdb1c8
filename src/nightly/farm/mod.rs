//! Many machines on one plan: jobs through a queue (NATS JetStream), packages into an object store.
//!
//! Every host runs the same command. What they share stands on the queue's server under the batch's name:
//!
//! ```text
//! stream  appwitness-<batch>          one message per job that is not done; work queue, one consumer
//! bucket  appwitness-<batch>          terms (what the hosts agree on), published, attempt.<job>.<n>
//! bucket  appwitness-<batch>-settled  one key per job that is done, or given up: the first to write it wins
//! store   runs/<batch>/<case>/attempt-<n>/…   the sealed packages, file by file
//! ```
//!
//! A job is done when its sealed package is in the store, was read back and compared, and its key is written; the message
//! is acknowledged after that. Whatever dies before leaves the job to another host. The local folder stays what it is on
//! one machine: the collector completes it from the store and then tells the run as if it had done everything itself.

mod address;
mod board;
mod collect;
mod error;
mod jobs;
mod line;
mod record;
mod s3;
mod store;

pub use address::QueueAddress;
pub use collect::collect;
pub use error::FarmError;
pub use line::{FarmLine, Joining};
pub use record::{Claim, PackageAt, Settled, State, Terms};
pub use store::Store;
