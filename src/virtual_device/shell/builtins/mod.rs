//! The commands that are part of the shell.

mod aliases;
mod change;
mod control;
mod describe;
mod getopts;
mod options;
mod read;
mod signals;
mod test;
mod typeset;
mod umask;
mod variables;
mod write;

use super::flow::Outcome;
use super::state::Shell;

/// POSIX's special builtins: errors in them end the shell, assignments before them stay.
const SPECIAL: &[&str] = &[
    ":", ".", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift", "times",
    "trap", "unset", "source",
];

const USUAL: &[&str] = &[
    "[",
    "alias",
    "autoload",
    "bg",
    "builtin",
    "cd",
    "chdir",
    "command",
    "echo",
    "false",
    "fc",
    "fg",
    "functions",
    "getopts",
    "hash",
    "history",
    "integer",
    "jobs",
    "kill",
    "let",
    "local",
    "nameref",
    "print",
    "pwd",
    "read",
    "test",
    "true",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "wait",
    "whence",
];

/// Whether `name` is a special builtin.
pub(super) fn is_special(name: &str) -> bool {
    SPECIAL.contains(&name)
}

/// Whether `name` is a builtin of any kind.
pub(super) fn is_builtin(name: &str) -> bool {
    is_special(name) || USUAL.contains(&name)
}

/// Runs the builtin `argv[0]`.
pub(super) async fn run(shell: &mut Shell, argv: &[String]) -> Outcome {
    let rest = &argv[1..];
    match argv[0].as_str() {
        ":" | "true" | "hash" | "bg" | "fg" | "fc" | "history" | "autoload" => Ok(0),
        "alias" => shell.alias(rest).await,
        "unalias" => shell.unalias(rest),
        "functions" => shell.list_functions(rest),
        // MODEL: nothing here takes the processor's time.
        "times" => shell.write(1, "0m00.00s 0m00.00s\n0m00.00s 0m00.00s\n").await.map(|_| 0),
        "ulimit" => shell.limits(rest).await,
        "false" => Ok(1),
        "." | "source" => shell.dot(rest).await,
        "break" => shell.leave_loop(rest, super::flow::Flow::Break).await,
        "continue" => shell.leave_loop(rest, super::flow::Flow::Continue).await,
        "eval" => shell.eval(rest).await,
        "exec" => shell.exec(rest).await,
        "exit" => shell.exit(rest).await,
        "return" => shell.return_(rest).await,
        "shift" => shell.shift(rest).await,
        "builtin" => shell.builtin(rest).await,
        "command" => shell.command_builtin(rest).await,
        "type" | "whence" => {
            let in_words = argv[0] == "type" || rest.first().is_some_and(|word| word == "-v");
            shell.describe_all(rest, !in_words).await
        }
        "export" => shell.export(rest, false).await,
        "readonly" => shell.export(rest, true).await,
        "local" | "typeset" | "integer" | "nameref" => shell.typeset(&argv[0], rest).await,
        "unset" => shell.unset(rest).await,
        "let" => shell.let_(rest).await,
        "set" => shell.set(rest).await,
        "getopts" => shell.getopts(rest).await,
        "trap" => shell.trap(rest).await,
        "kill" => shell.kill(rest).await,
        "wait" => shell.wait(rest).await,
        "jobs" => shell.list_jobs().await,
        "cd" | "chdir" => shell.change_folder(rest).await,
        "pwd" => {
            let line = format!("{}\n", shell.cwd);
            shell.write(1, line).await.map(|written| i32::from(!written))
        }
        "umask" => shell.umask_builtin(rest).await,
        "echo" => shell.echo(rest).await,
        "print" => shell.print(rest).await,
        "read" => shell.read(rest).await,
        name => shell.test_builtin(name, rest).await,
    }
}

/// A word as the shell would have to read it to get it back.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,=%@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if word.chars().any(|c| c.is_ascii_control()) {
        return format!("$'{}'", word.chars().map(escaped).collect::<String>());
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A character between `$'` and `'`.
fn escaped(c: char) -> String {
    match c {
        '\'' | '\\' => format!("\\{c}"),
        '\x07' => "\\a".into(),
        '\x08' => "\\b".into(),
        '\t' => "\\t".into(),
        '\n' => "\\n".into(),
        '\x0b' => "\\v".into(),
        '\x0c' => "\\f".into(),
        '\r' => "\\r".into(),
        '\x1b' => "\\E".into(),
        control if control.is_ascii_control() => format!("\\{:03o}", u32::from(control)),
        other => other.to_string(),
    }
}
