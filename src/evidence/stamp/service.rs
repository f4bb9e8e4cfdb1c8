//! Asking a time stamp service over HTTP (RFC 3161 3.4). Its answer is signed, so that plain HTTP takes nothing from it.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::{check_answer, question};
use crate::clock::Clock;

/// Longest answer that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// How long the service may take in all.
const WITHIN: Duration = Duration::from_secs(20);

/// A service's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Host and port.
    authority: String,
    /// Where on it, with a slash first.
    path: String,
}

impl Service {
    /// Reads `http://HOST[:PORT][/PATH]`.
    ///
    /// # Errors
    /// In words, with what to do.
    pub fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("https://") {
            return Err("this program speaks plain HTTP to time stamp services, and most offer it: the answer is signed; give http://".into());
        }
        let rest = url.strip_prefix("http://").ok_or("an address begins with http://")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || authority.contains('@') || !plain(rest) {
            return Err("an address is http://HOST[:PORT][/PATH], without a name or password".into());
        }
        let path = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        Ok(Self { authority: authority.to_owned(), path })
    }

    /// Host and port; the path may hold somebody's key and is told nowhere.
    pub fn name(&self) -> &str {
        &self.authority
    }
}

/// Asks the service for a stamp of some bytes; its answer, checked as far as it can be without its root certificate.
///
/// # Errors
/// In words.
pub(in crate::evidence) fn request(service: &Service, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut nonce = [0; 8];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut nonce)).map_err(|e| e.to_string())?;
    let answer = post(service, &question(bytes, nonce)).map_err(|e| e.to_string())?;
    let body = body(&answer)?;
    check_answer(body, bytes, nonce)?;
    Ok(body.to_vec())
}

fn post(service: &Service, question: &[u8]) -> std::io::Result<Vec<u8>> {
    let clock = Clock::real();
    let late = || std::io::Error::other("it did not answer in time");
    let left = || WITHIN.checked_sub(clock.elapsed()).filter(|left| !left.is_zero()).ok_or_else(late);
    let authority = &service.authority;
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { authority.clone() } else { format!("{authority}:80") };
    let mut connected = Err(late());
    for address in address.to_socket_addrs()? {
        connected = TcpStream::connect_timeout(&address, left()?);
        if connected.is_ok() {
            break;
        }
    }
    let mut stream = connected?;
    stream.set_write_timeout(Some(left()?))?;
    // HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    let head = format!(
        "POST {} HTTP/1.0\r\nHost: {authority}\r\nContent-Type: application/timestamp-query\r\nContent-Length: {}\r\nUser-Agent: AppWitness\r\n\r\n",
        service.path,
        question.len()
    );
    stream.write_all(&[head.as_bytes(), question].concat())?;
    let mut answer = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        stream.set_read_timeout(Some(left()?))?;
        match stream.read(&mut buffer)? {
            0 => return Ok(answer),
            n => answer.extend(&buffer[..n]),
        }
        if answer.len() > LONGEST {
            return Err(std::io::Error::other("its answer is too long"));
        }
    }
}

/// The body of an HTTP answer that says that all is well.
fn body(answer: &[u8]) -> Result<&[u8], String> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no HTTP answer")?;
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head.lines().next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    if status != "200" {
        return Err(format!("HTTP status {status:?}"));
    }
    Ok(&answer[end + 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_secrets_are_not_taken() {
        let service = Service::parse("http://tsa.example:8318/tsr?key=1").unwrap();
        assert_eq!((service.name(), service.path.as_str()), ("tsa.example:8318", "/tsr?key=1"));
        assert_eq!(Service::parse("http://tsa.example").unwrap().path, "/");
        for bad in [
            "https://tsa.example",
            "tsa.example",
            "http://",
            "http://me:pw@tsa.example/",
            "http://a b/",
            "http://a\r\nX: y/",
        ] {
            assert!(Service::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_a_good_answer_has_a_body() {
        assert_eq!(body(b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nabc").unwrap(), b"abc");
        assert!(body(b"HTTP/1.1 503 Busy\r\n\r\nabc").unwrap_err().contains("503"));
        assert!(body(b"abc").is_err());
    }
}
