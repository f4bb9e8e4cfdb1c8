//! Findings that a journal can't decide, and what the run would have to offer.

/// Finding and reason.
pub(super) const REASONS: &[(&str, &str)] = &[
    ("recommendation-not-labelled", "feeds were not read for labels"),
    ("complaint-not-answered-in-time", "a complaint is sent by a person, not by this run"),
    ("forced-or-silent-download", "downloads were not watched"),
    ("misleading-download-control", "downloads were not watched"),
    ("shake-to-jump-too-sensitive", "no sensor movement was played"),
    ("whole-screen-jump", "splash screens were not tapped beside their controls"),
    ("autorenewal-preticked", "no purchase page was opened"),
    (
        "chained-start",
        "who started another app's process is not in the event log, and no other app was installed to be woken",
    ),
    ("no-guardian-consent", "no child's birth date was given at registration"),
    ("children-consent-incomplete", "no guardian's window was opened"),
    ("children-forced-non-necessary", "the run did not use a minor's account or mode"),
    ("sdk-not-declared", "the app's code was not searched for SDKs, and the network was not watched"),
    ("undisclosed-third-party-transfer", "the network was not watched"),
    ("cleartext-transmission", "the network was not watched"),
];
