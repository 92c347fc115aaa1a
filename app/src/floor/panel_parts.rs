//! What a table's panel is made of: who asks to be let in, guests, the cart, the rounds.

use domain::seating::{GuestsCommand, ItemState, JoinAsk, RoundsCommand};
use domain::text::NOTE_MAX_CHARS;
use domain::{GuestNo, Note, SeatingId};
use leptos::html;
use leptos::prelude::*;

use super::plan::Plan;
use super::stay::{Stay, StayGuest, StayItem, StayLine, StayRound};
use crate::parts::{Asking, Erase, Icon, Symbol};
use crate::staff::text;

/// Who asks to be let in, and is still waited for.
pub fn asks(plan: Plan, seating: SeatingId, asks: Vec<JoinAsk>) -> AnyView {
    let guests = plan.house.read_seating(seating, |shown, _| shown.guests.clone()).unwrap_or_default();
    let on_answer = Callback::new(move |answer| plan.ask(seating, answer));
    let asks = asks.into_iter().map(|ask| view! { <Asking ask guests=guests.clone() on_answer /> });
    view! { {asks.collect_view()} }.erased()
}

/// The guests, by name and colour, each with a button that asks whether to take them off the table. `about` is whom it
/// is asked of.
pub fn guests(plan: Plan, stay: &Stay, about: RwSignal<Option<u16>>) -> AnyView {
    let words = plan.speech.panel();
    let mut here = stay.guests.iter().filter(|guest| guest.is_here).peekable();
    if here.peek().is_none() {
        return view! { <p class="panel-none">{words.nobody_yet}</p> }.erased();
    }
    let guests = here.map(|guest| {
        let is_ready = guest.is_ready.then(|| view! { <Symbol icon=Icon::Check /><span class="only-read">{plan.speech.item().ready}</span> });
        let (number, ask) = (guest.number, plan.speech.door().take_off(&called(plan, guest)));
        view! {
            <li>
                {who(plan, guest)}
                {is_ready}
                <button type="button" class="icon-button panel-guest-remove" aria-label=ask on:click=move |_| about.set(Some(number))>
                    <Symbol icon=Icon::Cross />
                </button>
            </li>
        }
    });
    view! { <ul class="panel-guests">{guests.collect_view()}</ul> }.erased()
}

/// Whether to take somebody off the table.
pub fn taking_off(plan: Plan, seating: SeatingId, stay: &Stay, about: RwSignal<Option<u16>>) -> Option<AnyView> {
    let words = plan.speech.door();
    let number = about.get()?;
    let guest = stay.guests.iter().find(|guest| guest.number == number && guest.is_here)?;
    let remove = move |_| {
        about.set(None);
        plan.ask(seating, GuestsCommand::RemoveGuest { guest: GuestNo(number) });
    };
    Some(
        view! {
            <div class="closing" role="alert">
                <p>{words.take_off(&called(plan, guest))} "?"</p>
                <p class="closing-warning"><Symbol icon=Icon::Warning />{plan.speech.panel().take_off_hint}</p>
                <div class="closing-choice">
                    <button type="button" class="button button-quiet" on:click=move |_| about.set(None)>{plan.speech.staff().cancel}</button>
                    <button type="button" class="button button-danger" on:click=remove>{words.take_off_yes}</button>
                </div>
            </div>
        }
        .erased(),
    )
}

/// What a guest is called.
fn called(plan: Plan, guest: &StayGuest) -> String {
    guest.name.clone().unwrap_or_else(|| plan.speech.door().guest_numbered(&guest.number.to_string()))
}

/// A guest's name and colour.
fn who(plan: Plan, guest: &StayGuest) -> AnyView {
    view! { <span class=format!("who guest-colour-{}", guest.colour)>{called(plan, guest)}</span> }.erased()
}

/// A first round that waits to be accepted.
pub fn first_round(plan: Plan, seating: SeatingId, stay: &Stay) -> Option<AnyView> {
    let words = plan.speech.panel();
    let waiting = stay.waiting.as_ref()?;
    let (round, at) = (waiting.number, waiting.at);
    let minutes = text(move || format!("{} {}", plan.house.clock.minutes_since(at), plan.speech.staff().minutes));
    let lines = waiting.items.iter().map(|item| view! { <li class="order-line">{order_line(plan, stay, &item.line)}</li> });
    let reason = NodeRef::<html::Input>::new();
    let decline = move |_| {
        let typed = reason.get_untracked().map(|reason| reason.value()).unwrap_or_default();
        plan.ask(
            seating,
            RoundsCommand::DeclineRound { round, reason: Note::new(&typed).ok().filter(|_| !typed.trim().is_empty()) },
        );
    };
    Some(
        view! {
            <section class="panel-part first-round" aria-label=words.waits_for_you>
                <header class="round-head"><h3>{words.waits_for_you} " " <small>{minutes}</small></h3></header>
                <ul class="order-lines">{lines.collect_view()}</ul>
                <input
                    class="text-input"
                    node_ref=reason
                    type="text"
                    maxlength=NOTE_MAX_CHARS
                    placeholder=words.decline_reason
                    aria-label=words.decline_reason
                />
                <div class="closing-choice">
                    <button type="button" class="button button-quiet" on:click=decline>{words.decline}</button>
                    <button type="button" class="button" on:click=move |_| plan.ask(seating, RoundsCommand::AcceptRound { round })>
                        <Symbol icon=Icon::Send />
                        {words.accept}
                    </button>
                </div>
            </section>
        }
        .erased(),
    )
}

/// Lines not yet sent.
pub fn cart(plan: Plan, stay: &Stay) -> AnyView {
    let lines = stay.cart.iter().map(|line| view! { <li class="order-line">{order_line(plan, stay, line)}</li> });
    view! { <ul class="order-lines">{lines.collect_view()}</ul> }.erased()
}

fn order_line(plan: Plan, stay: &Stay, line: &StayLine) -> AnyView {
    let details = (!line.details.is_empty()).then(|| view! { <span class="order-details">{line.details.clone()}</span> });
    view! {
        <span class="order-quantity">{line.quantity} "×"</span>
        <span class="order-what">
            <span class="order-name">{line.name.clone()}</span>
            {details}
            {line.guest.as_ref().map(|guest| who(plan, guest))}
        </span>
        <span class="order-price">{plan.speech.money(line.total, stay.currency)}</span>
    }
    .erased()
}

/// What was sent, newest first, with what can be marked as served.
pub fn rounds(plan: Plan, seating: SeatingId, stay: &Stay) -> AnyView {
    let words = plan.speech.panel();
    if stay.rounds.is_empty() {
        return view! { <p class="panel-none">{words.sent_nothing}</p> }.erased();
    }
    stay.rounds.iter().map(|one| round(plan, seating, stay, one)).collect_view().erased()
}

fn round(plan: Plan, seating: SeatingId, stay: &Stay, round: &StayRound) -> AnyView {
    let words = plan.speech.staff();
    let (number, at) = (round.number, round.at);
    let minutes = text(move || format!("{} {}", plan.house.clock.minutes_since(at), plan.speech.staff().minutes));
    let serve = (round.to_serve > 0).then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| plan.serve(seating, number, Vec::new())>
                <Symbol icon=Icon::CheckTwice />
                {plan.speech.panel().serve}
                <span class="button-count">{round.to_serve}</span>
            </button>
        }
    });
    let items = round.items.iter().map(|item| item_view(plan, seating, stay, round, item)).collect_view();
    view! {
        <section class="panel-part sent" aria-label=format!("{} {}", words.round, number.0)>
            <header class="round-head">
                <h3>{words.round} " " {number.0} " " <small>{minutes}</small></h3>
                {serve}
            </header>
            <ul class="order-lines">{items}</ul>
        </section>
    }
    .erased()
}

fn item_view(plan: Plan, seating: SeatingId, stay: &Stay, round: &StayRound, item: &StayItem) -> AnyView {
    let words = plan.speech.staff();
    let (icon, class) = match item.state {
        ItemState::Received | ItemState::Unknown => (Icon::Receipt, "order-state is-received"),
        ItemState::Cooking => (Icon::Flame, "order-state is-cooking"),
        ItemState::Ready => (Icon::Cloche, "order-state is-ready"),
        ItemState::Served => (Icon::CheckTwice, "order-state is-served"),
    };
    let word = if item.is_waiting { words.sending } else { plan.speech.item().state(item.state) };
    let (number, line) = (round.number, item.line.line);
    let is_served = item.state == ItemState::Served;
    // One dish of several is carried out: its state is the button.
    let state = if item.state == ItemState::Ready && !item.is_waiting {
        view! {
            <button
                type="button"
                class=class
                on:click=move |_| plan.serve(seating, number, vec![line])
            >
                <Symbol icon />
                {word}
                <span class="only-read">" · " {plan.speech.panel().serve} ": " {item.line.name.clone()}</span>
            </button>
        }
        .erased()
    } else {
        view! { <span class=class><Symbol icon />{word}</span> }.erased()
    };
    view! {
        <li class="order-line" class:is-waiting=item.is_waiting class:is-served=is_served>
            {order_line(plan, stay, &item.line)}
            {state}
        </li>
    }
    .erased()
}
