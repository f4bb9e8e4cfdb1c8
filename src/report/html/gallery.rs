//! Pictures for a page: annotated copies as data URIs, within a budget.

use std::collections::{HashMap, HashSet, VecDeque};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::Value;
use serde::Serialize;

use super::Exhibits;
use crate::journal::ExhibitRef;
use crate::journal::entry::{Entry, Event};
use crate::report::picture::{Copy, Mark, Picture, PictureError};
use crate::ui::Rect;

/// Most bytes of pictures in one page; what does not fit is named and stays in the package.
const BUDGET: usize = 24 << 20;
/// Copies kept at hand while a page is made: the same screen is shown in its findings, its card and the timeline.
const MOST_COPIES: usize = 48;

/// A picture in a page, or the reason why it is not there.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Shown {
    /// A data URI; `None` when there is no picture.
    pub src: Option<Value>,
    /// Width of the copy, in pixels.
    pub width: u32,
    /// Height of the copy, in pixels.
    pub height: u32,
    /// SHA-256 of the original.
    pub sha256: String,
    /// Why there is no picture; empty when there is one.
    pub missing: String,
    /// There is no picture here, but the original can be opened in the package.
    pub left_out: bool,
}

/// A copy as a data URI, marked safe: base64 needs no escaping.
pub fn data_uri(copy: &Picture) -> Value {
    Value::from_safe_string(format!("data:image/png;base64,{}", BASE64_STANDARD.encode(&copy.png)))
}

/// Makes the pictures of one page.
pub struct Gallery<'a> {
    exhibits: &'a Exhibits<'a>,
    left: usize,
    hung: HashSet<String>,
    /// Copies by digest and width, the latest last.
    copies: VecDeque<(String, u32, Copy)>,
    /// Places that show a secret, by the picture's digest.
    secret: HashMap<String, Vec<Rect>>,
}

impl<'a> Gallery<'a> {
    /// An empty gallery with its whole budget.
    pub fn new(exhibits: &'a Exhibits<'a>) -> Self {
        Self::within(exhibits, BUDGET)
    }

    /// An empty gallery with a budget of so many bytes.
    pub fn within(exhibits: &'a Exhibits<'a>, budget: usize) -> Self {
        Self { exhibits, left: budget, hung: HashSet::new(), copies: VecDeque::new(), secret: HashMap::new() }
    }

    /// The same, with the places veiled that the record says show a secret.
    pub fn hiding(mut self, entries: &[Entry]) -> Self {
        for entry in entries {
            if let Event::Captured(capture) = &entry.event
                && let Some(screenshot) = capture.screenshot.as_ref().filter(|_| !capture.secret.is_empty())
            {
                self.secret.entry(screenshot.sha256.clone()).or_default().extend(&capture.secret);
            }
        }
        self
    }

    /// Bytes left of the budget.
    pub fn left(&self) -> usize {
        self.left
    }

    /// The same budget, with nothing hung: what small pictures showed may be shown large once more.
    pub fn rehang(mut self) -> Self {
        self.hung.clear();
        self
    }

    /// Whether the page shows this exhibit already.
    pub fn shows(&self, exhibit: &ExhibitRef) -> bool {
        self.hung.contains(&exhibit.sha256)
    }

    /// A copy of `exhibit`, `width` pixels wide, with `marks`.
    pub fn hang(&mut self, exhibit: &ExhibitRef, marks: &[Mark], width: u32) -> Shown {
        let mut shown = Shown { sha256: exhibit.sha256.clone(), ..Shown::default() };
        if self.left == 0 {
            shown.missing = "left out to bound the size of this page".into();
            shown.left_out = true;
            return shown;
        }
        let Some(copy) = self.copy(exhibit, width) else {
            shown.missing = "the exhibit is not at hand".into();
            return shown;
        };
        match copy.and_then(|copy| copy.marked(marks)) {
            Ok(copy) => {
                self.left = self.left.saturating_sub(copy.png.len());
                self.hung.insert(exhibit.sha256.clone());
                (shown.width, shown.height) = (copy.width, copy.height);
                shown.src = Some(data_uri(&copy));
            }
            Err(why) => shown.missing = why.to_string(),
        }
        shown
    }

    /// A copy without marks; `None` when the exhibit is not at hand.
    fn copy(&mut self, exhibit: &ExhibitRef, width: u32) -> Option<Result<&Copy, PictureError>> {
        let known = self.copies.iter().position(|(sha256, wide, _)| *sha256 == exhibit.sha256 && *wide == width);
        let at = match known {
            Some(at) => at,
            None => {
                let copy = match Copy::of(&(self.exhibits)(exhibit)?, width) {
                    Ok(copy) => copy.veiled(self.secret.get(&exhibit.sha256).map_or(&[], Vec::as_slice)),
                    Err(why) => return Some(Err(why)),
                };
                if self.copies.len() == MOST_COPIES {
                    self.copies.pop_front();
                }
                self.copies.push_back((exhibit.sha256.clone(), width, copy));
                self.copies.len() - 1
            }
        };
        self.copies.get(at).map(|(_, _, copy)| Ok(copy))
    }
}
