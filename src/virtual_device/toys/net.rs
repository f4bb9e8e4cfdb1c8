//! The network as programs show it: `ip`, `ifconfig`, `hostname`, `ping`.
//!
//! MODEL: one wireless interface with the address that captures show; a device that is offline has none. Nothing outside
//! answers an echo.

use std::time::Duration;

use super::tool::{Tool, toy};
use crate::virtual_device::network::DEVICE;

/// Hardware address of the wireless interface (that of the emulator's).
pub const HARDWARE: &str = "02:15:b2:00:00:00";

fn online(tool: &Tool) -> bool {
    tool.call.machine.system().switches().network
}

/// Its network, and the address that reaches all of it.
fn neighbours() -> (String, String) {
    let [a, b, c, _] = DEVICE.octets();
    (format!("{a}.{b}.{c}.0/24"), format!("{a}.{b}.{c}.255"))
}

toy!(
    /// `ip [-4] [-o] [-f inet] addr|link|route [show] [dev] [interface]`
    ip, ip_work
);

const IP_USAGE: &str = "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\nwhere  OBJECT := { link | address | addrlabel | route | rule | neigh | ntable |\n                   tunnel | tuntap | maddress | mroute | mrule | monitor | xfrm |\n                   netns | l2tp | fou | tcp_metrics | token | netconf | vrf | sr }\n";

async fn ip_work(tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    let mut words = words.iter().map(String::as_str);
    let (mut one_line, mut four) = (false, false);
    let object = loop {
        match words.next() {
            Some("-o" | "-oneline") => one_line = true,
            Some("-4") => four = true,
            Some("-f" | "-family") => four |= words.next() == Some("inet"),
            Some(option) if option.starts_with('-') => {}
            object => break object.unwrap_or_default(),
        }
    };
    let interface = words.find(|word| !["show", "list", "ls", "dev", "up"].contains(word)).unwrap_or_default();
    if !interface.is_empty() && !["wlan0", "lo"].contains(&interface) && !object.starts_with('r') {
        tool.call.stdio.err(format!("Device \"{interface}\" does not exist.\n")).await;
        return 1;
    }
    let up = online(&tool);
    let text = match object {
        "a" | "addr" | "address" => addresses(interface, up, one_line, four, true),
        "l" | "link" => addresses(interface, up, one_line, four, false),
        "r" | "ro" | "route" => routes(interface, up),
        "" | "help" => {
            tool.call.stdio.err(IP_USAGE).await;
            return 255;
        }
        other => {
            tool.call.stdio.err(format!("Object \"{other}\" is unknown, try \"ip help\".\n")).await;
            return 1;
        }
    };
    tool.finish(text).await
}

fn routes(target: &str, up: bool) -> String {
    let (network, _) = neighbours();
    match (up, target) {
        (false, _) => String::new(),
        (true, "get") => format!("via 10.0.2.2 dev wlan0 src {DEVICE} uid 2000\n    cache\n"),
        (true, _) => format!("{network} dev wlan0 proto kernel scope link src {DEVICE}\n"),
    }
}

fn addresses(interface: &str, up: bool, one_line: bool, four: bool, with_addresses: bool) -> String {
    let (_, all) = neighbours();
    let wireless = if up { "BROADCAST,MULTICAST,UP,LOWER_UP" } else { "BROADCAST,MULTICAST" };
    let state = if up { "UP" } else { "DOWN" };
    let interfaces = [
        (
            "lo",
            "<LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000".to_owned(),
            "link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00".to_owned(),
            vec!["inet 127.0.0.1/8 scope host lo".to_owned(), "inet6 ::1/128 scope host".to_owned()],
        ),
        (
            "wlan0",
            format!("<{wireless}> mtu 1500 qdisc mq state {state} group default qlen 1000"),
            format!("link/ether {HARDWARE} brd ff:ff:ff:ff:ff:ff"),
            if up { vec![format!("inet {DEVICE}/24 brd {all} scope global wlan0")] } else { Vec::new() },
        ),
    ];
    let mut text = String::new();
    for (at, (name, head, link, addresses)) in interfaces.iter().enumerate() {
        if !interface.is_empty() && interface != *name {
            continue;
        }
        let shown = addresses.iter().filter(|line| with_addresses && (!four || line.starts_with("inet ")));
        let number = at + 1;
        if one_line && with_addresses {
            for line in shown {
                text += &format!("{number}: {name}    {line}\\       valid_lft forever preferred_lft forever\n");
            }
            continue;
        }
        // Who asks for addresses of one family is told of the interfaces that have one.
        if four && with_addresses && addresses.is_empty() {
            continue;
        }
        text += &format!("{number}: {name}: {head}\n");
        if !(four && with_addresses) {
            text += &format!("    {link}\n");
        }
        for line in shown {
            text += &format!("    {line}\n       valid_lft forever preferred_lft forever\n");
        }
    }
    text
}

toy!(
    /// `ifconfig [-a] [interface]`
    ifconfig, ifconfig_work
);

async fn ifconfig_work(mut tool: Tool) -> i32 {
    let (_, all) = neighbours();
    let up = online(&tool);
    let address =
        if up { format!("          inet addr:{DEVICE}  Bcast:{all}  Mask:255.255.255.0 \n") } else { String::new() };
    let flags = if up { "UP BROADCAST RUNNING MULTICAST" } else { "BROADCAST MULTICAST" };
    let counted = |size: u32, queue: u32| {
        format!(
            "  MTU:{size}  Metric:1\n          RX packets:0 errors:0 dropped:0 overruns:0 frame:0 \n          TX packets:0 errors:0 dropped:0 overruns:0 carrier:0 \n          collisions:0 txqueuelen:{queue} \n          RX bytes:0 TX bytes:0 \n\n"
        )
    };
    let interfaces = [
        (
            "lo",
            format!(
                "lo        Link encap:Local Loopback  \n          inet addr:127.0.0.1  Mask:255.0.0.0 \n          inet6 addr: ::1/128 Scope: Host\n          UP LOOPBACK RUNNING{}",
                counted(65_536, 1000)
            ),
        ),
        (
            "wlan0",
            format!(
                "wlan0     Link encap:Ethernet  HWaddr {HARDWARE}\n{address}          {flags}{}",
                counted(1500, 1000)
            ),
        ),
    ];
    let wanted = tool.arguments().iter().find(|word| !word.starts_with('-')).cloned();
    if let Some(name) = wanted.as_ref().filter(|name| interfaces.iter().all(|(known, _)| known != name)) {
        tool.complain(&format!("{name}: No such device")).await;
        return 1;
    }
    let shown = interfaces.into_iter().filter(|(name, _)| wanted.as_ref().is_none_or(|wanted| wanted == name));
    let text: String = shown.map(|(_, text)| text).collect();
    tool.finish(text).await
}

toy!(
    /// `hostname`
    hostname, hostname_work
);

async fn hostname_work(tool: Tool) -> i32 {
    tool.finish("localhost\n").await
}

toy!(
    /// `ping [-c count] [-i seconds] [-W seconds] host`
    ping, ping_work
);

async fn ping_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("46nqv", "ciIsWwt", &[]).await else { return 2 };
    let Some(host) = flags.rest.first().cloned() else {
        tool.call.stdio.err("ping: usage error: Destination address required\n").await;
        return 1;
    };
    let Some(address) =
        host.parse::<std::net::Ipv4Addr>().ok().or((host == "localhost").then_some(std::net::Ipv4Addr::LOCALHOST))
    else {
        tool.call.stdio.err(format!("ping: unknown host {host}\n")).await;
        return 2;
    };
    let own = address.is_loopback() || address == DEVICE;
    if !own && !online(&tool) {
        tool.call.stdio.err("connect: Network is unreachable\n").await;
        return 2;
    }
    let count = flags.value('c').and_then(|text| text.parse::<u32>().ok());
    tool.out(format!("PING {host} ({address}) 56(84) bytes of data.\n")).await;
    let (mut sent, began) = (0, tool.call.machine.clock.elapsed());
    while count.is_none_or(|count| sent < count) {
        if sent > 0 || !own {
            let (clock, stdio) = (tool.call.machine.clock.clone(), tool.call.stdio.clone());
            tokio::select! {
                () = clock.sleep(Duration::from_secs(1)) => {}
                () = stdio.hangup.cancelled() => return 130,
            }
        }
        sent += 1;
        if own && !tool.out(format!("64 bytes from {address}: icmp_seq={sent} ttl=64 time=0.040 ms\n")).await {
            return 1;
        }
    }
    let took = tool.call.machine.clock.elapsed().saturating_sub(began).as_millis();
    let (received, lost) = if own { (sent, 0) } else { (0, 100) };
    let times = if own { "rtt min/avg/max/mdev = 0.040/0.040/0.040/0.000 ms\n" } else { "" };
    tool.out(format!("\n--- {host} ping statistics ---\n{sent} packets transmitted, {received} received, {lost}% packet loss, time {took}ms\n{times}")).await;
    i32::from(!own)
}
