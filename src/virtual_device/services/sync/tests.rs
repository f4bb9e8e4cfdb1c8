//! Whole sync sessions, byte by byte.

use tokio_util::sync::CancellationToken;

use super::*;
use crate::clock::Clock;
use crate::virtual_device::machine::Profile;

/// What the device answers to these messages.
async fn play(machine: &Arc<Machine>, messages: &[&[u8]]) -> Vec<u8> {
    let (client, device) = Pipe::pair(&CancellationToken::new());
    let service = tokio::spawn(run(machine.clone(), device));
    let Pipe { mut input, output, .. } = client;
    let hear = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(bytes) = input.recv().await {
            all.extend(bytes);
        }
        all
    });
    for message in messages {
        // Whoever hung up on us has said why.
        let _ = output.send(message.to_vec()).await;
    }
    drop(output);
    service.await.unwrap();
    hear.await.unwrap()
}

fn device(profile: &str) -> Arc<Machine> {
    Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(1_700_000_000_000))
}

fn request(id: &[u8; 4], path: &str) -> Vec<u8> {
    Message::new(id).counted(path.as_bytes()).done()
}

fn data(bytes: &[u8]) -> Vec<u8> {
    Message::new(b"DATA").counted(bytes).done()
}

const DONE: &[u8] = b"DONE\x15\xcd\x5b\x07";
const OKAY: &[u8] = b"OKAY\0\0\0\0";

#[tokio::test]
async fn a_pushed_file_is_there_with_mode_and_time_and_comes_back() {
    let machine = device("");
    let path = "/data/local/tmp/a/b,c.txt";
    let send = request(b"SEND", &format!("{path},33188"));
    let said = play(&machine, &[&send, &data(b"hel"), &data(b"lo"), DONE, b"QUIT\0\0\0\0"]).await;
    assert_eq!(said, OKAY);
    let stat = play(&machine, &[&request(b"STAT", path)]).await;
    assert_eq!(stat, b"STAT\xb6\x81\0\0\x05\0\0\0\x15\xcd\x5b\x07");
    assert_eq!(play(&machine, &[&request(b"RECV", path)]).await, b"DATA\x05\0\0\0helloDONE\0\0\0\0");
}

#[tokio::test]
async fn a_big_file_comes_in_pieces_of_64_kib() {
    let machine = device("");
    let bytes: Vec<u8> = (0..150_000).map(|i| i as u8).collect();
    let send = request(b"SEND", "/data/local/tmp/big,420");
    let pieces: Vec<Vec<u8>> = bytes.chunks(65536).map(data).collect();
    let all: Vec<&[u8]> = [send.as_slice()].into_iter().chain(pieces.iter().map(Vec::as_slice)).chain([DONE]).collect();
    assert_eq!(play(&machine, &all).await, OKAY);
    let back = play(&machine, &[&request(b"RECV", "/data/local/tmp/big")]).await;
    let expected: Vec<u8> = pieces.concat().into_iter().chain(*b"DONE\0\0\0\0").collect();
    assert!(back == expected);
}

#[tokio::test]
async fn what_is_not_there_or_not_allowed_is_said_and_the_session_goes_on() {
    let machine = device("");
    let missing = request(b"RECV", "/data/local/tmp/none");
    let said = play(&machine, &[&missing, &request(b"STAT", "/none")]).await;
    let expected = [fail("open failed: No such file or directory"), wire::stat_v1(b"STAT", None).done()].concat();
    assert_eq!(said, expected);
    let forbidden = request(b"SEND", "/system/app/x,420");
    let said = play(&machine, &[&forbidden, &data(b"x"), DONE, &request(b"STAT", "/none")]).await;
    assert!(said.starts_with(b"FAIL") && said.ends_with(&wire::stat_v1(b"STAT", None).done()));
}

#[tokio::test]
async fn a_folder_is_listed_in_both_versions() {
    let machine = device("");
    play(&machine, &[&request(b"SEND", "/data/local/tmp/d/x,420"), DONE]).await;
    let list = play(&machine, &[&request(b"LIST", "/data/local/tmp/d")]).await;
    assert_eq!(list.len(), 20 * 3 + ".".len() + "..".len() + "x".len() + 20);
    assert!(list.ends_with(&[&b"\x01\0\0\0xDONE"[..], &[0; 16]].concat()));
    let list = play(&machine, &[&request(b"LIS2", "/data/local/tmp/d")]).await;
    assert_eq!(list.len(), 76 * 3 + ".".len() + "..".len() + "x".len() + 76);
    assert_eq!(play(&machine, &[&request(b"LIST", "/none")]).await, [&b"DONE"[..], &[0; 16]].concat());
}

#[tokio::test]
async fn only_what_is_announced_is_answered() {
    let old = device("api=23");
    let said = play(&old, &[&request(b"STA2", "/"), &request(b"STAT", "/")]).await;
    assert_eq!(said, fail("unknown command STA2"));
    let new = device("features=sendrecv_v2");
    let setup = Message::new(b"SND2").u32(0o644).u32(0).done();
    let send = request(b"SND2", "/data/local/tmp/x");
    assert_eq!(play(&new, &[&send, &setup, &data(b"v2"), DONE]).await, OKAY);
    let setup = Message::new(b"RCV2").u32(0).done();
    let receive = request(b"RCV2", "/data/local/tmp/x");
    assert_eq!(play(&new, &[&receive, &setup]).await, b"DATA\x02\0\0\0v2DONE\0\0\0\0");
    let zstd = Message::new(b"RCV2").u32(4).done();
    assert_eq!(play(&new, &[&receive, &zstd]).await, fail("unsupported flags"));
}

#[tokio::test]
async fn a_hostile_length_is_refused() {
    let machine = device("");
    assert_eq!(play(&machine, &[b"STAT\xff\xff\xff\xff"]).await, fail("path too long"));
    let send = request(b"SEND", "/data/local/tmp/x,420");
    assert_eq!(play(&machine, &[&send, b"DATA\x01\0\x01\0"]).await, fail("oversize data message"));
}

/// adbkit reads the load of the processors this way.
#[tokio::test]
async fn what_the_kernel_tells_is_as_it_is_when_it_is_asked_for() {
    let machine = device("");
    let read = async || play(&machine, &[&request(b"RECV", "/proc/uptime")]).await;
    let before = read().await;
    machine.clock.advance(std::time::Duration::from_secs(5));
    machine.system().catch_up();
    assert!(before.starts_with(b"DATA") && read().await != before);
    assert!(!play(&machine, &[&request(b"RECV", "/proc/self/stat")]).await.starts_with(b"FAIL"));
}
