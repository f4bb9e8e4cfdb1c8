//! Evidence packages: seal a record so that anyone can check it, and check it. Knows no device.

mod sealing;

pub use sealing::{Form, Sealed, Sealing};
