//! Going to a screen of the map.

use super::super::attempt::Attempt;
use super::super::error::RunError;
use super::super::look::Screen;
use super::super::map::Way;
use super::super::page::pressable;
use super::super::press::{Pressed, press_label};
use super::Search;

/// Ways tried to one screen before it is sought from the app's first.
const MOST_ROUTES: u32 = 4;

impl Search {
    /// Joins the way to a screen of the map where it can be joined: a tab bar shows the first hop on many screens.
    async fn short_cut(
        &mut self,
        on: &mut Attempt<'_>,
        from: &Screen,
        place: usize,
    ) -> Result<Option<Screen>, RunError> {
        let path = on.memory.map.place(place).path.clone();
        let joins = |at: &usize| pressable(&from.tree, &path[*at].label).is_some();
        let Some(start) = (0..path.len()).rev().find(joins).filter(|_| on.in_front(from)) else { return Ok(None) };
        let mut screen = from.clone();
        for hop in &path[start..] {
            match press_label(on, &screen, &hop.label).await? {
                Pressed::Moved(next) => screen = *next,
                Pressed::Nothing | Pressed::Missing => return Ok(None),
            }
        }
        Ok((on.place_of(&screen) == Some(place)).then_some(screen))
    }

    /// Goes to a screen of the map: by known ways, by a hop that shows here too, by *back*, else from the app's first
    /// screen. `None` when it can't be reached any more.
    pub(super) async fn go(&mut self, on: &mut Attempt<'_>, place: usize) -> Result<Option<Screen>, RunError> {
        let mut screen = on.clear_way().await?;
        for _ in 0..MOST_ROUTES {
            if on.place_of(&screen) == Some(place) {
                return Ok(Some(screen));
            }
            if !on.in_front(&screen) {
                break;
            }
            if let Some(led) = self.follow(on, &screen, place).await? {
                screen = led;
                continue;
            }
            if let Some(there) = self.short_cut(on, &screen, place).await? {
                return Ok(Some(there));
            }
            let here = on.clear_way().await?;
            if on.is_main(&here) {
                screen = here;
                break;
            }
            let Some(back) = on.go_back(&here).await? else { break };
            screen = back;
        }
        if on.place_of(&screen) != Some(place) && !(on.in_front(&screen) && on.is_main(&screen)) {
            screen = on.go_to_main().await?;
            // An app may begin further on than it did at first.
            if let Some(led) = self.follow(on, &screen, place).await? {
                screen = led;
            }
        }
        for hop in on.memory.map.place(place).path.clone() {
            if on.place_of(&screen) == Some(place) {
                break;
            }
            match press_label(on, &screen, &hop.label).await? {
                Pressed::Moved(next) => screen = *next,
                Pressed::Nothing | Pressed::Missing => return Ok(None),
            }
        }
        Ok((on.place_of(&screen) == Some(place)).then_some(screen))
    }

    /// Follows the known ways from this screen to a place; where they led, or `None` when there are none, or the first
    /// one led nowhere.
    async fn follow(&mut self, on: &mut Attempt<'_>, from: &Screen, place: usize) -> Result<Option<Screen>, RunError> {
        let Some(mut here) = on.place_of(from).filter(|here| *here != place) else { return Ok(None) };
        let Some(route) = on.memory.map.route(here, place) else { return Ok(None) };
        let mut screen = from.clone();
        for (step, (way, next)) in route.into_iter().enumerate() {
            let led = match &way {
                Way::Back => on.go_back(&screen).await?,
                Way::Press(label) => match press_label(on, &screen, label).await? {
                    Pressed::Moved(led) => Some(*led),
                    Pressed::Nothing | Pressed::Missing => None,
                },
            };
            let there = led.as_ref().and_then(|led| on.place_of(led));
            if there != Some(next) {
                on.memory.map.cut(here, &way);
                return Ok(if step == 0 { led } else { Some(led.unwrap_or(screen)) });
            }
            (here, screen) = (next, led.unwrap_or(screen));
        }
        Ok(Some(screen))
    }
}
