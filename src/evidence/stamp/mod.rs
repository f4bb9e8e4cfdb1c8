//! Time stamps (RFC 3161): a service says, with its signature, that a digest was there at a time.

mod chain;
mod connection;
mod der;
mod service;

use std::path::Path;

use super::Fault;
use super::bag::STAMP;
use crate::journal::digest;
use der::{BOOLEAN, Der, Element, INTEGER, NULL, OCTETS, OID, SEQUENCE, SET, TIME, element};

pub use service::Service;
pub(super) use service::request;

/// 2.16.840.1.101.3.4.2.1
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// 1.2.840.113549.1.9.16.1.4
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

/// What a time stamp says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When, RFC 3339, UTC.
    pub at: String,
    /// How far its signature was followed.
    pub trust: Trust,
}

/// How far a time stamp's signature was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Only that it is about this package; no root certificate was given.
    Unchecked,
    /// Its signature holds, and leads to the root certificate that was given.
    Checked,
}

/// The question: a stamp for these bytes, with the service's certificate in it.
pub(super) fn question(bytes: &[u8], nonce: [u8; 8]) -> Vec<u8> {
    let algorithm = element(SEQUENCE, &[element(OID, SHA256), element(NULL, &[])].concat());
    let imprint = element(SEQUENCE, &[algorithm, element(OCTETS, &imprint(bytes))].concat());
    let parts = [element(INTEGER, &[1]), imprint, element(INTEGER, &number(nonce)), element(BOOLEAN, &[0xff])];
    element(SEQUENCE, &parts.concat())
}

/// A positive number, as short as DER wants it.
fn number(nonce: [u8; 8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = nonce.into_iter().skip_while(|byte| *byte == 0).collect();
    if bytes.first().is_none_or(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

/// The 32 bytes of the digest.
fn imprint(bytes: &[u8]) -> Vec<u8> {
    let hex = digest::of(bytes);
    (0..hex.len()).step_by(2).filter_map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

/// A token, taken apart as far as every check needs it.
struct Token<'a> {
    /// The content of the signed data, in its octet string.
    info: &'a [u8],
    signed: SignedData<'a>,
    at: String,
    /// The same, `YYYYMMDDhhmmss`.
    moment: &'a str,
}

struct SignedData<'a> {
    certificates: Vec<Element<'a>>,
    signer: Element<'a>,
}

/// Checks the answer to a question right after it came.
///
/// # Errors
/// When the service refuses, or the answer is not about these bytes or this question.
pub(super) fn check_answer(answer: &[u8], bytes: &[u8], nonce: [u8; 8]) -> Result<(), String> {
    let token = token(answer, bytes)?;
    match nonce_of(token.info).is_some_and(|found| found == number(nonce).as_slice()) {
        true => Ok(()),
        false => Err("the answer is to another question".to_owned()),
    }
}

/// Checks a stamp of some bytes; with the service's root certificate (PEM) also its signature.
pub(super) fn check(answer: &[u8], bytes: &[u8], root: Option<&Path>) -> Result<Stamp, Fault> {
    let wrong = |why: String| Fault::Stamp { place: STAMP.to_owned(), why };
    let token = token(answer, bytes).map_err(wrong)?;
    let trust = match root {
        None => Trust::Unchecked,
        Some(root) => {
            let pem = std::fs::read_to_string(root).map_err(Fault::unreadable(&root.display().to_string()))?;
            chain::check(&token, &chain::certificates(&pem)).map_err(wrong)?;
            Trust::Checked
        }
    };
    Ok(Stamp { at: token.at, trust })
}

/// Takes a `TimeStampResp` (RFC 3161 2.4.2) apart and checks that it is a stamp of these bytes.
fn token<'a>(answer: &'a [u8], bytes: &[u8]) -> Result<Token<'a>, String> {
    let mut outer = Der(answer);
    let response =
        outer.take(SEQUENCE).filter(|_| outer.0.is_empty()).ok_or("not the answer of a time stamp service")?;
    let mut parts = response.inside();
    let status = parts.take(SEQUENCE).and_then(|status| status.inside().take(INTEGER)).ok_or("no status")?;
    // 0 is granted, 1 granted with changes.
    if !matches!(status.content, [0 | 1]) {
        return Err(format!("the service refused, with status {:?}", status.content));
    }
    let token =
        parts.take(SEQUENCE).and_then(|content| unwrapped(content, SIGNED_DATA)).ok_or("no signed data in it")?;
    let (info, signed) = signed_data(token).ok_or("signed data that is not a time stamp's")?;
    let (at, moment) = stamped(info, bytes)?;
    Ok(Token { info, signed, at, moment })
}

/// `ContentInfo`: a type and, explicitly tagged, the content.
fn unwrapped<'a>(content: Element<'a>, kind: &[u8]) -> Option<Element<'a>> {
    let mut parts = content.inside();
    parts.take(OID).filter(|oid| oid.content == kind)?;
    parts.take(0xa0)?.inside().any()
}

/// `SignedData` (RFC 5652 5.1) with one signer.
fn signed_data<'a>(data: Element<'a>) -> Option<(&'a [u8], SignedData<'a>)> {
    let mut parts = data.inside();
    parts.take(INTEGER)?;
    parts.take(SET)?;
    let info = unwrapped(parts.take(SEQUENCE)?, TST_INFO).filter(|info| info.tag == OCTETS)?.content;
    let mut certificates = Vec::new();
    if let Some(set) = parts.maybe(0xa0) {
        let mut inside = set.inside();
        while let Some(certificate) = inside.any() {
            certificates.push(certificate);
        }
    }
    parts.maybe(0xa1);
    let mut signers = parts.take(SET)?.inside();
    let signer = signers.take(SEQUENCE).filter(|_| signers.0.is_empty())?;
    Some((info, SignedData { certificates, signer }))
}

/// `TSTInfo` (RFC 3161 2.4.2): about these bytes, and when.
fn stamped<'a>(info: &'a [u8], bytes: &[u8]) -> Result<(String, &'a str), String> {
    let mut parts = Der(info).take(SEQUENCE).ok_or("no time stamp in it")?.inside();
    let mut fields = || {
        parts.take(INTEGER)?;
        parts.take(OID)?;
        let mut about = parts.take(SEQUENCE)?.inside();
        let algorithm = about.take(SEQUENCE)?.inside().take(OID)?.content;
        let digest = about.take(OCTETS)?.content;
        parts.take(INTEGER)?;
        Some((algorithm, digest, parts.take(TIME)?.content))
    };
    let (algorithm, digest, time) = fields().ok_or("a time stamp with other fields than the standard's")?;
    if algorithm != SHA256 || digest != imprint(bytes) {
        return Err("it is a stamp of something else than this package".to_owned());
    }
    let text =
        std::str::from_utf8(time).ok().and_then(|text| text.strip_suffix('Z')).ok_or("a time that is not UTC")?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() != 14 || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err("a time that is none".to_owned());
    }
    let dot = if fraction.is_empty() { "" } else { "." };
    let (date, clock) = whole.split_at(8);
    let at = format!(
        "{}-{}-{}T{}:{}:{}{dot}{fraction}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &clock[..2],
        &clock[2..4],
        &clock[4..]
    );
    Ok((at, whole))
}

/// The number given with the question, after the time and its optional accuracy and order.
fn nonce_of(info: &[u8]) -> Option<&[u8]> {
    let mut parts = Der(info).take(SEQUENCE)?.inside();
    while let Some(part) = parts.any() {
        if part.tag == TIME {
            parts.maybe(SEQUENCE);
            parts.maybe(BOOLEAN);
            return parts.take(INTEGER).map(|nonce| nonce.content);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_short_and_names_the_digest() {
        let question = question(b"abc", [0, 0, 0, 0, 0, 0, 0x80, 1]);
        let mut parts = Der(&question).take(SEQUENCE).unwrap().inside();
        assert_eq!(parts.take(INTEGER).unwrap().content, [1]);
        let mut about = parts.take(SEQUENCE).unwrap().inside();
        about.take(SEQUENCE).unwrap();
        assert_eq!(about.take(OCTETS).unwrap().content, imprint(b"abc"));
        assert_eq!(parts.take(INTEGER).unwrap().content, [0, 0x80, 1]);
        assert_eq!(parts.take(BOOLEAN).unwrap().content, [0xff]);
    }

    #[test]
    fn what_is_no_answer_is_said() {
        for (bytes, said) in [
            (vec![], "not the answer"),
            (b"<html>".to_vec(), "not the answer"),
            (element(SEQUENCE, &[]), "no status"),
            (element(SEQUENCE, &element(SEQUENCE, &element(INTEGER, &[2]))), "refused"),
            (element(SEQUENCE, &element(SEQUENCE, &element(INTEGER, &[0]))), "no signed data"),
        ] {
            let error = token(&bytes, b"").err().unwrap();
            assert!(error.contains(said), "{error}");
        }
    }
}
