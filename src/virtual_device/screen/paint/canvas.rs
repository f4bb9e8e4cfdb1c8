//! Pixels, and the few shapes everything is drawn of. Colours are 0xAARRGGBB.

use super::super::super::view::Bounds;
use super::super::font::{Face, Glyphs, is_invisible};

/// Pictures larger than this are not drawn, in pixels.
const MOST_PIXELS: usize = 8192 * 8192;

/// An RGBA picture being drawn. Every shape is cut to the current clip.
pub struct Canvas {
    width: i32,
    height: i32,
    rgba: Vec<u8>,
    clip: Bounds,
    /// What colours are multiplied with, of 256: less than 256 under a window that dims what is below. Blending is
    /// linear, so darkening every colour before it is drawn is the same as darkening the picture afterwards.
    shade: u32,
}

impl Canvas {
    /// A black picture.
    pub fn new(width: i32, height: i32) -> Self {
        let pixels = (width.max(0) as usize).saturating_mul(height.max(0) as usize);
        let (width, height) = if pixels > MOST_PIXELS { (0, 0) } else { (width.max(0), height.max(0)) };
        let mut rgba = vec![0; width as usize * height as usize * 4];
        fill_row(&mut rgba, [0, 0, 0, 255]);
        Self { width, height, rgba, clip: Bounds::new(0, 0, width, height), shade: 256 }
    }

    /// The picture's bytes, four a pixel: red, green, blue, alpha.
    pub fn into_rgba(self) -> Vec<u8> {
        self.rgba
    }

    /// The whole picture.
    pub fn screen(&self) -> Bounds {
        Bounds::new(0, 0, self.width, self.height)
    }

    /// Cuts what follows to `clip`.
    pub fn set_clip(&mut self, clip: Bounds) {
        self.clip = clip.clip(self.screen());
    }

    /// Darkens what follows to so many 256ths.
    pub fn set_shade(&mut self, shade: u32) {
        self.shade = shade.min(256);
    }

    fn shaded(&self, color: u32) -> ([u8; 4], u32) {
        let channel = |shift: u32| (((color >> shift & 0xFF) * self.shade) >> 8) as u8;
        ([channel(16), channel(8), channel(0), 255], color >> 24)
    }

    /// Fills a rectangle.
    pub fn rect(&mut self, bounds: Bounds, color: u32) {
        let area = bounds.clip(self.clip);
        let (rgba, alpha) = self.shaded(color);
        if area.is_empty() || alpha == 0 {
            return;
        }
        if alpha == 255 {
            return self.solid(area, rgba);
        }
        for y in area.top..area.bottom {
            for x in area.left..area.right {
                self.blend(x, y, rgba, alpha);
            }
        }
    }

    /// An opaque rectangle inside the picture: one row drawn, the others copied.
    fn solid(&mut self, area: Bounds, rgba: [u8; 4]) {
        let first = self.at(area.left, area.top);
        let bytes = area.width() as usize * 4;
        fill_row(&mut self.rgba[first..first + bytes], rgba);
        let stride = self.width as usize * 4;
        for row in 1..area.height() as usize {
            self.rgba.copy_within(first..first + bytes, first + row * stride);
        }
    }

    /// Fills a rectangle with round corners.
    pub fn round_rect(&mut self, bounds: Bounds, radius: i32, color: u32) {
        let radius = radius.clamp(0, bounds.width().min(bounds.height()) / 2);
        if radius == 0 {
            return self.rect(bounds, color);
        }
        self.rect(Bounds { top: bounds.top + radius, bottom: bounds.bottom - radius, ..bounds }, color);
        for row in 0..radius {
            let (top, bottom) = (bounds.top + row, bounds.bottom - 1 - row);
            for y in if top == bottom { vec![top] } else { vec![top, bottom] } {
                self.corner_row(bounds, radius, row, y, color);
            }
        }
    }

    fn corner_row(&mut self, bounds: Bounds, radius: i32, row: i32, y: i32, color: u32) {
        if y < self.clip.top || y >= self.clip.bottom {
            return;
        }
        let middle = Bounds::new(bounds.left + radius, y, bounds.right - radius, y + 1);
        self.rect(middle, color);
        let (rgba, alpha) = self.shaded(color);
        let r = radius as f32;
        let dy = r - row as f32 - 0.5;
        for column in 0..radius {
            let dx = r - column as f32 - 0.5;
            let inside = (r - (dx * dx + dy * dy).sqrt() + 0.5).clamp(0.0, 1.0);
            let alpha = (alpha as f32 * inside) as u32;
            self.blend_clipped(bounds.left + column, y, rgba, alpha);
            self.blend_clipped(bounds.right - 1 - column, y, rgba, alpha);
        }
    }

    /// Draws the edge of a rectangle with round corners, inside it.
    pub fn round_frame(&mut self, bounds: Bounds, radius: i32, thickness: i32, color: u32) {
        let (rgba, alpha) = self.shaded(color);
        let area = bounds.clip(self.clip);
        let thick = thickness.max(1) as f32;
        let band = radius.max(0) + thickness.max(1) + 1;
        for y in area.top..area.bottom {
            let near_end = y < bounds.top + band || y >= bounds.bottom - band;
            let mut x = area.left;
            while x < area.right {
                if !near_end && x >= bounds.left + band && x < bounds.right - band {
                    x = bounds.right - band;
                    continue;
                }
                let d = round_distance(bounds, radius as f32, x as f32 + 0.5, y as f32 + 0.5);
                let cover = (0.5 - d).clamp(0.0, 1.0) * (d + thick + 0.5).clamp(0.0, 1.0);
                self.blend(x, y, rgba, (alpha as f32 * cover) as u32);
                x += 1;
            }
        }
    }

    /// Draws the soft shadow of a rectangle with round corners, outside it.
    pub fn shadow(&mut self, bounds: Bounds, radius: i32, blur: i32, strength: u32) {
        let blur = blur.clamp(1, 64);
        let below = bounds.offset(0, blur / 2);
        let area = below.inset(-blur).clip(self.clip);
        for y in area.top..area.bottom {
            let mut x = area.left;
            while x < area.right {
                if bounds.inset(radius).contains(x, y)
                    || (y >= bounds.top + radius && y < bounds.bottom - radius && bounds.contains(x, y))
                {
                    x = bounds.right
                        - if (bounds.top + radius..bounds.bottom - radius).contains(&y) { 0 } else { radius };
                    continue;
                }
                let d = round_distance(below, radius as f32, x as f32 + 0.5, y as f32 + 0.5) / blur as f32;
                let fade = (1.0 - d.clamp(0.0, 1.0)).powi(2);
                self.blend(x, y, [0, 0, 0, 255], (strength as f32 * fade) as u32);
                x += 1;
            }
        }
    }

    /// Draws a line with round ends.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), thickness: f32, color: u32) {
        let half = thickness / 2.0;
        let (rgba, alpha) = self.shaded(color);
        let area = Bounds::new(
            (from.0.min(to.0) - half).floor() as i32 - 1,
            (from.1.min(to.1) - half).floor() as i32 - 1,
            (from.0.max(to.0) + half).ceil() as i32 + 1,
            (from.1.max(to.1) + half).ceil() as i32 + 1,
        )
        .clip(self.clip);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).max(1e-6);
        for y in area.top..area.bottom {
            for x in area.left..area.right {
                let (px, py) = (x as f32 + 0.5 - from.0, y as f32 + 0.5 - from.1);
                let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
                let (ex, ey) = (px - along * dx, py - along * dy);
                let cover = (half - (ex * ex + ey * ey).sqrt() + 0.5).clamp(0.0, 1.0);
                self.blend(x, y, rgba, (alpha as f32 * cover) as u32);
            }
        }
    }

    /// Fills a disc.
    pub fn disc(&mut self, center: (f32, f32), radius: f32, color: u32) {
        self.line(center, center, radius * 2.0, color);
    }

    /// Draws a circle of so many pixels' thickness, its outer edge at `radius`.
    pub fn ring(&mut self, center: (f32, f32), radius: f32, thickness: f32, color: u32) {
        let (rgba, alpha) = self.shaded(color);
        let area = Bounds::new(
            (center.0 - radius).floor() as i32 - 1,
            (center.1 - radius).floor() as i32 - 1,
            (center.0 + radius).ceil() as i32 + 1,
            (center.1 + radius).ceil() as i32 + 1,
        )
        .clip(self.clip);
        for y in area.top..area.bottom {
            for x in area.left..area.right {
                let (dx, dy) = (x as f32 + 0.5 - center.0, y as f32 + 0.5 - center.1);
                let d = (dx * dx + dy * dy).sqrt();
                let cover = (radius - d + 0.5).clamp(0.0, 1.0) * (d - radius + thickness + 0.5).clamp(0.0, 1.0);
                self.blend(x, y, rgba, (alpha as f32 * cover) as u32);
            }
        }
    }

    /// Fills a polygon whose corners turn one way, its edges smoothed.
    pub fn convex(&mut self, corners: &[(f32, f32)], color: u32) {
        let (rgba, alpha) = self.shaded(color);
        let fold =
            |f: fn(f32, f32) -> f32, start: f32, axis: fn(&(f32, f32)) -> f32| corners.iter().map(axis).fold(start, f);
        let area = Bounds::new(
            fold(f32::min, f32::MAX, |p| p.0).floor() as i32,
            fold(f32::min, f32::MAX, |p| p.1).floor() as i32,
            fold(f32::max, f32::MIN, |p| p.0).ceil() as i32,
            fold(f32::max, f32::MIN, |p| p.1).ceil() as i32,
        )
        .clip(self.clip);
        for y in area.top..area.bottom {
            for x in area.left..area.right {
                let cover = convex_cover(corners, (x as f32 + 0.5, y as f32 + 0.5));
                self.blend(x, y, rgba, (alpha as f32 * cover) as u32);
            }
        }
    }

    /// Writes one line of text, its top left corner at `(x, y)`.
    pub fn text(
        &mut self,
        glyphs: &mut Glyphs,
        widths: &super::super::font::Widths,
        text: &str,
        at: (f32, f32),
        face: Face,
        color: u32,
    ) {
        let (rgba, alpha) = self.shaded(color);
        let base = (at.1 + face.ascent()).round() as i32;
        let mut pen = at.0;
        for c in text.chars().filter(|c| !is_invisible(*c)) {
            let glyph = glyphs.draw(c, face);
            let left = pen.round() as i32 + glyph.left;
            if left < self.clip.right {
                mask(
                    &mut self.rgba,
                    self.width,
                    self.clip,
                    (left, base - glyph.top),
                    glyph.width,
                    &glyph.coverage,
                    (rgba, alpha),
                );
            }
            pen += widths.of(c);
            if pen > self.clip.right as f32 {
                break;
            }
        }
    }

    fn blend_clipped(&mut self, x: i32, y: i32, rgba: [u8; 4], alpha: u32) {
        if self.clip.contains(x, y) {
            self.blend(x, y, rgba, alpha);
        }
    }

    fn blend(&mut self, x: i32, y: i32, rgba: [u8; 4], alpha: u32) {
        if alpha > 0 {
            let at = self.at(x, y);
            mix(&mut self.rgba[at..at + 4], rgba, alpha);
        }
    }

    fn at(&self, x: i32, y: i32) -> usize {
        (y as usize * self.width as usize + x as usize) * 4
    }
}

fn fill_row(row: &mut [u8], rgba: [u8; 4]) {
    let mut done = row.len().min(4);
    row[..done].copy_from_slice(&rgba[..done]);
    while done < row.len() {
        let next = done.min(row.len() - done);
        row.copy_within(0..next, done);
        done += next;
    }
}

fn mix(pixel: &mut [u8], rgba: [u8; 4], alpha: u32) {
    let alpha = alpha + (alpha >> 7);
    for (below, above) in pixel.iter_mut().zip(rgba) {
        *below = ((u32::from(*below) * (256 - alpha) + u32::from(above) * alpha) >> 8) as u8;
    }
    if let Some(opaque) = pixel.get_mut(3) {
        *opaque = 255;
    }
}

/// Draws a glyph's coverage.
fn mask(
    rgba: &mut [u8],
    stride: i32,
    clip: Bounds,
    at: (i32, i32),
    width: usize,
    coverage: &[u8],
    color: ([u8; 4], u32),
) {
    if width == 0 {
        return;
    }
    for (y, row) in (at.1..).zip(coverage.chunks_exact(width)) {
        if y < clip.top || y >= clip.bottom {
            continue;
        }
        for (x, cover) in (at.0..).zip(row) {
            if *cover > 0 && x >= clip.left && x < clip.right {
                let place = (y as usize * stride as usize + x as usize) * 4;
                mix(&mut rgba[place..place + 4], color.0, u32::from(*cover) * color.1 / 255);
            }
        }
    }
}

/// Distance from the edge of a rectangle with round corners; negative inside.
fn round_distance(bounds: Bounds, radius: f32, x: f32, y: f32) -> f32 {
    let (half_x, half_y) = (bounds.width() as f32 / 2.0, bounds.height() as f32 / 2.0);
    let dx = (x - bounds.left as f32 - half_x).abs() - half_x + radius;
    let dy = (y - bounds.top as f32 - half_y).abs() - half_y + radius;
    let outside = (dx.max(0.0).powi(2) + dy.max(0.0).powi(2)).sqrt();
    outside + dx.max(dy).min(0.0) - radius
}

/// How much of the pixel at `p` lies in the polygon.
fn convex_cover(corners: &[(f32, f32)], p: (f32, f32)) -> f32 {
    let mut signs = (f32::MAX, f32::MAX);
    for (i, a) in corners.iter().enumerate() {
        let b = corners[(i + 1) % corners.len()];
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let d = (dx * (p.1 - a.1) - dy * (p.0 - a.0)) / (dx * dx + dy * dy).sqrt().max(1e-6);
        signs = (signs.0.min(d), signs.1.min(-d));
    }
    (signs.0.max(signs.1) + 0.5).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixel(canvas: &Canvas, x: i32, y: i32) -> [u8; 4] {
        let at = canvas.at(x, y);
        canvas.rgba[at..at + 4].try_into().unwrap()
    }

    #[test]
    fn opaque_and_half_transparent_colours_mix() {
        let mut canvas = Canvas::new(10, 10);
        canvas.rect(Bounds::new(0, 0, 10, 10), 0xFFFF_FFFF);
        canvas.rect(Bounds::new(2, 2, 4, 4), 0x80FF_0000);
        assert_eq!(pixel(&canvas, 0, 0), [255, 255, 255, 255]);
        let [r, g, b, a] = pixel(&canvas, 3, 3);
        assert!(r >= 250 && (120..135).contains(&g) && g == b && a == 255);
    }

    #[test]
    fn a_shade_darkens_as_a_dim_drawn_above_would() {
        let mut canvas = Canvas::new(2, 2);
        canvas.set_shade(128);
        canvas.rect(Bounds::new(0, 0, 2, 2), 0xFFFF_FFFF);
        assert_eq!(pixel(&canvas, 1, 1), [127, 127, 127, 255]);
    }

    #[test]
    fn round_corners_leave_the_corner_and_fill_the_middle() {
        let mut canvas = Canvas::new(20, 20);
        canvas.round_rect(Bounds::new(0, 0, 20, 20), 10, 0xFFFF_FFFF);
        assert_eq!(pixel(&canvas, 0, 0), [0, 0, 0, 255]);
        assert_eq!(pixel(&canvas, 10, 10), [255, 255, 255, 255]);
        assert!(pixel(&canvas, 10, 0)[0] > 240);
    }

    #[test]
    fn nothing_is_drawn_outside_the_picture_or_the_clip() {
        let mut canvas = Canvas::new(8, 8);
        canvas.set_clip(Bounds::new(2, 2, 4, 4));
        canvas.rect(Bounds::new(-100, -100, 100, 100), 0xFFFF_FFFF);
        canvas.round_rect(Bounds::new(-5, -5, 50, 50), 9, 0xFF00_FF00);
        canvas.shadow(Bounds::new(-5, -5, 6, 6), 3, 5, 200);
        canvas.ring((4.0, 4.0), 30.0, 3.0, 0xFFFF_0000);
        canvas.convex(&[(-9.0, -9.0), (90.0, -9.0), (4.0, 90.0)], 0xFFFF_0000);
        assert_eq!(pixel(&canvas, 1, 1), [0, 0, 0, 255]);
        assert_ne!(pixel(&canvas, 3, 3), [0, 0, 0, 255]);
        assert_eq!(pixel(&canvas, 4, 4), [0, 0, 0, 255]);
    }
}
