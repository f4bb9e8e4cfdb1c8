//! Findings that a journal can't decide, and what the run would have to offer.

/// Finding and reason.
pub(super) const REASONS: &[(&str, &str)] = &[
    ("recommendation-not-labelled", "feeds were not read for labels"),
    ("sdk-not-declared", "the app's code was not searched for SDKs, and the network was not watched"),
    ("undisclosed-third-party-transfer", "the network was not watched"),
    ("cleartext-transmission", "the network was not watched"),
];
