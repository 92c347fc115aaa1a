//! The ledger: every command with its answer, and every event that any screen was told. What it says
//! was promised; [`crate::truth`] is what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::replica::Arrival;
use domain::wire::{Answer, Ask};
use domain::{MutationId, Rejection, SeatingId, StreamId, Version};
use tokio::time::Instant;

use crate::client::witness::Notice;
use crate::client::{Arrived, ScreenNo, Witness};
use crate::truth::Truth;

/// Every command with its answer, and every event that any screen was told.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Entries>);

#[derive(Debug, Clone, Default)]
struct Entries {
    commands: BTreeMap<MutationId, Entry>,
    /// Which command each event was told to be of.
    told: BTreeMap<StreamId, BTreeMap<Version, MutationId>>,
    faults: Vec<Fault>,
    counts: Counts,
}

#[derive(Debug, Clone)]
struct Entry {
    stream: StreamId,
    sendings: u32,
    outcome: Outcome,
}

/// What is known of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was sent, and no final answer has come.
    Unknown,
    /// The server said that it took effect there.
    Accepted(Version),
    /// The server said that it took none.
    Refused(Rejection),
}

/// How much happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Commands, each counted once.
    pub commands: usize,
    /// Commands that were accepted.
    pub accepted: usize,
    /// Commands that were refused for good.
    pub refused: usize,
    /// Commands without a final answer.
    pub unknown: usize,
    /// Sendings beyond each command's first.
    pub resent: usize,
    /// Commands that were accepted after having been sent more than once: what had become of the
    /// sendings before was unknown.
    pub resolved: usize,
    /// Refusals for the time being, by reason.
    pub refused_for_now: BTreeMap<Rejection, usize>,
    /// Events that arrived as the next of their streams.
    pub applied: usize,
    /// Events that arrived and were known already.
    pub old: usize,
    /// What happened to connections.
    pub notices: BTreeMap<Notice, usize>,
}

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An acknowledged command is not in the log.
    #[error("{0:?} was accepted at version {1} of {2} and is not there")]
    Lost(MutationId, Version, StreamId),
    /// An acknowledged command is in the log somewhere else.
    #[error("{0:?} was accepted at version {1} of {2} and is at {3}")]
    Elsewhere(MutationId, Version, StreamId, Version),
    /// A refused command is in the log.
    #[error("{0:?} was refused ({1}) and is at version {2} of {3}")]
    RefusedAndThere(MutationId, Rejection, Version, StreamId),
    /// A command was answered in two ways.
    #[error("{0:?} was answered as {1:?} and as {2:?}")]
    TwoAnswers(MutationId, Outcome, Outcome),
    /// Screens were told different events of one version.
    #[error("version {1} of {0} was told as of {2:?} and as of {3:?}")]
    ToldTwoThings(StreamId, Version, MutationId, MutationId),
    /// A screen was told an event that is not in the log.
    #[error("version {1} of {0} was told as of {2:?}, which is not there")]
    ToldWhatIsNot(StreamId, Version, MutationId),
    /// A version has no command of its own: its command took effect a second time, later.
    #[error("version {1} of {0} belongs to a command that took effect again later")]
    Doubled(StreamId, Version),
    /// A state can't be.
    #[error("{0}: {1}")]
    Impossible(StreamId, String),
}

impl Ledger {
    /// How much happened.
    pub fn counts(&self) -> Counts {
        let entries = self.entries();
        let is = |outcome: fn(&Outcome) -> bool| entries.commands.values().filter(|entry| outcome(&entry.outcome)).count();
        let sent_again = entries.commands.values().filter(|entry| entry.sendings > 1);
        Counts {
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
        let streams = entries.commands.values().map(|entry| &entry.stream).chain(entries.told.keys());
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

    /// Compares what was promised with what is there. Nothing is as it must be.
    pub fn verify(&self, truth: &Truth) -> Vec<Fault> {
        let entries = self.entries();
        let mut faults = entries.faults.clone();
        for (mutation, Entry { stream, outcome, .. }) in &entries.commands {
            let found = truth.effect_of(stream, *mutation);
            match (*outcome, found) {
                (Outcome::Accepted(at), None) => faults.push(Fault::Lost(*mutation, at, stream.clone())),
                (Outcome::Accepted(at), Some(is)) if is != at => {
                    faults.push(Fault::Elsewhere(*mutation, at, stream.clone(), is));
                }
                (Outcome::Refused(reason), Some(is)) => {
                    faults.push(Fault::RefusedAndThere(*mutation, reason, is, stream.clone()));
                }
                _ => {}
            }
        }
        for (stream, told) in &entries.told {
            for (version, mutation) in told {
                // A command of several events is remembered by its last.
                let is_there = truth.effect_of(stream, *mutation).is_some_and(|last| *version <= last);
                if !is_there {
                    faults.push(Fault::ToldWhatIsNot(stream.clone(), *version, *mutation));
                }
            }
        }
        faults.extend(truth.faults());
        faults
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

impl Witness for Ledger {
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
            entries.faults.push(Fault::TwoAnswers(ask.mutation, before, outcome));
        }
    }

    fn arrived(&self, _: ScreenNo, stream: &StreamId, event: &Arrived, _: Instant) {
        let mut entries = self.entries();
        match event.arrival {
            Arrival::Applied => entries.counts.applied += 1,
            Arrival::Old => entries.counts.old += 1,
            Arrival::Gap { .. } => {}
        }
        if !entries.told.contains_key(stream) {
            entries.told.insert(stream.clone(), BTreeMap::new());
        }
        let Some(told) = entries.told.get_mut(stream) else { return };
        let before = *told.entry(event.version).or_insert(event.mutation);
        if before != event.mutation {
            entries.faults.push(Fault::ToldTwoThings(stream.clone(), event.version, before, event.mutation));
        }
    }

    fn noticed(&self, _: ScreenNo, what: Notice) {
        *self.entries().counts.notices.entry(what).or_default() += 1;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} commands: {} accepted, {} refused, {} unknown; {} sent again, {} of them accepted; {} events applied, {} known",
            self.commands, self.accepted, self.refused, self.unknown, self.resent, self.resolved, self.applied, self.old,
        )?;
        for (reason, times) in &self.refused_for_now {
            write!(f, "; {times} × {reason:?}")?;
        }
        for (what, times) in &self.notices {
            write!(f, "; {times} × {what:?}")?;
        }
        Ok(())
    }
}
