//! The tables, by area.

use domain::TableId;
use leptos::prelude::*;

use super::plan::{Asked, Plan};
use super::tables::{self, Mood, Party, TableCard};
use crate::parts::{Erase, Icon, Symbol, with_icon};
use crate::staff::{flag, is_name, part, rows, text};

/// Tables with at least so many seats are drawn twice as wide.
const WIDE_FROM_SEATS: u16 = 6;
/// How many seats are drawn.
const MAX_PIPS: usize = 12;

/// The tables, by area.
#[component]
pub fn Map(
    /// What is shown.
    plan: Plan,
) -> impl IntoView {
    let areas = Memo::new(move |_| plan.cards.with(|cards| tables::areas(cards)));
    view! {
        <section class="map" aria-label=plan.speech.floor().tables>
            {rows(move || areas.get(), move |area| view! { <Area plan area /> }.into_any())}
        </section>
    }
    .erased()
}

#[component]
fn Area(plan: Plan, area: String) -> impl IntoView {
    let title = area.clone();
    let tables = move || {
        plan.cards.with(|cards| {
            let here = cards.iter().filter(|card| card.table.area == area);
            here.map(|card| (card.table.id.clone(), card.table.seats)).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="area">
            <h2 class="area-title">{title}</h2>
            <ul class="area-tables">
                {rows(tables, move |(table, seats)| view! { <Tile plan table seats /> }.into_any())}
            </ul>
        </section>
    }
    .erased()
}

/// One table. It is drawn again when it changes, and only then.
#[component]
fn Tile(plan: Plan, table: TableId, seats: u16) -> impl IntoView {
    let words = plan.speech.staff();
    let is_wide = seats >= WIDE_FROM_SEATS;
    let table = StoredValue::new(table);
    let card = Memo::new(move |_| table.with_value(|table| plan.card(table)));
    let mood_and_late = Memo::new(move |_| {
        let now = plan.house.clock.get();
        card.with(|card| {
            let party = card.as_ref().and_then(|card| card.party.as_ref());
            let of = |party: &Party| plan.house.floor(|floor| (party.mood(now, &floor.rules), party.late(now, &floor.rules).0));
            party.map_or((Mood::Free, 0), of)
        })
    });
    let mood = move || mood_and_late.get().0;
    let asked = Memo::new(move |_| table.with_value(|table| plan.asked(table)));
    let minutes = Memo::new(move |_| party(&card).map(|party| plan.house.clock.minutes_since(party.since)));
    let label = text(move || card.with(|card| card.as_ref().map(|card| card.table.label.clone()).unwrap_or_default()));
    let is_named = flag(move || is_name(&label.get()));
    let is = move |what: Mood| flag(move || mood() == what);
    let state = part(move || state(plan, mood_and_late.get(), asked.get(), party(&card)));
    let time =
        text(move || minutes.get().map(|minutes| format!("{minutes} {}", plan.speech.staff().minutes)).unwrap_or_default());
    let more = part(move || {
        let (rounds, unsent) = party(&card).map_or((0, 0), |party| (party.rounds, party.in_cart));
        let rounds = (rounds > 0).then(|| view! { <span class="tile-round">{words.round} " " {rounds.to_string()}</span> });
        let unsent =
            (unsent > 0).then(|| with_icon("tile-cart", Icon::Pencil, plan.speech.floor().not_sent(&unsent.to_string())));
        view! { {rounds}{unsent} }.erased()
    });
    view! {
        <li class="tile-place" class:is-wide=is_wide>
            <button
                type="button"
                class="tile"
                class:is-free=is(Mood::Free)
                class:is-choosing=is(Mood::Choosing)
                class:is-cooking=is(Mood::InKitchen)
                class:is-late=is(Mood::Late)
                class:is-to-serve=is(Mood::ToServe)
                class:is-served=is(Mood::Served)
                class:is-waiting=flag(move || asked.get().is_some())
                on:click=move |_| plan.open.set(Some(table.get_value()))
            >
                <span class="tile-head">
                    <span class="tile-label" class:is-named=is_named><span class="only-read">{words.table} " "</span>{label}</span>
                    <span class="tile-time">{time}</span>
                </span>
                <span class="tile-state">{state}</span>
                <span class="tile-more">{more}</span>
                <span class="pips" aria-hidden="true">{part(move || pips(&card, seats))}</span>
                <span class="only-read">{text(move || seats_taken(plan, &card, seats))}</span>
            </button>
        </li>
    }
    .erased()
}

type Card = Memo<Option<std::sync::Arc<TableCard>>>;

fn party(card: &Card) -> Option<Party> {
    card.with(|card| card.as_ref().and_then(|card| card.party.clone()))
}

fn state(plan: Plan, (mood, late): (Mood, u32), asked: Option<Asked>, party: Option<Party>) -> AnyView {
    let words = plan.speech.floor();
    let party = party.unwrap_or_default();
    let (icon, word) = match (asked, mood) {
        (Some(Asked::Open), _) => (Some(Icon::Clock), words.opening.to_owned()),
        (Some(Asked::Close), _) => (Some(Icon::Clock), words.closing.to_owned()),
        (None, Mood::Free) => (None, words.free.to_owned()),
        (None, Mood::Choosing) => (None, words.choosing.to_owned()),
        (None, Mood::InKitchen) => (Some(Icon::Flame), words.in_kitchen(&party.in_kitchen.to_string())),
        (None, Mood::Late) => (Some(Icon::Warning), words.late_count(&late.to_string())),
        (None, Mood::ToServe) => (Some(Icon::Cloche), words.to_serve(&party.to_serve.to_string())),
        (None, Mood::Served) => (Some(Icon::CheckTwice), words.all_served.to_owned()),
    };
    view! { {icon.map(|icon| view! { <Symbol icon /> })}<span>{word}</span> }.erased()
}

/// A dot for each seat, filled where somebody sits.
fn pips(card: &Card, seats: u16) -> AnyView {
    let guests = party(card).map_or(0, |party| party.guests);
    let drawn = usize::from(seats).max(guests).min(MAX_PIPS);
    (0..drawn).map(|seat| view! { <span class="pip" class:is-taken=seat < guests></span> }).collect_view().erased()
}

fn seats_taken(plan: Plan, card: &Card, seats: u16) -> String {
    let words = plan.speech.floor();
    match party(card) {
        Some(party) => words.guests(seats.into(), &party.guests.to_string()),
        None => words.seats(seats.into()),
    }
}
