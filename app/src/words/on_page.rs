//! The words that came with the page.

use std::sync::OnceLock;

use leptos::prelude::*;

use super::texts::{List, Texts};
use super::{Shared, WORDS_ID};

#[cfg(feature = "guest")]
type Own = super::GuestWords;
#[cfg(not(feature = "guest"))]
type Own = super::StaffWords;

/// The words of a page.
pub(super) struct Words {
    /// What every surface says.
    pub(super) shared: Shared,
    /// What the surfaces of this bundle say.
    pub(super) own: Own,
}

/// The words that the document holds.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let texts = document().get_element_by_id(WORDS_ID).and_then(|element| element.text_content()).unwrap_or_default();
        let mut list = List(texts.leak());
        Words { shared: Shared::take(&mut list), own: Own::take(&mut list) }
    })
}
