//! What an author writes, as values; all mistakes at once, with line, caret and hint.
//!
//! Four kinds of files: a [`Scenario`] says what to do with any app, a [`Briefing`] what its author knows of one app, a
//! [`Complaint`] what a user reported, a [`Plan`] which apps, scenarios and devices belong together.

mod briefing;
mod complaint;
mod mistake;
mod plan;
mod reader;
mod schema;
mod script;
mod selecting;
mod source;
mod step;
mod uses;
mod verbs;
mod words;

pub use briefing::{Account, Briefing, Function, Secret};
pub use complaint::Complaint;
pub use mistake::{Mistake, Mistakes};
pub use plan::{Plan, PlannedApp, PlannedObserver, PlannedProfile};
pub use reader::duration;
pub use schema::{FileKind, schema, schema_of};
pub use script::{Needs, Scenario};
pub use source::{Located, Location, Source};
pub use step::{AppState, Condition, Direction, Expectation, Route, Step, Turn, Twin};
pub use verbs::{USUAL_EXPECT, USUAL_SETTLE, USUAL_WAIT};
pub use words::{Answer, ConsentPolicy, PromptPolicy, Word};

#[cfg(test)]
mod tests;
