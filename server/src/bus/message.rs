//! What servers tell each other: one message for each commit, in the bytes that are stored and shown.

use domain::{StreamId, Version};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::ServerId;
use crate::log::Encoded;

/// Events that take more room than this are not carried: who is concerned reads them from the log.
const MAX_EVENT_BYTES: usize = 256 * 1024;

/// What was appended to one stream.
#[derive(Debug, Clone)]
pub struct Told {
    /// The stream.
    pub stream: StreamId,
    /// The version of its last event.
    pub head: Version,
    /// Its last events; none where they are too long to be carried.
    pub events: Vec<Encoded>,
}

#[derive(Serialize, Deserialize)]
struct Envelope<S> {
    from: ServerId,
    streams: Vec<S>,
}

#[derive(Serialize)]
struct Outgoing<'a> {
    stream: &'a StreamId,
    head: Version,
    events: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Incoming {
    stream: StreamId,
    head: Version,
    events: Vec<Box<RawValue>>,
}

/// A message of one commit.
pub(super) fn encode(from: ServerId, told: &[Told]) -> serde_json::Result<Vec<u8>> {
    let length: usize = told.iter().flat_map(|told| &told.events).map(|event| event.get().len()).sum();
    let events = |told: &Told| -> usize { if length > MAX_EVENT_BYTES { 0 } else { told.events.len() } };
    let streams = told
        .iter()
        .map(|told| Outgoing {
            stream: &told.stream,
            head: told.head,
            events: told.events[..events(told)].iter().map(|event| &**event).collect(),
        })
        .collect();
    serde_json::to_vec(&Envelope { from, streams })
}

/// What another server told, and which.
pub(super) fn decode(message: &[u8]) -> serde_json::Result<(ServerId, Vec<Told>)> {
    let Envelope { from, streams } = serde_json::from_slice::<Envelope<Incoming>>(message)?;
    let told = |Incoming { stream, head, events }| Told { stream, head, events: events.into_iter().map(Encoded::from).collect() };
    Ok((from, streams.into_iter().map(told).collect()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use domain::SeatingId;

    use super::*;

    fn told(bytes: usize) -> Told {
        let event = RawValue::from_string(format!("\"{}\"", "x".repeat(bytes))).unwrap();
        Told { stream: StreamId::Seating(SeatingId::numbered(7)), head: 12, events: vec![event.into()] }
    }

    #[test]
    fn a_message_reads_back_as_it_was() {
        let (from, back) = decode(&encode(ServerId::random(), &[told(3), told(4)]).unwrap()).unwrap();
        assert_ne!(from, ServerId::random());
        assert_eq!(back.len(), 2);
        assert_eq!((back[0].stream.clone(), back[0].head), (told(3).stream, 12));
        assert_eq!(back[1].events[0].get(), told(4).events[0].get());
    }

    #[test]
    fn what_is_too_long_is_told_and_not_carried() {
        let message = encode(ServerId::random(), &[told(MAX_EVENT_BYTES)]).unwrap();
        assert!(message.len() < 200);
        let (_, back) = decode(&message).unwrap();
        assert_eq!((back[0].head, back[0].events.len()), (12, 0));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for nonsense in ["", "{}", "[]", "{\"from\":\"x\",\"streams\":[{}]}", "\u{0}"] {
            assert!(decode(nonsense.as_bytes()).is_err(), "{nonsense}");
        }
    }
}
