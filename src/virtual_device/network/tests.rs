use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::filter::Filter;
use super::{Connection, exchange};
use crate::clock::Clock;
use crate::virtual_device::machine::{Machine, Profile};
use crate::virtual_device::process::Stdio;
use crate::virtual_device::shell;

fn connection(number: u64, host: &str, cleartext: bool) -> Connection {
    Connection {
        number,
        package: "a.b".into(),
        uid: 10_123,
        at: 1_700_000_000_000,
        since: Duration::from_secs(1),
        host: host.into(),
        port: if cleartext { 80 } else { 443 },
        cleartext,
        path: "/p".into(),
        body: "x".repeat(4_000),
        foreground: true,
        failed: false,
        asks_name: true,
    }
}

async fn said(machine: &Arc<Machine>, command: &str) -> (String, String, i32) {
    let (_in, stdin) = mpsc::channel(1);
    let (stdout, mut out) = mpsc::channel(64);
    let (stderr, mut err) = mpsc::channel(64);
    let stdin = Arc::new(tokio::sync::Mutex::new(stdin));
    let stdio = Stdio { stdin, stdout, stderr, hangup: CancellationToken::new() };
    let status = shell::run(machine.clone(), command.into(), stdio, machine.shell_uid()).await;
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    while let Some(bytes) = out.recv().await {
        output.extend(bytes);
    }
    while let Some(bytes) = err.recv().await {
        errors.extend(bytes);
    }
    (String::from_utf8_lossy(&output).into_owned(), String::from_utf8_lossy(&errors).into_owned(), status)
}

fn wanted(filter: &str, of: &Connection) -> usize {
    let filter = Filter::parse(filter).unwrap();
    exchange::packets(of).iter().filter(|packet| filter.wants(packet)).count()
}

#[test]
fn a_filter_takes_what_it_names() {
    let open = connection(1, "a.example", true);
    let all = exchange::packets(&open).len();
    assert_eq!(wanted("", &open), all);
    assert_eq!(wanted("port 53", &open), 2);
    assert_eq!(wanted("udp dst port 53", &open), 1);
    assert_eq!(wanted("not (udp and port domain)", &open), all - 2);
    assert_eq!(wanted("tcp port 80 || udp port 53", &open), all);
    assert_eq!(wanted("!tcp && !udp", &open), 0);
    assert_eq!(wanted("host 10.0.2.3", &open), 2);
    assert_eq!(wanted("net 198.18.0.0/15", &open), all - 2);
    assert_eq!(wanted("src net 198.18.0.0/15 and greater 60", &open), 1);
    assert_eq!(wanted("host a.example and tcp", &open), all - 2);
    assert_eq!(
        wanted("ip6", &connection(2, "2001:db8::1", false)),
        exchange::packets(&connection(2, "2001:db8::1", false)).len() - 2
    );
}

#[test]
fn what_is_not_known_of_a_filter_is_refused() {
    for text in ["tcp[13] & 2 != 0", "port", "vlan 3", "tcp port 80 extra", "(tcp", "port http2", "net 10.0.0.0"] {
        assert!(Filter::parse(text).is_err(), "{text}");
    }
    assert!(Filter::parse(&"not ".repeat(10_000)).is_err());
}

#[tokio::test]
async fn only_a_rooted_device_has_the_programs() {
    let plain = Machine::boot(Profile::new("a"), Clock::stepped(0));
    let (_, told, status) = said(&plain, "tcpdump -i any -w -").await;
    assert!(told.contains("tcpdump: inaccessible or not found") && status == 127, "{told}");
    assert_eq!(said(&plain, "su 0 id").await.2, 127);
    let rooted = Machine::boot(Profile::parse("rooted=true").unwrap(), Clock::stepped(0));
    assert!(said(&rooted, "tcpdump --version").await.0.starts_with("tcpdump version 4.99"));
    rooted.run_as_root(false);
    let (_, told, status) = said(&rooted, "tcpdump -i any -w -").await;
    assert!(told.contains("You don't have permission to capture") && status == 1, "{told}");
    assert!(said(&rooted, "su 0 id").await.0.starts_with("uid=0(root)"));
    assert!(said(&rooted, "su root sh -c 'id; which tcpdump'").await.0.contains("/system/bin/tcpdump"));
    assert_eq!(said(&rooted, "su nobody9 id").await.1, "su: invalid uid/gid 'nobody9'\n");
    for options in ["-i eth7 -w -", "-r x", "-Y", "-s much -w -", "-c 0 -w -", "-y EN10MB -i any -w -", "tcp[0] = 3"] {
        let (_, told, status) = said(&rooted, &format!("su 0 tcpdump {options}")).await;
        assert!(told.starts_with("tcpdump: ") && status == 1, "{options}: {told}");
    }
}
