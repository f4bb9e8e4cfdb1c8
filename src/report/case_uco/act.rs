//! What was done and what was seen, entry by entry.

use std::io::{self, Write};

use super::graph::Graph;
use super::node::Node;
use super::thing::app_files;
use super::{Package, in_package, told};
use crate::evidence::cited;
use crate::journal::entry::{Ended, Entry, Event, StepOutcome};

const ACTION: &str = "case-investigation:InvestigativeAction";

pub(super) fn write(package: &Package, graph: &mut Graph<impl Write>) -> io::Result<()> {
    graph.add(run(package))?;
    for entry in &package.opened.entries {
        if package.steps.is_end(entry.seq) {
            continue;
        }
        graph.add(match is_act(&entry.event) {
            true => act(package, entry),
            false => seen(package, entry),
        })?;
    }
    Ok(())
}

/// The run as a whole.
fn run<'i>(package: &'i Package) -> Node<'i> {
    let (from, to) = package.span();
    let closed = package.opened.entries.iter().rev().find_map(|entry| match &entry.event {
        Event::CaseClosed { ended, message, .. } => Some((*ended, message.as_str())),
        _ => None,
    });
    let (status, how) = match closed {
        Some((Ended::Completed, _)) => ("Complete/Finish", String::new()),
        Some((Ended::Aborted, why)) => ("Error", format!("ended early: {why}")),
        Some((Ended::Stopped, why)) => ("Error", format!("stopped by a signal: {why}")),
        None => ("Unknown", "unfinished: the record has no last entry".to_owned()),
    };
    let title = package.case.map_or("", |case| &case.scenario_title);
    let on = std::iter::once(package.ids.name("app")).chain(app_files(package));
    by_tool(package, Node::new(&package.ids, "run", &[ACTION]))
        .text("uco-core:name", &format!("Run of the scenario: {title}"))
        .text("uco-core:description", &how)
        .text("uco-action:actionStatus", status)
        .time("uco-action:startTime", from)
        .time("uco-action:endTime", not_before(from, to))
        .links("uco-action:object", on)
        .link("uco-action:result", package.ids.name("package"))
        .links("uco-action:subaction", acts_within(package, None))
}

/// Something that the run did.
fn act<'i>(package: &'i Package, entry: &Entry) -> Node<'i> {
    let node = told_of(package, entry, ACTION);
    let results = cited(entry).into_iter().filter_map(|exhibit| Some((exhibit, in_package(&exhibit.path()?))));
    let results = results.filter_map(|(exhibit, path)| {
        Some([package.file(&path)?, package.ids.name(&format!("exhibit {}", exhibit.sha256))])
    });
    let node = by_tool(package, node)
        .link("uco-action:object", package.ids.name("app"))
        .links("uco-action:result", results.flatten())
        .links("uco-action:subaction", acts_within(package, Some(entry.seq)));
    let Event::StepStarted { .. } = &entry.event else {
        // An entry tells when something had been done, and not when it was begun.
        return node.time("uco-action:endTime", Some(entry.at.wall));
    };
    let end = package.steps.end(entry.seq);
    let outcome = end.and_then(|end| match &end.event {
        Event::StepEnded { outcome, .. } => Some(*outcome),
        _ => None,
    });
    let wall = Some(entry.at.wall);
    node.text("uco-action:actionStatus", status(outcome))
        .time("uco-action:startTime", wall)
        .time("uco-action:endTime", not_before(wall, end.map(|end| end.at.wall)))
}

fn status(outcome: Option<StepOutcome>) -> &'static str {
    match outcome {
        Some(StepOutcome::Done) => "Complete/Finish",
        // What was not tried did not succeed either; the description says which it was.
        Some(StepOutcome::Failed | StepOutcome::Skipped) => "Fail",
        None => "Unknown",
    }
}

/// Something that happened while the run looked on.
fn seen<'i>(package: &'i Package, entry: &Entry) -> Node<'i> {
    let kind = told::kind(&entry.event);
    let shown = cited(entry).into_iter().filter_map(|exhibit| package.file(&in_package(&exhibit.path()?)));
    told_of(package, entry, "uco-core:Event")
        .text("uco-core:eventType", &kind)
        .time("uco-core:startTime", Some(entry.at.wall))
        .links("uco-core:eventContext", ["app", "device"].map(|name| package.ids.name(name)).into_iter().chain(shown))
}

fn told_of<'i>(package: &'i Package, entry: &Entry, kind: &str) -> Node<'i> {
    let end = package.steps.end(entry.seq).map(|end| told::words(&end.event));
    Node::new(&package.ids, &format!("entry {}", entry.seq), &[kind])
        .text("uco-core:name", &format!("#{} {}", entry.seq, told::kind(&entry.event)))
        .texts("uco-core:description", std::iter::once(told::words(&entry.event)).chain(end))
}

fn by_tool<'i>(package: &'i Package, node: Node<'i>) -> Node<'i> {
    node.link("uco-action:instrument", package.ids.name("tool"))
        .link("uco-action:performer", package.operator())
        .link("uco-action:environment", package.ids.name("device"))
}

/// The acts right within a step, or within none.
fn acts_within(package: &Package, step: Option<u64>) -> Vec<String> {
    let entries = &package.opened.entries;
    let event = |seq: &u64| entries.binary_search_by_key(seq, |entry| entry.seq).ok().map(|at| &entries[at].event);
    let acts = package.steps.within(step).iter().filter(|seq| event(seq).is_some_and(is_act));
    acts.map(|seq| package.entry(*seq)).collect()
}

/// The end of something, unless the host's clock was set back meanwhile: then it is not known by that clock.
fn not_before(from: Option<i64>, to: Option<i64>) -> Option<i64> {
    to.filter(|to| from.is_none_or(|from| from <= *to))
}

/// Whether the run did it; else it only saw or heard of it.
fn is_act(event: &Event) -> bool {
    match event {
        Event::Installed { .. }
        | Event::InstallRefused { .. }
        | Event::Uninstalled { .. }
        | Event::UninstallRefused { .. }
        | Event::StepStarted { .. }
        | Event::Launched { .. }
        | Event::Stopped { .. }
        | Event::Captured(_)
        | Event::PermissionState { .. }
        | Event::Consent { .. }
        | Event::Input(_)
        | Event::AccessesRead { .. }
        | Event::NetworkWatched(_)
        | Event::NetworkEnded(_)
        | Event::NotificationRead(_)
        | Event::ObserverStarted(_)
        | Event::SeekStarted { .. }
        | Event::SeekEnded(_)
        | Event::TextRead(_)
        | Event::Function { .. }
        | Event::TwinInstall(_)
        | Event::TwinStep(_)
        | Event::TwinEnded(_)
        | Event::Account { .. }
        | Event::Neighbours { .. }
        | Event::Downloads { .. }
        | Event::Moved(_)
        | Event::BlankTapped(_)
        | Event::SwitchTurned(_)
        | Event::ChildDeclared { .. }
        | Event::Rebooted
        | Event::DeviceSet { .. }
        | Event::OperatorAsked { .. } => true,
        Event::PromptAnswered(answered) => answered.answer.is_some(),
        Event::CaseOpened(_)
        | Event::Host(_)
        | Event::Device(_)
        | Event::StepEnded { .. }
        | Event::ProcessStarted { .. }
        | Event::ProcessEnded { .. }
        | Event::ActivityResumed { .. }
        | Event::ActivityGone { .. }
        | Event::WindowFocused { .. }
        | Event::PromptShown(_)
        | Event::PromptSuppressed { .. }
        | Event::PopupShown(_)
        | Event::PopupGone { .. }
        | Event::NotificationPosted(_)
        | Event::NotificationGone(_)
        | Event::Access(_)
        | Event::Connection(_)
        | Event::ObserverHello(_)
        | Event::Observed(_)
        | Event::ObserverEnded(_)
        | Event::FormSeen(_)
        | Event::AppCalled(_)
        | Event::DownloadTold { .. }
        | Event::RenewalOffered(_)
        | Event::FeedSeen(_)
        | Event::GuardianAsked(_)
        | Event::Removal(_)
        | Event::Complaint { .. }
        | Event::Limit { .. }
        | Event::Gap { .. }
        | Event::Note { .. }
        | Event::CaseClosed { .. } => false,
    }
}
