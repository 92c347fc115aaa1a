//! The log: the truth. It keeps every state of every stream, so that any replica at any version can be
//! compared with what it ought to hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::floor::{Floor, FloorEvent};
use domain::menu::{Menu, MenuEvent};
use domain::seating::{Seating, SeatingEvent};
use domain::{Fold, MutationId, Recorded, SeatingId, Version};

/// Which stream; one venue needs no more of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stream {
    /// Who sits where.
    Floor,
    /// What is served.
    Menu,
    /// One party's stay.
    Seating(SeatingId),
}

/// Recorded events of one stream, in order; each is recorded once and passed on to many.
#[derive(Debug, Clone)]
pub(crate) enum Events {
    /// Of the floor.
    Floor(Vec<Arc<Recorded<FloorEvent>>>),
    /// Of the menu.
    Menu(Vec<Arc<Recorded<MenuEvent>>>),
    /// Of a stay.
    Seating(SeatingId, Vec<Arc<Recorded<SeatingEvent>>>),
}

impl Events {
    /// Of which stream they are.
    pub(crate) const fn stream(&self) -> Stream {
        match self {
            Self::Floor(_) => Stream::Floor,
            Self::Menu(_) => Stream::Menu,
            Self::Seating(id, _) => Stream::Seating(*id),
        }
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(&self) -> bool {
        match self {
            Self::Floor(events) => events.is_empty(),
            Self::Menu(events) => events.is_empty(),
            Self::Seating(_, events) => events.is_empty(),
        }
    }

    /// The same, each on its own.
    pub(crate) fn one_by_one(self) -> Vec<Self> {
        match self {
            Self::Floor(events) => events.into_iter().map(|event| Self::Floor(vec![event])).collect(),
            Self::Menu(events) => events.into_iter().map(|event| Self::Menu(vec![event])).collect(),
            Self::Seating(id, events) => events.into_iter().map(|event| Self::Seating(id, vec![event])).collect(),
        }
    }
}

/// A stream with every state that it has had: `states[v]` is the fold of its first `v` events.
#[derive(Debug)]
pub(crate) struct Ledger<S: Fold> {
    events: Vec<Arc<Recorded<S::Event>>>,
    states: Vec<S>,
}

impl<S: Fold> Default for Ledger<S> {
    fn default() -> Self {
        Self { events: Vec::new(), states: vec![S::default()] }
    }
}

impl<S: Fold> Ledger<S> {
    /// The version of the last event.
    pub(crate) fn head(&self) -> Version {
        self.latest().version()
    }

    /// The state now.
    pub(crate) fn latest(&self) -> &S {
        self.states.last().expect("a ledger starts with the empty state")
    }

    /// The state at a version, if the stream came so far.
    pub(crate) fn at(&self, version: Version) -> Option<&S> {
        usize::try_from(version).ok().and_then(|i| self.states.get(i))
    }

    /// The events after a version.
    pub(crate) fn after(&self, version: Version) -> &[Arc<Recorded<S::Event>>] {
        usize::try_from(version).ok().and_then(|i| self.events.get(i..)).unwrap_or(&[])
    }

    /// The mutation of the event at a version.
    pub(crate) fn mutation_at(&self, version: Version) -> Option<MutationId> {
        let i = usize::try_from(version).ok()?.checked_sub(1)?;
        self.events.get(i).map(|event| event.mutation)
    }

    fn fits(&self, events: &[Arc<Recorded<S::Event>>]) -> bool {
        events.iter().zip(self.head() + 1..).all(|(event, version)| event.version == version)
    }

    fn append(&mut self, events: &[Arc<Recorded<S::Event>>]) {
        for event in events {
            let mut state = self.latest().clone();
            state.evolve(event);
            self.states.push(state);
            self.events.push(Arc::clone(event));
        }
    }
}

/// Why the log did not do as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogError {
    /// A stream has moved on.
    Conflict,
    /// It can't be reached, or was lost while it answered.
    Unavailable,
}

/// Every stream of the venue.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// Who sits where.
    pub(crate) floor: Ledger<Floor>,
    /// What is served.
    pub(crate) menu: Ledger<Menu>,
    /// Every stay.
    pub(crate) seatings: BTreeMap<SeatingId, Ledger<Seating>>,
    /// Whether it can't be reached now.
    pub(crate) is_away: bool,
}

impl Log {
    /// Appends all of it, or nothing.
    pub(crate) fn commit(&mut self, commit: &[Events]) -> Result<(), LogError> {
        if self.is_away {
            return Err(LogError::Unavailable);
        }
        let fits = commit.iter().all(|events| match events {
            Events::Floor(events) => self.floor.fits(events),
            Events::Menu(events) => self.menu.fits(events),
            Events::Seating(id, events) => self.seatings.entry(*id).or_default().fits(events),
        });
        if !fits {
            return Err(LogError::Conflict);
        }
        for events in commit {
            match events {
                Events::Floor(events) => self.floor.append(events),
                Events::Menu(events) => self.menu.append(events),
                Events::Seating(id, events) => self.seatings.entry(*id).or_default().append(events),
            }
        }
        Ok(())
    }

    /// The events of a stream after a version, unless the log is away.
    pub(crate) fn read(&self, stream: Stream, after: Version) -> Option<Events> {
        let events = match stream {
            Stream::Floor => Events::Floor(self.floor.after(after).to_vec()),
            Stream::Menu => Events::Menu(self.menu.after(after).to_vec()),
            Stream::Seating(id) => {
                Events::Seating(id, self.seatings.get(&id).map(|s| s.after(after).to_vec()).unwrap_or_default())
            }
        };
        (!self.is_away).then_some(events)
    }

    /// The mutation of a stream's event at a version.
    pub(crate) fn mutation_at(&self, stream: Stream, version: Version) -> Option<MutationId> {
        match stream {
            Stream::Floor => self.floor.mutation_at(version),
            Stream::Menu => self.menu.mutation_at(version),
            Stream::Seating(id) => self.seatings.get(&id).and_then(|stay| stay.mutation_at(version)),
        }
    }
}
