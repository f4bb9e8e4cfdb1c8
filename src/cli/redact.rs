//! `redact`: a second package without what must not be handed on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::evidence::{self, Cover, Opened, REDACTION, Redactions};
use crate::journal::ExhibitRef;
use crate::judge::{Judgement, judge};
use crate::report::html;
use crate::report::summary::Case;
use crate::report::text::tame;

use super::args::Redact;
use super::exit::{Exit, Failure};
use super::{inputs, seal};

/// Makes a redacted copy of a package, seals it, and checks it.
pub fn redact(options: &Redact) -> Result<Exit, Failure> {
    let package = &options.package;
    let opened = evidence::open(package).map_err(|fault| Failure::input(format!("{}: {fault}", package.display())))?;
    let redactions = wanted(options)?;
    if std::fs::symlink_metadata(&options.out).is_ok() {
        let error = evidence::EvidenceError::Exists { path: options.out.clone() };
        return Err(seal::failure(error));
    }
    let work = beside(&options.out);
    if work.exists() {
        std::fs::remove_dir_all(&work).map_err(|error| Failure::file("remove", &work, error))?;
    }
    let sealed = copy(options, &opened, &redactions, &work);
    // Whether it was sealed or not: what was begun goes.
    let _ = std::fs::remove_dir_all(&work);
    let sealed = sealed?;
    let verified = evidence::verify(&sealed.path);
    verified.map_err(|fault| Failure::bug(format!("the redacted copy does not verify: {fault}")))?;
    say!("Redacted copy: {}", tame(&sealed.path.display().to_string()));
    say!("  of {}", opened.verified.digest);
    say!("  digest {}, {}", sealed.digest, seal::signed(sealed.signed_by.as_deref()));
    say!("Look through it before you hand it on: a text that is drawn and not told by the hierarchy is not found.");
    Ok(Exit::Clear)
}

fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".redacting");
    out.with_file_name(name)
}

/// What is to be taken out: the file's word, then the options'.
fn wanted(options: &Redact) -> Result<Redactions, Failure> {
    let mut redactions = match &options.file {
        Some(file) => {
            let text = inputs::read(file)?;
            serde_yaml::from_str(&text).map_err(|error| Failure::input(format!("{}: {error}", file.display())))?
        }
        None => Redactions::default(),
    };
    if let Some(reason) = &options.reason {
        redactions.reason.clone_from(reason);
    }
    redactions.leave_out.extend(options.leave_out.iter().cloned());
    redactions.texts.extend(options.text.iter().cloned());
    for given in &options.cover {
        redactions.cover.push(
            cover(given).ok_or_else(|| {
                Failure::usage(format!("--cover {given}: give EXHIBIT:LEFT,TOP,WIDTH,HEIGHT in pixels"))
            })?,
        );
    }
    Ok(redactions)
}

fn cover(given: &str) -> Option<Cover> {
    let (exhibit, region) = given.split_once(':')?;
    let mut numbers = region.split(',').map(str::trim);
    let (left, top) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    let (width, height) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    numbers.next().is_none().then(|| Cover { exhibit: exhibit.to_owned(), region: (left, top, width, height) })
}

fn copy(options: &Redact, opened: &Opened, redactions: &Redactions, work: &Path) -> Result<evidence::Sealed, Failure> {
    let redacted = evidence::redact(opened, redactions, work).map_err(seal::failure)?;
    let catalogue = Catalogue::builtin();
    let original = super::judge::sealed(opened).unwrap_or_else(|| judge(&opened.entries, &catalogue));
    let judgement: Judgement = redacted.of(&original).map_err(Failure::bug)?;
    let record = crate::journal::Journal::read(work).map_err(Failure::bug)?;
    let case = Case::new(&record.entries, &judgement, &catalogue);
    let exhibits = |exhibit: &ExhibitRef| std::fs::read(work.join(exhibit.path()?)).ok();
    let view = html::CaseView {
        case: &case,
        entries: &record.entries,
        catalogue: &catalogue,
        reviews: &[],
        redacted_from: Some(&opened.verified.digest),
        exhibits: &exhibits,
        originals: Some(""),
    };
    let page = html::case(&view).map_err(Failure::bug)?;
    let mut files = BTreeMap::from([
        ("outcomes.json".to_owned(), json(&judgement)?),
        ("report.html".to_owned(), page.into_bytes()),
        (REDACTION.to_owned(), json(&redacted.redaction)?),
    ]);
    for name in ["plan.json", "environment.json"] {
        let stored = opened.file(name).and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
        if let Some(stored) = stored {
            files.insert(name.to_owned(), json(&redacted.of(&stored).map_err(Failure::bug)?)?);
        }
    }
    let sealing = evidence::Sealing {
        form: evidence::Form::of(&options.out),
        to: options.out.clone(),
        operator: options.operator.clone().unwrap_or_default(),
        purpose: redactions.reason.clone(),
        key: options.signing.key.clone(),
        time_stamp: options.signing.tsa.clone(),
        redacted_from: Some(opened.verified.digest.clone()),
        files,
    };
    evidence::seal(work, &sealing).map_err(seal::failure)
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec_pretty(value).map_err(Failure::bug)
}
