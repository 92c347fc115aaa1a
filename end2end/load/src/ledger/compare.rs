//! What was promised, held against what is there.

use std::collections::BTreeMap;

use domain::{MutationId, StreamId, Version};

use super::{Entries, Entry, Ledger, Outcome, Told};
use crate::truth::Truth;
use crate::violation::Violation;

impl Ledger {
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
        for (screen, seen) in entries.screens.iter().filter(|(_, seen)| !seen.is_off) {
            let missed = seen.streams.iter().filter(|(_, followed)| followed.gap_before > followed.at);
            violations
                .extend(missed.map(|(stream, followed)| Violation::NotRepaired(*screen, stream.clone(), followed.gap_before)));
        }
        violations.extend(truth.violations());
        violations
    }

    /// The commands that were never answered for good. Who was sent home in the middle of asking is not told.
    pub fn unanswered(&self, truth: &Truth) -> Vec<Violation> {
        let entries = self.entries();
        let is_over = |stream: &StreamId| matches!(stream, StreamId::Seating(id) if truth.seatings.get(id).is_some_and(|stay| !stay.stay.is_open()));
        let unknown = entries.commands.iter().filter(|(_, entry)| entry.outcome == Outcome::Unknown && !is_over(&entry.stream));
        unknown.map(|(mutation, entry)| Violation::Unanswered(*mutation, entry.stream.clone())).collect()
    }
}

impl Entries {
    fn verify_command(&self, mutation: MutationId, entry: &Entry, truth: &Truth) -> Option<Violation> {
        let Entry { stream, outcome, .. } = entry;
        match (*outcome, truth.effect_of(stream, mutation)) {
            (Outcome::Accepted(at), None) if truth.remembers(stream, at) => Some(Violation::Lost(mutation, at, stream.clone())),
            // Long streams forget; then those who were told are asked.
            (Outcome::Accepted(at), None) => {
                let told = self.told.get(stream).and_then(|told| told.get(&at));
                told.filter(|told| told.mutation != mutation).map(|_| Violation::Lost(mutation, at, stream.clone()))
            }
            (Outcome::Accepted(at), Some(is)) if is != at => Some(Violation::Elsewhere(mutation, at, stream.clone(), is)),
            (Outcome::Refused(reason), Some(is)) => Some(Violation::RefusedAndThere(mutation, reason, is, stream.clone())),
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
        let is_there = truth.last_of(stream, *mutation).is_some_and(|last| *version <= last);
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

#[cfg(test)]
mod tests {
    use domain::replica::Arrival;
    use domain::wire::{Answer, Ask, Welcome};
    use domain::{Actor, GuestNo, Rejection, SeatingId, Time, VenueId};
    use tokio::time::Instant;

    use super::*;
    use crate::client::{Arrived, ScreenNo, Witness};

    const OWN: SeatingId = SeatingId::numbered(1);

    fn guest(ledger: &Ledger, screen: ScreenNo) {
        let (actor, seating) = (Actor::Guest(GuestNo(1)), Some(OWN));
        ledger.welcomed(screen, &Welcome { protocol: 1, actor, seating, now: Time(0), release: None, epoch: None });
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
    fn who_leaves_with_a_gap_is_not_owed_what_it_missed() {
        let (ledger, [stays, leaves]) = (Ledger::default(), [ScreenNo::next(), ScreenNo::next()]);
        for screen in [stays, leaves] {
            guest(&ledger, screen);
            told(&ledger, screen, OWN, 2, Arrival::Gap { have: 0 }, 0);
        }
        ledger.switched_off(leaves);
        assert_eq!(found(&ledger), [Violation::NotRepaired(stays, StreamId::Seating(OWN), 2)]);
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
    fn a_refusal_of_what_had_been_told_is_found_however_often_it_was_sent() {
        let (ledger, screen, stream) = (Ledger::default(), ScreenNo::next(), StreamId::Seating(OWN));
        guest(&ledger, screen);
        let mutation = MutationId::numbered(1);
        let ask = Ask { mutation, stream: stream.clone(), command: serde_json::Value::Null, again: false };
        ledger.sending(screen, &ask, Instant::now());
        told(&ledger, screen, OWN, 1, Arrival::Applied, 0);
        ledger.sending(screen, &ask, Instant::now());
        let reason = Rejection::Unchanged;
        ledger.answered(screen, &ask, &Answer::Refused { reason, detail: None }, Instant::now());
        let truth = Truth::default().with_doubled(&stream, mutation);
        let violations = ledger.verify(&truth);
        assert!(violations.contains(&Violation::RefusedAndThere(mutation, reason, 1, stream)), "{violations:?}");
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
