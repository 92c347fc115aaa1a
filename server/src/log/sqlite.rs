//! The log in one SQLite file: the embedded default, for a server that stands in the restaurant.

mod open;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use domain::{StreamId, VenueId, Version};
use serde_json::value::RawValue;
use sqlx::SqlitePool;

use super::group_commit::GroupCommit;
use super::{Commit, Encoded, EventLog, LogCounts, LogError, LogTimes, READ_LIMIT};

pub use open::OpenError;

/// How many streams one query asks about.
const HEADS_CHUNK: usize = 500;

/// The head of each stream that a JSON array names. Stream by stream, whatever the planner thinks.
const HEADS: &str = "
    SELECT s.name, s.id, s.venue, (SELECT coalesce(max(version), 0) FROM events WHERE stream = s.id)
    FROM json_each(?1) AS asked CROSS JOIN streams AS s ON s.name = asked.value";

/// A row of [`HEADS`]: the stream's name, its number, its venue, its version.
type HeadRow = (String, i64, String, i64);

const EVENTS: &str = "
    SELECT version, body FROM events
    WHERE stream = (SELECT id FROM streams WHERE name = ?1) AND version > ?2
    ORDER BY version LIMIT ?3";

/// Keeps streams in `comanda.db`, written by one task and read by a few connections of their own, so
/// that reads go on while the writer is busy or the disk is full.
#[derive(Debug)]
pub struct SqliteLog {
    writer: GroupCommit,
    readers: SqlitePool,
}

impl SqliteLog {
    /// Opens the log in a directory, and makes both where they are missing.
    ///
    /// The directory is this process's alone until [`EventLog::close`].
    pub async fn open(dir: &Path) -> Result<Self, OpenError> {
        let (store, readers) = open::open(dir, open::Limits::default()).await?;
        Ok(Self { writer: GroupCommit::start(store), readers })
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
            .map_err(unreadable)?;
        (1..).zip(rows).map(|(nth, (version, body))| decode(stream, after + nth, version, body)).collect()
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        let mut heads = Vec::with_capacity(streams.len());
        for chunk in streams.chunks(HEADS_CHUNK) {
            let rows: Vec<HeadRow> =
                sqlx::query_as(HEADS).bind(json_array(chunk)).fetch_all(&self.readers).await.map_err(unreadable)?;
            let versions: HashMap<_, _> = rows.into_iter().map(|(name, _, _, version)| (name, version)).collect();
            for stream in chunk {
                if let Some(version) = versions.get(&stream.to_string()) {
                    heads.push((stream.clone(), version.cast_unsigned()));
                }
            }
        }
        Ok(heads)
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        let names: Vec<String> =
            sqlx::query_scalar("SELECT name FROM venues ORDER BY name").fetch_all(&self.readers).await.map_err(unreadable)?;
        names.into_iter().map(|name| name.parse().map_err(|_| damaged(&format!("venue “{name}”")))).collect()
    }

    async fn check(&self) -> Result<(), LogError> {
        let _any: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM events)").fetch_one(&self.readers).await.map_err(unreadable)?;
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

fn decode(stream: &StreamId, due: Version, version: i64, body: String) -> Result<Encoded, LogError> {
    if version.cast_unsigned() != due {
        return Err(damaged(&format!("{stream}: event {due} is missing")));
    }
    let event = RawValue::from_string(body).map_err(|_| damaged(&format!("{stream}: event {due} can't be read")))?;
    Ok(Arc::from(event))
}

fn damaged(what: &str) -> LogError {
    tracing::error!(what, "the log's file is damaged; restore it from a backup");
    LogError::Unavailable("its file is damaged".to_owned())
}

fn unreadable(error: sqlx::Error) -> LogError {
    tracing::error!(%error, "the log can't be read");
    LogError::Unavailable(error.to_string())
}
