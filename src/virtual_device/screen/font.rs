//! The screen's typeface: which glyph a character has, how wide it is, what it looks like in pixels.

use std::collections::HashMap;

use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::Format;
use swash::{FontRef, GlyphId};

/// See `assets/README.md` for origin and licence.
const BYTES: &[u8] = include_bytes!("assets/screen.ttf");

/// Units of the asset's em square and its line: above and below the base line.
const EM: f32 = 512.0;
const ASCENT: f32 = 480.0;
const DESCENT: f32 = 121.0;

/// Glyph pictures kept at most; at 42 pixels about 1 KiB each.
const KEPT_GLYPHS: usize = 512;

/// Quotation marks of the asset are as wide as a Chinese character; on a phone they are as wide as Latin ones:
/// (mark, advance, how far its ink is moved), in the asset's units.
const QUOTES: [(char, f32, f32); 4] =
    [('\u{2018}', 140.0, -360.0), ('\u{2019}', 140.0, -12.0), ('\u{201c}', 236.0, -262.0), ('\u{201d}', 236.0, -14.0)];

/// Text sizes drawn, in pixels; anything else is brought into this range.
const SIZES: (f32, f32) = (4.0, 400.0);

/// How much wider bold glyphs are, as a part of the text size.
const BOLD_ADVANCE: f32 = 0.02;

/// The typeface. Cheap to copy: the bytes are part of the program.
#[derive(Clone, Copy)]
pub struct Typeface {
    font: FontRef<'static>,
}

/// Size and weight of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Pixels per em.
    pub size: f32,
    /// Bold.
    pub bold: bool,
}

impl Face {
    /// A face whose size can be drawn, whatever was asked for.
    pub fn new(size: f32, bold: bool) -> Self {
        let size = if size.is_finite() { size.clamp(SIZES.0, SIZES.1) } else { SIZES.0 };
        Self { size, bold }
    }

    /// Height of a line in whole pixels.
    pub fn line_height(self) -> i32 {
        (self.size * (ASCENT + DESCENT) / EM).ceil() as i32
    }

    /// From the top of a line to its base line, in pixels.
    pub fn ascent(self) -> f32 {
        self.size * ASCENT / EM
    }
}

impl Typeface {
    /// The embedded typeface.
    ///
    /// # Panics
    /// When the program was built with a broken asset; a test reads it.
    pub fn embedded() -> Self {
        Self { font: FontRef::from_index(BYTES, 0).expect("the embedded typeface can be read") }
    }

    /// Whether the typeface can draw the character.
    pub fn covers(&self, c: char) -> bool {
        self.font.charmap().map(c) != 0
    }

    /// A reader of widths for one face.
    pub fn widths(&self, face: Face) -> Widths {
        Widths { charmap: self.font.charmap(), metrics: self.font.glyph_metrics(&[]), face }
    }
}

/// Reads how far each character of a face takes the pen.
pub struct Widths {
    charmap: swash::Charmap<'static>,
    metrics: swash::GlyphMetrics<'static>,
    face: Face,
}

impl Widths {
    /// The character's advance in pixels. Characters without a glyph are as wide as the box drawn for them; control
    /// characters and joiners take no room.
    pub fn of(&self, c: char) -> f32 {
        if is_invisible(c) {
            return 0.0;
        }
        let units = quote(c).map_or_else(|| self.metrics.advance_width(self.charmap.map(c)), |(_, advance, _)| advance);
        let advance = units * self.face.size / EM;
        if self.face.bold { advance + self.face.size * BOLD_ADVANCE } else { advance }
    }

    /// Advance of a whole string in pixels.
    pub fn of_str(&self, text: &str) -> f32 {
        text.chars().map(|c| self.of(c)).sum()
    }
}

fn quote(c: char) -> Option<(char, f32, f32)> {
    QUOTES.into_iter().find(|(mark, ..)| *mark == c)
}

/// Characters that are never drawn.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}')
}

/// One glyph's coverage.
#[derive(Clone, Debug, Default)]
pub struct Glyph {
    /// From the pen to the first column.
    pub left: i32,
    /// From the base line up to the first row.
    pub top: i32,
    /// Columns.
    pub width: usize,
    /// 0 to 255 per pixel, row by row.
    pub coverage: Vec<u8>,
}

/// Draws glyphs and keeps the latest ones; bounded.
pub struct Glyphs {
    typeface: Typeface,
    context: ScaleContext,
    kept: HashMap<(GlyphId, u32, bool), Glyph>,
}

impl Glyphs {
    /// Nothing drawn yet.
    pub fn new(typeface: Typeface) -> Self {
        Self { typeface, context: ScaleContext::with_max_entries(1), kept: HashMap::new() }
    }

    /// The glyph of a character.
    pub fn draw(&mut self, c: char, face: Face) -> &Glyph {
        let id = self.typeface.font.charmap().map(c);
        let key = (id, face.size.to_bits(), face.bold);
        if self.kept.len() >= KEPT_GLYPHS && !self.kept.contains_key(&key) {
            self.kept.clear();
        }
        self.kept.entry(key).or_insert_with(|| {
            let mut glyph = render(&mut self.context, self.typeface.font, id, face);
            glyph.left += quote(c).map_or(0, |(_, _, moved)| (moved * face.size / EM).round() as i32);
            glyph
        })
    }
}

fn render(context: &mut ScaleContext, font: FontRef<'static>, id: GlyphId, face: Face) -> Glyph {
    let mut scaler = context.builder(font).size(face.size).hint(false).build();
    let strength = if face.bold { face.size * 0.022 } else { 0.0 };
    let image = Render::new(&[Source::Outline]).format(Format::Alpha).embolden(strength).render(&mut scaler, id);
    image.map_or_else(Glyph::default, |image| Glyph {
        left: image.placement.left,
        top: image.placement.top,
        width: image.placement.width as usize,
        coverage: image.data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_and_chinese_are_covered_and_drawn() {
        let typeface = Typeface::embedded();
        for c in "Allow “it’s” 0–9 é 隐私政策账号注销麒麟滴".chars() {
            assert!(typeface.covers(c), "{c}");
        }
        let mut glyphs = Glyphs::new(typeface);
        let face = Face::new(40.0, false);
        let inked: u64 = glyphs.draw('注', face).coverage.iter().map(|v| u64::from(*v)).sum();
        assert!(inked > 255 * 100, "{inked}");
        assert!(glyphs.draw(' ', face).coverage.is_empty());
    }

    #[test]
    fn bold_glyphs_have_more_ink_and_take_more_room() {
        let typeface = Typeface::embedded();
        let mut glyphs = Glyphs::new(typeface);
        let ink = |g: &Glyph| g.coverage.iter().map(|v| u64::from(*v)).sum::<u64>();
        let (plain, bold) = (Face::new(32.0, false), Face::new(32.0, true));
        let thin = ink(glyphs.draw('H', plain));
        assert!(ink(glyphs.draw('H', bold)) > thin);
        assert!(typeface.widths(bold).of('H') > typeface.widths(plain).of('H'));
    }

    #[test]
    fn chinese_characters_are_one_em_wide_and_controls_take_no_room() {
        let widths = Typeface::embedded().widths(Face::new(50.0, false));
        assert!((widths.of('我') - 50.0).abs() < 1.0, "{}", widths.of('我'));
        assert_eq!(widths.of('\n') + widths.of('\u{200b}'), 0.0);
    }

    #[test]
    fn kept_glyphs_are_bounded() {
        let mut glyphs = Glyphs::new(Typeface::embedded());
        for c in ('\u{4e00}'..'\u{6000}').take(3 * KEPT_GLYPHS) {
            glyphs.draw(c, Face::new(10.0, false));
        }
        assert!(glyphs.kept.len() <= KEPT_GLYPHS);
    }

    #[test]
    fn absurd_sizes_are_brought_into_range() {
        for size in [f32::NAN, f32::INFINITY, -3.0, 0.0, 1e9] {
            let face = Face::new(size, false);
            assert!(face.size >= SIZES.0 && face.size <= SIZES.1);
        }
    }
}
