//! `virtual-device`: a virtual device for any ADB client.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::adb;
use crate::virtual_device::machine::{Machine, Profile};
use crate::virtual_device::server::Server;
use crate::virtual_device::{adbd, console};

use super::args::VirtualDevice;
use super::control;
use super::exit::{Exit, Failure};
use super::inputs;

/// Longest an installation may take.
const INSTALL: Duration = Duration::from_secs(300);

/// Serves until it is stopped.
pub async fn virtual_device(options: VirtualDevice) -> Result<Exit, Failure> {
    let mut profile = Profile::parse(&options.device).map_err(Failure::usage)?;
    profile.pace = options.clock.unwrap_or(profile.pace);
    let clock = profile.pace.clock();
    let machine = Machine::boot(profile.clone(), clock.clone());
    let listener = listen(options.listen).await?;
    let address = listener.local_addr().map_err(|error| Failure::output("can't listen", error))?;
    let mut machines = vec![machine.clone()];
    for number in 1..options.count.clamp(1, 256) {
        let serial = format!("{}-{}", profile.serial, number + 1);
        machines.push(Machine::boot(Profile { serial, ..profile.clone() }, clock.clone()));
    }
    let faults = match &options.faults {
        Some(file) => control::faults_in(file)?,
        None => Vec::new(),
    };
    install(&options.app, &machines).await?;
    for machine in &machines {
        faults.iter().for_each(|rule| machine.suffer(rule.clone()));
    }
    for machine in &machines {
        console::open(machine).map_err(|error| Failure::output("can't listen", error))?;
    }
    say!("adbd: {address}");
    let server = match options.server_listen {
        Some(listen) => Some(Arc::new(
            Server::start(listen, machines.clone())
                .await
                .map_err(|error| Failure::output(format!("can't listen on {listen}"), error))?,
        )),
        None => None,
    };
    if let Some(server) = &server {
        say!("adb server: {}", server.address());
    }
    if let Some(file) = &options.port_file {
        write_whole(file, &format!("{address}\n"))?;
    }
    let serving = tokio::spawn(adbd::serve(machine, listener));
    if options.control {
        tokio::spawn(control::obey(server.clone(), machines));
    }
    // Ends by Ctrl-C; there is nothing to keep.
    let _ = tokio::signal::ctrl_c().await;
    serving.abort();
    Ok(Exit::Stopped)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| Failure::output(format!("can't listen on {address}"), error))
}

/// Installs apps the way any client would: over the wire.
async fn install(apps: &[String], machines: &[Arc<Machine>]) -> Result<(), Failure> {
    if apps.is_empty() {
        return Ok(());
    }
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = Server::start(loopback, machines.to_vec()).await.map_err(|e| Failure::output("can't listen", e))?;
    let folder = std::env::temp_dir().join(format!("appwitness-{}", std::process::id()));
    let result = install_over(&server, apps, machines, &folder).await;
    // Left-over files in the temporary folder harm nobody.
    let _ = std::fs::remove_dir_all(&folder);
    result
}

async fn install_over(
    server: &Server,
    apps: &[String],
    machines: &[Arc<Machine>],
    folder: &Path,
) -> Result<(), Failure> {
    for given in apps {
        let app = inputs::app(std::slice::from_ref(given), Path::new(""), folder)?;
        let files: Vec<_> = app.files.iter().map(|file| file.path.clone()).collect();
        for machine in machines {
            let device = adb::Server::at(server.address()).device(&machine.profile.serial, CancellationToken::new());
            let options = adb::InstallOptions::default();
            device
                .install(&files, &options, INSTALL)
                .await
                .map_err(|error| Failure::input(format!("{given}: {error}")))?;
        }
    }
    Ok(())
}

/// Writes a file so that whoever waits for it never reads half of it.
fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let draft = path.with_extension("new");
    std::fs::write(&draft, text).map_err(|error| Failure::file("write", &draft, error))?;
    std::fs::rename(&draft, path).map_err(|error| Failure::file("write", path, error))
}
