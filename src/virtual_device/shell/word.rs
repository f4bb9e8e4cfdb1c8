//! A word taken apart: literal text, quotes and expansions.

/// One part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text without quotes: may be a pattern.
    Text(String),
    /// Text from quotes or after a backslash.
    Quoted(String),
    /// What stands in double quotes.
    Double(Vec<Part>),
    /// `~` or `~name` at the start.
    Tilde(String),
    /// `$name`, `${…}`.
    Parameter(Box<Parameter>),
    /// `$(…)` or backquotes.
    Command(String),
    /// `$((…))`.
    Arithmetic(Vec<Part>),
}

/// A parameter and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    /// Variable name, digits, or one of `@*#?-$!`.
    pub name: String,
    /// `[…]` behind the name.
    pub place: Option<Place>,
    /// `${!name}`: not its value, but how it is called.
    pub is_asked_for_its_name: bool,
    pub operation: Operation,
}

/// Which place of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `[@]`, `[*]`: all of them.
    All(char),
    /// `[expression]`
    At(Vec<Part>),
}

impl Parameter {
    /// Only a name, with what is done.
    pub fn plain(name: String, operation: Operation) -> Self {
        Self { name, place: None, is_asked_for_its_name: false, operation }
    }
}

/// What is done with a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// Its value.
    Value,
    /// `${#x}`
    Length,
    /// `${x-w}`, `${x:-w}` and so with `=`, `?`, `+`.
    Test { kind: char, null_too: bool, word: Vec<Part> },
    /// `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`.
    Trim { suffix: bool, longest: bool, pattern: Vec<Part> },
    /// `${x/p/w}`, `${x//p/w}`, `${x/#p/w}`, `${x/%p/w}`.
    Replace { all: bool, anchor: Option<char>, pattern: Vec<Part>, with: Vec<Part> },
    /// `${x:offset:length}`.
    Slice { offset: Vec<Part>, length: Option<Vec<Part>> },
    /// `${x@Q}`
    Quote,
    /// Something this shell does not know.
    Bad,
}
