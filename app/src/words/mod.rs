//! What the interface says, in each language.
//!
//! One struct for each group of words, and a file for each language that fills them: a missing translation
//! does not compile. Dishes are named by the venue, in [`domain::Localized`].
//!
//! The languages are the server's: each page brings the words that it needs, in one language ([`texts`]).

#[cfg(feature = "ssr")]
mod de;
#[cfg(feature = "ssr")]
mod en;
#[cfg(feature = "ssr")]
mod es;
#[cfg(feature = "ssr")]
mod fr;
mod guest;
#[cfg(not(feature = "ssr"))]
mod on_page;
#[cfg(feature = "ssr")]
mod pt;
mod shared;
mod staff;
mod template;
mod texts;

use domain::menu::{Allergen, Diet};
use domain::{Amount, Currency, Language, Localized, Rejection};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use self::texts::Texts as _;
#[cfg(feature = "ssr")]
use crate::address::Bundle;

pub use guest::GuestWords;
pub use shared::Shared;
pub use staff::StaffWords;
pub use template::fill;

/// In which language this page speaks. Every view can ask for it with [`speech`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speech {
    /// The language.
    pub language: Language,
}

/// The page's language and words.
pub fn speech() -> Speech {
    use_context().unwrap_or(Speech::new(Language::En))
}

impl Speech {
    /// Speaks that language.
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    /// A venue's text.
    pub fn of(self, text: &Localized) -> String {
        text.in_language(self.language).to_owned()
    }

    /// An amount as people write it.
    pub fn money(self, amount: Amount, currency: Currency) -> String {
        self.language.money(amount, currency)
    }

    /// Why something was refused.
    pub fn reason(self, reason: Rejection) -> &'static str {
        self.shared().reason(reason)
    }

    /// The name of an allergen.
    pub fn allergen(self, allergen: Allergen) -> &'static str {
        self.shared().allergens[allergen as usize]
    }

    /// The name of a diet.
    pub fn diet(self, diet: Diet) -> &'static str {
        match diet {
            Diet::Vegetarian => self.shared().vegetarian,
            Diet::Vegan => self.shared().vegan,
            Diet::Unknown => "",
        }
    }
}

#[cfg(feature = "ssr")]
impl Speech {
    /// Of English, Portuguese, Spanish, French and German, this page's.
    const fn in_each<T>(self, [en, pt, es, fr, de]: [&'static T; 5]) -> &'static T {
        match self.language {
            Language::En => en,
            Language::Pt => pt,
            Language::Es => es,
            Language::Fr => fr,
            Language::De => de,
        }
    }

    /// The words that every surface uses.
    pub const fn shared(self) -> &'static Shared {
        self.in_each([&en::SHARED, &pt::SHARED, &es::SHARED, &fr::SHARED, &de::SHARED])
    }

    /// The words that only the staff read.
    pub const fn staff(self) -> &'static StaffWords {
        self.in_each([&en::STAFF, &pt::STAFF, &es::STAFF, &fr::STAFF, &de::STAFF])
    }

    /// The words of the guests' page.
    pub const fn guest(self) -> &'static GuestWords {
        self.in_each([&en::GUEST, &pt::GUEST, &es::GUEST, &fr::GUEST, &de::GUEST])
    }

    /// The words that a page of this bundle needs, a text on each line: what the page brings along, for its script.
    pub fn for_page(self, bundle: Bundle) -> String {
        let mut texts = Vec::new();
        self.shared().put(&mut texts);
        match bundle {
            Bundle::Guest => self.guest().put(&mut texts),
            Bundle::Staff => self.staff().put(&mut texts),
        }
        texts.join("\n")
    }
}

#[cfg(not(feature = "ssr"))]
impl Speech {
    /// The words that every surface uses.
    pub fn shared(self) -> &'static Shared {
        on_page::shared()
    }

    /// The words that only the staff read.
    #[cfg(feature = "staff")]
    pub fn staff(self) -> &'static StaffWords {
        on_page::staff()
    }

    /// The words of the guests' page.
    #[cfg(feature = "guest")]
    pub fn guest(self) -> &'static GuestWords {
        on_page::guest()
    }
}

/// In which element of the page its words are.
pub const WORDS_ID: &str = "words";

/// Remembers a language on this device and loads the page in it.
pub fn choose_language(language: Language) {
    let cookie = format!("comanda_language={}; Path=/; Max-Age=31536000; SameSite=Lax", language.code());
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
    let _ = window().location().reload();
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::texts::{List, Texts};
    use super::*;

    #[test]
    fn what_a_page_brings_along_is_what_its_script_reads() {
        for language in Language::ALL {
            let speech = Speech::new(language);
            let mut guests = List(speech.for_page(Bundle::Guest).leak());
            assert_eq!(format!("{:?}", Shared::take(&mut guests)), format!("{:?}", speech.shared()));
            assert_eq!(format!("{:?}", GuestWords::take(&mut guests)), format!("{:?}", speech.guest()));
            let mut staff = List(speech.for_page(Bundle::Staff).leak());
            assert_eq!(format!("{:?}", Shared::take(&mut staff)), format!("{:?}", speech.shared()));
            assert_eq!(format!("{:?}", StaffWords::take(&mut staff)), format!("{:?}", speech.staff()));
        }
    }

    #[test]
    fn no_text_ends_the_element_that_it_stands_in() {
        for (language, bundle) in
            Language::ALL.into_iter().flat_map(|language| [(language, Bundle::Guest), (language, Bundle::Staff)])
        {
            assert!(!Speech::new(language).for_page(bundle).contains('<'), "{language:?}");
        }
    }

    #[test]
    fn every_text_has_the_places_that_the_english_one_has() {
        let places = |text: &str| {
            let mut places: Vec<_> =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place.to_owned()).collect();
            places.sort();
            places
        };
        for bundle in [Bundle::Guest, Bundle::Staff] {
            let english = Speech::new(Language::En).for_page(bundle);
            for language in Language::ALL {
                let texts = Speech::new(language).for_page(bundle);
                assert_eq!(texts.lines().count(), english.lines().count(), "{language:?}");
                for (text, english) in texts.lines().zip(english.lines()) {
                    assert_eq!(places(text), places(english), "{language:?}: {text} / {english}");
                    assert!(!text.is_empty(), "{language:?}: {english}");
                }
            }
        }
    }
}
