//! `sort`: keys, and the orders a key can have.

use std::cmp::Ordering;

use super::tool::{Flags, Tool, toy};

/// Letters that say how to compare.
const ORDERS: &str = "nrfbgMhVdix";

/// What a line is compared by.
struct Key {
    /// Field and letter it begins with, from 1.
    from: (usize, usize),
    /// Field and letter it ends with; letter 0 is the field's end. `None` is the end of the line.
    to: Option<(usize, usize)>,
    /// Letters of the order.
    order: String,
}

impl Key {
    /// `1`, `2,2`, `1.3,1.5nr`.
    fn parse(text: &str, general: &str) -> Option<Self> {
        let order: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let place = |part: &str, letter: usize| {
            let digits: String = part.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
            let (field, at) = digits.split_once('.').map_or((digits.as_str(), None), |(field, at)| (field, Some(at)));
            Some((field.parse().ok().filter(|n| *n > 0)?, at.map_or(Some(letter), |at| at.parse().ok())?))
        };
        let (from, to) = text.split_once(',').map_or((text, None), |(from, to)| (from, Some(to)));
        let to = match to {
            Some(to) => Some(place(to, 0)?),
            None => None,
        };
        let order = if order.is_empty() { general.to_owned() } else { order };
        Some(Self { from: place(from, 1)?, to, order })
    }

    /// The part of a line that is compared. Without a separator a field begins with the blanks before it.
    fn of<'a>(&self, line: &'a str, separator: Option<char>) -> &'a str {
        let fields = fields(line, separator);
        let at = |(field, letter): (usize, usize)| match fields.get(field - 1) {
            Some((start, end)) => {
                line[*start..*end].char_indices().nth(letter.saturating_sub(1)).map_or(*end, |(n, _)| start + n)
            }
            None => line.len(),
        };
        let start = at(self.from);
        let end = match self.to {
            None => line.len(),
            Some((field, 0)) => fields.get(field - 1).map_or(line.len(), |(_, end)| *end),
            Some((field, letter)) => at((field, letter + 1)),
        };
        line.get(start..end.max(start)).unwrap_or_default()
    }
}

/// Where each field begins and ends.
fn fields(line: &str, separator: Option<char>) -> Vec<(usize, usize)> {
    let mut fields = Vec::new();
    if let Some(separator) = separator {
        let mut start = 0;
        for part in line.split(separator) {
            fields.push((start, start + part.len()));
            start += part.len() + separator.len_utf8();
        }
        return fields;
    }
    let (mut start, mut in_word) = (0, false);
    for (at, c) in line.char_indices() {
        let blank = c == ' ' || c == '\t';
        if blank && in_word {
            fields.push((start, at));
            start = at;
        }
        in_word = !blank;
    }
    fields.push((start, line.len()));
    fields
}

fn leading_number(text: &str) -> (f64, &str) {
    let text = text.trim_start();
    let part = |(at, c): (usize, char)| c.is_ascii_digit() || c == '.' || (at == 0 && c == '-');
    let length = text.char_indices().find(|one| !part(*one)).map_or(text.len(), |(at, _)| at);
    (text[..length].parse().unwrap_or(0.0), &text[length..])
}

/// `1K`, `2.5M`.
fn with_unit(text: &str) -> f64 {
    let (number, rest) = leading_number(text);
    let power = rest.chars().next().and_then(|unit| "KMGTPE".find(unit.to_ascii_uppercase())).map_or(0, |at| at + 1);
    number * 1024_f64.powi(i32::try_from(power).unwrap_or(0))
}

fn month(text: &str) -> usize {
    let names = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let word: String = text.trim_start().chars().take(3).collect::<String>().to_ascii_uppercase();
    names.iter().position(|name| *name == word).map_or(0, |at| at + 1)
}

/// Digits as numbers, the rest letter by letter.
fn by_version(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left, right);
    while !a.is_empty() && !b.is_empty() {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (m, n) = (digits(a), digits(b));
        if m > 0 && n > 0 {
            let (x, y) = (a[..m].trim_start_matches('0'), b[..n].trim_start_matches('0'));
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
            if order.is_ne() {
                return order;
            }
            (a, b) = (&a[m..], &b[n..]);
            continue;
        }
        let (x, y) = (a.chars().next(), b.chars().next());
        if x != y {
            return x.cmp(&y);
        }
        let length = x.map_or(1, char::len_utf8);
        (a, b) = (&a[length..], &b[length..]);
    }
    a.len().cmp(&b.len())
}

fn compare(left: &str, right: &str, order: &str) -> Ordering {
    let has = |letter: char| order.contains(letter);
    let (left, right) = if has('b') { (left.trim_start(), right.trim_start()) } else { (left, right) };
    let found = if has('n') || has('g') {
        leading_number(left).0.total_cmp(&leading_number(right).0)
    } else if has('h') {
        with_unit(left).total_cmp(&with_unit(right))
    } else if has('M') {
        month(left).cmp(&month(right))
    } else if has('V') {
        by_version(left, right)
    } else if has('x') {
        let hex = |text: &str| u64::from_str_radix(text.trim().trim_start_matches("0x"), 16).unwrap_or(0);
        hex(left).cmp(&hex(right))
    } else {
        let kept = |text: &str| -> String {
            let text = if has('f') { text.to_uppercase() } else { text.to_owned() };
            let dropped =
                |c: char| has('d') && !c.is_alphanumeric() && !c.is_whitespace() || has('i') && c.is_control();
            text.chars().filter(|c| !dropped(*c)).collect()
        };
        if has('f') || has('d') || has('i') { kept(left).cmp(&kept(right)) } else { left.cmp(right) }
    };
    if has('r') { found.reverse() } else { found }
}

toy!(
    /// `sort [-bcdfghiMnrsuVxz] [-t c] [-k from[.letter][,to[.letter]][order]] [-o file] [file…]`
    sort, sort_work
);

async fn sort_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("bcCdfghiMmnrsuVxz", "tko", &[]).await else { return 1 };
    let end = if flags.has('z') { '\0' } else { '\n' };
    let mut lines = Vec::new();
    if flags.has('z') {
        for file in if flags.rest.is_empty() { vec!["-".to_owned()] } else { flags.rest.clone() } {
            let Some(content) = tool.read(&file).await else { continue };
            let text = String::from_utf8_lossy(&content);
            lines.extend(text.split_terminator(end).map(str::to_owned));
        }
    } else {
        let mut input = tool.lines(&flags.rest);
        while let Some(line) = input.next(&mut tool).await {
            let text = String::from_utf8_lossy(&line);
            lines.push(text.strip_suffix('\n').unwrap_or(&text).to_owned());
        }
    }
    let general: String = ORDERS.chars().filter(|letter| flags.has(*letter)).collect();
    let keys: Option<Vec<Key>> = flags.values('k').iter().map(|text| Key::parse(text, &general)).collect();
    let Some(keys) = keys else {
        tool.complain(&format!("bad -k {}", flags.value('k').unwrap_or_default())).await;
        return 1;
    };
    let separator = flags.value('t').and_then(|text| text.chars().next());
    let by_keys = |a: &String, b: &String| {
        if keys.is_empty() {
            return compare(a, b, &general);
        }
        let orders = keys.iter().map(|key| compare(key.of(a, separator), key.of(b, separator), &key.order));
        orders.fold(Ordering::Equal, Ordering::then)
    };
    if flags.has('c') || flags.has('C') {
        return check(tool, &flags, &lines, by_keys).await;
    }
    let whole = |a: &String, b: &String| if general.contains('r') { b.cmp(a) } else { a.cmp(b) };
    match flags.has('u') || flags.has('s') {
        true => lines.sort_by(by_keys),
        false => lines.sort_by(|a, b| by_keys(a, b).then_with(|| whole(a, b))),
    }
    if flags.has('u') {
        lines.dedup_by(|a, b| by_keys(a, b).is_eq());
    }
    let text: String = lines.into_iter().flat_map(|line| [line, end.to_string()]).collect();
    match flags.value('o') {
        Some(file) => {
            let written = tool.call.machine.files().write(tool.actor(), &tool.absolute(file), text.into_bytes(), 0o666);
            tool.check(file, written).await;
        }
        None => drop(tool.out(text).await),
    }
    tool.status
}

/// `-c` names the first line that is out of order, `-C` is silent.
async fn check(mut tool: Tool, flags: &Flags, lines: &[String], order: impl Fn(&String, &String) -> Ordering) -> i32 {
    let wrong = |pair: &[String]| {
        let order = order(&pair[0], &pair[1]);
        order.is_gt() || (flags.has('u') && order.is_eq())
    };
    let Some(at) = lines.windows(2).position(wrong) else { return 0 };
    if flags.has('c') {
        let file = flags.rest.first().map_or("-", String::as_str);
        tool.complain(&format!("{file}: Check line {}", at + 2)).await;
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_fields_and_letters() {
        let of = |key: &str, line: &'static str, separator| Key::parse(key, "").unwrap().of(line, separator);
        assert_eq!(of("2,2", "a  b c", None), "  b");
        assert_eq!(of("2", "a:b:c", Some(':')), "b:c");
        assert_eq!(of("1.2,1.3", "abcd e", None), "bc");
        assert_eq!(of("4,4", "a:b", Some(':')), "");
        assert!(Key::parse("0", "").is_none() && Key::parse("x", "").is_none());
    }

    #[test]
    fn orders_compare_as_they_say() {
        assert!(compare("v1.9", "v1.10", "V").is_lt());
        assert!(compare("2M", "900K", "h").is_gt());
        assert!(compare("Feb", "jan", "M").is_gt());
        assert!(compare("10", "9", "nr").is_lt());
        assert!(compare("0x1f", "20", "x").is_lt());
        assert!(compare("b", "A", "f").is_gt());
    }
}
