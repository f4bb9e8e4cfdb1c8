//! Pages that one opens in a browser, prints, and hands on: one file each, no network, no script needed.

mod accesses;
mod asked;
mod axis;
mod cards;
mod compare;
mod findings;
mod gallery;
mod grid;
mod network;
mod notices;
mod page;
mod pen;
mod questions;
mod run;
mod seek_map;
mod seeks;
mod sight;
mod timeline;
mod twin;

pub use cards::Endings;
pub use compare::{Change, CompareView, Side, changes, compare};
pub use findings::{ThresholdText, thresholds};
pub use page::{CaseView, case, utc};
pub use run::{RunView, relative, run};
pub use sight::{lasting, since_start};
pub(in crate::report) use timeline::in_words;

use crate::journal::ExhibitRef;

/// Where the bytes of exhibits come from; `None` when an exhibit is not at hand.
pub type Exhibits<'a> = dyn Fn(&ExhibitRef) -> Option<Vec<u8>> + 'a;
