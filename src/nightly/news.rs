//! What a run tells whoever watches it.

use crate::report::summary::Verdict;

/// News of a run. Cases are named by their place in the batch.
#[derive(Clone, Debug)]
pub enum News {
    /// An attempt began.
    Began {
        /// Case.
        case: usize,
        /// Try, from 1.
        attempt: u32,
        /// Device serial.
        serial: String,
    },
    /// What the attempt is doing.
    Doing {
        /// Case.
        case: usize,
        /// In words.
        what: String,
    },
    /// A case is done.
    Ended {
        /// Case.
        case: usize,
        /// Its verdict.
        verdict: Verdict,
        /// Findings observed.
        findings: usize,
    },
    /// A case was done by an earlier run of the same folder.
    Kept {
        /// Case.
        case: usize,
        /// Its verdict.
        verdict: Verdict,
        /// Findings observed.
        findings: usize,
    },
}
