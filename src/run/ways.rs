//! The ways on from a page that leads to an account's deletion.

use crate::journal::entry::Control;
use crate::ui::{Act, Concept, Lexicon, List, Node, NodeId, Tree};

use super::page::{TARGET, is_question, leads_back, warns};

/// Score from which a button names the deletion and little else (ours).
const NAMES_IT: f32 = 0.8;

/// What can be pressed on a page, in the order of what leads on.
pub(super) struct Ways<'a> {
    lexicon: &'a Lexicon,
    /// Controls whose words carry out the deletion.
    deeds: Vec<Control>,
    /// Controls whose words go on, or agree.
    onward: Vec<Control>,
    /// Controls that leave for good, beside one that stays.
    leaving: Vec<Control>,
    /// Buttons that neither refuse, close, nor lead back, nor open a text.
    others: Vec<Control>,
    /// Another control stays.
    can_stay: bool,
    /// The page warns that there is no way back.
    warns: bool,
}

impl<'a> Ways<'a> {
    pub fn of(lexicon: &'a Lexicon, tree: &Tree) -> Self {
        let all: Vec<(NodeId, &Node)> = pressable(tree).filter(|(_, n)| n.enabled).collect();
        let stay = |label: &str| stays(lexicon, label);
        let named = |list: List| {
            let fits = |n: &Node| lexicon.is(n.label(), list) && !lexicon.mentions(n.label(), List::DeletionStay);
            let found = all.iter().filter(|(_, n)| fits(n));
            found.filter_map(|(id, n)| control(tree, *id, n)).collect::<Vec<Control>>()
        };
        let mut onward = named(List::ConsentAccept);
        onward.extend(named(List::Confirm));
        onward.retain(|control| lexicon.accepts(&control.label));
        let can_stay = all.iter().any(|(_, n)| stay(n.label()) && !is_arrow(lexicon, n.label()));
        let warned = warns(lexicon, tree);
        let left = if can_stay || warned { named(List::DeletionLeave) } else { Vec::new() };
        let leaving: Vec<Control> =
            left.into_iter().filter(|c| !lexicon.mentions(&c.label, List::DeletionStay)).collect();
        let opens =
            |n: &Node| lexicon.mentions(n.label(), List::Policy) || lexicon.is(n.label(), List::DeletionRefused);
        let buttons = all.iter().filter(|(_, n)| n.clickable && n.class.ends_with("Button") && !n.label().is_empty());
        let others = buttons.filter(|(_, n)| !stay(n.label()) && !leads_back(lexicon, n.label()) && !opens(n));
        let others = others.map(|(_, n)| Control { label: n.label().to_owned(), bounds: n.bounds }).collect();
        let mut deeds = named(List::DeletionConfirm);
        // The very name of the deed on a button carries it out, whatever verb the app has for it.
        let names_it = |n: &Node| {
            lexicon.score(n.label(), Concept::AccountDeletion) >= NAMES_IT
                && !is_question(n.label())
                && !stay(n.label())
        };
        let buttons = all.iter().filter(|(_, n)| n.clickable && n.class.ends_with("Button") && names_it(n));
        deeds.extend(buttons.map(|(_, n)| Control { label: n.label().to_owned(), bounds: n.bounds }));
        deeds.dedup_by(|a, b| a.bounds == b.bounds);
        Self { lexicon, deeds, onward, leaving, others, can_stay, warns: warned }
    }

    /// The control that leads on to the deletion: its confirmation, else what accepts, else what leaves, else the only one
    /// there is. Of several the last: dialogs put the affirmative button last, pages put it at the bottom.
    pub fn next(&self) -> Option<Control> {
        let named = self.deeds.last().or(self.onward.last()).or(self.leaving.last());
        named.or_else(|| self.only()).cloned()
    }

    /// Whatever it is called: what neither refuses nor leads back goes on, when there is but one.
    fn only(&self) -> Option<&Control> {
        let only = self.others.first().filter(|_| self.others.len() == 1)?;
        // Who asks for a deletion pays and calls nobody; on a page that warns, the deed is the deletion.
        let label = only.label.as_str();
        let asks =
            self.lexicon.score(label, Concept::ComplaintChannel) >= TARGET || self.lexicon.mentions(label, List::Money);
        let deed = !self.lexicon.is_never(label) || self.warns;
        (deed && !asks).then_some(only)
    }

    /// Whether the page still asks for something, rather than telling what came of it.
    pub fn ask(&self) -> bool {
        let decides = |c: &Control| self.can_stay || !self.lexicon.acknowledges(&c.label);
        !self.deeds.is_empty() || !self.leaving.is_empty() || self.onward.iter().any(decides)
    }

    /// Whether all that can be done is to take note of the page.
    pub fn only_take_note(&self) -> bool {
        !self.ask() && !self.onward.is_empty()
    }

    pub fn are_one(&self) -> bool {
        let mut all = self.deeds.iter().chain(&self.onward).chain(&self.leaving).chain(&self.others);
        let first = all.next();
        first.is_some_and(|first| all.all(|c| c.bounds == first.bounds)) && !self.can_stay
    }

    pub fn are_none(&self) -> bool {
        self.others.is_empty()
    }

    /// Whether a press of this control asks for the deletion itself.
    pub fn carries_out(&self, control: &Control) -> bool {
        self.deeds.iter().chain(&self.leaving).any(|deed| deed.bounds == control.bounds)
    }
}

/// The words of a control that will lead on, and can't be pressed yet.
pub(super) fn awaited(lexicon: &Lexicon, tree: &Tree) -> Option<String> {
    let leads = |label: &str| {
        lexicon.accepts(label)
            || [List::DeletionConfirm, List::DeletionLeave].into_iter().any(|list| lexicon.is(label, list))
            || counts_down(label)
    };
    let mut waiting = tree.nodes.iter().filter(|n| !n.enabled && !n.checkable && n.class.ends_with("Button"));
    let leads = |n: &&Node| leads(n.label()) && !lexicon.mentions(n.label(), List::DeletionStay);
    waiting.rfind(leads).map(|n| n.label().to_owned())
}

/// Whether a label holds a number of seconds: 我要注销(5s), Leave 5.
fn counts_down(label: &str) -> bool {
    let digits = label.chars().filter(char::is_ascii_digit).count();
    (1..=2).contains(&digits) && label.chars().count() > digits
}

/// Everything with words that can be pressed, by itself or by what holds it.
fn pressable(tree: &Tree) -> impl Iterator<Item = (NodeId, &Node)> {
    let nodes = tree.nodes.iter().enumerate();
    nodes.filter(|(id, n)| !n.checkable && !n.label().is_empty() && tree.clickable_at(*id).is_some())
}

fn control(tree: &Tree, id: NodeId, node: &Node) -> Option<Control> {
    let bounds = tree.nodes[tree.clickable_at(id)?].bounds;
    Some(Control { label: node.label().to_owned(), bounds })
}

/// Whether a control keeps the account, or leaves the page. Words of leaving do neither, where the account is what is left.
fn stays(lexicon: &Lexicon, label: &str) -> bool {
    let acts = lexicon.act(label);
    let closes = acts.contains(&Act::Close) || acts.contains(&Act::Refuse) || leads_back(lexicon, label);
    lexicon.mentions(label, List::DeletionStay) || (closes && !lexicon.is(label, List::DeletionLeave))
}

fn is_arrow(lexicon: &Lexicon, label: &str) -> bool {
    let up = lexicon.list(List::NavigateUp).iter().any(|word| word.text == label.to_lowercase());
    up || !label.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Rect;

    fn page(lines: &[&str], buttons: &[(&str, bool)]) -> Tree {
        let mut tree = Tree::default();
        let mut top = 0;
        let mut add = |text: &str, class: &str, clickable: bool, enabled: bool| {
            top += 100;
            let bounds = Rect { left: 0, top, right: 1000, bottom: top + 90 };
            let (text, class) = (text.to_owned(), class.into());
            tree.nodes.push(Node { text, class, clickable, enabled, bounds, ..Node::default() });
        };
        lines.iter().for_each(|line| add(line, "android.widget.TextView", false, true));
        buttons.iter().for_each(|(label, enabled)| add(label, "android.widget.Button", true, *enabled));
        tree
    }

    fn next(lines: &[&str], buttons: &[&str]) -> Option<String> {
        let lexicon = Lexicon::builtin();
        let buttons: Vec<(&str, bool)> = buttons.iter().map(|label| (*label, true)).collect();
        Ways::of(&lexicon, &page(lines, &buttons)).next().map(|control| control.label)
    }

    #[test]
    fn words_of_leaving_go_on_beside_a_control_that_stays() {
        let sure = "Close your account?";
        for (labels, onward) in [
            (["Keep my account", "Close it"], "Close it"),
            (["Close", "Cancel"], "Close"),
            (["Stay", "Leave for good"], "Leave for good"),
            (["再想想", "离开"], "离开"),
            (["狠心离开", "我要留下"], "狠心离开"),
            (["Delete", "Don't delete"], "Delete"),
            (["继续注销", "继续使用"], "继续注销"),
            (["取消注销", "确认注销"], "确认注销"),
            (["同意", "不同意"], "同意"),
            (["Continue", "Don't continue"], "Continue"),
            (["继续", "暂不继续"], "继续"),
            (["刪除", "取消"], "刪除"),
            (["Erase my account", "Never mind"], "Erase my account"),
            (["取消注销账号", "确认"], "确认"),
        ] {
            assert_eq!(next(&[sure], &labels).as_deref(), Some(onward), "{labels:?}");
        }
        for alone in ["Close", "关闭", "Keep my account", "再想想", "取消注销"] {
            assert_eq!(next(&[sure], &[alone]), None, "{alone}");
        }
    }

    #[test]
    fn what_costs_or_calls_is_not_the_way() {
        for label in ["1元开通会员", "去提现", "联系客服", "Call us", "Withdraw"] {
            assert_eq!(next(&["注销检测"], &[label, "我再想想"]), None, "{label}");
        }
    }

    #[test]
    fn an_explanation_still_asks_and_a_message_does_not() {
        let lexicon = Lexicon::builtin();
        let asks = |buttons: &[(&str, bool)]| Ways::of(&lexicon, &page(&["x"], buttons)).ask();
        assert!(asks(&[("提交申请", true)]) && asks(&[("下一步", true)]) && asks(&[("取消", true), ("确定", true)]));
        assert!(!asks(&[("完成", true)]) && !asks(&[("OK", true)]) && !asks(&[("我知道了", true)]) && !asks(&[]));
    }

    #[test]
    fn what_counts_down_is_waited_for() {
        let lexicon = Lexicon::builtin();
        let waits =
            |label: &str, enabled: bool| awaited(&lexicon, &page(&["x"], &[("再想想", true), (label, enabled)]));
        assert_eq!(waits("离开(5s)", false).as_deref(), Some("离开(5s)"));
        assert_eq!(waits("请先阅读 10 秒", false).as_deref(), Some("请先阅读 10 秒"));
        assert_eq!(waits("离开", true), None);
        assert_eq!(waits("查看说明", false), None);
    }
}
