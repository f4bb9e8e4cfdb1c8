//! Signing up as a child: a made-up birth date, and what is asked of a guardian on the way.

use crate::journal::entry::{AccountAct, AccountOutcome, Event, GuardianAsked, LimitKind};
use crate::ui::{Act, List, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;

/// Age of the made-up child in years: under fourteen, and old enough to use an app alone (ours).
const AGE: i16 = 10;
/// Characters of a window's words that are kept.
const MOST_WORDS: usize = 4_000;

/// What a guardian must be told (CAC order 4 of 2019, article 10), and the list of words for it.
const MATTERS: [(&str, List); 6] = [
    ("purpose, manner and scope", List::GuardianPurpose),
    ("place, period and end of storage", List::GuardianStorage),
    ("safeguards", List::GuardianSafeguards),
    ("what a refusal leads to", List::GuardianRefusal),
    ("how to complain", List::GuardianComplaints),
    ("how to correct and delete", List::GuardianCorrection),
];

impl Attempt<'_> {
    /// Makes an account with the birth date of a child, as the briefing says.
    pub async fn sign_up_as_child(&mut self, path: &str) -> Result<(), RunError> {
        let steps = self.order.briefing.as_ref().map(|b| b.sign_up_child.clone()).unwrap_or_default();
        if steps.is_empty() {
            return self.limit(LimitKind::NoAccount, "nobody wrote down how a child signs up in this app");
        }
        let today = jiff::Timestamp::from_millisecond(self.clock.now()).ok();
        let today = today.map(|now| jiff::tz::TimeZone::UTC.to_datetime(now).date());
        let Some(today) = today else { return Err(RunError::Scenario("the clock shows no date".into())) };
        // Half a year past the birthday, so that no time zone matters.
        let birth = today.checked_sub(jiff::Span::new().years(AGE).months(6)).unwrap_or(today);
        self.memory.child = Some((birth.to_string(), birth.year().to_string(), AGE.to_string()));
        self.memory.guardian_words.clear();
        let age = u32::try_from(AGE).unwrap_or_default();
        self.note(Event::ChildDeclared { birth_date: birth.to_string(), age })?;
        let taps = self.memory.taps;
        self.go_to_main().await?;
        let walked = Box::pin(self.walk(&steps, path)).await;
        if let Err(error) = &walked
            && error.is_final()
        {
            return walked;
        }
        let outcome = self.account_outcome(AccountAct::SignUp, walked, taps).await?;
        match outcome {
            AccountOutcome::Accepted | AccountOutcome::Refused | AccountOutcome::NotReached => Ok(()),
            outcome => Err(RunError::App(format!("the account was not taken: {outcome:?}"))),
        }
    }

    /// Fills in the made-up child's details.
    pub fn fill_child(&self, text: &str) -> String {
        let Some((date, year, age)) = &self.memory.child else { return text.to_owned() };
        let text = text.replace("${child.birth-date}", date).replace("${child.birth-year}", year);
        text.replace("${child.age}", age)
    }

    /// Writes down a window or page about a guardian's consent, each once.
    pub fn note_guardian(&mut self, screen: &Screen) -> Result<(), RunError> {
        if self.memory.child.is_none() || !self.in_front(screen) {
            return Ok(());
        }
        let words = words_of(&screen.tree, MOST_WORDS);
        let lexicon = self.order.lexicon.clone();
        if !lexicon.mentions(&words, List::Guardian) || self.memory.guardian_words.contains(&words) {
            return Ok(());
        }
        self.memory.guardian_words.push(words.clone());
        let refuses = |label: &str| {
            let acts = lexicon.act(label);
            acts.contains(&Act::Refuse) || acts.contains(&Act::Close)
        };
        let tree = &screen.tree;
        let pressable =
            tree.nodes.iter().enumerate().filter(|(id, n)| !n.checkable && tree.clickable_at(*id).is_some());
        let refuse = pressable.map(|(_, n)| n.label()).filter(|label| refuses(label)).map(str::to_owned).collect();
        let (matters, lacks): (Vec<_>, Vec<_>) = MATTERS.iter().partition(|(_, list)| lexicon.mentions(&words, *list));
        let named = |matters: Vec<&(&str, List)>| matters.into_iter().map(|(name, _)| (*name).to_owned()).collect();
        let asked =
            GuardianAsked { words, refuse, matters: named(matters), lacks: named(lacks), capture: screen.capture };
        self.note(Event::GuardianAsked(Box::new(asked))).map(drop)
    }
}

/// The words of a tree, cut.
pub(super) fn words_of(tree: &Tree, most: usize) -> String {
    tree.labels().collect::<Vec<_>>().join("\n").chars().take(most).collect()
}
