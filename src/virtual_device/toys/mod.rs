//! The small programs of toybox and toolbox that clients and device scripts use.

pub mod condition;
pub mod echo;
mod truth;

use super::programs::Table;

/// The toys by name.
pub fn table() -> Table {
    &[
        ("true", truth::yes),
        ("false", truth::no),
        ("echo", echo::program),
        ("test", condition::program),
        ("[", condition::program),
    ]
}
