//! The words that the checks are written in.

use std::fmt::Debug;
use std::sync::Arc;

use domain::{SeatingId, StreamId, VenueId, Version};
use serde_json::value::RawValue;

use super::{Check, Log};
use crate::log::{Append, Commit, Encoded, LogError, READ_LIMIT};

pub(in crate::log) fn venue(name: &str) -> VenueId {
    name.parse().expect("a test's venue is a slug")
}

pub(in crate::log) fn tasca() -> VenueId {
    venue("tasca")
}

pub(in crate::log) fn seating(number: u128) -> StreamId {
    StreamId::Seating(SeatingId::numbered(number))
}

/// An event, given as JSON. Its spaces are part of it.
pub(in crate::log) fn event(json: &str) -> Encoded {
    Arc::from(RawValue::from_string(json.to_owned()).expect("a test's event is JSON"))
}

/// Events that tell one another apart: the text and a number.
pub(in crate::log) fn numbered(text: &str, numbers: impl IntoIterator<Item = u64>) -> Vec<Encoded> {
    numbers.into_iter().map(|n| event(&format!("[\"{text}\", {n}]"))).collect()
}

pub(in crate::log) fn append(stream: &StreamId, expected: Version, events: Vec<Encoded>) -> Append {
    Append { stream: stream.clone(), expected, events }
}

pub(in crate::log) fn commit(appends: impl Into<Vec<Append>>) -> Commit {
    Commit { venue: tasca(), appends: appends.into() }
}

/// A commit of one stream.
pub(in crate::log) fn one(stream: &StreamId, expected: Version, events: Vec<Encoded>) -> Commit {
    commit([append(stream, expected, events)])
}

pub(in crate::log) fn texts(events: &[Encoded]) -> Vec<String> {
    events.iter().map(|event| event.get().to_owned()).collect()
}

/// Everything in a stream, page by page as a reader would.
pub(in crate::log) async fn all(log: &Log, stream: &StreamId) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    loop {
        let page = done("reading", log.read(stream, found.len() as Version).await)?;
        found.extend(texts(&page));
        if page.len() < READ_LIMIT {
            return Ok(found);
        }
    }
}

pub(super) fn done<T>(what: &str, result: Result<T, LogError>) -> Result<T, String> {
    result.map_err(|error| format!("{what}: {error}"))
}

pub(super) fn equal<T: PartialEq + Debug>(what: &str, found: T, due: T) -> Check {
    if found == due { Ok(()) } else { Err(format!("{what}: {}, not {}", short(&found), short(&due))) }
}

fn short(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    if text.chars().count() > 200 { text.chars().take(200).chain("…".chars()).collect() } else { text }
}
