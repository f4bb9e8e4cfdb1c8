//! Pages that are built alike and differ by what they say: that something is not to be had.

use crate::journal::entry::TwinPage;
use crate::ui::{Lexicon, List};

/// Words of a page by which something is not to be had, and that none of the others shows.
pub fn says_lack<'p>(lexicon: &Lexicon, page: &'p TwinPage, others: &[&TwinPage]) -> Option<&'p str> {
    let lacks = |words: &str| lexicon.mentions(words, List::Lacking);
    let elsewhere = |words: &str| others.iter().any(|page| page.things.iter().any(|thing| thing.words == words));
    page.things.iter().map(|thing| thing.words.as_str()).find(|words| lacks(words) && !elsewhere(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::entry::{TwinRole, TwinThing};

    fn page(words: &[&str]) -> TwinPage {
        let thing = |words: &&str| TwinThing { role: TwinRole::Words, kind: "t".into(), words: (*words).to_owned() };
        TwinPage { things: words.iter().map(thing).collect(), ..TwinPage::default() }
    }

    #[test]
    fn a_page_built_alike_may_say_that_something_is_not_to_be_had() {
        let lexicon = Lexicon::builtin();
        let allowed = [&page(&["Distance", "Nine miles"]), &page(&["Distance", "Coupons: not available"])];
        let said = |words: &[&str]| says_lack(&lexicon, &page(words), &allowed).map(str::to_owned);
        assert_eq!(said(&["Distance", "Not available"]), Some("Not available".into()));
        assert_eq!(said(&["距离", "无法获取"]), Some("无法获取".into()));
        assert_eq!(said(&["Distance", "Ten miles"]), None);
        // It is not to be had with everything allowed either.
        assert_eq!(said(&["Distance", "Coupons: not available"]), None);
    }
}
