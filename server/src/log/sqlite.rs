//! The log in one SQLite file: the embedded default, for a server that stands in the restaurant.

mod held;
mod open;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use domain::{StreamId, VenueId, Version};
use sqlx::SqlitePool;

use super::group_commit::GroupCommit;
use super::rows::{HeadRow, in_order, page, pages, snapshot, unreadable, venues};
use super::{Commit, Encoded, Epoch, EventLog, LogCounts, LogError, LogTimes, READ_LIMIT, Snapshot};
use held::Held;

pub use open::OpenError;

/// How many streams one query asks about.
const HEADS_CHUNK: usize = 500;

/// The head of each stream that a JSON array names. Stream by stream, whatever the planner thinks.
const HEADS: &str = "
    SELECT s.name, s.id, s.venue, (SELECT coalesce(max(version), 0) FROM events WHERE stream = s.id)
    FROM json_each(?1) AS asked CROSS JOIN streams AS s ON s.name = asked.value";

const EVENTS: &str = "
    SELECT version, body FROM events
    WHERE stream = (SELECT id FROM streams WHERE name = ?1) AND version > ?2
    ORDER BY version LIMIT ?3";

/// The same of each stream that a JSON array names, with the version after which it is asked for.
const EVENTS_OF_SEVERAL: &str = "
    SELECT asked.key, e.version, e.body
    FROM json_each(?1) AS asked
    CROSS JOIN streams AS s ON s.name = asked.value ->> 0
    CROSS JOIN events AS e ON e.stream = s.id AND e.version > asked.value ->> 1
    ORDER BY asked.key, e.version LIMIT ?2";

const SNAPSHOT: &str = "
    SELECT version, state FROM snapshots AS kept
    WHERE stream = (SELECT id FROM streams WHERE name = ?1) AND rules = ?2
    AND EXISTS (SELECT 1 FROM events WHERE stream = kept.stream AND version = kept.version)";

/// Keeps streams in `comanda.db`, written by one task and read by a few connections of their own, so
/// that reads go on while the writer is busy or the disk is full.
#[derive(Debug)]
pub struct SqliteLog {
    writer: GroupCommit,
    readers: SqlitePool,
    held: Arc<Held>,
}

impl SqliteLog {
    /// Opens the log in a directory, and makes both where they are missing.
    ///
    /// The directory is this process's alone until [`EventLog::close`].
    pub async fn open(dir: &Path) -> Result<Self, OpenError> {
        let (store, readers, held) = open::open(dir, open::Limits::default()).await?;
        Ok(Self { writer: GroupCommit::start(store), readers, held })
    }
}

#[async_trait]
impl EventLog for SqliteLog {
    async fn commit(&self, commit: Commit) -> Result<(), LogError> {
        self.writer.commit(commit).await
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError> {
        let Ok(from) = i64::try_from(after) else { return Ok(Vec::new()) };
        let limit = i64::try_from(READ_LIMIT).unwrap_or(i64::MAX);
        let rows: Vec<(i64, String)> = sqlx::query_as(EVENTS)
            .bind(stream.to_string())
            .bind(from)
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(|error| unreadable(&error))?;
        page(stream, after, rows)
    }

    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        let asked: serde_json::Value = from.iter().map(|(stream, after)| serde_json::json!([stream, after])).collect();
        let limit = i64::try_from(READ_LIMIT).unwrap_or(i64::MAX);
        let query = sqlx::query_as(EVENTS_OF_SEVERAL).bind(asked.to_string()).bind(limit);
        pages(from, query.fetch_all(&self.readers).await.map_err(|error| unreadable(&error))?)
    }

    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError> {
        let query = sqlx::query_as(SNAPSHOT).bind(stream.to_string()).bind(rules);
        Ok(snapshot(stream, rules, query.fetch_optional(&self.readers).await.map_err(|error| unreadable(&error))?))
    }

    async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError> {
        self.writer.keep(snapshot).await
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        let mut heads = Vec::with_capacity(streams.len());
        for chunk in streams.chunks(HEADS_CHUNK) {
            let query = sqlx::query_as(HEADS).bind(json_array(chunk));
            let rows: Vec<HeadRow> = query.fetch_all(&self.readers).await.map_err(|error| unreadable(&error))?;
            heads.extend(in_order(chunk, rows));
        }
        Ok(heads)
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        let query = sqlx::query_scalar("SELECT name FROM venues ORDER BY name");
        venues(query.fetch_all(&self.readers).await.map_err(|error| unreadable(&error))?)
    }

    fn epoch(&self) -> &Epoch {
        self.held.epoch()
    }

    async fn is_lost(&self) -> String {
        self.held.is_lost().await
    }

    async fn check(&self) -> Result<(), LogError> {
        self.held.is_in_place().map_err(LogError::Unavailable)?;
        let query = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM events)");
        let _any: bool = query.fetch_one(&self.readers).await.map_err(|error| unreadable(&error))?;
        self.writer.check().await
    }

    async fn close(&self) {
        // The readers first: whoever closes last tidies the file up, and only the writer may write.
        self.readers.close().await;
        self.writer.close().await;
    }

    fn times(&self) -> Option<LogTimes> {
        Some(self.writer.times())
    }

    fn counts(&self) -> LogCounts {
        self.writer.counts()
    }
}

/// Streams' names as a JSON array, so that one prepared statement serves any number of them.
fn json_array<'a>(streams: impl IntoIterator<Item = &'a StreamId>) -> String {
    serde_json::Value::from_iter(streams.into_iter().map(StreamId::to_string)).to_string()
}
