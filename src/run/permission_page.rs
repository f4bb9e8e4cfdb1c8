//! Permissions on the pages of the system's settings, as a person gives and takes them there.

use std::time::Duration;

use crate::journal::entry::Control;
use crate::ui::{Lexicon, Names, NodeId, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::hands::refused;
use super::switch::switch_beside;

/// A page of one permission is there from this platform level on; before, one page has a switch for each group (AOSP
/// `ManagePermissionsActivity`).
const ONE_SINCE: u32 = 29;
/// Ids of the choices on the page of a permission, the fullest first (AOSP `AppPermissionFragment`).
const GRANT_IDS: [&str; 3] = ["allow_always_radio_button", "allow_radio_button", "allow_foreground_only_radio_button"];
const REFUSE_IDS: [&str; 1] = ["deny_radio_button"];
/// How often *back* is pressed to leave such a page (ours).
const MOST_BACKS: u32 = 3;

/// Where on a page a permission is given and taken.
enum Place {
    /// Choices of one permission.
    Choices,
    /// The switch in the row of this group.
    Row(String),
}

impl Place {
    /// The view that says how it stands when it is to be given or taken.
    fn on(&self, tree: &Tree, lexicon: &Lexicon, granted: bool) -> Option<NodeId> {
        match self {
            Self::Choices => {
                let ids: &[&str] = if granted { &GRANT_IDS } else { &REFUSE_IDS };
                let with = |id: &&str| tree.nodes.iter().position(|node| node.enabled && node.short_id() == *id);
                ids.iter().find_map(with)
            }
            Self::Row(group) => {
                let names = |label: &str| lexicon.named(label, Names::PermissionRow).eq([group.as_str()]);
                let mut rows = tree.nodes.iter().enumerate().filter(|(_, node)| names(node.label()));
                rows.find_map(|(id, _)| switch_beside(tree, id))
            }
        }
    }

    /// Whether a view of it stands as wanted.
    fn stands(&self, tree: &Tree, view: NodeId, granted: bool) -> bool {
        tree.nodes[view].checked == (granted || matches!(self, Self::Choices))
    }
}

impl Attempt<'_> {
    /// Gives the app a permission or takes it away on the page of the settings, as a person does.
    pub(super) async fn choose_on_page(&mut self, package: &str, name: &str, granted: bool) -> Result<(), RunError> {
        let place = if self.android.identity().api >= ONE_SINCE {
            self.android.open_permission(package, name).await.map_err(refused)?;
            Place::Choices
        } else {
            let group = self.android.group_of(name).await.map_err(refused)?;
            let none = || RunError::Scenario(format!("the device's settings keep {name} in no group"));
            let place = Place::Row(group.ok_or_else(none)?);
            self.android.open_permissions(package).await.map_err(refused)?;
            place
        };
        let chosen = self.choose(&place, granted).await;
        if !matches!(&chosen, Err(error) if error.is_final()) {
            self.leave_page(&place).await?;
        }
        chosen
    }

    /// Chooses on the page of a permission. Nothing is met meanwhile: to a page that we went to ourselves, nobody asked.
    async fn choose(&mut self, place: &Place, granted: bool) -> Result<(), RunError> {
        let lexicon = self.order.lexicon.clone();
        let choice = |tree: &Tree| place.on(tree, &lexicon, granted);
        let came = self.until_seen(self.patience(Duration::from_secs(4), 5), choice).await?;
        let screen = self.look("settings").await?;
        let Some(node) = came.and_then(|_| choice(&screen.tree)) else {
            return Err(RunError::Scenario(
                "this device has no page of the permission whose choices are known; use `by: pm`".into(),
            ));
        };
        if matches!(place, Place::Row(_)) && place.stands(&screen.tree, node, granted) {
            return Ok(());
        }
        let at = screen.tree.clickable_at(node).unwrap_or(node);
        let label = super::page::label_of(&screen.tree, at);
        let control = Control { label, bounds: screen.tree.nodes[at].bounds };
        self.press(&screen, &control, "settings").await?;
        let chosen = |tree: &Tree| choice(tree).filter(|node| place.stands(tree, *node, granted));
        self.until_seen(self.patience(Duration::from_secs(2), 4), chosen).await?;
        self.look("settings").await.map(drop)
    }

    /// Leaves the page of a permission and waits until it is gone: left standing, it would be taken for a question.
    async fn leave_page(&mut self, place: &Place) -> Result<(), RunError> {
        let lexicon = self.order.lexicon.clone();
        let stands = |tree: &Tree| [true, false].iter().any(|granted| place.on(tree, &lexicon, *granted).is_some());
        let gone = |tree: &Tree| (!tree.nodes.is_empty() && !stands(tree)).then_some(());
        for _ in 0..MOST_BACKS {
            self.press_key("BACK", "leave the settings page", "step").await?;
            if self.until_seen(self.patience(Duration::from_secs(2), 4), gone).await?.is_some() {
                return Ok(());
            }
        }
        Err(RunError::Device("the page of a permission in the settings does not go".into()))
    }
}
