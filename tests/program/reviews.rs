//! `review`: people's words on findings, beside what was sealed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use appwitness::catalogue::Catalogue;

use crate::bench::{Bench, Ran};

/// Asks for permissions without a purpose, which a person has to confirm.
const SCENARIO: &str =
    "scenario: one\ntitle: Refuse\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n  - settle: {at-most: 15s}\n";
const FINDING: &str = "permission-without-purpose";

pub fn package(bench: &Bench) -> PathBuf {
    bench.write("one.yaml", SCENARIO);
    bench.run(&["run", "one.yaml", "--app", "specimen:forces-permissions", "--category", "ebooks", "--out", "out"]);
    bench.packages("out").pop().unwrap()
}

/// An OpenSSH key made by OpenSSH itself.
pub fn key(bench: &Bench, name: &str) -> PathBuf {
    let path = bench.path(name);
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "x", "-f"]).arg(&path).status();
    assert!(made.unwrap().success());
    path
}

fn sealed_part(package: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![package.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true if entry.file_name() != "reviews" => open.push(entry.path()),
                true => {}
                false => found.push((entry.path(), fs::read(entry.path()).unwrap())),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_finding_is_confirmed_then_rejected_and_report_and_notice_follow() {
    let bench = Bench::new();
    let package = package(&bench);
    let key = key(&bench, "key");
    let (package_path, key) = (package.to_str().unwrap(), key.to_str().unwrap());
    let before = sealed_part(&package);
    let listed = bench.run(&["review", package_path]).exits(0);
    assert!(listed.out.contains(&format!("[to be reviewed]\n{FINDING}")), "{}", listed.out);
    let notice = |name: &str| {
        bench.run(&["report", package_path, "--notice", "--served", "2026-03-02", "--out", name]).exits(0);
        fs::read_to_string(bench.path(name)).unwrap()
    };
    let phrase = "附：待人工复核的问题";
    assert!(notice("before.md").contains(phrase));

    let confirm = format!("{FINDING}=no words beside the prompt");
    let ran = bench.run(&["review", package_path, "--by", "Li 李", "--key", key, "--confirm", &confirm]).exits(0);
    assert!(ran.out.contains("signed by SHA256:"), "{}", ran.out);
    assert_eq!(sealed_part(&package), before, "the sealed part is not touched");
    let verified = bench.run(&["verify", package_path]).exits(0);
    assert!(verified.out.contains("review 1 of") && verified.out.contains("by Li 李"), "{}", verified.out);
    let text = notice("confirmed.md");
    let first = text.split("## ").nth(1).unwrap().to_owned();
    assert!(first.contains("申请权限时未同步告知目的"), "{first}");

    let file = bench.write(
        "words.yaml",
        &format!("decisions:\n  - {{finding: {FINDING}, decision: reject, note: the page before told it}}\n"),
    );
    let rejected = bench.run(&["review", package_path, "--by", "Wu", "--file", file.to_str().unwrap()]).exits(0);
    assert!(rejected.out.contains("unsigned"), "{}", rejected.out);
    assert!(!notice("rejected.md").contains("申请权限时未同步告知目的"));
    bench.run(&["report", package_path, "--out", "page.html"]).exits(0);
    let page = fs::read_to_string(bench.path("page.html")).unwrap();
    for said in ["the page before told it", "no words beside the prompt", "Li 李", "rejected", "confirmed"] {
        assert!(page.contains(said), "{said}");
    }
    let listed = bench.run(&["review", package_path]).exits(0);
    assert!(listed.out.contains(&format!("[rejected by Wu]\n{FINDING}")), "{}", listed.out);
    let compared = bench.run(&["compare", package_path, package_path]);
    let line = compared.out.lines().find(|line| line.contains(FINDING)).unwrap();
    assert!(
        line.starts_with("rejected in review ") && line.ends_with("(before: rejected by Wu; after: rejected by Wu)")
    );

    // The same record without the review stands for a later one in which the rules observe it again.
    let later = bench.path("later");
    assert!(Command::new("cp").arg("-r").args([&package, &later]).status().unwrap().success());
    fs::remove_dir_all(later.join("reviews")).unwrap();
    let change = |old: &str, new: &str| {
        let compared = bench.run(&["compare", old, new, "--out", "again.html"]).exits(1);
        compared.out.lines().find(|line| line.contains(FINDING)).unwrap().to_owned()
    };
    let again = change(package_path, "later");
    assert!(again.starts_with("again, rejected before ") && again.ends_with("(before: rejected by Wu)"), "{again}");
    assert!(fs::read_to_string(bench.path("again.html")).unwrap().contains("再次出现，此前经复核否定"));
    assert!(change("later", package_path).starts_with("rejected in review "));
    bench
        .run(&["compare", package_path, "later", "--out", "later/page.html"])
        .exits(64)
        .complains(&["within the package"]);

    let review = package.join("reviews/0001.json");
    let text = fs::read_to_string(&review).unwrap();
    fs::write(&review, text.replace("confirm", "reject")).unwrap();
    bench.run(&["verify", package_path]).exits(65).complains(&["reviews/0001.json"]);
}

/// A review is of one attempt's package: what an earlier attempt observed stays a failure until that one is reviewed too.
#[test]
fn reviews_of_earlier_attempts_count_in_the_report_of_the_run() {
    let bench = Bench::new();
    let package = package(&bench);
    let summary = bench.path("out/summary.json");
    let mut figures: serde_json::Value = serde_json::from_slice(&fs::read(&summary).unwrap()).unwrap();
    let case = &mut figures["cases"][0];
    let earlier = bench.path("out/attempts").join(case["id"].as_str().unwrap()).join("attempt-1-sealed");
    fs::create_dir_all(earlier.parent().unwrap()).unwrap();
    assert!(Command::new("cp").arg("-r").args([&package, &earlier]).status().unwrap().success());
    let last = case["attempts"][0].clone();
    let observed: Vec<String> =
        last["observed"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    assert!(observed.len() > 1);
    case["attempts"].as_array_mut().unwrap().push(last);
    case["attempts"][1]["number"] = 2.into();
    fs::write(&summary, figures.to_string()).unwrap();

    let reject = |package: &Path, ids: &[String]| {
        let all: Vec<&str> = ids.iter().flat_map(|id| ["--reject", id]).collect();
        bench.run(&[&["review", package.to_str().unwrap(), "--by", "Wu"][..], &all].concat()).exits(0);
        bench.run(&["report", "out"]).exits(0);
        fs::read_to_string(bench.path("out/junit.xml")).unwrap()
    };
    assert!(reject(&package, &observed).contains("<failure"), "the first attempt observed them too");
    assert!(reject(&earlier, &observed[1..]).contains("message=\"1 finding\""), "one is left");
    assert!(!reject(&earlier, &observed[..1]).contains("<failure"));
    let said = &bench.summary("out")["cases"][0]["attempts"][0]["said"][&observed[0]];
    assert_eq!((said["word"].as_str(), said["by"].as_str()), (Some("reject"), Some("Wu")));
}

/// Reads the policy, whose plainness a person alone can tell.
const READS: &str = "scenario: read\ntitle: Read\nprompts: deny\nconsent: accept\nsteps:\n  - launch\n  - settle: {at-most: \
                     15s}\n  - read: privacy-policy\n";
const HANDED_OVER: &str = "policy-hard-to-understand";

#[test]
fn what_the_rules_left_to_a_person_is_told_as_that_person_told_it() {
    let bench = Bench::new();
    bench.write("read.yaml", READS);
    bench.run(&["run", "read.yaml", "--app", "specimen:well-behaved", "--category", "ebooks", "--out", "out"]);
    let package = bench.packages("out").pop().unwrap();
    let path = package.to_str().unwrap();
    let outcome = || {
        let summary = bench.summary("out");
        let all = summary["cases"][0]["outcomes"].as_array().unwrap().clone();
        all.into_iter().find(|o| o["finding"] == HANDED_OVER).unwrap()
    };
    assert_eq!((outcome()["outcome"].as_str(), outcome()["review"].as_bool()), (Some("not-assessable"), Some(true)));
    let title = Catalogue::builtin().finding(HANDED_OVER).unwrap().title_zh.clone();
    let notice = || {
        bench.run(&["report", path, "--notice", "--served", "2026-03-02", "--out", "notice.md"]).exits(0);
        fs::read_to_string(bench.path("notice.md")).unwrap()
    };
    let (body, apart) = ("## 一、发现的问题", "## 附：待人工复核的问题");
    let in_body = |text: &str| {
        text.split("## ").find(|part| body.ends_with(part.lines().next().unwrap())).unwrap().contains(&title)
    };
    let before = notice();
    assert!(before.contains(apart) && before.contains(&title) && !in_body(&before), "{before}");
    assert!(before.contains("规则版本 ") && before.contains(Catalogue::builtin().digest()), "{before}");

    let later = bench.path("later");
    assert!(Command::new("cp").arg("-r").args([&package, &later]).status().unwrap().success());
    bench.run(&["review", path, "--by", "Li", "--confirm", HANDED_OVER]).exits(0);
    let compared = bench.run(&["compare", path, "later"]).out;
    let line = compared.lines().find(|line| line.contains(HANDED_OVER)).unwrap();
    assert!(line.starts_with("to be reviewed again "), "nobody has said a word of the later package: {line}");
    let confirmed = notice();
    assert!(in_body(&confirmed) && confirmed.contains("经 Li 复核确认"), "{confirmed}");
    let page = |what: &str, file: &str| {
        bench.run(&["report", what, "--out", file]).exits(0);
        fs::read_to_string(bench.path(file)).unwrap()
    };
    let card = format!("id=\"f-{HANDED_OVER}\"");
    let case = page(path, "case.html");
    assert!(case.contains(&card) && case.contains("confirmed by Li"));
    bench.run(&["report", "out"]).exits(0);
    assert_eq!(outcome()["said"], serde_json::json!({"word": "confirm", "by": "Li"}));
    assert!(fs::read_to_string(bench.path("out/report.html")).unwrap().contains("confirmed by Li"));
    // The failure of its test in junit.xml, and what the test says besides.
    let test = || {
        let xml = fs::read_to_string(bench.path("out/junit.xml")).unwrap();
        let tree = roxmltree::Document::parse(&xml).unwrap();
        let text = |tag| tree.descendants().find(|n| n.has_tag_name(tag)).and_then(|n| n.text()).map(str::to_owned);
        (text("failure").unwrap_or_default(), text("system-out").unwrap())
    };
    assert!(test().0.contains(HANDED_OVER) && test().0.contains("confirmed by Li"), "{:?}", test());
    let still = bench.run(&["compare", path, path]).exits(1);
    assert!(still.out.lines().any(|l| l.starts_with("still there ") && l.contains(HANDED_OVER)), "{}", still.out);

    bench.run(&["review", path, "--by", "Wu", "--reject", HANDED_OVER]).exits(0);
    let rejected = notice();
    assert!(!rejected.contains(&title) && rejected.contains("1 项经人工复核否定"), "{rejected}");
    let case = page(path, "case.html");
    assert!(!case.contains(&card) && case.contains("rejected by Wu"));
    bench.run(&["report", "out"]).exits(0);
    assert_eq!(outcome()["said"]["word"], "reject");
    assert!(!test().0.contains(HANDED_OVER) && test().1.contains("rejected by Wu"), "{:?}", test());
    let gone = bench.run(&["compare", path, path]);
    assert!(gone.out.lines().any(|l| l.starts_with("rejected in review ") && l.contains(HANDED_OVER)), "{}", gone.out);
    let journal = package.join("data/journal.jsonl");
    fs::write(&journal, fs::read_to_string(&journal).unwrap().replacen("\"seq\":1,", "\"seq\":9,", 1)).unwrap();
    let damaged = bench.run(&["report", "out"]).exits(0);
    damaged.complains(&["its reviews are left out"]);
}

#[test]
fn a_person_is_asked_finding_by_finding() {
    let bench = Bench::new();
    let package = package(&bench);
    let arguments = ["review", package.to_str().unwrap(), "--by", "Li", "--interactive"];
    let mut child =
        bench.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("what\nu\nnot sure at all\ns\n".as_bytes()).unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap()).exits(0);
    assert!(ran.out.contains("please answer c, r, u or s"), "{}", ran.out);
    let review = fs::read_to_string(package.join("reviews/0001.json")).unwrap();
    let review: serde_json::Value = serde_json::from_str(&review).unwrap();
    assert_eq!(review["decisions"].as_array().unwrap().len(), 1);
    assert_eq!(review["decisions"][0]["decision"], "unsure");
    assert_eq!(review["decisions"][0]["note"], "not sure at all");
    assert_eq!(review["signed-by"], serde_json::Value::Null);
}

#[test]
fn a_review_has_a_name_and_is_about_a_finding_of_the_package() {
    let bench = Bench::new();
    let package = package(&bench);
    let package = package.to_str().unwrap();
    bench.run(&["review", package, "--confirm", FINDING]).exits(64).complains(&["--by"]);
    bench.run(&["review", package, "--by", "Li", "--confirm", "nothing"]).exits(64).complains(&["nothing", FINDING]);
    let twice = ["review", package, "--by", "Li", "--confirm", FINDING, "--reject", FINDING];
    bench.run(&twice).exits(64).complains(&["two words"]);
    bench.write("bad.yaml", "decisions:\n  - {finding: x, decision: maybe}\n");
    bench.run(&["review", package, "--by", "Li", "--file", "bad.yaml"]).exits(65).complains(&["bad.yaml", "maybe"]);
    assert!(!Path::new(package).join("reviews").exists());
}

#[test]
fn a_key_that_an_agent_holds_signs_packages_and_reviews() {
    let bench = Bench::new();
    let package = package(&bench);
    let key = key(&bench, "key");
    let socket = bench.path("agent");
    let mut agent = Command::new("ssh-agent").args(["-D", "-a"]).arg(&socket).stdout(Stdio::null()).spawn().unwrap();
    let begun = std::time::Instant::now();
    let add = || Command::new("ssh-add").arg("-q").arg(&key).env("SSH_AUTH_SOCK", &socket).status().unwrap();
    while !socket.exists() || !add().success() {
        assert!(begun.elapsed().as_secs() < 60, "no ssh-agent came up");
        std::thread::yield_now();
    }
    fs::remove_file(&key).unwrap();
    let public = bench.path("key.pub");
    let public = public.to_str().unwrap();
    let with_agent = |arguments: &[&str]| {
        let ran = Ran::of(bench.command(arguments).env("SSH_AUTH_SOCK", &socket).output().unwrap());
        (ran.code, ran.out + &ran.err)
    };
    let record = package.join("data");
    let seal = ["seal", record.to_str().unwrap(), "--out", "signed.tar.zst", "--key", public];
    let sealed = with_agent(&seal);
    let reviewed = with_agent(&["review", "signed.tar.zst", "--by", "Li", "--key", public, "--confirm", FINDING]);
    agent.kill().unwrap();
    agent.wait().unwrap();
    assert!(sealed.1.contains("signed by SHA256:"), "{}", sealed.1);
    assert!(reviewed.0 == 0 && reviewed.1.contains("signed by SHA256:"), "{}", reviewed.1);
    let verified = bench.run(&["verify", "signed.tar.zst"]).exits(0);
    assert_eq!(verified.out.matches("signed by SHA256:").count(), 2, "{}", verified.out);
    let without = Ran::of(
        bench
            .command(&["review", "signed.tar.zst", "--by", "Li", "--key", public, "--reject", FINDING])
            .env_remove("SSH_AUTH_SOCK")
            .output()
            .unwrap(),
    );
    without.exits(65).complains(&["SSH_AUTH_SOCK"]);
}
