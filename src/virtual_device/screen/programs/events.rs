//! `uiautomator events`: accessibility events, one a line, until the stream closes.

use super::super::super::process::Call;
use super::super::super::view::{View, Widget};
use super::super::look;
use super::super::scene::Scene;

/// What a line tells of the focused window.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    package: String,
    title: String,
    words: Vec<String>,
    full_screen: bool,
}

/// Writes events until nobody listens any more.
pub async fn stream(call: &Call) -> i32 {
    let mut changes = call.machine.system().changes();
    let mut before = seen(call);
    loop {
        tokio::select! {
            () = call.stdio.hangup.cancelled() => return 129,
            () = call.machine.power().cancelled() => return 129,
            changed = changes.changed() => if changed.is_err() { return 0 },
        }
        let now = seen(call);
        let Some(line) = event(call, before.as_ref(), now.as_ref()) else { continue };
        if !call.stdio.out(line).await {
            return 129;
        }
        before = now;
    }
}

fn seen(call: &Call) -> Option<Seen> {
    let scene = Scene::now(&call.machine);
    let laid = scene.focused()?;
    let mut words = Vec::new();
    collect(&laid.root, &mut words);
    let full_screen = laid.root.bounds == scene.display.screen();
    Some(Seen { package: laid.window.package.clone(), title: laid.window.title.clone(), words, full_screen })
}

/// The words of views that only show text: what a window's event carries.
fn collect(view: &View, into: &mut Vec<String>) {
    let Widget { text, .. } = &view.widget;
    if !text.is_empty() && !look::is_clickable(&view.widget) && !view.widget.state.password && into.len() < 40 {
        into.push(text.clone());
    }
    view.children.iter().for_each(|child| collect(child, into));
}

/// The line for a change; `None` when nothing changed that a screen reader is told of.
fn event(call: &Call, before: Option<&Seen>, now: Option<&Seen>) -> Option<String> {
    let now = now?;
    if before == Some(now) {
        return None;
    }
    let same_window = before.is_some_and(|b| (&b.package, &b.title) == (&now.package, &now.title));
    let (kind, class, text) = if same_window {
        ("TYPE_WINDOW_CONTENT_CHANGED", "android.widget.FrameLayout", String::new())
    } else {
        let class = now.title.split_once('/').map_or("android.app.AlertDialog", |(_, class)| class);
        ("TYPE_WINDOW_STATE_CHANGED", class, now.words.join(", "))
    };
    let full = now.full_screen && !same_window;
    Some(line(call, kind, &now.package, class, &text, full))
}

/// One line, in the form captured on API 23.
fn line(call: &Call, kind: &str, package: &str, class: &str, text: &str, full: bool) -> String {
    let (wall, uptime) = {
        let system = call.machine.system();
        (system.wall(), system.since_start().as_millis())
    };
    let at = stamp(wall);
    let text = text.replace(['\n', '\r'], " ");
    format!(
        "{at} EventType: {kind}; EventTime: {uptime}; PackageName: {package}; MovementGranularity: 0; Action: 0 [ ClassName: {class}; Text: [{text}]; ContentDescription: null; ItemCount: -1; CurrentItemIndex: -1; IsEnabled: true; IsPassword: false; IsChecked: false; IsFullScreen: {full}; Scrollable: false; BeforeText: null; FromIndex: -1; ToIndex: -1; ScrollX: -1; ScrollY: -1; MaxScrollX: -1; MaxScrollY: -1; AddedCount: -1; RemovedCount: -1; ParcelableData: null ]; recordCount: 0\n"
    )
}

/// `11-21 21:04:26.276`
fn stamp(wall: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(wall).unwrap_or_default();
    time.strftime("%m-%d %H:%M:%S.%3f").to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_written_as_uiautomator_does() {
        assert_eq!(super::stamp(0), "01-01 00:00:00.000");
        assert_eq!(super::stamp(86_400_000 + 61_276), "01-02 00:01:01.276");
    }
}
