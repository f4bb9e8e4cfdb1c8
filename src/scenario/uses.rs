//! Scenarios within scenarios: `use` takes the steps of another file.

use super::Scenario;
use super::mistake::{Mistake, Mistakes};
use super::source::{Located, Source};
use super::step::Step;

/// How deep files may use each other.
const DEEPEST: usize = 8;
/// Most files one scenario may use, counted each time (a file that uses two others twice each …).
const MOST: usize = 100;

/// Finds a scenario by the name a step gives and the file the step stands in: what messages call it, and its text; or
/// why it can't be had.
pub type Load<'a> = &'a dyn Fn(&str, &str) -> Result<(String, String), String>;

impl Scenario {
    /// Reads the scenarios that are used, with their parameters set, and those that they use. What a used file says of
    /// prompts, consent and needs is its own affair and not taken over; what cannot be undone must be allowed here.
    pub fn resolve(&mut self, load: Load<'_>) -> Result<(), Mistakes> {
        let mut used = Vec::new();
        let source = self.source.clone();
        fill(&mut self.steps, &source, self.allow_irreversible, 0, load, &mut used)?;
        self.used = used;
        Ok(())
    }
}

fn fill(
    steps: &mut [Located<Step>],
    source: &Source,
    irreversible: bool,
    depth: usize,
    load: Load<'_>,
    used: &mut Vec<Source>,
) -> Result<(), Mistakes> {
    for step in steps {
        let at = step.at;
        let wrong =
            |message: String| Mistakes::new(source, vec![Mistake { at, width: "use".len(), message, hint: None }]);
        match &mut step.value {
            Step::Use { scenario, with, steps } => {
                if depth == DEEPEST || used.len() == MOST {
                    return Err(wrong(format!("`{scenario}`: files use each other too deep or too often")));
                }
                let (name, text) = load(scenario, &source.name).map_err(wrong)?;
                let mut inner = Scenario::parse_with(&name, &text, with)?;
                if inner.allow_irreversible && !irreversible {
                    let hint = "say `allow-irreversible: true` at the top of this file too";
                    return Err(wrong(format!("`{scenario}` does what cannot be undone; {hint}")));
                }
                used.push(inner.source.clone());
                fill(&mut inner.steps, &inner.source.clone(), irreversible, depth + 1, load, used)?;
                *steps = inner.steps;
            }
            Step::When { then, otherwise, .. } => {
                fill(then, source, irreversible, depth, load, used)?;
                fill(otherwise, source, irreversible, depth, load, used)?;
            }
            Step::Repeat { steps, .. } => fill(steps, source, irreversible, depth, load, used)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(name: &str, from: &str) -> Result<(String, String), String> {
        assert!(from.ends_with(".yaml"));
        let text = match name {
            "inner" => "scenario: inner\ntitle: I\nparameters: {city: Bonn}\nsteps:\n  - type: 'to ${city}'\n",
            "loop" => "scenario: loop\ntitle: L\nsteps:\n  - use: loop\n",
            "deed" => {
                "scenario: deed\ntitle: D\nallow-irreversible: true\nneeds: {account: true}\nsteps: [request-deletion]\n"
            }
            _ => return Err(format!("there is no scenario `{name}`")),
        };
        Ok((format!("{name}.yaml"), text.to_owned()))
    }

    fn resolved(steps: &str) -> Result<Scenario, String> {
        let text = format!("scenario: outer\ntitle: O\nsteps:\n{steps}");
        let mut scenario = Scenario::parse("outer.yaml", &text).map_err(|told| told.to_string())?;
        scenario.resolve(&files).map_err(|told| told.to_string())?;
        Ok(scenario)
    }

    fn typed(scenario: &Scenario) -> Vec<String> {
        let inner = scenario.steps.iter().flat_map(|step| step.value.inner());
        inner.map(|step| format!("{:?}", step.value)).collect()
    }

    #[test]
    fn the_steps_of_another_file_come_with_its_parameters_or_ours() {
        let scenario = resolved("  - use: inner\n  - use: {scenario: inner, with: {city: 北京}}\n").unwrap();
        let typed = typed(&scenario);
        assert!(typed[0].contains("to Bonn") && typed[1].contains("to 北京"), "{typed:?}");
        assert_eq!(scenario.verbs(), ["use", "type"]);
        assert_ne!(scenario.digest(), scenario.source.digest(), "the digest covers the used files");
    }

    #[test]
    fn what_cannot_be_used_is_told_where_it_is_asked_for() {
        let none = resolved("  - back\n  - use: nowhere\n").unwrap_err();
        assert!(none.starts_with("outer.yaml:5:5: there is no scenario `nowhere`"), "{none}");
        let round = resolved("  - use: loop\n").unwrap_err();
        assert!(round.contains("too deep"), "{round}");
        let unknown = resolved("  - use: {scenario: inner, with: {town: x}}\n").unwrap_err();
        assert!(unknown.contains("inner.yaml") && unknown.contains("no parameter `town`"), "{unknown}");
        let deed = resolved("  - use: deed\n").unwrap_err();
        assert!(deed.contains("allow-irreversible"), "{deed}");
    }
}
