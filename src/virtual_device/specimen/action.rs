//! Actions: what a specimen does on an event.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::condition::{Condition, Value};
use super::op::Op;
use super::special::AskSpecial;
use super::words::{Span, Words};

/// One action. A list of them is played in order; `ask`, `ask-special`, `pick` and `wait` hold the rest of the list until the answer
/// or the time has come. A list ends early when the process does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Do {
    /// Opens a screen on top of the present one; a screen that lies below is returned to.
    Goto(String),
    /// Opens a screen in place of the present one.
    Replace(String),
    /// Opens a screen and forgets all others.
    Reset(String),
    /// Goes back one screen.
    Back,
    /// Shows a dialog on top; nothing if it is there already.
    Show(String),
    /// Takes the topmost dialog away.
    Close,
    /// Takes the named dialog away.
    Dismiss(String),
    /// Asks the system for permissions.
    Ask(Ask),
    /// Gives the app permissions without asking anybody, as an app of the device's maker may (`GRANT_RUNTIME_PERMISSIONS`).
    /// A name without a dot means `android.permission.NAME`.
    Grant(Vec<String>),
    /// Sends the person to the settings for a special access.
    AskSpecial(AskSpecial),
    /// Lets the person choose a picture in the system's own picker, which needs no permission.
    Pick(Pick),
    /// Waits.
    Wait(Span),
    /// Ends the app: its activities go, then its process.
    Exit,
    /// Goes to the home screen; the process lives on.
    Home,
    /// Crashes.
    Crash(Crash),
    /// Stops answering: the system says so after five seconds if the person does anything.
    Anr,
    /// Reads personal data.
    Access(Access),
    /// Talks to a host.
    Connect(Connect),
    /// A short message that goes by itself.
    Toast(Words),
    /// Puts up a notification.
    Notify(Notify),
    /// Takes its notifications with this title back.
    TakeBack(Words),
    /// Sets variables.
    Set(BTreeMap<String, Value>),
    /// Adds to variables that are numbers.
    Add(BTreeMap<String, i64>),
    /// Does one of two things.
    When(When),
    /// Does one of several things, by the seed.
    Choose(Vec<Choice>),
    /// Signs in with what was typed.
    SignIn(SignIn),
    /// Makes an account of what was typed and signs in.
    SignUp(SignIn),
    /// Signs out.
    SignOut,
    /// Deletes the account that is signed in.
    DeleteAccount(Deletion),
    /// Starts another app by its package name.
    StartApp(String),
    /// Starts a service of another app, by its package name: nothing is to be seen of it.
    WakeApp(String),
    /// Opens a web address in the browser.
    OpenUrl(String),
    /// Fetches a file with the system's download program.
    Download(Download),
    /// Has the system ask whether a downloaded file is to be installed, by its name.
    AskInstall(String),
    /// Takes the app's entry out of the launcher.
    HideIcon,
    /// Opens the system's page about this app.
    OpenSettings,
    /// Writes to the clipboard.
    Copy(Words),
}

/// Asks the system for permissions. What follows an answer runs once all dialogs are gone: `refused-for-good` when at
/// least one was refused for good by now or before, else `refused` when at least one was, else `granted`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ask {
    /// What is asked for; a name without a dot means `android.permission.NAME`.
    pub permissions: Vec<String>,
    /// All are granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<Do>,
    /// One was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Do>,
    /// One was refused for good, now or earlier (then no dialog came). Without it, `refused` runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_for_good: Option<Vec<Do>>,
}

/// Opens the system's picker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pick {
    /// Variable that gets the name of what was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// Something was chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub picked: Vec<Do>,
    /// The picker was left without a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancelled: Vec<Do>,
}

/// A crash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Crash {
    /// Class of the exception.
    #[serde(default = "null_pointer")]
    pub exception: String,
    /// Its message.
    #[serde(default)]
    pub message: String,
}

fn null_pointer() -> String {
    "java.lang.NullPointerException".into()
}

/// An access to personal data. Without the permission it is refused, and recorded so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Access {
    /// What is read.
    pub what: Op,
    /// How long it lasts (camera, microphone, position); without it, a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Span>,
    /// How often.
    #[serde(default = "once")]
    pub times: u32,
    /// Time between two of `times`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Span>,
    /// Variable that gets what was read: the clipboard's text, `latitude,longitude`, a number, an identifier, names and
    /// numbers, package names; nothing for pictures and sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
}

fn once() -> u32 {
    1
}

/// A network connection with one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Connect {
    /// Host name.
    pub host: String,
    /// Port; 443, or 80 for cleartext.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Not encrypted.
    #[serde(default)]
    pub cleartext: bool,
    /// Path of the request.
    #[serde(default = "root_path")]
    pub path: String,
    /// What is sent; `{name}` is replaced by the variable.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

fn root_path() -> String {
    "/".into()
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Notify {
    /// Its title.
    pub title: Words,
    /// Its text.
    #[serde(default)]
    pub text: Words,
    /// Its channel.
    #[serde(default = "default_channel")]
    pub channel: String,
}

fn default_channel() -> String {
    "default".into()
}

/// A download into the folder `Download` of the shared storage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Download {
    /// Name of the file, without folders.
    pub file: String,
    /// The system shows a notification about it. Apps may ask for none.
    #[serde(default = "yes")]
    pub notified: bool,
}

/// Does one of two things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// What decides.
    #[serde(rename = "if")]
    pub condition: Condition,
    /// Done if it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Do>,
    /// Done if it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "else")]
    pub otherwise: Vec<Do>,
}

/// One of several things to do by chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Choice {
    /// Its share among the choices.
    #[serde(default = "once")]
    pub weight: u32,
    /// What is done.
    #[serde(rename = "do", default)]
    pub actions: Vec<Do>,
}

/// Signs in, or up, with what was typed into two fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SignIn {
    /// Variable with the user's name.
    pub user: String,
    /// Variable with the password.
    pub password: String,
    /// It worked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ok: Vec<Do>,
    /// The account is not known or the password wrong; for sign-up: the account exists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Do>,
}

/// How the server deletes the account that is signed in. The app itself signs out only by `sign-out`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deletion {
    /// False: the app says it is done but the account stays.
    #[serde(default = "yes")]
    pub effective: bool,
    /// Time until it takes effect; signing in before then works and calls it off if `called-off-by-sign-in`.
    #[serde(default)]
    pub after: Span,
    /// Signing in before it took effect calls it off.
    #[serde(default)]
    pub called_off_by_sign_in: bool,
}

fn yes() -> bool {
    true
}
