//! Rounds: being ready, and sending what is in the cart to the kitchen, once and together; and a first round that waits
//! until a waiter accepts it.

mod command;
mod event;

use serde::{Deserialize, Serialize};

pub use command::RoundsCommand;
pub use event::RoundsEvent;

use super::{Item, Seating};
use crate::ids::{LineId, RoundNo, StationId};
use crate::money::Amount;
use crate::stream::{Actor, Time};
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

impl Round {
    /// What the round comes to.
    pub fn total(&self) -> Amount {
        self.items.iter().map(|item| item.line.total()).sum()
    }
}

impl Seating {
    /// The round of that number.
    pub fn round(&self, number: RoundNo) -> Option<&Round> {
        usize::from(number.0).checked_sub(1).and_then(|i| self.rounds.get(i))
    }

    /// The number that the next round will have.
    pub fn next_round(&self) -> RoundNo {
        // MAX_ROUNDS is far below.
        RoundNo(u16::try_from(self.rounds.len() + 1).unwrap_or(u16::MAX))
    }

    /// What waits for a waiter comes to.
    pub fn waiting_total(&self) -> Amount {
        self.waiting.iter().map(Round::total).sum()
    }

    /// What was sent so far comes to.
    pub fn sent_total(&self) -> Amount {
        self.rounds.iter().map(Round::total).sum()
    }
}
