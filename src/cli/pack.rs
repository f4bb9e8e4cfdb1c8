//! `pack`: put a package into one file.

use crate::evidence::{self, EvidenceError, Form};
use crate::report::text::tame;

use super::args::Pack;
use super::exit::{Exit, Failure};
use super::seal;

/// Packs a package that verifies, and checks what came of it.
pub fn pack(options: &Pack) -> Result<Exit, Failure> {
    if Form::of(&options.out) == Form::Folder {
        return Err(Failure::usage("--out has to end in .zip or .tar.zst"));
    }
    let package = options.package.display();
    let packed = evidence::pack(&options.package, &options.out).map_err(|error| match error {
        EvidenceError::Package(fault) => Failure::input(format!("{package}: {fault}")),
        other => seal::failure(other),
    })?;
    let verified = evidence::verify(&packed.path);
    verified.map_err(|fault| Failure::bug(format!("the new package does not verify: {fault}")))?;
    say!("Packed: {}", tame(&packed.path.display().to_string()));
    say!("  digest {}", packed.digest);
    Ok(Exit::Clear)
}
