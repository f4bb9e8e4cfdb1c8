//! OpenSSH signatures (SSHSIG) with Ed25519 keys, from a file or by a running ssh-agent.

use std::fs;
use std::path::Path;

use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use super::bag::{SIGNATURE, SIGNER};
use super::{EvidenceError, Fault, agent};

/// The namespace of our signatures of packages, so that one made for something else can't stand in.
pub(super) const NAMESPACE: &str = "appwitness-evidence";
/// The namespace of our signatures of reviews.
pub(super) const REVIEWS: &str = "appwitness-review";

/// Longest key file that is read, in bytes.
const LONGEST: u64 = 64 << 10;

/// A key that signs.
pub(super) enum Signer {
    /// From a file.
    Own(Box<PrivateKey>),
    /// Held by the agent at `SSH_AUTH_SOCK`; the file names the public key only.
    Agent(PublicKey),
}

impl Signer {
    /// Reads an OpenSSH private key from a file, or a public key whose private half an ssh-agent holds.
    pub fn read(path: &Path) -> Result<Self, EvidenceError> {
        let wrong = |why: String| EvidenceError::Key { path: path.to_owned(), why };
        let signer = Self::parse(&text(path).map_err(wrong)?).map_err(wrong)?;
        if signer.key().algorithm() != Algorithm::Ed25519 {
            return Err(wrong(format!(
                "{} keys can't sign here; make one with ssh-keygen -t ed25519",
                signer.key().algorithm()
            )));
        }
        signer.sign(NAMESPACE, b"").map_err(|why| wrong(format!("the key can't sign: {why}")))?;
        Ok(signer)
    }

    fn parse(text: &str) -> Result<Self, String> {
        if let Ok(public) = PublicKey::from_openssh(text) {
            return Ok(Self::Agent(public));
        }
        let key = PrivateKey::from_openssh(text).map_err(|e| format!("not an OpenSSH key: {e}"))?;
        if key.is_encrypted() {
            let remedy = "add it to an ssh-agent (ssh-add) and give the .pub file";
            return Err(format!("the key is locked with a passphrase; {remedy}"));
        }
        Ok(Self::Own(Box::new(key)))
    }

    fn key(&self) -> &PublicKey {
        match self {
            Self::Own(key) => key.public_key(),
            Self::Agent(key) => key,
        }
    }

    /// Fingerprint, `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.key().fingerprint(HashAlg::Sha256).to_string()
    }

    /// The public key as one line. Its comment is left out: it often names a person's machine.
    pub fn public(&self) -> Result<String, String> {
        let bare = PublicKey::new(self.key().key_data().clone(), "");
        bare.to_openssh().map(|line| line.trim_end().to_owned() + "\n").map_err(|e| e.to_string())
    }

    /// The armoured signature of some bytes.
    pub fn sign(&self, namespace: &str, bytes: &[u8]) -> Result<String, String> {
        let signature = match self {
            Self::Own(key) => key.sign(namespace, HashAlg::Sha512, bytes).map_err(|e| e.to_string())?,
            Self::Agent(key) => agent::sign(key, namespace, bytes)?,
        };
        signature.to_pem(LineEnding::LF).map_err(|e| e.to_string())
    }
}

fn text(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|e| e.to_string())?.len();
    if length > LONGEST {
        return Err("too long for a key".to_owned());
    }
    fs::read_to_string(path).map_err(|e| e.to_string())
}

/// Checks a package's signature against the public key beside it and the fingerprint that the package tells.
pub(super) fn check(signature: &str, public: &str, fingerprint: &str, signed: &[u8]) -> Result<(), Fault> {
    let wrong = |place: &str, why: String| Fault::Signature { place: place.to_owned(), why };
    let key = PublicKey::from_openssh(public).map_err(|e| wrong(SIGNER, format!("not an OpenSSH public key: {e}")))?;
    let made_by = made_by(SIGNATURE, NAMESPACE, signature, signed)?;
    if key.fingerprint(HashAlg::Sha256).to_string() != fingerprint {
        return Err(wrong(SIGNER, "not the key that the package names".to_owned()));
    }
    match made_by == fingerprint {
        true => Ok(()),
        false => Err(wrong(SIGNATURE, "made by another key".to_owned())),
    }
}

/// Checks a signature in itself; the fingerprint of the key that made it.
pub(super) fn made_by(place: &str, namespace: &str, signature: &str, signed: &[u8]) -> Result<String, Fault> {
    let wrong = |why: String| Fault::Signature { place: place.to_owned(), why };
    let parsed = SshSig::from_pem(signature).map_err(|e| wrong(format!("not an OpenSSH signature: {e}")))?;
    // Armour can be written in many ways; ours is the only one taken, so that no byte of it is free.
    if parsed.to_pem(LineEnding::LF).is_ok_and(|again| again != signature) {
        return Err(wrong("not written as ours".to_owned()));
    }
    let key = PublicKey::new(parsed.public_key().clone(), "");
    key.verify(namespace, signed, &parsed).map_err(|e| wrong(format!("does not hold: {e}")))?;
    Ok(key.fingerprint(HashAlg::Sha256).to_string())
}
