//! `pm resolve-activity` and `pm query-…`: which components answer an intent. Source: AOSP
//! `PackageManagerShellCommand.runResolveActivity`, `printResolveInfo`; MODEL: of the long form the lines that do not
//! depend on an app's resources.

use super::am_intent;
use super::reply::Reply;
use crate::virtual_device::system::{Component, Intent, System};

/// How the answer is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Long,
    Brief,
    Components,
}

/// What was asked: the form, and the intent.
fn asked(args: &[&str]) -> Result<(Form, Intent), String> {
    let mut form = Form::Long;
    let mut rest = Vec::new();
    let mut words = args.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "--brief" => form = Form::Brief,
            "--components" => form = Form::Components,
            "--query-flags" => drop(words.next()),
            word => rest.push(word),
        }
    }
    am_intent::read(&rest).map(|asked| (form, asked.intent))
}

/// `pm resolve-activity [--brief] [--components] INTENT`
pub fn resolve(system: &System, args: &[&str]) -> Reply {
    match asked(args) {
        Err(text) => Reply::err(text, 1),
        Ok((form, intent)) => match system.resolved(&intent) {
            Some(component) => Reply::out(written(system, &component, form, "", true)),
            None => Reply::out("No activity found\n"),
        },
    }
}

/// `pm query-activities`, `query-services`, `query-receivers`: specimens tell of no services and receivers.
pub fn query(system: &System, args: &[&str], what: &str) -> Reply {
    let (form, intent) = match asked(args) {
        Ok(asked) => asked,
        Err(text) => return Reply::err(text, 1),
    };
    let found = if what == "activities" { answering(system, &intent) } else { Vec::new() };
    if found.is_empty() {
        return Reply::out(format!("No {what} found\n"));
    }
    if form == Form::Components {
        return Reply::out(found.iter().map(|component| format!("{}\n", component.short())).collect::<String>());
    }
    let mut out = format!("{} {what} found:\n", found.len());
    for (at, component) in found.iter().enumerate() {
        out += &format!("  Activity #{at}:\n{}", written(system, component, form, "    ", false));
    }
    Reply::out(out)
}

/// Every launcher's entry, or what the one intent leads to.
fn answering(system: &System, intent: &Intent) -> Vec<Component> {
    let launcher = intent.categories.iter().any(|category| category == "android.intent.category.LAUNCHER");
    let main = intent.action.as_deref() == Some("android.intent.action.MAIN");
    if !(launcher && main) || intent.component.is_some() {
        return system.resolved(intent).into_iter().collect();
    }
    let named = |package: &str| intent.package.as_deref().is_none_or(|wanted| wanted == package);
    let enabled = system.packages().values().filter(|p| named(p.name()) && !matches!(p.enabled, 2 | 3));
    enabled.filter_map(|package| package.facts.main()).collect()
}

fn written(system: &System, component: &Component, form: Form, indent: &str, default: bool) -> String {
    let short = component.short();
    let head = format!("{indent}priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault={default}\n");
    match form {
        Form::Components => format!("{indent}{short}\n"),
        Form::Brief => format!("{head}{indent}{short}\n"),
        Form::Long => {
            let package = &component.package;
            let owner = system.packages().get(package);
            let (uid, path) = owner.map_or((0, String::new()), |p| (p.uid, p.base_path()));
            let code = owner.map_or(0, |p| p.facts.version_code);
            format!(
                "{head}{indent}ActivityInfo:\n{indent}  name={}\n{indent}  packageName={package}\n{indent}  enabled=true exported=true directBootAware=false\n{indent}  taskAffinity={package} targetActivity=null persistableMode=PERSIST_ROOT_ONLY\n{indent}  launchMode=0 flags=0x0 theme=0x0\n{indent}  ApplicationInfo:\n{indent}    packageName={package}\n{indent}    processName={package}\n{indent}    taskAffinity={package}\n{indent}    uid={uid} flags=0x0 privateFlags=0x0 theme=0x0\n{indent}    sourceDir={path}\n{indent}    dataDir=/data/user/0/{package}\n{indent}    enabled=true versionCode={code}\n",
                component.class
            )
        }
    }
}
