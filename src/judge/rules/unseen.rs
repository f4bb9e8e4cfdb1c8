//! Findings that a journal can't decide, and what the run would have to offer.

/// Finding and reason.
pub(super) const REASONS: &[(&str, &str)] = &[("recommendation-not-labelled", "feeds were not read for labels")];
