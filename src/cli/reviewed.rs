//! What people said of the packages of a run, folded into its figures.

use std::path::Path;

use crate::evidence;
use crate::report::html::relative;
use crate::report::summary::Summary;
use crate::report::text::tame;

/// Gives every outcome the last word on it. Only packages beside which reviews lie are opened; one that does not verify
/// tells nothing, which is said on standard error.
pub fn fold(run: &Path, summary: &mut Summary) {
    for case in &mut summary.cases {
        let inside = case.package.clone().filter(|path| relative(path).is_some());
        let Some(package) = inside.map(|path| run.join(path)).filter(|path| evidence::reviewed(path)) else { continue };
        match evidence::verify(&package) {
            Ok(verified) => *case = case.clone().with_reviews(&verified.reviews),
            Err(fault) => {
                *case = case.clone().with_reviews(&[]);
                eprintln!("{}: {}; its reviews are left out", package.display(), tame(&fault.to_string()));
            }
        }
    }
}
