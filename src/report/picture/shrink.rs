//! Smaller copies: every pixel is the mean of those beneath it, weighted by nothing but whether they fall into it.

use image::{DynamicImage, RgbImage};

/// A copy of `original`, `width` by `height`, neither larger than the original's.
///
/// The libraries' filters are generic and so built with our own code, which is optimised lightly; these plain loops over
/// rows take a fifth of their time there, and text shrunk to a third stays as legible.
pub fn shrink(original: DynamicImage, width: u32, height: u32) -> RgbImage {
    match original {
        DynamicImage::ImageRgba8(pixels) => mean::<4>(pixels.as_raw(), pixels.dimensions(), (width, height)),
        DynamicImage::ImageRgb8(pixels) if pixels.dimensions() == (width, height) => pixels,
        DynamicImage::ImageRgb8(pixels) => mean::<3>(pixels.as_raw(), pixels.dimensions(), (width, height)),
        other => {
            let pixels = other.into_rgb8();
            mean::<3>(pixels.as_raw(), pixels.dimensions(), (width, height))
        }
    }
}

/// Rows of `N` bytes a pixel, of which the first three are the colours.
fn mean<const N: usize>(pixels: &[u8], from: (u32, u32), to: (u32, u32)) -> RgbImage {
    let mut shrinking = Shrinking::new(from, to);
    pixels.chunks_exact(from.0 as usize * N).for_each(|row| shrinking.take(row, N));
    shrinking.end()
}

/// A copy in the making, of an original that comes row by row, so that it never has to be in memory whole.
pub struct Shrinking {
    from_height: usize,
    to: (u32, u32),
    columns: Vec<(usize, usize)>,
    /// Bytes of the original's rows, summed up place by place: a sum over rows goes many bytes at a time.
    places: Vec<u16>,
    /// Rows in those sums.
    stacked: u16,
    /// Colours of the row of the copy that is under way, summed up.
    sums: Vec<u32>,
    /// Rows of the original that were taken.
    taken: usize,
    /// Rows of the original beneath the row of the copy that is under way.
    rows: (usize, usize),
    small: Vec<u8>,
}

impl Shrinking {
    /// From these sides to those, neither larger.
    pub fn new(from: (u32, u32), to: (u32, u32)) -> Self {
        let (width, height) = (to.0 as usize, to.1 as usize);
        Self {
            from_height: from.1 as usize,
            to,
            columns: (0..width).map(|x| span(x, width, from.0 as usize)).collect(),
            places: Vec::new(),
            stacked: 0,
            sums: vec![0; width * 3],
            taken: 0,
            rows: span(0, height, from.1 as usize),
            small: Vec::with_capacity(width * height * 3),
        }
    }

    /// Takes the next row of the original, of three or four bytes a pixel.
    pub fn take(&mut self, row: &[u8], bytes: usize) {
        /// So many bytes of 255 fit into a sum.
        const MOST_STACKED: u16 = 257;
        self.places.resize(row.len(), 0);
        for (sum, byte) in self.places.iter_mut().zip(row) {
            *sum += u16::from(*byte);
        }
        self.stacked += 1;
        self.taken += 1;
        let (top, bottom) = self.rows;
        if self.taken >= bottom || self.stacked == MOST_STACKED {
            match bytes {
                4 => add_places::<4>(&self.places, &self.columns, &mut self.sums),
                _ => add_places::<3>(&self.places, &self.columns, &mut self.sums),
            }
            self.places.fill(0);
            self.stacked = 0;
        }
        if self.taken < bottom {
            return;
        }
        for (sum, (left, right)) in self.sums.chunks_exact(3).zip(&self.columns) {
            let count = ((right - left) * (bottom - top)) as u32;
            self.small.extend(sum.iter().map(|sum| ((sum + count / 2) / count) as u8));
        }
        self.sums.fill(0);
        let height = self.to.1 as usize;
        let next = self.small.len() / (self.to.0 as usize * 3);
        self.rows = if next < height { span(next, height, self.from_height) } else { (usize::MAX, usize::MAX) };
    }

    /// The copy; empty when rows are missing.
    pub fn end(self) -> RgbImage {
        RgbImage::from_raw(self.to.0, self.to.1, self.small).unwrap_or_default()
    }
}

fn add_places<const N: usize>(places: &[u16], columns: &[(usize, usize)], sums: &mut [u32]) {
    for (sum, (left, right)) in sums.chunks_exact_mut(3).zip(columns) {
        let (mut red, mut green, mut blue) = (0, 0, 0);
        for pixel in places[left * N..right * N].chunks_exact(N) {
            red += u32::from(pixel[0]);
            green += u32::from(pixel[1]);
            blue += u32::from(pixel[2]);
        }
        sum[0] += red;
        sum[1] += green;
        sum[2] += blue;
    }
}

/// Which of `from` pixels the `at`th of `to` stands for: at least one.
fn span(at: usize, to: usize, from: usize) -> (usize, usize) {
    let start = (at * from / to).min(from - 1);
    (start, ((at + 1) * from / to).clamp(start + 1, from))
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pixel_is_the_mean_of_those_beneath_it() {
        let stripes = RgbaImage::from_fn(6, 4, |x, _| if x % 2 == 0 { Rgba([0, 0, 0, 255]) } else { Rgba([255; 4]) });
        let small = shrink(DynamicImage::ImageRgba8(stripes), 3, 2);
        assert!(small.pixels().all(|pixel| *pixel == Rgb([128, 128, 128])));
    }

    #[test]
    fn the_same_size_is_the_same_picture() {
        let picture = RgbaImage::from_fn(5, 3, |x, y| Rgba([x as u8 * 40, y as u8 * 60, 7, 255]));
        let copy = shrink(DynamicImage::ImageRgba8(picture.clone()), 5, 3);
        assert_eq!(copy, DynamicImage::ImageRgba8(picture).into_rgb8());
    }

    #[test]
    fn many_rows_make_one() {
        let tall = RgbImage::from_fn(2, 1_000, |_, y| if y % 2 == 0 { Rgb([255; 3]) } else { Rgb([253, 0, 255]) });
        let small = shrink(DynamicImage::ImageRgb8(tall), 1, 1);
        assert_eq!(small.pixels().collect::<Vec<_>>(), [&Rgb([254, 128, 255])]);
    }

    proptest! {
        #[test]
        fn one_colour_stays_at_any_size(from in (1_u32..80, 1_u32..80), share in (0.01_f64..1.0, 0.01_f64..1.0), colour: [u8; 3]) {
            let to = |side: u32, share: f64| ((f64::from(side) * share) as u32).max(1);
            let picture = RgbImage::from_pixel(from.0, from.1, Rgb(colour));
            let small = shrink(DynamicImage::ImageRgb8(picture), to(from.0, share.0), to(from.1, share.1));
            prop_assert_eq!(small.dimensions(), (to(from.0, share.0), to(from.1, share.1)));
            prop_assert!(small.pixels().all(|pixel| pixel.0 == colour));
        }
    }
}
