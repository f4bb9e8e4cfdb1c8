//! A builder of small journals for tests of rules.

use serde_json::{Value, json};

use crate::catalogue::Catalogue;
use crate::journal::entry::{AddedWords, Entry, Event, Stamp};
use crate::judge::{Outcome, OutcomeKind, judge};

/// A journal in the making. A second passes between entries unless told otherwise.
pub(super) struct Story {
    entries: Vec<Entry>,
    mono: u64,
    prompts: u32,
    popups: u32,
    launches: u32,
    /// Wall time of the first entry, in ms since 1970.
    began: i64,
}

impl Story {
    /// A clean installation of an app of this category; the app is not started yet.
    pub fn of(category: Option<&str>, permissions: &[&str]) -> Self {
        Self::app("", category, permissions)
    }

    /// The same of a news app with a name.
    pub fn named(label: &str) -> Self {
        Self::app(label, Some("news"), &[])
    }

    fn app(label: &str, category: Option<&str>, permissions: &[&str]) -> Self {
        let mut story = Self { entries: Vec::new(), mono: 0, prompts: 0, popups: 0, launches: 0, began: 0 };
        let permissions: Vec<String> = permissions.iter().map(|p| format!("android.permission.{p}")).collect();
        let app = json!({
            "package": "org.app", "label": label, "permissions": permissions, "target-sdk": 34, "launcher": "org.app.Main",
            "files": [{"name": "a.apk", "sha256": "", "bytes": 1}]
        });
        story.tell(json!({
            "kind": "case-opened", "case": "c", "attempt": 1, "purpose": "", "app": app, "category": category,
            "scenario": "s", "scenario-title": "", "scenario-digest": "", "scenario-verbs": [], "prompts": "deny",
            "consent": "accept", "catalogue-digest": "", "program": "", "program-digest": null
        }));
        story.tell(json!({"kind": "device", "serial": "d", "api": 34, "density": 160}));
        story.tell(json!({"kind": "installed", "package": "org.app", "version-code": 1, "replaced": null}));
        story
    }

    /// A news app that declares nothing, started once, with its screen read.
    pub fn started() -> Self {
        let mut story = Self::of(Some("news"), &[]);
        story.launch().screen("org.app/.Main");
        story
    }

    pub fn tell(&mut self, event: Value) -> &mut Self {
        let event: Event = serde_json::from_value(event).unwrap();
        self.mono += 1_000;
        let seq = self.entries.len() as u64;
        let wall = self.began + self.mono as i64;
        let at = Stamp { wall, mono: self.mono, device: Some(wall) };
        self.entries.push(Entry { seq, at, prev: String::new(), event });
        self
    }

    /// The run was given these files of words.
    pub fn given_words(&mut self, files: &[&str]) -> &mut Self {
        let file = |text: &&str| AddedWords { file: "w.yaml".into(), sha256: String::new(), text: (*text).to_owned() };
        if let Some(Event::CaseOpened(opened)) = self.entries.first_mut().map(|entry| &mut entry.event) {
            opened.lexicon = files.iter().map(file).collect();
        }
        self
    }

    /// All of it happens on another day: ms since 1970 at which the record begins.
    pub fn on_day(&mut self, began: i64) -> &mut Self {
        for entry in &mut self.entries {
            entry.at.wall += began - self.began;
            entry.at.device = Some(entry.at.wall);
        }
        self.began = began;
        self
    }

    pub fn wait(&mut self, ms: u64) -> &mut Self {
        self.mono += ms;
        self
    }

    pub fn launch(&mut self) -> &mut Self {
        self.launches += 1;
        let count = self.launches;
        self.tell(json!({"kind": "launched", "component": "org.app/.Main", "count": count}))
    }

    pub fn restart(&mut self) -> &mut Self {
        self.tell(json!({"kind": "stopped", "package": "org.app"})).launch()
    }

    pub fn screen(&mut self, resumed: &str) -> &mut Self {
        let hierarchy = json!({"sha256": "aa", "media": "application/xml", "bytes": 1});
        self.tell(json!({
            "kind": "captured", "reason": "step", "screenshot": null, "size": null, "secure": false, "hierarchy": hierarchy,
            "hierarchy-by": "uiautomator", "focus": null, "resumed": resumed, "signature": null, "missing": []
        }))
    }

    /// The focus goes to a window of the app's activity with this number.
    pub fn focus(&mut self, token: &str) -> &mut Self {
        self.tell(json!({"kind": "window-focused", "window": "org.app/.Main", "token": token, "source": "event log"}))
    }

    /// What was told last came when what was told before it came.
    pub fn at_the_time_of_the_one_before(&mut self) -> &mut Self {
        if let [.., before, last] = &mut self.entries[..] {
            last.at.device = before.at.device;
        }
        self
    }

    /// What was told last came at this time of the device.
    pub fn at_device_time(&mut self, time: i64) -> &mut Self {
        if let Some(last) = self.entries.last_mut() {
            last.at.device = Some(time);
        }
        self
    }

    pub fn tap(&mut self, target: &str, by: &str) -> &mut Self {
        self.tell(json!({"kind": "input", "act": "tap", "at": null, "bounds": null, "target": target, "by": by, "seen": null}))
    }

    /// A permission dialog for groups; `tapped` when the person's own tap came before, `told` when a purpose was.
    pub fn prompt(&mut self, groups: &[&str], tapped: bool, told: bool) -> &mut Self {
        self.prompts += 1;
        let (prompt, launch, capture) = (self.prompts, self.launches, self.entries.len());
        self.tell(json!({
            "kind": "prompt-shown", "prompt": prompt, "what": "permission", "by": "org.permissions", "question": "?",
            "groups": groups, "buttons": [], "page": null, "purpose": told.then_some("to show x"), "step": "1",
            "activity": null, "since-launch-ms": null, "after-consent": false, "after-tap": tapped.then_some("button"),
            "launch": launch, "bounds": [0, 0, 9, 9], "capture": capture, "screenshot": null
        }))
    }

    /// What the app said when the account was dealt with last, after so many taps.
    pub fn said(&mut self, words: &str, pressed: u32) -> &mut Self {
        if let Some(Entry { event: Event::Account { words: said, taps, .. }, .. }) = self.entries.last_mut() {
            words.clone_into(said);
            *taps = pressed;
        }
        self
    }

    /// The boxes of the page told last came ticked.
    pub fn ticked(&mut self) -> &mut Self {
        if let Some(Entry { event: Event::FormSeen(form), .. }) = self.entries.last_mut() {
            form.boxes.iter_mut().for_each(|(_, ticked)| *ticked = true);
        }
        self
    }

    /// Something new stood beside the prompt told last.
    pub fn beside(&mut self) -> &mut Self {
        if let Some(Entry { event: Event::PromptShown(shown), .. }) = self.entries.last_mut() {
            shown.behind_changed = true;
        }
        self
    }

    /// The prompt told last came right after this was pressed.
    pub fn pressed(&mut self, target: &str) -> &mut Self {
        if let Some(Entry { event: Event::PromptShown(shown), .. }) = self.entries.last_mut() {
            shown.after_tap = Some(target.to_owned());
        }
        self
    }

    /// The answer to the last prompt: `deny`, `allow` …; the permissions that changed by it, short names.
    pub fn answer(&mut self, answer: &str, permissions: &[&str]) -> &mut Self {
        let prompt = self.prompts;
        let change = |p: &&str| json!({"name": format!("android.permission.{p}"), "before": null, "after": null});
        let changes: Vec<Value> = permissions.iter().map(change).collect();
        self.tell(json!({
            "kind": "prompt-answered", "prompt": prompt, "answer": answer, "button": "", "why": "", "lived-ms": 1,
            "changes": changes
        }))
    }

    pub fn refused(&mut self, group: &str) -> &mut Self {
        self.prompt(&[group], false, true).answer("deny", &[])
    }

    /// A window of the app; further fields overlay the usual ones.
    pub fn popup(&mut self, role: &str, fields: Value) -> &mut Self {
        self.popups += 1;
        let (popup, launch) = (self.popups, self.launches);
        let mut shown = json!({
            "kind": "popup-shown", "popup": popup, "role": role, "title": "T", "words": "", "by": "org.app", "covers": 0.5,
            "bounds": [0, 0, 9, 9], "close": [], "accept": [], "refuse": [], "boxes": [], "opened-by": "launch",
            "same-as": null, "launch": launch, "step": "1", "signature": "s", "activity": "org.app/.Main", "capture": 4,
            "screenshot": null
        });
        for (name, value) in fields.as_object().unwrap() {
            shown[name] = value.clone();
        }
        self.tell(shown)
    }

    pub fn gone(&mut self, how: &str, taps: u32) -> &mut Self {
        let popup = self.popups;
        self.tell(json!({"kind": "popup-gone", "popup": popup, "how": how, "taps": taps, "lived-ms": 1}))
    }

    pub fn consent(&mut self, act: &str, after: &str) -> &mut Self {
        let popup = (self.popups > 0).then_some(self.popups);
        self.tap("agree", "consent-policy");
        self.tell(json!({"kind": "consent", "popup": popup, "act": act, "control": "agree", "after": after}))
    }

    /// An access `ago` ms before now.
    pub fn access(&mut self, op: &str, ago: u64, foreground: bool) -> &mut Self {
        let mono = self.mono + 1_000 - ago;
        self.tell(json!({
            "kind": "access", "package": "org.app", "op": op, "device-time": mono, "mono": mono, "allowed": true,
            "foreground": foreground, "duration-ms": null, "count": 1
        }))
    }

    pub fn read_accesses(&mut self) -> &mut Self {
        self.tell(json!({"kind": "accesses-read", "source": "appops", "new": 0}))
    }

    pub fn seek(&mut self, concept: &str, outcome: &str, depth: u32, bounded: bool) -> &mut Self {
        self.tell(json!({
            "kind": "seek-ended", "concept": concept, "outcome": outcome, "depth": depth, "path": [], "words": "w",
            "taps": 9, "visited": [["s", "t"], ["u", "v"], ["w", "x"]], "blocked-by": "", "bounded": bounded, "dead": []
        }))
    }

    /// A text that was read to its end, all of one size and contrast.
    pub fn text(&mut self, concept: &str, text: &str, size: f64, contrast: f64) -> &mut Self {
        self.screen("org.app/.Main");
        let capture = self.entries.len() - 1;
        let print = json!({
            "words": "w", "characters": 100, "capture": capture, "bounds": [0, 0, 9, 9], "size": size, "contrast": contrast
        });
        self.tell(json!({
            "kind": "text-read", "concept": concept, "title": "t", "text": text, "whole": true, "captures": [capture],
            "prints": [print]
        }))
    }

    /// A page that asks for information.
    pub fn form(&mut self, fields: &[&str], boxes: &[&str], controls: &[&str], words: &str) -> &mut Self {
        let boxes: Vec<Value> = boxes.iter().map(|words| json!([words, false])).collect();
        self.tell(json!({
            "kind": "form-seen", "form": 1, "fields": fields, "boxes": boxes, "controls": controls, "words": words,
            "sign-in": false, "step": "1", "activity": null, "capture": 4
        }))
    }

    /// The device speaks this language.
    pub fn locale(&mut self, locale: &str) -> &mut Self {
        self.tell(json!({"kind": "device", "serial": "d", "api": 34, "density": 160, "locale": locale}))
    }

    pub fn account(&mut self, act: &str, outcome: &str, conditions: &[&str]) -> &mut Self {
        self.tell(json!({
            "kind": "account", "act": act, "outcome": outcome, "words": "", "taps": 1, "conditions": conditions
        }))
    }

    pub fn function(&mut self, when: &str, outcome: &str) -> &mut Self {
        self.tell(json!({"kind": "function", "name": "f", "when": when, "outcome": outcome, "message": ""}))
    }

    pub fn limit(&mut self, limit: &str) -> &mut Self {
        self.tell(json!({"kind": "limit", "limit": limit, "detail": "so it is"}))
    }

    pub fn step(&mut self, path: &str, verb: &str) -> &mut Self {
        self.tell(json!({"kind": "step-started", "path": path, "verb": verb, "text": verb}))
    }

    pub fn step_done(&mut self, path: &str, outcome: &str) -> &mut Self {
        self.tell(json!({"kind": "step-ended", "path": path, "outcome": outcome}))
    }

    /// Gives the last entry's event another value in a field.
    pub fn change_last(&mut self, field: &str, value: Value) -> &mut Self {
        let last = self.entries.last_mut().unwrap();
        let mut event = serde_json::to_value(&last.event).unwrap();
        event[field] = value;
        last.event = serde_json::from_value(event).unwrap();
        self
    }

    pub fn close(&mut self, ended: &str, blame: Option<&str>) -> &mut Self {
        self.tell(json!({"kind": "case-closed", "ended": ended, "blame": blame, "message": "m", "missing": []}))
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The outcome of one finding when the run ends well here.
    pub fn ends(&mut self, finding: &str) -> Outcome {
        self.close("completed", None);
        self.judged(finding)
    }

    pub fn judged(&self, finding: &str) -> Outcome {
        let judgement = judge(&self.entries, &Catalogue::builtin());
        judgement.outcomes.into_iter().find(|o| o.finding == finding).unwrap()
    }
}

/// Asserts what a story that ends well comes to.
pub(super) fn expect(finding: &str, kind: OutcomeKind, story: &mut Story) {
    let outcome = story.ends(finding);
    assert_eq!(outcome.outcome, kind, "{finding}: {}", outcome.reason);
}
