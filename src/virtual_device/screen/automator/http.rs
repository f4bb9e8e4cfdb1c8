//! HTTP as NanoHTTPD serves it: requests one after another on a connection, each answered with its length.

use std::sync::Arc;

use super::super::super::pipe::{Intake, Pipe};
use super::{Agent, rpc};

/// Longest head of a request, in bytes.
const LONGEST_HEAD: usize = 16 << 10;
/// Longest body, in bytes.
const LONGEST_BODY: usize = 4 << 20;

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// The client went.
    Closed,
    /// A client asked the server to stop.
    Stop,
}

/// A request.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    path: String,
    body: Vec<u8>,
    keep: bool,
}

/// Answers requests until the client goes.
pub async fn talk(agent: Arc<Agent>, pipe: Pipe) -> End {
    let mut intake = Intake::new(pipe.input);
    while let Some(request) = read(&mut intake).await {
        let (status, kind, body) = answer(&agent, &request).await;
        let head = head(&agent, status, kind, body.len(), request.keep);
        if pipe.output.send([head.into_bytes(), body].concat()).await.is_err() {
            break;
        }
        if request.path == "/stop" {
            return End::Stop;
        }
        if !request.keep {
            break;
        }
    }
    End::Closed
}

async fn answer(agent: &Agent, request: &Request) -> (&'static str, &'static str, Vec<u8>) {
    match request.path.as_str() {
        "/ping" => ("200 OK", "text/html", b"pong".to_vec()),
        "/stop" => ("200 OK", "text/html", b"Server stopped!!!".to_vec()),
        "/jsonrpc/0" if request.body.is_empty() => {
            ("500 Internal Server Error", "text/plain", b"Invalid http post data!".to_vec())
        }
        "/jsonrpc/0" => ("200 OK", "application/json", rpc::answer(agent, &request.body).await),
        _ => ("404 Not Found", "text/plain", b"Not Found!!!".to_vec()),
    }
}

/// The head of an answer, in NanoHTTPD's order, with its space after the status.
fn head(agent: &Agent, status: &str, kind: &str, length: usize, keep: bool) -> String {
    let date = jiff::Timestamp::from_millisecond(agent.machine.wall()).unwrap_or_default();
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let connection = if keep { "keep-alive" } else { "close" };
    format!(
        "HTTP/1.1 {status} \r\nContent-Type: {kind}\r\nDate: {date}\r\nConnection: {connection}\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// The next request; `None` at the end, or when it is none.
async fn read(intake: &mut Intake) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return None;
        }
        head.extend_from_slice(intake.some(1).await?);
    }
    let head = String::from_utf8(head).ok()?;
    let (first, fields) = head.split_once("\r\n")?;
    let path = first.split(' ').nth(1)?.split('?').next()?.to_owned();
    let field = |name: &str| {
        fields.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let length = field("content-length").map_or(Some(0), |length| length.parse::<usize>().ok())?;
    if length > LONGEST_BODY {
        return None;
    }
    let close = field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let keep = first.ends_with("HTTP/1.1") && !close;
    Some(Request { path, body: intake.exact(length).await?, keep })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_are_read_one_after_another() {
        let (send, receive) = tokio::sync::mpsc::channel(4);
        let both: &[&[u8]] = &[
            b"POST /jsonrpc/0 HTTP/1.1\r\nHost: x\r\ncontent-length: 2\r\n\r\n{",
            b"}GET /ping?a=b HTTP/1.1\r\nConnection: close\r\n\r\n",
        ];
        for part in both {
            send.send(part.to_vec()).await.unwrap();
        }
        drop(send);
        let mut intake = Intake::new(receive);
        let first = read(&mut intake).await.unwrap();
        assert_eq!(first, Request { path: "/jsonrpc/0".into(), body: b"{}".to_vec(), keep: true });
        let second = read(&mut intake).await.unwrap();
        assert_eq!(second, Request { path: "/ping".into(), body: Vec::new(), keep: false });
        assert_eq!(read(&mut intake).await, None);
    }

    #[tokio::test]
    async fn what_is_too_long_is_no_request() {
        let (send, receive) = tokio::sync::mpsc::channel(4);
        send.send(b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n".to_vec()).await.unwrap();
        assert_eq!(read(&mut Intake::new(receive)).await, None);
    }
}
