//! Frames of the live channel, read as the server reads what a screen sends, and as a screen reads what it is sent.
//!
//! An input is a packet of Socket.IO (<https://socket.io/docs/v4/socket-io-protocol/>, version 5), as text.

use domain::wire::{self, Answer, Ask, Events, Hello, MAX_MESSAGE_BYTES, Sync, Synced, Welcome};
use domain::{Rejection, VenueId};
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;
use server::service::{Command, Refusal};
use socketioxide_core::packet::PacketData;
use socketioxide_core::parser::{Parse, ParseConfig, ParserState};
use socketioxide_parser_common::CommonParser;

use crate::written::{reads_back, writes_back};
use crate::{Verdict, fixtures, house};

/// Of what is refused, how much is told: a refusal that quotes what was sent may escape it, no more.
const MAX_DETAIL_BYTES_A_BYTE: usize = 4;
/// And beside the quotation, in bytes.
const MAX_DETAIL_BYTES: usize = 1_024;

/// Reads a packet on both ends.
pub fn target(bytes: &[u8]) -> Verdict {
    // What is longer ends the connection; what is no UTF-8 is no text frame.
    if bytes.len() > MAX_MESSAGE_BYTES {
        return Verdict::Refused;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    by_the_server(text).max(by_a_screen(text))
}

fn by_the_server(text: &str) -> Verdict {
    let packet = CommonParser.decode_str(&ParseConfig::default(), &ParserState::default(), text.to_owned().into());
    match packet.map(|packet| packet.inner) {
        Ok(PacketData::Connect(auth)) => verdict_of(CommonParser.decode_default::<Hello>(auth.as_ref()).ok().map(hello)),
        Ok(PacketData::Event(mut value, _)) => {
            let name = CommonParser.read_event(&value).map(ToOwned::to_owned);
            match name.as_deref() {
                Ok(wire::SYNC) => verdict_of(CommonParser.decode_value(&mut value, true).ok().map(|have| sync(&have, text))),
                Ok(wire::COMMAND) => verdict_of(CommonParser.decode_value(&mut value, true).ok().map(|asked| ask(asked, text))),
                _ => Verdict::Refused,
            }
        }
        _ => Verdict::Refused,
    }
}

fn verdict_of(read: Option<Verdict>) -> Verdict {
    read.unwrap_or(Verdict::Refused)
}

fn hello(hello: Hello) -> Verdict {
    reads_back(&hello);
    if hello.protocol == wire::PROTOCOL { Verdict::Took } else { Verdict::Read }
}

fn sync(have: &Sync, text: &str) -> Verdict {
    let written = reads_back(have);
    assert!(written.len() <= text.len(), "what is passed over makes nothing longer");
    if have.streams.len() <= wire::MAX_SYNC_STREAMS { Verdict::Took } else { Verdict::Read }
}

fn ask(ask: Ask, text: &str) -> Verdict {
    let (venue, stream) = (house::venue(), ask.stream.clone());
    let envelope = Ask { mutation: ask.mutation, stream: ask.stream.clone(), command: (), again: ask.again };
    reads_back(&envelope);
    match Command::read(ask, &venue) {
        Ok(command) => {
            is_of(&command, &stream, &venue);
            Verdict::Took
        }
        Err(refusal) => {
            is_short(&refusal, text);
            Verdict::Read
        }
    }
}

/// Whoever asks of one stream asks nothing of another; and of who may do what, nobody asks here.
fn is_of(command: &Command, stream: &domain::StreamId, venue: &VenueId) {
    use domain::StreamId::{Floor, Menu, Seating};
    match command {
        Command::Seating(id, command) => {
            assert_eq!(*stream, Seating(*id));
            reads_back(command);
        }
        Command::Floor(command) => {
            assert_eq!(*stream, Floor(venue.clone()));
            reads_back(command);
        }
        Command::Visit(command) => {
            assert_eq!(*stream, Floor(venue.clone()));
            reads_back(command);
        }
        Command::Menu(command) => {
            assert_eq!(*stream, Menu(venue.clone()));
            reads_back(command);
        }
        Command::Access(_) => panic!("a screen asked who may do what"),
    }
}

fn is_short(refusal: &Refusal, text: &str) {
    assert!(matches!(refusal.reason, Rejection::Malformed | Rejection::NotAllowed), "{refusal:?}");
    let told = refusal.detail.as_ref().map_or(0, String::len);
    assert!(told <= MAX_DETAIL_BYTES_A_BYTE * text.len() + MAX_DETAIL_BYTES, "{told} bytes of detail");
    reads_back(&Answer::Refused { reason: refusal.reason, detail: refusal.detail.clone() });
}

/// A screen's own Socket.IO client splits the packet; what it carries is read as `app` does.
fn by_a_screen(text: &str) -> Verdict {
    let (kind, rest) = text.split_at_checked(1).unwrap_or_default();
    let Ok(carried) = serde_json::from_str::<Vec<Box<RawValue>>>(rest.trim_start_matches(|c: char| c.is_ascii_digit())) else {
        return Verdict::Refused;
    };
    let name = carried.first().and_then(|name| serde_json::from_str::<String>(name.get()).ok());
    let is_read = match (kind, name.as_deref(), carried.as_slice()) {
        ("2", Some(wire::WELCOME), [_, message, ..]) => read::<Welcome>(message).map(|welcome| reads_back(&welcome)).is_some(),
        ("2", Some(wire::EVENTS), [_, message, ..]) => read::<Events>(message).map(|events| writes_back(&events)).is_some(),
        ("3", _, [answer, ..]) => {
            let answered = read::<Answer>(answer).map(|answer| reads_back(&answer)).is_some();
            answered | read::<Synced>(answer).map(|synced| writes_back(&synced)).is_some()
        }
        _ => false,
    };
    if is_read { Verdict::Took } else { Verdict::Refused }
}

fn read<T: DeserializeOwned>(message: &RawValue) -> Option<T> {
    serde_json::from_str(message.get()).ok()
}

/// Every message of the protocol, each command in one of its own.
pub fn seeds() -> Vec<Vec<u8>> {
    let messages = fixtures::of("wire").filter_map(|(name, message)| match name.split('.').next()? {
        "hello" => Some(format!("0{message}")),
        "ask" => Some(format!("21{}", json!([wire::COMMAND, message]))),
        "sync" => Some(format!("22{}", json!([wire::SYNC, message]))),
        "events" => Some(format!("2{}", json!([wire::EVENTS, message]))),
        "welcome" => Some(format!("2{}", json!([wire::WELCOME, message]))),
        "synced" | "accepted" | "refused" => Some(format!("31{}", json!([message]))),
        _ => None,
    });
    let kinds = [
        ("seating-command", "seating/00000000000000000000000000005ea7"),
        ("floor-command", "floor/tasca"),
        ("visit-command", "floor/tasca"),
        ("menu-command", "menu/tasca"),
    ];
    let commands = kinds.into_iter().flat_map(|(kind, stream)| {
        fixtures::of(kind).map(move |(_, command)| {
            let ask = json!({ "mutation": "00000000000000000000000000000007", "stream": stream, "command": command });
            format!("21{}", json!([wire::COMMAND, ask]))
        })
    });
    messages.chain(commands).map(String::into_bytes).collect()
}
