//! Asking a running ssh-agent for a signature (draft-ietf-sshm-ssh-agent: one request, one answer).

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use ssh_key::{HashAlg, PublicKey, Signature, SshSig};

/// Ask for a signature.
const SIGN_REQUEST: u8 = 13;
/// Here it is.
const SIGN_RESPONSE: u8 = 14;
/// Longest answer that is read, in bytes.
const LONGEST: usize = 64 << 10;
/// How long an agent may take: it may ask a person.
const WITHIN: Duration = Duration::from_secs(120);

/// A signature by the agent at `SSH_AUTH_SOCK`.
pub(super) fn sign(key: &PublicKey, namespace: &str, bytes: &[u8]) -> Result<SshSig, String> {
    let socket =
        std::env::var_os("SSH_AUTH_SOCK").ok_or("a public key needs an ssh-agent, and SSH_AUTH_SOCK is not set")?;
    let data = SshSig::signed_data(namespace, HashAlg::Sha512, bytes).map_err(|e| e.to_string())?;
    let blob = key.to_bytes().map_err(|e| e.to_string())?;
    let mut request = vec![SIGN_REQUEST];
    for part in [&blob, &data] {
        request.extend((part.len() as u32).to_be_bytes());
        request.extend(part);
    }
    request.extend(0u32.to_be_bytes());
    let answer = exchange(&socket, &request).map_err(|e| format!("the ssh-agent does not answer: {e}"))?;
    let Some((&SIGN_RESPONSE, mut rest)) = answer.split_first() else {
        return Err("the ssh-agent does not hold this key, or refuses (ssh-add -l lists its keys)".to_owned());
    };
    let length = rest.split_off(..4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
    let signature = length.and_then(|length| rest.get(..length as usize)).ok_or("the ssh-agent's answer is cut off")?;
    let signature = Signature::try_from(signature).map_err(|e| format!("the ssh-agent's signature: {e}"))?;
    SshSig::new(key.key_data().clone(), namespace, HashAlg::Sha512, signature).map_err(|e| e.to_string())
}

fn exchange(socket: &std::ffi::OsStr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(WITHIN))?;
    stream.set_write_timeout(Some(WITHIN))?;
    stream.write_all(&[&(request.len() as u32).to_be_bytes(), request].concat())?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST {
        return Err(std::io::Error::other("its answer is too long"));
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}
