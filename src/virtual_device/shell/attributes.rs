//! What `typeset` makes of a variable: numbers, upper or lower case, a width.

/// Widest value, in characters (ours).
const MAX_WIDTH: usize = 4096;

/// Which case letters have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
}

/// Where a value of a fixed width stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Attributes of one variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// `-i`: a number, shown to this base.
    pub base: Option<u32>,
    /// `-U`: without a sign.
    pub unsigned: bool,
    /// `-u`, `-l`
    pub case: Option<Case>,
    /// `-L`, `-R`; a width of 0 is that of the first value.
    pub side: Option<(Side, usize)>,
    /// `-Z`
    pub zeros: bool,
}

impl Attributes {
    /// The value as the variable holds it.
    pub fn shape(&mut self, value: String) -> String {
        let value = match self.side.as_mut() {
            None => value,
            Some((side, width)) => {
                if *width == 0 {
                    *width = value.chars().count().min(MAX_WIDTH);
                }
                justify(&value, *side, (*width).min(MAX_WIDTH), self.zeros)
            }
        };
        match self.case {
            None => value,
            Some(Case::Upper) => value.to_uppercase(),
            Some(Case::Lower) => value.to_lowercase(),
        }
    }

    /// A number as the variable shows it.
    pub fn number(&self, value: i32) -> String {
        let base = self.base.unwrap_or(10);
        let (sign, size) = match self.unsigned {
            true => ("", value.cast_unsigned()),
            false => (if value < 0 { "-" } else { "" }, value.unsigned_abs()),
        };
        match base {
            10 => format!("{sign}{size}"),
            base => format!("{sign}{base}#{}", digits(size, base)),
        }
    }

    /// The options that make a variable so, as `typeset -p` lists them, around those that say who may use it.
    pub fn flags(&self, exported: bool, read_only: bool) -> String {
        let mut flags = String::new();
        let mut add = |flag: String| flags += &format!(" {flag}");
        if self.base.is_some() {
            add("-i".into());
        }
        if exported {
            add("-x".into());
        }
        if read_only {
            add("-r".into());
        }
        if let Some((side, width)) = self.side {
            add(format!("-{}{width}", if side == Side::Left { 'L' } else { 'R' }));
        }
        for (there, flag) in [
            (self.zeros, "-Z"),
            (self.case == Some(Case::Lower), "-l"),
            (self.case == Some(Case::Upper), "-u"),
            (self.unsigned, "-U"),
        ] {
            if there {
                add(flag.into());
            }
        }
        flags
    }
}

fn digits(mut size: u32, base: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(size % base, base));
        size /= base;
        if size == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// As mksh's `formatstr` does it.
fn justify(value: &str, side: Side, width: usize, zeros: bool) -> String {
    match side {
        Side::Right => {
            let value = value.trim_end_matches([' ', '\t', '\n']);
            let length = value.chars().count();
            let kept: String = value.chars().skip(length.saturating_sub(width)).collect();
            let fill = if zeros { "0" } else { " " };
            fill.repeat(width.saturating_sub(length)) + &kept
        }
        Side::Left => {
            let value = value.trim_start_matches([' ', '\t', '\n']);
            let value = if zeros { value.trim_start_matches('0') } else { value };
            let kept: String = value.chars().take(width).collect();
            let missing = width.saturating_sub(kept.chars().count());
            kept + &" ".repeat(missing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_get_their_shape() {
        let shape = |side, zeros, value: &str| {
            Attributes { side: Some(side), zeros, ..Attributes::default() }.shape(value.into())
        };
        assert_eq!(shape((Side::Left, 4), false, "  ab"), "ab  ");
        assert_eq!(shape((Side::Right, 3), true, "7"), "007");
        assert_eq!(shape((Side::Right, 3), true, "12345"), "345");
        assert_eq!(shape((Side::Left, 4), true, "0050"), "50  ");
        assert_eq!(shape((Side::Left, 0), false, "abc"), "abc");
        let upper = Attributes { case: Some(Case::Upper), ..Attributes::default() };
        assert_eq!({ upper }.shape("ab".into()), "AB");
    }

    #[test]
    fn numbers_are_shown_to_their_base() {
        let number =
            |base, unsigned, value| Attributes { base: Some(base), unsigned, ..Attributes::default() }.number(value);
        assert_eq!(number(10, false, -5), "-5");
        assert_eq!(number(16, false, 255), "16#ff");
        assert_eq!(number(2, false, 0), "2#0");
        assert_eq!(number(10, true, -1), "4294967295");
    }
}
