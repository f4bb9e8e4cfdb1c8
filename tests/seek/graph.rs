//! The screens of a specimen as a graph: where each action leads, and how many taps it takes to get there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use appwitness::virtual_device::specimen::look::Look;
use appwitness::virtual_device::specimen::{Condition, Dialog, Do, Specimen, Timer, Value, View, Words};

/// What a person sees: a screen, and the dialog on top of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub screen: String,
    pub dialog: Option<String>,
}

/// What the app is like for a walk: its variables, and whether somebody is signed in. Permissions are refused, the
/// network is there.
pub struct State {
    pub vars: BTreeMap<String, Value>,
    pub signed_in: bool,
}

/// A view that can be pressed, or that a person can read.
pub struct Seen<'a> {
    pub id: &'a str,
    pub words: Option<&'a Words>,
    pub switch: bool,
    /// What a tap on it, or on what holds it, does.
    pub tap: Option<&'a [Do]>,
}

pub struct Graph<'a> {
    app: &'a Specimen,
    /// Without a state every condition may hold or not.
    state: Option<State>,
}

impl<'a> Graph<'a> {
    /// All that may happen.
    pub fn of(app: &'a Specimen) -> Self {
        Self { app, state: None }
    }

    /// What happens in one state.
    pub fn in_state(app: &'a Specimen, state: State) -> Self {
        Self { app, state: Some(state) }
    }

    /// Every screen and dialog that can be seen at all, by whatever event.
    pub fn reachable(&self) -> BTreeSet<String> {
        let on = &self.app.on;
        let mut line: Vec<Spot> = vec![Spot { screen: self.app.first_screen.clone(), dialog: None }];
        let mut seen = BTreeSet::new();
        let start = line[0].clone();
        let moved = on.moved.iter().map(|moved| &moved.actions);
        for actions in [&on.start, &on.resume, &on.background, &on.boot].into_iter().chain(moved) {
            line.extend(self.lead(actions, &start));
        }
        line.extend(self.by_timers(&self.app.timers, &start));
        while let Some(spot) = line.pop() {
            if !seen.insert(spot.clone()) {
                continue;
            }
            line.extend(self.next(&spot));
            line.extend(self.by_itself(&spot));
        }
        seen.into_iter()
            .flat_map(|spot| [Some(spot.screen), spot.dialog.map(|d| format!("dialog {d}"))])
            .flatten()
            .collect()
    }

    /// Taps from a screen to every spot, by taps alone.
    pub fn depths(&self, from: &str) -> BTreeMap<Spot, u32> {
        let start = Spot { screen: from.to_owned(), dialog: None };
        let mut depths = BTreeMap::from([(start.clone(), 0)]);
        let mut line = VecDeque::from([start]);
        while let Some(spot) = line.pop_front() {
            let depth = depths[&spot] + 1;
            for next in self.next(&spot) {
                if !depths.contains_key(&next) {
                    depths.insert(next.clone(), depth);
                    line.push_back(next);
                }
            }
        }
        depths
    }

    /// What can be pressed at a spot.
    pub fn shown(&self, spot: &Spot) -> Vec<Seen<'a>> {
        let mut seen = Vec::new();
        match spot.dialog.as_ref().map(|name| &self.app.dialogs[name]) {
            Some(dialog) => self.views(&dialog.views, None, &mut seen),
            None => {
                let screen = &self.app.screens[&spot.screen];
                self.views(&screen.views, None, &mut seen);
                let tabs = screen.bar.iter().flat_map(|bar| &self.app.bars[bar]);
                seen.extend(tabs.map(|tab| Seen { id: &tab.id, words: Some(&tab.words), switch: false, tap: None }));
            }
        }
        seen
    }

    fn views(&self, views: &'a [View], above: Option<&'a [Do]>, seen: &mut Vec<Seen<'a>>) {
        for view in views {
            let Some(look) = view.look() else { continue };
            if look.condition.as_ref().is_some_and(|c| self.holds(c) == Some(false)) {
                continue;
            }
            let tap = look.tap.as_deref().or(above);
            let switch = matches!(view, View::Switch(_) | View::CheckBox(_));
            seen.push(Seen { id: &look.id, words: words_of(look), switch, tap });
            self.views(&look.views, tap, seen);
        }
    }

    /// Where one tap leads.
    fn next(&self, spot: &Spot) -> Vec<Spot> {
        let mut next = Vec::new();
        for seen in self.shown(spot) {
            next.extend(seen.tap.map(|actions| self.lead(actions, spot)).unwrap_or_default());
        }
        match &spot.dialog {
            Some(name) => {
                let dialog = &self.app.dialogs[name];
                for button in [&dialog.positive, &dialog.negative, &dialog.neutral].into_iter().flatten() {
                    let after = if button.stays { spot.clone() } else { Spot { dialog: None, ..spot.clone() } };
                    next.extend(self.lead(&button.actions, &after));
                    next.push(after);
                }
                next.extend(dialog.tap.as_deref().map(|actions| self.lead(actions, spot)).unwrap_or_default());
                let gone = Spot { dialog: None, ..spot.clone() };
                next.extend(self.left(dialog, &gone));
            }
            None => {
                let tabs = self.app.screens[&spot.screen].bar.iter().flat_map(|bar| &self.app.bars[bar]);
                next.extend(tabs.flat_map(|tab| self.shows(&Spot { screen: tab.screen.clone(), dialog: None })));
            }
        }
        next
    }

    fn left(&self, dialog: &Dialog, gone: &Spot) -> Vec<Spot> {
        let close = dialog.close.iter().flat_map(|close| self.lead(&close.actions, gone));
        close.chain(self.lead(&dialog.on_cancel, gone)).chain([gone.clone()]).collect()
    }

    /// Where time and *back* lead.
    fn by_itself(&self, spot: &Spot) -> Vec<Spot> {
        let screen = &self.app.screens[&spot.screen];
        let mut next = self.by_timers(&screen.timers, spot);
        next.extend(self.lead(screen.on_back.as_deref().unwrap_or_default(), spot));
        if let Some(dialog) = spot.dialog.as_ref().map(|name| &self.app.dialogs[name]) {
            next.extend(self.by_timers(&dialog.timers, spot));
            next.extend(self.lead(&dialog.on_show, spot));
        }
        next
    }

    fn by_timers(&self, timers: &[Timer], spot: &Spot) -> Vec<Spot> {
        timers.iter().flat_map(|timer| self.lead(&timer.actions, spot)).collect()
    }

    /// A screen as it comes up: with what it does then.
    fn shows(&self, spot: &Spot) -> Vec<Spot> {
        let on_show = &self.app.screens[&spot.screen].on_show;
        let after = self.lead(on_show, spot);
        if after.is_empty() || self.state.is_none() { after.into_iter().chain([spot.clone()]).collect() } else { after }
    }

    /// Where actions lead, the last place of each course they may take; nothing when they lead nowhere.
    fn lead(&self, actions: &[Do], from: &Spot) -> Vec<Spot> {
        let mut courses = vec![from.clone()];
        let mut passed = Vec::new();
        for action in actions {
            courses = courses.iter().flat_map(|spot| self.one(action, spot)).collect();
            if self.state.is_none() {
                passed.extend(courses.iter().cloned());
            }
        }
        courses.extend(passed);
        courses.retain(|spot| spot != from);
        courses.sort();
        courses.dedup();
        courses
    }

    fn one(&self, action: &Do, at: &Spot) -> Vec<Spot> {
        let on = |screen: &String| self.shows(&Spot { screen: screen.clone(), ..at.clone() });
        let all = |branches: &[&[Do]]| branches.iter().flat_map(|b| self.then(b, at)).collect();
        match action {
            Do::Goto(screen) | Do::Replace(screen) | Do::Reset(screen) => on(screen),
            Do::Show(dialog) => vec![Spot { dialog: Some(dialog.clone()), ..at.clone() }],
            Do::Close => vec![Spot { dialog: None, ..at.clone() }],
            Do::Dismiss(name) if at.dialog.as_ref() == Some(name) => vec![Spot { dialog: None, ..at.clone() }],
            Do::When(when) => match self.holds(&when.condition) {
                Some(true) => self.then(&when.then, at),
                Some(false) => self.then(&when.otherwise, at),
                None => all(&[&when.then, &when.otherwise]),
            },
            Do::Ask(ask) => match self.state {
                Some(_) => self.then(&ask.refused, at),
                None => all(&[&ask.granted, &ask.refused, ask.refused_for_good.as_deref().unwrap_or_default()]),
            },
            Do::AskSpecial(ask) => match self.state {
                Some(_) => self.then(&ask.refused, at),
                None => all(&[&ask.granted, &ask.refused]),
            },
            Do::SignIn(sign) | Do::SignUp(sign) => match self.state {
                Some(_) => self.then(&sign.refused, at),
                None => all(&[&sign.ok, &sign.refused]),
            },
            Do::Choose(choices) => choices.iter().flat_map(|choice| self.then(&choice.actions, at)).collect(),
            _ => vec![at.clone()],
        }
    }

    /// Where actions lead; where they began, when they lead nowhere.
    fn then(&self, actions: &[Do], at: &Spot) -> Vec<Spot> {
        let led = self.lead(actions, at);
        if led.is_empty() || self.state.is_none() { led.into_iter().chain([at.clone()]).collect() } else { led }
    }

    /// Whether a condition holds; `None` when it may or may not.
    fn holds(&self, condition: &Condition) -> Option<bool> {
        let state = self.state.as_ref()?;
        let var = |name: &String| state.vars.get(name).cloned().unwrap_or(Value::Text(String::new()));
        Some(match condition {
            Condition::Is(values) => values.iter().all(|(name, value)| var(name) == *value),
            Condition::AtLeast(values) => values.iter().all(|(name, least)| var(name).number() >= *least),
            Condition::Empty(name) => !var(name).is_set(),
            Condition::SignedIn => state.signed_in,
            Condition::Refused(_) => true,
            Condition::Not(inner) => !self.holds(inner)?,
            Condition::All(all) => all.iter().all(|c| self.holds(c) == Some(true)),
            Condition::Any(any) => any.iter().any(|c| self.holds(c) == Some(true)),
            _ => false,
        })
    }
}

/// A view's words, as a person or a screen reader would say them.
fn words_of(look: &Look) -> Option<&Words> {
    [&look.words, &look.desc].into_iter().find(|words| !words.is_empty())
}
