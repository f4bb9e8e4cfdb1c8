//! Who is where in the model's network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The device's own address, as an emulator has it (Android's documentation of emulator networking).
pub const DEVICE: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 16);
/// The same for IPv6.
pub const DEVICE_6: Ipv6Addr = Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0x16);
/// The resolver, as an emulator has it.
pub const RESOLVER: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 3);
/// The device's own link address: the emulator's Wi-Fi.
pub const LINK: [u8; 6] = [0x02, 0x15, 0xb2, 0x00, 0x00, 0x00];
/// The link address of the router.
pub const ROUTER_LINK: [u8; 6] = [0x52, 0x55, 0x0a, 0x00, 0x02, 0x02];

/// The address of a host: its own when it is one, else one made of its name in 198.18.0.0/15 (RFC 2544).
pub fn of_host(host: &str) -> IpAddr {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        return address;
    }
    let hash = host
        .to_ascii_lowercase()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let [_, b, c, d] = (hash ^ (hash >> 17)).to_be_bytes();
    Ipv4Addr::new(198, 18 + (b & 1), c, d.clamp(1, 254)).into()
}

/// The device's address on the way to another.
pub fn own_towards(other: IpAddr) -> IpAddr {
    match other {
        IpAddr::V4(_) => DEVICE.into(),
        IpAddr::V6(_) => DEVICE_6.into(),
    }
}

/// Whether the host is an address, not a name.
pub fn is_literal(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}
