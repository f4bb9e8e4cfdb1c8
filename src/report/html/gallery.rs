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
/// Pictures made ahead at a time.
const AHEAD: usize = 32;
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
    /// Where the original can be opened from this page; `None` when it can't.
    pub original: Option<String>,
    /// There is no picture here, but the original can be opened in the package.
    pub left_out: bool,
}

/// A copy as a data URI, marked safe: base64 needs no escaping.
fn data_uri(copy: &Picture) -> Value {
    Value::from_safe_string(format!("data:image/png;base64,{}", BASE64_STANDARD.encode(&copy.png)))
}

/// A picture that will be asked for.
pub struct Wish<'a> {
    /// Of what.
    pub exhibit: &'a ExhibitRef,
    /// What is marked on it.
    pub marks: Vec<Mark>,
    /// How wide it is.
    pub width: u32,
}

impl Wish<'_> {
    fn key(&self) -> Key {
        (self.exhibit.sha256.clone(), self.width, self.marks.clone())
    }

    fn is(&self, (sha256, width, marks): &Key) -> bool {
        self.exhibit.sha256 == *sha256 && self.width == *width && self.marks == *marks
    }
}

/// A picture by its exhibit, width and marks.
type Key = (String, u32, Vec<Mark>);

/// Makes the pictures of one page.
pub struct Gallery<'a> {
    exhibits: &'a Exhibits<'a>,
    left: usize,
    hung: HashSet<String>,
    /// Copies by digest and width, the latest last.
    copies: VecDeque<(String, u32, Copy)>,
    /// Places that show a secret, by the picture's digest.
    secret: HashMap<String, Vec<Rect>>,
    /// Folder of the originals as a link; `None` when the page can't lead to them.
    originals: Option<String>,
    /// What will be asked for, in this order, as far as was said.
    wishes: VecDeque<Wish<'a>>,
    /// What was made ahead; `None` when the exhibit is not at hand.
    ready: HashMap<Key, Option<Result<Picture, PictureError>>>,
}

impl<'a> Gallery<'a> {
    /// An empty gallery with its whole budget.
    pub fn new(exhibits: &'a Exhibits<'a>) -> Self {
        Self::within(exhibits, BUDGET)
    }

    /// An empty gallery with a budget of so many bytes.
    pub fn within(exhibits: &'a Exhibits<'a>, budget: usize) -> Self {
        Self {
            exhibits,
            left: budget,
            hung: HashSet::new(),
            copies: VecDeque::new(),
            secret: HashMap::new(),
            originals: None,
            wishes: VecDeque::new(),
            ready: HashMap::new(),
        }
    }

    /// The same, with each picture leading to its original below this folder.
    pub fn leading_to(mut self, originals: Option<String>) -> Self {
        self.originals = originals;
        self
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

    /// Says what will be asked for next, so that it is made ahead, several at a time. What else is asked for is made then.
    pub fn expect(&mut self, wishes: Vec<Wish<'a>>) {
        self.wishes = wishes.into();
        self.ready.clear();
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
        let mut shown = Shown { sha256: exhibit.sha256.clone(), original: self.original(exhibit), ..Shown::default() };
        if self.left == 0 {
            shown.missing = "left out to bound the size of this page".into();
            shown.left_out = true;
            return shown;
        }
        let made = self.ahead(&(exhibit.sha256.clone(), width, marks.to_vec()));
        let Some(made) = made.unwrap_or_else(|| self.made_now(exhibit, marks, width)) else {
            shown.missing = "the exhibit is not at hand".into();
            return shown;
        };
        match made {
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

    fn original(&self, exhibit: &ExhibitRef) -> Option<String> {
        let (folder, path) = (self.originals.as_ref()?, exhibit.path()?);
        Some(if folder.is_empty() { path } else { format!("{folder}/{path}") })
    }

    fn made_now(&mut self, exhibit: &ExhibitRef, marks: &[Mark], width: u32) -> Option<Result<Picture, PictureError>> {
        Some(self.copy(exhibit, width)?.and_then(|copy| copy.marked(marks)))
    }

    /// A picture that was made ahead, or is made now together with those expected after it; `None` when nobody said that it
    /// would be asked for.
    fn ahead(&mut self, key: &Key) -> Option<Option<Result<Picture, PictureError>>> {
        if !self.ready.contains_key(key) {
            let at = self.wishes.iter().position(|wish| wish.is(key))?;
            self.wishes.drain(..at);
            let next: Vec<Wish> = self.wishes.drain(..AHEAD.min(self.wishes.len())).collect();
            let read = |wish: &Wish| (self.exhibits)(wish.exhibit);
            let bytes: Vec<Option<Vec<u8>>> = next.iter().map(read).collect();
            let secret = &self.secret;
            let make = |(wish, bytes): &(&Wish, Option<Vec<u8>>)| {
                let copy = Copy::of(bytes.as_ref()?, wish.width);
                let veils = secret.get(&wish.exhibit.sha256).map_or(&[][..], Vec::as_slice);
                Some(copy.and_then(|copy| copy.veiled(veils).marked(&wish.marks)))
            };
            let made = side_by_side(&next.iter().zip(bytes).collect::<Vec<_>>(), make);
            self.ready = next.iter().map(Wish::key).zip(made).collect();
        }
        self.ready.remove(key)
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

/// Does the same to each item on all processors; the results in the items' order.
fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let part = |part| scope.spawn(move || <[T]>::iter(part).map(work).collect::<Vec<R>>());
        let parts: Vec<_> = items.chunks(share).map(part).collect();
        let done = |part: std::thread::ScopedJoinHandle<Vec<R>>| {
            part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        parts.into_iter().flat_map(done).collect()
    })
}
