//! Values of awk: numbers, texts, and texts that look like numbers; and how they are written.

use crate::virtual_device::toys::float::{general, scientific};

/// A value. `Input` came from outside and counts as a number where it looks like one.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    None,
    Number(f64),
    Text(String),
    Input(String),
}

impl Value {
    pub fn number(&self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Number(number) => *number,
            Self::Text(text) | Self::Input(text) => leading(text),
        }
    }

    /// As text; numbers that are no whole ones by `format`.
    pub fn text(&self, form: &str) -> String {
        match self {
            Self::None => String::new(),
            Self::Number(number) => written(*number, form),
            Self::Text(text) | Self::Input(text) => text.clone(),
        }
    }

    pub fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Input(text) => self.as_number().map_or(!text.is_empty(), |number| number != 0.0),
        }
    }

    /// The number it counts as in a comparison; none when it is a text.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::None => Some(0.0),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
            Self::Input(text) => {
                let text = text.trim();
                let sign = usize::from(text.starts_with(['-', '+']));
                let length = number_length(&text[sign..]);
                (length > 0 && sign + length == text.len()).then(|| leading(text))
            }
        }
    }
}

/// A truth as awk has it.
pub fn truth(is: bool) -> Value {
    Value::Number(f64::from(u8::from(is)))
}

/// How many bytes of the text are a number without a sign.
pub fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let mut end = whole;
    let mut part = 0;
    if bytes.get(end) == Some(&b'.') {
        part = digits(end + 1);
        end += 1 + part;
    }
    if whole + part == 0 {
        return 0;
    }
    if bytes.get(end).is_some_and(|byte| matches!(byte, b'e' | b'E')) {
        let sign = usize::from(bytes.get(end + 1).is_some_and(|byte| matches!(byte, b'+' | b'-')));
        let power = if end + 1 + sign <= bytes.len() { digits(end + 1 + sign) } else { 0 };
        end += if power > 0 { 1 + sign + power } else { 0 };
    }
    end
}

fn leading(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    sign * rest[..number_length(rest)].parse::<f64>().unwrap_or(0.0)
}

fn written(number: f64, form: &str) -> String {
    if number.fract() == 0.0 && number.abs() < 1e16 {
        return format!("{number:.0}").replace("-0", if number == 0.0 { "0" } else { "-0" });
    }
    format(form, &[Value::Number(number)], form)
}

/// `sprintf`.
pub fn format(form: &str, values: &[Value], convert: &str) -> String {
    let mut out = String::new();
    let mut values = values.iter();
    let mut letters = form.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut spec = String::new();
        let mut kind = None;
        for next in letters.by_ref() {
            match next {
                '*' => spec += &values.next().map_or(0.0, Value::number).trunc().to_string(),
                '-' | '+' | ' ' | '#' | '0'..='9' | '.' => spec.push(next),
                'l' | 'h' | 'q' => {}
                other => {
                    kind = Some(other);
                    break;
                }
            }
        }
        let Some(kind) = kind else {
            out.push('%');
            out += &spec;
            break;
        };
        if kind == '%' {
            out.push('%');
            continue;
        }
        let value = values.next().cloned().unwrap_or(Value::None);
        out += &one(&spec, kind, &value, convert);
    }
    out
}

fn one(spec: &str, kind: char, value: &Value, convert: &str) -> String {
    let flags: String = spec.chars().take_while(|c| "-+ #0".contains(*c)).collect();
    let (width, precision) = match spec[flags.len()..].split_once('.') {
        Some((width, precision)) => (width, Some(precision.parse::<usize>().unwrap_or(0).min(500))),
        None => (&spec[flags.len()..], None),
    };
    let width = width.parse::<usize>().unwrap_or(0).min(4096);
    let number = value.number();
    let body = match kind {
        'c' => match value.as_number().filter(|_| !matches!(value, Value::Input(_))) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a code of a letter")]
            Some(code) => char::from_u32(code as u32).map(String::from).unwrap_or_default(),
            None => value.text(convert).chars().take(1).collect(),
        },
        's' => match precision {
            Some(most) => value.text(convert).chars().take(most).collect(),
            None => value.text(convert),
        },
        'd' | 'i' => whole(number.trunc(), precision),
        'u' => whole(number.trunc().abs(), precision),
        #[expect(clippy::cast_possible_truncation, reason = "cut as C cuts it")]
        'o' => format!("{:o}", number as i64),
        #[expect(clippy::cast_possible_truncation, reason = "cut as C cuts it")]
        'x' => format!("{:x}", number as i64),
        #[expect(clippy::cast_possible_truncation, reason = "cut as C cuts it")]
        'X' => format!("{:X}", number as i64),
        'f' | 'F' => format!("{number:.*}", precision.unwrap_or(6)),
        'e' | 'E' => scientific(number, precision.unwrap_or(6)),
        'g' | 'G' => general(number, precision.unwrap_or(6)),
        other => return format!("%{spec}{other}"),
    };
    let numeric = !matches!(kind, 'c' | 's');
    let signed = matches!(kind, 'd' | 'i' | 'f' | 'F' | 'e' | 'E' | 'g' | 'G') && !body.starts_with('-');
    let body = match (signed, flags.contains('+'), flags.contains(' ')) {
        (true, true, _) => format!("+{body}"),
        (true, _, true) => format!(" {body}"),
        _ => body,
    };
    let missing = width.saturating_sub(body.chars().count());
    if flags.contains('-') {
        return body + &" ".repeat(missing);
    }
    if flags.contains('0') && numeric && (precision.is_none() || !matches!(kind, 'd' | 'i')) {
        let sign = usize::from(body.starts_with(['-', '+', ' ']));
        return format!("{}{}{}", &body[..sign], "0".repeat(missing), &body[sign..]);
    }
    " ".repeat(missing) + &body
}

fn whole(number: f64, precision: Option<usize>) -> String {
    let digits = format!("{:.0}", number.abs());
    let least = precision.unwrap_or(1);
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}{digits}", "0".repeat(least.saturating_sub(digits.len())))
}
