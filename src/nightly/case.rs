//! One app, one scenario, one profile.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::apk::App;
use crate::fleet::Wanted;
use crate::run::Secrets;
use crate::scenario::{Briefing, Scenario};

/// One app, one scenario, one profile.
#[derive(Clone)]
pub struct Case {
    /// Stable id: readable parts and a digest of what is run, safe as a folder name.
    pub id: String,
    /// The app.
    pub app: Arc<App>,
    /// An older version to upgrade from.
    pub older: Option<Arc<App>>,
    /// Category id of the catalogue.
    pub category: Option<String>,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// What an author knows of the app.
    pub briefing: Option<Arc<Briefing>>,
    /// The test account.
    pub secrets: Secrets,
    /// Which device.
    pub wanted: Wanted,
}

impl Case {
    /// Gives the case its id. `profile` is the profile's name, `round` the repeat from 1.
    pub fn named(mut self, profile: &str, round: u32) -> Self {
        let mut digest = Sha256::new();
        for file in &self.app.files {
            digest.update(file.sha256.as_bytes());
        }
        if let Some(older) = &self.older {
            older.files.iter().for_each(|file| digest.update(file.sha256.as_bytes()));
        }
        digest.update(self.scenario.digest().as_bytes());
        digest.update(self.wanted.to_string().as_bytes());
        digest.update(self.category.as_deref().unwrap_or_default().as_bytes());
        let tail: String = digest.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let mut parts = vec![plain(&self.app.facts.package), plain(&self.scenario.id)];
        if !profile.is_empty() {
            parts.push(plain(profile));
        }
        if round > 1 {
            parts.push(round.to_string());
        }
        self.id = format!("{}--{tail}", parts.join("--"));
        self
    }

    /// The app's label, else its package.
    pub fn app_name(&self) -> &str {
        let facts = &self.app.facts;
        if facts.label.is_empty() { &facts.package } else { &facts.label }
    }
}

/// A name that is safe as a part of a folder's: letters, digits, dots and hyphens, at most 80.
fn plain(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' };
    let name: String = name.chars().take(80).map(safe).collect();
    if name.trim_matches('.').is_empty() { "_".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_of_strangers_are_safe_in_paths() {
        assert_eq!(plain("com.example.app"), "com.example.app");
        assert_eq!(plain("../../etc/passwd"), ".._.._etc_passwd");
        assert_eq!(plain(".."), "_");
        assert_eq!(plain("a\0b\n地图"), "a_b___");
        assert_eq!(plain(&"x".repeat(500)).len(), 80);
    }
}
