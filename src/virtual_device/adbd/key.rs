//! An ADB public key, and whether it made a signature.
//!
//! Source of the format: AOSP `libcrypto_utils/android_pubkey`: base64 of word count (64), -1/n mod 2^32, modulus,
//! R² mod n, exponent, all little-endian; then a space and `user@host`. The signature is PKCS#1 v1.5 over the token,
//! taken as a SHA-1 digest.

/// 32-bit words of a 2048-bit number.
const WORDS: usize = 64;
const BYTES: usize = WORDS * 4;
/// Length of the decoded key.
const LENGTH: usize = 4 + 4 + BYTES + BYTES + 4;
/// DER of `DigestInfo { sha1, … }` up to the digest (RFC 8017, 9.2).
const SHA1_PREFIX: [u8; 15] = [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0, 0x04, 0x14];

/// A number of 2048 bits, least significant word first.
type Number = [u32; WORDS];

/// An RSA key of 2048 bits.
#[derive(Debug)]
pub struct PublicKey {
    modulus: Number,
    /// -1/modulus mod 2^32
    inverse: u32,
    /// R² mod modulus, R = 2^2048
    r_squared: Number,
    exponent: u32,
}

impl PublicKey {
    /// The key in a client's `RSAPUBLICKEY` text; `None` when it is none.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let base64 = text.split(|byte| matches!(byte, b' ' | b'\0' | b'\n')).next()?;
        let bytes = decode(base64).filter(|bytes| bytes.len() == LENGTH)?;
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let number = |from: usize| std::array::from_fn(|i| word(from + i * 4));
        let sound = word(0) as usize == WORDS && word(8) % 2 == 1;
        sound.then(|| Self {
            inverse: word(4),
            modulus: number(8),
            r_squared: number(8 + BYTES),
            exponent: word(8 + 2 * BYTES),
        })
    }

    /// Whether `signature` over `token` was made by this key's owner.
    pub fn signed(&self, token: &[u8; 20], signature: &[u8]) -> bool {
        let Ok(signature) = <&[u8; BYTES]>::try_from(signature) else { return false };
        self.power(&from_big_endian(signature)) == from_big_endian(&padded(token))
    }

    /// `base` to the exponent, modulo the modulus; bits of the exponent from the top, in Montgomery form.
    fn power(&self, base: &Number) -> Number {
        let base = self.multiply(base, &self.r_squared);
        let mut one = [0; WORDS];
        one[0] = 1;
        let mut result = self.multiply(&one, &self.r_squared);
        for bit in (0..u32::BITS - self.exponent.leading_zeros()).rev() {
            result = self.multiply(&result, &result);
            if self.exponent >> bit & 1 == 1 {
                result = self.multiply(&result, &base);
            }
        }
        self.multiply(&result, &one)
    }

    /// `a * b / R` modulo the modulus (Montgomery).
    fn multiply(&self, a: &Number, b: &Number) -> Number {
        let mut sum = [0u32; WORDS + 1];
        for word in a {
            let top = add_product(&mut sum, b, *word);
            let zeroing = sum[0].wrapping_mul(self.inverse);
            let top = top + add_product(&mut sum, &self.modulus, zeroing);
            sum.copy_within(1.., 0);
            sum[WORDS] = top;
        }
        let mut result: Number = std::array::from_fn(|i| sum[i]);
        if sum[WORDS] != 0 || !less(&result, &self.modulus) {
            subtract(&mut result, &self.modulus);
        }
        result
    }
}

/// Adds `number * by` to `sum`; the carry out of it.
fn add_product(sum: &mut [u32; WORDS + 1], number: &Number, by: u32) -> u32 {
    let mut carry = 0u64;
    for (place, word) in sum.iter_mut().zip(number) {
        carry += u64::from(*place) + u64::from(*word) * u64::from(by);
        *place = carry as u32;
        carry >>= 32;
    }
    carry += u64::from(sum[WORDS]);
    sum[WORDS] = carry as u32;
    (carry >> 32) as u32
}

fn less(a: &Number, b: &Number) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

fn subtract(from: &mut Number, what: &Number) {
    let mut borrow = false;
    for (place, word) in from.iter_mut().zip(what) {
        let (first, under) = place.overflowing_sub(*word);
        let (second, again) = first.overflowing_sub(u32::from(borrow));
        (*place, borrow) = (second, under || again);
    }
}

fn from_big_endian(bytes: &[u8; BYTES]) -> Number {
    std::array::from_fn(|i| {
        let at = BYTES - 4 * (i + 1);
        u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    })
}

/// The token as PKCS#1 v1.5 pads it: 0, 1, many 255, 0, what hash it is, the hash.
fn padded(token: &[u8; 20]) -> [u8; BYTES] {
    let mut block = [0xff; BYTES];
    let tail = BYTES - SHA1_PREFIX.len() - token.len();
    (block[0], block[1], block[tail - 1]) = (0, 1, 0);
    block[tail..tail + SHA1_PREFIX.len()].copy_from_slice(&SHA1_PREFIX);
    block[BYTES - token.len()..].copy_from_slice(token);
    block
}

fn decode(base64: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(base64.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for letter in base64.iter().take_while(|letter| **letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A throw-away key by `adb keygen`, and the signature of twenty bytes 0, 1, 2 … by `openssl pkeyutl`.
    const KEY: &[u8] = include_bytes!("samples/key.pub");
    const SIGNATURE: &[u8] = include_bytes!("samples/key.signature");

    fn token() -> [u8; 20] {
        std::array::from_fn(|i| i as u8)
    }

    #[test]
    fn a_real_signature_is_known_and_any_other_is_not() {
        let key = PublicKey::parse(KEY).unwrap();
        assert!(key.signed(&token(), SIGNATURE));
        assert!(!key.signed(&[0; 20], SIGNATURE));
        let mut forged = SIGNATURE.to_vec();
        forged[200] ^= 1;
        assert!(!key.signed(&token(), &forged));
        assert!(!key.signed(&token(), &SIGNATURE[1..]));
    }

    #[test]
    fn what_is_no_key_is_no_key() {
        for text in [&b""[..], b"QUJD user@host\0", b"\xff\xfe", &KEY[..690]] {
            assert!(PublicKey::parse(text).is_none());
        }
    }
}
