//! Each kind of widget, drawn in its place.

use super::super::super::view::{Align, Bounds, Icon, Kind, View};
use super::super::display::Display;
use super::super::{look, text};
use super::{Painter, icons};

/// Where a view is drawn: on a page, or in a dialog, where buttons are flat.
#[derive(Clone, Copy)]
pub struct Ground {
    pub flat_buttons: bool,
    /// The colour behind the view.
    pub behind: u32,
    /// A dialog's panel and the radius of its corners: what covers all of it has its corners.
    pub panel: Option<(Bounds, i32)>,
}

const INK: u32 = 0xFF1F_1F1F;
const SOFT_INK: u32 = 0xFF60_6368;
const FAINT: u32 = 0xFFC4_C7C5;
const LINE: u32 = 0xFFE1_E3E1;
const DISABLED: u32 = 0xFFB0_B4B8;

/// Draws a view and everything in it.
pub fn view(painter: &mut Painter<'_>, display: &Display, shown: &View, ground: Ground) {
    if shown.bounds.is_empty() {
        return;
    }
    painter.canvas.set_clip(shown.bounds);
    let mut ground = ground;
    if let Some(color) = background(painter, display, shown, ground) {
        ground.behind = color;
    }
    painter.canvas.set_clip(shown.bounds);
    leaf(painter, display, shown, ground);
    for child in &shown.children {
        view(painter, display, child, ground);
    }
    scroll_bar(painter, display, shown);
}

/// Background, border and shadow of the style; the colour, if it covers what is behind.
fn background(painter: &mut Painter<'_>, display: &Display, shown: &View, ground: Ground) -> Option<u32> {
    let style = &shown.widget.style;
    let kind = shown.widget.kind;
    if matches!(kind, Kind::Button | Kind::Image | Kind::Field | Kind::Switch) && style.elevation == 0.0 {
        return None;
    }
    let mut radius = display.px(style.corner);
    let panel = ground.panel.filter(|(panel, _)| *panel == shown.frame);
    if let Some((_, corner)) = panel {
        radius = radius.max(corner);
    }
    if style.elevation > 0.0 && panel.is_none() {
        let blur = display.px(style.elevation.min(24.0) + 2.0);
        painter.canvas.set_clip(shown.bounds.inset(-2 * blur).clip(painter.window_clip));
        painter.canvas.shadow(shown.frame, radius, blur, 70);
    }
    if style.background != 0 {
        painter.canvas.round_rect(shown.frame, radius, style.background);
    }
    if style.border != 0 {
        painter.canvas.round_frame(shown.frame, radius, display.px(1.0), style.border);
    }
    (style.background >> 24 > 0x7F).then_some(style.background)
}

fn leaf(painter: &mut Painter<'_>, display: &Display, shown: &View, ground: Ground) {
    match shown.widget.kind {
        Kind::Text => words(painter, display, shown, ink(shown, INK)),
        Kind::Button => button(painter, display, shown, ground),
        Kind::Image => picture(painter, display, shown, ground),
        Kind::Field => field(painter, display, shown),
        Kind::CheckBox => tick_box(painter, display, shown),
        Kind::Radio => radio(painter, display, shown),
        Kind::Switch => switch(painter, display, shown),
        Kind::Divider => painter.canvas.rect(shown.frame, ink(shown, LINE)),
        _ => {}
    }
}

/// The style's colour, else the usual one; pale when disabled.
fn ink(shown: &View, usual: u32) -> u32 {
    match (shown.widget.state.enabled, shown.widget.style.color) {
        (false, _) => DISABLED,
        (true, 0) => usual,
        (true, color) => color,
    }
}

/// Black or white, whichever can be read on `color`.
pub fn readable_on(color: u32) -> u32 {
    let light = (color >> 16 & 0xFF) * 3 + (color >> 8 & 0xFF) * 6 + (color & 0xFF);
    if light > 1650 { INK } else { 0xFFFF_FFFF }
}

/// `color` mixed with white, so many of 256 parts of it left.
fn tint(color: u32, parts: u32) -> u32 {
    let channel = |shift: u32| (((color >> shift & 0xFF) * parts + 255 * (256 - parts)) >> 8) << shift;
    0xFF00_0000 | channel(16) | channel(8) | channel(0)
}

/// Writes the widget's words into its place, broken into lines as layout broke them.
fn words(painter: &mut Painter<'_>, display: &Display, shown: &View, color: u32) {
    let [left, top, right, bottom] = look::padding(&shown.widget, display);
    let (before, after) = look::reserve(&shown.widget, display);
    let f = shown.frame;
    let area = Bounds::new(f.left + left + before, f.top + top, f.right - right - after, f.bottom - bottom);
    let align = match (shown.widget.kind, shown.widget.style.align) {
        (Kind::Button | Kind::Image, Align::Start) if before == 0 => Align::Center,
        (Kind::Button | Kind::CheckBox | Kind::Radio | Kind::Switch | Kind::Field, _) => Align::CenterVertical,
        (_, align) => align,
    };
    block(painter, display, shown, area, align, color);
}

fn block(painter: &mut Painter<'_>, display: &Display, shown: &View, area: Bounds, align: Align, color: u32) {
    let face = look::face(&shown.widget, display);
    let words = look::words(&shown.widget);
    let widths = painter.typeface.widths(face);
    let lines = text::wrap(&words, &widths, area.width().max(0) as f32 + 0.5, 1_000);
    let height = face.line_height() * lines.len() as i32;
    let spare = (area.height() - height).max(0);
    let mut y = area.top
        + match align {
            Align::Center | Align::CenterVertical => spare / 2,
            Align::Bottom => spare,
            _ => 0,
        };
    for line in &lines {
        let x = area.left as f32
            + match align {
                Align::Center | Align::CenterHorizontal => (area.width() as f32 - line.width) / 2.0,
                Align::End => area.width() as f32 - line.width,
                _ => 0.0,
            };
        if y + face.line_height() > shown.bounds.top && y < shown.bounds.bottom {
            painter.words(&words[line.start..line.end], (x, y as f32), face, color);
        }
        y += face.line_height();
    }
}

fn button(painter: &mut Painter<'_>, display: &Display, shown: &View, ground: Ground) {
    let style = &shown.widget.style;
    let accent = display.accent();
    let sign_only = look::class(&shown.widget).ends_with("ImageButton");
    let flat = style.background == 0 && (ground.flat_buttons || style.border != 0 || sign_only);
    let fill = match (shown.widget.state.enabled, style.background) {
        (false, _) => 0xFFE3_E5E8,
        (true, 0) => accent,
        (true, color) => color,
    };
    let body = shown.frame;
    let body = Bounds { top: body.top + display.px(3.0), bottom: body.bottom - display.px(3.0), ..body };
    let radius = if style.corner > 0.0 {
        display.px(style.corner)
    } else {
        match (display.api, ground.flat_buttons) {
            (0..=27, _) => display.px(2.0),
            (28..=30, _) => display.px(4.0),
            _ => body.height() / 2,
        }
    };
    if !flat {
        painter.canvas.round_rect(body, radius, fill);
    }
    if style.border != 0 {
        painter.canvas.round_frame(body, radius, display.px(1.0), style.border);
    }
    let usual = match flat {
        true if sign_only => SOFT_INK,
        true => accent,
        false => readable_on(fill),
    };
    let color = ink(shown, usual);
    if shown.widget.icon != Icon::None {
        let side = display.px(20.0);
        let (_, cy) = shown.frame.center();
        let left = shown.frame.left
            + if shown.widget.text.is_empty() { (shown.frame.width() - side) / 2 } else { display.px(16.0) };
        let spot = Bounds::new(left, cy - side / 2, left + side, cy + side / 2);
        icons::icon(painter.canvas, shown.widget.icon, spot, color, if flat { ground.behind } else { fill });
    }
    words(painter, display, shown, color);
}

fn picture(painter: &mut Painter<'_>, display: &Display, shown: &View, ground: Ground) {
    let style = &shown.widget.style;
    let radius = display.px(style.corner);
    let mut behind = ground.behind;
    if style.background != 0 {
        painter.canvas.round_rect(shown.frame, radius, style.background);
        behind = style.background;
    }
    match shown.widget.icon {
        Icon::None if shown.widget.text.is_empty() && style.background != 0 => {}
        Icon::None | Icon::Photo => photograph(painter, display, shown, radius),
        icon => {
            let color = if style.color == 0 && style.background != 0 {
                readable_on(behind)
            } else {
                ink(shown, display.accent())
            };
            let [left, top, right, bottom] = look::padding(&shown.widget, display);
            let f = shown.frame;
            let area = Bounds::new(f.left + left, f.top + top, f.right - right, f.bottom - bottom);
            icons::icon(painter.canvas, icon, area, color, behind);
        }
    }
}

/// A quiet landscape that stands for a photograph, its caption over it.
fn photograph(painter: &mut Painter<'_>, display: &Display, shown: &View, radius: i32) {
    let f = shown.frame;
    let style = &shown.widget.style;
    let sky = if style.background == 0 { 0xFFD3_E3FD } else { tint(style.background, 150) };
    painter.canvas.round_rect(f, radius, sky);
    let (w, h) = (f.width() as f32, f.height() as f32);
    if f.width() >= display.px(40.0) && f.height() >= display.px(40.0) && radius < f.height() / 3 {
        let at = |x: f32, y: f32| (f.left as f32 + x * w, f.top as f32 + y * h);
        let ground = f.top + (h * 0.86) as i32;
        painter.canvas.disc(at(0.78, 0.26), w.min(h) * 0.09, 0xFFFF_F3C4);
        painter.canvas.convex(&[at(0.08, 0.86), at(0.40, 0.38), at(0.72, 0.86)], 0xFF9D_BCE8);
        painter.canvas.convex(&[at(0.42, 0.86), at(0.68, 0.52), at(0.94, 0.86)], 0xFF7F_A6DE);
        painter.canvas.round_rect(Bounds { top: ground, ..f }, radius.min(f.bottom - ground), 0xFF7F_A6DE);
        let half = ground + (f.bottom - ground) / 2;
        painter.canvas.rect(Bounds { top: ground, bottom: half, ..f }, 0xFF7F_A6DE);
    }
    if !shown.widget.text.is_empty() {
        words(painter, display, shown, ink(shown, 0xFF1B_3A6B));
    }
}

fn field(painter: &mut Painter<'_>, display: &Display, shown: &View) {
    let style = &shown.widget.style;
    let focused = shown.widget.state.focused;
    let edge = if focused { display.accent() } else { 0xFF8A_8D91 };
    let thickness = display.px(if focused { 2.0 } else { 1.0 });
    if style.background != 0 {
        painter.canvas.round_rect(shown.frame, display.px(style.corner), style.background);
    }
    if display.api < 28 {
        let bottom = shown.frame.bottom - display.px(6.0);
        painter.canvas.rect(Bounds { top: bottom - thickness, bottom, ..shown.frame }, edge);
    } else if style.background == 0 || focused {
        let radius = display.px(if style.corner > 0.0 { style.corner } else { 8.0 });
        painter.canvas.round_frame(shown.frame, radius, thickness, edge);
    }
    let color = if shown.widget.text.is_empty() { 0xFF80_868B } else { ink(shown, INK) };
    words(painter, display, shown, color);
    if focused {
        caret(painter, display, shown);
    }
}

/// The line where the next character goes.
fn caret(painter: &mut Painter<'_>, display: &Display, shown: &View) {
    let face = look::face(&shown.widget, display);
    let [left, _, right, _] = look::padding(&shown.widget, display);
    let typed = if shown.widget.text.is_empty() {
        0.0
    } else {
        painter.typeface.widths(face).of_str(&look::words(&shown.widget))
    };
    let x = (shown.frame.left + left + typed as i32).min(shown.frame.right - right);
    let (_, cy) = shown.frame.center();
    let half = face.line_height() / 2;
    painter.canvas.rect(Bounds::new(x, cy - half, x + display.px(2.0), cy + half), display.accent());
}

/// The square in which a box or button is drawn, left of its words.
fn mark(display: &Display, shown: &View) -> Bounds {
    let side = display.px(18.0);
    let (_, cy) = shown.frame.center();
    let left = shown.frame.left + look::padding(&shown.widget, display)[0] + display.px(3.0);
    Bounds::new(left, cy - side / 2, left + side, cy - side / 2 + side)
}

fn tick_box(painter: &mut Painter<'_>, display: &Display, shown: &View) {
    let square = mark(display, shown);
    let color = if shown.widget.state.enabled { display.accent() } else { DISABLED };
    if shown.widget.state.checked {
        painter.canvas.round_rect(square, display.px(3.0), color);
        let unit = square.width() as f32 / 18.0;
        let at = |x: f32, y: f32| (square.left as f32 + x * unit, square.top as f32 + y * unit);
        painter.canvas.line(at(4.0, 9.5), at(7.5, 13.0), 2.2 * unit, 0xFFFF_FFFF);
        painter.canvas.line(at(7.5, 13.0), at(14.0, 5.5), 2.2 * unit, 0xFFFF_FFFF);
    } else {
        painter.canvas.round_frame(square, display.px(3.0), display.px(2.0), SOFT_INK);
    }
    words(painter, display, shown, ink(shown, INK));
}

fn radio(painter: &mut Painter<'_>, display: &Display, shown: &View) {
    if shown.widget.icon != Icon::None {
        return picture_radio(painter, display, shown);
    }
    let square = mark(display, shown);
    let (cx, cy) = square.center();
    let center = (cx as f32, cy as f32);
    let outer = display.px(10.0) as f32;
    let checked = shown.widget.state.checked;
    let color = if checked { display.accent() } else { SOFT_INK };
    painter.canvas.ring(center, outer, display.px(2.0) as f32, color);
    if checked {
        painter.canvas.disc(center, outer * 0.5, color);
    }
    words(painter, display, shown, ink(shown, INK));
}

/// A radio button that is a round picture with its words below: ringed when chosen.
fn picture_radio(painter: &mut Painter<'_>, display: &Display, shown: &View) {
    let f = shown.frame;
    let words_height = look::face(&shown.widget, display).line_height() + display.px(8.0);
    let radius = ((f.height() - words_height).min(f.width()) / 2 - display.px(4.0)).max(1);
    let center = (f.left + f.width() / 2, f.top + radius + display.px(4.0));
    let (x, y) = (center.0 as f32, center.1 as f32);
    painter.canvas.disc((x, y), radius as f32, 0xFFE8_EEF7);
    let side = radius * 4 / 5;
    let spot = Bounds::new(center.0 - side / 2, center.1 - side / 2, center.0 + side / 2, center.1 + side / 2);
    icons::icon(painter.canvas, shown.widget.icon, spot, display.accent(), 0xFFE8_EEF7);
    if shown.widget.state.checked {
        painter.canvas.ring((x, y), radius as f32 + display.px(3.0) as f32, display.px(3.0) as f32, display.accent());
    }
    let below = Bounds { top: f.bottom - words_height, ..f };
    block(painter, display, shown, below, Align::Center, ink(shown, INK));
}

fn switch(painter: &mut Painter<'_>, display: &Display, shown: &View) {
    let right = shown.frame.right - look::padding(&shown.widget, display)[2] - display.px(2.0);
    let (_, cy) = shown.frame.center();
    let (half, length) = (display.px(13.0), display.px(46.0));
    let track = Bounds::new(right - length, cy - half, right, cy + half);
    let on = shown.widget.state.checked;
    let color = match (shown.widget.state.enabled, on) {
        (false, _) => FAINT,
        (true, true) => ink(shown, display.accent()),
        (true, false) => 0xFFD5_D8DC,
    };
    painter.canvas.round_rect(track, half, color);
    let x = if on { right - half } else { right - length + half };
    painter.canvas.disc((x as f32, cy as f32), half as f32 - display.px(3.0) as f32, 0xFFFF_FFFF);
    words(painter, display, shown, if shown.widget.state.enabled { INK } else { DISABLED });
}

/// The thin bar at the right edge of something that scrolls.
fn scroll_bar(painter: &mut Painter<'_>, display: &Display, shown: &View) {
    if shown.reach <= 0 || shown.bounds.height() < display.px(60.0) {
        return;
    }
    painter.canvas.set_clip(shown.bounds);
    let seen = shown.bounds.height() as i64;
    let whole = seen + i64::from(shown.reach);
    let length = (seen * seen / whole).max(i64::from(display.px(24.0))).min(seen) as i32;
    let top = shown.bounds.top
        + ((seen - i64::from(length)) * i64::from(shown.widget.state.scroll) / i64::from(shown.reach)) as i32;
    let right = shown.bounds.right - display.px(2.0);
    let bar = Bounds::new(right - display.px(3.0), top, right, top + length);
    painter.canvas.round_rect(bar, display.px(1.5), 0x5580_8080);
}
