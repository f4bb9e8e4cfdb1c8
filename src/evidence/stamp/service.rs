//! Asking a time stamp service over HTTP (RFC 3161 3.4). Its answer is signed, so that plain HTTP takes nothing from it; some
//! services are there with TLS only.

use std::fs::File;
use std::io::{Read, Write};

use super::connection::Connection;
use super::{check_answer, question};

/// Longest answer that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// A service's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Spoken to with TLS.
    tls: bool,
    /// Host and port.
    authority: String,
    /// Where on it, with a slash first.
    path: String,
}

impl Service {
    /// Reads `http://HOST[:PORT][/PATH]`, or the same with `https`.
    ///
    /// # Errors
    /// In words, with what to do.
    pub fn parse(url: &str) -> Result<Self, String> {
        let (tls, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            (None, None) => return Err("an address begins with http:// or https://".into()),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || authority.contains('@') || !plain(rest) {
            return Err("an address is http[s]://HOST[:PORT][/PATH], without a name or password".into());
        }
        let path = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        Ok(Self { tls, authority: authority.to_owned(), path })
    }

    /// Host, without the brackets of an address, and port.
    fn place(&self) -> (&str, u16) {
        let port = |text: &str| text.parse::<u16>().ok();
        let usual = if self.tls { 443 } else { 80 };
        let told = self.authority.rsplit_once(':').and_then(|(host, text)| Some((host, port(text)?)));
        let (host, port) = told.unwrap_or((&self.authority, usual));
        (host.trim_start_matches('[').trim_end_matches(']'), port)
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
    let answer = post(service, &question(bytes, nonce))?;
    let body = body(&answer)?;
    check_answer(body, bytes, nonce)?;
    Ok(body.to_vec())
}

fn post(service: &Service, question: &[u8]) -> Result<Vec<u8>, String> {
    let (host, port) = service.place();
    let mut connection = Connection::open(host, port, service.tls)?;
    exchange(&mut connection, service, question).map_err(|error| error.to_string())
}

fn exchange(connection: &mut Connection, service: &Service, question: &[u8]) -> std::io::Result<Vec<u8>> {
    // HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    let head = format!(
        "POST {} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/timestamp-query\r\nContent-Length: {}\r\nUser-Agent: AppWitness\r\n\r\n",
        service.path,
        service.authority,
        question.len()
    );
    connection.write_all(&[head.as_bytes(), question].concat())?;
    connection.flush()?;
    let mut answer = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        match connection.read(&mut buffer)? {
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
        assert_eq!(service.place(), ("tsa.example", 8318));
        for (url, host, port) in [
            ("http://tsa.example/x", "tsa.example", 80),
            ("https://tsa.example", "tsa.example", 443),
            ("https://[::1]/x:8", "::1", 443),
            ("https://[::1]:8443", "::1", 8443),
        ] {
            assert_eq!(Service::parse(url).unwrap().place(), (host, port), "{url}");
        }
        for bad in [
            "ftp://tsa.example",
            "https://",
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
