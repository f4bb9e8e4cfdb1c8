//! Lists, `&&`, `||`, `!` and pipelines.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use brush_parser::ast::{AndOr, AndOrList, Command, CompoundCommand, CompoundList, Pipeline, SeparatorOperator};
use tokio::sync::{Mutex, mpsc};

use super::alias;
use super::descriptors::Descriptor;
use super::flow::{Flow, Outcome};
use super::input::Input;
use super::output::Output;
use super::source::{self, SyntaxError};
use super::state::Shell;

/// Chunks that wait in a pipe.
const PIPE_DEPTH: usize = 4;

type Stage<'a> = Pin<Box<dyn Future<Output = i32> + Send + 'a>>;

impl Shell {
    /// Reads a text and runs it in this shell.
    pub fn run_text<'a>(&'a mut self, text: &'a str) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async move {
            if text.contains('\n') || alias::matter(text, &self.aliases) {
                return self.run_lines(text).await;
            }
            match source::parse(text) {
                Ok(program) => self.run_program(&program).await,
                Err(error) => Err(self.refuse(&error).await),
            }
        })
    }

    /// As [`Shell::run_text`], of a text that was read as a whole with what stands around it: an alias that it makes holds
    /// for none of it.
    pub async fn run_at_once(&mut self, text: &str) -> Outcome {
        match source::parse(&alias::expand(text, &self.aliases)) {
            Ok(program) => self.run_program(&program).await,
            Err(error) => Err(self.refuse(&error).await),
        }
    }

    /// A text that is no script ends the shell.
    pub async fn refuse(&mut self, error: &SyntaxError) -> Flow {
        self.complain(&error.to_string()).await;
        Flow::Exit(1)
    }

    /// Runs a whole script.
    pub async fn run_program(&mut self, program: &[CompoundList]) -> Outcome {
        if program.is_empty() {
            self.status = 0;
        }
        for list in program {
            self.run_list(list).await?;
        }
        Ok(self.status)
    }

    /// Runs a list's commands one after another.
    pub async fn run_list(&mut self, list: &CompoundList) -> Outcome {
        for item in &list.0 {
            self.breathe().await?;
            self.status = match item.1 {
                SeparatorOperator::Async => self.start_job(&item.0).await?,
                SeparatorOperator::Sequence => self.and_or(&item.0).await?,
            };
        }
        self.hear().await?;
        Ok(self.status)
    }

    /// Runs a list in which a failing command does not end a `set -e` shell.
    pub async fn condition(&mut self, list: &CompoundList) -> Outcome {
        self.forgiving += 1;
        let outcome = self.run_list(list).await;
        self.forgiving -= 1;
        outcome
    }

    /// Pipelines joined by `&&` and `||`.
    pub async fn and_or(&mut self, list: &AndOrList) -> Outcome {
        let last = list.additional.len();
        self.step(&list.first, last > 0).await?;
        for (at, next) in list.additional.iter().enumerate() {
            let (pipeline, wanted) = match next {
                AndOr::And(pipeline) => (pipeline, true),
                AndOr::Or(pipeline) => (pipeline, false),
            };
            if (self.status == 0) == wanted {
                self.step(pipeline, at + 1 < last).await?;
            }
        }
        Ok(self.status)
    }

    async fn step(&mut self, pipeline: &Pipeline, followed: bool) -> Outcome {
        let forgiven = followed || pipeline.bang;
        self.trapped = false;
        self.forgiving += u32::from(forgiven);
        let outcome = self.pipeline(pipeline).await;
        self.forgiving -= u32::from(forgiven);
        let status = outcome?;
        self.status = if pipeline.bang { i32::from(status == 0) } else { status };
        let compound = matches!(pipeline.seq.as_slice(), [Command::Compound(inner, _)]
            if !matches!(inner, CompoundCommand::Subshell(_)));
        // A compound's failure that was forgiven inside it stays forgiven outside.
        self.excused = (compound && self.excused) || (self.status != 0 && (forgiven || self.forgiving > 0));
        if self.status != 0 && !self.excused && !self.trapped {
            self.trap_failure().await?;
        }
        self.trapped = self.status != 0 && !self.excused;
        if self.status != 0 && self.options.errexit && !self.excused {
            return Err(Flow::Exit(self.status));
        }
        Ok(self.status)
    }

    async fn pipeline(&mut self, pipeline: &Pipeline) -> Outcome {
        match pipeline.seq.as_slice() {
            [] => Ok(0),
            [only] => {
                let status = self.command(only).await?;
                self.statuses = vec![status];
                Ok(status)
            }
            many => self.pipe(many).await,
        }
    }

    async fn pipe(&mut self, commands: &[Command]) -> Outcome {
        let mut stages: Vec<Stage> = Vec::new();
        let mut input = None;
        for (at, command) in commands.iter().enumerate() {
            let mut shell = self.fork().await?;
            if let Some(input) = input.take() {
                shell.descriptors.set(0, Descriptor::In(input));
            }
            if at + 1 < commands.len() {
                let (sender, receiver) = mpsc::channel(PIPE_DEPTH);
                shell.descriptors.set(1, Descriptor::Out(Output::Stream(sender)));
                input = Some(Input::stream(Arc::new(Mutex::new(receiver))));
            }
            stages.push(Box::pin(async move {
                let outcome = shell.command(command).await;
                shell.end(outcome).await
            }));
        }
        let statuses = tokio::select! {
            biased;
            statuses = all(stages) => statuses,
            () = self.doomed() => {
                self.hear().await?;
                return Ok(1);
            }
        };
        let last = statuses.last().copied().unwrap_or(0);
        self.statuses.clone_from(&statuses);
        let failed = statuses.iter().rev().find(|status| **status != 0).copied();
        Ok(if self.options.pipefail { failed.unwrap_or(0) } else { last })
    }
}

/// Runs all stages side by side; each is dropped, and so closes its streams, when it ends.
async fn all(stages: Vec<Stage<'_>>) -> Vec<i32> {
    let mut running: Vec<Option<Stage>> = stages.into_iter().map(Some).collect();
    let mut statuses = vec![0; running.len()];
    poll_fn(|context| {
        for (stage, status) in running.iter_mut().zip(&mut statuses) {
            let Some(future) = stage else { continue };
            if let Poll::Ready(ended) = future.as_mut().poll(context) {
                (*stage, *status) = (None, ended);
            }
        }
        if running.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    statuses
}
