//! Typing and clearing, read back from the field: what stands there afterwards is said when it is something else.

use std::sync::Arc;
use std::time::Duration;

use crate::android::{AndroidError, Keyboard};
use crate::journal::entry::{Event, INPUT_METHOD, Input};
use crate::ui::{Node, Selector, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::hands::refused;

/// How long a field may take to show what was typed, on a device that answers at once (ours).
const SHOWS_WITHIN: Duration = Duration::from_millis(800);
/// Characters deleted from a field at the most.
const MOST_CLEARED: usize = 200;

impl Attempt<'_> {
    /// Types a text with the run's values filled in, into a field or where the focus is.
    pub(super) async fn type_into(&mut self, into: Option<&Selector>, text: &str) -> Result<(), RunError> {
        let value = self.order.secrets.fill(&self.fill_child(text)).map_err(|name| {
            RunError::Scenario(format!(
                "there is no ${{{name}}}; give the test account in the briefing or the environment"
            ))
        })?;
        if let Some(selector) = into {
            let (screen, node) = self.find_to_touch(selector).await?;
            self.press_node(&screen, node, "step").await?;
            let selector = selector.clone();
            let lexicon = self.order.lexicon.clone();
            let focused = move |tree: &Tree| {
                let node = selector.find(tree, &lexicon).ok()?;
                tree.subtree(node).iter().any(|n| n.focused).then_some(())
            };
            let patience = self.patience(SHOWS_WITHIN, 2);
            self.until(patience, focused).await?;
            self.landed()?;
        }
        self.type_text(&value, text).await
    }

    /// Types into the focused field and reads it back; the entry holds `shown`, never a secret.
    pub async fn type_text(&mut self, value: &str, shown: &str) -> Result<(), RunError> {
        let before = match &self.memory.read {
            Some((_, tree)) if focused_field(tree).is_some() => tree.clone(),
            _ => self.peek().await?,
        };
        self.note(Event::Input(Input {
            act: "text".into(),
            point: None,
            bounds: None,
            target: shown.to_owned(),
            by: "step".into(),
            seen: None,
        }))?;
        match self.android.text(value).await {
            Ok(()) => self.read_back(&before, value).await,
            Err(untypable @ AndroidError::Untypable(_)) => {
                let keyboards = self.android.keyboards().await?;
                // What differs from what is shown has a secret in it.
                let fit = keyboards.into_iter().find(|keyboard| keyboard.is_discreet() || value == shown);
                let keyboard = fit.ok_or_else(|| RunError::Scenario(untypable.to_string()))?;
                self.type_by(keyboard, value).await?;
                self.read_back(&before, value).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Types through a keyboard that takes any text; the earlier one is put back, whatever comes. When this host dies or is
    /// stopped, the device does so by itself.
    async fn type_by(&mut self, keyboard: Keyboard, value: &str) -> Result<(), RunError> {
        let chosen = self.android.choose_keyboard(keyboard).await.map_err(refused)?;
        let before = chosen.before.clone();
        self.note_set(INPUT_METHOD, keyboard.id(), "ime")?;
        let typed = self.android.text_by(&chosen, value).await;
        let back = self.android.let_go_of_keyboard(chosen).await;
        if back.is_ok() {
            self.note_set(INPUT_METHOD, &before, "ime")?;
        }
        typed.map_err(refused)?;
        match back {
            Err(error @ AndroidError::Refused { .. }) => self.remark(&error.to_string()),
            other => other.map_err(RunError::from),
        }
    }

    /// Looks at the field that was typed into. A field that did not change took nothing, which fails the step; one that shows
    /// something else is said to: fields may write what was typed in their own way, or hand the focus on.
    async fn read_back(&mut self, before: &Tree, value: &str) -> Result<(), RunError> {
        let shows = |tree: &Tree| focused_field(tree).filter(|field| holds(field, value)).map(drop);
        if self.until_seen(self.patience(SHOWS_WITHIN, 2), shows).await?.is_some() {
            return Ok(());
        }
        let now: Arc<Tree> = self.peek().await?;
        let Some(field) = focused_field(&now) else {
            return self.remark("what was typed could not be read back: no field has the focus");
        };
        if field.password && field.text.is_empty() {
            return self
                .remark("what was typed could not be read back: this device tells nothing of a password's field");
        }
        let unchanged = focused_field(before).is_some_and(|old| old.bounds == field.bounds && old.text == field.text);
        let said = difference(field, value);
        match unchanged {
            true => Err(RunError::App(format!("nothing of what was typed came into the field: {said}"))),
            false => self.remark(&format!("the field shows something else than was typed: {said}")),
        }
    }

    /// Empties a field, and says when it shows afterwards what it showed before.
    pub(super) async fn clear_text(&mut self, selector: &Selector) -> Result<(), RunError> {
        let (screen, node) = self.find_to_touch(selector).await?;
        self.press_node(&screen, node, "step").await?;
        let old = screen.tree.nodes[node].text.clone();
        self.note_touch("text", screen.tree.nodes[node].bounds.center(), "(cleared)", screen.capture)?;
        self.android.clear_text(old.chars().count().min(MOST_CLEARED)).await?;
        if old.is_empty() {
            return Ok(());
        }
        let lexicon = self.order.lexicon.clone();
        // The selector may have named the field by what stood in it: then it is the one that has the focus.
        let field = |tree: &Tree| selector.find(tree, &lexicon).ok().map(|id| tree.nodes[id].clone());
        let left = |tree: &Tree| field(tree).or_else(|| focused_field(tree).cloned()).map(|field| field.text);
        let cleared = |tree: &Tree| left(tree).filter(|text| *text != old).map(drop);
        match self.until_seen(self.patience(SHOWS_WITHIN, 2), cleared).await? {
            Some(_) => Ok(()),
            // Most releases show the hint of an empty field as its text.
            None => self.remark("the cleared field shows what it showed before: its hint, or what stood in it"),
        }
    }
}

/// The field that has the focus.
fn focused_field(tree: &Tree) -> Option<&Node> {
    tree.nodes.iter().find(|node| node.focused && (node.class.ends_with("EditText") || node.password))
}

/// Whether a field shows what was typed: its letters and digits in order, since fields group and punctuate; of a password, as
/// many characters.
fn holds(field: &Node, value: &str) -> bool {
    if field.password {
        return field.text.chars().count() >= value.chars().count();
    }
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    field.text.contains(value) || (!plain(value).is_empty() && plain(&field.text).contains(&plain(value)))
}

/// What the field shows beside what was typed: of a password, lengths alone.
fn difference(field: &Node, value: &str) -> String {
    let typed = value.chars().count();
    match field.password {
        true => format!("{} characters stand there, {typed} were typed", field.text.chars().count()),
        false => {
            format!("“{}” stands there, “{value}” was typed", field.text.chars().take(MOST_CLEARED).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str, password: bool) -> Node {
        Node { text: text.into(), password, focused: true, class: "android.widget.EditText".into(), ..Node::default() }
    }

    #[test]
    fn a_field_may_group_what_was_typed_and_may_not_change_it() {
        assert!(holds(&field("138 0013 8000", false), "13800138000"));
        assert!(holds(&field("Bob", false), "bob") && holds(&field("x: a b", false), "a b"));
        assert!(!holds(&field("1380013800", false), "13800138000") && !holds(&field("", false), "?"));
        assert!(holds(&field("••••••", true), "geheim") && !holds(&field("•••••", true), "geheim"));
    }

    #[test]
    fn of_a_password_lengths_alone_are_told() {
        let said = difference(&field("•••", true), "geheim");
        assert_eq!(said, "3 characters stand there, 6 were typed");
    }
}
