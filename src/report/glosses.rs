//! The catalogue's English texts in Chinese, for readers of a report.

use std::collections::BTreeMap;

use super::words::Both;

const FILE: &str = include_str!("glosses.yaml");

/// English texts of the catalogue and what they are in Chinese.
pub struct Glosses(BTreeMap<String, String>);

impl Glosses {
    /// Those that are carried in the program.
    pub fn builtin() -> Self {
        // The file is part of the program and read by a test; without it the texts stay English.
        Self(serde_yaml::from_str(FILE).unwrap_or_default())
    }

    /// A text in both languages; one of a newer catalogue stays as it is.
    pub fn both(&self, english: &str) -> Both {
        Both::new(self.0.get(english).map_or("", String::as_str), english)
    }

    /// Where in an instrument a rule stands: a number is the same in both languages, and a hyphen says that it has none.
    pub fn item(&self, item: &str) -> Both {
        let item = if item == "-" { "" } else { item };
        Both::new(self.0.get(item).map_or(item, String::as_str), item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_text_that_a_page_shows_of_the_catalogue_is_there_in_chinese() {
        let (catalogue, glosses) = (Catalogue::builtin(), Glosses::builtin());
        let bases = catalogue.findings().iter().flat_map(|rule| rule.legal_basis.iter().chain(&rule.advisory_basis));
        let paraphrases = bases.clone().map(|basis| &basis.paraphrase);
        let beware = catalogue.findings().iter().flat_map(|rule| &rule.beware);
        let binding = catalogue.instruments().values().map(|instrument| &instrument.binding);
        let in_words = |item: &&String| item.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.len() > 1);
        let items = bases.clone().map(|basis| &basis.item).filter(in_words);
        let shown: Vec<&String> = paraphrases.chain(beware).chain(binding).chain(items).collect();
        assert!(shown.len() > 250, "{}", shown.len());
        let chinese = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        let without: Vec<_> = shown.iter().filter(|text| !chinese(&glosses.both(text).zh)).collect();
        assert!(without.is_empty(), "not in glosses.yaml: {without:#?}");
        let unused: Vec<_> = glosses.0.keys().filter(|text| !shown.contains(text)).collect();
        assert!(unused.is_empty(), "the catalogue says them no longer: {unused:#?}");
    }
}
