//! What happens to who sits at a table.

use serde::Serialize;

use super::{Guest, JoinAsk};
use crate::ids::{AskNo, GuestNo};
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need, or_default};
use crate::stream::Time;
use crate::text::Name;

/// Somebody comes, goes, asks to, or wants to be called otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GuestsEvent {
    /// Somebody asks to be let in.
    JoinAsked {
        /// Their number, as somebody who asks.
        ask: AskNo,
        /// What they want to be called, if anything.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
        /// Whether they say that they sit here already.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        back: bool,
    },
    /// Somebody who asked was not let in.
    TurnedAway {
        /// Who.
        ask: AskNo,
    },
    /// Somebody joined.
    GuestJoined {
        /// Their number here.
        guest: GuestNo,
        /// What they want to be called, if anything.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
        /// As whom they had asked to be let in, if they had to.
        #[serde(skip_serializing_if = "Option::is_none")]
        ask: Option<AskNo>,
    },
    /// Somebody who asked to be let in is a guest who sits here already.
    GuestReturned {
        /// Which guest.
        guest: GuestNo,
        /// As whom they had asked.
        ask: AskNo,
    },
    /// A guest was removed, and what they had in the cart. From now on whoever comes needs consent.
    GuestRemoved {
        /// Who.
        guest: GuestNo,
    },
    /// Somebody wants to be called otherwise.
    GuestRenamed {
        /// Who.
        guest: GuestNo,
        /// What they want to be called, if anything.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
    },
}

impl GuestsEvent {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        let (guest, ask) = (f.guest, f.ask);
        Ok(Some(match &*f.kind {
            "guest_joined" => Self::GuestJoined { guest: need(guest, "guest")?, name: or_default(f.name.take(), "name")?, ask },
            "join_asked" => Self::JoinAsked { ask: need(ask, "ask")?, name: or_default(f.name.take(), "name")?, back: f.back },
            "turned_away" => Self::TurnedAway { ask: need(ask, "ask")? },
            "guest_returned" => Self::GuestReturned { guest: need(guest, "guest")?, ask: need(ask, "ask")? },
            "guest_removed" => Self::GuestRemoved { guest: need(guest, "guest")? },
            "guest_renamed" => Self::GuestRenamed { guest: need(guest, "guest")?, name: or_default(f.name.take(), "name")? },
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn evolve(&self, seating: &mut Seating, at: Time) {
        match self {
            Self::JoinAsked { ask, name, back } => {
                let entry = &mut seating.entry;
                // Who was not waited for any more makes room.
                entry.asks.retain(|asks| asks.is_waited_for(at));
                entry.asks.push(JoinAsk { ask: *ask, name: name.clone(), back: *back, at });
                entry.last_ask = entry.last_ask.max(Some(*ask));
            }
            Self::TurnedAway { ask } => asks_no_more(seating, *ask),
            Self::GuestJoined { guest, name, ask } => {
                seating.guests.push(Guest { ask: *ask, ..Guest::new(*guest, name.clone()) });
                if let Some(ask) = ask {
                    asks_no_more(seating, *ask);
                }
            }
            Self::GuestReturned { guest, ask } => {
                if let Some(guest) = seating.guest_mut(*guest) {
                    if guest.removed {
                        guest.removed = false;
                        guest.returns = guest.returns.saturating_add(1);
                    }
                    guest.ask = Some(*ask);
                }
                asks_no_more(seating, *ask);
            }
            Self::GuestRemoved { guest } => removed(seating, *guest),
            Self::GuestRenamed { guest, name } => {
                if let Some(guest) = seating.guest_mut(*guest) {
                    guest.name.clone_from(name);
                }
            }
        }
    }
}

fn asks_no_more(seating: &mut Seating, ask: AskNo) {
    seating.entry.asks.retain(|asks| asks.ask != ask);
}

fn removed(seating: &mut Seating, number: GuestNo) {
    if let Some(guest) = seating.guest_mut(number) {
        guest.removed = true;
        guest.ready = false;
    }
    // What they chose and no kitchen has goes with them.
    seating.cart.retain(|line| line.guest != Some(number));
    if let Some(round) = &mut seating.waiting {
        round.items.retain(|item| item.line.guest != Some(number));
    }
    if seating.waiting.as_ref().is_some_and(|round| round.items.is_empty()) {
        seating.waiting = None;
    }
    seating.entry.locked = true;
}
