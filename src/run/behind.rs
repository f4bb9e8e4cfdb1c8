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
/// Share of the screen's width round the dialog that its shadow may darken (ours). There only what is lighter than the page
/// was tells of something new: a sheet of which the dialog leaves a rim.
const SHADOW: f64 = 0.09;
/// Side of the squares that are compared there, in pixels, and fewest that are lighter (ours).
const SMALL_SIDE: u32 = 16;
const FEWEST_SMALL: usize = 12;
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
    let shadow = (f64::from(width) * SHADOW) as i32;
    let shaded = outset(dialog, shadow);
    let squares = move |side: u32| {
        let rows = (bar..(height - bar).saturating_sub(side)).step_by(side as usize);
        rows.flat_map(move |y| (0..width.saturating_sub(side)).step_by(side as usize).map(move |x| (x, y)))
    };
    let pair = |(x, y): (u32, u32), side: u32| [measure(&before, x, y, side), measure(&now, x, y, side)];
    let beside = squares(SIDE).filter(|at| !touches(*at, SIDE, shaded));
    let pairs: Vec<[(f64, f64); 2]> = beside.map(|at| pair(at, SIDE)).collect();
    let mut dimmed: Vec<f64> =
        pairs.iter().filter(|[(was, _), _]| *was > DARK).map(|[(was, _), (is, _)]| is / was).collect();
    if dimmed.is_empty() {
        return None;
    }
    let middle = dimmed.len() / 2;
    let share = *dimmed.select_nth_unstable_by(middle, f64::total_cmp).1;
    let unlike = |was: f64, is: f64| (was * share - is).abs() > UNLIKE;
    let others = pairs.iter().filter(|[was, is]| unlike(was.0, is.0) || unlike(was.1, is.1)).count();
    let rim = squares(SMALL_SIDE).filter(|at| touches(*at, SMALL_SIDE, shaded) && !touches(*at, SMALL_SIDE, dialog));
    let lighter = |[was, is]: &[(f64, f64); 2]| is.0 - was.0 * share > UNLIKE;
    let risen = rim.map(|at| pair(at, SMALL_SIDE)).filter(lighter).count();
    // Another page altogether is no card beside the question: what it says is read once the question is answered.
    let mut means: Vec<f64> = pairs.iter().map(|[was, _]| was.0).collect();
    let ground = *means.select_nth_unstable_by(pairs.len() / 2, f64::total_cmp).1;
    let drawn = |was: &(f64, f64)| was.1 > UNLIKE || (was.0 - ground).abs() > UNLIKE;
    let all: Vec<&[(f64, f64); 2]> = pairs.iter().filter(|[was, _]| drawn(was)).collect();
    let kept = all.iter().filter(|[was, is]| !unlike(was.0, is.0) && !unlike(was.1, is.1)).count();
    Some((others >= FEWEST || risen >= FEWEST_SMALL) && kept * 2 >= all.len())
}

fn outset(place: Rect, by: i32) -> Rect {
    let less = |side: i32| side.saturating_sub(by);
    let more = |side: i32| side.saturating_add(by);
    Rect::new(less(place.left), less(place.top), more(place.right), more(place.bottom))
}

/// Whether a square overlaps a place.
fn touches((x, y): (u32, u32), side: u32, place: Rect) -> bool {
    let overlaps = |at: u32, from: i32, to: i32| {
        let (at, side) = (i64::from(at), i64::from(side));
        at + side > i64::from(from) && at < i64::from(to)
    };
    overlaps(x, place.left, place.right) && overlaps(y, place.top, place.bottom)
}

/// Mean and contrast of a square.
fn measure(picture: &GrayImage, x: u32, y: u32, side: u32) -> (f64, f64) {
    let points = (y..y + side).step_by(STEP).flat_map(|y| (x..x + side).step_by(STEP).map(move |x| (x, y)));
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

    #[test]
    fn a_sheet_of_which_the_dialog_leaves_a_rim_is_new_and_a_shadow_is_not() {
        // The page of the other test, with a darker or a lighter rim about the dialog's lower half.
        let rim = |shade: i16| {
            let mut seen = grey(&page(0.4, &[])).unwrap();
            let near = Rect::new(DIALOG.left - 40, 1050, DIALOG.right + 40, DIALOG.bottom + 40);
            for (x, y, pixel) in seen.enumerate_pixels_mut() {
                if touches((x, y), 1, near) && !touches((x, y), 1, DIALOG) {
                    pixel.0[0] = (i16::from(pixel.0[0]) + shade).clamp(0, 255) as u8;
                }
            }
            let mut png = Vec::new();
            DynamicImage::from(seen).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
            changed(&page(1.0, &[]), &png, DIALOG)
        };
        assert_eq!((rim(60), rim(-60)), (Some(true), Some(false)));
    }
}
