//! `framebuffer:`: the screen's pixels behind a header of numbers.
//! Source: AOSP `packages/modules/adb/daemon/framebuffer_service.cpp`, `struct fbinfo`.

use std::sync::Arc;

use crate::virtual_device::machine::Machine;
use crate::virtual_device::pipe::Pipe;
use crate::virtual_device::process::Bytes;
use crate::virtual_device::screen::{self, Frame};

/// Bytes handed on at a time.
const CHUNK: usize = 256 * 1024;

/// Sends the screen as it is now.
pub async fn run(machine: Arc<Machine>, pipe: Pipe) {
    let frame = screen::frame(&machine);
    if pipe.output.send(header(&frame, machine.profile.api)).await.is_err() {
        return;
    }
    for chunk in frame.rgba.chunks(CHUNK) {
        if pipe.output.send(chunk.to_vec()).await.is_err() {
            return;
        }
    }
}

/// `COLORSPACE_SRGB` of AOSP `screencap.cpp`, where adbd has the number from: what a screen in sRGB gives.
const SRGB: u32 = 1;

/// Version, bits a pixel, colour space (from version 2 on), bytes, width, height; then offset and length in bits of red,
/// blue, green, alpha. MODEL: version 2 came with API 26.
fn header(frame: &Frame, api: u32) -> Bytes {
    let version: &[u32] = if api >= 26 { &[2, 32, SRGB] } else { &[1, 32] };
    let size = u32::try_from(frame.rgba.len()).unwrap_or(u32::MAX);
    let colours = [0, 8, 16, 8, 8, 8, 24, 8];
    let rest = [size, frame.width, frame.height];
    version.iter().chain(&rest).chain(&colours).flat_map(|number| number.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::clock::Clock;
    use crate::virtual_device::machine::Profile;

    #[test]
    fn headers_have_these_bytes() {
        let frame = Frame { width: 2, height: 3, rgba: vec![0; 24] };
        let expected =
            b"\x02\0\0\0\x20\0\0\0\x01\0\0\0\x18\0\0\0\x02\0\0\0\x03\0\0\0\0\0\0\0\x08\0\0\0\x10\0\0\0\x08\0\0\0\
                         \x08\0\0\0\x08\0\0\0\x18\0\0\0\x08\0\0\0";
        assert_eq!(header(&frame, 34), expected);
        assert_eq!(header(&frame, 23).len(), 52);
    }

    #[tokio::test]
    async fn all_pixels_come() {
        let machine = Machine::boot(Profile::parse("size=160x200,density=160").unwrap(), Clock::stepped(0));
        let (mut client, device) = Pipe::pair(&CancellationToken::new());
        let service = tokio::spawn(run(machine, device));
        let mut count = 0;
        while let Some(bytes) = client.input.recv().await {
            count += bytes.len();
        }
        service.await.unwrap();
        assert_eq!(count, 56 + 160 * 200 * 4);
    }
}
