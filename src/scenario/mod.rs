//! What an author writes, as values; all mistakes at once, with line, caret and hint.
