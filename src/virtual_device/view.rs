//! What an app or the system shows: widgets as written, views as laid out, windows in order.
//!
//! `Widget` is what the apps and system dialogs produce; `layout` turns it into `View`s with bounds; `paint` turns
//! those into pixels; `uiautomator` prints them; `input` finds the one under a finger and hands its `Action` back.

/// A widget before layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Widget {
    /// How it arranges or draws.
    pub kind: Kind,
    /// Java class to report; empty takes the usual one of `kind`.
    pub class: String,
    /// Whole resource id (`pkg:id/name`), or empty.
    pub id: String,
    /// Shown text.
    pub text: String,
    /// Content description.
    pub desc: String,
    /// Hint of an empty field.
    pub hint: String,
    /// State and abilities.
    pub state: State,
    /// Size, spacing, colours.
    pub style: Style,
    /// A drawn sign: the whole picture of an `Image`, or a sign before the words of a button.
    pub icon: Icon,
    /// What a tap on it does; makes it clickable.
    pub on_tap: Option<Action>,
    /// What it holds.
    pub children: Vec<Widget>,
}

/// How a widget arranges its children or draws itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Children one below another.
    #[default]
    Column,
    /// Children side by side.
    Row,
    /// Children on top of each other.
    Frame,
    /// A column that scrolls.
    Scroll,
    /// Words.
    Text,
    /// A push button.
    Button,
    /// A picture (drawn as a plain shape with its text as caption).
    Image,
    /// An input field.
    Field,
    /// A check box with its words.
    CheckBox,
    /// A switch with its words.
    Switch,
    /// A radio button with its words.
    Radio,
    /// Empty space that takes what is left.
    Spacer,
    /// A thin line.
    Divider,
    /// A web page: a column that reports itself as `android.webkit.WebView`.
    Web,
}

/// A drawn sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Icon {
    #[default]
    None,
    /// A picture that stands for a photograph.
    Photo,
    Back,
    Close,
    Menu,
    More,
    Search,
    Settings,
    Home,
    Person,
    Plus,
    Heart,
    Star,
    Chat,
    Cart,
    Play,
    Bell,
    Camera,
    Location,
    Microphone,
    Contacts,
    Phone,
    Sms,
    Calendar,
    Folder,
    Nearby,
    Activity,
    Sensors,
    Warning,
    Info,
    Shield,
    Apps,
}

/// State and abilities of a widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Can be used.
    pub enabled: bool,
    /// Is checked (check box, switch, radio).
    pub checked: bool,
    /// Is selected (tab).
    pub selected: bool,
    /// Has the input focus.
    pub focused: bool,
    /// Hides what is typed.
    pub password: bool,
    /// Reacts to a long press.
    pub long_clickable: bool,
    /// Takes part in the hierarchy dump (an accessibility-hidden view does not).
    pub dumped: bool,
    /// Scroll offset in pixels, for `Scroll`.
    pub scroll: i32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            enabled: true,
            checked: false,
            selected: false,
            focused: false,
            password: false,
            long_clickable: false,
            dumped: true,
            scroll: 0,
        }
    }
}

/// Size, spacing and colours. Lengths in dp, text in sp.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    /// Width.
    pub width: Length,
    /// Height.
    pub height: Length,
    /// Share of the space left over in a row or column; 0 takes none.
    pub weight: f32,
    /// Inside spacing: left, top, right, bottom.
    pub padding: [f32; 4],
    /// Outside spacing: left, top, right, bottom.
    pub margin: [f32; 4],
    /// Where children or text stand.
    pub align: Align,
    /// Background colour, 0xAARRGGBB; 0 is none.
    pub background: u32,
    /// Text or accent colour, 0xAARRGGBB; 0 takes the usual one.
    pub color: u32,
    /// Text size in sp; 0 takes the usual one of the kind.
    pub text_size: f32,
    /// Bold text.
    pub bold: bool,
    /// Corner radius.
    pub corner: f32,
    /// Shadow height.
    pub elevation: f32,
    /// Border colour, 0xAARRGGBB; 0 is none.
    pub border: u32,
    /// Place within a `Frame` from its left top corner; `None` follows `align`.
    pub offset: Option<(f32, f32)>,
}

/// A length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Length {
    /// As much as the content needs.
    #[default]
    Wrap,
    /// All there is.
    Fill,
    /// So many dp.
    Dp(f32),
}

/// Where children or text stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Left top.
    #[default]
    Start,
    /// In the middle, both ways.
    Center,
    /// In the middle, left to right only.
    CenterHorizontal,
    /// In the middle, top to bottom only.
    CenterVertical,
    /// Right.
    End,
    /// At the bottom, over the whole width.
    Bottom,
}

/// What a tap does: a number its maker knows. The screen only carries it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Action(pub u64);

/// A rectangle in pixels; right and bottom are outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// First column inside.
    pub left: i32,
    /// First row inside.
    pub top: i32,
    /// First column outside.
    pub right: i32,
    /// First row outside.
    pub bottom: i32,
}

impl Bounds {
    /// Bounds from their four edges.
    pub const fn new(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        Self { left, top, right, bottom }
    }

    /// Width in pixels; 0 when turned inside out.
    pub fn width(self) -> i32 {
        self.right.saturating_sub(self.left).max(0)
    }

    /// Height in pixels; 0 when turned inside out.
    pub fn height(self) -> i32 {
        self.bottom.saturating_sub(self.top).max(0)
    }

    /// Whether nothing is inside.
    pub fn is_empty(self) -> bool {
        self.width() == 0 || self.height() == 0
    }

    /// Whether the pixel lies inside.
    pub fn contains(self, x: i32, y: i32) -> bool {
        (self.left..self.right).contains(&x) && (self.top..self.bottom).contains(&y)
    }

    /// Whether `other` lies wholly inside.
    pub fn encloses(self, other: Self) -> bool {
        self.left <= other.left && self.top <= other.top && self.right >= other.right && self.bottom >= other.bottom
    }

    /// The common part; empty, at the nearer corner, when there is none.
    pub fn clip(self, other: Self) -> Self {
        let (left, top) = (self.left.max(other.left), self.top.max(other.top));
        Self { left, top, right: self.right.min(other.right).max(left), bottom: self.bottom.min(other.bottom).max(top) }
    }

    /// Smaller by so many pixels on each edge (larger for a negative number).
    pub fn inset(self, by: i32) -> Self {
        Self::new(self.left + by, self.top + by, self.right - by, self.bottom - by)
    }

    /// Moved.
    pub fn offset(self, dx: i32, dy: i32) -> Self {
        Self::new(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)
    }

    /// The pixel in the middle.
    pub fn center(self) -> (i32, i32) {
        (self.left + self.width() / 2, self.top + self.height() / 2)
    }
}

/// A widget with its place on the screen. Children's bounds are clipped to their parents'.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// What it is; its `children` are empty, they are laid out in `children` below.
    pub widget: Widget,
    /// Where it is, clipped to what is visible.
    pub bounds: Bounds,
    /// Where it would be if nothing clipped it; what is drawn.
    pub frame: Bounds,
    /// How far a `Scroll` can be scrolled, in pixels; 0 when all of it is visible.
    pub reach: i32,
    /// Place among its siblings that are dumped, invisible ones counted.
    pub index: u32,
    /// What it holds: the visible ones.
    pub children: Vec<View>,
}

/// What a window is to the window manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// An activity's own window, the whole screen.
    Activity,
    /// A dialog of an activity; sized by its content, dims what is below.
    Dialog,
    /// A sheet from the bottom edge; full width, dims what is below.
    Sheet,
    /// A floating overlay (`SYSTEM_ALERT_WINDOW`), on top of other apps.
    Overlay,
    /// A dialog of the system (permission, crash, ANR).
    System,
    /// A toast: not dumped, not touchable.
    Toast,
}

/// One window.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Owner package.
    pub package: String,
    /// `package/full.class.Name` for an activity's window, else a title.
    pub title: String,
    /// Where it stands.
    pub layer: Layer,
    /// `FLAG_SECURE`: black in screenshots.
    pub secure: bool,
    /// A tap outside or *back* makes it go.
    pub cancelable: bool,
    /// Its content.
    pub content: Widget,
}
