//! The way to an account's deletion: from where a search found it to its end. An explanation of what a deletion does is not
//! its acceptance: what a page tells counts once it asks for nothing more.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::entry::{AccountAct, AccountOutcome, Control, SeekOutcome};
use crate::ui::{Concept, Lexicon, List, Names, Node, Selector, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::form::field_name;
use super::look::Screen;
use super::page::warns;
use super::proof::{Proof, proof};
use super::ways::{Ways, awaited};

/// Screens a person walks through between asking for the deletion and its end before giving up (ours).
const MOST_PAGES: u32 = 10;
/// How long a control that counts down is waited for (ours: apps count down five to sixty seconds).
const COUNTDOWN: Duration = Duration::from_secs(70);
/// How long another control that can't be pressed yet is waited for (ours).
const COMES_SOON: Duration = Duration::from_secs(6);
/// Longest line of a page that states a demand, in characters (ours).
const LONGEST_DEMAND: usize = 160;
/// How long the operator has to tell a code.
const CODE_WITHIN: Duration = Duration::from_secs(180);
/// Why a deletion is asked for, where the app wants to know (ours).
const REASON: &str = "no longer used";
/// Parts of the packages of the system's own parts: what is shown there is no way out of the app.
pub(super) const OF_THE_SYSTEM: [&str; 8] =
    ["launcher", "home", "systemui", "settings", "documentsui", "providers.media", "photopicker", "mediaprovider"];

/// What was met on the way to a deletion.
#[derive(Default)]
struct Way {
    conditions: Vec<String>,
    words: String,
    /// What an earlier page told that was only taken note of.
    told: Option<AccountOutcome>,
    /// Lines of the pages that say that signing in calls the deletion off.
    calls_off: Vec<String>,
    /// A control was pressed that carries the deletion out.
    confirmed: bool,
}

/// How the fields and boxes of a page were dealt with.
#[derive(PartialEq, Eq)]
enum Filled {
    /// There were none to fill in.
    Nothing,
    /// All for which there was something.
    Some,
    /// What only somebody else knows is missing.
    Lacking,
}

impl Attempt<'_> {
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
        let kept: Vec<String> = way.calls_off.into_iter().filter(|line| !way.words.contains(line)).collect();
        way.words = kept.into_iter().chain([way.words]).collect::<Vec<_>>().join("\n");
        self.write_account(act, outcome, way.words, taps, way.conditions)
    }

    async fn walk_deletion(&mut self, way: &mut Way) -> Result<AccountOutcome, RunError> {
        let concept = Selector { concept: Some(Concept::AccountDeletion), ..Selector::default() };
        let (mut screen, node) = self.find(&concept, Duration::from_secs(2)).await?;
        self.press_node(&screen, node, "account").await?;
        let begun = screen.signature.clone();
        let mut filled = Filled::Nothing;
        for page in 0..MOST_PAGES {
            let patience = self.patience(Duration::from_millis(2500), 5);
            let Some(tree) = self.until_changed(&screen.tree, patience).await? else {
                // A refusal of what was typed in may be a short message that no hierarchy shows.
                let dead = filled == Filled::Nothing && way.told.is_none();
                return Ok(if dead { AccountOutcome::NoEffect } else { way.end() });
            };
            if self.system_dialog(&tree).is_some() {
                self.clear_way().await?;
            } else {
                self.steady().await?;
            }
            screen = self.look("account").await?;
            way.words = self.page_words(&screen.tree);
            self.note_called_off(&screen.tree, way);
            if !self.in_front(&screen) {
                return Ok(outside(way, &screen));
            }
            if screen.signature == begun {
                // Something that was pressed led back to where the way began.
                return Ok(way.end());
            }
            if let Some(outcome) = self.told(way, page, &screen.tree) {
                return Ok(outcome);
            }
            self.note_demands(&screen.tree, way);
            filled = self.fill_page(&screen, way).await?;
            if filled == Filled::Lacking {
                return Ok(AccountOutcome::Unclear);
            }
            screen = self.awaited_control().await?;
            let ways = Ways::of(&self.order.lexicon, &screen.tree);
            let Some(next) = ways.next() else {
                return Ok(self.dead_end(way, &ways, &screen.tree));
            };
            if self.order.lexicon.is(&next.label, List::Upload) {
                way.demand(format!("upload: {}", next.label));
                return Ok(AccountOutcome::Unclear);
            }
            way.confirmed |= ways.carries_out(&next) || warns(&self.order.lexicon, &screen.tree);
            self.memory.last_tap = Some((next.label.clone(), self.clock.elapsed()));
            self.press(&screen, &next, "account").await?;
        }
        Ok(AccountOutcome::Unclear)
    }

    /// What a page tells of the deletion's end, when it is that: the page that the entry opens explains what will be, and so
    /// does one that asks for more.
    fn told(&self, way: &mut Way, page: u32, tree: &Tree) -> Option<AccountOutcome> {
        let ways = Ways::of(&self.order.lexicon, tree);
        let asks = ways.ask() || tree.nodes.iter().any(|n| n.enabled && is_to_fill(n));
        let Some(told) = self.told_outcome(&way.words) else {
            let over = !asks || !speaks_of_deletion(&self.order.lexicon, tree);
            return way.told.filter(|_| over);
        };
        let end = match told {
            AccountOutcome::Refused => !asks,
            AccountOutcome::Accepted => page > 0 && (!asks || (way.confirmed && ways.are_one())),
            _ => page > 0 && !asks,
        };
        if end && !way.confirmed && told != AccountOutcome::Refused && ways.only_take_note() {
            // It may be a notice before the deed: what comes after it shows.
            way.told = Some(told);
            return None;
        }
        end.then_some(told)
    }

    /// How a way ends on a page that has nothing known to press.
    fn dead_end(&self, way: &mut Way, ways: &Ways, tree: &Tree) -> AccountOutcome {
        // It may go on by a control whose words are not known for it; or it was confirmed, and what the app said of it was gone
        // before it could be read.
        if !ways.are_none() || way.confirmed || warns(&self.order.lexicon, tree) {
            return AccountOutcome::Unclear;
        }
        way.demand(format!("the page leads no further: {}", way.words.replace('\n', " / ")));
        AccountOutcome::Refused
    }

    /// A look at the page once the control that leads on can be pressed, or was waited for.
    async fn awaited_control(&mut self) -> Result<Screen, RunError> {
        let screen = self.look("account").await?;
        let lexicon = self.order.lexicon.clone();
        let Some(label) = awaited(&lexicon, &screen.tree) else { return Ok(screen) };
        let limit = if label.chars().any(|c| c.is_ascii_digit()) { COUNTDOWN } else { COMES_SOON };
        let comes = |tree: &Tree| awaited(&lexicon, tree).is_none().then_some(());
        match self.until_seen(limit, comes).await? {
            Some(_) => self.look("account").await,
            None => Ok(screen),
        }
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

    /// Lines that say that whoever signs in calls the deletion off: whoever looks whether it was done signs in.
    fn note_called_off(&self, tree: &Tree, way: &mut Way) {
        let lines = tree.labels().filter(|line| line.chars().count() <= LONGEST_DEMAND);
        for line in lines.filter(|line| self.order.lexicon.mentions(line, List::DeletionCalledOff)) {
            let line = self.order.secrets.mask(line);
            if !way.calls_off.contains(&line) {
                way.calls_off.push(line);
            }
        }
    }

    /// Lines by which a page demands a document, a face or a fee: what is sent by mail, or picked, has no field.
    fn note_demands(&self, tree: &Tree, way: &mut Way) {
        let lexicon = &self.order.lexicon;
        for line in tree.labels().filter(|line| line.chars().count() <= LONGEST_DEMAND) {
            let grave = |name: &str| matches!(name, "identity-document" | "held-document-or-face");
            let document =
                || lexicon.named(line, Names::DeletionDemand).any(grave) && lexicon.holds(line, List::HandOver);
            let fee = || lexicon.named(line, Names::DeletionDemand).any(|name| name == "fee");
            let demands = (document() || fee()) && !lexicon.holds(line, List::NotDemanded);
            if demands {
                way.demand(format!("says: {}", self.order.secrets.mask(line)));
            }
        }
    }

    /// Ticks boxes and fills the fields for which there is something; every demand is a condition.
    async fn fill_page(&mut self, screen: &Screen, way: &mut Way) -> Result<Filled, RunError> {
        let mut filled = Filled::Nothing;
        let mut chosen = screen.tree.nodes.iter().any(|n| is_choice(n) && n.checked);
        for node in screen.tree.nodes.iter().filter(|n| n.enabled && is_to_fill(n)) {
            if node.checkable && !(is_choice(node) && chosen) {
                chosen |= is_choice(node);
                way.demand(format!("tick: {}", node.label()));
                let control = Control { label: node.label().to_owned(), bounds: node.bounds };
                self.press(screen, &control, "account").await?;
            } else if !node.checkable {
                filled = Filled::Some;
                if !self.fill_field(screen, node, way).await? {
                    return Ok(Filled::Lacking);
                }
            }
        }
        Ok(filled)
    }

    /// Fills in a field; false when it wants a code that nobody told.
    async fn fill_field(&mut self, screen: &Screen, node: &Node, way: &mut Way) -> Result<bool, RunError> {
        let name = field_name(&screen.tree, node);
        let wanted = proof(&self.order.lexicon, &screen.tree, node, &name);
        way.demand(match &wanted {
            Proof::Phrase(phrase) => format!("confirm by typing: {phrase}"),
            _ => format!("fill in: {name}"),
        });
        let told = |value: &str| Some((value.to_owned(), value.to_owned()));
        let typed = match wanted {
            Proof::Password => self.secret("account.password"),
            Proof::Account => self.secret("account.user"),
            Proof::Reason => told(REASON),
            Proof::Phrase(phrase) => told(&phrase),
            Proof::Code => match self.code(&name).await? {
                None => return Ok(false),
                code => code,
            },
            Proof::Unknown => None,
        };
        let Some((value, shown)) = typed else { return Ok(true) };
        let control = Control { label: name, bounds: node.bounds };
        self.press(screen, &control, "account").await?;
        match self.type_text(&value, &shown).await {
            Err(error) if error.is_final() => Err(error),
            _ => Ok(true),
        }
    }

    /// A secret, with what is shown in its place.
    fn secret(&self, name: &str) -> Option<(String, String)> {
        self.order.secrets.get(name).map(|value| (value.to_owned(), name.to_owned()))
    }

    /// A code that was sent: the account's fixed one, else what the operator tells; with what is shown of it.
    async fn code(&mut self, field: &str) -> Result<Option<(String, String)>, RunError> {
        let is_code = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        if let Some(fixed) = self.secret("account.password").filter(|(word, _)| is_code(word)) {
            return Ok(Some(fixed));
        }
        if !self.order.secrets.has_operator() {
            return Ok(None);
        }
        let question = format!("the deletion of the account asks for: {field}");
        match self.ask_operator(&question, "deletion-code", CODE_WITHIN).await {
            Err(error) if error.is_final() => Err(error),
            Err(_) => Ok(None),
            Ok(()) => Ok(self
                .order
                .secrets
                .fill("${operator.deletion-code}")
                .ok()
                .map(|code| (code, "operator.deletion-code".to_owned()))),
        }
    }
}

/// How a way ends when another app is in front.
fn outside(way: &Way, screen: &Screen) -> AccountOutcome {
    let front = screen.tree.package();
    let elsewhere = !front.is_empty() && !way.confirmed && !OF_THE_SYSTEM.iter().any(|part| front.contains(part));
    if elsewhere { AccountOutcome::Elsewhere } else { way.end() }
}

fn is_to_fill(node: &Node) -> bool {
    (node.checkable && !node.checked) || node.class.ends_with("EditText")
}

/// One of several of which only one can be chosen.
fn is_choice(node: &Node) -> bool {
    node.checkable && node.class.ends_with("RadioButton")
}

fn speaks_of_deletion(lexicon: &Lexicon, tree: &Tree) -> bool {
    let speaks = |label: &str| {
        lexicon.score(label, Concept::AccountDeletion) >= super::page::TARGET
            || lexicon.is_perhaps(label, Concept::AccountDeletion)
            || lexicon.mentions(label, List::Irreversible)
    };
    tree.labels().any(speaks)
}

impl Way {
    /// How it ends where nothing more is told.
    fn end(&self) -> AccountOutcome {
        self.told.unwrap_or(AccountOutcome::Unclear)
    }

    /// Adds a demand once, cut at 400 characters.
    fn demand(&mut self, condition: String) {
        let condition: String = condition.chars().take(400).collect();
        if !self.conditions.contains(&condition) {
            self.conditions.push(condition);
        }
    }
}
