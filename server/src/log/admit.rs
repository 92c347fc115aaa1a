//! Which commits may happen: the one rule that every log applies to every commit.

use std::collections::HashMap;

use domain::{StreamId, VenueId, Version};

use super::{Commit, LogError, OTHER_VENUE};

/// How far a stream has come.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// Whose it is.
    pub(super) venue: VenueId,
    /// The version of its last event.
    pub(super) version: Version,
}

/// Streams and their heads; a stream that has no event is absent.
pub(super) type Heads = HashMap<StreamId, Head>;

/// Admits a commit if every stream is at its expected version, and moves the heads on; else none moves.
///
/// So whichever commit comes next, in the same batch or a later one, sees those that came before it.
pub(super) fn admit(heads: &mut Heads, commit: &Commit) -> Result<(), LogError> {
    for append in &commit.appends {
        let head = heads.get(&append.stream);
        if head.is_some_and(|head| head.venue != commit.venue) {
            return Err(LogError::Malformed(OTHER_VENUE));
        }
        if head.map_or(0, |head| head.version) != append.expected {
            return Err(LogError::Conflict);
        }
    }
    for append in &commit.appends {
        let version = append.expected + append.events.len() as Version;
        heads.insert(append.stream.clone(), Head { venue: commit.venue.clone(), version });
    }
    Ok(())
}
