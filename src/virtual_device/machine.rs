//! One virtual device: its profile and its parts.

use crate::clock::Clock;

/// What kind of device to be.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Serial number, as adbd tells it.
    pub serial: String,
    /// API level: 23, 26, 28, 29, 30, 31, 33, 34, 35 or 36.
    pub api: u32,
    /// Who drew the system's dialogs.
    pub skin: Skin,
    /// `en-US` or `zh-CN`.
    pub locale: String,
    /// Screen width in pixels.
    pub width: u32,
    /// Screen height in pixels.
    pub height: u32,
    /// Dots per inch.
    pub density: u32,
    /// Whether the shell runs as root.
    pub rooted: bool,
    /// adbd features announced; empty for an old adbd (shell v1, sync v1).
    pub features: Vec<String>,
    /// False for a device that renders nothing: screenshots are blank.
    pub renders: bool,
    /// False for a device without the `cmd` program (API 23).
    pub has_cmd: bool,
    /// Which ADB keys are let in.
    pub auth: Auth,
    /// How long the slow programs take.
    pub latency: Latency,
    /// Seed of every random choice.
    pub seed: u64,
}

/// Who drew the system's dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Skin {
    /// AOSP.
    Aosp,
    /// Google's images.
    Google,
    /// Samsung One UI.
    Samsung,
    /// MIUI and HyperOS, variant with `permission_with_three` text views.
    Miui,
    /// MIUI and HyperOS, variant with a `buttonPanel` without ids.
    MiuiPlain,
    /// OPPO ColorOS.
    ColorOs,
    /// vivo OriginOS.
    OriginOs,
    /// Huawei EMUI.
    Emui,
}

/// Whether a client must show a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Nobody is asked.
    Open,
    /// A key is asked for; an unknown one is let in at once (as if the person consented).
    Consent,
    /// A key is asked for; an unknown one waits for ever.
    Refuse,
}

/// How long the slow programs take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// At once.
    Instant,
    /// Figures of a modern phone.
    Phone,
    /// Figures of the captured Android 6.
    Slow,
}

/// One virtual device.
pub struct Machine {
    /// What kind of device this is.
    pub profile: Profile,
    /// The device's time.
    pub clock: Clock,
}
