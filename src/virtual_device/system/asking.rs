//! The permission controller's memory: every page it showed, every request it showed nothing for. No program prints it;
//! it is how a test or a person learns what truly happened, without reading a screen or a log.

use std::collections::VecDeque;

use super::permission::Permission;
use super::prompt::{Answer, Group};

/// Most that is remembered; the oldest goes first.
const MOST: usize = 1_000;

/// One page that was shown, or one request for which nothing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// Package that asked.
    pub package: String,
    /// What the page asks for; for a request without a page, all that was requested.
    pub permissions: Vec<String>,
    /// What the page is about; `None` when nothing was shown.
    pub group: Option<Group>,
    /// Number of the page and of all pages; 0 of 0 when nothing was shown.
    pub page: (u32, u32),
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What a person answered; `None` as long as nobody has. Refusing with the box ticked is refusing for good.
    pub answer: Option<Answer>,
    /// What the answer changed, by name.
    pub changes: Vec<Change>,
}

/// A permission that an answer changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// How it was.
    pub before: Permission,
    /// How it is since.
    pub after: Permission,
}

/// The memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Askings(VecDeque<Asking>);

impl Askings {
    pub fn iter(&self) -> impl Iterator<Item = &Asking> {
        self.0.iter()
    }

    pub fn push(&mut self, asking: Asking) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(asking);
    }

    /// Writes down the answer to the page that was shown last.
    pub fn answered(&mut self, answer: Answer, changes: Vec<Change>) {
        if let Some(page) = self.0.iter_mut().rev().find(|asking| asking.group.is_some()) {
            page.answer = Some(answer);
            page.changes = changes;
        }
    }
}
