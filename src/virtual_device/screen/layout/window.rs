//! Where a window stands, and the frames Android puts round its content.

use super::super::super::view::{Align, Bounds, Kind, Layer, Length, Style, View, Widget, Window};
use super::super::display::Display;
use super::super::font::Typeface;
use super::measure::{Measure, Room};
use super::place::place;

/// The frame of a dialog window is larger than its panel by this, in dp: room for the shadow (captured, API 23).
const SHADOW: f32 = 16.0;

/// From the screen's edge to a dialog's panel, in dp (captured, API 23).
const DIALOG_EDGE: f32 = 28.0;

/// Dialogs are no wider than this, in dp.
const WIDEST_DIALOG: f32 = 420.0;

/// One window with its views.
#[derive(Clone, Debug)]
pub struct Laid {
    /// The window; its content is in `root`.
    pub window: Window,
    /// Its outermost view; its bounds are the window's.
    pub root: View,
    /// What is drawn: the panel without the room for its shadow.
    pub panel: Bounds,
}

/// Lays out windows, the lowest first.
pub fn lay_out_all(windows: &[Window], display: &Display, typeface: Typeface) -> Vec<Laid> {
    windows.iter().map(|window| lay_out(window, display, typeface)).collect()
}

/// Lays out one window.
pub fn lay_out(window: &Window, display: &Display, typeface: Typeface) -> Laid {
    match window.layer {
        Layer::Activity => activity(window, display, typeface),
        Layer::Dialog => dialog(window, display, typeface),
        Layer::Sheet => sheet(window, display, typeface),
        Layer::System => system(window, display, typeface),
        Layer::Overlay => overlay(window, display, typeface),
        Layer::Toast => toast(window, display, typeface),
    }
}

fn activity(window: &Window, display: &Display, typeface: Typeface) -> Laid {
    let mut root = if is_framed(&window.content) {
        window.content.clone()
    } else {
        let content = full(wrapped(CONTENT, window.content.clone()));
        let inner = Widget { kind: Kind::Column, ..wrapped("", content) };
        full(wrapped("", full(inner)))
    };
    let dp = |px: i32| px as f32 * 160.0 / display.density as f32;
    if let Some(inner) = root.children.first_mut() {
        inner.style.padding = [0.0, dp(display.status_bar), 0.0, dp(display.navigation_bar)];
    }
    let view = measured(&root, display, typeface, display.screen(), Align::Start);
    Laid { window: without_content(window), panel: view.bounds, root: view }
}

fn dialog(window: &Window, display: &Display, typeface: Typeface) -> Laid {
    let framed = framed(&window.content);
    if window.content.style.height == Length::Fill {
        let view = measured(&full(framed), display, typeface, display.between_bars(), Align::Start);
        return Laid { window: without_content(window), panel: view.bounds, root: view };
    }
    let shadow = display.px(SHADOW);
    let area = display.between_bars();
    let width = (area.width() - 2 * display.px(DIALOG_EDGE)).min(display.px(WIDEST_DIALOG)).max(1);
    let mut root = wrapped("", fill_width(framed));
    root.style.padding = [SHADOW; 4];
    root.style.width = Length::Dp((width + 2 * shadow) as f32 * 160.0 / display.density as f32);
    let view = measured(&root, display, typeface, area, Align::Center);
    let panel = view.bounds.inset(shadow.min(view.bounds.width() / 2).min(view.bounds.height() / 2));
    Laid { window: without_content(window), root: view, panel }
}

fn sheet(window: &Window, display: &Display, typeface: Typeface) -> Laid {
    let root = fill_width(wrapped("", fill_width(framed(&window.content))));
    let view = measured(&root, display, typeface, display.between_bars(), Align::Bottom);
    Laid { window: without_content(window), panel: view.bounds, root: view }
}

/// The system's dialogs bring their own frames; the outermost widget's alignment says where they stand, its padding is
/// room for the shadow.
fn system(window: &Window, display: &Display, typeface: Typeface) -> Laid {
    let style = &window.content.style;
    let align = if style.align == Align::Start { Align::Center } else { style.align };
    let view = measured(&window.content, display, typeface, display.between_bars(), align);
    let [left, top, right, bottom] = style.padding.map(|edge| display.px(edge).max(0));
    let b = view.bounds;
    let panel = Bounds::new(
        b.left + left,
        b.top + top,
        (b.right - right).max(b.left + left),
        (b.bottom - bottom).max(b.top + top),
    );
    Laid { window: without_content(window), root: view, panel }
}

/// A floating window is as large as its content and stands in the middle, unless its content says otherwise.
fn overlay(window: &Window, display: &Display, typeface: Typeface) -> Laid {
    let area = display.between_bars();
    let mut root = window.content.clone();
    let body = shrink(&mut root);
    let align = if body.align == Align::Start { Align::Center } else { body.align };
    let view = match body.offset {
        Some((x, y)) => {
            let spot = area.offset(display.px(x), display.px(y)).clip(area);
            measured(&root, display, typeface, spot, Align::Start)
        }
        None => measured(&root, display, typeface, area, align),
    };
    Laid { window: without_content(window), panel: view.bounds, root: view }
}

/// Makes the frames round an overlay's content as large as that content; returns the content's style.
fn shrink(root: &mut Widget) -> Style {
    let style = root.style.clone();
    let is_frame = root.kind == Kind::Frame && (root.id.is_empty() || root.id == CONTENT);
    if is_frame && root.children.len() == 1 {
        (root.style.width, root.style.height) = (Length::Wrap, Length::Wrap);
        return root.children.first_mut().map_or(style, shrink);
    }
    style
}

fn toast(window: &Window, display: &Display, typeface: Typeface) -> Laid {
    let mut root = window.content.clone();
    if root.style.padding == [0.0; 4] {
        root.style.padding = [20.0, 12.0, 20.0, 12.0];
    }
    if root.style.color == 0 {
        (root.style.color, root.style.text_size) = (0xFFFF_FFFF, 14.0);
    }
    let mut area = display.between_bars().inset(display.px(24.0));
    area.bottom -= display.px(40.0);
    let view = measured(&root, display, typeface, area, Align::Bottom);
    let area = area.offset((area.width() - view.bounds.width()) / 2, 0);
    let view = measured(&root, display, typeface, area, Align::Bottom);
    Laid { window: without_content(window), panel: view.bounds, root: view }
}

/// Measures a root in `area` and puts it where `align` says.
fn measured(root: &Widget, display: &Display, typeface: Typeface, area: Bounds, align: Align) -> View {
    let margin = root.style.margin.map(|edge| display.px(edge).max(0));
    let [left, top, right, bottom] = margin;
    let room = Room::up_to((area.width() - left - right).max(0), (area.height() - top - bottom).max(0));
    let size = Measure::new(display, typeface).widget(root, room, 0);
    let (spare_x, spare_y) = (room.width - size.width, room.height - size.height);
    let x = match align {
        Align::Center | Align::CenterHorizontal => spare_x / 2,
        Align::End => spare_x,
        _ => 0,
    };
    let y = match align {
        Align::Center | Align::CenterVertical => spare_y / 2,
        Align::Bottom => spare_y,
        _ => 0,
    };
    place(root, &size, area.left + left + x, area.top + top + y, display.screen(), display)
}

/// The id of the frame an activity's or dialog's content stands in.
const CONTENT: &str = "android:id/content";

/// Whether the content brings the frames of its window along.
fn is_framed(content: &Widget) -> bool {
    let mut at = content;
    for _ in 0..4 {
        if at.id == CONTENT {
            return true;
        }
        match at.children.as_slice() {
            [only] => at = only,
            _ => return false,
        }
    }
    false
}

/// The content in its frames.
fn framed(content: &Widget) -> Widget {
    if is_framed(content) {
        return content.clone();
    }
    fill_width(wrapped("", fill_width(wrapped(CONTENT, fill_width(content.clone())))))
}

fn wrapped(id: &str, child: Widget) -> Widget {
    Widget { kind: Kind::Frame, id: id.to_owned(), children: vec![child], ..Widget::default() }
}

fn full(widget: Widget) -> Widget {
    let style = Style { width: Length::Fill, height: Length::Fill, ..widget.style };
    Widget { style, ..widget }
}

fn fill_width(mut widget: Widget) -> Widget {
    if widget.style.width == Length::Wrap {
        widget.style.width = Length::Fill;
    }
    widget
}

fn without_content(window: &Window) -> Window {
    Window {
        package: window.package.clone(),
        title: window.title.clone(),
        layer: window.layer,
        secure: window.secure,
        cancelable: window.cancelable,
        content: Widget::default(),
    }
}
