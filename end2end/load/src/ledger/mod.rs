//! The ledger: every command with its answer, and every event that any screen was told. What it says
//! was promised; [`crate::truth`] is what is there, and `compare` holds them against each other.

mod compare;
mod counts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::replica::Arrival;
use domain::wire::{Answer, Ask, Welcome};
use domain::{MutationId, Rejection, SeatingId, StreamId, Version};
use tokio::time::Instant;

use crate::client::witness::Notice;
use crate::client::{Arrived, ScreenNo, Witness};
use crate::violation::Violation;

pub use crate::violation::Outcome;
pub use counts::Counts;

/// Every command with its answer, and every event that any screen was told.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Entries>);

#[derive(Debug, Clone, Default)]
struct Entries {
    commands: BTreeMap<MutationId, Entry>,
    /// Of which command, and what, each event was told to be.
    told: BTreeMap<StreamId, BTreeMap<Version, Told>>,
    screens: BTreeMap<ScreenNo, Seen>,
    /// By what each guest joined.
    joins: BTreeMap<MutationId, SeatingId>,
    violations: Vec<Violation>,
    counts: Counts,
}

/// An event as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    mutation: MutationId,
    /// Of all its fields.
    digest: u64,
}

/// What a screen was told, followed without its replicas.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// Who the server took it for; `None` before it said so.
    sees: Option<Sees>,
    streams: BTreeMap<StreamId, Followed>,
    /// It was switched off: what it missed is owed to nobody.
    is_off: bool,
}

/// What a screen may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sees {
    /// A guest: one stay, and the menu.
    Own(SeatingId),
    /// Staff: everything but who may do what.
    House,
}

impl Sees {
    fn may_see(self, stream: &StreamId) -> bool {
        match (self, stream) {
            (_, StreamId::Menu(_)) | (Self::House, StreamId::Seating(_) | StreamId::Floor(_)) => true,
            (Self::Own(own), StreamId::Seating(id)) => own == *id,
            (Self::Own(_), StreamId::Floor(_)) | (_, StreamId::Access(_)) => false,
        }
    }
}

/// How far a screen has come in a stream.
#[derive(Debug, Clone, Copy, Default)]
struct Followed {
    at: Version,
    /// The last version that came too early.
    gap_before: Version,
}

#[derive(Debug, Clone)]
struct Entry {
    stream: StreamId,
    sendings: u32,
    outcome: Outcome,
}

impl Ledger {
    /// How much happened.
    pub fn counts(&self) -> Counts {
        let entries = self.entries();
        let is = |outcome: fn(&Outcome) -> bool| entries.commands.values().filter(|entry| outcome(&entry.outcome)).count();
        let sent_again = entries.commands.values().filter(|entry| entry.sendings > 1);
        Counts {
            joins: entries.joins.len(),
            commands: entries.commands.len(),
            accepted: is(|outcome| matches!(outcome, Outcome::Accepted(_))),
            refused: is(|outcome| matches!(outcome, Outcome::Refused(_))),
            unknown: is(|outcome| matches!(outcome, Outcome::Unknown)),
            resent: entries.commands.values().map(|entry| entry.sendings.saturating_sub(1) as usize).sum(),
            resolved: sent_again.filter(|entry| matches!(entry.outcome, Outcome::Accepted(_))).count(),
            ..entries.counts.clone()
        }
    }

    /// How many commands were accepted so far.
    pub fn accepted(&self) -> usize {
        self.entries().counts.accepted
    }

    /// How often something was refused for now, for that reason.
    pub fn refused_for_now(&self, reason: Rejection) -> usize {
        self.entries().counts.refused_for_now.get(&reason).copied().unwrap_or(0)
    }

    /// Every stay that a command or an event was about.
    pub fn seatings(&self) -> BTreeSet<SeatingId> {
        let entries = self.entries();
        let followed = entries.screens.values().flat_map(|seen| seen.streams.keys());
        let streams = entries.commands.values().map(|entry| &entry.stream).chain(followed);
        let seating = |stream: &StreamId| if let StreamId::Seating(id) = stream { Some(*id) } else { None };
        // A table that staff opened has a stay of the command's own number, if it has one.
        let opened = entries.commands.iter().filter(|(_, entry)| matches!(entry.stream, StreamId::Floor(_)));
        let opened = opened.map(|(mutation, _)| SeatingId::new(mutation.uuid()));
        streams.filter_map(seating).chain(opened).collect()
    }

    /// What is known of a command.
    pub fn outcome(&self, mutation: MutationId) -> Option<Outcome> {
        self.entries().commands.get(&mutation).map(|entry| entry.outcome)
    }

    /// The last version of each stream that anybody was told of, be it by an event or by an answer.
    pub fn heads(&self) -> BTreeMap<StreamId, Version> {
        let entries = self.entries();
        let told = entries.told.iter().filter_map(|(stream, told)| Some((stream.clone(), *told.last_key_value()?.0)));
        let mut heads: BTreeMap<StreamId, Version> = told.collect();
        for entry in entries.commands.values() {
            if let Outcome::Accepted(at) = entry.outcome {
                let head = heads.entry(entry.stream.clone()).or_default();
                *head = at.max(*head);
            }
        }
        heads
    }

    /// Somebody joined by that command.
    pub fn joined(&self, mutation: MutationId, seating: SeatingId) {
        self.entries().joins.insert(MutationId::of_secret(mutation), seating);
    }

    /// The commands that wait for a final answer at this moment.
    pub fn waiting(&self) -> BTreeSet<MutationId> {
        let entries = self.entries();
        let unknown = entries.commands.iter().filter(|(_, entry)| entry.outcome == Outcome::Unknown);
        unknown.map(|(mutation, _)| *mutation).collect()
    }

    /// Whether all these have been answered for good.
    pub fn all_answered(&self, commands: &BTreeSet<MutationId>) -> bool {
        let entries = self.entries();
        commands.iter().all(|mutation| entries.commands.get(mutation).is_some_and(|entry| entry.outcome != Outcome::Unknown))
    }

    /// A copy, to be doctored by a test of this very comparison.
    pub fn copy(&self) -> Self {
        Self(Mutex::new(self.entries().clone()))
    }

    /// Notes a command with an outcome, as if it had been so.
    pub fn note(&self, mutation: MutationId, stream: StreamId, outcome: Outcome) {
        self.entries().commands.insert(mutation, Entry { stream, sendings: 1, outcome });
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// How far a screen has come in a stream, which it must be allowed to see.
    fn follow(&mut self, screen: ScreenNo, stream: &StreamId) -> &mut Followed {
        let seen = self.screens.entry(screen).or_default();
        if !seen.sees.is_some_and(|sees| sees.may_see(stream)) {
            self.violations.push(Violation::NotTheirs(screen, stream.clone()));
        }
        seen.streams.entry(stream.clone()).or_default()
    }
}

impl Witness for Ledger {
    fn welcomed(&self, screen: ScreenNo, welcome: &Welcome) {
        let sees = welcome.seating.map_or(Sees::House, Sees::Own);
        self.entries().screens.entry(screen).or_default().sees = Some(sees);
    }

    fn told_state(&self, screen: ScreenNo, stream: &StreamId, version: Version) {
        let mut entries = self.entries();
        entries.counts.states += 1;
        let followed = entries.follow(screen, stream);
        followed.at = followed.at.max(version);
    }

    fn sending(&self, _: ScreenNo, ask: &Ask, _: Instant) {
        let mut entries = self.entries();
        let new = || Entry { stream: ask.stream.clone(), sendings: 0, outcome: Outcome::Unknown };
        entries.commands.entry(ask.mutation).or_insert_with(new).sendings += 1;
    }

    fn answered(&self, _: ScreenNo, ask: &Ask, answer: &Answer, _: Instant) {
        let mut entries = self.entries();
        let outcome = match *answer {
            Answer::Accepted { version } => Outcome::Accepted(version),
            Answer::Refused { reason, .. } if reason.is_temporary() => {
                *entries.counts.refused_for_now.entry(reason).or_default() += 1;
                return;
            }
            Answer::Refused { reason, .. } => Outcome::Refused(reason),
        };
        let Some(entry) = entries.commands.get_mut(&ask.mutation) else { return };
        let before = std::mem::replace(&mut entry.outcome, outcome);
        if before == Outcome::Unknown {
            entries.counts.accepted += usize::from(matches!(outcome, Outcome::Accepted(_)));
        } else if before != outcome {
            entries.violations.push(Violation::TwoAnswers(ask.mutation, before, outcome));
        }
    }

    fn arrived(&self, screen: ScreenNo, stream: &StreamId, event: &Arrived, _: Instant) {
        let mut entries = self.entries();
        match event.arrival {
            Arrival::Applied => entries.counts.applied += 1,
            Arrival::Old => entries.counts.old += 1,
            Arrival::Gap { .. } => {}
        }
        let version = event.version;
        let followed = entries.follow(screen, stream);
        let before = followed.at;
        let is_so = match event.arrival {
            Arrival::Applied => {
                followed.at = version;
                version == before + 1
            }
            Arrival::Old => version <= before,
            Arrival::Gap { .. } => {
                followed.gap_before = followed.gap_before.max(version);
                version > before + 1
            }
        };
        if !is_so {
            entries.violations.push(Violation::NotDense(screen, stream.clone(), before, version));
        }
        let now = Told { mutation: event.mutation, digest: event.digest };
        if !entries.told.contains_key(stream) {
            entries.told.insert(stream.clone(), BTreeMap::new());
        }
        let Some(told) = entries.told.get_mut(stream) else { return };
        let before = *told.entry(version).or_insert(now);
        if before != now {
            entries.violations.push(Violation::ToldTwoThings(stream.clone(), version, before.mutation, now.mutation));
        }
    }

    fn noticed(&self, _: ScreenNo, what: Notice) {
        *self.entries().counts.notices.entry(what).or_default() += 1;
    }

    fn switched_off(&self, screen: ScreenNo) {
        self.entries().screens.entry(screen).or_default().is_off = true;
    }
}
