//! What the interface says, in each language.
//!
//! One struct for each group of words, and a file for each language that fills them: a missing translation
//! does not compile. Dishes are named by the venue, in [`domain::Localized`].

mod de;
mod en;
mod es;
mod fr;
mod guest;
mod pt;
mod shared;
mod staff;
mod template;

use domain::menu::{Allergen, Diet};
use domain::{Amount, Currency, Language, Localized, Rejection};
use leptos::prelude::*;

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
    pub fn shared(self) -> &'static Shared {
        self.in_each([&en::SHARED, &pt::SHARED, &es::SHARED, &fr::SHARED, &de::SHARED])
    }

    /// The words that only the staff read.
    pub fn staff(self) -> &'static StaffWords {
        self.in_each([&en::STAFF, &pt::STAFF, &es::STAFF, &fr::STAFF, &de::STAFF])
    }

    /// The words of the guests' page.
    pub fn guest(self) -> &'static GuestWords {
        self.in_each([&en::GUEST, &pt::GUEST, &es::GUEST, &fr::GUEST, &de::GUEST])
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

/// Remembers a language on this device and loads the page in it.
pub fn choose_language(language: Language) {
    let cookie = format!("comanda_language={}; Path=/; Max-Age=31536000; SameSite=Lax", language.code());
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
    let _ = window().location().reload();
}
