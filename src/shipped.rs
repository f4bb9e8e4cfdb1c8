//! The files under `scenarios/`, carried inside the program.

/// A folder of shipped files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Scenarios.
    Scenarios,
    /// Apps of the virtual device.
    Specimens,
    /// What authors know of apps.
    Briefings,
    /// Examples of complaints.
    Complaints,
    /// Examples of plans.
    Plans,
}

/// Folder, name without ending, text; made by `build.rs`.
const FILES: &[(&str, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

impl Folder {
    fn path(self) -> &'static str {
        match self {
            Self::Scenarios => "",
            Self::Specimens => "specimens",
            Self::Briefings => "briefings",
            Self::Complaints => "complaints",
            Self::Plans => "plans",
        }
    }

    /// Name and text of every file, by name.
    pub fn files(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        FILES.iter().filter(move |(folder, _, _)| *folder == self.path()).map(|(_, name, text)| (*name, *text))
    }

    /// The text of one file; `zoo/NAME` names one in a folder below.
    pub fn file(self, name: &str) -> Option<&'static str> {
        let (below, stem) = name.rsplit_once('/').map_or((None, name), |(below, stem)| (Some(below), stem));
        let path = below.map_or_else(|| self.path().to_owned(), |below| format!("{}/{below}", self.path()));
        FILES.iter().find(|(folder, known, _)| *folder == path && *known == stem).map(|(_, _, text)| *text)
    }
}
