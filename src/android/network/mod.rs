//! The device's network as `tcpdump` on it catches it: a stream of packets, the conversations in them, the hosts they go
//! to, and whose sockets they are. Everything read here is hostile and read within bounds.

mod capture;
mod dns;
mod flow;
mod frame;
mod http;
mod pcap;
mod sockets;
#[cfg(test)]
mod tests;
mod tls;

pub use capture::Packets;
pub use flow::{Burst, Flows, Protocol};
pub use pcap::{Frame, Reader, ReaderError};
pub use sockets::{Owner, Socket, parse_sockets};
