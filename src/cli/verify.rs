//! `verify`: check evidence packages.

use crate::evidence::{self, Decision, Review, Stamp, Trust, Verified};
use crate::report::text::{tame, tame_line};
use crate::report::words;

use super::args::Verify;
use super::exit::{Exit, Failure};

/// Checks packages; the first fault of each is named.
pub fn verify(options: &Verify) -> Result<Exit, Failure> {
    let mut exit = Exit::Clear;
    for path in &options.packages {
        let shown = tame(&path.display().to_string());
        let seen = match &options.tsa_ca {
            Some(root) => evidence::verify_to_root(path, root),
            None => evidence::verify(path),
        };
        match seen {
            Ok(verified) => say!("{shown}: {}", tame(&told(&verified))),
            Err(fault) => {
                eprintln!("{shown}: {}", tame(&fault.to_string()));
                exit = Exit::Input;
            }
        }
    }
    Ok(exit)
}

/// A review in one line.
pub fn review_line(review: &Review) -> String {
    let signed = review.signed_by.as_deref().map_or_else(|| "unsigned".to_owned(), |key| format!("signed by {key}"));
    let word = |d: &Decision| format!("{} {}", words::review(d.decision).en, d.finding);
    let words: Vec<String> = review.decisions.iter().map(word).collect();
    tame_line(&format!("review {} of {} by {}, {signed}: {}", review.number, review.at, review.by, words.join(", ")))
}

fn stamp_line((stamp, service): &(Stamp, String)) -> String {
    let trust = match stamp.trust {
        Trust::Checked => "its signature leads to the root that was given",
        Trust::Unchecked => "its signature was not followed to a root; give --tsa-ca FILE",
    };
    format!("\n  time stamp {} by {service}: {trust}", stamp.at)
}

fn told(verified: &Verified) -> String {
    let Verified { files, entries, ended, digest, .. } = verified;
    let signed = match &verified.signed_by {
        Some(key) => format!("signed by {key}"),
        None => "unsigned: whole, but anybody can have made it".to_owned(),
    };
    let stamp = verified.stamp.as_ref().map(stamp_line).unwrap_or_default();
    let copy = verified.redacted_from.as_ref();
    let copy = copy.map(|of| format!("\n  redacted copy of the package with digest {of}")).unwrap_or_default();
    let remarks: String = verified.remarks.iter().map(|remark| format!("\n  remark: {remark}")).collect();
    let reviews: String = verified.reviews.iter().map(|review| format!("\n  {}", review_line(review))).collect();
    format!(
        "good; {files} files, {entries} entries, record ended {ended}, {signed}\n  digest {digest}{stamp}{copy}{remarks}{reviews}"
    )
}
