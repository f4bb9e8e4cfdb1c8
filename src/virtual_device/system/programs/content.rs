//! `content`: queries and changes of the settings provider; the other providers hold nothing. MODEL: AOSP's `Content`;
//! no capture has it.

use super::reply::{Cost, Reply, answer};
use crate::virtual_device::process::{Call, Running};
use crate::virtual_device::system::{System, Table};

const USAGE: &str = "usage: adb shell content [subcommand] [options]\n\nusage: adb shell content insert --uri <URI> [--user <USER_ID>] --bind <BINDING> [--bind <BINDING>...]\n  <URI> a content provider URI.\n  <BINDING> binds a typed value to a column and is formatted:\n  <COLUMN_NAME>:<TYPE>:<COLUMN_VALUE> where:\n  <TYPE> specifies data type such as:\n  b - boolean, s - string, i - integer, l - long, f - float, d - double, n - null\n\nusage: adb shell content update --uri <URI> [--user <USER_ID>] [--where <WHERE>]\n\nusage: adb shell content delete --uri <URI> [--user <USER_ID>] --bind <BINDING> [--bind <BINDING>...] [--where <WHERE>]\n\nusage: adb shell content query --uri <URI> [--user <USER_ID>] [--projection <PROJECTION>] [--where <WHERE>] [--sort <SORT_ORDER>]\n\n";

/// Options of one call.
#[derive(Default)]
struct Options<'a> {
    uri: &'a str,
    columns: Vec<&'a str>,
    wanted: Option<&'a str>,
    binds: Vec<(&'a str, &'a str)>,
}

/// `content`.
pub fn program(call: Call) -> Running {
    answer(call, Cost::Java, run)
}

fn run(system: &mut System, call: &Call) -> Reply {
    let args: Vec<&str> = call.argv.iter().skip(1).map(String::as_str).collect();
    let Some((command, rest)) = args.split_first() else { return Reply::err(USAGE, 1) };
    let options = match options(rest) {
        Ok(options) => options,
        Err(mistake) => return Reply::err(format!("[ERROR] {mistake}\n{USAGE}"), 1),
    };
    let rest = options.uri.trim_start_matches("content://");
    let mut path = rest.split('/');
    let (authority, table, key) = (path.next().unwrap_or_default(), path.next(), path.next());
    if ![
        "settings",
        "sms",
        "contacts",
        "com.android.contacts",
        "call_log",
        "media",
        "com.android.calendar",
        "telephony",
    ]
    .contains(&authority)
    {
        let text = format!(
            "Error while accessing provider:{authority}\njava.lang.IllegalStateException: Could not find provider: {authority}\n"
        );
        return Reply::err(text, 1);
    }
    let table = table.filter(|_| authority == "settings").and_then(Table::named);
    let bound = |name: &str| options.binds.iter().find(|(column, _)| *column == name).map(|(_, value)| *value);
    match (*command, table) {
        ("query", Some(table)) => Reply::out(rows(system, table, key.or(options.wanted), &options.columns)),
        ("query", None) => {
            let text = personal_rows(authority, rest, &options.columns);
            Reply::out(if text.is_empty() { "No result found.\n".to_owned() } else { text })
        }
        ("insert" | "update", Some(table)) => {
            if let (Some(name), Some(value)) = (bound("name").or(key).or(options.wanted), bound("value")) {
                system.settings_mut().put(table, name, value);
            }
            Reply::default()
        }
        ("delete", Some(table)) => {
            if let Some(name) = key.or(options.wanted) {
                system.settings_mut().delete(table, name);
            }
            Reply::default()
        }
        ("insert" | "update" | "delete" | "call" | "read" | "gettype", _) => Reply::default(),
        (other, _) => Reply::err(format!("[ERROR] Unsupported operation: {other}\n{USAGE}"), 1),
    }
}

fn options<'a>(args: &[&'a str]) -> Result<Options<'a>, String> {
    let mut options = Options::default();
    let mut words = args.iter().copied();
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("No argument value for {word}"))?;
        match word {
            "--uri" => options.uri = value,
            "--projection" => options.columns = value.split(':').collect(),
            "--where" => options.wanted = named(value),
            "--bind" => {
                let mut parts = value.splitn(3, ':');
                let (Some(column), Some(_), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
                    return Err(format!("Binding not well formed: {value}"));
                };
                options.binds.push((column, value));
            }
            "--user" | "--sort" | "--arg" | "--method" | "--extra" => {}
            other => return Err(format!("Unsupported argument: {other}")),
        }
    }
    if options.uri.is_empty() {
        return Err("Missing uri argument".into());
    }
    Ok(options)
}

/// The name a condition `name='NAME'` asks for.
fn named(condition: &str) -> Option<&str> {
    let value = condition.trim().strip_prefix("name")?.trim_start().strip_prefix('=')?.trim();
    Some(value.trim_matches(['\'', '"']))
}

/// The personal data that lies on the device, of the two providers that testers ask for it.
fn personal_rows(authority: &str, path: &str, columns: &[&str]) -> String {
    use crate::virtual_device::system::personal::{CONTACTS, NUMBER};
    let rows: Vec<Vec<(&str, String)>> = match (authority, path) {
        ("telephony", "telephony/siminfo") => {
            vec![vec![("_id", "1".to_owned()), ("display_name", "T-Mobile".to_owned()), ("number", NUMBER.to_owned())]]
        }
        ("com.android.contacts", "com.android.contacts/data/phones") => {
            let row = |(n, (name, number)): (usize, &(&str, &str))| {
                vec![
                    ("_id", (n + 1).to_string()),
                    ("display_name", (*name).to_owned()),
                    ("data1", (*number).to_owned()),
                ]
            };
            CONTACTS.iter().enumerate().map(row).collect()
        }
        _ => Vec::new(),
    };
    let shown = |column: &str| columns.is_empty() || columns.contains(&column);
    let line = |(n, row): (usize, Vec<(&str, String)>)| {
        let cells = row.iter().filter(|(column, _)| shown(column)).map(|(column, value)| format!("{column}={value}"));
        format!("Row: {n} {}\n", cells.collect::<Vec<_>>().join(", "))
    };
    rows.into_iter().enumerate().map(line).collect()
}

fn rows(system: &System, table: Table, wanted: Option<&str>, columns: &[&str]) -> String {
    let found =
        system.settings().list(table).enumerate().filter(|(_, (key, _))| wanted.is_none_or(|name| name == *key));
    let shown = |column: &str| columns.is_empty() || columns.contains(&column);
    let rows = found.enumerate().map(|(row, (n, (key, value)))| {
        let cells = [("_id", (n + 1).to_string()), ("name", key.to_string()), ("value", value.to_string())];
        let cells: Vec<String> = cells
            .iter()
            .filter(|(column, _)| shown(column))
            .map(|(column, value)| format!("{column}={value}"))
            .collect();
        format!("Row: {row} {}\n", cells.join(", "))
    });
    let text: String = rows.collect();
    if text.is_empty() { "No result found.\n".into() } else { text }
}
