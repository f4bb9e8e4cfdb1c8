//! `umask`.

use super::super::flow::Outcome;
use super::super::state::Shell;

/// All bits a mask may have.
const ALL: u32 = 0o777;

impl Shell {
    /// `umask [-S] [mask]`
    pub(super) async fn umask_builtin(&mut self, rest: &[String]) -> Outcome {
        let (in_words, rest) = match rest.split_first() {
            Some((flag, rest)) if flag == "-S" => (true, rest),
            _ => (false, rest),
        };
        let Some(wanted) = rest.first() else {
            let text = if in_words { in_symbols(self.umask) } else { in_digits(self.umask) };
            return self.write(1, text + "\n").await.map(|_| 0);
        };
        match read(wanted, self.umask) {
            Ok(mask) => {
                self.umask = mask;
                Ok(0)
            }
            Err(message) => self.fail(&format!("umask: {message}")).await,
        }
    }
}

/// At least three digits, the first of them 0.
fn in_digits(mask: u32) -> String {
    let digits = format!("{mask:03o}");
    if digits.starts_with('0') { digits } else { format!("0{digits}") }
}

/// What new files do get.
fn in_symbols(mask: u32) -> String {
    let given = !mask & ALL;
    let of = |name: char, shift: u32| {
        let letters = [(4, 'r'), (2, 'w'), (1, 'x')];
        let there = letters.iter().filter(|(bit, _)| (given >> shift) & bit != 0).map(|(_, letter)| letter);
        format!("{name}={}", there.collect::<String>())
    };
    [of('u', 6), of('g', 3), of('o', 0)].join(",")
}

fn read(text: &str, mask: u32) -> Result<u32, &'static str> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return u32::from_str_radix(text, 8).map(|mask| mask & ALL).map_err(|_| "bad number");
    }
    let mut given = !mask & ALL;
    for clause in text.split(',') {
        given = change(clause, given).ok_or("bad mask")?;
    }
    Ok(!given & ALL)
}

/// `[ugoa]*[=+-][rwxugo]*`: what is given after it.
fn change(clause: &str, given: u32) -> Option<u32> {
    let at = clause.find(['=', '+', '-'])?;
    let whose = clause[..at].chars().try_fold(0, |bits, c| {
        Some(
            bits | match c {
                'u' => 0o700,
                'g' => 0o070,
                'o' => 0o007,
                'a' => ALL,
                _ => return None,
            },
        )
    })?;
    let whose = if whose == 0 { ALL } else { whose };
    let what = clause[at + 1..].chars().try_fold(0, |bits, c| {
        Some(
            bits | match c {
                'r' => 0o444,
                'w' => 0o222,
                'x' => 0o111,
                'u' => ((given >> 6) & 7) * 0o111,
                'g' => ((given >> 3) & 7) * 0o111,
                'o' => (given & 7) * 0o111,
                _ => return None,
            },
        )
    })? & whose;
    Some(match &clause[at..=at] {
        "+" => given | what,
        "-" => given & !what,
        _ => given & !whose | what,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_read_and_shown() {
        assert_eq!((read("022", 0), read("8", 0), read("xyz", 0)), (Ok(0o22), Err("bad number"), Err("bad mask")));
        assert_eq!(read("u=rwx,g=rx,o=", 0), Ok(0o27));
        assert_eq!(read("g+w", 0o27), Ok(0o7));
        assert_eq!(read("a=", 0), Ok(0o777));
        assert_eq!((in_digits(0), in_digits(0o22), in_digits(0o777)), ("000".into(), "022".into(), "0777".into()));
        assert_eq!(in_symbols(0o77), "u=rwx,g=,o=");
    }
}
