//! The system asks: write it down, answer it by policy or step, see what that changed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::android::dialogs::{SystemDialog, Touch};
use crate::journal::entry::{
    Answer, Control, Event, ExhibitRef, Permission, PermissionChange, PopupRole, PromptAnswered, PromptKind,
    PromptPolicy, PromptShown, TwinAnswers,
};
use crate::ui::words::is_han;
use crate::ui::{Lexicon, List, Names, Tree};

use super::answer::{Choice, all_but, choose, group_of};
use super::attempt::Attempt;
use super::behind;
use super::error::RunError;
use super::look::Screen;
use super::popup::OpenPopup;
use super::wait::LOG_LAGS;
use super::watch::Watch;

/// How long after a tap of ours a prompt still counts as asked because of it.
const TAP_CAUSE: Duration = Duration::from_secs(2);
/// How soon after an answer the next page of a request is seen (ours).
const PAGE_TURN: Duration = Duration::from_secs(2);
/// Characters of a page's text that are kept beside a prompt.
const MOST_TOLD: usize = 1_000;

/// Where and when a prompt was seen.
pub(super) struct Sight {
    /// The device's clock when the reading that shows it began.
    pub since: Option<i64>,
    /// The device's clock when it was over.
    pub until: Option<i64>,
    /// Resumed activity, when known.
    pub resumed: Option<String>,
    /// The capture that shows it, and its picture.
    pub capture: Option<u64>,
    pub screenshot: Option<ExhibitRef>,
    /// The picture itself.
    pub png: Option<Arc<Vec<u8>>>,
}

impl Sight {
    /// A look.
    pub fn of(screen: &Screen) -> Self {
        Self {
            since: screen.since,
            until: screen.until,
            resumed: screen.resumed.clone(),
            capture: Some(screen.capture),
            screenshot: screen.screenshot.clone(),
            png: screen.png.clone(),
        }
    }
}

impl Attempt<'_> {
    /// Whether this very dialog was met and left standing, so that it is no news: by the policy `ask`, or because nothing
    /// answered it.
    pub fn stands_answered(&self, tree: &Tree) -> bool {
        let unanswered = self.memory.unanswered.as_deref() == Some(tree);
        // That something crashed or hangs is no question: whoever asked to be asked is not asked about it.
        let told = |dialog: SystemDialog| matches!(dialog.what, PromptKind::Crash | PromptKind::NotResponding);
        let left = self.prompt_policy() == PromptPolicy::Ask && !self.system_dialog(tree).is_some_and(told);
        unanswered || (left && self.is_known(tree))
    }

    /// Meets a system dialog. True when it was answered and the way should be looked at again.
    pub async fn meet_prompt(&mut self, screen: &Screen, dialog: &SystemDialog) -> Result<bool, RunError> {
        let shown_at = self.clock.elapsed();
        let prompt = self.write_prompt(&Sight::of(screen), dialog).await?;
        let choice = match dialog.what {
            PromptKind::Permission | PromptKind::PermissionReview => match &self.memory.twin {
                Some(install) if install.answers == TwinAnswers::RefuseOne => Some(all_but(&install.group, dialog)),
                _ => choose(self.prompt_policy(), dialog, self.order),
            },
            PromptKind::Crash | PromptKind::NotResponding => {
                Some(Choice { answers: &[], why: "a crash dialog is closed".into() })
            }
            PromptKind::SpecialAccess if self.prompt_policy() != PromptPolicy::Ask => {
                Some(Choice { answers: &[], why: "a page of the settings is left as it is; no policy gives it".into() })
            }
            PromptKind::SpecialAccess | PromptKind::Other => None,
        };
        match choice {
            Some(choice) => self.answer_prompt(screen, dialog, prompt, &choice, shown_at).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Writes down that the system asks; the prompt's number. One that was not answered yet and came to light again, since
    /// what had covered it went, is the same prompt.
    pub async fn write_prompt(&mut self, sight: &Sight, dialog: &SystemDialog) -> Result<u32, RunError> {
        if let Some((known, question, seen)) = &self.memory.standing
            && *question == dialog.question
            && self.watch.resumed_at(&dialog.by).zip(*seen).is_some_and(|(resumed, seen)| resumed <= seen)
        {
            return Ok(*known);
        }
        self.memory.prompts += 1;
        // A request for the position "all the time" shows a page of the settings in place of a dialog.
        if dialog.what == PromptKind::Permission || dialog.entry == "location-access" {
            self.watch.prompt_seen(sight.until);
        }
        self.memory.crashed |= dialog.what == PromptKind::Crash;
        let came = self.prompt_came(sight, dialog).await?;
        // Not when it was seen: a host that looks late must not take it for asked by itself.
        let now = self.elapsed_at(came);
        let since = |at: Option<Duration>| at.map(|at| now.saturating_sub(at).as_millis() as u64);
        let asks =
            matches!(dialog.what, PromptKind::Permission | PromptKind::PermissionReview | PromptKind::SpecialAccess);
        let purpose = dialog.purpose.clone().or_else(|| self.purpose_told(&dialog.groups, now).filter(|_| asks));
        let caused = |at: Duration| now.saturating_sub(at) <= TAP_CAUSE + self.memory.pace * 2;
        let after_tap = self.memory.last_tap.as_ref().filter(|(_, at)| caused(*at) || self.led_on(now));
        let shown = PromptShown {
            prompt: self.memory.prompts,
            what: dialog.what,
            by: dialog.by.clone(),
            question: dialog.question.clone(),
            groups: dialog.groups.clone(),
            buttons: dialog.buttons.clone(),
            page: dialog.page,
            told_before: if purpose.is_none() && asks { self.told_before(&dialog.groups) } else { None },
            behind_changed: purpose.is_none() && asks && self.changed_behind(sight, dialog),
            purpose,
            step: self.memory.step.clone(),
            activity: self.watch.resumed().or_else(|| sight.resumed.clone()),
            since_launch_ms: since(self.memory.launched_at),
            since_consent_ms: since(self.memory.consented_at),
            since_refusal_ms: since(self.memory.refused_at),
            after_consent: self.memory.consented,
            after_tap: after_tap.map(|(words, _)| words.clone()),
            launch: self.memory.launches,
            bounds: dialog.bounds,
            mono: came.and_then(|at| self.mono_of(at)),
            capture: sight.capture,
            screenshot: sight.screenshot.clone(),
        };
        self.memory.prompt_came = came;
        self.journal.append_at(Event::PromptShown(Box::new(shown)), came)?;
        if matches!(dialog.what, PromptKind::Permission | PromptKind::PermissionReview) {
            self.memory.standing = Some((self.memory.prompts, dialog.question.clone(), sight.until));
            self.memory.asked.extend(dialog.groups.iter().cloned());
        }
        Ok(self.memory.prompts)
    }

    /// When a dialog came, on the device's clock: its activity by the log; a further page when the one before was answered;
    /// else the look that shows it.
    async fn prompt_came(&mut self, sight: &Sight, dialog: &SystemDialog) -> Result<Option<i64>, RunError> {
        let page = self.memory.prompt_answered.take().filter(|at| {
            let within = (PAGE_TURN + self.memory.pace * 2).as_millis() as i64;
            sight.since.is_some_and(|seen| (0..=within).contains(&(seen - at)))
        });
        let before = self.memory.prompt_came;
        let news = |watch: &Watch| watch.resumed_at(&dialog.by).filter(|at| before.is_none_or(|before| before < *at));
        // A further page brings no line.
        let lag = if page.is_some() { LOG_LAGS / 5 } else { LOG_LAGS };
        Ok(self.told_by_log(lag, news).await?.or(page).or(sight.since))
    }

    /// Presses the first button that gives one of the wanted answers, and writes down what changed.
    pub async fn answer_prompt(
        &mut self,
        screen: &Screen,
        dialog: &SystemDialog,
        prompt: u32,
        choice: &Choice,
        shown_at: Duration,
    ) -> Result<(), RunError> {
        let before = screen.permissions.clone();
        self.watch.prompt_over(self.clock.elapsed());
        let way = way(dialog, choice.answers);
        match &way {
            Some((_, touches)) => {
                for touch in touches {
                    let control = Control { label: touch.text.clone(), bounds: touch.bounds };
                    self.press(screen, &control, "prompt-policy").await?;
                }
            }
            None => self.press_key("BACK", "no button gives the wanted answer", "prompt-policy").await?,
        }
        self.memory.prompt_answered = self.device_now();
        self.memory.prompt_over = Some((dialog.question.clone(), self.clock.elapsed()));
        let gone = self.gone_after(screen, way.as_ref().and_then(|(_, touches)| touches.last())).await?;
        let after = self.android.permissions(self.package()).await.ok();
        let asks = matches!(dialog.what, PromptKind::Permission | PromptKind::PermissionReview);
        let changes = changes(before.as_deref(), after.as_deref());
        // An answer that changed nothing may have come too late: the dialog was covered by then, or went with its app.
        let doubtful = asks && gone && changes.is_empty();
        if doubtful && self.stands_covered(dialog).await? {
            return Ok(());
        }
        self.memory.standing = self.memory.standing.take().filter(|_| !(asks && gone));
        let taken = !doubtful || !matches!(self.android.pid(self.package()).await, Ok(None));
        let answer = way.as_ref().and_then(|(answer, _)| *answer).filter(|_| asks && gone && taken);
        if asks {
            let denied = matches!(answer, Some(Answer::Deny | Answer::DenyForGood)) || way.is_none();
            self.memory.denied |= denied;
            if denied {
                self.memory.refused_at = Some(self.clock.elapsed());
                self.memory.refused.extend(dialog.groups.iter().cloned());
            }
        }
        let answered = PromptAnswered {
            prompt,
            answer,
            disagrees: disagreement(&dialog.groups, &changes).filter(|_| asks),
            button: way.and_then(|(_, touches)| touches.into_iter().last()).map(|t| t.text).unwrap_or_default(),
            why: match (gone, taken) {
                (false, _) => format!("{}; the dialog stays", choice.why),
                (true, false) => format!("{}; the app had ended, and nothing changed", choice.why),
                (true, true) => choice.why.clone(),
            },
            lived_ms: (self.clock.elapsed() - shown_at).as_millis() as u64,
            changes,
        };
        self.note(Event::PromptAnswered(Box::new(answered)))?;
        Ok(())
    }

    /// Whether a dialog that went out of sight still stands, beneath another one that came above it.
    async fn stands_covered(&mut self, dialog: &SystemDialog) -> Result<bool, RunError> {
        let asks = |what| matches!(what, PromptKind::Permission | PromptKind::PermissionReview);
        let above = self.peek().await?;
        let above = self.system_dialog(&above).filter(|above| !asks(above.what));
        Ok(above.is_some() && self.watch.resumed_package().as_deref() == Some(dialog.by.as_str()))
    }

    /// Whether the dialog of a screen goes, or changes, after it was answered. A touch that had no effect is repeated once; a
    /// dialog that stays even so is left standing.
    async fn gone_after(&mut self, screen: &Screen, touch: Option<&Touch>) -> Result<bool, RunError> {
        let patience = self.patience(Duration::from_secs(3), 6);
        let mut gone = self.until_changed(&screen.tree, patience).await?.is_some();
        if let Some(touch) = touch.filter(|_| !gone) {
            let control = Control { label: touch.text.clone(), bounds: touch.bounds };
            self.press(screen, &control, "prompt-policy").await?;
            gone = self.until_changed(&screen.tree, patience).await?.is_some();
        }
        self.memory.unanswered = (!gone).then(|| screen.tree.clone());
        Ok(gone)
    }

    /// Whether a prompt that came at this time follows an explanation of the app's that a tap of ours had opened, and that
    /// we led on.
    fn led_on(&self, came: Duration) -> bool {
        let plea = self.memory.popups.last().filter(|popup| popup.role == PopupRole::PermissionPlea && popup.by_tap);
        plea.is_some_and(|plea| plea.gone && plea.taps > 0 && self.was_just_there(plea, came))
    }

    /// Whether a window was there until shortly before a prompt came.
    fn was_just_there(&self, popup: &OpenPopup, came: Duration) -> bool {
        came.saturating_sub(popup.last_seen) <= TAP_CAUSE + self.memory.pace * 2
    }

    /// Running text of the app's page beneath the dialog that speaks of what is asked for, seen at this start.
    fn told_before(&self, groups: &[String]) -> Option<String> {
        let (at, tree) = self.memory.page.as_ref()?;
        let here = self.memory.launched_at.is_none_or(|launched| *at >= launched);
        told_on(tree, groups, &self.order.lexicon).filter(|_| here)
    }

    /// Whether something new stands beside the dialog on the app's page, as it was seen at this start.
    fn changed_behind(&self, sight: &Sight, dialog: &SystemDialog) -> bool {
        let here =
            self.memory.page.as_ref().is_some_and(|(at, _)| self.memory.launched_at.is_none_or(|start| *at >= start));
        let pictures = self.memory.page_picture.as_ref().filter(|_| here).zip(sight.png.as_ref());
        pictures.and_then(|(before, now)| behind::changed(before, now, dialog.bounds)).unwrap_or(false)
    }

    /// Words of the app itself that told a purpose: a window of its own that was open until just before the prompt came,
    /// and speaks of what is asked for.
    fn purpose_told(&self, groups: &[String], came: Duration) -> Option<String> {
        let last = self.memory.popups.last()?;
        let recent = !last.gone || self.was_just_there(last, came);
        // What an app said before it ended is not said at this start.
        let here = self.memory.launched_at.is_none_or(|at| last.first_seen >= at);
        let explains = match last.role {
            PopupRole::PermissionPlea => true,
            PopupRole::Message | PopupRole::Confirmation => speaks_of(&last.words, groups, &self.order.lexicon),
            _ => false,
        };
        (recent && here && explains).then(|| last.words.clone())
    }
}

/// Running text of a page that speaks of one of the groups; controls and single words tell no purpose. A purpose may stand
/// below the name of what it is for.
fn told_on(tree: &Tree, groups: &[String], lexicon: &Lexicon) -> Option<String> {
    let still = tree.nodes.iter().enumerate().filter(|(id, _)| tree.clickable_at(*id).is_none());
    let words: Vec<&str> = still.map(|(_, node)| node.label()).filter(|words| !words.is_empty()).collect();
    let speaks = |words: &str| speaks_of(words, groups, lexicon);
    let told = (0..words.len()).filter_map(|at| {
        let name = at.checked_sub(1).map(|above| words[above]).filter(|above| !is_sentence(above, lexicon));
        match name.filter(|name| speaks(name) && lexicon.holds(words[at], List::Purpose)) {
            Some(name) => Some(format!("{name}: {}", words[at])),
            None => (is_sentence(words[at], lexicon) && speaks(words[at])).then(|| words[at].to_owned()),
        }
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("\n").chars().take(MOST_TOLD).collect())
}

/// Whether words are long enough to say what something is for, or say in few what for (ours): a title or a row's name does not.
fn is_sentence(words: &str, lexicon: &Lexicon) -> bool {
    let han = words.chars().filter(|c| is_han(*c)).count();
    let says = lexicon.holds(words, List::Purpose);
    han >= if says { 5 } else { 10 } || words.split_whitespace().count() >= if says { 4 } else { 5 }
}

/// How the permissions that changed differ from the groups that a dialog spoke of, in words. One that changes beside those
/// it spoke of comes of a dialog that hides something, or of a group that our data misread.
fn disagreement(spoken: &[String], changes: &[PermissionChange]) -> Option<String> {
    let group = |change: &PermissionChange| group_of(&change.name);
    let changed: BTreeSet<&str> = changes.iter().filter_map(group).collect();
    // The position in the background is asked for with the position.
    let names =
        |spoken: &str| if spoken == "ACCESS_BACKGROUND_LOCATION" { "LOCATION".to_owned() } else { spoken.to_owned() };
    let spoken: BTreeSet<String> = spoken.iter().map(|group| names(group)).collect();
    let unspoken: Vec<&str> = changed.iter().copied().filter(|group| !spoken.contains(*group)).collect();
    (!unspoken.is_empty()).then(|| {
        let spoken: Vec<&str> = spoken.iter().map(String::as_str).collect();
        let of = if spoken.is_empty() { "no group that is known".to_owned() } else { spoken.join(", ") };
        format!("the dialog speaks of {of}; permissions of {} changed", unspoken.join(", "))
    })
}

/// Whether words speak of what one of the groups opens.
pub(super) fn speaks_of(words: &str, groups: &[String], lexicon: &Lexicon) -> bool {
    lexicon.named(words, Names::Purpose).any(|named| groups.iter().any(|group| group == named))
}

/// What to touch for the best wanted answer on offer. A crash dialog is no question: its first button closes it.
fn way(dialog: &SystemDialog, wanted: &[Answer]) -> Option<(Option<Answer>, Vec<Touch>)> {
    let asked = wanted.iter().find_map(|answer| Some((Some(*answer), dialog.way_to(*answer)?)));
    asked.or_else(|| {
        let closes = matches!(dialog.what, PromptKind::Crash | PromptKind::NotResponding);
        let button = dialog.buttons.last().filter(|_| closes)?;
        Some((None, vec![Touch { text: button.text.clone(), bounds: button.bounds }]))
    })
}

/// What differs between two readings; nothing when either could not be had.
pub(super) fn changes(before: Option<&[Permission]>, after: Option<&[Permission]>) -> Vec<PermissionChange> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    let find = |list: &[Permission], name: &str| list.iter().find(|p| p.name == name).cloned();
    let mut names: Vec<&str> = before.iter().chain(after).map(|p| p.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let all = names.into_iter().map(|name| PermissionChange {
        name: name.to_owned(),
        before: find(before, name),
        after: find(after, name),
    });
    all.filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::PromptButton;
    use crate::ui::{Node, Rect};

    fn permission(name: &str, granted: bool, flags: &[&str]) -> Permission {
        Permission { name: name.into(), granted, flags: flags.iter().map(|f| (*f).to_owned()).collect() }
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let before = [permission("A", false, &[]), permission("B", false, &[])];
        let after = [permission("A", false, &["USER_SET"]), permission("B", false, &[]), permission("C", true, &[])];
        let found = changes(Some(&before), Some(&after));
        assert_eq!(found.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["A", "C"]);
        assert_eq!(found[1].before, None);
        assert!(changes(None, Some(&after)).is_empty());
    }

    fn dialog(what: PromptKind, answers: &[Option<Answer>]) -> SystemDialog {
        let button = |answer: &Option<Answer>| PromptButton {
            text: format!("{answer:?}"),
            answer: *answer,
            bounds: Rect::default(),
        };
        SystemDialog {
            what,
            entry: String::new(),
            question: String::new(),
            groups: Vec::new(),
            buttons: answers.iter().map(button).collect(),
            tick: None,
            switches: Vec::new(),
            page: None,
            bounds: Rect::default(),
            by: String::new(),
            purpose: None,
        }
    }

    #[test]
    fn a_purpose_has_to_speak_of_what_is_asked_for() {
        let (groups, lexicon) = (["LOCATION".to_owned()], Lexicon::builtin());
        assert!(speaks_of("We use your Location to show you the way", &groups, &lexicon));
        assert!(speaks_of("为您推荐附近门店，需要获取您的位置信息", &groups, &lexicon));
        assert!(!speaks_of("Welcome! Here is what is new", &groups, &lexicon));
        assert!(!speaks_of("location", &[], &lexicon));
    }

    #[test]
    fn what_changes_has_to_be_what_the_dialog_spoke_of() {
        let change =
            |name: &str| PermissionChange { name: format!("android.permission.{name}"), before: None, after: None };
        let groups = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let fine = [change("ACCESS_FINE_LOCATION"), change("ACCESS_COARSE_LOCATION")];
        assert_eq!(disagreement(&groups(&["LOCATION"]), &fine), None);
        assert_eq!(disagreement(&groups(&["LOCATION"]), &[]), None);
        assert_eq!(disagreement(&groups(&["ACCESS_BACKGROUND_LOCATION"]), &fine), None);
        let said = disagreement(&groups(&["CAMERA"]), &[change("CAMERA"), change("RECORD_AUDIO")]).unwrap();
        assert!(said.contains("CAMERA") && said.ends_with("permissions of MICROPHONE changed"), "{said}");
        assert!(disagreement(&[], &fine).unwrap().contains("no group that is known"));
    }

    #[test]
    fn a_page_tells_a_purpose_in_running_text_alone() {
        let told = |label: &str, clickable: bool| {
            let node = Node { text: label.into(), clickable, ..Node::default() };
            told_on(&Tree { nodes: vec![node], ..Tree::default() }, &["LOCATION".to_owned()], &Lexicon::builtin())
        };
        assert!(told("We need your location to show shops near you", false).is_some());
        assert!(told("为了向您推荐附近的门店，需要您的位置信息", false).is_some());
        assert!(told("Location", false).is_none() && told("Welcome to this app, dear friend of ours", false).is_none());
        assert!(told("We need your location to show shops near you", true).is_none());
        assert!(told("定位：用于记录轨迹", false).is_some());
        let rows = |words: [&str; 4]| {
            let nodes = words.map(|words| Node { text: words.into(), ..Node::default() }).to_vec();
            told_on(&Tree { nodes, ..Tree::default() }, &["LOCATION".to_owned()], &Lexicon::builtin())
        };
        let pairs = rows(["相机", "用于扫码", "位置信息", "用于推荐门店"]);
        assert_eq!(pairs.as_deref(), Some("位置信息: 用于推荐门店"));
        assert_eq!(rows(["相机", "用于扫码", "位置信息", "去设置"]), None);
    }

    #[test]
    fn the_best_wanted_answer_on_offer_is_given() {
        use super::super::answer::{ALLOW, DENY_FOR_GOOD};
        let asks = dialog(PromptKind::Permission, &[Some(Answer::Allow), Some(Answer::Deny), None]);
        assert_eq!(way(&asks, DENY_FOR_GOOD).unwrap().0, Some(Answer::Deny));
        assert_eq!(way(&asks, ALLOW).unwrap().0, Some(Answer::Allow));
        assert_eq!(way(&dialog(PromptKind::Permission, &[None]), ALLOW), None);
        assert_eq!(way(&dialog(PromptKind::Crash, &[None]), &[]).unwrap().0, None);
    }
}
