//! The client against a scripted peer: what it sends, byte by byte, and what it makes of the answers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::scripted_peer::{Step, answer, fail, features, okay, request, serve, service};
use super::*;
use crate::clock::Clock;

const LONG: Duration = Duration::from_secs(600);

fn device(address: SocketAddr) -> Device {
    Server::at(address).device("S", CancellationToken::new())
}

/// One packet of the shell protocol.
fn packet(id: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    [&[id][..], &length, bytes].concat()
}

#[tokio::test]
async fn the_server_tells_version_and_devices() {
    let (address, peer) = serve(vec![
        vec![request("host:version"), answer("0029")],
        vec![request("host:devices-l"), answer("S  device product:p model:m transport_id:2\nT  offline\n")],
        vec![request("host:connect:127.0.0.1:5555"), answer("failed to connect to '127.0.0.1:5555': refused")],
        vec![request("host:connect:127.0.0.1:5555"), answer("already connected to 127.0.0.1:5555")],
    ])
    .await;
    let server = Server::at(address);
    assert_eq!(server.version().await.unwrap(), 41);
    let devices = server.devices().await.unwrap();
    assert_eq!((devices.len(), devices[0].is_ready(), devices[1].state.as_str()), (2, true, "offline"));
    assert_eq!(server.connect("127.0.0.1:5555").await.unwrap_err().fault(), Fault::Refused);
    assert_eq!(server.connect("127.0.0.1:5555").await.unwrap(), "127.0.0.1:5555");
    peer.await.unwrap();
}

#[tokio::test]
async fn shell_v2_separates_streams_and_knows_the_status() {
    let bytes = [packet(1, b"out"), packet(2, b"err"), packet(1, b"put\n"), packet(3, &[7])].concat();
    let (address, peer) = serve(vec![
        features("shell_v2,cmd"),
        service("shell,v2,raw:false", vec![Step::Dribble(bytes)]),
        service("shell,v2,raw:true", vec![Step::Send(packet(3, &[0]))]),
    ])
    .await;
    let device = device(address);
    let output = device.shell("false", LONG).await.unwrap();
    let expected = Output { stdout: b"output\n".to_vec(), stderr: b"err".to_vec(), status: Some(7) };
    assert_eq!(output, expected);
    // The features were asked for once.
    assert!(device.shell("true", LONG).await.unwrap().ok());
    peer.await.unwrap();
}

#[tokio::test]
async fn a_command_without_exit_status_lost_its_device() {
    let (address, peer) =
        serve(vec![features("shell_v2"), service("shell,v2,raw:x", vec![Step::Send(packet(1, b"half"))])]).await;
    let error = device(address).shell("x", LONG).await.unwrap_err();
    assert_eq!(error.fault(), Fault::DeviceLost);
    assert!(error.to_string().contains("without an exit status"), "{error}");
    peer.await.unwrap();
}

#[tokio::test]
async fn without_shell_v2_the_status_comes_behind_the_output() {
    let echo_mark = |command: String| {
        assert!(command.starts_with("exec:(eval 'exit 3') </dev/null; echo '[exit-"), "{command}");
        let mark = command.split_once("echo '").unwrap().1.split_once("'$?").unwrap().0.to_owned();
        format!("OKAYwords\n{mark}3\n").into_bytes()
    };
    let cut = |_: String| b"OKAYwords\n".to_vec();
    let (address, peer) = serve(vec![
        features(""),
        vec![request("host:transport:S"), okay(b""), Step::Answer(echo_mark)],
        vec![request("host:transport:S"), okay(b""), Step::Answer(cut)],
    ])
    .await;
    let device = device(address);
    let output = device.shell("exit 3", LONG).await.unwrap();
    assert_eq!((output.text().as_str(), output.status), ("words\n", Some(3)));
    assert_eq!(device.shell("exit 3", LONG).await.unwrap_err().fault(), Fault::DeviceLost);
    peer.await.unwrap();
}

#[tokio::test]
async fn errors_say_who_failed() {
    let (address, peer) = serve(vec![
        vec![request("host:transport:S"), fail("device 'S' not found")],
        vec![request("host:transport:S"), okay(b""), request("exec:x"), fail("closed")],
        vec![request("host:transport:S"), Step::Send(b"WHAT".to_vec())],
        service("exec:x", vec![Step::Send(vec![0; 101])]),
        vec![request("host:transport:S")],
    ])
    .await;
    let device = device(address);
    let mut faults = Vec::new();
    for _ in 0..5 {
        faults.push(device.exec("x", LONG, 100).await.unwrap_err().fault());
    }
    let expected = [Fault::DeviceLost, Fault::Refused, Fault::Protocol, Fault::Protocol, Fault::DeviceLost];
    assert_eq!(faults, expected);
    peer.await.unwrap();
    // Nobody listens there any more.
    assert!(matches!(device.exec("x", LONG, 100).await, Err(AdbError::NoServer { .. })));
}

#[tokio::test]
async fn a_deadline_closes_the_socket() {
    let (address, peer) = serve(vec![vec![Step::UntilClosed]]).await;
    let clock = Clock::stepped(0);
    let device = Server::on_clock(address, clock.clone()).device("S", CancellationToken::new());
    let call = tokio::spawn(async move { device.exec("sleep 9", Duration::from_secs(5), 100).await });
    while clock.until_next_sleeper().is_none() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(5));
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "run `sleep 9`: no answer within 5s");
    peer.await.unwrap();
}

#[tokio::test]
async fn cancelling_ends_calls_and_streams() {
    let (address, peer) = serve(vec![
        features("shell_v2"),
        service("shell,v2,raw:logcat", vec![Step::Send(packet(1, b"one\ntwo")), Step::UntilClosed]),
        service("exec:x", vec![Step::UntilClosed]),
    ])
    .await;
    let cancel = CancellationToken::new();
    let device = Server::at(address).device("S", cancel.clone());
    let mut lines = device.stream("logcat").await.unwrap();
    assert_eq!(lines.next().await.unwrap().as_deref(), Some("one"));
    let (waiting, _) = tokio::join!(lines.next(), async { cancel.cancel() });
    assert_eq!(waiting.unwrap_err().fault(), Fault::Cancelled);
    drop(lines);
    // A token that is cancelled already lets nothing begin; a fresh one does, and ends it.
    assert_eq!(device.exec("x", LONG, 9).await.unwrap_err().fault(), Fault::Cancelled);
    let second = CancellationToken::new();
    let device = device.under(second.clone());
    let call = tokio::spawn(async move { device.exec("x", LONG, 9).await });
    tokio::task::yield_now().await;
    second.cancel();
    assert_eq!(call.await.unwrap().unwrap_err().fault(), Fault::Cancelled);
    peer.abort();
}

#[tokio::test]
async fn lines_come_whole_and_bounded() {
    let long = vec![b'x'; 200 << 10];
    let bytes = [b"one\r\ntwo\n\n".as_slice(), &long, b"\nlast"].concat();
    let (address, peer) = serve(vec![features(""), service("exec:cat", vec![Step::Send(bytes)])]).await;
    let mut lines = device(address).stream("cat").await.unwrap();
    let mut read = Vec::new();
    while let Some(line) = lines.next().await.unwrap() {
        read.push(line);
    }
    assert_eq!(read.len(), 5, "{:?}", read.iter().map(String::len).collect::<Vec<_>>());
    assert_eq!([&read[0], &read[1], &read[2], &read[4]], ["one", "two", "", "last"]);
    assert_eq!(read[3].len(), 64 << 10);
    peer.await.unwrap();
}

#[tokio::test]
async fn a_framed_stream_that_is_cut_lost_its_device() {
    let (address, peer) = serve(vec![
        features("shell_v2"),
        service("shell,v2,raw:a", vec![Step::Dribble([packet(1, b"x\ny"), packet(3, &[0])].concat())]),
        service("shell,v2,raw:b", vec![Step::Send(packet(1, b"x\n"))]),
        service("shell,v2,raw:c", vec![Step::Send([1, 0xff, 0xff, 0xff, 0xff].to_vec())]),
    ])
    .await;
    let device = device(address);
    let mut whole = device.stream("a").await.unwrap();
    assert_eq!(whole.next().await.unwrap().as_deref(), Some("x"));
    assert_eq!(whole.next().await.unwrap().as_deref(), Some("y"));
    assert_eq!(whole.next().await.unwrap(), None);
    let mut cut = device.stream("b").await.unwrap();
    assert_eq!(cut.next().await.unwrap().as_deref(), Some("x"));
    assert_eq!(cut.next().await.unwrap_err().fault(), Fault::DeviceLost);
    // A packet that claims 4 GB is refused, not stored.
    assert_eq!(device.stream("c").await.unwrap().next().await.unwrap_err().fault(), Fault::Protocol);
    peer.await.unwrap();
}

/// A sync message: id, length, bytes.
fn sync(id: &str, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    [id.as_bytes(), &length, bytes].concat()
}

#[tokio::test]
async fn files_go_both_ways() {
    let big = vec![7; (64 << 10) + 1];
    let done = [b"DONE".as_slice(), &1_577_836_800_u32.to_le_bytes()].concat();
    let (address, peer) = serve(vec![
        service(
            "sync:",
            vec![
                Step::Expect(sync("SEND", b"/data/local/tmp/a,33188")),
                Step::Expect(sync("DATA", &big[..64 << 10])),
                Step::Expect(sync("DATA", &[7])),
                Step::Expect(done.clone()),
                Step::Send(sync("OKAY", b"")),
            ],
        ),
        service(
            "sync:",
            vec![
                Step::Expect(sync("SEND", b"/system/a,33188")),
                Step::Expect(sync("DATA", b"x")),
                Step::Expect(done),
                Step::Send(sync("FAIL", b"couldn't create file: Read-only file system")),
            ],
        ),
        service(
            "sync:",
            vec![
                Step::Expect(sync("RECV", b"/a")),
                Step::Dribble([sync("DATA", b"he"), sync("DATA", b"llo"), sync("DONE", b"")].concat()),
            ],
        ),
        service("sync:", vec![Step::Expect(sync("RECV", b"/b")), Step::Send(sync("FAIL", b"No such file"))]),
        service("sync:", vec![Step::Expect(sync("RECV", b"/c")), Step::Send(sync("DATA", b"too long"))]),
    ])
    .await;
    let device = device(address);
    device.push(&big, "/data/local/tmp/a", 0o644, LONG).await.unwrap();
    let error = device.push(b"x", "/system/a", 0o644, LONG).await.unwrap_err();
    assert_eq!(error.to_string(), "push /system/a: refused: couldn't create file: Read-only file system");
    assert_eq!(device.pull("/a", 5, LONG).await.unwrap(), b"hello");
    assert_eq!(device.pull("/b", 5, LONG).await.unwrap_err().fault(), Fault::Refused);
    assert!(matches!(device.pull("/c", 5, LONG).await, Err(AdbError::TooLong { at_most: 5, .. })));
    peer.await.unwrap();
}

#[tokio::test]
async fn stat_in_both_versions() {
    let v1 = |mode: u32, size: u32, time: u32| {
        [b"STAT".as_slice(), &mode.to_le_bytes(), &size.to_le_bytes(), &time.to_le_bytes()].concat()
    };
    let mut v2 = vec![0; 72];
    v2[..4].copy_from_slice(b"STA2");
    v2[24..28].copy_from_slice(&0o100_644_u32.to_le_bytes());
    v2[40..48].copy_from_slice(&(5_u64 << 32).to_le_bytes());
    v2[56..64].copy_from_slice(&1_577_836_800_i64.to_le_bytes());
    let mut gone = vec![0; 72];
    gone[..8].copy_from_slice(b"STA2\x02\0\0\0");
    let (old_address, old) = serve(vec![
        features(""),
        service("sync:", vec![Step::Expect(sync("STAT", b"/a")), Step::Send(v1(0o040_755, 9, 7))]),
        service("sync:", vec![Step::Expect(sync("STAT", b"/b")), Step::Send(v1(0, 0, 0))]),
    ])
    .await;
    let device_v1 = device(old_address);
    let folder = device_v1.stat("/a", LONG).await.unwrap().unwrap();
    assert!(folder.is_folder() && folder.size == 9 && folder.modified == 7);
    assert_eq!(device_v1.stat("/b", LONG).await.unwrap(), None);
    old.await.unwrap();
    let (new_address, new) = serve(vec![
        features("stat_v2"),
        service("sync:", vec![Step::Expect(sync("STA2", b"/a")), Step::Send(v2)]),
        service("sync:", vec![Step::Expect(sync("STA2", b"/b")), Step::Send(gone)]),
    ])
    .await;
    let device_v2 = device(new_address);
    let file = device_v2.stat("/a", LONG).await.unwrap().unwrap();
    assert_eq!((file.size, file.modified, file.is_folder()), (5 << 32, 1_577_836_800, false));
    assert_eq!(device_v2.stat("/b", LONG).await.unwrap(), None);
    new.await.unwrap();
}

#[tokio::test]
async fn folders_are_listed_in_both_versions() {
    let v1 = |id: &[u8], mode: u32, name: &[u8]| {
        let length = u32::try_from(name.len()).unwrap();
        let words = [mode, 5, 7, length];
        [id.to_vec(), words.iter().flat_map(|word| word.to_le_bytes()).collect(), name.to_vec()].concat()
    };
    let v2 = |id: &[u8], mode: u32, name: &[u8]| {
        let mut head = vec![0; 76];
        head[..4].copy_from_slice(id);
        head[24..28].copy_from_slice(&mode.to_le_bytes());
        head[40] = 5;
        head[56] = 7;
        head[72] = u8::try_from(name.len()).unwrap();
        [head, name.to_vec()].concat()
    };
    type Write<'a> = &'a dyn Fn(&[u8], u32, &[u8]) -> Vec<u8>;
    let script = |list: &str, one: Write, entry: &[u8]| {
        let bytes = [one(entry, 0o040_755, b"."), one(entry, 0o100_644, b"a b"), one(b"DONE", 0, b"")].concat();
        service("sync:", vec![Step::Expect(sync(list, b"/sdcard")), Step::Dribble(bytes)])
    };
    let expected = FolderEntry { name: "a b".to_owned(), facts: FileFacts { mode: 0o100_644, size: 5, modified: 7 } };
    for (feature, steps) in [("", script("LIST", &v1, b"DENT")), ("ls_v2", script("LIS2", &v2, b"DNT2"))] {
        let (address, peer) = serve(vec![features(feature), steps]).await;
        assert_eq!(device(address).list("/sdcard", LONG).await.unwrap(), std::slice::from_ref(&expected));
        peer.await.unwrap();
    }
}

#[tokio::test]
async fn the_list_of_devices_is_followed() {
    let (address, peer) = serve(vec![
        vec![request("host:track-devices-l"), answer("S offline\n"), Step::Send(b"0009S device\n0000".to_vec())],
        vec![request("host:disconnect:h:1"), fail("no such device 'h:1'")],
        vec![request("host:connect:h:1"), answer("connected to h:1")],
    ])
    .await;
    let server = Server::at(address);
    let mut tracker = server.track(CancellationToken::new()).await.unwrap();
    assert_eq!(tracker.next().await.unwrap()[0].state, "offline");
    assert!(tracker.next().await.unwrap()[0].is_ready());
    assert!(tracker.next().await.unwrap().is_empty());
    assert_eq!(tracker.next().await.unwrap_err().fault(), Fault::DeviceLost);
    assert_eq!(server.reconnect("h:1").await.unwrap(), "h:1");
    peer.await.unwrap();
}

/// A folder of its own for one test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("appwitness-adb-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn one_package_is_streamed_where_cmd_exists() {
    let folder = Folder::new("streamed");
    let apk = folder.file("a b.apk", b"PK-bytes");
    let refusal = b"Failure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]\n";
    let command = "exec:cmd package install -r -S 8";
    let (address, peer) = serve(vec![
        features("shell_v2,cmd"),
        service(command, vec![Step::Expect(b"PK-bytes".to_vec()), Step::Send(b"Success\n".to_vec())]),
        service(command, vec![Step::Expect(b"PK-bytes".to_vec()), Step::Send(refusal.to_vec())]),
        service(command, vec![]),
    ])
    .await;
    let device = device(address);
    let options = InstallOptions { replace: true, ..InstallOptions::default() };
    let files = [apk];
    device.install(&files, &options, LONG).await.unwrap();
    let refused = device.install(&files, &options, LONG).await.unwrap_err();
    let expected = "install a_b.apk: refused: INSTALL_FAILED_USER_RESTRICTED: Install canceled by user";
    assert_eq!(refused.to_string(), expected);
    assert_eq!(device.install(&files, &options, LONG).await.unwrap_err().fault(), Fault::DeviceLost);
    let missing = device.install(&[folder.0.join("none.apk")], &options, LONG).await.unwrap_err();
    assert_eq!(missing.fault(), Fault::Host);
    peer.await.unwrap();
}

#[tokio::test]
async fn splits_go_through_a_session_that_is_abandoned_on_failure() {
    let folder = Folder::new("splits");
    let files = [folder.file("base.apk", b"12345"), folder.file("zh.apk", b"678")];
    let created = b"Success: created install session [42]\n".to_vec();
    let write = |n: u32, size: u32, name: &str| format!("exec:cmd package install-write -S {size} 42 {n}_{name} -");
    let success = || Step::Send(b"Success: streamed\n".to_vec());
    let create = || service("exec:cmd package install-create -S 8 </dev/null", vec![Step::Send(created.clone())]);
    let (address, peer) = serve(vec![
        features("cmd"),
        create(),
        service(&write(0, 5, "base.apk"), vec![Step::Expect(b"12345".to_vec()), success()]),
        service(&write(1, 3, "zh.apk"), vec![Step::Expect(b"678".to_vec()), success()]),
        service("exec:cmd package install-commit 42 </dev/null", vec![success()]),
        create(),
        service(
            &write(0, 5, "base.apk"),
            vec![Step::Expect(b"12345".to_vec()), Step::Send(b"Failure [NO_SPACE]".to_vec())],
        ),
        service("exec:cmd package install-abandon 42 </dev/null", vec![success()]),
    ])
    .await;
    let device = device(address);
    device.install(&files, &InstallOptions::default(), LONG).await.unwrap();
    let error = device.install(&files, &InstallOptions::default(), LONG).await.unwrap_err();
    assert!(matches!(error, AdbError::Refused { ref code, .. } if code == "NO_SPACE"), "{error}");
    peer.await.unwrap();
}

#[tokio::test]
async fn without_cmd_a_package_is_pushed_installed_and_tidied_away() {
    let folder = Folder::new("pushed");
    let apk = folder.file("app.apk", b"PK");
    fn reply(command: &str, words: &str) -> Vec<u8> {
        let mark = command.split_once("echo '").unwrap().1.split_once("'$?").unwrap().0.to_owned();
        format!("OKAY{words}{mark}0\n").into_bytes()
    }
    let install = |command: String| {
        assert!(command.contains("pm install -t /data/local/tmp/app.apk"), "{command}");
        reply(&command, "\tpkg: /data/local/tmp/app.apk\nSuccess\n")
    };
    let tidy = |command: String| {
        assert!(command.contains("rm -f /data/local/tmp/app.apk"), "{command}");
        reply(&command, "")
    };
    let (address, peer) = serve(vec![
        features(""),
        service(
            "sync:",
            vec![
                Step::Expect(sync("SEND", b"/data/local/tmp/app.apk,33188")),
                Step::Expect(sync("DATA", b"PK")),
                Step::Expect([b"DONE".as_slice(), &1_577_836_800_u32.to_le_bytes()].concat()),
                Step::Send(sync("OKAY", b"")),
            ],
        ),
        vec![request("host:transport:S"), okay(b""), Step::Answer(install)],
        vec![request("host:transport:S"), okay(b""), Step::Answer(tidy)],
    ])
    .await;
    let options = InstallOptions { test: true, ..InstallOptions::default() };
    device(address).install(&[apk], &options, LONG).await.unwrap();
    peer.await.unwrap();
}

#[tokio::test]
async fn a_framebuffer_is_put_in_order_and_bounded() {
    // Version 2: bits, colour space, size, width, height, then red, blue, green, alpha as offset and length.
    let header = |size: u32| {
        let words = [2, 32, 0, size, 2, 1, 16, 8, 0, 8, 8, 8, 24, 8_u32];
        words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>()
    };
    let pixels = [3, 2, 1, 255, 6, 5, 4, 255];
    let (address, peer) = serve(vec![
        service("framebuffer:", vec![Step::Send([header(8), pixels.to_vec()].concat())]),
        service("framebuffer:", vec![Step::Send(header(u32::MAX))]),
    ])
    .await;
    let device = device(address);
    let frame = device.framebuffer(LONG).await.unwrap();
    assert_eq!((frame.width, frame.height, frame.rgba), (2, 1, vec![1, 2, 3, 255, 4, 5, 6, 255]));
    assert_eq!(device.framebuffer(LONG).await.unwrap_err().fault(), Fault::Protocol);
    peer.await.unwrap();
}

#[tokio::test]
async fn a_forward_goes_through_the_borrowed_client() {
    let (address, peer) = serve(vec![vec![
        request("host:transport:S"),
        okay(b""),
        request("host:forward:tcp:7000;tcp:9008"),
        fail("cannot bind listener: Address already in use"),
    ]])
    .await;
    let error = device(address).forward("tcp:7000", "tcp:9008", LONG).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Refused, "{error}");
    assert!(error.to_string().contains("already in use"));
    peer.await.unwrap();
}
