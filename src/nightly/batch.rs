//! Everything one run is to do.

use std::sync::Arc;

use crate::android::Jar;
use crate::catalogue::{Catalogue, Severity};
use crate::evidence::Sealing;
use crate::journal::entry::Digest;
use crate::run::Observer;
use crate::ui::Lexicon;

use super::case::Case;

/// Everything one run is to do.
pub struct Batch {
    /// The cases, in the order they are begun.
    pub cases: Vec<Case>,
    /// What holds for all of them.
    pub settings: Settings,
}

/// What holds for all cases of a run.
pub struct Settings {
    /// How many attempts run at once.
    pub workers: usize,
    /// Tries of a case whose device fails, the first included.
    pub tries: u32,
    /// From which severity on a finding fails the JUnit test of its case.
    pub fail_on: Severity,
    /// Why, for the record.
    pub purpose: String,
    /// How packages are sealed.
    pub sealing: Sealing,
    /// The rules.
    pub catalogue: Arc<Catalogue>,
    /// The words apps use.
    pub lexicon: Arc<Lexicon>,
    /// Programs that look on.
    pub observers: Vec<Observer>,
    /// SHA-256 of this program's file, when it could be read.
    pub program_digest: Option<Digest>,
    /// A program that makes hierarchies faster, when the user named one.
    pub accelerator: Option<Jar>,
}
