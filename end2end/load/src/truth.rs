//! What the server holds, as it tells a screen that is new: the state of every stream, and at which
//! version each command took effect in it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use domain::floor::Floor;
use domain::menu::Menu;
use domain::replica::Replica;
use domain::seating::Seating;
use domain::stream::{REMEMBERED_FOR_LONG, REMEMBERED_VERSIONS};
use domain::wire::{self, Sync, Synced};
use domain::{Fold, MutationId, Rejection, SeatingId, StreamId, Version};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep, timeout};

use crate::client::socket::{NotConnected, Said, Socket};
use crate::client::{Held, Pass};
use crate::violation::Violation;

/// How long it may take to be told, over as many connections as it takes.
const TOLD_WITHIN: Duration = Duration::from_secs(60);
/// How long it waits before it connects again.
const CONNECTS_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// How many stays are asked for at once.
const ASKED_AT_ONCE: usize = 200;

/// What the server holds.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// What is served.
    pub menu: Menu,
    /// Who sits where.
    pub floor: Floor,
    /// The stays that were asked for, and every open one.
    pub seatings: BTreeMap<SeatingId, Seating>,
    progress: BTreeMap<StreamId, Progress>,
}

/// How far a stream has come, and where each command took effect in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct Progress {
    version: Version,
    seen: BTreeMap<MutationId, Version>,
    /// Those that were refused there.
    #[serde(default)]
    refused: BTreeMap<MutationId, Rejection>,
}

impl Truth {
    /// Asks, as somebody of the staff who has nothing yet.
    pub async fn read(staff: &Pass, seatings: &BTreeSet<SeatingId>) -> Result<Self> {
        let mut truth = Self::default();
        let seatings: Vec<SeatingId> = seatings.iter().copied().collect();
        for some in seatings.chunks(ASKED_AT_ONCE).chain(seatings.is_empty().then_some(&[][..])) {
            let asked = Instant::now();
            loop {
                let left = TOLD_WITHIN.saturating_sub(asked.elapsed());
                let read = timeout(left, truth.read_some(staff, some)).await.context("the server does not tell what it holds")?;
                match read {
                    // As any screen does: a connection can be lost, say where a server was frozen and lets everybody go.
                    Err(error) if is_lost(&error) && asked.elapsed() < TOLD_WITHIN => sleep(CONNECTS_AGAIN_AFTER).await,
                    read => break read?,
                }
            }
        }
        Ok(truth)
    }

    async fn read_some(&mut self, staff: &Pass, seatings: &[SeatingId]) -> Result<()> {
        let mut socket = Socket::connect(&staff.route, &staff.cookie, &staff.hello()).await?;
        let streams = seatings.iter().map(|id| (StreamId::Seating(*id), 0)).collect();
        let asked = socket.ask(wire::SYNC, &Sync { streams }).await?;
        let data = loop {
            match socket.next().await?.what {
                Said::Ack { id, data } if id == asked => break data.context("an empty answer")?,
                _ => {}
            }
        };
        let synced: Synced = serde_json::from_str(data.get())?;
        if let Some(reason) = synced.refused {
            bail!("the server refuses to tell what it holds: {reason}");
        }
        for caught in synced.streams {
            ensure!(caught.events.is_empty(), "who has nothing is told a state, not events");
            let snapshot = caught.snapshot.context("who has nothing is told a state")?;
            self.take(caught.stream, &snapshot)?;
        }
        Ok(())
    }

    fn take(&mut self, stream: StreamId, snapshot: &RawValue) -> Result<()> {
        #[derive(Deserialize)]
        struct Folded {
            progress: Progress,
        }
        let json = snapshot.get();
        match &stream {
            StreamId::Seating(id) => drop(self.seatings.insert(*id, serde_json::from_str(json)?)),
            StreamId::Menu(_) => self.menu = serde_json::from_str(json)?,
            StreamId::Floor(_) => self.floor = serde_json::from_str(json)?,
            StreamId::Access(_) => bail!("who may do what must not leave the server"),
        }
        let Folded { progress } = serde_json::from_str(json)?;
        self.progress.insert(stream, progress);
        Ok(())
    }

    /// The version at which a command took effect in a stream, if it did.
    pub fn effect_of(&self, stream: &StreamId, mutation: MutationId) -> Option<Version> {
        let progress = self.progress.get(stream)?;
        progress.last_of(mutation).filter(|_| !progress.refused.contains_key(&mutation))
    }

    /// The last version of a stream that is a command's, be it its effect or its refusal.
    pub fn last_of(&self, stream: &StreamId, mutation: MutationId) -> Option<Version> {
        self.progress.get(stream)?.last_of(mutation)
    }

    /// How many refusals were kept.
    pub fn refusals(&self) -> usize {
        self.progress.values().map(|progress| progress.refused.len()).sum()
    }

    /// Whether a stream still tells which command that version was of.
    pub fn remembers(&self, stream: &StreamId, version: Version) -> bool {
        self.progress.get(stream).is_none_or(|progress| version > progress.forgotten(stream))
    }

    /// In what this and what another server tells differ, if they do.
    pub fn differs_from_told(&self, other: &Self) -> Option<String> {
        let streams = self.progress.keys().chain(other.progress.keys());
        let version = |truth: &Self, stream| truth.progress.get(stream).map_or(0, |progress| progress.version);
        let behind = streams.into_iter().find(|stream| self.progress.get(stream) != other.progress.get(stream));
        if let Some(stream) = behind {
            return Some(format!("{stream} is at version {} and at {}", version(self, stream), version(other, stream)));
        }
        let same = self.menu == other.menu && self.floor == other.floor && self.seatings == other.seatings;
        (!same).then(|| "the same versions hold different states".to_owned())
    }

    /// The versions of every stream, added up: how many events there are.
    pub fn events(&self) -> Version {
        self.progress.values().map(|progress| progress.version).sum()
    }

    /// What can't be, whatever was promised.
    pub fn violations(&self) -> Vec<Violation> {
        let doubled = self.progress.iter().flat_map(|(stream, progress)| progress.doubled(stream));
        let mut violations: Vec<Violation> = doubled.collect();
        for (id, stay) in &self.seatings {
            let impossible = |why: String| Violation::impossible(*id, why);
            let lines = stay.cart.iter().chain(stay.rounds.iter().flat_map(|round| &round.items).map(|item| &item.line));
            let mut known = BTreeSet::new();
            violations.extend(
                lines.filter(|line| !known.insert(line.id)).map(|line| impossible(format!("{} is there twice", line.id))),
            );
            // Both streams were committed together, or neither.
            if stay.stay.is_open() != self.floor.table_of(*id).is_some() {
                violations.push(impossible(format!("the floor and the stay disagree: {:?}", stay.stay)));
            }
        }
        for seated in self.floor.seated.values().filter(|seated| !self.seatings.contains_key(&seated.seating)) {
            violations.push(Violation::impossible(seated.seating, "it is on the floor and nowhere else".to_owned()));
        }
        violations
    }

    /// In what a screen's replicas differ from this, if they do.
    pub fn differs_from(&self, held: &Held) -> Option<String> {
        let is_staff = held.own_seating.is_none();
        if held.pending() > 0 {
            return Some(format!("{} commands are still pending", held.pending()));
        }
        let other_menu = if is_staff {
            differ("the menu", &self.menu, &held.menu)
        } else {
            // Guests are sent no memory of who asked what of it, and gather some by themselves.
            differ("the menu", &self.menu.for_guests(), &Replica::new(held.menu.confirmed().for_guests()))
        };
        if other_menu.is_some() {
            return other_menu;
        }
        if is_staff && let Some(why) = differ("the floor", &self.floor, &held.floor) {
            return Some(why);
        }
        let open = self.seatings.iter().filter(|(_, stay)| stay.stay.is_open()).map(|(id, _)| *id);
        let due: BTreeSet<SeatingId> = if is_staff { open.collect() } else { held.own_seating.into_iter().collect() };
        due.iter().chain(held.seatings.keys()).find_map(|id| {
            let nothing = (Seating::default(), Replica::default());
            let (stay, replica) = (self.seatings.get(id).unwrap_or(&nothing.0), held.seatings.get(id).unwrap_or(&nothing.1));
            differ(&format!("seating/{id}"), stay, replica)
        })
    }

    /// A copy in which that command took effect once more, as if it had been so.
    #[must_use]
    pub fn with_doubled(&self, stream: &StreamId, mutation: MutationId) -> Self {
        let mut doctored = self.clone();
        let progress = doctored.progress.entry(stream.clone()).or_default();
        progress.version += 1;
        progress.seen.insert(mutation, progress.version);
        doctored
    }
}

/// Whether there was no connection, rather than a wrong answer.
fn is_lost(error: &anyhow::Error) -> bool {
    error.downcast_ref::<NotConnected>().is_some_and(|why| !matches!(why, NotConnected::Refused(_)))
}

fn differ<S: Fold>(what: &str, truth: &S, replica: &Replica<S>) -> Option<String> {
    let (is, shown) = (truth.version(), replica.version());
    (replica.confirmed() != truth)
        .then(|| format!("{what} is at version {is}, and this screen shows something else, of version {shown}"))
}

impl Progress {
    fn last_of(&self, mutation: MutationId) -> Option<Version> {
        self.seen.get(&mutation).copied()
    }

    /// Up to which version the stream may have forgotten whose it was.
    fn forgotten(&self, stream: &StreamId) -> Version {
        let remembered = match stream {
            StreamId::Seating(_) => REMEMBERED_VERSIONS,
            StreamId::Floor(_) | StreamId::Menu(_) | StreamId::Access(_) => REMEMBERED_FOR_LONG,
        };
        self.version.saturating_sub(remembered)
    }

    /// The versions that no command has as its last: each command is remembered by where it took effect
    /// last, so a second effect leaves the first one's version to nobody.
    fn doubled(&self, stream: &StreamId) -> Vec<Violation> {
        let owned: BTreeSet<Version> = self.seen.values().copied().collect();
        // Whoever joins first opens the table by the same command: two events of one stay.
        let opening = matches!(stream, StreamId::Seating(_)).then_some(1);
        let remembered = self.forgotten(stream) + 1..=self.version;
        let holes = remembered.filter(|version| !owned.contains(version) && Some(*version) != opening);
        let beyond = owned.iter().copied().filter(|version| *version > self.version);
        holes.chain(beyond).map(|version| Violation::Doubled(stream.clone(), version)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(version: Version, seen: &[(u128, Version)]) -> Vec<Violation> {
        let seen = seen.iter().map(|(n, version)| (MutationId::numbered(*n), *version)).collect();
        Progress { version, seen, refused: BTreeMap::new() }.doubled(&StreamId::Seating(SeatingId::numbered(1)))
    }

    #[test]
    fn a_second_effect_leaves_a_hole() {
        assert_eq!(progress(4, &[(1, 2), (2, 3), (3, 4)]), []);
        assert_eq!(progress(5, &[(1, 2), (2, 5), (3, 4)]).len(), 1);
        assert_eq!(progress(3, &[(1, 2), (2, 3), (3, 4)]).len(), 1);
    }
}
