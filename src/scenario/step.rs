//! The steps an author can write.

use std::collections::BTreeMap;
use std::time::Duration;

use super::source::Located;
use super::words::{Answer, ConsentPolicy, Word};
use crate::ui::{Concept, Selector};

/// One step. The verb in YAML is the variant's name in kebab case.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Start the app, `times` times; between two starts it is stopped.
    Launch {
        /// How many times, from 1.
        times: u32,
    },
    /// Wait until the screen keeps still.
    Settle {
        /// Then go on anyway.
        at_most: Duration,
    },
    /// Try the app's basic functions, as its briefing tells them.
    Functions,
    /// The same tour on several clean installs: everything allowed, what is not needed refused, one refused at a time.
    Twin(Twin),
    /// Search for a concept.
    Seek(Concept),
    /// Searches the app for a text, as `seek` does, opens it and reads it to its end.
    Read(Concept),
    /// Tap a view.
    Tap(Selector),
    /// Press a view long.
    LongPress(Selector),
    /// Tap a view twice in quick succession.
    DoubleTap(Selector),
    /// Turn a switch or a box on or off; it is left alone when it stands so already.
    Toggle {
        /// The switch, or the words beside it.
        view: Selector,
        /// How it must stand afterwards.
        on: bool,
    },
    /// Type text.
    Type {
        /// The field; `None` for the one that has the focus.
        into: Option<Selector>,
        /// May hold `${account.user}` and `${account.password}`, which the run fills in.
        text: String,
    },
    /// Empty a field.
    ClearText(Selector),
    /// Drag a finger.
    Swipe {
        /// Where the finger moves to.
        direction: Direction,
        /// On which view; `None` for the whole screen.
        on: Option<Selector>,
    },
    /// Scroll until a view is to be seen.
    ScrollTo(Selector),
    /// Press *back*.
    Back,
    /// Press *home*.
    Home,
    /// Show the recent apps.
    Recents,
    /// Turn the device.
    Rotate(Turn),
    /// Take the device's network away or give it back.
    Network(bool),
    /// Set the device's clock forward.
    SetClock {
        /// By how much.
        forward: Duration,
    },
    /// Give the app a permission or take it away, without being asked.
    SetPermission {
        /// Its full name.
        permission: String,
        /// Granted afterwards.
        granted: bool,
        /// By which way.
        by: Route,
    },
    /// Ask the person who runs this for something the device cannot know, such as a code sent by SMS.
    AskOperator {
        /// What is asked.
        question: String,
        /// The name under which later steps type the answer: `${operator.NAME}`.
        name: String,
        /// How long to wait for it.
        within: Duration,
    },
    /// The steps of another scenario.
    Use {
        /// A shipped scenario or a file, relative to this one.
        scenario: String,
        /// Values for its parameters.
        with: BTreeMap<String, String>,
        /// Its steps, once [`super::Scenario::resolve`] has read them.
        steps: Vec<Located<Step>>,
    },
    /// Wait for a condition; it must come.
    Wait(Expectation),
    /// The condition must hold within the time.
    Expect(Expectation),
    /// The condition must not hold at any moment of the time.
    ExpectNot(Expectation),
    /// Stop the app.
    Stop,
    /// Keep a picture.
    Screenshot {
        /// What it shows, in the author's words.
        name: Option<String>,
    },
    /// Write a remark into the journal.
    Note(String),
    /// Answer the prompt that is on the screen.
    Answer(Answer),
    /// Answer the app's policy dialog that is on the screen.
    Consent(ConsentPolicy),
    /// Sign up, by the briefing.
    SignUp,
    /// Sign in, by the briefing.
    SignIn,
    /// Ask for the deletion of the account, on the screen that a seek found.
    RequestDeletion,
    /// Check that the account no longer signs in.
    CheckAccountDeleted,
    /// Close the pop-up that is on the screen, if there is one.
    ClosePopup,
    /// Steps that depend on what is to be seen now.
    When {
        /// What must hold.
        condition: Condition,
        /// Steps if it holds.
        then: Vec<Located<Step>>,
        /// Steps if it does not.
        otherwise: Vec<Located<Step>>,
    },
    /// The same steps several times.
    Repeat {
        /// How many times, from 1.
        times: u32,
        /// The steps.
        steps: Vec<Located<Step>>,
    },
    /// Go to the home screen, stay there, come back.
    Background {
        /// How long.
        period: Duration,
    },
    /// Install the app of the case over the older version, which was installed first.
    Upgrade,
    /// Delete the app's data.
    ClearData,
    /// Run a command in the device's shell.
    Shell(String),
    /// Stay on the screen and watch what comes.
    Dwell {
        /// How long.
        period: Duration,
    },
    /// Move the device while an advertisement at the app's start is on the screen, from the weakest movement on; or make
    /// one movement on the present screen.
    MoveDevice {
        /// Strength without gravity in m/s², and how long.
        movement: Option<(f64, Duration)>,
    },
    /// Tap places of an advertisement at the app's start that lie beside its controls.
    TapBlank,
    /// Start the device anew.
    Reboot,
    /// Search for a switch, turn it off, and look at it again after restarts.
    TurnOff(Concept),
    /// Sign up with the birth date of a child, by the briefing.
    SignUpAsChild,
    /// A complaint or request that a person sent: written down, not sent.
    Complaint {
        /// Day it was sent, `YYYY-MM-DD`.
        sent: String,
        /// Day it was answered in substance.
        answered: Option<String>,
    },
    /// Neither touch the device nor look at its screen; its log is followed.
    LeaveAlone {
        /// How long.
        period: Duration,
    },
}

/// Bounds of a twin's tour, and what comes before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// Controls pressed on the first install at the most.
    pub taps: u32,
    /// Pages looked at on the first install at the most.
    pub pages: u32,
    /// Time for the first install.
    pub within: Duration,
    /// In which order the controls of a page are tried: 0 as they stand, else shuffled by this number.
    pub seed: u32,
    /// Steps on each install between the start of the app and the tour.
    pub first: Vec<Located<Step>>,
}

/// A condition and the time it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What must hold.
    pub what: Condition,
    /// How long to look.
    pub within: Duration,
}

/// Something that can be seen to hold or not.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A view is on the screen.
    View(Selector),
    /// The app is in front, or gone.
    App(AppState),
    /// No more permission prompts than this were shown in the case so far.
    PromptsAtMost(u32),
    /// No more pop-ups of the app than this were shown in the case so far.
    PopupsAtMost(u32),
    /// A test account and a way to sign in are at hand, or not.
    Account(bool),
}

/// Where the app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppState {
    /// One of its screens is in front (a system dialog over it counts as in front).
    InFront,
    /// Another app's or the system's screen is in front.
    Gone,
}

/// Where a finger moves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Towards the top: the content moves up, what is below comes to be seen.
    Up,
    /// Towards the bottom.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
}

/// How the device is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Upright.
    Portrait,
    /// On its left side: turned by a quarter.
    Landscape,
    /// Upside down.
    UpsideDown,
    /// On its right side.
    LandscapeRight,
}

impl Turn {
    /// Quarter turns, as `user_rotation` counts them (`android.view.Surface.ROTATION_…`).
    pub fn quarters(self) -> u8 {
        self as u8
    }
}

/// How a permission is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// On the system's settings page, as a person does.
    Settings,
    /// By `pm grant` and `pm revoke`: no person's answer, and the record says so.
    Pm,
}

/// How something that can be turned on stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Switch(pub bool);

impl Word for Switch {
    const WORDS: &'static [(&'static str, Self)] = &[("on", Self(true)), ("off", Self(false))];
}

impl Word for Turn {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("portrait", Self::Portrait),
        ("landscape", Self::Landscape),
        ("upside-down", Self::UpsideDown),
        ("landscape-right", Self::LandscapeRight),
    ];
}

impl Word for Route {
    const WORDS: &'static [(&'static str, Self)] = &[("settings", Self::Settings), ("pm", Self::Pm)];
}

impl Word for AppState {
    const WORDS: &'static [(&'static str, Self)] = &[("in-front", Self::InFront), ("gone", Self::Gone)];
}

impl Word for Direction {
    const WORDS: &'static [(&'static str, Self)] =
        &[("up", Self::Up), ("down", Self::Down), ("left", Self::Left), ("right", Self::Right)];
}

impl Step {
    /// The verb, as written.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Launch { .. } => "launch",
            Self::Settle { .. } => "settle",
            Self::Functions => "functions",
            Self::Twin(_) => "twin",
            Self::Seek(_) => "seek",
            Self::Read(_) => "read",
            Self::Tap(_) => "tap",
            Self::LongPress(_) => "long-press",
            Self::DoubleTap(_) => "double-tap",
            Self::Toggle { .. } => "toggle",
            Self::Type { .. } => "type",
            Self::ClearText(_) => "clear-text",
            Self::Swipe { .. } => "swipe",
            Self::ScrollTo(_) => "scroll-to",
            Self::Back => "back",
            Self::Home => "home",
            Self::Recents => "recents",
            Self::Rotate(_) => "rotate",
            Self::Network(_) => "network",
            Self::SetClock { .. } => "set-clock",
            Self::SetPermission { .. } => "set-permission",
            Self::AskOperator { .. } => "ask-operator",
            Self::Use { .. } => "use",
            Self::Wait(_) => "wait",
            Self::Expect(_) => "expect",
            Self::ExpectNot(_) => "expect-not",
            Self::Stop => "stop",
            Self::Screenshot { .. } => "screenshot",
            Self::Note(_) => "note",
            Self::Answer(_) => "answer",
            Self::Consent(_) => "consent",
            Self::SignUp => "sign-up",
            Self::SignIn => "sign-in",
            Self::RequestDeletion => "request-deletion",
            Self::CheckAccountDeleted => "check-account-deleted",
            Self::ClosePopup => "close-popup",
            Self::When { .. } => "when",
            Self::Repeat { .. } => "repeat",
            Self::Background { .. } => "background",
            Self::Upgrade => "upgrade",
            Self::ClearData => "clear-data",
            Self::Shell(_) => "shell",
            Self::Dwell { .. } => "dwell",
            Self::MoveDevice { .. } => "move-device",
            Self::TapBlank => "tap-blank",
            Self::Reboot => "reboot",
            Self::TurnOff(_) => "turn-off",
            Self::SignUpAsChild => "sign-up-as-child",
            Self::Complaint { .. } => "complaint",
            Self::LeaveAlone { .. } => "leave-alone",
        }
    }

    /// The steps inside this one, in the order they are written.
    pub fn inner(&self) -> impl Iterator<Item = &Located<Step>> {
        let (first, second): (&[Located<Step>], &[Located<Step>]) = match self {
            Self::When { then, otherwise, .. } => (then, otherwise),
            Self::Repeat { steps, .. } | Self::Use { steps, .. } => (steps, &[]),
            Self::Twin(twin) => (&twin.first, &[]),
            _ => (&[], &[]),
        };
        first.iter().chain(second)
    }
}
