//! The table's order: what waits to be sent, grouped by who wants it; what was sent; what it comes to.

use domain::seating::Seating;
use domain::{Amount, GuestNo, LineId};
use leptos::prelude::*;

use super::at_table::at_table;
use super::cart_line::CartLine;
use super::order_bar::why_declined;
use super::party::{Avatar, called_by};
use super::rounds::Rounds;
use super::row_keys;
use super::send::SendFoot;
use crate::live::GuestTable;
use crate::parts::{Dialog, Erase, Icon, Symbol, each, effect, memo, with_icon};
use crate::words::speech;

/// The order, opened from the bar.
#[component]
pub(crate) fn OrderSheet() -> impl IntoView {
    let at = at_table();
    let words = speech().cart();
    view! {
        <Dialog open=at.order_open on_close=move |()| at.order_open.set(false) title=words.your_order class="dialog sheet order-sheet">
            {at.seat().map(|table| view! { <Order table /> })}
        </Dialog>
    }
}

#[component]
fn Order(table: GuestTable) -> impl IntoView {
    let sold_out = memo(move || table.sold_out_lines());
    view! {
        <div class="dialog-body">
            <Cart table sold_out />
            <Rounds table />
            <Totals table />
        </div>
        <SendFoot table sold_out />
    }
    .erased()
}

#[component]
fn Cart(table: GuestTable, sold_out: Memo<Vec<LineId>>) -> impl IntoView {
    let speech = speech();
    let (words, rounds) = (speech.cart(), speech.rounds());
    let groups =
        memo(move || table.view.with(|stay| stay.cart_owners(table.me).into_iter().map(row_keys::of_owner).collect::<Vec<_>>()));
    let is_empty = memo(move || groups.with(Vec::is_empty));
    // What comes after the order was opened is shown coming.
    let is_settled = StoredValue::new(false);
    effect(move || is_settled.set_value(true));
    let has_sent = memo(move || table.view.with(|stay| !stay.rounds.is_empty() || stay.waiting.is_some()));
    let empty = move || {
        if is_empty.get() && has_sent.get() {
            return Some(view! { <p class="order-empty is-small">{words.empty_hint}</p> }.erased());
        }
        is_empty.get().then(|| {
            view! {
                <div class="order-empty">
                    <Symbol icon=Icon::Cloche />
                    <p class="order-empty-title">{words.empty}</p>
                    <p>{words.empty_hint}</p>
                </div>
            }
            .erased()
        })
    };
    let declined = move || {
        let why = table.view.with(|stay| stay.declined.as_ref().map(|declined| why_declined(rounds, declined)))?;
        Some(with_icon("why-not is-bad", Icon::Info, why))
    };
    let row = move |owner| view! { <OwnersLines table owner=row_keys::owner(owner) sold_out is_settled /> }.into_any();
    view! {
        <section class="cart" aria-label=words.not_sent_yet>
            {declined}
            {each(move || groups.get(), row)}
            {empty}
        </section>
    }
    .erased()
}

/// The lines of one guest, or the table's own.
#[component]
fn OwnersLines(
    table: GuestTable,
    owner: Option<GuestNo>,
    sold_out: Memo<Vec<LineId>>,
    is_settled: StoredValue<bool>,
) -> impl IntoView {
    let (at, speech) = (at_table(), speech());
    let words = speech.party();
    let guest = memo(move || owner.and_then(|owner| table.view.with(|stay| stay.guest(owner).cloned())));
    let name = move || {
        guest.with(|guest| guest.as_ref().map_or_else(|| words.everybody.to_owned(), |guest| called_by(speech, guest, table.me)))
    };
    let ready = move || {
        guest
            .with(|guest| guest.as_ref().is_some_and(|guest| guest.ready))
            .then(|| with_icon("tag tag-good", Icon::Check, words.ready))
    };
    let lines = memo(move || {
        table.view.with(|stay| {
            stay.cart.iter().filter(|line| line.guest == owner).map(|line| row_keys::of_line(line.id)).collect::<Vec<_>>()
        })
    });
    let row = move |line| {
        let arrived = is_settled.get_value() && owner != Some(table.me);
        view! { <CartLine table line=row_keys::line(line) sold_out arrived /> }.into_any()
    };
    let sum = move || {
        at.money(table.view.with(|stay| stay.cart.iter().filter(|line| line.guest == owner).map(|line| line.total()).sum()))
    };
    view! {
        <div class="cart-group">
            <h3 class="cart-owner">
                {move || view! { <Avatar guest=guest.get() /> }}
                <span class="cart-owner-name">{name}</span>
                {ready}
                <span class="cart-owner-sum">{sum}</span>
            </h3>
            <ul class="cart-lines">
                {each(move || lines.get(), row)}
            </ul>
        </div>
    }
    .erased()
}

#[component]
fn Totals(table: GuestTable) -> impl IntoView {
    let at = at_table();
    let words = speech().cart();
    let cart = memo(move || table.view.with(Seating::unsent_total));
    let sent = memo(move || table.view.with(|stay| stay.sent_total()));
    let mine = memo(move || table.view.with(|stay| stay.share_of(table.me)));
    let has_cart = memo(move || table.view.with(|stay| !stay.cart.is_empty() || stay.waiting.is_some()));
    let has_sent = memo(move || table.view.with(|stay| !stay.rounds.is_empty()));
    let row = move |class: &'static str, word: &'static str, sum: Memo<Amount>| {
        view! { <div class=class><dt>{word}</dt><dd>{move || at.money(sum.get())}</dd></div> }.erased()
    };
    view! {
        <dl class="totals">
            {move || has_cart.get().then(|| row("total", words.not_sent_yet, cart))}
            {move || has_sent.get().then(|| [row("total total-table", words.table_total, sent), row("total", words.your_share, mine)])}
        </dl>
    }
    .erased()
}
