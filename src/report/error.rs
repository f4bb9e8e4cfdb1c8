//! What can go wrong while a report is written.

use thiserror::Error;

/// What can go wrong while a report is written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// A page could not be laid out: a fault of this program, not of the case.
    #[error("the page could not be laid out: {0}")]
    Layout(#[from] minijinja::Error),
    /// The workbook could not be written.
    #[error("the workbook could not be written: {0}")]
    Spreadsheet(String),
    /// The notice could not be written.
    #[error("the notice could not be written: {0}")]
    Notice(String),
    /// JUnit XML could not be written.
    #[error("the JUnit file could not be written: {0}")]
    Junit(String),
    /// A JSON file could not be written.
    #[error("the summary could not be written: {0}")]
    Json(#[from] serde_json::Error),
}
