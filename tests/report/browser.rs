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

/// Chromium and Node; `None`, said aloud, when one is missing.
pub fn browser() -> Option<(PathBuf, PathBuf)> {
    let chromium = program(&["chromium", "chromium-browser", "google-chrome"]);
    let (Some(chromium), Some(node)) = (chromium, program(&["node", "nodejs"])) else {
        let none = "no Chromium or no Node in PATH, the pages were not opened in a browser";
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "{none}");
        eprintln!("skipped: {none}");
        return None;
    };
    Some((chromium, node))
}

/// What Chromium saw at this width of the made-up case and a run of made-up cases, one value per page.
fn seen_at(width: u32) -> Option<Vec<Value>> {
    let browser = browser()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{width}"));
    std::fs::create_dir_all(&folder).unwrap();
    let (case, overview) = (folder.join("case.html"), folder.join("run.html"));
    std::fs::write(&case, page::page(&hostile())).unwrap();
    std::fs::write(&overview, run::page(&lists::run(lists::cases()))).unwrap();
    Some(visit(&browser, &folder, width, &[case, overview]))
}

/// What Chromium saw of these pages; pictures and PDFs of them are left in `folder`.
fn visit((chromium, node): &(PathBuf, PathBuf), folder: &Path, width: u32, pages: &[PathBuf]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/browser.mjs");
    let output =
        Command::new(node).arg(script).arg(chromium).arg(folder).arg(width.to_string()).args(pages).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
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
    assert_eq!(seen[1]["prompts"], 6, "three cases of one journal with two prompts");
    assert_eq!(seen.len(), 2);
    seen.iter().for_each(assert_good);
}

/// Prompts in a package's journal.
fn prompts_of(package: &Path) -> usize {
    let journal = std::fs::read_to_string(package.join("data/journal.jsonl")).unwrap();
    let kind = |line: &str| serde_json::from_str::<Value>(line).unwrap()["kind"].clone();
    journal.lines().filter(|line| kind(line) == "prompt-shown").count()
}

#[test]
fn the_pages_of_a_real_run_show_every_prompt_with_its_picture() {
    let Some(browser) = browser() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report-real");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_appwitness"))
        .current_dir(&folder)
        .args(["run", "deny-non-essential", "refuse-policy", "--app", "specimen:forces-permissions"])
        .args(["--out", "run"])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let summary: Value = serde_json::from_slice(&std::fs::read(folder.join("run/summary.json")).unwrap()).unwrap();
    let packages: Vec<PathBuf> = summary["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| folder.join("run").join(case["package"].as_str().unwrap()))
        .collect();
    assert_eq!(packages.len(), 2);
    let prompts: Vec<usize> = packages.iter().map(|package| prompts_of(package)).collect();
    let total: usize = prompts.iter().sum();
    assert!(total > 0, "the run met no prompt at all");
    let mut pages = vec![folder.join("run/report.html")];
    pages.extend(packages.iter().map(|package| package.join("data/report.html")));
    for width in [390, 1440] {
        let seen = visit(&browser, &folder, width, &pages);
        seen.iter().for_each(assert_good);
        let shown = |at: usize| seen[at]["prompts"].as_u64().unwrap() as usize;
        assert_eq!(shown(0), total, "the page of the run tells every prompt of every journal");
        prompts.iter().enumerate().for_each(|(at, wanted)| assert_eq!(shown(at + 1), *wanted));
        assert!(seen.iter().all(|page| page["images"].as_u64() > Some(0)));
    }
}

#[test]
fn the_pages_work_at_the_width_of_a_phone() {
    check(390);
}

#[test]
fn the_pages_work_at_the_width_of_a_desk() {
    check(1440);
}
