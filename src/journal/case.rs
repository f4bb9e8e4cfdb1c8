//! How a case begins and ends: what is to be done, on what, and who is to blame when it was not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry::Digest;

/// What is to be done, by what, on what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CaseOpened {
    /// Stable id of the case.
    pub case: String,
    /// Which try, from 1.
    pub attempt: u32,
    /// Purpose of the run, free text.
    pub purpose: String,
    /// The app's file says.
    pub app: AppFacts,
    /// Category id of the catalogue (one of 39), when known.
    pub category: Option<String>,
    /// Scenario id.
    pub scenario: String,
    /// Scenario title.
    pub scenario_title: String,
    /// SHA-256 of the scenario file.
    pub scenario_digest: Digest,
    /// What the scenario looks at: verbs that occur, so that a judge knows what was meant to be looked for.
    pub scenario_verbs: Vec<String>,
    /// How prompts are to be answered.
    pub prompts: PromptPolicy,
    /// How the policy dialog is to be answered.
    pub consent: ConsentPolicy,
    /// SHA-256 of the catalogue in force.
    pub catalogue_digest: Digest,
    /// Words that were added to those of the program; who judges the record reads by them too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lexicon: Vec<AddedWords>,
    /// Program version.
    pub program: String,
    /// SHA-256 of the program file, when it could be read.
    pub program_digest: Option<Digest>,
}

/// A file of words that was added to the program's lexicon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AddedWords {
    /// Its name.
    pub file: String,
    /// SHA-256 of it.
    pub sha256: Digest,
    /// What it says: a record is judged by itself alone.
    pub text: String,
}

/// What an app file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct AppFacts {
    /// Package id.
    pub package: String,
    /// Label in the manifest's default language.
    pub label: String,
    /// Version code.
    pub version_code: u64,
    /// Version name.
    pub version_name: String,
    /// Minimum SDK level.
    pub min_sdk: Option<u32>,
    /// Target SDK level.
    pub target_sdk: Option<u32>,
    /// Permissions the manifest declares.
    pub permissions: Vec<String>,
    /// Launchable activity, when the manifest names one.
    pub launcher: Option<String>,
    /// Its icon, a file in the app; without one the system shows its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// SHA-256 of the signing certificates (DER).
    pub certificates: Vec<Digest>,
    /// Files it was installed from.
    pub files: Vec<AppFile>,
}

/// One file of an app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppFile {
    /// File name without folders.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Length in bytes.
    pub bytes: u64,
}

/// A device, as it describes itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct DeviceIdentity {
    /// Serial at the ADB server.
    pub serial: String,
    /// `ro.build.version.sdk`.
    pub api: u32,
    /// `ro.product.manufacturer`.
    pub manufacturer: String,
    /// `ro.product.model`.
    pub model: String,
    /// `ro.build.fingerprint`.
    pub fingerprint: String,
    /// Locale, for example `zh-CN`.
    pub locale: String,
    /// Which dialogs it draws: `aosp`, `google`, `samsung`, `miui` …
    pub skin: String,
    /// ABIs, first preferred.
    pub abis: Vec<String>,
    /// Screen width in pixels; 0 when unknown.
    pub width: u32,
    /// Screen height in pixels; 0 when unknown.
    pub height: u32,
    /// Dots per inch; 0 when unknown.
    pub density: u32,
    /// adbd features.
    pub features: Vec<String>,
    /// Whether shell commands can run as root.
    pub rooted: bool,
    /// The device says it is an emulator (`ro.kernel.qemu`, `ro.hardware`).
    pub emulator: bool,
    /// The device says it is AppWitness's virtual device, a model of Android (`ro.appwitness.virtual`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub virtual_device: bool,
    /// Device clock minus host clock, in ms, when measured.
    pub clock_offset_ms: Option<i64>,
}

/// How prompts are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PromptPolicy {
    /// Leave them; the scenario's steps answer.
    #[default]
    Ask,
    /// Allow everything.
    Allow,
    /// Refuse everything.
    Deny,
    /// Refuse everything, for good where the dialog offers it.
    DenyForGood,
    /// Refuse what the app's category does not need, allow the rest.
    DenyNonEssential,
}

/// How the app's own policy dialog is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentPolicy {
    /// Accept it.
    Accept,
    /// Refuse it.
    Refuse,
    /// Leave it to the steps.
    #[default]
    Leave,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Every step was carried out or recorded as failed by the app's own doing.
    Completed,
    /// Ended early; `missing` lists what was not done.
    Aborted,
    /// Stopped by a signal.
    Stopped,
}

/// Who an error belongs to. Only `device` is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The scenario asks for something that cannot be.
    Scenario,
    /// The app under test.
    App,
    /// The device or the way to it.
    Device,
    /// This machine: disk, memory, a bug.
    Host,
}

/// What bounds a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LimitKind {
    /// The virtual device has no model for this app: it was not exercised.
    NoModel,
    /// Secure (black) screens.
    SecureScreen,
    /// The screen is not rendered: every screenshot is blank.
    BlankScreen,
    /// The app behaves as on an emulator.
    EmulatorDetected,
    /// A sign-in wall, and no account to pass it.
    LoginWall,
    /// No test account was given, or no way to use it.
    NoAccount,
    /// No network capture.
    NoNetworkCapture,
    /// App operations could not be read.
    NoAppops,
    /// The event log could not be followed.
    NoEventLog,
    /// The hierarchy could not be read.
    NoHierarchy,
    /// No functions were written for the app.
    NoFunctions,
    /// No category was given.
    NoCategory,
    /// The app keeps crashing.
    KeepsStopping,
    /// The app's native code is for other processors than the device's.
    OtherProcessor,
    /// Something else.
    Other,
}
