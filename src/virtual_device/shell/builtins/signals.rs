//! `trap`, `kill`, `wait`, `jobs`.

use super::super::flow::Outcome;
use super::super::state::Shell;
use crate::virtual_device::processes;
use crate::virtual_device::signal::Signal;

impl Shell {
    pub(super) async fn trap(&mut self, rest: &[String]) -> Outcome {
        let rest = if rest.first().is_some_and(|word| word == "--") { &rest[1..] } else { rest };
        let Some((action, names)) = rest.split_first() else { return self.list_traps().await };
        if action.len() > 1 && action.starts_with('-') {
            return Err(self.die(&format!("trap: {action}: unknown option")).await);
        }
        // A number alone is a signal that is put back; a name alone is an action for no signal.
        let (action, names) = match action.parse::<u8>() {
            Ok(_) => (None, rest),
            Err(_) => (Some(action).filter(|action| *action != "-"), names),
        };
        let mut status = 0;
        for name in names {
            if name == "ERR" {
                self.traps.on_failure = action.cloned();
                continue;
            }
            let Some(signal) = Signal::parse(name) else {
                self.complain(&format!("trap: bad signal {name}")).await;
                status = 1;
                continue;
            };
            match action {
                None => self.traps.reset(signal),
                Some(action) => self.traps.set(signal, Some(action.clone()).filter(|action| !action.is_empty())),
            }
        }
        Ok(status)
    }

    async fn list_traps(&mut self) -> Outcome {
        let lines =
            self.traps.iter().map(|(signal, action)| format!("trap -- {} {}\n", super::quoted(action), signal.name()));
        let mut text: String = lines.collect();
        if let Some(action) = &self.traps.on_failure {
            text += &format!("trap -- {} ERR\n", super::quoted(action));
        }
        self.write(1, text).await.map(|_| 0)
    }

    pub(super) async fn kill(&mut self, rest: &[String]) -> Outcome {
        let mut signal = Signal::TERM;
        let mut at = 0;
        match rest.first().map(String::as_str) {
            Some("-l") => return self.list_signals(&rest[1..]).await,
            Some("-s" | "-n") => {
                let parsed = rest.get(1).and_then(|word| Signal::parse(word));
                let Some(parsed) = parsed else { return self.fail("kill: bad signal").await };
                (signal, at) = (parsed, 2);
            }
            Some("--") => at = 1,
            Some(word) if word.starts_with('-') && word.len() > 1 => {
                let Some(parsed) = Signal::parse(&word[1..]) else {
                    return self.fail(&format!("kill: bad signal '{}'", &word[1..])).await;
                };
                (signal, at) = (parsed, 1);
            }
            _ => {}
        }
        let mut status = 0;
        for word in &rest[at..] {
            if let Err(message) = self.send(word, signal) {
                self.complain(&format!("kill: {word}: {message}")).await;
                status = 1;
            }
        }
        self.status = status;
        self.hear().await?;
        Ok(status)
    }

    fn send(&self, word: &str, signal: Signal) -> Result<(), String> {
        let pid = match word.strip_prefix('%') {
            Some(name) => self.jobs.named(name),
            None => word.parse().ok(),
        };
        let pid = pid.ok_or("arguments must be jobs or process IDs")?;
        processes::signal(&self.machine, self.uid, pid, signal).map_err(|error| error.to_string())
    }

    async fn list_signals(&mut self, rest: &[String]) -> Outcome {
        let mut text = String::new();
        for word in rest {
            // A status above 128 stands for the signal that caused it.
            let number = word.parse::<u8>().ok().map(|number| if number > 128 { number - 128 } else { number });
            let Some(number) = number else { return self.fail(&format!("kill: bad number: {word}")).await };
            text += &format!("{}\n", Signal(number).name());
        }
        if rest.is_empty() {
            text = (1..32).map(|number| format!("{number:2} {}\n", Signal(number).name())).collect();
        }
        self.write(1, text).await.map(|_| 0)
    }

    pub(super) async fn wait(&mut self, rest: &[String]) -> Outcome {
        if rest.is_empty() {
            return self.wait_for_all().await;
        }
        let mut status = 0;
        for word in rest {
            let pid = match word.strip_prefix('%') {
                Some(name) => self.jobs.named(name),
                None => word.parse().ok(),
            };
            status = match pid {
                Some(pid) => self.wait_for(pid).await?,
                None => 127,
            };
        }
        Ok(status)
    }

    /// `ulimit [-SH] [-a] [-c|-d|-f|-n|-s|-t|-u|-v]`: MODEL: what adbd hands on.
    pub(super) async fn limits(&mut self, rest: &[String]) -> Outcome {
        let asked = rest.iter().flat_map(|word| word.chars()).rfind(|c| !matches!(c, '-' | 'S' | 'H'));
        let text = match asked {
            Some('n') => "32768\n",
            Some('s') => "8192\n",
            Some('c') => "0\n",
            Some('u') => "7923\n",
            Some('0'..='9' | 'a') => return Ok(0),
            _ => "unlimited\n",
        };
        self.write(1, text).await.map(|_| 0)
    }

    pub(super) async fn list_jobs(&mut self) -> Outcome {
        let text = self.jobs.listed();
        self.write(1, text).await.map(|_| 0)
    }
}
