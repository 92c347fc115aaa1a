//! What a screen holds: a replica of each stream that it may see.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::floor::Floor;
use domain::menu::Menu;
use domain::replica::{Arrival, Replica};
use domain::seating::Seating;
use domain::wire::{Answer, Ask, Caught, StreamEvents, Sync, Welcome};
use domain::{Actor, Fold, MutationId, Recorded, SeatingId, StreamId, Time, VenueId, Version};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What a screen holds.
#[derive(Debug, Clone)]
pub struct Held {
    venue: VenueId,
    /// Who the server takes this screen for.
    pub actor: Option<Actor>,
    /// The stay of a guest.
    pub own_seating: Option<SeatingId>,
    /// What is served.
    pub menu: Replica<Menu>,
    /// Who sits where; empty at a guest's.
    pub floor: Replica<Floor>,
    /// The stays: a guest's own, or every one that staff were told of.
    pub seatings: BTreeMap<SeatingId, Replica<Seating>>,
}

/// An event that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// Its place in its stream.
    pub version: Version,
    /// The command that caused it.
    pub mutation: MutationId,
    /// What became of it.
    pub arrival: Arrival,
    /// Of everything that it says; the same wherever it is told.
    pub digest: u64,
}

/// What a `sync` brought of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    /// The version of the state that it brought, if it did.
    pub state: Option<Version>,
    /// The events, after that.
    pub events: Vec<Arrived>,
}

/// Something that the protocol does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stream}: {why}")]
pub struct NotUnderstood {
    stream: StreamId,
    why: String,
}

impl Held {
    /// Nothing yet.
    pub fn nothing(venue: VenueId) -> Self {
        Self {
            venue,
            actor: None,
            own_seating: None,
            menu: Replica::default(),
            floor: Replica::default(),
            seatings: BTreeMap::new(),
        }
    }

    /// Notes who the server takes this screen for.
    pub fn welcomed(&mut self, welcome: &Welcome) {
        self.actor = Some(welcome.actor.clone());
        self.own_seating = welcome.seating;
        if let Some(seating) = welcome.seating {
            self.seatings.entry(seating).or_default();
        }
    }

    /// What is held of each stream: what a `sync` says.
    pub fn have(&self) -> Sync {
        let seatings = self.seatings.iter().map(|(id, held)| (StreamId::Seating(*id), held.version()));
        let menu = (StreamId::Menu(self.venue.clone()), self.menu.version());
        let floor = (StreamId::Floor(self.venue.clone()), self.floor.version());
        Sync { streams: seatings.chain([menu, floor]).collect() }
    }

    /// The version that is held of a stream, 0 for none.
    pub fn version(&self, stream: &StreamId) -> Version {
        match stream {
            StreamId::Seating(id) => self.seatings.get(id).map_or(0, Replica::version),
            StreamId::Menu(_) => self.menu.version(),
            StreamId::Floor(_) => self.floor.version(),
            StreamId::Access(_) => 0,
        }
    }

    /// Takes what a `sync` brought.
    pub fn caught(&mut self, caught: Caught) -> Result<Brought, NotUnderstood> {
        let state = match &caught.snapshot {
            None => None,
            Some(snapshot) => {
                let told = match &caught.stream {
                    StreamId::Seating(id) => reset(self.seatings.entry(*id).or_default(), snapshot),
                    StreamId::Menu(_) => reset(&mut self.menu, snapshot),
                    StreamId::Floor(_) => reset(&mut self.floor, snapshot),
                    StreamId::Access(_) => Err("who may do what must not leave the server".to_owned()),
                };
                Some(told.map_err(|why| NotUnderstood { stream: caught.stream.clone(), why })?)
            }
        };
        let events = self.arrived(&StreamEvents { stream: caught.stream, snapshot: None, events: caught.events, anew: false })?;
        Ok(Brought { state, events })
    }

    /// Takes events that arrived.
    pub fn arrived(&mut self, told: &StreamEvents) -> Result<Vec<Arrived>, NotUnderstood> {
        let arrived = match &told.stream {
            StreamId::Seating(id) => arrive(self.seatings.entry(*id).or_default(), &told.events),
            StreamId::Menu(_) => arrive(&mut self.menu, &told.events),
            StreamId::Floor(_) => arrive(&mut self.floor, &told.events),
            StreamId::Access(_) => Err("who may do what must not leave the server".to_owned()),
        };
        arrived.map_err(|why| NotUnderstood { stream: told.stream.clone(), why })
    }

    /// Keeps a command as pending. What touches two streams at once is shown when it has happened.
    pub fn asked(&mut self, ask: &Ask) -> bool {
        match &ask.stream {
            StreamId::Seating(id) => submit(self.seatings.entry(*id).or_default(), ask),
            StreamId::Menu(_) => submit(&mut self.menu, ask),
            StreamId::Floor(_) | StreamId::Access(_) => true,
        }
    }

    /// Notes a final answer.
    pub fn answered(&mut self, ask: &Ask, answer: &Answer) {
        match &ask.stream {
            StreamId::Seating(id) => settle(self.seatings.entry(*id).or_default(), ask.mutation, answer),
            StreamId::Menu(_) => settle(&mut self.menu, ask.mutation, answer),
            StreamId::Floor(_) | StreamId::Access(_) => {}
        }
    }

    /// What this lacks to have come as far as that in all that it may see. Of a stay that has ended it need not
    /// have heard.
    pub fn lacks(&self, heads: &BTreeMap<StreamId, Version>) -> Option<String> {
        let due = |stream: &StreamId| match (stream, self.own_seating) {
            (StreamId::Menu(_), _) | (StreamId::Floor(_), None) => true,
            (StreamId::Seating(id), Some(own)) => *id == own,
            (StreamId::Seating(id), None) => self.seatings.contains_key(id) || self.floor.confirmed().table_of(*id).is_some(),
            (StreamId::Floor(_), Some(_)) | (StreamId::Access(_), _) => false,
        };
        let behind = heads.iter().find(|(stream, version)| due(stream) && self.version(stream) < **version);
        behind.map(|(stream, version)| format!("{stream} is at version {version}, here at {}", self.version(stream)))
    }

    /// How many commands are shown as pending.
    pub fn pending(&self) -> usize {
        self.menu.pending().len() + self.seatings.values().map(|held| held.pending().len()).sum::<usize>()
    }

    /// A stay as this screen shows it, pending commands and all.
    pub fn view(&self, id: SeatingId) -> Option<Seating> {
        let actor = self.actor.as_ref()?;
        Some(self.seatings.get(&id)?.view(actor, self.menu.confirmed()))
    }
}

/// Tells the version of the state that was brought.
fn reset<S: Fold>(replica: &mut Replica<S>, snapshot: &RawValue) -> Result<Version, String> {
    let state: S = serde_json::from_str(snapshot.get()).map_err(|error| error.to_string())?;
    let version = state.version();
    replica.reset(state);
    Ok(version)
}

fn arrive<S: Fold>(replica: &mut Replica<S>, events: &[Box<RawValue>]) -> Result<Vec<Arrived>, String> {
    let mut one = |event: &RawValue| {
        let recorded = Recorded::<S::Event>::deserialize(event).map_err(|error| error.to_string())?;
        let arrival = replica.arrive(&recorded);
        let digest = digest(&recorded).map_err(|error| error.to_string())?;
        Ok(Arrived { version: recorded.version, mutation: recorded.mutation, arrival, digest })
    };
    events.iter().map(|event| one(event)).collect()
}

/// Of the event as we write it: servers may differ in the order of its fields.
fn digest(recorded: &impl Serialize) -> serde_json::Result<u64> {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(recorded)?.hash(&mut hasher);
    Ok(hasher.finish())
}

fn submit<S: Fold>(replica: &mut Replica<S>, ask: &Ask) -> bool {
    match S::Command::deserialize(&ask.command) {
        Ok(command) => replica.submit(ask.mutation, command, now()),
        // What the rules don't have can be asked all the same, to see what the server says.
        Err(_) => true,
    }
}

fn settle<S: Fold>(replica: &mut Replica<S>, mutation: MutationId, answer: &Answer) {
    match *answer {
        Answer::Accepted { version } => replica.accepted(mutation, version),
        Answer::Refused { .. } => drop(replica.refused(mutation)),
    }
}

fn now() -> Time {
    Time(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64))
}
