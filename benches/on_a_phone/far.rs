//! The far side: a process of its own with one virtual device behind a server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};

use appwitness::adb;
use appwitness::clock::Clock;
use appwitness::virtual_device::machine::{Machine, Profile};
use appwitness::virtual_device::server::Server;
use tokio_util::sync::CancellationToken;

/// Boots a device, says where it is served and by which name, and lives until its input ends.
pub fn main(profile: &str) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (server, serial) = runtime.block_on(async {
        let machine = Machine::boot(Profile::parse(profile).expect("a profile"), Clock::real());
        let serial = machine.profile.serial.clone();
        (Server::start("127.0.0.1:0", vec![machine]).await.expect("a port"), serial)
    });
    println!("{} {serial}", server.address());
    std::io::stdout().flush().expect("somebody listens");
    let _ = std::io::stdin().read(&mut [0]);
    ExitCode::SUCCESS
}

/// The process, seen from this side. Dropping it ends it.
pub struct Far {
    pub server: SocketAddr,
    pub serial: String,
    child: Child,
}

impl Far {
    pub fn start(profile: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["far", profile]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("it speaks");
        let (server, serial) = line.trim().split_once(' ').expect("an address and a name");
        Self { server: server.parse().expect("an address"), serial: serial.to_owned(), child }
    }

    pub fn device(&self, cancel: CancellationToken) -> adb::Device {
        adb::Server::at(self.server).device(&self.serial, cancel)
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
