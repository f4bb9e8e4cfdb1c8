//! A screen as values: tree, bounds, selector, lexicon, signature, find. Knows no device and no file.

mod bounds;
mod error;
mod find;
mod ink;
pub mod lexicon;
mod role;
pub mod selector;
mod signature;
mod tree;
pub mod words;

pub use bounds::{Point, Rect};
pub use error::{Candidate, FindError};
pub use ink::{Ink, Pixels, ink};
pub use lexicon::{Added, Concept, Lexicon, LexiconError, List, Names, Word};
pub use role::{Act, Role};
pub use selector::{Selector, TextMatch};
pub use signature::signature;
pub use tree::{Node, NodeId, Tree};
