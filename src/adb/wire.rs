//! The server's request protocol: four hexadecimal digits of length, the request, then `OKAY` or `FAIL`.
//! Source: AOSP `packages/modules/adb`, `OVERVIEW.TXT` and `SERVICES.TXT`.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Longest message of a `FAIL` or a short answer: four hexadecimal digits can't say more.
const LONGEST_ANSWER: usize = 0xffff;

/// Trouble on the wire, before it is known which call it hit.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server's port does not answer.
    NoServer(io::Error),
    /// The server said `FAIL` with these words.
    Fail(String),
    /// The device understood and said no, with Android's code.
    Refused { code: String, message: String },
    /// The link ended in the middle.
    Cut(String),
    /// Bytes that break the protocol.
    Nonsense(String),
    /// More than the bound, in bytes.
    TooLong(usize),
    /// A file of this machine.
    File { path: PathBuf, source: io::Error },
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Cut(error.to_string())
    }
}

/// Room that the output of a command gets to begin with, in bytes; it grows as needed.
const USUAL_OUTPUT: usize = 64 << 10;

/// One connection to the server. Dropping it closes it.
#[derive(Debug)]
pub(super) struct Link {
    /// Read with a buffer: the protocol's words are of four bytes, and a system call for each costs more than the rest.
    pub stream: BufReader<TcpStream>,
}

impl Link {
    pub async fn connect(server: SocketAddr) -> Result<Self, Trouble> {
        let stream = TcpStream::connect(server).await.map_err(Trouble::NoServer)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Sends a request and waits for `OKAY`.
    pub async fn request(&mut self, request: &str) -> Result<(), Trouble> {
        let length = u16::try_from(request.len()).map_err(|_| Trouble::TooLong(LONGEST_ANSWER))?;
        self.stream.write_all(format!("{length:04x}{request}").as_bytes()).await?;
        self.okay().await
    }

    /// Reads `OKAY`, or the words of a `FAIL`.
    pub async fn okay(&mut self) -> Result<(), Trouble> {
        let mut status = [0; 4];
        self.stream.read_exact(&mut status).await?;
        match &status {
            b"OKAY" => Ok(()),
            b"FAIL" => Err(Trouble::Fail(self.answer().await?)),
            other => Err(Trouble::Nonsense(format!("neither OKAY nor FAIL but {:?}", String::from_utf8_lossy(other)))),
        }
    }

    /// Reads an answer with its length in four hexadecimal digits.
    pub async fn answer(&mut self) -> Result<String, Trouble> {
        let mut digits = [0; 4];
        self.stream.read_exact(&mut digits).await?;
        let length = std::str::from_utf8(&digits)
            .ok()
            .and_then(|text| usize::from_str_radix(text, 16).ok())
            .ok_or_else(|| Trouble::Nonsense(format!("a length of {:?}", String::from_utf8_lossy(&digits))))?;
        let mut text = vec![0; length];
        self.stream.read_exact(&mut text).await?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Reads to the end, at most `at_most` bytes.
    pub async fn rest(&mut self, at_most: usize) -> Result<Vec<u8>, Trouble> {
        let mut bytes = Vec::with_capacity(at_most.min(USUAL_OUTPUT));
        let bound = u64::try_from(at_most).unwrap_or(u64::MAX).saturating_add(1);
        (&mut self.stream).take(bound).read_to_end(&mut bytes).await?;
        if bytes.len() > at_most { Err(Trouble::TooLong(at_most)) } else { Ok(bytes) }
    }
}
