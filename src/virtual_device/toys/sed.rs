//! `sed`: the program that runs a [`Script`](super::sed_script::Script) over lines.

use super::sed_script::{Act, Address, Command, Script, Substitution};
use super::tool::{Lines, Tool, toy};

/// Most bytes in the pattern and hold spaces.
const MAX_SPACE: usize = 16 << 20;
/// Most commands run for one line: a loop in a script ends here.
const MAX_STEPS: usize = 1_000_000;

toy!(
    /// `sed [-nEris] [-e script] [-f file] [script] [file…]`
    sed, sed_work
);

async fn sed_work(mut tool: Tool) -> i32 {
    let long = [("expression", 'e'), ("quiet", 'n'), ("silent", 'n'), ("version", '?')];
    let Some(flags) = tool.flags("nEris", "ef", &long).await else { return 1 };
    if flags.has('?') {
        // Captured on API 23; scripts of build systems look for GNU's name in it.
        return tool.finish("This is not GNU sed version 9.0\n").await;
    }
    let mut files = flags.rest.clone();
    let mut texts = flags.values('e').to_vec();
    for name in flags.values('f') {
        let Some(content) = tool.read(name).await else { return 1 };
        texts.push(String::from_utf8_lossy(&content).into_owned());
    }
    if texts.is_empty() {
        if files.is_empty() {
            tool.complain("no pattern").await;
            return 1;
        }
        texts.push(files.remove(0));
    }
    let script = match Script::parse(&texts.join("\n"), flags.has('E') || flags.has('r')) {
        Ok(script) => script,
        Err(message) => {
            tool.complain(&message).await;
            return 1;
        }
    };
    let silent = flags.has('n') || script.silent;
    if !flags.has('i') {
        let lines = tool.lines(&files);
        let mut editor = Editor::new(tool, script, silent, lines);
        editor.edit().await;
        return editor.tool.status;
    }
    for file in files {
        let lines = tool.lines(std::slice::from_ref(&file));
        let mut editor = Editor::new(tool, script.clone(), silent, lines);
        editor.kept = Some(Vec::new());
        editor.edit().await;
        let kept = editor.kept.take().unwrap_or_default();
        let failed = editor.tool.status != 0;
        tool = editor.tool;
        if !failed {
            let at = tool.absolute(&file);
            let written = tool.call.machine.files().write(tool.actor(), &at, kept, 0o644);
            tool.check(&file, written).await;
        }
    }
    tool.status
}

/// One pass over the lines.
struct Editor {
    tool: Tool,
    script: Script,
    silent: bool,
    lines: Lines,
    /// The line after this one, read ahead so that `$` is known.
    ahead: Option<Vec<u8>>,
    /// The last line's missing newline stays missing.
    newline: bool,
    number: usize,
    space: String,
    hold: String,
    /// Which ranges are open, and where they end when that is a number.
    open: Vec<Option<usize>>,
    /// Text that `a` and `r` put after the line.
    after: String,
    /// What was written, when it goes back into the file.
    kept: Option<Vec<u8>>,
    left: bool,
}

/// Where the script goes on.
enum Go {
    Next,
    To(usize),
    /// The next line; whether this one is written.
    Line(bool),
    /// The script again, without reading a line.
    Again,
    Leave(bool),
}

impl Editor {
    fn new(tool: Tool, script: Script, silent: bool, lines: Lines) -> Self {
        let open = vec![None; script.commands.len()];
        Self {
            tool,
            script,
            silent,
            lines,
            ahead: None,
            newline: true,
            number: 0,
            space: String::new(),
            hold: String::new(),
            open,
            after: String::new(),
            kept: None,
            left: false,
        }
    }

    async fn edit(&mut self) {
        self.ahead = self.lines.next(&mut self.tool).await;
        while !self.left
            && let Some(line) = self.take().await
        {
            self.space = line;
            loop {
                match self.cycle().await {
                    Go::Again => continue,
                    Go::Leave(print) => {
                        self.left = true;
                        self.end_of_line(print).await;
                    }
                    Go::Line(print) => self.end_of_line(print).await,
                    _ => self.end_of_line(true).await,
                }
                break;
            }
        }
    }

    /// The next line without its newline.
    async fn take(&mut self) -> Option<String> {
        let mut line = self.ahead.take()?;
        self.newline = line.last() == Some(&b'\n');
        if self.newline {
            line.pop();
        }
        self.ahead = self.lines.next(&mut self.tool).await;
        self.number += 1;
        Some(String::from_utf8_lossy(&line).into_owned())
    }

    async fn put(&mut self, text: &str) {
        match &mut self.kept {
            Some(kept) => kept.extend_from_slice(text.as_bytes()),
            None => self.left |= !self.tool.out(text).await,
        }
    }

    async fn end_of_line(&mut self, print: bool) {
        if print && !self.silent {
            let end = if self.newline || !self.after.is_empty() { "\n" } else { "" };
            let text = format!("{}{end}", self.space);
            self.put(&text).await;
        }
        let after = std::mem::take(&mut self.after);
        if !after.is_empty() {
            self.put(&after).await;
        }
    }

    async fn cycle(&mut self) -> Go {
        let (mut at, mut replaced) = (0, false);
        for _ in 0..MAX_STEPS {
            let Some(command) = self.script.commands.get(at).cloned() else { return Go::Line(true) };
            if self.applies(at, &command) == command.not {
                at = command.skip.unwrap_or(at + 1);
                continue;
            }
            match self.obey(&command, &mut replaced).await {
                Go::Next => at += 1,
                Go::To(place) => at = place,
                other => return other,
            }
            if self.space.len() + self.hold.len() > MAX_SPACE {
                self.tool.complain("out of memory").await;
                return Go::Leave(false);
            }
        }
        self.tool.complain("the script does not end").await;
        Go::Leave(false)
    }

    fn applies(&mut self, at: usize, command: &Command) -> bool {
        let Some(first) = &command.first else { return true };
        let Some(last) = &command.last else { return self.is_at(first) };
        if let Some(end) = self.open[at] {
            let over = match last {
                Address::Match(_) => self.is_at(last),
                _ => self.number >= end,
            };
            if over {
                self.open[at] = None;
                // A range whose last number was passed already ended before this line.
                return matches!(last, Address::Match(_)) || self.number == end || self.is_at(last);
            }
            return true;
        }
        if !self.is_at(first) {
            return false;
        }
        let end = match last {
            Address::Line(number) => *number,
            Address::More(lines) => self.number + lines,
            _ => usize::MAX,
        };
        let one_line = end <= self.number || (*last == Address::Last && self.ahead.is_none());
        self.open[at] = (!one_line).then_some(end);
        true
    }

    fn is_at(&self, address: &Address) -> bool {
        match address {
            Address::Line(number) => self.number == *number,
            Address::Last => self.ahead.is_none(),
            Address::More(_) => false,
            Address::Match(pattern) => pattern.0.is_match(&self.space),
        }
    }

    async fn obey(&mut self, command: &Command, replaced: &mut bool) -> Go {
        match &command.act {
            Act::Open | Act::Close | Act::Label => {}
            Act::Delete => return Go::Line(false),
            Act::DeleteFirst => match self.space.split_once('\n') {
                Some((_, rest)) => {
                    self.space = rest.to_owned();
                    return Go::Again;
                }
                None => return Go::Line(false),
            },
            Act::Print => {
                let text = format!("{}\n", self.space);
                self.put(&text).await;
            }
            Act::PrintFirst => {
                let text = format!("{}\n", self.space.split('\n').next().unwrap_or_default());
                self.put(&text).await;
            }
            Act::Number => {
                let text = format!("{}\n", self.number);
                self.put(&text).await;
            }
            Act::Quit(status, print) => {
                self.tool.status = *status;
                return Go::Leave(*print);
            }
            Act::Next => {
                self.end_of_line(true).await;
                match self.take().await {
                    Some(line) => self.space = line,
                    None => return Go::Leave(false),
                }
            }
            Act::Join => match self.take().await {
                Some(line) => self.space = format!("{}\n{line}", self.space),
                None => return Go::Leave(true),
            },
            Act::Hold(append) if *append => self.hold = format!("{}\n{}", self.hold, self.space),
            Act::Hold(_) => self.hold.clone_from(&self.space),
            Act::Get(append) if *append => self.space = format!("{}\n{}", self.space, self.hold),
            Act::Get(_) => self.space.clone_from(&self.hold),
            Act::Exchange => std::mem::swap(&mut self.hold, &mut self.space),
            Act::Append(text) => self.after.push_str(text),
            Act::Insert(text) => self.put(&text.clone()).await,
            Act::Change(text) => {
                let inside = command.last.is_some() && !command.not && self.open[command.place].is_some();
                if !inside {
                    self.put(&text.clone()).await;
                }
                return Go::Line(false);
            }
            Act::Translate(pairs) => {
                let other = |c| pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
                self.space = self.space.chars().map(other).collect();
            }
            Act::Substitute(substitution) => {
                let done = self.substitute(substitution).await;
                *replaced |= done;
            }
            Act::Branch(place) => return Go::To(*place),
            Act::BranchIf(place, wanted) => {
                if std::mem::take(replaced) == *wanted {
                    return Go::To(*place);
                }
            }
        }
        Go::Next
    }

    async fn substitute(&mut self, substitution: &Substitution) -> bool {
        let Some(text) = substitution.applied(&self.space) else { return false };
        self.space = text;
        if substitution.print {
            let text = format!("{}\n", self.space);
            self.put(&text).await;
        }
        true
    }
}
