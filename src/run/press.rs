//! Pressing a control by its words, in a search: bring it up, press it, wait for what follows.

use std::time::Duration;

use crate::journal::entry::PopupRole;
use crate::ui::NodeId;

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::page::pressable;

/// Scrolls spent on one screen (ours).
pub(super) const MOST_SCROLLS: u32 = 6;
/// How long a control has to show anything at all after its press, on a device that answers at once (ours).
const SHOWS_WITHIN: Duration = Duration::from_millis(800);

/// What one press of a control did.
// It is looked at and dropped, never kept in numbers.
#[allow(clippy::large_enum_variant)]
pub(super) enum Pressed {
    /// Another screen.
    Moved(Box<Screen>),
    /// Nothing.
    Nothing,
    /// The control was not there any more.
    Missing,
}

/// Presses the control with this label, scrolling to it if need be, and waits for what follows. When an advertisement came
/// up and nothing else came of the press, it may have taken the press: then it is made once more.
pub(super) async fn press_label(on: &mut Attempt<'_>, screen: &Screen, label: &str) -> Result<Pressed, RunError> {
    let before = on.memory.popups.len();
    let pressed = press_once(on, screen, label).await?;
    let interrupts = |role: PopupRole| matches!(role, PopupRole::Promotion | PopupRole::Update);
    match pressed {
        Pressed::Nothing if on.memory.popups[before..].iter().any(|popup| interrupts(popup.role)) => {
            let screen = on.clear_way().await?;
            press_once(on, &screen, label).await
        }
        pressed => Ok(pressed),
    }
}

async fn press_once(on: &mut Attempt<'_>, screen: &Screen, label: &str) -> Result<Pressed, RunError> {
    let Some((screen, node)) = bring_up(on, screen, label).await? else { return Ok(Pressed::Missing) };
    press_and_see(on, &screen, node).await
}

/// Presses a control of a screen and waits for what follows.
pub(super) async fn press_and_see(on: &mut Attempt<'_>, screen: &Screen, node: NodeId) -> Result<Pressed, RunError> {
    on.press_node(screen, node, "seek").await?;
    let patience = on.patience(SHOWS_WITHIN, 3);
    if on.until_changed(&screen.tree, patience).await?.is_none() {
        return Ok(Pressed::Nothing);
    }
    on.settle(on.patience(Duration::from_secs(2), 4)).await?;
    let after = past_message(on, screen).await?;
    Ok(if *after.tree == *screen.tree { Pressed::Nothing } else { Pressed::Moved(Box::new(after)) })
}

/// The control with this label: on the screen as it is, further down, or above where the screen was scrolled to before.
pub(super) async fn bring_up(
    on: &mut Attempt<'_>,
    screen: &Screen,
    label: &str,
) -> Result<Option<(Screen, NodeId)>, RunError> {
    if let Some(node) = pressable(&screen.tree, label) {
        return Ok(Some((screen.clone(), node)));
    }
    for (down, most) in [(true, MOST_SCROLLS), (false, MOST_SCROLLS * 2)] {
        for _ in 0..most {
            let Some(tree) = on.scroll(down, "seek").await? else { break };
            if pressable(&tree, label).is_none() {
                continue;
            }
            let screen = on.look("seek").await?;
            if let Some(node) = pressable(&screen.tree, label) {
                return Ok(Some((screen, node)));
            }
        }
    }
    Ok(None)
}

/// The screen in front once a message that can only be acknowledged has been: it came over a page, or in its stead.
async fn past_message(on: &mut Attempt<'_>, before: &Screen) -> Result<Screen, RunError> {
    let after = on.clear_way().await?;
    let Some(only) = on.popup_on(&after.tree).and_then(|_| on.lone_answer(&after.tree)) else { return Ok(after) };
    if *after.tree == *before.tree {
        return Ok(after);
    }
    on.press_node(&after, only, "seek").await?;
    let patience = on.patience(SHOWS_WITHIN, 3);
    on.until_changed(&after.tree, patience).await?;
    on.clear_way().await
}
