//! What a finger meets at a place of the screen.

use super::super::view::{Action, Kind, Layer, View};
use super::display::Display;
use super::layout::Laid;
use super::look;

/// What is under a finger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// A part that does something.
    Part(Action),
    /// A part that takes the touch and does nothing: disabled, or without an action.
    Dead,
    /// The place beside a dialog that goes when one taps there.
    Outside,
    /// *Back* of the navigation bar.
    Back,
    /// *Home* of the navigation bar.
    Home,
    /// *Recent apps* of the navigation bar.
    Recents,
    /// Nothing that reacts.
    Nothing,
}

/// What a tap at `(x, y)` meets. `windows` stand lowest first.
pub fn at(windows: &[Laid], display: &Display, x: i32, y: i32) -> Touched {
    if !display.screen().contains(x, y) {
        return Touched::Nothing;
    }
    if y >= display.height - display.navigation_bar {
        return navigation(display, x);
    }
    for laid in windows.iter().rev() {
        let met = part(&laid.root, x, y).map_or(Touched::Nothing, reaction);
        match laid.window.layer {
            Layer::Toast => {}
            Layer::Overlay if met == Touched::Nothing => {}
            Layer::Dialog | Layer::Sheet | Layer::System if met == Touched::Nothing => {
                let outside = laid.window.cancelable && !laid.panel.contains(x, y);
                return if outside { Touched::Outside } else { Touched::Nothing };
            }
            _ => return met,
        }
    }
    Touched::Nothing
}

fn navigation(display: &Display, x: i32) -> Touched {
    if display.gestures() {
        return Touched::Nothing;
    }
    match x * 8 / display.width.max(1) {
        1 | 2 => Touched::Back,
        3 | 4 => Touched::Home,
        5 | 6 => Touched::Recents,
        _ => Touched::Nothing,
    }
}

/// The topmost view at the place that takes touches: of siblings the one drawn last, and children before parents.
fn part(view: &View, x: i32, y: i32) -> Option<&View> {
    if !view.bounds.contains(x, y) {
        return None;
    }
    let child = view.children.iter().rev().find_map(|child| part(child, x, y));
    child.or_else(|| look::is_clickable(&view.widget).then_some(view))
}

fn reaction(view: &View) -> Touched {
    match view.widget.on_tap {
        Some(action) if view.widget.state.enabled => Touched::Part(action),
        _ => Touched::Dead,
    }
}

/// The innermost thing that scrolls at a place: the number of its window, and how far it can go.
pub fn scrolls_at(windows: &[Laid], x: i32, y: i32) -> Option<(usize, i32)> {
    for (number, laid) in windows.iter().enumerate().rev() {
        if laid.window.layer == Layer::Toast {
            continue;
        }
        if let Some(reach) = innermost(&laid.root, x, y) {
            return Some((number, reach));
        }
        if laid.window.layer != Layer::Overlay || laid.root.bounds.contains(x, y) {
            return None;
        }
    }
    None
}

fn innermost(view: &View, x: i32, y: i32) -> Option<i32> {
    if !view.bounds.contains(x, y) {
        return None;
    }
    let child = view.children.iter().rev().find_map(|child| innermost(child, x, y));
    let scrolls = matches!(view.widget.kind, Kind::Scroll | Kind::Web) && view.reach > 0;
    child.or_else(|| scrolls.then_some(view.reach))
}

#[cfg(test)]
mod tests {
    use super::super::super::machine::Skin;
    use super::super::super::view::{Length, State, Style, Widget, Window};
    use super::super::font::Typeface;
    use super::super::layout::lay_out_all;
    use super::*;

    fn phone() -> Display {
        Display::new(1080, 2400, 420, 34, Skin::Samsung, true)
    }

    fn button(action: u64) -> Widget {
        Widget { kind: Kind::Button, text: "OK".into(), on_tap: Some(Action(action)), ..Widget::default() }
    }

    fn window(layer: Layer, cancelable: bool, content: Widget) -> Window {
        Window { package: "a.b".into(), title: String::new(), layer, secure: false, cancelable, content }
    }

    fn met(windows: &[Window], x: i32, y: i32) -> Touched {
        at(&lay_out_all(windows, &phone(), Typeface::embedded()), &phone(), x, y)
    }

    fn middle_of(window: &Window, words: &str) -> (i32, i32) {
        fn find<'a>(view: &'a View, words: &str) -> Option<&'a View> {
            let own = (view.widget.text == words).then_some(view);
            own.or_else(|| view.children.iter().find_map(|c| find(c, words)))
        }
        let laid = lay_out_all(std::slice::from_ref(window), &phone(), Typeface::embedded());
        find(&laid[0].root, words).unwrap().bounds.center()
    }

    #[test]
    fn the_deepest_part_is_met_and_a_disabled_one_is_dead() {
        let page = window(
            Layer::Activity,
            false,
            Widget { children: vec![button(7)], on_tap: Some(Action(1)), ..Widget::default() },
        );
        let (x, y) = middle_of(&page, "OK");
        assert_eq!(met(std::slice::from_ref(&page), x, y), Touched::Part(Action(7)));
        let dead = Widget { state: State { enabled: false, ..State::default() }, ..button(7) };
        assert_eq!(met(&[window(Layer::Activity, false, dead)], x, y), Touched::Dead);
    }

    #[test]
    fn a_dialog_keeps_touches_from_what_is_below() {
        let below = window(Layer::Activity, false, button(1));
        let (x, y) = middle_of(&below, "OK");
        let dialog = |cancelable| window(Layer::Dialog, cancelable, button(2));
        assert_eq!(met(&[below.clone(), dialog(true)], x, y), Touched::Outside);
        assert_eq!(met(&[below.clone(), dialog(false)], x, y), Touched::Nothing);
        let (dx, dy) = middle_of(&dialog(true), "OK");
        assert_eq!(met(&[below, dialog(true)], dx, dy), Touched::Part(Action(2)));
    }

    #[test]
    fn touches_go_through_toasts_and_beside_overlays() {
        let below = window(Layer::Activity, false, button(1));
        let (x, y) = middle_of(&below, "OK");
        let toast = window(Layer::Toast, false, Widget { kind: Kind::Text, text: "hello".into(), ..Widget::default() });
        let overlay = window(Layer::Overlay, false, button(3));
        assert_eq!(met(&[below, overlay, toast], x, y), Touched::Part(Action(1)));
    }

    #[test]
    fn the_navigation_bar_has_three_buttons() {
        let y = phone().height - 10;
        assert_eq!(met(&[], 270, y), Touched::Back);
        assert_eq!(met(&[], 540, y), Touched::Home);
        assert_eq!(met(&[], 810, y), Touched::Recents);
        assert_eq!(met(&[], -5, y), Touched::Nothing);
    }

    #[test]
    fn what_scrolls_under_the_finger_is_found() {
        let style = Style { width: Length::Fill, height: Length::Fill, ..Style::default() };
        let list = Widget { kind: Kind::Scroll, style, children: vec![button(1); 100], ..Widget::default() };
        let laid = lay_out_all(&[window(Layer::Activity, false, list)], &phone(), Typeface::embedded());
        let (number, reach) = scrolls_at(&laid, 500, 1000).unwrap();
        assert!(number == 0 && reach > 5000);
        assert_eq!(scrolls_at(&laid, 5000, 1000), None);
    }
}
