//! What accessibility tells of a view: the same facts whoever asks, `uiautomator` or a program with a connection of its own.

use std::borrow::Cow;

use super::super::view::{Bounds, Kind, View};
use super::look;

/// Classes whose nodes are never marked `NAF` (AOSP).
const NOT_NAF: [&str; 4] =
    ["android.widget.GridView", "android.widget.GridLayout", "android.widget.ListView", "android.widget.TableLayout"];

/// One view as accessibility sees it.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The view.
    pub view: &'a View,
    /// Package of its window.
    pub package: &'a str,
    /// Words it shows.
    pub text: Cow<'a, str>,
    /// Java class.
    pub class: &'a str,
    /// A tap does something of its own.
    pub clickable: bool,
    /// Can take the input focus.
    pub focusable: bool,
}

impl<'a> Node<'a> {
    /// The facts of a view. `newer` releases let scrolling views take the focus.
    pub fn of(view: &'a View, package: &'a str, newer: bool) -> Self {
        let widget = &view.widget;
        let text = if widget.kind == Kind::Image { "".into() } else { look::words(widget) };
        let class = look::class(widget);
        let clickable = look::is_clickable(widget);
        let focusable = clickable || view.reach > 0 || class.ends_with("ScrollView") && newer;
        Self { view, package, text, class, clickable, focusable }
    }

    /// Can be ticked.
    pub fn checkable(&self) -> bool {
        look::is_checkable(self.view.widget.kind)
    }

    /// Can be scrolled.
    pub fn scrollable(&self) -> bool {
        self.view.reach > 0
    }

    /// Reacts to a long press.
    pub fn long_clickable(&self) -> bool {
        self.view.widget.state.long_clickable || self.view.widget.kind == Kind::Field
    }

    /// Place on the screen.
    pub fn bounds(&self) -> Bounds {
        self.view.bounds
    }

    /// "Not accessibility friendly": can be tapped, and neither it nor anything in it has words.
    pub fn naf(&self) -> bool {
        self.clickable && self.view.widget.state.enabled && !NOT_NAF.contains(&self.class) && !has_words(self.view)
    }
}

/// Whether accessibility is told of the view at all.
pub fn is_told(view: &View) -> bool {
    look::is_dumped(&view.widget) && !view.bounds.is_empty()
}

/// What a screen reader is told of: everything but layouts that only arrange.
pub fn is_important(view: &View) -> bool {
    !matches!(view.widget.kind, Kind::Column | Kind::Row | Kind::Frame | Kind::Scroll)
        || look::is_clickable(&view.widget)
        || view.reach > 0
        || !view.widget.desc.is_empty()
}

fn has_words(view: &View) -> bool {
    let shown = view.widget.kind != Kind::Image && !look::words(&view.widget).is_empty();
    shown || !view.widget.desc.is_empty() || view.children.iter().any(has_words)
}
