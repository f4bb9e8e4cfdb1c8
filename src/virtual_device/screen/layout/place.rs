//! Where each measured widget stands, and what of it can be seen.

use super::super::super::view::{Align, Bounds, Kind, View, Widget};
use super::super::display::Display;
use super::super::look;
use super::measure::Measured;

/// The widget's view with its children's, its left top corner at `(x, y)`, seen through `clip`.
pub fn place(widget: &Widget, measured: &Measured, x: i32, y: i32, clip: Bounds, display: &Display) -> View {
    let frame = Bounds::new(x, y, x.saturating_add(measured.width), y.saturating_add(measured.height));
    let bounds = frame.clip(clip);
    let reach = reach(widget, measured, display);
    let mut view = View { widget: bare(widget), bounds, frame, reach, index: 0, children: Vec::new() };
    view.widget.state.scroll = widget.state.scroll.clamp(0, reach);
    let scroll = view.widget.state.scroll;
    let mut index = 0;
    for (child, size, left, top) in spots(widget, measured, display) {
        let at = (x.saturating_add(left), y.saturating_add(top).saturating_sub(scroll));
        let mut seen = place(child, size, at.0, at.1, bounds, display);
        if !seen.bounds.is_empty() {
            seen.index = index;
            view.children.push(seen);
        }
        index += u32::from(look::is_dumped(child));
    }
    view
}

/// How far the widget can be scrolled.
fn reach(widget: &Widget, measured: &Measured, display: &Display) -> i32 {
    if !matches!(widget.kind, Kind::Scroll | Kind::Web) {
        return 0;
    }
    let [_, top, _, bottom] = look::padding(widget, display);
    (measured.content + top + bottom - measured.height).max(0)
}

/// The widget without its children.
fn bare(widget: &Widget) -> Widget {
    Widget {
        kind: widget.kind,
        class: widget.class.clone(),
        id: widget.id.clone(),
        text: widget.text.clone(),
        desc: widget.desc.clone(),
        hint: widget.hint.clone(),
        state: widget.state.clone(),
        style: widget.style.clone(),
        icon: widget.icon,
        on_tap: widget.on_tap,
        children: Vec::new(),
    }
}

type Spot<'a> = (&'a Widget, &'a Measured, i32, i32);

/// Each child with its place, from the parent's left top corner.
fn spots<'a>(widget: &'a Widget, measured: &'a Measured, display: &Display) -> Vec<Spot<'a>> {
    let [left, top, right, bottom] = look::padding(widget, display);
    let inner = Bounds::new(left, top, (measured.width - right).max(left), (measured.height - bottom).max(top));
    let children = widget.children.iter().zip(&measured.children);
    match widget.kind {
        Kind::Frame => children.map(|(child, size)| in_frame(widget, child, size, inner, display)).collect(),
        Kind::Row => in_row(widget, children, inner, display),
        _ => in_column(widget, children, inner, display),
    }
}

fn in_column<'a>(
    parent: &Widget,
    children: impl Iterator<Item = (&'a Widget, &'a Measured)> + Clone,
    inner: Bounds,
    display: &Display,
) -> Vec<Spot<'a>> {
    let content: i32 = children.clone().map(|(c, m)| m.height + tall(c, display)).fold(0, i32::saturating_add);
    let spare = (inner.height() - content).max(0);
    let mut y = inner.top
        + match parent.style.align {
            Align::Center | Align::CenterVertical => spare / 2,
            Align::Bottom => spare,
            _ => 0,
        };
    let mut spots = Vec::new();
    for (child, size) in children {
        let [left, top, right, bottom] = child.style.margin.map(|edge| display.px(edge));
        let spare = inner.width() - left - right - size.width;
        let x = inner.left + left + across(parent.style.align, spare);
        spots.push((child, size, x, y + top));
        y = y.saturating_add(top + size.height + bottom);
    }
    spots
}

fn in_row<'a>(
    parent: &Widget,
    children: impl Iterator<Item = (&'a Widget, &'a Measured)> + Clone,
    inner: Bounds,
    display: &Display,
) -> Vec<Spot<'a>> {
    let content: i32 = children.clone().map(|(c, m)| m.width + wide(c, display)).fold(0, i32::saturating_add);
    let mut x = inner.left + across(parent.style.align, (inner.width() - content).max(0));
    let mut spots = Vec::new();
    for (child, size) in children {
        let [left, top, right, bottom] = child.style.margin.map(|edge| display.px(edge));
        let spare = inner.height() - top - bottom - size.height;
        let y = inner.top
            + top
            + match parent.style.align {
                Align::Center | Align::CenterVertical | Align::End => spare / 2,
                Align::Bottom => spare,
                _ => 0,
            };
        spots.push((child, size, x + left, y));
        x = x.saturating_add(left + size.width + right);
    }
    spots
}

/// A frame's child stands where its offset says, else where the frame's alignment says, else where its own does.
fn in_frame<'a>(parent: &Widget, child: &'a Widget, size: &'a Measured, inner: Bounds, display: &Display) -> Spot<'a> {
    let [left, top, right, bottom] = child.style.margin.map(|edge| display.px(edge));
    if let Some((x, y)) = child.style.offset {
        return (child, size, inner.left + left + display.px(x), inner.top + top + display.px(y));
    }
    let align = if parent.style.align == Align::Start { child.style.align } else { parent.style.align };
    let spare = (inner.width() - left - right - size.width, inner.height() - top - bottom - size.height);
    let down = match align {
        Align::Center | Align::CenterVertical => spare.1 / 2,
        Align::Bottom => spare.1,
        _ => 0,
    };
    (child, size, inner.left + left + across(align, spare.0), inner.top + top + down)
}

/// How far from the left edge something stands that leaves `spare` pixels.
fn across(align: Align, spare: i32) -> i32 {
    match align {
        Align::Center | Align::CenterHorizontal => spare / 2,
        Align::End => spare,
        _ => 0,
    }
}

fn tall(widget: &Widget, display: &Display) -> i32 {
    display.px(widget.style.margin[1]) + display.px(widget.style.margin[3])
}

fn wide(widget: &Widget, display: &Display) -> i32 {
    display.px(widget.style.margin[0]) + display.px(widget.style.margin[2])
}
