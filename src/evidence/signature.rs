//! OpenSSH signatures (SSHSIG) with Ed25519 keys.

use std::path::Path;

use ssh_key::{HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use super::bag::{SIGNATURE, SIGNER};
use super::{EvidenceError, Fault};

/// The namespace of our signatures, so that one made for something else can't stand in.
pub(super) const NAMESPACE: &str = "appwitness-evidence";

/// A key that signs.
pub(super) struct Signer {
    key: PrivateKey,
}

impl Signer {
    /// Reads an OpenSSH private key from a file.
    pub fn read(path: &Path) -> Result<Self, EvidenceError> {
        let wrong = |why: String| EvidenceError::Key { path: path.to_owned(), why };
        let key = PrivateKey::read_openssh_file(path).map_err(|e| wrong(format!("not an OpenSSH private key: {e}")))?;
        if key.is_encrypted() {
            return Err(wrong("the key is locked with a passphrase".to_owned()));
        }
        let signer = Self { key };
        signer.sign(b"").map_err(|why| wrong(format!("the key can't sign (Ed25519 keys can): {why}")))?;
        Ok(signer)
    }

    /// Fingerprint, `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.key.public_key().fingerprint(HashAlg::Sha256).to_string()
    }

    /// The public key as one line. Its comment is left out: it often names a person's machine.
    pub fn public(&self) -> Result<String, String> {
        let bare = PublicKey::new(self.key.public_key().key_data().clone(), "");
        bare.to_openssh().map(|line| line.trim_end().to_owned() + "\n").map_err(|e| e.to_string())
    }

    /// The armoured signature of some bytes.
    pub fn sign(&self, bytes: &[u8]) -> Result<String, String> {
        let signature = self.key.sign(NAMESPACE, HashAlg::Sha512, bytes).map_err(|e| e.to_string())?;
        signature.to_pem(LineEnding::LF).map_err(|e| e.to_string())
    }
}

/// Checks a signature against the public key beside it and the fingerprint that the package tells.
pub(super) fn check(signature: &str, public: &str, fingerprint: &str, signed: &[u8]) -> Result<(), Fault> {
    let wrong = |place: &str, why: String| Fault::Signature { place: place.to_owned(), why };
    let key = PublicKey::from_openssh(public).map_err(|e| wrong(SIGNER, format!("not an OpenSSH public key: {e}")))?;
    if key.fingerprint(HashAlg::Sha256).to_string() != fingerprint {
        return Err(wrong(SIGNER, "not the key that the package names".to_owned()));
    }
    let parsed = SshSig::from_pem(signature).map_err(|e| wrong(SIGNATURE, format!("not an OpenSSH signature: {e}")))?;
    // Armour can be written in many ways; ours is the only one taken, so that no byte of it is free.
    if parsed.to_pem(LineEnding::LF).is_ok_and(|again| again != signature) {
        return Err(wrong(SIGNATURE, "not written as a package's".to_owned()));
    }
    if parsed.public_key() != key.key_data() {
        return Err(wrong(SIGNATURE, "made by another key".to_owned()));
    }
    key.verify(NAMESPACE, signed, &parsed).map_err(|e| wrong(SIGNATURE, format!("does not hold: {e}")))
}
