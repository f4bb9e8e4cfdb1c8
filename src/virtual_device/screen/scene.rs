//! Everything on a device's screen at one moment.

use super::super::machine::Machine;
use super::super::system::System;
use super::super::view::{Layer, Window};
use super::display::Display;
use super::layout::Laid;
use super::paint::Frame;
use super::{Screen, dialogs};

/// Everything on a device's screen at one moment.
pub struct Scene {
    /// The display.
    pub display: Display,
    /// The windows in their places, the lowest first. Those of apps have the numbers they have in `System::windows`.
    pub windows: Vec<Laid>,
    /// The display is on.
    pub lit: bool,
}

/// All windows, the lowest first: those of apps, then the system's dialog that is up, then toasts. `System::windows` puts
/// toasts last, so windows of apps keep their numbers.
pub fn windows(system: &System, screen: &Screen) -> Vec<Window> {
    let mut windows = system.windows();
    let toasts = windows.iter().position(|w| w.layer == Layer::Toast).unwrap_or(windows.len());
    let dialog = match (system.notice(), system.prompt()) {
        (Some(notice), _) => Some(dialogs::notice(screen.book(), system.profile(), notice)),
        (None, Some(prompt)) => {
            let mut window = dialogs::permission(screen.book(), system.profile(), prompt);
            let drawn_by = system.controller();
            window.title = format!("{}/{}", drawn_by.package, drawn_by.class);
            window.package = drawn_by.package;
            Some(window)
        }
        (None, None) => None,
    };
    if let Some(dialog) = dialog {
        windows.insert(toasts, dialog);
    }
    windows
}

impl Scene {
    /// What is on the device's screen now.
    pub fn now(machine: &Machine) -> Self {
        let (windows, lit) = {
            let mut system = machine.system();
            system.catch_up();
            machine.screen.turn(system.rotation());
            (windows(&system, &machine.screen), system.switches().screen_on)
        };
        let windows = machine.screen.lay_out(&machine.profile, &windows);
        Self { display: machine.screen.display(&machine.profile), windows, lit }
    }

    /// The window with the input focus, the one a hierarchy dump tells of. Floating windows have it only if *back* makes
    /// them go. `None` while the display is off.
    pub fn focused(&self) -> Option<&Laid> {
        let takes_focus = |laid: &&Laid| match laid.window.layer {
            Layer::Toast => false,
            Layer::Overlay => laid.window.cancelable,
            _ => true,
        };
        self.windows.iter().rev().find(takes_focus).filter(|_| self.lit)
    }
}

/// A picture of the device's screen now: black while the display is off or a secure window is shown, and always on a
/// device that renders nothing.
pub fn frame(machine: &Machine) -> Frame {
    let (windows, lit, wall) = {
        let mut system = machine.system();
        system.catch_up();
        machine.screen.turn(system.rotation());
        (windows(&system, &machine.screen), system.switches().screen_on, system.wall())
    };
    if !lit || !machine.profile.renders {
        return machine.screen.blank(&machine.profile);
    }
    machine.screen.paint(&machine.profile, &windows, wall)
}
