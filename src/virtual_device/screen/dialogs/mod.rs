//! The system's dialogs, as each release and skin draws them: permission, crash, ANR.
//!
//! A dialog becomes a [`Window`] whose actions say which answer a tap gives; [`answer`] and [`notice_answer`] read them
//! back.

mod actions;
mod book;
mod boxed;
mod list;
mod miui;
mod notice;
pub mod parts;

pub use actions::{answer, notice_answer};
use book::Reader;
pub use book::{Book, Form, Nature};

use super::super::machine::Profile;
use super::super::system::{Group, Notice, PromptState};
use super::super::view::{Icon, Layer, Widget, Window};

/// The window of a permission dialog.
pub fn permission(book: &Book, profile: &Profile, prompt: &PromptState) -> Window {
    let reader = reader(book, profile);
    let controller = book.controller(profile.api, profile.skin);
    let content = match controller.form {
        Form::Box => boxed::content(reader, controller, prompt),
        Form::List => list::content(reader, controller, prompt),
        Form::MiuiThree => miui::three(reader, controller, prompt),
        Form::MiuiPlain => miui::plain(reader, controller, prompt),
    };
    window(&controller.package, format!("{}/{}", controller.package, controller.activity), content)
}

/// The window of a crash or ANR dialog.
pub fn notice(book: &Book, profile: &Profile, notice: &Notice) -> Window {
    let content = notice::content(reader(book, profile), notice);
    let title = match notice.kind {
        super::super::system::NoticeKind::Crash => format!("Application Error: {}", notice.package),
        super::super::system::NoticeKind::Anr => format!("Application Not Responding: {}", notice.package),
    };
    window("android", title, content)
}

fn reader<'a>(book: &'a Book, profile: &Profile) -> Reader<'a> {
    Reader { book, api: profile.api, skin: profile.skin, chinese: profile.locale.starts_with("zh") }
}

fn window(package: &str, title: String, content: Widget) -> Window {
    Window { package: package.to_owned(), title, layer: Layer::System, secure: false, cancelable: false, content }
}

/// The question a page asks.
fn question(reader: Reader<'_>, prompt: &PromptState) -> String {
    let key = if prompt.precise_upgrade {
        "location-precise-upgrade"
    } else if prompt.background {
        "location-background"
    } else if prompt.group == Group::Location && reader.api >= 31 && !prompt.precise_offered && only_coarse(prompt) {
        "location-coarse"
    } else {
        group_key(prompt.group)
    };
    reader.question(key, &prompt.label)
}

fn only_coarse(prompt: &PromptState) -> bool {
    !prompt.permissions.is_empty()
        && prompt.permissions.iter().all(|p| p == "android.permission.ACCESS_COARSE_LOCATION")
}

fn group_key(group: Group) -> &'static str {
    match group {
        Group::ActivityRecognition => "activity-recognition",
        Group::Calendar => "calendar",
        Group::CallLog => "call-log",
        Group::Camera => "camera",
        Group::Contacts => "contacts",
        Group::InstalledApps => "installed-apps",
        Group::Location => "location",
        Group::Microphone => "microphone",
        Group::NearbyDevices => "nearby-devices",
        Group::Notifications => "notifications",
        Group::Phone => "phone",
        Group::ReadMediaAural => "read-media-aural",
        Group::ReadMediaVisual => "read-media-visual",
        Group::Sensors => "sensors",
        Group::Sms => "sms",
        Group::Storage => "storage",
    }
}

fn icon(group: Group) -> Icon {
    match group {
        Group::ActivityRecognition => Icon::Activity,
        Group::Calendar => Icon::Calendar,
        Group::CallLog | Group::Phone => Icon::Phone,
        Group::Camera => Icon::Camera,
        Group::Contacts => Icon::Contacts,
        Group::InstalledApps => Icon::Folder,
        Group::Location => Icon::Location,
        Group::Microphone => Icon::Microphone,
        Group::NearbyDevices => Icon::Nearby,
        Group::Notifications => Icon::Bell,
        Group::ReadMediaAural => Icon::Play,
        Group::ReadMediaVisual | Group::Storage => Icon::Folder,
        Group::Sensors => Icon::Sensors,
        Group::Sms => Icon::Sms,
    }
}

#[cfg(test)]
mod tests;
