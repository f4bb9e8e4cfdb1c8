//! Checking a package takes the same memory however many exhibits it has.

use std::fs;
use std::path::Path;
use std::process::Command;

use appwitness::evidence::{Form, Sealing, seal};
use appwitness::journal::entry::{Capture, CaseOpened, Entry, Event, ExhibitRef, Stamp};
use appwitness::journal::{NO_LINE_BEFORE, digest};

use crate::bench::Bench;

/// A made-up record with so many exhibits of 16 KiB each. Written without waiting for the disk after each.
fn record(folder: &Path, exhibits: u64) {
    fs::create_dir_all(folder).unwrap();
    let opened: CaseOpened = serde_json::from_value(serde_json::json!({
        "case": "case-1", "attempt": 1, "purpose": "", "app": {"package": "org.example"}, "category": null,
        "scenario": "s", "scenario-title": "S", "scenario-digest": "", "scenario-verbs": [], "prompts": "deny",
        "consent": "accept", "catalogue-digest": "", "program": "0", "program-digest": null
    }))
    .unwrap();
    let mut prev = NO_LINE_BEFORE.to_owned();
    let mut text = String::new();
    for seq in 0..=exhibits {
        let event = match seq {
            0 => Event::CaseOpened(Box::new(opened.clone())),
            n => {
                let bytes: Vec<u8> = n.to_le_bytes().repeat(2048);
                let exhibit = ExhibitRef { sha256: digest::of(&bytes), media: "image/png".into(), bytes: 16_384 };
                let path = folder.join(exhibit.path().unwrap());
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
                let mut capture: Capture = serde_json::from_value(serde_json::json!({
                    "reason": "step", "screenshot": null, "size": null, "secure": false, "hierarchy": null,
                    "hierarchy-by": "", "focus": null, "resumed": null, "signature": null, "missing": []
                }))
                .unwrap();
                capture.screenshot = Some(exhibit);
                Event::Captured(Box::new(capture))
            }
        };
        let entry = Entry { seq, at: Stamp { wall: 0, mono: seq, device: None }, prev, event };
        let line = serde_json::to_string(&entry).unwrap();
        prev = digest::of(line.as_bytes());
        text += &(line + "\n");
    }
    fs::write(folder.join("journal.jsonl"), text).unwrap();
}

/// The most memory that `verify` of a package ever held, in KiB.
fn peak(package: &Path) -> u64 {
    let script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); \
                  print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let program = env!("CARGO_BIN_EXE_appwitness");
    let output = Command::new("python3").args(["-c", script, program, "verify"]).arg(package).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

#[test]
fn ten_times_the_exhibits_take_no_more_memory() {
    let bench = Bench::new();
    let forms = [Form::Folder, Form::Zip, Form::TarZst];
    let peaks = [1_000, 10_000].map(|exhibits| {
        let run = bench.path(&format!("run-{exhibits}"));
        record(&run, exhibits);
        forms.map(|form| {
            let to = bench.path(&format!("{exhibits}{}", form.ending()));
            seal(&run, &Sealing { to: to.clone(), form, ..Sealing::default() }).unwrap();
            peak(&to)
        })
    });
    eprintln!(
        "verify of a folder, .zip and .tar.zst, KiB at most: {:?} and, ten times as many, {:?}",
        peaks[0], peaks[1]
    );
    // 9,000 exhibits more are 147 MB; the list of their paths alone is 1.4 MB, and was once kept several times over.
    for (few, many) in peaks[0].into_iter().zip(peaks[1]) {
        assert!(many * 100 < few * 105, "{peaks:?}");
    }
}
