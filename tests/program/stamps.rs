//! Time stamps by a service of the test's own, and the page that says how to check a package, taken literally.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::bench::Bench;
use crate::reviews::{key, package};

const CONFIG: &str = "\
[tsa]\ndefault_tsa = here\n[here]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\ncerts = tsa.pem\n\
signer_key = tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\nordering = yes\n\
tsa_name = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A root, and a key for time stamps that it signed. The root's file.
fn authority(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("tsa.cnf"), CONFIG).unwrap();
    fs::write(folder.join("serial"), "01\n").unwrap();
    fs::write(folder.join("ext"), "basicConstraints=CA:FALSE\nextendedKeyUsage=critical,timeStamping\n").unwrap();
    let root =
        ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Root"];
    openssl(folder, &[&root[..], &["-days", "30", "-addext", "keyUsage=critical,keyCertSign"]].concat());
    openssl(
        folder,
        &["req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps"],
    );
    let sign =
        ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem"];
    openssl(folder, &[&sign[..], &["-days", "30", "-extfile", "ext"]].concat());
    folder.join("ca.pem")
}

/// Serves `openssl ts` over HTTP for so many questions; its address.
fn serve(folder: PathBuf, questions: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().take(questions) {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            let body = loop {
                let n = stream.read(&mut buffer).unwrap();
                request.extend(&buffer[..n]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let length: Option<usize> =
                    text.split("Content-Length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
                let end = request.windows(4).position(|four| four == b"\r\n\r\n");
                if let (Some(end), Some(length)) = (end, length)
                    && request.len() == end + 4 + length
                {
                    break request[end + 4..].to_vec();
                }
            };
            fs::write(folder.join("query"), body).unwrap();
            openssl(&folder, &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer"]);
            let answer = fs::read(folder.join("answer")).unwrap();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(&[head.as_bytes(), &answer].concat()).unwrap();
        }
    });
    format!("http://{address}/tsr")
}

#[test]
fn a_package_is_stamped_and_the_stamp_followed_to_its_root() {
    let bench = Bench::new();
    let record = package(&bench).join("data");
    let root = authority(&bench.path("tsa"));
    let url = serve(bench.path("tsa"), 1);
    let (record, root) = (record.to_str().unwrap(), root.to_str().unwrap());
    let sealed = bench.run(&["seal", record, "--out", "stamped", "--tsa", &url]);
    assert!(!sealed.out.contains("no time stamp"), "{}", sealed.out);
    let plain = bench.run(&["verify", "stamped"]).exits(0);
    assert!(plain.out.contains("give --tsa-ca FILE"), "{}", plain.out);
    let followed = bench.run(&["verify", "stamped", "--tsa-ca", root]).exits(0);
    assert!(followed.out.contains("leads to the root that was given"), "{}", followed.out);
    let other = authority(&bench.path("other"));
    let stranger = bench.run(&["verify", "stamped", "--tsa-ca", other.to_str().unwrap()]).exits(65);
    stranger.complains(&["do not lead to the root"]);
    bench.run(&["verify", "stamped", "--tsa-ca", "gone.pem"]).exits(65).complains(&["gone.pem"]);

    bench.run(&["pack", "stamped", "--out", "stamped.tar.zst"]).exits(0);
    bench.run(&["verify", "stamped.tar.zst", "--tsa-ca", root]).exits(0);

    let stamp = bench.path("stamped/tagmanifest-sha256.txt.tsr");
    let whole = fs::read(&stamp).unwrap();
    let digest = bench.path("stamped/stamp-sha256.txt");
    for place in (0..whole.len()).step_by(whole.len() / 12) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        fs::write(&stamp, &bytes).unwrap();
        bench.run(&["verify", "stamped"]).exits(65);
    }
    // The signature's own last byte, with the digest beside it made to fit: only the root finds that.
    let mut bytes = whole.clone();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&stamp, &bytes).unwrap();
    let fitting = appwitness::journal::digest::of(&bytes);
    fs::write(&digest, format!("{fitting}  tagmanifest-sha256.txt.tsr\n")).unwrap();
    bench.run(&["verify", "stamped", "--tsa-ca", root]).exits(65).complains(&["does not hold"]);
}

#[test]
fn without_the_service_the_package_says_that_it_has_no_stamp() {
    let bench = Bench::new();
    let record = package(&bench).join("data");
    let record = record.to_str().unwrap();
    // A port that was free a moment ago: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let sealed =
        bench.run(&["seal", record, "--out", "none", "--tsa", &format!("http://127.0.0.1:{port}/?key=s3cret")]);
    assert!(sealed.out.contains("no time stamp"), "{}\n{}", sealed.out, sealed.err);
    let info = fs::read_to_string(bench.path("none/bag-info.txt")).unwrap();
    assert!(info.contains("Time-Stamp: none\n") && !info.contains("s3cret"), "{info}");
    bench.run(&["verify", "none"]).exits(0);
    bench.run(&["verify", "none", "--tsa-ca", "any.pem"]).exits(65).complains(&["tagmanifest-sha256.txt.tsr"]);
    bench.run(&["seal", record, "--out", "x", "--tsa", "ftp://tsa.example"]).exits(64).complains(&["https://"]);
}

/// Passes what comes with TLS on to a port without, by OpenSSL in a process of its own: certificate, key, port.
const WITH_TLS: &str = "
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
while True:
    plain, _ = listener.accept()
    try:
        client = context.wrap_socket(plain, server_side=True)
    except OSError:
        continue
    within = socket.create_connection(('127.0.0.1', int(sys.argv[3])))
    within.sendall(client.recv(65536))
    while answer := within.recv(65536):
        client.sendall(answer)
    client.close()
";

/// The process, and its port.
struct Tls(std::process::Child, u16);

impl Tls {
    fn before(service: &str, certificate: &Path, key: &Path) -> Self {
        let port = service.split(['/', ':']).find(|part| part.parse::<u16>().is_ok()).unwrap();
        let mut command = Command::new("python3");
        command.args(["-c", WITH_TLS]).args([certificate, key]).arg(port).stdout(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
        Self(child, line.trim().parse().unwrap())
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A certificate that the root in `folder` signed for this name; the file.
fn certificate(folder: &Path, name: &str, alternative: &str) -> PathBuf {
    fs::write(folder.join("names"), format!("basicConstraints=CA:FALSE\nsubjectAltName={alternative}\n")).unwrap();
    let file = format!("{name}.pem");
    openssl(
        folder,
        &["req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=x"],
    );
    let sign =
        ["x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", &file];
    openssl(folder, &[&sign[..], &["-days", "30", "-extfile", "names"]].concat());
    folder.join(file)
}

#[test]
fn a_service_with_tls_is_asked_when_its_certificate_leads_to_a_root_that_is_trusted() {
    let bench = Bench::new();
    let record = package(&bench).join("data");
    let record = record.to_str().unwrap();
    let root = authority(&bench.path("tsa"));
    let other = authority(&bench.path("other"));
    let service = serve(bench.path("tsa"), 1);
    let here = certificate(&bench.path("tsa"), "here", "IP:127.0.0.1");
    let Tls(_, port) = &Tls::before(&service, &here, &bench.path("tsa/tls.key"));
    let seal = |to: &str, url: &str, roots: &Path| {
        let ran = bench.command(&["seal", record, "--out", to, "--tsa", url]).env("SSL_CERT_FILE", roots).output();
        let ran = crate::bench::Ran::of(ran.unwrap());
        ran.out + &ran.err
    };
    let url = format!("https://127.0.0.1:{port}/tsr");
    let refused = |to: &str, url: &str, roots: &Path, why: &str| {
        let told = seal(to, url, roots);
        assert!(told.contains("no time stamp") && told.contains(why), "{to}: {told}");
        assert!(!bench.path("tsa/query").exists(), "{to}: nothing was asked");
    };
    refused("stranger", &url, &other, "its certificate does not hold");
    refused("named", &format!("https://localhost:{port}/tsr"), &root, "its certificate does not hold");
    refused("gone", &url, &bench.path("gone.pem"), "SSL_CERT_FILE");
    refused("empty", &url, &bench.write("empty.pem", ""), "no certificate in it");
    // A port without TLS, on which somebody hangs up at once.
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let plain_url = format!("https://{}/", plain.local_addr().unwrap());
    thread::spawn(move || drop(plain.accept()));
    refused("plain", &plain_url, &root, "no TLS with it");

    let told = seal("stamped", &url, &root);
    assert!(!told.contains("no time stamp"), "{told}");
    bench.run(&["verify", "stamped", "--tsa-ca", root.to_str().unwrap()]).exits(0);
    let info = fs::read_to_string(bench.path("stamped/bag-info.txt")).unwrap();
    assert!(info.contains(&format!("Time-Stamp: 127.0.0.1:{port}\n")), "{info}");
}

/// The folder of programs that `tests/run` furnishes.
fn furnished() -> Option<PathBuf> {
    std::env::var_os("APPWITNESS_TOOLS").map(|tools| PathBuf::from(tools).join("venv/bin"))
}

fn has_bagit() -> bool {
    furnished().is_some_and(|tools| tools.join("bagit.py").exists())
}

/// The command lines of the package's own page, and whether each finds nothing wrong.
fn literally(package: &Path, root: &Path) -> Vec<(String, bool)> {
    let page = fs::read_to_string(package.join("data/HOW-TO-VERIFY.txt")).unwrap();
    let tools = furnished();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = tools.map(|tools| format!("{}:{path}", tools.display())).unwrap_or(path);
    let lines = page.lines().filter_map(|line| line.strip_prefix("    $ "));
    let run = |line: &str| {
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).current_dir(package).env("PATH", &path).env("TSA_CA", root);
        let output = command.output().unwrap();
        if !output.status.success() {
            eprintln!("{line}\n{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        }
        (line.to_owned(), output.status.success())
    };
    let wanted = |line: &&str| {
        let skipped = line.starts_with("bagit.py") && !has_bagit();
        if skipped {
            assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "no bagit.py in APPWITNESS_TOOLS");
            eprintln!("skipped: no bagit.py in APPWITNESS_TOOLS");
        }
        !skipped
    };
    lines.filter(wanted).map(run).collect()
}

/// Which of the page's lines found something, by a word of each.
fn failing(package: &Path, root: &Path) -> Vec<&'static str> {
    const NAMES: [(&str, &str); 8] = [
        ("tagmanifest-sha256.txt", "sha256sum --check --strict --quiet tagmanifest"),
        ("manifest-sha256.txt", "sha256sum --check --strict --quiet manifest"),
        ("bagit", "bagit.py"),
        ("signature", "appwitness-evidence"),
        ("stamp-text", "ts -reply"),
        ("stamp", "ts -verify"),
        ("chain", "prev="),
        ("reviews", "appwitness-review"),
    ];
    let ran = literally(package, root);
    assert_eq!(ran.len(), if has_bagit() { 8 } else { 7 }, "{ran:?}");
    let failed = ran.into_iter().filter(|(_, fine)| !fine);
    failed.map(|(line, _)| NAMES.iter().find(|(_, part)| line.contains(part)).unwrap().0).collect()
}

#[test]
fn every_line_of_the_page_that_says_how_to_check_passes_and_the_right_one_fails() {
    let bench = Bench::new();
    let record = package(&bench).join("data");
    let root = authority(&bench.path("tsa"));
    let url = serve(bench.path("tsa"), 1);
    let key = key(&bench, "key");
    let (record, key) = (record.to_str().unwrap(), key.to_str().unwrap());
    bench.run(&["seal", record, "--out", "good", "--key", key, "--tsa", &url]);
    let confirm = ["review", "good", "--by", "Li", "--key", key, "--confirm", "permission-without-purpose"];
    bench.run(&confirm).exits(0);
    bench.run(&["seal", record, "--out", "plain"]);
    let good = bench.path("good");
    assert_eq!(failing(&good, &root), [] as [&str; 0]);
    assert_eq!(failing(&bench.path("plain"), &root), [] as [&str; 0]);

    let swap = |name: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>, found: &[&str]| {
        let path = good.join(name);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, change(whole.clone())).unwrap();
        // PyPI's bagit checks the same digests, where it is there.
        let found: Vec<&str> = found.iter().copied().filter(|name| *name != "bagit" || has_bagit()).collect();
        assert_eq!(failing(&good, &root), found, "{name}");
        fs::write(&path, whole).unwrap();
    };
    let text = |from: &'static str, to: &'static str| {
        move |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replacen(from, to, 1).into_bytes()
    };
    swap("data/report.html", &text("<html", "<HTML"), &["manifest-sha256.txt", "bagit"]);
    swap("bag-info.txt", &text("Contact-Name", "Contact-name"), &["tagmanifest-sha256.txt", "bagit"]);
    swap("data/journal.jsonl", &text("\"seq\":1,", "\"seq\":9,"), &["manifest-sha256.txt", "bagit", "chain"]);
    swap(
        "tagmanifest-sha256.txt",
        &text("bag-info.txt", "bag-infO.txt"),
        &["tagmanifest-sha256.txt", "bagit", "signature", "stamp"],
    );
    swap("reviews/0001.json", &text("confirm", "reject"), &["reviews"]);
    assert_eq!(failing(&good, &root), [] as [&str; 0]);
    let other = authority(&bench.path("other"));
    assert_eq!(failing(&good, &other), ["stamp"]);
}
