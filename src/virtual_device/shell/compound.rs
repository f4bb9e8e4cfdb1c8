//! Groups, subshells, loops, `if`, `case`, `[[ ]]`, `(( ))`.

use brush_parser::ast::{
    CaseClauseCommand, CaseItemPostAction, CompoundCommand, CompoundList, ForClauseCommand, IfClauseCommand,
    RedirectList,
};

use super::flow::{Flow, Outcome};
use super::state::{Away, Shell};

impl Shell {
    /// Runs a compound command under its redirections.
    pub async fn compound(&mut self, command: &CompoundCommand, redirections: Option<&RedirectList>) -> Outcome {
        let Some(redirections) = redirections else { return self.bare_compound(command).await };
        let before = self.descriptors.clone();
        let ready = self.redirect(&redirections.0.iter().collect::<Vec<_>>()).await;
        let outcome = match ready {
            Ok(true) => self.bare_compound(command).await,
            Ok(false) => Ok(1),
            Err(flow) => Err(flow),
        };
        // mksh leaves for good by a jump: its trap on EXIT still writes where the group did.
        if !matches!(outcome, Err(Flow::Exit(_))) {
            self.descriptors = before;
        }
        outcome
    }

    async fn bare_compound(&mut self, command: &CompoundCommand) -> Outcome {
        match command {
            CompoundCommand::BraceGroup(group) => self.run_list(&group.list).await,
            CompoundCommand::Subshell(subshell) => self.subshell(&subshell.list).await,
            CompoundCommand::IfClause(clause) => self.branch(clause).await,
            CompoundCommand::ForClause(clause) => self.for_each(clause).await,
            CompoundCommand::CaseClause(clause) => self.case(clause).await,
            CompoundCommand::WhileClause(clause) => self.repeat(&clause.0, &clause.1.list, true).await,
            CompoundCommand::UntilClause(clause) => self.repeat(&clause.0, &clause.1.list, false).await,
            CompoundCommand::Arithmetic(command) => Ok(i32::from(self.arithmetic(&command.expr.value).await? == 0)),
            // ksh93's and bash's; mksh has none.
            CompoundCommand::ArithmeticForClause(_) => Err(self.die("syntax error: unexpected '(('").await),
        }
    }

    async fn subshell(&mut self, list: &CompoundList) -> Outcome {
        let mut shell = self.fork().await?;
        let outcome = tokio::select! {
            biased;
            outcome = shell.run_list_apart(list) => outcome,
            () = self.doomed() => {
                self.hear().await?;
                return Ok(1);
            }
        };
        Ok(shell.end(outcome).await)
    }

    async fn run_list_apart(&mut self, list: &CompoundList) -> Outcome {
        if !self.is_deep() {
            return self.run_list(list).await;
        }
        let list = list.clone();
        let away = |mut shell: Self| -> Away {
            Box::pin(async move {
                let outcome = shell.run_list(&list).await;
                (shell, outcome)
            })
        };
        self.with_room(away).await
    }

    async fn branch(&mut self, clause: &IfClauseCommand) -> Outcome {
        if self.condition(&clause.condition).await? == 0 {
            return self.run_list(&clause.then).await;
        }
        for other in clause.elses.iter().flatten() {
            let taken = match &other.condition {
                Some(condition) => self.condition(condition).await? == 0,
                None => true,
            };
            if taken {
                return self.run_list(&other.body).await;
            }
        }
        Ok(0)
    }

    async fn for_each(&mut self, clause: &ForClauseCommand) -> Outcome {
        let mut values = Vec::new();
        match &clause.values {
            None => values.clone_from(&self.positional),
            Some(words) => {
                for word in words {
                    values.extend(self.arguments(&word.value).await?);
                }
            }
        }
        let mut status = 0;
        for value in values {
            self.assign(&clause.variable_name, value).await?;
            match self.round(&clause.body.list, &mut status).await? {
                Round::On => {}
                Round::Out => break,
            }
        }
        Ok(status)
    }

    async fn repeat(&mut self, condition: &CompoundList, body: &CompoundList, wanted: bool) -> Outcome {
        let mut status = 0;
        loop {
            self.loops += 1;
            let tested = self.condition(condition).await;
            self.loops -= 1;
            let tested = match tested {
                Err(Flow::Break(levels)) => return leave(levels, Flow::Break, status),
                Err(Flow::Continue(1)) => continue,
                Err(Flow::Continue(levels)) => return Err(Flow::Continue(levels - 1)),
                other => other?,
            };
            if (tested == 0) != wanted {
                return Ok(status);
            }
            if self.round(body, &mut status).await? == Round::Out {
                return Ok(status);
            }
        }
    }

    /// Runs a loop's body once.
    async fn round(&mut self, body: &CompoundList, status: &mut i32) -> Result<Round, Flow> {
        self.loops += 1;
        self.breathe().await?;
        let outcome = self.run_list(body).await;
        self.loops -= 1;
        match outcome {
            Ok(done) => {
                *status = done;
                Ok(Round::On)
            }
            Err(Flow::Break(levels)) => {
                *status = 0;
                leave(levels, Flow::Break, 0).map(|_| Round::Out)
            }
            Err(Flow::Continue(levels)) => {
                *status = 0;
                leave(levels, Flow::Continue, 0).map(|_| Round::On)
            }
            Err(other) => Err(other),
        }
    }

    async fn case(&mut self, clause: &CaseClauseCommand) -> Outcome {
        let value: Vec<char> = self.text(&clause.value.value).await?.chars().collect();
        let mut falls = false;
        let mut status = 0;
        for item in &clause.cases {
            let mut taken = std::mem::take(&mut falls);
            for pattern in &item.patterns {
                taken = taken || self.pattern(&pattern.value).await?.matches(&value);
            }
            if !taken {
                continue;
            }
            status = match &item.cmd {
                Some(list) => self.run_list(list).await?,
                None => 0,
            };
            match item.post_action {
                CaseItemPostAction::ExitCase => break,
                CaseItemPostAction::UnconditionallyExecuteNextCaseItem => falls = true,
                CaseItemPostAction::ContinueEvaluatingCases => {}
            }
        }
        Ok(status)
    }
}

/// Whether a loop goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    On,
    Out,
}

/// One loop is left; the rest of the levels are for the loops around it.
fn leave(levels: u32, flow: fn(u32) -> Flow, status: i32) -> Outcome {
    if levels > 1 { Err(flow(levels - 1)) } else { Ok(status) }
}
