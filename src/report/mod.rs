//! What people and programs read of a case or a run: html, junit, summary, terminal. Folds over entries and outcomes;
//! writes no evidence, touches no device.

pub mod answer;
pub mod case_uco;
mod error;
pub mod glosses;
pub mod html;
pub mod junit;
pub mod notice;
pub mod picture;
pub mod reasons;
pub mod rectified;
pub mod spreadsheet;
pub mod summary;
pub mod terminal;
pub mod text;
pub mod words;

pub use error::ReportError;
