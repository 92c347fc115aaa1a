//! The words that came with the page: what every surface says, then what the page's own surface says.

use std::sync::OnceLock;

use leptos::prelude::*;

use super::texts::{List, Texts};
use super::{Shared, WORDS_ID};

/// The words of every surface, and where those of the page's own begin.
fn page() -> &'static (Shared, &'static str) {
    static PAGE: OnceLock<(Shared, &'static str)> = OnceLock::new();
    PAGE.get_or_init(|| {
        let texts = document().get_element_by_id(WORDS_ID).and_then(|element| element.text_content()).unwrap_or_default();
        let mut list = List(texts.leak());
        (Shared::take(&mut list), list.0)
    })
}

/// What every surface says.
pub(super) fn shared() -> &'static Shared {
    &page().0
}

/// What guests' phones say, on a guest's page.
#[cfg(feature = "guest")]
pub(super) fn guest() -> &'static super::GuestWords {
    static WORDS: OnceLock<super::GuestWords> = OnceLock::new();
    WORDS.get_or_init(|| Texts::take(&mut List(page().1)))
}

/// What the staff's screens say, on a page of theirs.
#[cfg(feature = "staff")]
pub(super) fn staff() -> &'static super::StaffWords {
    static WORDS: OnceLock<super::StaffWords> = OnceLock::new();
    WORDS.get_or_init(|| Texts::take(&mut List(page().1)))
}
