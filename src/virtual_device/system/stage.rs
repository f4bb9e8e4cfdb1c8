//! From a model's screens to widgets: what each window holds, and what a tap on each part does.
//!
//! A tap's number is made of the surface it was staged on and its place there; a surface's number never comes again, so
//! a tap on something that has gone meanwhile does nothing.

use super::System;
use super::app::{App, Shown};
use super::page::PageTap;
use super::shade::{DRAWN_BY, SHADE, ShadeTap};
use super::task::Holds;
use crate::virtual_device::specimen::look::{Look, Paint, Screen, Tab};
use crate::virtual_device::specimen::{Do, Value, View, Words};
use crate::virtual_device::view::{Action, Align, Kind, Layer, Length, State, Style, Widget, Window};

/// Surface number of the home screen.
pub(super) const HOME: u32 = 0;
/// Surface number of the system's page in front; apps never count so far.
pub(super) const PAGES: u32 = u32::MAX;

const BAR: f32 = 56.0;
pub(super) const PAD: [f32; 4] = [16.0, 12.0, 16.0, 12.0];
pub(super) const PAPER: u32 = 0xffff_ffff;
const LINE: u32 = 0xffe0_e0e0;

/// What a tap on a part does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tap {
    /// Plays actions.
    Play(Vec<Do>),
    /// Turns a switch or check box, then plays actions.
    Turn(String, Vec<Do>),
    /// Picks a radio button, then plays actions.
    Pick(String, String, Vec<Do>),
    /// Gives a field the input focus.
    Focus(String, Vec<Do>),
    /// Takes a dialog away, then plays actions.
    Leave(String, Vec<Do>),
    /// The close mark of a dialog.
    CloseMark(String),
    /// Goes back.
    Up,
    /// Starts an app from the home screen.
    Icon(String),
    /// Does something on a page of the system.
    Page(PageTap),
    /// Does something on the panel with the notifications.
    Shade(ShadeTap),
}

/// A part's tap and long press.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Touchable {
    pub(super) tap: Tap,
    pub(super) long: Vec<Do>,
}

/// Widgets being made for one surface.
pub(super) struct Stage<'a> {
    pub(super) system: &'a System,
    pub(super) app: &'a App,
    pub(super) surface: u32,
    pub(super) touchables: Vec<Touchable>,
}

/// The number of a tap.
pub(super) fn action(surface: u32, place: usize) -> Action {
    Action((u64::from(surface) << 16) | (place as u64 & 0xffff))
}

impl System {
    /// All windows, the lowest first: the home screen or an app with its dialogs, then what floats on top. The system's
    /// own dialogs ([`System::prompt`], [`System::notice`]) are not among them; whoever paints draws them.
    pub fn windows(&self) -> Vec<Window> {
        let mut windows = Vec::new();
        let Some(task) = self.top_task() else { return windows };
        let home = self.tasks.iter().find(|t| t.home);
        if let Some(record) = home.and_then(|t| t.records.first()) {
            windows.push(self.activity_window(&record.component.package, record.component.full(), self.home_widget()));
        }
        let package = task.package.clone();
        for record in &task.records {
            let title = record.component.full();
            match record.holds {
                Holds::NoModel => windows.push(self.activity_window(&package, title, self.no_model_widget(&package))),
                Holds::AppInfo => {
                    windows.push(self.activity_window(&package, title, self.app_info_widget(&record.intent)))
                }
                Holds::Home | Holds::Prompt | Holds::Screens | Holds::Page => {}
            }
        }
        windows.extend(self.model_windows(&package, true));
        if let (Some(page), Some(record)) = (self.page(), self.top_record()) {
            let content = self.stage_page(page).0;
            windows.push(self.activity_window(&record.component.package, record.component.full(), content));
        }
        for other in self.apps.keys().filter(|name| **name != package) {
            windows.extend(self.model_windows(other, false));
        }
        windows.extend(self.shade_window());
        windows.extend(self.toasts.iter().map(|toast| Window {
            package: toast.package.clone(),
            title: "Toast".into(),
            layer: Layer::Toast,
            secure: false,
            cancelable: false,
            content: Widget { kind: Kind::Text, text: toast.text.clone(), ..Widget::default() },
        }));
        windows
    }

    /// An app's screen and dialogs; only what floats when it is not in front.
    fn model_windows(&self, package: &str, front: bool) -> Vec<Window> {
        let mut windows = Vec::new();
        let Some(app) = self.apps.get(package) else { return windows };
        let Some(live) = &app.live else { return windows };
        if front && let Some(shown) = live.screens.last() {
            let title = format!("{package}/{}", app.model.activity_of(&shown.name));
            let (content, _) = self.stage_screen(app, shown);
            let secure = app.model.screens.get(&shown.name).is_some_and(|s| s.secure);
            windows.push(Window { secure, ..self.activity_window(package, title, content) });
        }
        let title = windows.last().map_or_else(|| package.to_string(), |w| w.title.clone());
        windows
            .extend(live.dialogs.iter().filter_map(|shown| self.stage_dialog(app, shown, &title, front)).map(|d| d.0));
        windows
    }

    fn activity_window(&self, package: &str, title: String, content: Widget) -> Window {
        Window {
            package: package.into(),
            title,
            layer: Layer::Activity,
            secure: false,
            cancelable: false,
            content: decor(content),
        }
    }

    /// A screen's widgets, and what taps on them do.
    pub(super) fn stage_screen(&self, app: &App, shown: &Shown) -> (Widget, Vec<Touchable>) {
        let mut stage = Stage { system: self, app, surface: shown.surface, touchables: Vec::new() };
        let content = match app.model.screens.get(&shown.name) {
            Some(screen) => stage.screen(screen, shown),
            None => Widget::default(),
        };
        (content, stage.touchables)
    }

    /// What a tap with this number does, and on which app; `None` when it has gone.
    pub(super) fn touchable(&self, action: Action) -> Option<(String, Touchable)> {
        let (surface, place) = ((action.0 >> 16) as u32, (action.0 & 0xffff) as usize);
        if surface == HOME {
            let package = self.icons().get(place)?.clone();
            return Some((package.clone(), Touchable { tap: Tap::Icon(package), long: Vec::new() }));
        }
        if surface == SHADE {
            return Some((DRAWN_BY.into(), self.stage_shade().1.into_iter().nth(place)?));
        }
        if surface == PAGES {
            let (page, drawn_by) = (self.page()?, self.top_record()?.component.package.clone());
            return Some((drawn_by, self.stage_page(page).1.into_iter().nth(place)?));
        }
        let front = self.top_task()?.package.clone();
        let owner = |app: &&String| self.has_surface(app, surface);
        let package = self.apps.keys().find(owner)?.clone();
        let app = self.apps.get(&package)?;
        let live = app.live.as_ref()?;
        let touchables = match live.screens.last().filter(|s| s.surface == surface && package == front) {
            Some(shown) => self.stage_screen(app, shown).1,
            None => {
                let shown = live.dialogs.iter().find(|s| s.surface == surface)?;
                self.stage_dialog(app, shown, "", package == front)?.1
            }
        };
        Some((package, touchables.into_iter().nth(place)?))
    }

    fn has_surface(&self, package: &str, surface: u32) -> bool {
        let live = self.apps.get(package).and_then(|app| app.live.as_ref());
        live.is_some_and(|live| live.screens.iter().chain(&live.dialogs).any(|shown| shown.surface == surface))
    }
}

/// Fills the width, and the height as given.
pub(super) fn filled(height: Length) -> Style {
    Style { width: Length::Fill, height, ..Style::default() }
}

/// What a window's content stands in: the frames an Android window has.
fn decor(content: Widget) -> Widget {
    let frame = |id: &str, child: Widget| Widget {
        kind: Kind::Frame,
        id: id.into(),
        children: vec![child],
        style: filled(Length::Fill),
        ..Widget::default()
    };
    let inner = Widget {
        kind: Kind::Column,
        children: vec![frame("android:id/content", content)],
        style: filled(Length::Fill),
        ..Widget::default()
    };
    frame("", inner)
}

impl Stage<'_> {
    fn screen(&mut self, screen: &Screen, shown: &Shown) -> Widget {
        let mut parts = Vec::new();
        if let Some(title) = &screen.title {
            parts.push(self.title_bar(title, screen.up));
        }
        let views = self.views(&screen.views);
        let column = Widget { children: views, style: filled(Length::Wrap), ..Widget::default() };
        parts.push(if screen.scrolls {
            Widget {
                kind: Kind::Scroll,
                children: vec![column],
                state: State { scroll: shown.scroll, ..State::default() },
                style: Style { weight: 1.0, ..filled(Length::Dp(0.0)) },
                ..Widget::default()
            }
        } else {
            Widget { style: Style { weight: 1.0, ..filled(Length::Dp(0.0)) }, ..column }
        });
        if let Some(tabs) = screen.bar.as_ref().and_then(|bar| self.app.model.bars.get(bar)) {
            parts.push(line());
            parts.push(self.tab_bar(&tabs.clone(), &shown.name));
        }
        let background = color(screen.background.as_deref()).unwrap_or(PAPER);
        Widget {
            class: "android.widget.LinearLayout".into(),
            children: parts,
            style: Style { background, ..filled(Length::Fill) },
            ..Widget::default()
        }
    }

    fn title_bar(&mut self, title: &Words, up: bool) -> Widget {
        let mut children = Vec::new();
        if up {
            let desc = if self.system.profile.locale.starts_with("zh") { "转到上一层级" } else { "Navigate up" };
            children.push(Widget {
                kind: Kind::Button,
                class: "android.widget.ImageButton".into(),
                text: "←".into(),
                desc: desc.into(),
                on_tap: Some(self.touch(Tap::Up, Vec::new())),
                style: Style {
                    width: Length::Dp(BAR),
                    height: Length::Dp(BAR),
                    align: Align::Center,
                    ..Style::default()
                },
                ..Widget::default()
            });
        }
        children.push(Widget {
            kind: Kind::Text,
            text: self.words(title, None),
            style: Style {
                weight: 1.0,
                padding: [16.0, 14.0, 16.0, 14.0],
                text_size: 20.0,
                bold: true,
                ..Style::default()
            },
            ..Widget::default()
        });
        Widget {
            kind: Kind::Row,
            class: "android.view.ViewGroup".into(),
            id: self.id("toolbar"),
            children,
            style: Style { background: 0xfffa_fafa, align: Align::CenterVertical, ..filled(Length::Dp(BAR)) },
            ..Widget::default()
        }
    }

    fn tab_bar(&mut self, tabs: &[Tab], screen: &str) -> Widget {
        let children = tabs.iter().map(|tab| {
            let selected = tab.screen == screen;
            let tap = self.touch(Tap::Play(vec![Do::Reset(tab.screen.clone())]), Vec::new());
            Widget {
                kind: Kind::Text,
                id: self.id(&tab.id),
                text: self.words(&tab.words, None),
                state: State { selected, ..State::default() },
                style: Style {
                    weight: 1.0,
                    height: Length::Fill,
                    align: Align::Center,
                    bold: selected,
                    color: if selected { 0xff15_65c0 } else { 0xff61_6161 },
                    ..Style::default()
                },
                on_tap: Some(tap),
                ..Widget::default()
            }
        });
        Widget {
            kind: Kind::Row,
            children: children.collect(),
            style: Style { background: PAPER, ..filled(Length::Dp(BAR)) },
            ..Widget::default()
        }
    }

    pub(super) fn views(&mut self, views: &[View]) -> Vec<Widget> {
        views.iter().flat_map(|view| self.repeated(view, None)).collect()
    }

    fn repeated(&mut self, view: &View, row: Option<u32>) -> Vec<Widget> {
        let Some(look) = view.look() else { return vec![plain(view)] };
        if look.condition.as_ref().is_some_and(|c| !self.system.holds(&self.app.model.package, c)) {
            return Vec::new();
        }
        match look.repeat {
            None => vec![self.view(view, look, row)],
            Some(times) => (1..=times).map(|n| self.view(view, look, Some(n))).collect(),
        }
    }

    fn view(&mut self, view: &View, look: &Look, row: Option<u32>) -> Widget {
        let mut widget = Widget {
            class: look.class.clone(),
            id: self.id(&look.id),
            text: self.words(&look.words, row),
            desc: self.words(&look.desc, row),
            hint: self.words(&look.hint, row),
            style: style(&look.style),
            ..Widget::default()
        };
        let enabled = look.enabled.as_ref().is_none_or(|c| self.system.holds(&self.app.model.package, c));
        widget.state.enabled = enabled;
        widget.state.dumped = !look.hidden_from_dump;
        widget.state.password = look.password;
        widget.state.long_clickable = look.long_press.is_some();
        self.kind(&mut widget, view, look, row);
        let tap = self.tap(view, look).filter(|_| enabled);
        let long = look.long_press.clone().unwrap_or_default();
        widget.on_tap = tap.map(|tap| self.touch(tap, long));
        widget
    }

    /// What is particular to a kind of view.
    fn kind(&mut self, widget: &mut Widget, view: &View, look: &Look, row: Option<u32>) {
        let value = look.var.as_ref().map(|var| self.app.var(var));
        let checked = value.as_ref().is_some_and(Value::is_set);
        if widget.style.width == Length::Wrap && widget.style.weight == 0.0 && row_like(view) {
            widget.style.width = Length::Fill;
        }
        match view {
            View::Text(_) => {
                widget.kind = Kind::Text;
                pad(widget, [16.0, 6.0, 16.0, 6.0]);
            }
            View::Button(_) => {
                widget.kind = Kind::Button;
                margin(widget, [16.0, 6.0, 16.0, 6.0]);
            }
            View::Field(_) => {
                widget.kind = Kind::Field;
                widget.text = value.map(|v| v.shown()).unwrap_or_default();
                let focus = self.app.live.as_ref().and_then(|live| live.focus.as_ref());
                widget.state.focused = focus.is_some() && focus == look.var.as_ref();
                margin(widget, [16.0, 6.0, 16.0, 6.0]);
            }
            View::Switch(_) | View::CheckBox(_) => {
                widget.kind = if matches!(view, View::Switch(_)) { Kind::Switch } else { Kind::CheckBox };
                widget.state.checked = checked;
                pad(widget, PAD);
                if look.painted_tick {
                    widget.kind = Kind::Text;
                    widget.text = format!("{} {}", if checked { "☑" } else { "☐" }, widget.text);
                }
            }
            View::Radio(_) => {
                widget.kind = Kind::Radio;
                widget.state.checked = value.is_some_and(|v| v.shown() == look.value);
                pad(widget, PAD);
            }
            View::Image(_) => {
                widget.kind = Kind::Image;
                if widget.style.height == Length::Wrap {
                    widget.style.height = Length::Dp(120.0);
                }
            }
            View::Item(_) => self.item(widget, look, row),
            View::Column(_) => self.holder(widget, Kind::Column, look, row),
            View::Row(_) => {
                self.holder(widget, Kind::Row, look, row);
                // What fills a column takes what it needs beside others.
                let fills = |child: &&mut Widget| child.style.width == Length::Fill && child.style.weight == 0.0;
                widget.children.iter_mut().filter(fills).for_each(|child| child.style.width = Length::Wrap);
                widget.style.align = if look.style.centered { Align::Center } else { Align::CenterVertical };
            }
            View::Stack(_) => self.holder(widget, Kind::Frame, look, row),
            View::List(_) => {
                self.holder(widget, Kind::Scroll, look, row);
                let column = std::mem::take(&mut widget.children);
                widget.children = vec![Widget { children: column, style: filled(Length::Wrap), ..Widget::default() }];
                if widget.style.height == Length::Wrap {
                    widget.style.height = Length::Dp(0.0);
                    widget.style.weight = 1.0;
                }
            }
            View::Web(_) => self.holder(widget, Kind::Web, look, row),
            View::Divider | View::Spacer => {}
        }
    }

    fn holder(&mut self, widget: &mut Widget, kind: Kind, look: &Look, row: Option<u32>) {
        widget.kind = kind;
        let text = std::mem::take(&mut widget.text);
        widget.children = look.views.iter().flat_map(|view| self.repeated(view, row)).collect();
        if !text.is_empty() {
            let head = Widget {
                kind: Kind::Text,
                text,
                style: Style { padding: PAD, width: Length::Fill, ..Style::default() },
                ..Widget::default()
            };
            widget.children.insert(0, head);
        }
    }

    /// A row of a list: words and, at the right, a note.
    fn item(&mut self, widget: &mut Widget, look: &Look, row: Option<u32>) {
        widget.kind = Kind::Row;
        pad(widget, [16.0, 14.0, 16.0, 14.0]);
        widget.style.align = Align::CenterVertical;
        let text = |text: String, color: u32, weight: f32| Widget {
            kind: Kind::Text,
            text,
            style: Style { weight, color, text_size: 16.0, ..Style::default() },
            ..Widget::default()
        };
        let title = std::mem::take(&mut widget.text);
        let mut children = vec![text(title, widget.style.color, 1.0)];
        let note = self.words(&look.note, row);
        if !note.is_empty() {
            children.push(text(note, 0xff9e_9e9e, 0.0));
        }
        children.extend(look.views.iter().flat_map(|view| self.repeated(view, row)));
        widget.children = children;
    }

    fn tap(&self, view: &View, look: &Look) -> Option<Tap> {
        let then = look.tap.clone().unwrap_or_default();
        match (view, &look.var) {
            (View::Switch(_) | View::CheckBox(_), Some(var)) => Some(Tap::Turn(var.clone(), then)),
            (View::Radio(_), Some(var)) => Some(Tap::Pick(var.clone(), look.value.clone(), then)),
            (View::Field(_), Some(var)) => Some(Tap::Focus(var.clone(), then)),
            _ => (look.tap.is_some() || look.long_press.is_some() || matches!(view, View::Button(_)))
                .then_some(Tap::Play(then)),
        }
    }

    /// Registers a tap and gives it its number.
    pub(super) fn touch(&mut self, tap: Tap, long: Vec<Do>) -> Action {
        self.touchables.push(Touchable { tap, long });
        action(self.surface, self.touchables.len() - 1)
    }

    pub(super) fn words(&self, words: &Words, row: Option<u32>) -> String {
        self.app.fill(words.in_locale(&self.system.profile.locale), row)
    }

    /// A whole resource id from a short one.
    pub(super) fn id(&self, short: &str) -> String {
        match short {
            "" => String::new(),
            whole if whole.contains(":id/") => whole.into(),
            short => format!("{}:id/{short}", self.app.model.package),
        }
    }
}

fn row_like(view: &View) -> bool {
    !matches!(view, View::Stack(_))
}

fn plain(view: &View) -> Widget {
    match view {
        View::Divider => line(),
        _ => Widget { kind: Kind::Spacer, style: Style { weight: 1.0, ..Style::default() }, ..Widget::default() },
    }
}

fn line() -> Widget {
    Widget { kind: Kind::Divider, style: Style { background: LINE, ..filled(Length::Dp(1.0)) }, ..Widget::default() }
}

fn pad(widget: &mut Widget, padding: [f32; 4]) {
    widget.style.padding = padding;
}

fn margin(widget: &mut Widget, margin: [f32; 4]) {
    widget.style.margin = margin;
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn style(paint: &Paint) -> Style {
    let length = |dp: Option<u32>| dp.map_or(Length::Wrap, |dp| Length::Dp(dp.min(10_000) as f32));
    Style {
        width: length(paint.width),
        height: length(paint.height),
        weight: paint.weight.unwrap_or(0).min(1_000) as f32,
        text_size: paint.size.unwrap_or(0).min(200) as f32,
        bold: paint.bold,
        align: if paint.centered { Align::Center } else { Align::Start },
        background: color(paint.background.as_deref()).unwrap_or(0),
        color: color(paint.color.as_deref()).unwrap_or(0),
        corner: paint.corner.unwrap_or(0).min(1_000) as f32,
        margin: [paint.margin.unwrap_or(0).min(1_000) as f32; 4],
        ..Style::default()
    }
}

/// A colour written `#rrggbb`, opaque.
fn color(written: Option<&str>) -> Option<u32> {
    let hex = written?.strip_prefix('#').filter(|hex| hex.len() == 6)?;
    u32::from_str_radix(hex, 16).ok().map(|rgb| 0xff00_0000 | rgb)
}
