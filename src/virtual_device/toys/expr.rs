//! `expr`: sums, comparisons, patterns, in the grammar of POSIX.

use super::search::extended;
use super::tool::{Tool, toy};

/// Deepest parentheses.
const DEEPEST: usize = 64;

/// Operators by how strongly they bind, the weakest first.
const LEVELS: [&[&str]; 6] =
    [&["|"], &["&"], &["=", "==", "!=", "<", "<=", ">", ">="], &["+", "-"], &["*", "/", "%"], &[":"]];

struct Reader<'a> {
    words: &'a [String],
    at: usize,
    deep: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<&str> {
        self.at += 1;
        self.words.get(self.at - 1).map(String::as_str)
    }

    fn level(&mut self, level: usize) -> Result<String, String> {
        let Some(operators) = LEVELS.get(level) else { return self.operand() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.words.get(self.at).filter(|word| operators.contains(&word.as_str())).cloned() {
            self.at += 1;
            let right = self.level(level + 1)?;
            left = worked_out(&left, &operator, &right)?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<String, String> {
        if self.deep > DEEPEST {
            return Err("syntax error".into());
        }
        match self.next() {
            Some("(") => {
                self.deep += 1;
                let value = self.level(0)?;
                self.deep -= 1;
                if self.next() == Some(")") { Ok(value) } else { Err("syntax error @ 'missing )'".into()) }
            }
            Some(word) => Ok(word.to_owned()),
            None => Err("syntax error".into()),
        }
    }
}

fn is_false(value: &str) -> bool {
    value.is_empty() || value.parse() == Ok(0_i64)
}

fn worked_out(left: &str, operator: &str, right: &str) -> Result<String, String> {
    let numbers = left.parse::<i64>().ok().zip(right.parse::<i64>().ok());
    let order = numbers.map_or_else(|| left.cmp(right), |(a, b)| a.cmp(&b));
    let truth = |holds: bool| Ok(i32::from(holds).to_string());
    match operator {
        "|" => Ok(if is_false(left) { right } else { left }.to_owned()),
        "&" => Ok(if is_false(left) || is_false(right) { "0" } else { left }.to_owned()),
        "=" | "==" => truth(order.is_eq()),
        "!=" => truth(order.is_ne()),
        "<" => truth(order.is_lt()),
        "<=" => truth(order.is_le()),
        ">" => truth(order.is_gt()),
        ">=" => truth(order.is_ge()),
        ":" => matched(left, right),
        _ => {
            let (a, b) = numbers.ok_or("non-integer argument")?;
            let sum = match operator {
                "+" => a.checked_add(b),
                "-" => a.checked_sub(b),
                "*" => a.checked_mul(b),
                _ if b == 0 => return Err("division by zero".into()),
                "/" => a.checked_div(b),
                _ => a.checked_rem(b),
            };
            sum.map(|sum| sum.to_string()).ok_or_else(|| "integer overflow".into())
        }
    }
}

/// What a pattern's first group holds, or how long a piece it matches, from the beginning on.
fn matched(text: &str, pattern: &str) -> Result<String, String> {
    let anchored = format!("^(?:{})", extended(pattern.trim_start_matches('^')));
    let built = regex::RegexBuilder::new(&anchored).size_limit(1 << 20).build();
    let pattern = built.map_err(|_| "bad regex".to_owned())?;
    let grouped = pattern.captures_len() > 1;
    let found = pattern.captures(text);
    Ok(match found {
        Some(found) if grouped => found.get(1).map_or(String::new(), |group| group.as_str().to_owned()),
        Some(found) => found.get(0).map_or(0, |all| all.as_str().chars().count()).to_string(),
        None if grouped => String::new(),
        None => "0".to_owned(),
    })
}

toy!(
    /// `expr argument operator argument…`
    expr, expr_work
);

async fn expr_work(mut tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    if words.is_empty() {
        tool.complain("Needs 1 argument").await;
        return 2;
    }
    let mut reader = Reader { words: &words, at: 0, deep: 0 };
    let mut found = reader.level(0);
    if found.is_ok()
        && let Some(left) = words.get(reader.at)
    {
        found = Err(format!("syntax error @ '{left}'"));
    }
    match found {
        Ok(value) => {
            let status = i32::from(is_false(&value));
            tool.out(value + "\n").await;
            status
        }
        Err(message) => {
            tool.complain(&message).await;
            2
        }
    }
}
