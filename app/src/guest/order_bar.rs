//! The bar at the lower edge: how much waits to be sent, who still chooses, how far the kitchen is.

use domain::seating::Declined;
use leptos::prelude::*;

use super::at_table::at_table;
use super::party::called;
use super::sums::{is_party, listed, others_choosing, pieces, progress};
use super::under_way::under_way;
use crate::live::GuestTable;
use crate::parts::{Erase, Icon, Symbol, memo};
use crate::words::{RoundsWords, Speech, speech};

/// The bar; it opens the order.
#[component]
pub(crate) fn OrderBar() -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.cart();
    let seat = at.seat();
    let count = memo(move || seat.map(|table| table.view.with(|stay| pieces(&stay.cart))).unwrap_or(0));
    let has_sent =
        memo(move || seat.is_some_and(|table| table.view.with(|stay| !stay.rounds.is_empty() || stay.waiting.is_some())));
    let total = move || {
        let sum = seat.map(|table| {
            table.view.with(|stay| match (&*stay.cart, &stay.waiting) {
                ([], None) => stay.sent_total(),
                _ => stay.unsent_total(),
            })
        });
        at.money(sum.unwrap_or_default())
    };
    let line = memo(move || seat.map(|table| second_line(speech, table)).unwrap_or_default());
    // Drawn anew at each change, so that it moves.
    let badge = move || match count.get() {
        0 => view! { <span class="order-count is-zero"><Symbol icon=Icon::Receipt /></span> }.erased(),
        n => view! { <span class="order-count">{n}</span> }.erased(),
    };
    let bar = move || {
        (count.get() > 0 || has_sent.get()).then(|| {
            view! {
                <button type="button" class="order-open" aria-haspopup="dialog" on:click=move |_| at.order_open.set(true)>
                    {badge}
                    <span class="order-words">
                        <span class="order-title">{words.view_order}</span>
                        <span class="order-hint">{line}</span>
                    </span>
                    <span class="order-total">{total}</span>
                </button>
            }
            .erased()
        })
    };
    view! { <div class="order-bar" data-testid="order-bar">{bar}</div> }.erased()
}

/// What matters now: the round under way, who still chooses, else how far the kitchen is.
fn second_line(speech: Speech, table: GuestTable) -> String {
    let words = speech.rounds();
    if table.is_sending() {
        return under_way(speech, table.link.get()).1.to_owned();
    }
    table.view.with(|stay| {
        if stay.waiting.is_some() {
            return words.waits.to_owned();
        }
        if let Some(declined) = &stay.declined {
            return why_declined(words, declined);
        }
        if stay.cart.is_empty() {
            let parts = progress(stay).into_iter().map(|(state, n)| format!("{n} {}", speech.item().state(state)));
            return parts.collect::<Vec<_>>().join(" · ");
        }
        let items = speech.cart().items(pieces(&stay.cart));
        if !is_party(stay) {
            return items;
        }
        format!("{items} · {}", who_chooses(speech, stay, table.me))
    })
}

/// Why the last round went to no kitchen.
pub(super) fn why_declined(words: &RoundsWords, declined: &Declined) -> String {
    declined.reason.as_ref().map_or_else(|| words.declined.to_owned(), |reason| words.declined_because(reason.as_str()))
}

/// Who still chooses, of the others.
pub(super) fn who_chooses(speech: Speech, stay: &domain::seating::Seating, me: domain::GuestNo) -> String {
    let words = speech.party();
    let names: Vec<String> = others_choosing(stay, me).map(|guest| called(speech, guest)).collect();
    let ready = stay.guest(me).is_some_and(|guest| guest.ready);
    match names.len() {
        0 if ready => words.all_ready.to_owned(),
        0 => words.others_ready.to_owned(),
        n => words.still_choose(n, &listed(&names, words.and)),
    }
}
