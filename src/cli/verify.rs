//! `verify`: check evidence packages.

use crate::evidence::{self, Verified};
use crate::report::text::tame;

use super::args::Verify;
use super::exit::{Exit, Failure};

/// Checks packages; the first fault of each is named.
pub fn verify(options: &Verify) -> Result<Exit, Failure> {
    let mut exit = Exit::Clear;
    for path in &options.packages {
        let shown = tame(&path.display().to_string());
        match evidence::verify(path) {
            Ok(verified) => println!("{shown}: {}", tame(&told(&verified))),
            Err(fault) => {
                eprintln!("{shown}: {}", tame(&fault.to_string()));
                exit = Exit::Input;
            }
        }
    }
    Ok(exit)
}

fn told(verified: &Verified) -> String {
    let Verified { files, entries, ended, digest, .. } = verified;
    let signed = match &verified.signed_by {
        Some(key) => format!("signed by {key}"),
        None => "unsigned: whole, but anybody can have made it".to_owned(),
    };
    let remarks: String = verified.remarks.iter().map(|remark| format!("\n  remark: {remark}")).collect();
    format!("good; {files} files, {entries} entries, record ended {ended}, {signed}\n  digest {digest}{remarks}")
}
