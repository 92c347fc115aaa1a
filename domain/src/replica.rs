//! A replica: what a screen holds of a stream. Confirmed state + pending commands = what is shown.
//!
//! An event confirms, an answer refuses; after a lost connection the pending are sent again with the
//! same ids, so nothing is lost and nothing doubled. An event that keeps a refusal confirms nothing: the
//! answer is still to come, and says so to people.

use crate::Version;
use crate::fold::{Context, Fold, record};
use crate::ids::MutationId;
use crate::menu::Menu;
use crate::stream::{Actor, Recorded, Time};

/// The most commands that wait for the server; one more is not taken.
pub const MAX_PENDING: usize = 200;

/// What a screen holds of one stream.
#[derive(Debug, Clone)]
pub struct Replica<S: Fold> {
    confirmed: S,
    pending: Vec<Pending<S::Command>>,
}

/// A command that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending<C> {
    /// Its id, the same at every sending.
    pub mutation: MutationId,
    /// What is asked.
    pub command: C,
    /// When it was asked, by this screen's clock.
    pub at: Time,
    /// The version at which the server took it, once it said so and its event is still under way.
    pub accepted: Option<Version>,
}

/// What became of an event that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It was the next.
    Applied,
    /// It was known.
    Old,
    /// Something before it is missing: ask the server for what comes after this version.
    Gap {
        /// The last version that is here.
        have: Version,
    },
}

impl<S: Fold> Default for Replica<S> {
    fn default() -> Self {
        Self::new(S::default())
    }
}

impl<S: Fold> Replica<S> {
    /// A replica that starts from a snapshot.
    pub const fn new(confirmed: S) -> Self {
        Self { confirmed, pending: Vec::new() }
    }

    /// What the server has confirmed.
    pub const fn confirmed(&self) -> &S {
        &self.confirmed
    }

    /// The version of what the server has confirmed.
    pub fn version(&self) -> Version {
        self.confirmed.version()
    }

    /// Commands that the server has not confirmed, in the order in which they were asked.
    pub fn pending(&self) -> &[Pending<S::Command>] {
        &self.pending
    }

    /// Takes an event that arrived, in whatever order.
    pub fn arrive(&mut self, recorded: &Recorded<S::Event>) -> Arrival {
        let have = self.version();
        if recorded.version <= have {
            return Arrival::Old;
        }
        if recorded.version > have + 1 {
            return Arrival::Gap { have };
        }
        self.confirmed.evolve(recorded);
        self.forget_what_took_effect();
        Arrival::Applied
    }

    /// Takes a snapshot, unless what is here is newer.
    pub fn reset(&mut self, snapshot: S) {
        if snapshot.version() >= self.version() {
            self.confirmed = snapshot;
            self.forget_what_took_effect();
        }
    }

    /// Takes a snapshot of another log than before, which was restored from a backup: what is here may never have happened.
    /// What waits for the server's answer goes on waiting; the event of what was accepted is never going to come.
    pub fn start_anew(&mut self, snapshot: S) {
        self.confirmed = snapshot;
        self.pending.retain(|pending| pending.accepted.is_none());
        self.forget_what_took_effect();
    }

    fn forget_what_took_effect(&mut self) {
        let progress = self.confirmed.progress();
        self.pending.retain(|p| progress.effect_of(p.mutation).is_none());
    }

    /// Keeps a command until the server has answered. `false` where too many wait already.
    pub fn submit(&mut self, mutation: MutationId, command: S::Command, at: Time) -> bool {
        let fits = self.pending.len() < MAX_PENDING;
        if fits {
            self.pending.push(Pending { mutation, command, at, accepted: None });
        }
        fits
    }

    /// The server took a command at that version. It is shown as pending until its event is here.
    pub fn accepted(&mut self, mutation: MutationId, version: Version) {
        if version <= self.version() {
            self.pending.retain(|p| p.mutation != mutation);
        } else if let Some(pending) = self.pending.iter_mut().find(|p| p.mutation == mutation) {
            pending.accepted = Some(version);
        }
    }

    /// The server refused a command: it is forgotten, and given back to be explained.
    ///
    /// An acceptance is final: where one copy of a resent command was taken, another's refusal that
    /// comes late says nothing.
    pub fn refused(&mut self, mutation: MutationId) -> Option<S::Command> {
        let i = self.pending.iter().position(|p| p.mutation == mutation && p.accepted.is_none())?;
        Some(self.pending.remove(i).command)
    }

    /// What is to be sent (again) after connecting: everything that the server has not answered.
    pub fn unanswered(&self) -> impl Iterator<Item = &Pending<S::Command>> {
        self.pending.iter().filter(|p| p.accepted.is_none())
    }

    /// What to show: the confirmed state with every pending command as it would turn out here.
    ///
    /// A command that would be refused here is left out: the server's answer decides.
    pub fn view(&self, actor: &Actor, menu: &Menu) -> S {
        let mut state = self.confirmed.clone();
        for pending in &self.pending {
            let context = Context { actor: actor.clone(), mutation: pending.mutation, now: pending.at, menu };
            if let Ok(events) = state.decide(&pending.command, &context) {
                for recorded in record(state.version(), &context, events) {
                    state.evolve(&recorded);
                }
            }
        }
        state
    }
}
