//! Turning a switch off, and seeing whether it stays off.

use crate::journal::entry::{Event, LimitKind, SeekOutcome, SwitchTurned};
use crate::ui::{Act, Concept, NodeId, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;

/// Restarts after which a switch is looked at again: the catalogue's `persist_check`.
const RESTARTS: u32 = 3;
/// Questions that a person confirms before giving up (ours).
const MOST_CONFIRMATIONS: u32 = 3;

impl Attempt<'_> {
    /// Searches for a switch, turns it off when it is on, and looks at it again after restarts.
    pub async fn turn_off(&mut self, concept: Concept) -> Result<(), RunError> {
        let Some((screen, label, switch)) = self.bring_to(concept).await? else { return Ok(()) };
        let mut captures = vec![screen.capture];
        let before = Some(screen.tree.nodes[switch].checked);
        let mut confirmations = 0;
        let mut after = before;
        if before == Some(true) {
            self.press_node(&screen, switch, "step").await?;
            self.until_changed(&screen.tree, self.patience(std::time::Duration::from_millis(800), 2)).await?;
            confirmations = self.confirm_all(&screen.tree).await?;
            let now = self.look("step").await?;
            captures.push(now.capture);
            after = state_of(&now.tree, &label);
        }
        let mut restarts = Vec::new();
        for _ in 0..RESTARTS {
            self.stop_app().await?;
            self.launch_app().await?;
            let found = self.bring_to(concept).await?;
            captures.extend(found.as_ref().map(|(screen, ..)| screen.capture));
            restarts.push(found.map(|(screen, _, switch)| screen.tree.nodes[switch].checked));
        }
        let turned = SwitchTurned { concept, label, before, after, confirmations, restarts, captures };
        self.note(Event::SwitchTurned(Box::new(turned))).map(drop)
    }

    /// The screen with the switch, its words, and itself; `None` when it was not found, or is no switch.
    async fn bring_to(&mut self, concept: Concept) -> Result<Option<(Screen, String, NodeId)>, RunError> {
        let found = self.seek(concept).await?;
        if found.outcome != SeekOutcome::Found {
            return Ok(None);
        }
        let screen = self.look("step").await?;
        if let Some(switch) = switch_of(&screen.tree, &found.words) {
            return Ok(Some((screen, found.words, switch)));
        }
        // What was found led to a page: the switch stands there under words of the same meaning, or is its only one.
        let lexicon = &self.order.lexicon;
        let named = screen
            .tree
            .nodes
            .iter()
            .map(|n| n.label())
            .find(|label| lexicon.score(label, concept) >= 0.5 && switch_of(&screen.tree, label).is_some());
        let label = named.map(str::to_owned);
        if let Some((label, switch)) = label.and_then(|label| Some((label.clone(), switch_of(&screen.tree, &label)?))) {
            return Ok(Some((screen, label, switch)));
        }
        let mut checkable = (0..screen.tree.nodes.len()).filter(|id| screen.tree.nodes[*id].checkable);
        match (checkable.next(), checkable.next()) {
            (Some(only), None) => Ok(Some((screen.clone(), found.words, only))),
            _ => {
                let detail = format!("\"{}\" leads to no switch whose state can be read", found.words);
                self.note(Event::Limit { limit: LimitKind::Other, detail })?;
                Ok(None)
            }
        }
    }

    /// Confirms the questions that come up; how many there were.
    async fn confirm_all(&mut self, page: &Tree) -> Result<u32, RunError> {
        let mut confirmed = 0;
        while confirmed < MOST_CONFIRMATIONS {
            let screen = self.look("step").await?;
            let is_page = screen.tree.bounds() == page.bounds();
            let lexicon = &self.order.lexicon;
            let yes = (0..screen.tree.nodes.len()).rfind(|id| {
                let label = screen.tree.nodes[*id].label();
                let leads = lexicon.accepts(label) && !lexicon.act(label).contains(&Act::Refuse);
                leads && screen.tree.clickable_at(*id).is_some()
            });
            let Some(yes) = yes.filter(|_| !is_page) else { break };
            confirmed += 1;
            self.press_node(&screen, yes, "step").await?;
            self.until_changed(&screen.tree, self.patience(std::time::Duration::from_millis(800), 2)).await?;
        }
        Ok(confirmed)
    }
}

/// The switch with these words: the view itself, or the one on the same line.
fn switch_of(tree: &Tree, label: &str) -> Option<NodeId> {
    let named = tree.nodes.iter().position(|n| n.label() == label)?;
    switch_beside(tree, named)
}

/// The switch that a view is, or that stands on its line.
pub(super) fn switch_beside(tree: &Tree, view: NodeId) -> Option<NodeId> {
    if tree.nodes[view].checkable {
        return Some(view);
    }
    let line = tree.nodes[view].bounds;
    tree.nodes.iter().position(|n| n.checkable && n.bounds.top < line.bottom && n.bounds.bottom > line.top)
}

fn state_of(tree: &Tree, label: &str) -> Option<bool> {
    switch_of(tree, label).map(|switch| tree.nodes[switch].checked)
}
