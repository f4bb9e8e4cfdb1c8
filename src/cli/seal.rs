//! `seal`: finish a record that a killed run left behind.

use std::path::{Path, PathBuf};

use crate::evidence::{self, EvidenceError};
use crate::journal::{FILE, Journal};
use crate::judge::Verdict;
use crate::nightly::{Tried, package_files};
use crate::report::text::tame;
use crate::report::words;

use super::args::Seal;
use super::exit::{Exit, Failure};
use super::inputs;
use super::judge::judge_by;

/// Seals the record in a folder, checks the package, and says what it came to. The record itself is left as it is.
pub fn seal(options: &Seal) -> Result<Exit, Failure> {
    let folder = &options.folder;
    let bad = |why: &dyn std::fmt::Display| Failure::input(format!("{}: {why}", folder.display()));
    let to = options.out.clone().unwrap_or_else(|| beside(folder));
    let catalogue = inputs::catalogue(&options.rules)?;
    let judge = judge_by(&options.rules, &catalogue)?;
    if !folder.join(FILE).is_file() {
        return Err(bad(&format!("not the folder of a record: there is no {FILE} in it")));
    }
    let entries = Journal::read(folder).map_err(|error| bad(&error))?.entries;
    let judgement = judge.judge(&entries);
    let tried = Tried::of(&entries, judgement, &catalogue);
    let tried = tried.ok_or_else(|| bad(&"there is no record: not even its first entry is whole"))?;
    let verdict = tried.case.verdict;
    let missing = tried.case.missing.clone();
    let sealing = evidence::Sealing {
        form: evidence::Form::of(&to),
        to,
        operator: options.operator.clone().unwrap_or_default(),
        purpose: options.purpose.clone().unwrap_or_else(|| tried.opened.purpose.clone()),
        key: options.signing.key.clone(),
        time_stamp: options.signing.tsa.clone(),
        redacted_from: None,
        files: package_files(&[tried], folder, &catalogue).map_err(super::night::failure)?,
    };
    let sealed = evidence::seal(folder, &sealing).map_err(failure)?;
    evidence::verify(&sealed.path)
        .map_err(|fault| Failure::bug(format!("the new package does not verify: {fault}")))?;
    say!("Sealed: {}", tame(&sealed.path.display().to_string()));
    say!("  digest {}, {}", sealed.digest, signed(sealed.signed_by.as_deref()));
    sealed.remarks.iter().for_each(|remark| say!("  remark: {}", tame(remark)));
    say!("Verdict: {}", words::verdict(verdict).en);
    missing.iter().for_each(|what| say!("  missing: {}", tame(what)));
    Ok(exit(verdict))
}

pub fn signed(by: Option<&str>) -> String {
    by.map_or_else(|| "unsigned".to_owned(), |key| format!("signed by {key}"))
}

fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Clear => Exit::Clear,
        Verdict::Findings => Exit::Findings,
        Verdict::Incomplete | Verdict::Failed => Exit::NotCarriedOut,
    }
}

/// Where the package goes when nobody says: beside the record, as the run itself would have named it.
fn beside(folder: &Path) -> PathBuf {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    folder.with_file_name(format!("{}-sealed", name.strip_suffix(".unfinished").unwrap_or(&name)))
}

/// A sealing error as the program's.
pub fn failure(error: EvidenceError) -> Failure {
    let exit = match &error {
        EvidenceError::Exists { .. }
        | EvidenceError::Name { .. }
        | EvidenceError::TooLargeForArchive
        | EvidenceError::Archive { .. }
        | EvidenceError::Redaction { .. } => Exit::Usage,
        EvidenceError::Io { .. } => Exit::Output,
        EvidenceError::Journal(_)
        | EvidenceError::Package(_)
        | EvidenceError::ReviewTooLong
        | EvidenceError::NoRecord { .. }
        | EvidenceError::Exhibit { .. }
        | EvidenceError::Key { .. } => Exit::Input,
    };
    Failure { exit, message: error.to_string() }
}
