//! Redirections.

use std::sync::{Arc, Mutex};

use brush_parser::ast::{IoFileRedirectKind, IoFileRedirectTarget, IoHereDocument, IoRedirect};

use super::descriptors::Descriptor;
use super::flow::Flow;
use super::input::Input;
use super::output::{OpenFile, Output};
use super::state::Shell;
use crate::virtual_device::fs::{Device, FilesError, Kind, Open};

/// Permission bits of a file that a redirection makes: adbd's shell has no umask.
const NEW_FILE: u32 = 0o666;
/// Highest descriptor number.
const MAX_DESCRIPTOR: u32 = 255;

/// How a redirection opens its file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Write,
    /// As `Write`, but with `set -C` only where nothing is yet.
    New,
    Append,
    Update,
}

impl Shell {
    /// Applies redirections to this shell's descriptors; false (after a message) when one fails.
    pub async fn redirect(&mut self, redirections: &[&IoRedirect]) -> Result<bool, Flow> {
        for redirection in redirections {
            let done = match redirection {
                IoRedirect::File(number, kind, target) => self.redirect_file(*number, kind, target).await?,
                IoRedirect::HereDocument(number, document) => self.here_document(*number, document).await?,
                IoRedirect::HereString(number, word) => {
                    let text = self.text(&word.value).await? + "\n";
                    self.set_input(*number, text)
                }
                IoRedirect::OutputAndError(word, append) => {
                    let name = self.text(&word.value).await?;
                    let way = if *append { Way::Append } else { Way::Write };
                    let done = self.open_output(1, &name, way).await;
                    self.duplicate(2, "1").await && done
                }
            };
            if !done {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn redirect_file(
        &mut self,
        number: Option<i32>,
        kind: &IoFileRedirectKind,
        target: &IoFileRedirectTarget,
    ) -> Result<bool, Flow> {
        use IoFileRedirectKind as K;
        let usual = i32::from(!matches!(kind, K::Read | K::ReadAndWrite | K::DuplicateInput));
        let number = u32::try_from(number.unwrap_or(usual)).unwrap_or(u32::MAX);
        if number > MAX_DESCRIPTOR {
            self.complain(&format!("{number}: bad file descriptor")).await;
            return Ok(false);
        }
        let word = match target {
            IoFileRedirectTarget::Fd(other) => return Ok(self.duplicate(number, &other.to_string()).await),
            IoFileRedirectTarget::Filename(word) | IoFileRedirectTarget::Duplicate(word) => {
                self.text(&word.value).await?
            }
            IoFileRedirectTarget::ProcessSubstitution(..) => {
                return Err(self.die("syntax error: unexpected '('").await);
            }
        };
        Ok(match kind {
            K::Read => self.open_input(number, &word).await,
            K::Write if self.options.noclobber => self.open_output(number, &word, Way::New).await,
            K::Write | K::Clobber => self.open_output(number, &word, Way::Write).await,
            K::Append => self.open_output(number, &word, Way::Append).await,
            K::ReadAndWrite => self.open_output(number, &word, Way::Update).await,
            K::DuplicateInput | K::DuplicateOutput => self.duplicate(number, &word).await,
        })
    }

    async fn here_document(&mut self, number: Option<i32>, document: &IoHereDocument) -> Result<bool, Flow> {
        let raw = &document.doc.value;
        let text = if document.requires_expansion { self.document(raw).await? } else { raw.clone() };
        Ok(self.set_input(number, text))
    }

    fn set_input(&mut self, number: Option<i32>, text: String) -> bool {
        let number = u32::try_from(number.unwrap_or(0)).unwrap_or(0);
        self.descriptors.set(number, Descriptor::In(Input::bytes(Arc::new(text.into_bytes()))));
        true
    }

    async fn open_input(&mut self, number: u32, name: &str) -> bool {
        let path = self.absolute(name);
        let opened = self.machine.files().open(self.actor(), &path);
        let input = match opened {
            Ok(Kind::File(content)) => Input::bytes(content),
            Ok(Kind::Device(Device::Zero | Device::Full)) => Input::zeros(),
            Ok(Kind::Device(Device::Random)) => Input::noise(u64::from(self.next_random()) << 20 | 1),
            Ok(_) => Input::ended(),
            Err(error) => {
                self.complain(&format!("can't open {name}: {error}")).await;
                return false;
            }
        };
        self.descriptors.set(number, Descriptor::In(input));
        true
    }

    async fn open_output(&mut self, number: u32, name: &str, way: Way) -> bool {
        match self.open_file(name, way) {
            Ok(output) => {
                self.descriptors.set(number, Descriptor::Out(output));
                true
            }
            Err(error) => {
                self.complain(&format!("can't create {name}: {error}")).await;
                false
            }
        }
    }

    fn open_file(&self, name: &str, way: Way) -> Result<Output, FilesError> {
        let path = self.absolute(name);
        let actor = self.actor();
        let mut files = self.machine.files();
        if matches!(files.open(actor, &path), Ok(Kind::Device(Device::Null | Device::Zero | Device::Random))) {
            return Ok(Output::Nowhere);
        }
        if way == Way::New && files.stat(actor, &path).is_ok_and(|stat| stat.is_file()) {
            return Err(FilesError::Exists);
        }
        let open = if matches!(way, Way::Write | Way::New) { Open::Truncate } else { Open::Keep };
        let id = files.create(actor, &path, open, NEW_FILE)?;
        let offset = (way != Way::Append).then(|| Mutex::new(0));
        Ok(Output::File(Arc::new(OpenFile { machine: self.machine.clone(), id, uid: self.uid, offset })))
    }

    /// `n>&m`, `n<&m`, `n>&-`.
    async fn duplicate(&mut self, number: u32, other: &str) -> bool {
        if other == "-" {
            self.descriptors.close(number);
            return true;
        }
        let source = other.parse().ok().and_then(|other: u32| self.descriptors.get(other).cloned());
        let Some(source) = source else {
            self.complain(&format!("{other}: bad file descriptor")).await;
            return false;
        };
        self.descriptors.set(number, source);
        true
    }
}
