//! The oracle: it sees everything, and says when something is so that must not be.

use std::collections::{BTreeMap, BTreeSet};

use domain::floor::FloorEvent;
use domain::menu::MenuEvent;
use domain::seating::{MarkEvent, RoundsEvent, SeatingEvent};
use domain::{Fold, MutationId, Rejection, SeatingId, Version};

use super::figures::Count;
use super::log::{Events, Stream};
use super::network::Ask;
use super::screen::Who;
use super::{Plant, World};
use crate::invariants::invariants;

/// What the oracle knows of each command.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    /// What somebody wanted, by the id under which it was asked for.
    pub(crate) wish_of: BTreeMap<MutationId, u64>,
    /// Commands that nobody may do.
    pub(crate) forbidden: BTreeSet<MutationId>,
    /// What a screen was told.
    pub(crate) accepted: BTreeMap<MutationId, (Stream, Version)>,
    /// What a screen was told is refused, for good.
    pub(crate) refused: BTreeSet<MutationId>,
    /// Refusals that were kept.
    kept: BTreeSet<MutationId>,
    effects: BTreeMap<MutationId, u32>,
    wishes_granted: BTreeMap<u64, u32>,
}

impl World {
    /// Says what is wrong. The first fault is the one that is told.
    pub(crate) fn broken(&mut self, fault: impl Into<String>) {
        let fault = fault.into();
        self.say(|| format!("BROKEN: {fault}"));
        self.fault.get_or_insert(fault);
    }

    /// A commit is durable: nothing in it may be there a second time, and all of it must be sound.
    pub(crate) fn was_committed(&mut self, commit: &[Events]) {
        self.say(|| format!("durable: {}", told(commit)));
        let (refused, mutations): (BTreeSet<_>, BTreeSet<_>) =
            commit.iter().flat_map(mutations).partition(|(_, is_refusal)| *is_refusal);
        for (mutation, _) in refused {
            self.figures.count(Count::RefusalKept);
            if !self.oracle.kept.insert(mutation) {
                self.broken(format!("{mutation:?} is refused twice"));
            }
            if self.oracle.effects.contains_key(&mutation) {
                self.broken(format!("{mutation:?} took effect, and its refusal is kept"));
            }
        }
        for (mutation, _) in mutations {
            self.figures.count(Count::Effect);
            let effects = self.oracle.effects.entry(mutation).or_default();
            *effects += 1;
            if *effects > 1 {
                self.broken(format!("{mutation:?} took effect twice"));
            }
            if self.oracle.forbidden.contains(&mutation) {
                self.broken(format!("{mutation:?} took effect and nobody may do that"));
            }
            if let Some(wish) = self.oracle.wish_of.get(&mutation).copied() {
                let granted = self.oracle.wishes_granted.entry(wish).or_default();
                *granted += 1;
                if *granted > 1 {
                    self.broken(format!("what somebody wanted once (wish {wish}) happened twice"));
                }
            }
        }
        for events in commit {
            if let Events::Seating(_, events) = events
                && events.iter().any(|recorded| matches!(recorded.event, SeatingEvent::Rounds(RoundsEvent::RoundAccepted { .. })))
            {
                self.figures.count(Count::RoundAccepted);
            }
            if let Events::Seating(id, _) = events
                && let Err(fault) = invariants(self.log.seatings[id].latest())
            {
                self.broken(format!("{id:?}: {fault}"));
            }
        }
        self.check_floor_and_stays();
    }

    /// The floor and the stays tell the same: they are committed together or not at all.
    fn check_floor_and_stays(&mut self) {
        let seated: BTreeSet<SeatingId> = self.log.floor.latest().seated.values().map(|seated| seated.seating).collect();
        let open = self.log.seatings.iter().filter(|(_, stay)| stay.latest().stay.is_open()).map(|(id, _)| *id);
        if seated != open.collect() {
            self.broken("the floor and the stays don't agree on who is here");
        }
    }

    /// A refusal is leaving a server: the command must not have taken effect.
    pub(crate) fn is_being_refused(&mut self, ask: &Ask, reason: Rejection) {
        if reason.is_temporary() {
            self.figures.count(Count::Unavailable);
        } else if self.oracle.effects.contains_key(&ask.mutation) {
            self.broken(format!("{ask:?} took effect and is refused: {reason}"));
        }
    }

    /// A screen was told that a command took effect: it must be in the log, there.
    pub(crate) fn was_accepted(&mut self, ask: &Ask, version: Version) {
        if self.log.mutation_at(ask.stream, version) != Some(ask.mutation) {
            self.broken(format!("{ask:?} was accepted at {version}, and is not in the log there"));
        }
        let before = self.oracle.accepted.insert(ask.mutation, (ask.stream, version));
        if before.is_some_and(|before| before != (ask.stream, version)) {
            self.broken(format!("{ask:?} was accepted at two versions"));
        }
    }

    /// Invariant 3, and more: whatever version a replica has, it holds what the log made of that.
    ///
    /// What did not change since its last check need not be checked again: the log only grows.
    pub(crate) fn check_screen(&mut self, i: usize, stream: Stream) {
        let screen = &self.screens[i];
        let holds = match stream {
            Stream::Floor => self.log.floor.at(screen.floor.version()) == Some(screen.floor.confirmed()),
            Stream::Menu => self.log.menu.at(screen.menu.version()) == Some(screen.menu.confirmed()),
            Stream::Seating(id) => match (screen.seatings.get(&id), self.log.seatings.get(&id)) {
                (Some(replica), Some(stay)) => stay.at(replica.version()) == Some(replica.confirmed()),
                (replica, _) => replica.is_none_or(|replica| replica.version() == 0),
            },
        };
        if !holds {
            self.broken(format!("screen {i} holds another {stream:?} than the log"));
        }
    }

    /// The same for what a server remembers.
    pub(crate) fn check_server(&mut self, s: usize, stream: Stream) {
        let cache = &self.servers[s].cache;
        let holds = match stream {
            Stream::Floor => self.log.floor.at(cache.floor.version()) == Some(&cache.floor),
            Stream::Menu => self.log.menu.at(cache.menu.version()) == Some(&cache.menu),
            Stream::Seating(id) => match (cache.seatings.get(&id), self.log.seatings.get(&id)) {
                (Some(state), Some(stay)) => stay.at(state.version()) == Some(state),
                (state, _) => state.is_none_or(|state| state.version() == 0),
            },
        };
        if !holds {
            self.broken(format!("server {s} holds another {stream:?} than the log"));
        }
    }

    /// Invariant 6: a guest is sent nothing of another stay, nor of the floor.
    pub(crate) fn check_eyes(&mut self, i: usize, stream: Stream) {
        if let Who::Guest { seating, .. } = &self.screens[i].who
            && stream != Stream::Menu
            && stream != Stream::Seating(*seating)
        {
            self.broken(format!("guest {i} was sent events of {stream:?}"));
        }
    }

    /// Once everything is quiet: every screen is as far as the log, and every command has its end.
    pub(crate) fn check_the_end(&mut self) {
        for i in 0..self.screens.len() {
            self.check_screen_at_the_end(i);
        }
        let accepted: Vec<MutationId> = self.oracle.accepted.keys().copied().collect();
        for mutation in accepted {
            if self.oracle.effects.get(&mutation) != Some(&1) {
                self.broken(format!("{mutation:?} was accepted and is not in the log exactly once"));
            }
        }
        let refused: Vec<MutationId> = self.oracle.refused.iter().copied().collect();
        for mutation in refused {
            if self.oracle.effects.contains_key(&mutation) {
                self.broken(format!("{mutation:?} was refused, and took effect"));
            }
        }
        let wishes: Vec<MutationId> = self.oracle.wish_of.keys().copied().collect();
        for mutation in wishes {
            let has_end = self.oracle.effects.contains_key(&mutation) || self.oracle.refused.contains(&mutation);
            // A planted new id has no end under the old one; that it happens twice is told elsewhere.
            if !has_end && self.plan.plant != Some(Plant::NewIdOnResend) {
                self.broken(format!("{mutation:?} was neither done nor refused"));
            }
        }
    }

    fn check_screen_at_the_end(&mut self, i: usize) {
        let screen = &self.screens[i];
        let is_there = |id: &SeatingId| screen.seatings.contains_key(id);
        let behind = match &screen.who {
            Who::Walking | Who::Asking { .. } => false,
            Who::Guest { seating, .. } => screen.menu.version() != self.log.menu.head() || !is_there(seating),
            Who::Staff(_) => {
                let all_open = self.log.floor.latest().seated.values().all(|seated| is_there(&seated.seating));
                let floor = screen.floor.version() == self.log.floor.head();
                !(all_open && floor && screen.menu.version() == self.log.menu.head())
            }
        };
        let stays_behind = screen.seatings.iter().any(|(id, replica)| replica.version() != self.log.seatings[id].head());
        let waits = !screen.is_quiet() || !screen.shows_what_is_confirmed();
        if behind || stays_behind {
            self.broken(format!("screen {i} is not as far as the log at the end"));
        }
        if waits {
            self.broken(format!("screen {i} still waits for something at the end"));
        }
    }
}

/// The mutations of events, and whether each is refused by its event.
fn mutations(events: &Events) -> Vec<(MutationId, bool)> {
    match events {
        Events::Floor(events) => events.iter().map(|e| (e.mutation, matches!(e.event, FloorEvent::Refused { .. }))).collect(),
        Events::Menu(events) => events.iter().map(|e| (e.mutation, matches!(e.event, MenuEvent::Refused { .. }))).collect(),
        Events::Seating(_, events) => {
            events.iter().map(|e| (e.mutation, matches!(e.event, SeatingEvent::Mark(MarkEvent::Refused { .. })))).collect()
        }
    }
}

/// Events as a trace tells them.
pub(crate) fn told(commit: &[Events]) -> String {
    let one = |events: &Events| match events {
        Events::Floor(events) => events.iter().map(|e| format!("floor {} {:?}", e.version, e.event)).collect::<Vec<_>>(),
        Events::Menu(events) => events.iter().map(|e| format!("menu {}", e.version)).collect(),
        Events::Seating(id, events) => {
            let id = &id.to_string()[..6];
            events.iter().map(|e| format!("stay {id}… {} by {:?}: {:?}", e.version, e.by, e.event)).collect()
        }
    };
    commit.iter().flat_map(one).collect::<Vec<_>>().join("; ")
}
