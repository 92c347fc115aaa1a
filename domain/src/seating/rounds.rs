//! Rounds: being ready, and sending what is in the cart to the kitchen, once and together.

use serde::{Deserialize, Serialize};

use super::{Item, ItemState, Seating, SeatingEvent};
use crate::ids::{GuestNo, LineId, RoundNo, StationId};
use crate::rejection::Rejection;
use crate::stream::{Actor, Context, Recorded, Role, Time};

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
    Ok(SeatingEvent::RoundSent { round, lines })
}

pub(super) fn ready_changed(seating: &mut Seating, number: GuestNo, ready: bool) {
    if let Some(guest) = seating.guests.iter_mut().find(|g| g.number == number) {
        guest.ready = ready;
    }
}

pub(super) fn sent(seating: &mut Seating, number: RoundNo, lines: &[SentLine], recorded: &Recorded<SeatingEvent>) {
    let mut items = Vec::with_capacity(lines.len());
    seating.cart.retain(|line| {
        let station = lines.iter().find(|sent| sent.line == line.id).map(|sent| sent.station.clone());
        let stays = station.is_none();
        items.extend(station.map(|station| Item { line: line.clone(), station, state: ItemState::Received, since: recorded.at }));
        stays
    });
    seating.rounds.push(Round { number, by: recorded.by.clone(), at: recorded.at, items });
    for guest in &mut seating.guests {
        guest.ready = false;
    }
}
