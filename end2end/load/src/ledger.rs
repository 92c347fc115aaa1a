//! The ledger: every command with its answer, and every event that any screen was told. What it says
//! was promised; [`crate::truth`] is what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::replica::Arrival;
use domain::wire::{Answer, Ask, Welcome};
use domain::{MutationId, Rejection, SeatingId, StreamId, Version};
use tokio::time::Instant;

use crate::client::witness::Notice;
use crate::client::{Arrived, ScreenNo, Witness};
use crate::truth::Truth;
use crate::violation::Violation;

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
    /// Guests who joined.
    pub joins: usize,
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
    /// States that were told instead of events.
    pub states: usize,
    /// What happened to connections.
    pub notices: BTreeMap<Notice, usize>,
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

    /// Compares what was promised with what is there. Nothing is as it must be.
    pub fn verify(&self, truth: &Truth) -> Vec<Violation> {
        let entries = self.entries();
        let mut violations = entries.violations.clone();
        for (mutation, entry) in &entries.commands {
            violations.extend(entries.verify_command(*mutation, entry, truth));
        }
        for (mutation, seating) in &entries.joins {
            let stream = StreamId::Seating(*seating);
            if truth.effect_of(&stream, *mutation).is_none() {
                violations.push(Violation::JoinLost(*mutation, stream));
            }
        }
        for (stream, told) in &entries.told {
            violations.extend(verify_told(stream, told, truth));
        }
        for (screen, seen) in &entries.screens {
            let missed = seen.streams.iter().filter(|(_, followed)| followed.gap_before > followed.at);
            violations
                .extend(missed.map(|(stream, followed)| Violation::NotRepaired(*screen, stream.clone(), followed.gap_before)));
        }
        violations.extend(truth.violations());
        violations
    }

    /// How many commands were refused in one sending and took effect in another: the earlier was still under
    /// way at a server that did not answer when the later was refused elsewhere. They are there once.
    pub fn overtaken(&self, truth: &Truth) -> usize {
        let entries = self.entries();
        let refused =
            entries.commands.iter().filter(|(_, entry)| matches!(entry.outcome, Outcome::Refused(_)) && entry.sendings > 1);
        refused.filter(|(mutation, entry)| truth.effect_of(&entry.stream, **mutation).is_some()).count()
    }

    /// Somebody joined by that command.
    pub fn joined(&self, mutation: MutationId, seating: SeatingId) {
        self.entries().joins.insert(mutation, seating);
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

    /// The commands that were never answered for good. Who was sent home in the middle of asking is not told.
    pub fn unanswered(&self, truth: &Truth) -> Vec<Violation> {
        let entries = self.entries();
        let is_over = |stream: &StreamId| matches!(stream, StreamId::Seating(id) if truth.seatings.get(id).is_some_and(|stay| !stay.stay.is_open()));
        let unknown = entries.commands.iter().filter(|(_, entry)| entry.outcome == Outcome::Unknown && !is_over(&entry.stream));
        unknown.map(|(mutation, entry)| Violation::Unanswered(*mutation, entry.stream.clone())).collect()
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

    fn verify_command(&self, mutation: MutationId, entry: &Entry, truth: &Truth) -> Option<Violation> {
        let Entry { stream, sendings, outcome } = entry;
        match (*outcome, truth.effect_of(stream, mutation)) {
            (Outcome::Accepted(at), None) if truth.remembers(stream, at) => Some(Violation::Lost(mutation, at, stream.clone())),
            // Long streams forget; then those who were told are asked.
            (Outcome::Accepted(at), None) => {
                let told = self.told.get(stream).and_then(|told| told.get(&at));
                told.filter(|told| told.mutation != mutation).map(|_| Violation::Lost(mutation, at, stream.clone()))
            }
            (Outcome::Accepted(at), Some(is)) if is != at => Some(Violation::Elsewhere(mutation, at, stream.clone(), is)),
            // Sent once, refused once: nothing else can have taken effect.
            (Outcome::Refused(reason), Some(is)) if *sendings <= 1 => {
                Some(Violation::RefusedAndThere(mutation, reason, is, stream.clone()))
            }
            _ => None,
        }
    }
}

/// Whether what was told of a stream is there, each command in one place.
fn verify_told(stream: &StreamId, told: &BTreeMap<Version, Told>, truth: &Truth) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut last_of: BTreeMap<MutationId, Version> = BTreeMap::new();
    for (version, Told { mutation, .. }) in told {
        // A command of several events is remembered by its last.
        let is_there = truth.effect_of(stream, *mutation).is_some_and(|last| *version <= last);
        if !is_there && truth.remembers(stream, *version) {
            violations.push(Violation::ToldWhatIsNot(stream.clone(), *version, *mutation));
        }
        if last_of
            .insert(*mutation, *version)
            .is_some_and(|before| told.range(before..*version).any(|(_, t)| t.mutation != *mutation))
        {
            violations.push(Violation::Doubled(stream.clone(), *version));
        }
    }
    violations
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
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} joined; {} commands: {} accepted, {} refused, {} unknown; {} sent again, {} of them accepted; {} events applied, {} known, {} states",
            self.joins,
            self.commands,
            self.accepted,
            self.refused,
            self.unknown,
            self.resent,
            self.resolved,
            self.applied,
            self.old,
            self.states,
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

#[cfg(test)]
mod tests {
    use domain::{Actor, GuestNo, Time, VenueId};

    use super::*;

    const OWN: SeatingId = SeatingId::numbered(1);

    fn guest(ledger: &Ledger, screen: ScreenNo) {
        let (actor, seating) = (Actor::Guest(GuestNo(1)), Some(OWN));
        ledger.welcomed(screen, &Welcome { protocol: 1, actor, seating, now: Time(0) });
    }

    fn told(ledger: &Ledger, screen: ScreenNo, seating: SeatingId, version: Version, arrival: Arrival, digest: u64) {
        let event = Arrived { version, mutation: MutationId::numbered(u128::from(version)), arrival, digest };
        ledger.arrived(screen, &StreamId::Seating(seating), &event, Instant::now());
    }

    fn found(ledger: &Ledger) -> Vec<Violation> {
        let truth = Truth::default();
        // Here nothing is there: that is another story.
        let violations = ledger.verify(&truth).into_iter();
        violations.filter(|violation| !matches!(violation, Violation::ToldWhatIsNot(..))).collect()
    }

    #[test]
    fn dense_versions_are_as_they_must_be() {
        let (ledger, screen) = (Ledger::default(), ScreenNo::next());
        guest(&ledger, screen);
        ledger.told_state(screen, &StreamId::Seating(OWN), 4);
        told(&ledger, screen, OWN, 5, Arrival::Applied, 0);
        told(&ledger, screen, OWN, 4, Arrival::Old, 0);
        told(&ledger, screen, OWN, 7, Arrival::Gap { have: 5 }, 0);
        assert_eq!(found(&ledger), [Violation::NotRepaired(screen, StreamId::Seating(OWN), 7)], "not yet");
        told(&ledger, screen, OWN, 6, Arrival::Applied, 0);
        told(&ledger, screen, OWN, 7, Arrival::Applied, 0);
        assert_eq!(found(&ledger), []);
    }

    #[test]
    fn a_version_that_was_skipped_is_found_whatever_the_replica_says() {
        let (ledger, screen) = (Ledger::default(), ScreenNo::next());
        guest(&ledger, screen);
        told(&ledger, screen, OWN, 1, Arrival::Applied, 0);
        told(&ledger, screen, OWN, 3, Arrival::Applied, 0);
        assert_eq!(found(&ledger), [Violation::NotDense(screen, StreamId::Seating(OWN), 1, 3)]);
    }

    #[test]
    fn what_a_screen_may_not_see_is_found() {
        let (ledger, screen, other) = (Ledger::default(), ScreenNo::next(), SeatingId::numbered(2));
        guest(&ledger, screen);
        told(&ledger, screen, OWN, 1, Arrival::Applied, 0);
        told(&ledger, screen, other, 1, Arrival::Applied, 0);
        let venue: VenueId = "tasca".parse().expect("a venue");
        ledger.told_state(screen, &StreamId::Menu(venue.clone()), 1);
        ledger.told_state(screen, &StreamId::Floor(venue.clone()), 1);
        let theirs = [StreamId::Seating(other), StreamId::Floor(venue)];
        assert_eq!(found(&ledger), theirs.map(|stream| Violation::NotTheirs(screen, stream)));
        let stranger = ScreenNo::next();
        told(&ledger, stranger, OWN, 1, Arrival::Applied, 0);
        assert_eq!(found(&ledger).len(), 3, "before it was told who it is, a screen may see nothing");
    }

    #[test]
    fn one_version_with_two_contents_is_found() {
        let (ledger, [one, other]) = (Ledger::default(), [ScreenNo::next(), ScreenNo::next()]);
        for (screen, digest) in [(one, 7), (other, 8)] {
            guest(&ledger, screen);
            told(&ledger, screen, OWN, 1, Arrival::Applied, digest);
        }
        let mutation = MutationId::numbered(1);
        assert_eq!(found(&ledger), [Violation::ToldTwoThings(StreamId::Seating(OWN), 1, mutation, mutation)]);
    }

    #[test]
    fn a_command_whose_versions_lie_apart_is_found() {
        let (ledger, screen) = (Ledger::default(), ScreenNo::next());
        guest(&ledger, screen);
        for (version, mutation) in [(1, 1), (2, 2), (3, 1)] {
            let event = Arrived { version, mutation: MutationId::numbered(mutation), arrival: Arrival::Applied, digest: 0 };
            ledger.arrived(screen, &StreamId::Seating(OWN), &event, Instant::now());
        }
        assert_eq!(found(&ledger), [Violation::Doubled(StreamId::Seating(OWN), 3)]);
    }
}
