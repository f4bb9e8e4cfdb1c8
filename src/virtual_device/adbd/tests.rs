//! The whole protocol over a real socket, packet by packet.

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::packet::{Command, MAX_PAYLOAD, Packet, VERSION};
use super::*;
use crate::clock::Clock;
use crate::virtual_device::fs::Actor;
use crate::virtual_device::machine::Profile;

struct Client {
    machine: Arc<Machine>,
    socket: TcpStream,
}

impl Client {
    async fn connect(profile: &str, payload: u32) -> Self {
        let machine = Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(0));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(machine.clone(), listener));
        let mut client = Self { machine, socket: TcpStream::connect(address).await.unwrap() };
        client.send(Command::Connect, VERSION, payload, b"host::\0").await;
        assert_eq!(client.next().await.command, Command::Connect);
        client
    }

    async fn send(&mut self, command: Command, arg0: u32, arg1: u32, payload: &[u8]) {
        let packet = Packet { command, arg0, arg1, payload: payload.to_vec() };
        self.socket.write_all(&packet.encode(true)).await.unwrap();
    }

    async fn read(&mut self) -> Option<Packet> {
        Packet::read(&mut self.socket, MAX_PAYLOAD, false).await.unwrap()
    }

    async fn next(&mut self) -> Packet {
        self.read().await.unwrap()
    }

    async fn expect(&mut self, command: Command, arg0: u32, arg1: u32, payload: &[u8]) {
        assert_eq!(self.next().await, Packet { command, arg0, arg1, payload: payload.to_vec() });
    }
}

#[tokio::test]
async fn an_answer_is_written_and_closed_without_waiting_for_okay() {
    let mut client = Client::connect("", 4096).await;
    client.send(Command::Open, 17, 0, b"root:\0").await;
    client.expect(Command::Okay, 1, 17, b"").await;
    client.expect(Command::Write, 1, 17, b"adbd cannot run as root in production builds\n").await;
    client.expect(Command::Close, 1, 17, b"").await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_closed() {
    let mut client = Client::connect("features=none", 4096).await;
    for (name, arg1) in [(&b"magic:\0"[..], 0), (b"shell,v2,raw:ls\0", 0), (b"tcp:9\0", 0), (b"root:\0", 32)] {
        client.send(Command::Open, 3, arg1, name).await;
        client.expect(Command::Close, 0, 3, b"").await;
    }
}

#[tokio::test]
async fn one_write_is_in_flight_each_way() {
    let mut client = Client::connect("", 4).await;
    let mut port = client.machine.ports.listen("tcp:1").unwrap();
    client.send(Command::Open, 5, 0, b"tcp:1\0\0").await;
    client.expect(Command::Okay, 1, 5, b"").await;
    let mut program = port.accept().await.unwrap();
    program.output.send(b"123456789".to_vec()).await.unwrap();
    client.expect(Command::Write, 1, 5, b"1234").await;
    // What comes next is the answer to our own packet, for the second part waits for its OKAY.
    client.send(Command::Write, 5, 1, b"in").await;
    client.expect(Command::Okay, 1, 5, b"").await;
    assert_eq!(program.input.recv().await.unwrap(), b"in");
    client.send(Command::Okay, 5, 1, b"").await;
    client.expect(Command::Write, 1, 5, b"5678").await;
    client.send(Command::Okay, 5, 1, b"").await;
    client.expect(Command::Write, 1, 5, b"9").await;
    drop(program);
    client.expect(Command::Close, 1, 5, b"").await;
}

#[tokio::test]
async fn a_client_that_floods_a_stream_loses_it_and_only_it() {
    let mut client = Client::connect("", 4096).await;
    let mut port = client.machine.ports.listen("tcp:1").unwrap();
    client.send(Command::Open, 5, 0, b"tcp:1\0").await;
    client.expect(Command::Okay, 1, 5, b"").await;
    let program = port.accept().await.unwrap();
    for _ in 0..64 {
        client.send(Command::Write, 5, 1, b"x").await;
    }
    while client.next().await.command != Command::Close {}
    program.hangup.cancelled().await;
    client.send(Command::Open, 6, 0, b"root:\0").await;
    let answer = client.next().await;
    assert_eq!((answer.command, answer.arg1), (Command::Okay, 6));
}

#[tokio::test]
async fn a_closed_stream_hangs_its_service_up_and_is_answered() {
    let mut client = Client::connect("", 4096).await;
    let mut port = client.machine.ports.listen("tcp:1").unwrap();
    client.send(Command::Open, 5, 0, b"tcp:1\0").await;
    client.expect(Command::Okay, 1, 5, b"").await;
    let program = port.accept().await.unwrap();
    client.send(Command::Close, 5, 1, b"").await;
    client.expect(Command::Close, 1, 5, b"").await;
    program.hangup.cancelled().await;
}

#[tokio::test]
async fn what_was_written_before_a_close_arrives() {
    let mut client = Client::connect("", 4096).await;
    client.send(Command::Open, 5, 0, b"exec:cat >/data/local/tmp/sent; mkdir /data/local/tmp/done\0").await;
    client.expect(Command::Okay, 1, 5, b"").await;
    client.send(Command::Write, 5, 1, b"all of it").await;
    client.send(Command::Close, 5, 1, b"").await;
    let root = Actor::root(0);
    // The program goes on by itself: nobody tells when it is done.
    while !client.machine.files().exists(root, "/data/local/tmp/done") {
        tokio::task::yield_now().await;
    }
    let sent = client.machine.files().read(root, "/data/local/tmp/sent").unwrap();
    assert_eq!(sent.as_slice(), b"all of it");
}

#[tokio::test]
async fn a_lost_connection_hangs_every_stream_up() {
    let mut client = Client::connect("", 4096).await;
    let mut port = client.machine.ports.listen("tcp:1").unwrap();
    client.send(Command::Open, 5, 0, b"tcp:1\0").await;
    client.send(Command::Open, 6, 0, b"tcp:1\0").await;
    let programs = [port.accept().await.unwrap(), port.accept().await.unwrap()];
    drop(client);
    for program in programs {
        program.hangup.cancelled().await;
    }
}

#[tokio::test]
async fn without_power_the_socket_closes() {
    let mut client = Client::connect("", 4096).await;
    client.machine.pull_the_plug();
    let end = Packet::read(&mut client.socket, MAX_PAYLOAD, false).await;
    assert!(!matches!(end, Ok(Some(_))));
}

#[tokio::test]
async fn a_program_reaches_the_host_through_a_stream_of_its_own() {
    let mut client = Client::connect("", 4096).await;
    client.send(Command::Open, 5, 0, b"reverse:forward:tcp:7;tcp:8080\0").await;
    client.expect(Command::Okay, 1, 5, b"").await;
    client.expect(Command::Write, 1, 5, b"OKAY").await;
    client.expect(Command::Close, 1, 5, b"").await;
    let mut program = client.machine.ports.connect("tcp:7", client.machine.power()).unwrap();
    program.output.send(b"GET /".to_vec()).await.unwrap();
    client.expect(Command::Open, 2, 0, b"tcp:8080\0").await;
    client.send(Command::Okay, 77, 2, b"").await;
    client.expect(Command::Write, 2, 77, b"GET /").await;
    client.send(Command::Write, 77, 2, b"200").await;
    assert_eq!(program.input.recv().await.unwrap(), b"200");
}
