//! The jar's program on a device with a small app, spoken to through the device's port.

use std::io::{Cursor, Write};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::super::super::fs::Actor;
use super::super::super::machine::{Machine, Profile};
use super::super::super::process::Stdio;
use super::super::super::shell;
use super::super::super::specimen::Specimen;
use super::super::super::system::{Facts, InstallOptions, Intent};
use crate::clock::Clock;

const MODEL: &str = "
specimen: probe
package: test.jar
label: Probe
activity: .Main
sdk: {min: 21, target: 33}
vars: {name: '', on: false}
first-screen: home
screens:
  home:
    title: Probe
    views:
      - text: {words: 'called {name}', id: state}
      - field: {id: name, var: name, hint: Name}
      - button: {words: Say, id: say, tap: [{toast: hello}]}
      - switch: {words: Switch, id: on, var: on}
";
const START: &str = "CLASSPATH=/data/local/tmp/u2.jar app_process / com.wetest.uia2.Main";

fn jar(code: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("classes.dex", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(code).unwrap();
    archive.finish().unwrap().into_inner()
}

fn device(profile: &str, code: &[u8]) -> Arc<Machine> {
    let machine = Machine::boot(Profile::parse(profile).unwrap(), Clock::stepped(1_795_294_804_000));
    let actor = Actor::root(0);
    machine.files().write(actor, "/data/local/tmp/u2.jar", jar(code), 0o644).unwrap();
    let specimen = Specimen::parse(MODEL).expect("the model parses");
    {
        let mut system = machine.system();
        system.install_facts(Facts::of_specimen(specimen), Vec::new(), InstallOptions::default()).expect("it installs");
        let component = system.packages()["test.jar"].facts.main();
        system.start_activity(Intent { flags: 0x1000_0000, component, ..Intent::default() }, 2000);
    }
    machine
}

const CODE: &[u8] = b"dex\n035\0....\x16Lcom/wetest/uia2/Main;\0....";

/// A command on the device: its output so far, and its end.
struct Running {
    out: mpsc::Receiver<Vec<u8>>,
    hangup: CancellationToken,
    end: tokio::task::JoinHandle<i32>,
}

fn start(machine: &Arc<Machine>, command: &str) -> Running {
    let (_, stdin) = mpsc::channel(1);
    let (stdout, out) = mpsc::channel(64);
    let hangup = CancellationToken::new();
    let stdin = Arc::new(tokio::sync::Mutex::new(stdin));
    let stdio = Stdio { stdin, stdout: stdout.clone(), stderr: stdout, hangup: hangup.clone() };
    let end = tokio::spawn(shell::run(machine.clone(), command.to_owned(), stdio, 2000));
    Running { out, hangup, end }
}

impl Running {
    async fn until(&mut self, words: &str) {
        let mut said = String::new();
        while !said.contains(words) {
            said += &String::from_utf8(self.out.recv().await.unwrap_or_else(|| panic!("only: {said}"))).unwrap();
        }
    }

    async fn finish(mut self) -> (String, i32) {
        let mut said = Vec::new();
        while let Some(bytes) = self.out.recv().await {
            said.extend(bytes);
        }
        (String::from_utf8(said).unwrap(), self.end.await.unwrap())
    }
}

async fn serving(machine: &Arc<Machine>) -> Running {
    let mut server = start(machine, START);
    server.until("listening on *:9008").await;
    server
}

async fn http(machine: &Machine, request: &str) -> String {
    let mut pipe = machine.ports.connect("tcp:9008", &CancellationToken::new()).expect("somebody listens");
    pipe.output.send(request.as_bytes().to_vec()).await.unwrap();
    let mut answer = Vec::new();
    while let Some(bytes) = pipe.input.recv().await {
        answer.extend(bytes);
    }
    String::from_utf8(answer).unwrap()
}

async fn call(machine: &Machine, method: &str, parameters: Value) -> String {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).to_string();
    let head = format!("POST /jsonrpc/0 HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let answer = http(machine, &(head + &body)).await;
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

async fn result(machine: &Machine, method: &str, parameters: Value) -> Value {
    let answer: Value = serde_json::from_str(&call(machine, method, parameters).await).unwrap();
    answer.get("result").unwrap_or_else(|| panic!("{answer}")).clone()
}

fn by_id(name: &str) -> Value {
    let id = format!("test.jar:id/{name}");
    json!({"mask": 0x20_0000, "childOrSibling": [], "childOrSiblingSelector": [], "resourceId": id})
}

#[tokio::test]
async fn without_the_class_there_is_nobody() {
    let machine = device("api=34", b"dex\n035\0.... another");
    let (said, status) = start(&machine, START).finish().await;
    assert!(said.contains("ClassNotFoundException: com.wetest.uia2.Main"), "{said}");
    assert_eq!(status, 134);
    let (_, status) = start(&machine, "app_process / com.wetest.uia2.Main").finish().await;
    assert_eq!(status, 134, "no CLASSPATH");
    assert!(machine.ports.connect("tcp:9008", &CancellationToken::new()).is_none());
}

#[tokio::test]
async fn it_answers_as_captured_and_goes_with_its_stream() {
    let machine = device("api=23", CODE);
    let server = serving(&machine).await;
    let pong = http(&machine, "GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(pong.starts_with("HTTP/1.1 200 OK \r\n") && pong.ends_with("\r\n\r\npong"), "{pong}");
    let info = call(&machine, "deviceInfo", json!([])).await;
    let keys: Vec<&str> = info.split('"').filter(|word| word.starts_with(char::is_lowercase)).collect();
    let order =
        ["currentPackageName", "test.jar", "displayHeight", "displayRotation", "displaySizeDpX", "displaySizeDpY"];
    let position = keys.iter().position(|key| *key == order[0]).unwrap();
    assert_eq!(keys[position..position + order.len()], order, "{info}");
    assert!(info.starts_with(r#"{"jsonrpc":"2.0","id":1,"result":{"currentPackageName":"#), "{info}");
    assert!(info.ends_with(r#""sdkInt":23,"naturalOrientation":true}}"#), "{info}");
    let nope = call(&machine, "nope", json!([])).await;
    assert_eq!(nope, r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"method not found"}}"#);
    assert_eq!(call(&machine, "getLastToast", json!([])).await, r#"{"jsonrpc":"2.0","id":1,"result":null}"#);

    let (said, status) = start(&machine, "uiautomator dump").finish().await;
    assert_eq!((said.as_str(), status), ("Killed \n", 137), "captured on API 23");
    let (said, _) = start(&machine, &format!("{START} -p 9009")).finish().await;
    assert!(said.contains("already registered!"), "{said}");

    server.hangup.cancel();
    server.finish().await;
    assert!(machine.ports.connect("tcp:9008", &CancellationToken::new()).is_none());
    let (said, _) = start(&machine, "uiautomator dump").finish().await;
    assert!(said.starts_with("UI hierchary dumped"), "{said}");
}

#[tokio::test]
async fn its_hierarchy_has_the_captured_form() {
    let machine = device("api=23", CODE);
    let server = serving(&machine).await;
    let xml = result(&machine, "dumpWindowHierarchy", json!([false, 50])).await;
    let xml = xml.as_str().unwrap();
    let head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\r\n<hierarchy rotation=\"0\">\r\n  <node index=\"0\" text=\"\"";
    assert!(xml.starts_with(head), "{xml}");
    assert!(xml.contains(" selected=\"false\" visible-to-user=\"true\" bounds=\"["), "{xml}");
    assert!(xml.ends_with("\r\n  </node>\r\n</hierarchy>"), "{xml}");
    let shallow = result(&machine, "dumpWindowHierarchy", json!([false, 0])).await;
    assert_eq!(shallow.as_str().unwrap().matches("<node").count(), 1);
    let stop = http(&machine, "GET /stop HTTP/1.1\r\n\r\n").await;
    assert!(stop.ends_with("Server stopped!!!"), "{stop}");
    server.finish().await;
}

#[tokio::test]
async fn views_are_found_tapped_and_written_into() {
    let machine = device("api=34", CODE);
    let _server = serving(&machine).await;
    let info = result(&machine, "objInfo", json!([by_id("name")])).await;
    assert_eq!((&info["className"], &info["text"]), (&json!("android.widget.EditText"), &json!("Name")), "{info}");
    for words in ["first", "李 second"] {
        assert_eq!(result(&machine, "setText", json!([by_id("name"), words])).await, json!(true));
        let told = result(&machine, "getText", json!([by_id("state")])).await;
        assert_eq!(told, json!(format!("called {words}")));
    }
    result(&machine, "clearTextField", json!([by_id("name")])).await;
    assert_eq!(result(&machine, "getText", json!([by_id("name")])).await, json!("Name"), "the hint");
    let bounds = &result(&machine, "objInfo", json!([by_id("say")])).await["bounds"];
    let middle = |a: &str, b: &str| (bounds[a].as_i64().unwrap() + bounds[b].as_i64().unwrap()) / 2;
    let tap = json!([middle("left", "right"), middle("top", "bottom")]);
    assert_eq!(result(&machine, "click", tap).await, json!(true));
    tokio::task::yield_now().await;
    assert_eq!(result(&machine, "getLastToast", json!([])).await, json!("hello"));
    let gone = json!({"mask": 1, "text": "no such words", "childOrSibling": [], "childOrSiblingSelector": []});
    assert_eq!(result(&machine, "waitForExists", json!([gone, 0])).await, json!(false));
    let missing = call(&machine, "objInfo", json!([gone])).await;
    assert!(missing.contains(r#""message":"androidx.test.uiautomator.UiObjectNotFoundException""#), "{missing}");
    let switches = json!({"mask": 0x410, "className": "android.widget.Switch", "checkable": true,
        "childOrSibling": [], "childOrSiblingSelector": []});
    assert_eq!(result(&machine, "count", json!([switches])).await, json!(1));
}

#[tokio::test]
async fn a_picture_is_a_jpeg_of_the_screen() {
    use base64::Engine;
    let machine = device("api=34", CODE);
    let _server = serving(&machine).await;
    let picture = result(&machine, "takeScreenshot", json!([1, 80])).await;
    let bytes = base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"\xff\xd8\xff"));
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (machine.profile.width, machine.profile.height));
}
