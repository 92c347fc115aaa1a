//! Rounds: being ready, and sending what is in the cart to the kitchen, once and together; and a first round that waits
//! until a waiter accepts it.

use serde::{Deserialize, Serialize};

use super::{Item, ItemState, Seating, SeatingEvent};
use crate::ids::{GuestNo, LineId, RoundNo, StationId};
use crate::rejection::Rejection;
use crate::stream::{Actor, Context, Recorded, Role, Time};
use crate::text::Note;

/// The most rounds of one stay.
pub const MAX_ROUNDS: usize = 200;

/// Lines that were sent together. Nothing edits them: what was sent is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Its number here; 1 was sent first.
    pub number: RoundNo,
    /// Who sent it.
    pub by: Actor,
    /// When.
    pub at: Time,
    /// What was sent, in the cart's order.
    pub items: Vec<Item>,
}

/// A round that a waiter did not accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// The number that it was to have.
    pub round: RoundNo,
    /// Why, as the waiter puts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Note>,
    /// When.
    pub at: Time,
}

/// A line as it was sent, with the station that makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// The line.
    pub line: LineId,
    /// The station.
    pub station: StationId,
}

pub(super) fn set_ready(seating: &Seating, ready: bool, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    let Actor::Guest(number) = context.actor else { return Err(Rejection::NotAllowed) };
    let guest = seating.guest(number).ok_or(Rejection::NoSuchGuest)?;
    if guest.ready == ready {
        return Err(Rejection::Unchanged);
    }
    Ok(SeatingEvent::ReadyChanged { guest: number, ready })
}

pub(super) fn send(seating: &Seating, round: RoundNo, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    if !matches!(context.actor, Actor::Guest(_)) {
        context.actor.must_be(&[Role::Waiter])?;
    }
    if let Some(waiting) = &seating.waiting {
        return Err(if round == waiting.number { Rejection::AlreadySent } else { Rejection::RoundWaits });
    }
    if round < seating.next_round() {
        return Err(Rejection::AlreadySent);
    }
    if round > seating.next_round() {
        return Err(Rejection::NoSuchRound);
    }
    if seating.rounds.len() >= MAX_ROUNDS {
        return Err(Rejection::RecordFull);
    }
    if seating.cart.is_empty() {
        return Err(Rejection::NothingToSend);
    }
    let lines = seating
        .cart
        .iter()
        .map(|line| {
            context.menu.can_be_had(&line.dish, &line.choices())?;
            let dish = context.menu.catalog.dish(&line.dish).ok_or(Rejection::NoSuchDish)?;
            Ok(SentLine { line: line.id, station: dish.station.clone() })
        })
        .collect::<Result<_, Rejection>>()?;
    let waits = seating.approve_first_round && seating.rounds.is_empty() && matches!(context.actor, Actor::Guest(_));
    Ok(if waits { SeatingEvent::RoundWaits { round, lines } } else { SeatingEvent::RoundSent { round, lines } })
}

/// The round that waits, if it has that number.
fn waiting(seating: &Seating, round: RoundNo) -> Result<&Round, Rejection> {
    match &seating.waiting {
        Some(waiting) if waiting.number == round => Ok(waiting),
        None if round < seating.next_round() => Err(Rejection::AlreadySent),
        _ => Err(Rejection::NoSuchRound),
    }
}

pub(super) fn accept(seating: &Seating, round: RoundNo, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    context.actor.must_be(&[Role::Waiter])?;
    for item in &waiting(seating, round)?.items {
        context.menu.can_be_had(&item.line.dish, &item.line.choices())?;
    }
    Ok(SeatingEvent::RoundAccepted { round })
}

pub(super) fn decline(
    seating: &Seating,
    round: RoundNo,
    reason: Option<&Note>,
    context: &Context<'_>,
) -> Result<SeatingEvent, Rejection> {
    context.actor.must_be(&[Role::Waiter])?;
    waiting(seating, round)?;
    Ok(SeatingEvent::RoundDeclined { round, reason: reason.cloned() })
}

pub(super) fn ready_changed(seating: &mut Seating, number: GuestNo, ready: bool) {
    if let Some(guest) = seating.guests.iter_mut().find(|g| g.number == number) {
        guest.ready = ready;
    }
}

/// Takes lines out of the cart, as a round.
fn taken(seating: &mut Seating, number: RoundNo, lines: &[SentLine], recorded: &Recorded<SeatingEvent>) -> Round {
    let mut items = Vec::with_capacity(lines.len());
    seating.cart.retain(|line| {
        let station = lines.iter().find(|sent| sent.line == line.id).map(|sent| sent.station.clone());
        let stays = station.is_none();
        items.extend(station.map(|station| Item { line: line.clone(), station, state: ItemState::Received, since: recorded.at }));
        stays
    });
    for guest in &mut seating.guests {
        guest.ready = false;
    }
    seating.declined = None;
    Round { number, by: recorded.by.clone(), at: recorded.at, items }
}

pub(super) fn sent(seating: &mut Seating, number: RoundNo, lines: &[SentLine], recorded: &Recorded<SeatingEvent>) {
    let round = taken(seating, number, lines, recorded);
    seating.rounds.push(round);
}

pub(super) fn waits(seating: &mut Seating, number: RoundNo, lines: &[SentLine], recorded: &Recorded<SeatingEvent>) {
    seating.waiting = Some(taken(seating, number, lines, recorded));
}

/// The kitchen has it from now on.
pub(super) fn accepted(seating: &mut Seating, at: Time) {
    if let Some(mut round) = seating.waiting.take() {
        round.at = at;
        round.items.iter_mut().for_each(|item| item.since = at);
        seating.rounds.push(round);
    }
}

/// What it held is in the cart again, before what was added meanwhile.
pub(super) fn declined(seating: &mut Seating, number: RoundNo, reason: Option<&Note>, at: Time) {
    if let Some(round) = seating.waiting.take() {
        seating.cart.splice(0..0, round.items.into_iter().map(|item| item.line));
    }
    seating.declined = Some(Declined { round: number, reason: reason.cloned(), at });
}
