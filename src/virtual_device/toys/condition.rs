//! `test`: conditions on strings, numbers and files.

use crate::virtual_device::fs::{Actor, Files, Stat, path};
use crate::virtual_device::process::{Call, Running};

/// Deepest nesting of `!` and brackets.
const MAX_DEPTH: usize = 64;

/// What a condition looks at.
pub struct View<'a> {
    /// The files.
    pub files: &'a Files,
    /// Who asks.
    pub actor: Actor,
    /// Where relative paths start.
    pub cwd: &'a str,
}

/// A condition being judged.
pub struct Condition<'a> {
    words: &'a [String],
    at: usize,
    depth: usize,
    view: View<'a>,
    number: Number<'a>,
}

/// How a word is read as a number.
type Number<'a> = Box<dyn FnMut(&str) -> Result<i64, String> + 'a>;

/// `test` and `[` as programs.
pub fn program(call: Call) -> Running {
    Box::pin(async move {
        let mut words = &call.argv[1..];
        if call.argv[0].ends_with('[') {
            words = words.strip_suffix(&["]".to_owned()]).unwrap_or(words);
        }
        let actor = Actor::new(call.uid, call.machine.wall());
        let judged = {
            let files = call.machine.files();
            Condition::new(words, View { files: &files, actor, cwd: &call.cwd }).judge()
        };
        match judged {
            Ok(holds) => i32::from(!holds),
            Err(message) => {
                call.stdio.err(format!("test: {message}\n")).await;
                2
            }
        }
    })
}

impl<'a> Condition<'a> {
    /// A condition written as these words.
    pub fn new(words: &'a [String], view: View<'a>) -> Self {
        let number = |word: &str| word.trim().parse().map_err(|_| format!("{word}: bad number"));
        Self { words, at: 0, depth: 0, view, number: Box::new(number) }
    }

    /// Reads numbers in another way.
    #[must_use]
    pub fn with_numbers(self, number: impl FnMut(&str) -> Result<i64, String> + 'a) -> Self {
        Self { number: Box::new(number), ..self }
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// In words, when it is no condition.
    pub fn judge(mut self) -> Result<bool, String> {
        match self.words {
            [] => return Ok(false),
            [only] => return Ok(!only.is_empty()),
            [not, only] if not == "!" => return Ok(only.is_empty()),
            [left, operator, right] if is_binary(operator) => return self.binary(left, operator, right),
            _ => {}
        }
        let holds = self.or()?;
        match self.words.get(self.at) {
            None => Ok(holds),
            Some(word) => Err(format!("{word}: unexpected operator/operand")),
        }
    }

    fn word(&self, ahead: usize) -> Option<&'a String> {
        self.words.get(self.at + ahead)
    }

    fn eat(&mut self, word: &str) -> bool {
        let there = self.word(0).is_some_and(|next| next == word);
        self.at += usize::from(there);
        there
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut holds = self.and()?;
        while self.eat("-o") {
            holds |= self.and()?;
        }
        Ok(holds)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut holds = self.primary()?;
        while self.eat("-a") {
            holds &= self.primary()?;
        }
        Ok(holds)
    }

    fn primary(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("expression too complex".into());
        }
        let holds = self.bare_primary();
        self.depth -= 1;
        holds
    }

    fn bare_primary(&mut self) -> Result<bool, String> {
        let Some(first) = self.word(0) else { return Err("expression expected".into()) };
        if let (Some(operator), Some(right)) = (self.word(1), self.word(2))
            && is_binary(operator)
        {
            self.at += 3;
            return self.binary(first, operator, right);
        }
        if self.eat("!") {
            return Ok(!self.primary()?);
        }
        if self.eat("(") {
            let holds = self.or()?;
            return if self.eat(")") { Ok(holds) } else { Err("missing )".into()) };
        }
        let unary = first.len() == 2 && first.starts_with('-');
        if let Some(operand) = self.word(1).filter(|_| unary) {
            self.at += 2;
            return self.unary(first, operand);
        }
        self.at += 1;
        Ok(!first.is_empty())
    }

    fn stat(&self, name: &str) -> Option<Stat> {
        if name.is_empty() {
            return None;
        }
        self.view.files.stat(self.view.actor, &path::absolute(self.view.cwd, name)).ok()
    }

    fn unary(&self, operator: &str, operand: &str) -> Result<bool, String> {
        let view = &self.view;
        let at = path::absolute(view.cwd, operand);
        let stat = || self.stat(operand);
        Ok(match operator {
            "-z" => operand.is_empty(),
            "-n" => !operand.is_empty(),
            "-e" | "-a" => stat().is_some(),
            "-f" => stat().is_some_and(|stat| stat.is_file()),
            "-d" => stat().is_some_and(|stat| stat.is_folder()),
            "-c" => stat().is_some_and(|stat| stat.is_device()),
            "-s" => stat().is_some_and(|stat| stat.size > 0),
            "-L" | "-h" => view.files.link_stat(view.actor, &at).is_ok_and(|stat| stat.is_link()),
            "-r" => stat().is_some() && view.files.may(view.actor, &at, 4),
            "-w" => stat().is_some() && view.files.may(view.actor, &at, 2),
            "-x" => stat().is_some() && view.files.may(view.actor, &at, 1),
            "-u" => stat().is_some_and(|stat| stat.mode & 0o4000 != 0),
            "-g" => stat().is_some_and(|stat| stat.mode & 0o2000 != 0),
            "-k" => stat().is_some_and(|stat| stat.mode & 0o1000 != 0),
            "-O" => stat().is_some_and(|stat| stat.uid == view.actor.uid),
            "-G" => stat().is_some_and(|stat| stat.gid == view.actor.uid),
            // There are no terminals, pipes with names, sockets or disks here.
            "-t" | "-p" | "-S" | "-b" => false,
            other => return Err(format!("{other}: unknown operator")),
        })
    }

    fn binary(&mut self, left: &str, operator: &str, right: &str) -> Result<bool, String> {
        let mut number = |word: &str| (self.number)(word);
        Ok(match operator {
            "=" | "==" => left == right,
            "!=" => left != right,
            "<" => left < right,
            ">" => left > right,
            "-eq" => number(left)? == number(right)?,
            "-ne" => number(left)? != number(right)?,
            "-lt" => number(left)? < number(right)?,
            "-le" => number(left)? <= number(right)?,
            "-gt" => number(left)? > number(right)?,
            "-ge" => number(left)? >= number(right)?,
            "-nt" => self.changed(left) > self.changed(right),
            "-ot" => self.changed(left) < self.changed(right),
            _ => self.stat(left).zip(self.stat(right)).is_some_and(|(left, right)| left.inode == right.inode),
        })
    }

    fn changed(&self, name: &str) -> Option<i64> {
        self.stat(name).map(|stat| stat.modified)
    }
}

fn is_binary(word: &str) -> bool {
    ["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(words: &str) -> Result<bool, String> {
        let mut files = Files::new(1000);
        let root = Actor::root(5);
        files.write(root, "/f", b"x".to_vec(), 0o640).unwrap();
        files.make_folder(root, "/d", 0o755).unwrap();
        let words: Vec<String> = words.split(' ').map(|word| word.trim_matches('\'').to_owned()).collect();
        Condition::new(&words, View { files: &files, actor: Actor::new(2000, 0), cwd: "/" }).judge()
    }

    #[test]
    fn conditions_hold_or_not() {
        for yes in [
            "a",
            "-f f",
            "-d /d",
            "-s f",
            "! -r f",
            "1 -lt 2",
            "a = a",
            "( a = b ) -o x",
            "! -e g",
            "-n -z",
            "'-f' = '-f'",
        ] {
            assert_eq!(judge(yes), Ok(true), "{yes}");
        }
        for no in ["''", "-d f", "-w f", "2 -le 1", "a != a", "a -a ''", "-L f", "! x"] {
            assert_eq!(judge(no), Ok(false), "{no}");
        }
        for bad in ["a -eq b", "( a", "a b c", "-q x"] {
            assert!(judge(bad).is_err(), "{bad}");
        }
    }
}
