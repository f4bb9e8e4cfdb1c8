//! A connection to a service, with or without TLS, that ends in time. A certificate that can't be verified is never taken.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::chain;
use crate::clock::Clock;

/// How long all of it may take.
const WITHIN: Duration = Duration::from_secs(20);
/// The variable that names a file of trusted roots (PEM), as OpenSSL and others have it.
const ROOTS: &str = "SSL_CERT_FILE";
/// Where systems keep theirs: Debian and Alpine, Fedora and Red Hat, SUSE, macOS and the BSDs.
const USUAL_ROOTS: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// Longest file of roots that is read, in bytes.
const MOST_ROOTS: u64 = 16 << 20;

/// A connection.
pub(super) struct Connection {
    stream: Timed,
    tls: Option<ClientConnection>,
}

impl Connection {
    /// Connects to `host` (a name or an address, without brackets).
    ///
    /// # Errors
    /// In words, with what to do when the host's certificate can't be verified.
    pub fn open(host: &str, port: u16, with_tls: bool) -> Result<Self, String> {
        let clock = Clock::real();
        let tls = with_tls.then(|| client(host)).transpose()?;
        let stream = Timed::connect(host, port, clock).map_err(|error| error.to_string())?;
        let mut connection = Self { stream, tls };
        if let Some(tls) = &mut connection.tls {
            while tls.is_handshaking() {
                tls.complete_io(&mut connection.stream).map_err(refused)?;
            }
        }
        Ok(connection)
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else { return self.stream.read(buffer) };
        match rustls::Stream::new(tls, &mut self.stream).read(buffer) {
            // Many servers hang up without a word. What is read tells its own length, and is signed.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            read => read,
        }
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => self.stream.write(bytes),
            Some(tls) => rustls::Stream::new(tls, &mut self.stream).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            None => self.stream.flush(),
            Some(tls) => rustls::Stream::new(tls, &mut self.stream).flush(),
        }
    }
}

/// A stream on which each call has only what is left of the time.
struct Timed {
    stream: TcpStream,
    clock: Clock,
}

impl Timed {
    fn connect(host: &str, port: u16, clock: Clock) -> io::Result<Self> {
        let mut connected = Err(late());
        for address in (host, port).to_socket_addrs()? {
            connected = TcpStream::connect_timeout(&address, left(&clock)?);
            if connected.is_ok() {
                break;
            }
        }
        Ok(Self { stream: connected?, clock })
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(&self.clock)?))?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(&self.clock)?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn left(clock: &Clock) -> io::Result<Duration> {
    WITHIN.checked_sub(clock.elapsed()).filter(|left| !left.is_zero()).ok_or_else(late)
}

fn late() -> io::Error {
    io::Error::other("it did not answer in time")
}

/// This side of TLS, which takes only a certificate for this host that leads to a trusted root.
fn client(host: &str) -> Result<ClientConnection, String> {
    let roots = roots(std::env::var_os(ROOTS).map(PathBuf::from).as_deref())?;
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| format!("{host} is no name of a host"))?;
    ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())
}

/// The roots of the file that was named, or else of the system's.
fn roots(named: Option<&Path>) -> Result<RootCertStore, String> {
    let usual = || USUAL_ROOTS.into_iter().map(Path::new).find(|path| path.is_file());
    let path = named.or_else(usual).ok_or_else(|| format!("no file of trusted roots is here; name one in {ROOTS}"))?;
    let unread = |why: String| format!("{}, the file of trusted roots (see {ROOTS}): {why}", path.display());
    let mut text = String::new();
    let file = File::open(path).map_err(|error| unread(error.to_string()))?;
    file.take(MOST_ROOTS).read_to_string(&mut text).map_err(|error| unread(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(chain::certificates(&text).into_iter().map(CertificateDer::from));
    match taken {
        0 => Err(unread("no certificate in it".to_owned())),
        _ => Ok(roots),
    }
}

/// Why no TLS came about.
fn refused(error: io::Error) -> String {
    let wrong = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match wrong {
        Some(rustls::Error::InvalidCertificate(why)) => {
            format!("its certificate does not hold ({why}); {ROOTS} names the file of roots that are trusted")
        }
        _ => format!("no TLS with it: {error}"),
    }
}
