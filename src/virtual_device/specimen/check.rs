//! Mistakes in a specimen that the grammar cannot see: names that lead nowhere.

use super::action::Do;
use super::condition::Condition;
use super::look::{Look, View};
use super::{Specimen, Timer};

/// Deepest nesting of views and actions.
const DEEPEST: u32 = 40;

/// Variables every app has.
pub const BUILT_IN_VARS: [&str; 2] = ["starts", "user"];

/// All mistakes, each with the place it stands at.
pub fn mistakes(specimen: &Specimen) -> Vec<String> {
    let mut check = Check { specimen, found: Vec::new() };
    check.all();
    check.found
}

struct Check<'a> {
    specimen: &'a Specimen,
    found: Vec<String>,
}

impl Check<'_> {
    fn all(&mut self) {
        let s = self.specimen;
        self.package(&s.package);
        self.input_method();
        self.screen("first-screen", &s.first_screen);
        for (name, actions) in
            [("start", &s.on.start), ("resume", &s.on.resume), ("background", &s.on.background), ("boot", &s.on.boot)]
        {
            self.actions(&format!("on.{name}"), actions, 0);
        }
        s.on.moved.iter().for_each(|moved| self.actions("on.moved", &moved.actions, 0));
        self.timers("timers", &s.timers);
        for job in &s.jobs {
            if job.every.0.as_millis() < 100 {
                self.say("jobs", "'every' is at least 100ms".into());
            }
            self.actions("jobs", &job.actions, 0);
        }
        for (name, tabs) in &s.bars {
            for tab in tabs {
                self.screen(&format!("bars.{name}"), &tab.screen);
            }
        }
        self.screens();
        self.dialogs();
    }

    fn screens(&mut self) {
        for (name, screen) in &self.specimen.screens {
            let at = format!("screens.{name}");
            if let Some(bar) = &screen.bar
                && !self.specimen.bars.contains_key(bar)
            {
                self.say(&at, format!("there is no bar '{bar}'"));
            }
            self.views(&at, &screen.views, 0);
            self.actions(&at, &screen.on_show, 0);
            self.actions(&at, screen.on_back.as_deref().unwrap_or_default(), 0);
            self.timers(&at, &screen.timers);
        }
    }

    fn dialogs(&mut self) {
        for (name, dialog) in &self.specimen.dialogs {
            let at = format!("dialogs.{name}");
            self.views(&at, &dialog.views, 0);
            for button in [&dialog.positive, &dialog.negative, &dialog.neutral].into_iter().flatten() {
                self.actions(&at, &button.actions, 0);
            }
            if let Some(close) = &dialog.close {
                self.actions(&at, &close.actions, 0);
            }
            self.actions(&at, &dialog.on_show, 0);
            self.actions(&at, &dialog.on_cancel, 0);
            self.actions(&at, dialog.tap.as_deref().unwrap_or_default(), 0);
            self.timers(&at, &dialog.timers);
        }
    }

    fn say(&mut self, at: &str, what: String) {
        self.found.push(format!("{at}: {what}"));
    }

    fn package(&mut self, package: &str) {
        let part_fits = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if !package.contains('.') || package.len() > 200 || !package.split('.').all(part_fits) {
            self.say("package", format!("'{package}' is no package name"));
        }
    }

    fn input_method(&mut self) {
        let Some(method) = &self.specimen.input_method else { return };
        let class = method.service.strip_prefix('.').unwrap_or(&method.service);
        if class.is_empty() || !class.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$')) {
            self.say("input-method", format!("'{}' is no class of a service", method.service));
        }
        if let super::Takes::Broadcast { action, extra } = &method.takes
            && (action.is_empty() || extra.is_empty())
        {
            self.say("input-method", "a broadcast has an action and an extra".into());
        }
    }

    fn screen(&mut self, at: &str, name: &str) {
        if !self.specimen.screens.contains_key(name) {
            self.say(at, format!("there is no screen '{name}'"));
        }
    }

    fn dialog(&mut self, at: &str, name: &str) {
        if !self.specimen.dialogs.contains_key(name) {
            self.say(at, format!("there is no dialog '{name}'"));
        }
    }

    fn var(&mut self, at: &str, name: &str) {
        if !self.specimen.vars.contains_key(name) && !BUILT_IN_VARS.contains(&name) {
            self.say(at, format!("there is no variable '{name}'; list it under vars"));
        }
    }

    fn own_var(&mut self, at: &str, name: &str) {
        if !self.specimen.vars.contains_key(name) {
            self.say(at, format!("there is no variable '{name}' to change; list it under vars"));
        }
    }

    fn file_name(&mut self, at: &str, name: &str) {
        if name.is_empty() || name.len() > 100 || name.contains(['/', '\0']) || name.starts_with('.') {
            self.say(at, format!("'{name}' is no name of a file"));
        }
    }

    fn timers(&mut self, at: &str, timers: &[Timer]) {
        for timer in timers {
            if timer.after.is_none() && timer.every.is_none() {
                self.say(at, "a timer needs 'after' or 'every'".into());
            }
            if timer.every.is_some_and(|every| every.0.as_millis() < 10) {
                self.say(at, "'every' is at least 10ms".into());
            }
            self.actions(at, &timer.actions, 0);
        }
    }

    fn views(&mut self, at: &str, views: &[View], depth: u32) {
        if depth > DEEPEST {
            return self.say(at, format!("views are nested deeper than {DEEPEST}"));
        }
        for look in views.iter().filter_map(View::look) {
            self.look(at, look, depth);
        }
    }

    fn look(&mut self, at: &str, look: &Look, depth: u32) {
        if let Some(var) = &look.var {
            self.own_var(at, var);
        }
        for condition in [&look.condition, &look.enabled].into_iter().flatten() {
            self.condition(at, condition, 0);
        }
        if look.repeat.is_some_and(|times| times > 1_000) {
            self.say(at, "a view is repeated at most 1000 times".into());
        }
        self.actions(at, look.tap.as_deref().unwrap_or_default(), 0);
        self.actions(at, look.long_press.as_deref().unwrap_or_default(), 0);
        self.views(at, &look.views, depth + 1);
    }

    fn actions(&mut self, at: &str, actions: &[Do], depth: u32) {
        if depth > DEEPEST {
            return self.say(at, format!("actions are nested deeper than {DEEPEST}"));
        }
        for action in actions {
            self.action(at, action, depth + 1);
        }
    }

    fn action(&mut self, at: &str, action: &Do, depth: u32) {
        match action {
            Do::Goto(name) | Do::Replace(name) | Do::Reset(name) => self.screen(at, name),
            Do::Show(name) | Do::Dismiss(name) => self.dialog(at, name),
            Do::Ask(ask) => {
                if ask.permissions.is_empty() {
                    self.say(at, "'ask' names no permission".into());
                }
                self.actions(at, &ask.granted, depth);
                self.actions(at, &ask.refused, depth);
                self.actions(at, ask.refused_for_good.as_deref().unwrap_or_default(), depth);
            }
            Do::AskSpecial(ask) => {
                self.actions(at, &ask.granted, depth);
                self.actions(at, &ask.refused, depth);
            }
            Do::Pick(pick) => {
                if let Some(var) = &pick.into {
                    self.own_var(at, var);
                }
                self.actions(at, &pick.picked, depth);
                self.actions(at, &pick.cancelled, depth);
            }
            Do::Download(download) => self.file_name(at, &download.file),
            Do::AskInstall(file) => self.file_name(at, file),
            Do::Set(values) => values.keys().for_each(|name| self.own_var(at, name)),
            Do::Add(values) => values.keys().for_each(|name| self.own_var(at, name)),
            Do::Access(access) => {
                if let Some(var) = &access.into {
                    self.own_var(at, var);
                }
            }
            Do::When(when) => {
                self.condition(at, &when.condition, 0);
                self.actions(at, &when.then, depth);
                self.actions(at, &when.otherwise, depth);
            }
            Do::Choose(choices) => choices.iter().for_each(|choice| self.actions(at, &choice.actions, depth)),
            Do::SignIn(sign) | Do::SignUp(sign) => {
                self.var(at, &sign.user);
                self.var(at, &sign.password);
                self.actions(at, &sign.ok, depth);
                self.actions(at, &sign.refused, depth);
            }
            _ => {}
        }
    }

    fn condition(&mut self, at: &str, condition: &Condition, depth: u32) {
        if depth > DEEPEST {
            return self.say(at, format!("conditions are nested deeper than {DEEPEST}"));
        }
        match condition {
            Condition::Is(values) => values.keys().for_each(|name| self.var(at, name)),
            Condition::AtLeast(values) => values.keys().for_each(|name| self.var(at, name)),
            Condition::Empty(name) => self.var(at, name),
            Condition::Not(inner) => self.condition(at, inner, depth + 1),
            Condition::All(inner) | Condition::Any(inner) => {
                inner.iter().for_each(|one| self.condition(at, one, depth + 1));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Specimen, SpecimenError};

    #[test]
    fn every_name_that_leads_nowhere_is_told_at_once() {
        let text = "
specimen: broken
package: broken
label: Broken
first-screen: nowhere
screens:
  home:
    bar: none
    views:
      - button: {words: Go, tap: [{goto: away}, {show: box}, {set: {a: 1}}]}
";
        let Err(SpecimenError::Mistakes(found)) = Specimen::parse(text) else { panic!("it must not parse") };
        assert_eq!(
            found,
            [
                "package: 'broken' is no package name",
                "first-screen: there is no screen 'nowhere'",
                "screens.home: there is no bar 'none'",
                "screens.home: there is no screen 'away'",
                "screens.home: there is no dialog 'box'",
                "screens.home: there is no variable 'a' to change; list it under vars",
            ]
        );
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let text = "specimen: a\npackage: a.b\nlabel: A\nfirst-screen: home\nscreens:\n  home: {colour: red}\n";
        let error = Specimen::parse(text).expect_err("an unknown key").to_string();
        assert!(error.contains("colour"), "{error}");
        assert!(error.contains("line 6") || error.contains("6:"), "{error}");
    }

    #[test]
    fn a_small_specimen_parses_with_its_actions() {
        let text = "
specimen: small
package: org.small
label: {en: Small, zh: 小}
vars: {agreed: false}
first-screen: home
on:
  start:
    - when: {if: {is: {agreed: false}}, then: [{show: consent}]}
screens:
  home:
    title: Home
    views:
      - text: {words: Hello}
      - spacer
      - divider
      - button: {words: Ask, id: ask, tap: [{ask: {permissions: [CAMERA], refused: [close, exit]}}]}
dialogs:
  consent:
    message: Please
    positive: {words: Agree, do: [{set: {agreed: true}}]}
    negative: {words: Refuse, do: [exit]}
    timers: [{after: 3s, do: [{toast: late}]}]
";
        let specimen = Specimen::parse(text).expect("it parses");
        assert_eq!(specimen.activities(), ["org.small.MainActivity"]);
        assert_eq!(specimen.screens["home"].views.len(), 4);
    }
}
