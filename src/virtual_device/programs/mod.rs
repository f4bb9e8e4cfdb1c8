//! Which programs there are. Each room keeps its own table; this is the chain of them.

mod releases;

use super::process::Program;
use super::profile::Profile;

/// Names and programs of one room.
pub type Table = &'static [(&'static str, Program)];

/// Every room's table. An earlier one wins.
const TABLES: &[fn() -> Table] = &[
    super::shell::table,
    super::system::programs::table,
    super::toys::table,
    super::screen::programs::table,
    super::screen::automator::table,
    super::network::table,
];

/// The program of that name (no path).
pub fn find(name: &str) -> Option<Program> {
    let found = TABLES.iter().find_map(|table| table().iter().find(|(known, _)| *known == name));
    found.map(|(_, program)| *program)
}

/// The names of the programs a device of this profile has in `/system/bin`.
pub fn names(profile: &Profile) -> Vec<&'static str> {
    let all = TABLES.iter().flat_map(|table| table()).map(|(name, _)| *name);
    let there = |name: &&str| match *name {
        "cmd" => profile.has_cmd,
        "bugreportz" => profile.api >= 24,
        "locksettings" => profile.api >= 27,
        // Of debug builds only.
        "su" | "tcpdump" => profile.rooted,
        other => profile.api >= releases::since(other),
    };
    let mut names: Vec<&str> = all.filter(there).collect();
    names.sort_unstable();
    names.dedup();
    names
}
