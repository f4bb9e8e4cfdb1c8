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

// Sums are read in the order of their bytes.
const _: () = assert!(cfg!(target_endian = "little"), "pictures are made smaller on little-endian machines only");

/// So many bytes of 255 fit into a sum of 16 bits.
const MOST_SUMMED: usize = 257;

/// Rows of bytes, summed up place by place: eight at a time, in a number of four sums of the even places and one of the odd
/// ones. Plain loops over indices, here and below: a build whose own code is optimised lightly leaves each step of an
/// iterator a call, which took more than half of the time.
#[derive(Default)]
struct Stack {
    even: Vec<u64>,
    odd: Vec<u64>,
}

impl Stack {
    /// Adds a row, or begins anew with it.
    fn add(&mut self, row: &[u8], first: bool) {
        let (eights, rest) = row.as_chunks::<8>();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        for sums in [&mut self.even, &mut self.odd] {
            sums.resize(eights.len() + 1, 0);
            if first {
                sums.fill(0);
            }
        }
        let (even, odd) = (&mut self.even[..=eights.len()], &mut self.odd[..=eights.len()]);
        let mut at = 0;
        while at <= eights.len() {
            let eight = u64::from_le_bytes(if at < eights.len() { eights[at] } else { last });
            even[at] += eight & EVEN;
            odd[at] += (eight >> 8) & EVEN;
            at += 1;
        }
    }

    /// Adds what lies beneath each column, of so many bytes a pixel.
    fn add_to(&self, columns: &[(usize, usize)], bytes: usize, sums: &mut [[u32; 3]]) {
        let (even, odd): (&[u16], &[u16]) = (bytemuck::cast_slice(&self.even), bytemuck::cast_slice(&self.odd));
        let mut column = 0;
        while column < sums.len() {
            let (mut x, right) = columns[column];
            let [mut red, mut green, mut blue] = sums[column];
            while x < right {
                let at = x * bytes / 2;
                // The byte after an odd place stands at the next even one.
                if x * bytes % 2 == 1 {
                    red += u32::from(odd[at]);
                    green += u32::from(even[at + 1]);
                    blue += u32::from(odd[at + 1]);
                } else if bytes == 3 && x + 1 < right {
                    // Two pixels at once: the second begins at an odd place.
                    let ([e0, e1, e2], [o0, o1, o2]) = (three(even, at), three(odd, at));
                    red += e0 + o1;
                    green += o0 + e2;
                    blue += e1 + o2;
                    x += 1;
                } else {
                    red += u32::from(even[at]);
                    green += u32::from(odd[at]);
                    blue += u32::from(even[at + 1]);
                }
                x += 1;
            }
            sums[column] = [red, green, blue];
            column += 1;
        }
    }
}

#[inline(always)]
fn three(sums: &[u16], at: usize) -> [u32; 3] {
    let sums = &sums[at..at + 3];
    [u32::from(sums[0]), u32::from(sums[1]), u32::from(sums[2])]
}

/// The bytes at even places of eight.
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;

/// A copy in the making, of an original that comes row by row, so that it never has to be in memory whole.
pub struct Shrinking {
    from_height: usize,
    to: (u32, u32),
    columns: Vec<(usize, usize)>,
    /// Width of the widest column.
    widest: usize,
    stack: Stack,
    /// Rows in the stack.
    stacked: usize,
    /// Colours of the row of the copy that is under way, summed up.
    sums: Vec<[u32; 3]>,
    /// Rows of the original that were taken.
    taken: usize,
    /// Rows of the original beneath the row of the copy that is under way.
    rows: (usize, usize),
    /// How the bytes beneath a narrow and beneath a wide column of it are divided.
    means: [Mean; 2],
    small: Vec<u8>,
    /// Rows of the copy that are done.
    done: usize,
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
            stacked: 0,
            sums: vec![[0; 3]; width],
            taken: 0,
            rows: span(0, height, from.1 as usize),
            means: means(widest, span(0, height, from.1 as usize)),
            small: vec![0; width * height * 3],
            done: 0,
        }
    }

    /// Takes the next row of the original, of three or four bytes a pixel.
    pub fn take(&mut self, row: &[u8], bytes: usize) {
        self.stack.add(row, self.stacked == 0);
        self.stacked += 1;
        self.taken += 1;
        let (_, bottom) = self.rows;
        if self.taken >= bottom || self.stacked == MOST_SUMMED {
            self.stack.add_to(&self.columns, bytes, &mut self.sums);
            self.stacked = 0;
        }
        if self.taken >= bottom {
            self.end_row();
        }
    }

    fn end_row(&mut self) {
        let width = self.to.0 as usize;
        let (small, _) = self.small[self.done * width * 3..].as_chunks_mut::<3>();
        let (small, sums, columns) = (&mut small[..width], &mut self.sums[..width], &self.columns[..width]);
        let mut x = 0;
        while x < width {
            let (left, right) = columns[x];
            let mean = if right - left == self.widest { &self.means[1] } else { &self.means[0] };
            let [red, green, blue] = sums[x];
            small[x] = [mean.take(red), mean.take(green), mean.take(blue)];
            sums[x] = [0; 3];
            x += 1;
        }
        self.done += 1;
        let height = self.to.1 as usize;
        self.rows =
            if self.done < height { span(self.done, height, self.from_height) } else { (usize::MAX, usize::MAX) };
        self.means = means(self.widest, self.rows);
    }

    /// The copy; empty when rows are missing.
    pub fn end(self) -> RgbImage {
        let whole = self.done == self.to.1 as usize;
        let copy = whole.then(|| RgbImage::from_raw(self.to.0, self.to.1, self.small));
        copy.flatten().unwrap_or_default()
    }
}

/// Columns are as wide as the widest or narrower by one.
fn means(widest: usize, (top, bottom): (usize, usize)) -> [Mean; 2] {
    [(widest - 1).max(1), widest].map(|width| Mean::of(width * (bottom - top)))
}

/// The mean of so many bytes, rounded; by a product, because a division takes ten times as long and there is one for each
/// byte of a copy. It is exact below 2²³ bytes, which no copy comes near.
struct Mean {
    half: u64,
    factor: u64,
}

impl Mean {
    const BITS: u32 = 55;

    fn of(count: usize) -> Self {
        let count = count.max(1) as u64;
        Self { half: count / 2, factor: (1 << Self::BITS) / count + 1 }
    }

    #[inline(always)]
    fn take(&self, sum: u32) -> u8 {
        (((u64::from(sum) + self.half) * self.factor) >> Self::BITS) as u8
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
