//! A real browser opens the pages: no network, no complaint, every picture there, at the width of a phone and a desk.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{lists, page, run, sample};

/// A program of one of these names in `PATH`.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|f| names.iter().map(move |n| f.join(n))).find(|p| p.is_file())
}

/// What Chromium saw at this width, one value per page; `None`, said aloud, when there is none.
fn seen_at(width: u32) -> Option<Vec<Value>> {
    let chromium = program(&["chromium", "chromium-browser", "google-chrome"]);
    let (Some(chromium), Some(node)) = (chromium, program(&["node", "nodejs"])) else {
        let none = "no Chromium or no Node in PATH, the pages were not opened in a browser";
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "{none}");
        eprintln!("skipped: {none}");
        return None;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{width}"));
    std::fs::create_dir_all(&folder).unwrap();
    let (case, overview) = (folder.join("case.html"), folder.join("run.html"));
    std::fs::write(&case, page::page(&hostile())).unwrap();
    std::fs::write(&overview, run::page(&lists::run(lists::cases()))).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/browser.mjs");
    let output = Command::new(node)
        .arg(script)
        .arg(chromium)
        .arg(&folder)
        .arg(width.to_string())
        .args([case, overview])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// The made-up case, with an app that tries to break out of the page.
fn hostile() -> sample::Sample {
    let mut hostile = sample::sample("乐读小说<img src=https://example.com/x onerror=alert(1)>");
    let unbroken = "W".repeat(3_000);
    hostile.prompt(50_000, 3, &format!("<script>fetch('https://example.com')</script>{unbroken}"), "a.b.C", true);
    hostile
}

fn assert_good(seen: &Value) {
    let none = Value::Array(vec![]);
    for (what, wanted) in [
        ("requests", &none),
        ("complaints", &none),
        ("faint", &none),
        ("overflow", &Value::from(0)),
        ("broken", &Value::from(0)),
        ("withoutAlt", &Value::from(0)),
        ("unnamed", &Value::from(0)),
        ("h1", &Value::from(1)),
        ("jumps", &Value::from(0)),
    ] {
        assert_eq!(&seen[what], wanted, "{what} of {}: {seen:#}", seen["page"]);
    }
    assert_eq!(seen["prompts"], seen["promptsPictured"], "{seen:#}");
    assert_eq!(seen["popups"], seen["popupsPictured"], "{seen:#}");
    assert_eq!(seen["groups"], seen["printedGroups"], "{seen:#}");
    assert_eq!(seen["firstFocus"]["kind"], "skip");
    assert!(seen["firstFocus"]["left"].as_f64().unwrap() >= 0.0, "the skip link comes into sight");
    let shown = |at: usize, language: &str| seen["languages"][at][language].as_u64().unwrap() > 0;
    let shown = |at| (shown(at, "zh"), shown(at, "en"));
    assert_eq!((shown(0), shown(1), shown(2)), ((true, false), (false, true), (true, true)), "{seen:#}");
    assert!(seen["pdf"].as_u64().unwrap() > 10_000);
}

fn check(width: u32) {
    let Some(seen) = seen_at(width) else { return };
    assert_eq!(seen[0]["prompts"], 3);
    assert_eq!(seen[0]["popups"], 3);
    assert_eq!(seen.len(), 2);
    seen.iter().for_each(assert_good);
}

#[test]
fn the_pages_work_at_the_width_of_a_phone() {
    check(390);
}

#[test]
fn the_pages_work_at_the_width_of_a_desk() {
    check(1440);
}
