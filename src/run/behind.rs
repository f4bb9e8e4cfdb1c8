//! What stands behind a dialog of the system. Its hierarchy is the dialog's alone: what the app shows beside it, an
//! explanation perhaps, is in the picture only. Whether there is something new is told; what it says, a person must read.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits};

use crate::ui::Rect;

/// Side of the squares that are compared, in pixels (ours).
const SIDE: u32 = 40;
/// Every so many pixels one is read, each way.
const STEP: usize = 2;
/// A square is another when its mean or its contrast differs by more, of 255 (ours).
const UNLIKE: f64 = 14.0;
/// Fewest squares that are another where something new stands (ours): a short line of text takes as many.
const FEWEST: usize = 6;
/// Share of the screen's height above and below which the system shows its own bars (ours).
const BARS: f64 = 0.06;
/// Share of the screen's width round the dialog that its shadow may darken (ours).
const SHADOW: f64 = 0.09;
/// Darker squares tell nothing of how much the page was dimmed.
const DARK: f64 = 24.0;
/// Most memory a picture may take.
const MOST_MEMORY: u64 = 256 << 20;

/// Whether the page beside the dialog is another than it was before, but for being dimmed; `None` where that can't be told.
pub(super) fn changed(before: &[u8], now: &[u8], dialog: Rect) -> Option<bool> {
    let (before, now) = (grey(before)?, grey(now)?);
    if before.dimensions() != now.dimensions() {
        return None;
    }
    let (width, height) = now.dimensions();
    let bar = (f64::from(height) * BARS) as u32;
    let shadow = (f64::from(width) * SHADOW) as i64;
    let beside = |x: u32, y: u32| {
        let inside = |at: u32, from: i32, to: i32| {
            let (at, side) = (i64::from(at), i64::from(SIDE));
            at + side > i64::from(from) - shadow && at < i64::from(to) + shadow
        };
        !(inside(x, dialog.left, dialog.right) && inside(y, dialog.top, dialog.bottom))
    };
    let rows = (bar..(height - bar).saturating_sub(SIDE)).step_by(SIDE as usize);
    let squares = rows.flat_map(|y| (0..width.saturating_sub(SIDE)).step_by(SIDE as usize).map(move |x| (x, y)));
    let pairs: Vec<[(f64, f64); 2]> =
        squares.filter(|(x, y)| beside(*x, *y)).map(|(x, y)| [measure(&before, x, y), measure(&now, x, y)]).collect();
    let mut dimmed: Vec<f64> =
        pairs.iter().filter(|[(was, _), _]| *was > DARK).map(|[(was, _), (is, _)]| is / was).collect();
    if dimmed.is_empty() {
        return None;
    }
    let middle = dimmed.len() / 2;
    let share = *dimmed.select_nth_unstable_by(middle, f64::total_cmp).1;
    let unlike = |was: f64, is: f64| (was * share - is).abs() > UNLIKE;
    let others = pairs.iter().filter(|[was, is]| unlike(was.0, is.0) || unlike(was.1, is.1));
    // Another page altogether is no card beside the question: what it says is read once the question is answered.
    let mut means: Vec<f64> = pairs.iter().map(|[was, _]| was.0).collect();
    let ground = *means.select_nth_unstable_by(pairs.len() / 2, f64::total_cmp).1;
    let drawn = |was: &(f64, f64)| was.1 > UNLIKE || (was.0 - ground).abs() > UNLIKE;
    let all: Vec<&[(f64, f64); 2]> = pairs.iter().filter(|[was, _]| drawn(was)).collect();
    let kept = all.iter().filter(|[was, is]| !unlike(was.0, is.0) && !unlike(was.1, is.1)).count();
    Some(others.count() >= FEWEST && kept * 2 >= all.len())
}

/// Mean and contrast of a square.
fn measure(picture: &GrayImage, x: u32, y: u32) -> (f64, f64) {
    let points = (y..y + SIDE).step_by(STEP).flat_map(|y| (x..x + SIDE).step_by(STEP).map(move |x| (x, y)));
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (x, y) in points {
        let value = f64::from(picture.get_pixel(x, y).0[0]);
        (count, sum, squares) = (count + 1.0, sum + value, squares + value * value);
    }
    let mean = sum / count;
    (mean, (squares / count - mean * mean).max(0.0).sqrt())
}

fn grey(png: &[u8]) -> Option<GrayImage> {
    let mut reader = ImageReader::with_format(Cursor::new(png), ImageFormat::Png);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader.decode().ok().map(DynamicImage::into_luma8)
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    const DIALOG: Rect = Rect { left: 80, top: 900, right: 640, bottom: 1200 };

    /// A page with lines of text, dimmed by a share.
    fn page(dimmed: f64, more: &[Rect]) -> Vec<u8> {
        let line = |x: u32, y: u32| y % 100 < 20 && x % 7 < 3 && x < 500;
        let inside = |x: u32, y: u32, r: &Rect| {
            (r.left..r.right).contains(&(x as i32)) && (r.top..r.bottom).contains(&(y as i32))
        };
        let picture = GrayImage::from_fn(720, 1280, |x, y| {
            let drawn = match more.iter().find(|r| inside(x, y, r)) {
                Some(_) if x % 9 < 3 => 30.0,
                Some(_) => 250.0,
                None if inside(x, y, &DIALOG) && dimmed < 1.0 => return Luma([255]),
                None => {
                    if line(x, y) {
                        40.0
                    } else {
                        200.0
                    }
                }
            };
            Luma([(drawn * dimmed) as u8])
        });
        let mut png = Vec::new();
        DynamicImage::from(picture).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        png
    }

    #[test]
    fn a_dimmed_page_is_the_same_and_a_card_upon_it_is_new() {
        let card = Rect { left: 40, top: 120, right: 680, bottom: 300 };
        assert_eq!(changed(&page(1.0, &[]), &page(0.4, &[]), DIALOG), Some(false));
        assert_eq!(changed(&page(1.0, &[]), &page(0.4, &[card]), DIALOG), Some(true));
        assert_eq!(changed(&page(1.0, &[]), &page(1.0, &[card]), DIALOG), Some(true));
        let all = Rect { left: 0, top: 60, right: 720, bottom: 1220 };
        assert_eq!(changed(&page(1.0, &[]), &page(0.4, &[all]), DIALOG), Some(false), "another page");
        assert_eq!(changed(&page(1.0, &[]), b"no picture", DIALOG), None);
    }
}
