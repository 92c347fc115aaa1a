//! The words that came with the page: what every page says, then what this one's bundle says.

use std::sync::OnceLock;

use domain::Language;
use leptos::prelude::*;

use super::texts::{List, Texts};
use super::{Everywhere, Guest, Staff, WORDS_ID};

/// What every page says, and where the bundle's words begin.
fn page(language: Language) -> &'static (Everywhere, List) {
    static PAGE: OnceLock<(Everywhere, List)> = OnceLock::new();
    PAGE.get_or_init(|| {
        let texts = document().get_element_by_id(WORDS_ID).and_then(|element| element.text_content()).unwrap_or_default();
        let mut list = List { language, texts: texts.leak() };
        (Texts::take(&mut list), list)
    })
}

/// What every page says.
pub(super) fn everywhere(language: Language) -> &'static Everywhere {
    &page(language).0
}

/// What guests' phones say, on a guest's page.
pub(super) fn guest(language: Language) -> &'static Guest {
    static WORDS: OnceLock<Guest> = OnceLock::new();
    WORDS.get_or_init(|| Texts::take(&mut page(language).1.clone()))
}

/// What the staff's screens say, on a page of theirs.
pub(super) fn staff(language: Language) -> &'static Staff {
    static WORDS: OnceLock<Staff> = OnceLock::new();
    WORDS.get_or_init(|| Texts::take(&mut page(language).1.clone()))
}
