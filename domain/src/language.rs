//! Languages, and text that is given in several of them.

use std::fmt;
use std::str::FromStr;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Amount;
use crate::money::Currency;

/// A language of the interface and of menus, by its ISO 639-1 code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, the fallback.
    #[default]
    En,
    /// Portuguese, as in Portugal.
    Pt,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// German.
    De,
}

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::En, Self::Pt, Self::Es, Self::Fr, Self::De];

    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pt => "pt",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::De => "de",
        }
    }

    /// The language's own name for itself.
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Pt => "Português",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::De => "Deutsch",
        }
    }

    /// The first language of an `Accept-Language` header (RFC 9110, section 12.5.4) that we speak.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut wishes: Vec<(u32, Self)> = header
            .split(',')
            .take(16)
            .filter_map(|wish| {
                let mut parts = wish.split(';');
                let tag = parts.next()?.trim();
                let language = tag.split('-').next()?.parse().ok()?;
                let quality = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
                (quality > 0.0).then_some(((quality.min(1.0) * 1000.0) as u32, language))
            })
            .collect();
        // A stable sort: what comes first among equals stays first.
        wishes.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        wishes.first().map(|(_, language)| *language)
    }

    /// Writes an amount as people of this language do: `€4.50`, `4,50 €`.
    pub fn money(self, amount: Amount, currency: Currency) -> String {
        let scale = 10_u64.pow(currency.exponent());
        let whole = amount.0.unsigned_abs() / scale;
        let minor = amount.0.unsigned_abs() % scale;
        let (group, decimal) = match self {
            Self::En => (',', '.'),
            Self::Pt | Self::Es | Self::De => ('.', ','),
            Self::Fr => ('\u{202F}', ','),
        };
        let digits = whole.to_string();
        let mut number = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                number.push(group);
            }
            number.push(digit);
        }
        if currency.exponent() > 0 {
            number.push(decimal);
            number.push_str(&format!("{minor:0width$}", width = currency.exponent() as usize));
        }
        let sign = if amount.0 < 0 { "−" } else { "" };
        match self {
            Self::En => format!("{sign}{}{number}", currency.symbol()),
            Self::Pt | Self::Es | Self::Fr | Self::De => format!("{sign}{number}\u{A0}{}", currency.symbol()),
        }
    }
}

/// A text that is not the code of a language we speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a language of this installation")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(code: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL.into_iter().find(|l| code.eq_ignore_ascii_case(l.code())).ok_or(UnknownLanguage)
    }
}

/// Reads the codes of languages, and passes over those of a later release.
pub(crate) fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Language>, D::Error> {
    Ok(Vec::<String>::deserialize(deserializer)?.iter().filter_map(|code| code.parse().ok()).collect())
}

/// A text in the languages that the venue gave: in JSON an object, `{ "en": "Soup", "pt": "Sopa" }`.
///
/// A handful of pairs in the languages' order, and not a map: a menu holds hundreds of these, and a map's
/// code would be a part of what a guest's phone downloads.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Localized(Vec<(Language, String)>);

impl Localized {
    /// The text in `language`, else in English, else in whatever there is; empty if there is none.
    pub fn in_language(&self, language: Language) -> &str {
        self.exactly(language).or_else(|| self.exactly(Language::En)).or_else(|| self.texts().next()).unwrap_or_default()
    }

    /// The text in that very language.
    pub fn exactly(&self, language: Language) -> Option<&str> {
        self.0.iter().find(|(of, _)| *of == language).map(|(_, text)| text.as_str())
    }

    /// The texts, in the languages' order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, text)| text.as_str())
    }

    /// Whether the venue gave no text at all, or blank ones.
    pub fn is_empty(&self) -> bool {
        self.texts().all(|text| text.trim().is_empty())
    }

    /// Whether there is no text, not even a blank one. Only then may it be left out where it is written: a server holds
    /// what it decided, and others hold what they read.
    pub fn has_no_text(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets the text in a language.
    fn set(&mut self, language: Language, text: String) {
        match self.0.binary_search_by_key(&language, |(of, _)| *of) {
            Ok(at) => self.0[at].1 = text,
            Err(at) => self.0.insert(at, (language, text)),
        }
    }
}

impl FromIterator<(Language, String)> for Localized {
    fn from_iter<I: IntoIterator<Item = (Language, String)>>(texts: I) -> Self {
        let mut localized = Self::default();
        texts.into_iter().for_each(|(language, text)| localized.set(language, text));
        localized
    }
}

impl<const N: usize> From<[(Language, &str); N]> for Localized {
    fn from(texts: [(Language, &str); N]) -> Self {
        texts.into_iter().map(|(language, text)| (language, text.to_owned())).collect()
    }
}

impl Serialize for Localized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(language, text)| (language, text)))
    }
}

impl<'de> Deserialize<'de> for Localized {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Texts)
    }
}

/// Reads texts by language.
struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Localized;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts by language")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Localized, A::Error> {
        let mut localized = Localized::default();
        while let Some(code) = map.next_key::<String>()? {
            match code.parse() {
                Ok(language) => localized.set(language, map.next_value()?),
                // A language of a later release. Whoever checks for misspelt fields is told of it.
                Err(UnknownLanguage) => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(localized)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_as_people_write_it() {
        let amount = Amount(123_450);
        assert_eq!(Language::En.money(amount, Currency::Eur), "€1,234.50");
        assert_eq!(Language::Pt.money(amount, Currency::Eur), "1.234,50\u{A0}€");
        assert_eq!(Language::De.money(Amount(-5), Currency::Eur), "−0,05\u{A0}€");
        assert_eq!(Language::En.money(Amount(500), Currency::Jpy), "¥500");
    }

    #[test]
    fn the_browser_s_best_language_wins() {
        assert_eq!(Language::from_accept_language("sv, pt-BR;q=0.8, en;q=0.9"), Some(Language::En));
        assert_eq!(Language::from_accept_language("pt-PT,pt;q=0.9"), Some(Language::Pt));
        assert_eq!(Language::from_accept_language("sv"), None);
        assert_eq!(Language::from_accept_language("en;q=0, de;q=x"), None);
    }

    #[test]
    fn a_missing_translation_falls_back() {
        let soup = Localized::from([(Language::En, "Soup"), (Language::Pt, "Sopa")]);
        assert_eq!(soup.in_language(Language::Pt), "Sopa");
        assert_eq!(soup.in_language(Language::De), "Soup");
        assert_eq!(Localized::default().in_language(Language::De), "");
    }
}
