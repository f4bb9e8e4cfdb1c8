//! Words in one or several languages, and spans of time, as written in a specimen.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Words as shown: one string for every language, or one per language (`{en: …, zh: …}`). `{name}` is replaced by
/// the variable `name`; in a repeated row `{n}` is its number.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(schema_with = "words_schema")]
pub struct Words(BTreeMap<String, String>);

/// Key under which words for every language are kept.
const ANY: &str = "";

impl Words {
    /// The same words in every language.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(ANY.into(), text.into())]))
    }

    /// Words per language.
    pub fn per_language<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }

    /// The words for a locale such as `zh-CN`: its own, else its language's, else English, else any.
    pub fn in_locale(&self, locale: &str) -> &str {
        let language = locale.split(['-', '_']).next().unwrap_or(locale);
        [locale, language, "en", ANY]
            .iter()
            .find_map(|key| self.0.get(*key))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Whether there are no words at all.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(String::is_empty)
    }

    /// All texts, in every language.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.get(ANY) {
            Some(text) if self.0.len() == 1 => to.serialize_str(text),
            _ => self.0.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("words, or a map from language to words such as {en: Agree, zh: 同意}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Words, E> {
        Ok(Words::plain(text))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Words, E> {
        Ok(Words::plain(number.to_string()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Words, E> {
        Ok(Words::plain(number.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
        let mut words = BTreeMap::new();
        while let Some((language, text)) = map.next_entry::<String, String>()? {
            if language.len() < 2 || language.len() > 12 {
                return Err(de::Error::custom(format!("'{language}' is no language: write en, zh, zh-TW …")));
            }
            words.insert(language, text);
        }
        Ok(Words(words))
    }
}

fn words_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]
    })
}

/// A span of time, written `500ms`, `15s`, `2m`, `36h` or `15d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(schema_with = "span_schema")]
pub struct Span(pub Duration);

impl Span {
    /// Reads `500ms`, `15s`, `2m`, `36h`, `15d`.
    pub fn parse(text: &str) -> Option<Self> {
        let at = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = text.split_at(at);
        let number: u64 = number.parse().ok()?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        Some(Self(Duration::from_millis(number.checked_mul(millis)?)))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{}ms", self.0.as_millis()))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom(format!("'{text}' is no time: write 500ms, 15s, 2m, 36h or 15d")))
    }
}

fn span_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_locale_then_the_language_then_english() {
        let words = Words::per_language([("en", "Agree"), ("zh", "同意"), ("zh-TW", "同意（繁）")]);
        assert_eq!(words.in_locale("zh-CN"), "同意");
        assert_eq!(words.in_locale("zh-TW"), "同意（繁）");
        assert_eq!(words.in_locale("de-DE"), "Agree");
        assert_eq!(Words::plain("OK").in_locale("zh-CN"), "OK");
    }

    #[test]
    fn spans_have_a_unit() {
        assert_eq!(Span::parse("15s"), Some(Span(Duration::from_secs(15))));
        assert_eq!(Span::parse("15d"), Some(Span(Duration::from_secs(15 * 86_400))));
        assert_eq!(Span::parse("15"), None);
        assert_eq!(Span::parse("s"), None);
        assert_eq!(Span::parse("99999999999999999999d"), None);
    }
}
