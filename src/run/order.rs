//! What one attempt is asked to do.

use std::sync::Arc;

use crate::android::Jar;
use crate::apk::App;
use crate::catalogue::Catalogue;
use crate::journal::digest;
use crate::journal::entry::{AddedWords, AppFacts, AppFile, CaseOpened, ConsentPolicy, Digest, PromptPolicy};
use crate::scenario::{self, Briefing, Scenario};
use crate::ui::{Added, Lexicon};

use super::observer::Observer;
use super::secret::Secrets;

/// What one attempt is asked to do.
#[derive(Clone)]
pub struct Order {
    /// Stable id of the case.
    pub case: String,
    /// Which try, from 1.
    pub attempt: u32,
    /// Purpose of the run, free text.
    pub purpose: String,
    /// The app under test.
    pub app: Arc<App>,
    /// An older version to upgrade from.
    pub older: Option<Arc<App>>,
    /// Category id of the catalogue.
    pub category: Option<String>,
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// SHA-256 of the scenario file.
    pub scenario_digest: Digest,
    /// What its author knows of the app.
    pub briefing: Option<Arc<Briefing>>,
    /// The rules, for what the category needs.
    pub catalogue: Arc<Catalogue>,
    /// The words apps use.
    pub lexicon: Arc<Lexicon>,
    /// The test account.
    pub secrets: Secrets,
    /// Programs that look on.
    pub observers: Vec<Observer>,
    /// SHA-256 of the program file, when it could be read.
    pub program_digest: Option<Digest>,
    /// A program that makes hierarchies faster than the stock command, when the user named one.
    pub accelerator: Option<Jar>,
}

/// News of an attempt, for whoever shows progress.
pub type Report<'a> = &'a (dyn Fn(&str) + Send + Sync);

impl Order {
    /// The first entry of the journal.
    pub fn opening(&self) -> CaseOpened {
        CaseOpened {
            case: self.case.clone(),
            attempt: self.attempt,
            purpose: self.purpose.clone(),
            app: facts(&self.app),
            category: self.category.clone(),
            scenario: self.scenario.id.clone(),
            scenario_title: self.scenario.title.clone(),
            scenario_digest: self.scenario_digest.clone(),
            scenario_verbs: self.scenario.verbs(),
            prompts: prompt_policy(self.scenario.prompts),
            consent: consent_policy(self.scenario.consent),
            catalogue_digest: self.catalogue.digest().to_owned(),
            lexicon: added(&self.lexicon),
            program: concat!("appwitness ", env!("CARGO_PKG_VERSION")).to_owned(),
            program_digest: self.program_digest.clone(),
        }
    }

    /// Whether the app's category needs this permission for its basic function.
    pub fn is_essential(&self, permission: &str) -> bool {
        let category = self.category.as_deref().and_then(|id| self.catalogue.category(id));
        category.is_some_and(|category| category.needs_permission(permission))
    }
}

/// The words that were given beside the program's own, as the journal tells them.
fn added(lexicon: &Lexicon) -> Vec<AddedWords> {
    let told = |added: &Added| AddedWords {
        file: added.file.clone(),
        sha256: digest::of(added.text.as_bytes()),
        text: added.text.clone(),
    };
    lexicon.added().iter().map(told).collect()
}

/// The app's facts as the journal tells them.
pub fn facts(app: &App) -> AppFacts {
    let files = app.files.iter().map(|f| AppFile { name: f.name.clone(), sha256: f.sha256.clone(), bytes: f.bytes });
    AppFacts {
        package: app.facts.package.clone(),
        label: app.facts.label.clone(),
        version_code: app.facts.version_code,
        version_name: app.facts.version_name.clone(),
        min_sdk: app.facts.min_sdk,
        target_sdk: app.facts.target_sdk,
        permissions: app.facts.permissions.iter().map(|p| p.name.clone()).collect(),
        launcher: app.facts.launcher.clone(),
        icon: app.facts.icon.clone(),
        certificates: app.facts.certificates.clone(),
        files: files.collect(),
    }
}

/// The author's word as the journal writes it.
pub(super) fn prompt_policy(written: scenario::PromptPolicy) -> PromptPolicy {
    match written {
        scenario::PromptPolicy::Ask => PromptPolicy::Ask,
        scenario::PromptPolicy::Allow => PromptPolicy::Allow,
        scenario::PromptPolicy::Deny => PromptPolicy::Deny,
        scenario::PromptPolicy::DenyForGood => PromptPolicy::DenyForGood,
        scenario::PromptPolicy::DenyNonEssential => PromptPolicy::DenyNonEssential,
    }
}

/// The author's word as the journal writes it.
pub(super) fn consent_policy(written: scenario::ConsentPolicy) -> ConsentPolicy {
    match written {
        scenario::ConsentPolicy::Accept => ConsentPolicy::Accept,
        scenario::ConsentPolicy::Refuse => ConsentPolicy::Refuse,
        scenario::ConsentPolicy::Leave => ConsentPolicy::Leave,
    }
}
