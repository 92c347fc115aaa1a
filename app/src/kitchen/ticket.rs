//! One ticket.

use std::sync::Arc;

use domain::seating::ItemState;
use leptos::prelude::*;

use super::age::Urgency;
use super::board::{Card, CardItem, TicketKey};
use super::wall::Wall;
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::{flag, is_name, part, text};

/// How many tickets have a digit.
pub(super) const DIGITS: usize = 9;

/// One ticket. It is drawn again when it changes, and only then.
#[component]
pub fn Ticket(
    /// What is shown.
    wall: Wall,
    /// Which ticket.
    key: TicketKey,
) -> impl IntoView {
    let words = wall.speech.staff();
    let key = StoredValue::new(key);
    let card = Memo::new(move |_| key.with_value(|key| wall.board.with(|board| board.get(key))));
    let age = Memo::new(move |_| card.with(|card| card.as_ref().map(|card| wall.age(card)).unwrap_or_default()));
    let is_new = Memo::new(move |_| key.with_value(|key| wall.is_new(key)));
    let digit = Memo::new(move |_| {
        let place = key.with_value(|key| wall.on_page().iter().position(|on_page| on_page == key));
        place.filter(|place| *place < DIGITS && wall.keys.get()).map(|place| place + 1)
    });
    let said = move |read: fn(&Card) -> String| text(move || card.with(|card| card.as_deref().map(read).unwrap_or_default()));
    let is = move |what: fn(&Card) -> bool| flag(move || card.with(|card| card.as_deref().is_some_and(what)));
    let is_open = is(Card::is_open);
    let is_received = is(|card| card.state == ItemState::Received);
    let urgency = move |of: Urgency| flag(move || age.get().urgency == of && is_open.get());
    let items = part(move || {
        let items = card.get().map(|card| card.items.clone()).unwrap_or_default();
        items.into_iter().map(|item| item_view(wall, key, item)).collect_view().erased()
    });
    let digit_text = text(move || digit.get().map(|digit| digit.to_string()).unwrap_or_default());
    let id = key.with_value(TicketKey::element_id);
    let minutes = wall.speech.staff().minutes;
    view! {
        <li class="place">
            <article
                class="ticket"
                id=id
                tabindex="-1"
                class:is-watch=urgency(Urgency::Watch)
                class:is-late=urgency(Urgency::Late)
                class:is-new=flag(move || is_new.get())
                class:is-started=is(|card| card.state == ItemState::Cooking)
                class:is-done=flag(move || !is_open.get())
                class:is-waiting=is(|card| card.waiting)
            >
                <div class="ticket-top">
                    <header class="ticket-head">
                        <h2 class="ticket-table" class:is-named=is(|card| is_name(&card.table))>
                            <span class="only-read">{words.table} " "</span>
                            {said(|card| card.table.clone())}
                        </h2>
                        <p class="ticket-what">
                            <span class="ticket-station">{said(|card| card.station_name.clone())}</span>
                            <kbd class="ticket-digit" aria-hidden="true" class:is-off=flag(move || digit.get().is_none())>{digit_text}</kbd>
                            <span class="ticket-round">{words.round} " " {said(|card| card.key.round.0.to_string())}</span>
                        </p>
                        <p class="ticket-age">
                            <span class="ticket-minutes">{text(move || age.get().minutes.to_string())} " " <small>{minutes}</small></span>
                            {part(move || sign(wall, age.get().urgency, is_new.get()).into_any())}
                        </p>
                    </header>
                </div>
                <ul class="items">{items}</ul>
                {part(move || card.get().and_then(|card| elsewhere(wall, &card)).into_any())}
                <footer class="ticket-foot">
                    {part(move || if is_open.get() { open_foot(wall, key, is_received.get()) } else { done_foot(wall, key) })}
                </footer>
            </article>
        </li>
    }
    .erased()
}

/// What the colour says, in a word and a sign.
fn sign(wall: Wall, urgency: Urgency, is_new: bool) -> Option<AnyView> {
    let words = wall.speech.kitchen();
    let (sign, word) = match urgency {
        Urgency::Late => ("‼", words.late),
        Urgency::Watch => ("▲", words.watch),
        Urgency::Fresh if is_new => ("●", words.new),
        Urgency::Fresh => return None,
    };
    Some(view! { <strong class="ticket-sign"><span aria-hidden="true">{sign} " "</span>{word}</strong> }.erased())
}

fn item_view(wall: Wall, key: StoredValue<TicketKey>, item: CardItem) -> AnyView {
    let words = wall.speech.staff();
    let is_ready = item.state >= ItemState::Ready;
    let is_many = item.quantity > 1;
    let line = item.line;
    let what = if item.waiting {
        words.sending
    } else if is_ready {
        wall.speech.item().ready
    } else {
        ""
    };
    let options = item.options.into_iter().map(|option| view! { <span class="item-option">{option}</span> }).collect_view();
    let note = item.note.map(|note| view! { <span class="item-note">{note}</span> });
    view! {
        <li>
            <button
                type="button"
                class="item"
                class:is-ready=is_ready
                class:is-waiting=item.waiting
                aria-pressed=is_ready.to_string()
                on:click=move |_| key.with_value(|key| wall.toggle(key, line))
            >
                <span class="item-quantity" class:is-many=is_many>{item.quantity}</span>
                <span class="item-what">
                    <span class="item-name">{item.name}</span>
                    {options}
                    {note}
                </span>
                <span class="item-state">
                    {is_ready.then(|| view! { <Symbol icon=Icon::Check /> })}
                    <span class:only-read=!item.waiting>{what}</span>
                </span>
            </button>
        </li>
    }
    .erased()
}

/// The other stations of the round, and what they still owe.
fn elsewhere(wall: Wall, card: &Arc<Card>) -> Option<AnyView> {
    let words = wall.speech.kitchen();
    if card.elsewhere.is_empty() {
        return None;
    }
    let stations = card
        .elsewhere
        .iter()
        .map(|other| {
            let owes = match other.owes {
                0 => format!("✓ {}", wall.speech.item().ready),
                owes => words.owes(owes),
            };
            view! { <span class="elsewhere-station" class:is-ready=other.owes == 0>{other.station_name.clone()} ": " {owes}</span> }
        })
        .collect_view();
    Some(view! { <p class="elsewhere"><span class="elsewhere-also">{words.also_at} " "</span>{stations}</p> }.erased())
}

/// Two places that never change theirs: whoever taps “start” twice has started once.
fn open_foot(wall: Wall, key: StoredValue<TicketKey>, is_received: bool) -> AnyView {
    let words = wall.speech.kitchen();
    view! {
        <button
            type="button"
            class="act act-start"
            aria-disabled=(!is_received).to_string()
            on:click=move |_| key.with_value(|key| wall.start(key))
        >
            {(!is_received).then(|| view! { <Symbol icon=Icon::Flame /> })}
            <span>{if is_received { words.start } else { wall.speech.item().cooking }}</span>
        </button>
        <button type="button" class="act act-done" on:click=move |_| key.with_value(|key| wall.bump(key))>
            <Symbol icon=Icon::Check />
            <span>{words.done}</span>
        </button>
    }
    .erased()
}

fn done_foot(wall: Wall, key: StoredValue<TicketKey>) -> AnyView {
    let words = wall.speech.kitchen();
    view! {
        <button type="button" class="act act-undo" on:click=move |_| key.with_value(|key| wall.recall(key))>
            <Symbol icon=Icon::Undo />
            <span>{words.undo}</span>
        </button>
        <p class="act done-word"><Symbol icon=Icon::Check /><span>{words.done}</span></p>
    }
    .erased()
}
