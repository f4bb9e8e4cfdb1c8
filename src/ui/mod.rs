//! A screen as values: tree, bounds, selector, lexicon, signature, find. Knows no device and no file.

mod bounds;
pub mod lexicon;
pub mod selector;
mod tree;

pub use bounds::{Point, Rect};
pub use lexicon::{Concept, Lexicon};
pub use selector::{Selector, TextMatch};
pub use tree::{Node, NodeId, Tree};
