//! The kitchen: what a round asks of a station, and how far it is.

mod command;
mod event;

use serde::{Deserialize, Serialize};

pub use command::{KitchenCommand, TicketItems};
pub use event::KitchenEvent;

use super::{Line, Round};
use crate::ids::StationId;
use crate::stream::Time;

/// A line that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The line as it was sent.
    pub line: Line,
    /// The station that makes it.
    pub station: StationId,
    /// How far it is.
    pub state: ItemState,
    /// Since when it is so far.
    pub since: Time,
}

/// How far an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// The station has it.
    Received,
    /// The station began with it.
    Cooking,
    /// It can be carried out.
    Ready,
    /// It is on the table.
    Served,
    /// Something that a later release knows: nothing that a station owes, as far as this one can tell.
    #[serde(other)]
    Unknown,
}

impl ItemState {
    /// Whether nobody has anything left to do about it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Served | Self::Unknown)
    }
}

/// What one round asks of one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket<'a> {
    /// The round.
    pub round: &'a Round,
    /// The station.
    pub station: &'a StationId,
    /// Its items, in the cart's order.
    pub items: Vec<&'a Item>,
}

impl Ticket<'_> {
    /// The state of the item that is least far: what the station still owes.
    pub fn state(&self) -> ItemState {
        self.items.iter().map(|item| item.state).min().unwrap_or(ItemState::Served)
    }

    /// Whether the station still has work with it.
    pub fn is_open(&self) -> bool {
        self.state() < ItemState::Ready
    }

    /// When the last of its items changed.
    pub fn changed_at(&self) -> Time {
        self.items.iter().map(|item| item.since).max().unwrap_or(self.round.at)
    }
}

impl Round {
    /// This round's tickets, by station.
    pub fn tickets(&self) -> Vec<Ticket<'_>> {
        let mut stations: Vec<&StationId> = self.items.iter().map(|item| &item.station).collect();
        stations.sort_unstable();
        stations.dedup();
        stations
            .into_iter()
            .map(|station| Ticket { round: self, station, items: self.items.iter().filter(|i| i.station == *station).collect() })
            .collect()
    }
}
