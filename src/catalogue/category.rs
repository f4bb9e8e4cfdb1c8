//! The 39 categories of apps, and what each may call necessary.

use serde::Deserialize;

/// A category of apps, of the rule `necessary-info-2021`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Number in article 5.
    pub number: u32,
    /// Where it stands in the rule, for example `5(1)`.
    pub article_item: String,
    /// Our id, for example `map-navigation`.
    pub id: String,
    /// Official name.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The basic function, which must not be refused for want of information that is not necessary.
    pub basic_function: String,
    /// Whether the basic function needs any personal information at all.
    pub needs_personal_info: bool,
    /// Whether the rule names the registered mobile number; where it does not, a sign-in wall is checkable.
    pub registered_phone_listed: bool,
    /// What the rule calls necessary; empty for "none".
    #[serde(deserialize_with = "necessary")]
    pub necessary_info: Vec<NecessaryInfo>,
    /// Cases in which the list differs.
    pub sub_cases: Vec<SubCase>,
    /// Permissions that the necessary information could by itself call for.
    pub android_permissions_justified: Vec<String>,
    /// Permissions acceptable only at the moment the user starts that very action.
    pub android_permissions_on_user_action: Vec<String>,
    /// How the two lists were inferred.
    pub permissions_note: String,
    /// False when the justified list is empty by the rule's own words.
    pub permissions_are_inference: bool,
    /// How the basic function can be tried.
    pub basic_function_probe: String,
    /// Where it was read.
    pub source: String,
    /// How well that was read; see SOURCES.md.
    pub confidence: String,
}

/// A piece of necessary information.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NecessaryInfo {
    /// Our word for it.
    pub item: String,
    /// The rule's words.
    #[serde(default)]
    pub zh: Option<String>,
    /// More exactly.
    #[serde(default)]
    pub detail: Option<String>,
    /// Only when this holds.
    #[serde(default)]
    pub condition: Option<String>,
}

/// A case in which a category's list differs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubCase {
    /// The case.
    pub case: String,
    /// What differs.
    pub effect: String,
}

impl Category {
    /// Whether the category's necessary information calls for this permission (full name).
    pub fn needs_permission(&self, permission: &str) -> bool {
        self.android_permissions_justified.iter().any(|known| known == permission)
    }

    /// Whether the permission (full name) is acceptable when the user starts the very action it serves.
    pub fn allows_on_action(&self, permission: &str) -> bool {
        self.android_permissions_on_user_action.iter().any(|known| known == permission)
    }
}

/// The list, or the word `none`.
fn necessary<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<NecessaryInfo>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<NecessaryInfo>),
        Word(String),
    }
    match Written::deserialize(from)? {
        Written::List(list) => Ok(list),
        Written::Word(word) if word == "none" => Ok(Vec::new()),
        Written::Word(word) => Err(serde::de::Error::custom(format!("expected a list or `none`, not `{word}`"))),
    }
}
