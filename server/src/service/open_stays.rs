//! Which stays go on where: what a server compares with the log, so that it costs what is active and nothing for
//! what is history.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{SeatingId, VenueId};

/// The stays that go on, by venue. They are noted when they are asked for, and forgotten with their venue.
#[derive(Debug, Default)]
pub(super) struct OpenStays(Mutex<HashMap<VenueId, HashSet<SeatingId>>>);

impl OpenStays {
    /// This stay goes on, or has ended.
    pub(super) fn note(&self, venue: &VenueId, id: SeatingId, is_open: bool) {
        let mut by_venue = self.lock();
        if is_open {
            match by_venue.get_mut(venue) {
                Some(stays) => {
                    stays.insert(id);
                }
                None => {
                    by_venue.insert(venue.clone(), HashSet::from([id]));
                }
            }
        } else if let Some(stays) = by_venue.get_mut(venue) {
            stays.remove(&id);
        }
    }

    /// Those of a venue.
    pub(super) fn of(&self, venue: &VenueId) -> Vec<SeatingId> {
        self.lock().get(venue).map(|stays| stays.iter().copied().collect()).unwrap_or_default()
    }

    /// Nobody here is shown this one, and it is not held: it is noted again when it is asked for.
    pub(super) fn forget(&self, venue: &VenueId, id: SeatingId) {
        self.note(venue, id, false);
    }

    /// Forgets the venues of which nobody is here.
    pub(super) fn keep(&self, followed: &[VenueId]) {
        self.lock().retain(|venue, _| followed.contains(venue));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<VenueId, HashSet<SeatingId>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
