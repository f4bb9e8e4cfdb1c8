//! What a toy says of itself when it is asked with `--help`. MODEL: toybox's first line from memory, and what clients look
//! for in the rest, in our words.

use crate::virtual_device::process::Call;

const USAGES: &[(&str, &str, &str)] = &[
    ("cat", "[-etuv] [FILE...]", "Copy (concatenate) files to stdout."),
    ("chmod", "[-R] MODE FILE...", "Change mode of listed FILEs.\n\n-R\tRecurse into subdirectories"),
    (
        "chown",
        "[-RHLP] [-fvh] GROUP FILE...",
        "Change ownership of one or more files.\n\n-R\tRecurse into subdirectories",
    ),
    ("cmp", "[-l] [-s] FILE1 [FILE2 [SKIP1 [SKIP2]]]", "Compare the contents of files."),
    (
        "cp",
        "[-adfHiLlnPpRrsTv] [--preserve=motcxa] [-t TARGET] SOURCE... [DEST]",
        "Copy files from SOURCE to DEST.\n\n-R\tRecurse into subdirectories",
    ),
    ("cut", "[-Ds] [-bcCfF LIST] [-dO DELIM] [FILE...]", "Print selected parts of lines."),
    (
        "date",
        "[-u] [-I RES] [-r FILE] [-d DATE] [+DISPLAY_FORMAT] [-D SET_FORMAT] [SET]",
        "Set/get the current date/time.",
    ),
    ("df", "[-HPkhi] [-t type] [FILE...]", "Show filesystem usage."),
    ("diff", "[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2", "Compare files line by line."),
    ("du", "[-d N] [-askxHLlmc] [FILE...]", "Show disk usage."),
    ("find", "[-HL] [DIR...] [<options>]", "Search directories for matching files."),
    (
        "grep",
        "[-EFrivwcloqsHbhn] [-ABC NUM] [-m MAX] [-e REGEX]... [-f REGFILE] [FILE]...",
        "Show lines matching regular expressions.",
    ),
    ("head", "[-n NUM] [-c NUM] [FILE...]", "Copy first lines from files to stdout."),
    ("id", "[-nGgru] [USER...]", "Print user and group ID."),
    ("kill", "[-l [SIGNAL] | -s SIGNAL | -SIGNAL] PID...", "Send signal to process(es)."),
    ("ln", "[-sfnv] [-t DIR] [FROM...] TO", "Create a link between FROM and TO."),
    ("ls", "[-1ACFHLNRSUXZabcdfghilmnopqrstuwx] [--color[=auto]] [FILE...]", "List files."),
    ("md5sum", "[-bcs] [FILE...]", "Calculate hash for each input file."),
    ("mkdir", "[-vp] [-m MODE] [DIR...]", "Create one or more directories."),
    ("mv", "[-finTv] [-t TARGET] SOURCE... [DEST]", "Move files."),
    ("netstat", "[-pWrxwutneal]", "Display networking information."),
    ("pidof", "[-s] [-o omitpid[,omitpid...]] [NAME...]", "Print the PIDs of all processes with the given names."),
    ("ping", "[OPTIONS] HOST", "Check network connectivity."),
    ("rm", "[-fiRrv] FILE...", "Remove each argument from the filesystem.\n\n-rR\tRecurse into subdirectories"),
    ("rmdir", "[-p] [DIR...]", "Remove one or more directories."),
    ("sed", "[-inrszE] [-e SCRIPT]...|SCRIPT [-f SCRIPT_FILE]... [FILE...]", "Stream editor."),
    ("sha1sum", "[-bcs] [FILE...]", "Calculate hash for each input file."),
    ("sha256sum", "[-bcs] [FILE...]", "Calculate hash for each input file."),
    (
        "sort",
        "[-Mbcdfginrsuz] [FILE...] [-k#[,#[x]] [-t X]] [-o FILE]",
        "Sort all lines of text from input files to stdout.",
    ),
    ("stat", "[-tfL] [-c FORMAT] FILE...", "Display status of files or filesystems."),
    ("tail", "[-n|c NUMBER] [-f|F] [-s SECONDS] [FILE...]", "Copy last lines from files to stdout."),
    (
        "tar",
        "[-cxt] [-fvohmjkOS] [-XTCf NAME] [--selinux] [FILE...]",
        "Create, extract, or list files in a .tar (or compressed t?z) file.",
    ),
    ("tee", "[-ai] [FILE...]", "Copy stdin to each listed file, and also to stdout."),
    (
        "timeout",
        "[-k DURATION] [-s SIGNAL] DURATION COMMAND...",
        "Run command line as a child process, sending it a signal if it doesn't exit soon enough.",
    ),
    (
        "top",
        "[-Hbq] [-k FIELD,] [-o FIELD,] [-s SORT] [-n NUMBER] [-m LINES] [-d SECONDS] [-p PID,] [-u USER,]",
        "Show process activity in real time.",
    ),
    (
        "touch",
        "[-amch] [-d DATE] [-t TIME] [-r FILE] FILE...",
        "Update the access and modification times of each FILE.",
    ),
    ("uname", "[-asnrvm]", "Print system information."),
    ("uptime", "[-ps]", "Tell the current time, how long the system has been running."),
    ("wc", "[-Lcmwl] [FILE...]", "Count lines, words, and characters in input."),
    ("which", "[-a] filename ...", "Search $PATH for executable files matching filename(s)."),
    ("xargs", "[-0Pprt] [-snE STR] COMMAND...", "Run command line one or more times, appending arguments from stdin."),
];

/// The text, when it is all that was asked for.
pub(super) fn asked(call: &Call) -> Option<String> {
    let [_, option] = call.argv.as_slice() else { return None };
    let name = crate::virtual_device::fs::path::base(&call.argv[0]);
    let (name, usage, what) = USAGES.iter().find(|(known, ..)| *known == name && option == "--help")?;
    // The releases' own `grep` of before Android 10 and toolbox's programs of Android 6 know no such option.
    let own = match call.machine.profile.api {
        ..=23 => matches!(*name, "df" | "du" | "grep" | "ls" | "ping" | "top" | "uptime"),
        24..=28 => matches!(*name, "grep" | "ping"),
        _ => false,
    };
    (!own).then(|| format!("usage: {name} {usage}\n\n{what}\n"))
}
