//! What guests and waiters ask of rounds.

use serde::Serialize;

use super::{MAX_ROUNDS, Round, RoundsEvent, SentLine};
use crate::fold::Context;
use crate::ids::RoundNo;
use crate::rejection::Rejection;
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need, or_default};
use crate::stream::{Actor, Role};
use crate::text::Note;

/// Being ready, sending the cart, and what a waiter says of a first round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RoundsCommand {
    /// Says that one has finished choosing, or has not.
    SetReady {
        /// Whether one has.
        ready: bool,
    },
    /// Sends the cart to the kitchen.
    SendRound {
        /// The number that this round is to have: one more than were sent. Who was slower is told so,
        /// instead of sending a second round.
        round: RoundNo,
    },
    /// Accepts the round that waits: it goes to the kitchen.
    AcceptRound {
        /// Which.
        round: RoundNo,
    },
    /// Does not accept the round that waits.
    DeclineRound {
        /// Which.
        round: RoundNo,
        /// Why; guests see it.
        reason: Option<Note>,
    },
}

impl RoundsCommand {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        Ok(Some(match &*f.kind {
            "set_ready" => Self::SetReady { ready: need(f.ready, "ready")? },
            "send_round" => Self::SendRound { round: need(f.round, "round")? },
            "accept_round" => Self::AcceptRound { round: need(f.round, "round")? },
            "decline_round" => {
                Self::DeclineRound { round: need(f.round, "round")?, reason: or_default(f.reason.take(), "reason")? }
            }
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn decide(&self, seating: &Seating, context: &Context<'_>) -> Result<RoundsEvent, Rejection> {
        match self {
            Self::SetReady { ready } => set_ready(seating, *ready, context),
            Self::SendRound { round } => send(seating, *round, context),
            Self::AcceptRound { round } => accept(seating, *round, context),
            Self::DeclineRound { round, reason } => decline(seating, *round, reason.as_ref(), context),
        }
    }
}

fn set_ready(seating: &Seating, ready: bool, context: &Context<'_>) -> Result<RoundsEvent, Rejection> {
    let Actor::Guest(number) = context.actor else { return Err(Rejection::NotAllowed) };
    let guest = seating.guest(number).ok_or(Rejection::NoSuchGuest)?;
    if guest.ready == ready {
        return Err(Rejection::Unchanged);
    }
    Ok(RoundsEvent::ReadyChanged { guest: number, ready })
}

fn send(seating: &Seating, round: RoundNo, context: &Context<'_>) -> Result<RoundsEvent, Rejection> {
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
    Ok(if waits { RoundsEvent::RoundWaits { round, lines } } else { RoundsEvent::RoundSent { round, lines } })
}

/// The round that waits, if it has that number.
fn waiting(seating: &Seating, round: RoundNo) -> Result<&Round, Rejection> {
    match &seating.waiting {
        Some(waiting) if waiting.number == round => Ok(waiting),
        None if round < seating.next_round() => Err(Rejection::AlreadySent),
        _ => Err(Rejection::NoSuchRound),
    }
}

fn accept(seating: &Seating, round: RoundNo, context: &Context<'_>) -> Result<RoundsEvent, Rejection> {
    context.actor.must_be(&[Role::Waiter])?;
    for item in &waiting(seating, round)?.items {
        context.menu.can_be_had(&item.line.dish, &item.line.choices())?;
    }
    Ok(RoundsEvent::RoundAccepted { round })
}

fn decline(seating: &Seating, round: RoundNo, reason: Option<&Note>, context: &Context<'_>) -> Result<RoundsEvent, Rejection> {
    context.actor.must_be(&[Role::Waiter])?;
    waiting(seating, round)?;
    Ok(RoundsEvent::RoundDeclined { round, reason: reason.cloned() })
}
