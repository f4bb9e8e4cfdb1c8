//! The app's basic functions, as its author wrote them: tried one by one, each from the main screen.

use crate::journal::entry::{Event, FunctionOutcome, LimitKind};
use crate::scenario::Function;

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

    async fn try_function(&mut self, function: &Function, path: &str) -> Result<(), RunError> {
        (self.report)(&format!("function: {}", function.name));
        let outer = std::mem::replace(&mut self.memory.step, path.to_owned());
        let result = match self.go_to_main().await {
            Ok(_) => Box::pin(self.walk(&function.steps, path)).await,
            Err(error) => Err(error),
        };
        self.memory.step = outer;
        let (outcome, message) = match result {
            Ok(()) => (FunctionOutcome::Works, String::new()),
            Err(error) if error.is_final() => return Err(error),
            Err(error) => (FunctionOutcome::Fails, error.to_string()),
        };
        let when = if self.memory.denied { "after-refusal" } else { "before-refusal" };
        let when = when.to_owned();
        self.note(Event::Function { name: function.name.clone(), when, outcome, message })?;
        Ok(())
    }
}
