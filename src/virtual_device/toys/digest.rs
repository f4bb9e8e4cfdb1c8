//! `md5sum`, `sha1sum`, `sha224sum`, `sha256sum`, `sha384sum`, `sha512sum`, `base64`.

use sha2::{Digest, Sha256};

use super::tool::{Tool, toy};

toy!(
    /// `md5sum [-b] [file…]`
    md5sum, md5_work
);

async fn md5_work(tool: Tool) -> i32 {
    sums(tool, |bytes| {
        use md5::Digest;
        md5::Md5::digest(bytes).to_vec()
    })
    .await
}

toy!(
    /// `sha1sum [-b] [file…]`
    sha1sum, sha1_work
);

async fn sha1_work(tool: Tool) -> i32 {
    sums(tool, |bytes| {
        use sha1::Digest;
        sha1::Sha1::digest(bytes).to_vec()
    })
    .await
}

toy!(
    /// `sha256sum [-b] [file…]`
    sha256sum, sha256_work
);

async fn sha256_work(tool: Tool) -> i32 {
    sums(tool, |bytes| Sha256::digest(bytes).to_vec()).await
}

toy!(
    /// `sha224sum [-b] [file…]`
    sha224sum, sha224_work
);

async fn sha224_work(tool: Tool) -> i32 {
    sums(tool, |bytes| sha2::Sha224::digest(bytes).to_vec()).await
}

toy!(
    /// `sha384sum [-b] [file…]`
    sha384sum, sha384_work
);

async fn sha384_work(tool: Tool) -> i32 {
    sums(tool, |bytes| sha2::Sha384::digest(bytes).to_vec()).await
}

toy!(
    /// `sha512sum [-b] [file…]`
    sha512sum, sha512_work
);

async fn sha512_work(tool: Tool) -> i32 {
    sums(tool, |bytes| sha2::Sha512::digest(bytes).to_vec()).await
}

/// `-c`: files against the digests that a list says they have (toybox's `hash.c`).
async fn check(mut tool: Tool, digest: fn(&[u8]) -> Vec<u8>, lists: &[String], silent: bool) -> i32 {
    let length = digest(b"").len() * 2;
    let mut failed = false;
    for list in lists {
        let Some(content) = tool.read(list).await else { continue };
        for line in String::from_utf8_lossy(&content).lines() {
            let (Some(wanted), Some(name)) = (line.get(..length), line.get(length + 2..)) else {
                tool.complain(&format!("bad line '{line}'")).await;
                continue;
            };
            let Some(content) = tool.read(name).await else {
                failed = true;
                continue;
            };
            let found: String = digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
            let same = found.eq_ignore_ascii_case(wanted);
            failed |= !same;
            if !silent {
                tool.out(format!("{name}: {}\n", if same { "OK" } else { "FAILED" })).await;
            }
        }
    }
    if failed { 1 } else { tool.status }
}

async fn sums(mut tool: Tool, digest: fn(&[u8]) -> Vec<u8>) -> i32 {
    let Some(flags) = tool.flags("bcs", "", &[]).await else { return 1 };
    if flags.has('c') {
        let lists = if flags.rest.is_empty() { vec!["-".to_owned()] } else { flags.rest.clone() };
        return check(tool, digest, &lists, flags.has('s')).await;
    }
    let files = if flags.rest.is_empty() { vec!["-".to_owned()] } else { flags.rest.clone() };
    for file in files {
        let Some(content) = tool.read(&file).await else { continue };
        let digest: String = digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        let line = if flags.has('b') { format!("{digest}\n") } else { format!("{digest}  {file}\n") };
        tool.out(line).await;
    }
    tool.status
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

toy!(
    /// `base64 [-d] [-w columns] [file]`
    base64, base64_work
);

async fn base64_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("di", "w", &[]).await else { return 1 };
    let file = flags.rest.first().cloned().unwrap_or_else(|| "-".into());
    let Some(content) = tool.read(&file).await else { return 1 };
    if flags.has('d') {
        return match decoded(&content) {
            Some(bytes) => tool.finish(bytes).await,
            None => {
                tool.complain("bad input").await;
                1
            }
        };
    }
    let columns = flags.value('w').and_then(|text| text.parse().ok()).unwrap_or(76_usize);
    let text = encoded(&content);
    let lines = if columns == 0 { vec![text.as_slice()] } else { text.chunks(columns).collect() };
    let mut output = lines.join(&b'\n');
    if columns > 0 && !output.is_empty() {
        output.push(b'\n');
    }
    tool.finish(output).await
}

fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() / 3 * 4 + 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for at in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or(0);
            text.push(if at <= group.len() { LETTERS[index] } else { b'=' });
        }
    }
    text
}

fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'=') {
        let value = LETTERS.iter().position(|known| known == letter)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_there_and_back() {
        for text in ["", "a", "ab", "abc", "\u{ff}xyz0"] {
            assert_eq!(decoded(&encoded(text.as_bytes())).unwrap(), text.as_bytes());
        }
        assert_eq!(encoded(b"ab"), b"YWI=");
        assert_eq!(decoded(b"Y*"), None);
    }
}
