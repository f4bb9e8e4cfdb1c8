//! From a selector to a finger: find the view, press it, write it down.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::entry::{Control, Event, Input};
use crate::ui::{FindError, NodeId, Point, Rect, Selector, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::icon;
use super::look::Screen;
use super::page::label_of;

/// How long a step waits for its target when the scenario says nothing.
pub(super) const FIND_WITHIN: Duration = Duration::from_secs(3);

impl Attempt<'_> {
    /// Waits for the one view that the selector names; looks at it, so that the tap lands on what was seen.
    pub async fn find(&mut self, selector: &Selector, within: Duration) -> Result<(Screen, NodeId), RunError> {
        let end = self.clock.elapsed() + self.patience(within, 2);
        let lexicon = self.order.lexicon.clone();
        // What was seen just now is not dumped again: on a phone each dump takes seconds.
        let here = self.clear_way().await?;
        if let Ok(node) = selector.find(&here.tree, &lexicon) {
            return Ok((here, node));
        }
        loop {
            let left = end.saturating_sub(self.clock.elapsed());
            if self.until(left, |tree| selector.find(tree, &lexicon).ok()).await?.is_none() {
                return Err(self.not_found(selector).await?);
            }
            let screen = self.look("step").await?;
            match selector.find(&screen.tree, &lexicon) {
                Ok(node) => return Ok((screen, node)),
                // Something came up between the peek and the look: it is met first.
                Err(_) if self.clock.elapsed() < end => drop(self.clear_way().await?),
                Err(_) => return Err(RunError::App("the screen moved while it was looked at".into())),
            }
        }
    }

    /// The error for a view that is not there, with the nearest candidates; the app's fault when it left the screen.
    async fn not_found(&mut self, selector: &Selector) -> Result<RunError, RunError> {
        let screen = self.look("step").await?;
        self.memory.shows_why = Some(screen.capture);
        if !self.in_front(&screen) {
            let front = screen.resumed.clone().unwrap_or_else(|| screen.tree.package().to_owned());
            return Ok(RunError::App(format!("the app is not in front; {front} is")));
        }
        Ok(match selector.find(&screen.tree, &self.order.lexicon) {
            Err(error @ FindError::BadRegex(_)) => RunError::Scenario(error.to_string()),
            Err(error) => RunError::Scenario(error.to_string()),
            Ok(_) => RunError::App("the view came and went".into()),
        })
    }

    /// Presses a view of a screen that was looked at; what is pressed is the view or the clickable one that holds it.
    pub async fn press_node(&mut self, screen: &Screen, node: NodeId, by: &str) -> Result<(), RunError> {
        let at = screen.tree.clickable_at(node).unwrap_or(node);
        let words = label_of(&screen.tree, node);
        let label = if words.is_empty() { icon::sign(&screen.tree.nodes[node]) } else { words };
        let control = Control { label, bounds: screen.tree.nodes[at].bounds };
        self.memory.last_tap = Some((control.label.clone(), self.clock.elapsed()));
        self.press(screen, &control, by).await?;
        self.memory.tapped = self.memory.touched;
        Ok(())
    }

    /// Presses a control, with an entry before it.
    pub async fn press(&mut self, screen: &Screen, control: &Control, by: &str) -> Result<(), RunError> {
        let at = control.bounds.center();
        self.memory.taps += 1;
        self.note_press(control, by);
        if by == "popup-close" {
            self.memory.closed_at = Some(self.clock.elapsed());
        }
        self.note(Event::Input(Input {
            act: "tap".into(),
            point: Some(at),
            bounds: Some(control.bounds),
            target: control.label.clone(),
            by: by.to_owned(),
            seen: Some(screen.capture),
        }))?;
        self.memory.touched = self.android.tap(at).await?;
        Ok(())
    }

    /// Presses a key, with an entry before it.
    pub async fn press_key(&mut self, key: &str, why: &str, by: &str) -> Result<(), RunError> {
        let target = if why.is_empty() { key.to_owned() } else { format!("{key}: {why}") };
        self.note(Event::Input(Input {
            act: "key".into(),
            point: None,
            bounds: None,
            target,
            by: by.to_owned(),
            seen: None,
        }))?;
        if key == "BACK" {
            self.memory.last_back = Some(self.clock.elapsed());
        }
        Ok(self.android.key(key).await?)
    }

    /// Swipes, with an entry before it.
    pub async fn swipe(&mut self, from: Point, to: Point, why: &str, by: &str) -> Result<(), RunError> {
        let bounds = Rect::new(from.x.min(to.x), from.y.min(to.y), from.x.max(to.x) + 1, from.y.max(to.y) + 1);
        self.note(Event::Input(Input {
            act: "swipe".into(),
            point: Some(from),
            bounds: Some(bounds),
            target: why.to_owned(),
            by: by.to_owned(),
            seen: None,
        }))?;
        Ok(self.android.swipe(from, to, 300).await?)
    }

    /// Scrolls the largest scrolling view by most of its height; the new tree, or `None` when nothing moved.
    pub async fn scroll(&mut self, down: bool, by: &str) -> Result<Option<Arc<Tree>>, RunError> {
        let tree = self.peek().await?;
        let area = tree.nodes.iter().filter(|n| n.scrollable).map(|n| n.bounds).max_by_key(|b| b.area());
        let Some(area) = area else { return Ok(None) };
        let x = area.center().x;
        let (high, low) = (area.top + area.height() / 5, area.bottom - area.height() / 5);
        let (from, to) = if down { (low, high) } else { (high, low) };
        let why = if down { "scroll down" } else { "scroll up" };
        self.swipe(Point { x, y: from }, Point { x, y: to }, why, by).await?;
        let patience = self.patience(Duration::from_millis(600), 2);
        self.until_changed(&tree, patience).await
    }

    /// Meets prompts and pop-ups until the way is clear or only what is left standing remains; the last screen.
    pub async fn clear_way(&mut self) -> Result<Screen, RunError> {
        let tree = self.peek().await?;
        self.clear_way_from(tree).await
    }

    /// The same, when this is what was read a moment ago.
    pub async fn clear_way_from(&mut self, read: Arc<Tree>) -> Result<Screen, RunError> {
        let mut read = Some(read);
        for _ in 0..MOST_IN_THE_WAY {
            let tree = match read.take() {
                Some(tree) => tree,
                None => self.peek().await?,
            };
            if self.is_known(&tree) && !self.is_interruption(&tree) {
                break;
            }
            let dialog = self.system_dialog(&tree);
            let reason = if dialog.is_some() {
                "prompt"
            } else if self.popup_on(&tree).is_some() {
                "popup"
            } else {
                "step"
            };
            let (glimpse, prompt) = (self.glimpse(&tree), self.prompt_glimpse(&tree));
            let screen = self.look(reason).await?;
            self.note_glimpse(glimpse, &screen)?;
            self.note_prompt_glimpse(prompt, &screen).await?;
            let again = if self.memory.unanswered.as_ref() == Some(&screen.tree) {
                false
            } else if let Some(dialog) = self.system_dialog(&screen.tree) {
                Box::pin(self.meet_prompt(&screen, &dialog)).await?
            } else if let Some(popup) = self.popup_on(&screen.tree) {
                Box::pin(self.meet_popup(&screen, popup)).await?
            } else {
                self.note_gone_popups()?;
                false
            };
            if !again {
                break;
            }
        }
        match &self.memory.screen {
            Some(screen) => Ok(screen.clone()),
            None => self.look("step").await,
        }
    }
}

/// Prompts and pop-ups met in a row before a step is tried all the same (ours): an app that asks without end is
/// recorded, not followed for ever.
const MOST_IN_THE_WAY: u32 = 16;
