//! What each verb of a scenario does.

use std::pin::Pin;
use std::time::Duration;

use crate::android::AndroidError;
use crate::android::dialogs::SystemDialog;
use crate::journal::entry::{AccountAct, AccountOutcome, Event, LimitKind, PromptKind};
use crate::scenario::{AppState, Condition, Direction, Expectation, Located, Step, Word};
use crate::ui::{Point, Rect, Selector};

use super::answer::Choice;
use super::attempt::{Attempt, Updated};
use super::error::RunError;
use super::look::Screen;
use super::page::labels_of;
use super::prompt::Sight;
use super::target::FIND_WITHIN;

/// Views of a placeholder page at the most.
const MOST_NO_MODEL_VIEWS: usize = 12;
/// Longest a shell step may take.
const SHELL: Duration = Duration::from_secs(60);
/// Steps of one finger's swipe over the screen before `scroll-to` gives up (ours).
const MOST_SCROLLS: u32 = 12;
/// How long each of several starts is watched once something was refused: a picture at the start lasts five seconds (ours).
const START_WATCHED: Duration = Duration::from_secs(8);
/// How long an app is left on the screen after it was refused something (ours).
const REFUSAL_WATCHED: Duration = Duration::from_secs(10);

impl Attempt<'_> {
    /// Carries out one step. Boxed, because steps hold steps.
    pub fn carry_out_step<'s>(
        &'s mut self,
        step: &'s Step,
        path: &'s str,
    ) -> Pin<Box<dyn Future<Output = Result<(), RunError>> + Send + 's>> {
        match step {
            Step::Launch { times } => Box::pin(async move { self.launch(*times).await }),
            Step::Settle { at_most } => Box::pin(async move { self.settle(*at_most).await }),
            Step::Functions => Box::pin(async move { self.try_functions(path).await }),
            Step::Twin(twin) => Box::pin(async move { self.twin(twin, path).await }),
            Step::Seek(concept) => Box::pin(async move { self.seek(*concept).await.map(drop) }),
            Step::Read(concept) => Box::pin(async move { self.read_text(*concept).await }),
            Step::Tap(selector) => Box::pin(async move { self.tap(selector).await }),
            Step::LongPress(selector) => Box::pin(async move { self.long_press(selector).await }),
            Step::DoubleTap(selector) => Box::pin(async move { self.double_tap(selector).await }),
            Step::Toggle { view, on } => Box::pin(async move { self.toggle(view, *on).await }),
            Step::Recents => Box::pin(async move { self.back_or_home("APP_SWITCH").await }),
            Step::Rotate(turn) => Box::pin(async move { self.rotate(*turn).await }),
            Step::Network(on) => Box::pin(async move { self.switch_network(*on).await }),
            Step::SetClock { forward } => Box::pin(async move { self.set_clock(*forward).await }),
            Step::SetPermission { permission, granted, by } => {
                Box::pin(async move { self.set_permission(permission, *granted, *by).await })
            }
            Step::AskOperator { question, name, within } => {
                Box::pin(async move { self.ask_operator(question, name, *within).await })
            }
            Step::Use { scenario, steps, .. } => Box::pin(async move { self.use_steps(scenario, steps, path).await }),
            Step::Type { into, text } => Box::pin(async move { self.type_into(into.as_ref(), text).await }),
            Step::ClearText(selector) => Box::pin(async move { self.clear_text(selector).await }),
            Step::Swipe { direction, on } => Box::pin(async move { self.swipe_towards(*direction, on.as_ref()).await }),
            Step::ScrollTo(selector) => Box::pin(async move { self.scroll_to(selector).await }),
            Step::Back => Box::pin(async move { self.back_or_home("BACK").await }),
            Step::Home => Box::pin(async move { self.back_or_home("HOME").await }),
            Step::Wait(expectation) | Step::Expect(expectation) => {
                Box::pin(async move { self.expect(expectation).await })
            }
            Step::ExpectNot(expectation) => Box::pin(async move { self.expect_not(expectation).await }),
            Step::Stop => Box::pin(async move { self.stop_app().await }),
            Step::Screenshot { name } => Box::pin(async move { self.screenshot(name.as_deref()).await }),
            Step::Note(text) => Box::pin(async move { self.remark(text) }),
            Step::Answer(answer) => Box::pin(async move { self.answer(*answer).await }),
            Step::Consent(policy) => Box::pin(async move { self.consent(*policy).await }),
            Step::SignUp => Box::pin(async move { self.account_step(path, AccountAct::SignUp).await }),
            Step::SignIn => Box::pin(async move { self.account_step(path, AccountAct::SignIn).await }),
            Step::RequestDeletion => Box::pin(async move { self.request_deletion().await.map(drop) }),
            Step::CheckAccountDeleted => Box::pin(async move { self.check_account_deleted(path).await.map(drop) }),
            Step::ClosePopup => Box::pin(async move { self.close_open_popup().await }),
            Step::When { condition, then, otherwise } => {
                Box::pin(async move { self.when(condition, then, otherwise, path).await })
            }
            Step::Repeat { times, steps } => Box::pin(async move { self.repeat(*times, steps, path).await }),
            Step::Background { period } => Box::pin(async move { self.background(*period).await }),
            Step::Upgrade => Box::pin(self.upgrade()),
            Step::ClearData => Box::pin(async move { self.clear_data().await }),
            Step::Shell(command) => Box::pin(async move { self.shell(command).await }),
            Step::Dwell { period } => Box::pin(async move { self.dwell(*period).await }),
            Step::MoveDevice { movement } => Box::pin(async move { self.move_device(*movement).await }),
            Step::TapBlank => Box::pin(async move { self.tap_blank().await }),
            Step::Reboot => Box::pin(async move { self.reboot().await }),
            Step::TurnOff(concept) => Box::pin(async move { self.turn_off(*concept).await }),
            Step::SignUpAsChild => Box::pin(async move { self.sign_up_as_child(path).await }),
            Step::Complaint { sent, answered } => {
                Box::pin(async move { self.tell_complaint(sent, answered.as_deref()) })
            }
            Step::LeaveAlone { period } => Box::pin(async move { self.leave_alone(*period).await }),
        }
    }

    /// Keeps a picture, under the author's name for it.
    async fn screenshot(&mut self, name: Option<&str>) -> Result<(), RunError> {
        let reason = name.map_or_else(|| "screenshot".to_owned(), |name| format!("screenshot: {name}"));
        self.look(&reason).await.map(drop)
    }

    pub(super) fn remark(&self, text: &str) -> Result<(), RunError> {
        self.note(Event::Note { text: text.to_owned() }).map(drop)
    }

    async fn launch(&mut self, times: u32) -> Result<(), RunError> {
        for round in 0..times {
            if round > 0 {
                self.stop_app().await?;
            }
            self.launch_app().await?;
            if times > 1 && self.memory.denied {
                self.see_what_comes().await?;
            }
        }
        Ok(())
    }

    /// Watches a start for as long as an app may take that shows a picture first and asks then.
    async fn see_what_comes(&mut self) -> Result<(), RunError> {
        let since = self.memory.launched_at.unwrap_or_default();
        let left = START_WATCHED.saturating_sub(self.clock.elapsed().saturating_sub(since));
        self.dwell(left).await
    }

    /// Watches for a while what an app does that was refused something, before it is taken off the screen: some tell why
    /// first, and leave then.
    pub async fn see_out_refusal(&mut self) -> Result<(), RunError> {
        let Some(refused) = self.memory.refused_at.filter(|at| Some(*at) >= self.memory.launched_at) else {
            return Ok(());
        };
        let left = REFUSAL_WATCHED.saturating_sub(self.clock.elapsed().saturating_sub(refused));
        if left.is_zero() || self.peek().await?.package() != self.package() {
            return Ok(());
        }
        self.dwell(left).await
    }

    /// Starts the app and leaves alone whatever comes up.
    pub async fn start_bare(&mut self) -> Result<(), RunError> {
        let launcher = self.order.app.facts.launcher.clone();
        let package = self.package().to_owned();
        self.memory.launches += 1;
        self.begin_start();
        if self.memory.updated == Updated::Installed {
            self.memory.updated = Updated::Started;
        }
        self.memory.launched_at = Some(self.clock.elapsed());
        self.memory.returned_at = None;
        self.memory.last_tap = None;
        self.memory.last_back = None;
        self.memory.refusals = 0;
        if self.memory.launches == 1 {
            self.memory.readings = 0;
        }
        let started = self.android.launch(&package, launcher.as_deref()).await;
        let launch = match started {
            Ok(launch) => launch,
            Err(error) => return Err(launch_error(error)),
        };
        self.note(Event::Launched { component: launch.component, count: self.memory.launches }).map(drop)
    }

    /// Starts the app and meets what comes up at its start.
    pub async fn launch_app(&mut self) -> Result<(), RunError> {
        let first_of_update = self.memory.updated == Updated::Installed;
        self.start_bare().await?;
        let patience = self.patience(Duration::from_secs(4), 6);
        self.settle(patience).await?;
        let screen = self.clear_way().await?;
        self.note_no_model(&screen)?;
        if first_of_update {
            self.note_permissions("after the first start of the newer version").await?;
        }
        let bare = labels_of(&screen.tree).is_empty();
        if self.memory.main.is_none() && self.in_front(&screen) && self.popup_on(&screen.tree).is_none() && !bare {
            self.memory.main = Some(screen.signature);
        }
        Ok(())
    }

    /// A device that stands in for Android says so when it knows nothing of an app: a page with nothing but a view of
    /// the id `no_model`. Whatever such a run shows is not the app's behaviour.
    fn note_no_model(&mut self, screen: &Screen) -> Result<(), RunError> {
        let said = screen.tree.nodes.iter().any(|n| n.short_id() == "no_model");
        if said && screen.tree.nodes.len() <= MOST_NO_MODEL_VIEWS {
            self.limit(
                LimitKind::NoModel,
                "the device has no model for this app and shows a placeholder in its stead",
            )?;
        }
        Ok(())
    }

    /// Stops the app.
    pub async fn stop_app(&mut self) -> Result<(), RunError> {
        self.see_out_refusal().await?;
        // What was asked for a moment ago would seem to have been shown to nobody.
        self.await_requests().await?;
        self.note_suppressed()?;
        self.note_fall()?;
        let package = self.package().to_owned();
        self.note(Event::Stopped { package: package.clone() })?;
        self.android.force_stop(&package).await?;
        self.watch.prompt_over(self.clock.elapsed());
        for at in 0..self.memory.popups.len() {
            self.popup_gone(at, crate::journal::entry::PopupEnd::AppGone)?;
        }
        Ok(())
    }

    async fn tap(&mut self, selector: &Selector) -> Result<(), RunError> {
        let (screen, node) = self.find_to_touch(selector).await?;
        self.press_node(&screen, node, "step").await?;
        let at_once = self.landed();
        let patience = self.patience(Duration::from_millis(800), 2);
        self.until_changed(&screen.tree, patience).await?;
        let landed = at_once.and_then(|()| self.landed());
        self.clear_way().await?;
        landed
    }

    async fn long_press(&mut self, selector: &Selector) -> Result<(), RunError> {
        let (screen, node) = self.find_to_touch(selector).await?;
        let at = screen.tree.nodes[node].bounds.center();
        let words = screen.tree.nodes[node].label().to_owned();
        self.memory.last_tap = Some((words.clone(), self.clock.elapsed()));
        self.note_touch("long-press", at, &words, screen.capture)?;
        self.android.long_press(at).await?;
        self.clear_way().await.map(drop)
    }

    pub(super) fn note_touch(&self, act: &str, at: Point, target: &str, seen: u64) -> Result<(), RunError> {
        self.note(Event::Input(crate::journal::entry::Input {
            act: act.into(),
            point: Some(at),
            bounds: None,
            target: target.to_owned(),
            by: "step".into(),
            seen: Some(seen),
        }))?;
        Ok(())
    }

    async fn swipe_towards(&mut self, direction: Direction, on: Option<&Selector>) -> Result<(), RunError> {
        let area = match on {
            Some(selector) => {
                let (screen, node) = self.find(selector, FIND_WITHIN).await?;
                screen.tree.nodes[node].bounds
            }
            None => self.screen_bounds(),
        };
        let (from, to) = stroke(area, direction);
        self.swipe(from, to, "swipe", "step").await?;
        self.settle(self.patience(Duration::from_secs(1), 3)).await
    }

    async fn scroll_to(&mut self, selector: &Selector) -> Result<(), RunError> {
        let lexicon = self.order.lexicon.clone();
        for _ in 0..MOST_SCROLLS {
            let tree = self.peek().await?;
            if selector.find(&tree, &lexicon).is_ok() {
                return Ok(());
            }
            if self.scroll(true, "step").await?.is_none() {
                break;
            }
        }
        self.find(selector, Duration::ZERO).await.map(drop)
    }

    async fn back_or_home(&mut self, key: &str) -> Result<(), RunError> {
        let before = self.peek().await?;
        self.press_key(key, "", "step").await?;
        let patience = self.patience(Duration::from_millis(800), 2);
        self.until_changed(&before, patience).await.map(drop)
    }

    async fn expect(&mut self, expectation: &Expectation) -> Result<(), RunError> {
        if self.comes_true(expectation).await? {
            return Ok(());
        }
        self.look("step").await?;
        match &expectation.what {
            // The same error a tap would give, with the nearest candidates.
            Condition::View(selector) => match self.find(selector, Duration::ZERO).await {
                Ok(_) => Ok(()),
                Err(RunError::Scenario(message)) => Err(RunError::App(message)),
                Err(error) => Err(error),
            },
            other => Err(RunError::App(format!("expected: {}", in_words(other)))),
        }
    }

    async fn expect_not(&mut self, expectation: &Expectation) -> Result<(), RunError> {
        if self.comes_true(expectation).await? {
            self.look("step").await?;
            return Err(RunError::App(format!("not expected: {}", in_words(&expectation.what))));
        }
        Ok(())
    }

    /// Whether a condition comes true within its time.
    pub async fn comes_true(&mut self, expectation: &Expectation) -> Result<bool, RunError> {
        let within = self.patience(expectation.within, 2);
        let end = self.clock.elapsed() + within;
        loop {
            if self.holds(&expectation.what).await? {
                return Ok(true);
            }
            if self.clock.elapsed() >= end {
                return Ok(false);
            }
            let tree = self.peek().await?;
            if self.is_interruption(&tree) {
                self.clear_way_from(tree).await?;
            } else {
                self.pause(Duration::from_millis(60)).await?;
            }
        }
    }

    /// Whether a condition holds now.
    pub async fn holds(&mut self, condition: &Condition) -> Result<bool, RunError> {
        Ok(match condition {
            Condition::View(selector) => {
                let tree = self.peek().await?;
                !selector.find_all(&tree, &self.order.lexicon).is_empty()
            }
            Condition::App(state) => {
                let screen = self.look("step").await?;
                let in_front = self.in_front(&screen) || self.system_dialog(&screen.tree).is_some();
                in_front == (*state == AppState::InFront)
            }
            Condition::PromptsAtMost(most) => self.memory.prompts <= *most,
            Condition::PopupsAtMost(most) => self.memory.popups.len() <= *most as usize,
            Condition::Account(wanted) => self.has_account() == *wanted,
        })
    }

    async fn answer(&mut self, answer: crate::scenario::Answer) -> Result<(), RunError> {
        let mut screen = self.look("prompt").await?;
        let fails = |dialog: &SystemDialog| matches!(dialog.what, PromptKind::Crash | PromptKind::NotResponding);
        if self.system_dialog(&screen.tree).as_ref().is_some_and(fails) {
            // It is no question, and another one may stand beneath it.
            screen = self.clear_way().await?;
        }
        let Some(dialog) = self.system_dialog(&screen.tree) else {
            return Err(RunError::App("no prompt is on the screen to be answered".into()));
        };
        let prompt = match self.memory.prompts {
            0 => self.write_prompt(&Sight::of(&screen), &dialog).await?,
            met if self.stands_answered(&screen.tree) => met,
            _ => self.write_prompt(&Sight::of(&screen), &dialog).await?,
        };
        let choice = Choice { answers: super::answer::exactly(answer), why: "the scenario's step".into() };
        let now = self.clock.elapsed();
        self.answer_prompt(&screen, &dialog, prompt, &choice, now).await?;
        self.clear_way().await.map(drop)
    }

    async fn consent(&mut self, policy: crate::scenario::ConsentPolicy) -> Result<(), RunError> {
        use crate::journal::entry::PopupRole;
        let screen = self.look("consent").await?;
        let Some(seen) = self.popup_on(&screen.tree).filter(|seen| seen.role == PopupRole::Consent) else {
            return Err(RunError::App("no policy dialog is on the screen to be answered".into()));
        };
        let at = self.open_popup(&screen, &seen).await?;
        self.meet_consent(super::order::consent_policy(policy), &screen, seen, at).await?;
        self.clear_way().await.map(drop)
    }

    async fn account_step(&mut self, path: &str, act: AccountAct) -> Result<(), RunError> {
        match self.use_account(path, act).await? {
            AccountOutcome::Accepted | AccountOutcome::NotReached => Ok(()),
            outcome => Err(RunError::App(format!("the account was not taken: {outcome:?}"))),
        }
    }

    async fn close_open_popup(&mut self) -> Result<(), RunError> {
        let screen = self.look("popup").await?;
        let Some(seen) = self.popup_on(&screen.tree) else { return Ok(()) };
        let at = self.open_popup(&screen, &seen).await?;
        if self.memory.popups[at].given_up {
            return Ok(());
        }
        self.close_popup(&screen, seen, at).await
    }

    async fn when(
        &mut self,
        condition: &Condition,
        then: &[Located<Step>],
        otherwise: &[Located<Step>],
        path: &str,
    ) -> Result<(), RunError> {
        let steps = if self.holds(condition).await? { then } else { otherwise };
        Box::pin(self.walk(steps, path)).await
    }

    async fn repeat(&mut self, times: u32, steps: &[Located<Step>], path: &str) -> Result<(), RunError> {
        for round in 1..=times {
            Box::pin(self.walk(steps, &format!("{path}.{round}"))).await?;
        }
        Ok(())
    }

    async fn background(&mut self, period: Duration) -> Result<(), RunError> {
        self.press_key("HOME", "to the background", "step").await?;
        self.look("background").await?;
        self.dwell(period).await?;
        self.read_accesses().await?;
        let package = self.package().to_owned();
        let launcher = self.order.app.facts.launcher.clone();
        self.memory.returned_at = Some(self.clock.elapsed());
        let launch = self.android.launch(&package, launcher.as_deref()).await.map_err(launch_error)?;
        self.note(Event::Note { text: format!("brought back to the foreground: {}", launch.component) })?;
        self.settle(self.patience(Duration::from_secs(2), 4)).await
    }

    async fn upgrade(&mut self) -> Result<(), RunError> {
        if self.order.older.is_none() {
            return Err(RunError::Scenario("an upgrade needs an older version: give it with --older FILE".into()));
        }
        self.note_permissions("before upgrade").await?;
        self.memory.updated = Updated::Installed;
        self.install(self.order.app.clone(), true).await
    }

    async fn clear_data(&mut self) -> Result<(), RunError> {
        let package = self.package().to_owned();
        self.note(Event::Note { text: "the app's data was cleared".into() })?;
        self.android.clear_data(&package).await?;
        self.memory.consented = false;
        self.memory.consented_at = None;
        self.memory.main = None;
        Ok(())
    }

    async fn shell(&mut self, command: &str) -> Result<(), RunError> {
        self.note(Event::Input(crate::journal::entry::Input {
            act: "shell".into(),
            point: None,
            bounds: None,
            target: command.to_owned(),
            by: "step".into(),
            seen: None,
        }))?;
        let output = self.android.device().shell(command, SHELL).await?;
        // Masked before it is cut: half a secret would be known by nobody.
        let text = self.order.secrets.mask(&String::from_utf8_lossy(&output.stdout));
        self.note(Event::Note { text: text.chars().take(2_000).collect() })?;
        match output.status {
            Some(0) => Ok(()),
            status => Err(RunError::Scenario(format!("the command ended with {status:?}: {command}"))),
        }
    }
}

fn launch_error(error: crate::android::AndroidError) -> RunError {
    match error {
        AndroidError::NoLauncher { .. } | AndroidError::Refused { .. } => RunError::App(error.to_string()),
        other => other.into(),
    }
}

/// Start and end of a finger's way over an area.
fn stroke(area: Rect, direction: Direction) -> (Point, Point) {
    let middle = area.center();
    let (dx, dy) = (area.width() * 3 / 10, area.height() * 3 / 10);
    let point = |x: i32, y: i32| Point { x, y };
    match direction {
        Direction::Up => (point(middle.x, middle.y + dy), point(middle.x, middle.y - dy)),
        Direction::Down => (point(middle.x, middle.y - dy), point(middle.x, middle.y + dy)),
        Direction::Left => (point(middle.x + dx, middle.y), point(middle.x - dx, middle.y)),
        Direction::Right => (point(middle.x - dx, middle.y), point(middle.x + dx, middle.y)),
    }
}

fn in_words(condition: &Condition) -> String {
    match condition {
        Condition::View(selector) => selector_words(selector),
        Condition::App(AppState::InFront) => "the app is in front".into(),
        Condition::App(AppState::Gone) => "the app is gone".into(),
        Condition::PromptsAtMost(most) => format!("at most {most} prompts"),
        Condition::PopupsAtMost(most) => format!("at most {most} pop-ups"),
        Condition::Account(true) => "a test account is at hand".into(),
        Condition::Account(false) => "no test account is at hand".into(),
    }
}

fn selector_words(selector: &Selector) -> String {
    serde_json::to_string(selector).unwrap_or_else(|_| "a view".into())
}

/// A step in words: its verb and what it is about.
pub(super) fn step_words(step: &Step) -> String {
    let about = match step {
        Step::Launch { times } if *times > 1 => format!("{times} times"),
        Step::Settle { at_most } => format!("at most {at_most:?}"),
        Step::Seek(concept) | Step::Read(concept) | Step::TurnOff(concept) => concept.name().to_owned(),
        Step::Toggle { view, on } => format!("{} {}", selector_words(view), if *on { "on" } else { "off" }),
        Step::Rotate(turn) => turn.word().into(),
        Step::Network(on) => if *on { "on" } else { "off" }.into(),
        Step::SetClock { forward } => format!("forward {forward:?}"),
        Step::SetPermission { permission, granted, by } => {
            format!("{permission} {} by {}", if *granted { "granted" } else { "refused" }, by.word())
        }
        Step::AskOperator { question, .. } => question.clone(),
        Step::Use { scenario, .. } => scenario.clone(),
        Step::Tap(s) | Step::LongPress(s) | Step::DoubleTap(s) | Step::ClearText(s) | Step::ScrollTo(s) => {
            selector_words(s)
        }
        Step::Type { text, .. } => text.clone(),
        Step::Wait(e) | Step::Expect(e) | Step::ExpectNot(e) => in_words(&e.what),
        Step::Note(text) | Step::Screenshot { name: Some(text) } => text.clone(),
        Step::Answer(answer) => answer.word().to_owned(),
        Step::Consent(policy) => policy.word().to_owned(),
        Step::Swipe { direction, on: None } => direction.word().to_owned(),
        Step::Swipe { direction, on: Some(view) } => format!("{} on {}", direction.word(), selector_words(view)),
        Step::Dwell { period } | Step::Background { period } | Step::LeaveAlone { period } => format!("{period:?}"),
        Step::Shell(command) => command.clone(),
        _ => String::new(),
    };
    format!("{} {about}", step.verb()).trim_end().chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_stays_inside_its_area() {
        let area = Rect::new(0, 100, 1000, 2100);
        for direction in [Direction::Up, Direction::Down, Direction::Left, Direction::Right] {
            let (from, to) = stroke(area, direction);
            assert!(area.contains(from) && area.contains(to) && from != to);
        }
        let (from, to) = stroke(area, Direction::Up);
        assert!(to.y < from.y);
    }

    #[test]
    fn a_step_in_words_names_its_verb() {
        assert_eq!(step_words(&Step::Back), "back");
        assert_eq!(step_words(&Step::Launch { times: 3 }), "launch 3 times");
        assert_eq!(step_words(&Step::Swipe { direction: Direction::Left, on: None }), "swipe left");
        assert_eq!(step_words(&Step::Answer(crate::scenario::Answer::DenyForGood)), "answer deny-for-good");
        assert_eq!(step_words(&Step::Consent(crate::scenario::ConsentPolicy::Refuse)), "consent refuse");
        assert_eq!(step_words(&Step::Screenshot { name: Some("the shop".into()) }), "screenshot the shop");
    }
}
