//! Joining the table: a card at the lower edge that leaves the menu readable. Without a script it is
//! a plain form.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::parts::{Erase, effect};
use domain::text::NAME_MAX_CHARS;

use super::at_table::{Joining, at_table};
use crate::calls::{Join, PageError};
use crate::words::{Speech, fill, speech};

/// Joining the table, or starting a new visit where the last one has ended.
#[component]
pub(crate) fn JoinCard() -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.guest();
    let submit = NodeRef::<html::Button>::new();
    effect(move || {
        if at.wanted.with(Option::is_some)
            && let Some(button) = submit.get()
        {
            let _ = button.focus();
        }
    });
    let name = NodeRef::<html::Input>::new();
    // With a script the page goes on where it is; without one the browser sends the same form.
    let join = move |event: SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked().map(|field| field.value()).unwrap_or_default();
        at.join(name);
    };
    let title = move || if at.is_over() { words.start_new_visit.to_owned() } else { fill(words.join_table, &[&at.label()]) };
    let hint = move || {
        at.wanted.with(|wanted| match wanted {
            Some(wanted) => fill(words.join_to_add, &[&wanted.dish]),
            None if at.is_over() => String::new(),
            None if at.party == 0 => words.join_first.to_owned(),
            None => words.join_party.of(usize::from(at.party)),
        })
    };
    let busy = move || at.joining.with(|joining| *joining == Joining::Asked);
    let button = move || match (busy(), at.wanted.with(Option::is_some)) {
        (true, _) => words.joining,
        (false, true) => words.join_and_add,
        (false, false) => words.join,
    };
    let (before, typed, was_bad) = before(speech);
    let error = move || {
        at.joining.with(|joining| match joining {
            Joining::NotAsked | Joining::Asked => before,
            Joining::Failed(PageError::BadName(_)) => words.bad_name,
            Joining::Failed(PageError::Refused(reason)) => speech.reason(*reason),
            Joining::Failed(PageError::StaleLink) => speech.shared().stale_link_hint,
            Joining::Failed(_) => speech.shared().unreachable,
        })
    };
    let is_bad = move || {
        at.joining.with(|joining| match joining {
            Joining::NotAsked | Joining::Asked => was_bad,
            Joining::Failed(error) => matches!(error, PageError::BadName(_)).then_some("true"),
        })
    };
    view! {
        <section class="join-card" class:is-wanted=move || at.wanted.with(Option::is_some) aria-labelledby="join-title">
            <form method="post" action=Join::url() class="join-form" on:submit=join>
                <div class="join-words">
                    <h2 id="join-title" class="join-title">{title}</h2>
                    <p class="join-hint" role="status">{hint}</p>
                </div>
                <input type="hidden" name="venue" value=at.venue() />
                <input type="hidden" name="token" value=at.token.in_link() />
                <input type="hidden" name="mutation" value=at.joins_as.to_string() />
                <label class="field join-name">
                    <span class="only-read">{words.name_optional}</span>
                    <input
                        node_ref=name
                        type="text"
                        name="name"
                        autocomplete="given-name"
                        autocapitalize="words"
                        enterkeyhint="go"
                        maxlength=NAME_MAX_CHARS
                        placeholder=words.name_optional
                        value=typed
                        aria-invalid=is_bad
                        aria-describedby="join-error"
                        autofocus=was_bad.is_some()
                    />
                </label>
                <button type="submit" class="button" node_ref=submit disabled=busy>{button}</button>
                <p id="join-error" class="field-error join-error" role="alert" hidden=move || error().is_empty()>{error}</p>
            </form>
        </section>
    }
    .erased()
}

/// Why the form failed that was sent from this page without a script, what was typed, and whether that was the fault.
///
/// Only the server knows. The browser finds it in the document, and leaves it there until it has something to say.
#[cfg(feature = "ssr")]
fn before(speech: Speech) -> (&'static str, String, Option<&'static str>) {
    let parts = use_context::<axum::http::request::Parts>();
    let tried = parts.map(|parts| super::tried::Tried::at(&parts.uri)).unwrap_or_default();
    (tried.words(speech), tried.name(), tried.is_bad_name().then_some("true"))
}

#[cfg(not(feature = "ssr"))]
const fn before(_: Speech) -> (&'static str, &'static str, Option<&'static str>) {
    ("", "", None)
}
