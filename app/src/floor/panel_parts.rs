//! What a table's panel is made of: guests, the cart, the rounds.

use domain::SeatingId;
use domain::seating::ItemState;
use leptos::prelude::*;

use super::plan::Plan;
use super::visit::{Visit, VisitGuest, VisitItem, VisitLine, VisitRound};
use crate::parts::{Erase, Icon, Symbol};
use crate::staff::text;

/// The guests, by name and colour.
pub fn guests(plan: Plan, visit: &Visit) -> AnyView {
    let words = plan.speech.staff();
    if visit.guests.is_empty() {
        return view! { <p class="panel-none">{words.nobody_yet}</p> }.erased();
    }
    let guests = visit.guests.iter().map(|guest| {
        let is_ready = guest.is_ready.then(|| view! { <Symbol icon=Icon::Check /><span class="only-read">{words.ready}</span> });
        view! { <li>{who(plan, guest)}{is_ready}</li> }
    });
    view! { <ul class="panel-guests">{guests.collect_view()}</ul> }.erased()
}

/// A guest's name and colour.
fn who(plan: Plan, guest: &VisitGuest) -> AnyView {
    let name = guest.name.clone().unwrap_or_else(|| format!("{} {}", plan.speech.shared().guest, guest.number));
    view! { <span class=format!("who guest-colour-{}", guest.colour)>{name}</span> }.erased()
}

/// Lines not yet sent.
pub fn cart(plan: Plan, visit: &Visit) -> AnyView {
    let lines = visit.cart.iter().map(|line| view! { <li class="order-line">{order_line(plan, visit, line)}</li> });
    view! { <ul class="order-lines">{lines.collect_view()}</ul> }.erased()
}

fn order_line(plan: Plan, visit: &Visit, line: &VisitLine) -> AnyView {
    let details = (!line.details.is_empty()).then(|| view! { <span class="order-details">{line.details.clone()}</span> });
    view! {
        <span class="order-quantity">{line.quantity} "×"</span>
        <span class="order-what">
            <span class="order-name">{line.name.clone()}</span>
            {details}
            {line.guest.as_ref().map(|guest| who(plan, guest))}
        </span>
        <span class="order-price">{plan.speech.money(line.total, visit.currency)}</span>
    }
    .erased()
}

/// What was sent, newest first, with what can be marked as served.
pub fn rounds(plan: Plan, seating: SeatingId, visit: &Visit) -> AnyView {
    let words = plan.speech.staff();
    if visit.rounds.is_empty() {
        return view! { <p class="panel-none">{words.sent_nothing}</p> }.erased();
    }
    visit.rounds.iter().map(|one| round(plan, seating, visit, one)).collect_view().erased()
}

fn round(plan: Plan, seating: SeatingId, visit: &Visit, round: &VisitRound) -> AnyView {
    let words = plan.speech.staff();
    let (number, at) = (round.number, round.at);
    let minutes = text(move || format!("{} {}", plan.house.clock.minutes_since(at), plan.speech.shared().minutes));
    let serve = (round.to_serve > 0).then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| plan.serve(seating, number, Vec::new())>
                <Symbol icon=Icon::CheckTwice />
                {words.serve}
                <span class="button-count">{round.to_serve}</span>
            </button>
        }
    });
    let items = round.items.iter().map(|item| item_view(plan, seating, visit, round, item)).collect_view();
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

fn item_view(plan: Plan, seating: SeatingId, visit: &Visit, round: &VisitRound, item: &VisitItem) -> AnyView {
    let words = plan.speech.staff();
    let (icon, class) = match item.state {
        ItemState::Received | ItemState::Unknown => (Icon::Receipt, "order-state is-received"),
        ItemState::Cooking => (Icon::Flame, "order-state is-cooking"),
        ItemState::Ready => (Icon::Cloche, "order-state is-ready"),
        ItemState::Served => (Icon::CheckTwice, "order-state is-served"),
    };
    let word = if item.is_waiting { words.sending } else { words.state(item.state) };
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
                <span class="only-read">" · " {words.serve} ": " {item.line.name.clone()}</span>
            </button>
        }
        .erased()
    } else {
        view! { <span class=class><Symbol icon />{word}</span> }.erased()
    };
    view! {
        <li class="order-line" class:is-waiting=item.is_waiting class:is-served=is_served>
            {order_line(plan, visit, &item.line)}
            {state}
        </li>
    }
    .erased()
}
