//! Names of files that match a pattern.

use super::pattern::{Mark, Pattern, is_pattern};
use crate::virtual_device::fs::{Actor, Files, path};

/// Most names one pattern may yield.
const MAX_NAMES: usize = 20_000;

/// Paths that match, in order; empty when none does.
pub(super) fn expand(files: &Files, actor: Actor, cwd: &str, field: &[Mark]) -> Vec<String> {
    let mut found = vec![String::new()];
    let parts: Vec<&[Mark]> = field.split(|(c, _)| *c == '/').collect();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        found = step(files, actor, cwd, &found, part);
        if !last {
            for path in &mut found {
                path.push('/');
            }
        }
        found.truncate(MAX_NAMES);
    }
    found.retain(|found| files.link_stat(actor, &path::absolute(cwd, found)).is_ok());
    found.sort();
    found
}

fn step(files: &Files, actor: Actor, cwd: &str, before: &[String], part: &[Mark]) -> Vec<String> {
    if !is_pattern(part) {
        let name: String = part.iter().map(|(c, _)| c).collect();
        return before.iter().map(|path| format!("{path}{name}")).collect();
    }
    let pattern = Pattern::new(part);
    let mut found = Vec::new();
    for folder in before {
        let absolute = path::absolute(cwd, if folder.is_empty() { "." } else { folder });
        for (name, _) in files.list(actor, &absolute).unwrap_or_default() {
            let hidden = name.starts_with('.') && !pattern.begins_with_dot();
            if !hidden && found.len() < MAX_NAMES && pattern.matches(&name.chars().collect::<Vec<_>>()) {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    found
}
