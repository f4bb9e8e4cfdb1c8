//! `getopts`.

use super::super::flow::Outcome;
use super::super::state::Shell;

impl Shell {
    pub(super) async fn getopts(&mut self, rest: &[String]) -> Outcome {
        let [options, name, arguments @ ..] = rest else { return Err(self.die("getopts: missing argument").await) };
        let arguments = if arguments.is_empty() { self.positional.clone() } else { arguments.to_vec() };
        let index: usize = self.variables.get("OPTIND").and_then(|text| text.parse().ok()).unwrap_or(1);
        if index == 1 && self.option_index != 1 {
            self.option_offset = 0;
        }
        let mut index = index.max(1);
        // Within a word of several letters the number is that of the next word already.
        let at = if self.option_offset > 0 { index.saturating_sub(2) } else { index - 1 };
        let word = arguments.get(at).map(String::as_str).unwrap_or_default();
        if self.option_offset == 0 && (!word.starts_with(['-', '+']) || ["-", "+", "--", "++"].contains(&word)) {
            index += usize::from(word == "--");
            self.remember(index).await?;
            self.assign(name, "?".into()).await?;
            return Ok(1);
        }
        if self.option_offset == 0 {
            index += 1;
        }
        let plus = if word.starts_with('+') { "+" } else { "" };
        let letters: Vec<char> = word.chars().skip(1).collect();
        let letter = letters.get(self.option_offset).copied().unwrap_or('?');
        self.option_offset += 1;
        let tail: String = letters.iter().skip(self.option_offset).collect();
        let known = options.trim_start_matches(':').find(letter).filter(|_| letter != ':');
        let silent = options.starts_with(':');
        let wants = known.is_some_and(|at| options.trim_start_matches(':')[at + letter.len_utf8()..].starts_with(':'));
        let (mut found, mut argument) = (letter, None);
        if known.is_none() {
            found = '?';
            argument = silent.then(|| letter.to_string());
            if !silent {
                self.complain(&format!("-{letter}: unknown option")).await;
            }
        } else if wants && !tail.is_empty() {
            argument = Some(tail.clone());
            self.option_offset = letters.len();
        } else if wants {
            argument = arguments.get(index - 1).cloned();
            index += usize::from(argument.is_some());
            if argument.is_none() {
                found = if silent { ':' } else { '?' };
                argument = silent.then(|| letter.to_string());
                if !silent {
                    self.complain(&format!("-{letter}: requires an argument")).await;
                }
            }
        }
        if self.option_offset >= letters.len() {
            self.option_offset = 0;
        }
        self.remember(index).await?;
        self.assign(name, if found == '?' || found == ':' { found.to_string() } else { format!("{plus}{found}") })
            .await?;
        match argument {
            Some(argument) => self.assign("OPTARG", argument).await?,
            None => drop(self.variables.unset("OPTARG")),
        }
        Ok(0)
    }

    async fn remember(&mut self, index: usize) -> Result<(), super::super::flow::Flow> {
        self.option_index = index;
        self.assign("OPTIND", index.to_string()).await
    }
}
