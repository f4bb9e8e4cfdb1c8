//! Signing up as a child: a made-up birth date, and what is asked of a guardian on the way.

use crate::journal::entry::{AccountAct, AccountOutcome, Event, GuardianAsked, LimitKind};
use crate::ui::{Act, Lexicon, List, Tree};

use super::attempt::Attempt;
use super::error::RunError;
use super::form::field_name;
use super::look::Screen;
use super::page::heading;

/// Age of the made-up child in years: under fourteen, and old enough to use an app alone (ours).
const AGE: i16 = 10;
/// Characters of a window's words that are kept.
const MOST_WORDS: usize = 4_000;

/// What a guardian must be told (CAC order 4 of 2019, article 10), and the list of words for it.
const MATTERS: [(&str, List); 6] = [
    ("purpose, manner and scope", List::GuardianPurpose),
    ("place, period and end of storage", List::GuardianStorage),
    ("safeguards", List::GuardianSafeguards),
    ("what a refusal leads to", List::GuardianRefusal),
    ("how to complain", List::GuardianComplaints),
    ("how to correct and delete", List::GuardianCorrection),
];

impl Attempt<'_> {
    /// Makes an account with the birth date of a child, as the briefing says.
    pub async fn sign_up_as_child(&mut self, path: &str) -> Result<(), RunError> {
        let steps = self.order.briefing.as_ref().map(|b| b.sign_up_child.clone()).unwrap_or_default();
        if steps.is_empty() {
            return self.limit(LimitKind::NoAccount, "nobody wrote down how a child signs up in this app");
        }
        let today = jiff::Timestamp::from_millisecond(self.clock.now()).ok();
        let today = today.map(|now| jiff::tz::TimeZone::UTC.to_datetime(now).date());
        let Some(today) = today else { return Err(RunError::Scenario("the clock shows no date".into())) };
        // Half a year past the birthday, so that no time zone matters.
        let birth = today.checked_sub(jiff::Span::new().years(AGE).months(6)).unwrap_or(today);
        self.memory.child = Some((birth.to_string(), birth.year().to_string(), AGE.to_string()));
        self.memory.guardian_words.clear();
        let age = u32::try_from(AGE).unwrap_or_default();
        self.note(Event::ChildDeclared { birth_date: birth.to_string(), age })?;
        let taps = self.memory.taps;
        self.go_to_main().await?;
        let walked = Box::pin(self.walk(&steps, path)).await;
        if let Err(error) = &walked
            && error.is_final()
        {
            return walked;
        }
        let outcome = self.account_outcome(AccountAct::SignUp, walked, taps).await?;
        match outcome {
            AccountOutcome::Accepted | AccountOutcome::Refused | AccountOutcome::NotReached => Ok(()),
            outcome => Err(RunError::App(format!("the account was not taken: {outcome:?}"))),
        }
    }

    /// Fills in the made-up child's details.
    pub fn fill_child(&self, text: &str) -> String {
        let Some((date, year, age)) = &self.memory.child else { return text.to_owned() };
        let text = text.replace("${child.birth-date}", date).replace("${child.birth-year}", year);
        text.replace("${child.age}", age)
    }

    /// Writes down a window or page about a guardian's consent, each once.
    pub fn note_guardian(&mut self, screen: &Screen) -> Result<(), RunError> {
        if self.memory.child.is_none() || !self.in_front(screen) {
            return Ok(());
        }
        let words = words_of(&screen.tree, MOST_WORDS);
        let lexicon = self.order.lexicon.clone();
        if !lexicon.mentions(&words, List::Guardian) || self.memory.guardian_words.contains(&words) {
            return Ok(());
        }
        self.memory.guardian_words.push(words.clone());
        let refuses = |label: &str| {
            let acts = lexicon.act(label);
            acts.contains(&Act::Refuse) || acts.contains(&Act::Close) || lexicon.negates(label)
        };
        let tree = &screen.tree;
        let pressable =
            tree.nodes.iter().enumerate().filter(|(id, n)| !n.checkable && tree.clickable_at(*id).is_some());
        let answers = answers(&lexicon, tree);
        let refuse = pressable.map(|(_, n)| n.label()).filter(|label| refuses(label)).map(str::to_owned).collect();
        let (matters, lacks): (Vec<_>, Vec<_>) = MATTERS.iter().partition(|(_, list)| lexicon.mentions(&words, *list));
        let named = |matters: Vec<&(&str, List)>| matters.into_iter().map(|(name, _)| (*name).to_owned()).collect();
        let asked = GuardianAsked {
            words,
            answers,
            refuse,
            matters: named(matters),
            lacks: named(lacks),
            capture: screen.capture,
        };
        self.note(Event::GuardianAsked(Box::new(asked))).map(drop)
    }
}

/// Controls and fields by which a guardian answers. A page that asks for the child's own details asks the child: there a box
/// or a field has to be the guardian's by its name, and a line about guardians asks for nothing. A notice of a mode for the
/// young has a control that goes on, and is about no consent: elsewhere what agrees counts, or what goes on below a heading
/// about the guardian.
fn answers(lexicon: &Lexicon, tree: &Tree) -> Vec<String> {
    let guardians = |words: &str| lexicon.mentions(words, List::Guardian);
    let fields = tree.nodes.iter().filter(|n| n.class.ends_with("EditText")).map(|n| field_name(tree, n));
    let (own, childs): (Vec<String>, Vec<String>) = fields.partition(|name| guardians(name));
    let boxes = tree.nodes.iter().filter(|n| n.checkable && guardians(n.label())).map(|n| n.label().to_owned());
    let mut answers: Vec<String> = own.into_iter().chain(boxes).collect();
    if childs.is_empty() {
        let headed = guardians(&heading(tree));
        let agrees = |label: &str| lexicon.accepts(label) && (headed || lexicon.is(label, List::ConsentAccept));
        let nodes = tree.nodes.iter().enumerate();
        let pressable = nodes.filter(|(id, n)| !n.checkable && tree.clickable_at(*id).is_some());
        answers.extend(pressable.map(|(_, n)| n.label()).filter(|label| agrees(label)).map(str::to_owned));
    }
    answers
}

/// The words of a tree, cut.
pub(super) fn words_of(tree: &Tree, most: usize) -> String {
    tree.labels().collect::<Vec<_>>().join("\n").chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Node, Rect};

    /// A page of lines: those that begin with `[` are buttons, with `_` fields, with `?` boxes.
    fn page(lines: &[&str]) -> Tree {
        let mut tree = Tree::default();
        for (at, line) in (0..).zip(lines) {
            let bounds = Rect { left: 0, top: at * 100, right: 400, bottom: at * 100 + 90 };
            let mut node = Node { bounds, enabled: true, class: "android.widget.TextView".into(), ..Node::default() };
            if let Some(words) = line.strip_prefix('[') {
                (node.text, node.clickable) = (words.to_owned(), true);
            } else if let Some(words) = line.strip_prefix('_') {
                (node.hint, node.class) = (words.to_owned(), "android.widget.EditText".into());
            } else if let Some(words) = line.strip_prefix('?') {
                (node.text, node.clickable, node.checkable) = (words.to_owned(), true, true);
            } else {
                node.text = (*line).to_owned();
            }
            tree.nodes.push(node);
        }
        tree
    }

    #[test]
    fn a_guardian_who_is_only_spoken_of_is_not_asked() {
        let asks = |lines: &[&str]| !answers(&Lexicon::builtin(), &page(lines)).is_empty();
        assert!(asks(&["监护人同意", "我们收集孩子的生日。", "[同意", "[不同意"]));
        assert!(asks(&["给家长的话", "需要监护人同意后方可注册。", "[家长同意并继续"]));
        assert!(asks(&["法定代理人同意", "[同意"]) && asks(&["监护人确认", "[确认", "[取消"]));
        assert!(asks(&["Almost there", "_Your mum or dad's e-mail", "[Send"]));
        assert!(asks(&["注册", "_昵称", "?我是孩子的监护人，同意其注册", "[下一步"]));
        assert!(!asks(&["注册", "_昵称", "_生日", "未满14周岁请在监护人陪同下阅读", "[下一步"]));
        assert!(!asks(&["青少年模式", "监护人可为孩子开启。", "[去开启", "[我知道了"]));
        assert!(!asks(&["隐私政策", "九、未成年人保护：请监护人陪同使用。", "[返回"]));
    }
}
