//! Annotated copies of screenshots: smaller, with the dialog framed and the taps marked. Originals are only read.

mod ink;
mod shrink;

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageEncoder, ImageReader, Limits, RgbImage};
use thiserror::Error;

use crate::ui::{Point, Rect};
use shrink::{Shrinking, shrink};

/// Largest side of a screenshot that is decoded, in pixels.
const LARGEST_SIDE: u32 = 8_192;
/// Most memory that decoding may take, in bytes: a 4K screen with alpha four times over.
const MOST_MEMORY: u64 = 160 << 20;

/// What to mark on a copy, in pixels of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A frame round what the picture is about.
    Frame(Rect),
    /// A ring where a finger tapped.
    Tap(Point),
}

/// A copy to be shown.
#[derive(Clone, Debug)]
pub struct Picture {
    /// PNG bytes.
    pub png: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum PictureError {
    /// The bytes are no picture, too large a one, or broken.
    #[error("the screenshot can't be read: {0}")]
    Unreadable(#[from] image::ImageError),
    /// The bytes can't even be looked at.
    #[error("the screenshot can't be read: {0}")]
    Io(#[from] std::io::Error),
}

/// A smaller copy without marks, from which marked ones are made.
#[derive(Clone, Debug)]
pub struct Copy {
    pixels: RgbImage,
    /// Pixels of the copy to one of the original.
    scale: f64,
}

impl Copy {
    /// A copy of a PNG, `width` pixels wide (or its own width, when that is less).
    pub fn of(original: &[u8], width: u32) -> Result<Self, PictureError> {
        if let Some(copy) = Self::by_rows(original, width) {
            return Ok(copy);
        }
        let original = decode(original)?;
        let (to, scale) = copy_size((original.width().max(1), original.height().max(1)), width);
        Ok(Self { pixels: shrink(original, to.0, to.1), scale })
    }

    /// The same, row by row, which is faster and takes no memory; `None` for what is rare or broken, which the way above
    /// takes or explains.
    fn by_rows(original: &[u8], width: u32) -> Option<Self> {
        let mut decoder =
            png::Decoder::new_with_limits(Cursor::new(original), png::Limits { bytes: MOST_MEMORY as usize });
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
        let mut reader = decoder.read_info().ok()?;
        let bytes = match reader.output_color_type() {
            (png::ColorType::Rgb, png::BitDepth::Eight) => 3,
            (png::ColorType::Rgba, png::BitDepth::Eight) => 4,
            _ => return None,
        };
        let info = reader.info();
        let from = info.size();
        if info.interlaced || from.0.max(from.1) > LARGEST_SIDE {
            return None;
        }
        let (to, scale) = copy_size(from, width);
        let mut shrinking = Shrinking::new(from, to);
        while let Some(row) = reader.next_row().ok()? {
            shrinking.take(row.data(), bytes);
        }
        let pixels = shrinking.end();
        (pixels.dimensions() == to).then_some(Self { pixels, scale })
    }

    /// The copy with these places (in pixels of the original) made unreadable: each becomes its own mean colour, so that
    /// nothing of what stood there is left.
    #[must_use]
    pub fn veiled(mut self, places: &[Rect]) -> Self {
        places.iter().for_each(|place| ink::veil(&mut self.pixels, *place, self.scale));
        self
    }

    /// The copy as a picture with `marks` drawn on it.
    pub fn marked(&self, marks: &[Mark]) -> Result<Picture, PictureError> {
        if marks.is_empty() {
            return encode(&self.pixels);
        }
        let mut pixels = self.pixels.clone();
        for mark in marks {
            match mark {
                Mark::Frame(bounds) => ink::frame(&mut pixels, *bounds, self.scale),
                Mark::Tap(at) => ink::tap(&mut pixels, *at, self.scale),
            }
        }
        encode(&pixels)
    }
}

/// Sides of a copy that is `width` wide if the original is, and pixels of it to one of the original.
fn copy_size(from: (u32, u32), width: u32) -> ((u32, u32), f64) {
    let width = width.clamp(1, from.0);
    let scale = f64::from(width) / f64::from(from.0);
    let height = ((f64::from(from.1) * scale).round() as u32).clamp(1, from.1);
    ((width, height), scale)
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, PictureError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Png);
    reader.limits(limits);
    Ok(reader.decode()?)
}

fn encode(copy: &RgbImage) -> Result<Picture, PictureError> {
    let (width, height) = copy.dimensions();
    let mut png = Vec::new();
    // As small as by the library's own choice, in two thirds of the time.
    PngEncoder::new_with_quality(&mut png, CompressionType::Level(3), FilterType::Adaptive).write_image(
        copy.as_raw(),
        width,
        height,
        image::ExtendedColorType::Rgb8,
    )?;
    Ok(Picture { png, width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotate(original: &[u8], marks: &[Mark], width: u32) -> Result<Picture, PictureError> {
        Copy::of(original, width)?.marked(marks)
    }

    fn screen(width: u32, height: u32) -> Vec<u8> {
        encode(&RgbImage::from_pixel(width, height, image::Rgb([240, 240, 240]))).unwrap().png
    }

    #[test]
    fn the_copy_is_smaller_and_marked_where_it_was_tapped() {
        let original = screen(1080, 2400);
        let marks = [Mark::Frame(Rect::new(90, 900, 990, 1500)), Mark::Tap(Point { x: 540, y: 1400 })];
        let copy = annotate(&original, &marks, 480).unwrap();
        assert_eq!((copy.width, copy.height), (480, 1067));
        let pixels = decode(&copy.png).unwrap().into_rgb8();
        let scaled = |x: u32, y: u32| *pixels.get_pixel(x * 480 / 1080, y * 480 / 1080);
        assert_ne!(scaled(90, 1200), image::Rgb([240, 240, 240]), "the frame's left edge");
        assert_ne!(scaled(540, 1400), image::Rgb([240, 240, 240]), "the tap");
        assert_eq!(scaled(30, 200), image::Rgb([240, 240, 240]), "elsewhere nothing changed");
    }

    #[test]
    fn row_by_row_and_whole_the_copy_is_the_same() {
        let picture = RgbImage::from_fn(97, 211, |x, y| image::Rgb([(x * y) as u8, (x + 3 * y) as u8, y as u8]));
        let original = encode(&picture).unwrap().png;
        for width in [1, 13, 48, 96, 97, 400] {
            let rows = Copy::by_rows(&original, width).unwrap();
            let (to, scale) = copy_size((97, 211), width);
            assert_eq!(rows.pixels, shrink(DynamicImage::ImageRgb8(picture.clone()), to.0, to.1), "{width}");
            assert!((rows.scale - scale).abs() < f64::EPSILON);
        }
        let gray = DynamicImage::ImageRgb8(picture).into_luma8();
        let mut png = Cursor::new(Vec::new());
        gray.write_to(&mut png, image::ImageFormat::Png).unwrap();
        assert!(Copy::by_rows(png.get_ref(), 48).is_none());
        assert_eq!(Copy::of(png.get_ref(), 48).unwrap().pixels.dimensions(), (48, 104));
    }

    #[test]
    fn a_veiled_place_holds_nothing_of_what_stood_there() {
        let mut pixels = RgbImage::from_pixel(100, 100, image::Rgb([240, 240, 240]));
        (20..40).for_each(|x| pixels.put_pixel(x, 30, image::Rgb([0, 0, 0])));
        let original = encode(&pixels).unwrap().png;
        let copy = Copy::of(&original, 100).unwrap().veiled(&[Rect::new(10, 20, 60, 40), Rect::new(-5, 90, 900, 400)]);
        let seen = decode(&copy.marked(&[]).unwrap().png).unwrap().into_rgb8();
        let colours: std::collections::BTreeSet<[u8; 3]> =
            (10..60).flat_map(|x| (20..40).map(move |y| (x, y))).map(|(x, y)| seen.get_pixel(x, y).0).collect();
        assert_eq!(colours.len(), 1, "{colours:?}");
        assert_eq!(seen.get_pixel(5, 5).0, [240, 240, 240]);
    }

    #[test]
    fn hostile_bytes_and_bounds_do_no_harm() {
        assert!(annotate(b"not a picture", &[], 480).is_err());
        let cut = screen(100, 100);
        assert!(annotate(&cut[..cut.len() / 2], &[], 480).is_err());
        let mut huge = screen(10, 10);
        huge[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        assert!(annotate(&huge, &[], 480).is_err());
        let far = Rect::new(i32::MIN, i32::MIN, i32::MAX, i32::MAX);
        let marks = [Mark::Frame(far), Mark::Tap(Point { x: i32::MAX, y: i32::MIN })];
        assert_eq!(annotate(&screen(10, 10), &marks, 480).unwrap().width, 10);
    }
}
