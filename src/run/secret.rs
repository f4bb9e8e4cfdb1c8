//! Secrets of a run: the test account, and what an operator tells on the way. They are typed on the device and never
//! written down.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;

/// Asks the person who runs this a question; the answer, or why there is none. Whoever makes it bounds its length.
pub type Operator = Arc<dyn Fn(String) -> Answering + Send + Sync>;
/// A question under way.
pub type Answering = Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

/// Named secrets. `Debug` shows names only.
#[derive(Clone, Default)]
pub struct Secrets {
    values: BTreeMap<String, String>,
    /// What was told on the way; shared, because an attempt only reads its order.
    told: Arc<Mutex<BTreeMap<String, String>>>,
    operator: Option<Operator>,
}

/// What stands in the record in a secret's place.
const MASK: &str = "••••";

impl Secrets {
    /// Adds or replaces one. An empty value is no secret and is left out.
    pub fn insert(&mut self, name: &str, value: String) {
        if !value.is_empty() {
            self.values.insert(name.to_owned(), value);
        }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.told().is_empty()
    }

    /// The same, with somebody to ask.
    #[must_use]
    pub fn with_operator(self, operator: Option<Operator>) -> Self {
        Self { operator, ..self }
    }

    /// The same for one attempt: what it is told stays its own.
    #[must_use]
    pub fn for_one_attempt(&self) -> Self {
        Self { told: Arc::default(), ..self.clone() }
    }

    /// Whether there is somebody to ask.
    pub fn has_operator(&self) -> bool {
        self.operator.is_some()
    }

    /// Asks the operator; `None` when there is nobody to ask.
    pub fn ask(&self, question: &str) -> Option<Answering> {
        self.operator.as_ref().map(|operator| operator(question.to_owned()))
    }

    /// Keeps what the operator told under a name.
    pub fn tell(&self, name: &str, value: String) {
        self.lock().insert(name.to_owned(), value);
    }

    fn told(&self) -> BTreeMap<String, String> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces `${name}` by its value; an unknown name is an error that names it.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let told = self.told();
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else { break };
            out.push_str(before);
            let value = self.get(name).or_else(|| told.get(name).map(String::as_str));
            out.push_str(value.ok_or_else(|| name.to_owned())?);
            rest = tail;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// The text with every secret of at least three characters masked, also as XML writes it.
    pub fn mask(&self, text: &str) -> String {
        let hide = |text: String, value: &String| {
            let plain = text.replace(value.as_str(), MASK);
            let escaped = escaped(value);
            if escaped == *value { plain } else { plain.replace(&escaped, MASK) }
        };
        let told = self.told();
        let all = self.values.values().chain(told.values());
        all.filter(|value| value.chars().count() >= SHORTEST).fold(text.to_owned(), hide)
    }

    /// Overwrites every secret that [`Secrets::mask`] would mask, in bytes whose length has to stay, with asterisks: as it
    /// is, percent-encoded, and in Base64 by itself. How many places that were.
    pub fn overwrite(&self, bytes: &mut [u8]) -> u64 {
        let told = self.told();
        let all = self.values.values().chain(told.values());
        let forms: BTreeSet<Vec<u8>> =
            all.filter(|value| value.chars().count() >= SHORTEST).flat_map(|value| forms(value)).collect();
        // The longest first: a short form may stand within a long one.
        let mut forms: Vec<Vec<u8>> = forms.into_iter().collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        let mut places = 0;
        for form in forms {
            let found: Vec<usize> = memchr::memmem::find_iter(bytes, &form).collect();
            for at in &found {
                bytes[*at..at + form.len()].fill(b'*');
            }
            places += found.len() as u64;
        }
        places
    }

    /// Whether a text holds a secret that [`Secrets::mask`] would mask.
    pub fn shows_in(&self, text: &str) -> bool {
        let told = self.told();
        let mut all = self.values.values().chain(told.values());
        all.any(|value| value.chars().count() >= SHORTEST && text.contains(value.as_str()))
    }
}

/// A shorter secret would mask what is none.
const SHORTEST: usize = 3;

/// How a value may stand among other bytes.
fn forms(value: &str) -> [Vec<u8>; 7] {
    let percent = |space: &str, digits: fn(u8) -> String| -> Vec<u8> {
        let code = |byte: u8| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            b' ' => space.to_owned(),
            other => digits(other),
        };
        value.bytes().map(code).collect::<String>().into_bytes()
    };
    let upper = |byte: u8| format!("%{byte:02X}");
    let lower = |byte: u8| format!("%{byte:02x}");
    [
        value.as_bytes().to_vec(),
        escaped(value).into_bytes(),
        percent("%20", upper),
        percent("%20", lower),
        percent("+", upper),
        percent("+", lower),
        base64::prelude::BASE64_STANDARD_NO_PAD.encode(value).into_bytes(),
    ]
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys().chain(self.told().keys())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.insert("password", "s3cret!".into());
        secrets.insert("user", "tester@example.org".into());
        secrets
    }

    #[test]
    fn names_are_filled_and_unknown_ones_are_named() {
        assert_eq!(account().fill("${user}/${password}").unwrap(), "tester@example.org/s3cret!");
        assert_eq!(account().fill("no names, $5 {x}").unwrap(), "no names, $5 {x}");
        assert_eq!(account().fill("${pin}").unwrap_err(), "pin");
    }

    #[test]
    fn secrets_do_not_show() {
        assert_eq!(account().mask("pw s3cret!."), "pw ••••.");
        assert!(!format!("{:?}", account()).contains("s3cret"));
    }

    #[test]
    fn bytes_keep_their_length_and_lose_the_secrets_in_every_form() {
        let mut secrets = account();
        secrets.insert("pin", "12".into());
        secrets.tell("operator.code", "a b&c".into());
        let forms = "s3cret! s3cret%21 czNjcmV0IQ tester%40example.org a%20b%26c a+b%26c a b&amp;c";
        let text = format!("\0\u{1}user=tester@example.org&pin=12&{forms} s3cret");
        let mut bytes = text.clone().into_bytes();
        assert_eq!(secrets.overwrite(&mut bytes), 8);
        assert_eq!(bytes.len(), text.len());
        let left = String::from_utf8(bytes).unwrap();
        let rest: String = left.chars().filter(|c| *c != '*').collect();
        assert_eq!(rest, "\0\u{1}user=&pin=12&       s3cret");
        assert_eq!(secrets.overwrite(&mut left.into_bytes()), 0);
    }

    #[test]
    fn what_an_operator_tells_is_filled_in_masked_and_not_kept_for_the_next_attempt() {
        let secrets = account().for_one_attempt();
        secrets.tell("operator.code", "7<4&1".into());
        assert_eq!(secrets.fill("code ${operator.code}").unwrap(), "code 7<4&1");
        assert_eq!(secrets.mask("text=\"7&lt;4&amp;1\" 7<4&1"), "text=\"••••\" ••••");
        assert!(secrets.shows_in("it is 7<4&1.") && !secrets.shows_in("it is 7."));
        assert!(secrets.for_one_attempt().fill("${operator.code}").is_err());
        assert!(account().ask("a code?").is_none());
    }
}
