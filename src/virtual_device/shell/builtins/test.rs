//! `test`, `[` and `[[ ]]`.

use std::future::Future;
use std::pin::Pin;

use brush_parser::ast::{BinaryPredicate, ExtendedTestExpr, UnaryPredicate};

use super::super::arithmetic;
use super::super::flow::{Flow, Outcome};
use super::super::state::Shell;
use crate::virtual_device::toys::condition::{Condition, View};

type Judging<'a> = Pin<Box<dyn Future<Output = Result<bool, Flow>> + Send + 'a>>;

impl Shell {
    pub(super) async fn test_builtin(&mut self, name: &str, rest: &[String]) -> Outcome {
        let mut words = rest;
        if name == "[" {
            match words.split_last() {
                Some((last, before)) if last == "]" => words = before,
                _ => return self.fail("[: missing ]").await.map(|_| 2),
            }
        }
        match self.judge(words) {
            Ok(true) => Ok(0),
            Ok(false) => Ok(1),
            Err(message) => self.fail(&format!("{name}: {message}")).await.map(|_| 2),
        }
    }

    /// Whether a condition holds; its numbers are expressions.
    fn judge(&mut self, words: &[String]) -> Result<bool, String> {
        if let [flag, name] = words
            && flag == "-o"
        {
            return Ok(self.option(name) == Some(true));
        }
        if let [flag, name] = words
            && flag == "-v"
        {
            return Ok(self.value(name).is_some());
        }
        let (actor, cwd) = (self.actor(), self.cwd.clone());
        let variables = &mut self.variables;
        let number = |word: &str| match word.trim().trim_start_matches(['-', '+']).get(..2) {
            // A condition reads numbers as decimal ones, in mksh.
            Some("0x" | "0X") => Err(format!("{word}: bad number")),
            _ => arithmetic::evaluate(word, variables).map(i64::from).map_err(|error| error.to_string()),
        };
        let files = self.machine.files();
        Condition::new(words, View { files: &files, actor, cwd: &cwd }).with_numbers(number).judge()
    }

    /// `[[ … ]]`
    pub(in super::super) async fn extended_test(&mut self, expression: &ExtendedTestExpr) -> Outcome {
        Ok(i32::from(!self.holds(expression).await?))
    }

    fn holds<'a>(&'a mut self, expression: &'a ExtendedTestExpr) -> Judging<'a> {
        Box::pin(async move {
            match expression {
                ExtendedTestExpr::And(left, right) => Ok(self.holds(left).await? && self.holds(right).await?),
                ExtendedTestExpr::Or(left, right) => Ok(self.holds(left).await? || self.holds(right).await?),
                ExtendedTestExpr::Not(inner) => Ok(!self.holds(inner).await?),
                ExtendedTestExpr::Parenthesized(inner) => self.holds(inner).await,
                ExtendedTestExpr::UnaryTest(UnaryPredicate::StringHasNonZeroLength, word) => {
                    Ok(!self.text(&word.value).await?.is_empty())
                }
                ExtendedTestExpr::UnaryTest(UnaryPredicate::ShellVariableIsSetAndAssigned, word) => {
                    let name = self.text(&word.value).await?;
                    Ok(self.value(&name).is_some())
                }
                ExtendedTestExpr::UnaryTest(predicate, word) => {
                    let value = self.text(&word.value).await?;
                    self.simple_test(&[predicate.to_string(), value]).await
                }
                ExtendedTestExpr::BinaryTest(predicate, left, right) => {
                    let left = self.text(&left.value).await?;
                    self.compare(predicate, left, &right.value).await
                }
            }
        })
    }

    async fn compare(&mut self, predicate: &BinaryPredicate, left: String, right: &str) -> Result<bool, Flow> {
        use BinaryPredicate as B;
        match predicate {
            B::StringExactlyMatchesPattern | B::StringExactlyMatchesString => {
                Ok(self.pattern(right).await?.matches(&left.chars().collect::<Vec<_>>()))
            }
            B::StringDoesNotExactlyMatchPattern | B::StringDoesNotExactlyMatchString => {
                Ok(!self.pattern(right).await?.matches(&left.chars().collect::<Vec<_>>()))
            }
            B::StringMatchesRegex | B::StringContainsSubstring => Err(self.die("syntax error: unexpected '=~'").await),
            other => {
                let right = self.text(right).await?;
                let numeric =
                    other.to_string().starts_with('-') && !["-ef", "-nt", "-ot"].contains(&&*other.to_string());
                if numeric {
                    let numbers = [self.compute(&left).await?.to_string(), self.compute(&right).await?.to_string()];
                    let [left, right] = numbers;
                    return self.simple_test(&[left, other.to_string(), right]).await;
                }
                self.simple_test(&[left, other.to_string(), right]).await
            }
        }
    }

    async fn simple_test(&mut self, words: &[String]) -> Result<bool, Flow> {
        match self.judge(words) {
            Ok(holds) => Ok(holds),
            Err(message) => Err(self.die(&format!("[[: {message}")).await),
        }
    }
}
