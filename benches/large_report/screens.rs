//! A made-up record with many screens, each another one.

use std::io::Cursor;
use std::path::Path;

use appwitness::journal::entry::Event;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageEncoder, Rgb, RgbImage};

use super::made_up::{Noise, Record, capture};

const SIZE: (u32, u32) = (1080, 2400);

/// Writes a record with so many looks.
pub fn record(folder: &Path, looks: u32) {
    let mut record = Record::begin(folder);
    let mut noise = Noise(0x5EED);
    for look in 0..looks {
        let picture = record.exhibit(&screen(&mut noise), "image/png");
        let hierarchy = record.exhibit(hierarchy(look).as_bytes(), "application/xml");
        let shown = picture.clone();
        record.push(capture(picture, SIZE, hierarchy));
        if look % 10 == 0 {
            record.push(popup(look / 10 + 1, serde_json::json!(shown)));
        }
    }
    record.end();
}

/// A screen: a bar, and rows with pictures and lines whose words are as uneven as text.
fn screen(noise: &mut Noise) -> Vec<u8> {
    let tint = (noise.draw() % 200) as u8;
    let mut pixels = RgbImage::from_pixel(SIZE.0, SIZE.1, Rgb([250, 250, 252]));
    fill(&mut pixels, (0, 0, SIZE.0, 180), [tint, 90, 160]);
    for row in 0..10 {
        let top = 220 + row * 210;
        fill(&mut pixels, (40, top, 200, top + 160), [(noise.draw() % 256) as u8, 180, tint]);
        for line in 0..4 {
            let mut left = 240;
            while left < 960 {
                let width = 4 + (noise.draw() % 12) as u32;
                fill(&mut pixels, (left, top + line * 42, left + width, top + line * 42 + 26), [70, 70, 76]);
                left += width + 3 + (noise.draw() % 9) as u32;
            }
        }
    }
    let mut png = Cursor::new(Vec::new());
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive);
    encoder.write_image(pixels.as_raw(), SIZE.0, SIZE.1, image::ExtendedColorType::Rgb8).expect("a picture");
    png.into_inner()
}

/// Fills from left and top to right and bottom.
fn fill(pixels: &mut RgbImage, (left, top, right, bottom): (u32, u32, u32, u32), colour: [u8; 3]) {
    for y in top..bottom.min(SIZE.1) {
        for x in left..right.min(SIZE.0) {
            pixels.put_pixel(x, y, Rgb(colour));
        }
    }
}

fn hierarchy(look: u32) -> String {
    let node = |n: u32| {
        format!(
            "<node index=\"{n}\" text=\"Line {look}.{n}\" class=\"android.widget.TextView\" bounds=\"[0,{n}][1080,{}]\"/>",
            n + 60
        )
    };
    format!("<hierarchy rotation=\"0\">{}</hierarchy>", (0..60).map(node).collect::<String>())
}

fn popup(number: u32, screenshot: serde_json::Value) -> Event {
    serde_json::from_value(serde_json::json!({
        "kind": "popup-shown", "popup": number, "role": "promotion", "title": format!("Offer {number}"),
        "words": "A made-up offer, in so many words", "by": "org.example", "signature": "", "covers": 0.4, "close": [], "accept": [], "refuse": [],
        "boxes": [], "opened-by": "unknown", "same-as": null, "step": "1", "activity": null, "launch": 1,
        "bounds": {"left": 90, "top": 900, "right": 990, "bottom": 1500}, "capture": null, "screenshot": screenshot
    }))
    .expect("a pop-up")
}
