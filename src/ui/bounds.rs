//! Points and rectangles in screen pixels.

use serde::{Deserialize, Serialize};

/// A place on the screen, in pixels from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: i32,
    /// Pixels from the top edge.
    pub y: i32,
}

/// A rectangle in screen pixels; `right` and `bottom` are just outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rect {
    /// First column inside.
    pub left: i32,
    /// First row inside.
    pub top: i32,
    /// First column outside.
    pub right: i32,
    /// First row outside.
    pub bottom: i32,
}

impl Rect {
    /// A rectangle from its four edges.
    pub const fn new(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        Self { left, top, right, bottom }
    }

    /// Width in pixels; 0 for a rectangle turned inside out.
    pub fn width(self) -> i32 {
        self.right.saturating_sub(self.left).max(0)
    }

    /// Height in pixels; 0 for a rectangle turned inside out.
    pub fn height(self) -> i32 {
        self.bottom.saturating_sub(self.top).max(0)
    }

    /// Area in square pixels.
    pub fn area(self) -> i64 {
        i64::from(self.width()) * i64::from(self.height())
    }

    /// The middle, where a finger would tap.
    pub fn center(self) -> Point {
        Point { x: self.left + self.width() / 2, y: self.top + self.height() / 2 }
    }

    /// Whether the point lies inside.
    pub fn contains(self, p: Point) -> bool {
        (self.left..self.right).contains(&p.x) && (self.top..self.bottom).contains(&p.y)
    }

    /// Whether `other` lies wholly inside.
    pub fn encloses(self, other: Rect) -> bool {
        self.left <= other.left && self.top <= other.top && self.right >= other.right && self.bottom >= other.bottom
    }

    /// The common part; empty (zero) when there is none.
    pub fn intersection(self, other: Rect) -> Rect {
        let r = Rect::new(
            self.left.max(other.left),
            self.top.max(other.top),
            self.right.min(other.right),
            self.bottom.min(other.bottom),
        );
        if r.area() == 0 { Rect::default() } else { r }
    }
}
