//! The bag's own files: names, lines, and how strictly they are read back.
//!
//! RFC 8493. Stricter than it: digests in lower case, entries in order, only plain names, nothing optional; so that one
//! package has one form, and a changed byte can't hide.

use std::fmt::Write as _;

use super::Fault;
use crate::journal::digest;

pub(super) const DECLARATION: &str = "bagit.txt";
pub(super) const INFO: &str = "bag-info.txt";
pub(super) const MANIFEST: &str = "manifest-sha256.txt";
pub(super) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
pub(super) const SIGNER: &str = "signer.pub";
pub(super) const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";
/// The answer of a time stamp service about the tag manifest.
pub(super) const STAMP: &str = "tagmanifest-sha256.txt.tsr";
/// Its digest, as `sha256sum` reads it, so that no byte of the answer is free.
pub(super) const STAMP_DIGEST: &str = "stamp-sha256.txt";
pub(super) const JOURNAL: &str = "data/journal.jsonl";
pub(super) const HOW_TO: &str = "HOW-TO-VERIFY.txt";

/// RFC 8493 2.1.1.
pub(super) const DECLARATION_TEXT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Longest path in a package, in bytes.
const LONGEST_PATH: usize = 240;
/// Deepest path in a package, in folders.
const DEEPEST: usize = 8;

/// One line of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listed {
    pub path: String,
    pub sha256: String,
}

/// Whether a path is one that a package may hold: plain names, no way out.
pub(super) fn is_plain(path: &str) -> bool {
    let name = |part: &str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(fits)
    };
    path.len() <= LONGEST_PATH && path.split('/').count() <= DEEPEST && path.split('/').all(name)
}

/// A manifest's text.
pub(super) fn manifest(listed: &[Listed]) -> String {
    listed.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{}  {}", line.sha256, line.path);
        text
    })
}

/// Reads a manifest back.
pub(super) fn parse_manifest(place: &str, text: &str) -> Result<Vec<Listed>, Fault> {
    let mut listed: Vec<Listed> = Vec::new();
    let Some(body) = text.strip_suffix('\n') else {
        return Err(Fault::malformed(place, "does not end with a line feed"));
    };
    for (number, line) in (1..).zip(body.split('\n')) {
        let last = listed.last().map_or("", |last| last.path.as_str());
        listed.push(parse_line(place, number, line, last)?);
    }
    Ok(listed)
}

/// Reads a line of a manifest, without its feed; `last` is the path of the line before.
pub(super) fn parse_line(place: &str, number: usize, line: &str, last: &str) -> Result<Listed, Fault> {
    let place = format!("{place}:{number}");
    let wrong = |why: &str| Fault::malformed(&place, why);
    let (sha256, path) = line.split_once("  ").ok_or_else(|| wrong("not a digest, two spaces and a path"))?;
    if !digest::is_digest(sha256) {
        return Err(wrong("not a SHA-256 digest"));
    }
    if !is_plain(path) {
        return Err(Fault::hostile(&place, "a path that may lead outside the package"));
    }
    if last >= path {
        return Err(wrong("paths are not in order"));
    }
    Ok(Listed { path: path.to_owned(), sha256: sha256.to_owned() })
}

/// What `bag-info.txt` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Info {
    /// Program and version.
    pub agent: String,
    /// Case id and attempt.
    pub identifier: String,
    /// Who ran it.
    pub operator: String,
    /// Why it was run.
    pub purpose: String,
    /// When its last entry was written, by the host's clock, RFC 3339.
    pub ended: String,
    /// Bytes and files of the payload.
    pub oxum: (u64, u64),
    /// Entries of the journal.
    pub entries: u64,
    /// Digest of the journal's last line.
    pub head: String,
    /// Fingerprint of the signing key; `None` when unsigned.
    pub signed_by: Option<String>,
    /// Digest of the package that this one is a redacted copy of.
    pub redacted_from: Option<String>,
    /// Host of the service that stamped it.
    pub time_stamp: Option<String>,
    /// What had to be put right.
    pub remarks: Vec<String>,
}

/// Stands where nothing was said.
pub(super) const NOTHING: &str = "-";
const UNSIGNED: &str = "unsigned";
const NONE: &str = "none";

impl Info {
    /// The file's text: labels always in this order.
    pub fn text(&self) -> String {
        let mut lines = vec![
            ("Bag-Software-Agent", self.agent.clone()),
            ("Payload-Oxum", format!("{}.{}", self.oxum.0, self.oxum.1)),
            ("External-Identifier", self.identifier.clone()),
            ("Contact-Name", self.operator.clone()),
            ("External-Description", self.purpose.clone()),
            ("Record-Ended", self.ended.clone()),
            ("Journal-Entries", self.entries.to_string()),
            ("Journal-Head", self.head.clone()),
            ("Signed-By", self.signed_by.clone().unwrap_or_else(|| UNSIGNED.to_owned())),
            ("Time-Stamp", self.time_stamp.clone().unwrap_or_else(|| NONE.to_owned())),
            ("Redacted-From", self.redacted_from.clone().unwrap_or_else(|| NONE.to_owned())),
        ];
        lines.extend(self.remarks.iter().map(|remark| ("Remark", remark.clone())));
        lines.iter().fold(String::new(), |mut text, (label, value)| {
            let _ = writeln!(text, "{label}: {}", one_line(value));
            text
        })
    }

    /// The bag's own files, in the order in which an archive holds them.
    pub fn tags(&self) -> Vec<&'static str> {
        let mut tags = vec![DECLARATION, INFO, MANIFEST, TAG_MANIFEST];
        if self.signed_by.is_some() {
            tags.extend([SIGNER, SIGNATURE]);
        }
        if self.time_stamp.is_some() {
            tags.extend([STAMP, STAMP_DIGEST]);
        }
        tags
    }

    /// Reads the file back; it has to be written as [`Info::text`] writes it.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut info = Self::default();
        for (number, line) in text.lines().enumerate() {
            let wrong = |why: &str| Fault::malformed(&format!("{INFO}:{}", number + 1), why);
            let (label, value) = line.split_once(": ").ok_or_else(|| wrong("not a label and a value"))?;
            let number = || value.parse::<u64>().map_err(|_| wrong("not a number"));
            match label {
                "Bag-Software-Agent" => info.agent = value.to_owned(),
                "Payload-Oxum" => {
                    let halves = value.split_once('.').and_then(|(b, f)| Some((b.parse().ok()?, f.parse().ok()?)));
                    info.oxum = halves.ok_or_else(|| wrong("not bytes and files"))?;
                }
                "External-Identifier" => info.identifier = value.to_owned(),
                "Contact-Name" => info.operator = value.to_owned(),
                "External-Description" => info.purpose = value.to_owned(),
                "Record-Ended" => info.ended = value.to_owned(),
                "Journal-Entries" => info.entries = number()?,
                "Journal-Head" => info.head = value.to_owned(),
                "Signed-By" => info.signed_by = (value != UNSIGNED).then(|| value.to_owned()),
                "Time-Stamp" => info.time_stamp = (value != NONE).then(|| value.to_owned()),
                "Redacted-From" => info.redacted_from = (value != NONE).then(|| value.to_owned()),
                "Remark" => info.remarks.push(value.to_owned()),
                _ => return Err(wrong("a label that no package has")),
            }
        }
        if info.text() != text {
            return Err(Fault::malformed(INFO, "not written as a package's"));
        }
        Ok(info)
    }
}

/// A value without line breaks and control characters, at most 1,000 characters, never empty.
fn one_line(value: &str) -> String {
    let spaced = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let cut: String = spaced.take(1_000).collect();
    match cut.trim() {
        "" => NOTHING.to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_are_plain() {
        for good in ["data/journal.jsonl", "bagit.txt", "data/exhibits/ab/abcd.png"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "data/../x", "data//x", "data/.x", "C:\\x", "data/a b", "data/é", "a/"]
        {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    #[test]
    fn a_manifest_is_read_as_it_is_written_and_not_otherwise() {
        let listed = |path: &str| Listed { path: path.into(), sha256: digest::of(path.as_bytes()) };
        let lines = [listed("data/a"), listed("data/b")];
        let text = manifest(&lines);
        assert_eq!(parse_manifest(MANIFEST, &text).unwrap(), lines);
        for bad in [
            text.trim_end().to_owned(),
            text.to_uppercase(),
            text.replace("  ", " "),
            text.replace('\n', "\r\n"),
            manifest(&[listed("data/b"), listed("data/a")]),
            manifest(&[listed("data/a"), listed("data/a")]),
            text.replace("data/b", "../b"),
            text.clone() + "\n",
        ] {
            assert!(parse_manifest(MANIFEST, &bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn hostile_words_stay_one_line_and_are_read_back() {
        let info = Info { purpose: "a\r\nSigned-By: me\u{0}".into(), remarks: vec!["x".into()], ..Info::default() };
        let text = info.text();
        assert_eq!(text.lines().count(), 12);
        assert_eq!(Info::parse(&text).unwrap().text(), text);
        assert!(Info::parse(&text.replace("Remark", "Remarks")).is_err());
        assert!(Info::parse(&(text + "Remark: y")).is_err());
    }
}
