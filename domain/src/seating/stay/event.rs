//! What happens to a stay as a whole.

use serde::Serialize;

use super::Stay;
use crate::floor::Joining;
use crate::ids::{TableId, VenueId};
use crate::money::Currency;
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need};
use crate::stream::Time;

/// A party sits down, or leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StayEvent {
    /// The party sat down.
    Opened {
        /// In which venue.
        venue: VenueId,
        /// At which table.
        table: TableId,
        /// The currency of every amount.
        currency: Currency,
        /// What it takes to join them.
        #[serde(skip_serializing_if = "Joining::is_open")]
        joining: Joining,
        /// Whether their first round waits until a waiter accepts it.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        approve_first_round: bool,
    },
    /// The party left. The last event of a stay.
    Closed {},
}

impl StayEvent {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        Ok(Some(match &*f.kind {
            "opened" => Self::Opened {
                venue: need(f.venue.take(), "venue")?,
                table: need(f.table.take(), "table")?,
                currency: need(f.currency, "currency")?,
                joining: f.joining,
                approve_first_round: f.approve_first_round,
            },
            "closed" => Self::Closed {},
            _ => return Ok(None),
        }))
    }

    pub(in crate::seating) fn evolve(&self, seating: &mut Seating, at: Time) {
        match self {
            Self::Opened { venue, table, currency, joining, approve_first_round } => {
                seating.stay = Stay::Open { venue: venue.clone(), table: table.clone(), since: at };
                seating.currency = *currency;
                seating.entry.joining = *joining;
                seating.approve_first_round = *approve_first_round;
            }
            Self::Closed {} => seating.stay.close(at),
        }
    }
}
