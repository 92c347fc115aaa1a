//! What stands in a WebSocket frame: an Engine.IO packet, and in its messages a Socket.IO packet.
//!
//! Formats: <https://socket.io/docs/v4/engine-io-protocol/> (version 4) and
//! <https://socket.io/docs/v4/socket-io-protocol/> (version 5). Comanda uses the main namespace, which
//! has no name on the wire, and sends no binary.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What the server says of the connection, first of all.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Open {
    /// How often it asks whether we are there, in milliseconds.
    pub ping_interval: u64,
    /// How long our answer may take, in milliseconds.
    pub ping_timeout: u64,
}

/// A packet from the server.
#[derive(Debug)]
pub enum Packet {
    /// The connection is open.
    Open(Open),
    /// The connection ends.
    Close,
    /// Are you there?
    Ping,
    /// Means nothing.
    Noop,
    /// We are connected.
    Connect,
    /// We may not connect; why.
    ConnectError(String),
    /// We are disconnected.
    Disconnect,
    /// An event with its first argument.
    Event {
        /// Its name.
        name: String,
        /// What it carries.
        data: Option<Box<RawValue>>,
    },
    /// The answer to what we asked.
    Ack {
        /// The question's number.
        id: u64,
        /// What it carries.
        data: Option<Box<RawValue>>,
    },
}

/// A frame that is no such packet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a packet: {0}")]
pub struct BadPacket(String);

impl Packet {
    /// Reads a text frame.
    pub fn read(frame: &str) -> Result<Self, BadPacket> {
        let bad = || BadPacket(frame.chars().take(200).collect());
        let (kind, rest) = frame.split_at_checked(1).ok_or_else(bad)?;
        match kind {
            "0" => serde_json::from_str(rest).map(Self::Open).map_err(|_| bad()),
            "1" => Ok(Self::Close),
            "2" => Ok(Self::Ping),
            "6" => Ok(Self::Noop),
            "4" => read_message(rest).ok_or_else(bad),
            _ => Err(bad()),
        }
    }
}

fn read_message(message: &str) -> Option<Packet> {
    let (kind, rest) = message.split_at_checked(1)?;
    match kind {
        "0" => Some(Packet::Connect),
        "1" => Some(Packet::Disconnect),
        "2" => {
            let (_, mut arguments) = numbered(rest)?;
            let data = (arguments.len() > 1).then(|| arguments.swap_remove(1));
            let name = serde_json::from_str(arguments.first()?.get()).ok()?;
            Some(Packet::Event { name, data })
        }
        "3" => {
            let (id, mut arguments) = numbered(rest)?;
            let data = (!arguments.is_empty()).then(|| arguments.swap_remove(0));
            Some(Packet::Ack { id: id?, data })
        }
        "4" => {
            #[derive(Deserialize)]
            struct Told {
                message: String,
            }
            serde_json::from_str::<Told>(rest).ok().map(|told| Packet::ConnectError(told.message))
        }
        _ => None,
    }
}

/// A number that may stand before a list of arguments, and the arguments.
fn numbered(rest: &str) -> Option<(Option<u64>, Vec<Box<RawValue>>)> {
    let list = rest.find('[')?;
    let (number, list) = rest.split_at(list);
    let number = if number.is_empty() { None } else { Some(number.parse().ok()?) };
    Some((number, serde_json::from_str(list).ok()?))
}

/// The frame that asks to be connected as whom `auth` says.
pub fn connect<T: Serialize>(auth: &T) -> serde_json::Result<String> {
    Ok(format!("40{}", serde_json::to_string(auth)?))
}

/// The frame of an event that wants an answer under that number.
pub fn event<T: Serialize>(id: u64, name: &str, data: &T) -> serde_json::Result<String> {
    Ok(format!("42{id}{}", serde_json::to_string(&(name, data))?))
}

/// The frame that answers [`Packet::Ping`].
pub const PONG: &str = "3";

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(value: Option<Box<RawValue>>) -> Option<String> {
        value.map(|value| value.get().to_owned())
    }

    #[test]
    fn every_packet_of_the_server_is_read() {
        let open = r#"0{"sid":"x","upgrades":[],"pingInterval":2000,"pingTimeout":1000,"maxPayload":65536}"#;
        assert!(matches!(Packet::read(open), Ok(Packet::Open(Open { ping_interval: 2_000, ping_timeout: 1_000 }))));
        assert!(matches!(Packet::read("2"), Ok(Packet::Ping)));
        assert!(matches!(Packet::read(r#"40{"sid":"x"}"#), Ok(Packet::Connect)));
        assert!(matches!(Packet::read("41"), Ok(Packet::Disconnect)));
        let Ok(Packet::ConnectError(why)) = Packet::read(r#"44{"message":"signed_out"}"#) else { panic!("an error") };
        assert_eq!(why, "signed_out");
    }

    #[test]
    fn an_event_and_an_answer_carry_their_first_argument() {
        let Ok(Packet::Event { name, data }) = Packet::read(r#"42["events",{"a":[1]},2]"#) else { panic!("an event") };
        assert_eq!((name.as_str(), raw(data).as_deref()), ("events", Some(r#"{"a":[1]}"#)));
        let Ok(Packet::Ack { id, data }) = Packet::read(r#"4317[{"accepted":{"version":3}}]"#) else { panic!("an answer") };
        assert_eq!((id, raw(data).as_deref()), (17, Some(r#"{"accepted":{"version":3}}"#)));
        assert!(matches!(Packet::read(r#"42["move"]"#), Ok(Packet::Event { data: None, .. })));
    }

    #[test]
    fn what_is_no_packet_is_told() {
        for bad in ["", "9", "4", "42", "42{}", "43[1]", "0", "451-[]", "é"] {
            assert!(Packet::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_we_say_is_written_as_the_protocol_wants() {
        assert_eq!(event(7, "sync", &[1]).ok().as_deref(), Some(r#"427["sync",[1]]"#));
        assert_eq!(connect(&1).ok().as_deref(), Some("401"));
    }
}
