//! The words of an awk program (POSIX, "awk", lexical conventions).

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Number(f64),
    Text(String),
    Regex(String),
    /// A name; of a function when a parenthesis follows at once.
    Name(String),
    Call(String),
    Word(&'static str),
    Sign(&'static str),
    /// A line's end.
    Line,
    End,
}

const WORDS: [&str; 21] = [
    "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "exit",
    "return", "delete", "in", "getline", "print", "printf", "nextfile", "fflush",
];

/// Longer ones first.
const SIGNS: [&str; 43] = [
    "**=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "**", "==", "<=", ">=", "!=", "!~", ">>", "{",
    "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=", "&",
    "@",
];

/// The words of a program, or what is wrong with it.
pub fn scan(program: &str) -> Result<Vec<Token>, String> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = program;
    while let Some(letter) = rest.chars().next() {
        let token;
        (token, rest) = match letter {
            ' ' | '\t' | '\r' => {
                rest = &rest[1..];
                continue;
            }
            '\\' if rest[1..].starts_with('\n') || rest[1..].starts_with("\r\n") => {
                rest = rest.split_once('\n').map_or("", |(_, after)| after);
                continue;
            }
            '#' => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '\n' => (Token::Line, &rest[1..]),
            '"' => text(&rest[1..])?,
            '/' if !ends_operand(tokens.last()) => regex(&rest[1..])?,
            '0'..='9' | '.' => number(rest)?,
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| format!("syntax error at source line 1: illegal character {letter}"))?;
                (Token::Sign(sign), &rest[sign.len()..])
            }
        };
        tokens.push(token);
    }
    tokens.push(Token::End);
    Ok(tokens)
}

/// After these a stroke divides.
fn ends_operand(last: Option<&Token>) -> bool {
    match last {
        Some(Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Name(_)) => true,
        Some(Token::Sign(sign)) => matches!(*sign, ")" | "]" | "$" | "++" | "--"),
        _ => false,
    }
}

fn name(rest: &str) -> (Token, &str) {
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    let token = match WORDS.iter().find(|known| **known == word) {
        Some(word) => Token::Word(word),
        None if after.starts_with('(') => Token::Call(word.to_owned()),
        None => Token::Name(word.to_owned()),
    };
    (token, after)
}

fn number(rest: &str) -> Result<(Token, &str), String> {
    let length = super::value::number_length(rest);
    let value = rest[..length].parse().map_err(|_| "syntax error at source line 1".to_owned())?;
    Ok((Token::Number(value), &rest[length..]))
}

fn text(rest: &str) -> Result<(Token, &str), String> {
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((Token::Text(text), &rest[at + 1..])),
            '\n' => break,
            '\\' => {
                let Some((at, letter)) = letters.next() else { break };
                match letter {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'a' => text.push('\u{7}'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'v' => text.push('\u{b}'),
                    '"' | '\\' | '/' => text.push(letter),
                    '\n' => {}
                    '0'..='7' => {
                        let digits: String =
                            rest[at..].chars().take(3).take_while(|c| ('0'..='7').contains(c)).collect();
                        for _ in 1..digits.len() {
                            letters.next();
                        }
                        text.push(char::from(u8::from_str_radix(&digits, 8).unwrap_or(b'?')));
                    }
                    other => text.extend(['\\', other]),
                }
            }
            other => text.push(other),
        }
    }
    Err("non-terminated string at source line 1".into())
}

fn regex(rest: &str) -> Result<(Token, &str), String> {
    let mut pattern = String::new();
    let (mut escaped, mut inside) = (false, false);
    for (at, letter) in rest.char_indices() {
        match letter {
            '\n' => break,
            '/' if escaped => {
                pattern.pop();
                pattern.push('/');
                escaped = false;
            }
            '/' if !inside => return Ok((Token::Regex(pattern), &rest[at + 1..])),
            _ => {
                match letter {
                    '[' if !escaped => inside = true,
                    ']' if !escaped => inside = false,
                    _ => {}
                }
                escaped = letter == '\\' && !escaped;
                pattern.push(letter);
            }
        }
    }
    Err("non-terminated regular expression at source line 1".into())
}
