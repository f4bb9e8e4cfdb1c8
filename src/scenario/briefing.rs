//! What an author knows of one app.

use super::source::{Located, Source};
use super::step::{Condition, Step};

/// A briefing file: one app's functions, and how its test account is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Briefing {
    /// The file it came from.
    pub source: Source,
    /// Package id of the app it is about.
    pub app: String,
    /// Category id of the catalogue, when the author names one.
    pub category: Option<String>,
    /// The app's basic functions.
    pub functions: Vec<Function>,
    /// Steps that make an account; empty when there are none.
    pub sign_up: Vec<Located<Step>>,
    /// Steps that sign in from a fresh start of the app; empty when there are none.
    pub sign_in: Vec<Located<Step>>,
    /// What is to be seen when the account is signed in.
    pub signed_in: Option<Condition>,
    /// What is to be seen when the app refuses the account.
    pub sign_in_refused: Option<Condition>,
    /// The test account.
    pub account: Option<Account>,
}

/// A basic function and how to try it.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name, for people.
    pub name: String,
    /// Full names of permissions without which it cannot work; not tried when one of them was refused.
    pub needs_permission: Vec<String>,
    /// What to do; an `expect` among them says what must be seen.
    pub steps: Vec<Located<Step>>,
}

/// A test account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name, phone number or address.
    pub user: Secret,
    /// Password or fixed code.
    pub password: Secret,
}

/// Something that may be kept out of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Written in the file: only for accounts that are worth nothing.
    Literal(String),
    /// In an environment variable of this name; masked in everything that is kept.
    Environment(String),
}
