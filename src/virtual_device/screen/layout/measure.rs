//! How big a widget is in the room it is given.

use super::super::super::view::{Kind, Length, Widget};
use super::super::display::Display;
use super::super::font::Typeface;
use super::super::{look, text};
use super::{MOST_DEPTH, MOST_WIDGETS};

/// Heights in a scrolling column are only bounded by this, in pixels.
const ENDLESS: i32 = 1_000_000;

/// Lines of one text at most.
const MOST_LINES: usize = 1_000;

/// The room a widget may take, in pixels, without its margin.
#[derive(Clone, Copy)]
pub struct Room {
    pub width: i32,
    pub height: i32,
    /// The width must be all of it.
    pub exact_width: bool,
    /// The height must be all of it.
    pub exact_height: bool,
    /// The height has no end: `Fill` means no more than the content.
    pub endless: bool,
}

impl Room {
    /// At most so much.
    pub fn up_to(width: i32, height: i32) -> Self {
        Self { width, height, exact_width: false, exact_height: false, endless: false }
    }
}

/// A measured widget. `children` go with the widget's own, up to the first that was too many.
#[derive(Debug, Default)]
pub struct Measured {
    pub width: i32,
    pub height: i32,
    /// Height of the content of a scrolling column.
    pub content: i32,
    pub children: Vec<Measured>,
}

/// Measures one window's widgets.
pub struct Measure<'a> {
    pub display: &'a Display,
    pub typeface: Typeface,
    seen: usize,
}

impl<'a> Measure<'a> {
    pub fn new(display: &'a Display, typeface: Typeface) -> Self {
        Self { display, typeface, seen: 0 }
    }

    /// The widget's size and that of everything in it.
    pub fn widget(&mut self, widget: &Widget, room: Room, depth: usize) -> Measured {
        self.seen += 1;
        let room = self.styled(widget, room);
        let mut measured = if look::is_leaf(widget.kind) {
            self.leaf(widget, room)
        } else if depth >= MOST_DEPTH {
            Measured::default()
        } else {
            self.container(widget, room, depth)
        };
        let (least_width, least_height) = look::least(widget, self.display);
        measured.width = fit(measured.width.max(least_width), room.width, room.exact_width);
        measured.height = fit(measured.height.max(least_height), room.height, room.exact_height);
        measured
    }

    /// The room after the style's own width and height.
    fn styled(&self, widget: &Widget, room: Room) -> Room {
        let mut styled = room;
        if !room.exact_width {
            (styled.width, styled.exact_width) = self.length(widget.style.width, room.width, false);
        }
        if !room.exact_height {
            (styled.height, styled.exact_height) = self.length(widget.style.height, room.height, room.endless);
            styled.endless = room.endless && !styled.exact_height;
        }
        styled
    }

    fn length(&self, length: Length, room: i32, endless: bool) -> (i32, bool) {
        match length {
            Length::Wrap => (room, false),
            Length::Fill => (room, !endless),
            Length::Dp(dp) => (self.display.px(dp).clamp(0, room.max(0)), true),
        }
    }

    fn leaf(&self, widget: &Widget, room: Room) -> Measured {
        if widget.kind == Kind::Divider {
            return Measured { width: room.width, height: self.display.px(1.0).max(1), ..Measured::default() };
        }
        let face = look::face(widget, self.display);
        let [left, top, right, bottom] = look::padding(widget, self.display);
        let (before, after) = look::reserve(widget, self.display);
        let beside = left + right + before + after;
        let words = look::words(widget);
        if words.is_empty() && !matches!(widget.kind, Kind::Text | Kind::Field) {
            return Measured { width: beside, height: top + bottom, ..Measured::default() };
        }
        let widths = self.typeface.widths(face);
        let lines = text::wrap(&words, &widths, (room.width - beside).max(0) as f32, MOST_LINES);
        let widest = lines.iter().map(|line| line.width).fold(0.0, f32::max).ceil() as i32;
        let height = face.line_height().saturating_mul(lines.len() as i32).min(ENDLESS);
        let width = if widget.kind == Kind::Field { room.width } else { widest + beside };
        Measured { width, height: height + top + bottom, ..Measured::default() }
    }

    fn container(&mut self, widget: &Widget, room: Room, depth: usize) -> Measured {
        let [left, top, right, bottom] = look::padding(widget, self.display);
        let inner =
            Room { width: (room.width - left - right).max(0), height: (room.height - top - bottom).max(0), ..room };
        let mut measured = match widget.kind {
            Kind::Row => self.row(widget, inner, depth),
            Kind::Frame => self.frame(widget, inner, depth),
            Kind::Scroll | Kind::Web => {
                let mut content =
                    self.column(widget, Room { height: ENDLESS, endless: true, exact_height: false, ..inner }, depth);
                content.content = content.height;
                content.height = content.height.min(inner.height);
                content
            }
            _ => self.column(widget, inner, depth),
        };
        measured.width = measured.width.saturating_add(left + right);
        measured.height = measured.height.saturating_add(top + bottom);
        measured
    }

    fn column(&mut self, widget: &Widget, room: Room, depth: usize) -> Measured {
        let children = self.shown(widget);
        let mut sizes: Vec<Option<Measured>> = (0..children.len()).map(|_| None).collect();
        let (mut used, mut weights) = (0i32, 0.0f32);
        for (size, child) in sizes.iter_mut().zip(children) {
            let (beside, above) = self.margins(child);
            used = used.saturating_add(above);
            if weight(child) > 0.0 && room.exact_height {
                weights += weight(child);
                continue;
            }
            let left = (room.height - used).max(0);
            let measured = self.widget(child, self.inside(room, room.width - beside, left), depth + 1);
            used = used.saturating_add(measured.height);
            *size = Some(measured);
        }
        let spare = (room.height - used).max(0) as f32;
        for (size, child) in sizes.iter_mut().zip(children).filter(|(size, _)| size.is_none()) {
            let (beside, _) = self.margins(child);
            let share = (spare * (weight(child) / weights)) as i32;
            let cell = Room { exact_height: true, ..self.inside(room, room.width - beside, share) };
            let measured = self.widget(child, cell, depth + 1);
            used = used.saturating_add(measured.height);
            *size = Some(measured);
        }
        let sizes: Vec<Measured> = sizes.into_iter().map(Option::unwrap_or_default).collect();
        let width = children.iter().zip(&sizes).map(|(c, m)| m.width.saturating_add(self.margins(c).0)).max();
        Measured { width: width.unwrap_or(0), height: used.min(ENDLESS), content: 0, children: sizes }
    }

    fn row(&mut self, widget: &Widget, room: Room, depth: usize) -> Measured {
        let children = self.shown(widget);
        let mut sizes: Vec<Option<Measured>> = (0..children.len()).map(|_| None).collect();
        let (mut used, mut weights) = (0i32, 0.0f32);
        for (size, child) in sizes.iter_mut().zip(children) {
            let (beside, above) = self.margins(child);
            used = used.saturating_add(beside);
            if weight(child) > 0.0 {
                weights += weight(child);
                continue;
            }
            let left = (room.width - used).max(0);
            let measured = self.widget(child, self.inside(room, left, room.height - above), depth + 1);
            used = used.saturating_add(measured.width);
            *size = Some(measured);
        }
        let spare = (room.width - used).max(0) as f32;
        for (size, child) in sizes.iter_mut().zip(children).filter(|(size, _)| size.is_none()) {
            let (_, above) = self.margins(child);
            let share = (spare * (weight(child) / weights)) as i32;
            let cell = Room { exact_width: true, ..self.inside(room, share, room.height - above) };
            let measured = self.widget(child, cell, depth + 1);
            used = used.saturating_add(measured.width);
            *size = Some(measured);
        }
        let sizes: Vec<Measured> = sizes.into_iter().map(Option::unwrap_or_default).collect();
        let height = children.iter().zip(&sizes).map(|(c, m)| m.height.saturating_add(self.margins(c).1)).max();
        Measured { width: used, height: height.unwrap_or(0).min(ENDLESS), content: 0, children: sizes }
    }

    fn frame(&mut self, widget: &Widget, room: Room, depth: usize) -> Measured {
        let (mut width, mut height) = (0, 0);
        let mut sizes = Vec::new();
        for child in self.shown(widget) {
            let (beside, above) = self.margins(child);
            let (x, y) = child.style.offset.map_or((0, 0), |(x, y)| (self.display.px(x), self.display.px(y)));
            let measured = self.widget(child, self.inside(room, room.width - beside, room.height - above), depth + 1);
            width = width.max(measured.width.saturating_add(beside).saturating_add(x.max(0)));
            height = height.max(measured.height.saturating_add(above).saturating_add(y.max(0)));
            sizes.push(measured);
        }
        Measured { width, height: height.min(ENDLESS), content: 0, children: sizes }
    }

    /// Room for a child: as endless as its parent's, nothing exact.
    fn inside(&self, parent: Room, width: i32, height: i32) -> Room {
        Room { endless: parent.endless, ..Room::up_to(width.max(0), height.max(0)) }
    }

    /// The children that are not too many.
    fn shown<'w>(&self, widget: &'w Widget) -> &'w [Widget] {
        let left = MOST_WIDGETS.saturating_sub(self.seen);
        &widget.children[..widget.children.len().min(left)]
    }

    /// A widget's margins in pixels: left and right together, top and bottom together.
    fn margins(&self, widget: &Widget) -> (i32, i32) {
        let [left, top, right, bottom] = widget.style.margin.map(|edge| self.display.px(edge));
        (left + right, top + bottom)
    }
}

fn weight(widget: &Widget) -> f32 {
    let weight = if widget.kind == Kind::Spacer && widget.style.weight == 0.0 && is_wrap(widget) {
        1.0
    } else {
        widget.style.weight
    };
    if weight.is_finite() { weight.clamp(0.0, 1e6) } else { 0.0 }
}

/// Whether neither width nor height is given.
fn is_wrap(widget: &Widget) -> bool {
    widget.style.width == Length::Wrap && widget.style.height == Length::Wrap
}

fn fit(wanted: i32, room: i32, exact: bool) -> i32 {
    if exact { room.max(0) } else { wanted.clamp(0, room.max(0)) }
}
