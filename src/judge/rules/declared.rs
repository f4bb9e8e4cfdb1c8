//! What the app's file declares, beside what it needed.

use std::collections::BTreeSet;

use super::Rule;
use super::access::too_late;
use crate::journal::entry::{AppFacts, DataKind, FunctionOutcome, LimitKind, ObservedKind, PopupRole};
use crate::judge::case::{Case, Uninstalled};
use crate::judge::permission;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight;
use crate::judge::sight::Need::{Accesses, Category, Launch, Screens};
use crate::ui::Names;

pub(super) const RULES: &[Rule] = &[
    Rule { finding: "declares-more-than-needed", needs: &[Category], decide: declares_more },
    Rule { finding: "declared-never-used", needs: &[Launch, Screens, Accesses], decide: declared_never_used },
    Rule { finding: "old-target-blanket-grant", needs: &[], decide: old_target },
    Rule { finding: "installed-app-list-read", needs: &[], decide: installed_app_list },
    Rule { finding: "hard-to-uninstall", needs: &[], decide: hard_to_uninstall },
];

/// Opens the list of installed apps without a question (AOSP, API 30 and later).
const QUERY_ALL_PACKAGES: &str = "android.permission.QUERY_ALL_PACKAGES";

/// What the app's file says, when the record holds it.
fn facts<'a>(case: &Case<'a>) -> Result<&'a AppFacts, Box<Ruling>> {
    let facts = case.opened.map(|o| &o.app).filter(|app| !app.package.is_empty() && !app.files.is_empty());
    facts.ok_or_else(|| Ruling::not_assessable("the app's file was not read").into())
}

/// Declared dangerous permissions that open personal information.
fn dangerous(facts: &AppFacts) -> impl Iterator<Item = (&str, &'static str)> {
    let grouped = facts.permissions.iter().filter_map(|p| permission::group(p).map(|group| (p.as_str(), group)));
    grouped.filter(|(_, group)| *group != permission::NOTIFICATIONS)
}

/// Groups the app read by, or asked for when the person's own act called for it.
fn in_use<'c>(case: &'c Case) -> BTreeSet<&'c str> {
    let read = case.reads().map(|(_, _, what)| what);
    let called_for = case.permission_prompts().filter(|p| p.shown.after_tap.is_some());
    read.chain(called_for.flat_map(|p| &p.groups).map(String::as_str)).chain(spoken_of(case)).collect()
}

/// Groups that windows of the app spoke of: closing such a window is a refusal, and the system's question never comes.
fn spoken_of<'c>(case: &'c Case) -> Vec<&'c str> {
    let pleas = case.popups.iter().filter(|p| p.shown.role == PopupRole::PermissionPlea && p.shown.opened_by == "tap");
    pleas.flat_map(|plea| case.lexicon().named(&plea.shown.words, Names::Spoken)).collect()
}

fn short(names: &[&str]) -> String {
    names.iter().map(|n| n.strip_prefix("android.permission.").unwrap_or(n)).collect::<Vec<_>>().join(", ")
}

fn declares_more(case: &Case, _: &Marks) -> Ruled {
    let facts = facts(case)?;
    let category = case.category.ok_or_else(|| Ruling::not_assessable("no category"))?;
    let listed = |p: &str| category.needs_permission(p) || category.allows_on_action(p);
    let beyond: Vec<(&str, &str)> = dangerous(facts).filter(|(p, _)| !listed(p)).collect();
    if beyond.is_empty() {
        return Ok(Ruling::not_observed(format!(
            "every dangerous permission it declares is in the lists of {}",
            category.id
        ))
        .on([0]));
    }
    if case.launches.is_empty() || case.limited(LimitKind::NoModel).is_some() {
        let names: Vec<&str> = beyond.iter().map(|(p, _)| *p).collect();
        let words = format!("whether a function needs {} is not known: the app was not exercised", short(&names));
        return Ok(Ruling::not_assessable(words).on([0]));
    }
    let used = in_use(case);
    let names: Vec<&str> = beyond.iter().filter(|(_, group)| !used.contains(group)).map(|(p, _)| *p).collect();
    Ok(match names.is_empty() {
        true => Ruling::not_observed("what goes beyond the category's lists was in use").on([0]),
        false => Ruling::observed(format!(
            "declares {}, which category {} does not call for and which was not in use in this run",
            short(&names),
            category.id
        ))
        .on([0])
        .for_review(true),
    })
}

/// Why the run can't have seen all that the app's functions ask for and use.
fn cut_short(case: &Case) -> Option<String> {
    let unseen =
        case.suppressed.first().map(|(at, _)| format!("it asked for something, and no question came (#{})", at.seq));
    let failed = case.functions.iter().find(|f| f.outcome == FunctionOutcome::Fails);
    let failed = failed.map(|f| format!("the function {:?} did not work (#{})", f.name, f.at.seq));
    sight::doubt(case, &[Launch, Screens, Accesses], 0, u64::MAX).or(unseen).or(failed)
}

fn declared_never_used(case: &Case, _: &Marks) -> Ruled {
    let facts = facts(case)?;
    let tried = case.functions.iter().filter(|f| f.outcome == FunctionOutcome::Works).count();
    if tried == 0 {
        return Ok(Ruling::not_assessable(
            "no function of the app was seen to work, so nothing follows from not seeing a use",
        ));
    }
    if dangerous(facts).next().is_none() {
        return Ok(Ruling::not_triggered("the app declares no dangerous permission").on([0]));
    }
    if let Some(why) = cut_short(case) {
        return Ok(Ruling::not_assessable(format!("{why}: what it declares may be for what was not seen")).on([0]));
    }
    let read: BTreeSet<&str> = case.reads().map(|(_, _, what)| what).collect();
    let asked = case.prompts.iter().flat_map(|p| &p.groups).map(String::as_str);
    let asked: BTreeSet<&str> = asked.chain(spoken_of(case)).collect();
    let idle = |group: &str| permission::is_watched(group) && !read.contains(group) && !asked.contains(group);
    let names: Vec<&str> = dangerous(facts).filter(|(_, group)| idle(group)).map(|(p, _)| p).collect();
    Ok(match names.is_empty() {
        true => Ruling::not_observed("what it declares was asked for or used").on([0]),
        false => Ruling::observed(format!(
            "declares {}, neither asked for nor used while {tried} function(s) worked: a lead, no proof",
            short(&names)
        ))
        .on([0])
        .for_review(true),
    })
}

fn old_target(case: &Case, marks: &Marks) -> Ruled {
    let least = marks.get("min_target_sdk")?;
    let facts = facts(case)?;
    let target =
        facts.target_sdk.or(facts.min_sdk).ok_or_else(|| Ruling::not_assessable("the file names no target level"))?;
    if u64::from(target) >= least.count() {
        return Ok(Ruling::not_observed(format!("targets API level {target}")).on([0]).by(&least));
    }
    Ok(match dangerous(facts).next() {
        Some(_) => Ruling::observed(format!("targets API level {target}: its permissions are granted at installation"))
            .on([0])
            .by(&least),
        None => {
            Ruling::not_triggered(format!("targets API level {target} and declares no dangerous permission")).on([0])
        }
    })
}

fn installed_app_list(case: &Case, _: &Marks) -> Ruled {
    let seen: Vec<u64> = case.seen(ObservedKind::AppListRead).map(|(at, _)| at.seq).collect();
    if !seen.is_empty() {
        let words = format!("the list of installed apps was read, or tried to be read ({})", super::numbers(&seen));
        return Ok(Ruling::observed(words).on(seen).for_review(true));
    }
    let sent: Vec<u64> = case.sent(DataKind::AppList).map(|at| at.seq).collect();
    if !sent.is_empty() {
        let words = format!("names of installed apps are in what the app sent ({})", super::numbers(&sent));
        return Ok(Ruling::observed(words).on(sent).for_review(true));
    }
    let opens = |name: &&str| [QUERY_ALL_PACKAGES, permission::GET_INSTALLED_APPS].contains(name);
    let declared: Vec<&str> = facts(case)?.permissions.iter().map(String::as_str).filter(opens).collect();
    let short: Vec<&str> = declared.iter().filter_map(|name| name.rsplit('.').next()).collect();
    Ok(match short.is_empty() {
        false => Ruling::observed(format!(
            "declares {}, which opens the list of installed apps; reading it was not watched",
            short.join(", ")
        ))
        .on([0])
        .for_review(true),
        true => match case.would_be_seen(ObservedKind::AppListRead) {
            Some(observer) if sight::lacks(case, &[Launch]).is_none() => {
                Ruling::not_observed(format!("the observer {observer} saw no reading of the list of installed apps"))
            }
            _ => match case.seen_too_late(ObservedKind::AppListRead) {
                Some((at, observer)) => too_late(at, observer),
                None => Ruling::not_assessable(
                    "reading the list of installed apps needs a hook on the device; none was set",
                ),
            },
        },
    })
}

/// The one refusal to remove an app that the app brings about (AOSP `PackageManager`); the others are the device's.
const ADMINISTRATOR: &str = "DELETE_FAILED_DEVICE_POLICY_MANAGER";

fn hard_to_uninstall(case: &Case, _: &Marks) -> Ruled {
    let facts = facts(case)?;
    // A placeholder in the app's stead hides nothing and clings to nothing.
    let exercised = case.limited(LimitKind::NoModel).is_none();
    let Some((at, removal)) = case.removal.filter(|_| exercised) else {
        return Ok(match facts.launcher {
            None => Ruling::observed("the app has no entry in the launcher").on([0]).for_review(true),
            Some(_) => Ruling::not_assessable("hindrances to uninstalling were not looked at"),
        });
    };
    if let Some((refused, Uninstalled::Refused { code, words })) = case.uninstalled {
        if removal.administrator == Some(true) || code == ADMINISTRATOR {
            let why = "the device refused to remove the app: it made itself an administrator of the device";
            return Ok(Ruling::observed(why).at([at, refused]));
        }
        let why = if words.is_empty() { code } else { words };
        let words = format!("the device refused to remove the app, which may be none of its doing: {why}");
        return Ok(Ruling::not_assessable(words).at([at, refused]).for_review(true));
    }
    if removal.launcher == Some(false) || facts.launcher.is_none() {
        return Ok(Ruling::observed("the app has no entry in the launcher").on([0]).at([at]).for_review(true));
    }
    if facts.label.trim().is_empty() {
        return Ok(Ruling::observed("the app's name is blank").on([0]));
    }
    let Some((gone, Uninstalled::Gone)) = case.uninstalled else {
        return Ok(Ruling::not_assessable("whether the app can be removed was not seen").at([at]));
    };
    Ok(match (removal.launcher, removal.administrator) {
        (Some(true), Some(false)) if facts.icon.is_some() => Ruling::not_assessable(
            "it stands in the launcher with a name, and the device removed it; whether its icon can be seen, a person must tell",
        )
        .on([0])
        .at([at, gone])
        .for_review(true),
        (Some(true), Some(false)) => Ruling::not_observed(
            "it stands in the launcher with a name, and the device removed it; it has no icon of its own, so the system shows one",
        )
        .on([0])
        .at([at, gone]),
        _ => Ruling::not_assessable("the device does not say whether it stands in the launcher").at([at]),
    })
}
