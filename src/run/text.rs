//! Reading a text that the app offers, to its end: its words, and how they look.

use crate::journal::entry::{Event, Print, SeekOutcome, TextRead};
use crate::ui::words::is_han;
use crate::ui::{Concept, NodeId, Pixels, Tree, ink};

use super::attempt::Attempt;
use super::error::RunError;
use super::look::Screen;
use super::page::HARMFUL;

/// Scrolls spent on one text (ours): a policy of 20,000 characters takes some thirty.
const MOST_SCROLLS: usize = 60;
/// Characters of a text that are kept.
const MOST_TEXT: usize = 100_000;
/// Parts that are measured.
const MOST_PRINTS: usize = 200;
/// Shorter words are a title or a link, not running text, in characters.
const SHORTEST_PART: usize = 16;
/// Height of a full line as a share of the text size: from the top of `b` to the tail of `g`, and of signs like `国`
/// (ours, from the proportions of Roboto and Noto Sans CJK).
const LINE_SHARE: f64 = 0.93;
const HAN_LINE_SHARE: f64 = 0.88;
/// Characters of a part that are kept.
const FIRST_WORDS: usize = 40;

impl Attempt<'_> {
    /// Searches for a text and, when it was found and opened, reads it.
    pub async fn read_text(&mut self, concept: Concept) -> Result<(), RunError> {
        let ended = self.seek(concept).await?;
        if ended.outcome != SeekOutcome::Found || HARMFUL.contains(&concept) {
            return Ok(());
        }
        let screen = self.clear_way().await?;
        // A switch, or a page that was left again, is no text.
        let opened = ended.path.last().is_some_and(|hop| hop.screen == screen.signature);
        if !opened || !self.in_front(&screen) {
            return Ok(());
        }
        self.scroll_through(concept, screen).await
    }

    async fn scroll_through(&mut self, concept: Concept, mut screen: Screen) -> Result<(), RunError> {
        let mut read = TextRead {
            concept,
            title: heading(&screen.tree),
            text: String::new(),
            whole: false,
            captures: Vec::new(),
            prints: Vec::new(),
        };
        let mut last: Vec<String> = Vec::new();
        for _ in 0..MOST_SCROLLS {
            read.captures.push(screen.capture);
            let lines = lines(&screen.tree);
            for line in lines.iter().filter(|line| !last.contains(line)) {
                read.text.push_str(line);
                read.text.push('\n');
            }
            last = lines;
            self.measure(&screen, &mut read);
            if read.text.chars().count() > MOST_TEXT {
                read.text = read.text.chars().take(MOST_TEXT).collect();
                break;
            }
            if self.scroll(true, "read").await?.is_none() {
                read.whole = true;
                break;
            }
            screen = self.look("read").await?;
            if !self.in_front(&screen) {
                break;
            }
        }
        self.note(Event::TextRead(Box::new(read))).map(drop)
    }

    /// Measures the parts of a text that this screen shows.
    fn measure(&self, screen: &Screen, read: &mut TextRead) {
        let density = self.android.identity().density;
        let Some(picture) = screen.png.as_ref().filter(|_| density > 0).and_then(|png| decoded(png)) else { return };
        let (width, height) = picture.dimensions();
        let pixels = Pixels { width, height, rgb: picture.as_raw() };
        for id in parts(&screen.tree) {
            let node = &screen.tree.nodes[id];
            let words: String = node.label().trim().chars().take(FIRST_WORDS).collect();
            let known = read.prints.iter().any(|print| print.words == words);
            if read.prints.len() >= MOST_PRINTS || known {
                continue;
            }
            let Some(ink) = ink(&pixels, node.bounds) else { continue };
            let han = node.text.chars().filter(|c| is_han(*c)).count();
            let latin = node.text.chars().filter(char::is_ascii_alphabetic).count();
            let share = if han > latin { HAN_LINE_SHARE } else { LINE_SHARE };
            let size = f64::from(ink.line) / share * 160.0 / f64::from(density);
            read.prints.push(Print {
                words,
                characters: node.label().chars().count() as u32,
                capture: screen.capture,
                bounds: node.bounds,
                size: (size * 10.0).round() / 10.0,
                contrast: (ink.contrast * 100.0).round() / 100.0,
            });
        }
    }
}

/// The topmost words of a page: an arrow that goes back is none.
fn heading(tree: &Tree) -> String {
    let words = tree.nodes.iter().filter(|n| n.label().chars().any(char::is_alphanumeric));
    let top = words.min_by_key(|n| (n.bounds.top, n.bounds.left));
    top.map(|n| n.label().trim().chars().take(60).collect()).unwrap_or_default()
}

/// The words of a page, in order, each view's once.
fn lines(tree: &Tree) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for label in tree.labels().map(str::trim) {
        if lines.last().is_none_or(|last| last != label) {
            lines.push(label.to_owned());
        }
    }
    lines
}

/// Views of running text.
fn parts(tree: &Tree) -> impl Iterator<Item = NodeId> + '_ {
    let text = |id: &NodeId| {
        let node = &tree.nodes[*id];
        node.text.chars().count() >= SHORTEST_PART && !node.class.ends_with("EditText")
    };
    (0..tree.nodes.len()).filter(text)
}

fn decoded(png: &[u8]) -> Option<image::RgbImage> {
    let mut reader = image::ImageReader::with_format(std::io::Cursor::new(png), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(256 << 20);
    reader.limits(limits);
    reader.decode().ok().map(image::DynamicImage::into_rgb8)
}
