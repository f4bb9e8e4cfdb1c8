//! The memory of dialogs: every window an app put above its screens, with its times. No program prints it; it is how a test
//! or a person learns what truly happened, without reading a screen or a log.

use std::collections::VecDeque;

use super::System;
use crate::virtual_device::specimen::look::Form;

/// Most that is remembered; the oldest goes first.
const MOST: usize = 1_000;

/// One dialog, from when it came to when it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showing {
    /// Package whose dialog it is.
    pub package: String,
    /// Its name in the model.
    pub dialog: String,
    /// Its form.
    pub form: Form,
    /// When it came, in milliseconds since 1970 on the device's clock.
    pub at: i64,
    /// When it went; `None` while it stands.
    pub gone: Option<i64>,
    surface: u32,
}

impl System {
    /// Dialogs that apps showed, the oldest first.
    pub fn showings(&self) -> impl Iterator<Item = &Showing> {
        self.showings.iter()
    }

    /// Writes down which dialogs came and went since the last call.
    pub(super) fn note_showings(&mut self) {
        let now = self.wall();
        let standing: Vec<Showing> = self
            .apps
            .iter()
            .flat_map(|(package, app)| {
                let shown = app.live.iter().flat_map(|live| &live.dialogs);
                shown.filter_map(move |shown| {
                    let form = app.model.dialogs.get(&shown.name)?.form;
                    let (package, dialog) = (package.clone(), shown.name.clone());
                    Some(Showing { package, dialog, form, at: now, gone: None, surface: shown.surface })
                })
            })
            .collect();
        for showing in self.showings.iter_mut().filter(|showing| showing.gone.is_none()) {
            if !standing.iter().any(|stands| stands.surface == showing.surface) {
                showing.gone = Some(now);
            }
        }
        for new in standing {
            if !self.showings.iter().any(|known| known.surface == new.surface) {
                push(&mut self.showings, new);
            }
        }
    }
}

fn push(showings: &mut VecDeque<Showing>, new: Showing) {
    if showings.len() == MOST {
        showings.pop_front();
    }
    showings.push_back(new);
}
