//! Reading a page for a search: what can be pressed, what it is called, what must not be pressed.

use crate::journal::entry::PopupRole;
use crate::ui::{Concept, Lexicon, List, Node, NodeId, Role, Tree};

use super::attempt::Attempt;
use super::icon::{self, Icon, Lead};
use super::map::{Candidate, Place};
use super::switch::switch_beside;

/// Concepts that are texts: the page that shows one is what was sought, whatever led to it is called.
const TEXTS: [Concept; 4] =
    [Concept::PrivacyPolicy, Concept::PersonalInfoList, Concept::SdkList, Concept::ChildrenPolicy];
/// Score from which a page's heading names the text below it (ours).
const HEADING: f32 = 0.8;
/// Characters below a heading that are a text (ours).
const SHORTEST_TEXT: usize = 20;
/// Signs of boxes and their ticks.
const TICKS: [char; 18] =
    ['☐', '☑', '☒', '✓', '✔', '✅', '□', '■', '▢', '◻', '◼', '⬜', '○', '●', '◯', '◉', '⚪', '⚫'];
/// Longest sentence that warns, in characters (ours).
const LONGEST_WARNING: usize = 160;
/// Controls of a page that carries out what can't be undone, at the most, besides those that lead back (ours).
const MOST_ON_A_LAST_PAGE: usize = 4;
/// Score from which a label is taken for the concept itself.
pub(super) const TARGET: f32 = 0.5;
/// A page whose controls are signing in for at least this share, one in so many, demands it (ours).
const WALL_SHARE: usize = 2;

/// What a page is about, by its heading: one of the concepts that are texts, when it shows running text.
pub(super) fn is_text_of(lexicon: &Lexicon, tree: &Tree, concept: Concept) -> bool {
    let heading = heading(tree);
    let text: usize = tree.nodes.iter().filter(|n| !n.clickable).map(|n| n.label().chars().count()).sum();
    TEXTS.contains(&concept)
        && !is_question(&heading)
        && lexicon.score(&heading, concept) >= HEADING
        && text >= heading.chars().count() + SHORTEST_TEXT
}

/// Takes down the words of everything that can be pressed.
pub(super) fn add_labels(place: &mut Place, tree: &Tree) {
    for label in labels_of(tree).into_iter().chain(labels_of_switches(tree)) {
        if !place.labels.contains(&label) {
            place.labels.push(label);
        }
    }
    let own = tree.nodes.iter().filter(|node| node.checkable).map(|node| node.label().to_owned());
    for words in own.chain(labels_of_switches(tree)).filter(|words| !words.is_empty()) {
        if !place.switches.contains(&words) {
            place.switches.push(words);
        }
    }
}

/// Words that can't be pressed, and have a switch without words of its own on their line, or choices below them.
fn labels_of_switches(tree: &Tree) -> Vec<String> {
    let nodes = tree.nodes.iter().enumerate();
    let still = nodes.filter(|(id, node)| !node.label().is_empty() && tree.clickable_at(*id).is_none());
    still
        .filter(|(id, _)| is_switch(tree, *id) || heads_choices(tree, *id))
        .map(|(_, node)| node.label().to_owned())
        .collect()
}

/// The words of everything that can be pressed.
pub(super) fn labels_of(tree: &Tree) -> Vec<String> {
    let nodes = tree.nodes.iter().enumerate();
    let pressable = nodes.filter(|(id, node)| !node.label().is_empty() && tree.clickable_at(*id).is_some());
    pressable.map(|(_, node)| node.label().to_owned()).collect()
}

/// Takes down the controls that may lead on.
pub(super) fn add_controls(place: &mut Place, on: &Attempt<'_>, tree: &Tree, concept: Concept) {
    for mut control in controls(on, tree) {
        if !place.controls.iter().any(|c| c.label == control.label) {
            control.score = on.order.lexicon.waypoint_score(&control.label, concept);
            place.controls.push(control);
        }
    }
}

/// Takes down the controls without words that may lead on; whether one is left alone behind which anything may be.
pub(super) fn add_icons(place: &mut Place, lexicon: &Lexicon, tree: &Tree) -> bool {
    let mut unknown = false;
    for Icon { node, name, lead } in icon::icons(lexicon, tree, place.path.len()) {
        unknown |= lead == Lead::Unknown;
        let Lead::May(score) = lead else { continue };
        if !place.controls.iter().any(|c| c.label == name) {
            let node = &tree.nodes[node];
            let (kind, bounds) = (kind_of(node), node.bounds);
            place.controls.push(Candidate { label: name, kind, bounds, icon: true, score, tried: false, led: None });
        }
    }
    unknown
}

/// The controls of a page that may lead on, without those that do what can't be undone.
pub(super) fn controls(on: &Attempt<'_>, tree: &Tree) -> Vec<Candidate> {
    let lexicon = &on.order.lexicon;
    // How the policy is answered is for the scenario to say.
    if on.popup_on(tree).is_some_and(|popup| popup.role == PopupRole::Consent) {
        return Vec::new();
    }
    let wall = is_wall(on, tree);
    let last = warns(lexicon, tree);
    let unguarded = lexicon.is_unguarded();
    let mut found = Vec::new();
    for (id, node) in tree.nodes.iter().enumerate() {
        if !node.clickable || !node.enabled || node.checkable || node.class.ends_with("EditText") {
            continue;
        }
        let label = label_of(tree, id);
        let deed = !is_question(&label);
        let names = |harm: &Concept| lexicon.score(&label, *harm) >= TARGET;
        let harms = deed && (HARMFUL.iter().any(names) || lexicon.is(&label, List::DeletionConfirm));
        // On a page that demands it, what signs in does so at once: it may make an account, or send a code.
        let signs = signs_in(lexicon, &label);
        let asks = lexicon.fit(&label, List::SignIn) >= 1.0;
        let never = if wall { signs || lexicon.is_never(&label) } else { lexicon.is_never(&label) && !asks };
        // A box that is only painted: its press changes a setting.
        if label.chars().all(|c| TICKS.contains(&c)) {
            continue;
        }
        let carries_out = last && !leads_back(lexicon, &label);
        if label.is_empty() || harms || never || carries_out || (unguarded && !lexicon.names_a_place(&label)) {
            continue;
        }
        found.push(Candidate {
            label,
            kind: kind_of(node),
            bounds: node.bounds,
            icon: false,
            score: 0.0,
            tried: false,
            led: None,
        });
    }
    found
}

/// Whether a page says in a short sentence that what is done on it can't be undone, and has little else to press: a policy
/// speaks of such things too, and so does a row of the settings.
pub(super) fn warns(lexicon: &Lexicon, tree: &Tree) -> bool {
    let short = |label: &&str| label.chars().count() <= LONGEST_WARNING;
    tree.labels().filter(short).any(|label| lexicon.mentions(label, List::Irreversible))
        && labels_of(tree).iter().filter(|label| !leads_back(lexicon, label)).count() <= MOST_ON_A_LAST_PAGE
}

/// Whether a control's words say that it leads back, or closes what was opened.
pub(super) fn leads_back(lexicon: &Lexicon, words: &str) -> bool {
    let label = words.to_lowercase();
    let named = lexicon.list(List::NavigateUp).iter().any(|word| word.text == label);
    let arrow = !label.chars().any(char::is_alphanumeric);
    arrow || named || lexicon.is(words, List::Close)
}

/// What a control is like: class, resource id, and whether it fills the row. Rows of a list are alike.
pub(super) fn kind_of(node: &Node) -> String {
    format!("{}/{}/{}", node.class, node.resource_id, node.bounds.width())
}

pub(super) fn pressable(tree: &Tree, label: &str) -> Option<NodeId> {
    let clickable = tree.nodes.iter().enumerate().filter(|(_, n)| n.clickable);
    let mut exact = clickable.filter(|(id, _)| label_of(tree, *id) == label).map(|(id, _)| id);
    let worded = exact.next().or_else(|| {
        let words = tree.nodes.iter().position(|n| n.label() == label)?;
        tree.clickable_at(words)
    });
    worded.or_else(|| icon::named(tree, label))
}

/// A pressable view's words: its own, else the first ones it holds.
pub(super) fn label_of(tree: &Tree, id: NodeId) -> String {
    let own = tree.nodes[id].label().trim();
    if !own.is_empty() {
        return own.to_owned();
    }
    let held = tree.subtree(id).iter().map(Node::label).find(|l| !l.trim().is_empty());
    held.map(|l| l.trim().to_owned()).unwrap_or_default()
}

/// A screen's title: the topmost words that are no control, else the topmost words. The arrow that goes back often stands
/// higher than the title beside it.
pub(super) fn title(tree: &Tree) -> String {
    let words = tree.nodes.iter().enumerate().filter(|(_, n)| n.label().chars().any(char::is_alphanumeric));
    let top = words.min_by_key(|(id, n)| (tree.clickable_at(*id).is_some(), n.bounds.top)).map(|(_, n)| n);
    top.map(|n| n.label().chars().take(60).collect()).unwrap_or_default()
}

/// A screen's heading: the topmost words with letters or digits that are no control; an arrow that goes back is none.
pub(super) fn heading(tree: &Tree) -> String {
    let words = |n: &&Node| !n.clickable && n.label().chars().any(char::is_alphanumeric);
    let top = tree.nodes.iter().filter(words).min_by_key(|n| n.bounds.top);
    top.map(|n| n.label().chars().take(60).collect()).unwrap_or_default()
}

/// Whether a control signs in or up; 退出登录 holds the word and does the opposite.
fn signs_in(lexicon: &Lexicon, label: &str) -> bool {
    (lexicon.is(label, List::SignIn) || lexicon.is(label, List::SignUp)) && !lexicon.is(label, List::SignOut)
}

/// Whether the words ask: 如何注销账号？ is a page of help, and not what it asks for.
pub(super) fn is_question(label: &str) -> bool {
    label.trim_end().ends_with(['?', '？'])
}

pub(super) fn is_switch(tree: &Tree, node: NodeId) -> bool {
    let Some(row) = tree.clickable_at(node) else {
        return switch_beside(tree, node).is_some_and(|switch| tree.nodes[switch].label().is_empty());
    };
    tree.subtree(row).iter().any(|n| n.checkable)
}

/// Whether words that can't be pressed stand right above choices: 个性化推荐 above 开启 and 关闭.
pub(super) fn heads_choices(tree: &Tree, node: NodeId) -> bool {
    let below = tree.nodes.iter().skip(node + 1).filter(|n| n.checkable || !n.label().is_empty());
    let choices = below.take(2).filter(|n| n.checkable && n.class.ends_with("RadioButton")).count();
    choices == 2 && tree.clickable_at(node).is_none()
}

/// Concepts whose control itself may do what can't be undone, or what ends the run's state: it is shown, not pressed, whatever is sought.
pub(super) const HARMFUL: [Concept; 4] =
    [Concept::AccountDeletion, Concept::LogOut, Concept::SubscriptionCancel, Concept::WithdrawConsent];

/// A screen that only lets a person sign in: with a password, with a field for a number, or with hardly any control that
/// does anything else (the one tap that signs in with the number of the telephone has no field).
pub(super) fn is_wall(on: &Attempt<'_>, tree: &Tree) -> bool {
    let lexicon = &on.order.lexicon;
    if tree.nodes.iter().any(|n| n.password) {
        return true;
    }
    if lexicon.role(tree.labels()) == Role::SignIn && tree.nodes.iter().any(|n| n.class.ends_with("EditText")) {
        return true;
    }
    let mut labels = labels_of(tree);
    // An arrow that goes back, a cross that closes; and a bar of tabs.
    labels.retain(|label| label.chars().any(char::is_alphanumeric) && !lexicon.is(label, List::Close));
    labels.retain(|label| signs_in(lexicon, label) || !stands_elsewhere(on, tree, label));
    let about = |label: &&String| signs_in(lexicon, label) || lexicon.is(label, List::Policy);
    labels.iter().any(|label| lexicon.is(label, List::SignIn) && signs_in(lexicon, label))
        && labels.iter().filter(about).count() * WALL_SHARE >= labels.len()
}

/// Whether other pages show a control with these words at the same place of the screen, as they show a bar of tabs.
fn stands_elsewhere(on: &Attempt<'_>, tree: &Tree, label: &str) -> bool {
    let Some(bounds) = pressable(tree, label).map(|node| tree.nodes[node].bounds) else { return false };
    let here = title(tree);
    let others = on.memory.map.places().iter().filter(|place| place.title != here);
    others.flat_map(|place| &place.controls).any(|control| control.label == label && control.bounds == bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_above_choices_name_a_setting() {
        let mut tree = Tree::default();
        let mut add = |text: &str, class: &str, checkable: bool| {
            let (text, class) = (text.to_owned(), class.into());
            tree.nodes.push(Node { text, class, checkable, clickable: checkable, enabled: true, ..Node::default() });
        };
        add("推荐设置", "android.widget.TextView", false);
        add("个性化推荐", "android.widget.TextView", false);
        add("开启", "android.widget.RadioButton", true);
        add("关闭", "android.widget.RadioButton", true);
        add("隐私政策", "android.widget.TextView", false);
        assert_eq!((0..5).filter(|id| heads_choices(&tree, *id)).collect::<Vec<_>>(), [1]);
        assert_eq!(labels_of_switches(&tree), ["个性化推荐"]);
    }
}
