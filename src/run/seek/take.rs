//! What on a page is taken for the concept.

use super::super::attempt::Attempt;
use super::super::error::RunError;
use super::super::look::Screen;
use super::super::page::{HARMFUL, TARGET, heads_choices, is_question, is_switch, is_text_of};
use super::super::press::{MOST_SCROLLS, Pressed, press_label};
use super::{MOST_DEPTH, Search};
use crate::journal::entry::Hop;
use crate::ui::{Concept, NodeId, Tree};

/// What the name of a page on the way counts less than that of the concept itself (ours).
const LEADS: f32 = 0.05;

impl Search {
    /// Takes the concept when this screen shows it: what leads to it, in words and hops. A control that opens nothing is
    /// noted as dead and not taken.
    pub(super) async fn take(
        &mut self,
        on: &mut Attempt<'_>,
        here: usize,
        screen: &Screen,
    ) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        if !on.in_front(screen) {
            return Ok(None);
        }
        let path = &on.memory.map.place(here).path;
        if let Some(last) = path.last().filter(|_| is_text_of(&on.order.lexicon, &screen.tree, self.concept)) {
            return Ok(Some((path.clone(), last.label.clone())));
        }
        let mut screen = screen.clone();
        let mut fresh = self.targets(on, &screen.tree).into_iter().filter(|(_, label)| !self.is_passed_over(label));
        if fresh.next().is_some_and(|(_, label)| self.may_lead(on, &label)) {
            // The rest of the page may name it better.
            while on.memory.map.place(here).scrolls.is_some_and(|n| n < MOST_SCROLLS) {
                self.scroll(on, here).await?;
            }
            screen = on.clear_way().await?;
            screen = self.scroll_to_target(on, here, screen).await?;
        }
        let screen = &screen;
        for (node, label) in self.targets(on, &screen.tree) {
            if self.is_passed_over(&label) {
                continue;
            }
            let mut path = on.memory.map.place(here).path.clone();
            let hop = |to: &str| Hop { label: label.clone(), screen: to.to_owned(), capture: Some(screen.capture) };
            if is_switch(&screen.tree, node) || heads_choices(&screen.tree, node) {
                return Ok(Some((path, label)));
            }
            if HARMFUL.contains(&self.concept) {
                path.push(hop(""));
                return Ok(Some((path, label)));
            }
            match press_label(on, screen, &label).await? {
                Pressed::Moved(after) => {
                    path.push(hop(&after.signature));
                    if !self.may_lead(on, &label) {
                        return Ok(Some((path, label)));
                    }
                    if let Some(inner) = Box::pin(self.look_inside(on, &after, &path)).await? {
                        return Ok(Some(inner));
                    }
                    self.doubted.get_or_insert((here, label, on.memory.taps));
                    return Ok(None);
                }
                Pressed::Nothing | Pressed::Missing => self.dead.push(label),
            }
        }
        Ok(None)
    }

    /// Takes what was found under a doubtful name, when nothing names it better.
    pub(super) async fn take_doubted(&mut self, on: &mut Attempt<'_>) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        let Some((place, label, _)) = self.doubted.take() else { return Ok(None) };
        let pressed = match self.go(on, place).await? {
            Some(screen) => Some((screen.capture, press_label(on, &screen, &label).await?)),
            None => None,
        };
        let Some((capture, Pressed::Moved(after))) = pressed else {
            // It is somewhere there, and can't be shown any more.
            on.memory.map.cut_short = true;
            return Ok(None);
        };
        let mut path = on.memory.map.place(place).path.clone();
        path.push(Hop { label: label.clone(), screen: after.signature, capture: Some(capture) });
        Ok(Some((path, label)))
    }

    /// Takes the concept on the page that a control opened whose name holds more than the concept's.
    async fn look_inside(
        &mut self,
        on: &mut Attempt<'_>,
        page: &Screen,
        path: &[Hop],
    ) -> Result<Option<(Vec<Hop>, String)>, RunError> {
        if !on.in_front(page) || path.len() >= MOST_DEPTH {
            return Ok(None);
        }
        let here = self.learn(on, page, path.to_vec());
        while !self.names_it(on, here, path) {
            if on.memory.map.place(here).scrolls.is_none_or(|n| n >= MOST_SCROLLS) {
                return Ok(None);
            }
            self.scroll(on, here).await?;
        }
        let screen = on.clear_way().await?;
        let screen = self.scroll_to_target(on, here, screen).await?;
        self.take(on, here, &screen).await
    }

    /// Whether a place shows a control that names the concept, and that is not the one that led there.
    fn names_it(&self, on: &Attempt<'_>, place: usize, path: &[Hop]) -> bool {
        let mut labels = on.memory.map.place(place).labels.iter();
        labels.any(|label| self.fit(on, label).is_some() && path.iter().all(|hop| hop.label != *label))
    }

    /// How well a label names the concept; `None` when it does not. Of two that name it as well, the one that names
    /// nothing else does it better: a page of settings may have a name of many things.
    pub(super) fn fit(&self, on: &Attempt<'_>, label: &str) -> Option<f32> {
        let lexicon = &on.order.lexicon;
        let score = lexicon.score(label, self.concept);
        let fits = score >= TARGET && !is_question(label);
        // A switch for advertisements alone is taken where there is no other.
        let part = self.concept == Concept::RecommendationSwitch && lexicon.is_for_ads_alone(label);
        fits.then(|| if part || self.may_lead(on, label) { score - LEADS } else { score })
    }

    /// Whether a label was tried and is not taken, or not yet.
    pub(super) fn is_passed_over(&self, label: &String) -> bool {
        self.dead.contains(label) || self.doubted.as_ref().is_some_and(|(_, doubted, _)| doubted == label)
    }

    /// Whether a label names more than the concept, and so perhaps a page on the way to it.
    fn may_lead(&self, on: &Attempt<'_>, label: &str) -> bool {
        let lexicon = &on.order.lexicon;
        let score = lexicon.score(label, self.concept);
        score < 1.0 && lexicon.waypoint_score(label, self.concept) > 0.0 && !HARMFUL.contains(&self.concept)
    }

    /// Pressable views whose words fit the concept, best first.
    pub(super) fn targets(&self, on: &Attempt<'_>, tree: &Tree) -> Vec<(NodeId, String)> {
        let scored = tree.nodes.iter().enumerate().filter_map(|(id, node)| {
            let score = self.fit(on, node.label())?;
            // A switch may have its words beside it, where they can't be pressed.
            let sets = is_switch(tree, id) || heads_choices(tree, id);
            let beside = self.concept == Concept::RecommendationSwitch && sets;
            let there = tree.clickable_at(id).is_some() || beside;
            there.then(|| (score, id, node.label().to_owned()))
        });
        let mut found: Vec<(f32, NodeId, String)> = scored.collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().map(|(_, id, label)| (id, label)).collect()
    }
}
