//! Screens are put on the map.

use super::super::attempt::Attempt;
use super::super::error::RunError;
use super::super::look::Screen;
use super::super::map::{Candidate, Place, Way};
use super::super::page::{add_controls, add_icons, add_labels, is_wall, title};
use super::super::press::{MOST_SCROLLS, bring_up};
use super::{MOST_DEPTH, Search};
use crate::journal::entry::Hop;
use crate::ui::List;

impl Search {
    /// Takes down what a known screen did not show before: pages of one build look alike but for their words.
    fn learn_more(&mut self, on: &mut Attempt<'_>, screen: &Screen, known: usize) {
        if !on.in_front(screen) || on.memory.map.place(known).path.len() >= MOST_DEPTH {
            return;
        }
        let mut place = on.memory.map.take(known);
        add_labels(&mut place, &screen.tree);
        add_controls(&mut place, on, &screen.tree, self.concept);
        let unknown = add_icons(&mut place, &on.order.lexicon, &screen.tree);
        on.memory.map.cut_short |= unknown;
        on.memory.map.put_back(known, place);
    }

    /// Puts a screen on the map, or takes the shorter way to a known one.
    pub(super) fn learn(&mut self, on: &mut Attempt<'_>, screen: &Screen, path: Vec<Hop>) -> usize {
        if let Some(known) = on.place_of(screen) {
            self.learn_more(on, screen, known);
            if path.len() < on.memory.map.place(known).path.len() {
                on.memory.map.place_mut(known).path = path;
            }
            return known;
        }
        if is_wall(on, &screen.tree) {
            let asked_for = path.last().is_some_and(|hop| on.order.lexicon.is(&hop.label, List::SignIn));
            on.memory.map.sign_in_met = true;
            on.memory.map.walled |= !asked_for;
        }
        let mut place = Place {
            signature: screen.signature.clone(),
            title: title(&screen.tree),
            path,
            labels: Vec::new(),
            switches: Vec::new(),
            controls: Vec::new(),
            scrolls: screen.tree.nodes.iter().any(|n| n.scrollable).then_some(0),
        };
        if on.in_front(screen) {
            add_labels(&mut place, &screen.tree);
        }
        if on.in_front(screen) {
            add_controls(&mut place, on, &screen.tree, self.concept);
            on.memory.map.cut_short |= add_icons(&mut place, &on.order.lexicon, &screen.tree);
        }
        if place.path.len() >= MOST_DEPTH {
            let new = |label: &str| !on.memory.map.places().iter().any(|p| p.labels.iter().any(|l| l == label));
            let deeper = place.controls.iter().any(|c| new(&c.label));
            on.memory.map.cut_short |= deeper;
            place.controls.clear();
        }
        // What led here, pressed here again, leads nowhere: the tab one stands on.
        let last = place.path.last().map(|hop| hop.label.clone());
        place.controls.iter_mut().filter(|c| Some(&c.label) == last.as_ref()).for_each(|c| c.tried = true);
        let known: Vec<(String, usize)> = place
            .controls
            .iter_mut()
            .filter_map(|c| on.memory.map.led_elsewhere(c).map(|to| (c, to)))
            .map(|(c, to)| {
                c.tried = true;
                (c.label.clone(), to)
            })
            .collect();
        let here = on.memory.map.add(place);
        known.into_iter().for_each(|(label, to)| on.memory.map.connect(here, Way::Press(label), to));
        here
    }

    /// Scrolls to the best target that a place is known to show; the screen as it is then.
    pub(super) async fn scroll_to_target(
        &mut self,
        on: &mut Attempt<'_>,
        place: usize,
        screen: Screen,
    ) -> Result<Screen, RunError> {
        let labels = &on.memory.map.place(place).labels;
        let fits =
            labels.iter().filter(|label| !self.is_passed_over(label)).filter_map(|l| Some((self.fit(on, l)?, l)));
        let best = fits.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, label)| label.clone());
        let Some(label) = best else { return Ok(screen) };
        Ok(bring_up(on, &screen, &label).await?.map_or(screen, |(screen, _)| screen))
    }

    /// Scrolls a screen on, for controls below the fold.
    pub(super) async fn scroll(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<(), RunError> {
        let Some(tree) = on.scroll(true, "seek").await? else { return self.read_upwards(on, place).await };
        let mut found = on.memory.map.take(place);
        found.scrolls = found.scrolls.map(|n| n + 1);
        let known = found.controls.len();
        add_labels(&mut found, &tree);
        add_controls(&mut found, on, &tree, self.concept);
        // A menu that has not come to its end; a feed never does.
        let last = found.scrolls.is_some_and(|n| n >= MOST_SCROLLS);
        on.memory.map.cut_short |= last && found.controls[known..].iter().any(Candidate::is_entry);
        on.memory.map.put_back(place, found);
        let signature = on.look("seek").await?.signature;
        on.memory.map.also(signature, place);
        Ok(())
    }

    /// Reads a screen from its end to its top: to press something, it may have been scrolled past what was not read yet.
    async fn read_upwards(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<(), RunError> {
        for _ in 0..MOST_SCROLLS * 2 {
            let Some(tree) = on.scroll(false, "seek").await? else { break };
            let mut found = on.memory.map.take(place);
            add_labels(&mut found, &tree);
            add_controls(&mut found, on, &tree, self.concept);
            on.memory.map.put_back(place, found);
            let signature = on.look("seek").await?.signature;
            on.memory.map.also(signature, place);
            if !self.targets(on, &tree).is_empty() {
                return Ok(());
            }
        }
        on.memory.map.place_mut(place).scrolls = None;
        Ok(())
    }
}
