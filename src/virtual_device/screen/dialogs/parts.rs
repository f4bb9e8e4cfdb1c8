//! Pieces that dialogs are built of.

use super::super::super::view::{Action, Align, Icon, Kind, Length, Style, Widget};

/// Children on top of each other, as wide as their parent.
pub fn frame(id: &str, children: Vec<Widget>) -> Widget {
    group(Kind::Frame, id, children)
}

/// Children one below another, as wide as their parent.
pub fn column(id: &str, children: Vec<Widget>) -> Widget {
    group(Kind::Column, id, children)
}

/// Children side by side, as wide as their parent.
pub fn row(id: &str, children: Vec<Widget>) -> Widget {
    group(Kind::Row, id, children)
}

/// A column that scrolls when it must.
pub fn scroll(id: &str, children: Vec<Widget>) -> Widget {
    group(Kind::Scroll, id, children)
}

fn group(kind: Kind, id: &str, children: Vec<Widget>) -> Widget {
    let style = Style { width: Length::Fill, ..Style::default() };
    Widget { kind, id: id.to_owned(), style, children, ..Widget::default() }
}

/// Words.
pub fn text(id: &str, words: &str, sp: f32) -> Widget {
    let style = Style { text_size: sp, ..Style::default() };
    Widget { kind: Kind::Text, id: id.to_owned(), text: words.to_owned(), style, ..Widget::default() }
}

/// A button as wide as its words.
pub fn button(id: &str, words: &str, action: Action) -> Widget {
    Widget { kind: Kind::Button, id: id.to_owned(), text: words.to_owned(), on_tap: Some(action), ..Widget::default() }
}

/// A sign of so many dp.
pub fn sign(id: &str, icon: Icon, side: f32) -> Widget {
    let style = Style { width: Length::Dp(side), height: Length::Dp(side), ..Style::default() };
    Widget { kind: Kind::Image, id: id.to_owned(), icon, style, ..Widget::default() }
}

impl Widget {
    /// With inside spacing: left, top, right, bottom in dp.
    #[must_use]
    pub fn padded(mut self, padding: [f32; 4]) -> Self {
        self.style.padding = padding;
        self
    }

    /// With outside spacing: left, top, right, bottom in dp.
    #[must_use]
    pub fn spaced(mut self, margin: [f32; 4]) -> Self {
        self.style.margin = margin;
        self
    }

    /// With its content standing so.
    #[must_use]
    pub fn aligned(mut self, align: Align) -> Self {
        self.style.align = align;
        self
    }

    /// As wide as its parent.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.style.width = Length::Fill;
        self
    }

    /// So many dp wide and high.
    #[must_use]
    pub fn sized(mut self, width: Length, height: Length) -> Self {
        (self.style.width, self.style.height) = (width, height);
        self
    }

    /// Of another Java class than usual.
    #[must_use]
    pub fn of_class(mut self, class: &str) -> Self {
        class.clone_into(&mut self.class);
        self
    }
}
