//! Fingers and keys: what a tap or a swipe does to the device.

use super::super::machine::Machine;
use super::super::system::System;
use super::super::view::Action;
use super::dialogs;
use super::scene::Scene;
use super::touch::{self, Touched};

/// Key codes of `android.view.KeyEvent` that the navigation bar stands for.
const HOME: u32 = 3;
const BACK: u32 = 4;
const APP_SWITCH: u32 = 187;

/// From this time on a touch that does not move is a long press, in milliseconds (`ViewConfiguration`).
const LONG_PRESS: u64 = 500;

/// A touch that moves less than this does not move, in dp (`ViewConfiguration`'s touch slop).
const SLOP: f32 = 8.0;

/// A tap at a place of the screen.
pub fn tap(machine: &Machine, x: i32, y: i32) {
    touched(machine, x, y, false);
}

/// A finger that goes from one place to another within so many milliseconds. One that hardly moves is a tap or a long
/// press; one that moves up or down scrolls what is under its first place.
pub fn swipe(machine: &Machine, from: (i32, i32), to: (i32, i32), millis: u64) {
    let scene = Scene::now(machine);
    let slop = scene.display.px(SLOP);
    let (dx, dy) = (from.0.saturating_sub(to.0), from.1.saturating_sub(to.1));
    if dx.saturating_abs() <= slop && dy.saturating_abs() <= slop {
        return touched(machine, from.0, from.1, millis >= LONG_PRESS);
    }
    if !scene.lit || dy.saturating_abs() <= slop {
        return;
    }
    if from.1 < scene.display.status_bar && to.1 > from.1 {
        return machine.system().pull_shade(true);
    }
    let open = machine.system().shade_is_open();
    if open && to.1 < from.1 && touch::scrolls_at(&scene.windows, from.0, from.1).is_none_or(|(_, reach)| reach == 0) {
        return machine.system().pull_shade(false);
    }
    if let Some((window, reach)) = touch::scrolls_at(&scene.windows, from.0, from.1) {
        machine.system().scroll(window, dy, reach);
    }
}

fn touched(machine: &Machine, x: i32, y: i32, long: bool) {
    let scene = Scene::now(machine);
    if !scene.lit {
        return;
    }
    let met = touch::at(&scene.windows, &scene.display, x, y);
    let mut system = machine.system();
    match met {
        Touched::Part(action) => press(&mut system, action, long),
        Touched::Outside => {
            system.press_outside();
        }
        Touched::Back => system.key(BACK),
        Touched::Home => system.key(HOME),
        Touched::Recents => system.key(APP_SWITCH),
        Touched::Dead | Touched::Nothing => {}
    }
}

fn press(system: &mut System, action: Action, long: bool) {
    if let Some(answer) = dialogs::answer(action) {
        system.answer_prompt(answer);
    } else if let Some(answer) = dialogs::notice_answer(action) {
        system.answer_notice(answer);
    } else if long {
        system.long_press(action);
    } else {
        system.press(action);
    }
}
