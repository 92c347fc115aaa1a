//! What stands in a stay's record and changes nothing of the stay.

use serde::Serialize;

use super::Seating;
use super::read::{Fields, Unreadable, read};
use crate::rejection::Rejection;
use crate::stream::Recorded;

/// A mark in the record of a stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MarkEvent {
    /// A command that had been sent before is refused, and stays so (see [`crate::stream::Progress::refusal_of`]).
    Refused {
        /// Why.
        reason: Rejection,
    },
    /// Something that a later release records; it changes nothing here.
    #[default]
    Unknown,
}

impl MarkEvent {
    pub(super) fn read(f: &mut Fields<'_>) -> Result<Self, Unreadable> {
        Ok(match &*f.kind {
            "refused" => Self::Refused { reason: read(f.reason.take(), "reason")? },
            _ => Self::Unknown,
        })
    }

    pub(super) fn evolve<E>(&self, seating: &mut Seating, recorded: &Recorded<E>) {
        if let Self::Refused { reason } = self {
            seating.progress.note_refusal(recorded.mutation, *reason);
        }
    }
}
