//! How a connection begins: versions and limits are agreed on, a key is asked for, the banner is told.

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::error::LinkError;
use super::key::PublicKey;
use super::packet::{Command, MAX_PAYLOAD, MAX_PAYLOAD_V1, Packet, VERSION, VERSION_CHECKSUM};
use crate::virtual_device::machine::{Auth, Machine, Profile};

const TOKEN: u32 = 1;
const SIGNATURE: u32 = 2;
const PUBLIC_KEY: u32 = 3;
/// Signatures tried before the public key is shown; a client has few keys.
const MOST_SIGNATURES: usize = 64;

/// What both sides agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Bytes of payload in a packet to the client, at most. We take [`MAX_PAYLOAD`] from whoever sends it.
    pub payload: u32,
    /// Whether payloads carry a checksum.
    pub checksum: bool,
}

impl Terms {
    fn agree(version: u32, payload: u32) -> Result<Self, LinkError> {
        if version < VERSION_CHECKSUM {
            return Err(LinkError::Unexpected("the client's protocol version is too old"));
        }
        let ours = if version >= VERSION { MAX_PAYLOAD } else { MAX_PAYLOAD_V1 };
        Ok(Self { payload: payload.clamp(1, ours), checksum: version < VERSION })
    }
}

/// What a device tells when a connection stands.
pub fn banner(profile: &Profile) -> String {
    let product = profile.product();
    format!(
        "device::ro.product.name={};ro.product.model={};ro.product.device={};features={}",
        product.name,
        product.model,
        product.device,
        profile.features.join(","),
    )
}

/// Brings a fresh connection up. `token` is what the client has to sign if keys matter.
///
/// # Errors
/// The client went away, or spoke out of turn. `Ok(None)` when it left before it was let in.
pub async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    machine: &Machine,
    socket: &mut S,
    token: [u8; 20],
) -> Result<Option<Terms>, LinkError> {
    let Some(hello) = Packet::read(socket, MAX_PAYLOAD, false).await? else { return Ok(None) };
    if hello.command != Command::Connect {
        return Err(LinkError::Unexpected("the first packet must be CNXN"));
    }
    let terms = Terms::agree(hello.arg0, hello.arg1)?;
    if machine.profile.auth != Auth::Open && !admit(machine, socket, token, terms).await? {
        return Ok(None);
    }
    let reply = Packet {
        command: Command::Connect,
        arg0: if terms.checksum { VERSION_CHECKSUM } else { VERSION },
        arg1: if terms.checksum { MAX_PAYLOAD_V1 } else { MAX_PAYLOAD },
        payload: banner(&machine.profile).into_bytes(),
    };
    send(socket, reply).await?;
    Ok(Some(terms))
}

/// Asks for a key until a trusted one is shown; false when the client left instead.
async fn admit<S: AsyncRead + AsyncWrite + Unpin>(
    machine: &Machine,
    socket: &mut S,
    token: [u8; 20],
    terms: Terms,
) -> Result<bool, LinkError> {
    for _ in 0..MOST_SIGNATURES {
        send(socket, Packet { command: Command::Auth, arg0: TOKEN, arg1: 0, payload: token.to_vec() }).await?;
        let Some(answer) = Packet::read(socket, MAX_PAYLOAD, terms.checksum).await? else { return Ok(false) };
        match (answer.command, answer.arg0) {
            (Command::Auth, SIGNATURE) if is_trusted_signature(machine, &token, &answer.payload) => return Ok(true),
            (Command::Auth, SIGNATURE) => {}
            (Command::Auth, PUBLIC_KEY) => return consent(machine, socket, answer.payload, terms).await,
            _ => return Err(LinkError::Unexpected("only AUTH may come before the connection stands")),
        }
    }
    Err(LinkError::Unexpected("too many signatures"))
}

fn is_trusted_signature(machine: &Machine, token: &[u8; 20], signature: &[u8]) -> bool {
    let keys = machine.trusted();
    let keys = keys.borrow();
    keys.iter().filter_map(|text| PublicKey::parse(text)).any(|key| key.signed(token, signature))
}

/// Waits until somebody lets the key in, which may be for ever; false when the client left first.
async fn consent<S: AsyncRead + Unpin>(
    machine: &Machine,
    socket: &mut S,
    key: Vec<u8>,
    terms: Terms,
) -> Result<bool, LinkError> {
    if machine.profile.auth == Auth::Consent {
        machine.trust(&key);
    }
    let mut trusted = machine.trusted();
    loop {
        tokio::select! {
            biased;
            told = trusted.wait_for(|keys| keys.contains(&key)) => return Ok(told.is_ok()),
            // A waiting client has nothing to say; what it says is not heard, its leaving is.
            packet = Packet::read(socket, MAX_PAYLOAD, terms.checksum) => if packet?.is_none() { return Ok(false) },
        }
    }
}

/// Sends a packet of the handshake. The checksum is always right: a version 1.0 client can't be known before.
async fn send(socket: &mut (impl AsyncWrite + Unpin), packet: Packet) -> Result<(), LinkError> {
    socket.write_all(&packet.encode(true)).await?;
    Ok(socket.flush().await?)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, DuplexStream};

    use super::*;
    use crate::clock::Clock;

    fn hello(version: u32, payload: u32) -> Vec<u8> {
        Packet { command: Command::Connect, arg0: version, arg1: payload, payload: b"host::\0".to_vec() }.encode(true)
    }

    fn auth(kind: u32, payload: &[u8]) -> Vec<u8> {
        Packet { command: Command::Auth, arg0: kind, arg1: 0, payload: payload.to_vec() }.encode(true)
    }

    fn device(profile: &str) -> std::sync::Arc<Machine> {
        Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(0))
    }

    async fn next(client: &mut DuplexStream) -> Packet {
        Packet::read(client, MAX_PAYLOAD, true).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn an_open_device_tells_its_banner_at_once() {
        let (mut client, mut server) = tokio::io::duplex(1 << 16);
        client.write_all(&hello(VERSION, 256 * 1024)).await.unwrap();
        let terms = greet(&device(""), &mut server, [0; 20]).await.unwrap().unwrap();
        assert_eq!(terms, Terms { payload: 256 * 1024, checksum: false });
        drop(server);
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes).await.unwrap();
        let text = "device::ro.product.name=sdk_gphone64_x86_64;ro.product.model=sdk_gphone64_x86_64;\
                    ro.product.device=emu64xa;features=shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir";
        assert_eq!(&bytes[..12], b"CNXN\x01\0\0\x01\0\0\x10\0");
        assert_eq!(&bytes[24..], text.as_bytes());
    }

    #[tokio::test]
    async fn a_version_one_client_gets_checksums_and_small_packets() {
        let (mut client, mut server) = tokio::io::duplex(1 << 16);
        client.write_all(&hello(VERSION_CHECKSUM, 1 << 20)).await.unwrap();
        let terms = greet(&device("api=23"), &mut server, [0; 20]).await.unwrap().unwrap();
        assert_eq!(terms, Terms { payload: 4096, checksum: true });
        let reply = next(&mut client).await;
        assert_eq!((reply.arg0, reply.arg1), (VERSION_CHECKSUM, 4096));
        assert!(reply.payload.ends_with(b"features="));
    }

    #[tokio::test]
    async fn an_unknown_key_is_asked_twice_then_let_in_and_remembered() {
        let machine = device("auth=consent");
        let (mut client, mut server) = tokio::io::duplex(1 << 16);
        let greeting = tokio::spawn({
            let machine = machine.clone();
            async move { greet(&machine, &mut server, [9; 20]).await.unwrap() }
        });
        client.write_all(&hello(VERSION, 4096)).await.unwrap();
        let question = next(&mut client).await;
        assert_eq!((question.command, question.arg0, question.payload), (Command::Auth, TOKEN, vec![9; 20]));
        client.write_all(&auth(SIGNATURE, &[1; 256])).await.unwrap();
        assert_eq!(next(&mut client).await.command, Command::Auth);
        client.write_all(&auth(PUBLIC_KEY, b"AAAA me@here\0")).await.unwrap();
        assert_eq!(next(&mut client).await.command, Command::Connect);
        assert!(greeting.await.unwrap().is_some());
        assert_eq!(*machine.trusted().borrow(), [b"AAAA me@here\0".to_vec()]);
    }

    #[tokio::test]
    async fn a_refused_key_waits_until_somebody_consents() {
        let machine = device("auth=refuse");
        let (mut client, mut server) = tokio::io::duplex(1 << 16);
        let greeting = tokio::spawn({
            let machine = machine.clone();
            async move { greet(&machine, &mut server, [9; 20]).await.unwrap() }
        });
        client.write_all(&hello(VERSION, 4096)).await.unwrap();
        next(&mut client).await;
        client.write_all(&auth(PUBLIC_KEY, b"AAAA me@here\0")).await.unwrap();
        // The other key does not help; only the one shown does, whenever it is trusted.
        machine.trust(b"BBBB\0");
        machine.trust(b"AAAA me@here\0");
        assert_eq!(next(&mut client).await.command, Command::Connect);
        assert!(greeting.await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_client_that_leaves_while_it_waits_is_forgotten() {
        let (mut client, mut server) = tokio::io::duplex(1 << 16);
        client.write_all(&hello(VERSION, 4096)).await.unwrap();
        client.write_all(&auth(PUBLIC_KEY, b"AAAA me@here\0")).await.unwrap();
        client.shutdown().await.unwrap();
        assert!(greet(&device("auth=refuse"), &mut server, [0; 20]).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_stream_before_the_handshake_is_an_error() {
        let (mut client, mut server) = tokio::io::duplex(1 << 16);
        client.write_all(&Packet::bare(Command::Open, 1, 0).encode(true)).await.unwrap();
        assert!(greet(&device(""), &mut server, [0; 20]).await.is_err());
    }
}
