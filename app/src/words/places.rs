//! Texts with places for values. In its file a place has a name, for whoever translates: `"{guest} added {dish}."`; on a
//! page it has its number, which is shorter: `"{0} added {1}."`.

#[cfg(any(test, not(feature = "ssr")))]
use super::texts::List;
use super::texts::Texts;

/// A text with places for values. A method of its word's name fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template(&'static str);

impl Template {
    /// Of a text whose places have these names.
    #[cfg(feature = "ssr")]
    pub(super) fn new(text: &str, names: &[&str]) -> Self {
        Self(numbered(text, names))
    }

    /// The text with these values, in the order of its places' names.
    pub(super) fn with(self, values: &[&str]) -> String {
        fill(self.0, values)
    }
}

impl Texts for Template {
    #[cfg(feature = "ssr")]
    fn put(&self, list: &mut Vec<&'static str>) {
        self.0.put(list);
    }

    #[cfg(any(test, not(feature = "ssr")))]
    fn take(list: &mut List) -> Self {
        Self(Texts::take(list))
    }
}

/// Puts values where a text has `{0}`, `{1}` …
pub(super) fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(place.parse().ok().and_then(|i: usize| values.get(i)).copied().unwrap_or(""));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The text with its places by number. It is kept for good: a server makes each text once.
#[cfg(feature = "ssr")]
pub(super) fn numbered(text: &str, names: &[&str]) -> &'static str {
    let named = names.iter().enumerate();
    named.fold(text.to_owned(), |text, (i, name)| text.replace(&format!("{{{name}}}"), &format!("{{{i}}}"))).leak()
}

/// Refuses a word whose translations do not agree ([`odd_one`]): [`words!`](super::declare::words) has the compiler ask.
#[cfg(feature = "ssr")]
pub(super) const fn agree(texts: &[&str], counts: &[&str], places: &[&str]) {
    if let Some(text) = odd_one(texts, counts, places) {
        panic!("{}", text);
    }
}

/// The first translation of a word that is empty, or has not each of these places once, and no other. The number of a
/// counted word (`counts`) may be left out, by all of them.
#[cfg(feature = "ssr")]
const fn odd_one<'a>(texts: &[&'a str], counts: &[&str], places: &[&str]) -> Option<&'a str> {
    let says_number = !counts.is_empty() && has(texts[0], counts[0]);
    let mut i = 0;
    while i < texts.len() {
        let text = texts[i];
        let mut lacks = text.is_empty() || (says_number && !has(text, counts[0]));
        let mut j = 0;
        while j < places.len() {
            lacks |= !has(text, places[j]);
            j += 1;
        }
        if lacks || opened(text) != places.len() + says_number as usize {
            return Some(text);
        }
        i += 1;
    }
    None
}

/// Whether a text has a place of that name.
#[cfg(feature = "ssr")]
const fn has(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    let mut at = 0;
    while at + name.len() + 2 <= text.len() {
        if text[at] == b'{' && text[at + 1 + name.len()] == b'}' {
            let mut i = 0;
            while i < name.len() && text[at + 1 + i] == name[i] {
                i += 1;
            }
            if i == name.len() {
                return true;
            }
        }
        at += 1;
    }
    false
}

/// How many places a text opens.
#[cfg(feature = "ssr")]
const fn opened(text: &str) -> usize {
    let text = text.as_bytes();
    let (mut at, mut opened) = (0, 0);
    while at < text.len() {
        opened += (text[at] == b'{') as usize;
        at += 1;
    }
    opened
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_the_language_wants_them() {
        let added = Template::new("{guest} added {dish}.", &["guest", "dish"]);
        assert_eq!(added, Template("{0} added {1}."));
        assert_eq!(added.with(&["Ana", "soup"]), "Ana added soup.");
        assert_eq!(Template::new("{n} × {dish}", &["dish", "n"]).with(&["soup", "2"]), "2 × soup");
        assert_eq!(fill("nothing", &["x"]), "nothing");
        assert_eq!(fill("{7}{", &["x"]), "");
    }

    #[test]
    fn translations_agree_on_their_places() {
        assert_eq!(odd_one(&["Join", "Beitreten"], &[], &[]), None);
        assert_eq!(odd_one(&["{guest} added {dish}.", "{dish}: {guest}"], &[], &["guest", "dish"]), None);
        assert_eq!(odd_one(&["{n} of {seats}", "von {seats}: {n}"], &["n"], &["seats"]), None);
        assert_eq!(odd_one(&["{names} is choosing", "{names} are choosing"], &["n"], &["names"]), None);
    }

    #[test]
    fn a_place_that_one_translation_lacks_or_has_alone_is_found() {
        assert_eq!(odd_one(&["{dish} has gone", "Ausverkauft"], &[], &["dish"]), Some("Ausverkauft"), "one is missing");
        assert_eq!(odd_one(&["{dish} has gone", "{dihs} ist aus"], &[], &["dish"]), Some("{dihs} ist aus"), "one is misspelt");
        assert_eq!(odd_one(&["Sold out", "{dish} ist aus"], &[], &[]), Some("{dish} ist aus"), "one too many");
        assert_eq!(odd_one(&["{dish}", "{dish}, {dish}"], &[], &["dish"]), Some("{dish}, {dish}"), "one twice");
        assert_eq!(odd_one(&["{n} dishes", "Gerichte"], &["n"], &[]), Some("Gerichte"), "its number is said by one alone");
        assert_eq!(odd_one(&["dishes", "{n} Gerichte"], &["n"], &[]), Some("{n} Gerichte"), "its number is said by one alone");
        assert_eq!(odd_one(&["Sold out", ""], &[], &[]), Some(""), "nothing is said");
    }
}
