//! How text looks in a picture: the height of its lines and its contrast with the ground.

use super::Rect;

/// A picture as rows of red, green, blue, one byte each.
#[derive(Clone, Copy, Debug)]
pub struct Pixels<'a> {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Three bytes per pixel, row by row from the top.
    pub rgb: &'a [u8],
}

/// What the text of an area looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Height of a full line, from the top of its tallest sign to the bottom of its lowest, in pixels.
    pub line: u32,
    /// Contrast ratio of text and ground, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub contrast: f64,
}

/// An area smaller than this holds no text that can be measured, in pixels.
const SMALLEST: i32 = 4;
/// Share of an area, one in so many pixels, that one colour must cover to be the ground.
const GROUND_SHARE: u32 = 2;
/// A pixel with less contrast than this is ground: pictures are dithered.
const FAINTEST: f64 = 1.08;
/// A row belongs to a line when a pixel of it has this share of the strongest contrast: edges are smoothed.
const EDGE: f64 = 0.35;
/// Pixels that have the strongest contrast at the least: one alone may be an error.
const STRONGEST: usize = 3;

impl Pixels<'_> {
    fn at(&self, x: i32, y: i32) -> [u8; 3] {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        self.rgb.get(at..at + 3).map_or([0; 3], |p| [p[0], p[1], p[2]])
    }
}

/// Measures the text of an area; `None` where there is no plain ground or no ink.
pub fn ink(pixels: &Pixels, area: Rect) -> Option<Ink> {
    let (left, top) = (area.left.max(0), area.top.max(0));
    let (right, bottom) = (area.right.min(pixels.width as i32), area.bottom.min(pixels.height as i32));
    if right - left < SMALLEST || bottom - top < SMALLEST {
        return None;
    }
    let ground = ground(pixels, (left, top, right, bottom))?;
    let contrasts = |y: i32| (left..right).map(move |x| contrast(pixels.at(x, y), ground));
    let mut strong: Vec<f64> = (top..bottom).flat_map(contrasts).filter(|c| *c >= FAINTEST).collect();
    if strong.len() < STRONGEST {
        return None;
    }
    strong.sort_by(|a, b| b.total_cmp(a));
    let strongest = strong[STRONGEST - 1];
    let edge = 1.0 + (strongest - 1.0) * EDGE;
    let rows: Vec<bool> = (top..bottom).map(|y| contrasts(y).any(|c| c >= edge)).collect();
    Some(Ink { line: line(&rows)?, contrast: strongest })
}

/// The colour that covers most of the area.
fn ground(pixels: &Pixels, (left, top, right, bottom): (i32, i32, i32, i32)) -> Option<[u8; 3]> {
    let mut counts: std::collections::HashMap<[u8; 3], u32> = std::collections::HashMap::new();
    for y in top..bottom {
        for x in left..right {
            *counts.entry(pixels.at(x, y)).or_default() += 1;
        }
    }
    let all = (right - left) as u32 * (bottom - top) as u32;
    let (colour, count) = counts.into_iter().max_by_key(|(colour, count)| (*count, *colour))?;
    (count * GROUND_SHARE >= all).then_some(colour)
}

/// Height of a full line: the tallest run of inked rows, unless lines that touch made it.
fn line(rows: &[bool]) -> Option<u32> {
    let mut runs: Vec<u32> = rows.split(|inked| !inked).map(|run| run.len() as u32).filter(|run| *run > 0).collect();
    runs.sort_unstable();
    let middle = *runs.get(runs.len() / 2)?;
    runs.into_iter().rev().find(|run| *run * 2 <= middle * 3)
}

/// Contrast ratio of two colours (WCAG 2.2).
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance of an sRGB colour (WCAG 2.2).
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = |byte: u8| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of lines of strokes: each `tall` pixels high, `pitch` apart, in grey on white.
    fn page(tall: u32, pitch: u32, grey: u8) -> (u32, u32, Vec<u8>) {
        let (width, height) = (60, 80);
        let mut rgb = vec![255; width * height * 3];
        for y in 0..height {
            for x in (0..width).filter(|x| x % 4 == 0 && (y as u32 % pitch) < tall) {
                rgb[(y * width + x) * 3..][..3].fill(grey);
            }
        }
        (width as u32, height as u32, rgb)
    }

    fn measured(tall: u32, pitch: u32, grey: u8) -> Option<Ink> {
        let (width, height, rgb) = page(tall, pitch, grey);
        ink(&Pixels { width, height, rgb: &rgb }, Rect::new(0, 0, 60, 80))
    }

    #[test]
    fn lines_are_as_tall_as_they_were_drawn() {
        assert_eq!(measured(7, 11, 0).map(|ink| ink.line), Some(7));
        assert_eq!(measured(12, 16, 90).map(|ink| ink.line), Some(12));
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let black = measured(7, 11, 0).unwrap().contrast;
        assert!((black - 21.0).abs() < 0.01, "{black}");
        // #767676 on white is the palest grey with 4.5 to 1.
        let grey = measured(7, 11, 0x76).unwrap().contrast;
        assert!((grey - 4.54).abs() < 0.01, "{grey}");
    }

    #[test]
    fn a_picture_without_text_or_ground_is_not_measured() {
        assert_eq!(measured(7, 11, 255), None);
        let noise: Vec<u8> = (0..60 * 80 * 3).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(ink(&Pixels { width: 60, height: 80, rgb: &noise }, Rect::new(0, 0, 60, 80)), None);
        let small = Pixels { width: 60, height: 80, rgb: &noise };
        assert_eq!(ink(&small, Rect::new(-5, -5, 2, 2)), None);
        assert_eq!(ink(&Pixels { width: 60, height: 80, rgb: &[] }, Rect::new(0, 0, 60, 80)), None);
    }
}
