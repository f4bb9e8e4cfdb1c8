//! A look at the device: capture it, write it down, know what stands in front.

use std::sync::Arc;
use std::time::Duration;

use crate::android::{AndroidError, Focus, Snapshot, SystemDialog};
use crate::journal::entry::{Access, Capture, Event, ExhibitRef, LimitKind, Permission};
use crate::ui::{List, Rect, Tree, signature};

use super::attempt::Attempt;
use super::dead_end::{dead_end, first};
use super::error::RunError;

/// What one look saw.
#[derive(Clone)]
pub(super) struct Screen {
    pub tree: Arc<Tree>,
    /// Entry number of the capture.
    pub capture: u64,
    pub screenshot: Option<ExhibitRef>,
    /// The picture itself.
    pub png: Option<Arc<Vec<u8>>>,
    pub signature: String,
    /// Resumed activity, `package/activity`.
    pub resumed: Option<String>,
    /// Number of the focused window, when it stands above its activity's own and had the focus during the whole look.
    pub window: Option<String>,
    /// The device's clock when the look began.
    pub since: Option<i64>,
    /// The device's clock when the look was over.
    pub until: Option<i64>,
    /// Runtime permissions with flags, when they could be read.
    pub permissions: Option<Vec<Permission>>,
}

/// By how much an access may seem to be later than now: two clocks are compared over a wire.
const CLOCKS_AGREE_MS: u64 = 2_000;
/// Places of one screen that are blurred at the most.
const MOST_SECRET_PLACES: usize = 100;
/// What is said when accesses can't be told from those that are known already.
const CLOCK_WAS_SET: &str = "the device's clock was set during the run: accesses from before that are not told again";
/// Two quick readings of one access differ by less than this, in ms (ours).
const SAME_ACCESS_MS: u64 = 400;
/// Longest look that patience is derived from: a device slower than this is waited for no longer.
const SLOWEST_LOOK: Duration = Duration::from_secs(10);

impl Attempt<'_> {
    /// Takes a full look and writes it down.
    pub async fn look(&mut self, reason: &str) -> Result<Screen, RunError> {
        let (begun, began) = (self.clock.elapsed(), self.journal.mono());
        let snapshot = self.android.capture(self.package()).await?;
        self.looked_since(begun);
        let focus = snapshot.focus.clone();
        self.watch.know_window(&focus);
        match &snapshot.hierarchy {
            Some(_) => self.sight_back(began)?,
            None => self.sight_lost(began, snapshot.missing.join("; ")),
        }
        let screen = self.write_down(snapshot, reason)?;
        self.memory.above = self.stands_above(&focus, &screen.tree).await?.then(|| screen.tree.clone());
        self.memory.read = Some((begun, screen.tree.clone()));
        self.note_emulator(&screen)?;
        self.note_fall()?;
        self.note_offer(&screen)?;
        self.note_guardian(&screen)?;
        self.note_feed(&screen)?;
        if screen.tree.package() == self.package() {
            let words = screen.tree.labels().any(|label| label.chars().any(char::is_alphanumeric));
            self.memory.wordless = Some(!words && self.memory.wordless != Some(false));
        }
        if screen.tree.package() == self.package() && self.popup_on(&screen.tree).is_none() {
            self.memory.page = Some((begun, screen.tree.clone()));
            self.memory.page_picture = screen.png.clone();
        }
        self.memory.screen = Some(screen.clone());
        self.note_form(&screen)?;
        Ok(screen)
    }

    /// Whether a tree over the whole screen is that of a window above its activity's own. The focus is read before the tree: a
    /// window that has not the focus any more afterwards may not be what was dumped.
    async fn stands_above(&self, focus: &Focus, tree: &Tree) -> Result<bool, RunError> {
        if focus.above != Some(true) || tree.package() != self.package() || !self.is_wide(tree) {
            return Ok(false);
        }
        match self.android.focus().await {
            Ok(after) => Ok(after.token == focus.token),
            Err(error) if error.is_final() => Err(error.into()),
            Err(_) => Ok(false),
        }
    }

    /// A look that began then has ended: so long do looks take on this device.
    pub fn looked_since(&mut self, begun: Duration) {
        self.memory.pace = (self.clock.elapsed() - begun).min(SLOWEST_LOOK);
    }

    /// Reads the view tree alone, without an entry: for waiting. An unreadable tree is an empty one.
    pub async fn peek(&mut self) -> Result<Arc<Tree>, RunError> {
        let (begun, began) = (self.clock.elapsed(), self.journal.mono());
        let tree = match self.android.hierarchy().await {
            Ok(hierarchy) => {
                self.sight_back(began)?;
                Arc::new(hierarchy.tree)
            }
            Err(AndroidError::NoHierarchy(why)) => {
                self.sight_lost(began, why.to_string());
                Arc::default()
            }
            Err(error) => return Err(error.into()),
        };
        self.memory.read = Some((begun, tree.clone()));
        Ok(tree)
    }

    /// Whether the tree is the one of the last look, so that a new look would show nothing new.
    pub fn is_known(&self, tree: &Tree) -> bool {
        self.memory.screen.as_ref().is_some_and(|screen| *screen.tree == *tree)
    }

    fn write_down(&mut self, snapshot: Snapshot, reason: &str) -> Result<Screen, RunError> {
        let device_time = snapshot.device_time;
        let accesses = snapshot.accesses;
        let mut missing = snapshot.missing;
        let (hierarchy, by, tree) = match snapshot.hierarchy {
            Some(h) => {
                let masked = self.order.secrets.mask(&String::from_utf8_lossy(&h.xml)).into_bytes();
                (Some(self.journal.exhibit(&masked, "application/xml")?), h.by, h.tree)
            }
            None => (None, String::new(), Tree::default()),
        };
        let screenshot = match &snapshot.screenshot {
            Some(s) => Some(self.journal.exhibit(&s.png, "image/png")?),
            None => None,
        };
        let blank = snapshot.screenshot.as_ref().is_some_and(|s| s.blank);
        let secure = blank && !tree.nodes.is_empty() && !self.memory.limits.contains(&LimitKind::BlankScreen);
        if secure {
            self.limit(LimitKind::SecureScreen, "a secure window: its screenshot is black, its view tree was read")?;
        }
        if blank && !secure {
            missing.push("the screenshot is blank: this device does not render".into());
        }
        if let Some(accesses) = accesses {
            let new = self.write_accesses(accesses)?;
            if new > 0 {
                self.note(Event::AccessesRead { source: "appops".into(), new })?;
            }
        }
        let signature = signature(&tree, self.package());
        let capture = Capture {
            reason: reason.to_owned(),
            size: snapshot.screenshot.as_ref().map(|s| (s.width, s.height)),
            screenshot: screenshot.clone(),
            secure,
            hierarchy,
            hierarchy_by: by,
            focus: snapshot.focus.window,
            window: snapshot.focus.token.clone(),
            above: snapshot.focus.above,
            resumed: snapshot.focus.resumed.clone(),
            signature: Some(signature.clone()).filter(|_| !tree.nodes.is_empty()),
            dead_end: self.words_of_dead_end(&tree),
            policy_words: self.words_of_policy(&tree),
            missing,
            secret: self.places_of_secrets(&tree),
        };
        let capture = self.journal.append_at(Event::Captured(Box::new(capture)), device_time)?;
        // The focus is read before the tree: which of two windows the tree shows is not known when it turned meanwhile.
        let turned = self.watch.focused_at().zip(device_time).is_some_and(|(turned, since)| turned > since);
        Ok(Screen {
            tree: Arc::new(tree),
            capture,
            screenshot,
            png: snapshot.screenshot.map(|s| Arc::new(s.png)),
            signature,
            resumed: snapshot.focus.resumed,
            window: snapshot.focus.token.filter(|_| snapshot.focus.above == Some(true) && !turned),
            since: device_time,
            until: snapshot.device_time_end,
            permissions: snapshot.permissions,
        })
    }

    /// The words of a page of the app on which little can be done. A window above it is none.
    fn words_of_dead_end(&self, tree: &Tree) -> Option<String> {
        let page = tree.package() == self.package() && self.is_wide(tree);
        let words = page.then(|| dead_end(&self.order.lexicon, tree)).flatten()?;
        Some(self.order.secrets.mask(&words))
    }

    /// Words about the policy on a page that nobody pressed anything to come to.
    fn words_of_policy(&self, tree: &Tree) -> Option<String> {
        let untouched = self.memory.launches > 0 && self.memory.last_tap.is_none();
        let page = untouched && tree.package() == self.package() && self.is_wide(tree);
        let words = page.then(|| first(tree, |label| self.order.lexicon.mentions(label, List::Policy))).flatten()?;
        Some(self.order.secrets.mask(&words))
    }

    /// Where a tree shows a secret of the run.
    fn places_of_secrets(&self, tree: &Tree) -> Vec<Rect> {
        let secrets = &self.order.secrets;
        if secrets.is_empty() {
            return Vec::new();
        }
        let shows = |node: &&crate::ui::Node| secrets.shows_in(&node.text) || secrets.shows_in(&node.content_desc);
        tree.nodes.iter().filter(shows).map(|node| node.bounds).take(MOST_SECRET_PLACES).collect()
    }

    /// Whether the app under test is what the person sees: its window, or a system dialog above its resumed activity.
    pub fn in_front(&self, screen: &Screen) -> bool {
        let package = self.package();
        let resumed = screen.resumed.as_deref().and_then(|r| r.split('/').next());
        screen.tree.package() == package || (screen.tree.nodes.is_empty() && resumed == Some(package))
    }

    /// What the system asks on this tree, if it does.
    pub fn system_dialog(&self, tree: &Tree) -> Option<SystemDialog> {
        self.android.dialog(tree).filter(|dialog| dialog.by != self.package())
    }

    /// Reads which personal data was touched since the last reading, and writes down what is new.
    pub async fn read_accesses(&mut self) -> Result<(), RunError> {
        let package = self.package().to_owned();
        // First how many there were, then the last of each kind: what comes in between is counted next time.
        let history = self.history_now().await?;
        match self.android.accesses(&package).await {
            Ok(accesses) => {
                let mut new = self.write_accesses(accesses)?;
                if let Some(history) = history {
                    new += self.write_beyond(history)?;
                }
                // Also a reading that shows nothing new is written down: "nothing was read" rests on it.
                self.note(Event::AccessesRead { source: "appops".into(), new }).map(drop)
            }
            Err(error) if error.is_final() => Err(error.into()),
            Err(error) => self.limit(LimitKind::NoAppops, error.to_string()),
        }
    }

    /// Writes down the accesses that were not known yet; how many.
    fn write_accesses(&mut self, accesses: Vec<Access>) -> Result<u32, RunError> {
        let mut new = 0;
        // A time that is told as "so long ago" is off by as much as the reading took.
        let within = SAME_ACCESS_MS.max(u64::try_from(self.memory.pace.as_millis()).unwrap_or(SAME_ACCESS_MS));
        for mut access in accesses {
            let known = self.memory.accesses.iter().any(|known| is_same(known, &access, within));
            if !known {
                self.memory.accesses.push(access.clone());
                access.mono = access.device_time.and_then(|t| self.mono_of(t));
                if access.mono.is_none() && self.clock_was_set() {
                    self.limit(LimitKind::Other, CLOCK_WAS_SET)?;
                    continue;
                }
                new += 1;
                self.memory.counted.note(&access);
                let at = access.device_time;
                self.journal.append_at(Event::Access(access), at)?;
            }
        }
        Ok(new)
    }

    /// Whether the device's clock was set since the run began.
    fn clock_was_set(&self) -> bool {
        let (first, last) = (self.android.identity().clock_offset_ms, self.android.clock_offset_ms());
        first.zip(last).is_some_and(|(first, last)| first.abs_diff(last) > CLOCKS_AGREE_MS)
    }

    /// The device's clock now, as far as it was measured.
    pub(super) fn device_now(&self) -> Option<i64> {
        Some(self.clock.now() + self.android.clock_offset_ms()?)
    }

    /// A moment of the device on this attempt's clock; now when it is not known.
    pub(super) fn elapsed_at(&self, device_time: Option<i64>) -> Duration {
        let ago = device_time.zip(self.device_now()).map_or(0, |(then, now)| (now - then).max(0).unsigned_abs());
        self.clock.elapsed().saturating_sub(Duration::from_millis(ago))
    }

    /// A device time on this journal's monotonic clock, in ms; `None` before its start, later than now (the device's clock
    /// was set back in between), or without a measured offset.
    pub(super) fn mono_of(&self, device_time: i64) -> Option<u64> {
        let now = self.device_now()?;
        let elapsed = self.journal.mono();
        let mono = u64::try_from(i64::try_from(elapsed).ok()? - (now - device_time)).ok()?;
        (mono <= elapsed + CLOCKS_AGREE_MS).then_some(mono)
    }
}

/// Whether two readings tell of the same access. Old releases tell how long ago it was, so its time is known only as
/// exactly as the reading was.
fn is_same(a: &Access, b: &Access, within: u64) -> bool {
    let near = match (a.device_time, b.device_time) {
        (Some(a), Some(b)) => a.abs_diff(b) <= within,
        (a, b) => a == b,
    };
    near && (&a.op, a.allowed, a.foreground) == (&b.op, b.allowed, b.foreground)
}
