//! `basename`, `dirname`, `readlink`, `realpath`, `which`, `env`, `printenv`, `nice`, `toybox`, `xargs`.

use super::tool::{Tool, toy};
use crate::virtual_device::fs::{FilesError, path};
use crate::virtual_device::process::Call;
use crate::virtual_device::programs;

toy!(
    /// `basename path [suffix]`
    basename, basename_work
);

async fn basename_work(tool: Tool) -> i32 {
    let words = tool.arguments();
    let base = path::base(words.first().map_or("", String::as_str));
    let suffix = words.get(1).map_or("", String::as_str);
    let shown = base.strip_suffix(suffix).filter(|rest| !rest.is_empty()).unwrap_or(base);
    let line = format!("{shown}\n");
    tool.finish(line).await
}

toy!(
    /// `dirname path…`
    dirname, dirname_work
);

async fn dirname_work(tool: Tool) -> i32 {
    let text: String = tool.arguments().iter().map(|name| format!("{}\n", path::folder(name))).collect();
    tool.finish(text).await
}

toy!(
    /// `readlink [-f] path`
    readlink, readlink_work
);

async fn readlink_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("fenq", "", &[]).await else { return 1 };
    for name in &flags.rest {
        let target = {
            let (files, at) = (tool.call.machine.files(), tool.absolute(name));
            match flags.has('f') || flags.has('e') {
                true => files.real_path(tool.actor(), &at).ok(),
                false => files.link_stat(tool.actor(), &at).ok().and_then(|stat| stat.target),
            }
        };
        match target {
            Some(target) => drop(tool.out(target + "\n").await),
            None => tool.status = 1,
        }
    }
    tool.status
}

toy!(
    /// `realpath path…`
    realpath, realpath_work
);

async fn realpath_work(mut tool: Tool) -> i32 {
    for name in tool.arguments().to_vec() {
        let real = tool.call.machine.files().real_path(tool.actor(), &tool.absolute(&name));
        if let Some(real) = tool.check(&name, real).await {
            tool.out(real + "\n").await;
        }
    }
    tool.status
}

/// Where along PATH a program is.
fn located(tool: &Tool, name: &str) -> Option<String> {
    let files = tool.call.machine.files();
    let search = tool.call.env.get("PATH").map_or("/system/bin", String::as_str);
    let mut candidates: Box<dyn Iterator<Item = String>> = match name.contains('/') {
        true => Box::new(std::iter::once(tool.absolute(name))),
        false => Box::new(search.split(':').map(|folder| path::join(folder, name))),
    };
    candidates.find(|at| files.stat(tool.actor(), at).is_ok_and(|stat| stat.is_file() && stat.mode & 0o111 != 0))
}

toy!(
    /// `which name…`
    which, which_work
);

async fn which_work(mut tool: Tool) -> i32 {
    for name in tool.arguments().to_vec().iter().filter(|name| *name != "-a") {
        match located(&tool, name) {
            Some(at) => drop(tool.out(at + "\n").await),
            None => tool.status = 1,
        }
    }
    tool.status
}

/// Runs a program for a toy that runs programs; 127 when there is none.
pub(super) async fn run(tool: &mut Tool, argv: Vec<String>, call: Call) -> i32 {
    let name = argv.first().cloned().unwrap_or_default();
    let program = located(tool, &name).and_then(|at| programs::find(path::base(&at)));
    match program {
        Some(program) => program(Call { argv, ..call }).await,
        None => {
            tool.complain(&format!("exec {name}: {}", FilesError::Missing)).await;
            127
        }
    }
}

toy!(
    /// `env [-i] [name=value…] [program [argument…]]`
    env, env_work
);

async fn env_work(mut tool: Tool) -> i32 {
    let mut words = tool.arguments().to_vec();
    let mut call = tool.call.clone();
    if words.first().is_some_and(|word| word == "-i") {
        call.env.clear();
        words.remove(0);
    }
    while let Some((name, value)) = words.first().and_then(|word| word.split_once('=')) {
        call.env.insert(name.to_owned(), value.to_owned());
        words.remove(0);
    }
    if !words.is_empty() {
        return run(&mut tool, words, call).await;
    }
    let text: String = call.env.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    tool.finish(text).await
}

toy!(
    /// `nohup program [argument…]`, `setsid program [argument…]`
    nohup, nohup_work
);

async fn nohup_work(mut tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    let mut call = tool.call.clone();
    call.stdio.hangup = tokio_util::sync::CancellationToken::new();
    run(&mut tool, words, call).await
}

toy!(
    /// `timeout seconds program [argument…]`
    timeout, timeout_work
);

async fn timeout_work(mut tool: Tool) -> i32 {
    let words: Vec<String> = tool.arguments().to_vec();
    let seconds = words.first().and_then(|word| word.trim_end_matches('s').parse::<f64>().ok());
    let limit = seconds.and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok());
    let Some(limit) = limit.filter(|_| words.len() > 1) else {
        tool.complain("Needs 2 arguments").await;
        return 125;
    };
    let (clock, call) = (tool.call.machine.clock.clone(), tool.call.clone());
    clock.within(limit, run(&mut tool, words[1..].to_vec(), call)).await.unwrap_or(124)
}

/// Programs of Android's that stand among the toys here and are none of toybox's.
const OTHERS: [&str; 10] = ["awk", "getevent", "ip", "log", "ping", "su", "toolbox", "toybox", "usleep", "nproc"];

/// The toys' names, in lines of about 70 letters (toybox's `toybox_main`).
fn listed() -> String {
    let mut names: Vec<&str> = super::table().iter().map(|(name, _)| *name).collect();
    names.retain(|name| !OTHERS.contains(name));
    names.sort_unstable();
    let (mut text, mut length) = (String::new(), 0);
    for name in names {
        length += name.len() + 1;
        text += name;
        text.push(if length > 65 { '\n' } else { ' ' });
        length = if length > 65 { 0 } else { length };
    }
    if length > 0 { text + "\n" } else { text }
}

toy!(
    /// `printenv [name…]`
    printenv, printenv_work
);

async fn printenv_work(mut tool: Tool) -> i32 {
    let names = tool.arguments().to_vec();
    let all = tool.call.env.clone();
    if names.is_empty() {
        return tool.finish(all.iter().map(|(name, value)| format!("{name}={value}\n")).collect::<String>()).await;
    }
    for name in names {
        match all.get(&name) {
            Some(value) => drop(tool.out(format!("{value}\n")).await),
            None => tool.status = 1,
        }
    }
    tool.status
}

toy!(
    /// `nice [-n number] program [argument…]`: here no program has to be nice.
    nice, nice_work
);

async fn nice_work(mut tool: Tool) -> i32 {
    let mut words = tool.arguments().to_vec();
    if words.first().is_some_and(|word| word == "-n") {
        words.drain(..2.min(words.len()));
    }
    if words.is_empty() {
        return tool.finish("0\n").await;
    }
    let call = tool.call.clone();
    run(&mut tool, words, call).await
}

toy!(
    /// `toybox [name [argument…]]`
    toybox, toybox_work
);

async fn toybox_work(mut tool: Tool) -> i32 {
    let words = tool.arguments().to_vec();
    if words.is_empty() {
        return tool.finish(listed()).await;
    }
    if words[0] == "--version" {
        return tool.finish("toybox 0.8.9-android\n").await;
    }
    let known = super::table().iter().find(|(name, _)| *name == words[0]).map(|(_, program)| *program);
    match known {
        Some(program) => program(Call { argv: words, ..tool.call.clone() }).await,
        None => {
            tool.complain(&format!("Unknown command {}", words[0])).await;
            127
        }
    }
}

/// Most arguments one `xargs` run passes on.
const MAX_BATCH: usize = 4096;

toy!(
    /// `xargs [-0r] [-n count] [-I text] [program [argument…]]`
    xargs, xargs_work
);

async fn xargs_work(mut tool: Tool) -> i32 {
    // Options end at the program's name: what follows belongs to it.
    let words = tool.arguments().to_vec();
    let (mut at, mut zero, mut batch, mut place) = (0, false, MAX_BATCH, None);
    while let Some(flag) = words.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
        match (&flag[1..2], &flag[2..]) {
            ("0", _) => zero = true,
            ("n", "") => {
                at += 1;
                batch = words.get(at).and_then(|word| word.parse().ok()).unwrap_or(MAX_BATCH);
            }
            ("n", number) => batch = number.parse().unwrap_or(MAX_BATCH),
            ("I", "") => {
                at += 1;
                place = words.get(at).cloned();
            }
            ("I", text) => place = Some(text.to_owned()),
            _ => {}
        }
        at += 1;
    }
    let mut command = words[at..].to_vec();
    if command.is_empty() {
        command.push("echo".into());
    }
    let Some(content) = tool.read("-").await else { return 1 };
    let text = String::from_utf8_lossy(&content).into_owned();
    let items: Vec<&str> = match (zero, &place) {
        (true, _) => text.split('\0').filter(|item| !item.is_empty()).collect(),
        (false, Some(_)) => text.lines().collect(),
        (false, None) => text.split_whitespace().collect(),
    };
    let mut status = 0;
    let batch = if place.is_some() { 1 } else { batch.clamp(1, MAX_BATCH) };
    for group in items.chunks(batch) {
        let argv: Vec<String> = match &place {
            Some(place) => command.iter().map(|word| word.replace(place.as_str(), group[0])).collect(),
            None => command.iter().cloned().chain(group.iter().map(|item| (*item).to_owned())).collect(),
        };
        let call = tool.call.clone();
        if run(&mut tool, argv, call).await != 0 {
            status = 123;
        }
    }
    status
}
