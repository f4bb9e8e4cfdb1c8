//! What a specimen shows: screens, dialogs, views.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timer;
use super::action::Do;
use super::condition::Condition;
use super::words::{Span, Words};

/// A screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Screen {
    /// Activity that holds it, `.Name` or a full class name; without it the launcher activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// Title in the bar at the top; without it there is no bar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Words>,
    /// The bar at the top has an arrow that goes back.
    pub up: bool,
    /// Black in screenshots.
    pub secure: bool,
    /// Its views scroll when there are many. Without it a spacer can push views to the bottom.
    pub scrolls: bool,
    /// Tab bar at the bottom, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar: Option<String>,
    /// Background colour, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// What it shows, from top to bottom.
    pub views: Vec<View>,
    /// Done each time it comes to the top.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_show: Vec<Do>,
    /// Done on *back*; without it *back* goes back one screen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_back: Option<Vec<Do>>,
    /// Timers that run while it is on top of the app's screens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            activity: None,
            title: None,
            up: false,
            secure: false,
            scrolls: true,
            bar: None,
            background: None,
            views: Vec::new(),
            on_show: Vec::new(),
            on_back: None,
            timers: Vec::new(),
        }
    }
}

/// One tab of a tab bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tab {
    /// Its words.
    pub words: Words,
    /// Screen it opens, forgetting all others.
    pub screen: String,
    /// Resource id, short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
}

/// A dialog of the app.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Dialog {
    /// Its form.
    pub form: Form,
    /// *Back* or a tap outside takes it away.
    pub cancelable: bool,
    /// Black in screenshots.
    pub secure: bool,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Words>,
    /// Text below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Words>,
    /// Views below the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
    /// Button that agrees; an alert's `button1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positive: Option<DialogButton>,
    /// Button that refuses; an alert's `button2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative: Option<DialogButton>,
    /// Third button; an alert's `button3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neutral: Option<DialogButton>,
    /// Mark that closes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close: Option<CloseMark>,
    /// Done when it appears.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_show: Vec<Do>,
    /// Done when *back* or a tap outside took it away, or the close mark.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_cancel: Vec<Do>,
    /// Done on a tap anywhere else on it (a picture that is one link).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tap: Option<Vec<Do>>,
    /// Timers that run while it is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
}

/// The form of a dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// The platform's alert: title, message, buttons, with the platform's ids.
    #[default]
    Alert,
    /// A box of the app's own making in the middle of the screen.
    Card,
    /// A sheet from the bottom edge.
    Sheet,
    /// Over the whole screen (splash and interstitial advertisements).
    Full,
    /// A floating window that stays on top of other apps; needs `SYSTEM_ALERT_WINDOW`.
    Overlay,
}

/// A button of a dialog. It takes the dialog away, then does its actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DialogButton {
    /// Its words.
    pub words: Words,
    /// Resource id, short; an alert has the platform's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Only small grey words, not a button.
    #[serde(default)]
    pub faint: bool,
    /// Leaves the dialog where it is.
    #[serde(default)]
    pub stays: bool,
    /// What it does.
    #[serde(rename = "do", default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Do>,
}

/// A mark that closes a dialog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CloseMark {
    /// Its words; a cross without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
    /// What a screen reader says; nothing without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<Words>,
    /// Resource id, short.
    pub id: String,
    /// Time until it appears.
    pub after: Span,
    /// Taps it takes.
    pub taps: u32,
    /// Edge length in dp.
    pub size: u32,
    /// Where it stands.
    pub at: Corner,
    /// It stands somewhere else after each tap that did not close.
    pub moves: bool,
    /// A tap on it closes the dialog. False: it only does `do`.
    pub works: bool,
    /// Done when it has closed the dialog (or at each tap, if it does not work).
    #[serde(rename = "do", skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Do>,
}

impl Default for CloseMark {
    fn default() -> Self {
        Self {
            words: None,
            desc: None,
            id: "close".into(),
            after: Span::default(),
            taps: 1,
            size: 32,
            at: Corner::default(),
            moves: false,
            works: true,
            actions: Vec::new(),
        }
    }
}

/// Where a close mark stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Corner {
    /// Right top.
    #[default]
    RightTop,
    /// Left top.
    LeftTop,
    /// Below the content, in the middle.
    Below,
}

/// A view: its kind, then what it has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Words.
    Text(Look),
    /// A push button.
    Button(Look),
    /// An input field; its text is kept in `var`.
    Field(Look),
    /// A switch with its words, kept in `var`.
    Switch(Look),
    /// A check box with its words, kept in `var`.
    CheckBox(Look),
    /// A radio button with its words; checked when `var` equals `value`.
    Radio(Look),
    /// A picture with its words as caption.
    Image(Look),
    /// A row of a list: words, a value at the right, an arrow; usually tapped.
    Item(Look),
    /// Views one below another.
    Column(Look),
    /// Views side by side.
    Row(Look),
    /// Views on top of each other.
    Stack(Look),
    /// A part that scrolls by itself.
    List(Look),
    /// A web page.
    Web(Look),
    /// A thin line.
    Divider,
    /// Empty space that takes what is left (on a screen that does not scroll).
    Spacer,
}

/// What a view has. Which parts matter depends on its kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Look {
    /// Resource id, short; `android:id/name` for the platform's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Shown words.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub words: Words,
    /// Content description.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub desc: Words,
    /// Hint of an empty field.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub hint: Words,
    /// Second line of an item, or its value at the right.
    #[serde(skip_serializing_if = "Words::is_empty")]
    pub note: Words,
    /// Java class, for one that is not the usual.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Variable it shows and changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub var: Option<String>,
    /// Value of `var` that checks a radio button.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Hides what is typed.
    #[serde(skip_serializing_if = "is_false")]
    pub password: bool,
    /// Shown only if this holds.
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Can be used only if this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<Condition>,
    /// Done on a tap, after a switch or check box has turned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tap: Option<Vec<Do>>,
    /// Done on a long press.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_press: Option<Vec<Do>>,
    /// Is shown so many times, with `{n}` from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u32>,
    /// A check box whose tick is only painted: the hierarchy does not tell it, as with drawn boxes in real apps.
    #[serde(skip_serializing_if = "is_false")]
    pub painted_tick: bool,
    /// Left out of the hierarchy.
    #[serde(skip_serializing_if = "is_false")]
    pub hidden_from_dump: bool,
    /// Size and colours.
    #[serde(skip_serializing_if = "Paint::is_plain")]
    pub style: Paint,
    /// What it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Size and colours of a view. Lengths in dp, text in sp, colours `#rrggbb`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Paint {
    /// Width; without it a column's parts fill it and others take what they need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Share of the space left over in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// Text size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Bold text.
    #[serde(skip_serializing_if = "is_false")]
    pub bold: bool,
    /// In the middle.
    #[serde(skip_serializing_if = "is_false")]
    pub centered: bool,
    /// Background colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// Text colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Radius of its corners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corner: Option<u32>,
    /// Empty space round it, in place of the usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<u32>,
}

impl Paint {
    fn is_plain(&self) -> bool {
        self == &Self::default()
    }
}

impl View {
    /// What the view has; `None` for lines and spaces.
    pub fn look(&self) -> Option<&Look> {
        match self {
            View::Text(look)
            | View::Button(look)
            | View::Field(look)
            | View::Switch(look)
            | View::CheckBox(look)
            | View::Radio(look)
            | View::Image(look)
            | View::Item(look)
            | View::Column(look)
            | View::Row(look)
            | View::Stack(look)
            | View::List(look)
            | View::Web(look) => Some(look),
            View::Divider | View::Spacer => None,
        }
    }
}
