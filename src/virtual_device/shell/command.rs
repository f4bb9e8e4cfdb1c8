//! Simple commands, functions, `$(…)`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use brush_parser::ast::{
    Assignment, AssignmentName, AssignmentValue, Command, CommandPrefixOrSuffixItem as Item, FunctionBody, IoRedirect,
    SimpleCommand, SourceLocation as _,
};
use tokio::sync::mpsc;

use super::builtins;
use super::descriptors::Descriptor;
use super::flow::{Flow, Outcome};
use super::output::Output;
use super::state::{Away, Shell};
use super::variables::{self, Variable};

/// Most bytes a `$(…)` may yield.
const MAX_SUBSTITUTED: usize = 4 << 20;
/// Most arguments of a command.
const MAX_ARGUMENTS: usize = 100_000;

/// A simple command taken apart.
#[derive(Default)]
struct Simple<'a> {
    assignments: Vec<&'a Assignment>,
    redirections: Vec<&'a IoRedirect>,
    words: Vec<Word<'a>>,
}

enum Word<'a> {
    Plain(&'a str),
    /// `name=value` after the command's name, with its raw form.
    Assignment(&'a Assignment, &'a str),
}

impl Shell {
    /// Runs one command of the grammar.
    pub fn command<'a>(&'a mut self, command: &'a Command) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>> {
        Box::pin(async move {
            if self.options.noexec {
                return Ok(0);
            }
            match command {
                Command::Simple(simple) => self.simple(simple).await,
                Command::Compound(compound, redirections) => self.compound(compound, redirections.as_ref()).await,
                Command::Function(function) => {
                    self.functions.insert(function.fname.value.clone(), Arc::new(function.body.clone()));
                    Ok(0)
                }
                Command::ExtendedTest(test) => self.extended_test(&test.expr).await,
            }
        })
    }

    async fn simple(&mut self, command: &SimpleCommand) -> Outcome {
        if self.counts_lines()
            && let Some(place) =
                command.word_or_name.as_ref().map_or_else(|| command.location(), |word| word.loc.clone())
        {
            self.line = place.start.line;
        }
        let simple = take_apart(command);
        self.substituted = None;
        let argv = self.words(&simple.words).await?;
        if argv.is_empty() {
            return self.only_assignments(&simple).await;
        }
        // A job of one program becomes that program: what it redirects it holds open no longer.
        let before = (!self.is_one_program).then(|| self.descriptors.clone());
        let outcome = self.with_redirections(&simple, argv).await;
        if let (false, Some(before)) = (std::mem::take(&mut self.keep_descriptors), before) {
            self.descriptors = before;
        }
        outcome
    }

    async fn words(&mut self, words: &[Word<'_>]) -> Result<Vec<String>, Flow> {
        let mut argv: Vec<String> = Vec::new();
        for word in words {
            match word {
                Word::Plain(raw) => argv.extend(self.arguments(raw).await?),
                Word::Assignment(assignment, _) if declares(argv.first()) => {
                    let AssignmentValue::Scalar(word) = &assignment.value else {
                        return Err(self.die("syntax error: unexpected '('").await);
                    };
                    let (reference, value) = self.assigned(assignment, &word.value).await?;
                    argv.push(format!("{reference}={value}"));
                }
                Word::Assignment(_, raw) => argv.extend(self.arguments(raw).await?),
            }
            if argv.len() > MAX_ARGUMENTS {
                return Err(self.die("argument list too long").await);
            }
        }
        Ok(argv)
    }

    async fn only_assignments(&mut self, simple: &Simple<'_>) -> Outcome {
        let before = self.descriptors.clone();
        let ready = self.redirect(&simple.redirections).await;
        self.descriptors = before;
        if !ready? {
            return Ok(1);
        }
        let mut trace = Vec::new();
        for assignment in &simple.assignments {
            let traced = self.carry_out(assignment).await?.1;
            trace.extend(traced);
        }
        self.trace(&trace).await?;
        Ok(self.substituted.unwrap_or(0))
    }

    /// Assigns; what it assigned to, and how a trace shows it.
    async fn carry_out(&mut self, assignment: &Assignment) -> Result<(String, Option<String>), Flow> {
        let words = match &assignment.value {
            AssignmentValue::Scalar(word) => {
                let (reference, value) = self.assigned(assignment, &word.value).await?;
                let trace = format!("{reference}={}", builtins::quoted(&value));
                self.assign(&reference, value).await?;
                return Ok((reference, Some(trace)));
            }
            AssignmentValue::Array(words) => words,
        };
        let AssignmentName::VariableName(name) = &assignment.name else {
            return Err(self.die("syntax error: unexpected '('").await);
        };
        let mut values = Vec::new();
        for (place, word) in words {
            // A word with a place is one like any other to mksh.
            let before = place.as_ref().map_or_else(String::new, |place| format!("[{}]=", place.value));
            values.extend(self.arguments(&format!("{before}{}", word.value)).await?);
        }
        let set = match assignment.append {
            true => self.variables.add_to_array(name, values),
            false => self.variables.set_array(name, values, true),
        };
        match set {
            Ok(()) => Ok((name.clone(), None)),
            Err(error) => Err(self.stop(&error).await),
        }
    }

    /// What an assignment of one value assigns to, and the value.
    async fn assigned(&mut self, assignment: &Assignment, raw: &str) -> Result<(String, String), Flow> {
        let reference = match &assignment.name {
            AssignmentName::VariableName(name) => name.clone(),
            AssignmentName::ArrayElementName(name, place) => {
                let place = self.arithmetic(place).await?;
                self.variables.make_array(name);
                variables::reference(name, place)
            }
        };
        let value = self.assigned_text(raw).await?;
        let before = if assignment.append { self.value(&reference) } else { None };
        Ok((reference, before.unwrap_or_default() + &value))
    }

    async fn with_redirections(&mut self, simple: &Simple<'_>, argv: Vec<String>) -> Outcome {
        let special = builtins::is_special(&argv[0]);
        if !self.redirect(&simple.redirections).await? {
            return if special { Err(Flow::Exit(1)) } else { Ok(1) };
        }
        let mut lent: Vec<(String, Option<Variable>)> = Vec::new();
        for assignment in &simple.assignments {
            if !special {
                lent.push(self.variables.lend(name_of(assignment)));
            }
            let (name, _) = self.carry_out(assignment).await?;
            if !special {
                self.variables.export(&name);
            }
        }
        let trace: Vec<String> = argv.iter().map(|word| builtins::quoted(word)).collect();
        self.trace(&trace).await?;
        let outcome = self.invoke(argv).await;
        self.variables.take_back(lent);
        outcome
    }

    /// Runs a special builtin, a function, a builtin or a program, whichever there is first.
    pub async fn invoke(&mut self, argv: Vec<String>) -> Outcome {
        if builtins::is_special(&argv[0]) {
            return Box::pin(builtins::run(self, &argv)).await;
        }
        if let Some(body) = self.functions.get(&argv[0]).cloned() {
            return self.call(body, argv).await;
        }
        self.invoke_without_functions(argv).await
    }

    /// As [`Shell::invoke`], but functions are passed over.
    pub async fn invoke_without_functions(&mut self, argv: Vec<String>) -> Outcome {
        if builtins::is_builtin(&argv[0]) {
            return Box::pin(builtins::run(self, &argv)).await;
        }
        self.launch(argv).await
    }

    async fn call(&mut self, body: Arc<FunctionBody>, argv: Vec<String>) -> Outcome {
        self.descend().await?;
        let positional = std::mem::replace(&mut self.positional, argv[1..].to_vec());
        let loops = std::mem::take(&mut self.loops);
        self.variables.enter();
        self.functions_deep += 1;
        let outcome = self.body(body).await;
        self.functions_deep -= 1;
        self.variables.leave();
        self.loops = loops;
        self.positional = positional;
        self.depth -= 1;
        match outcome {
            Err(Flow::Return(status)) => Ok(status),
            other => other,
        }
    }

    async fn body(&mut self, body: Arc<FunctionBody>) -> Outcome {
        if !self.is_deep() {
            return Box::pin(self.compound(&body.0, body.1.as_ref())).await;
        }
        let away = |mut shell: Self| -> Away {
            Box::pin(async move {
                let outcome = shell.compound(&body.0, body.1.as_ref()).await;
                (shell, outcome)
            })
        };
        self.with_room(away).await
    }

    /// Runs a text in this forked shell, with room for what it nests.
    async fn run_apart(&mut self, text: &str) -> Outcome {
        if !self.is_deep() {
            return self.run_at_once(text).await;
        }
        let text = text.to_owned();
        let away = |mut shell: Self| -> Away {
            Box::pin(async move {
                let outcome = shell.run_at_once(&text).await;
                (shell, outcome)
            })
        };
        self.with_room(away).await
    }

    async fn trace(&mut self, words: &[String]) -> Result<(), Flow> {
        if self.options.xtrace && !words.is_empty() {
            let prompt = self.variables.get("PS4").unwrap_or("+ ").to_owned();
            self.write(2, format!("{prompt}{}\n", words.join(" "))).await?;
        }
        Ok(())
    }

    /// What a command substitution yields, without the newlines at its end.
    pub async fn substitute(&mut self, text: &str) -> Result<String, Flow> {
        let mut shell = self.fork().await?;
        // What forgives a condition its failures does not reach into what it substitutes, in mksh.
        shell.forgiving = 0;
        let (sender, mut receiver) = mpsc::channel(4);
        shell.descriptors.set(1, Descriptor::Out(Output::Stream(sender)));
        let work = async move {
            let outcome = shell.run_apart(text).await;
            shell.end(outcome).await
        };
        let collect = async move {
            let mut output = Vec::new();
            while let Some(bytes) = receiver.recv().await {
                output.extend_from_slice(&bytes);
                if output.len() > MAX_SUBSTITUTED {
                    return None;
                }
            }
            Some(output)
        };
        let (status, output) = tokio::select! {
            biased;
            both = both(work, collect) => both,
            () = self.doomed() => {
                self.hear().await?;
                return Ok(String::new());
            }
        };
        let Some(output) = output else { return Err(self.die("out of memory").await) };
        self.substituted = Some(status);
        let mut text = String::from_utf8_lossy(&output).replace('\0', "");
        text.truncate(text.trim_end_matches('\n').len());
        Ok(text)
    }
}

async fn both<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    tokio::join!(first, second)
}

fn take_apart(command: &SimpleCommand) -> Simple<'_> {
    let mut simple = Simple::default();
    for item in command.prefix.iter().flat_map(|prefix| &prefix.0) {
        match item {
            Item::IoRedirect(redirection) => simple.redirections.push(redirection),
            Item::AssignmentWord(assignment, _) => simple.assignments.push(assignment),
            Item::Word(word) => simple.words.push(Word::Plain(&word.value)),
            Item::ProcessSubstitution(..) => {}
        }
    }
    simple.words.extend(command.word_or_name.as_ref().map(|word| Word::Plain(&word.value)));
    for item in command.suffix.iter().flat_map(|suffix| &suffix.0) {
        match item {
            Item::IoRedirect(redirection) => simple.redirections.push(redirection),
            Item::AssignmentWord(assignment, word) => simple.words.push(Word::Assignment(assignment, &word.value)),
            Item::Word(word) => simple.words.push(Word::Plain(&word.value)),
            Item::ProcessSubstitution(..) => {}
        }
    }
    simple
}

fn declares(command: Option<&String>) -> bool {
    command
        .is_some_and(|name| ["export", "readonly", "local", "typeset", "integer", "nameref"].contains(&name.as_str()))
}

fn name_of(assignment: &Assignment) -> &str {
    match &assignment.name {
        AssignmentName::VariableName(name) | AssignmentName::ArrayElementName(name, _) => name,
    }
}
