//! A file of faults: `faults:` and a list of rules.

use serde::Deserialize;

use super::rule::Rule;

/// Largest file that is read, in bytes.
const LARGEST: usize = 1 << 20;
/// Most rules of one file.
const MOST: usize = 1_000;

/// Why a file of faults can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// More text than is read.
    #[error("{0} bytes are too many for a file of faults")]
    TooLarge(usize),
    /// No YAML, an unknown key, an unknown fault.
    #[error("{0}")]
    Yaml(String),
    /// More rules than a device takes.
    #[error("{0} faults are too many")]
    TooMany(usize),
    /// A rule that contradicts itself.
    #[error("fault {number} ({kind}): {why}")]
    Rule {
        /// Its number, from 1.
        number: usize,
        /// What it does.
        kind: String,
        /// What is wrong.
        why: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    faults: Vec<Rule>,
}

/// Reads a file of faults.
///
/// # Errors
/// [`PlanError`]: what is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Rule>, PlanError> {
    bounded(text)?;
    let plan: Plan = serde_yaml::from_str(text).map_err(|error| PlanError::Yaml(error.to_string()))?;
    checked(plan.faults)
}

/// Reads one rule, written `{fault: stall, service: dump}`.
///
/// # Errors
/// [`PlanError`]: what is wrong with it.
pub fn parse_one(text: &str) -> Result<Rule, PlanError> {
    bounded(text)?;
    let rule: Rule = serde_yaml::from_str(text).map_err(|error| PlanError::Yaml(error.to_string()))?;
    checked(vec![rule]).map(|mut rules| rules.remove(0))
}

fn bounded(text: &str) -> Result<(), PlanError> {
    if text.len() > LARGEST { Err(PlanError::TooLarge(text.len())) } else { Ok(()) }
}

fn checked(rules: Vec<Rule>) -> Result<Vec<Rule>, PlanError> {
    if rules.len() > MOST {
        return Err(PlanError::TooMany(rules.len()));
    }
    let mistake = rules.iter().enumerate().find_map(|(at, rule)| Some((at, rule, rule.mistake()?)));
    match mistake {
        Some((at, rule, why)) => Err(PlanError::Rule { number: at + 1, kind: format!("{:?}", rule.fault), why }),
        None => Ok(rules),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_device::fault::rule::Kind;

    #[test]
    fn a_file_is_read_and_its_mistakes_are_told() {
        let rules = parse(
            "faults:\n- {fault: stall, service: 'shell', after-calls: 3, for: 2s}\n- {fault: clock-jump, at: 5s, by: -47h}\n",
        )
        .unwrap();
        assert_eq!((rules[0].fault, rules[0].after_calls, rules[0].times), (Kind::Stall, 3, 1));
        assert_eq!(rules[1].by.unwrap().millis, -47 * 3_600_000);
        for (wrong, word) in [
            ("faults: [{fault: flood}]", "flood"),
            ("faults: [{fault: cut, sevice: x}]", "sevice"),
            ("faults: [{fault: cut, program: ls}]", "name a service"),
            ("faults: [{fault: null-root, service: ls}]", "neither"),
            ("faults: [{fault: clock-jump}]", "takes `by`"),
            ("faults: [{fault: stall, times: 0}]", "at least 1"),
        ] {
            let said = parse(wrong).unwrap_err().to_string();
            assert!(said.contains(word), "{wrong}: {said}");
        }
        assert_eq!(parse_one("{fault: reboot, for: 1s}").unwrap().fault, Kind::Reboot);
    }
}
