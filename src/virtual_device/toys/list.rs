//! `ls`, `stat`.

use super::label;
use super::people::name_of;
use super::tool::{Flags, Tool, toy};
use super::when;
use crate::virtual_device::fs::{FilesError, Stat, path};

/// Most entries listed.
const MAX_ENTRIES: usize = 200_000;

toy!(
    /// `ls [-1AadlnRrtShiCF] [name…]`
    ls, ls_work
);

async fn ls_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("1AadlnRrtShiCFpqogLkZs", "", &[("color", 'G')]).await else { return 1 };
    let names = if flags.rest.is_empty() { vec![".".to_owned()] } else { flags.rest.clone() };
    let (mut plain, mut folders) = (Vec::new(), Vec::new());
    for name in names {
        let at = tool.absolute(&name);
        let stat = {
            let files = tool.call.machine.files();
            let long = flags.has('l') || flags.has('d');
            let stat = files.link_stat(tool.actor(), &at);
            match stat {
                Ok(stat) if stat.is_link() && !long => files.stat(tool.actor(), &at).or(Ok(stat)),
                other => other,
            }
        };
        match stat {
            Ok(stat) if stat.is_folder() && !flags.has('d') => folders.push(name),
            Ok(stat) => plain.push((name, stat)),
            Err(error) => missing(&mut tool, &name, error).await,
        }
    }
    let many = folders.len() + usize::from(!plain.is_empty()) > 1 || flags.has('R');
    let mut first = plain.is_empty();
    tool.out(rows(&tool, &flags, plain, None)).await;
    let mut listed = 0;
    folders.reverse();
    while let Some(folder) = folders.pop() {
        let inside = tool.call.machine.files().list(tool.actor(), &tool.absolute(&folder));
        let Some(mut entries) = tool.check(&folder, inside).await else { continue };
        if flags.has('a') {
            let here =
                |at: &str| tool.call.machine.files().stat(tool.actor(), &path::join(&tool.absolute(&folder), at));
            let dots: Vec<_> = [".", ".."].iter().filter_map(|at| Some(((*at).to_owned(), here(at).ok()?))).collect();
            entries.splice(0..0, dots);
        } else if !flags.has('A') {
            entries.retain(|(name, _)| !name.starts_with('.'));
        }
        listed += entries.len();
        if listed > MAX_ENTRIES {
            break;
        }
        if flags.has('R') {
            let below = entries.iter().rev().filter(|(name, stat)| stat.is_folder() && name != "." && name != "..");
            folders.extend(below.map(|(name, _)| path::join(&folder, name)));
        }
        let head = if many { format!("{}{folder}:\n", if first { "" } else { "\n" }) } else { String::new() };
        first = false;
        if !tool.out(head + &rows(&tool, &flags, entries, Some(&folder))).await {
            break;
        }
    }
    tool.status
}

async fn missing(tool: &mut Tool, name: &str, error: FilesError) {
    if tool.call.machine.profile.api <= 23 {
        // Captured on API 23: toolbox's ls says no name.
        tool.call.stdio.err(format!("{name}: {error}\n")).await;
        tool.status = 1;
        return;
    }
    tool.complain(&format!("{name}: {error}")).await;
}

/// Rows of what a folder holds, or of what was named.
fn rows(tool: &Tool, flags: &Flags, mut entries: Vec<(String, Stat)>, folder: Option<&str>) -> String {
    let label = |name: &str, stat: &Stat| match flags.has('Z') {
        true => {
            let at = folder.map_or_else(|| name.to_owned(), |folder| path::join(folder, name));
            label::of(&path::lexical(&tool.absolute(&at)), stat.uid) + " "
        }
        false => String::new(),
    };
    if flags.has('t') {
        entries.sort_by_key(|(_, stat)| std::cmp::Reverse(stat.modified));
    }
    if flags.has('S') {
        entries.sort_by_key(|(_, stat)| std::cmp::Reverse(stat.size));
    }
    if flags.has('r') {
        entries.reverse();
    }
    if !flags.has('l') {
        let inode = |stat: &Stat| if flags.has('i') { format!("{} ", stat.inode) } else { String::new() };
        return entries
            .iter()
            .map(|(name, stat)| format!("{}{}{}\n", inode(stat), label(name, stat), marked(flags, name, stat)))
            .collect();
    }
    let api = tool.call.machine.profile.api;
    let blocks: u64 = entries.iter().map(|(_, stat)| stat.size.div_ceil(4096) * 4).sum();
    let total = if folder.is_some() && api > 23 { format!("total {blocks}\n") } else { String::new() };
    total + &entries.iter().map(|(name, stat)| long(flags, name, stat, (&label(name, stat), api))).collect::<String>()
}

fn marked(flags: &Flags, name: &str, stat: &Stat) -> String {
    let mark = match (flags.has('F') || flags.has('p'), stat.is_folder()) {
        (true, true) => "/",
        (true, false) if flags.has('F') && stat.is_link() => "@",
        (true, false) if flags.has('F') && stat.mode & 0o111 != 0 => "*",
        _ => "",
    };
    format!("{name}{mark}")
}

fn long(flags: &Flags, name: &str, stat: &Stat, (label, api): (&str, u32)) -> String {
    let who = |id: u32| if flags.has('n') { id.to_string() } else { name_of(id) };
    let size = if flags.has('h') { human(stat.size) } else { stat.size.to_string() };
    let time = when::format(stat.modified, "%Y-%m-%d %H:%M");
    let arrow = stat.target.as_ref().map(|target| format!(" -> {target}")).unwrap_or_default();
    let (mode, user, group) = (stat.mode_words(), who(stat.uid), who(stat.gid));
    let name = marked(flags, name, stat);
    if api <= 23 {
        // Captured: toolbox's columns; folders and links have no size.
        let size = if stat.is_file() { size } else { String::new() };
        return format!("{mode} {user:<8} {group:<8} {size:>8} {time} {name}{arrow}\n");
    }
    format!("{mode} {links:>2} {user} {group} {label}{size:>6} {time} {name}{arrow}\n", links = stat.links)
}

fn human(size: u64) -> String {
    match size {
        0..1024 => size.to_string(),
        1024..1_048_576 => format!("{}.{}K", size >> 10, ((size & 1023) * 10) >> 10),
        _ => format!("{}.{}M", size >> 20, (((size >> 10) & 1023) * 10) >> 10),
    }
}

toy!(
    /// `stat [-c format] file…`
    stat, stat_work
);

async fn stat_work(mut tool: Tool) -> i32 {
    let Some(flags) = tool.flags("fLt", "c", &[]).await else { return 1 };
    for name in &flags.rest {
        let stat = {
            let (files, at) = (tool.call.machine.files(), tool.absolute(name));
            if flags.has('L') { files.stat(tool.actor(), &at) } else { files.link_stat(tool.actor(), &at) }
        };
        let stat = match stat {
            Ok(stat) => stat,
            Err(error) => {
                tool.complain(&format!("'{name}': {error}")).await;
                continue;
            }
        };
        let text = match flags.value('c') {
            Some(format) => formatted(format, name, &stat) + "\n",
            None => described(name, &stat),
        };
        tool.out(text).await;
    }
    tool.status
}

fn kind(stat: &Stat) -> &'static str {
    if stat.is_folder() {
        "directory"
    } else if stat.is_link() {
        "symbolic link"
    } else if stat.is_device() {
        "character device"
    } else if stat.size == 0 {
        "regular empty file"
    } else {
        "regular file"
    }
}

fn formatted(format: &str, name: &str, stat: &Stat) -> String {
    let mut text = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        text += &match chars.next() {
            Some('n') => name.to_owned(),
            Some('s') => stat.size.to_string(),
            Some('a') => format!("{:o}", stat.mode & 0o7777),
            Some('A') => stat.mode_words(),
            Some('f') => format!("{:x}", stat.mode),
            Some('F') => kind(stat).to_owned(),
            Some('u') => stat.uid.to_string(),
            Some('g') => stat.gid.to_string(),
            Some('U') => name_of(stat.uid),
            Some('G') => name_of(stat.gid),
            Some('h') => stat.links.to_string(),
            Some('i') => stat.inode.to_string(),
            Some('b') => (stat.size.div_ceil(4096) * 8).to_string(),
            Some('B') => "512".to_owned(),
            Some('X' | 'Y' | 'Z') => stat.modified.div_euclid(1000).to_string(),
            Some('x' | 'y' | 'z') => when::format(stat.modified, "%Y-%m-%d %H:%M:%S.%N"),
            Some('N') => match &stat.target {
                Some(target) => format!("`{name}' -> `{target}'"),
                None => format!("`{name}'"),
            },
            Some(other) => format!("%{other}"),
            None => "%".to_owned(),
        };
    }
    text
}

/// The layout captured on API 23.
fn described(name: &str, stat: &Stat) -> String {
    let time = when::format(stat.modified, "%Y-%m-%d %H:%M:%S.%N");
    let link = stat.target.as_ref().map(|target| format!(" -> `{target}'")).unwrap_or_default();
    format!(
        "  File: `{name}'{link}\n  Size: {size}\t Blocks: {blocks}\t IO Blocks: 4096\t{kind}\n\
         Device: fe00h/65024d\t Inode: {inode}\t Links: {links}\n\
         Access: ({mode:o}/{words})\tUid: ({uid}/{user:>8})\tGid: ({gid}/{group:>8})\n\
         Access: {time}\nModify: {time}\nChange: {time}\n",
        size = stat.size,
        blocks = stat.size.div_ceil(4096) * 8,
        kind = kind(stat),
        inode = stat.inode,
        links = stat.links,
        mode = stat.mode & 0o7777,
        words = stat.mode_words(),
        uid = stat.uid,
        user = name_of(stat.uid),
        gid = stat.gid,
        group = name_of(stat.gid),
    )
}
