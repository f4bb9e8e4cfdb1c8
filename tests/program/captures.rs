//! The capture of the network: it is sealed with the rest, without the test account, and can be left out of a copy.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bench::Bench;
use crate::redaction::{entries, holds};

/// Sends the test account over the network as it is, percent-encoded, and in Base64.
const MODEL: &str = "
specimen: babbler
package: org.example.babbler
label: Babbler
permissions: [INTERNET]
device: rooted=true
first-screen: home
on:
  start:
    - connect: {host: api.example.com, cleartext: true, path: /in, body: 'user=desk-tester&pass=S3cret!word&again=S3cret%21word'}
    - connect: {host: api.example.com, cleartext: true, path: /in, body: 'pass=UzNjcmV0IXdvcmQ'}
screens:
  home: {title: Home, views: [{text: {words: Hello, id: hello}}]}
";
const BRIEFING: &str = "app: org.example.babbler\naccount: {user: desk-tester, password: 'S3cret!word'}\n";
const SCENARIO: &str =
    "scenario: one\ntitle: Launches\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n  - settle: {at-most: 15s}\n";

/// Captures below a folder.
fn captures(package: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(package.join("data/exhibits")).unwrap().map(|folder| folder.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()));
    files.filter(|file| file.extension().is_some_and(|ending| ending == "pcap")).collect()
}

#[test]
fn what_an_app_sends_openly_is_sealed_without_the_test_account() {
    let bench = Bench::new();
    bench.write("babbler.yaml", MODEL);
    bench.write("briefing.yaml", BRIEFING);
    bench.write("one.yaml", SCENARIO);
    let device = ["--device", "virtual:rooted=true", "--briefing", "briefing.yaml", "--out", "out"];
    let ran = bench.run(&[&["run", "one.yaml", "--app", "specimen:./babbler.yaml"][..], &device].concat());
    assert!(matches!(ran.code, 0..=2), "{}{}", ran.out, ran.err);
    let package = bench.packages("out").pop().unwrap();
    let path = package.to_str().unwrap();
    let verified = bench.run(&["verify", path]).exits(0);
    assert!(!verified.out.contains("no entry cites"), "{}", verified.out);
    let ended = entries(&package).into_iter().find(|entry| entry["kind"] == "network-ended").unwrap();
    let digest = ended["captures"][0]["sha256"].as_str().unwrap();
    let [capture] = &captures(&package)[..] else { panic!("{:?}", captures(&package)) };
    assert!(capture.to_str().unwrap().contains(digest));
    for secret in ["desk-tester", "S3cret!word", "S3cret%21word", "UzNjcmV0IXdvcmQ"] {
        assert_eq!(holds(&package, secret), Vec::<String>::new(), "{secret}");
    }
    assert_eq!(ended["masked"], 4, "{ended:#}");
    let bytes = fs::read(capture).unwrap();
    let masked = b"user=***********&pass=***********&again=*************";
    assert!(bytes.windows(masked.len()).any(|window| window == masked), "length and place stay");
    let page = fs::read_to_string(package.join("data/report.html")).unwrap();
    assert!(page.contains("asterisks of the same length"), "the page tells it");
    bench.run(&["export", path, "--case", "--out", "case.jsonld"]).exits(0);
    let told = fs::read_to_string(bench.path("case.jsonld")).unwrap();
    for secret in ["desk-tester", "S3cret!word"] {
        assert!(!told.contains(secret) && told.contains("babbler"), "{secret}");
    }

    bench.run(&["redact", path, "--out", "copy", "--leave-out", digest]).exits(0);
    bench.run(&["redact", path, "--out", "copy2", "--text", "Babbler"]).exits(0);
    for copy in ["copy", "copy2"] {
        bench.run(&["verify", copy]).exits(0);
        assert_eq!(captures(&bench.path(copy)), Vec::<PathBuf>::new(), "{copy}");
    }
}
