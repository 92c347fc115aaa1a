//! What every stream has in common: its id, dense versions, recorded events, and who acts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::ids::{DeviceNo, GuestNo, MutationId, SeatingId, StaffId, VenueId};
use crate::rejection::Rejection;
use crate::sorted::Map;

/// The place of an event in its stream: 1, 2, 3 … without gaps. 0 is before the first.
pub type Version = u64;

/// Milliseconds since 1970-01-01 UTC, as the deciding server's clock told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub u64);

impl Time {
    /// Whole milliseconds from `earlier` to this; 0 where clocks disagree.
    pub const fn ms_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Which stream. Written `seating/{id}`, `floor/{venue}`, `menu/{venue}` or `access/{venue}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum StreamId {
    /// One party's stay.
    Seating(SeatingId),
    /// Who sits where.
    Floor(VenueId),
    /// What is served.
    Menu(VenueId),
    /// Who may do what. It never leaves the server.
    Access(VenueId),
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seating(id) => write!(f, "seating/{id}"),
            Self::Floor(venue) => write!(f, "floor/{venue}"),
            Self::Menu(venue) => write!(f, "menu/{venue}"),
            Self::Access(venue) => write!(f, "access/{venue}"),
        }
    }
}

/// A text that names no stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a stream is seating/ID, floor/VENUE or menu/VENUE")]
pub struct BadStreamId;

impl FromStr for StreamId {
    type Err = BadStreamId;

    fn from_str(text: &str) -> Result<Self, BadStreamId> {
        let (kind, id) = text.split_once('/').ok_or(BadStreamId)?;
        let venue = || id.parse().map_err(|_| BadStreamId);
        match kind {
            "seating" => Ok(Self::Seating(id.parse().map_err(|_| BadStreamId)?)),
            "floor" => Ok(Self::Floor(venue()?)),
            "menu" => Ok(Self::Menu(venue()?)),
            "access" => Ok(Self::Access(venue()?)),
            _ => Err(BadStreamId),
        }
    }
}

impl TryFrom<String> for StreamId {
    type Error = BadStreamId;

    fn try_from(text: String) -> Result<Self, BadStreamId> {
        text.parse()
    }
}

impl From<StreamId> for String {
    fn from(stream: StreamId) -> Self {
        stream.to_string()
    }
}

/// What somebody who works here does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Walks with a tablet.
    Waiter,
    /// Cooks, reads the wall.
    Kitchen,
    /// Waits and cooks: what there is in a small house.
    Allrounder,
    /// May do everything.
    Manager,
    /// Something that a later release knows; here it may do nothing.
    #[serde(other)]
    Unknown,
}

impl Role {
    /// Every role that can be given.
    pub const ALL: [Self; 4] = [Self::Waiter, Self::Kitchen, Self::Allrounder, Self::Manager];

    /// Whether whoever has this role may do the work of that one.
    pub fn does(self, work: Self) -> bool {
        match self {
            Self::Manager => true,
            Self::Allrounder => matches!(work, Self::Waiter | Self::Kitchen | Self::Allrounder),
            Self::Waiter | Self::Kitchen => self == work,
            Self::Unknown => false,
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", from = "Readable<KnownActor>")]
pub enum Actor {
    /// A guest of the seating in question.
    Guest(GuestNo),
    /// Somebody who works here.
    Staff {
        /// Who.
        id: StaffId,
        /// As what, at the moment of the command.
        role: Role,
        /// On which device of the house, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<DeviceNo>,
    },
    /// Holds a table's code, no more: what joining is asked by.
    Visitor,
    /// The installation itself: the venue file, a migration.
    System,
    /// Somebody of whom a later release knows; here they may do nothing.
    Unknown,
}

/// The actors that are told apart when one is read.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum KnownActor {
    Guest(GuestNo),
    Staff {
        id: StaffId,
        role: Role,
        #[serde(default)]
        device: Option<DeviceNo>,
    },
    Visitor,
    System,
}

impl From<Readable<KnownActor>> for Actor {
    fn from(Readable(known): Readable<KnownActor>) -> Self {
        match known {
            Some(KnownActor::Guest(number)) => Self::Guest(number),
            Some(KnownActor::Staff { id, role, device }) => Self::Staff { id, role, device },
            Some(KnownActor::Visitor) => Self::Visitor,
            Some(KnownActor::System) => Self::System,
            None => Self::Unknown,
        }
    }
}

/// What a later release may write in a way that this one can't read: then it is none, and what stands
/// around it is read all the same. Only within JSON text, or a [`serde_json::Value`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable<T>(pub Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Readable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

impl Actor {
    /// Refuses unless somebody of one of these roles (or a manager, or the installation) acts.
    pub fn must_be(&self, roles: &[Role]) -> Result<(), Rejection> {
        match self {
            Self::System | Self::Staff { role: Role::Manager, .. } => Ok(()),
            Self::Staff { role, .. } if roles.iter().any(|wanted| role.does(*wanted)) => Ok(()),
            Self::Staff { .. } | Self::Guest(_) | Self::Visitor | Self::Unknown => Err(Rejection::NotAllowed),
        }
    }
}

/// The version of the events' format, stated in each, so that an old record can be told.
pub const EVENT_FORMAT: u8 = 1;

/// An event as it stands in the log and on the wire.
///
/// The field names are short since they are sent millions of times: `n` the version, `at` the time,
/// `m` the mutation, `by` who acted, `f` the format, `e` the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded<E> {
    /// The event's place in its stream.
    #[serde(rename = "n")]
    pub version: Version,
    /// When it was decided.
    pub at: Time,
    /// The command that caused it.
    #[serde(rename = "m")]
    pub mutation: MutationId,
    /// Who sent that command.
    pub by: Actor,
    /// The format of `event`.
    #[serde(rename = "f")]
    pub format: u8,
    /// What happened.
    #[serde(rename = "e")]
    pub event: E,
}

/// For how many of its last versions a seating remembers its mutations: more than a stay can have
/// ([`crate::seating::MAX_VERSION`]), so it remembers all of its own.
pub const REMEMBERED_VERSIONS: u64 = 4_096;
/// The same for a floor, a menu and who may do what. They live for years, and forget what nobody can still
/// be resending; each snapshot of a menu carries what is remembered to every guest.
pub const REMEMBERED_FOR_LONG: u64 = 256;

/// How far a state has come, and what became of the mutations that it has seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    version: Version,
    seen: Map<MutationId, Version>,
    /// Those of them that were refused.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    refused: Map<MutationId, Rejection>,
}

impl Progress {
    /// Notes an event as folded in.
    pub fn note<E>(&mut self, recorded: &Recorded<E>, remembered: u64) {
        self.version = recorded.version;
        self.seen.insert(recorded.mutation, recorded.version);
        if self.seen.len() as u64 > 2 * remembered {
            let oldest = self.version.saturating_sub(remembered);
            self.seen.retain(|_, version| *version > oldest);
            self.refused.retain(|mutation, _| self.seen.contains_key(mutation));
        }
    }

    /// Notes that the mutation of an event that was just noted is refused by it.
    pub fn note_refusal(&mut self, mutation: MutationId, reason: Rejection) {
        self.refused.insert(mutation, reason);
    }

    /// The same without its memory of mutations: for whoever sends none to this stream.
    #[must_use]
    pub fn without_memory(&self) -> Self {
        Self { version: self.version, ..Self::default() }
    }

    /// The version of the last event folded in.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The version at which a mutation took effect, if it did.
    pub fn effect_of(&self, mutation: MutationId) -> Option<Version> {
        self.seen.get(&mutation).copied().filter(|_| !self.refused.contains_key(&mutation))
    }

    /// Why a mutation was refused, where that was kept.
    ///
    /// A refusal changes nothing and leaves no trace, as a rule. But where the command had been sent before, that
    /// earlier sending may still be on its way, at another server or to the log, and could take effect after
    /// somebody was told that nothing will. So the refusal itself goes into the stream: the earlier sending loses the
    /// race for that version, or comes after it, and finds that it is refused.
    pub fn refusal_of(&self, mutation: MutationId) -> Option<Rejection> {
        self.refused.get(&mutation).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_s_name_reads_back() {
        for name in ["seating/00000000000000000000000000000007", "floor/tasca", "menu/tasca", "access/tasca"] {
            assert_eq!(name.parse::<StreamId>().map(|s| s.to_string()), Ok(name.to_owned()));
        }
        for bad in ["", "seating", "seating/7", "floor/", "floor/A", "else/tasca"] {
            assert!(bad.parse::<StreamId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_long_lived_stream_forgets_only_what_is_old() {
        let mut progress = Progress::default();
        let end = 3 * REMEMBERED_VERSIONS;
        for version in 1..=end {
            progress.note(
                &Recorded {
                    version,
                    at: Time(0),
                    mutation: MutationId::numbered(u128::from(version)),
                    by: Actor::System,
                    format: EVENT_FORMAT,
                    event: (),
                },
                REMEMBERED_VERSIONS,
            );
        }
        assert_eq!(progress.effect_of(MutationId::numbered(u128::from(end))), Some(end));
        assert_eq!(progress.effect_of(MutationId::numbered(1)), None);
        assert!(progress.seen.len() as u64 <= 2 * REMEMBERED_VERSIONS);
    }
}
