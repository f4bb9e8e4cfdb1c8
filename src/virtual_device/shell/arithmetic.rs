//! `$((…))`: 32-bit signed numbers that wrap, as mksh computes.

use super::variables::{VariableError, Variables, reference};

/// Deepest nesting of brackets and of variables that hold expressions.
const MAX_DEPTH: usize = 40;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ArithmeticError {
    #[error("{0}: unexpected '{1}'")]
    Unexpected(String, String),
    #[error("{0}: zero divisor")]
    ZeroDivisor(String),
    #[error("{0}: expression recurses on parameter '{1}'")]
    Recursion(String, String),
    #[error(transparent)]
    Variable(#[from] VariableError),
}

/// The value of an expression.
pub(super) fn evaluate(text: &str, variables: &mut Variables) -> Result<i32, ArithmeticError> {
    evaluate_at(text, variables, 0)
}

fn evaluate_at(text: &str, variables: &mut Variables, depth: usize) -> Result<i32, ArithmeticError> {
    let mut expression = Expression { text, tokens: tokens(text)?, at: 0, variables, live: true, depth };
    if expression.tokens.is_empty() {
        return Ok(0);
    }
    let value = expression.comma()?;
    match expression.peek() {
        None => Ok(value),
        Some(_) => Err(expression.unexpected()),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Number(i32),
    Name(String),
    /// A place of an array: its name, and the expression that says which.
    Element(String, String),
    Sign(&'static str),
}

/// Longest first.
const SIGNS: &[&str] = &[
    "<<=", ">>=", "**", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "<=", ">=", "==", "!=",
    "&&", "||", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "?", ":", "(", ")", ",",
];

/// What changes a variable.
const ASSIGNMENTS: &[&str] = &["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="];

/// Binary operators, weakest first; all of one row bind alike, to the left.
const BINARY: &[&[&str]] =
    &[&["|"], &["^"], &["&"], &["==", "!="], &["<", ">", "<=", ">="], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];

fn tokens(text: &str) -> Result<Vec<Token>, ArithmeticError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        } else if c.is_ascii_digit() {
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).unwrap_or(rest.len());
            let number = number(&rest[..length])
                .ok_or_else(|| ArithmeticError::Unexpected(text.into(), rest[..length].into()))?;
            found.push(Token::Number(number));
            rest = &rest[length..];
        } else if c == '_' || c.is_ascii_alphabetic() {
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let name = rest[..length].to_owned();
            rest = &rest[length..];
            found.push(match bracketed(rest) {
                None => Token::Name(name),
                Some(inside) => {
                    rest = &rest[inside.len() + 2..];
                    Token::Element(name, inside.into())
                }
            });
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign = sign.ok_or_else(|| ArithmeticError::Unexpected(text.into(), c.to_string()))?;
            found.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        }
    }
    Ok(found)
}

/// What stands in the brackets that begin here.
fn bracketed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?;
    let mut open = 0_usize;
    for (at, c) in inside.char_indices() {
        match c {
            '[' => open += 1,
            ']' if open == 0 => return Some(&inside[..at]),
            ']' => open -= 1,
            _ => {}
        }
    }
    None
}

/// Decimal, `0x…`, or `base#digits`; wraps at 32 bits. A leading 0 is decimal, as mksh reads it.
fn number(text: &str) -> Option<i32> {
    let (radix, digits) = match text.split_once('#') {
        // Base 1 is a character's own number; a base there is none of is 10.
        Some(("1", digits)) => {
            let mut chars = digits.chars();
            let code = u32::from(chars.next()?);
            return chars.next().is_none().then_some(code.cast_signed());
        }
        Some((base, digits)) => {
            (base.parse().ok().map(|base| if (2..=36).contains(&base) { base } else { 10 })?, digits)
        }
        None => match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => (16, digits),
            None => (10, text),
        },
    };
    let mut value: u32 = 0;
    for c in digits.chars() {
        value = value.wrapping_mul(radix).wrapping_add(c.to_digit(radix)?);
    }
    (!digits.is_empty()).then_some(value.cast_signed())
}

struct Expression<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    variables: &'a mut Variables,
    /// False on a side that is not taken: nothing is assigned there, and nothing fails.
    live: bool,
    depth: usize,
}

impl Expression<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(there);
        there
    }

    fn eat_any(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        signs.iter().find(|sign| self.eat(sign)).copied()
    }

    fn unexpected(&self) -> ArithmeticError {
        let found = match self.peek() {
            None => "end of expression".into(),
            Some(Token::Number(number)) => number.to_string(),
            Some(Token::Name(name) | Token::Element(name, _)) => name.clone(),
            Some(Token::Sign(sign)) => (*sign).into(),
        };
        ArithmeticError::Unexpected(self.text.into(), found)
    }

    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, ArithmeticError>) -> Result<T, ArithmeticError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.unexpected());
        }
        let done = work(self);
        self.depth -= 1;
        done
    }

    /// Works on a side only to read it when it is not taken.
    fn only_if<T>(&mut self, live: bool, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.live;
        self.live = before && live;
        let done = work(self);
        self.live = before;
        done
    }

    fn comma(&mut self) -> Result<i32, ArithmeticError> {
        let mut value = self.assignment()?;
        while self.eat(",") {
            value = self.assignment()?;
        }
        Ok(value)
    }

    fn assignment(&mut self) -> Result<i32, ArithmeticError> {
        let changes = |token: Option<&Token>| matches!(token, Some(Token::Sign(sign)) if ASSIGNMENTS.contains(sign));
        if !changes(self.tokens.get(self.at + 1)) {
            return self.conditional();
        }
        let Some(name) = self.variable()? else { return self.conditional() };
        let Some(sign) = self.eat_any(ASSIGNMENTS) else { return Err(self.unexpected()) };
        let right = self.deeper(Self::assignment)?;
        let value = match sign.strip_suffix('=').unwrap_or_default() {
            "" => right,
            operator => {
                let left = self.value(&name)?;
                self.apply(operator, left, right)?
            }
        };
        self.assign(&name, value)
    }

    fn conditional(&mut self) -> Result<i32, ArithmeticError> {
        let condition = self.or()?;
        if !self.eat("?") {
            return Ok(condition);
        }
        let yes = self.only_if(condition != 0, |e| e.deeper(Self::comma))?;
        if !self.eat(":") {
            return Err(self.unexpected());
        }
        let no = self.only_if(condition == 0, |e| e.deeper(Self::assignment))?;
        Ok(if condition != 0 { yes } else { no })
    }

    fn or(&mut self) -> Result<i32, ArithmeticError> {
        let mut left = self.and()?;
        while self.eat("||") {
            let right = self.only_if(left == 0, Self::and)?;
            left = i32::from(left != 0 || right != 0);
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<i32, ArithmeticError> {
        let mut left = self.binary(0)?;
        while self.eat("&&") {
            let right = self.only_if(left != 0, |e| e.binary(0))?;
            left = i32::from(left != 0 && right != 0);
        }
        Ok(left)
    }

    fn binary(&mut self, row: usize) -> Result<i32, ArithmeticError> {
        let Some(signs) = BINARY.get(row) else { return self.unary() };
        let mut left = self.binary(row + 1)?;
        while let Some(sign) = self.eat_any(signs) {
            let right = self.binary(row + 1)?;
            left = self.apply(sign, left, right)?;
        }
        Ok(left)
    }

    fn apply(&self, sign: &str, left: i32, right: i32) -> Result<i32, ArithmeticError> {
        let shift = right.cast_unsigned() & 31;
        Ok(match sign {
            "/" | "%" if right == 0 && !self.live => 0,
            "/" | "%" if right == 0 => return Err(ArithmeticError::ZeroDivisor(self.text.into())),
            "/" => left.wrapping_div(right),
            "%" => left.wrapping_rem(right),
            "*" => left.wrapping_mul(right),
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "<<" => left.wrapping_shl(shift),
            ">>" => left.wrapping_shr(shift),
            "<" => i32::from(left < right),
            ">" => i32::from(left > right),
            "<=" => i32::from(left <= right),
            ">=" => i32::from(left >= right),
            "==" => i32::from(left == right),
            "!=" => i32::from(left != right),
            "&" => left & right,
            "^" => left ^ right,
            _ => left | right,
        })
    }

    fn unary(&mut self) -> Result<i32, ArithmeticError> {
        match self.eat_any(&["++", "--", "!", "~", "+", "-"]) {
            Some(step @ ("++" | "--")) => {
                let Some(name) = self.variable()? else { return Err(self.unexpected()) };
                let value = self.value(&name)?.wrapping_add(if step == "++" { 1 } else { -1 });
                self.assign(&name, value)
            }
            Some("!") => Ok(i32::from(self.deeper(Self::unary)? == 0)),
            Some("~") => Ok(!self.deeper(Self::unary)?),
            Some("-") => Ok(self.deeper(Self::unary)?.wrapping_neg()),
            Some(_) => self.deeper(Self::unary),
            None => self.operand(),
        }
    }

    fn operand(&mut self) -> Result<i32, ArithmeticError> {
        match self.peek().cloned() {
            Some(Token::Number(number)) => {
                self.at += 1;
                Ok(number)
            }
            Some(Token::Name(_) | Token::Element(..)) => {
                let Some(name) = self.variable()? else { return Err(self.unexpected()) };
                let value = self.value(&name)?;
                if let Some(step) = self.eat_any(&["++", "--"]) {
                    self.assign(&name, value.wrapping_add(if step == "++" { 1 } else { -1 }))?;
                }
                Ok(value)
            }
            Some(Token::Sign("(")) => {
                self.at += 1;
                let value = self.deeper(Self::comma)?;
                if self.eat(")") { Ok(value) } else { Err(self.unexpected()) }
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The reference to the variable that stands here, if one does.
    fn variable(&mut self) -> Result<Option<String>, ArithmeticError> {
        let found = match self.peek().cloned() {
            Some(Token::Name(name)) => name,
            Some(Token::Element(name, place)) => {
                if self.depth >= MAX_DEPTH {
                    return Err(ArithmeticError::Recursion(self.text.into(), name));
                }
                // On a side that is not taken nothing happens between the brackets either.
                let place = if self.live { evaluate_at(&place, self.variables, self.depth + 1)? } else { 0 };
                reference(&name, place)
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(found))
    }

    /// A variable's value, which may itself be an expression.
    fn value(&mut self, name: &str) -> Result<i32, ArithmeticError> {
        self.variables.ask_place(name);
        let Some(text) = self.variables.get(name).map(str::to_owned).filter(|_| self.live) else { return Ok(0) };
        if let Ok(number) = text.trim().parse() {
            return Ok(number);
        }
        if self.depth >= MAX_DEPTH {
            return Err(ArithmeticError::Recursion(self.text.into(), name.into()));
        }
        evaluate_at(&text, self.variables, self.depth + 1)
    }

    fn assign(&mut self, name: &str, value: i32) -> Result<i32, ArithmeticError> {
        if self.live {
            self.variables.set_number(name, value)?;
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> i32 {
        evaluate(text, &mut Variables::default()).unwrap()
    }

    #[test]
    fn operators_bind_as_in_c() {
        assert_eq!(value("1+2*3"), 7);
        assert_eq!(value("(1+2)*3"), 9);
        assert_eq!(value("7/-2"), -3);
        assert_eq!(value("-7%3"), -1);
        assert_eq!(value("1<2==1"), 1);
        assert_eq!(value("1|2^3&1"), 3);
        assert_eq!(value("!0+~0"), 0);
        assert_eq!(value("1?2:3,4"), 4);
        assert_eq!(value("10-2-3"), 5);
        assert_eq!(value(""), 0);
    }

    #[test]
    fn numbers_are_32_bits_wide() {
        assert_eq!(value("2147483647+1"), i32::MIN);
        assert_eq!(value("010"), 10);
        assert_eq!(value("0x1f"), 31);
        assert_eq!(value("2#101"), 5);
        assert_eq!(value("-2147483648/-1"), i32::MIN);
    }

    #[test]
    fn variables_are_read_and_written_only_on_the_side_that_is_taken() {
        let mut variables = Variables::default();
        variables.set("e", "1+1").unwrap();
        assert_eq!(evaluate("x=e*3, x++ + ++x", &mut variables), Ok(14));
        assert_eq!(variables.get("x"), Some("8"));
        assert_eq!(evaluate("0 && (x=1) || (1 ? 0 : (x=2))", &mut variables), Ok(0));
        assert_eq!(evaluate("1 || 1/0", &mut variables), Ok(1));
        assert_eq!(variables.get("x"), Some("8"));
    }

    #[test]
    fn places_of_arrays_are_read_and_written() {
        let mut variables = Variables::default();
        assert_eq!(evaluate("a[1]=3, a[a[1]]+=4, a[1]+a[3]", &mut variables), Ok(7));
        assert_eq!(evaluate("i=1, a[i++]++, 0 && a[i++]", &mut variables), Ok(0));
        assert_eq!((variables.get("a[1]"), variables.get("i")), (Some("4"), Some("2")));
        assert!(evaluate("a[1", &mut variables).is_err());
        assert!(evaluate(&"a[".repeat(1000), &mut variables).is_err());
        let deep = "a[".repeat(1000) + &"]".repeat(1000);
        assert!(matches!(evaluate(&deep, &mut variables), Err(ArithmeticError::Recursion(..))));
    }

    #[test]
    fn nonsense_and_endless_expressions_are_errors() {
        let mut variables = Variables::default();
        for text in ["1+", "1 2", "(1", "08x", "$", "1=2", "++", "1/0"] {
            assert!(evaluate(text, &mut variables).is_err(), "{text}");
        }
        variables.set("a", "a+1").unwrap();
        assert!(matches!(evaluate("a", &mut variables), Err(ArithmeticError::Recursion(..))));
        assert!(evaluate(&"(".repeat(100_000), &mut variables).is_err());
        assert!(evaluate(&"-".repeat(99_999), &mut variables).is_err());
    }
}
