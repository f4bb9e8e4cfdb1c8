//! From text to commands.

use std::io::BufReader;

use brush_parser::ast::CompoundList;
use brush_parser::{ParseError, Parser, ParserOptions, SourceInfo, TokenizerError};

/// Longest script read, in bytes.
pub(super) const MAX_SCRIPT: usize = 1 << 20;
/// Most brackets, quotes and keywords open at once: the grammar is read recursively.
const MAX_NESTING: usize = 40;

/// Why a text is no script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SyntaxError {
    /// It would be one if more came.
    #[error("syntax error: {0}")]
    Unfinished(String),
    /// It is wrong here.
    #[error("syntax error: unexpected '{0}'")]
    Unexpected(String),
    /// It is larger or deeper than we read.
    #[error("syntax error: too long or nested too deeply")]
    TooMuch,
}

/// Reads a whole script.
pub(super) fn parse(text: &str) -> Result<Vec<CompoundList>, SyntaxError> {
    if text.len() > MAX_SCRIPT || nesting(text) > MAX_NESTING {
        return Err(SyntaxError::TooMuch);
    }
    let text = super::alias::with_full_lists(text);
    let text = super::substitution::hidden(&text);
    let options = ParserOptions { tilde_expansion: true, ..ParserOptions::default() };
    let mut parser = Parser::new(BufReader::new(text.as_bytes()), &options, &SourceInfo::default());
    parser.parse_program().map(|program| program.complete_commands).map_err(|error| explain(&error))
}

fn explain(error: &ParseError) -> SyntaxError {
    match error {
        ParseError::ParsingNearToken(token) => match token.to_str() {
            "\n" => SyntaxError::Unexpected("newline".into()),
            word => SyntaxError::Unexpected(word.into()),
        },
        ParseError::ParsingAtEndOfInput => SyntaxError::Unfinished("unexpected end of file".into()),
        ParseError::Tokenizing { inner, .. } => unfinished(inner),
    }
}

fn unfinished(error: &TokenizerError) -> SyntaxError {
    match error {
        TokenizerError::UnterminatedSingleQuote(_)
        | TokenizerError::UnterminatedDoubleQuote(_)
        | TokenizerError::UnterminatedBackquote(_)
        | TokenizerError::UnterminatedAnsiCQuote(_) => SyntaxError::Unfinished("no closing quote".into()),
        other => SyntaxError::Unfinished(other.to_string()),
    }
}

/// An upper bound of how deep the text nests: brackets and opening keywords, without regard to quotes.
fn nesting(text: &str) -> usize {
    let mut depth: usize = 0;
    let mut deepest = 0;
    let mut word = String::new();
    for c in text.chars().chain(" ".chars()) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        match word.as_str() {
            "if" | "do" | "case" => depth += 1,
            "fi" | "done" | "esac" => depth = depth.saturating_sub(1),
            _ => {}
        }
        word.clear();
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_text_is_told_from_wrong_text() {
        for text in ["if true", "echo 'a", "echo \"a", "while :; do", "(echo", "f() {"] {
            assert!(matches!(parse(text), Err(SyntaxError::Unfinished(_))), "{text}: {:?}", parse(text));
        }
        for text in [")", "| a", "echo; ;;"] {
            assert!(matches!(parse(text), Err(SyntaxError::Unexpected(_))), "{text}: {:?}", parse(text));
        }
        assert_eq!(parse("a; b\nc").unwrap().len(), 2);
    }

    #[test]
    fn hostile_depth_is_refused_before_it_is_parsed() {
        assert_eq!(parse(&"(".repeat(100_000)).unwrap_err(), SyntaxError::TooMuch);
        assert_eq!(parse(&"$(".repeat(100_000)).unwrap_err(), SyntaxError::TooMuch);
        assert_eq!(parse(&"if ".repeat(100_000)).unwrap_err(), SyntaxError::TooMuch);
        assert_eq!(parse(&"x".repeat(MAX_SCRIPT + 1)).unwrap_err(), SyntaxError::TooMuch);
    }
}
