//! `{a,b}`, as mksh expands it: before everything else, on the raw word.

/// Most words one word may become.
const MAX_WORDS: usize = 1024;

/// The words a raw word stands for.
pub(super) fn expand(raw: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut todo = vec![raw.to_owned()];
    while let Some(word) = todo.pop() {
        let alternatives = if done.len() + todo.len() < MAX_WORDS { first_group(&word) } else { None };
        match alternatives {
            Some(words) => todo.extend(words.into_iter().rev()),
            None => done.push(word),
        }
    }
    done
}

/// The word with its first brace group replaced by each alternative.
fn first_group(word: &str) -> Option<Vec<String>> {
    let mut quotes = Quotes::default();
    for (at, c) in word.char_indices() {
        let previous = word[..at].chars().next_back();
        if quotes.passes(c)
            && c == '{'
            && previous != Some('$')
            && let Some(group) = group(&word[at..])
        {
            let rest = &word[at + group.length..];
            return Some(group.alternatives.iter().map(|a| format!("{}{a}{rest}", &word[..at])).collect());
        }
    }
    None
}

struct Group<'a> {
    alternatives: Vec<&'a str>,
    length: usize,
}

/// The group that begins with the text's first character.
fn group(text: &str) -> Option<Group<'_>> {
    let mut quotes = Quotes::default();
    let mut depth = 0_usize;
    let mut start = 1;
    let mut alternatives = Vec::new();
    for (at, c) in text.char_indices() {
        if !quotes.passes(c) {
            continue;
        }
        match c {
            '{' => depth += 1,
            ',' if depth == 1 => {
                alternatives.push(&text[start..at]);
                start = at + 1;
            }
            '}' if depth == 1 => {
                alternatives.push(&text[start..at]);
                return (alternatives.len() > 1).then_some(Group { alternatives, length: at + 1 });
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Follows quotes, backslashes, `${…}` and `$(…)`.
#[derive(Default)]
struct Quotes {
    quote: Option<char>,
    escaped: bool,
    dollar: bool,
    inside: usize,
}

impl Quotes {
    /// Whether the character stands outside of all quotes and expansions.
    fn passes(&mut self, c: char) -> bool {
        if std::mem::take(&mut self.escaped) {
            return false;
        }
        let dollar = std::mem::replace(&mut self.dollar, c == '$' && self.quote != Some('\''));
        match (self.quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => self.quote = None,
            (Some('\''), _) => {}
            (_, '\\') => self.escaped = true,
            (Some(_), _) => {}
            (None, '\'' | '"') => self.quote = Some(c),
            (None, '{' | '(') if dollar || self.inside > 0 => self.inside += 1,
            (None, '}' | ')') if self.inside > 0 => self.inside -= 1,
            (None, _) => return self.inside == 0,
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_multiply_and_quotes_protect() {
        assert_eq!(expand("a{b,c}d{1,2}"), ["abd1", "abd2", "acd1", "acd2"]);
        assert_eq!(expand("{a,{b,c}}"), ["a", "b", "c"]);
        assert_eq!(expand("x{,y}"), ["x", "xy"]);
        for same in ["'{a,b}'", "{a}", "${x:-{a,b}}", "{a,b", "$(f {a,b})", "\\{a,b}", "{}"] {
            assert_eq!(expand(same), [same]);
        }
        assert!(expand(&"{a,b}".repeat(100)).len() <= 2 * MAX_WORDS);
    }
}
