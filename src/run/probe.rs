//! Probes of an advertisement at the app's start: does a movement of the device, or a tap on a blank place, lead away?
//!
//! The app is started for each try, and nothing else is pressed.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::entry::{BlankTap, Event, Input, LimitKind, Movement, PopupRole};
use crate::ui::{Point, Rect, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::page::title;
use super::popup::PopupSeen;

/// How long an advertisement is waited for after the start.
const COMES_WITHIN: Duration = Duration::from_secs(4);
/// How long a try has to lead somewhere (ours).
const LEADS_WITHIN: Duration = Duration::from_millis(700);
/// Pause between two readings of the sensor.
const SAMPLE: Duration = Duration::from_millis(50);
/// Gravity on a device that stands upright, in m/s².
const GRAVITY: f64 = 9.81;
/// Starts of the app that one probe may take (ours).
const MOST_STARTS: u32 = 12;
/// Columns and rows of the places that are tapped (ours).
const GRID: (i32, i32) = (2, 3);
/// What is said when there is no way to move the device.
const NO_CONSOLE: &str = "the device can't be moved";

/// What is said when a try came too late to be sure that it met the advertisement.
pub(super) const TOO_LATE: &str = "the advertisement may have ended by itself";
/// By how much one start may differ from another (ours).
const STARTS_DIFFER: Duration = Duration::from_millis(300);

/// Movements from the weakest on: name, strength without gravity in m/s², time in ms. The strengths of the everyday ones
/// are ours; the last is the reference of T/TAF 078.7-2022.
const MOVEMENTS: [(&str, f64, u64); 6] = [
    ("lying still", 0.0, 400),
    ("picked up", 4.0, 600),
    ("walking", 6.0, 1_000),
    ("riding", 9.0, 1_000),
    ("a light shake", 12.0, 800),
    ("a shake by the reference", 15.0, 3_000),
];

impl Attempt<'_> {
    /// Moves the device while an advertisement at the app's start is on the screen, from the weakest movement on until one
    /// leads away. With a movement of the author's own, that one is made on the present screen.
    pub async fn move_device(&mut self, own: Option<(f64, Duration)>) -> Result<(), RunError> {
        if let Some((acceleration, lasts)) = own {
            let screen = self.look("probe").await?;
            let front = screen.resumed.clone();
            let movement = ("by the scenario", acceleration, lasts.as_millis() as u64);
            let stays = Rest::default().with(front);
            return self.make_movement(movement, None, &stays).await.map(drop);
        }
        let home = self.home_without_touch().await?;
        for movement in MOVEMENTS {
            let Some((screen, at)) = self.start_to_advertisement().await? else { return Ok(()) };
            if !self.still_stands(&home, &format!("before the device was moved ({})", movement.0))? {
                continue;
            }
            let stays = home.with(screen.resumed.clone());
            let number = self.memory.popups[at].number;
            if self.make_movement(movement, Some(number), &stays).await?.is_none_or(|led| led) {
                break;
            }
        }
        self.stop_app().await
    }

    /// Taps places of an advertisement at the app's start that lie beside its controls.
    pub async fn tap_blank(&mut self) -> Result<(), RunError> {
        let home = self.home_without_touch().await?;
        let (mut tried, mut starts) = (0, 0);
        let mut places: Option<Vec<Point>> = None;
        while starts < MOST_STARTS {
            starts += 1;
            let Some((screen, at)) = self.start_to_advertisement().await? else { break };
            let seen = self.memory.popups[at].seen.clone();
            let all = places.get_or_insert_with(|| blank_places(&screen.tree, &seen));
            let Some(point) = all.get(tried).copied() else { break };
            tried += 1;
            self.note(Event::Input(Input {
                act: "tap".into(),
                point: Some(point),
                bounds: None,
                target: "(a blank place)".into(),
                by: "probe".into(),
                seen: Some(screen.capture),
            }))?;
            self.memory.touched = self.android.tap(point).await?;
            if !self.still_stands(&home, "before a blank place of it was tapped")? {
                continue;
            }
            let stays = home.with(screen.resumed.clone());
            let (led_to, seen) = self.led_away(&stays, &screen.tree).await?;
            let popup = self.memory.popups[at].number;
            self.note(Event::BlankTapped(Box::new(BlankTap { popup, point, led_to, seen })))?;
        }
        self.stop_app().await
    }

    /// Starts the app and sees where it comes to by itself: an advertisement ends in time, and that is no jump.
    async fn home_without_touch(&mut self) -> Result<Rest, RunError> {
        let Some((screen, _)) = self.start_to_advertisement().await? else { return Ok(Rest::default()) };
        let mut lives = Duration::ZERO;
        let end = self.clock.elapsed() + self.patience(COMES_WITHIN * 2, 6);
        let mut last = screen.resumed;
        let mut page = None;
        while self.clock.elapsed() < end {
            self.until_changed(&screen.tree, LEADS_WITHIN).await?;
            let asked = self.clock.elapsed();
            let tree = self.peek().await?;
            last = self.watch.resumed().or(last);
            if self.advertisement(&tree).is_none() {
                page = Some(self.look("probe").await?.tree);
                break;
            }
            lives = asked.saturating_sub(self.memory.launched_at.unwrap_or(asked));
        }
        Ok(Rest { activities: last.into_iter().collect(), page, lives })
    }

    /// Starts the app anew and waits for an advertisement, which is left standing; its screen and place among the pop-ups.
    async fn start_to_advertisement(&mut self) -> Result<Option<(Screen, usize)>, RunError> {
        self.stop_app().await?;
        self.start_bare().await?;
        let end = self.clock.elapsed() + self.patience(COMES_WITHIN, 4);
        loop {
            let tree = self.peek().await?;
            if self.advertisement(&tree).is_some() {
                let screen = self.look("probe").await?;
                if let Some(seen) = self.advertisement(&screen.tree) {
                    let at = self.open_popup(&screen, &seen).await?;
                    return Ok(Some((screen, at)));
                }
            }
            if self.clock.elapsed() >= end {
                return Ok(None);
            }
            self.pause(Duration::from_millis(60)).await?;
        }
    }

    /// Whether the advertisement of this start stands for sure, by how long it stood when nothing was done; else says what came
    /// too late. What is met once it is gone is a page of the app.
    fn still_stands(&mut self, home: &Rest, what: &str) -> Result<bool, RunError> {
        let begun = self.memory.launched_at.unwrap_or_default();
        let stands = is_in_time(self.clock.elapsed().saturating_sub(begun), home.lives);
        if !stands {
            self.note(Event::Limit { limit: LimitKind::Other, detail: format!("{TOO_LATE} {what}") })?;
        }
        Ok(stands)
    }

    fn advertisement(&self, tree: &Tree) -> Option<PopupSeen> {
        self.popup_on(tree).filter(|seen| seen.role == PopupRole::Promotion)
    }

    /// Makes one movement. Whether it led away; `None` when the device can't be moved.
    async fn make_movement(
        &mut self,
        (name, acceleration, lasts_ms): (&str, f64, u64),
        popup: Option<u32>,
        stays: &Rest,
    ) -> Result<Option<bool>, RunError> {
        let before = self.peek().await?;
        self.memory.moved_at = Some(self.clock.elapsed());
        if let Err(error) = self.shake(acceleration, Duration::from_millis(lasts_ms)).await {
            let error = RunError::from(error);
            if error.is_final() {
                return Err(error);
            }
            self.note(Event::Limit { limit: LimitKind::Other, detail: format!("{NO_CONSOLE}: {error}") })?;
            return Ok(None);
        }
        let (led_to, seen) = self.led_away(stays, &before).await?;
        let led = led_to.is_some();
        let route = "emulator console, `sensor set acceleration`".to_owned();
        let name = name.to_owned();
        let movement = Movement { name, acceleration, lasts_ms, route, popup, led_to, seen };
        self.note(Event::Moved(Box::new(movement)))?;
        Ok(Some(led))
    }

    /// Sets the acceleration sensor to and fro across the screen, then back to rest.
    async fn shake(&mut self, acceleration: f64, lasts: Duration) -> Result<(), crate::adb::AdbError> {
        let mut console = self.android.device().console().await?;
        let end = self.clock.elapsed() + lasts;
        let mut side = 1.0;
        loop {
            console.command(&format!("sensor set acceleration {}:{GRAVITY}:0", acceleration * side)).await?;
            side = -side;
            if self.clock.elapsed() >= end {
                break;
            }
            self.clock.sleep(SAMPLE).await;
        }
        console.command(&format!("sensor set acceleration 0:{GRAVITY}:0")).await.map(drop)
    }

    /// Where a try led, if it led to another activity than those the app comes to by itself, or to another page of one, and
    /// the capture of it.
    async fn led_away(&mut self, stays: &Rest, before: &Arc<Tree>) -> Result<(Option<String>, Option<u64>), RunError> {
        let patience = self.patience(LEADS_WITHIN, 2);
        self.until_changed(before, patience).await?;
        let screen = self.look("probe").await?;
        let front = screen.resumed.clone().or_else(|| self.watch.resumed());
        let known = |front: &String| stays.activities.iter().any(|stay| same_activity(stay, front));
        let upon_it = self.popup_on(&screen.tree).is_some() || *screen.tree == **before;
        let elsewhere = !upon_it && stays.page.as_ref().is_some_and(|page| is_another(page, &screen.tree));
        let told = |front: String| match known(&front) {
            false => Some(front),
            true => elsewhere.then(|| format!("{front} ({})", title(&screen.tree))),
        };
        Ok((front.and_then(told), Some(screen.capture)))
    }
}

/// Where the app comes to by itself once its advertisement is over.
#[derive(Clone, Default)]
struct Rest {
    activities: Vec<String>,
    /// Its page then, where that was seen.
    page: Option<Arc<Tree>>,
    /// How long after the start the advertisement was last seen, when nothing was done.
    lives: Duration,
}

impl Rest {
    fn with(&self, activity: Option<String>) -> Self {
        let mut rest = self.clone();
        rest.activities.extend(activity);
        rest
    }
}

/// Whether so long after the start an advertisement stands that was last seen `lives` after another start.
fn is_in_time(since_start: Duration, lives: Duration) -> bool {
    since_start + STARTS_DIFFER <= lives
}

/// Whether a page is another than the one the app comes to by itself: another title, and hardly a word that stood there.
/// A feed shows other titles each time below the same heading.
fn is_another(rest: &Tree, now: &Tree) -> bool {
    /// Share of the words that two looks at one page have in common at least (ours).
    const COMMON: f64 = 0.3;
    let all: Vec<&str> = now.labels().collect();
    let known = all.iter().filter(|label| rest.labels().any(|other| other == **label)).count();
    !all.is_empty() && title(rest) != title(now) && (known as f64) < all.len() as f64 * COMMON
}

/// Whether two names, short or in full, are of one activity.
fn same_activity(a: &str, b: &str) -> bool {
    let full = |name: &str| match name.split_once('/') {
        Some((package, class)) if class.starts_with('.') => format!("{package}/{package}{class}"),
        _ => name.to_owned(),
    };
    full(a) == full(b)
}

/// Places on a grid that lie in no control with words or a closing mark, nor near one.
fn blank_places(tree: &Tree, seen: &PopupSeen) -> Vec<Point> {
    let area = seen.bounds;
    let controls: Vec<Rect> =
        seen.close.iter().chain(&seen.accept).chain(&seen.refuse).map(|control| control.bounds).collect();
    let worded = tree.nodes.iter().enumerate().filter(|(_, node)| !node.label().is_empty());
    // Words within a picture that is pressable as a whole announce nothing; a button has its words to itself.
    let own: Vec<Rect> = worded
        .filter(|(id, node)| node.clickable && tree.subtree(*id).len() == 1 && node.bounds.area() * 3 < area.area())
        .map(|(_, node)| node.bounds)
        .collect();
    let near = |point: Point| {
        let margin = area.width() / 30;
        controls
            .iter()
            .chain(&own)
            .any(|r| Rect::new(r.left - margin, r.top - margin, r.right + margin, r.bottom + margin).contains(point))
    };
    let (columns, rows) = GRID;
    let cells = (1..=rows).flat_map(|row| (1..=columns).map(move |column| (row, column)));
    let points = cells.map(|(row, column)| Point {
        x: area.left + area.width() * column / (columns + 1),
        y: area.top + area.height() * row / (rows + 1),
    });
    points.filter(|point| !near(*point)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_full_names_are_of_one_activity() {
        assert!(same_activity("a.b/.Main", "a.b/a.b.Main"));
        assert!(!same_activity("a.b/.Main", "a.b/.Other"));
    }

    #[test]
    fn what_comes_after_an_advertisement_does_not_meet_it() {
        let after = |since: u64, lives: u64| is_in_time(Duration::from_millis(since), Duration::from_millis(lives));
        assert!(after(2_000, 4_000) && after(3_700, 4_000));
        assert!(!after(3_900, 4_000) && !after(6_000, 4_000) && !after(100, 0));
    }

    #[test]
    fn movements_grow() {
        assert!(MOVEMENTS.windows(2).all(|pair| pair[0].1 < pair[1].1));
    }
}
