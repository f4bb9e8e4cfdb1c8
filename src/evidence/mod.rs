//! Seal, verify, redact, compare.
