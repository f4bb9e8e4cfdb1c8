//! `diff`: always in the unified form. Source of its words: AOSP `external/toybox/toys/pending/diff.c`.

use super::tool::{Flags, Tool, toy};
use crate::virtual_device::fs::path;

/// Most cells of the table that finds the common lines (ours); two larger files differ as a whole.
const MOST_CELLS: usize = 4 << 20;
/// Deepest folder compared (ours).
const DEEPEST: usize = 64;

toy!(
    /// `diff [-abBdiNqrsTuw] [-L label] [-U lines] file1 file2`
    diff, diff_work
);

async fn diff_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("abBdiNqrsTuw", "LUS", &[("color", 'c')]).await else { return 2 };
    let [left, right] = flags.rest.as_slice() else {
        tool.complain("Needs 2 arguments").await;
        return 2;
    };
    let is_folder = |name: &str| {
        name != "-" && tool.call.machine.files().stat(tool.actor(), &tool.absolute(name)).is_ok_and(|s| s.is_folder())
    };
    let (left, right) = match (is_folder(left), is_folder(right)) {
        (true, true) => return folders(&mut tool, &flags, left, right).await,
        // A file is compared with the one of its name in the folder.
        (true, false) => (path::join(left, path::base(right)), right.clone()),
        (false, true) => (left.clone(), path::join(right, path::base(left))),
        (false, false) => (left.clone(), right.clone()),
    };
    pair(&mut tool, &flags, &left, &right).await
}

/// Two folders, name by name; with `-r` the folders in them too.
async fn folders(tool: &mut Tool, flags: &Flags, left: &str, right: &str) -> i32 {
    let (mut status, mut open) = (0, vec![(left.to_owned(), right.to_owned(), 0)]);
    while let Some((left, right, depth)) = open.pop() {
        let list = |tool: &Tool, name: &str| {
            let listed = tool.call.machine.files().list(tool.actor(), &tool.absolute(name));
            listed.unwrap_or_default().into_iter().collect::<std::collections::BTreeMap<_, _>>()
        };
        let (ours, theirs) = (list(tool, &left), list(tool, &right));
        let names: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for name in names {
            let both = (ours.get(name), theirs.get(name));
            let (a, b) = (path::join(&left, name), path::join(&right, name));
            match both {
                (Some(one), Some(other)) if one.is_folder() && other.is_folder() => {
                    if flags.has('r') && depth < DEEPEST {
                        open.push((a, b, depth + 1));
                    } else {
                        tool.out(format!("Common subdirectories: {a} and {b}\n")).await;
                    }
                }
                (Some(_), Some(_)) => status = pair(tool, flags, &a, &b).await.max(status),
                (one, _) => {
                    let folder = if one.is_some() { &left } else { &right };
                    tool.out(format!("Only in {folder}: {name}\n")).await;
                    status = status.max(1);
                }
            }
        }
    }
    status
}

async fn pair(tool: &mut Tool, flags: &Flags, left: &str, right: &str) -> i32 {
    let (Some(a), Some(b)) = (tool.read(left).await, tool.read(right).await) else { return 2 };
    if a == b {
        if flags.has('s') {
            tool.out(format!("Files {left} and {right} are identical\n")).await;
        }
        return 0;
    }
    let binary = !flags.has('a') && (a.contains(&0) || b.contains(&0));
    if flags.has('q') || binary {
        tool.out(format!("Files {left} and {right} differ\n")).await;
        return 1;
    }
    let context = flags.value('U').and_then(|text| text.parse().ok()).unwrap_or(3);
    let (a, b) = (lines(&a), lines(&b));
    let normal = |line: &&str| {
        let mut line = (*line).trim_end_matches('\n').to_owned();
        if flags.has('i') {
            line = line.to_lowercase();
        }
        match (flags.has('w'), flags.has('b')) {
            (true, _) => line.split_whitespace().collect(),
            (_, true) => line.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => line,
        }
    };
    let keys = [&a, &b].map(|lines| lines.iter().map(|line| normal(&line.as_str())).collect::<Vec<String>>());
    let edits = edits(&keys[0], &keys[1]);
    let hunks = hunks(&edits, &a, &b, context);
    if hunks.is_empty() {
        return 0;
    }
    let labels = flags.values('L');
    let label = |at: usize, name: &str| labels.get(at).cloned().unwrap_or_else(|| name.to_owned());
    tool.out(format!("--- {}\n+++ {}\n{hunks}", label(0, left), label(1, right))).await;
    1
}

fn lines(bytes: &[u8]) -> Vec<String> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line).into_owned()).collect()
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    Keep,
    Remove,
    Add,
}

/// The shortest way from one to the other, by the table of longest common parts.
fn edits(a: &[String], b: &[String]) -> Vec<Edit> {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = (&a[start..], &b[start..]);
    let end = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&rest.0[..rest.0.len() - end], &rest.1[..rest.1.len() - end]);
    let mut edits = vec![Edit::Keep; start];
    edits.extend(middle(left, right));
    edits.extend(std::iter::repeat_n(Edit::Keep, end));
    edits
}

fn middle(a: &[String], b: &[String]) -> Vec<Edit> {
    let width = b.len() + 1;
    if (a.len() + 1).saturating_mul(width) > MOST_CELLS {
        return [vec![Edit::Remove; a.len()], vec![Edit::Add; b.len()]].concat();
    }
    let mut table = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = match a[i] == b[j] {
                true => table[(i + 1) * width + j + 1] + 1,
                false => table[(i + 1) * width + j].max(table[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j, mut edits) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        let edit = if i == a.len() {
            Edit::Add
        } else if j == b.len() {
            Edit::Remove
        } else if a[i] == b[j] {
            Edit::Keep
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            Edit::Remove
        } else {
            Edit::Add
        };
        i += usize::from(edit != Edit::Add);
        j += usize::from(edit != Edit::Remove);
        edits.push(edit);
    }
    edits
}

/// The changes with so many lines around them.
fn hunks(edits: &[Edit], a: &[String], b: &[String], context: usize) -> String {
    let changed: Vec<usize> = (0..edits.len()).filter(|at| edits[*at] != Edit::Keep).collect();
    let mut text = String::new();
    let mut next = 0;
    while let Some(first) = changed.get(next) {
        let mut last = *first;
        while let Some(more) = changed.get(next).filter(|more| **more - last <= 2 * context + 1) {
            last = *more;
            next += 1;
        }
        let (from, to) = (first.saturating_sub(context), (last + context + 1).min(edits.len()));
        let passed = |not: Edit, range: &[Edit]| range.iter().filter(|edit| **edit != not).count();
        let starts = (passed(Edit::Add, &edits[..from]), passed(Edit::Remove, &edits[..from]));
        let counts = (passed(Edit::Add, &edits[from..to]), passed(Edit::Remove, &edits[from..to]));
        text += &format!("@@ -{} +{} @@\n", span(starts.0, counts.0), span(starts.1, counts.1));
        let (mut i, mut j) = starts;
        for edit in &edits[from..to] {
            let (sign, line) = match edit {
                Edit::Keep => (' ', &a[i]),
                Edit::Remove => ('-', &a[i]),
                Edit::Add => ('+', &b[j]),
            };
            i += usize::from(*edit != Edit::Add);
            j += usize::from(*edit != Edit::Remove);
            text.push(sign);
            text += line;
            text += if line.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
        }
    }
    text
}

/// Where a hunk begins and how many lines it has.
fn span(start: usize, count: usize) -> String {
    match count {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        _ => format!("{},{count}", start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_between_the_lines_around_them() {
        let of = |text: &str| lines(text.as_bytes());
        let (a, b) = (of("1\n2\n3\n4\n5\n6\n7\n8\n9\n"), of("1\n2\n3\n4\nfive\n6\n7\n8\n9"));
        let told = hunks(&edits(&a, &b), &a, &b, 1);
        assert_eq!(
            told,
            "@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n@@ -8,2 +8,2 @@\n 8\n-9\n+9\n\\ No newline at end of file\n"
        );
        let nothing = of("");
        assert_eq!(hunks(&edits(&nothing, &a[..1]), &nothing, &a[..1], 3), "@@ -0,0 +1 @@\n+1\n");
    }
}
