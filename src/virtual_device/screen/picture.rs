//! Frames as `screencap` writes them: PNG, or raw pixels behind a small header.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageError};

use super::Frame;

/// `RGBA_8888` of `android.graphics.PixelFormat`.
const RGBA_8888: u32 = 1;

/// `sRGB` as newer releases number it.
const SRGB: u32 = 1;

/// The frame as a PNG file.
///
/// # Errors
/// When the frame's bytes don't fit its size.
pub fn png(frame: &Frame) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::with_capacity(256 * 1024);
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up);
    encoder.write_image(&frame.rgba, frame.width, frame.height, ExtendedColorType::Rgba8)?;
    Ok(bytes)
}

/// The frame as raw pixels: width, height, format, and from API 28 on the colour space, as little-endian words, then the
/// pixels (12-byte header captured on API 23).
pub fn raw(frame: &Frame, api: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(frame.rgba.len() + 16);
    for word in [frame.width, frame.height, RGBA_8888] {
        bytes.extend(word.to_le_bytes());
    }
    if api >= 28 {
        bytes.extend(SRGB.to_le_bytes());
    }
    bytes.extend(&frame.rgba);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame { width: 3, height: 2, rgba: (0..24).map(|n| if n % 4 == 3 { 255 } else { n }).collect() }
    }

    #[test]
    fn a_png_gives_the_pixels_back() {
        let bytes = png(&frame()).unwrap();
        let back = image::load_from_memory(&bytes).unwrap().into_rgba8();
        assert_eq!((back.width(), back.height(), back.into_raw()), (3, 2, frame().rgba));
    }

    #[test]
    fn raw_headers_follow_the_release() {
        let old = raw(&frame(), 23);
        assert_eq!(old[..12], [3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!((old.len(), raw(&frame(), 34).len()), (12 + 24, 16 + 24));
    }
}
