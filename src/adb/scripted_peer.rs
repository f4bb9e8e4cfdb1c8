//! A peer on a socket that says exactly what a test tells it: the far side of the wire, byte by byte.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One thing the peer does.
pub(super) enum Step {
    /// Reads exactly these bytes; anything else fails the test.
    Expect(Vec<u8>),
    /// Reads one request and answers what the function makes of it.
    Answer(fn(String) -> Vec<u8>),
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Writes these bytes one by one, so that they arrive in pieces.
    Dribble(Vec<u8>),
    /// Waits until the client closes.
    UntilClosed,
}

/// The bytes of a request.
pub(super) fn request(text: &str) -> Step {
    Step::Expect(format!("{:04x}{text}", text.len()).into_bytes())
}

/// `OKAY`, then these bytes.
pub(super) fn okay(then: &[u8]) -> Step {
    Step::Send([b"OKAY", then].concat())
}

/// An answer with its length in four hexadecimal digits.
pub(super) fn answer(text: &str) -> Step {
    okay(format!("{:04x}{text}", text.len()).as_bytes())
}

/// `FAIL` with these words.
pub(super) fn fail(text: &str) -> Step {
    Step::Send(format!("FAIL{:04x}{text}", text.len()).into_bytes())
}

/// A connection that asks for the features of device `S`.
pub(super) fn features(list: &str) -> Vec<Step> {
    vec![request("host-serial:S:features"), answer(list)]
}

/// A connection to device `S` with a service opened on it, then these steps.
pub(super) fn service(name: &str, steps: Vec<Step>) -> Vec<Step> {
    let mut all = vec![request("host:transport:S"), okay(b""), request(name), okay(b"")];
    all.extend(steps);
    all
}

/// Serves one connection after another, each by its script, closing it at the end. The handle ends when all are done
/// and panics where a script was not followed.
pub(super) async fn serve(connections: Vec<Vec<Step>>) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        for steps in connections {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            for step in steps {
                play(&mut stream, step).await;
            }
        }
    });
    (address, serving)
}

async fn play(stream: &mut TcpStream, step: Step) {
    match step {
        Step::Expect(bytes) => {
            let mut read = vec![0; bytes.len()];
            stream.read_exact(&mut read).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&read), String::from_utf8_lossy(&bytes));
        }
        Step::Answer(reply) => {
            let mut digits = [0; 4];
            stream.read_exact(&mut digits).await.unwrap();
            let length = usize::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap();
            let mut text = vec![0; length];
            stream.read_exact(&mut text).await.unwrap();
            stream.write_all(&reply(String::from_utf8(text).unwrap())).await.unwrap();
        }
        Step::Send(bytes) => stream.write_all(&bytes).await.unwrap(),
        Step::Dribble(bytes) => {
            for byte in bytes {
                stream.write_all(&[byte]).await.unwrap();
                tokio::task::yield_now().await;
            }
        }
        Step::UntilClosed => {
            let mut rest = Vec::new();
            // A reset is a close too.
            let _ = stream.read_to_end(&mut rest).await;
        }
    }
}
