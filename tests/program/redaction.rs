//! `redact`: a second package without what must not be handed on.

use std::fs;
use std::path::Path;

use crate::bench::Bench;
use crate::reviews::{key, package};

pub fn entries(package: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(package.join("data/journal.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether any file below a folder holds these bytes.
pub fn holds(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else if fs::read(entry.path()).unwrap().windows(text.len()).any(|window| window == text.as_bytes()) {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found
}

#[test]
fn exhibits_regions_and_texts_are_taken_out_and_the_copy_says_what_it_is() {
    let bench = Bench::new();
    let package = package(&bench);
    let key = key(&bench, "key");
    let (path, key) = (package.to_str().unwrap(), key.to_str().unwrap());
    let original = entries(&package);
    let pictures: Vec<&str> = original.iter().filter_map(|e| e["screenshot"]["sha256"].as_str()).collect();
    let (left_out, covered) = (pictures[0], *pictures.iter().find(|p| **p != pictures[0]).unwrap());
    let label = original[0]["app"]["label"].as_str().unwrap();
    assert!(!holds(&package, label).is_empty());
    let digest = |package: &str| {
        let verified = bench.run(&["verify", package]).exits(0);
        verified.out.split("digest ").nth(1).unwrap()[..64].to_owned()
    };
    let of = digest(path);
    let cover = format!("{}:10,20,300,40", &covered[..12]);
    let arguments = [
        "redact",
        path,
        "--out",
        "copy",
        "--leave-out",
        left_out,
        "--cover",
        &cover,
        "--text",
        label,
        "--reason",
        "handed to the press",
        "--key",
        key,
    ];
    bench.run(&arguments).exits(0);
    let copy = bench.path("copy");
    let verified = bench.run(&["verify", "copy"]).exits(0);
    assert!(verified.out.contains(&format!("redacted copy of the package with digest {of}")), "{}", verified.out);
    assert_eq!(holds(&copy, label), [] as [String; 0], "the text is nowhere");
    assert!(!copy.join(format!("data/exhibits/{}/{left_out}.png", &left_out[..2])).exists());
    let now = entries(&copy);
    assert_eq!(now.len(), original.len());
    let redaction: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(copy.join("data/redaction.json")).unwrap()).unwrap();
    assert_eq!(redaction["of"]["package"], of.as_str());
    let of_covered = redaction["exhibits"].as_array().unwrap().iter().find(|e| e["was"] == covered).unwrap();
    let new = of_covered["is"].as_str().unwrap();
    let picture = fs::read(copy.join(format!("data/exhibits/{}/{new}.png", &new[..2]))).unwrap();
    let picture = image::load_from_memory(&picture).unwrap().into_rgba8();
    assert!((10..310).all(|x| (20..60).all(|y| picture.get_pixel(x, y).0 == [128, 128, 128, 255])));
    assert_ne!(picture.get_pixel(9, 19).0, [128, 128, 128, 255]);
    assert!(redaction["exhibits"].as_array().unwrap().iter().any(|e| e["was"] == left_out && e["is"].is_null()));

    let judged = bench.run(&["judge", "copy"]).exits(0);
    assert!(judged.out.contains("redacted copy"), "{}", judged.out);
    bench.run(&["report", "copy", "--out", "page.html"]).exits(0);
    let page = fs::read_to_string(bench.path("page.html")).unwrap();
    assert!(page.contains("redacted copy") && page.contains(&of) && !page.contains(label));
    let outcomes = |package: &Path| -> Vec<(String, String)> {
        let text = fs::read_to_string(package.join("data/outcomes.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let all = json["outcomes"].as_array().unwrap().clone();
        all.iter().map(|o| (o["finding"].to_string(), o["outcome"].to_string())).collect()
    };
    assert_eq!(outcomes(&copy), outcomes(&package), "taking out changes no outcome");
    assert_eq!(digest(path), of, "the first package is not touched");

    bench.run(&arguments).exits(64).complains(&["exists already"]);
    fs::write(copy.join("bag-info.txt"), fs::read_to_string(copy.join("bag-info.txt")).unwrap().replace(&of, "none"))
        .unwrap();
    bench.run(&["verify", "copy"]).exits(65);
}

#[test]
fn what_is_not_there_cannot_be_taken_out() {
    let bench = Bench::new();
    let package = package(&bench);
    let path = package.to_str().unwrap();
    bench.run(&["redact", path, "--out", "copy"]).exits(64).complains(&["nothing is to be taken out"]);
    let unknown = ["redact", path, "--out", "copy", "--leave-out", "0123456789abcdef"];
    bench.run(&unknown).exits(64).complains(&["0123456789abcdef"]);
    bench.run(&["redact", path, "--out", "copy", "--cover", "abc"]).exits(64).complains(&["LEFT,TOP,WIDTH,HEIGHT"]);
    bench.run(&["redact", path, "--out", "copy", "--text", "a"]).exits(64).complains(&["two characters"]);
    bench.write("bad.yaml", "leave-outs: []\n");
    bench.run(&["redact", path, "--out", "copy", "--file", "bad.yaml"]).exits(65).complains(&["leave-outs"]);
    assert!(!bench.path("copy").exists() && !bench.path("copy.redacting").exists());
}
