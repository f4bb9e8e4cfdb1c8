//! What is looked for in apps.

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
    /// Where consent that was given is taken back.
    WithdrawConsent,
}

impl Concept {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::AccountDeletion,
        Self::PrivacyPolicy,
        Self::PersonalInfoList,
        Self::SdkList,
        Self::RecommendationSwitch,
        Self::PermissionManagement,
        Self::ComplaintChannel,
        Self::DataCopy,
        Self::CorrectInfo,
        Self::LogOut,
        Self::GuardianConsent,
        Self::ChildrenPolicy,
        Self::SubscriptionCancel,
        Self::WithdrawConsent,
    ];

    /// The name as written in scenarios, for example `account-deletion`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountDeletion => "account-deletion",
            Self::PrivacyPolicy => "privacy-policy",
            Self::PersonalInfoList => "personal-info-list",
            Self::SdkList => "sdk-list",
            Self::RecommendationSwitch => "recommendation-switch",
            Self::PermissionManagement => "permission-management",
            Self::ComplaintChannel => "complaint-channel",
            Self::DataCopy => "data-copy",
            Self::CorrectInfo => "correct-info",
            Self::LogOut => "log-out",
            Self::GuardianConsent => "guardian-consent",
            Self::ChildrenPolicy => "children-policy",
            Self::SubscriptionCancel => "subscription-cancel",
            Self::WithdrawConsent => "withdraw-consent",
        }
    }
}
