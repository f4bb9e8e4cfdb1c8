//! The part of DER (ITU-T X.690) that time stamps need: definite lengths, tags of one byte.

/// One element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// Tag, length and content.
    pub whole: &'a [u8],
}

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BITS: u8 = 0x03;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// Reads elements one after the other.
#[derive(Clone, Copy)]
pub(super) struct Der<'a>(pub &'a [u8]);

impl<'a> Der<'a> {
    /// The next element, whatever it is; `None` at the end, or when none is there.
    pub fn any(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - rest.len()];
        self.0 = rest;
        Some(Element { tag, content, whole })
    }

    /// The next element, which has to have this tag.
    pub fn take(&mut self, tag: u8) -> Option<Element<'a>> {
        self.any().filter(|element| element.tag == tag)
    }

    /// The next element, if it has this tag; else it stays.
    pub fn maybe(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = *self;
        let found = ahead.take(tag);
        if found.is_some() {
            *self = ahead;
        }
        found
    }
}

impl<'a> Element<'a> {
    /// What is inside.
    pub fn inside(&self) -> Der<'a> {
        Der(self.content)
    }

    /// The bytes of a bit string that ends on a byte.
    pub fn bits(&self) -> Option<&'a [u8]> {
        self.content.split_first().filter(|(unused, _)| **unused == 0).map(|(_, bytes)| bytes)
    }
}

/// An element's bytes.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        n @ 0..=0x7f => out.push(n as u8),
        n => {
            let bytes: Vec<u8> = n.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | bytes.len() as u8);
            out.extend(bytes);
        }
    }
    out.extend(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_what_is_cut_is_not() {
        let long = element(OCTETS, &[7; 300]);
        let both = [element(INTEGER, &[5]), long.clone()].concat();
        let mut der = Der(&both);
        assert_eq!(der.take(INTEGER).unwrap().content, [5]);
        assert!(der.maybe(INTEGER).is_none());
        let second = der.take(OCTETS).unwrap();
        assert_eq!((second.content.len(), second.whole), (300, long.as_slice()));
        assert!(der.any().is_none());
        for cut in 0..long.len() {
            assert!(Der(&long[..cut]).any().is_none(), "{cut}");
        }
        assert!(Der(&[0x30, 0x80, 0, 0]).any().is_none(), "an indefinite length");
        assert!(Der(&[0x1f, 0x01, 0x00]).any().is_none(), "a long tag");
        assert!(Der(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).any().is_none());
    }
}
