//! Regions of pictures, covered so that nothing of them is left.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::{ImageEncoder, ImageReader, Limits, Rgba};

use crate::ui::Rect;

/// Largest picture that is read, in pixels of a side.
const LARGEST: u32 = 16_384;
/// Most memory for one picture, in bytes.
const MEMORY: u64 = 512 << 20;

/// The picture with these regions in one plain grey; `None` when it can't be read, and so has to be left out. A plain
/// colour, because what is only blurred can often be told again.
pub(super) fn covered(bytes: &[u8], regions: &[Rect]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST);
    limits.max_image_height = Some(LARGEST);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut picture = reader.decode().ok()?.into_rgba8();
    let (width, height) = picture.dimensions();
    for region in regions {
        let within = |edge: i32, most: u32| u32::try_from(edge).unwrap_or(0).min(most);
        for y in within(region.top, height)..within(region.bottom, height) {
            for x in within(region.left, width)..within(region.right, width) {
                picture.put_pixel(x, y, Rgba([128, 128, 128, 255]));
            }
        }
    }
    let mut out = Vec::new();
    PngEncoder::new(&mut out).write_image(&picture, width, height, image::ExtendedColorType::Rgba8).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_covered_region_is_left_and_the_rest_stays() {
        let mut picture = image::RgbaImage::from_pixel(8, 8, Rgba([1, 2, 3, 255]));
        picture.put_pixel(3, 3, Rgba([250, 0, 0, 255]));
        let mut png = Vec::new();
        PngEncoder::new(&mut png).write_image(&picture, 8, 8, image::ExtendedColorType::Rgba8).unwrap();
        let out = covered(&png, &[Rect::new(2, 2, 5, 500), Rect::new(-9, -9, 1, 1)]).unwrap();
        let out = image::load_from_memory(&out).unwrap().into_rgba8();
        for (x, y, pixel) in out.enumerate_pixels() {
            let inside = (2..5).contains(&x) && y >= 2 || (x, y) == (0, 0);
            assert_eq!(pixel.0, if inside { [128, 128, 128, 255] } else { [1, 2, 3, 255] }, "{x} {y}");
        }
        assert_eq!(covered(b"no picture", &[]), None);
    }
}
