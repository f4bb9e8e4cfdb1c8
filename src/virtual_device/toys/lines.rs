//! Lines turned, numbered, joined and told apart: `tac`, `rev`, `nl`, `paste`, `comm`.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::tool::{Tool, toy};

/// The lines of a file, without their ends.
async fn lines_of(tool: &mut Tool, file: &str) -> Vec<String> {
    let Some(content) = tool.read(file).await else { return Vec::new() };
    String::from_utf8_lossy(&content).lines().map(str::to_owned).collect()
}

fn files(names: &[String]) -> Vec<String> {
    if names.is_empty() { vec!["-".to_owned()] } else { names.to_vec() }
}

toy!(
    /// `tac [file…]`
    tac, tac_work
);

async fn tac_work(mut tool: Tool) -> i32 {
    for file in files(tool.arguments()) {
        let text: String = lines_of(&mut tool, &file).await.iter().rev().map(|line| format!("{line}\n")).collect();
        tool.out(text).await;
    }
    tool.status
}

toy!(
    /// `rev [file…]`
    rev, rev_work
);

async fn rev_work(mut tool: Tool) -> i32 {
    for file in files(tool.arguments()) {
        let turned = |line: &String| line.chars().rev().chain(['\n']).collect::<String>();
        let text: String = lines_of(&mut tool, &file).await.iter().map(turned).collect();
        tool.out(text).await;
    }
    tool.status
}

toy!(
    /// `nl [-E] [-b a|t|n] [-s separator] [-v first] [-w width] [file…]`
    nl, nl_work
);

async fn nl_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("E", "bnslvw", &[]).await else { return 1 };
    let number = |letter, usual: usize| flags.value(letter).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (mut next, width) = (number('v', 1), number('w', 6).min(80));
    let between = flags.value('s').unwrap_or("\t").to_owned();
    let which = flags.value('b').unwrap_or("t").to_owned();
    for file in files(&flags.rest) {
        let mut text = String::new();
        for line in lines_of(&mut tool, &file).await {
            if which == "a" || (which == "t" && !line.is_empty()) {
                text += &format!("{next:>width$}{between}{line}\n");
                next += 1;
            } else {
                text += &format!("{:width$}{}{line}\n", "", " ".repeat(between.len()));
            }
        }
        tool.out(text).await;
    }
    tool.status
}

toy!(
    /// `paste [-s] [-d letters] [file…]`
    paste, paste_work
);

async fn paste_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("s", "d", &[]).await else { return 1 };
    let letters: Vec<char> =
        flags.value('d').unwrap_or("\t").replace("\\t", "\t").replace("\\n", "\n").chars().collect();
    let joined = |cells: Vec<&str>| {
        let mut text = String::new();
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 && !letters.is_empty() {
                text.push(letters[(at - 1) % letters.len()]);
            }
            text += cell;
        }
        text + "\n"
    };
    // Standard input is one file, however often it is named: its lines go round.
    let names = files(&flags.rest);
    let mut columns: Vec<VecDeque<String>> = Vec::new();
    let mut standard: Option<usize> = None;
    let mut sources = Vec::new();
    for name in &names {
        match standard.filter(|_| name == "-") {
            Some(at) => sources.push(at),
            None => {
                sources.push(columns.len());
                standard = if name == "-" { Some(columns.len()) } else { standard };
                columns.push(lines_of(&mut tool, name).await.into());
            }
        }
    }
    if flags.has('s') {
        let text: String = columns.iter().map(|lines| joined(lines.iter().map(String::as_str).collect())).collect();
        return tool.finish(text).await;
    }
    let mut text = String::new();
    while columns.iter().any(|lines| !lines.is_empty()) {
        let row: Vec<String> = sources.iter().map(|at| columns[*at].pop_front().unwrap_or_default()).collect();
        text += &joined(row.iter().map(String::as_str).collect());
    }
    tool.finish(text).await
}

toy!(
    /// `comm [-123] file file`: what only one has, what only the other has, what both have.
    comm, comm_work
);

async fn comm_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("123", "", &[]).await else { return 1 };
    let [first, second] = flags.rest.as_slice() else {
        tool.complain("Needs 2 arguments").await;
        return 1;
    };
    let (left, right) = (lines_of(&mut tool, first).await, lines_of(&mut tool, second).await);
    if tool.status != 0 {
        return tool.status;
    }
    let hidden = ['1', '2', '3'].map(|letter| flags.has(letter));
    let indent = |column: usize| "\t".repeat((0..column).filter(|before| !hidden[*before]).count());
    let (mut a, mut b, mut text) = (0, 0, String::new());
    loop {
        let (column, line) = match (left.get(a), right.get(b)) {
            (None, None) => break,
            (Some(line), None) => (0, line),
            (None, Some(line)) => (1, line),
            (Some(x), Some(y)) => match x.cmp(y) {
                Ordering::Less => (0, x),
                Ordering::Greater => (1, y),
                Ordering::Equal => (2, x),
            },
        };
        a += usize::from(column != 1);
        b += usize::from(column != 0);
        if !hidden[column] {
            text += &format!("{}{line}\n", indent(column));
        }
    }
    tool.finish(text).await
}
