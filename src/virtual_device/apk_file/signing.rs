//! Signatures: JAR signing (v1) and APK Signature Scheme v2, both RSA with PKCS #1 v1.5 and SHA-256, which needs no
//! randomness: the same file always gets the same signature.
//!
//! **The key is public.** It stands below, as every test key of Android's own sources does, and vouches for nothing. It is
//! there because Android refuses files without a signature, and upgrades whose signer differs.

use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use super::ApkFileError;
use super::archive::{Archive, File};
use super::der;

const PRIME_P: &str = "d14450791e1d0eed092cb05740aedbd4c57ddffa4fb715d623a8e252b19c2039a2316b386f95d7589a2aef087862375aec01472f6343345532f0d54ba4e232662f40fdd56ed9a7db84201a5492c64e7dea35ff3ba5810dfd643236333d22295d09f2a302c69e4cc20ba9d38ff4968d52aff425b7cf5736fd2b39914b9528d669";
const PRIME_Q: &str = "c162081c8eedbd6e695b221a0575a7b91fef10264ff5ee541ada951754469853b556a8927825d7defb6f282e43ff281ab75fe90a40559ad60999475eaea4c95b899fcf1f08d3d6784b25d5dc40ca7b2325fe10058eac726cb8cca6b46c54a672a966d92b32392afff1de90ba4dcc37c9bf3a74afa9b1543157123ccfedcec8c1";
const EXPONENT: u32 = 65_537;

/// DER prefix of a SHA-256 digest in a PKCS #1 v1.5 signature (RFC 8017, 9.2, note 1).
const SHA256_PREFIX: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

const OID_SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const OID_SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const OID_COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const OID_PKCS7_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const OID_PKCS7_SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// Signature algorithm id of scheme v2: RSASSA-PKCS1-v1_5 with SHA-256.
const V2_RSA_SHA256: u32 = 0x0103;
/// Id of the v2 block among the pairs of the signing block.
pub(super) const V2_BLOCK: u32 = 0x7109_871a;
/// Scheme v2 digests pieces of 1 MiB.
const PIECE: usize = 1 << 20;

/// A key pair with its self-signed certificate.
pub(super) struct Key {
    private: RsaPrivateKey,
    public_info: Vec<u8>,
    certificate: Vec<u8>,
}

impl Key {
    /// The published key.
    pub(super) fn public_test_key() -> Result<Self, ApkFileError> {
        let prime = |digits: &str| BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default();
        let private =
            RsaPrivateKey::from_p_q(prime(PRIME_P), prime(PRIME_Q), BigUint::from(EXPONENT)).map_err(signing)?;
        let numbers = [der::integer(&private.n().to_bytes_be()), der::integer(&private.e().to_bytes_be())];
        let public_info = der::sequence(&[
            &der::sequence(&[&der::oid(OID_RSA), der::NULL]),
            &der::bits(&der::sequence(&[&numbers[0], &numbers[1]])),
        ]);
        let mut key = Self { private, public_info, certificate: Vec::new() };
        key.certificate = key.self_signed()?;
        Ok(key)
    }

    fn sign(&self, data: &[u8]) -> Result<Vec<u8>, ApkFileError> {
        let padding = Pkcs1v15Sign { hash_len: Some(32), prefix: Box::new(SHA256_PREFIX) };
        self.private.sign(padding, &Sha256::digest(data)).map_err(signing)
    }

    /// X.509 (RFC 5280), version 3 without extensions, valid from 2025 to 2049.
    fn self_signed(&self) -> Result<Vec<u8>, ApkFileError> {
        let algorithm = der::sequence(&[&der::oid(OID_SHA256_WITH_RSA), der::NULL]);
        let content = der::sequence(&[
            &der::context(0, &der::integer(&[2])),
            &der::integer(&[1]),
            &algorithm,
            &name(),
            &der::sequence(&[&der::utc_time("250101000000Z"), &der::utc_time("491231235959Z")]),
            &name(),
            &self.public_info,
        ]);
        let signature = self.sign(&content)?;
        Ok(der::sequence(&[&content, &algorithm, &der::bits(&signature)]))
    }

    /// PKCS #7 (RFC 2315) detached signature of `data`.
    fn detached(&self, data: &[u8]) -> Result<Vec<u8>, ApkFileError> {
        let digest = der::sequence(&[&der::oid(OID_SHA256), der::NULL]);
        let signer = der::sequence(&[
            &der::integer(&[1]),
            &der::sequence(&[&name(), &der::integer(&[1])]),
            &digest,
            &der::sequence(&[&der::oid(OID_RSA), der::NULL]),
            &der::octets(&self.sign(data)?),
        ]);
        let content = der::sequence(&[
            &der::integer(&[1]),
            &der::set(&[&digest]),
            &der::sequence(&[&der::oid(OID_PKCS7_DATA)]),
            &der::context(0, &self.certificate),
            &der::set(&[&signer]),
        ]);
        Ok(der::sequence(&[&der::oid(OID_PKCS7_SIGNED_DATA), &der::context(0, &content)]))
    }
}

fn name() -> Vec<u8> {
    let attribute = der::sequence(&[&der::oid(OID_COMMON_NAME), &der::utf8("AppWitness public test key")]);
    der::sequence(&[&der::set(&[&attribute])])
}

fn signing(error: rsa::Error) -> ApkFileError {
    ApkFileError::Signing(error.to_string())
}

/// Adds the three files of a JAR signature.
pub(super) fn add_jar_signature(mut files: Vec<File>, key: &Key) -> Result<Vec<File>, ApkFileError> {
    let head = "Manifest-Version: 1.0\r\nCreated-By: 1.0 (AppWitness)\r\n\r\n";
    let sections: Vec<(String, String)> =
        files.iter().map(|file| (file.name.clone(), jar_section(&file.name, &file.bytes))).collect();
    let manifest = sections.iter().fold(head.to_owned(), |text, (_, section)| text + section);
    // The last line makes Android 7 and later refuse the file when its v2 signature was cut off.
    let mut signed = format!(
        "Signature-Version: 1.0\r\nCreated-By: 1.0 (AppWitness)\r\nSHA-256-Digest-Manifest: {}\r\nX-Android-APK-Signed: \
         2\r\n\r\n",
        base64(&Sha256::digest(manifest.as_bytes()))
    );
    for (name, section) in &sections {
        signed += &jar_section(name, section.as_bytes());
    }
    let signature = key.detached(signed.as_bytes())?;
    files.push(File::deflated("META-INF/MANIFEST.MF", manifest.into_bytes()));
    files.push(File::deflated("META-INF/CERT.SF", signed.into_bytes()));
    files.push(File::deflated("META-INF/CERT.RSA", signature));
    Ok(files)
}

fn jar_section(name: &str, bytes: &[u8]) -> String {
    format!("{}SHA-256-Digest: {}\r\n\r\n", wrapped(&format!("Name: {name}")), base64(&Sha256::digest(bytes)))
}

/// A header line cut into lines of at most 72 bytes; each further one begins with a space.
fn wrapped(line: &str) -> String {
    let (mut out, mut length) = (String::new(), 0);
    for character in line.chars() {
        if length + character.len_utf8() > 70 {
            out += "\r\n ";
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out + "\r\n"
}

/// Puts a v2 signing block before the directory.
pub(super) fn add_v2_signature(archive: Archive, key: &Key) -> Result<Vec<u8>, ApkFileError> {
    let Archive { bytes, directory, end } = archive;
    let digest = content_digest(&[&bytes[..directory], &bytes[directory..end], &bytes[end..]]);
    let block = signing_block(&digest, key)?;
    let mut out = Vec::with_capacity(bytes.len() + block.len());
    out.extend(&bytes[..directory]);
    out.extend(&block);
    out.extend(&bytes[directory..]);
    let moved = u32::try_from(directory + block.len()).map_err(|_| ApkFileError::TooLarge("the archive".to_owned()))?;
    let field = end + block.len() + 16;
    out[field..field + 4].copy_from_slice(&moved.to_le_bytes());
    Ok(out)
}

pub(super) fn content_digest(sections: &[&[u8]]) -> Vec<u8> {
    let mut pieces = Vec::new();
    let mut count = 0_u32;
    for piece in sections.iter().flat_map(|section| section.chunks(PIECE)) {
        let mut hash = Sha256::new();
        hash.update([0xa5]);
        hash.update((piece.len() as u32).to_le_bytes());
        hash.update(piece);
        pieces.extend(hash.finalize());
        count += 1;
    }
    let mut hash = Sha256::new();
    hash.update([0x5a]);
    hash.update(count.to_le_bytes());
    hash.update(pieces);
    hash.finalize().to_vec()
}

fn signing_block(digest: &[u8], key: &Key) -> Result<Vec<u8>, ApkFileError> {
    let algorithm = V2_RSA_SHA256.to_le_bytes();
    let digests = sized(&[&sized(&[&algorithm, &sized(&[digest])])]);
    let certificates = sized(&[&sized(&[&key.certificate])]);
    let signed_data = [digests, certificates, sized(&[])].concat();
    let signature = key.sign(&signed_data)?;
    let signatures = sized(&[&sized(&[&algorithm, &sized(&[&signature])])]);
    let signer = sized(&[&sized(&[&signed_data]), &signatures, &sized(&[&key.public_info])]);
    let value = sized(&[&signer]);

    let pair = [&(value.len() as u64 + 4).to_le_bytes()[..], &V2_BLOCK.to_le_bytes(), &value].concat();
    let size = (pair.len() as u64 + 8 + 16).to_le_bytes();
    Ok([&size[..], &pair, &size, b"APK Sig Block 42"].concat())
}

/// The parts, one after another, behind their common length.
fn sized(parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&(content.len() as u32).to_le_bytes()[..], &content].concat()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_u32, |n, byte| n << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place)) as usize & 63];
            out.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}
