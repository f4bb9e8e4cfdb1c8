//! `netstat`: by what `/proc/net/tcp` and `tcp6` tell. Source of the columns: AOSP `external/toybox/toys/net/netstat.c`.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::people::name_of;
use super::tool::{Flags, Tool, toy};

/// States by number (`include/net/tcp_states.h`), from 1.
const STATES: [&str; 11] = [
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
];

toy!(
    /// `netstat [-pWrxwutneal]`
    netstat, netstat_work
);

async fn netstat_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("pWrxwutneal", "", &[]).await else { return 1 };
    if flags.has('r') {
        return tool.finish(routes()).await;
    }
    let kinds = ['t', 'u', 'w', 'x'];
    let some = kinds.iter().any(|kind| flags.has(*kind));
    let shows = |kind: char| !some || flags.has(kind);
    let which = match (flags.has('a'), flags.has('l')) {
        (true, _) => "servers and established",
        (_, true) => "only servers",
        _ => "w/o servers",
    };
    let mut text = String::new();
    if shows('t') || shows('u') || shows('w') {
        let owner = if flags.has('e') { " User       Inode     " } else { "" };
        let program = if flags.has('p') { " PID/Program Name" } else { "" };
        text += &format!("Active Internet connections ({which})\n");
        text += &format!(
            "Proto Recv-Q Send-Q Local Address           Foreign Address         State      {owner}{program}\n"
        );
        for name in if shows('t') { &["tcp", "tcp6"][..] } else { &[] } {
            let at = format!("/proc/net/{name}");
            let read = tool.call.machine.files().read(tool.actor(), &at);
            let Some(told) = tool.check(&at, read).await else { continue };
            let told = String::from_utf8_lossy(&told).into_owned();
            text.extend(told.lines().skip(1).filter_map(|line| row(name, line, &flags)));
        }
    }
    if shows('x') {
        text += &format!(
            "Active UNIX domain sockets ({which})\nProto RefCnt Flags       Type       State           I-Node Path\n"
        );
    }
    tool.finish(text).await
}

/// A line of `/proc/net/tcp` in words; none when such a socket was not asked for.
fn row(protocol: &str, line: &str, flags: &Flags) -> Option<String> {
    let cells: Vec<&str> = line.split_whitespace().collect();
    let [_, local, remote, state, queues, _, _, uid, _, inode, ..] = cells[..] else { return None };
    let state = usize::from_str_radix(state, 16).ok()?;
    let serves = state == 10;
    if !flags.has('a') && serves != flags.has('l') {
        return None;
    }
    let (sends, receives) = queues.split_once(':')?;
    let count = |text: &str| u32::from_str_radix(text, 16).unwrap_or(0);
    let (local, remote) = (end(local)?, end(remote)?);
    let state = STATES.get(state.checked_sub(1)?)?;
    let owner = match flags.has('e') {
        true => format!(" {:<10} {inode:<10}", name_of(uid.parse().ok()?)),
        false => String::new(),
    };
    let program = if flags.has('p') { " -" } else { "" };
    Some(format!(
        "{protocol:<4} {:>8} {:>6} {local:<23} {remote:<23} {state:<11}{owner}{program}\n",
        count(receives),
        count(sends)
    ))
}

/// `0100007F:1F90` as an address and a port; a port 0 is any.
fn end(text: &str) -> Option<String> {
    let (address, port) = text.split_once(':')?;
    let words = (0..address.len() / 8).map(|at| u32::from_str_radix(address.get(at * 8..at * 8 + 8)?, 16).ok());
    let octets: Vec<u8> = words.collect::<Option<Vec<u32>>>()?.into_iter().flat_map(u32::to_le_bytes).collect();
    let address = match <[u8; 16]>::try_from(octets.as_slice()) {
        Ok(octets) => Ipv6Addr::from(octets).to_string(),
        Err(_) => Ipv4Addr::from(<[u8; 4]>::try_from(octets.as_slice()).ok()?).to_string(),
    };
    let port = u16::from_str_radix(port, 16).ok()?;
    Some(if port == 0 { format!("{address}:*") } else { format!("{address}:{port}") })
}

/// `-r`: the one network, as `ip route` tells it.
fn routes() -> String {
    let [a, b, c, _] = crate::virtual_device::network::DEVICE.octets();
    format!(
        "Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n{:<15} 0.0.0.0         255.255.255.0   U         0 0          0 wlan0\n",
        format!("{a}.{b}.{c}.0")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_of_the_kernels_table_is_told_in_words() {
        let line = "   0: 0000000000000000FFFF00001002000A:D431 0000000000000000FFFF0000010200C0:01BB 01 00000000:00000000 00:00000000 00000000 10071        0 30001 1 0000000000000000 20 4 30 10 -1";
        let flags = Flags::parse(&[], "ae", "", &[]).unwrap();
        let told = row("tcp6", line, &flags).unwrap();
        assert!(told.contains("::ffff:10.0.2.16:54321") && told.contains("::ffff:192.0.2.1:443"), "{told}");
        assert!(told.ends_with("ESTABLISHED\n"), "{told}");
        let listens = Flags::parse(&["-l".into()], "l", "", &[]).unwrap();
        assert_eq!(row("tcp6", line, &listens), None, "it serves nobody");
        assert_eq!(end("0100007F:0000").as_deref(), Some("127.0.0.1:*"));
    }
}
