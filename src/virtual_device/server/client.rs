//! One client's connection: requests, until one turns it into a stream.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Hall;
use super::host::{self, Reply};
use super::request::{Request, Target};
use super::roster::Attached;
use super::stream;
use crate::virtual_device::pipe::Pipe;

/// Serves a client until it leaves, or its stream ends.
pub async fn serve(hall: Arc<Hall>, mut socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut device: Option<Attached> = None;
    while let Some(text) = request(&mut socket).await? {
        let Some(request) = Request::parse(&text) else { return fail(&mut socket, "malformed request").await };
        match request {
            Request::Transport { target, tells_id } => match ready(&hall, &target) {
                Ok(found) => {
                    let id = if tells_id { found.id.to_le_bytes().to_vec() } else { Vec::new() };
                    socket.write_all(&[b"OKAY".to_vec(), id].concat()).await?;
                    device = Some(found);
                }
                Err(message) => return fail(&mut socket, &message).await,
            },
            Request::Host { target, verb } => {
                let current = device.as_ref().map_or(Target::Any, |device| Target::Id(device.id));
                return answer(&hall, socket, target.unwrap_or(current), &verb).await;
            }
            Request::Service(name) => {
                let Some(device) = device else { return fail(&mut socket, "device offline (no transport)").await };
                return open(socket, &device, &name).await;
            }
        }
    }
    Ok(())
}

/// A device that can be talked to.
fn ready(hall: &Hall, target: &Target) -> Result<Attached, String> {
    let found = hall.roster.find(target)?;
    if found.state() == "device" {
        return Ok(found);
    }
    if found.state() == "offline" {
        return Err("device offline".into());
    }
    Err("device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\nTry 'adb kill-server' if that seems \
         wrong.\nOtherwise check for a confirmation dialog on your device."
        .into())
}

/// Reads one request: four hexadecimal digits of length, then the text; `None` at the end.
async fn request(socket: &mut TcpStream) -> io::Result<Option<String>> {
    let mut digits = [0; 4];
    if socket.read(&mut digits[..1]).await? == 0 {
        return Ok(None);
    }
    socket.read_exact(&mut digits[1..]).await?;
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let length = std::str::from_utf8(&digits).ok().and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let mut text = vec![0; usize::from(length.ok_or_else(wrong)?)];
    socket.read_exact(&mut text).await?;
    String::from_utf8(text).map(Some).map_err(|_| wrong())
}

async fn answer(hall: &Arc<Hall>, mut socket: TcpStream, target: Target, verb: &str) -> io::Result<()> {
    let reply = match host::answer(hall, &target, verb).await {
        Ok(reply) => reply,
        Err(message) => return fail(&mut socket, &message).await,
    };
    match reply {
        Reply::Text(text) => socket.write_all(&[b"OKAY", counted(&text).as_slice()].concat()).await,
        Reply::Done(more) => {
            let more = more.map(|text| counted(&text)).unwrap_or_default();
            socket.write_all(&[b"OKAYOKAY", more.as_slice()].concat()).await
        }
        Reply::Stop => {
            socket.write_all(b"OKAY").await?;
            hall.stop();
            Ok(())
        }
        Reply::Track { long } => track(hall, socket, long).await,
        Reply::Wait(wanted) => wait(hall, socket, &target, wanted).await,
    }
}

/// Tells the list of devices now and at every change, until the client leaves.
async fn track(hall: &Hall, mut socket: TcpStream, long: bool) -> io::Result<()> {
    let mut changes = hall.roster.watch();
    socket.write_all(b"OKAY").await?;
    let mut told = None;
    loop {
        let list = host::list(&hall.roster, long);
        if told.as_ref() != Some(&list) {
            socket.write_all(&counted(&list)).await?;
            told = Some(list);
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return Ok(()) },
            () = gone(&socket) => return Ok(()),
        }
    }
}

/// Answers a second time when the device is as wanted.
async fn wait(hall: &Hall, mut socket: TcpStream, target: &Target, wanted: host::Wanted) -> io::Result<()> {
    let mut changes = hall.roster.watch();
    socket.write_all(b"OKAY").await?;
    while !wanted.is_met(&hall.roster, target) {
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return Ok(()) },
            () = gone(&socket) => return Ok(()),
        }
    }
    socket.write_all(b"OKAY").await
}

/// Opens a service of a device on this connection.
async fn open(mut socket: TcpStream, device: &Attached, name: &str) -> io::Result<()> {
    let name = name.trim_end_matches('\0');
    let Some(service) = device.site.find(name).filter(|_| !device.site.life.is_cancelled()) else {
        return fail(&mut socket, "closed").await;
    };
    socket.write_all(b"OKAY").await?;
    let (near, far) = Pipe::pair(&device.site.life);
    tokio::spawn(device.site.clone().run(service, far));
    stream::carry(socket, near).await;
    Ok(())
}

/// Returns when the client has closed its side. What it says meanwhile is not taken.
async fn gone(socket: &TcpStream) {
    let mut byte = [0];
    // Bytes that nobody asked for would make this spin; a client that sends them is taken for gone too.
    let _ = socket.peek(&mut byte).await;
}

async fn fail(socket: &mut TcpStream, message: &str) -> io::Result<()> {
    socket.write_all(&[b"FAIL", counted(message).as_slice()].concat()).await?;
    stream::farewell(socket).await;
    Ok(())
}

/// Text behind its length in four hexadecimal digits; more than fits is cut.
fn counted(text: &str) -> Vec<u8> {
    let text = &text.as_bytes()[..text.len().min(0xffff)];
    [format!("{:04x}", text.len()).as_bytes(), text].concat()
}
