//! `set`.

use super::super::flow::Outcome;
use super::super::state::Shell;
use super::super::variables::is_name;

impl Shell {
    /// `$-`
    pub(in super::super) fn option_letters(&self) -> String {
        let options = self.options;
        let all = [
            ('C', options.noclobber),
            ('a', options.allexport),
            ('e', options.errexit),
            ('f', options.noglob),
            ('n', options.noexec),
            ('u', options.nounset),
            ('x', options.xtrace),
        ];
        let set = all.iter().filter(|(_, on)| *on).map(|(letter, _)| *letter);
        // `h` is on in every shell of mksh.
        set.chain(['h']).chain(self.origin).collect()
    }

    /// `-eux` or `+eux`; letters in `known` are passed over.
    pub(in super::super) fn set_flags(&mut self, flags: &str, known: &str) -> Result<(), String> {
        let on = flags.starts_with('-');
        for letter in flags.chars().skip(1) {
            match letter {
                'a' => self.options.allexport = on,
                'e' => self.options.errexit = on,
                'f' => self.options.noglob = on,
                'n' => self.options.noexec = on,
                'u' => self.options.nounset = on,
                'x' => self.options.xtrace = on,
                'C' => self.options.noclobber = on,
                'b' | 'h' | 'm' | 'v' => {}
                other if known.contains(other) => {}
                other => return Err(format!("-{other}: unknown option")),
            }
        }
        Ok(())
    }

    /// `-o name` or `+o name`.
    pub(in super::super) fn set_named_option(&mut self, name: &str, on: bool) -> Result<(), String> {
        match name {
            "allexport" => self.options.allexport = on,
            "errexit" => self.options.errexit = on,
            "noglob" => self.options.noglob = on,
            "noexec" => self.options.noexec = on,
            "nounset" => self.options.nounset = on,
            "xtrace" => self.options.xtrace = on,
            "pipefail" => self.options.pipefail = on,
            "noclobber" => self.options.noclobber = on,
            "braceexpand" => self.options.no_braces = !on,
            "monitor" | "posix" | "sh" | "vi" | "emacs" | "utf8-mode" => {}
            other => return Err(format!("set: {other}: bad option")),
        }
        Ok(())
    }

    /// Whether an option is on; `None` when there is none of that name.
    pub(super) fn option(&self, name: &str) -> Option<bool> {
        let options = self.options;
        Some(match name {
            "allexport" => options.allexport,
            "errexit" => options.errexit,
            "noglob" => options.noglob,
            "noexec" => options.noexec,
            "nounset" => options.nounset,
            "xtrace" => options.xtrace,
            "pipefail" => options.pipefail,
            "noclobber" => options.noclobber,
            "braceexpand" => !options.no_braces,
            _ => return None,
        })
    }

    pub(super) async fn set(&mut self, rest: &[String]) -> Outcome {
        if rest.is_empty() {
            return self.list_variables().await;
        }
        let mut at = 0;
        while let Some(word) = rest.get(at) {
            let done = match word.as_str() {
                "--" => {
                    self.positional = rest[at + 1..].to_vec();
                    return Ok(0);
                }
                "-" => {
                    at += 1;
                    break;
                }
                "-o" | "+o" => {
                    at += 1;
                    let Some(name) = rest.get(at) else { return self.list_options().await };
                    self.set_named_option(name, word == "-o")
                }
                flags if flags.starts_with(['-', '+']) && flags.contains('A') => {
                    return self.set_array(flags, &rest[at + 1..]).await;
                }
                "-s" => {
                    let mut words = rest[at + 1..].to_vec();
                    if words.is_empty() {
                        words.clone_from(&self.positional);
                    }
                    words.sort_unstable();
                    self.positional = words;
                    return Ok(0);
                }
                flags if flags.starts_with(['-', '+']) => self.set_flags(flags, ""),
                _ => break,
            };
            if let Err(message) = done {
                return Err(self.die(&message).await);
            }
            at += 1;
        }
        if at < rest.len() {
            self.positional = rest[at..].to_vec();
        }
        Ok(0)
    }

    /// `set -A name value…`, `set +A name value…` which keeps what comes behind, `set -sA` which sorts.
    async fn set_array(&mut self, flags: &str, rest: &[String]) -> Outcome {
        let Some((name, values)) = rest.split_first() else { return Err(self.die("set: -A: requires argument").await) };
        if !is_name(name) {
            return Err(self.die(&format!("set: {name}: not an identifier")).await);
        }
        // Options may still follow the name.
        let mut values = values;
        while let Some((word, rest)) = values.split_first().filter(|(word, _)| word.len() > 1 && word.starts_with('-'))
        {
            values = rest;
            if word == "--" {
                break;
            }
            if let Err(message) = self.set_flags(word, "As") {
                return Err(self.die(&message).await);
            }
        }
        let mut values = values.to_vec();
        if flags.contains('s') {
            values.sort_unstable();
        }
        match self.variables.set_array(name, values, flags.starts_with('-')) {
            Ok(()) => Ok(0),
            Err(error) => Err(self.stop(&error).await),
        }
    }

    async fn list_options(&mut self) -> Outcome {
        let options = self.options;
        let all = [
            ("allexport", options.allexport),
            ("errexit", options.errexit),
            ("noclobber", options.noclobber),
            ("noexec", options.noexec),
            ("noglob", options.noglob),
            ("nounset", options.nounset),
            ("pipefail", options.pipefail),
            ("xtrace", options.xtrace),
        ];
        let mut text = String::from("Current option settings\n");
        for (name, on) in all {
            text += &format!("{name:<10} {}\n", if on { "on" } else { "off" });
        }
        self.write(1, text).await.map(|_| 0)
    }

    async fn list_variables(&mut self) -> Outcome {
        let mut text = String::new();
        for (name, variable) in self.variables.iter() {
            if let Some(value) = &variable.value {
                text += &format!("{name}={}\n", super::quoted(value));
            }
        }
        self.write(1, text).await.map(|_| 0)
    }
}
