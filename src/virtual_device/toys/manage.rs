//! `mkdir`, `rmdir`, `rm`, `mv`, `cp`, `ln`, `touch`, `chmod`, `chown`, `sync`.

use super::tool::{Tool, toy};
use crate::virtual_device::fs::{FilesError, Open, path};

/// Deepest folder copied.
const MAX_DEPTH: usize = 64;

toy!(
    /// `mkdir [-p] [-m mode] folder…`
    mkdir, mkdir_work
);

async fn mkdir_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("pv", "m", &[]).await else { return 1 };
    let wanted = flags.value('m').and_then(|text| u32::from_str_radix(text, 8).ok());
    let mode = wanted.unwrap_or(0o777);
    for name in &flags.rest {
        let (mut actor, at) = (tool.actor(), tool.absolute(name));
        if wanted.is_some() {
            actor.umask = 0;
        }
        let made = {
            let mut files = tool.call.machine.files();
            if flags.has('p') { files.make_folders(actor, &at, mode) } else { files.make_folder(actor, &at, mode) }
        };
        match made {
            Err(error) => tool.complain(&format!("'{name}': {error}")).await,
            Ok(_) if flags.has('v') => drop(tool.out(format!("mkdir: created directory '{name}'\n")).await),
            Ok(_) => {}
        }
    }
    tool.status
}

toy!(
    /// `rmdir [-p] folder…`
    rmdir, rmdir_work
);

async fn rmdir_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("p", "", &[]).await else { return 1 };
    for name in &flags.rest {
        let mut at = tool.absolute(name);
        loop {
            let removed = tool.call.machine.files().remove_folder(tool.actor(), &at);
            if tool.check(name, removed).await.is_none() || !flags.has('p') || path::folder(&at) == "/" {
                break;
            }
            at = path::folder(&at).to_owned();
        }
    }
    tool.status
}

toy!(
    /// `rm [-rf] name…`
    rm, rm_work
);

async fn rm_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("rRfiv", "", &[]).await else { return 1 };
    let deep = flags.has('r') || flags.has('R');
    for name in &flags.rest {
        let (actor, at) = (tool.actor(), tool.absolute(name));
        if ["/", ".", ".."].contains(&path::base(name)) {
            tool.complain(&format!("{name}: {}", FilesError::Invalid)).await;
            continue;
        }
        let removed = {
            let mut files = tool.call.machine.files();
            match files.link_stat(actor, &at) {
                Err(FilesError::Missing) if flags.has('f') => Ok(()),
                Err(error) => Err(error),
                Ok(_) if deep => files.remove_all(actor, &at),
                Ok(_) => files.remove_file(actor, &at),
            }
        };
        tool.check(name, removed).await;
    }
    tool.status
}

/// Where each source goes: into the target if that is a folder.
async fn targets(tool: &mut Tool, rest: &[String]) -> Option<Vec<(String, String)>> {
    let Some((target, sources)) = rest.split_last().filter(|(_, sources)| !sources.is_empty()) else {
        tool.complain(&format!("Needs {} argument", if rest.is_empty() { 2 } else { 1 })).await;
        return None;
    };
    let stat = tool.call.machine.files().stat(tool.actor(), &tool.absolute(target));
    let folder = stat.is_ok_and(|stat| stat.is_folder());
    if !folder && sources.len() > 1 {
        tool.complain(&format!("'{target}' not directory")).await;
        return None;
    }
    let place = |source: &String| if folder { path::join(target, path::base(source)) } else { target.clone() };
    Some(sources.iter().map(|source| (source.clone(), place(source))).collect())
}

toy!(
    /// `mv [-fn] source… target`
    mv, mv_work
);

async fn mv_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("finv", "", &[]).await else { return 1 };
    let Some(pairs) = targets(&mut tool, &flags.rest).await else { return 1 };
    for (from, to) in pairs {
        let (actor, source, target) = (tool.actor(), tool.absolute(&from), tool.absolute(&to));
        if flags.has('n') && tool.call.machine.files().exists(actor, &target) {
            continue;
        }
        let moved = tool.call.machine.files().rename(actor, &source, &target);
        if let Err(error) = moved {
            tool.complain(&format!("bad '{from}': {error}")).await;
        }
    }
    tool.status
}

toy!(
    /// `cp [-rafp] source… target`
    cp, cp_work
);

async fn cp_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("rRafpdPLinv", "", &[]).await else { return 1 };
    let deep = flags.has('r') || flags.has('R') || flags.has('a');
    let Some(pairs) = targets(&mut tool, &flags.rest).await else { return 1 };
    for (from, to) in pairs {
        let copied = copy(&tool, &tool.absolute(&from), &tool.absolute(&to), deep, 0);
        match copied {
            Ok(()) => {}
            Err(FilesError::IsFolder) if !deep => tool.complain(&format!("Skipped dir '{from}'")).await,
            Err(error) => tool.complain(&format!("{from}: {error}")).await,
        }
    }
    tool.status
}

fn copy(tool: &Tool, from: &str, to: &str, deep: bool, depth: usize) -> Result<(), FilesError> {
    if depth > MAX_DEPTH {
        return Err(FilesError::NameTooLong);
    }
    let actor = tool.actor();
    let mut files = tool.call.machine.files();
    let stat = files.stat(actor, from)?;
    if !stat.is_folder() {
        let content = files.read(actor, from)?;
        let id = files.create(actor, to, Open::Truncate, stat.mode & 0o777)?;
        return files.write_at(actor, id, Some(0), &content);
    }
    if !deep {
        return Err(FilesError::IsFolder);
    }
    let inside = files.list(actor, from)?;
    if !files.exists(actor, to) {
        files.make_folder(actor, to, stat.mode & 0o7777)?;
    }
    drop(files);
    for (name, _) in inside {
        copy(tool, &path::join(from, &name), &path::join(to, &name), true, depth + 1)?;
    }
    Ok(())
}

toy!(
    /// `ln [-sf] target name`
    ln, ln_work
);

async fn ln_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("sfnv", "", &[]).await else { return 1 };
    let (target, name) = match flags.rest.as_slice() {
        [target] => (target.clone(), path::base(target).to_owned()),
        [target, name] => (target.clone(), name.clone()),
        _ => {
            tool.complain("Needs 1 argument").await;
            return 1;
        }
    };
    let actor = tool.actor();
    let mut at = tool.absolute(&name);
    let source = tool.absolute(&target);
    let made = {
        let mut files = tool.call.machine.files();
        if files.stat(actor, &at).is_ok_and(|stat| stat.is_folder()) && !flags.has('n') {
            at = path::join(&at, path::base(&target));
        }
        if flags.has('f') {
            // A missing one is as good as a removed one; anything else shows in what follows.
            let _ = files.remove_file(actor, &at);
        }
        if flags.has('s') { files.symlink(actor, &target, &at) } else { files.link(actor, &source, &at) }
    };
    if let Err(error) = made {
        tool.complain(&format!("cannot create link from '{target}' to '{name}': {error}")).await;
    }
    tool.status
}

toy!(
    /// `touch [-c] [-d date] [-t digits] [-r file] file…`
    touch, touch_work
);

async fn touch_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("cam", "drt", &[]).await else { return 1 };
    let now = tool.actor().now;
    let mut when = now;
    if let Some((text, parsed)) = (flags.value('d').map(|text| (text, super::when::parse(text, now))))
        .or_else(|| flags.value('t').map(|text| (text, super::when::parse_digits(text, now))))
    {
        let Some(parsed) = parsed else {
            tool.complain(&format!("bad '{text}'")).await;
            return 1;
        };
        when = parsed;
    }
    if let Some(file) = flags.value('r') {
        let stat = tool.call.machine.files().stat(tool.actor(), &tool.absolute(file));
        let Some(stat) = tool.check(file, stat).await else { return 1 };
        when = stat.modified;
    }
    for name in &flags.rest {
        let (actor, at) = (tool.actor(), tool.absolute(name));
        let touched = {
            let mut files = tool.call.machine.files();
            match files.stat(actor, &at) {
                Ok(_) => files.set_modified(actor, &at, when),
                Err(FilesError::Missing) if flags.has('c') => Ok(()),
                Err(_) => {
                    let made = files.create(actor, &at, Open::Keep, 0o666);
                    made.and_then(|_| files.set_modified(actor, &at, when))
                }
            }
        };
        if let Err(error) = touched {
            tool.complain(&format!("'{name}': {error}")).await;
        }
    }
    tool.status
}

toy!(
    /// `chmod [-R] mode file…`
    chmod, chmod_work
);

async fn chmod_work(mut tool: Tool) -> i32 {
    // A mode may begin with a dash (`-x`), so options are only what stands before it.
    let words = tool.arguments().to_vec();
    let deep = words.first().is_some_and(|word| word == "-R");
    let rest = if deep { &words[1..] } else { &words[..] };
    let Some((mode, names)) = rest.split_first().filter(|(_, names)| !names.is_empty()) else {
        tool.complain("Needs 2 arguments").await;
        return 1;
    };
    for name in names {
        let mut todo = vec![tool.absolute(name)];
        while let Some(at) = todo.pop() {
            let actor = tool.actor();
            let changed = {
                let mut files = tool.call.machine.files();
                files.stat(actor, &at).and_then(|stat| {
                    if deep && stat.is_folder() {
                        let inside = files.list(actor, &at).unwrap_or_default();
                        todo.extend(inside.iter().map(|(name, _)| path::join(&at, name)));
                    }
                    let mode = changed_mode(stat.mode & 0o7777, mode).ok_or(FilesError::Invalid)?;
                    files.set_mode(actor, &at, mode)
                })
            };
            if let Err(error) = changed {
                tool.complain(&format!("chmod '{name}' to '{mode}': {error}").replace("chmod ", "")).await;
            }
        }
    }
    tool.status
}

/// A mode as `755` or `u+x,go-w`.
fn changed_mode(before: u32, text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777);
    }
    let mut mode = before;
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, rest) = clause.split_at(at);
        let who = if who.is_empty() || who == "a" { "ugo" } else { who };
        let mut bits = 0;
        for class in who.chars() {
            let shift = match class {
                'u' => 6,
                'g' => 3,
                'o' => 0,
                _ => return None,
            };
            for letter in rest[1..].chars() {
                bits |= match letter {
                    'r' => 4 << shift,
                    'w' => 2 << shift,
                    'x' => 1 << shift,
                    'X' => u32::from(before & 0o111 != 0) << shift,
                    's' if shift == 6 => 0o4000,
                    's' if shift == 3 => 0o2000,
                    't' => 0o1000,
                    _ => return None,
                };
            }
            if rest.starts_with('=') {
                mode &= !(7 << shift);
            }
        }
        mode = if rest.starts_with('-') { mode & !bits } else { mode | bits };
    }
    Some(mode)
}

toy!(
    /// `chown owner[:group] file…`, `chgrp group file…`
    chown, chown_work
);

async fn chown_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("Rhv", "", &[]).await else { return 1 };
    let Some((owner, names)) = flags.rest.split_first() else {
        tool.complain("Needs 2 arguments").await;
        return 1;
    };
    let (user, group) = match tool.name() == "chgrp" {
        true => ("", owner.as_str()),
        false => owner.split_once([':', '.']).unwrap_or((owner, "")),
    };
    for (kind, who) in [("user", user), ("group", group)] {
        if !who.is_empty() && super::people::uid_of(who).is_none() {
            tool.complain(&format!("bad {kind} '{who}'")).await;
            return 1;
        }
    }
    for name in names {
        let (actor, at) = (tool.actor(), tool.absolute(name));
        let changed = {
            let mut files = tool.call.machine.files();
            files.stat(actor, &at).and_then(|stat| {
                let id = |who: &str, now| super::people::uid_of(who).unwrap_or(now);
                files.set_owner(actor, &at, id(user, stat.uid), id(group, stat.gid))
            })
        };
        if let Err(error) = changed {
            tool.complain(&format!("'{name}' to '{owner}': {error}")).await;
        }
    }
    tool.status
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_read_in_both_forms() {
        assert_eq!(changed_mode(0o644, "755"), Some(0o755));
        assert_eq!(changed_mode(0o644, "+x"), Some(0o755));
        assert_eq!(changed_mode(0o777, "go-w,u=r"), Some(0o455));
        assert_eq!((changed_mode(0, "9"), changed_mode(0, "z+x"), changed_mode(0, "rw")), (None, None, None));
    }
}
