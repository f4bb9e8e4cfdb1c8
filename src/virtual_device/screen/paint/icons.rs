//! Signs drawn of lines, discs and polygons on a grid of 24 by 24, as Material's are.

use super::super::super::view::{Bounds, Icon};
use super::canvas::Canvas;

/// One stroke of a sign, in units of the grid.
enum Stroke {
    Line(f32, f32, f32, f32, f32),
    Disc(f32, f32, f32),
    Ring(f32, f32, f32, f32),
    Round(f32, f32, f32, f32, f32),
    Frame(f32, f32, f32, f32, f32),
    Fill(&'static [(f32, f32)]),
    /// A part cut out, shown in the background's colour.
    Hole(f32, f32, f32),
}

/// Draws a sign into `bounds` (the largest square in their middle).
pub fn icon(canvas: &mut Canvas, icon: Icon, bounds: Bounds, color: u32, behind: u32) {
    let side = bounds.width().min(bounds.height());
    let unit = side as f32 / 24.0;
    let (cx, cy) = bounds.center();
    let (x, y) = ((cx - side / 2) as f32, (cy - side / 2) as f32);
    let at = |px: f32, py: f32| (x + px * unit, y + py * unit);
    let area = |l: f32, t: f32, r: f32, b: f32| {
        Bounds::new((x + l * unit) as i32, (y + t * unit) as i32, (x + r * unit) as i32, (y + b * unit) as i32)
    };
    for stroke in strokes(icon) {
        match *stroke {
            Stroke::Line(x1, y1, x2, y2, w) => canvas.line(at(x1, y1), at(x2, y2), w * unit, color),
            Stroke::Disc(cx, cy, r) => canvas.disc(at(cx, cy), r * unit, color),
            Stroke::Ring(cx, cy, r, w) => canvas.ring(at(cx, cy), r * unit, w * unit, color),
            Stroke::Round(l, t, r, b, c) => canvas.round_rect(area(l, t, r, b), (c * unit) as i32, color),
            Stroke::Frame(l, t, r, b, c) => {
                canvas.round_frame(area(l, t, r, b), (c * unit) as i32, (1.8 * unit) as i32, color);
            }
            Stroke::Fill(corners) => {
                let placed: Vec<_> = corners.iter().map(|(px, py)| at(*px, *py)).collect();
                canvas.convex(&placed, color);
            }
            Stroke::Hole(cx, cy, r) => canvas.disc(at(cx, cy), r * unit, behind),
        }
    }
}

fn strokes(icon: Icon) -> &'static [Stroke] {
    use Stroke::{Disc, Fill, Frame, Hole, Line, Ring, Round};
    match icon {
        Icon::None | Icon::Photo => &[],
        Icon::Back => {
            &[Line(20.0, 12.0, 5.0, 12.0, 2.0), Line(5.0, 12.0, 12.0, 5.0, 2.0), Line(5.0, 12.0, 12.0, 19.0, 2.0)]
        }
        Icon::Close => &[Line(6.0, 6.0, 18.0, 18.0, 2.0), Line(18.0, 6.0, 6.0, 18.0, 2.0)],
        Icon::Menu => {
            &[Line(4.0, 7.0, 20.0, 7.0, 2.0), Line(4.0, 12.0, 20.0, 12.0, 2.0), Line(4.0, 17.0, 20.0, 17.0, 2.0)]
        }
        Icon::More => &[Disc(12.0, 6.0, 1.8), Disc(12.0, 12.0, 1.8), Disc(12.0, 18.0, 1.8)],
        Icon::Search => &[Ring(10.0, 10.0, 6.5, 2.0), Line(14.8, 14.8, 20.0, 20.0, 2.2)],
        Icon::Settings => &[
            Line(12.0, 2.8, 12.0, 21.2, 3.0),
            Line(4.0, 7.4, 20.0, 16.6, 3.0),
            Line(4.0, 16.6, 20.0, 7.4, 3.0),
            Disc(12.0, 12.0, 7.0),
            Hole(12.0, 12.0, 3.2),
        ],
        Icon::Home => {
            &[Fill(&[(12.0, 3.0), (22.0, 12.0), (2.0, 12.0)]), Round(5.0, 11.0, 19.0, 20.5, 1.0), Hole(12.0, 16.5, 2.4)]
        }
        Icon::Person => &[Disc(12.0, 8.0, 4.0), Round(4.0, 13.5, 20.0, 24.0, 7.0), Round(4.0, 18.0, 20.0, 20.5, 0.5)],
        Icon::Plus => &[Line(12.0, 5.0, 12.0, 19.0, 2.2), Line(5.0, 12.0, 19.0, 12.0, 2.2)],
        Icon::Heart => {
            &[Disc(7.9, 8.8, 4.6), Disc(16.1, 8.8, 4.6), Fill(&[(3.9, 11.2), (12.0, 6.5), (20.1, 11.2), (12.0, 20.6)])]
        }
        Icon::Star => &[
            Fill(&[(12.0, 2.0), (15.2, 11.0), (8.8, 11.0)]),
            Fill(&[(2.4, 9.2), (12.0, 9.2), (10.0, 15.5)]),
            Fill(&[(21.6, 9.2), (12.0, 9.2), (14.0, 15.5)]),
            Fill(&[(6.0, 20.6), (7.9, 13.0), (14.5, 15.5)]),
            Fill(&[(18.0, 20.6), (16.1, 13.0), (9.5, 15.5)]),
            Fill(&[(8.4, 9.6), (15.6, 9.6), (17.0, 14.2), (12.0, 17.6), (7.0, 14.2)]),
        ],
        Icon::Chat => &[Round(3.0, 4.0, 21.0, 17.0, 3.0), Fill(&[(6.0, 16.0), (11.0, 16.0), (6.0, 21.0)])],
        Icon::Cart => &[
            Line(2.5, 4.0, 5.5, 4.0, 2.0),
            Line(5.5, 4.0, 8.5, 14.5, 2.0),
            Fill(&[(6.5, 6.5), (21.0, 6.5), (18.5, 14.5), (8.5, 14.5)]),
            Disc(9.5, 19.0, 1.9),
            Disc(17.0, 19.0, 1.9),
        ],
        Icon::Play => &[Fill(&[(7.0, 4.5), (20.0, 12.0), (7.0, 19.5)])],
        Icon::Bell => &[
            Round(6.0, 4.5, 18.0, 24.0, 6.0),
            Hole(12.0, 30.0, 12.3),
            Line(5.0, 17.5, 19.0, 17.5, 2.0),
            Disc(12.0, 20.3, 1.9),
            Disc(12.0, 4.2, 1.5),
        ],
        Icon::Camera => &[
            Round(2.5, 6.5, 21.5, 20.0, 2.4),
            Round(8.0, 4.0, 16.0, 9.0, 1.4),
            Hole(12.0, 13.2, 4.6),
            Ring(12.0, 13.2, 3.4, 1.8),
        ],
        Icon::Location => {
            &[Disc(12.0, 9.0, 6.8), Fill(&[(5.9, 12.0), (18.1, 12.0), (12.0, 22.0)]), Hole(12.0, 9.0, 2.6)]
        }
        Icon::Microphone => &[
            Round(9.0, 2.5, 15.0, 14.5, 3.0),
            Line(5.8, 11.0, 6.6, 14.0, 1.8),
            Line(6.6, 14.0, 9.4, 16.8, 1.8),
            Line(9.4, 16.8, 14.6, 16.8, 1.8),
            Line(14.6, 16.8, 17.4, 14.0, 1.8),
            Line(17.4, 14.0, 18.2, 11.0, 1.8),
            Line(12.0, 17.0, 12.0, 21.0, 2.0),
        ],
        Icon::Contacts => &[
            Round(4.0, 3.0, 20.0, 21.0, 2.0),
            Hole(12.0, 10.0, 2.8),
            Hole(12.0, 17.2, 3.4),
            Line(6.5, 1.6, 17.5, 1.6, 1.2),
            Line(6.5, 22.4, 17.5, 22.4, 1.2),
        ],
        Icon::Phone => &[
            Line(6.2, 5.0, 8.0, 9.5, 3.6),
            Line(6.6, 8.0, 11.0, 14.0, 3.0),
            Line(10.0, 13.0, 16.0, 17.4, 3.0),
            Line(14.5, 16.0, 19.0, 17.8, 3.6),
        ],
        Icon::Sms => &[
            Round(2.5, 3.5, 21.5, 17.5, 2.4),
            Fill(&[(3.0, 15.0), (9.0, 15.0), (3.0, 21.5)]),
            Hole(7.5, 10.5, 1.4),
            Hole(12.0, 10.5, 1.4),
            Hole(16.5, 10.5, 1.4),
        ],
        Icon::Calendar => &[
            Frame(3.5, 4.5, 20.5, 21.0, 2.0),
            Round(3.5, 4.5, 20.5, 10.0, 2.0),
            Line(8.0, 2.8, 8.0, 6.0, 2.0),
            Line(16.0, 2.8, 16.0, 6.0, 2.0),
            Disc(15.0, 16.0, 2.0),
        ],
        Icon::Folder => &[Round(2.5, 4.5, 12.0, 12.0, 1.8), Round(2.5, 7.0, 21.5, 19.5, 1.8)],
        Icon::Nearby => &[
            Line(12.0, 2.8, 12.0, 21.2, 1.8),
            Line(12.0, 2.8, 17.0, 7.6, 1.8),
            Line(17.0, 7.6, 7.0, 16.4, 1.8),
            Line(12.0, 21.2, 17.0, 16.4, 1.8),
            Line(17.0, 16.4, 7.0, 7.6, 1.8),
        ],
        Icon::Activity => &[
            Disc(13.5, 4.0, 2.1),
            Line(12.5, 8.0, 10.8, 14.0, 2.6),
            Line(10.8, 14.0, 8.5, 21.0, 2.0),
            Line(11.5, 13.5, 15.0, 21.0, 2.0),
            Line(12.0, 8.5, 16.5, 12.0, 1.8),
            Line(12.0, 8.5, 8.0, 12.0, 1.8),
        ],
        Icon::Sensors => &[
            Line(2.0, 13.0, 7.0, 13.0, 1.9),
            Line(7.0, 13.0, 10.0, 5.0, 1.9),
            Line(10.0, 5.0, 14.0, 19.5, 1.9),
            Line(14.0, 19.5, 17.0, 13.0, 1.9),
            Line(17.0, 13.0, 22.0, 13.0, 1.9),
        ],
        Icon::Warning => &[
            Fill(&[(12.0, 2.5), (22.5, 21.0), (1.5, 21.0)]),
            Hole(12.0, 18.0, 1.4),
            Hole(12.0, 10.6, 1.2),
            Hole(12.0, 13.4, 1.2),
        ],
        Icon::Info => &[Ring(12.0, 12.0, 9.8, 1.9), Disc(12.0, 7.6, 1.3), Line(12.0, 11.5, 12.0, 16.8, 2.0)],
        Icon::Shield => &[Fill(&[
            (12.0, 1.5),
            (20.5, 5.0),
            (20.0, 13.0),
            (16.5, 19.0),
            (12.0, 22.5),
            (7.5, 19.0),
            (4.0, 13.0),
            (3.5, 5.0),
        ])],
        Icon::Apps => &[
            Round(4.0, 4.0, 10.5, 10.5, 1.5),
            Round(13.5, 4.0, 20.0, 10.5, 1.5),
            Round(4.0, 13.5, 10.5, 20.0, 1.5),
            Round(13.5, 13.5, 20.0, 20.0, 1.5),
        ],
    }
}
