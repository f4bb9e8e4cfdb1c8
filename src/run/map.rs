//! The map of an app that searches draw: the screens met, what can be pressed there, and which press leads where.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::journal::entry::{Hop, SeenWay};
use crate::ui::Rect;

/// The screens met so far in this attempt; the next search begins with what the last one saw.
#[derive(Default)]
pub(super) struct Map {
    places: Vec<Place>,
    by_signature: HashMap<String, usize>,
    /// What led from each place to another, as it was seen.
    ways: Vec<Vec<(Way, usize)>>,
    /// Signatures of screens on which *back* left the app.
    leaves: HashSet<String>,
    /// A control could not be tried: a pop-up that nothing closed stood before it, the app ended again
    /// and again, or its screen could not be reached any more.
    pub cut_short: bool,
    /// A control that does not speak of signing in led to a page that demands it.
    pub walled: bool,
    /// How often the searches waited for an app of which hardly anything was seen to show more.
    pub waits: u32,
    /// A page to sign in was met at all.
    pub sign_in_met: bool,
}

/// What led from one screen to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The press of a control with this label.
    Press(String),
    /// The *back* key.
    Back,
}

/// One screen of the map.
#[derive(Default)]
pub(super) struct Place {
    pub signature: String,
    pub title: String,
    /// Labels to press from the main screen to here.
    pub path: Vec<Hop>,
    /// Words of everything that can be pressed here, switches too.
    pub labels: Vec<String>,
    /// Words of its switches.
    pub switches: Vec<String>,
    pub controls: Vec<Candidate>,
    /// Scrolls spent looking for more controls; `None` when there is no more to scroll.
    pub scrolls: Option<u32>,
}

/// A control that may lead on.
#[derive(Clone)]
pub(super) struct Candidate {
    pub label: String,
    /// What it is like: class, resource id, and whether it fills the row. Rows of a list are alike.
    pub kind: String,
    pub bounds: Rect,
    /// It has no words: what it promises hangs on its id or place, and is the same whatever is sought.
    pub icon: bool,
    pub score: f32,
    pub tried: bool,
    /// The place it led to, when it was pressed.
    pub led: Option<usize>,
}

/// Rows that are alike and led to one and the same screen, after which the other rows like them are not pressed (ours):
/// twelve stories open one and the same page of an article.
const ALIKE: usize = 2;
/// The same for rows with names as short and fixed as those of a menu, of which one may lead elsewhere (ours).
const ALIKE_IN_A_MENU: usize = 5;
/// A row with a longer name, in letters, is a story, not an entry of a menu (ours).
const LONGEST_ENTRY: usize = 32;
/// A screen of which at least so many of four controls are known by their words under the same title is the known one
/// though something on it changed.
const SAME_OF_FOUR: usize = 3;

impl Map {
    /// All places, in the order they were met.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// One place.
    pub fn place(&self, at: usize) -> &Place {
        &self.places[at]
    }

    /// One place, to be changed.
    pub fn place_mut(&mut self, at: usize) -> &mut Place {
        &mut self.places[at]
    }

    /// Takes a place off the map for a moment, to be changed with the map at hand.
    pub fn take(&mut self, at: usize) -> Place {
        std::mem::take(&mut self.places[at])
    }

    /// Puts a place that was taken back.
    pub fn put_back(&mut self, at: usize, place: Place) {
        self.places[at] = place;
    }

    /// All places, to be changed.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        self.places.iter_mut()
    }

    /// The place with this signature, scrolled or not.
    pub fn at(&self, signature: &str) -> Option<usize> {
        self.by_signature.get(signature).copied()
    }

    /// Puts a new place on the map.
    pub fn add(&mut self, place: Place) -> usize {
        self.by_signature.insert(place.signature.clone(), self.places.len());
        self.places.push(place);
        self.ways.push(Vec::new());
        self.places.len() - 1
    }

    /// Another look of a place: the same screen, scrolled.
    pub fn also(&mut self, signature: String, place: usize) {
        self.by_signature.entry(signature).or_insert(place);
    }

    /// Notes that a way led from one place to another.
    pub fn connect(&mut self, from: usize, way: Way, to: usize) {
        self.cut(from, &way);
        if from != to {
            self.ways[from].push((way, to));
        }
    }

    /// At most so many presses that led from one place to another, those on the first places first.
    pub fn presses(&self, most: usize) -> Vec<SeenWay> {
        let ways = self.ways.iter().enumerate().flat_map(|(from, ways)| ways.iter().map(move |way| (from, way)));
        let press = |(from, (way, to)): (usize, &(Way, usize))| match way {
            Way::Press(label) => Some(SeenWay { from, press: label.clone(), to: *to }),
            Way::Back => None,
        };
        ways.filter_map(press).take(most).collect()
    }

    /// Forgets a way that led elsewhere this time.
    pub fn cut(&mut self, from: usize, way: &Way) {
        self.ways[from].retain(|(known, _)| known != way);
    }

    /// Notes where the press of a control led. When rows like it led to the same screen, the rest of them is passed over.
    pub fn led(&mut self, from: usize, control: usize, to: usize) {
        let pressed = &mut self.places[from].controls[control];
        pressed.led = Some(to);
        let (label, kind) = (pressed.label.clone(), pressed.kind.clone());
        self.connect(from, Way::Press(label), to);
        let alike = |c: &&mut Candidate| c.kind == kind;
        let controls = &mut self.places[from].controls;
        let led: Vec<Option<usize>> = controls.iter_mut().filter(alike).filter(|c| c.tried).map(|c| c.led).collect();
        if !led.iter().all(|place| *place == Some(to)) {
            return;
        }
        for control in controls.iter_mut().filter(alike).filter(|c| !c.tried) {
            let enough = if control.is_entry() { ALIKE_IN_A_MENU } else { ALIKE };
            if led.len() >= enough && control.score == 0.0 {
                control.tried = true;
                // One of them might have led elsewhere.
                self.cut_short |= control.is_entry();
            }
        }
    }

    /// The known screen that this one is, though something on it changed: the same title, and hardly a control that was
    /// not there.
    pub fn resembling(&self, title: &str, labels: &[String]) -> Option<usize> {
        let same = |place: &&Place| {
            let known = labels.iter().filter(|label| place.labels.contains(label)).count();
            place.title == title && known * 4 >= labels.len() * SAME_OF_FOUR
        };
        let place = self.places.iter().position(|place| same(&place));
        place.filter(|_| !title.is_empty() && labels.len() > 1)
    }

    /// Where a control with these words at this place of the screen led from another place: a tab bar stands on many
    /// screens.
    pub fn led_elsewhere(&self, control: &Candidate) -> Option<usize> {
        let same = |c: &&Candidate| c.label == control.label && c.bounds == control.bounds && c.kind == control.kind;
        self.places.iter().flat_map(|place| &place.controls).filter(same).find_map(|c| c.led)
    }

    /// The shortest known ways from one place to another.
    pub fn route(&self, from: usize, to: usize) -> Option<Vec<(Way, usize)>> {
        let mut came: HashMap<usize, (usize, &Way)> = HashMap::new();
        let mut line = VecDeque::from([from]);
        while let Some(here) = line.pop_front() {
            if here == to {
                break;
            }
            for (way, next) in &self.ways[here] {
                if *next != from && !came.contains_key(next) {
                    came.insert(*next, (here, way));
                    line.push_back(*next);
                }
            }
        }
        let mut route = Vec::new();
        let mut here = to;
        while here != from {
            let (before, way) = came.get(&here)?;
            route.push(((*way).clone(), here));
            here = *before;
        }
        route.reverse();
        Some(route)
    }

    /// Notes that *back* left the app on this screen.
    pub fn back_left(&mut self, signature: &str) {
        self.leaves.insert(signature.to_owned());
    }

    /// Whether *back* left the app on this screen before.
    pub fn back_leaves(&self, signature: &str) -> bool {
        self.leaves.contains(signature)
    }
}

impl Candidate {
    /// Whether its words are those of an entry of a menu: short, and without numbers.
    pub fn is_entry(&self) -> bool {
        let width: usize = self.label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        width <= LONGEST_ENTRY && !self.label.chars().any(char::is_numeric)
    }
}

impl Place {
    /// Marks a control as tried; its label.
    pub fn try_control(&mut self, control: usize) -> String {
        self.controls[control].tried = true;
        self.controls[control].label.clone()
    }

    /// Nothing here is tried any more: the place can't be reached. Whether something was left to try.
    pub fn give_up(&mut self) -> bool {
        let left = self.controls.iter().any(|c| !c.tried);
        self.controls.iter_mut().for_each(|c| c.tried = true);
        self.scrolls = None;
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(places: usize) -> Map {
        let mut map = Map::default();
        for at in 0..places {
            map.add(Place { signature: at.to_string(), ..Place::default() });
        }
        map
    }

    fn press(label: &str) -> Way {
        Way::Press(label.to_owned())
    }

    #[test]
    fn the_shortest_known_way_is_taken() {
        let mut map = map(4);
        map.connect(0, press("a"), 1);
        map.connect(1, press("b"), 2);
        map.connect(2, press("c"), 3);
        map.connect(1, press("d"), 3);
        map.connect(3, Way::Back, 0);
        assert_eq!(map.route(0, 3), Some(vec![(press("a"), 1), (press("d"), 3)]));
        assert_eq!(map.route(2, 1), Some(vec![(press("c"), 3), (Way::Back, 0), (press("a"), 1)]));
        assert_eq!(map.route(1, 1), Some(Vec::new()));
        let told = |most| map.presses(most).into_iter().map(|w| (w.from, w.press, w.to)).collect::<Vec<_>>();
        let all = [(0, "a", 1), (1, "b", 2), (1, "d", 3), (2, "c", 3)].map(|(from, by, to)| (from, by.to_owned(), to));
        assert_eq!(told(9), all, "a step back is no press");
        assert_eq!(told(2), all[..2]);
    }

    #[test]
    fn a_way_that_led_elsewhere_is_forgotten() {
        let mut map = map(3);
        map.connect(0, press("a"), 1);
        map.connect(0, press("a"), 2);
        assert_eq!(map.route(0, 1), None);
        map.cut(0, &press("a"));
        assert_eq!(map.route(0, 2), None);
    }

    fn control(label: &str, kind: &str) -> Candidate {
        let bounds = Rect::new(0, 0, 10, 10);
        Candidate { label: label.into(), kind: kind.into(), bounds, icon: false, score: 0.0, tried: false, led: None }
    }

    #[test]
    fn rows_alike_that_led_to_one_screen_are_passed_over() {
        let mut map = map(3);
        map.places[0].controls =
            vec![control("1", "row"), control("2", "row"), control("3", "row"), control("4", "tab")];
        map.places[0].controls.push(control("Help", "row"));
        let open = |map: &Map| map.place(0).controls.iter().filter(|c| !c.tried).count();
        map.place_mut(0).try_control(0);
        map.led(0, 0, 1);
        assert_eq!(open(&map), 4);
        map.place_mut(0).try_control(1);
        map.led(0, 1, 1);
        assert_eq!(open(&map), 2, "the tab is no row, and help no story");
        assert_eq!(map.route(0, 1).map(|route| route.len()), Some(1));
    }

    #[test]
    fn a_screen_on_which_a_greeting_changed_is_the_same() {
        let mut map = map(2);
        let labels = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        map.places[1].title = "Me".into();
        map.places[1].labels = labels(&["Orders", "Settings", "Help"]);
        assert_eq!(map.resembling("Me", &labels(&["Orders", "Settings", "Help"])), Some(1));
        assert_eq!(map.resembling("You", &labels(&["Orders", "Settings", "Help"])), None);
        assert_eq!(map.resembling("Me", &labels(&["Wallet", "Settings", "Cards"])), None);
        assert_eq!(map.resembling("", &[]), None);
    }

    #[test]
    fn rows_that_led_apart_are_all_tried() {
        let mut map = map(3);
        map.places[0].controls = vec![control("1", "row"), control("2", "row"), control("3", "row")];
        for (at, to) in [(0, 1), (1, 2)] {
            map.place_mut(0).try_control(at);
            map.led(0, at, to);
        }
        assert!(!map.place(0).controls[2].tried);
    }

    #[test]
    fn a_tab_bar_leads_to_the_same_place_from_everywhere() {
        let mut map = map(2);
        map.places[0].controls = vec![control("Me", "tab")];
        map.place_mut(0).try_control(0);
        map.led(0, 0, 1);
        assert_eq!(map.led_elsewhere(&control("Me", "tab")), Some(1));
        assert_eq!(map.led_elsewhere(&control("Me", "button")), None);
    }

    #[test]
    fn a_scrolled_screen_is_the_same_place() {
        let mut map = map(2);
        map.also("scrolled".into(), 1);
        map.also("0".into(), 1);
        assert_eq!((map.at("scrolled"), map.at("0"), map.at("other")), (Some(1), Some(0), None));
    }
}
