//! Windows of widgets → views with places in pixels, clipped as Android clips them.
//!
//! Sizes are found bottom-up in one pass (`measure`), places top-down in another (`place`); each widget is looked at
//! once per pass, so the cost is linear whatever is nested in what.

mod measure;
mod place;
mod window;

pub use window::{Laid, lay_out, lay_out_all};

/// Widgets nested deeper than this are not shown.
pub const MOST_DEPTH: usize = 80;

/// Widgets of one window beyond this number are not shown.
pub const MOST_WIDGETS: usize = 5_000;

#[cfg(test)]
mod tests;
