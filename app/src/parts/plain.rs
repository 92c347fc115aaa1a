//! Pages that hold no restaurant: the first page, and kind words where an address leads nowhere.

use leptos::prelude::*;

use super::Erase;
use super::icons::{Icon, Symbol};
use crate::words::speech;

/// A page of one thought: an icon, a heading, a sentence, and perhaps something to do.
#[component]
pub fn PlainPage(
    /// What it is about, drawn.
    icon: Icon,
    /// The heading.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(into)]
    hint: String,
    /// Something to tap.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <main class="plain-page">
            <p class="plain-mark"><Symbol icon /></p>
            <h1>{title}</h1>
            <p>{hint}</p>
            {children.map(|children| view! { <div class="plain-actions">{children()}</div> })}
        </main>
    }
    .erased()
}

/// `/`: nobody's table yet.
#[component]
pub fn Landing() -> impl IntoView {
    let words = speech().plain();
    view! { <PlainPage icon=Icon::Cloche title=words.landing hint=words.landing_hint /> }
}

/// An address that leads nowhere.
#[component]
pub fn NothingHere() -> impl IntoView {
    let words = speech().plain();
    view! { <PlainPage icon=Icon::Search title=words.nothing_here hint=words.nothing_here_hint /> }
}
