//! Our side of the comparison: a process that drives the device through `adb` and `android` as a run does.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use appwitness::adb::{Device, Server};
use appwitness::android::{Android, Focus, Hierarchy, Screenshot};
use appwitness::ui::Point;
use tokio_util::sync::CancellationToken;

use super::side::Work;

const PACKAGE: &str = "org.example.bench";

/// Takes the steps that the arguments name: server, serial, button's x and y, steps, `calls` or `script`.
pub fn main(arguments: &[String]) -> ExitCode {
    let [server, serial, x, y, steps, looks] = arguments else { panic!("six arguments") };
    let server: SocketAddr = server.parse().expect("an address");
    let button = Point { x: x.parse().expect("a number"), y: y.parse().expect("a number") };
    let steps: usize = steps.parse().expect("a number");
    let by_script = looks == "script";
    // As the program itself does it: its work is a task of a runtime with several threads.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let device = Server::at(server).device(serial, CancellationToken::new());
    let work = runtime.block_on(async { tokio::spawn(drive(device, button, steps, by_script)).await });
    let work = work.expect("all goes well");
    println!("done {work}");
    // Lives until the other side has read its processor time.
    let _ = std::io::stdin().lock().read_line(&mut String::new());
    ExitCode::SUCCESS
}

async fn drive(device: Device, button: Point, steps: usize, by_script: bool) -> Work {
    let android = Android::open(device).await.expect("the device says who it is");
    await_start();
    let mut work = Work::default();
    for _ in 0..steps {
        android.tap(button).await.expect("a tap");
        let (hierarchy, picture, focus) = look(&android, by_script).await;
        work.add(&taps(&hierarchy), hierarchy.tree.nodes.len(), (picture.width, picture.height), &focus);
    }
    work
}

/// Says that all is ready, and waits for the word to begin.
fn await_start() {
    println!("ready");
    std::io::stdout().flush().expect("somebody listens");
    std::io::stdin().lock().read_line(&mut String::new()).expect("the word to begin");
}

async fn look(android: &Android, by_script: bool) -> (Hierarchy, Screenshot, Focus) {
    if by_script {
        let snapshot = android.capture_by_script(PACKAGE).await.expect("a capture");
        return (snapshot.hierarchy.expect("a hierarchy"), snapshot.screenshot.expect("a picture"), snapshot.focus);
    }
    let hierarchy = android.hierarchy().await.expect("a hierarchy");
    let picture = android.screenshot().await.expect("a picture");
    let focus = android.focus().await.expect("the focus");
    (hierarchy, picture, focus)
}

fn taps(hierarchy: &Hierarchy) -> String {
    let node = hierarchy.tree.nodes.iter().find(|node| node.resource_id.ends_with("id/taps"));
    node.map(|node| node.text.clone()).unwrap_or_default()
}
