//! Reading what a redacted copy says of itself, in constant memory.

use std::fmt;
use std::io::{BufReader, Read};
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::{Changed, Original};
use crate::evidence::short_texts::ShortTexts;

/// What a redacted copy says it is a copy of. Its lists are read through, each thing in them is checked to be one, and none
/// is kept: memory does not grow with them.
///
/// # Errors
/// When it is not what a redacted copy says of itself, or can't be read.
pub(in crate::evidence) fn told_of(from: impl Read) -> Result<Original, serde_json::Error> {
    let from = BufReader::with_capacity(64 << 10, ShortTexts::new(from));
    serde_json::from_reader(from).map(|told: Told| told.of)
}

/// As [`super::Redaction`], with its lists read through.
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Told {
    #[serde(rename = "version")]
    _version: u32,
    of: Original,
    #[serde(rename = "reason")]
    _reason: String,
    #[serde(rename = "exhibits")]
    _exhibits: ReadThrough<Changed>,
    #[serde(rename = "entries")]
    _entries: ReadThrough<u64>,
    #[serde(rename = "texts")]
    _texts: usize,
}

/// A list of things that were read and let go.
struct ReadThrough<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ReadThrough<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Self(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ReadThrough<T> {
    type Value = Self;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<T>()?.is_some() {}
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(exhibits: &str) -> Result<Original, serde_json::Error> {
        let of = r#""of":{"package":"p","head":"h","signed-by":null}"#;
        let rest = r#""reason":"r","entries":[1,2],"texts":1"#;
        told_of(format!(r#"{{"version":1,{of},{rest},"exhibits":{exhibits}}}"#).as_bytes())
    }

    #[test]
    fn lists_are_read_through_and_what_stands_in_them_has_to_fit() {
        let one = r#"{"was":"a","is":null,"covered":0}"#;
        assert_eq!(told(&format!("[{one},{one}]")).unwrap().package, "p");
        for wrong in ["{}", "[1]", r#"[{"was":"a","is":null}]"#, &one[1..]] {
            assert!(told(wrong).is_err(), "{wrong}");
        }
    }
}
