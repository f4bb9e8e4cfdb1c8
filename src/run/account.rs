//! The test account: sign in, ask for its deletion, see whether it still signs in.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::entry::{AccountAct, AccountOutcome, Control, Event, LimitKind, SeekOutcome};
use crate::scenario::Condition;
use crate::ui::{Act, Concept, List, Node, Selector, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::form::field_name;
use super::look::Screen;
use super::page::{TARGET, leads_back, warns};

/// Screens a person walks through between asking for the deletion and its end before giving up (ours).
const MOST_PAGES: u32 = 10;

/// What was met on the way to a deletion.
#[derive(Default)]
struct Way {
    conditions: Vec<String>,
    words: String,
}

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
        let told = self.until(patience, |tree| {
            let find = |c: Option<&Condition>| match c {
                Some(Condition::View(selector)) => selector.find_all(tree, &lexicon).first().copied(),
                _ => None,
            };
            let words = |node: usize| tree.nodes[node].label().to_owned();
            find(no)
                .map(|n| (AccountOutcome::Refused, words(n)))
                .or_else(|| find(yes).map(|n| (AccountOutcome::Accepted, words(n))))
        });
        let told = told.await?;
        self.look("account").await?;
        Ok(told.map_or((AccountOutcome::Unclear, String::new()), |(told, _)| told))
    }

    /// Asks for the account's deletion at the place the last search found, and walks to the end of it.
    pub async fn request_deletion(&mut self) -> Result<AccountOutcome, RunError> {
        let taps = self.memory.taps;
        let act = AccountAct::RequestDeletion;
        if !self.order.scenario.allow_irreversible {
            return Err(RunError::Scenario("request-deletion needs `allow-irreversible: true` in the scenario".into()));
        }
        if self.memory.sought != Some((Concept::AccountDeletion, SeekOutcome::Found)) {
            return self.write_account(act, AccountOutcome::NotReached, String::new(), taps, Vec::new());
        }
        let mut way = Way::default();
        let outcome = self.walk_deletion(&mut way).await?;
        self.memory.deletion = Some(outcome);
        self.write_account(act, outcome, way.words, taps, way.conditions)
    }

    async fn walk_deletion(&mut self, way: &mut Way) -> Result<AccountOutcome, RunError> {
        let concept = Selector { concept: Some(Concept::AccountDeletion), ..Selector::default() };
        let (mut screen, node) = self.find(&concept, Duration::from_secs(2)).await?;
        self.press_node(&screen, node, "account").await?;
        let mut confirmed = false;
        let begun = screen.signature.clone();
        for page in 0..MOST_PAGES {
            let patience = self.patience(Duration::from_millis(2500), 5);
            let Some(tree) = self.until_changed(&screen.tree, patience).await? else {
                return Ok(if page == 0 { AccountOutcome::NoEffect } else { AccountOutcome::Unclear });
            };
            if self.system_dialog(&tree).is_some() {
                self.clear_way().await?;
            } else {
                self.steady().await?;
            }
            screen = self.look("account").await?;
            way.words = self.page_words(&screen.tree);
            if let Some(outcome) = self.told_outcome(&way.words) {
                return Ok(outcome);
            }
            if !self.in_front(&screen) {
                return Ok(AccountOutcome::Unclear);
            }
            if screen.signature == begun {
                // Something that was pressed led back to where the way began.
                return Ok(AccountOutcome::Unclear);
            }
            self.fill_page(&screen, way).await?;
            screen = self.look("account").await?;
            let Some(next) = self.next_control(&screen.tree) else {
                if !self.ways_on(&screen.tree).is_empty() || warns(&self.order.lexicon, &screen.tree) {
                    // It may go on by a control whose words are not known for it.
                    return Ok(AccountOutcome::Unclear);
                }
                if confirmed {
                    // It was confirmed, and what the app said of it was gone before it could be read.
                    return Ok(AccountOutcome::Unclear);
                }
                way.demand(format!("the page leads no further: {}", way.words.replace('\n', " / ")));
                return Ok(AccountOutcome::Refused);
            };
            self.memory.last_tap = Some((next.label.clone(), self.clock.elapsed()));
            confirmed |= self.order.lexicon.is(&next.label, List::DeletionConfirm);
            self.press(&screen, &next, "account").await?;
        }
        Ok(AccountOutcome::Unclear)
    }

    /// Waits until the screen stands still, without meeting what comes up: a confirmation is part of the way.
    async fn steady(&mut self) -> Result<(), RunError> {
        let end = self.clock.elapsed() + self.patience(Duration::from_millis(1500), 4);
        let mut last: Arc<Tree> = self.peek().await?;
        while self.clock.elapsed() < end {
            self.pause(Duration::from_millis(150)).await?;
            let tree = self.peek().await?;
            if *tree == *last {
                return Ok(());
            }
            last = tree;
        }
        Ok(())
    }

    /// The words of a page, masked before they are cut.
    fn page_words(&self, tree: &Tree) -> String {
        let words = self.order.secrets.mask(&tree.labels().collect::<Vec<_>>().join("\n"));
        words.chars().take(1_000).collect()
    }

    fn told_outcome(&self, words: &str) -> Option<AccountOutcome> {
        let lexicon = &self.order.lexicon;
        if lexicon.mentions(words, List::DeletionRefused) {
            Some(AccountOutcome::Refused)
        } else if lexicon.mentions(words, List::DeletionPending) {
            Some(AccountOutcome::Pending)
        } else if lexicon.mentions(words, List::DeletionDone) {
            Some(AccountOutcome::Accepted)
        } else {
            None
        }
    }

    /// Ticks boxes and fills fields that the account can fill; every demand is a condition.
    async fn fill_page(&mut self, screen: &Screen, way: &mut Way) -> Result<(), RunError> {
        for node in screen.tree.nodes.iter().filter(|n| n.enabled) {
            if node.checkable && !node.checked {
                way.demand(format!("tick: {}", node.label()));
                let control = Control { label: node.label().to_owned(), bounds: node.bounds };
                self.press(screen, &control, "account").await?;
            } else if node.class.ends_with("EditText") {
                let name = field_name(&screen.tree, node);
                way.demand(format!("fill in: {name}"));
                let secret = if node.password { "account.password" } else { "account.user" };
                if let Some(value) = self.order.secrets.get(secret).map(str::to_owned) {
                    let control = Control { label: name, bounds: node.bounds };
                    self.press(screen, &control, "account").await?;
                    self.type_text(&value, secret).await?;
                }
            }
        }
        Ok(())
    }

    /// The control that leads on to the deletion: its confirmation, else what accepts.
    fn next_control(&self, tree: &Tree) -> Option<Control> {
        let lexicon = &self.order.lexicon;
        let find = |list: List| {
            let fits = |n: &Node| n.enabled && !n.checkable && lexicon.is(n.label(), list);
            // The last one: dialogs put the affirmative button last, pages put it at the bottom.
            let (id, node) =
                tree.nodes.iter().enumerate().rfind(|(id, n)| fits(n) && tree.clickable_at(*id).is_some())?;
            let bounds = tree.nodes[tree.clickable_at(id)?].bounds;
            Some(Control { label: node.label().to_owned(), bounds })
        };
        let named = find(List::DeletionConfirm).or_else(|| find(List::Confirm)).or_else(|| find(List::ConsentAccept));
        named.or_else(|| {
            // Whatever it is called: what neither refuses nor leads back goes on, when there is but one.
            let mut ways = self.ways_on(tree);
            let only = ways.pop().filter(|_| ways.is_empty())?;
            // Who asks for a deletion pays and calls nobody; on a page that warns, the deed is the deletion.
            let label = only.label.as_str();
            let asks =
                lexicon.score(label, Concept::ComplaintChannel) >= TARGET || lexicon.mentions(label, List::Money);
            let deed = !lexicon.is_never(label) || warns(lexicon, tree);
            (deed && !asks).then_some(only)
        })
    }

    /// Buttons of a page that neither refuse, close, nor lead back, nor open a text.
    fn ways_on(&self, tree: &Tree) -> Vec<Control> {
        let lexicon = &self.order.lexicon;
        let stays = |label: &str| {
            let acts = lexicon.act(label);
            acts.contains(&Act::Close) || acts.contains(&Act::Refuse) || leads_back(lexicon, label)
        };
        let is_button = |n: &Node| n.enabled && n.clickable && !n.checkable && n.class.ends_with("Button");
        let ways = tree.nodes.iter().filter(|n| is_button(n) && !n.label().is_empty() && !stays(n.label()));
        let opens =
            |n: &&Node| lexicon.mentions(n.label(), List::Policy) || lexicon.is(n.label(), List::DeletionRefused);
        ways.filter(|n| !opens(n)).map(|n| Control { label: n.label().to_owned(), bounds: n.bounds }).collect()
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

    fn write_account(
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

impl Way {
    /// Adds a demand once, cut at 400 characters.
    fn demand(&mut self, condition: String) {
        let condition: String = condition.chars().take(400).collect();
        if !self.conditions.contains(&condition) {
            self.conditions.push(condition);
        }
    }
}
