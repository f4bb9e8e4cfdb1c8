//! One device's screen: what it keeps between two pictures.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::super::profile::Profile;
use super::super::view::Window;
use super::automation::Automation;
use super::dialogs::Book;
use super::display::Display;
use super::font::{Glyphs, Typeface};
use super::layout::{Laid, lay_out_all};
use super::paint::{Frame, paint};

/// One device's screen. Nothing is kept until something is drawn.
#[derive(Default)]
pub struct Screen {
    /// Who looks at the view tree.
    pub automation: Automation,
    book: OnceLock<Book>,
    glyphs: Mutex<Option<Glyphs>>,
    overrides: Mutex<Overrides>,
    /// Quarter turns by which the device is held turned.
    turned: AtomicU8,
    finger: Mutex<Option<Finger>>,
}

/// Where a finger was put down, and when on the device's clock.
type Finger = ((i32, i32), std::time::Duration);

/// Size and density that `wm` set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// Dots per inch.
    pub density: Option<u32>,
}

impl Screen {
    /// What `wm` set.
    pub fn overrides(&self) -> Overrides {
        *self.overrides.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what `wm` sets.
    pub fn set_overrides(&self, overrides: Overrides) {
        *self.overrides.lock().unwrap_or_else(PoisonError::into_inner) = overrides;
    }

    /// The finger that `input motionevent` put down.
    pub(super) fn finger(&self) -> Option<Finger> {
        *self.finger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts it down, or takes it away.
    pub(super) fn put_finger(&self, finger: Option<Finger>) {
        *self.finger.lock().unwrap_or_else(PoisonError::into_inner) = finger;
    }

    /// Turns the display by quarters.
    pub fn turn(&self, quarters: u8) {
        self.turned.store(quarters % 4, Ordering::Relaxed);
    }

    /// Quarter turns by which the display is turned.
    pub fn turned(&self) -> u8 {
        self.turned.load(Ordering::Relaxed)
    }

    /// The display as it is now.
    pub fn display(&self, profile: &Profile) -> Display {
        let set = self.overrides();
        let (width, height) = set.size.unwrap_or((profile.width, profile.height));
        let on_its_side = self.turned.load(Ordering::Relaxed) % 2 == 1;
        let (width, height) = if on_its_side { (height, width) } else { (width, height) };
        let density = set.density.unwrap_or(profile.density);
        // A device that renders nothing has no system UI either (captured, API 23).
        let upright = Display::new(width, height, density, profile.api, profile.skin, profile.renders);
        Display { turned: self.turned(), ..upright }
    }

    /// Words and forms of the system's dialogs.
    pub fn book(&self) -> &Book {
        self.book.get_or_init(Book::embedded)
    }

    /// Windows in their places, the lowest first.
    pub fn lay_out(&self, profile: &Profile, windows: &[Window]) -> Vec<Laid> {
        lay_out_all(windows, &self.display(profile), Typeface::embedded())
    }

    /// A picture of windows, the lowest first. `local_millis` is what the clock shows.
    pub fn paint(&self, profile: &Profile, windows: &[Window], local_millis: i64) -> Frame {
        let display = self.display(profile);
        let laid = self.lay_out(profile, windows);
        let mut glyphs = self.glyphs.lock().unwrap_or_else(PoisonError::into_inner);
        let glyphs = glyphs.get_or_insert_with(|| Glyphs::new(Typeface::embedded()));
        paint(&laid, &display, Typeface::embedded(), glyphs, local_millis)
    }

    /// The picture of a device that renders nothing: black.
    pub fn blank(&self, profile: &Profile) -> Frame {
        let display = self.display(profile);
        let (width, height) = (display.width as u32, display.height as u32);
        let rgba = [0, 0, 0, 255].repeat(width as usize * height as usize);
        Frame { width, height, rgba }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_change_the_display_until_they_are_taken_back() {
        let screen = Screen::default();
        let profile = Profile::new("a");
        screen.set_overrides(Overrides { size: Some((720, 1280)), density: Some(320) });
        assert_eq!((screen.display(&profile).width, screen.display(&profile).density), (720, 320));
        assert_eq!(screen.paint(&profile, &[], 0).width, 720);
        screen.set_overrides(Overrides::default());
        assert_eq!(screen.display(&profile).width, 1080);
    }

    #[test]
    fn a_blank_picture_is_of_one_colour() {
        let frame = Screen::default().blank(&Profile::new("a"));
        assert_eq!(frame.rgba.len(), 1080 * 2400 * 4);
        assert!(frame.rgba.chunks_exact(4).all(|p| p == [0, 0, 0, 255]));
    }
}
