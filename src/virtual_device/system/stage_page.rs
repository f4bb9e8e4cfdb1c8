//! What the pages of [`super::page`] look like. MODEL: AOSP's words and ids from memory, one plain look for all skins.

use super::System;
use super::page::{PICTURES, Page, PageKind, PageTap, ROWS};
use super::prompt::Group;
use super::stage::{PAD, PAGES, PAPER, Tap, Touchable, action, filled};
use crate::virtual_device::specimen::Special;
use crate::virtual_device::view::{Align, Kind, Length, State, Style, Widget};

/// A page's widgets being made.
struct Draft {
    touchables: Vec<Touchable>,
    children: Vec<Widget>,
}

impl System {
    /// The widgets of a page, and what taps on them do.
    pub(super) fn stage_page(&self, page: &Page) -> (Widget, Vec<Touchable>) {
        let mut draft = Draft { touchables: Vec::new(), children: Vec::new() };
        let label = self.label(&page.about);
        let zh = self.profile.locale.starts_with("zh");
        let say = |en: &str, cn: &str| if zh { cn.to_owned() } else { en.to_owned() };
        match page.kind {
            PageKind::Review => self.stage_review(&mut draft, page, &label, zh),
            PageKind::Location => {
                draft.words("", say("Location permission", "位置信息权限"), 22.0);
                draft.words("", label, 16.0);
                draft.words("", say("Location access for this app", "此应用的位置信息使用权限"), 14.0);
                let chosen = self.location_row(&page.about);
                for (row, key) in ROWS.iter().enumerate() {
                    let (id, en, cn) = location_words(key);
                    let id = format!("com.android.permissioncontroller:id/{id}");
                    draft.choice(Kind::Radio, &id, say(en, cn), row == chosen, PageTap::Row(row));
                }
            }
            PageKind::Permission(group) => {
                let (en, cn) = group_words(group);
                draft.words("", say(&format!("{en} permission"), &format!("{cn}权限")), 22.0);
                draft.words("", label, 16.0);
                let (en, cn) = (format!("{en} access for this app"), format!("此应用的{cn}使用权限"));
                draft.words("", say(&en, &cn), 14.0);
                let chosen = self.permission_row(&page.about, group);
                for (row, key) in self.rows_of(group).iter().enumerate() {
                    let (id, en, cn) = location_words(key);
                    let id = format!("com.android.permissioncontroller:id/{id}");
                    draft.choice(Kind::Radio, &id, say(en, cn), row == chosen, PageTap::Row(row));
                }
            }
            PageKind::Permissions => {
                draft.words("", say("App permissions", "应用权限"), 22.0);
                draft.words("", label, 16.0);
                // AOSP renamed the view with API 24.
                let id = if self.profile.api < 24 { "android:id/switchWidget" } else { "android:id/switch_widget" };
                for (row, group) in self.reviewed(&page.about).into_iter().enumerate() {
                    let (en, cn) = match group {
                        Group::Storage => ("Storage", "存储空间"),
                        other => group_words(other),
                    };
                    draft.setting(id, say(en, cn), self.holds_group(&page.about, group), PageTap::Row(row));
                }
            }
            PageKind::Picker => {
                draft.words("", say("Recent", "最近"), 22.0);
                for (row, name) in PICTURES.iter().enumerate() {
                    draft.button("android:id/title", (*name).to_owned(), PageTap::Row(row));
                }
            }
            PageKind::List(special) => {
                draft.words("", special_words(special, zh).0.to_owned(), 22.0);
                for (row, app) in self.listed(special).into_iter().enumerate() {
                    draft.button("android:id/title", self.label(&app), PageTap::Row(row));
                    let state = if self.has_special(&app, special) {
                        say("Allowed", "允许")
                    } else {
                        say("Not allowed", "不允许")
                    };
                    draft.words("android:id/summary", state, 14.0);
                }
            }
            PageKind::Special(Special::Battery) => {
                draft.words(
                    "android:id/alertTitle",
                    say("Let app always run in background?", "要允许应用始终在后台运行吗？"),
                    20.0,
                );
                let en = format!(
                    "Allowing {label} to always run in the background may reduce battery life. \n\nYou can change this later from Settings > Apps & notifications."
                );
                let cn = format!(
                    "允许“{label}”始终在后台运行可能会缩短电池续航时间。\n\n您以后可以在“设置”>“应用和通知”中更改此设置。"
                );
                draft.words("android:id/message", say(&en, &cn), 16.0);
                draft.button("android:id/button2", say("Deny", "拒绝"), PageTap::No);
                draft.button("android:id/button1", say("Allow", "允许"), PageTap::Yes);
            }
            PageKind::Special(Special::Accessibility) if page.asking => {
                let en = format!("Allow {label} to have full control of your device?");
                let cn = format!("要允许“{label}”完全控制您的设备吗？");
                draft.words("android:id/alertTitle", say(&en, &cn), 20.0);
                draft.button("android:id/button1", say("Allow", "允许"), PageTap::Yes);
                draft.button("android:id/button2", say("Deny", "拒绝"), PageTap::No);
            }
            PageKind::Special(special) => {
                let (title, switch) = special_words(special, zh);
                draft.words("", title.to_owned(), 22.0);
                draft.words("", label.clone(), 16.0);
                let words = if special == Special::Accessibility {
                    say(&format!("Use {label}"), &format!("使用“{label}”"))
                } else {
                    switch.to_owned()
                };
                let given = self.has_special(&page.about, special);
                draft.choice(Kind::Switch, "android:id/switch_widget", words, given, PageTap::Toggle);
            }
        }
        let back = Widget {
            kind: Kind::Image,
            class: "android.widget.ImageButton".into(),
            desc: say("Navigate up", "向上导航"),
            icon: crate::virtual_device::view::Icon::Back,
            on_tap: Some(draft.touch(PageTap::Up)),
            style: Style { width: Length::Dp(48.0), height: Length::Dp(48.0), ..Style::default() },
            ..Widget::default()
        };
        if !matches!(page.kind, PageKind::Review | PageKind::Special(Special::Battery)) && !page.asking {
            draft.children.insert(0, back);
        }
        let content = Widget {
            kind: Kind::Scroll,
            children: vec![Widget { children: draft.children, style: filled(Length::Wrap), ..Widget::default() }],
            style: Style { background: PAPER, ..filled(Length::Fill) },
            ..Widget::default()
        };
        (content, draft.touchables)
    }

    fn stage_review(&self, draft: &mut Draft, page: &Page, label: &str, zh: bool) {
        let controller = self.controller().package;
        let id = |name: &str| format!("{}:id/{name}", controller.replace("google.android", "android"));
        let question = if zh {
            format!("选择允许“{label}”访问的权限")
        } else {
            format!("Choose what to allow {label} to access")
        };
        draft.words(&id("permissions_message"), question, 20.0);
        for (row, group) in self.reviewed(&page.about).into_iter().enumerate() {
            let (en, cn) = group_words(group);
            let on = !page.off.contains(&group);
            draft.choice(
                Kind::Switch,
                "android:id/switch_widget",
                (if zh { cn } else { en }).into(),
                on,
                PageTap::Row(row),
            );
        }
        draft.button(&id("cancel_button"), (if zh { "取消" } else { "Cancel" }).into(), PageTap::No);
        draft.button(&id("continue_button"), (if zh { "继续" } else { "Continue" }).into(), PageTap::Yes);
    }
}

impl Draft {
    fn touch(&mut self, tap: PageTap) -> crate::virtual_device::view::Action {
        self.touchables.push(Touchable { tap: Tap::Page(tap), long: Vec::new() });
        action(PAGES, self.touchables.len() - 1)
    }

    fn words(&mut self, id: &str, text: String, size: f32) {
        let style = Style { padding: PAD, width: Length::Fill, text_size: size, ..Style::default() };
        self.children.push(Widget { kind: Kind::Text, id: id.into(), text, style, ..Widget::default() });
    }

    fn choice(&mut self, kind: Kind, id: &str, text: String, checked: bool, tap: PageTap) {
        let on_tap = Some(self.touch(tap));
        let style = Style { padding: PAD, width: Length::Fill, text_size: 16.0, ..Style::default() };
        let state = State { checked, ..State::default() };
        self.children.push(Widget { kind, id: id.into(), text, state, style, on_tap, ..Widget::default() });
    }

    /// A row of the settings: a title, and a switch that is pressed with the row.
    fn setting(&mut self, id: &str, title: String, checked: bool, tap: PageTap) {
        let on_tap = Some(self.touch(tap));
        let style = Style { text_size: 16.0, ..Style::default() };
        let title = Widget { kind: Kind::Text, id: "android:id/title".into(), text: title, style, ..Widget::default() };
        let state = State { checked, ..State::default() };
        let switch = Widget { kind: Kind::Switch, id: id.into(), state, on_tap, ..Widget::default() };
        let style = Style { padding: PAD, width: Length::Fill, ..Style::default() };
        let children = vec![title, Widget { kind: Kind::Spacer, ..Widget::default() }, switch];
        self.children.push(Widget { kind: Kind::Row, children, style, on_tap, ..Widget::default() });
    }

    fn button(&mut self, id: &str, text: String, tap: PageTap) {
        let on_tap = Some(self.touch(tap));
        let style = Style { padding: PAD, align: Align::Center, margin: [8.0; 4], ..Style::default() };
        self.children.push(Widget { kind: Kind::Button, id: id.into(), text, style, on_tap, ..Widget::default() });
    }
}

fn location_words(key: &str) -> (&'static str, &'static str, &'static str) {
    match key {
        "allow" => ("allow_radio_button", "Allow", "允许"),
        "always" => ("allow_always_radio_button", "Allow all the time", "始终允许"),
        "foreground" => {
            ("allow_foreground_only_radio_button", "Allow only while using the app", "仅在使用该应用时允许")
        }
        "ask" => ("ask_radio_button", "Ask every time", "每次都询问"),
        _ => ("deny_radio_button", "Don’t allow", "不允许"),
    }
}

/// Title of a special access's page, and the words of its switch.
fn special_words(special: Special, zh: bool) -> (&'static str, &'static str) {
    match (special, zh) {
        (Special::Overlay, false) => ("Display over other apps", "Allow display over other apps"),
        (Special::Overlay, true) => ("显示在其他应用的上层", "允许显示在其他应用的上层"),
        (Special::Usage, false) => ("Usage access", "Permit usage access"),
        (Special::Usage, true) => ("使用情况访问权限", "允许访问使用记录"),
        (Special::Accessibility, false) => ("Accessibility", ""),
        (Special::Accessibility, true) => ("无障碍", ""),
        (Special::UnknownSources, false) => ("Install unknown apps", "Allow from this source"),
        (Special::UnknownSources, true) => ("安装未知应用", "允许来自此来源的应用"),
        (Special::AllFiles, false) => ("All files access", "Allow access to manage all files"),
        (Special::AllFiles, true) => ("所有文件访问权限", "授予所有文件的管理权限"),
        (Special::ExactAlarms, false) => ("Alarms & reminders", "Allow setting alarms and reminders"),
        (Special::ExactAlarms, true) => ("闹钟和提醒", "允许设置闹钟和提醒"),
        (Special::Administrator, false) => ("Activate device admin app?", "Activate this device admin app"),
        (Special::Administrator, true) => ("要激活设备管理应用吗？", "激活此设备管理应用"),
        (Special::Battery, false) => ("Battery optimization", ""),
        (Special::Battery, true) => ("电池优化", ""),
    }
}

/// A group's name, as AOSP's `permgrouplab_…` strings have it.
fn group_words(group: Group) -> (&'static str, &'static str) {
    match group {
        Group::ActivityRecognition => ("Physical activity", "身体活动"),
        Group::Calendar => ("Calendar", "日历"),
        Group::CallLog => ("Call logs", "通话记录"),
        Group::Camera => ("Camera", "相机"),
        Group::Contacts => ("Contacts", "通讯录"),
        Group::InstalledApps => ("Installed apps", "应用列表"),
        Group::Location => ("Location", "位置信息"),
        Group::Microphone => ("Microphone", "麦克风"),
        Group::NearbyDevices => ("Nearby devices", "附近的设备"),
        Group::Notifications => ("Notifications", "通知"),
        Group::Phone => ("Phone", "电话"),
        Group::ReadMediaAural => ("Music and audio", "音乐和音频"),
        Group::ReadMediaVisual => ("Photos and videos", "照片和视频"),
        Group::Sensors => ("Body sensors", "身体传感器"),
        Group::Sms => ("SMS", "短信"),
        Group::Storage => ("Files and media", "文件和媒体"),
    }
}
