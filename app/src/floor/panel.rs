//! One table: who sits there, what they chose and sent, and what can be done.

use domain::{SeatingId, TableId};
use leptos::prelude::*;

use super::panel_parts::{asks, cart, first_round, guests, rounds, taking_off};
use super::plan::{Asked, Plan};
use super::stay::Stay;
use crate::parts::{Dialog, Erase, Icon, LinkBanner, Symbol};
use crate::staff::{flag, part, spoken, text};

/// The panel of the table that was tapped.
#[component]
pub fn Panel(
    /// What is shown.
    plan: Plan,
) -> impl IntoView {
    let words = plan.speech.staff();
    let is_open = Memo::new(move |_| plan.open.with(Option::is_some));
    let title = Signal::derive(move || {
        let card = plan.open.get().and_then(|id| plan.card(&id));
        card.map_or_else(String::new, |card| format!("{} {} · {}", words.table, card.table.label, card.table.area))
    });
    view! {
        <Dialog open=is_open on_close=move |()| plan.open.set(None) title class="dialog side-sheet">
            // On a phone the panel covers the page, and its banner.
            <LinkBanner link=plan.house.link />
            {part(move || plan.open.get().map(|table| view! { <Inside plan table /> }).into_any())}
        </Dialog>
    }
    .erased()
}

#[component]
fn Inside(plan: Plan, table: TableId) -> impl IntoView {
    let id = StoredValue::new(table);
    let seating = Memo::new(move |_| id.with_value(|id| plan.card(id)).and_then(|card| card.party.as_ref()?.seating));
    // Once the party has left, the panel goes too: a second tap must not open the table again.
    Effect::new(move |before: Option<Option<SeatingId>>| {
        let now = seating.get();
        if now.is_none() && before.flatten().is_some() {
            plan.open.set(None);
        }
        now
    });
    view! {
        <div class="panel">
            {part(move || match seating.get() {
                Some(seating) => view! { <Seated plan table=id.get_value() seating /> }.erased(),
                None => view! { <Free plan table=id.get_value() /> }.erased(),
            })}
        </div>
    }
    .erased()
}

#[component]
fn Free(plan: Plan, table: TableId) -> impl IntoView {
    let words = plan.speech.floor();
    let id = StoredValue::new(table);
    let is_asked = move || id.with_value(|id| plan.asked(id)).is_some();
    let seats = text(move || {
        let seats = id.with_value(|id| plan.card(id)).map_or(0, |card| card.table.seats);
        words.seats(seats.into())
    });
    view! {
        <div class="dialog-body"><p class="panel-free">{words.free} " · " {seats}</p></div>
        <footer class="dialog-foot">
            <button
                type="button"
                class="button button-wide"
                aria-disabled=spoken(is_asked)
                on:click=move |_| id.with_value(|id| plan.open_table(id))
            >
                {text(move || if is_asked() { words.opening } else { plan.speech.panel().open_table }.to_owned())}
            </button>
        </footer>
    }
    .erased()
}

#[component]
fn Seated(plan: Plan, table: TableId, seating: SeatingId) -> impl IntoView {
    let words = plan.speech.panel();
    let id = StoredValue::new(table);
    let stay = Memo::new(move |_| {
        plan.house.read_seating(seating, |shown, confirmed| Stay::of(shown, confirmed, plan.speech.language)).unwrap_or_default()
    });
    let since = move || id.with_value(|id| plan.card(id)).and_then(|card| card.party.as_ref().map(|party| party.since));
    let minutes = Memo::new(move |_| since().map_or(0, |since| plan.house.clock.minutes_since(since)));
    let here = text(move || words.seated_for(&format!("{} {}", minutes.get(), plan.speech.staff().minutes)));
    // Drawn again when somebody else asks, and not whenever anything happens: a choice that is being made stays.
    let asking = Memo::new(move |_| {
        let now = plan.house.clock.get();
        stay.with(|stay| stay.asks.iter().filter(|ask| ask.is_waited_for(now)).cloned().collect::<Vec<_>>())
    });
    let waiting =
        Memo::new(move |_| stay.with(|stay| Stay { waiting: stay.waiting.clone(), currency: stay.currency, ..Stay::default() }));
    let about = RwSignal::new(None);
    let total = text(move || stay.with(|stay| plan.speech.money(stay.total, stay.currency)));
    view! {
        <div class="dialog-body">
        <p class="panel-since">{here}</p>
        <div role="status">{part(move || asks(plan, seating, asking.get()))}</div>
        {part(move || waiting.with(|stay| first_round(plan, seating, stay)).into_any())}
        <section class="panel-part" aria-label=words.guests_here>
            {part(move || stay.with(|stay| guests(plan, stay, about)))}
            {part(move || stay.with(|stay| taking_off(plan, seating, stay, about)).into_any())}
        </section>
        <section class="panel-part" aria-label=words.cart hidden=flag(move || stay.with(|stay| stay.cart.is_empty()))>
            <h3>{words.cart}</h3>
            {part(move || stay.with(|stay| cart(plan, stay)))}
        </section>
        {part(move || stay.with(|stay| rounds(plan, seating, stay)))}
        <p class="panel-total"><span>{words.total}</span><strong>{total}</strong></p>
        </div>
        <Closing plan table=id.get_value() seating stay />
    }
    .erased()
}

/// Ends the stay: asked twice, and told what would be lost.
#[component]
fn Closing(plan: Plan, table: TableId, seating: SeatingId, stay: Memo<Stay>) -> impl IntoView {
    let words = plan.speech.panel();
    let id = StoredValue::new(table);
    let is_sure = RwSignal::new(false);
    let is_asked = move || id.with_value(|id| plan.asked(id)) == Some(Asked::Close);
    let warning = move || {
        let (unserved, unsent) = stay.with(|stay| (stay.unserved, stay.unsent));
        let unserved = (unserved > 0).then(|| words.close_unserved(&unserved.to_string()));
        let unsent = (unsent > 0).then(|| words.close_unsent(&unsent.to_string()));
        unserved
            .into_iter()
            .chain(unsent)
            .map(|text| view! { <p class="closing-warning"><Symbol icon=Icon::Warning />{text}</p> })
            .collect_view()
            .erased()
    };
    let close = move |_| {
        let even_if_unserved = stay.with_untracked(|stay| stay.unserved > 0);
        id.with_value(|id| plan.close_table(id, seating, even_if_unserved));
        is_sure.set(false);
    };
    let ask = move || {
        view! {
            <button
                type="button"
                class="button button-quiet button-wide"
                aria-disabled=spoken(is_asked)
                on:click=move |_| is_sure.set(!is_asked())
            >
                {text(move || if is_asked() { plan.speech.floor().closing } else { words.close_table }.to_owned())}
            </button>
        }
        .erased()
    };
    let sure = move || {
        view! {
            <div class="closing" role="alert">
                <p>{words.close_sure}</p>
                {part(warning)}
                <div class="closing-choice">
                    <button type="button" class="button button-quiet" on:click=move |_| is_sure.set(false)>{plan.speech.staff().cancel}</button>
                    <button type="button" class="button button-danger" on:click=close>{words.close_yes}</button>
                </div>
            </div>
        }
        .erased()
    };
    view! { <footer class="dialog-foot">{part(move || if is_sure.get() { sure() } else { ask() })}</footer> }.erased()
}
