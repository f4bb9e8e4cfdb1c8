//! `export`: write what a package tells in a vocabulary that other programs read.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

use crate::report::case_uco::{self, PackageView};
use crate::report::text::tame;

use super::args::Export;
use super::exit::{Exit, Failure};
use super::inputs;
use super::judge::{judge_by, open, sealed};
use super::outside::outside;

/// Writes a package that verifies as CASE/UCO: the outcomes that were sealed, or new ones when it holds none.
pub fn export(options: &Export) -> Result<Exit, Failure> {
    outside(&options.out, &options.package)?;
    let opened = open(&options.package)?;
    let catalogue = inputs::catalogue(&options.rules)?;
    let stored = sealed(&opened);
    let sealed = stored.is_some();
    let judgement = match stored {
        Some(judgement) => judgement,
        None => judge_by(&options.rules, &catalogue)?.judge(&opened.entries),
    };
    let view = PackageView { package: &opened, judgement: &judgement, sealed, catalogue: &catalogue };
    write(&view, &options.out).map_err(|error| Failure::file("write", &options.out, error))?;
    say!("CASE/UCO: {}", tame(&options.out.display().to_string()));
    Ok(Exit::Clear)
}

/// Writes the file whole or not at all.
fn write(view: &PackageView, out: &Path) -> io::Result<()> {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    let unfinished = out.with_file_name(name);
    let written = File::create(&unfinished)
        .and_then(|file| case_uco::export(view, BufWriter::with_capacity(256 << 10, file)))
        .and_then(|()| fs::rename(&unfinished, out));
    if written.is_err() {
        // Whether it can be removed or not: why it could not be written is what is told.
        let _ = fs::remove_file(&unfinished);
    }
    written
}
