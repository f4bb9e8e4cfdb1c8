//! A made-up app from a seed: pages, rows, traps, and what of it is true.

use std::collections::{BTreeMap, VecDeque};

use appwitness::scenario::Briefing;
use appwitness::ui::Concept;
use serde_json::{Value, json};

use crate::words::{Said, Tongue, Words, bank};

/// Host that controls which can't be undone talk to.
pub const IRREVERSIBLE: &str = "irreversible.example";

/// An app and the truth about it.
pub struct App {
    pub name: String,
    pub tongue: Tongue,
    /// As a specimen, in JSON, which is YAML too.
    pub text: String,
    pub truth: Vec<(Concept, Truth)>,
    /// With which the walk signs in before it searches.
    pub briefing: Option<Briefing>,
}

/// What is true of a concept in an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It stands there under one of these words; pressing them is the last of so many taps (a switch is not pressed).
    There { words: Vec<String>, taps: u32 },
    /// It is there, for whoever signed in.
    Walled,
    /// It is nowhere.
    Absent,
}

/// Random numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// A page under construction.
#[derive(Default)]
struct Page {
    title: String,
    rows: Vec<Row>,
    /// Further keys of the screen.
    more: BTreeMap<&'static str, Value>,
    /// Views above the rows.
    head: Vec<Value>,
    /// A page that only lets a person sign in.
    wall: bool,
}

struct Row {
    words: String,
    /// A page, or nothing.
    to: Option<String>,
    view: Value,
}

struct Maker {
    dice: Dice,
    words: &'static Words,
    pages: BTreeMap<String, Page>,
    labels: BTreeMap<Concept, (String, String)>,
    others: Vec<&'static str>,
    traps: Vec<&'static str>,
    tabs: Vec<(String, String)>,
    grid: bool,
}

/// Makes the app of a seed: Chinese, when it is even, else English.
pub fn make(seed: u64, held: bool) -> App {
    let tongue = if seed.is_multiple_of(2) { Tongue::Mainland } else { Tongue::English };
    make_in(tongue, seed, held)
}

/// Makes the app of a seed in a language.
pub fn make_in(tongue: Tongue, seed: u64, held: bool) -> App {
    let mut dice = Dice(seed.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ 0xa5);
    let words = bank(tongue, held);
    let (others, traps) = (shuffled(words.others, &mut dice), shuffled(words.traps, &mut dice));
    let maker = Maker {
        dice,
        words,
        pages: BTreeMap::new(),
        labels: BTreeMap::new(),
        others,
        traps,
        tabs: Vec::new(),
        grid: false,
    };
    maker.app(seed, tongue)
}

fn shuffled(of: &'static [&'static str], dice: &mut Dice) -> Vec<&'static str> {
    let mut all = of.to_vec();
    for at in (1..all.len()).rev() {
        all.swap(at, dice.below(at + 1));
    }
    all
}

impl Maker {
    fn app(mut self, seed: u64, tongue: Tongue) -> App {
        self.skeleton();
        for concept in Concept::ALL {
            if self.dice.chance(82) {
                self.place(concept);
            }
        }
        self.fill();
        if self.dice.chance(30) {
            self.wall();
        }
        self.noise();
        let truth = self.truth();
        let consent = self.dice.chance(50);
        let text = self.text(seed, consent);
        let name = match tongue {
            Tongue::Mainland | Tongue::English => format!("{seed}"),
            Tongue::Taiwan => format!("{seed}-taiwan"),
            Tongue::Portuguese => format!("{seed}-pt"),
        };
        App { name, tongue, text, truth, briefing: None }
    }

    /// The pages every app has, and the ways between them.
    fn skeleton(&mut self) {
        let w = self.words;
        let home = self.dice.pick(w.tabs);
        self.page("home", home);
        let me = self.dice.pick(w.me);
        self.page("me", me);
        match self.dice.below(3) {
            0 => {
                self.tabs.push((home.to_owned(), "home".to_owned()));
                for at in 0..self.dice.below(3) {
                    let words = w.tabs[(w.tabs.iter().position(|t| *t == home).unwrap() + 1 + at) % w.tabs.len()];
                    let name = format!("tab{at}");
                    self.page(&name, words);
                    self.tabs.push((words.to_owned(), name));
                }
                self.tabs.push((me.to_owned(), "me".to_owned()));
            }
            1 => {
                let menu = w.said.menu;
                let view = json!({"button": {"desc": menu, "words": "☰", "tap": [{"goto": "me"}]}});
                self.row_view("home", menu, Some("me"), view);
            }
            _ => {
                self.grid = true;
                self.link("home", me, "me");
            }
        }
        let parents: &[(&str, &[&str], &[&str])] = &[
            ("settings", w.settings, &["me"]),
            ("account", w.account, &["settings", "settings", "me"]),
            ("privacy", w.privacy, &["settings", "settings", "account"]),
            ("about", w.about, &["settings", "me"]),
            ("help", w.help, &["me", "settings"]),
            ("general", w.general, &["settings"]),
            ("member", w.member, &["me"]),
            ("minors", w.minors, &["settings", "me"]),
        ];
        for (name, titles, over) in parents {
            let title = self.dice.pick(titles);
            let parent = self.dice.pick(over);
            self.page(name, title);
            self.link(parent, title, name);
        }
    }

    /// Puts a concept where apps have it.
    fn place(&mut self, concept: Concept) {
        use Concept::*;
        let over: &[&str] = match concept {
            AccountDeletion => &["account", "account", "privacy"],
            PrivacyPolicy => &["about", "privacy", "settings"],
            PersonalInfoList | SdkList => &["privacy", "about", "settings"],
            RecommendationSwitch => &["privacy", "general"],
            PermissionManagement => &["privacy", "settings", "general"],
            ComplaintChannel => &["help", "me", "settings"],
            DataCopy => &["privacy", "account"],
            CorrectInfo => &["me", "account"],
            LogOut => &["settings", "account"],
            GuardianConsent => &["minors", "minors", "privacy"],
            ChildrenPolicy => &["about", "privacy"],
            SubscriptionCancel => &["member", "member", "account"],
            WithdrawConsent => &["privacy", "privacy", "about"],
        };
        let parent = self.dice.pick(over).to_owned();
        let words = self.dice.pick(self.words.of(concept)).to_owned();
        self.labels.insert(concept, (parent.clone(), words.clone()));
        let direct = matches!(concept, LogOut | WithdrawConsent)
            || concept == AccountDeletion && self.dice.chance(40)
            || words.starts_with(self.words.said.cancel);
        if direct {
            let view = json!({"item": {"words": words, "tap": irreversible(&words)}});
            return self.row_view(&parent, &words, None, view);
        }
        if concept == RecommendationSwitch && self.dice.chance(60) {
            let view = json!({"switch": {"words": words, "var": "recommend"}});
            return self.row_view(&parent, &words, None, view);
        }
        let name = format!("c-{}", concept.name());
        self.page(&name, &words);
        let prose = json!({"text": {"words": self.words.prose}});
        self.pages.get_mut(&name).unwrap().head.push(prose);
        if matches!(concept, AccountDeletion | SubscriptionCancel) {
            let sure = self.words.said.sure;
            let view = json!({"button": {"words": sure, "tap": irreversible(&words)}});
            self.row_view(&name, sure, None, view);
        }
        self.link(&parent, &words, &name);
    }

    /// Rows that are none of the concepts, and traps.
    fn fill(&mut self) {
        let long = ["settings", "me", "privacy"][self.dice.below(3)];
        for name in ["home", "me", "settings", "account", "privacy", "about", "help", "general", "member", "minors"] {
            let count = if name == long { 9 + self.dice.below(6) } else { 1 + self.dice.below(3) };
            for _ in 0..count {
                let Some(words) = self.others.pop() else { break };
                self.other(name, words);
            }
        }
        for _ in 0..6 {
            let Some(words) = self.traps.pop() else { break };
            let on = ["home", "me", "settings", "help", "member", "general", "about"][self.dice.below(7)];
            let view = json!({"item": {"words": words, "tap": irreversible(words)}});
            self.row_view(on, words, None, view);
        }
        for page in self.pages.values_mut() {
            for at in (1..page.rows.len()).rev() {
                page.rows.swap(at, self.dice.below(at + 1));
            }
        }
        if self.dice.chance(60) {
            self.stories();
        }
    }

    /// A row that is none of the concepts: it says something, opens a page, asks, or is a switch.
    fn other(&mut self, on: &str, words: &str) {
        match self.dice.below(6) {
            0 => {
                let name = format!("p-{}", self.pages.len());
                self.page(&name, words);
                let prose = json!({"text": {"words": self.words.prose}});
                self.pages.get_mut(&name).unwrap().head.push(prose);
                self.link(on, words, &name);
            }
            1 => self.row_view(on, words, None, json!({"item": {"words": words, "tap": [{"show": "tip"}]}})),
            2 => self.row_view(on, words, None, json!({"switch": {"words": words, "var": "other"}})),
            3 => self.row_view(on, words, None, json!({"item": {"words": words, "note": "12"}})),
            4 => {
                let soon = self.words.said.soon;
                if !self.pages.contains_key("soon") {
                    self.page("soon", soon);
                }
                self.link(on, words, "soon");
            }
            _ => {
                let none = self.words.said.nothing;
                self.row_view(on, words, None, json!({"item": {"words": words, "tap": [{"toast": none}]}}));
            }
        }
    }

    /// A feed of alike rows on the first page, and the page they open.
    fn stories(&mut self) {
        let title = self.dice.pick(self.words.stories);
        self.page("story", title);
        self.pages.get_mut("story").unwrap().head.push(json!({"text": {"words": self.words.prose}}));
        if let Some(words) = self.traps.pop() {
            let view = json!({"button": {"words": words, "tap": irreversible(words)}});
            self.row_view("story", words, None, view);
        }
        for words in self.words.stories {
            let view = json!({"item": {"id": "story", "words": format!("{{n}} {words}"), "repeat": 4, "tap": [{"goto": "story"}]}});
            self.row_view("home", words, Some("story"), view);
        }
    }

    /// Puts a page to sign in before a part of the app.
    fn wall(&mut self) {
        let words = self.words.sign_in;
        self.page("wall", words);
        let Said { phone, code, this_number: one, .. } = *self.words.said;
        let page = self.pages.get_mut("wall").unwrap();
        page.wall = true;
        match self.dice.below(3) {
            0 => {
                page.head.push(json!({"field": {"var": "user_name", "hint": phone}}));
                page.head.push(json!({"field": {"var": "password", "password": true, "hint": "******"}}));
                page.head.push(json!({"button": {"words": words, "tap": irreversible(words)}}));
            }
            1 => {
                page.head.push(json!({"field": {"var": "user_name", "hint": phone}}));
                page.head.push(json!({"button": {"words": code, "tap": irreversible(code)}}));
                page.head.push(json!({"button": {"words": words, "tap": irreversible(words)}}));
            }
            _ => {
                page.head.push(json!({"text": {"words": "138****5678"}}));
                page.head.push(json!({"button": {"words": one, "tap": irreversible(one)}}));
                page.head.push(json!({"button": {"words": words, "tap": irreversible(words)}}));
            }
        }
        let before = ["account", "me", "member"][self.dice.below(3)];
        for page in self.pages.values_mut() {
            for row in page.rows.iter_mut().filter(|row| row.to.as_deref() == Some(before)) {
                row.to = Some("wall".to_owned());
                row.view = json!({"item": {"words": row.words, "tap": [{"goto": "wall"}]}});
            }
        }
        self.tabs.iter_mut().filter(|(_, to)| to == before).for_each(|(_, to)| *to = "wall".to_owned());
    }

    /// What changes by itself: greetings, tips, counts.
    fn noise(&mut self) {
        if self.dice.chance(30) {
            let Said { morning: a, back: b, .. } = *self.words.said;
            let me = self.pages.get_mut("me").unwrap();
            me.head.insert(0, json!({"text": {"words": a, "if": {"is": {"greeted": false}}}}));
            me.head.insert(1, json!({"text": {"words": b, "if": {"is": {"greeted": true}}}}));
            let turn = json!({"when": {"if": {"is": {"greeted": true}}, "then": [{"set": {"greeted": false}}], "else": [{"set": {"greeted": true}}]}});
            me.more.insert("on-show", json!([turn]));
        }
        if self.dice.chance(40) {
            let once = json!({"when": {"if": {"is": {"tipped": false}}, "then": [{"set": {"tipped": true}}, {"show": "tip"}]}});
            self.pages.get_mut("settings").unwrap().more.insert("on-show", json!([once]));
        }
        if self.dice.chance(30) {
            let about = self.pages.get_mut("about").unwrap();
            about.more.insert("on-show", json!([{"add": {"visits": 1}}]));
            about.title = format!("{} ({{visits}})", about.title);
        }
    }

    fn page(&mut self, name: &str, title: &str) {
        self.pages.insert(name.to_owned(), Page { title: title.to_owned(), ..Page::default() });
    }

    fn link(&mut self, from: &str, words: &str, to: &str) {
        let view = json!({"item": {"words": words, "tap": [{"goto": to}]}});
        self.row_view(from, words, Some(to), view);
    }

    fn row_view(&mut self, on: &str, words: &str, to: Option<&str>, view: Value) {
        let row = Row { words: words.to_owned(), to: to.map(str::to_owned), view };
        self.pages.get_mut(on).unwrap().rows.push(row);
    }

    /// Taps from the first page to every other one a person who is not signed in can see.
    fn depths(&self) -> BTreeMap<&str, u32> {
        let mut depths = BTreeMap::from([("home", 0)]);
        let mut line = VecDeque::from(["home"]);
        while let Some(here) = line.pop_front() {
            let depth = depths[here] + 1;
            let page = &self.pages[here];
            let tabs = self.tabs.iter().filter(|_| self.is_tab(here)).map(|(_, to)| to.as_str());
            let ways: Vec<&str> = page.rows.iter().filter_map(|row| row.to.as_deref()).chain(tabs).collect();
            for to in ways {
                if !self.pages[to].wall && !depths.contains_key(to) {
                    depths.insert(to, depth);
                    line.push_back(to);
                }
            }
        }
        depths
    }

    fn is_tab(&self, page: &str) -> bool {
        self.tabs.iter().any(|(_, to)| to == page)
    }

    fn truth(&self) -> Vec<(Concept, Truth)> {
        let depths = self.depths();
        let told = |concept: Concept| {
            let Some((on, words)) = self.labels.get(&concept) else { return Truth::Absent };
            let Some(depth) = depths.get(on.as_str()) else { return Truth::Walled };
            let row = self.pages[on].rows.iter().find(|row| row.words == *words).unwrap();
            let pressed = u32::from(row.view.get("switch").is_none());
            Truth::There { words: vec![words.clone()], taps: depth + pressed }
        };
        Concept::ALL.into_iter().map(|concept| (concept, told(concept))).collect()
    }

    fn text(&self, seed: u64, consent: bool) -> String {
        let mut screens = serde_json::Map::new();
        for (name, page) in &self.pages {
            let mut screen: serde_json::Map<String, Value> =
                page.more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
            screen.insert("title".into(), json!(page.title));
            screen.insert("up".into(), json!(name != "home" && !self.is_tab(name)));
            if self.is_tab(name) {
                screen.insert("bar".into(), json!("main"));
            }
            let rows: Vec<Value> = page.rows.iter().map(|row| row.view.clone()).collect();
            let rows = if self.grid && name == "home" { in_threes(&page.rows) } else { rows };
            screen.insert("views".into(), json!(page.head.iter().cloned().chain(rows).collect::<Vec<_>>()));
            screens.insert(name.clone(), Value::Object(screen));
        }
        let tabs: Vec<Value> = self.tabs.iter().map(|(words, to)| json!({"words": words, "screen": to})).collect();
        let Said { terms: title, please_accept: message, accept: yes, decline: no, tip, known, .. } = *self.words.said;
        let start = json!([{"when": {"if": {"is": {"agreed": false}}, "then": [{"show": "consent"}]}}]);
        let app = json!({
            "specimen": format!("made-{seed}"),
            "package": format!("com.example.made{seed}"),
            "label": format!("Made {seed}"),
            "permissions": ["INTERNET"],
            "vars": {"agreed": !consent, "recommend": true, "other": false, "user_name": "", "password": "", "greeted": false, "tipped": false, "visits": 0},
            "first-screen": "home",
            "on": {"start": start},
            "bars": if tabs.is_empty() { json!({}) } else { json!({"main": tabs}) },
            "screens": screens,
            "dialogs": {
                "consent": {"form": "card", "title": title, "message": message, "positive": {"words": yes, "do": [{"set": {"agreed": true}}]}, "negative": {"words": no, "do": ["exit"]}},
                "tip": {"cancelable": true, "message": tip, "positive": {"words": known}},
            },
        });
        app.to_string()
    }
}

/// A control that does what can't be undone tells its server of it.
fn irreversible(words: &str) -> Value {
    json!([{"connect": {"host": IRREVERSIBLE, "path": format!("/{words}")}}])
}

/// Three cells in a row, as a grid of functions has them; feeds stand below.
fn in_threes(rows: &[Row]) -> Vec<Value> {
    let (feed, cells): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.view.pointer("/item/repeat").is_some() || row.view.get("switch").is_some());
    let cell = |row: &&Row| {
        let tap = row.view.pointer("/item/tap").or(row.view.pointer("/button/tap")).cloned().unwrap_or(json!([]));
        json!({"column": {"style": {"weight": 1}, "tap": tap, "views": [{"image": {"style": {"height": 24}}}, {"text": {"words": row.words}}]}})
    };
    let grid = cells.chunks(3).map(|three| json!({"row": {"views": three.iter().map(cell).collect::<Vec<_>>()}}));
    grid.chain(feed.iter().map(|row| row.view.clone())).collect()
}
