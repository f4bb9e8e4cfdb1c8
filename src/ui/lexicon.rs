//! The words apps use for a concept, per language: what to look for, what leads there, what never to press.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something every app should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Concept {
    /// Where the account can be deleted.
    AccountDeletion,
    /// The privacy policy.
    PrivacyPolicy,
    /// The list of personal information collected.
    PersonalInfoList,
    /// The list of third-party SDKs.
    SdkList,
    /// The switch that turns personalised recommendation off.
    RecommendationSwitch,
    /// Where permissions are managed.
    PermissionManagement,
    /// Where a complaint can be sent.
    ComplaintChannel,
    /// Where one's data can be viewed or copied.
    DataCopy,
    /// Where one's information can be corrected.
    CorrectInfo,
    /// Signing out.
    LogOut,
    /// A guardian's consent.
    GuardianConsent,
    /// The rules for children.
    ChildrenPolicy,
    /// Where a subscription is cancelled.
    SubscriptionCancel,
}

/// All words, per concept and language.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {}
