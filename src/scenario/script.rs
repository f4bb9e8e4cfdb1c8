//! A scenario: what to do with any app.

use std::collections::BTreeMap;

use super::source::{Located, Source};
use super::step::Step;
use super::words::{ConsentPolicy, PromptPolicy};

/// A scenario file.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The file it came from.
    pub source: Source,
    /// Its id: small letters, digits and hyphens.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// What it is for, at length; may be empty.
    pub description: String,
    /// What must be there, or the scenario is not run.
    pub needs: Needs,
    /// How permission prompts are answered.
    pub prompts: PromptPolicy,
    /// How the app's policy dialog is answered.
    pub consent: ConsentPolicy,
    /// Whether a step may confirm what cannot be undone, such as the deletion of an account.
    pub allow_irreversible: bool,
    /// Names a step's text may use as `${name}`; already filled in.
    pub parameters: BTreeMap<String, String>,
    /// What is done.
    pub steps: Vec<Located<Step>>,
}

/// What a scenario needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The device reaches a network.
    pub network: bool,
    /// A test account: the app's briefing says how to sign in.
    pub account: bool,
    /// An older version of the app, to be installed first.
    pub older_version: bool,
    /// A device whose shell can run as root.
    pub root: bool,
}

impl Scenario {
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub fn digest(&self) -> String {
        self.source.digest()
    }

    /// The verbs that occur, each once, in the order of their first use, also inside other steps.
    pub fn verbs(&self) -> Vec<String> {
        let mut verbs = Vec::new();
        collect_verbs(&self.steps, &mut verbs);
        verbs
    }
}

fn collect_verbs(steps: &[Located<Step>], verbs: &mut Vec<String>) {
    for step in steps {
        if !verbs.iter().any(|known| known == step.value.verb()) {
            verbs.push(step.value.verb().to_owned());
        }
        for inner in step.value.inner() {
            collect_verbs(std::slice::from_ref(inner), verbs);
        }
    }
}
