//! Somebody asks to be let in at a table: what guests who sit there are shown, and waiters.

use domain::GuestNo;
use domain::seating::{Guest, GuestsCommand, JoinAsk};
use leptos::html::Select;
use leptos::prelude::*;

use super::Erase;
use super::icons::{Icon, Symbol};
use crate::words::speech;

/// Somebody asks to be let in.
#[component]
pub fn Asking(
    /// Who.
    ask: JoinAsk,
    /// Who sits there, or did.
    guests: Vec<Guest>,
    /// Does what was answered.
    on_answer: Callback<GuestsCommand>,
) -> impl IntoView {
    let words = speech().door();
    let JoinAsk { ask, name, back, .. } = ask;
    let asks = {
        let name = name.as_ref().map_or(words.somebody, |name| name.as_str());
        if back { words.says_was_here(name) } else { words.wants_in(name) }
    };
    let who = NodeRef::<Select>::new();
    // Who says that they were here already is somebody of the party: only the party knows who.
    let choice = back.then(|| {
        let options = guests.into_iter().map(|Guest { number, name: called, .. }| {
            let is_named_so = name.is_some() && called == name;
            let called = called.map_or_else(|| words.guest_numbered(&number.0.to_string()), String::from);
            view! { <option value=number.0.to_string() selected=is_named_so>{called}</option> }
        });
        view! {
            <label class="field ask-who">
                <span>{words.who_is_it}</span>
                <select node_ref=who>
                    <option value="">{words.somebody_new}</option>
                    {options.collect_view()}
                </select>
            </label>
        }
        .erased()
    });
    let let_in = move |_| {
        let guest = who.get_untracked().and_then(|who| who.value().parse().ok()).map(GuestNo);
        on_answer.run(GuestsCommand::LetIn { ask, guest });
    };
    view! {
        <div class="ask" data-testid="ask">
            <p class="ask-words"><Symbol icon=Icon::People />{asks}</p>
            {choice}
            <div class="ask-actions">
                <button type="button" class="button button-quiet" on:click=move |_| on_answer.run(GuestsCommand::TurnAway { ask })>
                    {words.turn_away}
                </button>
                <button type="button" class="button" on:click=let_in>{words.let_in}</button>
            </div>
        </div>
    }
    .erased()
}
