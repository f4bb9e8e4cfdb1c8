//! Plan → cases → line → workers → sealed packages; resume. `run` is a small night.
//!
//! On one machine the folder of a run is its own memory: a case is done when its sealed package stands there and
//! verifies, and never before. So a run that was killed goes on by looking at the folder, without a store beside it that
//! could disagree.

mod batch;
mod case;
mod error;
#[cfg(feature = "farm")]
pub mod farm;
mod finish;
mod folder;
mod folder_line;
mod line;
mod news;
mod packing;
mod queue;
mod stored;
mod tried;
mod worker;

pub use batch::{Batch, Settings};
pub use case::Case;
pub use error::NightlyError;
pub use finish::{Done, Expectation, finish, overview, workbook};
pub use folder::{RunFolder, other_attempt};
pub use folder_line::FolderLine;
pub use line::{Came, Job, Line, Standing, Taken};
pub use news::News;
pub use packing::package_files;
pub use queue::Night;
pub use tried::Tried;
