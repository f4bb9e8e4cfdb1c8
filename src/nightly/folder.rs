//! The folder of a run, and what stands where in it.
//!
//! ```text
//! run.json                      what was asked for, written first
//! packages/<case>/              the sealed package of the attempt that counts; or <case>.zip, <case>.tar.zst,
//!                               and beside them <case>.….report.html, a copy of the page in it
//! attempts/<case>/attempt-<n>-sealed/       sealed packages of the others, in the same form
//! attempts/<case>/attempt-<n>.unfinished/   a record under way, or cut off
//! report.html summary.json junit.xml
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::NightlyError;
use crate::evidence::Form;

/// What `run.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Asked {
    /// Version of this file's form.
    pub version: u32,
    /// Id of the run.
    pub id: String,
    /// When it began, UTC, RFC 3339.
    pub started: String,
    /// Program version.
    pub program: String,
    /// Ids of all cases.
    pub cases: Vec<String>,
}

/// A path with something added to its last name. (Ids of cases have dots, so no extension is replaced.)
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// The folder of a run.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
    asked: Asked,
    /// How new packages are kept.
    form: Form,
}

/// The sealed package of another attempt in the folder of a run, in whatever form it is; nothing when there is none.
pub fn other_attempt(run: &Path, case: &str, attempt: u32) -> Option<PathBuf> {
    there(&attempt_name(run, case, attempt))
}

fn attempt_name(run: &Path, case: &str, attempt: u32) -> PathBuf {
    run.join("attempts").join(case).join(format!("attempt-{attempt}-sealed"))
}

/// The package of this name, in whatever form it is there.
fn there(name: &Path) -> Option<PathBuf> {
    let forms = [Form::Folder, Form::Zip, Form::TarZst];
    forms.map(|form| with_ending(name, form.ending())).into_iter().find(|path| path.exists())
}

impl RunFolder {
    /// Opens a folder for these cases: a new one, or one in which an earlier run with the same cases stopped.
    pub fn open(path: &Path, id: &str, started: &str, cases: Vec<String>) -> Result<Self, NightlyError> {
        fs::create_dir_all(path).map_err(NightlyError::file("make the folder", path))?;
        let file = path.join("run.json");
        let asked = Asked {
            version: 1,
            id: id.to_owned(),
            started: started.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            cases,
        };
        match fs::read(&file) {
            Ok(bytes) => match serde_json::from_slice::<Asked>(&bytes) {
                Ok(earlier) if earlier.cases == asked.cases => {
                    Ok(Self { path: path.to_owned(), asked: earlier, form: Form::default() })
                }
                _ => Err(NightlyError::OtherRun { path: path.to_owned() }),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let folder = Self { path: path.to_owned(), asked, form: Form::default() };
                let json = serde_json::to_string_pretty(&folder.asked).unwrap_or_default();
                folder.write("run.json", json.as_bytes())?;
                Ok(folder)
            }
            Err(error) => Err(NightlyError::file("read", &file)(error)),
        }
    }

    /// The same, with new packages in this form. Those that are there stay as they are.
    pub fn keeping(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Id of the run.
    pub fn id(&self) -> &str {
        &self.asked.id
    }

    /// When the run began, RFC 3339.
    pub fn started(&self) -> &str {
        &self.asked.started
    }

    /// Where the sealed package of a case stands, or will stand.
    pub fn package(&self, case: &str) -> PathBuf {
        self.in_some_form(&self.path.join("packages").join(case))
    }

    /// Where the sealed package of another attempt stands, or will stand.
    pub fn attempt(&self, case: &str, attempt: u32) -> PathBuf {
        self.in_some_form(&attempt_name(&self.path, case, attempt))
    }

    /// The package of this name that is there, in whatever form; else where one in the form asked for will be.
    fn in_some_form(&self, name: &Path) -> PathBuf {
        there(name).unwrap_or_else(|| with_ending(name, self.form.ending()))
    }

    /// Where the record of an attempt is written.
    pub fn unfinished(&self, case: &str, attempt: u32) -> PathBuf {
        self.path.join("attempts").join(case).join(format!("attempt-{attempt}.unfinished"))
    }

    /// Tries of a case that earlier runs of this folder left behind: the highest number, 0 for none.
    pub fn last_attempt(&self, case: &str) -> u32 {
        let Ok(entries) = fs::read_dir(self.path.join("attempts").join(case)) else { return 0 };
        let number = |name: &str| {
            let digits = name.strip_prefix("attempt-")?;
            digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        entries.flatten().filter_map(|entry| number(entry.file_name().to_str()?)).max().unwrap_or(0)
    }

    /// Removes the empty folder of a case's other attempts.
    pub fn tidy(&self, case: &str) {
        let attempts = self.path.join("attempts");
        // Both fail when something is still inside, which is then meant to stay.
        let _ = fs::remove_dir(attempts.join(case));
        let _ = fs::remove_dir(attempts);
    }

    /// Writes a file of the run as a whole: a reader sees the old one or the new one.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, NightlyError> {
        let path = self.path.join(name);
        let draft = self.path.join(format!(".{name}.new"));
        fs::write(&draft, bytes).map_err(NightlyError::file("write", &draft))?;
        fs::rename(&draft, &path).map_err(NightlyError::file("write", &path))?;
        Ok(path)
    }
}
