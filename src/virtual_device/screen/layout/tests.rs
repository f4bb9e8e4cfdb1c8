use proptest::prelude::*;

use super::super::super::machine::Skin;
use super::super::super::view::{Align, Bounds, Kind, Layer, Length, State, Style, View, Widget, Window};
use super::super::display::Display;
use super::super::font::Typeface;
use super::*;

fn phone() -> Display {
    Display::new(1080, 2400, 420, 34, Skin::Google, true)
}

fn window(layer: Layer, content: Widget) -> Window {
    Window { package: "a.b".into(), title: "a.b/a.b.Main".into(), layer, secure: false, cancelable: true, content }
}

fn text(words: &str) -> Widget {
    Widget { kind: Kind::Text, text: words.into(), ..Widget::default() }
}

fn button(words: &str) -> Widget {
    Widget { kind: Kind::Button, text: words.into(), ..Widget::default() }
}

fn laid(layer: Layer, content: Widget) -> Laid {
    lay_out(&window(layer, content), &phone(), Typeface::embedded())
}

fn find<'a>(view: &'a View, words: &str) -> Option<&'a View> {
    if view.widget.text == words {
        return Some(view);
    }
    view.children.iter().find_map(|child| find(child, words))
}

#[test]
fn an_activity_fills_the_screen_and_its_content_stands_between_the_bars() {
    let laid = laid(Layer::Activity, text("hello"));
    assert_eq!(laid.root.bounds, Bounds::new(0, 0, 1080, 2400));
    let hello = find(&laid.root, "hello").unwrap();
    assert_eq!((hello.bounds.left, hello.bounds.top), (0, phone().status_bar));
}

#[test]
fn a_dialog_is_as_high_as_its_content_and_centred() {
    let content = Widget { children: vec![text("Delete?"), button("OK")], ..Widget::default() };
    let laid = laid(Layer::Dialog, content);
    let (x, y) = laid.root.bounds.center();
    let (cx, cy) = phone().between_bars().center();
    assert!((x - cx).abs() <= 1 && (y - cy).abs() <= 1, "{:?}", laid.root.bounds);
    assert!(laid.root.bounds.height() < 500);
    assert!(laid.root.bounds.encloses(laid.panel));
}

#[test]
fn a_sheet_stands_on_the_navigation_bar_over_the_whole_width() {
    let laid = laid(Layer::Sheet, text("Share"));
    assert_eq!((laid.root.bounds.left, laid.root.bounds.right), (0, 1080));
    assert_eq!(laid.root.bounds.bottom, phone().between_bars().bottom);
}

#[test]
fn weights_share_what_is_left_and_wrapping_text_pushes_what_follows_down() {
    let fill = Style { width: Length::Fill, height: Length::Fill, ..Style::default() };
    let spacer = Widget { kind: Kind::Spacer, ..Widget::default() };
    let column = Widget { style: fill, children: vec![text("top"), spacer, text("bottom")], ..Widget::default() };
    let laid = laid(Layer::Activity, column);
    assert_eq!(find(&laid.root, "bottom").unwrap().bounds.bottom, phone().between_bars().bottom);

    let long = "长".repeat(200);
    let column = Widget { children: vec![text(&long), text("after")], ..Widget::default() };
    let laid = lay_out(&window(Layer::Activity, column), &phone(), Typeface::embedded());
    let lines = 200 * 42 / 1080 + 1;
    assert!(find(&laid.root, "after").unwrap().bounds.top > lines * 42);
}

#[test]
fn scrolled_away_children_are_not_in_the_tree_and_the_reach_is_known() {
    let rows: Vec<Widget> = (0..200).map(|n| text(&format!("row {n}"))).collect();
    let fill = Style { width: Length::Fill, height: Length::Fill, ..Style::default() };
    let mut list = Widget { kind: Kind::Scroll, style: fill, children: rows, ..Widget::default() };
    let top = laid(Layer::Activity, list.clone());
    assert!(find(&top.root, "row 0").is_some() && find(&top.root, "row 199").is_none());
    list.state.scroll = i32::MAX;
    let end = laid(Layer::Activity, list);
    assert!(find(&end.root, "row 0").is_none());
    assert_eq!(find(&end.root, "row 199").unwrap().bounds.bottom, phone().between_bars().bottom);
}

#[test]
fn a_frame_puts_children_where_their_offset_or_alignment_says() {
    let fill = Style { width: Length::Fill, height: Length::Fill, ..Style::default() };
    let mut close = text("x");
    close.style.offset = Some((100.0, 50.0));
    let mut corner = text("end");
    corner.style.align = Align::End;
    let frame = Widget { kind: Kind::Frame, style: fill, children: vec![close, corner], ..Widget::default() };
    let laid = laid(Layer::Activity, frame);
    let close = find(&laid.root, "x").unwrap().bounds;
    assert_eq!((close.left, close.top), (phone().px(100.0), phone().status_bar + phone().px(50.0)));
    assert_eq!(find(&laid.root, "end").unwrap().bounds.right, 1080);
}

#[test]
fn deep_and_numerous_widgets_are_cut_not_crashed_on() {
    let mut deep = text("bottom");
    for _ in 0..400 {
        deep = Widget { children: vec![deep], ..Widget::default() };
    }
    assert!(find(&laid(Layer::Activity, deep).root, "bottom").is_none());
    let many = Widget { children: vec![text("x"); 3 * MOST_WIDGETS], ..Widget::default() };
    laid(Layer::Activity, many);
}

fn length() -> impl Strategy<Value = Length> {
    prop_oneof![
        Just(Length::Wrap),
        Just(Length::Fill),
        any::<f32>().prop_map(Length::Dp),
        (0.0f32..500.0).prop_map(Length::Dp)
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    use Kind::{Button, CheckBox, Column, Divider, Field, Frame, Image, Radio, Row, Scroll, Spacer, Switch, Text, Web};
    prop::sample::select(vec![
        Column, Row, Frame, Scroll, Text, Button, Image, Field, CheckBox, Switch, Radio, Spacer, Divider, Web,
    ])
}

fn align() -> impl Strategy<Value = Align> {
    use Align::{Bottom, Center, CenterHorizontal, CenterVertical, End, Start};
    prop::sample::select(vec![Start, Center, CenterHorizontal, CenterVertical, End, Bottom])
}

fn style() -> impl Strategy<Value = Style> {
    let size = (length(), length(), prop_oneof![Just(0.0f32), any::<f32>(), 0.0f32..4.0]);
    let space = (
        prop::array::uniform4(prop_oneof![Just(0.0f32), -20.0f32..60.0, any::<f32>()]),
        prop::array::uniform4(-10.0f32..40.0),
    );
    (size, space, align(), prop::option::of((any::<f32>(), -100.0f32..900.0)), prop_oneof![Just(0.0f32), any::<f32>()])
        .prop_map(|((width, height, weight), (padding, margin), align, offset, text_size)| Style {
            width,
            height,
            weight,
            padding,
            margin,
            align,
            offset,
            text_size,
            ..Style::default()
        })
}

fn widget() -> impl Strategy<Value = Widget> {
    let leaf = (kind(), ".{0,40}", style(), any::<i32>()).prop_map(|(kind, text, style, scroll)| Widget {
        kind,
        text,
        style,
        state: State { scroll, ..State::default() },
        ..Widget::default()
    });
    leaf.prop_recursive(5, 40, 5, |inner| {
        (kind(), style(), any::<i32>(), prop::collection::vec(inner, 0..5)).prop_map(
            |(kind, style, scroll, children)| Widget {
                kind,
                style,
                children,
                state: State { scroll, ..State::default() },
                ..Widget::default()
            },
        )
    })
}

fn inside(view: &View) -> Result<(), TestCaseError> {
    for child in &view.children {
        prop_assert!(view.bounds.encloses(child.bounds), "{:?} holds {:?}", view.bounds, child.bounds);
        prop_assert!(!child.bounds.is_empty());
        inside(child)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn children_stay_inside_their_parents_whatever_is_asked_for(content in widget()) {
        for layer in [Layer::Activity, Layer::Dialog, Layer::Sheet, Layer::Overlay, Layer::System, Layer::Toast] {
            let laid = laid(layer, content.clone());
            prop_assert!(phone().screen().encloses(laid.root.bounds) || laid.root.bounds.is_empty());
            inside(&laid.root)?;
        }
    }
}
