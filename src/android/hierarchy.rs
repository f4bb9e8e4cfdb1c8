//! Having the device dump its view hierarchy.

use std::time::Duration;

use super::Android;
use super::accelerator::Accelerator;
use super::error::{AndroidError, HierarchyFailure};
use super::parse::parse_hierarchy;
use crate::ui::Tree;

/// Where the device writes a hierarchy before we read it.
pub(super) const DUMP: &str = "/data/local/tmp/appwitness-ui.xml";
/// How long to try. One dump takes 3 to 5 s on the slowest captured device; a screen in motion is waited for 10 s.
const TRIES_FOR: Duration = Duration::from_secs(25);
/// Pause before another try.
const PAUSE: Duration = Duration::from_millis(200);
/// Longest answer taken, in bytes: the longest hierarchy, and some words.
const LONGEST: usize = 11 << 20;

/// A view hierarchy.
#[derive(Clone, Debug, PartialEq)]
pub struct Hierarchy {
    /// The XML as the device wrote it.
    pub xml: Vec<u8>,
    /// The same, read.
    pub tree: Tree,
    /// What made it: `uiautomator`, or the accelerator by its file's name and the beginning of its SHA-256.
    pub by: String,
}

impl Android {
    /// The view hierarchy of the window in front. What `uiautomator` can't do at once (screen in motion, another
    /// client, just booted) is tried again until a deadline of 25 s.
    pub async fn hierarchy(&self) -> Result<Hierarchy, AndroidError> {
        let clock = self.device().clock();
        let mut alone = self.uiautomation().await;
        let started = clock.elapsed();
        loop {
            let left = TRIES_FOR.saturating_sub(clock.elapsed() - started).max(Duration::from_secs(1));
            let failure = match self.dump(&mut alone, left).await? {
                Ok(hierarchy) => return Ok(hierarchy),
                Err(failure) => failure,
            };
            let hopeless = failure == HierarchyFailure::Missing;
            if hopeless || clock.elapsed() - started + PAUSE >= TRIES_FOR {
                return Err(AndroidError::NoHierarchy(failure));
            }
            clock.sleep(PAUSE).await;
        }
    }

    /// One dump: by the accelerator when there is one that can be asked, else by the stock command.
    async fn dump(
        &self,
        accelerator: &mut Option<Accelerator>,
        within: Duration,
    ) -> Result<Result<Hierarchy, HierarchyFailure>, AndroidError> {
        if let Some(accelerator) = accelerator.as_mut().filter(|accelerator| accelerator.is_usable()) {
            match accelerator.hierarchy(self.device()).await {
                Ok(outcome) => return Ok(outcome),
                Err(error) if error.is_final() => return Err(error),
                // It is stopped by now.
                Err(_) => {}
            }
        }
        let answer = self.device().exec(&dump_command(), within, LONGEST).await?;
        Ok(read_dump(&answer))
    }

    /// Removes what a dump leaves on the device that was cut off: by a lost device, or a shell that was killed.
    pub async fn tidy(&self) -> Result<(), AndroidError> {
        self.device().shell(&format!("rm -f {DUMP}"), Duration::from_secs(5)).await?;
        Ok(())
    }
}

/// An older dump is deleted first: a failing `uiautomator` leaves it in place.
fn dump_command() -> String {
    format!("rm -f {DUMP}; uiautomator dump {DUMP} 2>&1; echo; cat {DUMP} 2>/dev/null; rm -f {DUMP}")
}

/// Tells a hierarchy from the words of a failure.
pub(super) fn read_dump(answer: &[u8]) -> Result<Hierarchy, HierarchyFailure> {
    let at = find(answer, b"<?xml").or_else(|| find(answer, b"<hierarchy"));
    let Some(at) = at else {
        return Err(failure(&String::from_utf8_lossy(answer)));
    };
    let end = rfind(answer, b"</hierarchy>").map_or(answer.len(), |end| end + b"</hierarchy>".len());
    let xml = answer[at..end.max(at)].to_vec();
    let tree = parse_hierarchy(&xml)?;
    Ok(Hierarchy { xml, tree, by: "uiautomator".to_owned() })
}

/// Failures as captured; most come on standard output with exit status 0.
fn failure(words: &str) -> HierarchyFailure {
    let words = words.trim();
    if words.contains("could not get idle state") {
        HierarchyFailure::NotIdle
    } else if words.contains("null root node") {
        HierarchyFailure::NullRoot
    } else if words.contains("already registered!") {
        HierarchyFailure::Busy
    } else if words.starts_with("Killed") {
        HierarchyFailure::Killed
    } else if words.contains("not found") {
        HierarchyFailure::Missing
    } else if words.is_empty() {
        HierarchyFailure::Silent
    } else {
        HierarchyFailure::Other(words.lines().next().unwrap_or_default().chars().take(200).collect())
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(bytes, what)
}
