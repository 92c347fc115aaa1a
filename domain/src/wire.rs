//! The messages between server and screens. `docs/protocol.md` tells them to people.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::ids::{GuestNo, MutationId, SeatingId, VenueId};
use crate::rejection::Rejection;
use crate::sorted::Map;
use crate::stream::{Actor, Readable, Role, StreamId, Time, Version};

/// The version of this protocol. A server refuses another major version at the handshake.
pub const PROTOCOL: u16 = 1;
/// The release that this is, as a number that grows: 0.12.3 is 12,003.
pub const RELEASE: u32 = {
    let major = part(env!("CARGO_PKG_VERSION_MAJOR"));
    let minor = part(env!("CARGO_PKG_VERSION_MINOR"));
    major * 1_000_000 + minor * 1_000 + part(env!("CARGO_PKG_VERSION_PATCH"))
};

/// A part of the version.
const fn part(digits: &str) -> u32 {
    match u32::from_str_radix(digits, 10) {
        Ok(part) if part < 1_000 => part,
        _ => panic!("a part of the version is 0 to 999"),
    }
}

/// The largest message that a screen may send, in bytes. A `sync` of [`MAX_SYNC_STREAMS`] fits.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// The most streams that one `sync` may name.
pub const MAX_SYNC_STREAMS: usize = 1_200;

/// Screen to server: a command. Answered by [`Answer`].
pub const COMMAND: &str = "command";
/// Screen to server: bring me up to date, and keep me so. Answered by [`Synced`].
pub const SYNC: &str = "sync";
/// Server to screen: [`Events`].
pub const EVENTS: &str = "events";
/// Server to screen: who it takes you for; [`Welcome`]. The first message of a connection.
pub const WELCOME: &str = "welcome";
/// Server to screen: this server stops; connect again, to another.
pub const MOVE: &str = "move";
/// Server to screen: you are nobody here any more (signed out, left); connect no more.
pub const GOODBYE: &str = "goodbye";

/// What a screen says of itself when it connects (Socket.IO's `auth`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub protocol: u16,
    /// In which venue.
    pub venue: VenueId,
    /// As what; the cookie has to agree.
    #[serde(rename = "as")]
    pub surface: Surface,
}

/// What a screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// A guest's phone: its own seating and the menu.
    Guest,
    /// Staff: the venue's floor, menu and open seatings.
    Staff,
}

/// Who the server takes a screen for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The server's protocol version.
    pub protocol: u16,
    /// Who acts here.
    pub actor: Actor,
    /// The seating of a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seating: Option<SeatingId>,
    /// The server's clock, so that ages are right on a wall whose clock is not.
    pub now: Time,
    /// The server's [`RELEASE`]: a page that came with an earlier one had better be loaded anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<u32>,
    /// Which log the server has. After a restore from a backup it is another: what a screen holds may never have happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
}

/// Brings a screen up to date: the version that it has of each stream, 0 for none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// By stream. Streams of a kind that a later release knows are passed over.
    #[serde(deserialize_with = "known_streams")]
    pub streams: Map<StreamId, Version>,
}

/// The answer to [`Sync`]: for each stream that the screen may see, what it lacks.
#[derive(Debug, Serialize, Deserialize)]
pub struct Synced {
    /// One entry a stream. Staff get every open seating, named or not.
    #[serde(deserialize_with = "readable")]
    pub streams: Vec<Caught>,
    /// The server's clock.
    pub now: Time,
    /// Why nothing came, where it didn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Rejection>,
}

/// What a screen lacks of one stream.
#[derive(Debug, Serialize, Deserialize)]
pub struct Caught {
    /// Which.
    pub stream: StreamId,
    /// A state to start from, where that is shorter than the events or nothing was here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Box<RawValue>>,
    /// The events after the screen's version (or after the snapshot), in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Box<RawValue>>,
    /// What the screen holds is more than the log has, which was restored from a backup: the snapshot takes its place,
    /// although it is older.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
}

/// Recorded events of some streams, in each stream's order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Events {
    /// One entry a stream.
    #[serde(deserialize_with = "readable")]
    pub streams: Vec<StreamEvents>,
}

/// Reads a list, and passes over what can't be read: a stream of a kind that a later release knows.
fn readable<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Vec::<Readable<T>>::deserialize(deserializer)?.into_iter().filter_map(|Readable(entry)| entry).collect())
}

fn known_streams<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<StreamId, Version>, D::Error> {
    let named = Map::<String, Version>::deserialize(deserializer)?;
    Ok(named.into_iter().filter_map(|(name, version)| Some((name.parse().ok()?, version))).collect())
}

/// [`crate::Recorded`] events of one stream, encoded once for the log, the bus and every screen: what a screen lacks
/// that has everything before them. Without a snapshot; one type, since a phone reads it with one piece of code.
pub type StreamEvents = Caught;

/// A command. `C` is how it is held: a server reads it once it knows what it is asked of; a screen keeps
/// it as it was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask<C = serde_json::Value> {
    /// Its id, the same at every sending.
    pub mutation: MutationId,
    /// To which stream. Opening and closing tables goes to the floor.
    pub stream: StreamId,
    /// A [`crate::seating::SeatingCommand`], [`crate::visit::VisitCommand`],
    /// [`crate::floor::FloorCommand`] or [`crate::menu::MenuCommand`].
    pub command: C,
    /// It was sent before, and what became of that is not known: a refusal has to hold for that sending, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It took effect, durably, at this version of its stream; also when it had before.
    Accepted {
        /// The version.
        version: Version,
    },
    /// It took no effect.
    Refused {
        /// Why.
        reason: Rejection,
        /// More, for whoever writes a client.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
}

/// Who a page is served to: what a cookie proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// A guest of a seating.
    Guest {
        /// The venue.
        venue: VenueId,
        /// The stay.
        seating: SeatingId,
        /// Who of the party.
        guest: GuestNo,
    },
    /// Somebody who works in a venue.
    Staff {
        /// The venue.
        venue: VenueId,
        /// Who.
        staff: crate::StaffId,
        /// As what, when the page was made.
        role: Role,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seating::MAX_VERSION;

    #[test]
    fn the_largest_sync_fits_in_a_message() {
        let stream = |n: usize| (StreamId::Seating(SeatingId::numbered(n as u128)), MAX_VERSION);
        let sync = Sync { streams: (0..MAX_SYNC_STREAMS).map(stream).collect() };
        let bytes = serde_json::to_vec(&sync).map_or(usize::MAX, |bytes| bytes.len());
        assert!(bytes + 1_024 <= MAX_MESSAGE_BYTES, "{bytes} bytes, and what Socket.IO puts around them");
    }
}
