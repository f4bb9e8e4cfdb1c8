//! SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use super::entry::Digest;

/// Digest of some bytes.
pub fn of(bytes: &[u8]) -> Digest {
    hex(&Sha256::digest(bytes))
}

/// Digest and length of everything a reader yields. Memory does not grow with the length.
///
/// # Errors
/// What the reader reports.
pub fn of_reader(from: impl Read) -> io::Result<(Digest, u64)> {
    let mut hashing = Hashing::new(from);
    let mut buffer = vec![0; 64 << 10];
    loop {
        match hashing.read(&mut buffer) {
            Ok(0) => return Ok(hashing.finish()),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// Digest and count of bytes that come piece by piece.
#[derive(Clone, Default)]
pub struct Running {
    hasher: Sha256,
    length: u64,
}

impl Running {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
    }

    /// Digest and count of all pieces.
    pub fn finish(self) -> (Digest, u64) {
        (hex(&self.hasher.finalize()), self.length)
    }
}

impl io::Write for Running {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Passes bytes through and keeps their digest and count.
pub struct Hashing<R> {
    from: R,
    running: Running,
}

impl<R: Read> Hashing<R> {
    /// Begins with nothing read.
    pub fn new(from: R) -> Self {
        Self { from, running: Running::default() }
    }

    /// Digest and count of what was read.
    pub fn finish(self) -> (Digest, u64) {
        self.running.finish()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.running.update(&buffer[..n]);
        Ok(n)
    }
}

/// Whether this is a digest as we write it: 64 lower-case hexadecimal digits.
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        // FIPS 180-4 examples: the empty message and "abc".
        assert_eq!(of(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(of(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(of_reader(&b"abc"[..]).unwrap(), (of(b"abc"), 3));
    }

    #[test]
    fn only_64_lower_case_hexadecimal_digits_are_a_digest() {
        assert!(is_digest(&of(b"x")));
        assert!(!is_digest(&of(b"x").to_uppercase()));
        assert!(!is_digest("../../../etc/passwd"));
        assert!(!is_digest(""));
    }
}
