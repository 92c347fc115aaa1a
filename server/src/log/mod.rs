//! The log: the truth. Streams of encoded events, appended atomically and durably, or not at all.
//!
//! The log knows streams, versions and bytes; what the bytes mean is the service's business. An event
//! is encoded once, here and for every screen: what is stored is what is sent.
//!
//! - this file: the trait, and what is asked of a commit before any log sees it
//! - `admit`: which commits may happen, in memory and in SQL alike
//! - `group_commit`: one writer, many commits in one transaction
//! - `sqlite`: the log of one server, in a file; `postgres`: that of many; `memory`: of tests
//! - `rows`: what SQL databases give back; `several`: reading several streams to their ends
//! - `stats`: what `/metrics` tells
//! - `contract` (tests): what every log must do, and proof that these tests notice when one doesn't

mod admit;
#[cfg(test)]
mod contract;
mod group_commit;
mod memory;
mod migrations;
mod postgres;
mod rows;
mod several;
mod sqlite;
mod stats;

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::Arc;

use async_trait::async_trait;
use domain::{StreamId, VenueId, Version};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

pub use memory::MemoryLog;
pub use postgres::{ConnectError, PostgresLog};
pub(crate) use rows::damaged;
pub use several::Several;
pub use sqlite::{OpenError, SqliteLog};
pub use stats::{LogCounts, LogTimes};

/// An encoded [`domain::Recorded`] event, shared between the log, the bus and every screen.
pub type Encoded = Arc<RawValue>;

/// Events for the end of one stream.
#[derive(Debug, Clone)]
pub struct Append {
    /// Which stream.
    pub stream: StreamId,
    /// The version of its last event, 0 for a new stream: the next is `expected + 1`.
    pub expected: Version,
    /// The encoded events, one version each; at least one.
    pub events: Vec<Encoded>,
}

/// Appends that happen together, or not at all.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The venue to which every stream belongs.
    pub venue: VenueId,
    /// At most one for each stream; at least one, and at most [`COMMIT_MAX_APPENDS`].
    pub appends: Vec<Append>,
}

/// A stream's state as it was folded up to a version, kept beside its events so that nobody has to begin at the first of
/// them. It is no truth: without it, the same comes of the events.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Of which stream.
    pub stream: StreamId,
    /// By which rules it was folded: what others make of the same events is of no use.
    pub rules: Arc<str>,
    /// The version of the last event in it.
    pub version: Version,
    /// The state, encoded.
    pub state: Encoded,
}

/// Of the snapshots by other rules, a stream keeps the furthest, for as many of its versions: while servers are replaced by
/// those of another release, one at a time, both have theirs. Then it goes.
const SNAPSHOT_OF_OTHERS_KEPT: Version = 5_000;

/// The most streams that are read together.
pub const READ_MAX_STREAMS: usize = 500;

/// The most streams that one commit appends to.
pub const COMMIT_MAX_APPENDS: usize = 64;

/// The most events in one commit.
pub const COMMIT_MAX_EVENTS: usize = 4_096;

/// The most bytes of encoded events in one commit.
pub const COMMIT_MAX_BYTES: usize = 8 * 1024 * 1024;

impl Commit {
    /// How many events it has.
    fn events(&self) -> usize {
        self.appends.iter().map(|append| append.events.len()).sum()
    }

    /// How long these are together.
    fn bytes(&self) -> usize {
        self.appends.iter().flat_map(|append| &append.events).map(|event| event.get().len()).sum()
    }

    /// Refuses what no log can take, before it reaches a queue.
    fn well_formed(&self) -> Result<(), LogError> {
        let foreign = |append: &Append| match &append.stream {
            StreamId::Floor(venue) | StreamId::Menu(venue) | StreamId::Access(venue) => *venue != self.venue,
            StreamId::Seating(_) => false,
        };
        let mut seen = HashSet::new();
        let problem = if self.appends.is_empty() || self.appends.iter().any(|append| append.events.is_empty()) {
            "it appends nothing"
        } else if self.appends.len() > COMMIT_MAX_APPENDS {
            "it appends to too many streams"
        } else if self.events() > COMMIT_MAX_EVENTS {
            "it has too many events"
        } else if self.bytes() > COMMIT_MAX_BYTES {
            "its events are too long"
        } else if !self.appends.iter().all(|append| seen.insert(&append.stream)) {
            "it names a stream twice"
        } else if self.appends.iter().any(foreign) {
            OTHER_VENUE
        } else {
            return Ok(());
        };
        Err(LogError::Malformed(problem))
    }
}

const OTHER_VENUE: &str = "a stream belongs to another venue";

/// Why the log did not do as asked. Nothing of the commit has happened.
///
/// Two faults can make that untrue of what is unavailable. The disk fails in the very moment of the final
/// write, and the process dies before the next batch has overwritten what may have reached the disk: such a
/// commit can show after the restart. Or a database across the network did as asked, and its answer is lost:
/// such a commit shows at once, or a little later. Retrying it is safe: its expected versions conflict, and
/// whoever reads again finds its mutation ids in the stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// A stream is not at the expected version: read again, decide again.
    #[error("a stream has moved on")]
    Conflict,
    /// Nothing can be saved or read right now; it may be possible a little later.
    #[error("the log can't be reached: {0}")]
    Unavailable(String),
    /// What is kept of a stream can't be read. Trying again won't help: somebody has to restore it from a backup.
    #[error("the log's data is damaged: {0}")]
    Damaged(String),
    /// No log could ever take such a commit: a mistake in the program. Trying again won't help.
    #[error("a commit is malformed: {0}")]
    Malformed(&'static str),
}

/// The most events that one `read` returns; ask again after the last for more.
pub const READ_LIMIT: usize = 10_000;

/// Which log this is. One that was restored from a backup is another: what a screen has seen of the one before may never
/// have happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch(Arc<str>);

impl Epoch {
    /// The epoch of a log with these marks, which a restored copy of it does not share.
    fn of(marks: &[&dyn Display]) -> Self {
        let mut digest = Sha256::new();
        for mark in marks {
            digest.update(format!("{mark};"));
        }
        let digits: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self(digits.into())
    }

    /// As screens are told.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Keeps streams.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Appends all of it, durably, or none. Returns once a power cut can't undo it.
    ///
    /// A caller that stops waiting doesn't learn whether it happened.
    async fn commit(&self, commit: Commit) -> Result<(), LogError>;

    /// The events of a stream after a version, in order; at most [`READ_LIMIT`], fewer only at the end.
    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError>;

    /// The events of several streams after a version of each, in one go: stream by stream in the order asked, each in its
    /// own order, at most [`READ_LIMIT`] in all. Fewer only where that is everything; else ask again from where it ends.
    /// At most [`READ_MAX_STREAMS`]; a stream without such events is left out.
    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError>;

    /// The snapshot that is kept of a stream by these rules, if any is. Never one beyond its last event.
    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError>;

    /// Keeps a snapshot, in place of an older one by the same rules. One that is older than what is kept, or beyond the
    /// stream's last event, is passed over. So a stream has two at most: this one, and one by other rules
    /// ([`SNAPSHOT_OF_OTHERS_KEPT`]).
    async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError>;

    /// The versions of these streams, in the order asked; a stream that has no event is left out.
    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError>;

    /// The venues that have any stream, in order.
    async fn venues(&self) -> Result<Vec<VenueId>, LogError>;

    /// Which log this is.
    fn epoch(&self) -> &Epoch;

    /// Returns when the log is lost for good while it is open: somebody has taken its file away, and what would be written
    /// from then on would be lost with it; or its database has become another.
    async fn is_lost(&self) -> String {
        std::future::pending().await
    }

    /// Whether the log can be read and written now, for `/readyz`.
    async fn check(&self) -> Result<(), LogError>;

    /// Finishes every commit that waits, then releases what is held; from then on it is unavailable.
    async fn close(&self) {}

    /// How long its transactions took, for `/metrics`, if it has any.
    fn times(&self) -> Option<LogTimes> {
        None
    }

    /// What has been counted since it was opened, for `/metrics`.
    fn counts(&self) -> LogCounts {
        LogCounts::default()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn event(bytes: usize) -> Encoded {
        RawValue::from_string(format!("\"{}\"", "x".repeat(bytes - 2))).unwrap().into()
    }

    fn menu(events: Vec<Encoded>) -> Commit {
        let venue: VenueId = "tasca".parse().unwrap();
        let append = Append { stream: StreamId::Menu(venue.clone()), expected: 0, events };
        Commit { venue, appends: vec![append] }
    }

    #[test]
    fn a_commit_has_bounds() {
        assert_eq!(menu(vec![event(COMMIT_MAX_BYTES)]).well_formed(), Ok(()));
        assert!(menu(vec![event(COMMIT_MAX_BYTES), event(2)]).well_formed().is_err());
        assert_eq!(menu(vec![event(2); COMMIT_MAX_EVENTS]).well_formed(), Ok(()));
        assert!(menu(vec![event(2); COMMIT_MAX_EVENTS + 1]).well_formed().is_err());
    }
}
