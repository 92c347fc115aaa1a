//! What the interface says, in each language.
//!
//! A file for each subject, in which each word stands once, with its languages side by side ([`declare`]). Whatever has
//! places for values is filled by a method ([`places`]); what depends on a number is worded by the language's own rule
//! ([`counted`]). Dishes are named by the venue, in [`domain::Localized`].
//!
//! The texts are the server's: each page brings the words that it needs, in one language ([`texts`]).

mod counted;
mod declare;
mod places;
mod texts;

#[cfg(not(feature = "ssr"))]
mod on_page;

mod cart;
mod common;
mod diet;
mod dish;
mod door;
mod floor;
mod item;
mod joining;
mod kitchen;
mod menu;
mod news;
mod panel;
mod party;
#[cfg(feature = "ssr")]
mod people;
mod plain;
mod reasons;
mod rounds;
#[cfg(feature = "ssr")]
mod sign_in;
mod staff;
mod visit;

use domain::{Amount, Currency, Language, Localized, Rejection};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use self::texts::Texts as _;
use self::texts::texts;
#[cfg(feature = "ssr")]
use crate::address::Bundle;

pub use cart::CartWords;
pub use common::CommonWords;
pub use diet::DietWords;
pub use dish::DishWords;
pub use door::DoorWords;
pub use floor::FloorWords;
pub use item::ItemWords;
pub use joining::JoiningWords;
pub use kitchen::KitchenWords;
pub use menu::MenuWords;
pub use news::NewsWords;
pub use panel::PanelWords;
pub use party::PartyWords;
#[cfg(feature = "ssr")]
pub use people::PeopleWords;
pub use plain::PlainWords;
pub use reasons::ReasonsWords;
pub use rounds::RoundsWords;
#[cfg(feature = "ssr")]
pub use sign_in::SignInWords;
pub use staff::StaffWords;
pub use visit::VisitWords;

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
        self.reasons().of(reason)
    }

    /// The words that a page of this bundle needs, a text on each line: what the page brings along, for its script.
    #[cfg(feature = "ssr")]
    pub fn for_page(self, bundle: Bundle) -> String {
        let mut texts = Vec::new();
        everywhere(self.language).put(&mut texts);
        match bundle {
            Bundle::Guest => guest(self.language).put(&mut texts),
            Bundle::Staff => staff(self.language).put(&mut texts),
        }
        texts.join("\n")
    }
}

/// Says what a page brings along: the words of subjects, in this order. On the server there are those of every language.
macro_rules! brings {
    ($(#[$of:meta])* $page:ident: $Page:ident { $($subject:ident: $Words:ident,)* }) => {
        $(#[$of])*
        #[derive(Debug)]
        struct $Page {
            $($subject: $Words,)*
        }

        texts! { $Page { $($subject)* } }

        #[cfg(feature = "ssr")]
        fn $page(language: Language) -> &'static $Page {
            static IN_EACH: std::sync::LazyLock<[$Page; Language::ALL.len()]> = std::sync::LazyLock::new(|| {
                Language::ALL.map(|language| $Page { $($subject: $Words::in_language(language),)* })
            });
            &IN_EACH[language as usize]
        }

        #[cfg(not(feature = "ssr"))]
        use on_page::$page;

        impl Speech {
            $(
                #[doc = concat!("The page's [`", stringify!($Words), "`].")]
                pub fn $subject(self) -> &'static $Words {
                    &$page(self.language).$subject
                }
            )*
        }
    };
}

brings! {
    /// What every page brings along.
    everywhere: Everywhere {
        common: CommonWords,
        plain: PlainWords,
        door: DoorWords,
        reasons: ReasonsWords,
        item: ItemWords,
    }
}

brings! {
    /// What the guests' page brings along.
    guest: Guest {
        visit: VisitWords,
        joining: JoiningWords,
        party: PartyWords,
        diet: DietWords,
        menu: MenuWords,
        dish: DishWords,
        cart: CartWords,
        rounds: RoundsWords,
        news: NewsWords,
    }
}

brings! {
    /// What the staff's pages bring along.
    staff: Staff {
        staff: StaffWords,
        kitchen: KitchenWords,
        floor: FloorWords,
        panel: PanelWords,
    }
}

#[cfg(feature = "ssr")]
brings! {
    /// What pages say that no script takes over: they bring no words along.
    forms: Forms {
        sign_in: SignInWords,
        people: PeopleWords,
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
        fn is_read<Page: Texts + std::fmt::Debug>(list: &mut List, brought: &Page) {
            assert_eq!(format!("{:?}", Page::take(list)), format!("{brought:?}"));
        }
        for language in Language::ALL {
            let list = |bundle| List { language, texts: Speech::new(language).for_page(bundle).leak() };
            let (mut guests, mut staffs) = (list(Bundle::Guest), list(Bundle::Staff));
            is_read(&mut guests, everywhere(language));
            is_read(&mut guests, guest(language));
            is_read(&mut staffs, everywhere(language));
            is_read(&mut staffs, staff(language));
            assert_eq!((guests.texts, staffs.texts), ("", ""), "nothing is left over");
        }
    }

    #[test]
    fn each_language_says_its_own() {
        let said = Language::ALL.map(|language| Speech::new(language).common().close);
        assert_eq!(said, ["Close", "Fechar", "Cerrar", "Fermer", "Schließen"]);
    }

    #[test]
    fn no_text_ends_the_element_or_the_line_that_it_stands_in() {
        for (language, bundle) in
            Language::ALL.into_iter().flat_map(|language| [(language, Bundle::Guest), (language, Bundle::Staff)])
        {
            let texts = Speech::new(language).for_page(bundle);
            assert!(!texts.contains('<'), "{language:?}");
            let lines = |language| Speech::new(language).for_page(bundle).lines().count();
            assert_eq!(lines(language), lines(Language::En), "{language:?}");
        }
    }
}
