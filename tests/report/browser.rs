//! A real browser opens the pages: no network, no complaint, every picture there, at the width of a phone and a desk.

use std::path::{Path, PathBuf};
use std::process::Command;

use appwitness::journal::entry::Event;
use serde_json::Value;

use crate::{golden, lists, page, run, sample};

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
    let pages = [
        ("case", page::page(&hostile())),
        ("run", run::page(&lists::run(lists::cases()))),
        ("answer", run::page_of(&lists::run(lists::cases()), Some(&run::answered()))),
        ("compare", golden::comparison()),
        ("twin", page::page(&sample::twin())),
        ("redacted", page::redacted(&sample::sample("乐读小说"))),
    ];
    let write = |(name, text): (&str, String)| {
        let path = folder.join(format!("{name}.html"));
        std::fs::write(&path, text).unwrap();
        path
    };
    Some(visit(&browser, &folder, width, &pages.map(write)))
}

/// The pages of a PDF as texts without spaces, by poppler's `pdftotext`; `None`, said aloud, when it is missing.
fn printed(pdf: &Path) -> Option<Vec<String>> {
    let Some(program) = program(&["pdftotext"]) else {
        let none = "no pdftotext in PATH, the printed pages were not read";
        assert!(std::env::var_os("APPWITNESS_ALL_TOOLS").is_none(), "{none}");
        eprintln!("skipped: {none}");
        return None;
    };
    let output = Command::new(program).args(["-enc", "UTF-8"]).arg(pdf).arg("-").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // A form feed ends each page.
    let pages: Vec<&str> = text.split('\u{c}').collect();
    Some(pages[..pages.len() - 1].iter().map(|page| without_spaces(page)).collect())
}

/// Where no Chinese font is installed, Chromium prints boxes, and tells of the first box of each font no sign.
fn but_the_first(text: &str) -> &str {
    text.char_indices().nth(1).map_or(text, |(at, _)| &text[at..])
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
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
    // The policy is accepted at the end: what the time axis says of it has to find room.
    let end = hostile.entries.last().unwrap().at.mono;
    let accepted = hostile.entries.iter_mut().find(|entry| matches!(entry.event, Event::Consent { .. })).unwrap();
    accepted.at.mono = end;
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
    assert_eq!(seen["secondFocus"]["id"], "lang-both", "the choice of language comes next");
    let walk = &seen["walk"];
    assert!(walk["unseen"].as_array().unwrap().is_empty(), "{walk:#}");
    assert!(walk["missed"].as_array().unwrap().is_empty(), "{walk:#}");
    // Chromium adds stops of its own: what scrolls can be scrolled with the keyboard.
    let count = |what: &str| walk[what].as_u64().unwrap();
    assert!(count("stops") >= 2 && count("seen") >= count("stops"), "{walk:#}");
    assert_eq!(seen["readable"], seen["readableWithoutScript"], "scripts add comfort only: {}", seen["page"]);
    assert!(seen["readable"]["paragraphs"].as_u64().unwrap() > 2);
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
    assert_eq!(seen.len(), 6);
    seen.iter().for_each(assert_good);
    let pdf = |name: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{width}/{name}-{width}.pdf"));
    // The printed page of a case has the verdict and every finding, in both languages, on several pages.
    let Some(pages) = printed(&pdf("case")) else { return };
    assert!((3..60).contains(&pages.len()), "{} pages", pages.len());
    let all = pages.concat();
    let catalogue = appwitness::catalogue::Catalogue::builtin();
    let case = sample::case(&hostile());
    for finding in case.findings() {
        let rule = catalogue.finding(&finding.finding).unwrap();
        for words in [&rule.title, &finding.reason] {
            assert!(all.contains(&without_spaces(words)), "{words}");
        }
        assert!(all.contains(but_the_first(&rule.title_zh)), "{}", rule.title_zh);
    }
    for words in [but_the_first("检出3项问题，其中严重问题1项。"), "3findingswereobserved,1ofthemcritical."]
    {
        assert!(pages[0].contains(words), "the verdict stands on the first page: {words}");
    }
    let compared = printed(&pdf("compare")).unwrap().concat();
    assert!(compared.contains("stillthere") && compared.contains("rejectedby"), "{compared}");
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
