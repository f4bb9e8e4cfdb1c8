//! JSON-RPC over HTTP, as far as the accelerator's program speaks it. One request per connection.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::error::AndroidError;
use crate::adb::{AdbError, Device, Fault};

/// Longest answer, in bytes: the longest hierarchy, escaped.
const LONGEST: usize = 24 << 20;
/// How long a plain question may take.
const SHORTLY: Duration = Duration::from_secs(5);

/// Calls a method.
///
/// # Errors
/// The way to the device, an answer that is none, or the program's own error.
pub async fn call(
    device: &Device,
    port: u16,
    method: &str,
    parameters: &Value,
    within: Duration,
) -> Result<Value, AndroidError> {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).to_string();
    let request = format!(
        "POST /jsonrpc/0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = device.exchange(&service(port), request.as_bytes(), within, LONGEST).await?;
    let doing = || format!("call {method} of the accelerator");
    let refused = |message: String| AndroidError::Refused { doing: doing(), message };
    let body = body_of(&answer).ok_or_else(|| refused("its answer is cut short".to_owned()))?;
    let answer: Value = serde_json::from_slice(body).map_err(|error| refused(error.to_string()))?;
    if let Some(error) = answer.get("error") {
        let message = error.get("message").and_then(Value::as_str).unwrap_or("an error without words");
        return Err(refused(message.chars().take(300).collect()));
    }
    answer.get("result").cloned().ok_or_else(|| refused("its answer has no result".to_owned()))
}

/// Whether the program answers at the port.
pub async fn answers(device: &Device, port: u16) -> Result<bool, AndroidError> {
    let answer = get(device, port, "/ping").await?;
    Ok(answer.as_deref().and_then(body_of) == Some(b"pong"))
}

/// Asks the program to end.
pub async fn stop(device: &Device, port: u16) -> Result<(), AndroidError> {
    get(device, port, "/stop").await.map(drop)
}

/// `None` when nobody answers.
async fn get(device: &Device, port: u16, path: &str) -> Result<Option<Vec<u8>>, AndroidError> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    match device.exchange(&service(port), request.as_bytes(), SHORTLY, 64 << 10).await {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Nobody listens, or whoever does says nothing.
fn is_absence(error: &AdbError) -> bool {
    !matches!(error.fault(), Fault::DeviceLost | Fault::Cancelled)
}

fn service(port: u16) -> String {
    format!("tcp:{port}")
}

/// The body of a whole answer with status 200; `None` for every other, and for one that was cut short.
fn body_of(answer: &[u8]) -> Option<&[u8]> {
    let end = memchr::memmem::find(answer, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let (first, fields) = head.split_once("\r\n")?;
    if first.split(' ').nth(1) != Some("200") {
        return None;
    }
    let length = fields.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    })?;
    answer.get(end + 4..).filter(|body| body.len() == length)
}

#[cfg(test)]
mod tests {
    use super::body_of;

    #[test]
    fn only_a_whole_answer_has_a_body() {
        let whole = b"HTTP/1.1 200 OK \r\nContent-Type: text/html\r\ncontent-length: 4\r\n\r\npong";
        assert_eq!(body_of(whole), Some(&b"pong"[..]));
        assert_eq!(body_of(&whole[..whole.len() - 1]), None);
        assert_eq!(body_of(b"HTTP/1.1 404 Not Found \r\nContent-Length: 0\r\n\r\n"), None);
        assert_eq!(body_of(b"HTTP/1.1 200 OK \r\n\r\n"), None);
        assert_eq!(body_of(b""), None);
    }
}
