//! What an update changes.

use super::Rule;
use crate::journal::entry::Permission;
use crate::judge::case::Case;
use crate::judge::permission;
use crate::judge::ruling::{Marks, Ruled, Ruling};
use crate::judge::sight::Need::Launch;

pub(super) const RULES: &[Rule] =
    &[Rule { finding: "permission-state-changed-after-update", needs: &[Launch], decide: state_changed }];

fn state_changed(case: &Case, _: &Marks) -> Ruled {
    let Some(upgrade) = case.installs.iter().find(|i| i.upgrade) else {
        return Ok(Ruling::not_triggered("the app was not updated in this run"));
    };
    let before = case.states.iter().rev().find(|s| s.at.seq < upgrade.at.seq);
    // The app may act at its first start: the last reading before anybody was asked.
    let asked = case.prompts.iter().find(|p| p.at.seq > upgrade.at.seq).map_or(u64::MAX, |p| p.at.seq);
    let later = || case.states.iter().filter(|s| s.at.seq > upgrade.at.seq);
    let after = later().take_while(|s| s.at.seq < asked).last().or_else(|| later().next());
    let (Some(before), Some(after)) = (before, after) else {
        return Ok(
            Ruling::not_assessable("permission states were not read on both sides of the update").at([upgrade.at])
        );
    };
    let entries = [before.at.seq, upgrade.at.seq, after.at.seq];
    if case.prompts.iter().any(|p| p.at.seq > before.at.seq && p.at.seq < after.at.seq) {
        return Ok(Ruling::not_assessable("a prompt came between the two readings").on(entries));
    }
    let granted = after.permissions.iter().filter(|p| p.granted && permission::group(&p.name).is_some());
    let was = |name: &str| before.permissions.iter().find(|p| p.name == name);
    let risen: Vec<&Permission> = granted.filter(|p| was(&p.name).is_none_or(|before| !before.granted)).collect();
    // Some versions of Android grant a new permission of a group that is granted already.
    let by_platform = |p: &&Permission| {
        let kin = |other: &Permission| permission::group(&other.name) == permission::group(&p.name);
        was(&p.name).is_none() && before.permissions.iter().any(|other| other.granted && kin(other))
    };
    let (platform, app): (Vec<&Permission>, Vec<&Permission>) = risen.into_iter().partition(by_platform);
    let names = |list: &[&Permission]| list.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
    Ok(match (app.is_empty(), platform.is_empty()) {
        (false, _) => Ruling::observed(format!("granted by the update, without a dialog: {}", names(&app))).on(entries),
        (true, false) => Ruling::not_observed(format!(
            "the platform granted {} with its group; no refusal was undone",
            names(&platform)
        ))
        .on(entries),
        (true, true) => Ruling::not_observed("the update granted nothing").on(entries),
    })
}
