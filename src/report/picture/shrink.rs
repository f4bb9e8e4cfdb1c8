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

/// So many bytes of 255 fit into a sum of 16 bits.
const MOST_SUMMED: usize = 257;

/// Rows of bytes, summed up place by place: eight at a time in two numbers of four sums each, of the even places and of the
/// odd ones. That is fast in any build, also in one that is optimised lightly.
#[derive(Default)]
struct Stack(Vec<[u64; 2]>);

impl Stack {
    fn add(&mut self, row: &[u8], first: bool) {
        const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
        self.0.resize(row.len().div_ceil(8), [0; 2]);
        if first {
            self.0.fill([0; 2]);
        }
        let (eights, rest) = row.as_chunks::<8>();
        let add = |sums: &mut [u64; 2], eight: [u8; 8]| {
            let eight = u64::from_le_bytes(eight);
            sums[0] += eight & EVEN;
            sums[1] += (eight >> 8) & EVEN;
        };
        for (sums, eight) in self.0.iter_mut().zip(eights) {
            add(sums, *eight);
        }
        if let Some(sums) = self.0.get_mut(eights.len()) {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            add(sums, last);
        }
    }

    /// The sums in order, and some more, so that four can be read anywhere.
    fn spread(&self, places: &mut Vec<u16>) {
        places.clear();
        for [even, odd] in &self.0 {
            let sum = |four: u64, at: u32| (four >> (16 * at)) as u16;
            let [a, b, c, d] = [0, 1, 2, 3].map(|at| [sum(*even, at), sum(*odd, at)]);
            places.extend_from_slice(&[a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]]);
        }
        places.push(0);
    }
}

/// A copy in the making, of an original that comes row by row, so that it never has to be in memory whole.
pub struct Shrinking {
    from_height: usize,
    to: (u32, u32),
    columns: Vec<(usize, usize)>,
    /// Width of the widest column.
    widest: usize,
    stack: Stack,
    /// The stack's sums in the order of their places.
    places: Vec<u16>,
    /// Rows in the stack, and how many may be at the most.
    stacked: (usize, usize),
    /// Colours of the row of the copy that is under way, summed up.
    sums: Vec<u32>,
    /// Rows of the original that were taken.
    taken: usize,
    /// Rows of the original beneath the row of the copy that is under way.
    rows: (usize, usize),
    /// How the bytes beneath a narrow and beneath a wide column of it are divided.
    means: [Mean; 2],
    small: Vec<u8>,
}

impl Shrinking {
    /// From these sides to those, neither larger.
    pub fn new(from: (u32, u32), to: (u32, u32)) -> Self {
        let (width, height) = (to.0 as usize, to.1 as usize);
        let columns: Vec<(usize, usize)> = (0..width).map(|x| span(x, width, from.0 as usize)).collect();
        let widest = columns.iter().map(|(left, right)| right - left).max().unwrap_or(1);
        Self {
            from_height: from.1 as usize,
            to,
            columns,
            widest,
            stack: Stack::default(),
            places: Vec::new(),
            stacked: (0, (MOST_SUMMED / widest).max(1)),
            sums: vec![0; width * 3],
            taken: 0,
            rows: span(0, height, from.1 as usize),
            means: means(widest, span(0, height, from.1 as usize)),
            small: Vec::with_capacity(width * height * 3),
        }
    }

    /// Takes the next row of the original, of three or four bytes a pixel.
    pub fn take(&mut self, row: &[u8], bytes: usize) {
        self.stack.add(row, self.stacked.0 == 0);
        self.stacked.0 += 1;
        self.taken += 1;
        let (_, bottom) = self.rows;
        if self.taken >= bottom || self.stacked.0 == self.stacked.1 {
            let reach = MOST_SUMMED / self.stacked.1;
            self.stack.spread(&mut self.places);
            match bytes {
                4 => add_places::<4>(&self.places, &self.columns, reach, &mut self.sums),
                _ => add_places::<3>(&self.places, &self.columns, reach, &mut self.sums),
            }
            self.stacked.0 = 0;
        }
        if self.taken < bottom {
            return;
        }
        for (sum, (left, right)) in self.sums.chunks_exact(3).zip(&self.columns) {
            let mean = &self.means[usize::from(right - left == self.widest)];
            self.small.extend(sum.iter().map(|sum| mean.take(*sum)));
        }
        self.sums.fill(0);
        let height = self.to.1 as usize;
        let next = self.small.len() / (self.to.0 as usize * 3);
        self.rows = if next < height { span(next, height, self.from_height) } else { (usize::MAX, usize::MAX) };
        self.means = means(self.widest, self.rows);
    }

    /// The copy; empty when rows are missing.
    pub fn end(self) -> RgbImage {
        RgbImage::from_raw(self.to.0, self.to.1, self.small).unwrap_or_default()
    }
}

/// Columns are as wide as the widest or narrower by one.
fn means(widest: usize, (top, bottom): (usize, usize)) -> [Mean; 2] {
    [(widest - 1).max(1), widest].map(|width| Mean::of(width * (bottom - top)))
}

/// Adds what lies beneath each column, up to `reach` pixels at a time: so many of these sums stay below 2¹⁶ together, so that
/// the colours of a pixel are added as one number.
fn add_places<const N: usize>(places: &[u16], columns: &[(usize, usize)], reach: usize, sums: &mut [u32]) {
    for (sum, (left, right)) in sums.chunks_exact_mut(3).zip(columns) {
        let mut start = *left;
        while start < *right {
            let end = (start + reach).min(*right);
            let mut colours = 0;
            for at in start..end {
                colours += four(&places[at * N..]);
            }
            sum[0] += colours as u32 & 0xffff;
            sum[1] += (colours >> 16) as u32 & 0xffff;
            sum[2] += (colours >> 32) as u32 & 0xffff;
            start = end;
        }
    }
}

/// The mean of so many bytes, rounded; by a product, because a division takes ten times as long and there is one for each
/// byte of a copy.
struct Mean {
    count: u64,
    factor: u64,
}

impl Mean {
    /// The product is exact while a sum times the count stays below two to this power.
    const BITS: u32 = 40;
    /// Up to so many bytes it does.
    const MOST: u64 = 1 << 15;

    fn of(count: usize) -> Self {
        let count = count.max(1) as u64;
        Self { count, factor: (1 << Self::BITS) / count + 1 }
    }

    fn take(&self, sum: u32) -> u8 {
        let rounded = u64::from(sum) + self.count / 2;
        let mean = if self.count <= Self::MOST { (rounded * self.factor) >> Self::BITS } else { rounded / self.count };
        mean as u8
    }
}

/// The first four sums side by side, of which the last is not a colour.
fn four(places: &[u16]) -> u64 {
    let [red, green, blue, other, ..] = places else { return 0 };
    u64::from(*red) | u64::from(*green) << 16 | u64::from(*blue) << 32 | u64::from(*other) << 48
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

    #[test]
    fn a_mean_by_a_product_is_the_mean_by_a_division() {
        for count in (1_u32..600).chain([32_766, 32_767, 32_768, 32_769, 70_000]) {
            let mean = Mean::of(count as usize);
            let most = 255 * count;
            let nearly =
                (0..=255).flat_map(|byte| [byte * count, byte * count + count / 2, byte * count + (count - 1) / 2]);
            for sum in nearly.flat_map(|sum| [sum.saturating_sub(1), sum, sum + 1]).filter(|sum| *sum <= most) {
                assert_eq!(u32::from(mean.take(sum)), (sum + count / 2) / count, "{sum} of {count}");
            }
        }
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

        #[test]
        fn every_pixel_is_the_mean_of_those_beneath_it(
            from in (1_u32..60, 1_u32..700), share in (0.01_f64..1.0, 0.002_f64..1.0), seed: u32, alpha: bool
        ) {
            let byte = |x: u32, y: u32, colour: u32| {
                (seed ^ x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ colour << 7).wrapping_mul(0xC2B2_AE3D) >> 24
            };
            let pixel = |x, y| [0, 1, 2].map(|colour| byte(x, y, colour) as u8);
            let to = |side: u32, share: f64| ((f64::from(side) * share) as u32).max(1);
            let (width, height) = (to(from.0, share.0), to(from.1, share.1));
            let original = RgbImage::from_fn(from.0, from.1, |x, y| Rgb(pixel(x, y)));
            let original = DynamicImage::ImageRgb8(original);
            let original = if alpha { DynamicImage::ImageRgba8(original.into_rgba8()) } else { original };
            let small = shrink(original, width, height);
            for (x, y, pixel) in small.enumerate_pixels() {
                let (left, right) = span(x as usize, width as usize, from.0 as usize);
                let (top, bottom) = span(y as usize, height as usize, from.1 as usize);
                let count = ((right - left) * (bottom - top)) as u32;
                for colour in 0..3 {
                    let beneath = (top..bottom).flat_map(|y| (left..right).map(move |x| (x as u32, y as u32)));
                    let sum: u32 = beneath.map(|(x, y)| byte(x, y, colour)).sum();
                    prop_assert_eq!(u32::from(pixel.0[colour as usize]), (sum + count / 2) / count);
                }
            }
        }
    }
}
