//! The server's protocol over a real socket, byte by byte.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::clock::Clock;
use crate::virtual_device::machine::Profile;

fn device(profile: &str) -> Arc<Machine> {
    Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(0))
}

async fn server(profiles: &[&str]) -> Server {
    Server::start("127.0.0.1:0", profiles.iter().map(|profile| device(profile)).collect()).await.unwrap()
}

struct Client(TcpStream);

impl Client {
    async fn of(server: &Server) -> Self {
        Self(TcpStream::connect(server.address()).await.unwrap())
    }

    async fn say(&mut self, request: &str) -> &mut Self {
        self.0.write_all(format!("{:04x}{request}", request.len()).as_bytes()).await.unwrap();
        self
    }

    async fn bytes(&mut self, count: usize) -> String {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes).await.unwrap();
        String::from_utf8(bytes).unwrap()
    }

    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

async fn ask(server: &Server, request: &str) -> String {
    let mut client = Client::of(server).await;
    client.say(request).await.0.shutdown().await.unwrap();
    client.rest().await
}

fn counted(text: &str) -> String {
    format!("{:04x}{text}", text.len())
}

#[tokio::test]
async fn the_list_has_the_shape_clients_parse() {
    let server = server(&["serial=emulator-5554", "serial=127.0.0.1:9,api=23"]).await;
    assert_eq!(ask(&server, "host:version").await, "OKAY00040029");
    let short = "emulator-5554\tdevice\n127.0.0.1:9\tdevice\n";
    assert_eq!(ask(&server, "host:devices").await, format!("OKAY{}", counted(short)));
    let long = "emulator-5554          device product:sdk_gphone64_x86_64 model:sdk_gphone64_x86_64 device:emu64xa \
                transport_id:1\n127.0.0.1:9            device product:aosp_x86_64 model:AOSP_on_x86_64 \
                device:generic_x86_64 transport_id:2\n";
    assert_eq!(ask(&server, "host:devices-l").await, format!("OKAY{}", counted(long)));
    assert_eq!(ask(&server, "host-serial:127.0.0.1:9:features").await, "OKAY0000");
    assert_eq!(ask(&server, "host-serial:emulator-5554:get-state").await, "OKAY0006device");
}

#[tokio::test]
async fn refusals_say_what_a_real_server_says() {
    let server = server(&["serial=a", "serial=b"]).await;
    let refused = |text: &str| format!("FAIL{}", counted(text));
    assert_eq!(ask(&server, "host:transport-any").await, refused("more than one device/emulator"));
    assert_eq!(ask(&server, "host:transport-usb").await, refused("no devices found"));
    assert_eq!(ask(&server, "host:transport:c").await, refused("device 'c' not found"));
    assert_eq!(ask(&server, "host:tea").await, refused("unknown host service"));
    assert_eq!(ask(&server, "shell:ls").await, refused("device offline (no transport)"));
    assert_eq!(ask(&server, "host:disconnect:a").await, refused("no such device 'a'"));
}

#[tokio::test]
async fn a_connection_becomes_a_stream_to_the_device() {
    let server = server(&["serial=a", "serial=b,rooted=true"]).await;
    for (serial, answer) in [("a", "cannot run as root in production builds"), ("b", "is already running as root")] {
        let mut client = Client::of(&server).await;
        client.say(&format!("host:transport:{serial}")).await;
        assert_eq!(client.bytes(4).await, "OKAY");
        client.say("root:").await;
        assert_eq!(client.rest().await, format!("OKAYadbd {answer}\n"));
    }
    let mut client = Client::of(&server).await;
    client.say("host:tport:serial:b").await;
    assert_eq!(client.bytes(12).await, "OKAY\x02\0\0\0\0\0\0\0");
    client.say("magic:").await;
    assert_eq!(client.bytes(14).await, "FAIL0006closed");
}

#[tokio::test]
async fn a_detached_device_loses_its_streams_and_trackers_hear_of_it() {
    let machine = device("serial=a");
    let mut port = machine.ports.listen("tcp:1").unwrap();
    let server = Server::start("127.0.0.1:0", vec![machine]).await.unwrap();
    let mut tracker = Client::of(&server).await;
    tracker.say("host:track-devices").await;
    assert_eq!(tracker.bytes(17).await, "OKAY0009a\tdevice\n");
    let mut client = Client::of(&server).await;
    client.say("host:transport-any").await.say("tcp:1").await;
    assert_eq!(client.bytes(8).await, "OKAYOKAY");
    let program = port.accept().await.unwrap();
    assert!(server.detach("a") && !server.detach("a"));
    assert_eq!(client.rest().await, "");
    program.hangup.cancelled().await;
    assert_eq!(tracker.bytes(4).await, "0000");
    server.attach(device("serial=c")).unwrap();
    assert_eq!(tracker.bytes(13).await, "0009c\tdevice\n");
}

#[tokio::test]
async fn a_device_without_power_leaves_and_one_that_restarts_comes_back_anew() {
    let machine = device("serial=a");
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
    let mut tracker = Client::of(&server).await;
    tracker.say("host:track-devices-l").await;
    tracker.bytes(4).await;
    let mut waiter = Client::of(&server).await;
    waiter.say("host-transport-id:2:wait-for-any-device").await;
    assert_eq!(waiter.bytes(4).await, "OKAY");
    machine.break_link();
    assert_eq!(waiter.bytes(4).await, "OKAY");
    let mut gone = Client::of(&server).await;
    gone.say("host-serial:a:wait-for-any-disconnect").await;
    assert_eq!(gone.bytes(4).await, "OKAY");
    machine.pull_the_plug();
    assert_eq!(gone.bytes(4).await, "OKAY");
    assert!(server.serials().is_empty());
}

#[tokio::test]
async fn a_forward_leads_to_the_device_and_a_reverse_back() {
    let machine = device("serial=a");
    let mut port = machine.ports.listen("localabstract:x").unwrap();
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
    let answer = ask(&server, "host-serial:a:forward:tcp:0;localabstract:x").await;
    let local: u16 = answer.strip_prefix("OKAYOKAY").unwrap()[4..].parse().unwrap();
    assert_eq!(ask(&server, "host:list-forward").await[8..], format!("a tcp:{local} localabstract:x\n"));
    let mut socket = TcpStream::connect(("127.0.0.1", local)).await.unwrap();
    socket.write_all(b"ping").await.unwrap();
    let mut program = port.accept().await.unwrap();
    assert_eq!(program.input.recv().await.unwrap(), b"ping");
    assert_eq!(ask(&server, &format!("host:killforward:tcp:{local}")).await, "OKAYOKAY");
    assert!(ask(&server, &format!("host:killforward:tcp:{local}")).await.starts_with("FAIL"));

    let host = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = Client::of(&server).await;
    let order = format!("reverse:forward:tcp:7;tcp:{}", host.local_addr().unwrap().port());
    client.say("host:transport:a").await.say(&order).await;
    assert_eq!(client.rest().await, "OKAYOKAYOKAY");
    let program = machine.ports.connect("tcp:7", machine.power()).unwrap();
    let (mut called, _) = host.accept().await.unwrap();
    program.output.send(b"pong".to_vec()).await.unwrap();
    let mut heard = [0; 4];
    called.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"pong");
}

#[tokio::test]
async fn a_disconnected_device_can_be_connected_again() {
    let server = server(&["serial=10.0.0.1:5555"]).await;
    let told = |text: &str| format!("OKAY{}", counted(text));
    assert_eq!(ask(&server, "host:connect:10.0.0.1:5555").await, told("already connected to 10.0.0.1:5555"));
    assert_eq!(ask(&server, "host:disconnect:10.0.0.1:5555").await, told("disconnected 10.0.0.1:5555"));
    assert_eq!(ask(&server, "host:devices").await, "OKAY0000");
    assert_eq!(ask(&server, "host:connect:10.0.0.1:5555").await, told("connected to 10.0.0.1:5555"));
    let unknown = told("failed to connect to '10.0.0.2:1': Connection refused");
    assert_eq!(ask(&server, "host:connect:10.0.0.2:1").await, unknown);
}

#[tokio::test]
async fn a_device_that_refuses_the_key_is_unauthorized_until_its_person_consents() {
    let machine = device("serial=a,auth=refuse");
    let server = Server::start("127.0.0.1:0", vec![machine.clone()]).await.unwrap();
    assert_eq!(ask(&server, "host:get-state").await, "OKAY000cunauthorized");
    assert!(ask(&server, "host:transport:a").await.contains("device unauthorized."));
    let mut waiter = Client::of(&server).await;
    waiter.say("host:wait-for-any-device").await;
    assert_eq!(waiter.bytes(4).await, "OKAY");
    machine.trust(KEY);
    assert_eq!(waiter.bytes(4).await, "OKAY");
}

#[tokio::test]
async fn a_killed_server_ends_every_connection() {
    let server = server(&["serial=a"]).await;
    let mut tracker = Client::of(&server).await;
    tracker.say("host:track-devices").await;
    assert_eq!(tracker.bytes(17).await, "OKAY0009a\tdevice\n");
    assert_eq!(ask(&server, "host:kill").await, "OKAY");
    server.stopped().await;
    // The end may be preceded by the news that no device is left.
    assert!(["", "0000"].contains(&tracker.rest().await.as_str()));
}

#[tokio::test]
async fn two_devices_cannot_share_a_serial_number() {
    let server = server(&["serial=a"]).await;
    assert!(matches!(server.attach(device("serial=a")), Err(ServerError::Taken(serial)) if serial == "a"));
}
