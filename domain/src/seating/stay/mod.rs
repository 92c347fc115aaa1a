//! Whether the party is here, from opened to closed.

mod event;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use event::StayEvent;

use super::read::{Unreadable, need};
use super::{ItemState, Seating, SeatingEvent};
use crate::floor::{HouseRules, Joining};
use crate::fold::Context;
use crate::ids::{TableId, VenueId};
use crate::rejection::Rejection;
use crate::stream::{Role, Time};

/// Whether the party is here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", try_from = "Fields<'_>")]
pub enum Stay {
    /// Not yet.
    #[default]
    NotOpened,
    /// They are here.
    Open {
        /// In which venue.
        venue: VenueId,
        /// At which table they sat down.
        table: TableId,
        /// Since when.
        since: Time,
    },
    /// They left.
    Closed {
        /// Which venue.
        venue: VenueId,
        /// At which table they sat down.
        table: TableId,
        /// When they came.
        since: Time,
        /// When they left.
        at: Time,
    },
    /// Something that a later release knows; nothing can be asked of it here.
    Unknown,
}

/// Every field that a stay can have: read as one struct, as events are (see `seating/read.rs` for why).
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    is: Cow<'a, str>,
    venue: Option<VenueId>,
    table: Option<TableId>,
    since: Option<Time>,
    at: Option<Time>,
}

impl TryFrom<Fields<'_>> for Stay {
    type Error = Unreadable;

    fn try_from(f: Fields<'_>) -> Result<Self, Unreadable> {
        let (is_open, is_closed) = (f.is == "open", f.is == "closed");
        if !is_open && !is_closed {
            return Ok(if f.is == "not_opened" { Self::NotOpened } else { Self::Unknown });
        }
        let (venue, table, since) = (need(f.venue, "venue")?, need(f.table, "table")?, need(f.since, "since")?);
        Ok(if is_open { Self::Open { venue, table, since } } else { Self::Closed { venue, table, since, at: need(f.at, "at")? } })
    }
}

impl Stay {
    /// Whether they are here now.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// Whether they left.
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }

    /// The venue, once they sat down.
    pub const fn venue(&self) -> Option<&VenueId> {
        match self {
            Self::NotOpened | Self::Unknown => None,
            Self::Open { venue, .. } | Self::Closed { venue, .. } => Some(venue),
        }
    }

    pub(super) fn close(&mut self, at: Time) {
        if let Self::Open { venue, table, since } = std::mem::take(self) {
            *self = Self::Closed { venue, table, since, at };
        }
    }
}

impl Seating {
    /// A party sits down, by these rules.
    pub(crate) fn decide_open(
        &self,
        venue: VenueId,
        table: TableId,
        rules: &HouseRules,
        context: &Context<'_>,
    ) -> Result<Vec<SeatingEvent>, Rejection> {
        if self.stay != Stay::NotOpened {
            return Err(Rejection::IdTaken);
        }
        // Where a waiter lets everybody in, who sends it has been seen. Otherwise whoever has the code may have sat down,
        // also where a waiter has opened the table.
        let approve_first_round = rules.approve_first_round && rules.joining != Joining::Staff;
        let currency = context.menu.catalog.currency;
        Ok(vec![StayEvent::Opened { venue, table, currency, joining: rules.joining, approve_first_round }.into()])
    }

    /// The party leaves. With items that are still to be served only where that is meant.
    pub(crate) fn decide_close(&self, even_if_unserved: bool, context: &Context<'_>) -> Result<Vec<SeatingEvent>, Rejection> {
        context.actor.must_be(&[Role::Waiter])?;
        if !self.stay.is_open() {
            return Err(Rejection::NotSeated);
        }
        let all_served =
            self.waiting.is_none() && self.rounds.iter().flat_map(|r| &r.items).all(|item| item.state == ItemState::Served);
        if !all_served && !even_if_unserved {
            return Err(Rejection::NotServedYet);
        }
        Ok(vec![StayEvent::Closed {}.into()])
    }
}
