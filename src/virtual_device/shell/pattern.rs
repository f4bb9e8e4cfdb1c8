//! Shell patterns: `*`, `?`, `[…]` and ksh's `@(…)`, `?(…)`, `*(…)`, `+(…)`, `!(…)`.

/// A character with whether it was quoted (and so stands for itself).
pub(super) type Mark = (char, bool);

/// Steps a match may take: patterns with many stars would otherwise run for ever.
const MAX_STEPS: usize = 2_000_000;

/// One element of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    One(char),
    Any,
    Star,
    Class {
        not: bool,
        ranges: Vec<(char, char)>,
    },
    /// Kind (`@?*+!`) and alternatives.
    Group(char, Vec<Vec<Element>>),
}

/// A pattern ready to match.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    elements: Vec<Element>,
}

/// Whether the text has an unquoted character that makes it a pattern.
pub(super) fn is_pattern(marks: &[Mark]) -> bool {
    marks.iter().any(|(c, quoted)| !quoted && matches!(c, '*' | '?' | '['))
        || marks.windows(2).any(|pair| "@+!".contains(pair[0].0) && !pair[0].1 && pair[1] == ('(', false))
}

impl Pattern {
    pub fn new(marks: &[Mark]) -> Self {
        let mut at = 0;
        Self { elements: elements(marks, &mut at, 0) }
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &[char]) -> bool {
        run(&self.elements, text, &mut |rest| rest.is_empty(), &mut MAX_STEPS.clone())
    }

    /// Whether the text begins with something a name's first dot may match: a literal dot.
    pub fn begins_with_dot(&self) -> bool {
        self.elements.first() == Some(&Element::One('.'))
    }

    /// The shortest or longest beginning that matches, in characters.
    pub fn prefix(&self, text: &[char], longest: bool) -> Option<usize> {
        pick(0..=text.len(), longest, |end| self.matches(&text[..end]))
    }

    /// Where the shortest or longest ending begins that matches.
    pub fn suffix(&self, text: &[char], longest: bool) -> Option<usize> {
        pick(0..=text.len(), !longest, |start| self.matches(&text[start..]))
    }
}

fn pick(mut range: std::ops::RangeInclusive<usize>, last: bool, fits: impl Fn(usize) -> bool) -> Option<usize> {
    if last { range.rev().find(|at| fits(*at)) } else { range.find(|at| fits(*at)) }
}

fn elements(marks: &[Mark], at: &mut usize, depth: usize) -> Vec<Element> {
    let mut all = Vec::new();
    while let Some(&(c, quoted)) = marks.get(*at) {
        let opens = !quoted && depth < 16 && "@?*+!".contains(c) && marks.get(*at + 1) == Some(&('(', false));
        if opens && let Some(group) = group(marks, at, c, depth) {
            all.push(group);
            continue;
        }
        if depth > 0 && !quoted && (c == '|' || c == ')') {
            break;
        }
        *at += 1;
        all.push(match c {
            _ if quoted => Element::One(c),
            '*' if all.last() == Some(&Element::Star) => continue,
            '*' => Element::Star,
            '?' => Element::Any,
            '[' => class(marks, at).unwrap_or(Element::One('[')),
            other => Element::One(other),
        });
    }
    all
}

fn group(marks: &[Mark], at: &mut usize, kind: char, depth: usize) -> Option<Element> {
    let mut inside = *at + 2;
    let mut alternatives = vec![elements(marks, &mut inside, depth + 1)];
    while marks.get(inside) == Some(&('|', false)) {
        inside += 1;
        alternatives.push(elements(marks, &mut inside, depth + 1));
    }
    if marks.get(inside) != Some(&(')', false)) {
        return None;
    }
    *at = inside + 1;
    Some(Element::Group(kind, alternatives))
}

/// What follows `[`; `None` (and no progress) when it is no class.
fn class(marks: &[Mark], at: &mut usize) -> Option<Element> {
    let mut next = *at;
    let not = matches!(marks.get(next), Some(('!' | '^', false)));
    next += usize::from(not);
    let mut ranges = Vec::new();
    let first = next;
    loop {
        let (c, quoted) = *marks.get(next)?;
        if c == ']' && !quoted && next > first {
            *at = next + 1;
            return Some(Element::Class { not, ranges });
        }
        if c == '[' && !quoted && marks.get(next + 1) == Some(&(':', false)) {
            next = named(marks, next + 2, &mut ranges)?;
            continue;
        }
        let range =
            marks.get(next + 1) == Some(&('-', false)) && marks.get(next + 2).is_some_and(|m| *m != (']', false));
        if range {
            ranges.push((c, marks[next + 2].0));
            next += 3;
        } else {
            ranges.push((c, c));
            next += 1;
        }
    }
}

/// `[:name:]`, after its `[:`.
fn named(marks: &[Mark], from: usize, ranges: &mut Vec<(char, char)>) -> Option<usize> {
    let length = marks[from..].iter().position(|(c, _)| *c == ':')?;
    if marks.get(from + length + 1) != Some(&(']', false)) {
        return None;
    }
    let name: String = marks[from..from + length].iter().map(|(c, _)| c).collect();
    let members: &[(char, char)] = match name.as_str() {
        "alpha" => &[('a', 'z'), ('A', 'Z')],
        "digit" => &[('0', '9')],
        "alnum" => &[('a', 'z'), ('A', 'Z'), ('0', '9')],
        "upper" => &[('A', 'Z')],
        "lower" => &[('a', 'z')],
        "space" => &[(' ', ' '), ('\t', '\r')],
        "blank" => &[(' ', ' '), ('\t', '\t')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "xdigit" => &[('0', '9'), ('a', 'f'), ('A', 'F')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "print" => &[(' ', '~')],
        "graph" => &[('!', '~')],
        _ => &[],
    };
    ranges.extend_from_slice(members);
    Some(from + length + 2)
}

/// Matches the elements at the start of `text`, and then what `rest` wants.
fn run(elements: &[Element], text: &[char], rest: &mut dyn FnMut(&[char]) -> bool, steps: &mut usize) -> bool {
    if *steps == 0 {
        return false;
    }
    *steps -= 1;
    let Some((first, others)) = elements.split_first() else { return rest(text) };
    match first {
        Element::Star => (0..=text.len()).any(|skip| {
            // Only try where the next literal stands.
            let hopeless = matches!(others.first(), Some(Element::One(c)) if text.get(skip) != Some(c));
            !hopeless && run(others, &text[skip..], rest, steps)
        }),
        Element::Group(kind, alternatives) => group_matches(*kind, alternatives, others, text, rest, steps),
        single => match text.split_first() {
            Some((c, after)) if fits(single, *c) => run(others, after, rest, steps),
            _ => false,
        },
    }
}

fn fits(element: &Element, c: char) -> bool {
    match element {
        Element::One(one) => *one == c,
        Element::Any => true,
        Element::Class { not, ranges } => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *not,
        Element::Star | Element::Group(..) => false,
    }
}

fn group_matches(
    kind: char,
    alternatives: &[Vec<Element>],
    others: &[Element],
    text: &[char],
    rest: &mut dyn FnMut(&[char]) -> bool,
    steps: &mut usize,
) -> bool {
    if kind == '!' {
        return (0..=text.len()).any(|end| {
            let inside = &text[..end];
            let hit = alternatives.iter().any(|a| run(a, inside, &mut |left| left.is_empty(), steps));
            !hit && run(others, &text[end..], rest, steps)
        });
    }
    if matches!(kind, '?' | '*') && run(others, text, rest, steps) {
        return true;
    }
    let again = matches!(kind, '*' | '+');
    (1..=text.len()).chain((kind == '@' || kind == '+').then_some(0)).any(|end| {
        let inside = &text[..end];
        let hit = alternatives.iter().any(|a| run(a, inside, &mut |left| left.is_empty(), steps));
        hit && (run(others, &text[end..], rest, steps)
            || (again && end > 0 && group_matches('*', alternatives, others, &text[end..], rest, steps)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(&text.chars().map(|c| (c, false)).collect::<Vec<_>>())
    }

    fn matches(wanted: &str, text: &str) -> bool {
        pattern(wanted).matches(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn the_usual_patterns_match() {
        for (wanted, text) in [
            ("*.txt", "a.txt"),
            ("a?c", "abc"),
            ("[a-c]*", "cat"),
            ("[!a]x", "bx"),
            ("*a*b*", "xxaybz"),
            ("[]]", "]"),
            ("@(a|b)c", "bc"),
            ("*(ab)", "abab"),
            ("+([0-9])", "123"),
            ("!(*.c)", "a.h"),
            ("[[:digit:]]", "7"),
            ("[a", "[a"),
            ("?(x)y", "y"),
        ] {
            assert!(matches(wanted, text), "{wanted} {text}");
        }
        for (wanted, text) in
            [("*.txt", "a.text"), ("[!a]", "a"), ("+([0-9])", ""), ("!(a)", "a"), ("", "a"), ("@(a|b)", "ab")]
        {
            assert!(!matches(wanted, text), "{wanted} {text}");
        }
    }

    #[test]
    fn a_quoted_star_is_a_star() {
        let quoted = Pattern::new(&[('*', true)]);
        assert!(quoted.matches(&['*']) && !quoted.matches(&['a']));
    }

    #[test]
    fn ends_are_found_shortest_and_longest() {
        let text: Vec<char> = "a.b.c".chars().collect();
        assert_eq!((pattern("*.").prefix(&text, false), pattern("*.").prefix(&text, true)), (Some(2), Some(4)));
        assert_eq!((pattern(".*").suffix(&text, false), pattern(".*").suffix(&text, true)), (Some(3), Some(1)));
        assert_eq!(pattern("x").prefix(&text, true), None);
    }

    #[test]
    fn a_hostile_pattern_ends() {
        assert!(!matches(&"*a".repeat(40), &"ab".repeat(400)));
    }
}
