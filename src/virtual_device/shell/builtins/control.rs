//! `.`, `break`, `continue`, `eval`, `exec`, `exit`, `return`, `shift`, `builtin`, `command`.

use super::super::flow::{Flow, Outcome};
use super::super::state::Shell;

impl Shell {
    pub(super) async fn dot(&mut self, rest: &[String]) -> Outcome {
        let Some(name) = rest.first() else { return Err(self.die(".: missing argument").await) };
        let path = self.absolute(name);
        let content = self.machine.files().read(self.actor(), &path);
        let content = match content {
            Ok(content) => content,
            Err(error) => return Err(self.die(&format!(".: {name}: {error}")).await),
        };
        let before = (rest.len() > 1).then(|| std::mem::replace(&mut self.positional, rest[1..].to_vec()));
        let outcome = self.run_sourced(name, &String::from_utf8_lossy(&content)).await;
        if let Some(before) = before {
            self.positional = before;
        }
        outcome
    }

    pub(super) async fn leave_loop(&mut self, rest: &[String], flow: fn(u32) -> Flow) -> Outcome {
        let Some(levels) = rest.first().map_or(Some(1), |word| word.parse().ok().filter(|n| *n > 0)) else {
            return Err(self.die(&format!("{}: bad number", rest[0])).await);
        };
        match self.loops {
            0 => Ok(0),
            loops => Err(flow(loops.min(levels))),
        }
    }

    pub(super) async fn eval(&mut self, rest: &[String]) -> Outcome {
        self.descend().await?;
        let text = rest.join(" ");
        let outcome = if text.trim().is_empty() { Ok(0) } else { self.run_text(&text).await };
        self.depth -= 1;
        outcome
    }

    /// With a command: runs it and ends with its status. Without: the redirections stay.
    pub(super) async fn exec(&mut self, rest: &[String]) -> Outcome {
        if rest.is_empty() {
            self.keep_descriptors = true;
            return Ok(0);
        }
        let status = self.launch(rest.to_vec()).await?;
        self.traps.reset(crate::virtual_device::signal::Signal(0));
        Err(Flow::Exit(status))
    }

    /// The number given, or the last status.
    async fn status_of(&mut self, rest: &[String]) -> Result<i32, Flow> {
        match rest.first().map(|word| word.parse()) {
            None => Ok(self.status),
            Some(Ok(status)) => Ok(status),
            Some(Err(_)) => Err(self.die(&format!("{}: bad number", rest[0])).await),
        }
    }

    pub(super) async fn exit(&mut self, rest: &[String]) -> Outcome {
        let status = self.status_of(rest).await?;
        Err(Flow::Exit(status & 0xff))
    }

    pub(super) async fn return_(&mut self, rest: &[String]) -> Outcome {
        let status = self.status_of(rest).await?;
        Err(Flow::Return(status & 0xff))
    }

    pub(super) async fn shift(&mut self, rest: &[String]) -> Outcome {
        let count = match rest.first() {
            None => 1,
            Some(word) => usize::try_from(self.compute(word).await?).unwrap_or(usize::MAX),
        };
        if count > self.positional.len() {
            return Err(self.die("shift: nothing to shift").await);
        }
        self.positional.drain(..count);
        Ok(0)
    }

    pub(super) async fn builtin(&mut self, rest: &[String]) -> Outcome {
        match rest.first() {
            None => Ok(0),
            Some(name) if super::is_builtin(name) => Box::pin(super::run(self, rest)).await,
            Some(name) => Err(self.die(&format!("builtin: {name}: not found")).await),
        }
    }

    /// `command [-pvV] name …`
    pub(super) async fn command_builtin(&mut self, rest: &[String]) -> Outcome {
        match rest.first().map(String::as_str) {
            None => Ok(0),
            Some("-v") => self.describe_all(&rest[1..], true).await,
            Some("-V") => self.describe_all(&rest[1..], false).await,
            Some("-p" | "--") => Box::pin(self.command_builtin(&rest[1..])).await,
            Some(_) => self.invoke_without_functions(rest.to_vec()).await,
        }
    }
}
