//! The app's basic functions, as its author wrote them: tried one by one, each from the main screen.

use crate::journal::entry::{Event, FunctionOutcome, LimitKind};
use crate::scenario::Function;

use super::answer::group_of;
use super::attempt::Attempt;
use super::error::RunError;

impl Attempt<'_> {
    /// Tries every function of the briefing; without a briefing the run says so.
    pub async fn try_functions(&mut self, path: &str) -> Result<(), RunError> {
        let Some(briefing) = self.order.briefing.clone().filter(|b| !b.functions.is_empty()) else {
            return self.limit(LimitKind::NoFunctions, "nobody wrote down what this app's basic functions are");
        };
        for (number, function) in briefing.functions.iter().enumerate() {
            self.try_function(function, &format!("{path}.{}", number + 1)).await?;
        }
        Ok(())
    }

    /// Tries one function; what came of it.
    pub async fn try_function(&mut self, function: &Function, path: &str) -> Result<FunctionOutcome, RunError> {
        (self.report)(&format!("function: {}", function.name));
        if let Some(group) = self.needs_refused(function) {
            let message = format!("it needs {group}, which was refused");
            return self.note_function(function, FunctionOutcome::NotTried, message);
        }
        let outer = std::mem::replace(&mut self.memory.step, path.to_owned());
        let mut result = self.carry_out_function(function, path).await;
        let mut first = String::new();
        // A hint in the way, a slow line, memory that the system needed: a person tries once more before saying that
        // something does not work.
        if let Err(error) = &result
            && !error.is_final()
        {
            first = format!("at the second try; the first: {error}");
            result = self.carry_out_function(function, path).await;
        }
        self.memory.step = outer;
        let (outcome, message) = match result {
            Ok(()) => (FunctionOutcome::Works, first),
            Err(error) if error.is_final() => return Err(error),
            Err(error) => (FunctionOutcome::Fails, error.to_string()),
        };
        self.note_function(function, outcome, message)
    }

    fn note_function(
        &self,
        function: &Function,
        outcome: FunctionOutcome,
        message: String,
    ) -> Result<FunctionOutcome, RunError> {
        let when = if self.memory.denied { "after-refusal" } else { "before-refusal" };
        self.note(Event::Function { name: function.name.clone(), when: when.to_owned(), outcome, message })?;
        Ok(outcome)
    }

    /// The group without which a function cannot work, as its author says, and which was refused.
    fn needs_refused(&self, function: &Function) -> Option<&'static str> {
        let mut needed = function.needs_permission.iter().filter_map(|permission| group_of(permission));
        needed.find(|group| self.memory.refused.iter().any(|refused| refused == group))
    }

    async fn carry_out_function(&mut self, function: &Function, path: &str) -> Result<(), RunError> {
        self.go_to_main().await?;
        Box::pin(self.walk(&function.steps, path)).await
    }
}
