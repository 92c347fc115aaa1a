//! The log in a PostgreSQL database, for many servers at once.
//!
//! **A batch is two round trips:** the heads of its streams, then *one* statement that creates what is new
//! and inserts every event. That statement is a transaction by itself. So no lock is ever held while a
//! server thinks: one that is frozen or cut off in the middle of a batch has either sent the statement,
//! and PostgreSQL ends it without further help, or it has not, and nothing has begun. (Where the cut falls
//! within the statement's last dozen bytes, it is done but not committed, until keepalives end the session.)
//!
//! **Races** between servers are decided by the key `(stream, version)`, and by a stream's name where it is
//! new. Nothing is ever removed, so heads that were read can only be too low, and then the key refuses the
//! batch whole. It reads the heads again, where those who lost now see it and get `Conflict`, and the others
//! are written; after some races that it lost, each commit goes alone, where the key's refusal *is* its
//! conflict. Rows are inserted in one order by everybody, so that batches don't wait in a circle; a deadlock
//! or a serialization failure would be taken for a lost race. A lock that somebody else's tool holds costs
//! those who need it a second, and they get `Unavailable`; their neighbours are written.
//!
//! **A database that is dead, frozen or cut off** answers nothing, and TCP does not tell for minutes. Every
//! operation has a time of ours, after which the connection is dropped; PostgreSQL has shorter ones for the
//! same session, so that it has given up before we do, if it lives. A connection that has rested is tried
//! before it is used.
//!
//! **An outcome that is unknown** is `Unavailable`: the statement was sent, its answer never came. It may
//! still take effect, at once or (a disk that stalls in the final flush, a network that heals) a little
//! later, after others have read the stream without it. That breaks nothing: nobody was told that it
//! happened, and it is still bound to its expected versions. If somebody appended there meanwhile, the key
//! refuses it; if it comes first, the key refuses them, and whoever reads again finds its mutation ids. What
//! was acknowledged can't be preceded by it: an acknowledged event has its version, and that is taken.

mod open;
mod readers;
#[cfg(test)]
mod tests;
mod writer;

use std::time::Duration;

use async_trait::async_trait;
use domain::{StreamId, VenueId, Version};

use super::group_commit::GroupCommit;
use super::rows::{HeadRow, in_order, page, pages, snapshot, venues};
use super::{Commit, Encoded, Epoch, EventLog, LogCounts, LogError, LogTimes, READ_LIMIT, Snapshot};
use readers::Readers;

pub use open::ConnectError;

/// How long to wait at the start for a database that is not there yet.
const PATIENCE: Duration = Duration::from_secs(30);

/// The head of each stream that an array names. Stream by stream, whatever the planner thinks: OFFSET 0
/// keeps it from joining with all there are.
const HEADS: &str = "
    SELECT asked.name, s.id, s.venue,
        coalesce((SELECT version FROM events WHERE stream = s.id ORDER BY version DESC LIMIT 1), 0)
    FROM unnest($1::text[]) AS asked (name)
    CROSS JOIN LATERAL (SELECT id, venue FROM streams WHERE streams.name = asked.name OFFSET 0) AS s";

const EVENTS: &str = "
    SELECT version, body FROM events
    WHERE stream = (SELECT id FROM streams WHERE name = $1) AND version > $2
    ORDER BY version LIMIT $3";

/// The same of each stream that an array names, after the version at its place in another. As with heads, stream by stream.
const EVENTS_OF_SEVERAL: &str = "
    SELECT asked.place - 1, e.version, e.body
    FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS asked (name, after, place)
    CROSS JOIN LATERAL (SELECT id FROM streams WHERE streams.name = asked.name OFFSET 0) AS s
    CROSS JOIN LATERAL (
        SELECT version, body FROM events
        WHERE stream = s.id AND version > asked.after
        ORDER BY version LIMIT $3
    ) AS e
    ORDER BY asked.place, e.version LIMIT $3";

const SNAPSHOT: &str = "
    SELECT version, state FROM snapshots AS kept
    WHERE stream = (SELECT id FROM streams WHERE name = $1) AND rules = $2
    AND EXISTS (SELECT FROM events WHERE stream = kept.stream AND version = kept.version)";

/// Keeps streams in a PostgreSQL database, which other servers read and write as well. One connection
/// writes, a few read.
#[derive(Debug)]
pub struct PostgresLog {
    writer: GroupCommit,
    readers: Readers,
    epoch: Epoch,
}

impl PostgresLog {
    /// Opens the log in the database of a URL (`postgres://user:password@host/database`), and makes its
    /// tables where they are missing. A database that can't be reached is waited for, some thirty seconds.
    ///
    /// What the URL leaves out comes from `PGPASSWORD` and the like; `sslmode=verify-full` asks for TLS
    /// with a host that proves its name. A pooler between must keep sessions.
    pub async fn open(url: &str) -> Result<Self, ConnectError> {
        Self::open_within(url, PATIENCE).await
    }

    async fn open_within(url: &str, patience: Duration) -> Result<Self, ConnectError> {
        let (store, readers, epoch) = open::open(url, patience).await?;
        Ok(Self { writer: GroupCommit::start(store), readers, epoch })
    }
}

#[async_trait]
impl EventLog for PostgresLog {
    async fn commit(&self, commit: Commit) -> Result<(), LogError> {
        self.writer.commit(commit).await
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError> {
        let Ok(from) = i64::try_from(after) else { return Ok(Vec::new()) };
        let limit = i64::try_from(READ_LIMIT).unwrap_or(i64::MAX);
        let query = sqlx::query_as(EVENTS).bind(stream.to_string()).bind(from).bind(limit);
        page(stream, after, self.readers.fetch_all(query).await?)
    }

    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        let (names, after): (Vec<String>, Vec<i64>) =
            from.iter().map(|(stream, after)| (stream.to_string(), i64::try_from(*after).unwrap_or(i64::MAX))).unzip();
        let limit = i64::try_from(READ_LIMIT).unwrap_or(i64::MAX);
        let query = sqlx::query_as(EVENTS_OF_SEVERAL).bind(names).bind(after).bind(limit);
        pages(from, self.readers.fetch_all(query).await?)
    }

    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError> {
        let query = sqlx::query_as(SNAPSHOT).bind(stream.to_string()).bind(rules.to_owned());
        Ok(snapshot(stream, rules, self.readers.fetch_all(query).await?.pop()))
    }

    async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError> {
        self.writer.keep(snapshot).await
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        if streams.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<String> = streams.iter().map(StreamId::to_string).collect();
        let rows: Vec<HeadRow> = self.readers.fetch_all(sqlx::query_as(HEADS).bind(names)).await?;
        Ok(in_order(streams, rows))
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        let rows: Vec<(String,)> = self.readers.fetch_all(sqlx::query_as("SELECT name FROM venues ORDER BY name")).await?;
        venues(rows.into_iter().map(|(name,)| name).collect())
    }

    fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    async fn is_lost(&self) -> String {
        self.readers.database().is_another().await
    }

    async fn check(&self) -> Result<(), LogError> {
        let _any: Vec<(bool,)> = self.readers.fetch_all(sqlx::query_as("SELECT EXISTS (SELECT FROM events)")).await?;
        self.writer.check().await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }

    fn times(&self) -> Option<LogTimes> {
        Some(self.writer.times())
    }

    fn counts(&self) -> LogCounts {
        self.writer.counts()
    }
}
