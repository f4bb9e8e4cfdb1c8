//! Installing and uninstalling packages.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::call::Call;
use super::device::Device;
use super::error::AdbError;
use super::quote::quote;
use super::wire::{Link, Trouble};

/// Where packages are put on devices that can't take them as a stream.
const STAGING: &str = "/data/local/tmp";
/// Most that a package manager may answer, in bytes.
const LONGEST_ANSWER: usize = 256 << 10;
/// How long removing a staged file may take.
const TIDIES_WITHIN: Duration = Duration::from_secs(10);

/// How to install.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstallOptions {
    /// Replace an installed version, keeping its data (`-r`).
    pub replace: bool,
    /// Allow a lower version code (`-d`).
    pub downgrade: bool,
    /// Allow packages marked test-only (`-t`).
    pub test: bool,
    /// Grant all runtime permissions (`-g`). An evidence run leaves it off.
    pub grant: bool,
}

impl InstallOptions {
    fn flags(self) -> String {
        let chosen = [(self.replace, " -r"), (self.downgrade, " -d"), (self.test, " -t"), (self.grant, " -g")];
        chosen.iter().filter(|(on, _)| *on).map(|(_, flag)| *flag).collect()
    }
}

struct Part<'a> {
    path: &'a Path,
    bytes: u64,
    name: String,
}

impl Device {
    /// Installs one APK or the splits of one app. A refusal carries Android's code.
    pub async fn install(&self, files: &[PathBuf], options: &InstallOptions, within: Duration) -> Result<(), AdbError> {
        let parts = files.iter().map(|path| part(path)).collect::<Result<Vec<_>, _>>()?;
        let doing = format!("install {}", parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>().join(", "));
        let streams = self.has_feature("cmd").await?;
        let call = self.call(&doing);
        match (parts.as_slice(), streams) {
            ([], _) => {
                let message = "no file to install was given".to_owned();
                Err(AdbError::Refused { doing, code: String::new(), message })
            }
            ([one], true) => {
                let command = format!("cmd package install{} -S {}", options.flags(), one.bytes);
                call.run(within, stream_file(call, &command, one)).await.map(drop)
            }
            ([one], false) => self.install_staged(call, one, options, within).await,
            (many, _) => call.run(within, self.install_session(call, many, options, streams)).await,
        }
    }

    /// Removes a package with its data.
    pub async fn uninstall(&self, package: &str, within: Duration) -> Result<(), AdbError> {
        let doing = format!("uninstall {package}");
        let program = if self.has_feature("cmd").await? { "cmd package" } else { "pm" };
        let output = self.shell(&format!("{program} uninstall {}", quote(package)), within).await?;
        judge(&output.all_text()).map_err(|trouble| self.call(&doing).explain(trouble)).map(drop)
    }

    async fn install_staged(
        &self,
        call: Call<'_>,
        part: &Part<'_>,
        options: &InstallOptions,
        within: Duration,
    ) -> Result<(), AdbError> {
        let staged = format!("{STAGING}/{}", part.name);
        let result = async {
            self.push_file(part.path, &staged, 0o644, within).await?;
            let output = self.shell(&format!("pm install{} {}", options.flags(), quote(&staged)), within).await?;
            judge(&output.all_text()).map_err(|trouble| call.explain(trouble)).map(drop)
        }
        .await;
        let tidied = self.shell(&format!("rm -f {}", quote(&staged)), TIDIES_WITHIN).await;
        result.and(tidied.map(drop))
    }

    async fn install_session(
        &self,
        call: Call<'_>,
        parts: &[Part<'_>],
        options: &InstallOptions,
        streams: bool,
    ) -> Result<(), Trouble> {
        let program = if streams { "cmd package" } else { "pm" };
        let total: u64 = parts.iter().map(|part| part.bytes).sum();
        let created = run(call, &format!("{program} install-create{} -S {total}", options.flags())).await?;
        let id = session_id(&judge(&created)?)?;
        for (index, part) in parts.iter().enumerate() {
            let name = quote(&format!("{index}_{}", part.name));
            // `-` reads the file from the stream; every package manager since Android 5 knows it.
            let write = format!("{program} install-write -S {} {id} {name} -", part.bytes);
            if let Err(trouble) = stream_file(call, &write, part).await {
                let _ = run(call, &format!("{program} install-abandon {id}")).await;
                return Err(trouble);
            }
        }
        judge(&run(call, &format!("{program} install-commit {id}")).await?).map(drop)
    }
}

fn part(path: &Path) -> Result<Part<'_>, AdbError> {
    let broken = |source| AdbError::File { path: path.to_owned(), source };
    let facts = std::fs::metadata(path).map_err(broken)?;
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    // Package managers of old releases choke on spaces and other shell words in split names.
    let safe = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let name: String = name.chars().map(safe).collect();
    let name = if name.ends_with(".apk") { name } else { format!("{name}.apk") };
    Ok(Part { path, bytes: facts.len(), name })
}

/// Runs a command that reads one file from its input; returns its words when it succeeded.
async fn stream_file(call: Call<'_>, command: &str, part: &Part<'_>) -> Result<String, Trouble> {
    let broken = |source| Trouble::File { path: part.path.to_owned(), source };
    let mut file = tokio::fs::File::open(part.path).await.map_err(broken)?;
    let mut link = call.open(&format!("exec:{command}")).await?;
    let sent = send(&mut file, &mut link).await;
    // A device that refuses early closes before it has read everything: its words matter more than our write.
    let answer = link.rest(LONGEST_ANSWER).await;
    let text = String::from_utf8_lossy(answer.as_deref().unwrap_or_default()).into_owned();
    if text.trim().is_empty() {
        sent?;
        answer?;
        return Err(Trouble::Cut("the package manager said nothing".to_owned()));
    }
    judge(&text)
}

async fn send(file: &mut tokio::fs::File, link: &mut Link) -> Result<(), Trouble> {
    tokio::io::copy_buf(&mut tokio::io::BufReader::with_capacity(64 << 10, file), &mut link.stream).await?;
    Ok(link.stream.flush().await?)
}

async fn run(call: Call<'_>, command: &str) -> Result<String, Trouble> {
    let printed = call.open(&format!("exec:{command} </dev/null")).await?.rest(LONGEST_ANSWER).await?;
    Ok(String::from_utf8_lossy(&printed).into_owned())
}

/// `Success…` is success; `Failure [CODE: words]`, `Error: …` or an exception is a refusal.
fn judge(text: &str) -> Result<String, Trouble> {
    if let Some(line) = text.lines().map(str::trim).find(|line| line.starts_with("Success")) {
        return Ok(line.to_owned());
    }
    let said = text.lines().map(str::trim).find(|line| line.starts_with("Failure") || line.starts_with("Error"));
    let Some(line) = said.or_else(|| text.lines().map(str::trim).find(|line| !line.is_empty())) else {
        return Err(Trouble::Cut("the package manager said nothing".to_owned()));
    };
    // It ends every line it says, or closes its bracket: half an answer tells nothing of the app.
    if !text.ends_with(['\n', ']']) && text.ends_with(line) {
        return Err(Trouble::Cut(format!("the package manager's answer broke off: {line:?}")));
    }
    let inner = line.split_once('[').map_or(line, |(_, rest)| rest.trim_end_matches(']'));
    let (code, message) = inner.split_once(": ").unwrap_or((inner, ""));
    let is_code = !code.is_empty() && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if is_code && line.starts_with("Failure") {
        return Err(Trouble::Refused { code: code.to_owned(), message: message.to_owned() });
    }
    Err(Trouble::Refused { code: String::new(), message: line.to_owned() })
}

/// `Success: created install session [ID]`.
fn session_id(line: &str) -> Result<u64, Trouble> {
    let inside = line.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(id, _)| id);
    inside.and_then(|id| id.parse().ok()).ok_or_else(|| Trouble::Nonsense(format!("no session number in {line:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> (String, String) {
        match judge(text) {
            Err(Trouble::Refused { code, message }) => (code, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reads_the_package_managers_words() {
        assert_eq!(judge("\tpkg: /data/local/tmp/a.apk\nSuccess\n").unwrap(), "Success");
        assert!(judge("Success: streamed 9 bytes\n").is_ok());
        let (code, message) = refusal("Failure [INSTALL_FAILED_USER_RESTRICTED: Install canceled by user]\n");
        assert_eq!((code.as_str(), message.as_str()), ("INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user"));
        assert_eq!(refusal("Failure [DELETE_FAILED_INTERNAL_ERROR]\n").0, "DELETE_FAILED_INTERNAL_ERROR");
        assert_eq!(refusal("\njava.lang.SecurityException: no\n\tat x\n").1, "java.lang.SecurityException: no");
        for broken in ["\n", "Succe", "Failure [INSTALL_FAI", "Fail"] {
            assert!(matches!(judge(broken), Err(Trouble::Cut(_))), "{broken}");
        }
        assert_eq!(session_id("Success: created install session [1832506101]").unwrap(), 1_832_506_101);
    }

    #[test]
    fn flags_follow_the_options() {
        assert_eq!(InstallOptions::default().flags(), "");
        assert_eq!(InstallOptions { replace: true, test: true, ..InstallOptions::default() }.flags(), " -r -t");
    }
}
