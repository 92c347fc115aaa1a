//! The tickets: as many columns as fit, filled from the top, and pages for the rest.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::board::Card;
use super::pages;
use super::ticket::Ticket;
use super::wall::Wall;
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::{flag, rows};

/// The tickets on the wall.
#[component]
pub fn Tickets(
    /// What is shown.
    wall: Wall,
) -> impl IntoView {
    let words = wall.speech.kitchen();
    let flow = NodeRef::<html::Ol>::new();
    pages::keep_measured(wall, flow);
    let withdrawn = move || {
        wall.station.with(|station| {
            let mut all = wall.withdrawn.get();
            all.retain(|card| station.as_ref().is_none_or(|station| card.key.station == *station));
            all.into_iter().map(|card| card.key.clone()).collect()
        })
    };
    let is_busy = flag(move || !wall.shown.with(Vec::is_empty) || !wall.withdrawn.with(Vec::is_empty));
    view! {
        <section class="board" aria-label=words.tickets>
            <ol class="board-flow" node_ref=flow>
                {rows(withdrawn, move |key| wall.withdrawn_card(&key).map(|card| view! { <Withdrawn wall card /> }).into_any())}
                {rows(move || wall.shown.get(), move |key| view! { <Ticket wall key /> }.into_any())}
            </ol>
            <div class="quiet" hidden=is_busy>
                <Symbol icon=Icon::CheckTwice />
                <p class="quiet-title">{words.quiet}</p>
                <p>{words.quiet_hint}</p>
            </div>
        </section>
    }
    .erased()
}

/// A ticket whose table was closed. It doesn't go before somebody has seen it.
#[component]
fn Withdrawn(wall: Wall, card: Arc<Card>) -> impl IntoView {
    let words = wall.speech.kitchen();
    let key = card.key.clone();
    let items =
        card.items.iter().map(|item| view! { <li><s>{format!("{} × {}", item.quantity, item.name)}</s></li> }).collect_view();
    view! {
        <li class="place is-withdrawn-place">
            <article class="ticket is-withdrawn">
                <header class="ticket-head">
                    <h2 class="ticket-table"><span class="only-read">{wall.speech.staff().table} " "</span>{card.table.clone()}</h2>
                    <p class="ticket-what">{card.station_name.clone()}</p>
                </header>
                <p class="withdrawn-why" role="alert"><Symbol icon=Icon::Warning />{words.withdrawn}</p>
                <ul class="withdrawn-items">{items}</ul>
                <footer class="ticket-foot">
                    <button type="button" class="act act-seen" on:click=move |_| wall.seen(&key)>{words.seen}</button>
                </footer>
            </article>
        </li>
    }
    .erased()
}
