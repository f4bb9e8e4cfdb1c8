//! `read`.

use std::time::Duration;

use super::super::flow::Outcome;
use super::super::state::Shell;

/// Longest line read, in bytes.
const MAX_LINE: usize = 1 << 20;

/// `read`'s options.
struct Wish {
    raw: bool,
    within: Option<Duration>,
    descriptor: u32,
    /// Stop after so many bytes.
    most: Option<usize>,
    /// `-N`: no character ends it before.
    exact: bool,
    delimiter: u8,
    /// `-A`: all words go into one array.
    into_array: bool,
    names: Vec<String>,
}

enum Ending {
    Line,
    End,
    Late,
}

impl Shell {
    pub(super) async fn read(&mut self, rest: &[String]) -> Outcome {
        let wish = match wish(rest) {
            Ok(wish) => wish,
            Err(message) => return self.fail(&message).await.map(|_| 2),
        };
        for name in &wish.names {
            let Some(reference) = self.reference(name).await? else {
                return self.fail(&format!("read: {name}: is not an identifier")).await.map(|_| 2);
            };
            let base = reference.split('[').next().unwrap_or_default();
            if self.variables.variable(base).is_some_and(|variable| variable.read_only) {
                return self.fail(&format!("read: read-only: {base}")).await.map(|_| 2);
            }
        }
        let mut line = Vec::new();
        let ending = self.read_until(&wish, &mut line).await?;
        self.spread(&wish, &line).await?;
        Ok(match ending {
            Ending::Line => 0,
            Ending::End => 1,
            // mksh reports a time-out as if by SIGALRM.
            Ending::Late => 142,
        })
    }

    async fn read_until(
        &mut self,
        wish: &Wish,
        line: &mut Vec<(u8, bool)>,
    ) -> Result<Ending, super::super::flow::Flow> {
        let input = self.descriptors.input(wish.descriptor);
        let clock = self.machine.clock.clone();
        let deadline = wish.within.map(|within| clock.elapsed() + within);
        let mut escaped = false;
        if wish.most == Some(0) {
            return Ok(Ending::End);
        }
        while line.len() < MAX_LINE {
            let late = async {
                match deadline {
                    Some(deadline) => clock.sleep(deadline.saturating_sub(clock.elapsed())).await,
                    None => std::future::pending().await,
                }
            };
            let byte = tokio::select! {
                biased;
                byte = input.byte() => byte,
                () = self.signalled() => {
                    self.hear().await?;
                    continue;
                }
                () = late => return Ok(Ending::Late),
            };
            let Some(byte) = byte else {
                return Ok(if wish.exact || line.is_empty() || wish.most.is_none() {
                    Ending::End
                } else {
                    Ending::Line
                });
            };
            match byte {
                byte if wish.exact => line.push((byte, true)),
                b'\n' if std::mem::take(&mut escaped) => {}
                b'\\' if !wish.raw && !escaped => escaped = true,
                byte if byte == wish.delimiter && !escaped => return Ok(Ending::Line),
                byte => line.push((byte, std::mem::take(&mut escaped))),
            }
            if wish.most.is_some_and(|most| line.len() >= most) {
                break;
            }
        }
        Ok(Ending::Line)
    }

    async fn spread(&mut self, wish: &Wish, line: &[(u8, bool)]) -> Result<(), super::super::flow::Flow> {
        let ifs = self.separators();
        let is_blank =
            |(byte, escaped): &(u8, bool)| !escaped && ifs.contains(char::from(*byte)) && byte.is_ascii_whitespace();
        let is_separator =
            |(byte, escaped): &(u8, bool)| !escaped && byte.is_ascii() && ifs.contains(char::from(*byte));
        let mut rest = line;
        let Some((last, names)) = wish.names.split_last() else { return Ok(()) };
        rest = skip(rest, is_blank);
        if wish.into_array {
            let mut values = Vec::new();
            while !rest.is_empty() {
                let length = rest.iter().position(is_separator).unwrap_or(rest.len());
                values.push(text(&rest[..length]));
                rest = skip(&rest[length..], is_blank);
                if rest.first().is_some_and(|first| is_separator(first) && !is_blank(first)) {
                    rest = skip(&rest[1..], is_blank);
                }
            }
            let name = last.split('[').next().unwrap_or_default();
            return match self.variables.set_array(name, values, true) {
                Ok(()) => Ok(()),
                Err(error) => Err(self.stop(&error).await),
            };
        }
        for name in names {
            let length = rest.iter().position(is_separator).unwrap_or(rest.len());
            self.assign_word(name, text(&rest[..length])).await?;
            rest = skip(&rest[length..], is_blank);
            if let Some(first) = rest.first().filter(|first| is_separator(first) && !is_blank(first)) {
                let _visible = first;
                rest = skip(&rest[1..], is_blank);
            }
        }
        let end = rest.iter().rposition(|item| !is_blank(item)).map_or(0, |at| at + 1);
        self.assign_word(last, text(&trimmed(&rest[..end], is_separator))).await
    }

    /// Assigns to `name` or `name[expression]`.
    async fn assign_word(&mut self, word: &str, value: String) -> Result<(), super::super::flow::Flow> {
        let reference = self.reference(word).await?;
        self.assign(reference.as_deref().unwrap_or(word), value).await
    }
}

/// A single trailing visible separator belongs to the field it ends.
fn trimmed(rest: &[(u8, bool)], is_separator: impl Fn(&(u8, bool)) -> bool) -> Vec<(u8, bool)> {
    let separators = rest.iter().filter(|item| is_separator(item)).count();
    match rest.split_last() {
        Some((last, before)) if separators == 1 && is_separator(last) => before.to_vec(),
        _ => rest.to_vec(),
    }
}

fn skip(rest: &[(u8, bool)], wanted: impl Fn(&(u8, bool)) -> bool) -> &[(u8, bool)] {
    let length = rest.iter().take_while(|item| wanted(item)).count();
    &rest[length..]
}

fn text(bytes: &[(u8, bool)]) -> String {
    let bytes: Vec<u8> = bytes.iter().map(|(byte, _)| *byte).filter(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn wish(rest: &[String]) -> Result<Wish, String> {
    let mut wish = Wish {
        raw: false,
        within: None,
        descriptor: 0,
        most: None,
        exact: false,
        delimiter: b'\n',
        into_array: false,
        names: Vec::new(),
    };
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let Some(flags) = word.strip_prefix('-').filter(|flags| !flags.is_empty()) else {
            wish.names.push(word.clone());
            wish.names.extend(words.cloned());
            break;
        };
        let mut letters = flags.chars();
        while let Some(letter) = letters.next() {
            if matches!(letter, 'r' | 's' | 'A' | 'a') {
                wish.raw |= letter == 'r';
                wish.into_array |= letter == 'A';
                continue;
            }
            let attached: String = letters.by_ref().collect();
            // The descriptor stands with its letter or not at all.
            if letter == 'u' && attached.is_empty() {
                continue;
            }
            wish.exact |= letter == 'N';
            let value = if attached.is_empty() { words.next().cloned() } else { Some(attached) };
            let value = value.ok_or_else(|| format!("read: -{letter}: requires argument"))?;
            set(&mut wish, letter, &value)?;
        }
    }
    if wish.names.is_empty() {
        wish.names.push("REPLY".into());
    }
    Ok(wish)
}

fn set(wish: &mut Wish, letter: char, value: &str) -> Result<(), String> {
    let bad = || format!("read: -{letter}: {value}: bad number");
    match letter {
        't' => {
            let seconds: f64 = value.parse().map_err(|_| bad())?;
            wish.within = Some(Duration::try_from_secs_f64(seconds).map_err(|_| bad())?);
        }
        'u' => wish.descriptor = value.parse().map_err(|_| bad())?,
        'n' | 'N' => wish.most = Some(value.parse().map_err(|_| bad())?),
        'd' => wish.delimiter = value.bytes().next().unwrap_or(0),
        'p' => {}
        other => return Err(format!("read: -{other}: unknown option")),
    }
    Ok(())
}
