use super::super::super::machine::Skin;
use super::super::super::view::{Align, Icon, Kind, Length, State, Style, Widget, Window};
use super::super::layout::lay_out_all;
use super::*;

fn phone() -> Display {
    Display::new(1080, 2400, 420, 34, Skin::Google, true)
}

fn painted(windows: &[Window], display: &Display) -> Frame {
    let typeface = Typeface::embedded();
    let laid = lay_out_all(windows, display, typeface);
    let frame = paint(&laid, display, typeface, &mut Glyphs::new(typeface), 9 * 3_600_000 + 41 * 60_000);
    keep(&frame);
    frame
}

/// Writes the picture into the folder named by `APPWITNESS_PICTURES`, for a person to look at.
fn keep(frame: &Frame) {
    let Ok(folder) = std::env::var("APPWITNESS_PICTURES") else { return };
    let name = std::thread::current().name().unwrap_or("picture").rsplit("::").next().unwrap_or_default().to_owned();
    let picture = image::RgbaImage::from_raw(frame.width, frame.height, frame.rgba.clone()).unwrap();
    picture.save(format!("{folder}/{name}-{}.png", frame.width)).unwrap();
}

fn window(layer: Layer, content: Widget) -> Window {
    Window { package: "a.b".into(), title: "a.b/a.b.Main".into(), layer, secure: false, cancelable: true, content }
}

fn widget(kind: Kind, text: &str) -> Widget {
    Widget { kind, text: text.into(), ..Widget::default() }
}

fn fill() -> Style {
    Style { width: Length::Fill, height: Length::Fill, ..Style::default() }
}

fn wide(mut widget: Widget) -> Widget {
    widget.style.width = Length::Fill;
    widget
}

/// A page with one of everything.
fn page() -> Widget {
    let icon = |icon| Widget {
        kind: Kind::Image,
        icon,
        style: Style { color: 0xFF44_4746, ..Style::default() },
        ..Widget::default()
    };
    let mut title = widget(Kind::Text, "聊天 Chat");
    title.style = Style { text_size: 20.0, weight: 1.0, margin: [16.0, 0.0, 0.0, 0.0], ..Style::default() };
    let bar = Widget {
        kind: Kind::Row,
        style: Style {
            width: Length::Fill,
            height: Length::Dp(56.0),
            padding: [16.0, 0.0, 16.0, 0.0],
            align: Align::CenterVertical,
            background: 0xFFFF_FFFF,
            elevation: 2.0,
            ..Style::default()
        },
        children: vec![icon(Icon::Back), title, icon(Icon::Search), icon(Icon::More)],
        ..Widget::default()
    };
    let mut photo = widget(Kind::Image, "");
    photo.icon = Icon::Photo;
    photo.style = Style { width: Length::Fill, height: Length::Dp(150.0), corner: 12.0, ..Style::default() };
    let mut head = widget(Kind::Text, "隐私政策更新提示");
    head.style = Style { bold: true, text_size: 18.0, margin: [0.0, 12.0, 0.0, 4.0], ..Style::default() };
    let mut body = widget(
        Kind::Text,
        "我们重视您的个人信息保护。请您阅读并同意《隐私政策》与《用户协议》，我们将按照法律法规要求采取安全保护措施。We value your privacy — it’s yours.",
    );
    body.style = Style { text_size: 14.0, color: 0xFF44_4746, ..Style::default() };
    let card = Widget {
        style: Style {
            width: Length::Fill,
            padding: [16.0; 4],
            margin: [16.0, 16.0, 16.0, 8.0],
            background: 0xFFFF_FFFF,
            corner: 16.0,
            elevation: 3.0,
            ..Style::default()
        },
        children: vec![photo, head, body],
        ..Widget::default()
    };
    let ticked = Widget {
        state: State { checked: true, ..State::default() },
        ..widget(Kind::CheckBox, "I have read the terms 我已阅读")
    };
    let radio =
        Widget { state: State { checked: true, ..State::default() }, ..widget(Kind::Radio, "Precise 确切位置") };
    let on = Widget {
        state: State { checked: true, ..State::default() },
        ..wide(widget(Kind::Switch, "个性化推荐 Recommendations"))
    };
    let off = wide(widget(Kind::Switch, "Ads 广告"));
    let mut field = widget(Kind::Field, "");
    field.hint = "手机号 Phone number".into();
    let mut typed = widget(Kind::Field, "anna@example.org");
    typed.state.focused = true;
    typed.style.margin = [0.0, 8.0, 0.0, 8.0];
    let mut outlined = widget(Kind::Button, "取消");
    outlined.style = Style { border: 0xFF74_7775, weight: 1.0, ..Style::default() };
    let mut allow = widget(Kind::Button, "同意并继续");
    allow.style = Style { weight: 1.0, margin: [12.0, 0.0, 0.0, 0.0], ..Style::default() };
    let buttons = Widget {
        kind: Kind::Row,
        style: Style { width: Length::Fill, ..Style::default() },
        children: vec![outlined, allow],
        ..Widget::default()
    };
    let mut dead = wide(widget(Kind::Button, "Disabled"));
    dead.state.enabled = false;
    let form = Widget {
        style: Style { width: Length::Fill, padding: [16.0, 8.0, 16.0, 8.0], ..Style::default() },
        children: vec![ticked, radio, on, widget(Kind::Divider, ""), off, field, typed, buttons, dead, signs()],
        ..Widget::default()
    };
    let scroll = Widget {
        kind: Kind::Scroll,
        style: Style { weight: 1.0, ..fill() },
        children: vec![card, form],
        ..Widget::default()
    };
    let mut page = Widget { style: fill(), children: vec![bar, scroll, tabs()], ..Widget::default() };
    page.style.background = 0xFFF3_F4F9;
    page
}

fn signs() -> Widget {
    use Icon::{
        Activity, Apps, Bell, Calendar, Camera, Cart, Chat, Close, Contacts, Folder, Heart, Info, Location, Menu,
    };
    use Icon::{Microphone, Nearby, Person, Phone, Play, Plus, Sensors, Settings, Shield, Sms, Star, Warning};
    let row = |icons: &[Icon]| Widget {
        kind: Kind::Row,
        children: icons
            .iter()
            .map(|icon| Widget {
                kind: Kind::Image,
                icon: *icon,
                style: Style { margin: [2.0; 4], ..Style::default() },
                ..Widget::default()
            })
            .collect(),
        ..Widget::default()
    };
    Widget {
        children: vec![
            row(&[Activity, Apps, Bell, Calendar, Camera, Cart, Chat, Close, Contacts, Folder, Heart, Info]),
            row(&[
                Microphone, Nearby, Person, Phone, Play, Plus, Sensors, Settings, Shield, Sms, Star, Warning, Location,
                Menu,
            ]),
        ],
        ..Widget::default()
    }
}

fn tabs() -> Widget {
    let tab = |icon, text: &str, selected: bool| {
        let color = if selected { 0xFF0B_57D0 } else { 0xFF5F_6368 };
        let mut label = widget(Kind::Text, text);
        label.style = Style { text_size: 12.0, color, ..Style::default() };
        let sign = Widget { kind: Kind::Image, icon, style: Style { color, ..Style::default() }, ..Widget::default() };
        Widget {
            style: Style {
                weight: 1.0,
                align: Align::CenterHorizontal,
                padding: [0.0, 8.0, 0.0, 6.0],
                ..Style::default()
            },
            children: vec![sign, label],
            ..Widget::default()
        }
    };
    Widget {
        kind: Kind::Row,
        style: Style { width: Length::Fill, background: 0xFFFF_FFFF, border: 0, ..Style::default() },
        children: vec![tab(Icon::Home, "首页", true), tab(Icon::Chat, "消息", false), tab(Icon::Person, "我的", false)],
        ..Widget::default()
    }
}

fn alert() -> Widget {
    let mut title = widget(Kind::Text, "Delete account? 注销账号");
    title.style = Style { text_size: 20.0, bold: true, ..Style::default() };
    let mut message = widget(Kind::Text, "Your data will be erased after 15 days. 您的数据将在十五日内删除。");
    message.style = Style { text_size: 15.0, margin: [0.0, 12.0, 0.0, 16.0], color: 0xFF44_4746, ..Style::default() };
    let row = Widget {
        kind: Kind::Row,
        style: Style { width: Length::Fill, align: Align::End, ..Style::default() },
        children: vec![widget(Kind::Button, "Cancel"), widget(Kind::Button, "注销")],
        ..Widget::default()
    };
    Widget {
        style: Style { padding: [24.0, 24.0, 16.0, 16.0], ..Style::default() },
        children: vec![title, message, row],
        ..Widget::default()
    }
}

/// How many pixels of the row-by-row part of a picture differ from its first.
fn inked(frame: &Frame, rows: std::ops::Range<u32>) -> usize {
    let stride = frame.width as usize * 4;
    let part = &frame.rgba[rows.start as usize * stride..rows.end as usize * stride];
    part.chunks_exact(4).filter(|p| *p != &part[..4]).count()
}

#[test]
fn a_page_shows_bars_words_and_controls() {
    let frame = painted(&[window(Layer::Activity, page())], &phone());
    assert_eq!(frame.rgba.len(), 1080 * 2400 * 4);
    assert!(frame.rgba.chunks_exact(4).all(|p| p[3] == 255));
    assert!(inked(&frame, 0..phone().status_bar as u32) > 500, "the status bar is empty");
    assert!(inked(&frame, 300..1200) > 50_000);
}

#[test]
fn a_dialog_darkens_what_is_below_and_stays_bright() {
    let below = window(Layer::Activity, page());
    let bright = painted(std::slice::from_ref(&below), &phone());
    let toast = window(
        Layer::Toast,
        Widget {
            style: Style { padding: [20.0, 12.0, 20.0, 12.0], color: 0xFFFF_FFFF, text_size: 14.0, ..Style::default() },
            ..widget(Kind::Text, "已复制 Copied")
        },
    );
    let frame = painted(&[below, window(Layer::Dialog, alert()), toast], &phone());
    let at = |frame: &Frame, x: usize, y: usize| frame.rgba[(y * 1080 + x) * 4];
    assert!(at(&frame, 20, 1500) < at(&bright, 20, 1500));
    assert_eq!(at(&frame, 540, 1080), 255, "the panel is white");
}

#[test]
fn a_secure_window_makes_the_whole_picture_black() {
    let mut secure = window(Layer::Activity, page());
    secure.secure = true;
    let frame = painted(&[secure], &phone());
    assert!(frame.rgba.chunks_exact(4).all(|p| p == [0, 0, 0, 255]));
}

#[test]
fn the_same_windows_give_the_same_pixels() {
    let windows = [window(Layer::Activity, page()), window(Layer::Sheet, alert())];
    assert_eq!(painted(&windows, &phone()), painted(&windows, &phone()));
}

#[test]
fn an_old_phone_is_drawn_too() {
    let old = Display::new(480, 800, 160, 23, Skin::Aosp, true);
    let frame = painted(&[window(Layer::Activity, page()), window(Layer::Dialog, alert())], &old);
    assert!(inked(&frame, 0..800) > 20_000);
}

#[test]
fn without_windows_the_wallpaper_is_seen() {
    let frame = painted(&[], &phone());
    assert_ne!(frame.rgba[..4], [0, 0, 0, 255]);
}
