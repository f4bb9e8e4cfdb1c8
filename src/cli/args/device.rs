//! Commands about devices.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::shared::Where;
use crate::virtual_device::machine::Pace;

/// `devices`
#[derive(Args, Debug)]
pub struct Devices {
    /// Address of a running ADB server
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:5037")]
    pub server: SocketAddr,
}

/// `doctor`
#[derive(Args, Debug)]
pub struct Doctor {
    #[command(flatten)]
    pub place: Where,
}

/// `virtual-device`
#[derive(Args, Debug)]
pub struct VirtualDevice {
    /// Address of the adbd port (what `adb connect` takes); port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Also speak the ADB server protocol here
    #[arg(long, value_name = "HOST:PORT")]
    pub server_listen: Option<SocketAddr>,
    /// File that gets the address once it is open
    #[arg(long, value_name = "FILE")]
    pub port_file: Option<PathBuf>,
    /// What to be: api=34,skin=google,locale=zh-CN,…
    #[arg(long, value_name = "PROPERTIES", default_value = "latency=phone")]
    pub device: String,
    /// How many devices the server lists (with --server-listen)
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub count: u32,
    /// What goes wrong on the devices, and when: a file of faults (see README)
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// How the devices' time goes: `real`, or `skipping`, which goes on in jumps when it is told to (`advance 48h` with
    /// --control)
    #[arg(long, value_name = "PACE")]
    pub clock: Option<Pace>,
    /// Obey lines on standard input: `off SERIAL` takes a device's power away, `fault [SERIAL] {fault: stall, service:
    /// dump}` lets something go wrong, `calm [SERIAL]` ends that, `advance 48h` lets so much time pass at once, with all
    /// that is due in it (with --clock skipping), and says `advanced 48h` when it has
    #[arg(long)]
    pub control: bool,
    /// Apps to install at the start: files, or specimen:NAME
    #[arg(long, value_name = "APP")]
    pub app: Vec<String>,
}
