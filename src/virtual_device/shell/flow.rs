//! What may cut a command short.

/// Why evaluation does not go on with the next command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The shell ends with this status.
    Exit(i32),
    /// The function or sourced file ends with this status.
    Return(i32),
    /// So many loops end.
    Break(u32),
    /// So many loops but one end, the last goes on.
    Continue(u32),
}

/// The exit status of a command, or what cut it short.
pub(super) type Outcome = Result<i32, Flow>;
