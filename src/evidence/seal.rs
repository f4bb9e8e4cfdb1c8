//! Sealing: from a record to a package, which is there whole or not at all.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::archive::{Full, Writer};
use super::bag::{
    self, DECLARATION, DECLARATION_TEXT, INFO, Info, Listed, MANIFEST, SIGNATURE, SIGNER, STAMP, STAMP_DIGEST,
    TAG_MANIFEST,
};
use super::members::MOST_UNPACKED;
use super::payload::{Member, Payload, Source, collect};
use super::signature::{NAMESPACE, Signer};
use super::tarball::{self, TarWriter};
use super::{EvidenceError, Form, Sealed, Sealing, stamp};
use crate::journal::digest;

/// Seals the record in `folder` (a journal and its exhibits). The record itself is left as it is.
///
/// The package is built beside its place under a name that ends in `.unfinished`, and renamed when every byte of it is
/// on the disk; what an earlier seal left there is removed. The same record and the same `sealing` give the same bytes: no time
/// of sealing is told, because only a time stamp could show it.
///
/// # Errors
/// When the record is broken before its last line, an exhibit is missing or changed, the key can't sign, or the disk
/// fails. A torn last line is cut off, and the package says so.
pub fn seal(folder: &Path, sealing: &Sealing) -> Result<Sealed, EvidenceError> {
    if fs::symlink_metadata(&sealing.to).is_ok() {
        return Err(EvidenceError::Exists { path: sealing.to.clone() });
    }
    let signer = sealing.key.as_deref().map(Signer::read).transpose()?;
    let mut payload = collect(folder, sealing)?;
    let tags = stamped_tags(&mut payload, sealing, signer.as_ref())?;
    let digest = tags.iter().find(|tag| tag.path == TAG_MANIFEST).map(|tag| tag.sha256.clone()).unwrap_or_default();
    let members: Vec<&Member> = tags.iter().chain(&payload.members).collect();
    write(&sealing.to, sealing.form, &members)?;
    Ok(Sealed {
        path: sealing.to.clone(),
        digest,
        files: members.len() as u64,
        bytes: members.iter().map(|member| member.bytes).sum(),
        signed_by: signer.map(|signer| signer.fingerprint()),
        remarks: payload.remarks,
    })
}

/// Packs a package that is a folder, and verifies, into one archive. What was sealed stays what it was: its digest is
/// the same in every form. Reviews are not packed with it.
///
/// # Errors
/// When the package does not verify or is an archive already, something stands at `to`, or the disk fails.
pub fn pack(package: &Path, to: &Path) -> Result<Sealed, EvidenceError> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(EvidenceError::Exists { path: to.to_owned() });
    }
    let verified = super::verify(package)?;
    if !package.is_dir() {
        return Err(EvidenceError::Archive { path: package.to_owned() });
    }
    let names = super::verify::names(package)?;
    let member = |name: &String| Member::of_file(name.clone(), &package.join(name), None, Form::of(to));
    let members: Vec<Member> = names.iter().map(member).collect::<Result<_, _>>()?;
    let members: Vec<&Member> = members.iter().collect();
    write(to, Form::of(to), &members)?;
    Ok(Sealed {
        path: to.to_owned(),
        digest: verified.digest,
        files: members.len() as u64,
        bytes: members.iter().map(|member| member.bytes).sum(),
        signed_by: verified.signed_by,
        remarks: verified.remarks,
    })
}

fn write(to: &Path, form: Form, members: &[&Member]) -> Result<(), EvidenceError> {
    match form {
        Form::Folder => write_folder(to, members),
        Form::Zip => write_archive(to, members),
        Form::TarZst => write_tarball(to, members),
    }
}

/// Checks that a key can sign, before anything is done that would need it; its fingerprint.
///
/// # Errors
/// When it can't.
pub fn check_key(key: &Path) -> Result<String, EvidenceError> {
    Signer::read(key).map(|signer| signer.fingerprint())
}

/// The bag's own files with a time stamp, if one was asked for and given.
fn stamped_tags(
    payload: &mut Payload,
    sealing: &Sealing,
    signer: Option<&Signer>,
) -> Result<Vec<Member>, EvidenceError> {
    let Some(service) = &sealing.time_stamp else { return tags(payload, sealing, signer, None) };
    let mut tags = tags(payload, sealing, signer, Some(service.name()))?;
    let manifest = tags.iter().find(|tag| tag.path == TAG_MANIFEST).and_then(Member::bytes).unwrap_or_default();
    match stamp::request(service, manifest) {
        Ok(answer) => {
            let listed = Listed { path: STAMP.to_owned(), sha256: digest::of(&answer) };
            tags.push(Member::of_bytes(STAMP.to_owned(), answer));
            tags.push(Member::of_bytes(STAMP_DIGEST.to_owned(), bag::manifest(&[listed]).into_bytes()));
            Ok(tags)
        }
        Err(why) => {
            payload.remarks.push(format!("no time stamp: {} was asked and gave none: {why}", service.name()));
            self::tags(payload, sealing, signer, None)
        }
    }
}

/// The bag's own files, in the order in which an archive holds them.
fn tags(
    payload: &Payload,
    sealing: &Sealing,
    signer: Option<&Signer>,
    stamped_by: Option<&str>,
) -> Result<Vec<Member>, EvidenceError> {
    let key_fails = |why: String| EvidenceError::Key { path: sealing.key.clone().unwrap_or_default(), why };
    let info = Info {
        agent: format!("AppWitness {}", env!("CARGO_PKG_VERSION")),
        identifier: payload.identifier.clone(),
        operator: sealing.operator.clone(),
        purpose: sealing.purpose.clone(),
        ended: payload.ended.clone(),
        oxum: (payload.members.iter().map(|m| m.bytes).sum(), payload.members.len() as u64),
        entries: payload.entries,
        head: payload.head.clone(),
        signed_by: signer.map(Signer::fingerprint),
        time_stamp: stamped_by.map(str::to_owned),
        redacted_from: sealing.redacted_from.clone(),
        remarks: payload.remarks.clone(),
    };
    let listed: Vec<Listed> = payload.members.iter().map(Member::listed).collect();
    let text = |name: &str, text: String| Member::of_bytes(name.to_owned(), text.into_bytes());
    let mut tags = vec![
        text(DECLARATION, DECLARATION_TEXT.to_owned()),
        text(INFO, info.text()),
        text(MANIFEST, bag::manifest(&listed)),
    ];
    let signer_tag = signer.map(|s| s.public().map(|key| text(SIGNER, key))).transpose().map_err(key_fails)?;
    let mut tagged: Vec<Listed> = tags.iter().chain(&signer_tag).map(Member::listed).collect();
    tagged.sort();
    let tag_manifest = bag::manifest(&tagged);
    let signature = signer.map(|s| s.sign(NAMESPACE, tag_manifest.as_bytes())).transpose().map_err(key_fails)?;
    tags.push(text(TAG_MANIFEST, tag_manifest));
    tags.extend(signer_tag);
    tags.extend(signature.map(|armour| text(SIGNATURE, armour)));
    Ok(tags)
}

fn unfinished(to: &Path) -> PathBuf {
    let mut name: OsString = to.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    to.with_file_name(name)
}

/// The folder that holds a path.
pub(super) fn home(to: &Path) -> &Path {
    to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn sync_folder(folder: &Path) -> Result<(), EvidenceError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(EvidenceError::io("can't sync", folder))
}

fn put_in_place(work: &Path, to: &Path) -> Result<(), EvidenceError> {
    fs::rename(work, to).map_err(EvidenceError::io("can't be put in place", to))?;
    sync_folder(home(to))
}

fn write_folder(to: &Path, members: &[&Member]) -> Result<(), EvidenceError> {
    let work = unfinished(to);
    if fs::symlink_metadata(&work).is_ok() {
        fs::remove_dir_all(&work).map_err(EvidenceError::io("can't be removed", &work))?;
    }
    fs::create_dir_all(&work).map_err(EvidenceError::io("can't be made", &work))?;
    let mut folders = BTreeSet::from([work.clone()]);
    for member in members {
        let path = work.join(&member.path);
        let folder = path.parent().unwrap_or(&work).to_owned();
        if !folders.contains(&folder) {
            fs::create_dir_all(&folder).map_err(EvidenceError::io("can't be made", &folder))?;
            folders.extend(folder.ancestors().take_while(|up| *up != work).map(Path::to_owned));
        }
        write_member(&path, member).map_err(EvidenceError::io("can't be written", &path))?;
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))?;
    put_in_place(&work, to)
}

/// An exhibit is linked where the file system allows it: it is on the disk already, and nothing writes to it again.
fn write_member(path: &Path, member: &Member) -> io::Result<()> {
    if let Source::Whole(from) = &member.from
        && fs::hard_link(from, path).is_ok()
    {
        return Ok(());
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let copied = io::copy(&mut member.open()?, &mut file)?;
    if copied != member.bytes {
        return Err(io::Error::other("the file changed while it was packed"));
    }
    file.sync_data()
}

fn write_archive(to: &Path, members: &[&Member]) -> Result<(), EvidenceError> {
    let work = unfinished(to);
    fs::create_dir_all(home(to)).map_err(EvidenceError::io("can't be made", home(to)))?;
    let file = File::create(&work).map_err(EvidenceError::io("can't be made", &work))?;
    let mut writer = Writer::new(BufWriter::with_capacity(256 << 10, file));
    let full = |_: Full| EvidenceError::TooLargeForArchive;
    for member in members {
        let from = member.open().map_err(EvidenceError::io("can't be read", Path::new(&member.path)))?;
        let added = writer.add(&member.path, member.crc, member.bytes, from);
        added.map_err(EvidenceError::io("can't be written", &work))?.map_err(full)?;
    }
    let buffered = writer.finish().map_err(EvidenceError::io("can't be written", &work))?.map_err(full)?;
    let mut file = buffered.into_inner().map_err(|e| EvidenceError::io("can't be written", &work)(e.into_error()))?;
    file.flush().and_then(|()| file.sync_all()).map_err(EvidenceError::io("can't be written", &work))?;
    put_in_place(&work, to)
}

fn write_tarball(to: &Path, members: &[&Member]) -> Result<(), EvidenceError> {
    if members.iter().map(|member| member.bytes).sum::<u64>() > MOST_UNPACKED {
        return Err(EvidenceError::TooLargeForArchive);
    }
    let work = unfinished(to);
    fs::create_dir_all(home(to)).map_err(EvidenceError::io("can't be made", home(to)))?;
    let file = File::create(&work).map_err(EvidenceError::io("can't be made", &work))?;
    let mut writer = TarWriter::new(BufWriter::with_capacity(256 << 10, file));
    for member in members {
        if !tarball::fits(&member.path, member.bytes) {
            return Err(EvidenceError::Name { name: member.path.clone() });
        }
        let from = member.open().map_err(EvidenceError::io("can't be read", Path::new(&member.path)))?;
        writer.add(&member.path, member.bytes, from).map_err(EvidenceError::io("can't be written", &work))?;
    }
    let buffered = writer.finish().map_err(EvidenceError::io("can't be written", &work))?;
    let file = buffered.into_inner().map_err(|e| EvidenceError::io("can't be written", &work)(e.into_error()))?;
    file.sync_all().map_err(EvidenceError::io("can't be written", &work))?;
    put_in_place(&work, to)
}
