//! What surfaces share.

use leptos::prelude::*;

use crate::words::speech;

/// `/`: nobody's table yet.
#[component]
pub fn Landing() -> impl IntoView {
    let words = speech().shared();
    view! { <main class="plain-page"><h1>{words.landing}</h1><p>{words.landing_hint}</p></main> }
}

/// An address that leads nowhere.
#[component]
pub fn NothingHere() -> impl IntoView {
    let words = speech().shared();
    view! { <main class="plain-page"><h1>{words.nothing_here}</h1><p>{words.nothing_here_hint}</p></main> }
}
