//! What happens to rounds.

use serde::Serialize;

use super::{Declined, Round, SentLine};
use crate::ids::{GuestNo, RoundNo};
use crate::seating::read::{Fields, Unreadable, need, or_default, read};
use crate::seating::{Item, ItemState, Seating};
use crate::stream::Recorded;
use crate::text::Note;

/// Somebody has finished choosing, or the cart becomes a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RoundsEvent {
    /// Somebody has finished choosing, or has not.
    ReadyChanged {
        /// Who.
        guest: GuestNo,
        /// Whether they have finished.
        ready: bool,
    },
    /// The cart went to the kitchen.
    RoundSent {
        /// The round's number.
        round: RoundNo,
        /// Each line of the cart, and the station that makes it.
        lines: Vec<SentLine>,
    },
    /// The cart is to be a round, which waits until a waiter accepts it.
    RoundWaits {
        /// The number that the round is to have.
        round: RoundNo,
        /// Each line of the cart, and the station that makes it.
        lines: Vec<SentLine>,
    },
    /// A waiter accepted the round that waited: it went to the kitchen.
    RoundAccepted {
        /// Which.
        round: RoundNo,
    },
    /// A waiter did not accept the round that waited: what it held is in the cart again.
    RoundDeclined {
        /// Which.
        round: RoundNo,
        /// Why, as the waiter puts it.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Note>,
    },
}

impl RoundsEvent {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        let round = f.round;
        Ok(Some(match &*f.kind {
            "ready_changed" => Self::ReadyChanged { guest: need(f.guest, "guest")?, ready: need(f.ready, "ready")? },
            "round_sent" => Self::RoundSent { round: need(round, "round")?, lines: read(f.lines.take(), "lines")? },
            "round_waits" => Self::RoundWaits { round: need(round, "round")?, lines: read(f.lines.take(), "lines")? },
            "round_accepted" => Self::RoundAccepted { round: need(round, "round")? },
            "round_declined" => {
                Self::RoundDeclined { round: need(round, "round")?, reason: or_default(f.reason.take(), "reason")? }
            }
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn evolve<E>(&self, seating: &mut Seating, recorded: &Recorded<E>) {
        match self {
            Self::ReadyChanged { guest, ready } => {
                if let Some(guest) = seating.guest_mut(*guest) {
                    guest.ready = *ready;
                }
            }
            Self::RoundSent { round, lines } => {
                let round = taken(seating, *round, lines, recorded);
                seating.rounds.push(round);
            }
            Self::RoundWaits { round, lines } => seating.waiting = Some(taken(seating, *round, lines, recorded)),
            // The kitchen has it from now on.
            Self::RoundAccepted { .. } => {
                if let Some(mut round) = seating.waiting.take() {
                    round.at = recorded.at;
                    round.items.iter_mut().for_each(|item| item.since = recorded.at);
                    seating.rounds.push(round);
                }
            }
            // What it held is in the cart again, before what was added meanwhile.
            Self::RoundDeclined { round, reason } => {
                if let Some(round) = seating.waiting.take() {
                    seating.cart.splice(0..0, round.items.into_iter().map(|item| item.line));
                }
                seating.declined = Some(Declined { round: *round, reason: reason.clone(), at: recorded.at });
            }
        }
    }
}

/// Takes lines out of the cart, as a round.
fn taken<E>(seating: &mut Seating, number: RoundNo, lines: &[SentLine], recorded: &Recorded<E>) -> Round {
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
