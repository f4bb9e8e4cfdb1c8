//! Input methods: which there are, which is chosen, and how text comes through it into the focused field. MODEL: AOSP's
//! `InputMethodManagerService` by its source; no input method draws anything here.

use std::time::Duration;

use super::log::Buffer;
use super::{Component, System, Table};
use crate::virtual_device::specimen::{InputMethod, Takes};

/// The system's own, which has no model: a keyboard for fingers.
pub const OWN: &str = "com.android.inputmethod.latin/.LatinIME";
const CURRENT: &str = "default_input_method";
const ENABLED: &str = "enabled_input_methods";
/// How long it takes until a service that was chosen is bound to the field. MODEL: a guess; what is sent before is lost.
const BINDS_AFTER: Duration = Duration::from_millis(150);
/// Longest run of keys that spell one piece of UTF-7.
const LONGEST_RUN: usize = 4_000;

/// The input method that was chosen last.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    id: String,
    /// When it is bound, on the device's clock.
    bound_at: Duration,
    /// Keys since the one that began a piece of UTF-7.
    run: Option<String>,
}

impl System {
    /// Ids of all input methods that are installed.
    pub fn input_methods(&self) -> Vec<String> {
        let of_apps = self.apps.iter().filter(|(package, _)| self.packages.contains_key(*package));
        let ids = of_apps.filter_map(|(package, app)| {
            Some(Component::new(package, &app.model.input_method.as_ref()?.service).short())
        });
        std::iter::once(OWN.to_owned()).chain(ids).collect()
    }

    /// The one that is chosen; without any the system's own.
    pub fn input_method(&self) -> String {
        let set = self.settings.get(Table::Secure, CURRENT).unwrap_or_default().to_owned();
        if self.input_methods().contains(&set) { set } else { OWN.to_owned() }
    }

    /// Those that are enabled and installed.
    pub fn enabled_input_methods(&self) -> Vec<String> {
        let all = self.input_methods();
        let set = self.settings.get(Table::Secure, ENABLED).unwrap_or_default();
        let ids = set.split(':').map(|one| one.split(';').next().unwrap_or_default().to_owned());
        ids.filter(|id| all.contains(id)).collect()
    }

    /// Enables or disables one. False when there is none of that id.
    pub fn enable_input_method(&mut self, id: &str, on: bool) -> bool {
        if !self.input_methods().iter().any(|one| one == id) {
            return false;
        }
        let mut all: Vec<String> = self.enabled_input_methods().into_iter().filter(|one| one != id).collect();
        if on {
            all.push(id.to_owned());
        }
        self.settings.put(Table::Secure, ENABLED, &all.join(":"));
        if !on && self.input_method() == id {
            self.choose_input_method(OWN);
        }
        true
    }

    /// Chooses one that is enabled. False when it is not.
    pub fn set_input_method(&mut self, id: &str) -> bool {
        let known = self.enabled_input_methods().iter().any(|one| one == id);
        if known && self.input_method() != id {
            self.choose_input_method(id);
        }
        known
    }

    fn choose_input_method(&mut self, id: &str) {
        self.settings.put(Table::Secure, CURRENT, id);
        self.chosen = Chosen { id: id.to_owned(), bound_at: self.now + BINDS_AFTER, run: None };
        if let Some(service) = Component::parse(id).filter(|service| self.apps.contains_key(&service.package)) {
            self.ensure_process(&service.package, "service", Some(&service));
        }
    }

    /// The id of the one that is chosen, when it is bound to a field.
    pub fn bound_input_method(&self) -> Option<String> {
        let id = self.input_method();
        let waits = self.chosen.id == id && self.now < self.chosen.bound_at;
        (!waits && self.has_input_focus()).then_some(id)
    }

    /// The model of the one that is bound, with its package.
    fn bound_model(&self) -> Option<(String, InputMethod)> {
        let package = Component::parse(&self.bound_input_method()?)?.package;
        let model = self.apps.get(&package)?.model.input_method.clone()?;
        Some((package, model))
    }

    /// A broadcast to those who listen: the input method that is bound, when it is meant and waits for it.
    pub fn broadcast_to_input_method(&mut self, action: &str, to: Option<&str>, text: impl Fn(&str) -> Option<String>) {
        let Some((package, model)) = self.bound_model() else { return };
        let Takes::Broadcast { action: wanted, extra } = &model.takes else { return };
        if action == wanted
            && to.is_none_or(|to| to == package)
            && let Some(text) = text(extra).and_then(|coded| from_base64(&coded, b'/'))
        {
            self.write_into_field(&String::from_utf8_lossy(&text));
        }
    }

    /// Keys of a hardware keyboard, which the input method gets first. False when no field has the focus.
    pub fn type_text(&mut self, keys: &str) -> bool {
        self.catch_up();
        let Some((package, model)) = self.bound_model() else { return self.write_into_field(keys) };
        if model.logs_keys {
            self.log_keys(&package, &model, keys);
        }
        match model.takes {
            Takes::ModifiedUtf7 => {
                let text = self.spelt(keys);
                self.write_into_field(&text)
            }
            Takes::Keys | Takes::Broadcast { .. } => self.write_into_field(keys),
        }
    }

    fn log_keys(&mut self, package: &str, model: &InputMethod, keys: &str) {
        let pid = self.pid_of(package).unwrap_or_default();
        let uid = self.packages.get(package).map_or(10_000, |p| p.uid);
        let tag = model.service.rsplit('.').next().unwrap_or_default().to_owned();
        for key in keys.chars() {
            self.write_log(Buffer::Main, 'I', &tag, pid, uid, &format!("onKeyDown (key='{key}')"));
        }
    }

    /// What keys spell in modified UTF-7; a piece may go on with the next keys.
    fn spelt(&mut self, keys: &str) -> String {
        let mut text = String::new();
        for key in keys.chars() {
            match self.chosen.run.take() {
                None if key == '&' => self.chosen.run = Some(String::new()),
                None => text.push(key),
                Some(run) if key == '-' && run.is_empty() => text.push('&'),
                Some(run) if key == '-' => text.push_str(&of_utf16(&run).unwrap_or(run)),
                Some(mut run) => {
                    if run.len() < LONGEST_RUN {
                        run.push(key);
                    }
                    self.chosen.run = Some(run);
                }
            }
        }
        text
    }
}

fn of_utf16(coded: &str) -> Option<String> {
    let bytes = from_base64(coded, b',')?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
    String::from_utf16(&units).ok()
}

/// Bytes from base64 whose last letter is `last`; padding may be missing.
fn from_base64(coded: &str, last: u8) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in coded.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            other if other == last => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    Some(bytes)
}
