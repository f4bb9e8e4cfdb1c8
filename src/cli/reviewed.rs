//! What people said of the packages of a run, folded into its figures.

use std::path::Path;

use crate::evidence::{self, Review};
use crate::nightly::other_attempt;
use crate::report::html::relative;
use crate::report::summary::{Case, Summary};
use crate::report::text::tame;

/// Gives every outcome the last word on it, and every earlier attempt the words on its own package. Only packages beside
/// which reviews lie are opened; one that does not verify tells nothing, which is said on standard error.
pub fn fold(run: &Path, summary: &mut Summary) {
    for case in &mut summary.cases {
        let inside = case.package.as_deref().filter(|path| relative(path).is_some());
        if let Some(reviews) = inside.and_then(|package| reviews(&run.join(package))) {
            *case = case.clone().with_reviews(&reviews);
        }
        earlier(run, case);
    }
}

/// The words on the attempts before the last, whose package is the case's.
fn earlier(run: &Path, case: &mut Case) {
    let inside = relative(&format!("attempts/{}/x", case.id)).is_some() && !case.id.contains('/');
    let Some((_, earlier)) = case.attempts.split_last_mut().filter(|_| inside) else { return };
    for attempt in earlier {
        let package = other_attempt(run, &case.id, attempt.number);
        if let Some(reviews) = package.and_then(|package| reviews(&package)) {
            *attempt = attempt.clone().with_reviews(&reviews);
        }
    }
}

/// What was said of a package; nothing when no review lies beside it, none when it does not verify.
fn reviews(package: &Path) -> Option<Vec<Review>> {
    if !evidence::reviewed(package) {
        return None;
    }
    let verified = evidence::verify(package).inspect_err(|fault| {
        eprintln!("{}: {}; its reviews are left out", package.display(), tame(&fault.to_string()));
    });
    Some(verified.map(|verified| verified.reviews).unwrap_or_default())
}
