//! What happens to what was sent.

use serde::Serialize;

use super::ItemState;
use crate::ids::{LineId, RoundNo};
use crate::seating::Seating;
use crate::seating::read::{Fields, Unreadable, need, read};
use crate::stream::Time;

/// Items of a round go on, or back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KitchenEvent {
    /// A station began with these items.
    ItemsStarted {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
    /// A station has these items ready ("bumped" them).
    ItemsReady {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
    /// A station took back that these items were ready.
    ItemsRecalled {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
    /// These items are on the table.
    ItemsServed {
        /// Of which round.
        round: RoundNo,
        /// Which.
        lines: Vec<LineId>,
    },
}

impl KitchenEvent {
    pub(in crate::seating) fn read(f: &mut Fields<'_>) -> Result<Option<Self>, Unreadable> {
        let become_so: fn(RoundNo, Vec<LineId>) -> Self = match &*f.kind {
            "items_started" => |round, lines| Self::ItemsStarted { round, lines },
            "items_ready" => |round, lines| Self::ItemsReady { round, lines },
            "items_recalled" => |round, lines| Self::ItemsRecalled { round, lines },
            "items_served" => |round, lines| Self::ItemsServed { round, lines },
            _ => return Ok(None),
        };
        Ok(Some(become_so(need(f.round, "round")?, read(f.lines.take(), "lines")?)))
    }

    pub(in crate::seating) fn evolve(&self, seating: &mut Seating, at: Time) {
        let (round, lines, state) = match self {
            Self::ItemsStarted { round, lines } | Self::ItemsRecalled { round, lines } => (round, lines, ItemState::Cooking),
            Self::ItemsReady { round, lines } => (round, lines, ItemState::Ready),
            Self::ItemsServed { round, lines } => (round, lines, ItemState::Served),
        };
        let Some(round) = usize::from(round.0).checked_sub(1).and_then(|i| seating.rounds.get_mut(i)) else { return };
        for item in round.items.iter_mut().filter(|item| lines.contains(&item.line.id)) {
            item.state = state;
            item.since = at;
        }
    }
}
