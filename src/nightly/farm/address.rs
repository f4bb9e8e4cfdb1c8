//! Where the queue is. What its address holds of secrets never shows.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, ServerAddr};

use super::error::FarmError;

/// What stands in a secret's place.
const MASK: &str = "••••";
/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(10);

/// Address of a queue: one server of it, or several with commas between.
#[derive(Clone)]
pub struct QueueAddress {
    servers: Vec<ServerAddr>,
    /// File with credentials, as `nsc` writes them.
    credentials: Option<PathBuf>,
}

impl QueueAddress {
    /// Reads `nats://HOST:PORT`, `nats://USER:PASSWORD@HOST:PORT`, `tls://…`.
    pub fn parse(given: &str, credentials: Option<PathBuf>) -> Result<Self, FarmError> {
        let wrong = |why: &str| FarmError::Given { what: "--queue", why: why.to_owned() };
        let server = |one: &str| {
            let scheme = one.split_once("://").map_or("nats", |(scheme, _)| scheme);
            match one.trim().parse::<ServerAddr>() {
                Ok(address) if ["nats", "tls"].contains(&scheme) && !address.host().is_empty() => Ok(address),
                // The text itself is not repeated: it may hold a password.
                _ => Err(wrong("no address of a queue; give nats://HOST:PORT or tls://HOST:PORT")),
            }
        };
        let servers = given.split(',').map(server).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { servers, credentials })
    }

    /// Connects.
    pub async fn connect(&self) -> Result<Client, FarmError> {
        let failed = |why: String| FarmError::Queue { doing: "connect", why: format!("{self}: {}", self.mask(&why)) };
        let options = match &self.credentials {
            Some(file) => ConnectOptions::with_credentials_file(file)
                .await
                .map_err(|error| failed(format!("{}: {error}", file.display())))?,
            None => ConnectOptions::new(),
        };
        let options = options.name("appwitness").connection_timeout(CONNECTING);
        options.connect(self.servers.as_slice()).await.map_err(|error| failed(error.to_string()))
    }

    /// The text without what is secret in the address.
    pub fn mask(&self, text: &str) -> String {
        let secrets = self.servers.iter().flat_map(|server| [server.username(), server.password()]).flatten();
        secrets.filter(|secret| !secret.is_empty()).fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
    }
}

impl fmt::Display for QueueAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, server) in self.servers.iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            write!(f, "{comma}{}://{}:{}", server.scheme(), server.host(), server.port())?;
        }
        Ok(())
    }
}

impl fmt::Debug for QueueAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::QueueAddress;

    #[test]
    fn secrets_of_an_address_do_not_show() {
        let address = QueueAddress::parse("nats://tester:s3cret@queue.example:4222,tls://b.example", None).unwrap();
        assert_eq!(address.to_string(), "nats://queue.example:4222,tls://b.example:4222");
        assert!(!format!("{address:?}").contains("s3cret"));
        assert_eq!(address.mask("no user tester with s3cret"), "no user •••• with ••••");
    }

    #[test]
    fn what_is_no_address_is_refused_without_repeating_it() {
        for given in ["", "http://x:s3cret@host", "nats://", "nats://a:s3cret@host:port"] {
            let error = QueueAddress::parse(given, None).unwrap_err().to_string();
            assert!(error.starts_with("--queue: ") && !error.contains("s3cret"), "{error}");
        }
    }
}
