//! Whose host it is: companies whose code or servers stand in many apps.

use serde::Deserialize;

const FILE: &str = include_str!("third-parties.yaml");

/// A company whose code or servers stand in many apps.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThirdParty {
    /// Its name.
    pub name: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Words by which lists and policies name it, in small letters.
    pub also: Vec<String>,
    /// Its hosts: these names and all below them.
    pub hosts: Vec<String>,
    /// Packages of its code.
    pub code: Vec<String>,
}

/// The list of them.
#[derive(Clone, Debug, Default)]
pub struct ThirdParties(Vec<ThirdParty>);

impl ThirdParties {
    /// The list that ships. A file that can't be read is an empty list; a test reads it.
    pub fn builtin() -> Self {
        Self(serde_yaml::from_str(FILE).unwrap_or_default())
    }

    /// Whose host this is, when it is one of theirs.
    pub fn of_host(&self, host: &str) -> Option<&ThirdParty> {
        let below =
            |name: &String| host == name || host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'));
        self.0.iter().find(|party| party.hosts.iter().any(below))
    }
}

impl ThirdParty {
    /// Whether a text names it.
    pub fn is_named_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let words = self.also.iter().chain(&self.hosts);
        words.into_iter().any(|word| stands(&text, word))
    }

    /// Whether an app of this package is its own.
    pub fn owns(&self, package: &str) -> bool {
        self.code
            .iter()
            .any(|code| package == code || package.strip_prefix(code.as_str()).is_some_and(|r| r.starts_with('.')))
    }
}

/// Whether a word stands in a text and, when it is Latin, is no part of another.
fn stands(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let inner = |c: Option<char>| word.is_ascii() && c.is_some_and(|c| c.is_ascii_alphanumeric());
        !inner(text[..at].chars().next_back()) && !inner(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_and_no_host_stands_twice() {
        let list: Vec<ThirdParty> = serde_yaml::from_str(FILE).unwrap();
        let mut hosts: Vec<&String> = list.iter().flat_map(|party| &party.hosts).collect();
        let all = hosts.len();
        hosts.sort();
        hosts.dedup();
        assert!(list.len() > 30 && hosts.len() == all);
        for party in &list {
            assert!(party.also.iter().all(|word| *word == word.to_lowercase()), "{}", party.name);
        }
    }

    #[test]
    fn a_host_is_theirs_with_all_below_it() {
        let list = ThirdParties::builtin();
        assert_eq!(list.of_host("ulogs.umeng.com").unwrap().name, "Umeng+");
        assert!(list.of_host("umeng.com.example.org").is_none() && list.of_host("notumeng.com").is_none());
        let umeng = list.of_host("umeng.com").unwrap();
        assert!(
            umeng.is_named_in("使用友盟统计SDK")
                && umeng.is_named_in("Umeng Analytics")
                && !umeng.is_named_in("xumengx")
        );
        assert!(umeng.owns("com.umeng.app") && !umeng.owns("com.umengx"));
    }
}
