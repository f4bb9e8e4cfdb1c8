//! What the arguments ask of a bench.

/// Whether the bench of this name is to be timed (`cargo bench`) or only tried (`cargo test`); `None` when it is not asked
/// for, or only for its list of tests, of which it has none.
pub fn timed(name: &str) -> Option<bool> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let mut names = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
    let wanted = names.peek().is_none() || names.any(|part| name.contains(part.as_str()));
    (wanted && !has("--list")).then(|| has("--bench"))
}
