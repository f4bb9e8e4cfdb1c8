//! Windows → pixels.

mod bars;
mod canvas;
mod icons;
mod widgets;

use super::super::view::{Bounds, Layer};
use super::display::Display;
use super::font::{Face, Glyphs, Typeface};
use super::layout::Laid;
use super::look;
use canvas::Canvas;
use widgets::Ground;

/// How bright what is below a dialog stays, of 256 (Android's dim amount is 0.6, newer 0.32).
fn dimmed(api: u32) -> u32 {
    if api < 28 { 102 } else { 154 }
}

/// One picture of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Four bytes a pixel, row by row: red, green, blue, alpha (always 255).
    pub rgba: Vec<u8>,
}

/// What is needed while drawing.
pub struct Painter<'a> {
    canvas: &'a mut Canvas,
    glyphs: &'a mut Glyphs,
    typeface: Typeface,
    /// Where the window being drawn may draw.
    window_clip: Bounds,
}

impl Painter<'_> {
    /// Writes a line of text.
    fn words(&mut self, text: &str, at: (f32, f32), face: Face, color: u32) {
        let widths = self.typeface.widths(face);
        self.canvas.text(self.glyphs, &widths, text, at, face, color);
    }
}

/// Draws windows, the lowest first, and the system's bars. `local_millis` is what the clock shows.
pub fn paint(windows: &[Laid], display: &Display, typeface: Typeface, glyphs: &mut Glyphs, local_millis: i64) -> Frame {
    let mut canvas = Canvas::new(display.width, display.height);
    if windows.iter().any(|w| w.window.secure) {
        return Frame { width: display.width as u32, height: display.height as u32, rgba: canvas.into_rgba() };
    }
    let screen = canvas.screen();
    let first = windows.iter().rposition(covers_all).unwrap_or(0);
    let mut painter = Painter { canvas: &mut canvas, glyphs, typeface, window_clip: screen };
    let shown = &windows[first.min(windows.len())..];
    let (shades, below_all) = shades(shown, display);
    painter.canvas.set_shade(below_all);
    wallpaper(&mut painter, display);
    for (laid, shade) in shown.iter().zip(&shades) {
        painter.canvas.set_shade(*shade);
        window(&mut painter, display, laid);
    }
    painter.canvas.set_clip(screen);
    painter.canvas.set_shade(256);
    let (above, below) = inks(shown, &shades, display);
    bars::bars(&mut painter, display, local_millis, above, below);
    Frame { width: display.width as u32, height: display.height as u32, rgba: canvas.into_rgba() }
}

fn covers_all(laid: &Laid) -> bool {
    laid.window.layer == Layer::Activity
}

fn dims(laid: &Laid) -> bool {
    matches!(laid.window.layer, Layer::Dialog | Layer::Sheet | Layer::System)
}

/// How bright each window is under those above it, and what is below the lowest.
fn shades(windows: &[Laid], display: &Display) -> (Vec<u32>, u32) {
    let mut shade = 256;
    let mut shades = vec![shade; windows.len()];
    for (mine, laid) in shades.iter_mut().zip(windows).rev() {
        *mine = shade;
        if dims(laid) {
            shade = shade * dimmed(display.api) / 256;
        }
    }
    (shades, shade)
}

fn wallpaper(painter: &mut Painter<'_>, display: &Display) {
    let bands = 64;
    for band in 0..bands {
        let (top, bottom) = (display.height * band / bands, display.height * (band + 1) / bands);
        let part = band as u32;
        let color =
            0xFF00_0000 | (0x2B + part * 90 / 64) << 16 | (0x4A + part * 80 / 64) << 8 | (0x8C + part * 50 / 64);
        painter.canvas.rect(Bounds::new(0, top, display.width, bottom), color);
    }
}

fn window(painter: &mut Painter<'_>, display: &Display, laid: &Laid) {
    let screen = painter.canvas.screen();
    painter.canvas.set_clip(screen);
    painter.window_clip = screen;
    let corner = display.px(display.dialog_corner());
    let white = 0xFFFF_FFFF;
    let mut ground = Ground { flat_buttons: true, behind: white, panel: None };
    match laid.window.layer {
        Layer::Activity => {
            painter.canvas.rect(screen, page_color(laid));
            ground = Ground { flat_buttons: false, behind: page_color(laid), panel: None };
        }
        Layer::Dialog if laid.panel == laid.root.bounds => {
            painter.canvas.rect(laid.panel, page_color(laid));
            ground.flat_buttons = false;
        }
        Layer::Dialog | Layer::System => {
            if laid.window.layer == Layer::System || paper(&laid.root, laid.panel).is_none_or(|p| p == laid.panel) {
                painter.canvas.shadow(laid.panel, corner, display.px(16.0), 90);
                painter.canvas.round_rect(laid.panel, corner, panel_color(laid));
            }
            painter.window_clip = laid.panel.inset(-display.px(16.0));
            ground.panel = Some((laid.panel, corner));
        }
        Layer::Sheet => {
            let corner = display.px(20.0);
            let panel = Bounds { bottom: laid.panel.bottom + display.navigation_bar, ..laid.panel };
            painter.canvas.round_rect(panel, corner, white);
            painter.canvas.rect(Bounds { top: panel.top + corner, ..panel }, white);
            ground.flat_buttons = false;
        }
        Layer::Overlay => {
            if laid.root.widget.style.background == 0 {
                painter.canvas.shadow(laid.panel, display.px(12.0), display.px(8.0), 80);
                painter.canvas.round_rect(laid.panel, display.px(12.0), white);
            }
            ground.flat_buttons = false;
        }
        Layer::Toast => {
            painter.canvas.round_rect(laid.panel, laid.panel.height().min(display.px(48.0)) / 2, 0xF032_3436);
        }
    }
    widgets::view(painter, display, &laid.root, ground);
}

/// The colour of a page: its outermost widget's background, else the theme's.
fn page_color(laid: &Laid) -> u32 {
    let mut view = &laid.root;
    while let Some(child) = view.children.first() {
        view = child;
        if view.widget.style.background >> 24 == 0xFF {
            return view.widget.style.background;
        }
        if view.children.len() != 1 {
            break;
        }
    }
    0xFFFA_FAFA
}

/// Where something in the dialog brings a background of its own that is nearly as large as the panel.
fn paper(view: &super::super::view::View, panel: Bounds) -> Option<Bounds> {
    let frame = view.frame;
    let large = frame.width() * 10 >= panel.width() * 7 && frame.height() * 10 >= panel.height() * 7;
    if large && view.widget.style.background >> 24 == 0xFF && !look::is_leaf(view.widget.kind) {
        return Some(frame);
    }
    view.children.iter().find_map(|child| paper(child, panel))
}

/// The colour of a dialog's panel: its content's background, else white.
fn panel_color(laid: &Laid) -> u32 {
    0xFF00_0000 | if laid.root.widget.style.background == 0 { 0x00FF_FFFF } else { laid.root.widget.style.background }
}

/// Colours of the bars' signs that can be read on what is below them.
fn inks(windows: &[Laid], shades: &[u32], display: &Display) -> (u32, u32) {
    let dark = 0xFF2D_2F31;
    let light = 0xFFFF_FFFF;
    let Some((lowest, shade)) = windows.first().zip(shades.first()) else { return (light, light) };
    if lowest.window.layer != Layer::Activity || *shade < 200 {
        let at_bottom = windows.last().is_some_and(|w| w.panel.bottom >= display.height - display.navigation_bar);
        return (light, if at_bottom && !display.dialogs_at_bottom() { dark } else { light });
    }
    let ink = widgets::readable_on(page_color(lowest));
    let ink = if ink == light { light } else { dark };
    (ink, ink)
}

#[cfg(test)]
mod tests;
