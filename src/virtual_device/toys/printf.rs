//! `printf`.

use super::echo;
use super::float;
use super::tool::{Tool, toy};

/// Widest field.
const MAX_WIDTH: usize = 4096;

toy!(
    /// `printf format [argument…]`
    printf, work
);

async fn work(mut tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    let words = if words.first().is_some_and(|word| word == "--") { &words[1..] } else { &words[..] };
    let Some((format, arguments)) = words.split_first() else {
        tool.complain("Needs 1 argument").await;
        return 1;
    };
    let (text, problem) = render(format, arguments);
    tool.out(text).await;
    if let Some(problem) = problem {
        tool.complain(&problem).await;
    }
    tool.status
}

/// The format filled in, again and again until the arguments are used up; and what was wrong.
fn render(format: &str, arguments: &[String]) -> (Vec<u8>, Option<String>) {
    let mut printer = Printer { text: Vec::new(), arguments, used: 0, problem: None, stop: false };
    loop {
        let before = printer.used;
        printer.pass(format.as_bytes());
        if printer.stop || printer.used >= arguments.len() || printer.used == before {
            return (printer.text, printer.problem);
        }
    }
}

struct Printer<'a> {
    text: Vec<u8>,
    arguments: &'a [String],
    used: usize,
    problem: Option<String>,
    stop: bool,
}

#[derive(Default)]
struct Field {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

impl Printer<'_> {
    fn next(&mut self) -> &str {
        let argument = self.arguments.get(self.used).map_or("", String::as_str);
        self.used += 1;
        argument
    }

    fn pass(&mut self, mut rest: &[u8]) {
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'\\' => self.escape(&mut rest),
                b'%' => self.field(&mut rest),
                other => self.text.push(other),
            }
            if self.stop {
                return;
            }
        }
    }

    fn escape(&mut self, rest: &mut &[u8]) {
        let Some((&letter, after)) = rest.split_first() else { return self.text.push(b'\\') };
        match letter {
            b'0'..=b'7' => echo::push_coded(&mut self.text, rest, 8, 3),
            b'x' => {
                *rest = after;
                echo::push_coded(&mut self.text, rest, 16, 2);
            }
            b'c' => self.stop = true,
            other => {
                *rest = after;
                match echo::simple(other) {
                    Some(byte) => self.text.push(byte),
                    None => self.text.extend([b'\\', other]),
                }
            }
        }
    }

    fn field(&mut self, rest: &mut &[u8]) {
        let mut field = Field::default();
        let mut in_precision = false;
        while let Some((&byte, after)) = rest.split_first() {
            *rest = after;
            match byte {
                b'-' if !in_precision => field.left = true,
                b'0' if !in_precision && field.width == 0 => field.zero = true,
                b'+' => field.plus = true,
                b' ' => field.space = true,
                b'#' => field.alternate = true,
                b'*' => {
                    let number = self.next().parse().unwrap_or(0_usize).min(MAX_WIDTH);
                    if in_precision { field.precision = Some(number) } else { field.width = number }
                }
                b'0'..=b'9' => {
                    let number = if in_precision { field.precision.get_or_insert(0) } else { &mut field.width };
                    *number = (*number * 10 + usize::from(byte - b'0')).min(MAX_WIDTH);
                }
                b'.' => {
                    in_precision = true;
                    field.precision = Some(0);
                }
                b'l' | b'h' | b'q' | b'j' | b'z' => {}
                letter => return self.convert(letter, &field),
            }
        }
        self.text.push(b'%');
    }

    fn convert(&mut self, letter: u8, field: &Field) {
        let body = match letter {
            b'%' => return self.text.push(b'%'),
            b's' => {
                let text = self.next().to_owned();
                text.chars().take(field.precision.unwrap_or(usize::MAX)).collect()
            }
            b'b' => {
                let (bytes, stop) = echo::unescape(self.next());
                self.stop = stop;
                return self.text.extend(bytes);
            }
            b'c' => self.next().chars().take(1).collect(),
            b'd' | b'i' => {
                let value = self.number();
                let digits = padded(value.unsigned_abs().to_string(), field.precision);
                signed(value < 0, digits, field)
            }
            b'u' => padded(self.number().cast_unsigned().to_string(), field.precision),
            b'x' => {
                let digits = padded(format!("{:x}", self.number()), field.precision);
                if field.alternate { format!("0x{digits}") } else { digits }
            }
            b'X' => padded(format!("{:X}", self.number()), field.precision),
            b'o' => padded(format!("{:o}", self.number()), field.precision),
            b'f' | b'F' | b'e' | b'E' | b'g' | b'G' => {
                let value: f64 = self.next().trim().parse().unwrap_or(0.0);
                let precision = field.precision.unwrap_or(6).min(64);
                let digits = match letter.to_ascii_lowercase() {
                    b'f' => format!("{:.precision$}", value.abs()),
                    b'e' => float::scientific(value.abs(), precision),
                    _ => float::general(value.abs(), precision),
                };
                let digits = if letter.is_ascii_uppercase() { digits.to_uppercase() } else { digits };
                signed(value.is_sign_negative(), digits, field)
            }
            other => {
                self.problem.get_or_insert(format!("bad %{}", char::from(other)));
                self.stop = true;
                return;
            }
        };
        self.pad(&body, field, !matches!(letter, b's' | b'c'));
    }

    fn number(&mut self) -> i64 {
        let text = self.next().trim().to_owned();
        if let Some(c) = text.strip_prefix(['\'', '"']) {
            return c.chars().next().map_or(0, |c| i64::from(u32::from(c)));
        }
        let (negative, digits) = text.strip_prefix('-').map_or((false, text.as_str()), |digits| (true, digits));
        let parsed = match digits.strip_prefix("0x") {
            Some(hex) => i64::from_str_radix(hex, 16),
            None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8),
            None => digits.parse(),
        };
        match parsed {
            Ok(value) => {
                if negative {
                    -value
                } else {
                    value
                }
            }
            Err(_) if text.is_empty() => 0,
            Err(_) => {
                self.problem.get_or_insert(format!("bad number '{text}'"));
                0
            }
        }
    }

    fn pad(&mut self, body: &str, field: &Field, numeric: bool) {
        let missing = field.width.saturating_sub(body.chars().count());
        let zeros = numeric && field.zero && !field.left && field.precision.is_none();
        if field.left {
            self.text.extend(body.bytes());
            self.text.extend(std::iter::repeat_n(b' ', missing));
        } else if zeros {
            let sign = body.len() - body.trim_start_matches(['-', '+', ' ']).len();
            self.text.extend(body[..sign].bytes());
            self.text.extend(std::iter::repeat_n(b'0', missing));
            self.text.extend(body[sign..].bytes());
        } else {
            self.text.extend(std::iter::repeat_n(b' ', missing));
            self.text.extend(body.bytes());
        }
    }
}

fn padded(digits: String, precision: Option<usize>) -> String {
    let missing = precision.unwrap_or(0).saturating_sub(digits.len());
    "0".repeat(missing) + &digits
}

fn signed(negative: bool, digits: String, field: &Field) -> String {
    let sign = if negative {
        "-"
    } else if field.plus {
        "+"
    } else if field.space {
        " "
    } else {
        ""
    };
    format!("{sign}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(format: &str, arguments: &[&str]) -> String {
        let arguments: Vec<String> = arguments.iter().map(|a| (*a).into()).collect();
        String::from_utf8(render(format, &arguments).0).unwrap()
    }

    #[test]
    fn formats_are_filled_in() {
        assert_eq!(print("%s-%s\\n", &["a", "b", "c"]), "a-b\nc-\n");
        assert_eq!(print("%5s|%-5s|%05d|%x|%c", &["ab", "cd", "-42", "255", "xyz"]), "   ab|cd   |-0042|ff|x");
        assert_eq!(print("%.2s %+d %3.2d %%", &["abc", "5", "7"]), "ab +5  07 %");
        assert_eq!(print("%b\\101", &["a\\tb"]), "a\tbA");
        assert_eq!(print("%d", &["'A"]), "65");
        assert_eq!(print("x", &["a", "b"]), "x");
        assert_eq!(print("%.1f", &["2.25"]), "2.2");
        assert!(render("%d", &["x".into()]).1.is_some());
    }
}
