//! Whose file it is: the signer's certificate, and whether the bytes are those that were signed.
//!
//! Checked: the v2 or v3 signing block's SHA-256 over the whole file. Not checked: the signature itself, and JAR
//! digests; a virtual device only needs to know who signed and that nothing was cut.

use sha2::{Digest, Sha256};

use super::ApkFileError;
use super::bytes::{place_at, u8_at, u32_at, u64_at};
use super::signing::{self, content_digest};

/// Id of the block of scheme v3; its signers begin as those of v2 do.
const V3_BLOCK: u32 = 0xf053_68c0;
/// Signature algorithms whose content digest is SHA-256 over pieces (RSA-PSS, RSA, ECDSA, DSA).
const SHA256_ALGORITHMS: [u32; 4] = [0x0101, 0x0103, 0x0201, 0x0301];

/// Where the parts of a zip begin.
pub(super) struct Sections {
    directory: usize,
    end: usize,
}

/// Finds the end record and the directory; `None` when the file has none.
pub(super) fn sections(apk: &[u8]) -> Option<Sections> {
    let earliest = apk.len().saturating_sub(22 + 0xffff);
    let end = (earliest..=apk.len().checked_sub(22)?).rev().find(|at| apk[*at..].starts_with(b"PK\x05\x06"))?;
    let directory = place_at(apk, end + 16)?;
    (directory <= end).then_some(Sections { directory, end })
}

/// SHA-256 (hexadecimal) of the first signer's certificate, from the signing block; `None` when there is no block.
pub(super) fn from_block(apk: &[u8]) -> Result<Option<String>, ApkFileError> {
    let Some(Sections { directory, end }) = sections(apk) else { return Ok(None) };
    let Some((start, pairs)) = block(apk, directory) else { return Ok(None) };
    let signed = [V3_BLOCK, signing::V2_BLOCK].into_iter().find_map(|id| signed_data(pair(pairs, id)?));
    let Some(signed) = signed else { return Ok(None) };
    if let Some(expected) = content_digest_of(signed) {
        // The end record is hashed as if the directory began where the block does.
        let mut record = apk[end..].to_vec();
        let Ok(moved) = u32::try_from(start) else { return Ok(None) };
        record[16..20].copy_from_slice(&moved.to_le_bytes());
        if content_digest(&[&apk[..start], &apk[directory..end], &record]) != expected {
            return Err(ApkFileError::Altered);
        }
    }
    Ok(first_certificate(signed).map(fingerprint))
}

/// SHA-256 (hexadecimal) of the first certificate in a PKCS #7 file of a JAR signature.
pub(super) fn from_jar_signature(pkcs7: &[u8]) -> Option<String> {
    let (_, content_info, _) = der(pkcs7)?;
    let (_, _, rest) = der(content_info)?;
    let (_, explicit, _) = der(rest)?;
    let (_, mut signed_data, _) = der(explicit)?;
    while let Some((tag, content, rest)) = der(signed_data) {
        if tag == 0xa0 {
            let (_, _, behind) = der(content)?;
            return Some(fingerprint(&content[..content.len() - behind.len()]));
        }
        signed_data = rest;
    }
    None
}

fn fingerprint(certificate: &[u8]) -> String {
    Sha256::digest(certificate).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The signing block before the directory: where it starts, and its pairs.
fn block(apk: &[u8], directory: usize) -> Option<(usize, &[u8])> {
    let magic = directory.checked_sub(16)?;
    apk.get(magic..directory).filter(|bytes| *bytes == b"APK Sig Block 42")?;
    let size = usize::try_from(u64_at(apk, directory.checked_sub(24)?)?).ok()?;
    let start = directory.checked_sub(size)?.checked_sub(8)?;
    Some((start, apk.get(start + 8..directory - 24)?))
}

fn pair(pairs: &[u8], wanted: u32) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let length = usize::try_from(u64_at(pairs, at)?).ok()?;
        let next = at.checked_add(8)?.checked_add(length)?;
        if u32_at(pairs, at + 8)? == wanted {
            return pairs.get(at + 12..next);
        }
        at = next;
    }
}

/// A piece behind its length of four bytes, and what follows.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = place_at(bytes, 0)?;
    bytes[4..].split_at_checked(length)
}

fn signed_data(block: &[u8]) -> Option<&[u8]> {
    let (signers, _) = sized(block)?;
    let (signer, _) = sized(signers)?;
    sized(signer).map(|(signed, _)| signed)
}

fn content_digest_of(signed: &[u8]) -> Option<&[u8]> {
    let (mut digests, _) = sized(signed)?;
    while let Some((digest, rest)) = sized(digests) {
        if SHA256_ALGORITHMS.contains(&u32_at(digest, 0)?) {
            return sized(&digest[4..]).map(|(bytes, _)| bytes);
        }
        digests = rest;
    }
    None
}

fn first_certificate(signed: &[u8]) -> Option<&[u8]> {
    let (_, rest) = sized(signed)?;
    let (certificates, _) = sized(rest)?;
    sized(certificates).map(|(certificate, _)| certificate)
}

/// A DER element: its tag, its content, what follows.
fn der(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, first) = (u8_at(bytes, 0)?, u8_at(bytes, 1)?);
    let (length, at) = if first < 0x80 {
        (usize::from(first), 2)
    } else {
        let digits = bytes.get(2..2 + usize::from(first & 0x7f))?;
        (digits.len() <= 4).then_some(())?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), 2 + digits.len())
    };
    let (content, rest) = bytes.get(at..)?.split_at_checked(length)?;
    Some((tag, content, rest))
}
