//! Packages as one file each, from the run on: every command takes them, and a run goes on where they stand.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::bench::{Bench, Ran};

const SCENARIO: &str = "scenario: one\ntitle: Launches\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n";
const APP: [&str; 2] = ["--app", "specimen:forces-permissions"];

/// Files of a folder that end so, by name.
fn ending(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.to_str().unwrap().ends_with(ending)).collect();
    found.sort();
    found
}

fn written(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

/// A page's text, with its slashes as they are meant.
fn text(page: &Path) -> String {
    fs::read_to_string(page).unwrap().replace("&#x2f;", "/")
}

fn run(bench: &Bench, form: &str, out: &str) -> Ran {
    bench.run(&["run", "one.yaml", APP[0], APP[1], "--form", form, "--out", out])
}

#[test]
fn what_a_run_packs_is_taken_by_every_command() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    for form in ["zip", "tar.zst"] {
        let out = format!("out-{form}");
        let code = run(&bench, form, &out).code;
        assert!(matches!(code, 1 | 2), "{code}");
        let packages = ending(&bench.path(&out).join("packages"), &format!(".{form}"));
        let [package] = &packages[..] else { panic!("{packages:?}") };
        let package = package.to_str().unwrap();
        bench.run(&["verify", package]).exits(0);
        let judged = bench.run(&["judge", package]).exits(0);
        assert!(judged.out.contains("The same outcomes as sealed"), "{}", judged.out);
        bench.run(&["report", package, "--out", "page.html"]).exits(0);
        let page = text(&bench.path("page.html"));
        assert!(page.contains("data:image/png;base64,"), "the pictures come out of the archive");
        assert!(!page.contains("href=\"exhibits/"), "no link leads to an original that is not there");
        bench.run(&["report", package, "--notice", "--out", "notice.md"]).exits(0);
        let compared = bench.run(&["compare", package, package, "--out", "compare.html"]);
        assert!(matches!(compared.code, 0 | 1), "{}", compared.err);
        bench.run(&["redact", package, "--out", &format!("copy.{form}"), "--text", "Settings"]).exits(0);
        bench.run(&["verify", &format!("copy.{form}")]).exits(0);
        let review = ["review", package, "--by", "desk", "--unsure", "permissions-burst-at-first-launch"];
        bench.run(&review).exits(0);
        bench.run(&["verify", package]).exits(0);
    }
}

#[test]
fn the_page_of_a_run_leads_to_pages_beside_the_archives() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    run(&bench, "tar.zst", "out");
    let summary = bench.summary("out");
    let case = &summary["cases"][0];
    let (package, report) = (case["package"].as_str().unwrap(), case["report"].as_str().unwrap());
    assert_eq!(report, format!("{package}.report.html"));
    assert!(bench.path("out").join(package).is_file() && bench.path("out").join(report).is_file());
    let page = bench.path("out/report.html");
    let told = text(&page);
    assert!(told.contains(&format!("href=\"{report}")), "no link to the page of the case");
    assert!(
        told.contains("data-prompt=\"1\"") && told.contains("data:image/png;base64,"),
        "no prompt with its picture"
    );
    assert!(!told.contains("/data/exhibits/"), "a link into an archive");
    bench.run(&["report", "out"]).exits(0);
    assert_eq!(text(&page), told, "made again, it is the same");
    // The unpacked package is the folder that the page in it was made for.
    let inside = bench.run(&["report", bench.path("out").join(package).to_str().unwrap(), "--out", "page.html"]);
    inside.exits(0);
    assert_eq!(text(&bench.path("out").join(report)), text(&bench.path("page.html")));
}

#[test]
fn a_night_goes_on_where_its_archives_stand() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    bench.write("two.yaml", &SCENARIO.replace("scenario: one", "scenario: two"));
    let plan = "plan: p\ntitle: P\napps:\n  - specimen:well-behaved\nscenarios: [one.yaml, two.yaml]\nworkers: 2\n";
    bench.write("plan.yaml", plan);
    let night = |form: &str| bench.run(&["nightly", "plan.yaml", "--form", form, "--out", "out"]);
    let first = night("zip");
    assert!(matches!(first.code, 0..=2), "{}", first.err);
    let packages = ending(&bench.path("out/packages"), ".zip");
    assert_eq!(packages.len(), 2, "{packages:?}");
    let times: Vec<SystemTime> = packages.iter().map(|path| written(path)).collect();
    let summary = fs::read(bench.path("out/summary.json")).unwrap();
    // The other form holds for new packages only: those that are there are taken as they are.
    assert_eq!(night("tar.zst").code, first.code);
    assert_eq!(packages.iter().map(|path| written(path)).collect::<Vec<_>>(), times, "done is done");
    assert_eq!(fs::read(bench.path("out/summary.json")).unwrap(), summary);
    let mut bytes = fs::read(&packages[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&packages[0], bytes).unwrap();
    assert_eq!(night("tar.zst").code, first.code);
    assert_eq!(ending(&bench.path("out/packages"), ".zip"), packages[1..], "the broken one was put aside");
    let made = ending(&bench.path("out/packages"), ".tar.zst");
    assert_eq!(made.len(), 1, "{made:?}");
    bench.run(&["verify", packages[1].to_str().unwrap(), made[0].to_str().unwrap()]).exits(0);
    let cases = bench.summary("out");
    let forms: Vec<bool> = cases["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| bench.path("out").join(case["package"].as_str().unwrap()).is_file())
        .collect();
    assert_eq!(forms, [true, true]);
}
