//! Pictures of the screen.

use std::io::Cursor;
use std::time::Duration;

use image::{ImageFormat, RgbaImage};

use super::Android;
use super::error::AndroidError;

/// How long one picture may take; 0.7 s on the slowest captured device.
const WITHIN: Duration = Duration::from_secs(10);
/// Longest answer taken, in bytes: a raw 8K picture.
const LONGEST: usize = 150 << 20;
/// Largest side taken, in pixels.
const LARGEST_SIDE: u32 = 16_384;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Last chunk of every PNG: a picture without it was cut.
const PNG_END: &[u8] = b"IEND\xaeB`\x82";

/// A picture of the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Screenshot {
    /// PNG, untouched where the device made one.
    pub png: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// All one colour: nothing is rendered, or the window is secure.
    pub blank: bool,
}

impl std::fmt::Debug for Screenshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Screenshot({}×{}, {} bytes, blank: {})", self.width, self.height, self.png.len(), self.blank)
    }
}

impl Android {
    /// The screen now: `screencap -p`, else raw `screencap`, else adbd's framebuffer.
    pub async fn screenshot(&self) -> Result<Screenshot, AndroidError> {
        let device = self.device();
        let png = device.exec("screencap -p 2>/dev/null", WITHIN, LONGEST).await?;
        let first = match read_picture(png) {
            Ok(picture) => return Ok(picture),
            Err(why) => why,
        };
        let raw = device.exec("screencap 2>/dev/null", WITHIN, LONGEST).await?;
        if let Ok(picture) = read_picture(raw) {
            return Ok(picture);
        }
        let frame = device.framebuffer(WITHIN).await.map_err(|error| match error.fault() {
            crate::adb::Fault::Refused | crate::adb::Fault::Protocol => AndroidError::NoScreenshot(first),
            _ => error.into(),
        })?;
        encode(frame.width, frame.height, frame.rgba).map_err(AndroidError::NoScreenshot)
    }
}

/// A PNG, or a raw picture.
pub(super) fn read_picture(bytes: Vec<u8>) -> Result<Screenshot, String> {
    if bytes.starts_with(PNG) {
        if !bytes.ends_with(PNG_END) {
            return Err(format!("the picture was cut after {} bytes", bytes.len()));
        }
        let (width, height) = png_size(&bytes).ok_or("a PNG without its header")?;
        let blank = is_blank_png(&bytes).map_err(|error| error.to_string())?;
        return Ok(Screenshot { png: bytes, width, height, blank });
    }
    let (width, height, rgba) = raw(&bytes)?;
    encode(width, height, rgba)
}

/// Width and height of a PNG, from its first chunk.
fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| png.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
    let (width, height) = word(16).zip(word(20))?;
    (png.get(12..16)? == b"IHDR" && (1..=LARGEST_SIDE).contains(&width) && (1..=LARGEST_SIDE).contains(&height))
        .then_some((width, height))
}

/// Whether all pixels of a PNG are alike. Rows are decoded only until one differs: a whole picture of a phone would take
/// 12 ms, and nearly every one shows something in its first rows.
fn is_blank_png(png: &[u8]) -> Result<bool, png::DecodingError> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(png), png::Limits { bytes: LONGEST });
    // Palettes become colours, so that alike pixels are alike bytes.
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info()?;
    let (colour, depth) = reader.output_color_type();
    let pixel = colour.samples() * if depth == png::BitDepth::Sixteen { 2 } else { 1 };
    let mut first: Option<Vec<u8>> = None;
    while let Some(row) = reader.next_row()? {
        let mut pixels = row.data().chunks_exact(pixel);
        let first = first.get_or_insert_with(|| row.data()[..pixel].to_vec());
        if !pixels.all(|pixel| pixel == first.as_slice()) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn encode(width: u32, height: u32, rgba: Vec<u8>) -> Result<Screenshot, String> {
    let picture = RgbaImage::from_raw(width, height, rgba).ok_or("a picture of another size than it says")?;
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(Screenshot { png: png.into_inner(), width, height, blank: is_blank(&picture) })
}

fn is_blank(picture: &RgbaImage) -> bool {
    let mut pixels = picture.pixels();
    let first = pixels.next();
    pixels.all(|pixel| Some(pixel) == first)
}

/// Raw `screencap`: width, height, format (u32, little-endian), from API 28 on also a colour space; the total length
/// tells which. Formats: AOSP `PixelFormat`.
fn raw(bytes: &[u8]) -> Result<(u32, u32, Vec<u8>), String> {
    const RGBA: u32 = 1;
    const RGBX: u32 = 2;
    const RGB: u32 = 3;
    const RGB_565: u32 = 4;
    const BGRA: u32 = 5;
    let word = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let words = word(0).zip(word(4)).zip(word(8));
    let ((width, height), format) = words.ok_or_else(|| format!("{} bytes are no picture", bytes.len()))?;
    let pixel = match format {
        RGBA | RGBX | BGRA => 4,
        RGB => 3,
        RGB_565 => 2,
        other => return Err(format!("a picture of unknown format {other} in {} bytes", bytes.len())),
    };
    if width == 0 || height == 0 || width > LARGEST_SIDE || height > LARGEST_SIDE {
        return Err(format!("a picture of {width}×{height}"));
    }
    let size = width as usize * height as usize * pixel;
    let header = [12, 16].into_iter().find(|header| bytes.len() == header + size);
    let header = header.ok_or_else(|| format!("{} bytes for a picture of {width}×{height}", bytes.len()))?;
    let rgba = bytes[header..].chunks_exact(pixel).flat_map(|p| match format {
        RGBA => [p[0], p[1], p[2], p[3]],
        RGBX | RGB => [p[0], p[1], p[2], 0xff],
        BGRA => [p[2], p[1], p[0], p[3]],
        _ => rgb_565(p),
    });
    Ok((width, height, rgba.collect()))
}

fn rgb_565(p: &[u8]) -> [u8; 4] {
    let value = u16::from_le_bytes([p[0], p[1]]);
    let scale = |bits: u16, most: u16| u8::try_from(bits * 255 / most).unwrap_or(u8::MAX);
    [scale(value >> 11, 31), scale(value >> 5 & 63, 63), scale(value & 31, 31), 0xff]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(png: &[u8]) -> RgbaImage {
        image::load_from_memory(png).unwrap().into_rgba8()
    }

    fn raw_picture(header: usize, pixel: [u8; 4]) -> Vec<u8> {
        let mut bytes = vec![0; header];
        bytes[..12].copy_from_slice(&[2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0]);
        (0..6).for_each(|_| bytes.extend(pixel));
        bytes
    }

    #[test]
    fn raw_pictures_have_a_header_of_12_or_16_bytes() {
        for header in [12, 16] {
            let picture = read_picture(raw_picture(header, [1, 2, 3, 255])).unwrap();
            assert_eq!((picture.width, picture.height, picture.blank), (2, 3, true));
            assert_eq!(decode(&picture.png).get_pixel(1, 2).0, [1, 2, 3, 255]);
        }
        assert!(read_picture(raw_picture(14, [0; 4])).is_err());
        assert!(read_picture(Vec::new()).is_err());
    }

    #[test]
    fn a_cut_png_is_refused_and_colours_are_not_blank() {
        let mut rgba = vec![0; 24];
        rgba[3] = 9;
        let picture = encode(2, 3, rgba).unwrap();
        assert!(!picture.blank);
        assert_eq!(read_picture(picture.png.clone()).unwrap(), picture);
        assert!(read_picture(picture.png[..picture.png.len() - 1].to_vec()).is_err());
    }

    #[test]
    fn one_pixel_at_the_very_end_is_seen() {
        let (width, height) = (64, 50);
        let mut rgba = [7, 8, 9, 255].repeat(width * height);
        let read = |rgba: &[u8]| read_picture(encode(64, 50, rgba.to_vec()).unwrap().png).unwrap().blank;
        assert!(read(&rgba));
        *rgba.last_mut().unwrap() = 254;
        assert!(!read(&rgba));
    }

    #[test]
    fn palettes_and_few_bits_are_read_as_colours() {
        let blank = |colour: png::ColorType, depth: png::BitDepth, data: &[u8]| {
            let mut bytes = Vec::new();
            let mut encoder = png::Encoder::new(&mut bytes, 8, 2);
            encoder.set_color(colour);
            encoder.set_depth(depth);
            if colour == png::ColorType::Indexed {
                encoder.set_palette(vec![1, 2, 3, 4, 5, 6]);
            }
            encoder.write_header().unwrap().write_image_data(data).unwrap();
            read_picture(bytes).unwrap().blank
        };
        let one_bit = |data: &[u8]| blank(png::ColorType::Indexed, png::BitDepth::One, data);
        assert!(one_bit(&[0, 0]) && one_bit(&[255, 255]) && !one_bit(&[0, 1]));
        let deep = |data: &[u8]| blank(png::ColorType::Grayscale, png::BitDepth::Sixteen, data);
        assert!(deep(&[0, 1].repeat(16)) && !deep(&[&[0, 1].repeat(15)[..], &[1, 0]].concat()));
    }

    #[test]
    fn sixteen_bit_colours_reach_their_ends() {
        assert_eq!(rgb_565(&[0xff, 0xff]), [255, 255, 255, 255]);
        assert_eq!(rgb_565(&[0, 0]), [0, 0, 0, 255]);
    }
}
