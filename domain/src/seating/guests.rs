//! Who sits here: joining, and being called something.

use serde::{Deserialize, Serialize};

use super::{Seating, SeatingEvent};
use crate::ids::GuestNo;
use crate::rejection::Rejection;
use crate::stream::{Actor, Context};
use crate::text::Name;

/// The largest party.
pub const MAX_GUESTS: usize = 60;
/// How many colours guests are told apart by; after that they repeat, and the name tells.
pub const GUEST_COLOURS: u16 = 8;

/// Somebody who sits here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Their number here; 1 came first.
    pub number: GuestNo,
    /// What they want to be called, if anything.
    pub name: Option<Name>,
    /// Whether they have finished choosing this round.
    pub ready: bool,
}

impl Guest {
    /// The guest's colour, 0 to [`GUEST_COLOURS`] − 1.
    pub const fn colour(&self) -> u16 {
        self.number.0.saturating_sub(1) % GUEST_COLOURS
    }
}

impl Seating {
    pub(crate) fn decide_join(&self, name: Option<&Name>) -> Result<SeatingEvent, Rejection> {
        if self.stay.is_closed() {
            return Err(Rejection::NotSeated);
        }
        if self.guests.len() >= MAX_GUESTS {
            return Err(Rejection::PartyFull);
        }
        let number = u16::try_from(self.guests.len() + 1).map_err(|_| Rejection::PartyFull)?;
        Ok(SeatingEvent::GuestJoined { guest: GuestNo(number), name: name.cloned() })
    }
}

pub(super) fn rename(seating: &Seating, name: Option<&Name>, context: &Context<'_>) -> Result<SeatingEvent, Rejection> {
    let Actor::Guest(number) = context.actor else { return Err(Rejection::NotAllowed) };
    let guest = seating.guest(number).ok_or(Rejection::NoSuchGuest)?;
    if guest.name.as_ref() == name {
        return Err(Rejection::Unchanged);
    }
    Ok(SeatingEvent::GuestRenamed { guest: number, name: name.cloned() })
}

pub(super) fn joined(seating: &mut Seating, number: GuestNo, name: Option<&Name>) {
    seating.guests.push(Guest { number, name: name.cloned(), ready: false });
}

pub(super) fn renamed(seating: &mut Seating, number: GuestNo, name: Option<&Name>) {
    if let Some(guest) = seating.guests.iter_mut().find(|g| g.number == number) {
        guest.name = name.cloned();
    }
}
