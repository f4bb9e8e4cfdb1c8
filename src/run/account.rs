//! The test account: sign in, and see whether it still signs in once it was deleted.

use std::time::Duration;

use crate::journal::entry::{AccountAct, AccountOutcome, Event, LimitKind, PopupRole};
use crate::scenario::Condition;
use crate::ui::Tree;

use super::attempt::Attempt;
use super::error::RunError;

impl Attempt<'_> {
    /// Signs up or in with the test account, as the briefing says.
    pub async fn use_account(&mut self, path: &str, act: AccountAct) -> Result<AccountOutcome, RunError> {
        let taps = self.memory.taps;
        let briefing = self.order.briefing.clone();
        let steps = briefing.as_ref().map(|b| if act == AccountAct::SignUp { &b.sign_up } else { &b.sign_in });
        let Some(steps) = steps.filter(|steps| !steps.is_empty()) else {
            self.limit(
                LimitKind::NoAccount,
                "nobody wrote down how to sign in to this app, or no test account was given",
            )?;
            return Ok(AccountOutcome::NotReached);
        };
        self.go_to_main().await?;
        let walked = Box::pin(self.walk(steps, path)).await;
        self.account_outcome(act, walked, taps).await
    }

    /// Writes down how a way to sign up or in ended.
    pub async fn account_outcome(
        &mut self,
        act: AccountAct,
        walked: Result<(), RunError>,
        taps: u32,
    ) -> Result<AccountOutcome, RunError> {
        if let Err(error) = walked {
            if error.is_final() {
                return Err(error);
            }
            return self.write_account(act, AccountOutcome::Unclear, error.to_string(), taps, Vec::new());
        }
        let briefing = self.order.briefing.clone();
        let conditions = briefing.as_ref().map(|b| (b.signed_in.as_ref(), b.sign_in_refused.as_ref()));
        let (yes, no) = conditions.unwrap_or_default();
        let (outcome, words) = self.signed_in(yes, no).await?;
        self.write_account(act, outcome, words, taps, Vec::new())
    }

    /// Whether a test account and the way to sign in with it are at hand.
    pub fn has_account(&self) -> bool {
        let way = self.order.briefing.as_ref().is_some_and(|briefing| !briefing.sign_in.is_empty());
        way && self.order.secrets.get("account.user").is_some()
    }

    async fn signed_in(
        &mut self,
        yes: Option<&Condition>,
        no: Option<&Condition>,
    ) -> Result<(AccountOutcome, String), RunError> {
        let lexicon = self.order.lexicon.clone();
        let patience = self.patience(Duration::from_secs(4), 6);
        let told_by = |tree: &Tree| {
            let find = |c: Option<&Condition>| match c {
                Some(Condition::View(selector)) => selector.find_all(tree, &lexicon).first().copied(),
                _ => None,
            };
            let words = |node: usize| tree.nodes[node].label().to_owned();
            find(no)
                .map(|n| (AccountOutcome::Refused, words(n)))
                .or_else(|| find(yes).map(|n| (AccountOutcome::Accepted, words(n))))
        };
        let mut told = self.until(patience, told_by).await?;
        if told.is_none() && self.close_message().await? {
            told = self.until(Duration::from_secs(1), told_by).await?;
        }
        self.look("account").await?;
        Ok(told.map_or((AccountOutcome::Unclear, String::new()), |(told, _)| told))
    }

    /// Closes a message that greets whoever signed in: it covers the page that would tell. True when there was one.
    async fn close_message(&mut self) -> Result<bool, RunError> {
        let screen = self.look("account").await?;
        let seen = self.popup_on(&screen.tree).filter(|seen| seen.role == PopupRole::Message && !seen.close.is_empty());
        let Some(seen) = seen else { return Ok(false) };
        let at = self.open_popup(&screen, &seen).await?;
        self.close_popup(&screen, seen, at).await?;
        Ok(true)
    }

    /// Starts the app anew and tries to sign in with the account that was deleted.
    pub async fn check_account_deleted(&mut self, path: &str) -> Result<AccountOutcome, RunError> {
        let act = AccountAct::SignInAfterDeletion;
        match self.memory.deletion {
            Some(AccountOutcome::Accepted | AccountOutcome::Pending) => {
                self.stop_app().await?;
                self.launch_app().await?;
                match self.still_signed_in().await? {
                    Some(words) => {
                        self.write_account(act, AccountOutcome::Accepted, words, self.memory.taps, Vec::new())
                    }
                    None => self.use_account(path, act).await,
                }
            }
            _ => self.write_account(act, AccountOutcome::NotReached, String::new(), self.memory.taps, Vec::new()),
        }
    }

    /// What shows that somebody is signed in already, when the app's first screen does.
    async fn still_signed_in(&mut self) -> Result<Option<String>, RunError> {
        let briefing = self.order.briefing.clone();
        let Some(Condition::View(selector)) = briefing.as_ref().and_then(|b| b.signed_in.as_ref()) else {
            return Ok(None);
        };
        let screen = self.go_to_main().await?;
        let shown = selector.find_all(&screen.tree, &self.order.lexicon).first().copied();
        Ok(shown.map(|node| screen.tree.nodes[node].label().to_owned()))
    }

    pub(super) fn write_account(
        &mut self,
        act: AccountAct,
        outcome: AccountOutcome,
        words: String,
        taps_before: u32,
        conditions: Vec<String>,
    ) -> Result<AccountOutcome, RunError> {
        let taps = self.memory.taps - taps_before;
        self.memory.signed_in = act != AccountAct::RequestDeletion && outcome == AccountOutcome::Accepted;
        self.note(Event::Account { act, outcome, words, taps, conditions })?;
        Ok(outcome)
    }
}
