//! `compare`: before and after a rectification.

use std::fs;

use crate::bench::Bench;

const SCENARIO: &str =
    "scenario: one\ntitle: Refuse\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n  - settle: {at-most: 15s}\n";

#[test]
fn findings_are_fixed_or_still_there_and_the_deadline_is_told() {
    let bench = Bench::new();
    bench.write("one.yaml", SCENARIO);
    let run = |app: &str, out: &str| {
        bench.run(&["run", "one.yaml", "--app", app, "--category", "ebooks", "--out", out]);
        bench.packages(out).pop().unwrap().to_str().unwrap().to_owned()
    };
    let old = run("specimen:forces-permissions", "old");
    let other = run("specimen:well-behaved", "other");
    bench.run(&["compare", &old, &other]).exits(64).complains(&["two apps"]);
    // The same app without its bad habits: it asks for nothing at its start.
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/specimens/forces-permissions.yaml");
    let good = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/specimens/well-behaved.yaml");
    let value = |text: &str, key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim().to_owned();
    let package = value(&fs::read_to_string(shipped).unwrap(), "package:");
    let text = fs::read_to_string(good).unwrap();
    bench.write("mended.yaml", &text.replace(&value(&text, "package:"), &package));
    let new = run("specimen:mended.yaml", "new");

    let back = bench.run(&["compare", &new, &old, "--out", "back.html"]).exits(1);
    assert!(back.out.contains("new                    clipboard-read"), "{}", back.out);
    // Every finding of the page has both sides, each with as many pictures as it cites.
    let same_page = bench.path("same.html");
    bench.run(&["compare", &old, &old, "--out", same_page.to_str().unwrap()]).exits(1);
    let sides = |page: &str| -> Vec<(String, [usize; 2])> {
        let findings = page.split("<article class=\"finding\" id=\"f-").skip(1);
        let of = |part: &str| {
            let (id, rest) = part.split_once('"').unwrap();
            let sides: Vec<usize> =
                rest.split("<h4>").skip(1).map(|side| side.matches("src=\"data:image").count()).collect();
            (id.to_owned(), sides.try_into().unwrap())
        };
        findings.map(|part| of(part.split("</article>").next().unwrap())).collect()
    };
    let same = sides(&fs::read_to_string(&same_page).unwrap());
    assert!(same.iter().all(|(_, [left, right])| left == right), "{same:?}");
    assert!(same.iter().filter(|(_, [left, _])| *left > 0).count() >= 3, "{same:?}");
    let back = sides(&fs::read_to_string(bench.path("back.html")).unwrap());
    let pictured = |id: &str| back.iter().find(|(finding, _)| finding == id).unwrap().1;
    let new_one = back.iter().map(|(id, _)| id).find(|id| pictured(id)[1] > 0 && pictured(id)[0] == 0);
    assert!(new_one.is_some(), "what is new is pictured after it came: {back:?}");

    let same = bench.run(&["compare", &old, &old]).exits(1);
    assert!(same.out.contains("still there") && !same.out.contains("fixed"), "{}", same.out);
    let days = ["--served", "2026-03-02", "--working-days", "15"];
    let compared = bench.run(&[&["compare", &old, &new, "--out", "page.html"][..], &days].concat());
    for line in ["still there            declares-more-than-needed", "fixed                  clipboard-read"] {
        assert!(compared.out.contains(line), "{}", compared.out);
    }
    assert!(compared.out.contains("no longer assessable   permission-without-purpose"), "{}", compared.out);
    assert!(compared.out.contains("Deadline: ") && compared.out.contains("2026-03-23"), "{}", compared.out);
    let page = fs::read_to_string(bench.path("page.html")).unwrap();
    assert!(page.contains("2026-03-23") && page.contains("data:image/png;base64,"));
    assert!(page.contains("整改前") && page.contains("after"));
    let late = ["--served", "2026-03-02", "--calendar-days", "400"];
    let late = bench.run(&[&["compare", &old, &new][..], &late].concat());
    assert!(late.out.contains("no arrangement of days off is known for 2027"), "{}", late.out);
    bench.run(&["compare", &old, &new, "--served", "2026-03-02"]).exits(64);
}
