//! The list of a package's payload, kept small: an exhibit's path tells its digest, so that one of the two is enough.

use std::io::{BufRead, BufReader, Read};

use super::Fault;
use super::bag::{self, Listed, MANIFEST};
use crate::journal::EXHIBITS;
use crate::journal::digest::{self, Hashing};

/// Files at the most: a bound against bombs.
const MOST_FILES: usize = 1_000_000;
/// Longest line, in bytes: beyond a digest, two spaces and the longest path.
const LONGEST_LINE: u64 = 512;

/// A manifest, as it was read. Its memory is that of 33 bytes for each exhibit, and of the lines of other files.
pub(super) struct Manifest {
    /// SHA-256 of its text.
    pub sha256: String,
    /// Files whose paths come before those of exhibits.
    front: Vec<Listed>,
    exhibits: Vec<Exhibit>,
    /// Files whose paths come after those of exhibits.
    back: Vec<Listed>,
    /// How the names of exhibits end.
    endings: Vec<String>,
}

/// An exhibit: `data/exhibits/ab/abcd….png`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Exhibit {
    digest: [u8; 32],
    /// Its place among the endings.
    ending: u8,
}

impl Manifest {
    /// Reads the manifest as strictly as [`bag::parse_manifest`], and that each exhibit is named by its digest.
    ///
    /// # Errors
    /// The first fault.
    pub fn read(from: impl Read) -> Result<Self, Fault> {
        let mut from = BufReader::with_capacity(64 << 10, Hashing::new(from));
        let (front, back) = (Vec::new(), Vec::new());
        let mut manifest = Self { sha256: String::new(), front, exhibits: Vec::new(), back, endings: Vec::new() };
        let (mut line, mut last) = (Vec::new(), String::new());
        for number in 1.. {
            line.clear();
            (&mut from).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(Fault::unreadable(MANIFEST))?;
            if line.is_empty() && number > 1 {
                break;
            }
            if line.pop_if(|end| *end == b'\n').is_none() {
                return Err(Fault::malformed(MANIFEST, "a line that does not end with a line feed, or is too long"));
            }
            if manifest.len() >= MOST_FILES {
                return Err(Fault::hostile(MANIFEST, format!("more than {MOST_FILES} files")));
            }
            let text = std::str::from_utf8(&line).map_err(|_| Fault::malformed(MANIFEST, "not UTF-8"))?;
            let listed = bag::parse_line(MANIFEST, number, text, &last)?;
            last.clone_from(&listed.path);
            manifest.take(number, listed)?;
        }
        manifest.sha256 = from.into_inner().finish().0;
        Ok(manifest)
    }

    fn take(&mut self, number: usize, line: Listed) -> Result<(), Fault> {
        let wrong = |why: String| Fault::malformed(&format!("{MANIFEST}:{number}"), why);
        let folder = folder();
        if !line.path.starts_with("data/") {
            return Err(Fault::malformed(MANIFEST, format!("lists {}, which is no payload", line.path)));
        }
        if !line.path.starts_with(&folder) {
            let half = if line.path < folder { &mut self.front } else { &mut self.back };
            half.push(line);
            return Ok(());
        }
        let (digest, ending) = parts(&line.path)
            .filter(|(digest, _)| *digest == line.sha256)
            .ok_or_else(|| wrong(format!("{} is not named by its digest", line.path)))?;
        let place = self.endings.iter().position(|known| known == ending).unwrap_or(self.endings.len());
        if place == self.endings.len() {
            self.endings.push(ending.to_owned());
        }
        let ending = u8::try_from(place).map_err(|_| wrong("exhibits of too many kinds".to_owned()))?;
        self.exhibits.push(Exhibit { digest: bytes(digest), ending });
        Ok(())
    }

    /// How many files it lists.
    pub fn len(&self) -> usize {
        self.front.len() + self.exhibits.len() + self.back.len()
    }

    /// Its lines, in order.
    pub fn lines(&self) -> impl Iterator<Item = Listed> {
        let exhibits = (0..self.exhibits.len()).map(|at| self.listed(at));
        self.front.iter().cloned().chain(exhibits).chain(self.back.iter().cloned())
    }

    /// Whether it lists a path.
    pub fn lists(&self, path: &str) -> bool {
        let among = |half: &[Listed]| half.binary_search_by(|line| line.path.as_str().cmp(path)).is_ok();
        self.exhibit(path).is_some() || among(&self.front) || among(&self.back)
    }

    /// How many exhibits it lists.
    pub fn exhibits(&self) -> usize {
        self.exhibits.len()
    }

    /// The place of an exhibit among the exhibits, by its path.
    pub fn exhibit(&self, path: &str) -> Option<usize> {
        let (digest, ending) = parts(path)?;
        let digest = bytes(digest);
        let first = self.exhibits.partition_point(|exhibit| exhibit.digest < digest);
        let same = self.exhibits[first..].iter().take_while(|exhibit| exhibit.digest == digest);
        same.zip(first..).find(|(exhibit, _)| self.endings[usize::from(exhibit.ending)] == ending).map(|(_, at)| at)
    }

    /// The line of an exhibit, by its place among them.
    pub fn listed(&self, at: usize) -> Listed {
        let Exhibit { digest, ending } = self.exhibits[at];
        let sha256 = digest::hex(&digest);
        let path = format!("{}{}/{sha256}.{}", folder(), &sha256[..2], self.endings[usize::from(ending)]);
        Listed { path, sha256 }
    }
}

/// The folder of exhibits in a package.
fn folder() -> String {
    format!("data/{EXHIBITS}/")
}

/// Digest and ending of an exhibit's path; `None` when it is not named by a digest.
fn parts(path: &str) -> Option<(&str, &str)> {
    let (two, name) = path.strip_prefix("data/")?.strip_prefix(EXHIBITS)?.strip_prefix('/')?.split_once('/')?;
    let (digest, ending) = name.split_once('.')?;
    (digest::is_digest(digest) && digest.starts_with(two) && two.len() == 2 && !ending.contains('/'))
        .then_some((digest, ending))
}

/// The bytes of a digest.
fn bytes(digest: &str) -> [u8; 32] {
    std::array::from_fn(|at| u8::from_str_radix(&digest[2 * at..2 * at + 2], 16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exhibit(of: &str, ending: &str) -> Listed {
        let sha256 = digest::of(of.as_bytes());
        Listed { path: format!("data/exhibits/{}/{sha256}.{ending}", &sha256[..2]), sha256 }
    }

    fn listed() -> Vec<Listed> {
        let plain = |path: &str| Listed { path: path.into(), sha256: digest::of(path.as_bytes()) };
        let mut listed = vec![plain("data/a.json"), plain("data/journal.jsonl")];
        listed.extend((0..50).map(|n| exhibit(&n.to_string(), if n % 3 == 0 { "xml" } else { "png" })));
        listed.extend([exhibit("1", "json"), exhibit("1", "txt")]);
        listed.sort();
        listed
    }

    #[test]
    fn what_is_kept_gives_every_line_back_and_finds_it() {
        let listed = listed();
        let text = bag::manifest(&listed);
        let manifest = Manifest::read(text.as_bytes()).unwrap();
        assert_eq!(manifest.lines().collect::<Vec<_>>(), listed);
        assert_eq!((manifest.len(), manifest.exhibits()), (54, 52));
        assert_eq!(manifest.sha256, digest::of(text.as_bytes()));
        assert!(listed.iter().all(|line| manifest.lists(&line.path)));
        let exhibits: Vec<&Listed> = listed.iter().filter(|line| line.path.contains("exhibits")).collect();
        for (at, line) in exhibits.iter().enumerate() {
            assert_eq!(manifest.exhibit(&line.path), Some(at));
            assert_eq!(manifest.listed(at), **line);
        }
        for strange in [exhibit("0", "png"), exhibit("x", "png"), exhibit("1", "jpg")] {
            assert!(!manifest.lists(&strange.path) && manifest.exhibit(&strange.path).is_none());
        }
        assert!(!manifest.lists("data/b.json") && !manifest.lists("data/exhibits/aa"));
    }

    #[test]
    fn a_manifest_that_is_not_as_it_is_written_is_refused() {
        let text = bag::manifest(&listed());
        let misnamed = Listed { sha256: digest::of(b"?"), ..exhibit("1", "png") };
        let elsewhere = |path: &str| bag::manifest(&[Listed { path: path.into(), sha256: digest::of(b"1") }]);
        for bad in [
            String::new(),
            "\n".to_owned(),
            text.trim_end().to_owned(),
            text.clone() + "\n",
            text.replace('\n', "\r\n"),
            text.clone() + &text,
            bag::manifest(&[misnamed]),
            elsewhere("bagit.txt"),
            elsewhere("data/exhibits/x.png"),
            elsewhere(&exhibit("1", "png").path.replacen('/', "/exhibits/../", 1)),
            elsewhere(&format!("data/exhibits/zz/{}.png", digest::of(b"1"))),
            "x".repeat(1 << 20) + "\n",
        ] {
            assert!(Manifest::read(bad.as_bytes()).is_err(), "{}", &bad[..bad.len().min(200)]);
        }
    }
}
