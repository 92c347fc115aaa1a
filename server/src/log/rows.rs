//! What SQL databases give back, read the same way for each: heads, pages of events, venues.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{StreamId, VenueId, Version};
use serde_json::value::RawValue;

use super::admit::{Head, Heads};
use super::{Encoded, LogError};

/// A stream that is there: its name, its number, its venue, its version.
pub(super) type HeadRow = (String, i64, String, i64);

/// The numbers of streams, by which their events are found.
pub(super) type Numbers = HashMap<StreamId, i64>;

/// What a writer must know of a batch's streams.
pub(super) fn known(rows: Vec<HeadRow>) -> sqlx::Result<(Heads, Numbers)> {
    let mut heads = Heads::with_capacity(rows.len());
    let mut numbers = Numbers::with_capacity(rows.len());
    for (name, number, venue, version) in rows {
        let stream: StreamId = name.parse().map_err(undecodable)?;
        let venue = venue.parse().map_err(undecodable)?;
        heads.insert(stream.clone(), Head { venue, version: version.cast_unsigned() });
        numbers.insert(stream, number);
    }
    Ok((heads, numbers))
}

fn undecodable(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

/// The versions of the streams that are there, in the order asked.
pub(super) fn in_order(asked: &[StreamId], rows: Vec<HeadRow>) -> Vec<(StreamId, Version)> {
    let versions: HashMap<_, _> = rows.into_iter().map(|(name, _, _, version)| (name, version)).collect();
    let version = |stream: &StreamId| versions.get(&stream.to_string()).map(|version| version.cast_unsigned());
    asked.iter().filter_map(|stream| Some((stream.clone(), version(stream)?))).collect()
}

/// The events after a version, none of them missing.
pub(super) fn page(stream: &StreamId, after: Version, rows: Vec<(i64, String)>) -> Result<Vec<Encoded>, LogError> {
    (1..).zip(rows).map(|(nth, (version, body))| decode(stream, after + nth, version, body)).collect()
}

fn decode(stream: &StreamId, due: Version, version: i64, body: String) -> Result<Encoded, LogError> {
    if version.cast_unsigned() != due {
        return Err(damaged(&format!("{stream}: event {due} is missing")));
    }
    let event = RawValue::from_string(body).map_err(|_| damaged(&format!("{stream}: event {due} can't be read")))?;
    Ok(Arc::from(event))
}

/// Venues by their names.
pub(super) fn venues(names: Vec<String>) -> Result<Vec<VenueId>, LogError> {
    names.into_iter().map(|name| name.parse().map_err(|_| damaged(&format!("venue “{name}”")))).collect()
}

fn damaged(what: &str) -> LogError {
    tracing::error!(what, "the log's data is damaged; restore it from a backup");
    LogError::Unavailable("its data is damaged".to_owned())
}

/// An error of reading, told to the operator and to the caller.
pub(super) fn unreadable(error: &sqlx::Error) -> LogError {
    tracing::error!(%error, "the log can't be read");
    LogError::Unavailable(error.to_string())
}
