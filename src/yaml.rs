//! YAML as a tree that knows where each piece stands. Serde's way stops at the first mistake; this tree is walked by
//! hand, so that one reading tells them all. The build script reads the catalogue with it.

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput};

/// Longest file that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// Most nodes of a file.
const MOST_NODES: usize = 20_000;
/// Deepest nesting.
const DEEPEST: usize = 48;

/// A place in a file. Both numbers count from 1; a column counts characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Character in the line, from 1.
    pub column: usize,
}

/// Why a file is no tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where.
    pub at: Location,
    /// Why, in words.
    pub message: String,
}

/// A piece of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub at: Location,
    /// Characters it covers in its first line.
    pub width: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A word or a text.
    Scalar {
        /// As it is meant.
        text: String,
        /// False for text in quotes.
        plain: bool,
    },
    /// Its items.
    List(Vec<Node>),
    /// Its keys and values, in the file's order; a key may stand there twice.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Nothing was written, or one of YAML's words for it.
    pub fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value)
    }

    /// Keys and values of a map; none of anything else.
    pub fn entries(&self) -> &[(Node, Node)] {
        if let Kind::Map(entries) = &self.kind { entries } else { &[] }
    }

    /// Items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// What it is, for messages.
    pub fn what(&self) -> &'static str {
        match &self.kind {
            _ if self.is_empty() => "nothing",
            Kind::Scalar { .. } => "a word",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// Reads the one document of a file.
///
/// # Errors
/// When it is no YAML, holds tags, aliases or a second document, or is beyond the bounds above.
pub fn read(text: &str) -> Result<Node, Unreadable> {
    if text.len() > LONGEST {
        return Err(plain(Location { line: 1, column: 1 }, format!("the file is longer than {LONGEST} bytes")));
    }
    let mut builder = Builder { parser: Parser::new_from_str(text), nodes: 0 };
    let root = builder.document()?;
    root.ok_or_else(|| plain(Location { line: 1, column: 1 }, "the file is empty".to_owned()))
}

struct Builder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Option<Node>, Unreadable> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamEnd => break,
                Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_) => {
                    if root.is_some() {
                        return Err(plain(place(&span), "a second document begins here".to_owned()));
                    }
                    root = Some(self.node(event, &span, 0)?);
                }
                _ => {}
            }
        }
        Ok(root)
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Unreadable> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => {
                let mark = error.marker();
                let at = Location { line: mark.line().max(1), column: mark.col() + 1 };
                Err(plain(at, format!("this is not YAML: {}", error.info())))
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span, depth: usize) -> Result<Node, Unreadable> {
        let at = place(span);
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(plain(at, format!("the file has more than {MOST_NODES} pieces")));
        }
        if depth > DEEPEST {
            return Err(plain(at, format!("nested deeper than {DEEPEST} levels")));
        }
        let (tag, kind) = match event {
            Event::Scalar(text, style, _, tag) => {
                (tag, Kind::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain })
            }
            Event::SequenceStart(_, _, tag) => (tag, Kind::List(self.list(depth)?)),
            Event::MappingStart(_, _, tag) => (tag, Kind::Map(self.map(depth)?)),
            _ => return Err(plain(at, "aliases are not read here: write the piece out".to_owned())),
        };
        if tag.is_some() {
            return Err(plain(at, "tags (`!name`) are not read here".to_owned()));
        }
        Ok(Node { at, width: width(span), kind })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Unreadable> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.piece()? {
            if event == Event::SequenceEnd {
                break;
            }
            items.push(self.node(event, &span, depth + 1)?);
        }
        Ok(items)
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Node, Node)>, Unreadable> {
        let mut entries = Vec::new();
        while let Some((event, span)) = self.piece()? {
            if event == Event::MappingEnd {
                break;
            }
            let key = self.node(event, &span, depth + 1)?;
            let Some((event, span)) = self.piece()? else { break };
            entries.push((key, self.node(event, &span, depth + 1)?));
        }
        Ok(entries)
    }

    /// The next event that is no comment.
    fn piece(&mut self) -> Result<Option<(Event<'a>, Span)>, Unreadable> {
        loop {
            let next = self.next()?;
            let wanted = next.as_ref().is_none_or(|(event, _)| {
                matches!(
                    event,
                    Event::Scalar(..)
                        | Event::SequenceStart(..)
                        | Event::SequenceEnd
                        | Event::MappingStart(..)
                        | Event::MappingEnd
                        | Event::Alias(_)
                )
            });
            if wanted {
                return Ok(next);
            }
        }
    }
}

fn place(span: &Span) -> Location {
    Location { line: span.start.line().max(1), column: span.start.col() + 1 }
}

fn width(span: &Span) -> usize {
    if span.end.line() == span.start.line() { span.end.col().saturating_sub(span.start.col()).max(1) } else { 1 }
}

fn plain(at: Location, message: String) -> Unreadable {
    Unreadable { at, message }
}
