//! `grep`, `egrep`, `fgrep`.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::tool::{Tool, toy};
use crate::virtual_device::fs::path;

/// Most memory a compiled pattern takes, in bytes.
pub(super) const PATTERN_LIMIT: usize = 4 << 20;

toy!(
    /// `grep [-EFivwxcloqsHhnr] [-A n] [-B n] [-C n] [-m n] [-e pattern] pattern [file…]`
    grep, grep_work
);

/// A basic regular expression as an extended one: `\(`, `\|`, `\{`, `\+`, `\?` change places with their plain forms.
pub(super) fn extended(basic: &str) -> String {
    let mut text = String::new();
    let mut chars = basic.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '[' if !in_class => {
                in_class = true;
                text.push('[');
                for special in ['^', ']'] {
                    if chars.next_if_eq(&special).is_some() {
                        text.push_str(if special == ']' { "\\]" } else { "^" });
                    }
                }
            }
            ']' => {
                in_class = false;
                text.push(']');
            }
            '\\' if !in_class => match chars.next() {
                Some(escaped) if "(){}|+?".contains(escaped) => text.push(escaped),
                Some('<' | '>') => text.push_str("\\b"),
                Some(escaped) => text.extend(['\\', escaped]),
                None => text.push_str("\\\\"),
            },
            '(' | ')' | '{' | '}' | '|' | '+' | '?' if !in_class => text.extend(['\\', c]),
            '*' if !in_class && (text.is_empty() || text == "^" || text.ends_with('(')) => text.push_str("\\*"),
            other => text.push(other),
        }
    }
    text
}

struct Seeker {
    set: RegexSet,
    each: Vec<Regex>,
}

fn seeker(patterns: &[String], insensitive: bool) -> Result<Seeker, regex::Error> {
    let set =
        RegexSetBuilder::new(patterns).case_insensitive(insensitive).unicode(true).size_limit(PATTERN_LIMIT).build()?;
    let one =
        |pattern: &String| RegexBuilder::new(pattern).case_insensitive(insensitive).size_limit(PATTERN_LIMIT).build();
    Ok(Seeker { set, each: patterns.iter().map(one).collect::<Result<_, _>>()? })
}

/// The head of toybox's words: those captured on API 23. MODEL: later releases know a few more letters.
fn usage(api: u32) -> &'static str {
    if api <= 23 {
        "usage: grep [-EFivwcloqsHbhn] [-A NUM] [-m MAX] [-e REGEX]... [-f REGFILE] [FILE]...\n\n\
         Show lines matching regular expressions. If no -e, first argument is\nregular expression to match. \
         With no files (or \"-\" filename) read stdin.\nReturns 0 if matched, 1 if no match found.\n"
    } else {
        "usage: grep [-EFrivwcloqsHbhn] [-ABC NUM] [-m MAX] [-e REGEX]... [-MS PATTERN]... [-f REGFILE] [FILE]...\n\n\
         Show lines matching regular expressions. If no -e, first argument is\nregular expression to match. \
         With no files (or \"-\" filename) read stdin.\nReturns 0 if matched, 1 if no match found, 2 for command errors.\n"
    }
}

async fn grep_work(mut tool: Tool) -> i32 {
    let long = [("color", 'G'), ("line-buffered", 'G'), ("help", '?')];
    let Some(flags) = tool.flags("EFGivwxcloLqsHhnraIz", "ABCme", &long).await else { return 2 };
    if flags.has('?') {
        let words = usage(tool.call.machine.profile.api);
        return tool.finish(words).await;
    }
    let mut patterns = flags.values('e').to_vec();
    let mut files = flags.rest.clone();
    if patterns.is_empty() {
        if files.is_empty() {
            tool.complain("no REGEX").await;
            return 2;
        }
        patterns.push(files.remove(0));
    }
    let fixed = flags.has('F') || tool.name() == "fgrep";
    let wide = flags.has('E') || tool.name() == "egrep";
    let patterns: Vec<String> = patterns
        .iter()
        .flat_map(|p| p.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .map(|pattern| {
            let pattern = if fixed {
                regex::escape(&pattern)
            } else if wide {
                pattern
            } else {
                extended(&pattern)
            };
            match () {
                () if flags.has('x') => format!("^(?:{pattern})$"),
                () if flags.has('w') => format!(r"\b(?:{pattern})\b"),
                () => pattern,
            }
        })
        .collect();
    let seeker = match seeker(&patterns, flags.has('i')) {
        Ok(seeker) => seeker,
        Err(_) => {
            tool.complain(&format!("bad regex '{}'", patterns.join("\n"))).await;
            return 2;
        }
    };
    if flags.has('r') {
        files = below(&tool, if files.is_empty() { vec![".".into()] } else { files });
    }
    let number = |letter| flags.value(letter).and_then(|text| text.parse::<usize>().ok());
    let around = number('C').unwrap_or(0);
    let (after, before) = (number('A').unwrap_or(around), number('B').unwrap_or(around));
    let most = number('m').unwrap_or(usize::MAX);
    let named = (files.len() > 1 || flags.has('r') || flags.has('H')) && !flags.has('h');
    if files.is_empty() {
        files.push("-".into());
    }
    let mut any = false;
    for file in files {
        let label = if file == "-" { "(standard input)" } else { &file };
        let prefix = |line: usize, mark: char| {
            let name = if named { format!("{label}{mark}") } else { String::new() };
            if flags.has('n') { format!("{name}{line}{mark}") } else { name }
        };
        let mut lines = tool.lines(std::slice::from_ref(&file));
        let (mut at, mut hits, mut trail) = (0, 0, 0);
        let mut held: std::collections::VecDeque<(usize, Vec<u8>)> = std::collections::VecDeque::new();
        while hits < most
            && let Some(mut line) = lines.next(&mut tool).await
        {
            at += 1;
            if line.last() == Some(&b'\n') {
                line.pop();
            }
            let hit = seeker.set.is_match(&line) != flags.has('v');
            if !hit {
                if trail > 0 {
                    trail -= 1;
                    tool.out([prefix(at, '-').as_bytes(), &line, b"\n"].concat()).await;
                } else if before > 0 {
                    held.push_back((at, line));
                    if held.len() > before {
                        held.pop_front();
                    }
                }
                continue;
            }
            hits += 1;
            any = true;
            if flags.has('q') {
                return 0;
            }
            if flags.has('l') || flags.has('L') {
                break;
            }
            if flags.has('c') {
                continue;
            }
            let mut text = Vec::new();
            for (number, earlier) in held.drain(..) {
                text.extend([prefix(number, '-').as_bytes(), &earlier, b"\n"].concat());
            }
            if flags.has('o') {
                for found in seeker.each.iter().flat_map(|pattern| pattern.find_iter(&line)).filter(|f| !f.is_empty()) {
                    text.extend([prefix(at, ':').as_bytes(), found.as_bytes(), b"\n"].concat());
                }
            } else {
                text.extend([prefix(at, ':').as_bytes(), &line, b"\n"].concat());
            }
            trail = after;
            if !tool.out(text).await {
                return 141;
            }
        }
        if flags.has('c') {
            let name = if named { format!("{label}:") } else { String::new() };
            tool.out(format!("{name}{hits}\n")).await;
        } else if (flags.has('l') && hits > 0) || (flags.has('L') && hits == 0) {
            tool.out(format!("{label}\n")).await;
        }
    }
    match (any, tool.status) {
        (_, 1) => 2,
        (true, _) => 0,
        (false, _) => 1,
    }
}

/// All files below these.
fn below(tool: &Tool, names: Vec<String>) -> Vec<String> {
    let files = tool.call.machine.files();
    let mut todo = names;
    todo.reverse();
    let mut found = Vec::new();
    while let Some(name) = todo.pop() {
        match files.list(tool.actor(), &tool.absolute(&name)) {
            Ok(inside) => {
                let real = inside.iter().rev().filter(|(_, stat)| !stat.is_link() && !stat.is_device());
                todo.extend(real.map(|(inner, _)| path::join(&name, inner)));
            }
            Err(_) => found.push(name),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_expressions_become_extended() {
        assert_eq!(extended(r"a\(b\|c\)*d+"), r"a(b|c)*d\+");
        assert_eq!(extended(r"[]a+]*x\{2\}"), r"[\]a+]*x{2}");
        assert_eq!(extended("*a"), r"\*a");
        assert_eq!(extended(r"\<w\>\."), r"\bw\b\.");
    }
}
