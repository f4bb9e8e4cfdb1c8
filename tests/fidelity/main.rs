//! What the virtual device prints beside what real ones printed: the captured sequence of an Android 6, step by step and
//! line by line, and every other kind of capture by its structure.
//!
//! Captures are read from `../shared/fixtures` or the folder in `APPWITNESS_FIXTURES`; without them the tests say that
//! they were skipped. The differences are listed in ARCHITECTURE.md.

mod bench;
mod sequence;
mod structure;
mod told;
