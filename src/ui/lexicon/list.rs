//! Names of the lists of words.

use serde::Deserialize;

/// A list of words with one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// Names of policies and agreements.
    Policy,
    /// Buttons that accept a policy.
    ConsentAccept,
    /// Buttons that refuse a policy.
    ConsentRefuse,
    /// Names of things that hold a word of an answer: 撤回同意.
    NoAnswer,
    /// Words that turn an answer over when they stand right before it: 不允许.
    Negation,
    /// A reduced mode offered after a refusal.
    BasicMode,
    /// Buttons that close, skip or put off.
    Close,
    /// Parts of resource ids of such controls.
    CloseIds,
    /// That something is not to be had, or does not work.
    Lacking,
    /// In the name of a switch: that it may be one for what an app chooses.
    Recommending,
    /// In the name of a switch: that it is for advertisements.
    Advertising,
    /// And for more than these.
    BesideAdvertising,
    /// That a text was changed.
    Changed,
    /// Parts of resource ids of controls that lead to settings, the account, or more of a menu.
    PlaceIds,
    /// An app's plea for a permission.
    PermissionPlea,
    /// Signing in.
    SignIn,
    /// Signing up.
    SignUp,
    /// Signing out.
    SignOut,
    /// Buttons that carry out what was asked.
    Confirm,
    /// Buttons of a message that only take note of it.
    Acknowledge,
    /// Buttons that carry out a deletion of the account.
    DeletionConfirm,
    /// Words of leaving or closing, which on a page about the account's deletion carry it out.
    DeletionLeave,
    /// Controls that keep the account.
    DeletionStay,
    /// Buttons that turn something off.
    TurnOff,
    /// Controls that leave something turned on.
    KeepOn,
    /// A field's name: a code that is sent.
    CodeField,
    /// A field's name: whose account it is.
    AccountField,
    /// A field's name: why.
    ReasonField,
    /// Before words that a person is to type: type DELETE.
    TypePhrase,
    /// Handing something over.
    HandOver,
    /// That something is not demanded.
    NotDemanded,
    /// Questions that make sure.
    Confirmation,
    /// The account is gone.
    DeletionDone,
    /// That signing in calls a deletion off.
    DeletionCalledOff,
    /// The account will be gone, later.
    DeletionPending,
    /// The account stays.
    DeletionRefused,
    /// Signing in was refused.
    SignInRefused,
    /// Advertisement and promotion.
    Promotion,
    /// An update of the app.
    Update,
    /// An app's refusal to work on an emulator.
    EmulatorRefused,
    /// Tabs that lead to one's own pages.
    MainTabs,
    /// In a policy: that something is collected.
    Collecting,
    /// What something is for.
    Purpose,
    /// In a policy: how what was collected is handled.
    Handling,
    /// In a policy: who is behind the app.
    Operator,
    /// In a policy: how they are reached.
    Contact,
    /// In a policy: how long what was collected is kept.
    Retention,
    /// In a policy: that consent can be taken back.
    Withdrawal,
    /// Terms that a layman stumbles over.
    Jargon,
    /// Reasons that serve the operator: better service, experience, research, pushing, control of risks.
    Improvement,
    /// Things promised in exchange.
    Reward,
    /// Sensitive personal information, as fields of a form name it.
    SensitiveInfo,
    /// Deeds that give sensitive information without a field: a scan of the face, a picture of the card.
    SensitiveDeed,
    /// The face, as a page that verifies by it speaks of it.
    Face,
    /// Other ways to verify than by the face.
    OtherVerification,
    /// Consent given to one thing apart from all others.
    SeparateConsent,
    /// Sending a file or picture of one's own.
    Upload,
    /// Controls that download or install something.
    Download,
    /// Renewal by itself.
    Renewal,
    /// Content chosen for one person.
    Personalised,
    /// A mode for the young.
    YoungMode,
    /// A guardian's consent.
    Guardian,
    /// Apps and pages meant for children.
    ForChildren,
    /// What a guardian must be told: purpose, manner and scope.
    GuardianPurpose,
    /// What a guardian must be told: place, period, and what happens when it ends.
    GuardianStorage,
    /// What a guardian must be told: safeguards.
    GuardianSafeguards,
    /// What a guardian must be told: what a refusal leads to.
    GuardianRefusal,
    /// What a guardian must be told: how to complain.
    GuardianComplaints,
    /// What a guardian must be told: how to correct and delete.
    GuardianCorrection,
    /// Controls of an app that lead to granting a permission.
    PermissionGrant,
    /// Demands of a deletion that prove whose account it is, or that it is meant.
    DeletionProof,
    /// Units of a waiting time that last a day.
    Days,
    /// Units of a waiting time that last about thirty days.
    Months,
    /// A time counted in working days.
    WorkingDays,
    /// Controls that paste.
    Paste,
    /// Whole labels of controls that lead back.
    NavigateUp,
    /// Signs of money.
    Money,
    /// A page that says of something that it can't be undone.
    Irreversible,
    /// Words of leaving, which may be for good.
    Leaving,
    /// That whoever goes on agrees.
    AgreesByGoingOn,
}

/// Words that tell one of several things by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Names {
    /// Permission groups, as windows of apps speak of what they open.
    Spoken,
    /// Permission groups, as policies and lists declare what they open.
    Declared,
    /// Permission groups, as an app says beforehand what it asks for.
    Purpose,
    /// Permission groups, as rows of the system's page of an app's permissions name them.
    PermissionRow,
    /// Demands beyond what the deletion of an account needs.
    DeletionDemand,
}
