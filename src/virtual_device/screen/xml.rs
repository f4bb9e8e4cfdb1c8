//! The view tree of a window as `uiautomator dump` writes it (AOSP `AccessibilityNodeInfoDumper`), and as the jar of
//! PyPI's uiautomator2 does (captured on API 23; its attributes on newer releases are read from its code).

use std::fmt::Write;

use super::super::machine::Skin;
use super::super::view::{Bounds, View};
use super::display::Display;
use super::layout::Laid;
use super::look;
use super::node::{Node, is_important, is_told};

const PROLOG: &str = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>";

/// The whole document for one window. `compressed` leaves out what is not important to a screen reader.
pub fn document(laid: &Laid, display: &Display, compressed: bool) -> String {
    let turned = display.turned;
    let mut out = format!("{PROLOG}<hierarchy rotation=\"{turned}\">");
    let newer = has_hint(display);
    let attributes = Attributes { visible: false, order: newer, hint: newer, display: false };
    let form = Form { newer, attributes, compressed, indented: false, depth: usize::MAX };
    Writer { package: &laid.window.package, form }.node(&mut out, &laid.root, 0, 0, 0);
    out.push_str("</hierarchy>");
    out
}

/// The same windows as the jar writes them: indented, lines ended by CR LF, views nested deeper than `depth` left out.
pub fn indented(windows: &[&Laid], display: &Display, compressed: bool, depth: usize) -> String {
    if windows.is_empty() {
        return format!("{PROLOG}\r\n<hierarchy rotation=\"0\" />");
    }
    let mut out = format!("{PROLOG}\r\n<hierarchy rotation=\"0\">");
    let api = display.api;
    let attributes = Attributes { visible: true, order: api >= 24, hint: api >= 26, display: api >= 30 };
    let form = Form { newer: has_hint(display), attributes, compressed, indented: true, depth };
    for laid in windows {
        Writer { package: &laid.window.package, form }.node(&mut out, &laid.root, 0, 0, 0);
    }
    out.push_str("\r\n</hierarchy>");
    out
}

/// Whether nodes have `drawing-order` and `hint`.
/// MODEL: seen on recent Google images, not on Samsung's (API 33); taken to begin with 34.
fn has_hint(display: &Display) -> bool {
    display.api >= 34 && display.skin != Skin::Samsung
}

/// Attributes that not every writer has.
#[derive(Clone, Copy)]
struct Attributes {
    visible: bool,
    order: bool,
    hint: bool,
    display: bool,
}

/// How a document is written.
#[derive(Clone, Copy)]
struct Form {
    newer: bool,
    attributes: Attributes,
    compressed: bool,
    indented: bool,
    depth: usize,
}

struct Writer<'a> {
    package: &'a str,
    form: Form,
}

impl Writer<'_> {
    fn node(&self, out: &mut String, view: &View, index: u32, order: u32, depth: usize) {
        if !is_told(view) {
            return;
        }
        self.line(out, depth);
        out.push_str("<node ");
        self.attributes(out, view, index, order);
        let mut children = Vec::new();
        if depth < self.form.depth {
            self.children(view, &mut children);
        }
        if children.is_empty() {
            out.push_str(" />");
            return;
        }
        out.push('>');
        for (position, child) in children.into_iter().enumerate() {
            let index = if self.form.compressed { position as u32 } else { child.index };
            self.node(out, child, index, child.index + 1, depth + 1);
        }
        self.line(out, depth);
        out.push_str("</node>");
    }

    fn line(&self, out: &mut String, depth: usize) {
        if self.form.indented {
            let _ = write!(out, "\r\n{:width$}", "", width = 2 * (depth + 1));
        }
    }

    /// The views written directly below a view: its own, or in place of an unimportant one those it holds.
    fn children<'v>(&self, view: &'v View, into: &mut Vec<&'v View>) {
        for child in view.children.iter().filter(|c| look::is_dumped(&c.widget)) {
            if self.form.compressed && !is_important(child) {
                self.children(child, into);
            } else {
                into.push(child);
            }
        }
    }

    fn attributes(&self, out: &mut String, view: &View, index: u32, order: u32) {
        let node = Node::of(view, self.package, self.form.newer);
        if node.naf() {
            out.push_str("NAF=\"true\" ");
        }
        let widget = &view.widget;
        let _ = write!(out, "index=\"{index}\"");
        let words = [
            ("text", &*node.text),
            ("resource-id", &widget.id),
            ("class", node.class),
            ("package", self.package),
            ("content-desc", &widget.desc),
        ];
        for (name, value) in words {
            let _ = write!(out, " {name}=\"");
            escape(out, value);
            out.push('"');
        }
        let flags = [
            ("checkable", node.checkable()),
            ("checked", widget.state.checked),
            ("clickable", node.clickable),
            ("enabled", widget.state.enabled),
            ("focusable", node.focusable),
            ("focused", widget.state.focused),
            ("scrollable", node.scrollable()),
            ("long-clickable", node.long_clickable()),
            ("password", widget.state.password),
            ("selected", widget.state.selected),
        ];
        for (name, on) in flags {
            let _ = write!(out, " {name}=\"{on}\"");
        }
        let extra = self.form.attributes;
        if extra.visible {
            out.push_str(" visible-to-user=\"true\"");
        }
        let Bounds { left, top, right, bottom } = view.bounds;
        let _ = write!(out, " bounds=\"[{left},{top}][{right},{bottom}]\"");
        if extra.order {
            let _ = write!(out, " drawing-order=\"{order}\"");
        }
        if extra.hint {
            out.push_str(" hint=\"");
            escape(out, &widget.hint);
            out.push('"');
        }
        if extra.display {
            out.push_str(" display-id=\"0\"");
        }
    }
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
    use super::super::super::view::{Kind, Layer, State, Widget, Window};
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
