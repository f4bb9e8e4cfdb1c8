//! The view tree of a window as `uiautomator dump` writes it (AOSP `AccessibilityNodeInfoDumper`).

use std::fmt::Write;

use super::super::machine::Skin;
use super::super::view::{Bounds, Kind, View};
use super::display::Display;
use super::layout::Laid;
use super::look;

/// Classes whose nodes are never marked `NAF` (AOSP).
const NOT_NAF: [&str; 4] =
    ["android.widget.GridView", "android.widget.GridLayout", "android.widget.ListView", "android.widget.TableLayout"];

/// The whole document for one window. `compressed` leaves out what is not important to a screen reader.
pub fn document(laid: &Laid, display: &Display, compressed: bool) -> String {
    let mut out = String::from("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">");
    let writer = Writer { package: &laid.window.package, newer: has_hint(display), compressed };
    writer.node(&mut out, &laid.root, 0, 0);
    out.push_str("</hierarchy>");
    out
}

/// Whether nodes have `drawing-order` and `hint`.
/// MODEL: seen on recent Google images, not on Samsung's (API 33); taken to begin with 34.
fn has_hint(display: &Display) -> bool {
    display.api >= 34 && display.skin != Skin::Samsung
}

struct Writer<'a> {
    package: &'a str,
    newer: bool,
    compressed: bool,
}

impl Writer<'_> {
    fn node(&self, out: &mut String, view: &View, index: u32, order: u32) {
        if !look::is_dumped(&view.widget) || view.bounds.is_empty() {
            return;
        }
        out.push_str("<node ");
        if naf(view) {
            out.push_str("NAF=\"true\" ");
        }
        self.attributes(out, view, index, order);
        let mut children = Vec::new();
        self.children(view, &mut children);
        if children.is_empty() {
            out.push_str(" />");
            return;
        }
        out.push('>');
        for (position, child) in children.into_iter().enumerate() {
            let index = if self.compressed { position as u32 } else { child.index };
            self.node(out, child, index, child.index + 1);
        }
        out.push_str("</node>");
    }

    /// The views written directly below a view: its own, or in place of an unimportant one those it holds.
    fn children<'v>(&self, view: &'v View, into: &mut Vec<&'v View>) {
        for child in view.children.iter().filter(|c| look::is_dumped(&c.widget)) {
            if self.compressed && !is_important(child) {
                self.children(child, into);
            } else {
                into.push(child);
            }
        }
    }

    fn attributes(&self, out: &mut String, view: &View, index: u32, order: u32) {
        let widget = &view.widget;
        let text = look::words(widget);
        let text = if widget.kind == Kind::Image { "" } else { &text };
        let clickable = look::is_clickable(widget);
        let focusable = clickable || view.reach > 0 || look::class(widget).ends_with("ScrollView") && self.newer;
        let _ = write!(out, "index=\"{index}\"");
        let words = [
            ("text", text),
            ("resource-id", &widget.id),
            ("class", look::class(widget)),
            ("package", self.package),
            ("content-desc", &widget.desc),
        ];
        for (name, value) in words {
            let _ = write!(out, " {name}=\"");
            escape(out, value);
            out.push('"');
        }
        let flags = [
            ("checkable", look::is_checkable(widget.kind)),
            ("checked", widget.state.checked),
            ("clickable", clickable),
            ("enabled", widget.state.enabled),
            ("focusable", focusable),
            ("focused", widget.state.focused),
            ("scrollable", view.reach > 0),
            ("long-clickable", widget.state.long_clickable || widget.kind == Kind::Field),
            ("password", widget.state.password),
            ("selected", widget.state.selected),
        ];
        for (name, on) in flags {
            let _ = write!(out, " {name}=\"{on}\"");
        }
        let Bounds { left, top, right, bottom } = view.bounds;
        let _ = write!(out, " bounds=\"[{left},{top}][{right},{bottom}]\"");
        if self.newer {
            let _ = write!(out, " drawing-order=\"{order}\" hint=\"");
            escape(out, &widget.hint);
            out.push('"');
        }
    }
}

/// What a screen reader is told of: everything but layouts that only arrange.
fn is_important(view: &View) -> bool {
    !matches!(view.widget.kind, Kind::Column | Kind::Row | Kind::Frame | Kind::Scroll)
        || look::is_clickable(&view.widget)
        || view.reach > 0
        || !view.widget.desc.is_empty()
}

/// "Not accessibility friendly": can be tapped, and neither it nor anything in it has words.
fn naf(view: &View) -> bool {
    let widget = &view.widget;
    look::is_clickable(widget) && widget.state.enabled && !NOT_NAF.contains(&look::class(widget)) && !has_words(view)
}

fn has_words(view: &View) -> bool {
    let shown = view.widget.kind != Kind::Image && !look::words(&view.widget).is_empty();
    shown || !view.widget.desc.is_empty() || view.children.iter().any(has_words)
}

/// Writes an attribute's value as Android's serialiser does; characters XML can't hold become full stops.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{fdd0}'..='\u{fddf}'
            | '\u{fffe}'
            | '\u{ffff}' => out.push('.'),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::view::{Layer, State, Widget, Window};
    use super::super::font::Typeface;
    use super::super::layout::lay_out;
    use super::*;
    use proptest::prelude::*;

    fn dumped(content: Widget, api: u32, compressed: bool) -> String {
        let display = Display::new(1080, 2400, 420, api, Skin::Google, true);
        let window = Window {
            package: "a.b".into(),
            title: String::new(),
            layer: Layer::System,
            secure: false,
            cancelable: false,
            content,
        };
        document(&lay_out(&window, &display, Typeface::embedded()), &display, compressed)
    }

    fn widget(kind: Kind, text: &str) -> Widget {
        Widget { kind, text: text.into(), ..Widget::default() }
    }

    #[test]
    fn attributes_stand_in_the_order_of_android() {
        let xml = dumped(widget(Kind::Button, "a<\"&\nb"), 28, false);
        assert!(xml.starts_with("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\"><node index=\"0\" text=\"a&lt;&quot;&amp;&#10;b\" resource-id=\"\" class=\"android.widget.Button\" package=\"a.b\" content-desc=\"\" checkable=\"false\" checked=\"false\" clickable=\"true\" enabled=\"true\" focusable=\"true\" focused=\"false\" scrollable=\"false\" long-clickable=\"false\" password=\"false\" selected=\"false\" bounds=\"["), "{xml}");
        assert!(xml.ends_with("]\" /></hierarchy>"), "{xml}");
        assert!(dumped(widget(Kind::Text, "x"), 34, false).contains("]\" drawing-order=\"0\" hint=\"\" />"));
    }

    #[test]
    fn a_button_without_words_is_marked_and_hidden_views_are_left_out() {
        assert!(dumped(widget(Kind::Button, ""), 28, false).contains("<node NAF=\"true\" index="));
        let hidden = Widget { state: State { dumped: false, ..State::default() }, ..widget(Kind::Text, "secret") };
        let both = Widget { children: vec![hidden, widget(Kind::Text, "seen")], ..Widget::default() };
        let xml = dumped(both, 28, false);
        assert!(!xml.contains("secret") && xml.contains("index=\"0\" text=\"seen\""), "{xml}");
    }

    #[test]
    fn compressed_leaves_layouts_out_and_keeps_what_they_hold() {
        let inner = Widget { children: vec![widget(Kind::Text, "deep")], ..Widget::default() };
        let xml = dumped(Widget { children: vec![inner], ..Widget::default() }, 28, true);
        assert_eq!(xml.matches("<node").count(), 2, "{xml}");
        assert!(xml.contains("deep"));
    }

    #[test]
    fn a_password_is_not_told() {
        let field = Widget { state: State { password: true, ..State::default() }, ..widget(Kind::Field, "geheim") };
        let xml = dumped(field, 34, false);
        assert!(!xml.contains("geheim") && xml.contains("••••••") && xml.contains("password=\"true\""), "{xml}");
    }

    proptest! {
        #[test]
        fn any_text_gives_well_formed_xml(text in any::<String>(), hint in any::<String>()) {
            let content = Widget { hint, desc: text.clone(), ..widget(Kind::Text, &text) };
            let xml = dumped(content, 34, false);
            prop_assert!(roxmltree::Document::parse(&xml).is_ok(), "{xml}");
        }
    }
}
