//! What kind of device to be: its profile, and the profiles one can ask for by name.

use std::str::FromStr;

use super::profile_error::ProfileError;
use crate::clock::Clock;

/// API levels a device can be.
pub const API_LEVELS: [u32; 10] = [23, 26, 28, 29, 30, 31, 33, 34, 35, 36];

/// Sides of a screen, in pixels, and its density, in dots per inch.
const SIDES: std::ops::RangeInclusive<u32> = 160..=4096;
const DENSITIES: std::ops::RangeInclusive<u32> = 72..=800;

/// What kind of device to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Serial number, as the ADB server lists it.
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
    /// How its time goes. The device does not make its clock: whoever boots it does, and gives it one of this pace.
    pub pace: Pace,
    /// Name of a file of faults. The device does not read it: whoever boots the device does, and gives it the rules.
    pub faults: Option<String>,
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
    /// A key is asked for; an unknown one waits until somebody consents.
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

/// How a device's time goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// As everybody's.
    #[default]
    Real,
    /// As everybody's, but where whoever uses the device only waits: that is skipped, and everything due on the way happens
    /// in its order.
    Skipping,
}

impl Pace {
    /// A clock of this pace.
    pub fn clock(self) -> Clock {
        match self {
            Self::Real => Clock::real(),
            Self::Skipping => Clock::skipping(),
        }
    }
}

impl FromStr for Pace {
    type Err = ProfileError;

    fn from_str(value: &str) -> Result<Self, ProfileError> {
        one_of("clock", value, &[("real", Pace::Real), ("skipping", Pace::Skipping)])
    }
}

/// The names a device tells of itself in its banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// `ro.product.name`
    pub name: &'static str,
    /// `ro.product.model`
    pub model: &'static str,
    /// `ro.product.device`
    pub device: &'static str,
}

impl Profile {
    /// A modern device of Google's, in English, that answers at once and lets everybody in.
    pub fn new(serial: impl Into<String>) -> Self {
        let mut profile = Self {
            serial: serial.into(),
            api: 34,
            skin: Skin::Google,
            locale: "en-US".into(),
            width: 1080,
            height: 2400,
            density: 420,
            rooted: false,
            features: Vec::new(),
            renders: true,
            has_cmd: true,
            auth: Auth::Open,
            latency: Latency::Instant,
            seed: 0,
            pace: Pace::Real,
            faults: None,
        };
        profile.become_api(34);
        profile
    }

    /// A named profile: `phone` (the usual one) or `old` (an Android 6 without `cmd` and shell v2).
    pub fn preset(name: &str, serial: impl Into<String>) -> Option<Self> {
        let mut profile = Self::new(serial);
        match name {
            "phone" => {}
            "old" => profile.become_api(23),
            _ => return None,
        }
        Some(profile)
    }

    /// Reads a profile written as `api=34,skin=google,locale=zh-CN`; what it does not name stays as in [`Profile::new`].
    ///
    /// Keys: `preset`, `serial`, `api`, `skin`, `locale`, `size` (`1080x2400`), `density`, `rooted`, `features` (`none`,
    /// or names joined by `+`), `renders`, `cmd`, `auth`, `latency`, `seed`, `clock` (`real`, `skipping`), `faults` (a file;
    /// it and the clock are for whoever boots the device). Setting the API level also sets what goes with it (features, `cmd`, and at 23 an AOSP skin and a small screen), unless the text says otherwise itself.
    ///
    /// # Errors
    /// The first entry that can't be understood.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let entries = entries(text)?;
        let mut profile = Self::new("emulator-5554");
        let (first, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(key, _)| ["preset", "api"].contains(key));
        for (key, value) in first.into_iter().chain(rest) {
            profile.set(key, value)?;
        }
        Ok(profile)
    }

    /// What the device calls itself.
    /// MODEL: one device per skin; the names follow the captures of that maker where there is one.
    pub fn product(&self) -> Product {
        let (name, model, device) = match self.skin {
            Skin::Aosp => ("aosp_x86_64", "AOSP on x86_64", "generic_x86_64"),
            Skin::Google => ("sdk_gphone64_x86_64", "sdk_gphone64_x86_64", "emu64xa"),
            Skin::Samsung => ("b0qxxx", "SM-S908B", "b0q"),
            Skin::Miui | Skin::MiuiPlain => ("pipa_global", "23043RP34G", "pipa"),
            Skin::ColorOs => ("PHB110", "PHB110", "OP5913L1"),
            Skin::OriginOs => ("PD2241", "V2241A", "PD2241"),
            Skin::Emui => ("NOH-AN00", "NOH-AN00", "HWNOH"),
        };
        Product { name, model, device }
    }

    /// Whether `feature` is announced.
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|f| f == feature)
    }

    fn become_api(&mut self, api: u32) {
        self.api = api;
        self.has_cmd = api >= 24;
        self.features = features_of(api);
        if api < 24 {
            (self.width, self.height, self.density) = (480, 800, 160);
            self.skin = Skin::Aosp;
        }
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), ProfileError> {
        match key {
            "preset" => *self = Self::preset(value, &*self.serial).ok_or_else(|| wrong(key, value, "phone or old"))?,
            "serial" => self.serial = serial(value)?,
            "api" => self.become_api(api(value)?),
            "skin" => self.skin = value.parse()?,
            "locale" => self.locale = one_of(key, value, &[("en-US", "en-US"), ("zh-CN", "zh-CN")])?.into(),
            "size" => (self.width, self.height) = size(value)?,
            "density" => self.density = number(key, value, &DENSITIES)?,
            "rooted" => self.rooted = yes_or_no(key, value)?,
            "features" => self.features = features(value)?,
            "renders" => self.renders = yes_or_no(key, value)?,
            "cmd" => self.has_cmd = yes_or_no(key, value)?,
            "auth" => {
                self.auth =
                    one_of(key, value, &[("open", Auth::Open), ("consent", Auth::Consent), ("refuse", Auth::Refuse)])?
            }
            "latency" => {
                self.latency = one_of(
                    key,
                    value,
                    &[("instant", Latency::Instant), ("phone", Latency::Phone), ("slow", Latency::Slow)],
                )?
            }
            "seed" => self.seed = value.parse().map_err(|_| wrong(key, value, "a whole number"))?,
            "clock" => self.pace = value.parse()?,
            "faults" if !value.is_empty() => self.faults = Some(value.into()),
            "faults" => return Err(wrong(key, value, "the name of a file")),
            _ => return Err(ProfileError::UnknownKey(key.into())),
        }
        Ok(())
    }
}

impl FromStr for Skin {
    type Err = ProfileError;

    fn from_str(value: &str) -> Result<Self, ProfileError> {
        let names = [
            ("aosp", Skin::Aosp),
            ("google", Skin::Google),
            ("samsung", Skin::Samsung),
            ("miui", Skin::Miui),
            ("miui-plain", Skin::MiuiPlain),
            ("coloros", Skin::ColorOs),
            ("originos", Skin::OriginOs),
            ("emui", Skin::Emui),
        ];
        one_of("skin", value, &names)
    }
}

/// MODEL: what adbd of that release announces, as far as it is modelled here.
fn features_of(api: u32) -> Vec<String> {
    let since = [("shell_v2", 24), ("cmd", 24), ("stat_v2", 26), ("ls_v2", 30), ("fixed_push_mkdir", 29)];
    since.iter().filter(|(_, from)| api >= *from).map(|(name, _)| String::from(*name)).collect()
}

fn entries(text: &str) -> Result<Vec<(&str, &str)>, ProfileError> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for entry in text.split(',').map(str::trim).filter(|e| !e.is_empty()) {
        let (key, value) = entry.split_once('=').ok_or_else(|| ProfileError::NoValue(entry.into()))?;
        if found.iter().any(|(k, _)| *k == key) {
            return Err(ProfileError::Twice(key.into()));
        }
        found.push((key, value));
    }
    Ok(found)
}

fn wrong(key: &str, value: &str, expected: impl Into<String>) -> ProfileError {
    ProfileError::Value { key: key.into(), value: value.into(), expected: expected.into() }
}

fn one_of<T: Copy>(key: &str, value: &str, choices: &[(&str, T)]) -> Result<T, ProfileError> {
    let found = choices.iter().find(|(name, _)| *name == value).map(|(_, choice)| *choice);
    found.ok_or_else(|| wrong(key, value, choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")))
}

fn yes_or_no(key: &str, value: &str) -> Result<bool, ProfileError> {
    one_of(key, value, &[("true", true), ("false", false)])
}

fn number(key: &str, value: &str, range: &std::ops::RangeInclusive<u32>) -> Result<u32, ProfileError> {
    let parsed = value.parse().ok().filter(|n| range.contains(n));
    parsed.ok_or_else(|| wrong(key, value, format!("a number from {} to {}", range.start(), range.end())))
}

fn api(value: &str) -> Result<u32, ProfileError> {
    let known = API_LEVELS.map(|level| level.to_string()).join(", ");
    let parsed = value.parse().ok().filter(|level| API_LEVELS.contains(level));
    parsed.ok_or_else(|| wrong("api", value, known))
}

fn size(value: &str) -> Result<(u32, u32), ProfileError> {
    let (width, height) = value.split_once('x').ok_or_else(|| wrong("size", value, "WIDTHxHEIGHT"))?;
    Ok((number("size", width, &SIDES)?, number("size", height, &SIDES)?))
}

fn serial(value: &str) -> Result<String, ProfileError> {
    let sound = (1..=64).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
    if sound { Ok(value.into()) } else { Err(wrong("serial", value, "1 to 64 printable ASCII characters")) }
}

fn features(value: &str) -> Result<Vec<String>, ProfileError> {
    let known = ["shell_v2", "cmd", "stat_v2", "ls_v2", "fixed_push_mkdir", "abb", "abb_exec", "sendrecv_v2"];
    if value == "none" {
        return Ok(Vec::new());
    }
    value.split('+').map(|name| one_of("features", name, &known.map(|k| (k, k))).map(String::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_the_usual_device() {
        let profile = Profile::parse("").unwrap();
        assert_eq!((profile.api, profile.width, profile.height, profile.density), (34, 1080, 2400, 420));
        assert_eq!(profile.features.join(","), "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir");
    }

    #[test]
    fn everything_can_be_said() {
        let text = "skin=miui-plain,locale=zh-CN,size=720x1600,density=320,rooted=true,features=none,renders=false,\
                    cmd=false,auth=consent,latency=phone,seed=7,serial=127.0.0.1:5,api=29,clock=skipping,\
                    faults=bad.yaml";
        let expected = Profile {
            serial: "127.0.0.1:5".into(),
            api: 29,
            skin: Skin::MiuiPlain,
            locale: "zh-CN".into(),
            width: 720,
            height: 1600,
            density: 320,
            rooted: true,
            features: vec![],
            renders: false,
            has_cmd: false,
            auth: Auth::Consent,
            latency: Latency::Phone,
            seed: 7,
            pace: Pace::Skipping,
            faults: Some("bad.yaml".into()),
        };
        assert_eq!(Profile::parse(text).unwrap(), expected);
    }

    #[test]
    fn the_api_level_brings_its_own_defaults_wherever_it_stands() {
        let old = Profile::parse("density=240,api=23").unwrap();
        assert_eq!((old.width, old.height, old.density, old.has_cmd), (480, 800, 240, false));
        assert!(old.features.is_empty());
        assert_eq!(Profile::preset("old", "x").unwrap().features, Vec::<String>::new());
        assert!(Profile::preset("fridge", "x").is_none());
    }

    #[test]
    fn a_mistake_is_named() {
        let said = |text| Profile::parse(text).unwrap_err().to_string();
        assert_eq!(
            said("api=27"),
            "device profile: api=27 is not possible, expected 23, 26, 28, 29, 30, 31, 33, 34, 35, 36"
        );
        assert_eq!(said("colour=red"), "device profile: unknown key colour");
        assert_eq!(said("rooted"), "device profile: rooted has no value (write KEY=VALUE)");
        assert_eq!(said("api=34,api=34"), "device profile: api is given twice");
        assert_eq!(said("size=1x2"), "device profile: size=1 is not possible, expected a number from 160 to 4096");
        assert!(said("features=shell_v2+magic").contains("features=magic"));
    }
}
