//! Texts with places for values.

use super::texts::words;

/// A text with places for values, as `"{0} added {1}"`.
pub(super) type Template = &'static str;

words! {
    /// A text that depends on how many: `{0}` is the number.
    pub struct Counted {
        one: Template,
        many: Template,
    }
}

impl Counted {
    /// The text for `n`.
    pub fn of(&self, n: usize) -> String {
        fill(if n == 1 { self.one } else { self.many }, &[&n.to_string()])
    }
}

/// A text for one, and a text for any other number.
#[cfg(feature = "ssr")]
pub(super) const fn counted(one: Template, many: Template) -> Counted {
    Counted { one, many }
}

/// Puts values where a template has `{0}`, `{1}` …
pub fn fill(template: Template, values: &[&str]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(place.parse().ok().and_then(|i: usize| values.get(i)).copied().unwrap_or(""));
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::super::{de, en};
    use super::*;

    #[test]
    fn values_stand_where_the_language_wants_them() {
        assert_eq!(fill("{0} added {1}.", &["Ana", "soup"]), "Ana added soup.");
        assert_eq!(fill("{1} × {0}", &["soup", "2"]), "2 × soup");
        assert_eq!(fill("nothing", &["x"]), "nothing");
        assert_eq!(fill("{7}{", &["x"]), "");
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(en::GUEST.items.of(1), "1 item");
        assert_eq!(en::GUEST.items.of(2), "2 items");
        assert_eq!(de::GUEST.found.of(0), "0 Gerichte");
    }
}
