//! The free text of entries: the words of apps, devices and authors. Names that programs go by, digests and the record's own
//! words are none.

use super::entry::{CaseOpened, Control, Event, PopupShown, PromptShown, SeekEnded};
use super::observer::{Observed, ObserverEnded};
use super::page::{FormSeen, TextRead};
use super::tour::{TwinPage, TwinStep};

/// Takes a text and may change it.
type Visit<'v> = &'v mut dyn FnMut(&mut String);

impl Event {
    /// Shows every free text of the entry to `visit`, which may change it.
    pub fn each_text(&mut self, visit: Visit<'_>) {
        match self {
            Self::CaseOpened(opened) => opened.each_text(visit),
            Self::PromptShown(prompt) => prompt.each_text(visit),
            Self::PopupShown(popup) => popup.each_text(visit),
            Self::FormSeen(form) => form.each_text(visit),
            Self::TextRead(read) => read.each_text(visit),
            Self::SeekEnded(seek) => seek.each_text(visit),
            Self::TwinStep(step) => step.each_text(visit),
            Self::Observed(seen) => seen.each_text(visit),
            Self::ObserverEnded(ended) => ended.each_text(visit),
            Self::InstallRefused { message, .. } | Self::UninstallRefused { message, .. } => visit(message),
            Self::StepStarted { text, .. } | Self::Note { text } => visit(text),
            Self::StepEnded { message, .. } => each(message, visit),
            Self::ProcessEnded { detail, .. }
            | Self::PromptSuppressed { detail, .. }
            | Self::Limit { detail, .. }
            | Self::OperatorAsked { question: detail, .. }
            | Self::Gap { why: detail, .. } => visit(detail),
            Self::ActivityGone { reason, .. } => visit(reason),
            Self::WindowFocused { window, .. } => each(window, visit),
            Self::Captured(capture) => {
                let words = capture.missing.iter_mut().chain(&mut capture.focus);
                each(words.chain(&mut capture.dead_end).chain(&mut capture.policy_words), visit);
            }
            Self::PromptAnswered(answered) => {
                let words = [&mut answered.button, &mut answered.why].into_iter();
                each(words.chain(&mut answered.disagrees), visit);
            }
            Self::Consent { control, .. } => visit(control),
            // Of a key, its name stands there.
            Self::Input(input) if input.act != "key" => visit(&mut input.target),
            Self::Connection(connection) => each([&mut connection.host, &mut connection.request], visit),
            Self::ObserverStarted(started) => visit(&mut started.command),
            Self::ObserverHello(hello) => visit(&mut hello.version),
            Self::Function { name, message, .. } => each([name, message], visit),
            Self::TwinEnded(ended) => visit(&mut ended.unplayed),
            Self::Account { words, conditions, .. } => each(std::iter::once(words).chain(conditions), visit),
            Self::AppCalled(call) => visit(&mut call.action),
            Self::Downloads { files, .. } => each(files.iter_mut().map(|file| &mut file.name), visit),
            Self::SwitchTurned(switch) => visit(&mut switch.label),
            Self::RenewalOffered(offer) => {
                each(std::iter::once(&mut offer.words).chain(words(&mut offer.boxes)), visit)
            }
            Self::NotificationPosted(posted) => each(posted.tag.iter_mut().chain(&mut posted.channel), visit),
            Self::NotificationRead(read) => each([&mut read.title, &mut read.text, &mut read.missing], visit),
            Self::NotificationGone(gone) => each(&mut gone.tag, visit),
            Self::FeedSeen(feed) => each(feed.titles.iter_mut().chain(&mut feed.labels), visit),
            Self::GuardianAsked(asked) => {
                each(std::iter::once(&mut asked.words).chain(&mut asked.answers).chain(&mut asked.refuse), visit);
            }
            Self::CaseClosed { message, .. } => visit(message),
            Self::Host(_)
            | Self::Device(_)
            | Self::Installed { .. }
            | Self::Uninstalled { .. }
            | Self::Launched { .. }
            | Self::Stopped { .. }
            | Self::ProcessStarted { .. }
            | Self::ActivityResumed { .. }
            | Self::PermissionState { .. }
            | Self::PopupGone { .. }
            | Self::Input(_)
            | Self::Access(_)
            | Self::AccessesRead { .. }
            | Self::NetworkWatched(_)
            | Self::NetworkEnded(_)
            | Self::SeekStarted { .. }
            | Self::TwinInstall(_)
            | Self::Neighbours { .. }
            | Self::DownloadTold { .. }
            | Self::Moved(_)
            | Self::BlankTapped(_)
            | Self::ChildDeclared { .. }
            | Self::Rebooted
            | Self::Removal(_)
            | Self::Complaint { .. }
            | Self::DeviceSet { .. } => {}
        }
    }
}

fn each<'t>(texts: impl IntoIterator<Item = &'t mut String>, visit: Visit<'_>) {
    texts.into_iter().for_each(visit);
}

/// The words of boxes.
fn words(boxes: &mut [(String, bool)]) -> impl Iterator<Item = &mut String> {
    boxes.iter_mut().map(|(words, _)| words)
}

fn labels(controls: &mut [Control]) -> impl Iterator<Item = &mut String> {
    controls.iter_mut().map(|control| &mut control.label)
}

impl CaseOpened {
    // The lexicon's words are none: hidden, they would be read by no more.
    fn each_text(&mut self, visit: Visit<'_>) {
        each([&mut self.purpose, &mut self.scenario_title, &mut self.app.label], visit);
    }
}

impl PromptShown {
    fn each_text(&mut self, visit: Visit<'_>) {
        visit(&mut self.question);
        each(self.buttons.iter_mut().map(|button| &mut button.text), visit);
        each(self.purpose.iter_mut().chain(&mut self.told_before).chain(&mut self.after_tap), visit);
    }
}

impl PopupShown {
    fn each_text(&mut self, visit: Visit<'_>) {
        each([&mut self.title, &mut self.words], visit);
        let answers = labels(&mut self.accept).chain(labels(&mut self.refuse)).chain(labels(&mut self.others));
        each(labels(&mut self.close).chain(answers), visit);
        each(labels(&mut self.marks), visit);
        each(words(&mut self.boxes), visit);
    }
}

impl FormSeen {
    fn each_text(&mut self, visit: Visit<'_>) {
        visit(&mut self.words);
        each(self.fields.iter_mut().chain(&mut self.controls).chain(words(&mut self.boxes)), visit);
    }
}

impl TextRead {
    fn each_text(&mut self, visit: Visit<'_>) {
        each([&mut self.title, &mut self.text], visit);
        each(self.prints.iter_mut().map(|print| &mut print.words), visit);
    }
}

impl SeekEnded {
    fn each_text(&mut self, visit: Visit<'_>) {
        visit(&mut self.words);
        each(self.path.iter_mut().map(|hop| &mut hop.label), visit);
        each(self.visited.iter_mut().map(|(_, title)| title), visit);
        each(self.ways.iter_mut().map(|way| &mut way.press), visit);
        each(&mut self.dead, visit);
    }
}

impl TwinStep {
    fn each_text(&mut self, visit: Visit<'_>) {
        visit(&mut self.press);
        each(&mut self.instead, visit);
        if let Some(page) = &mut self.page {
            page.each_text(visit);
        }
    }
}

impl TwinPage {
    fn each_text(&mut self, visit: Visit<'_>) {
        visit(&mut self.title);
        each(self.things.iter_mut().map(|thing| &mut thing.words), visit);
    }
}

impl Observed {
    fn each_text(&mut self, visit: Visit<'_>) {
        each([&mut self.what, &mut self.detail], visit);
    }
}

impl ObserverEnded {
    fn each_text(&mut self, visit: Visit<'_>) {
        each([&mut self.how, &mut self.first_mistake, &mut self.last_words], visit);
    }
}
