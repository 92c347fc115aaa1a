//! Who sits here: joining, being let in, being called something, being removed.

mod command;
mod entry;
mod event;

use serde::{Deserialize, Serialize};

pub use command::GuestsCommand;
pub use entry::{ASKS_FOR_MS, Coming, Entry, JoinAsk, MAX_ASKS, Takes};
pub use event::GuestsEvent;

use super::Seating;
use crate::ids::{AskNo, GuestNo};
use crate::rejection::Rejection;
use crate::stream::Actor;
use crate::text::Name;

/// The largest party.
pub const MAX_GUESTS: usize = 60;
/// The most guests that a stay can have had, those who were removed included.
pub const MAX_GUESTS_EVER: usize = 250;
/// How many events one guest can cause: whoever fills the record with their own leaves room for the others.
pub const MAX_EVENTS_OF_ONE: u16 = 768;
/// How many colours guests are told apart by; after that they repeat, and the name tells.
pub const GUEST_COLOURS: u16 = 8;

/// Somebody who sits here, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Their number here; 1 came first.
    pub number: GuestNo,
    /// What they want to be called, if anything.
    pub name: Option<Name>,
    /// Whether they have finished choosing this round.
    pub ready: bool,
    /// Whether they were removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// As whom they last asked to be let in, if they had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<AskNo>,
    /// How often they came back after having been removed: what opened their place before opens it no more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returns: u16,
    /// How many events they have caused.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub events: u16,
}

const fn is_zero(count: &u16) -> bool {
    *count == 0
}

impl Guest {
    /// Somebody who has just come.
    pub const fn new(number: GuestNo, name: Option<Name>) -> Self {
        Self { number, name, ready: false, removed: false, ask: None, returns: 0, events: 0 }
    }

    /// The guest's colour, 0 to [`GUEST_COLOURS`] − 1.
    pub const fn colour(&self) -> u16 {
        self.number.0.saturating_sub(1) % GUEST_COLOURS
    }
}

impl Seating {
    /// The guest of that number, also one who was removed.
    pub fn guest(&self, number: GuestNo) -> Option<&Guest> {
        usize::from(number.0).checked_sub(1).and_then(|i| self.guests.get(i))
    }

    /// Who sits here now.
    pub fn guests_here(&self) -> impl Iterator<Item = &Guest> {
        self.guests.iter().filter(|guest| !guest.removed)
    }

    /// Whether the guest of that number sits here now.
    pub fn is_here(&self, number: GuestNo) -> bool {
        self.guest(number).is_some_and(|guest| !guest.removed)
    }

    /// Whether the guest of that number sits here now, and has come back as often after having been removed.
    pub fn is_here_since(&self, number: GuestNo, returns: u16) -> bool {
        self.guests_here().any(|guest| guest.number == number && guest.returns == returns)
    }

    fn next_guest(&self) -> Result<GuestNo, Rejection> {
        if self.guests_here().count() >= MAX_GUESTS || self.guests.len() >= MAX_GUESTS_EVER {
            return Err(Rejection::PartyFull);
        }
        u16::try_from(self.guests.len() + 1).map(GuestNo).map_err(|_| Rejection::PartyFull)
    }

    /// Counts an event as its guest's.
    pub(super) fn caused(&mut self, by: &Actor) {
        if let Actor::Guest(number) = by
            && let Some(guest) = self.guest_mut(*number)
        {
            guest.events = guest.events.saturating_add(1);
        }
    }

    pub(super) fn guest_mut(&mut self, number: GuestNo) -> Option<&mut Guest> {
        self.guests.iter_mut().find(|guest| guest.number == number)
    }
}
