//! What each kind of widget looks like when its style says nothing: class, text size, least size, inside spacing.

use super::super::view::{Kind, Widget};
use super::display::Display;
use super::font::Face;

/// The Java class a widget reports.
pub fn class(widget: &Widget) -> &str {
    if !widget.class.is_empty() {
        return &widget.class;
    }
    match widget.kind {
        Kind::Column | Kind::Row => "android.widget.LinearLayout",
        Kind::Frame => "android.widget.FrameLayout",
        Kind::Scroll => "android.widget.ScrollView",
        Kind::Text => "android.widget.TextView",
        Kind::Button => "android.widget.Button",
        Kind::Image => "android.widget.ImageView",
        Kind::Field => "android.widget.EditText",
        Kind::CheckBox => "android.widget.CheckBox",
        Kind::Switch => "android.widget.Switch",
        Kind::Radio => "android.widget.RadioButton",
        Kind::Spacer | Kind::Divider => "android.view.View",
        Kind::Web => "android.webkit.WebView",
    }
}

/// Size and weight of a widget's words.
pub fn face(widget: &Widget, display: &Display) -> Face {
    let usual = match widget.kind {
        Kind::Button | Kind::CheckBox | Kind::Radio | Kind::Switch => 14.0,
        Kind::Field | Kind::Text => 16.0,
        _ => 12.0,
    };
    let sp = if widget.style.text_size > 0.0 { widget.style.text_size } else { usual };
    Face::new(display.text(sp), widget.style.bold || widget.kind == Kind::Button)
}

/// Whether the widget shows words and can't hold anything.
pub fn is_leaf(kind: Kind) -> bool {
    !matches!(kind, Kind::Column | Kind::Row | Kind::Frame | Kind::Scroll | Kind::Web)
}

/// Whether the widget takes part in the hierarchy dump.
pub fn is_dumped(widget: &Widget) -> bool {
    widget.state.dumped && widget.kind != Kind::Spacer
}

/// Whether the widget can be ticked.
pub fn is_checkable(kind: Kind) -> bool {
    matches!(kind, Kind::CheckBox | Kind::Switch | Kind::Radio)
}

/// Whether a tap on the widget does something of its own.
pub fn is_clickable(widget: &Widget) -> bool {
    widget.on_tap.is_some() || matches!(widget.kind, Kind::Button | Kind::Field) || is_checkable(widget.kind)
}

/// Inside spacing in pixels: the style's, or the usual one of the kind when the style has none.
pub fn padding(widget: &Widget, display: &Display) -> [i32; 4] {
    let styled = widget.style.padding;
    let dp = if styled != [0.0; 4] {
        styled
    } else {
        match widget.kind {
            Kind::Button => [16.0, 6.0, 16.0, 6.0],
            Kind::Field => [16.0, 12.0, 16.0, 12.0],
            _ => styled,
        }
    };
    dp.map(|edge| display.px(edge).max(0))
}

/// Least width and height in pixels, before the style's own size.
pub fn least(widget: &Widget, display: &Display) -> (i32, i32) {
    let (width, height) = match widget.kind {
        Kind::Button => (64.0, 48.0),
        Kind::Field => (0.0, 48.0),
        Kind::CheckBox | Kind::Radio | Kind::Switch => (0.0, 32.0),
        Kind::Image => (24.0, 24.0),
        _ => (0.0, 0.0),
    };
    (display.px(width), display.px(height))
}

/// Room in pixels a leaf keeps for what is not words, left and right: the box of a check box, the track of a switch,
/// a button's sign.
pub fn reserve(widget: &Widget, display: &Display) -> (i32, i32) {
    use super::super::view::Icon;
    match widget.kind {
        Kind::CheckBox | Kind::Radio => (display.px(32.0), 0),
        Kind::Switch => (0, display.px(60.0)),
        Kind::Button if widget.icon != Icon::None => (display.px(26.0), 0),
        _ => (0, 0),
    }
}

/// The words a leaf shows: a picture's caption, a hidden password, the hint of an empty field.
pub fn words(widget: &Widget) -> std::borrow::Cow<'_, str> {
    if widget.kind == Kind::Field && widget.text.is_empty() {
        return widget.hint.as_str().into();
    }
    if widget.state.password {
        return "•".repeat(widget.text.chars().count().min(64)).into();
    }
    widget.text.as_str().into()
}
