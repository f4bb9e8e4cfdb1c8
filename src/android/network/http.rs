//! Requests of HTTP/1 in what a client sent.

use super::dns::host_letter;

/// Longest head looked through, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// Longest path told, in characters.
const LONGEST_PATH: usize = 200;
const METHODS: [&[u8]; 9] =
    [b"GET ", b"POST ", b"PUT ", b"HEAD ", b"DELETE ", b"PATCH ", b"OPTIONS ", b"CONNECT ", b"PRI * "];

/// What the first request says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    /// Method and path without what is asked for: `POST /v1/report`.
    pub line: String,
    /// Host, without its port.
    pub host: Option<String>,
    /// How its body is packed, when it can't be read as it stands: `gzip`.
    pub packed: Option<String>,
}

/// Whether bytes begin as a request.
pub(super) fn is_request(bytes: &[u8]) -> bool {
    METHODS.iter().any(|method| bytes.starts_with(&method[..method.len().min(bytes.len())]) && bytes.len() >= 4)
}

/// The first request at the beginning of `bytes`.
pub(super) fn request(bytes: &[u8]) -> Option<Request> {
    let bytes = &bytes[..bytes.len().min(LONGEST_HEAD)];
    let head = memchr::memmem::find(bytes, b"\r\n\r\n").map_or(bytes, |end| &bytes[..end]);
    let text = String::from_utf8_lossy(head);
    let mut lines = text.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let path: String = path.chars().filter(|c| !c.is_control()).take(LONGEST_PATH).collect();
    let mut request = Request { line: format!("{method} {path}"), ..Request::default() };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "host" if !value.is_empty() => request.host = Some(host(value)),
            "content-encoding" if value != "identity" => {
                request.packed = Some(value.chars().filter(char::is_ascii_graphic).take(40).collect());
            }
            _ => {}
        }
    }
    Some(request)
}

fn host(value: &str) -> String {
    let bare = match value.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !host.contains(':') => host,
        _ => value,
    };
    bare.trim_matches(['[', ']'])
        .bytes()
        .take(253)
        .map(|b| if b == b':' { ':' } else { host_letter(b) })
        .collect::<String>()
        .to_ascii_lowercase()
}
