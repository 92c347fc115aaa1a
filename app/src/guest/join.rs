//! Joining the table, or asking to be let in: a card at the lower edge that leaves the menu readable. Without a script it
//! is a plain form.

use domain::Rejection;
use domain::seating::Takes;
use domain::text::NAME_MAX_CHARS;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;

use super::at_table::{Joining, at_table};
use crate::api::PageError;
use crate::api::guests::Join;
use crate::live::form_of;
use crate::parts::{Erase, Icon, Symbol, effect};
use crate::words::{Speech, speech};

/// Joining the table, waiting to be let in, or starting a new visit where the last one has ended.
#[component]
pub(crate) fn JoinCard() -> impl IntoView {
    let at = at_table();
    move || if at.waits() { view! { <Waiting /> }.erased() } else { view! { <JoinForm /> }.erased() }
}

/// Somebody has to let one in.
#[component]
fn Waiting() -> impl IntoView {
    let at = at_table();
    let words = speech().joining();
    view! {
        <section class="join-card" aria-labelledby="join-title">
            <div class="join-form">
                <div class="join-words" role="status">
                    <h2 id="join-title" class="join-title"><Symbol icon=Icon::Clock /> {words.asked}</h2>
                    <p class="join-hint">{if at.takes() == Takes::Staff { words.join_by_staff } else { words.asked_hint }}</p>
                </div>
                <a class="button button-quiet" href="">{words.look_again}</a>
            </div>
        </section>
    }
    .erased()
}

#[component]
fn JoinForm() -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.joining();
    let submit = NodeRef::<html::Button>::new();
    effect(move || {
        if at.wanted.with(Option::is_some)
            && let Some(button) = submit.get()
        {
            let _ = button.focus();
        }
    });
    // With a script the page goes on where it is; without one the browser sends the same form.
    let join = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = event.target().and_then(|form| form_of(form.unchecked_ref())) {
            at.join(form);
        }
    };
    let starts_anew = move || at.is_over() && !at.is_removed();
    let title = move || if starts_anew() { words.start_new_visit.to_owned() } else { words.join_table(&at.label()) };
    let hint = move || {
        let party = usize::from(at.party);
        at.wanted.with(|wanted| match (wanted, at.takes()) {
            (Some(wanted), _) => words.join_to_add(&wanted.dish),
            (None, _) if at.is_over() => String::new(),
            (None, Takes::Staff) if at.is_free => speech.reason(Rejection::StaffOpensTables).to_owned(),
            (None, Takes::Staff) => words.join_by_staff.to_owned(),
            (None, Takes::Nothing) if party == 0 => words.join_first.to_owned(),
            (None, _) if party == 0 => String::new(),
            (None, Takes::Nothing) => words.join_party(party),
            (None, Takes::Consent) => words.join_asking(party),
            (None, Takes::ConsentAlone) => words.join_by_consent(party),
        })
    };
    let busy = move || at.joining.with(|joining| *joining == Joining::Asked);
    let asks = move || at.takes() != Takes::Nothing && !starts_anew();
    let button = move || match (busy(), at.wanted.with(Option::is_some)) {
        (true, _) => words.joining,
        (false, _) if asks() => words.ask_to_join,
        (false, true) => words.join_and_add,
        (false, false) => words.join,
    };
    let (before, typed, was_bad) = before(speech);
    let error = move || {
        at.joining.with(|joining| match joining {
            Joining::NotAsked | Joining::Asked | Joining::Waits => before,
            Joining::TurnedAway => words.turned_away,
            Joining::Failed(PageError::BadName(_)) => words.bad_name,
            Joining::Failed(PageError::WrongNumber) => words.wrong_number,
            Joining::Failed(PageError::TooManyTries) => speech.common().too_many_tries,
            Joining::Failed(PageError::Refused(reason)) => speech.reason(*reason),
            Joining::Failed(PageError::StaleLink) => speech.visit().stale_link_hint,
            Joining::Failed(_) => speech.common().unreachable,
        })
    };
    let is_bad = move || {
        at.joining.with(|joining| match joining {
            Joining::Failed(error) => matches!(error, PageError::BadName(_)).then_some("true"),
            _ => was_bad,
        })
    };
    let number = move || {
        (at.takes() == Takes::Consent && !at.is_over()).then(|| {
            view! {
                <label class="field join-number">
                    <span class="only-read">{words.number_if_known}</span>
                    <input type="text" name="number" inputmode="numeric" autocomplete="off" maxlength="8" placeholder=words.number />
                </label>
            }
            .erased()
        })
    };
    let was_here = move || {
        (asks() && (at.party > 0 || at.takes() == Takes::ConsentAlone)).then(|| {
            view! { <label class="join-back"><input type="checkbox" name="back" value="1" />{words.was_here}</label> }.erased()
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
                <input type="hidden" name="mutation" value=move || at.joins_as.get().to_string() />
                <label class="field join-name">
                    <span class="only-read">{words.name_optional}</span>
                    <input
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
                {number}
                <button type="submit" class="button" node_ref=submit disabled=busy>{button}</button>
                {was_here}
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
    let tried = parts.map(|parts| crate::api::tried::Tried::at(&parts.uri)).unwrap_or_default();
    (tried.words(speech), tried.name(), tried.is_bad_name().then_some("true"))
}

#[cfg(not(feature = "ssr"))]
const fn before(_: Speech) -> (&'static str, &'static str, Option<&'static str>) {
    ("", "", None)
}
