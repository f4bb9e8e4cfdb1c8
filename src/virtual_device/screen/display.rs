//! The display's measures and colours: pixels per dp, the bars, the accent a skin paints with.

use super::super::machine::Skin;
use super::super::view::Bounds;

/// Everything layout and painting must know of the device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Display {
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// Dots per inch.
    pub density: i32,
    /// API level.
    pub api: u32,
    /// Who drew the system.
    pub skin: Skin,
    /// Quarter turns by which it is held turned; width and height are as it is held.
    pub turned: u8,
    /// Height of the status bar in pixels; 0 without a system UI.
    pub status_bar: i32,
    /// Height of the navigation bar in pixels; 0 without a system UI.
    pub navigation_bar: i32,
}

/// Display sizes and densities that are accepted; anything else is brought into this range.
const SIDE: (u32, u32) = (64, 8192);
const DENSITY: (u32, u32) = (72, 1000);

impl Display {
    /// A display. Without a system UI there are no bars.
    pub fn new(width: u32, height: u32, density: u32, api: u32, skin: Skin, system_ui: bool) -> Self {
        let bounded = |n: u32, (low, high): (u32, u32)| n.clamp(low, high) as i32;
        let mut display = Self {
            width: bounded(width, SIDE),
            height: bounded(height, SIDE),
            density: bounded(density, DENSITY),
            api,
            skin,
            turned: 0,
            status_bar: 0,
            navigation_bar: 0,
        };
        if system_ui {
            display.status_bar = display.px(if api >= 28 { 28.0 } else { 24.0 });
            display.navigation_bar = display.px(if display.gestures() { 24.0 } else { 48.0 });
        }
        display
    }

    /// Whether the person goes back by a gesture and the navigation bar is a thin line.
    pub fn gestures(&self) -> bool {
        self.api >= 29 && matches!(self.skin, Skin::Aosp | Skin::Google | Skin::Miui | Skin::MiuiPlain)
    }

    /// Pixels of a length in dp, rounded as Android does; absurd lengths are cut to ±100,000.
    pub fn px(&self, dp: f32) -> i32 {
        let px = dp * self.density as f32 / 160.0;
        if px.is_finite() { (px.clamp(-1e5, 1e5) + if px < 0.0 { -0.5 } else { 0.5 }) as i32 } else { 0 }
    }

    /// Pixels of a text size in sp.
    pub fn text(&self, sp: f32) -> f32 {
        sp * self.density as f32 / 160.0
    }

    /// The whole screen.
    pub fn screen(&self) -> Bounds {
        Bounds::new(0, 0, self.width, self.height)
    }

    /// The screen between the bars.
    pub fn between_bars(&self) -> Bounds {
        Bounds::new(0, self.status_bar, self.width, (self.height - self.navigation_bar).max(self.status_bar))
    }

    /// The colour of buttons, switches and selected things.
    pub fn accent(&self) -> u32 {
        match self.skin {
            Skin::Aosp if self.api < 28 => 0xFF00_8577,
            Skin::Aosp | Skin::Google => 0xFF0B_57D0,
            Skin::Samsung => 0xFF03_81FE,
            Skin::Miui | Skin::MiuiPlain => 0xFF34_82FF,
            Skin::ColorOs => 0xFF2A_D181,
            Skin::OriginOs => 0xFF41_5FFF,
            Skin::Emui => 0xFF0A_59F7,
        }
    }

    /// Corner radius of dialogs, in dp.
    pub fn dialog_corner(&self) -> f32 {
        match self.skin {
            Skin::Aosp | Skin::Google if self.api < 28 => 2.0,
            Skin::Aosp | Skin::Google if self.api < 31 => 8.0,
            Skin::Aosp | Skin::Google => 28.0,
            Skin::Samsung => 26.0,
            Skin::Miui | Skin::MiuiPlain => 24.0,
            Skin::ColorOs | Skin::OriginOs => 20.0,
            Skin::Emui => 16.0,
        }
    }

    /// Whether system dialogs rise from the bottom edge.
    pub fn dialogs_at_bottom(&self) -> bool {
        !matches!(self.skin, Skin::Aosp | Skin::Google)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded_and_bounded() {
        let display = Display::new(1080, 2400, 420, 34, Skin::Google, true);
        assert_eq!(display.px(16.0), 42);
        assert_eq!(display.px(f32::NAN), 0);
        assert_eq!(display.px(1e30), 100_000);
        assert_eq!(Display::new(0, u32::MAX, 0, 34, Skin::Google, true).screen(), Bounds::new(0, 0, 64, 8192));
    }

    #[test]
    fn a_device_without_a_system_ui_has_no_bars() {
        let bare = Display::new(480, 800, 160, 23, Skin::Aosp, false);
        assert_eq!(bare.between_bars(), bare.screen());
    }
}
