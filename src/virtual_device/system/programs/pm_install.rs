//! `pm install` and the install sessions, from a file of the device or from standard input.

use super::pm::plain;
use super::reply::{Cost, Reply, print, take_time};
use crate::virtual_device::fs::Actor;
use crate::virtual_device::machine::Machine;
use crate::virtual_device::process::Call;
use crate::virtual_device::system::install::LARGEST_INSTALL;
use crate::virtual_device::system::{InstallFiles, InstallOptions, InstallRefusal, Session};

/// Runs an install command.
pub async fn run(call: Call) -> i32 {
    if !take_time(&call, Cost::Java).await {
        return 129;
    }
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let (command, rest) = args.split_first().map_or(("", &[][..]), |(command, rest)| (*command, rest));
    // The user is looked for where the parameters are read (AOSP's `makeInstallParams`).
    let named = if matches!(command, "install" | "install-create") { super::pm_state::not_here(rest) } else { None };
    let reply = match command {
        _ if named.is_some() => named.unwrap_or_default(),
        "install-create" => {
            let inherit = rest.iter().position(|word| *word == "-p").and_then(|at| rest.get(at + 1));
            let inherit = inherit.map(|package| String::from(*package));
            let number = call.machine.system().create_session(options(rest), inherit);
            Reply::out(format!("Success: created install session [{number}]\n"))
        }
        "install-add-session" if call.machine.profile.api >= 29 => add_sessions(&call, rest),
        "install-write" => write(&call, rest).await,
        "install-commit" => commit(&call, rest),
        "install-abandon" => abandon(&call, rest),
        _ => install(&call, rest).await,
    };
    print(&call, reply).await
}

fn options(args: &[&str]) -> InstallOptions {
    // Short options may be joined: -rdt.
    let has = |letter: char| {
        args.iter().any(|a| a.starts_with('-') && !a.starts_with("--") && !a.starts_with("-S") && a.contains(letter))
    };
    InstallOptions {
        replace: has('r'),
        downgrade: has('d') || args.contains(&"--bypass-low-target-sdk-block"),
        test: has('t'),
        grant_all: has('g'),
    }
}

/// The value of `-S`, and the words that are no options.
fn sized<'a>(args: &[&'a str]) -> (Option<usize>, Vec<&'a str>) {
    let at = args.iter().position(|a| *a == "-S");
    let size = at.and_then(|at| args.get(at + 1)).and_then(|n| n.parse().ok());
    let rest: Vec<&str> = args
        .iter()
        .enumerate()
        .filter(|(n, _)| at.is_none_or(|at| *n != at && *n != at + 1))
        .map(|(_, a)| *a)
        .collect();
    // `-p` names the package whose other parts stay.
    let inherits = rest.iter().position(|word| *word == "-p").map(|at| at + 1);
    let rest: Vec<&str> = rest.iter().enumerate().filter(|(n, _)| Some(*n) != inherits).map(|(_, a)| *a).collect();
    (size, plain(&rest))
}

async fn install(call: &Call, args: &[&str]) -> Reply {
    let (size, words) = sized(args);
    let path = words.first().copied().filter(|word| *word != "-");
    let api = call.machine.profile.api;
    let mut out = String::new();
    let bytes = match path {
        Some(path) => {
            if api <= 23 {
                out += &format!("\tpkg: {path}\n");
            }
            match read_file(call, path) {
                Some(bytes) => bytes,
                None if api <= 23 => {
                    return Reply {
                        out: out + "Failure [INSTALL_FAILED_INVALID_URI]\n",
                        err: String::new(),
                        status: 1,
                    };
                }
                None => return Reply::err(format!("Error: Unable to open file: {path}\n"), 255),
            }
        }
        None if size.is_none() => return Reply::err("Error: must either specify a package size or an APK file\n", 1),
        None => match read_input(call, size).await {
            Ok(bytes) => bytes,
            Err(text) => return Reply::err(text, 1),
        },
    };
    let files = [("base.apk".to_string(), bytes)].into();
    let session = Session { options: options(args), inherit: None, files, children: Vec::new() };
    let reply = finish(&call.machine, session);
    Reply { out: out + &reply.out, ..reply }
}

async fn write(call: &Call, args: &[&str]) -> Reply {
    let (size, words) = sized(args);
    let number = words.first().and_then(|n| n.parse::<u32>().ok());
    let (Some(number), Some(name)) = (number, words.get(1)) else {
        return Reply::err("Error: Session ID and split name expected\n", 1);
    };
    if !call.machine.system().has_session(number) {
        return Reply::err(
            format!("Failure [java.lang.SecurityException: Caller has no access to session {number}]\n"),
            1,
        );
    }
    let bytes = match words.get(2).filter(|path| **path != "-") {
        Some(path) => match read_file(call, path) {
            Some(bytes) => bytes,
            None => return Reply::err(format!("Error: Unable to open file: {path}\n"), 255),
        },
        None => match read_input(call, size).await {
            Ok(bytes) => bytes,
            Err(text) => return Reply::err(text, 1),
        },
    };
    let length = bytes.len();
    call.machine.system().write_session(number, name, bytes);
    Reply::out(format!("Success: streamed {length} bytes\n"))
}

fn commit(call: &Call, args: &[&str]) -> Reply {
    let number = plain(args).first().and_then(|n| n.parse::<u32>().ok());
    let session = number.and_then(|number| call.machine.system().take_session(number));
    match session {
        Some(session) if !session.children.is_empty() => commit_all(call, &session.children),
        Some(session) => finish(&call.machine, session),
        None => Reply::err("Failure [INSTALL_FAILED_INTERNAL_ERROR: unknown session]\n", 1),
    }
}

/// The sessions under a parent, one after another. MODEL: what was installed before one fails stays.
fn commit_all(call: &Call, children: &[u32]) -> Reply {
    for child in children {
        let Some(session) = call.machine.system().take_session(*child) else { continue };
        let reply = finish(&call.machine, session);
        if reply.status != 0 {
            return reply;
        }
    }
    Reply::out("Success\n")
}

/// `pm install-add-session PARENT CHILD…` (AOSP's `runInstallAddSession`).
fn add_sessions(call: &Call, args: &[&str]) -> Reply {
    let numbers: Vec<u32> = plain(args).iter().filter_map(|word| word.parse().ok()).collect();
    let Some((parent, children)) = numbers.split_first().filter(|(_, children)| !children.is_empty()) else {
        return Reply::out("Error: At least two sessions are required.\n").with_status(1);
    };
    if call.machine.system().join_sessions(*parent, children) {
        Reply::out("Success\n")
    } else {
        Reply::err("Failure [java.lang.SecurityException: Caller has no access to session]\n", 1)
    }
}

fn abandon(call: &Call, args: &[&str]) -> Reply {
    let number = plain(args).first().and_then(|n| n.parse::<u32>().ok());
    if number.is_some_and(|number| call.machine.system().abandon_session(number)) {
        Reply::out("Success\n")
    } else {
        Reply::err("Failure [java.lang.SecurityException: Caller has no access to session]\n", 1)
    }
}

/// Installs a filled session: reads the files first, then takes the system's lock.
fn finish(machine: &Machine, session: Session) -> Reply {
    let Session { mut options, inherit, files, .. } = session;
    let files = files.into_values().collect();
    let read = match inherit {
        None => InstallFiles::read(files),
        Some(package) => {
            options.replace = true;
            InstallFiles::read_beside(installed(machine, &package), files)
        }
    };
    let done = read.and_then(|files| place(machine, files, options));
    match done {
        Ok(()) => Reply::out("Success\n"),
        Err(refusal) => Reply::out(format!("Failure [{refusal}]\n")).with_status(1),
    }
}

/// The files of an installed package, the base first; none when it is not installed.
fn installed(machine: &Machine, package: &str) -> Vec<Vec<u8>> {
    let (paths, now) = {
        let system = machine.system();
        let Some(package) = system.packages().get(package) else { return Vec::new() };
        let splits = package.splits.iter().map(|split| package.split_path(split));
        (std::iter::once(package.base_path()).chain(splits).collect::<Vec<_>>(), system.wall())
    };
    let disk = machine.files();
    let read = |path: &String| disk.read(Actor::root(now), path).ok().map(|bytes| bytes.as_ref().clone());
    paths.iter().filter_map(read).collect()
}

/// Installs, and puts the files where the package has its code.
fn place(machine: &Machine, files: InstallFiles, options: InstallOptions) -> Result<(), InstallRefusal> {
    let mut system = machine.system();
    let old = system.packages().get(&files.base.package).map(|p| p.code_path.clone());
    let name = system.install_facts(files.base.clone(), files.split_names(), options)?;
    let Some(package) = system.packages().get(&name) else { return Ok(()) };
    let root = Actor::root(system.wall());
    let mut disk = machine.files();
    if let Some(old) = old.filter(|old| *old != package.code_path) {
        let _ = disk.remove_all(root, &old);
    }
    // A disk that is full is told by `may_install`; what can't be written here only can't be pulled.
    let _ = disk.make_folders(root, &package.code_path, 0o755);
    let _ = disk.write_shared(root, &package.base_path(), &files.bytes, 0o644);
    for (split, bytes) in &files.splits {
        let _ = disk.write_shared(root, &package.split_path(split), bytes, 0o644);
    }
    Ok(())
}

fn read_file(call: &Call, path: &str) -> Option<Vec<u8>> {
    let path = crate::virtual_device::fs::path::absolute(&call.cwd, path);
    let now = call.machine.system().wall();
    // The installer reads the file itself, as the system.
    let bytes = call.machine.files().read(Actor::root(now), &path).ok()?;
    Some(bytes.as_ref().clone())
}

/// Reads so many bytes of standard input, or all of it.
async fn read_input(call: &Call, size: Option<usize>) -> Result<Vec<u8>, String> {
    let most = size.unwrap_or(LARGEST_INSTALL);
    if most > LARGEST_INSTALL {
        return Err("Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE: Failed to allocate]\n".into());
    }
    let mut bytes = Vec::with_capacity(most.min(64 << 20));
    let mut stdin = call.stdio.stdin.lock().await;
    while bytes.len() < most {
        let chunk = tokio::select! {
            chunk = stdin.recv() => chunk,
            () = call.stdio.hangup.cancelled() => None,
        };
        let Some(chunk) = chunk else { break };
        bytes.extend_from_slice(&chunk);
    }
    if size.is_some_and(|size| bytes.len() < size) {
        let text = format!("Error: expected {most} bytes but read {}\n", bytes.len());
        return Err(text);
    }
    bytes.truncate(most);
    Ok(bytes)
}
