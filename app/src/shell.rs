//! The document around every page, and the root that both the server renders and the browser hydrates.

use domain::Language;
use leptos::prelude::*;

use crate::address::Page;
use crate::page::PageAt;
use crate::words::Speech;
#[cfg(feature = "ssr")]
use crate::{address::Bundle, words::WORDS_ID};

/// The document. Only the server renders it.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions, page: Option<Page>, language: Language) -> impl IntoView {
    let pkg = options.site_pkg_dir.clone();
    let surface = page.as_ref().map_or("guest", Page::surface);
    let bar = bar_colour(surface);
    let scripts = page.as_ref().is_none_or(Page::is_live).then(|| {
        let spoken = Speech::new(language).for_page(Bundle::of(page.as_ref()));
        view! {
            // Data, which no browser runs.
            <script type="text/plain" id=WORDS_ID inner_html=spoken></script>
            <HydrationScripts options=options.clone() />
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=language.code() data-surface=surface>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content=bar />
                <meta name="robots" content="noindex" />
                <meta name="referrer" content="same-origin" />
                <title>{title(Speech::new(language), page.as_ref())}</title>
                <link rel="stylesheet" href=format!("/{pkg}/comanda.css") />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {scripts}
            </head>
            <body>
                <App page language />
            </body>
        </html>
    }
}

/// The document's title.
#[cfg(feature = "ssr")]
fn title(speech: Speech, page: Option<&Page>) -> String {
    let of = match page {
        Some(Page::Kitchen { .. }) => speech.staff().kitchen,
        Some(Page::Floor { .. }) => speech.staff().floor,
        Some(Page::Staff { .. } | Page::SignIn { .. }) => speech.common().sign_in,
        Some(Page::Landing | Page::Guest { .. }) | None => return "Comanda".to_owned(),
    };
    format!("{of} · Comanda")
}

/// The colour of the browser's own bar: one that goes with the surface, light or dark (`tokens.css`).
#[cfg(feature = "ssr")]
fn bar_colour(surface: &str) -> &'static str {
    match surface {
        "kitchen" => "#0b0d0f",
        "floor" => "#16202a",
        _ => "#b4441c",
    }
}

/// The root: the same on the server and in the browser.
#[component]
pub fn App(
    /// The page of the address.
    page: Option<Page>,
    /// The interface's language.
    language: Language,
) -> impl IntoView {
    provide_context(Speech::new(language));
    view! { <PageAt page /> }
}

/// The root in the browser, which reads from the document what the server told it.
pub fn app_in_browser() -> impl IntoView {
    let page = window().location().pathname().ok().and_then(|path| Page::at(&path));
    let language = document()
        .document_element()
        .and_then(|html| html.get_attribute("lang"))
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    view! { <App page language /> }
}
