//! One device behind a server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::bytes::Bytes;
use super::call::Call;
use super::error::AdbError;
use super::shell::{self, Output};
use super::stream::Lines;
use super::wire::Link;
use crate::clock::Clock;

/// How long opening a stream or asking for features may take.
const OPENS_WITHIN: Duration = Duration::from_secs(10);
/// Most that a shell command may print, in bytes.
const LONGEST_OUTPUT: usize = 16 << 20;

/// One device behind a server. Clones share what was learnt about it; all end when its token is cancelled.
#[derive(Clone, Debug)]
pub struct Device {
    server: SocketAddr,
    clock: Clock,
    serial: Arc<str>,
    cancel: CancellationToken,
    features: Arc<OnceCell<Vec<String>>>,
}

impl Device {
    pub(super) fn new(server: SocketAddr, clock: Clock, serial: &str, cancel: CancellationToken) -> Self {
        Self { server, clock, serial: serial.into(), cancel, features: Arc::default() }
    }

    /// Its name at the server.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The server's address.
    pub fn server(&self) -> SocketAddr {
        self.server
    }

    /// The token that ends all calls.
    pub fn cancelled(&self) -> &CancellationToken {
        &self.cancel
    }

    /// The clock its deadlines run on.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The same device under another token, for example a child of the first. What was learnt is shared.
    pub fn under(&self, cancel: CancellationToken) -> Self {
        Self { cancel, ..self.clone() }
    }

    /// What the device's adbd announced, asked once. Empty for an old one.
    pub async fn features(&self) -> Result<Vec<String>, AdbError> {
        self.known_features().await.map(<[String]>::to_vec)
    }

    /// Whether the device's adbd announced a feature.
    pub async fn has_feature(&self, name: &str) -> Result<bool, AdbError> {
        Ok(self.known_features().await?.iter().any(|feature| feature == name))
    }

    async fn known_features(&self) -> Result<&[String], AdbError> {
        let ask = async {
            let call = self.call("ask the device's features");
            let answer = call
                .run(OPENS_WITHIN, async {
                    let mut link = Link::connect(self.server).await?;
                    link.request(&format!("host-serial:{}:features", self.serial)).await?;
                    link.answer().await
                })
                .await?;
            Ok(answer.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
        };
        self.features.get_or_try_init(|| ask).await.map(Vec::as_slice)
    }

    /// Runs a command line in the device's shell and waits for its end. Without the feature `shell_v2`, standard error
    /// is merged into standard output; the exit status is known all the same.
    pub async fn shell(&self, command: &str, within: Duration) -> Result<Output, AdbError> {
        let v2 = self.has_feature("shell_v2").await?;
        let doing = format!("run `{}`", excerpt(command));
        let call = self.call(&doing);
        call.run(within, async {
            if v2 {
                let mut link = call.open(&format!("shell,v2,raw:{command}")).await?;
                shell::collect(&mut link, LONGEST_OUTPUT).await
            } else {
                let wrapped = shell::Wrapped::new(command);
                // `exec:` runs the same shell as `shell:` without a terminal, so no line feed becomes CR LF.
                let mut link = call.open(&format!("exec:{}", wrapped.command)).await?;
                let printed = link.rest(LONGEST_OUTPUT).await?;
                wrapped.unwrap(printed)
            }
        })
        .await
    }

    /// Runs a command line and returns exactly the bytes it printed (standard error included), at most `at_most`.
    /// Its exit status is not known, and a link lost in the middle looks like an end: the caller checks completeness.
    pub async fn exec(&self, command: &str, within: Duration, at_most: usize) -> Result<Vec<u8>, AdbError> {
        let doing = format!("run `{}`", excerpt(command));
        let call = self.call(&doing);
        call.run(within, async { call.open(&format!("exec:{command}")).await?.rest(at_most).await }).await
    }

    /// Starts a command and reads its lines as they come. The stream lives until it is dropped or the command ends.
    pub async fn stream(&self, command: &str) -> Result<Lines, AdbError> {
        let v2 = self.has_feature("shell_v2").await?;
        let doing = format!("follow `{}`", excerpt(command));
        let call = self.call(&doing);
        let service = if v2 { format!("shell,v2,raw:{command}") } else { format!("exec:{command}") };
        let link = call.run(OPENS_WITHIN, call.open(&service)).await?;
        Ok(Lines::new(link, v2, &doing, &self.serial, self.cancel.clone()))
    }

    /// Starts a command and reads what it prints as it comes. The stream lives until it is dropped or the command ends.
    pub async fn bytes(&self, command: &str) -> Result<Bytes, AdbError> {
        let v2 = self.has_feature("shell_v2").await?;
        let doing = format!("follow `{}`", excerpt(command));
        let call = self.call(&doing);
        let service = if v2 { format!("shell,v2,raw:{command}") } else { format!("exec:{command}") };
        let link = call.run(OPENS_WITHIN, call.open(&service)).await?;
        Ok(Bytes::new(link, v2, &doing, &self.serial, self.cancel.clone()))
    }

    pub(super) fn call<'a>(&'a self, doing: &'a str) -> Call<'a> {
        Call { doing, serial: &self.serial, server: self.server, clock: &self.clock, cancel: &self.cancel }
    }
}

/// The beginning of a command, for a message.
fn excerpt(command: &str) -> String {
    const LONGEST: usize = 80;
    let line = command.lines().next().unwrap_or_default();
    if line.len() == command.len() && line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    line.chars().take(LONGEST).chain(['…']).collect()
}
