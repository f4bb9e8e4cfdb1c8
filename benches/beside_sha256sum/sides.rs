//! The sides: each a process of its own over the same files, and what it spent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use appwitness::evidence::{Form, Sealing, seal, verify};

/// Ticks per second in which Linux tells processor time, on every platform (`USER_HZ`).
const TICKS: f64 = 100.0;
const PYTHON: &str = "import bagit, sys, time\n";
const TOLD: &str = "print('processor', time.process_time_ns())";

/// How a side begins the line that tells its processor time in nanoseconds.
const PROCESSOR: &str = "processor ";

/// What a process spent, in seconds.
pub struct Spent {
    /// Processor time, its own and the kernel's for it: as the process itself tells it at its end, else in the kernel's
    /// hundredths of a second.
    pub processor: f64,
    pub took: f64,
}

/// Where the sides work.
pub struct Bed {
    pub folder: PathBuf,
    pub record: PathBuf,
    pub python: PathBuf,
}

/// Python with bagit, when it and `sha256sum` are there.
pub fn python() -> Option<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    let python = std::env::var_os("APPWITNESS_TOOLS").map_or(own, PathBuf::from).join("venv/bin/python");
    let runs = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let both = runs(Command::new(&python).args(["-c", PYTHON])) && runs(Command::new("sha256sum").arg("--version"));
    both.then_some(python)
}

/// Our side: `seal RECORD PACKAGE` or `verify PACKAGE`.
pub fn ours(arguments: &[String]) -> ExitCode {
    let paths: Vec<&Path> = arguments.iter().map(Path::new).collect();
    match (arguments.first().map(String::as_str), &paths[1..]) {
        (Some("seal"), [record, to]) => {
            let sealing = Sealing { to: to.to_path_buf(), form: Form::Folder, ..Sealing::default() };
            seal(record, &sealing).expect("it seals");
        }
        (Some("verify"), [package]) => drop(verify(package).expect("it verifies")),
        _ => panic!("seal or verify"),
    }
    // All of it was done by this one thread.
    let told = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    println!("{PROCESSOR}{}", told.split(' ').next().expect("nanoseconds"));
    ExitCode::SUCCESS
}

impl Bed {
    fn package(&self) -> PathBuf {
        self.folder.join("package")
    }

    fn bag(&self) -> PathBuf {
        self.folder.join("bag")
    }

    /// Files of the record, below its folder, and their bytes.
    fn files(&self) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        let mut open = vec![self.record.clone()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).expect("a folder").map(|entry| entry.expect("an entry")) {
                let facts = entry.metadata().expect("its facts");
                if facts.is_dir() {
                    open.push(entry.path());
                } else {
                    let name = entry.path().strip_prefix(&self.record).expect("below").to_str().map(str::to_owned);
                    found.push((name.expect("plain names"), facts.len()));
                }
            }
        }
        found
    }

    /// How many files, and how many bytes.
    pub fn extent(&self) -> (usize, u64) {
        let files = self.files();
        (files.len(), files.iter().map(|(_, bytes)| bytes).sum())
    }

    /// Removes what the last turn made, and lays out a copy for bagit, which makes its bag in place.
    pub fn clear(&self) {
        let _ = fs::remove_dir_all(self.package());
        let _ = fs::remove_dir_all(self.bag());
        for (name, _) in self.files() {
            let to = self.bag().join(&name);
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::copy(self.record.join(&name), to).expect("a copy");
        }
    }

    /// What `sha256sum` of every file spends, and the digests it tells.
    pub fn sha256sum(&self) -> (Spent, BTreeMap<String, String>) {
        let files = self.files();
        let mut command = Command::new("sha256sum");
        command.args(files.iter().map(|(name, _)| name)).current_dir(&self.record);
        let (spent, text) = spend(&mut command);
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        (spent, lines.map(|(digest, name)| (name.to_owned(), digest.to_owned())).collect())
    }

    pub fn seal(&self) -> Spent {
        spend(us().arg("seal").arg(&self.record).arg(self.package())).0
    }

    pub fn verify(&self) -> Spent {
        spend(us().arg("verify").arg(self.package())).0
    }

    pub fn python_alone(&self) -> Spent {
        self.python_runs("", &self.folder)
    }

    pub fn make_bag(&self) -> Spent {
        self.python_runs("bagit.make_bag(sys.argv[1], checksums=['sha256'])", &self.bag())
    }

    pub fn validate_bag(&self) -> Spent {
        self.python_runs("bagit.Bag(sys.argv[1]).validate()", &self.bag())
    }

    fn python_runs(&self, script: &str, bag: &Path) -> Spent {
        spend(Command::new(&self.python).arg("-c").arg(format!("{PYTHON}{script}\n{TOLD}")).arg(bag)).0
    }

    /// Whether the package's manifest tells these digests of the record's files.
    pub fn manifest_holds(&self, digests: &BTreeMap<String, String>) -> bool {
        let text = fs::read_to_string(self.package().join("manifest-sha256.txt")).expect("a manifest");
        let listed: BTreeMap<&str, &str> =
            text.lines().filter_map(|line| line.split_once("  ")).map(|(digest, path)| (path, digest)).collect();
        let holds =
            |(name, digest): (&String, &String)| listed.get(format!("data/{name}").as_str()) == Some(&digest.as_str());
        !digests.is_empty() && digests.iter().all(holds)
    }
}

fn us() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg("ours");
    command
}

/// Runs a process to its end; what it spent and what it said.
fn spend(command: &mut Command) -> (Spent, String) {
    let (before, began) = (of_children(), Instant::now());
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    let took = began.elapsed().as_secs_f64();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = text.lines().find_map(|line| line.strip_prefix(PROCESSOR)?.parse::<f64>().ok());
    let processor = told.map_or_else(|| of_children() - before, |nanoseconds| nanoseconds / 1e9);
    (Spent { processor, took }, text)
}

/// Processor time of all processes that this one started and that ended, in seconds (proc(5): cutime, cstime).
fn of_children() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").expect("Linux");
    let after_name = text.rsplit_once(") ").expect("a name").1;
    let fields: Vec<f64> = after_name.split(' ').map(|field| field.parse().unwrap_or(0.0)).collect();
    (fields[13] + fields[14]) / TICKS
}
