//! The `framebuffer:` service. `adb_client` reads it too, but takes any size a device claims and only 32 bits a pixel.

use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::device::Device;
use super::error::AdbError;
use super::wire::{Link, Trouble};

/// Largest picture taken, in bytes: 8K at four bytes a pixel.
const LARGEST: u32 = 8192 * 8192 * 4;

/// One picture: rows from the top, four bytes a pixel, red green blue alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The pixels.
    pub rgba: Vec<u8>,
}

struct Layout {
    bytes_per_pixel: usize,
    size: usize,
    width: u32,
    height: u32,
    /// Bit offsets of red, green, blue and alpha; alpha `None` when it has no bits.
    offsets: [Option<usize>; 4],
}

impl Device {
    /// The screen as adbd reads it. Slower than `screencap -p`, but needs no program on the device's path.
    pub async fn framebuffer(&self, within: Duration) -> Result<Frame, AdbError> {
        let call = self.call("read the framebuffer");
        call.run(within, async {
            let mut link = call.open("framebuffer:").await?;
            let layout = layout(&mut link).await?;
            let mut pixels = vec![0; layout.size];
            link.stream.read_exact(&mut pixels).await?;
            Ok(frame(&layout, &pixels))
        })
        .await
    }
}

/// Header (AOSP `framebuffer_service.cpp`): version, bits a pixel, colour space (version 2 only), size, width, height,
/// then offset and length of red, blue, green, alpha.
async fn layout(link: &mut Link) -> Result<Layout, Trouble> {
    let version = link.stream.read_u32_le().await?;
    let bits = link.stream.read_u32_le().await?;
    match version {
        1 => {}
        2 => drop(link.stream.read_u32_le().await?),
        other => return Err(Trouble::Nonsense(format!("framebuffer version {other}"))),
    }
    let mut words = [0; 11];
    for word in &mut words {
        *word = link.stream.read_u32_le().await?;
    }
    let [size, width, height, red, red_bits, blue, blue_bits, green, green_bits, alpha, alpha_bits] = words;
    let whole_bytes =
        [(red, red_bits), (green, green_bits), (blue, blue_bits)].iter().all(|(o, b)| *b == 8 && o % 8 == 0);
    let fits = u64::from(width) * u64::from(height) * u64::from(bits / 8) == u64::from(size);
    let inside = [red, green, blue, alpha].iter().all(|offset| offset / 8 < bits / 8);
    if size > LARGEST || !fits || !inside || !whole_bytes || !matches!(bits, 24 | 32) {
        return Err(Trouble::Nonsense(format!("a framebuffer of {width}×{height} with {bits} bits in {size} bytes")));
    }
    let byte = |offset: u32| Some((offset / 8) as usize);
    let offsets = [byte(red), byte(green), byte(blue), byte(alpha).filter(|_| alpha_bits == 8)];
    Ok(Layout { bytes_per_pixel: (bits / 8) as usize, size: size as usize, width, height, offsets })
}

fn frame(layout: &Layout, pixels: &[u8]) -> Frame {
    let mut rgba = Vec::with_capacity(pixels.len() / layout.bytes_per_pixel * 4);
    for pixel in pixels.chunks_exact(layout.bytes_per_pixel) {
        rgba.extend(layout.offsets.map(|offset| offset.map_or(0xff, |at| pixel[at])));
    }
    Frame { width: layout.width, height: layout.height, rgba }
}
