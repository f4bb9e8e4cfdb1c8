//! Frames and rings, drawn by distance so that edges are smooth at any scale.

use image::{Rgb, RgbImage};

use crate::ui::{Point, Rect};

const VERMILION: Rgb<u8> = Rgb([196, 48, 32]);
const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
/// Half the width of a line, in pixels of the copy.
const HALF_LINE: f64 = 1.6;
/// Half the width of the light line beneath, which keeps the mark visible on any ground.
const HALF_HALO: f64 = 3.2;
/// Radius of a tap's ring, in pixels of the copy.
const RING: f64 = 15.0;
/// Radius of a tap's dot.
const DOT: f64 = 4.0;

/// Draws a frame round `bounds` (in pixels of the original; `scale` leads to the copy's).
pub fn frame(copy: &mut RgbImage, bounds: Rect, scale: f64) {
    let edges = Edges::of(copy, bounds, scale);
    stroke(copy, edges.reach(), |x, y| edges.distance(x, y));
}

/// Fills `bounds` (in pixels of the original) with their mean colour.
pub fn veil(copy: &mut RgbImage, bounds: Rect, scale: f64) {
    let (width, height) = copy.dimensions();
    let low = |value: i32, most: u32| ((f64::from(value) * scale).floor().max(0.0) as u32).min(most);
    let high = |value: i32, most: u32| ((f64::from(value) * scale).ceil().max(0.0) as u32).min(most);
    let (left, right) = (low(bounds.left, width), high(bounds.right, width));
    let (top, bottom) = (low(bounds.top, height), high(bounds.bottom, height));
    let places = || (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
    let (mut sum, mut count) = ([0u64; 3], 0u64);
    for (x, y) in places() {
        let pixel = copy.get_pixel(x, y).0;
        (0..3).for_each(|channel| sum[channel] += u64::from(pixel[channel]));
        count += 1;
    }
    let mean = Rgb(sum.map(|all| u8::try_from(all / count.max(1)).unwrap_or(0)));
    for (x, y) in places() {
        copy.put_pixel(x, y, mean);
    }
}

/// Draws a ring with a dot round `at` (in pixels of the original).
pub fn tap(copy: &mut RgbImage, at: Point, scale: f64) {
    let (cx, cy) = (f64::from(at.x) * scale, f64::from(at.y) * scale);
    let reach = (cx - RING, cy - RING, cx + RING, cy + RING);
    stroke(copy, reach, |x, y| {
        let from_center = (x - cx).hypot(y - cy);
        (from_center - RING).abs().min((from_center - DOT).max(0.0))
    });
}

/// The edges of a frame in the copy, kept inside it so that each can be seen.
struct Edges {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Edges {
    fn of(copy: &RgbImage, bounds: Rect, scale: f64) -> Self {
        let (width, height) = (f64::from(copy.width()), f64::from(copy.height()));
        let inside = |value: i32, most: f64| {
            let margin = HALF_LINE.min(most / 2.0);
            (f64::from(value) * scale).clamp(margin, (most - margin).max(margin))
        };
        Self {
            left: inside(bounds.left, width),
            top: inside(bounds.top, height),
            right: inside(bounds.right, width),
            bottom: inside(bounds.bottom, height),
        }
    }

    fn reach(&self) -> (f64, f64, f64, f64) {
        (self.left, self.top, self.right, self.bottom)
    }

    /// Distance from a place to the nearest edge.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let dx = (self.left - x).max(x - self.right);
        let dy = (self.top - y).max(y - self.bottom);
        if dx <= 0.0 && dy <= 0.0 { -dx.max(dy) } else { dx.max(0.0).hypot(dy.max(0.0)) }
    }
}

/// Paints every pixel within the line's reach: the halo first, the line over it.
fn stroke(copy: &mut RgbImage, reach: (f64, f64, f64, f64), distance: impl Fn(f64, f64) -> f64) {
    let side = |value: f64, most: u32| value.clamp(0.0, f64::from(most)) as u32;
    let (left, right) = (side(reach.0 - HALF_HALO, copy.width()), side(reach.2 + HALF_HALO + 1.0, copy.width()));
    let (top, bottom) = (side(reach.1 - HALF_HALO, copy.height()), side(reach.3 + HALF_HALO + 1.0, copy.height()));
    for y in top..bottom {
        for x in left..right {
            let away = distance(f64::from(x) + 0.5, f64::from(y) + 0.5);
            if away >= HALF_HALO + 0.5 {
                continue;
            }
            let pixel = copy.get_pixel_mut(x, y);
            *pixel = blend(*pixel, PAPER, 0.85 * cover(away, HALF_HALO));
            *pixel = blend(*pixel, VERMILION, cover(away, HALF_LINE));
        }
    }
}

/// How much of a pixel `away` from a line's middle the line covers, 0 to 1.
fn cover(away: f64, half: f64) -> f64 {
    (half + 0.5 - away).clamp(0.0, 1.0)
}

fn blend(under: Rgb<u8>, over: Rgb<u8>, share: f64) -> Rgb<u8> {
    let mix = |u: u8, o: u8| (f64::from(u) * (1.0 - share) + f64::from(o) * share).round() as u8;
    Rgb([mix(under[0], over[0]), mix(under[1], over[1]), mix(under[2], over[2])])
}
