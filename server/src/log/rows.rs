//! What SQL databases give back, read the same way for each: heads, pages of events, snapshots, venues.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{StreamId, VenueId, Version};
use serde_json::value::RawValue;

use super::admit::{Head, Heads};
use super::{Encoded, LogError, Snapshot};

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

/// Several streams' events, as they were asked for from a version of each: rows of the asked stream's place, version and
/// body, in that order.
pub(super) fn pages(
    from: &[(StreamId, Version)],
    rows: Vec<(i64, i64, String)>,
) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
    let mut pages: Vec<(StreamId, Vec<Encoded>)> = Vec::new();
    let mut of_place = None;
    for (place, version, body) in rows {
        let asked = usize::try_from(place).ok().and_then(|place| from.get(place));
        let (stream, after) = asked.ok_or_else(|| damaged("an event of a stream that was not asked for"))?;
        if of_place != Some(place) {
            of_place = Some(place);
            pages.push((stream.clone(), Vec::new()));
        }
        let Some((_, events)) = pages.last_mut() else { continue };
        events.push(decode(stream, after + 1 + events.len() as Version, version, body)?);
    }
    Ok(pages)
}

/// What was kept of a stream by these rules. One that can't be read is none: it can be made again.
pub(super) fn snapshot(stream: &StreamId, rules: &str, row: Option<(i64, String)>) -> Option<Snapshot> {
    let (version, state) = row?;
    match RawValue::from_string(state) {
        Ok(state) => Some(Snapshot {
            stream: stream.clone(),
            rules: rules.into(),
            version: version.cast_unsigned(),
            state: Arc::from(state),
        }),
        Err(error) => {
            tracing::warn!(%stream, %error, "a snapshot can't be read, and is made anew");
            None
        }
    }
}

/// How often the operator is told that reading fails: an outage should not fill a disk.
const TOLD_EVERY: Duration = Duration::from_secs(5);

/// Something that the operator is told now and then, however often it happens.
struct NowAndThen(Mutex<Option<Instant>>);

impl NowAndThen {
    const fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn tell(&self, tell: impl FnOnce()) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|at| at.elapsed() > TOLD_EVERY) {
            *told = Some(Instant::now());
            tell();
        }
    }
}

/// What is kept can't be read, now or later: told to the caller, and to the operator.
pub(crate) fn damaged(what: &str) -> LogError {
    static TOLD: NowAndThen = NowAndThen::new();
    TOLD.tell(|| tracing::error!(what, "the log's data is damaged; restore it from a backup"));
    LogError::Damaged(what.to_owned())
}

/// An error of reading, told to the caller, and to the operator.
pub(super) fn unreadable(error: &sqlx::Error) -> LogError {
    static TOLD: NowAndThen = NowAndThen::new();
    TOLD.tell(|| tracing::error!(%error, "the log can't be read"));
    LogError::Unavailable(error.to_string())
}
