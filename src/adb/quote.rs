//! Words for a POSIX shell.

/// The word in single quotes, so that a shell takes it literally. Plain words stay bare.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quotes_only_what_a_shell_would_touch() {
        assert_eq!(quote("com.example/.Main"), "com.example/.Main");
        assert_eq!(quote(""), "''");
        assert_eq!(quote("a b$(reboot)"), "'a b$(reboot)'");
        assert_eq!(quote("it's"), r"'it'\''s'");
    }
}
