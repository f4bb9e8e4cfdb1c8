//! `{a,b}`, as mksh expands it: after everything else but file names, on what a word has become.

use super::pattern::Mark;

/// Most words one word may become.
const MAX_WORDS: usize = 1024;

/// The words a field stands for. Quoted brackets and commas are none.
pub(super) fn expand(field: Vec<Mark>) -> Vec<Vec<Mark>> {
    let mut done = Vec::new();
    // Fields with the place from which on they are searched, the next one last.
    let mut todo = vec![(field, 0)];
    while let Some((field, from)) = todo.pop() {
        if done.len() + todo.len() >= MAX_WORDS {
            done.push(field);
            continue;
        }
        match group(&field, from) {
            None => done.push(field),
            // Without a comma in it the group stands for itself, with all that it holds.
            Some(group) if group.borders.len() < 3 => todo.push((field, group.end)),
            Some(group) => {
                let words = group.borders.windows(2).map(|border| {
                    let part = &field[border[0] + 1..border[1]];
                    let word = [&field[..group.start], part, &field[group.end..]].concat();
                    (word, group.start)
                });
                todo.extend(words.rev().collect::<Vec<_>>());
            }
        }
    }
    done
}

struct Group {
    start: usize,
    /// The place behind it.
    end: usize,
    /// Its two brackets, and the commas between them.
    borders: Vec<usize>,
}

/// The first group from a place on; `None` when a bracket is not closed.
fn group(field: &[Mark], from: usize) -> Option<Group> {
    let start = from + field.get(from..)?.iter().position(|mark| *mark == ('{', false))?;
    let mut depth = 0_usize;
    let mut borders = vec![start];
    for (at, mark) in field.iter().enumerate().skip(start) {
        match mark {
            ('{', false) => depth += 1,
            (',', false) if depth == 1 => borders.push(at),
            ('}', false) if depth == 1 => {
                borders.push(at);
                return Some(Group { start, end: at + 1, borders });
            }
            ('}', false) => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Vec<String> {
        let marks = text.chars().map(|c| (c, false)).collect();
        expand(marks).iter().map(|marks| marks.iter().map(|(c, _)| c).collect()).collect()
    }

    #[test]
    fn groups_multiply_and_quotes_protect() {
        assert_eq!(expanded("a{b,c}d{1,2}"), ["abd1", "abd2", "acd1", "acd2"]);
        assert_eq!(expanded("{a,{b,c}}"), ["a", "b", "c"]);
        assert_eq!(expanded("{{a,b},c}"), ["a", "b", "c"]);
        assert_eq!(expanded("x{,y}"), ["x", "xy"]);
        assert_eq!(expanded("{a}{b,c}"), ["{a}b", "{a}c"]);
        for same in ["{a}", "{a,b", "{}", "{{a,b}}", "a,b}"] {
            assert_eq!(expanded(same), [same]);
        }
        assert_eq!(expand(vec![('{', true), ('a', false), (',', false), ('}', false)]).len(), 1);
        assert_eq!(expand(vec![('{', false), (',', true), ('}', false)]).len(), 1);
        assert!(expanded(&"{a,b}".repeat(100)).len() <= 2 * MAX_WORDS);
    }
}
