//! Words an author chooses from a list.

/// A choice from a short list of words.
pub trait Word: Copy + PartialEq + 'static {
    /// Every word with what it means, in the order a message lists them.
    const WORDS: &'static [(&'static str, Self)];

    /// What the word means; `None` for a word that is not in the list.
    fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
    }

    /// The word for it.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| *name)
    }
}

/// How the system's permission prompts are answered whenever one comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PromptPolicy {
    /// They are left; the scenario's steps answer.
    #[default]
    Ask,
    /// Everything is allowed.
    Allow,
    /// Everything is refused.
    Deny,
    /// Everything is refused, for good where the dialog offers it.
    DenyForGood,
    /// What the app's category does not need is refused, the rest allowed.
    DenyNonEssential,
}

/// How the app's own policy dialog is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConsentPolicy {
    /// It is accepted.
    Accept,
    /// It is refused.
    Refuse,
    /// It is left to the steps.
    #[default]
    Leave,
}

/// What can be answered to a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Granted without limit.
    Allow,
    /// Granted while the app is in use.
    AllowForeground,
    /// Granted this time.
    AllowOnce,
    /// Granted for chosen items (photos).
    AllowSelected,
    /// Refused.
    Deny,
    /// Refused, and not to be asked again.
    DenyForGood,
}

impl Word for PromptPolicy {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("ask", Self::Ask),
        ("allow", Self::Allow),
        ("deny", Self::Deny),
        ("deny-for-good", Self::DenyForGood),
        ("deny-non-essential", Self::DenyNonEssential),
    ];
}

impl Word for ConsentPolicy {
    const WORDS: &'static [(&'static str, Self)] =
        &[("accept", Self::Accept), ("refuse", Self::Refuse), ("leave", Self::Leave)];
}

impl Word for Answer {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("allow", Self::Allow),
        ("allow-foreground", Self::AllowForeground),
        ("allow-once", Self::AllowOnce),
        ("allow-selected", Self::AllowSelected),
        ("deny", Self::Deny),
        ("deny-for-good", Self::DenyForGood),
    ];
}

impl Word for bool {
    const WORDS: &'static [(&'static str, Self)] = &[("true", true), ("false", false)];
}
