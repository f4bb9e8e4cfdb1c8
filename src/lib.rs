//! AppWitness tests how Android apps treat people's personal information and seals the evidence.
//!
//! This file is the map: one paragraph of modules per layer. A module may use only what stands in a paragraph
//! above its own; `tests/layers.rs` reads this file and the imports and fails on a break.

pub mod yaml;

pub mod catalogue;
pub mod clock;
pub mod shipped;
pub mod ui;

pub mod adb;
pub mod apk;
pub mod journal;
pub mod scenario;

pub mod android;
pub mod judge;
pub mod virtual_device;

pub mod evidence;
pub mod run;

pub mod fleet;
pub mod report;

pub mod nightly;

pub mod cli;
