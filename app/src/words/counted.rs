//! Texts that depend on how many there are.

use domain::Language;

use super::places::fill;
#[cfg(feature = "ssr")]
use super::places::numbered;
#[cfg(any(test, not(feature = "ssr")))]
use super::texts::List;
use super::texts::Texts;

/// A text in the two forms that a number can ask for. A method of its word's name takes the number, and fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    language: Language,
    one: &'static str,
    /// Empty where the language has one form of it: a page need not bring it twice.
    other: &'static str,
}

impl Counted {
    /// Of one form, or two. The names are the places': the number's comes first.
    #[cfg(feature = "ssr")]
    pub(super) fn new(language: Language, forms: &[&str], names: &[&str]) -> Self {
        let form = |i: usize| forms.get(i).map_or("", |text| numbered(text, names));
        Self { language, one: form(0), other: form(1) }
    }

    /// The text for so many, with these values behind the number.
    pub(super) fn with(self, n: usize, more: &[&str]) -> String {
        let text = if is_one(self.language, n) || self.other.is_empty() { self.one } else { self.other };
        let n = n.to_string();
        let values: Vec<&str> = std::iter::once(&*n).chain(more.iter().copied()).collect();
        fill(text, &values)
    }
}

/// Whether so many are of the category “one”, by the language's rule for cardinals in Unicode's CLDR
/// (<https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html>). Portuguese is that of Portugal
/// (`pt-PT`), as our texts are. The category “many”, which three of the languages have for whole millions, is no number of
/// dishes.
const fn is_one(language: Language, n: usize) -> bool {
    match language {
        Language::En | Language::Pt | Language::Es | Language::De => n == 1,
        Language::Fr => n <= 1,
    }
}

impl Texts for Counted {
    #[cfg(feature = "ssr")]
    fn put(&self, list: &mut Vec<&'static str>) {
        self.one.put(list);
        self.other.put(list);
    }

    #[cfg(any(test, not(feature = "ssr")))]
    fn take(list: &mut List) -> Self {
        Self { language: list.language, one: Texts::take(list), other: Texts::take(list) }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::super::Speech;
    use super::*;

    #[test]
    fn none_one_and_two_are_worded_as_the_language_counts() {
        let found = |language| [0, 1, 2].map(|n| Speech::new(language).menu().found(n));
        assert_eq!(found(Language::En), ["0 dishes", "1 dish", "2 dishes"]);
        assert_eq!(found(Language::Pt), ["0 pratos", "1 prato", "2 pratos"]);
        assert_eq!(found(Language::Es), ["0 platos", "1 plato", "2 platos"]);
        assert_eq!(found(Language::Fr), ["0 plat", "1 plat", "2 plats"]);
        assert_eq!(found(Language::De), ["0 Gerichte", "1 Gericht", "2 Gerichte"]);
    }

    #[test]
    fn the_number_rules_and_the_values_follow_it() {
        let seats = |language, n| Speech::new(language).floor().guests(n, "0");
        assert_eq!([1, 8].map(|n| seats(Language::En, n)), ["0 of 1 seat", "0 of 8 seats"]);
        assert_eq!([1, 8].map(|n| seats(Language::De, n)), ["0 von 1 Platz", "0 von 8 Plätzen"]);
        let choose = |n, names| Speech::new(Language::Pt).party().still_choose(n, names);
        assert_eq!(choose(1, "Ana"), "Ana ainda está a escolher");
        assert_eq!(choose(2, "Ana e Rui"), "Ana e Rui ainda estão a escolher");
    }

    #[test]
    fn one_form_is_enough_where_a_language_has_one() {
        let owes = |language| [0, 1, 2].map(|n| Speech::new(language).kitchen().owes(n));
        assert_eq!(owes(Language::En), ["0 to go", "1 to go", "2 to go"]);
        assert_eq!(owes(Language::Es), ["faltan 0", "falta 1", "faltan 2"]);
        assert_eq!(owes(Language::Fr), ["reste 0", "reste 1", "restent 2"]);
    }
}
