//! The system's own bars: clock and signs above, back, home and overview (or the gesture line) below.

use super::super::super::view::Bounds;
use super::super::display::Display;
use super::super::font::Face;
use super::Painter;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Draws both bars over what is there, in ink that can be read on what is below.
pub fn bars(painter: &mut Painter<'_>, display: &Display, local_millis: i64, ink_above: u32, ink_below: u32) {
    if display.status_bar > 0 {
        status(painter, display, local_millis, ink_above);
    }
    if display.navigation_bar > 0 {
        navigation(painter, display, ink_below);
    }
}

/// What the clock shows.
pub fn clock_text(local_millis: i64) -> String {
    let minutes = local_millis.rem_euclid(DAY) / 60_000;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn status(painter: &mut Painter<'_>, display: &Display, local_millis: i64, ink: u32) {
    let face = Face::new(display.text(14.0), true);
    let middle = display.status_bar / 2;
    let top = (display.status_bar - face.line_height()) as f32 / 2.0;
    let edge = display.px(if display.api >= 31 { 22.0 } else { 14.0 });
    painter.words(&clock_text(local_millis), (edge as f32, top), face, ink);
    let unit = display.px(1.0).max(1);
    let right = display.width - edge;
    battery(painter, right, middle, unit, ink);
    signal(painter, right - 17 * unit, middle, unit, ink);
    wireless(painter, right - 36 * unit, middle, unit, ink);
}

fn battery(painter: &mut Painter<'_>, right: i32, middle: i32, unit: i32, ink: u32) {
    let body = Bounds::new(right - 9 * unit, middle - 6 * unit, right, middle + 7 * unit);
    let faint = (ink & 0x00FF_FFFF) | 0x5500_0000;
    painter.canvas.round_rect(body, 2 * unit, faint);
    painter.canvas.rect(Bounds::new(right - 6 * unit, middle - 8 * unit, right - 3 * unit, middle - 6 * unit), ink);
    painter.canvas.round_rect(Bounds { top: middle - 3 * unit, ..body }, 2 * unit, ink);
}

fn signal(painter: &mut Painter<'_>, right: i32, middle: i32, unit: i32, ink: u32) {
    let corners = [
        (right as f32, (middle - 7 * unit) as f32),
        (right as f32, (middle + 7 * unit) as f32),
        ((right - 14 * unit) as f32, (middle + 7 * unit) as f32),
    ];
    painter.canvas.convex(&corners, ink);
}

/// Three arcs of a quarter each, drawn as rings cut to a wedge.
fn wireless(painter: &mut Painter<'_>, right: i32, middle: i32, unit: i32, ink: u32) {
    let center = ((right - 7 * unit) as f32, (middle + 6 * unit) as f32);
    let half = 9.0 * unit as f32;
    let corners = [
        center,
        (center.0 - half, center.1 - half * 1.25),
        (center.0, center.1 - half * 1.5),
        (center.0 + half, center.1 - half * 1.25),
    ];
    painter.canvas.convex(&corners, ink);
}

fn navigation(painter: &mut Painter<'_>, display: &Display, ink: u32) {
    let middle = display.height - display.navigation_bar / 2;
    let unit = display.px(1.0).max(1);
    let centre = display.width / 2;
    if display.gestures() {
        let half = (display.width / 6).min(54 * unit);
        let line = Bounds::new(centre - half, middle - 2 * unit, centre + half, middle + 2 * unit);
        return painter.canvas.round_rect(line, 2 * unit, ink);
    }
    let (fx, fy, u) = ((display.width / 4) as f32, middle as f32, unit as f32);
    let triangle = [(fx + 6.0 * u, fy - 8.0 * u), (fx + 6.0 * u, fy + 8.0 * u), (fx - 8.0 * u, fy)];
    painter.canvas.convex(&triangle, ink);
    painter.canvas.ring((centre as f32, fy), 8.0 * u, 2.0 * u, ink);
    let right = display.width * 3 / 4;
    let square = Bounds::new(right - 7 * unit, middle - 7 * unit, right + 7 * unit, middle + 7 * unit);
    painter.canvas.round_frame(square, 2 * unit, 2 * unit, ink);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_clock_tells_hours_and_minutes() {
        assert_eq!(super::clock_text(0), "0:00");
        assert_eq!(super::clock_text(86_400_000 + 9 * 3_600_000 + 5 * 60_000), "9:05");
        assert_eq!(super::clock_text(-60_000), "23:59");
    }
}
