//! The one connection that writes.
//!
//! A batch is a handful of statements, however many commits it has: the heads of its streams, the
//! streams that are new, the events by the dozen, and COMMIT. The transaction takes the write lock
//! before it reads the heads, so what was admitted can't lose a race, not even against somebody who
//! writes to the file from outside.
//!
//! After any error the connection is thrown away and the next batch opens another. SQLite may or may
//! not have rolled back by itself (it does when the disk is full), and sqlx counts transactions on its
//! own: a connection that is new is the only state worth reasoning about.

use std::iter::repeat_n;
use std::sync::{Arc, LazyLock};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::held::Held;
use super::open::Limits;
use super::{HEADS, json_array};
use crate::log::admit::{Heads, admit};
use crate::log::group_commit::{BatchStore, Outcomes};
use crate::log::rows::{HeadRow, Numbers, known};
use crate::log::{Commit, Encoded, SNAPSHOT_OF_OTHERS_KEPT, Snapshot};

/// How much a probe writes: some pages, so that it needs room as a batch does.
const PROBE_BYTES: i64 = 16 * 1024;

/// Inserts of so many rows each, largest first: a few prepared statements for any number of events.
static INSERTS: LazyLock<[(usize, Arc<str>); 4]> = LazyLock::new(|| {
    [64, 16, 4, 1].map(|rows| {
        let values = repeat_n("(?, ?, ?)", rows).collect::<Vec<_>>().join(", ");
        (rows, format!("INSERT INTO events (stream, version, body) VALUES {values}").into())
    })
});

/// A snapshot, where its stream has come so far, and what is kept has not.
const KEEP: &str = "
    INSERT INTO snapshots (stream, rules, version, state)
    SELECT s.id, ?2, ?3, ?4 FROM streams AS s
    WHERE s.name = ?1 AND EXISTS (SELECT 1 FROM events WHERE stream = s.id AND version = ?3)
    ON CONFLICT (stream, rules) DO UPDATE SET version = excluded.version, state = excluded.state
    WHERE excluded.version > snapshots.version";

const FORGET_OTHERS: &str = "
    DELETE FROM snapshots
    WHERE stream = (SELECT id FROM streams WHERE name = ?1) AND rules <> ?2 AND (
        version < ?3 OR (version, rules) < (
            SELECT version, rules FROM snapshots AS other
            WHERE other.stream = snapshots.stream AND rules <> ?2
            ORDER BY version DESC, rules DESC LIMIT 1
        )
    )";

/// Writes batches to one SQLite file.
pub(super) struct SqliteStore {
    /// Taken while it works, put back if all went well.
    connection: Option<SqliteConnection>,
    options: SqliteConnectOptions,
    limits: Limits,
    /// Let go of when the writer has ended.
    held: Arc<Held>,
}

/// An event with its place.
struct Row<'a> {
    stream: i64,
    version: i64,
    body: &'a Encoded,
}

impl SqliteStore {
    pub(super) fn new(connection: SqliteConnection, options: SqliteConnectOptions, limits: Limits, held: Arc<Held>) -> Self {
        Self { connection: Some(connection), options, limits, held }
    }

    /// The connection that is kept, or a new one.
    pub(super) async fn connect(&mut self) -> sqlx::Result<SqliteConnection> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => {
                let connection = self.limits.apply(self.options.clone()).connect().await?;
                self.held.writer_is_back();
                Ok(connection)
            }
        }
    }

    /// Keeps the connection if all went well; else closes it, which rolls back whatever it had begun.
    async fn settle<T>(&mut self, connection: SqliteConnection, result: sqlx::Result<T>) -> Result<T, String> {
        match result {
            Ok(value) => {
                self.connection = Some(connection);
                Ok(value)
            }
            Err(error) => {
                self.held.writer_goes();
                if let Err(error) = connection.close().await {
                    tracing::warn!(%error, "a connection that had failed did not close");
                }
                Err(error.to_string())
            }
        }
    }
}

impl BatchStore for SqliteStore {
    async fn write(&mut self, batch: &[Commit]) -> Result<Outcomes, String> {
        self.held.is_in_place()?;
        let mut connection = self.connect().await.map_err(|error| error.to_string())?;
        let result = write(&mut connection, batch).await;
        let written = self.settle(connection, result).await?;
        // What was written to a file that was just taken away is not acknowledged.
        self.held.is_in_place().map(|()| written)
    }

    async fn keep(&mut self, snapshot: &Snapshot) -> Result<(), String> {
        self.held.is_in_place()?;
        let mut connection = self.connect().await.map_err(|error| error.to_string())?;
        let result = keep(&mut connection, snapshot).await;
        self.settle(connection, result).await
    }

    async fn probe(&mut self) -> Result<(), String> {
        let mut connection = self.connect().await.map_err(|error| error.to_string())?;
        let result = probe(&mut connection).await;
        self.settle(connection, result).await
    }

    async fn close(self) {
        self.held.writer_goes();
        if let Some(connection) = self.connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the log's file did not close; nothing that was committed is lost");
        }
        self.held.let_go();
    }
}

async fn write(connection: &mut SqliteConnection, batch: &[Commit]) -> sqlx::Result<Outcomes> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let (mut heads, mut numbers) = heads(&mut transaction, batch).await?;
    let outcomes: Outcomes = batch.iter().map(|commit| admit(&mut heads, commit)).collect();
    let admitted: Vec<&Commit> = batch.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(c, _)| c).collect();

    create_streams(&mut transaction, &admitted, &mut numbers).await?;
    let appends = admitted.iter().flat_map(|commit| &commit.appends);
    let rows: Vec<Row<'_>> = appends
        .flat_map(|append| {
            let stream = numbers[&append.stream];
            let versions = append.expected.cast_signed() + 1..;
            versions.zip(&append.events).map(move |(version, body)| Row { stream, version, body })
        })
        .collect();
    insert(&mut transaction, &rows).await?;
    transaction.commit().await?;
    Ok(outcomes)
}

/// Where the streams of a batch are, and their numbers in the file.
async fn heads(connection: &mut SqliteConnection, batch: &[Commit]) -> sqlx::Result<(Heads, Numbers)> {
    let asked = json_array(batch.iter().flat_map(|commit| &commit.appends).map(|append| &append.stream));
    let rows: Vec<HeadRow> = sqlx::query_as(HEADS).bind(asked).fetch_all(connection).await?;
    known(rows)
}

/// Gives numbers to streams that have none yet, after the highest: what is new lies at the end of the file.
async fn create_streams(connection: &mut SqliteConnection, admitted: &[&Commit], numbers: &mut Numbers) -> sqlx::Result<()> {
    let known = |commit: &&Commit| commit.appends.iter().all(|append| numbers.contains_key(&append.stream));
    if admitted.iter().all(known) {
        return Ok(());
    }
    let mut last: i64 = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM streams").fetch_one(&mut *connection).await?;
    let mut rows = Vec::new();
    for commit in admitted {
        for append in &commit.appends {
            if !numbers.contains_key(&append.stream) {
                last += 1;
                numbers.insert(append.stream.clone(), last);
                rows.push(serde_json::json!([last, commit.venue, append.stream]));
            }
        }
    }
    let rows = serde_json::Value::Array(rows).to_string();
    sqlx::query("INSERT OR IGNORE INTO venues (name) SELECT value ->> 1 FROM json_each(?1)")
        .bind(&rows)
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO streams (id, venue, name) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1)")
        .bind(&rows)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, mut rows: &[Row<'_>]) -> sqlx::Result<()> {
    for (size, sql) in INSERTS.iter() {
        while let Some((now, later)) = rows.split_at_checked(*size) {
            let mut query = sqlx::query(AssertSqlSafe(Arc::clone(sql)));
            for row in now {
                query = query.bind(row.stream).bind(row.version).bind(row.body.get());
            }
            query.execute(&mut *connection).await?;
            rows = later;
        }
    }
    Ok(())
}

async fn keep(connection: &mut SqliteConnection, snapshot: &Snapshot) -> sqlx::Result<()> {
    let (stream, version) = (snapshot.stream.to_string(), snapshot.version.cast_signed());
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(KEEP)
        .bind(&stream)
        .bind(&*snapshot.rules)
        .bind(version)
        .bind(snapshot.state.get())
        .execute(&mut *transaction)
        .await?;
    sqlx::query(FORGET_OTHERS)
        .bind(&stream)
        .bind(&*snapshot.rules)
        .bind(version.saturating_sub_unsigned(SNAPSHOT_OF_OTHERS_KEPT))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// Takes room and gives it back, durably each time. The room that it gave back serves the next batch.
async fn probe(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("INSERT OR REPLACE INTO probe (id, filler) VALUES (1, zeroblob(?1))")
        .bind(PROBE_BYTES)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM probe").execute(connection).await?;
    Ok(())
}
