//! Turning a switch off, and seeing whether it stays off.

use std::time::Duration;

use crate::journal::entry::{Event, LimitKind, SeekOutcome, SwitchTurned};
use crate::ui::{Act, Concept, Lexicon, List, NodeId, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;

/// Restarts after which a switch is looked at again: the catalogue's `persist_check`.
const RESTARTS: u32 = 3;
/// Questions that a person confirms before giving up (ours).
const MOST_CONFIRMATIONS: u32 = 3;
/// How long a switch is left alone before its state is read: one whose setting did not reach the server springs back (ours).
const SPRINGS_BACK: Duration = Duration::from_millis(1500);

impl Attempt<'_> {
    /// Searches for a switch, turns it off when it is on, and looks at it again after restarts.
    pub async fn turn_off(&mut self, concept: Concept) -> Result<(), RunError> {
        let Some((screen, label, switch)) = self.bring_to(concept).await? else { return Ok(()) };
        let mut captures = vec![screen.capture];
        let lexicon = self.order.lexicon.clone();
        let before = Some(is_on(&lexicon, &screen.tree, switch, &label));
        let mut confirmations = 0;
        let mut after = before;
        if before == Some(true) {
            self.press_node(&screen, switch, "step").await?;
            self.until_changed(&screen.tree, self.patience(Duration::from_millis(800), 2)).await?;
            confirmations = self.confirm_all(&screen.tree).await?;
            self.pause(SPRINGS_BACK).await?;
            let now = self.look("step").await?;
            captures.push(now.capture);
            after = switch_of(&now.tree, &label).map(|switch| is_on(&lexicon, &now.tree, switch, &label));
        }
        let mut restarts = Vec::new();
        for _ in 0..RESTARTS {
            self.stop_app().await?;
            self.launch_app().await?;
            let found = self.bring_to(concept).await?;
            captures.extend(found.as_ref().map(|(screen, ..)| screen.capture));
            restarts.push(found.map(|(screen, label, switch)| is_on(&lexicon, &screen.tree, switch, &label)));
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
            let yes = turning_off(&self.order.lexicon, &screen.tree);
            let Some(yes) = yes.filter(|_| !is_page) else { break };
            confirmed += 1;
            self.press_node(&screen, yes, "step").await?;
            self.until_changed(&screen.tree, self.patience(Duration::from_millis(800), 2)).await?;
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

/// Whether what a switch is about is on: 关闭个性化推荐 is ticked when it is not.
fn is_on(lexicon: &Lexicon, tree: &Tree, switch: NodeId, label: &str) -> bool {
    tree.nodes[switch].checked != lexicon.names_the_opposite(label)
}

/// The control of a question that goes on with turning off: 仍然关闭, Turn off; else what agrees; else 关闭 beside a control
/// that leaves things as they are, for alone it closes a message. Dialogs put the affirmative button last.
fn turning_off(lexicon: &Lexicon, tree: &Tree) -> Option<NodeId> {
    let keeps = |label: &str| {
        lexicon.mentions(label, List::KeepOn)
            || lexicon.act(label).contains(&Act::Refuse)
            || lexicon.is_turned_over(label, &[List::TurnOff])
    };
    let nodes = 0..tree.nodes.len();
    let pressable = nodes.filter(|id| {
        let node = &tree.nodes[*id];
        !node.checkable && !node.label().is_empty() && tree.clickable_at(*id).is_some()
    });
    let (stay, may): (Vec<NodeId>, Vec<NodeId>) = pressable.partition(|id| keeps(tree.nodes[*id].label()));
    let last = |fits: &dyn Fn(&str) -> bool| may.iter().copied().rfind(|id| fits(tree.nodes[*id].label()));
    let closes = |label: &str| lexicon.fit(label, List::Close) >= 0.9;
    let off = |label: &str| lexicon.is(label, List::TurnOff);
    let told = last(&|label| off(label) && !closes(label)).or_else(|| last(&|label| lexicon.accepts(label)));
    let beside = || {
        let closing = last(&|label| off(label))?;
        let another = may.iter().any(|id| *id != closing && closes(tree.nodes[*id].label()));
        (another || !stay.is_empty()).then_some(closing)
    };
    told.or_else(beside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Node, Rect};

    fn question(labels: &[&str]) -> Tree {
        let mut tree = Tree::default();
        for (at, label) in (0..).zip(labels) {
            let bounds = Rect { left: 0, top: at * 100, right: 400, bottom: at * 100 + 90 };
            let class = "android.widget.Button".into();
            let text = (*label).to_owned();
            tree.nodes.push(Node { text, class, clickable: true, enabled: true, bounds, ..Node::default() });
        }
        tree
    }

    fn pressed(labels: &[&str]) -> Option<String> {
        let tree = question(labels);
        turning_off(&Lexicon::builtin(), &tree).map(|id| tree.nodes[id].label().to_owned())
    }

    #[test]
    fn what_turns_off_is_pressed_and_what_keeps_is_not() {
        for (labels, yes) in [
            (["取消", "确定"], "确定"),
            (["暂不关闭", "仍然关闭"], "仍然关闭"),
            (["不关闭", "关闭"], "关闭"),
            (["关闭", "不关闭"], "关闭"),
            (["取消", "关闭"], "关闭"),
            (["继续使用", "确认关闭"], "确认关闭"),
            (["继续开启", "关闭"], "关闭"),
            (["取消关闭", "关闭"], "关闭"),
            (["保持開啟", "仍要關閉"], "仍要關閉"),
            (["Keep on", "Turn off"], "Turn off"),
            (["Turn off anyway", "Don't turn off"], "Turn off anyway"),
            (["OK, keep it on", "Turn off"], "Turn off"),
            (["Cancel", "OK"], "OK"),
            (["Not now", "Disable"], "Disable"),
        ] {
            assert_eq!(pressed(&labels).as_deref(), Some(yes), "{labels:?}");
        }
    }

    #[test]
    fn a_word_of_agreement_that_is_turned_over_is_not_pressed() {
        for label in
            ["Don't turn off", "不关闭", "暂不关闭", "不同意", "Don't continue", "继续开启", "Keep it on", "关闭"]
        {
            assert_eq!(pressed(&[label]), None, "{label}");
        }
    }

    #[test]
    fn a_switch_for_the_opposite_is_on_when_it_is_not_ticked() {
        let lexicon = Lexicon::builtin();
        let on = |label: &str, checked: bool| {
            let mut tree = question(&[label]);
            tree.nodes[0].checked = checked;
            is_on(&lexicon, &tree, 0, label)
        };
        for label in ["个性化推荐", "Personalised ads", "個人化推薦", "个性化推荐（关闭后不再推荐）"]
        {
            assert!(on(label, true) && !on(label, false), "{label}");
        }
        for label in [
            "关闭个性化推荐",
            "不使用个性化推荐",
            "限制个性化广告",
            "Opt out of personalized ads",
            "Limit personalized ads",
        ] {
            assert!(!on(label, true) && on(label, false), "{label}");
        }
    }
}
