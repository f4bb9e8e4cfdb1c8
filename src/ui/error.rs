//! Why a selector found nothing, or too much.

use super::{NodeId, Rect};

/// A selector that does not name exactly one view.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FindError {
    /// No view fits.
    #[error("nothing on the screen fits {selector}{}", list("; nearest", nearest))]
    Missing {
        /// What was looked for, in words.
        selector: String,
        /// Up to five views that come near, best first.
        nearest: Vec<Candidate>,
    },
    /// Several views fit equally well.
    #[error("{count} views fit {selector}; add `index`, `id` or `inside`{}", list("; first", nearest))]
    Ambiguous {
        /// What was looked for, in words.
        selector: String,
        /// How many fit.
        count: usize,
        /// The first five of them.
        nearest: Vec<Candidate>,
    },
    /// A regular expression that can't be read.
    #[error("not a regular expression: {0}")]
    BadRegex(String),
    /// A selector without any condition.
    #[error("the selector is empty")]
    Empty,
}

/// A view that was near.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its place in the tree.
    pub node: NodeId,
    /// Its words, else its id or class.
    pub label: String,
    /// Its resource id, or empty.
    pub id: String,
    /// Its place on the screen.
    pub bounds: Rect,
}

fn list(lead: &str, candidates: &[Candidate]) -> String {
    if candidates.is_empty() {
        return String::new();
    }
    let words: Vec<String> = candidates.iter().map(|c| format!("{:?}", c.label)).collect();
    format!("{lead}: {}", words.join(", "))
}
