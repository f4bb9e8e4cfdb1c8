use super::*;
use crate::journal::entry::{TwinCame, TwinPage, TwinRole, TwinThing};

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most as u64) as usize
    }
}

fn thing(role: TwinRole, kind: &str, words: &str) -> TwinThing {
    TwinThing { role, kind: kind.into(), words: words.into() }
}

fn page(title: &str, things: Vec<TwinThing>) -> TwinPage {
    // Like the signature of a screen: what counts as structure, numbers left out.
    let signature = format!("{title}{}", things.iter().map(|t| t.kind.clone()).collect::<String>());
    TwinPage { signature, title: title.into(), front: "org.app".into(), plea: false, things }
}

fn home() -> TwinPage {
    let entry = |words| thing(TwinRole::Control, "Row#entry", words);
    page("Home", vec![thing(TwinRole::Words, "Text#title", "Home"), entry("Orders"), entry("Features"), entry("Guide")])
}

/// A page with a clock, a counter, a feed, an advertisement and something to use.
fn noisy_page(dice: &mut Dice) -> TwinPage {
    const FEED: [&str; 9] = ["lamp", "vase", "rug", "chair", "shelf", "mirror", "table", "clock", "desk"];
    let mut things = vec![
        thing(TwinRole::Words, "Text#title", "Features"),
        thing(TwinRole::Words, "Text#clock", &format!("09:{:02}", dice.below(60))),
        thing(TwinRole::Words, "Text#count", &format!("{} views", dice.below(5000))),
        thing(TwinRole::Picture, "Image#cover", ""),
        thing(TwinRole::Field, "Edit#search", ""),
    ];
    let mut rows: Vec<TwinThing> =
        (0..4).map(|_| thing(TwinRole::Control, "Row#story", FEED[dice.below(FEED.len())])).collect();
    for at in (1..rows.len()).rev() {
        rows.swap(at, dice.below(at + 1));
    }
    rows.dedup();
    things.extend(rows);
    if dice.below(2) == 0 {
        things.push(thing(TwinRole::Words, "Text#tip", "Did you know?"));
    }
    page("Features", things)
}

/// A twin of five installs: allow, allow, refuse, allow again, the position refused alone. `of` makes the page that the one
/// step opens on each.
fn twin(of: impl Fn(u32) -> (TwinCame, Option<TwinPage>)) -> (Vec<TwinInstall>, Vec<TwinStep>) {
    let answers = |install| match install {
        3 => TwinAnswers::RefuseUnneeded,
        5 => TwinAnswers::RefuseOne,
        _ => TwinAnswers::Allow,
    };
    let install = |install| TwinInstall {
        install,
        answers: answers(install),
        group: if install == 5 { "LOCATION".into() } else { String::new() },
        needed: false,
        whole: install <= 3,
    };
    let step = |install, step, came, page: Option<TwinPage>| TwinStep {
        install,
        step,
        on: (step > 0).then_some(0),
        press: if step == 0 { String::new() } else { "Features".into() },
        instead: None,
        came,
        page,
        plea: false,
        asked: Vec::new(),
        used: Vec::new(),
        before: None,
        after: None,
    };
    let installs = (1..=5).map(install).collect();
    let steps = (1..=5).flat_map(|install| {
        let (came, page) = of(install);
        let first = if came == TwinCame::Missing { page.clone().unwrap_or_else(home) } else { home() };
        [step(install, 0, TwinCame::Opened, Some(first)), step(install, 1, came, page)]
    });
    (installs, steps.collect())
}

fn fate(installs: &[TwinInstall], steps: &[TwinStep]) -> Fate {
    let played: Vec<Played> = steps.iter().map(|step| Played { seq: 0, step }).collect();
    compare(installs.iter().collect(), &played, None).row(1).unwrap().fate.clone()
}

fn fate_of(of: impl Fn(u32) -> (TwinCame, Option<TwinPage>)) -> Fate {
    let (installs, steps) = twin(of);
    fate(&installs, &steps)
}

fn refuses(install: u32) -> bool {
    matches!(install, 3 | 5)
}

/// What every install shows when nothing is refused.
fn steady() -> TwinPage {
    noisy_page(&mut Dice(1))
}

fn withheld(how: How) -> Fate {
    Fate::Withheld { how, groups: vec!["LOCATION".into()], own_use: false }
}

#[test]
fn noise_is_no_difference() {
    for seed in 0..2_000 {
        let told =
            fate_of(|install| (TwinCame::Opened, Some(noisy_page(&mut Dice(seed * 31 + u64::from(install) * 7_919)))));
        assert!(matches!(told, Fate::Same | Fate::Other | Fate::Varies), "seed {seed}: {told:?}");
    }
}

#[test]
fn noise_hides_nothing_that_is_withheld() {
    for seed in 0..500 {
        let told = fate_of(|install| match refuses(install) {
            true => (TwinCame::Stayed, Some(home())),
            false => (TwinCame::Opened, Some(noisy_page(&mut Dice(seed * 31 + u64::from(install) * 7_919)))),
        });
        assert_eq!(told, withheld(How::Nothing), "seed {seed}");
    }
}

#[test]
fn a_demand_in_place_of_a_page_is_withholding_and_a_field_in_its_place_is_not() {
    let text = thing(TwinRole::Words, "Text#", "Please allow access to your location");
    let go = thing(TwinRole::Answer, "Button#", "Go to settings");
    let closed = TwinPage { plea: true, ..page("Closed", vec![text.clone(), go.clone()]) };
    let field = thing(TwinRole::Field, "Edit#city", "");
    let open = TwinPage { plea: true, ..page("Closed", vec![text, go, field]) };
    let with = |refused: &TwinPage| {
        fate_of(|install| (TwinCame::Opened, Some(if refuses(install) { refused.clone() } else { steady() })))
    };
    assert_eq!(with(&closed), withheld(How::Plea));
    assert_eq!(with(&open), Fate::Other);
}

#[test]
fn a_page_without_what_is_used_on_it_is_withheld() {
    let bare = page("Features", vec![thing(TwinRole::Words, "Text#title", "Features")]);
    let told = fate_of(|install| (TwinCame::Opened, Some(if refuses(install) { bare.clone() } else { steady() })));
    assert_eq!(told, withheld(How::Empty));
}

#[test]
fn a_control_that_went_is_withheld_unless_another_came() {
    let mut less = home();
    less.things.retain(|t| t.words != "Features");
    let mut other = less.clone();
    other.things.push(thing(TwinRole::Control, "Button#city", "Choose a city"));
    let with = |first: &TwinPage| {
        fate_of(|install| match refuses(install) {
            true => (TwinCame::Missing, Some(first.clone())),
            false => (TwinCame::Opened, Some(steady())),
        })
    };
    assert_eq!(with(&less), withheld(How::Gone));
    assert_eq!(with(&other), Fate::Other);
}

#[test]
fn what_ends_or_leads_to_the_settings_is_withheld_and_another_app_is_not() {
    let away = |front: &str| TwinPage { front: front.into(), ..TwinPage::default() };
    let with = |came, front: &str| {
        fate_of(|install| match refuses(install) {
            true => (came, Some(away(front))),
            false => (TwinCame::Opened, Some(steady())),
        })
    };
    assert_eq!(with(TwinCame::Ended, "home"), withheld(How::Ended));
    assert_eq!(with(TwinCame::Left, "com.android.settings"), withheld(How::Sent));
    assert_eq!(with(TwinCame::Left, "com.android.documentsui"), Fate::Other);
    assert_eq!(with(TwinCame::SignIn, "org.app"), Fate::Untold);
}

#[test]
fn once_is_not_enough() {
    let stays = |install: u32| (TwinCame::Opened, Some(noisy_page(&mut Dice(u64::from(install)))));
    let only_once = fate_of(|install| if install == 3 { (TwinCame::Stayed, Some(home())) } else { stays(1) });
    assert_eq!(only_once, Fate::Unsure);
    let with_all_allowed = fate_of(|install| if install >= 3 { (TwinCame::Stayed, Some(home())) } else { stays(1) });
    assert_eq!(with_all_allowed, Fate::Varies, "the fourth install allows everything and lacks it too");
}

#[test]
fn what_the_act_itself_asks_for_is_told_apart() {
    let (installs, mut steps) = twin(|install| {
        (
            if refuses(install) { TwinCame::Stayed } else { TwinCame::Opened },
            Some(if refuses(install) { home() } else { steady() }),
        )
    });
    for step in steps.iter_mut().filter(|s| s.step == 1 && s.install == 1) {
        step.used = vec!["FINE_LOCATION".into()];
    }
    assert!(matches!(fate(&installs, &steps), Fate::Withheld { own_use: true, .. }));
}

#[test]
fn what_stands_behind_a_withheld_step_is_not_named() {
    let (installs, mut steps) = twin(|install| {
        (
            if refuses(install) { TwinCame::Stayed } else { TwinCame::Opened },
            Some(if refuses(install) { home() } else { steady() }),
        )
    });
    let behind: Vec<TwinStep> = steps
        .iter()
        .filter(|s| s.step == 1)
        .map(|s| TwinStep {
            step: 2,
            on: Some(1),
            came: if refuses(s.install) { TwinCame::NotReached } else { TwinCame::Opened },
            page: (!refuses(s.install)).then(|| page("Story", Vec::new())),
            ..s.clone()
        })
        .collect();
    steps.extend(behind);
    let played: Vec<Played> = steps.iter().map(|step| Played { seq: 0, step }).collect();
    let compared = compare(installs.iter().collect(), &played, None);
    assert_eq!(compared.row(2).unwrap().fate, Fate::Behind(1));
    assert_eq!(compared.withheld().count(), 1);
    assert_eq!(compared.seeming().into_iter().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn what_all_refusals_together_do_not_cost_one_does_not() {
    let (mut installs, mut steps) = twin(|_| (TwinCame::Opened, Some(steady())));
    steps.retain(|s| s.install != 5);
    let compare = |installs: &[TwinInstall]| {
        let played: Vec<Played> = steps.iter().map(|step| Played { seq: 0, step }).collect();
        let compared = super::compare(installs.iter().collect(), &played, None);
        compared.single(compared.row(1).unwrap(), "LOCATION")
    };
    assert_eq!(compare(&installs), Cell::Same);
    installs[4].needed = true;
    assert_eq!(compare(&installs), Cell::Untold, "a needed one was not refused there");
}
