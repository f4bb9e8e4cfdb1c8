use std::io::Write as _;
use std::path::PathBuf;

use super::super::super::machine::Skin;
use super::super::super::system::{Answer, NoticeAnswer, NoticeKind};
use super::super::super::view::View;
use super::super::display::Display;
use super::super::font::Typeface;
use super::super::layout::{Laid, lay_out};
use super::super::xml;
use super::*;

fn prompt(group: Group) -> PromptState {
    PromptState {
        package: "test.perm".into(),
        label: "PermTest".into(),
        group,
        permissions: Vec::new(),
        page: 1,
        pages: 1,
        second_request: false,
        do_not_ask_ticked: false,
        precise_offered: false,
        precise_chosen: false,
        precise_upgrade: false,
        background: false,
        target_sdk: 33,
    }
}

fn profile(api: u32, skin: Skin) -> Profile {
    let mut profile = Profile::parse(&format!("api={api}")).unwrap();
    profile.skin = skin;
    profile
}

fn display(profile: &Profile, system_ui: bool) -> Display {
    Display::new(profile.width, profile.height, profile.density, profile.api, profile.skin, system_ui)
}

fn laid(profile: &Profile, window: &Window) -> Laid {
    lay_out(window, &display(profile, profile.api > 23), Typeface::embedded())
}

/// A node as far as its shape goes: depth, index, class, id, text, what it can do.
type Shape = (usize, String, String, String, String, String, String);

fn shapes(xml: &str) -> Vec<Shape> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let get = |n: roxmltree::Node<'_, '_>, name: &str| n.attribute(name).unwrap_or_default().to_owned();
    let nodes = document.descendants().filter(|n| n.has_tag_name("node"));
    nodes
        .map(|n| {
            let can = ["checkable", "checked", "clickable", "enabled"].map(|name| get(n, name)).join(" ");
            (
                n.ancestors().count(),
                get(n, "index"),
                get(n, "class"),
                get(n, "resource-id"),
                get(n, "text"),
                can,
                get(n, "package"),
            )
        })
        .collect()
}

fn fixture(name: &str) -> Option<String> {
    let folder = std::env::var_os("APPWITNESS_FIXTURES")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/fixtures")), PathBuf::from);
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        // Past the test's own output, which is shown of failing tests only.
        writeln!(std::io::stderr(), "skipped: no fixtures at {}", path.display()).unwrap();
    }
    text
}

#[track_caller]
fn same_shape(profile: &Profile, window: &Window, capture: &str) {
    let Some(captured) = fixture(capture) else { return };
    let drawn = xml::document(&laid(profile, window), &display(profile, profile.api > 23), false);
    assert_eq!(shapes(&drawn), shapes(&captured), "{capture}");
}

#[test]
fn api_23_is_drawn_as_captured() {
    let book = Book::embedded();
    let profile = profile(23, Skin::Aosp);
    let mut state = PromptState { pages: 3, ..prompt(Group::Camera) };
    let folder = "android-6.0.1-api23/hierarchy";
    same_shape(&profile, &permission(&book, &profile, &state), &format!("{folder}/permission-first-1-of-3.xml"));
    (state.group, state.page) = (Group::Contacts, 2);
    same_shape(&profile, &permission(&book, &profile, &state), &format!("{folder}/permission-first-2-of-3.xml"));
    (state.group, state.page) = (Group::Location, 3);
    same_shape(&profile, &permission(&book, &profile, &state), &format!("{folder}/permission-first-3-of-3.xml"));
    (state.group, state.page, state.second_request) = (Group::Camera, 1, true);
    same_shape(
        &profile,
        &permission(&book, &profile, &state),
        &format!("{folder}/permission-second-never-ask-again.xml"),
    );
    state.do_not_ask_ticked = true;
    same_shape(
        &profile,
        &permission(&book, &profile, &state),
        &format!("{folder}/permission-second-box-ticked-allow-disabled.xml"),
    );
}

#[test]
fn api_23_stands_nearly_where_captured() {
    let profile = profile(23, Skin::Aosp);
    let state = PromptState { pages: 3, ..prompt(Group::Camera) };
    let laid = laid(&profile, &permission(&Book::embedded(), &profile, &state));
    let b = laid.root.bounds;
    assert_eq!((b.left, b.right), (80, 400));
    assert!((b.top - 298).abs() <= 16 && (b.bottom - 502).abs() <= 16, "{b:?}");
}

#[test]
fn samsung_and_google_are_drawn_as_captured() {
    let book = Book::embedded();
    let samsung = profile(33, Skin::Samsung);
    for (group, file) in [
        (Group::Camera, "camera-api31plus"),
        (Group::NearbyDevices, "nearby-devices-api31plus"),
        (Group::Notifications, "notifications-api33plus"),
    ] {
        let state = PromptState { label: "buccancs".into(), ..prompt(group) };
        same_shape(
            &samsung,
            &permission(&book, &samsung, &state),
            &format!("permission-dialog/samsung-oneui-{file}.xml"),
        );
    }
    let mut state = PromptState {
        label: "buccancs".into(),
        precise_offered: true,
        precise_chosen: true,
        ..prompt(Group::Location)
    };
    same_shape(
        &samsung,
        &permission(&book, &samsung, &state),
        "permission-dialog/samsung-oneui-location-precise-approx-api31plus.xml",
    );
    let google = profile(34, Skin::Google);
    state.label = "VSP".into();
    same_shape(
        &google,
        &permission(&book, &google, &state),
        "permission-dialog/pixel-emulator-location-precise-approx-drawing-order.xml",
    );
}

#[test]
fn crash_and_anr_are_drawn_as_captured() {
    let book = Book::embedded();
    let told = |kind, label: &str, repeated| Notice { kind, package: "x".into(), label: label.into(), repeated };
    let old = profile(23, Skin::Aosp);
    same_shape(
        &old,
        &notice(&book, &old, &told(NoticeKind::Anr, "API Demos", false)),
        "android-6.0.1-api23/hierarchy/anr-dialog.xml",
    );
    let new = profile(34, Skin::Google);
    same_shape(
        &new,
        &notice(&book, &new, &told(NoticeKind::Anr, "Process system", false)),
        "system-dialog/emulator-anr-system-320px.xml",
    );
    let samsung = profile(33, Skin::Samsung);
    same_shape(
        &samsung,
        &notice(&book, &samsung, &told(NoticeKind::Crash, "buccancs", true)),
        "system-dialog/samsung-oneui-crash-keeps-stopping.xml",
    );
}

fn answers(view: &View, into: &mut Vec<(String, Answer)>) {
    if let Some(answer) = view.widget.on_tap.and_then(answer) {
        into.push((view.widget.id.rsplit('/').next().unwrap_or_default().to_owned(), answer));
    }
    view.children.iter().for_each(|child| answers(child, into));
}

fn offered(book: &Book, api: u32, skin: Skin, state: &PromptState) -> Vec<Answer> {
    let profile = profile(api, skin);
    let mut found = Vec::new();
    answers(&laid(&profile, &permission(book, &profile, state)).root, &mut found);
    found.into_iter().map(|(_, answer)| answer).collect()
}

#[test]
fn every_dialog_offers_a_refusal_that_can_be_reached() {
    use Group::{ActivityRecognition, Calendar, CallLog, Camera, Contacts, Location, Microphone, NearbyDevices};
    use Group::{Notifications, Phone, ReadMediaAural, ReadMediaVisual, Sensors, Sms, Storage};
    let groups = [
        ActivityRecognition,
        Calendar,
        CallLog,
        Camera,
        Contacts,
        Location,
        Microphone,
        NearbyDevices,
        Notifications,
        Phone,
        ReadMediaAural,
        ReadMediaVisual,
        Sensors,
        Sms,
        Storage,
    ];
    let skins = [
        Skin::Aosp,
        Skin::Google,
        Skin::Samsung,
        Skin::Miui,
        Skin::MiuiPlain,
        Skin::ColorOs,
        Skin::OriginOs,
        Skin::Emui,
    ];
    let book = Book::embedded();
    for api in [23, 26, 28, 29, 30, 31, 33, 34, 35, 36] {
        for skin in skins {
            for group in groups {
                let second = PromptState { second_request: true, ..prompt(group) };
                for state in [prompt(group), second] {
                    let offered = offered(&book, api, skin, &state);
                    assert!(
                        offered.iter().any(|a| matches!(a, Answer::Deny | Answer::DenyForGood)),
                        "{api} {skin:?} {group:?}"
                    );
                    let question = question(reader(&book, &profile(api, skin)), &state);
                    assert!(question.contains("PermTest") && !question.contains('%'), "{question}");
                }
            }
        }
    }
}

#[test]
fn releases_offer_what_they_offer() {
    use Answer::{
        Allow, AllowAll, AllowAlways, AllowForeground, AllowOnce, AllowSelected, Deny, DenyForGood, ToggleDoNotAsk,
    };
    let book = Book::embedded();
    let again = |group| PromptState { second_request: true, ..prompt(group) };
    assert_eq!(offered(&book, 23, Skin::Aosp, &prompt(Group::Camera)), [Deny, Allow]);
    assert_eq!(offered(&book, 28, Skin::Google, &again(Group::Camera)), [ToggleDoNotAsk, Deny, Allow]);
    let always = PromptState { background: true, ..prompt(Group::Location) };
    assert_eq!(offered(&book, 29, Skin::Google, &always), [AllowAlways, AllowForeground, Deny]);
    assert_eq!(offered(&book, 30, Skin::Google, &prompt(Group::Camera)), [AllowForeground, AllowOnce, Deny]);
    assert_eq!(offered(&book, 34, Skin::Google, &again(Group::Contacts)), [Allow, DenyForGood]);
    assert_eq!(offered(&book, 34, Skin::Aosp, &prompt(Group::ReadMediaVisual)), [AllowSelected, AllowAll, Deny]);
    assert_eq!(offered(&book, 34, Skin::Miui, &prompt(Group::Location)), [AllowForeground, AllowOnce, Deny]);
}

#[test]
fn notices_can_be_answered() {
    let profile = profile(34, Skin::Google);
    let told = Notice { kind: NoticeKind::Anr, package: "x".into(), label: "X".into(), repeated: false };
    let laid = laid(&profile, &notice(&Book::embedded(), &profile, &told));
    fn find(view: &View) -> Vec<NoticeAnswer> {
        let own = view.widget.on_tap.and_then(notice_answer);
        own.into_iter().chain(view.children.iter().flat_map(find)).collect()
    }
    assert_eq!(find(&laid.root), [NoticeAnswer::Close, NoticeAnswer::Wait]);
}

/// A sheet of small pictures for a person to look at; written into the folder named by `APPWITNESS_PICTURES`.
#[test]
fn every_skin_and_release_can_be_painted() {
    use super::super::font::Glyphs;
    use super::super::paint::paint;
    let book = Book::embedded();
    let typeface = Typeface::embedded();
    let mut glyphs = Glyphs::new(typeface);
    for (api, skin, locale, group) in [
        (23, Skin::Aosp, "en-US", Group::Camera),
        (28, Skin::Google, "en-US", Group::Contacts),
        (29, Skin::Google, "zh-CN", Group::Location),
        (30, Skin::Aosp, "en-US", Group::Camera),
        (34, Skin::Google, "en-US", Group::Location),
        (34, Skin::Samsung, "en-US", Group::Notifications),
        (34, Skin::Miui, "zh-CN", Group::Location),
        (34, Skin::MiuiPlain, "zh-CN", Group::Contacts),
        (34, Skin::ColorOs, "zh-CN", Group::Microphone),
        (35, Skin::OriginOs, "zh-CN", Group::ReadMediaVisual),
        (31, Skin::Emui, "zh-CN", Group::Phone),
    ] {
        let mut profile = profile(api, skin);
        profile.locale = locale.into();
        let display = display(&profile, true);
        let state = PromptState {
            second_request: api == 28,
            precise_offered: api >= 31,
            precise_chosen: true,
            ..prompt(group)
        };
        let state = PromptState {
            precise_offered: state.precise_offered && group == Group::Location,
            label: "信使 Chat".into(),
            ..state
        };
        let window = permission(&book, &profile, &state);
        let frame = paint(&[lay_out(&window, &display, typeface)], &display, typeface, &mut glyphs, 34_860_000);
        let panel = lay_out(&window, &display, typeface).panel;
        let (x, y) = (panel.left + display.px(6.0), panel.center().1);
        let at = (y as usize * frame.width as usize + x as usize) * 4;
        assert!(frame.rgba[at] > 40, "{api} {skin:?}: the dialog is dark");
        let Ok(folder) = std::env::var("APPWITNESS_PICTURES") else { continue };
        let picture = image::RgbaImage::from_raw(frame.width, frame.height, frame.rgba).unwrap();
        picture.save(format!("{folder}/dialog-{api}-{skin:?}.png")).unwrap();
    }
}
