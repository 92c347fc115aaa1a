//! What holds in every seating that decided events can make, whoever did whatever in which order.

use std::collections::BTreeSet;

use domain::seating::{
    Line, MAX_ASKS, MAX_GUESTS, MAX_GUESTS_EVER, MAX_LINES, MAX_QUANTITY, MAX_ROUNDS, MAX_VERSION, Seating, Stay,
};
use domain::{Amount, Fold, LineId};

/// Says what doesn't hold in this seating.
pub(crate) fn invariants(seating: &Seating) -> Result<(), String> {
    guests_are_dense(seating)?;
    rounds_are_dense(seating)?;
    lines_are_sound(seating)?;
    totals_are_sums(seating)?;
    tickets_hold_each_item_once(seating)?;
    held(seating.stay != Stay::NotOpened || *seating == Seating::default(), "something happened before they sat down")?;
    // Joining and closing stay possible at the end of a record: a party can always leave.
    let longest = MAX_VERSION + u64::try_from(MAX_GUESTS_EVER).unwrap_or(u64::MAX) + 1;
    held(seating.version() <= longest, "the record is longer than it may be")
}

fn held(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn guests_are_dense(seating: &Seating) -> Result<(), String> {
    held(seating.guests_here().count() <= MAX_GUESTS && seating.guests.len() <= MAX_GUESTS_EVER, "the party is too large")?;
    held(seating.entry.asks.len() <= MAX_ASKS, "too many ask to be let in")?;
    held(seating.entry.locked || seating.guests.iter().all(|guest| !guest.removed), "who was removed can come back as anybody")?;
    let dense = seating.guests.iter().zip(1..).all(|(guest, number)| guest.number.0 == number);
    held(dense, "guests are not numbered 1, 2, 3 …")
}

fn rounds_are_dense(seating: &Seating) -> Result<(), String> {
    held(seating.rounds.len() <= MAX_ROUNDS, "there are too many rounds")?;
    let dense = seating.rounds.iter().zip(1..).all(|(round, number)| round.number.0 == number);
    held(dense, "rounds are not numbered 1, 2, 3 …")?;
    held(seating.rounds.iter().all(|round| !round.items.is_empty()), "a round has nothing in it")?;
    let waits = seating.waiting.as_ref();
    held(waits.is_none_or(|round| round.number == seating.next_round()), "the round that waits is not the next")
}

fn lines_are_sound(seating: &Seating) -> Result<(), String> {
    held(seating.cart.len() <= MAX_LINES, "the cart is too long")?;
    let mut ids: BTreeSet<LineId> = BTreeSet::new();
    for line in every_line(seating) {
        held(ids.insert(line.id), "a line is in two places")?;
        held((1..=MAX_QUANTITY).contains(&line.quantity), "a line has a quantity that can't be ordered")?;
        held(line.unit_price >= Amount::ZERO, "a line has a negative price")?;
        held(line.guest.is_none_or(|number| seating.guest(number).is_some()), "a line is nobody's")?;
        let choices: BTreeSet<_> = line.choices().into_iter().collect();
        held(choices.len() == line.options.len(), "a line has an option twice")?;
    }
    Ok(())
}

fn totals_are_sums(seating: &Seating) -> Result<(), String> {
    let exact: i128 = every_line(seating).map(|line| i128::from(line.unit_price.0) * i128::from(line.quantity)).sum();
    let told: i128 =
        [seating.cart_total(), seating.waiting_total(), seating.sent_total()].iter().map(|sum| i128::from(sum.0)).sum();
    held(exact == told, "a total is not the sum of its lines")
}

fn tickets_hold_each_item_once(seating: &Seating) -> Result<(), String> {
    for round in &seating.rounds {
        let tickets = round.tickets();
        let on_tickets: usize = tickets.iter().map(|ticket| ticket.items.len()).sum();
        held(on_tickets == round.items.len(), "a round's tickets are not its items")?;
        for ticket in &tickets {
            held(ticket.items.iter().all(|item| item.station == *ticket.station), "an item is at another's station")?;
            held(ticket.items.iter().all(|item| ticket.state() <= item.state), "a ticket is further than its items")?;
        }
    }
    Ok(())
}

fn every_line(seating: &Seating) -> impl Iterator<Item = &Line> {
    let rounds = seating.rounds.iter().chain(&seating.waiting);
    seating.cart.iter().chain(rounds.flat_map(|round| round.items.iter().map(|item| &item.line)))
}
