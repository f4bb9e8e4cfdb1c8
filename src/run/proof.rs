//! What a field on the way to an account's deletion wants, by its name and the words of its page.

use crate::ui::{Lexicon, List, Node, Tree};

use super::page::label_of;

/// Longest words that a person is made to type, in characters (ours).
const LONGEST_PHRASE: usize = 30;
/// Longest line that asks for it, in characters (ours).
const LONGEST_LINE: usize = 160;
/// Fewest capitals that stand out as words to type (ours).
const FEWEST_CAPITALS: usize = 3;
/// Signs that open and close a quotation.
const QUOTES: [(char, char); 8] =
    [('“', '”'), ('"', '"'), ('「', '」'), ('『', '』'), ('‘', '’'), ('\'', '\''), ('【', '】'), ('«', '»')];

/// What is to be typed into a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Proof {
    Password,
    /// Name, phone number or address of the account.
    Account,
    /// A code that the app sends.
    Code,
    /// Words that the page shows: DELETE.
    Phrase(String),
    /// Why.
    Reason,
    /// Not known: it is left empty.
    Unknown,
}

/// What a field of a page wants.
pub(super) fn proof(lexicon: &Lexicon, tree: &Tree, field: &Node, name: &str) -> Proof {
    // A drawn dot is no name; the page's words then say what is wanted.
    if field.password && !lexicon.mentions(name, List::CodeField) {
        return Proof::Password;
    }
    if lexicon.mentions(name, List::CodeField) {
        return Proof::Code;
    }
    if let Some(phrase) = phrase_in(lexicon, name).or_else(|| phrase_on(lexicon, tree)) {
        return Proof::Phrase(phrase);
    }
    match () {
        () if lexicon.mentions(name, List::ReasonField) => Proof::Reason,
        () if lexicon.mentions(name, List::AccountField) => Proof::Account,
        () => Proof::Unknown,
    }
}

fn phrase_on(lexicon: &Lexicon, tree: &Tree) -> Option<String> {
    let fields = |n: &Node| n.class.ends_with("EditText");
    // More than one field: the line need not be about this one.
    if tree.nodes.iter().filter(|n| fields(n)).count() > 1 {
        return None;
    }
    let still = tree.nodes.iter().enumerate().filter(|(_, n)| !n.clickable && !fields(n));
    let lines = still.map(|(id, _)| label_of(tree, id)).filter(|line| line.chars().count() <= LONGEST_LINE);
    lines.filter_map(|line| phrase_in(lexicon, &line)).next()
}

/// The words that a line asks to type: quoted, in capitals, or the deed's own name.
fn phrase_in(lexicon: &Lexicon, line: &str) -> Option<String> {
    let small = line.to_lowercase();
    // In small letters a line may be longer, and places in it others: then those are taken, capitals or not.
    let line = if small.len() == line.len() { line } else { &small };
    let words = lexicon.list(List::TypePhrase).iter();
    let end = words.filter_map(|word| small.find(&word.text).map(|at| at + word.text.len())).max()?;
    let rest = line.get(end..)?;
    let named = || {
        Some(rest.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
            .filter(|s| lexicon.fit(s, List::DeletionConfirm) >= 1.0)
    };
    let phrase = quoted(rest).or_else(|| capitals(rest)).or_else(named)?;
    let fits = (1..=LONGEST_PHRASE).contains(&phrase.chars().count())
        && ![List::CodeField, List::AccountField, List::ReasonField]
            .iter()
            .any(|list| lexicon.mentions(&phrase, *list));
    // 注销账号 holds a word of accounts, and is what is to be typed.
    (fits || lexicon.fit(&phrase, List::DeletionConfirm) >= 1.0).then_some(phrase)
}

fn quoted(text: &str) -> Option<String> {
    let (at, close) = text.char_indices().find_map(|(at, c)| {
        let (open, close) = QUOTES.iter().find(|(open, _)| *open == c)?;
        Some((at + open.len_utf8(), *close))
    })?;
    let inner = &text[at..];
    Some(inner[..inner.find(close)?].trim().to_owned()).filter(|phrase| !phrase.is_empty())
}

fn capitals(text: &str) -> Option<String> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(|c: char| !(c.is_ascii_uppercase() || c == ' ')).unwrap_or(text.len());
    Some(text[..end].trim().to_owned()).filter(|run| run.len() >= FEWEST_CAPITALS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(name: &str, line: &str, password: bool) -> Proof {
        let field = Node { class: "android.widget.EditText".into(), password, enabled: true, ..Node::default() };
        let text = Node { class: "android.widget.TextView".into(), text: line.to_owned(), ..Node::default() };
        let tree = Tree { nodes: vec![text, field.clone()], ..Tree::default() };
        proof(&Lexicon::builtin(), &tree, &field, name)
    }

    #[test]
    fn a_field_gets_what_it_asks_for() {
        for (name, line, wants) in [
            ("请输入6位验证码", "验证码已发送至 138****1234", Proof::Code),
            ("6-digit code", "We sent a code to 138****1234", Proof::Code),
            ("短信验证码", "", Proof::Code),
            ("Type DELETE", "", Proof::Phrase("DELETE".into())),
            ("", "To confirm, type DELETE below.", Proof::Phrase("DELETE".into())),
            ("", "Please enter \"delete my account\" to go on", Proof::Phrase("delete my account".into())),
            ("请输入", "请在下方输入“确认注销”四个字", Proof::Phrase("确认注销".into())),
            ("请输入注销账号", "", Proof::Phrase("注销账号".into())),
            ("請輸入「刪除」", "", Proof::Phrase("刪除".into())),
            ("请输入注销原因", "", Proof::Reason),
            ("Reason", "Tell us why (optional)", Proof::Reason),
            ("请输入手机号", "", Proof::Account),
            ("E-mail", "", Proof::Account),
            ("User name", "", Proof::Account),
            ("Shoe size", "", Proof::Unknown),
            ("", "", Proof::Unknown),
        ] {
            assert_eq!(wanted(name, line, false), wants, "{name} / {line}");
        }
        assert_eq!(wanted("登录密码", "请输入登录密码", true), Proof::Password);
        assert_eq!(wanted("验证码", "", true), Proof::Code);
    }
}
