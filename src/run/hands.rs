//! Steps beside the app: the device's network, clock and position, permissions by another way than a prompt, switches,
//! and questions to the operator. What was changed on the device is put back when the attempt ends.

use std::time::Duration;

use crate::android::{AndroidError, Held};
use crate::journal::entry::{Event, Permission};
use crate::scenario::{Located, Route, Step, Turn};
use crate::ui::{NodeId, Selector, Tree};

use super::attempt::Attempt;
use super::error::RunError;

/// Longest answer of an operator, in characters.
const LONGEST_ANSWER: usize = 200;

/// How a device was before a step changed it.
#[derive(Debug, Default)]
pub(super) struct Changed {
    network_off: bool,
    held: Option<Held>,
    /// The clock was set forward by so many ms in all.
    forward: i64,
}

impl Attempt<'_> {
    pub(super) async fn double_tap(&mut self, selector: &Selector) -> Result<(), RunError> {
        let (screen, node) = self.find_to_touch(selector).await?;
        let at = screen.tree.nodes[node].bounds.center();
        let words = screen.tree.nodes[node].label().to_owned();
        self.memory.last_tap = Some((words.clone(), self.clock.elapsed()));
        self.note_touch("double-tap", at, &words, screen.capture)?;
        self.android.double_tap(at).await?;
        self.until_changed(&screen.tree, self.patience(Duration::from_millis(800), 2)).await?;
        self.clear_way().await.map(drop)
    }

    /// Turns a switch, and sees that it stands as it was turned.
    pub(super) async fn toggle(&mut self, selector: &Selector, on: bool) -> Result<(), RunError> {
        let (screen, named) = self.find_to_touch(selector).await?;
        let Some(switch) = switch_of(&screen.tree, named) else {
            return Err(RunError::Scenario("there is no switch or box at the view that is named".into()));
        };
        if screen.tree.nodes[switch].checked == on {
            return Ok(());
        }
        self.press_node(&screen, switch, "step").await?;
        let (id, top) = (screen.tree.nodes[switch].resource_id.clone(), screen.tree.nodes[switch].bounds);
        let turned = move |tree: &Tree| {
            let same = |node: &&crate::ui::Node| node.checkable && node.resource_id == id && node.bounds == top;
            tree.nodes.iter().find(same).filter(|node| node.checked == on).map(drop)
        };
        let took = self.until(self.patience(Duration::from_secs(2), 4), turned).await?.is_some();
        let landed = self.landed();
        self.clear_way().await?;
        landed?;
        let word = if on { "on" } else { "off" };
        if took { Ok(()) } else { Err(RunError::App(format!("the switch did not turn {word}, or is not to be seen"))) }
    }

    pub(super) async fn switch_network(&mut self, on: bool) -> Result<(), RunError> {
        self.android.set_network(on).await.map_err(refused)?;
        self.memory.changed.network_off = !on;
        self.note_set("network", if on { "on" } else { "off" }, "svc")
    }

    pub(super) async fn rotate(&mut self, turn: Turn) -> Result<(), RunError> {
        let held = self.android.turn(turn.quarters()).await.map_err(refused)?;
        self.memory.changed.held.get_or_insert(held);
        self.note_set("rotation", &format!("{} quarter turns", turn.quarters()), "settings")?;
        self.settle(self.patience(Duration::from_secs(1), 3)).await
    }

    pub(super) async fn set_clock(&mut self, forward: Duration) -> Result<(), RunError> {
        let by = i64::try_from(forward.as_millis()).unwrap_or(i64::MAX);
        // What the app read so far is told on the clock by which it was read.
        self.read_accesses().await?;
        let to = self.android.clock().await.map_err(refused)?.saturating_add(by);
        self.android.set_clock(to).await.map_err(refused)?;
        self.android.measure_clock().await?;
        self.memory.changed.forward += by;
        self.note_set("clock", &format!("forward by {} s", by / 1000), "clock")
    }

    /// Gives the app a permission or takes it away. By the settings page it is a person's answer; by `pm` it is none.
    pub(super) async fn set_permission(&mut self, name: &str, granted: bool, by: Route) -> Result<(), RunError> {
        let package = self.package().to_owned();
        match by {
            Route::Pm => self.android.set_permission(&package, name, granted).await.map_err(refused)?,
            Route::Settings => self.choose_on_page(&package, name, granted).await?,
        }
        let state: Vec<Permission> = self.android.permissions(&package).await?;
        let stands = state.iter().find(|permission| permission.name == name);
        if stands.is_none_or(|permission| permission.granted != granted) {
            return Err(RunError::Device(format!("{name} does not stand as it was set: {stands:?}")));
        }
        if !granted && by == Route::Settings {
            self.memory.refused_at = Some(self.clock.elapsed());
            self.memory.denied = true;
        }
        let value = if granted { "granted" } else { "refused" };
        self.note_set(&format!("permission {name}"), value, if by == Route::Pm { "pm" } else { "settings" })?;
        self.note_permissions("set by a step").await
    }

    /// Asks the operator; later steps type the answer.
    pub(super) async fn ask_operator(&mut self, question: &str, name: &str, within: Duration) -> Result<(), RunError> {
        (self.report)(&format!("waiting for the operator: {question}"));
        let answered = match self.order.secrets.ask(question) {
            None => Err("nobody to ask: give --ask terminal, --ask file:PATH or --ask command:PROGRAM".to_owned()),
            Some(answer) => tokio::select! {
                answer = answer => answer,
                () = self.clock.sleep(within) => Err(format!("no answer within {} s", within.as_secs())),
                () = self.android.device().cancelled().cancelled() => return Err(RunError::Cancelled),
            },
        };
        let answered = answered.and_then(|text| {
            let text = text.trim().to_owned();
            let fits =
                !text.is_empty() && text.chars().count() <= LONGEST_ANSWER && !text.chars().any(char::is_control);
            if fits { Ok(text) } else { Err("the answer is empty, too long or holds control characters".to_owned()) }
        });
        let why = answered.as_ref().err().cloned().unwrap_or_default();
        self.note(Event::OperatorAsked { question: question.to_owned(), answered: answered.is_ok(), why })?;
        match answered {
            Ok(text) => {
                self.order.secrets.tell(&format!("operator.{name}"), text);
                Ok(())
            }
            Err(why) => Err(RunError::Scenario(format!("the operator's answer is missing: {why}"))),
        }
    }

    pub(super) async fn use_steps(
        &mut self,
        scenario: &str,
        steps: &[Located<Step>],
        path: &str,
    ) -> Result<(), RunError> {
        if steps.is_empty() {
            return Err(RunError::Scenario(format!("the steps of `{scenario}` were not read")));
        }
        Box::pin(self.walk(steps, path)).await
    }

    pub(super) fn note_set(&self, what: &str, value: &str, by: &str) -> Result<(), RunError> {
        self.note(Event::DeviceSet { what: what.into(), value: value.into(), by: by.into() }).map(drop)
    }

    /// Puts back what steps changed. What fails here is told to nobody: the device may be gone.
    pub(super) async fn put_back(&mut self) {
        let changed = std::mem::take(&mut self.memory.changed);
        if changed.network_off {
            let _ = self.android.set_network(true).await;
        }
        if let Some(held) = changed.held {
            let _ = self.android.hold(&held).await;
        }
        if changed.forward != 0
            && let Ok(now) = self.android.clock().await
        {
            let _ = self.android.set_clock(now - changed.forward).await;
        }
    }
}

/// A device that refuses such a change is not the app's doing, and the attempt goes on.
pub(super) fn refused(error: AndroidError) -> RunError {
    match error {
        AndroidError::Refused { .. } => RunError::Scenario(error.to_string()),
        other => other.into(),
    }
}

/// The switch or box that a view is or that stands in its row: itself, within it, else the only one within the nearest
/// view around it that holds one.
fn switch_of(tree: &Tree, named: NodeId) -> Option<NodeId> {
    let mut at = Some(named);
    while let Some(node) = at {
        // A view and what it holds stand one after another.
        let held = node..node + tree.subtree(node).len();
        let inside: Vec<NodeId> = held.filter(|id| tree.nodes[*id].checkable).collect();
        match inside.as_slice() {
            [one] => return Some(*one),
            [] => at = tree.nodes[node].parent,
            _ => return None,
        }
    }
    None
}
