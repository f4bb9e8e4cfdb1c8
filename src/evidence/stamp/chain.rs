//! A time stamp's signature (RFC 5652 5.4) and the certificates it leads through (RFC 5280), with RSA keys.

use base64::Engine as _;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::{BigUint, RsaPublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::der::{BITS, Der, Element, INTEGER, OCTETS, OID, SEQUENCE, SET, TIME, UTC_TIME};
use super::{TST_INFO, Token};

/// Most certificates between a stamp and its root.
const LONGEST: usize = 8;

// Object identifiers (RFC 8017, RFC 5754, RFC 5652, RFC 5035, RFC 5280), without tag and length.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const RSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c];
const RSA_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// The certificates of a PEM file.
pub(super) fn certificates(pem: &str) -> Vec<Vec<u8>> {
    let blocks = pem.split("-----BEGIN CERTIFICATE-----").skip(1);
    let bodies = blocks.filter_map(|block| block.split("-----END CERTIFICATE-----").next());
    let joined = bodies.map(|body| body.split_whitespace().collect::<String>());
    joined.filter_map(|body| base64::engine::general_purpose::STANDARD.decode(body).ok()).collect()
}

/// Follows the signature of a token to one of these roots.
pub(super) fn check(token: &Token, roots: &[Vec<u8>]) -> Result<(), String> {
    let roots: Vec<Certificate> = roots.iter().filter_map(|der| Certificate::parse(Der(der).any()?)).collect();
    if roots.is_empty() {
        return Err("the file with the service's root holds no certificate".to_owned());
    }
    let given: Vec<Certificate> = token.signed.certificates.iter().filter_map(|der| Certificate::parse(*der)).collect();
    let signer = Signer::parse(token.signed.signer).ok_or("a signer that is not written as the standard asks")?;
    signer.check_attributes(token.info)?;
    let by = given.iter().chain(&roots).find(|c| c.issuer == signer.issuer && c.serial == signer.serial);
    let by = by.ok_or("the certificate of the key that signed is not in it")?;
    // RFC 5652 5.4: what is signed is the set of attributes with the tag of a set.
    let mut attributes = signer.attributes.whole.to_vec();
    attributes[0] = SET;
    let hash = match signer.algorithm {
        RSA => signer.digest,
        named => hash_of(named).ok_or_else(unknown)?,
    };
    by.verify(hash, &attributes, signer.signature)?;
    if !by.for_time_stamps {
        return Err("the key that signed is not one for time stamps".to_owned());
    }
    climb(by, &given, &roots, token.moment)
}

/// From a certificate up to a root.
fn climb(from: &Certificate, given: &[Certificate], roots: &[Certificate], moment: &str) -> Result<(), String> {
    let mut here = from;
    for _ in 0..LONGEST {
        if !here.valid_at(moment) {
            return Err("a certificate that was not valid when it was stamped".to_owned());
        }
        if roots.iter().any(|root| root.whole == here.whole) {
            return Ok(());
        }
        let mut above = roots.iter().chain(given).filter(|c| c.subject == here.issuer && c.is_authority);
        let signed =
            |c: &&Certificate| hash_of(here.algorithm).is_some_and(|h| c.verify(h, here.body, here.signature).is_ok());
        here = above.find(signed).ok_or("its certificates do not lead to the root that was given")?;
    }
    Err("too many certificates".to_owned())
}

fn unknown() -> String {
    "signed in a way that this program can't check (it checks RSA); use openssl, as HOW-TO-VERIFY.txt tells".to_owned()
}

/// The digest that a signature algorithm uses.
fn hash_of(algorithm: &[u8]) -> Option<&'static [u8]> {
    match algorithm {
        RSA_SHA256 => Some(SHA256),
        RSA_SHA384 => Some(SHA384),
        RSA_SHA512 => Some(SHA512),
        _ => None,
    }
}

fn hashed(algorithm: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        SHA256 => Some(Sha256::digest(bytes).to_vec()),
        SHA384 => Some(Sha384::digest(bytes).to_vec()),
        SHA512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}

/// `SignerInfo` (RFC 5652 5.3), with issuer and serial number.
struct Signer<'a> {
    issuer: &'a [u8],
    serial: &'a [u8],
    digest: &'a [u8],
    attributes: Element<'a>,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Signer<'a> {
    fn parse(signer: Element<'a>) -> Option<Self> {
        let mut parts = signer.inside();
        parts.take(INTEGER)?;
        let mut named = parts.take(SEQUENCE)?.inside();
        let (issuer, serial) = (named.take(SEQUENCE)?.whole, named.take(INTEGER)?.content);
        let digest = parts.take(SEQUENCE)?.inside().take(OID)?.content;
        let attributes = parts.take(0xa0)?;
        let algorithm = parts.take(SEQUENCE)?.inside().take(OID)?.content;
        let signature = parts.take(OCTETS)?.content;
        Some(Self { issuer, serial, digest, attributes, algorithm, signature })
    }

    /// The value of a signed attribute.
    fn attribute(&self, name: &[u8]) -> Option<Element<'a>> {
        let mut all = self.attributes.inside();
        while let Some(attribute) = all.take(SEQUENCE) {
            let mut parts = attribute.inside();
            if parts.take(OID)?.content == name {
                return parts.take(SET)?.inside().any();
            }
        }
        None
    }

    fn check_attributes(&self, info: &[u8]) -> Result<(), String> {
        let kind = self.attribute(CONTENT_TYPE).map(|value| value.content);
        let digest = self.attribute(MESSAGE_DIGEST).map(|value| value.content.to_vec());
        let expected = hashed(self.digest, info).ok_or_else(unknown)?;
        match kind == Some(TST_INFO) && digest == Some(expected) {
            true => Ok(()),
            false => Err("the signature is not of this time stamp".to_owned()),
        }
    }
}

/// The parts of a certificate that matter here (RFC 5280 4.1).
struct Certificate<'a> {
    whole: &'a [u8],
    body: &'a [u8],
    serial: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
    not_before: String,
    not_after: String,
    key: Option<RsaPublicKey>,
    is_authority: bool,
    for_time_stamps: bool,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Certificate<'a> {
    fn parse(certificate: Element<'a>) -> Option<Self> {
        let mut outer = certificate.inside();
        let body = outer.take(SEQUENCE)?;
        let algorithm = outer.take(SEQUENCE)?.inside().take(OID)?.content;
        let signature = outer.take(BITS)?.bits()?;
        let mut parts = body.inside();
        parts.maybe(0xa0);
        let serial = parts.take(INTEGER)?.content;
        parts.take(SEQUENCE)?;
        let issuer = parts.take(SEQUENCE)?.whole;
        let mut validity = parts.take(SEQUENCE)?.inside();
        let (not_before, not_after) = (moment(validity.any()?)?, moment(validity.any()?)?);
        let subject = parts.take(SEQUENCE)?.whole;
        let key = rsa_key(parts.take(SEQUENCE)?);
        parts.maybe(0x81);
        parts.maybe(0x82);
        let extensions = parts.maybe(0xa3).and_then(|all| all.inside().take(SEQUENCE));
        let find = |name: &[u8]| extensions.and_then(|all| extension(all, name));
        let is_authority = find(BASIC_CONSTRAINTS)
            .is_some_and(|value| value.inside().maybe(super::der::BOOLEAN).is_some_and(|is| is.content == [0xff]));
        let for_time_stamps = find(EXTENDED_KEY_USAGE).is_some_and(|value| {
            let mut uses = value.inside();
            std::iter::from_fn(|| uses.take(OID)).any(|usage| usage.content == TIME_STAMPING)
        });
        let (whole, body) = (certificate.whole, body.whole);
        Some(Self {
            whole,
            body,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            key,
            is_authority,
            for_time_stamps,
            algorithm,
            signature,
        })
    }

    fn valid_at(&self, moment: &str) -> bool {
        (self.not_before.as_str()..=self.not_after.as_str()).contains(&moment)
    }

    /// Checks an RSA signature (RFC 8017 8.2.2) by this certificate's key.
    fn verify(&self, hash: &[u8], bytes: &[u8], signature: &[u8]) -> Result<(), String> {
        let (key, digest) = self.key.as_ref().zip(hashed(hash, bytes)).ok_or_else(unknown)?;
        let last = *hash.last().unwrap_or(&0);
        let length = digest.len() as u8;
        // The beginning of `DigestInfo` for SHA-2 (RFC 8017 9.2, note 1).
        let head = [0x30, length + 17, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, last, 5, 0, 4, length];
        let scheme = Pkcs1v15Sign { hash_len: Some(digest.len()), prefix: head.into() };
        key.verify(scheme, &digest, signature).map_err(|_| "a signature that does not hold".to_owned())
    }
}

fn rsa_key(info: Element) -> Option<RsaPublicKey> {
    let mut parts = info.inside();
    parts.take(SEQUENCE)?.inside().take(OID).filter(|oid| oid.content == RSA)?;
    let mut key = Der(parts.take(BITS)?.bits()?).take(SEQUENCE)?.inside();
    let (n, e) = (key.take(INTEGER)?.content, key.take(INTEGER)?.content);
    RsaPublicKey::new(BigUint::from_bytes_be(n), BigUint::from_bytes_be(e)).ok()
}

/// The value of an extension, unwrapped.
fn extension<'a>(extensions: Element<'a>, name: &[u8]) -> Option<Element<'a>> {
    let mut all = extensions.inside();
    while let Some(one) = all.take(SEQUENCE) {
        let mut parts = one.inside();
        if parts.take(OID)?.content == name {
            parts.maybe(super::der::BOOLEAN);
            return Der(parts.take(OCTETS)?.content).any();
        }
    }
    None
}

/// A time as `YYYYMMDDhhmmss`. Two digits of a year mean 1950 to 2049 (RFC 5280 4.1.2.5.1).
fn moment(time: Element) -> Option<String> {
    let text = std::str::from_utf8(time.content).ok()?.strip_suffix('Z')?;
    match (time.tag, text.len()) {
        (UTC_TIME, 12) => Some(format!("{}{text}", if text < "50" { "20" } else { "19" })),
        (TIME, 14) => Some(text.to_owned()),
        _ => None,
    }
}
