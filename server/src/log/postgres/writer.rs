//! The one connection that writes. Why it is safe stands in the parent's documentation.

use std::collections::BTreeMap;
use std::slice;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use tokio::time::Instant;

use super::HEADS;
use super::open::{Database, Kept, within};
use crate::log::admit::admit;
use crate::log::group_commit::{BatchStore, Outcomes};
use crate::log::rows::{HeadRow, Numbers, known};
use crate::log::{Commit, LogError, SNAPSHOT_OF_OTHERS_KEPT, Snapshot};

/// How long a batch may take, its connection included.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

/// How many races a batch may lose before each of its commits goes alone.
const RACES: usize = 3;

/// Everything of a batch, in one statement that is a transaction. The order is the same for everybody:
/// streams by name, then events by stream and version (sorting them takes all the streams first), then venues.
const INSERT: &str = "
    WITH new (venue, name) AS (SELECT * FROM unnest($1::text[], $2::text[])),
    created AS (
        INSERT INTO streams (venue, name) SELECT venue, name FROM new ORDER BY name RETURNING id, name
    ),
    named AS (
        INSERT INTO venues (name) SELECT DISTINCT venue FROM new ORDER BY venue ON CONFLICT DO NOTHING
    )
    INSERT INTO events (stream, version, body)
    SELECT coalesce(added.stream, created.id), added.version, added.body
    FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::text[]) AS added (stream, name, version, body)
    LEFT JOIN created ON created.name = added.name
    ORDER BY 1, 2";

/// A snapshot, where its stream has come so far, and what is kept has not; of those by other rules the furthest stays, for a while.
const KEEP: &str = "
    WITH its AS (SELECT id FROM streams WHERE name = $1),
    old AS (
        DELETE FROM snapshots USING its
        WHERE stream = its.id AND rules <> $2 AND (
            version < $5 OR (version, rules) < (
                SELECT version, rules FROM snapshots AS other
                WHERE other.stream = its.id AND rules <> $2
                ORDER BY version DESC, rules DESC LIMIT 1
            )
        )
    )
    INSERT INTO snapshots (stream, rules, version, state)
    SELECT its.id, $2, $3, $4 FROM its
    WHERE EXISTS (SELECT FROM events WHERE stream = its.id AND version = $3)
    ON CONFLICT (stream, rules) DO UPDATE SET version = excluded.version, state = excluded.state
    WHERE excluded.version > snapshots.version";

const PROBE: &str = "INSERT INTO probe (id, at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = excluded.at";

/// Writes batches to one database.
pub(super) struct PostgresStore {
    database: Database,
    /// Taken while it works, put back if all went well.
    connection: Option<Kept>,
}

impl PostgresStore {
    pub(super) fn new(database: Database, connection: Kept) -> Self {
        Self { database, connection: Some(connection) }
    }

    /// Writes commits together, each seeing those before it. An error means that none of them happened, or
    /// that nobody knows.
    async fn attempt(&mut self, commits: &[Commit], until: Instant) -> sqlx::Result<Outcomes> {
        let (database, kept) = (self.database.clone(), self.connection.take());
        let work = async {
            let mut connection = database.connect(kept).await?;
            let written = write(&mut connection, commits).await;
            Ok((connection, written))
        };
        let (connection, written) = within(until.saturating_duration_since(Instant::now()), work).await?;
        if !matches!(&written, Err(error) if Obstacle::of(error).is_none()) {
            self.connection = Some(Kept::new(connection));
        }
        written
    }

    /// Each commit by itself, so that only those get into trouble that are in it.
    async fn one_by_one(&mut self, batch: &[Commit], until: Instant) -> Outcomes {
        let mut outcomes = Outcomes::with_capacity(batch.len());
        for commit in batch {
            let outcome = match self.attempt(slice::from_ref(commit), until).await {
                Ok(mut alone) => alone.pop().unwrap_or(Ok(())),
                Err(error) if Obstacle::of(&error) == Some(Obstacle::Race) => Err(LogError::Conflict),
                Err(error) => Err(LogError::Unavailable(error.to_string())),
            };
            outcomes.push(outcome);
        }
        outcomes
    }
}

impl BatchStore for PostgresStore {
    async fn write(&mut self, batch: &[Commit]) -> Result<Outcomes, String> {
        let until = Instant::now() + WRITE_WITHIN;
        for _ in 0..RACES {
            match self.attempt(batch, until).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(error) => match Obstacle::of(&error) {
                    Some(Obstacle::Race) => {}
                    Some(Obstacle::Lock) => break,
                    None => return Err(error.to_string()),
                },
            }
        }
        Ok(self.one_by_one(batch, until).await)
    }

    async fn keep(&mut self, snapshot: &Snapshot) -> Result<(), String> {
        let (database, kept) = (self.database.clone(), self.connection.take());
        let work = async {
            let mut connection = database.connect(kept).await?;
            let query = sqlx::query(KEEP).bind(snapshot.stream.to_string()).bind(&*snapshot.rules);
            let version = snapshot.version.cast_signed();
            let oldest = version.saturating_sub_unsigned(SNAPSHOT_OF_OTHERS_KEPT);
            query.bind(version).bind(snapshot.state.get()).bind(oldest).execute(&mut connection).await?;
            Ok(connection)
        };
        let connection = within(WRITE_WITHIN, work).await.map_err(|error| error.to_string())?;
        self.connection = Some(Kept::new(connection));
        Ok(())
    }

    async fn probe(&mut self) -> Result<(), String> {
        let (database, kept) = (self.database.clone(), self.connection.take());
        let work = async {
            let mut connection = database.connect(kept).await?;
            sqlx::query(PROBE).execute(&mut connection).await?;
            Ok(connection)
        };
        let connection = within(WRITE_WITHIN, work).await.map_err(|error| error.to_string())?;
        self.connection = Some(Kept::new(connection));
        Ok(())
    }

    async fn close(self) {
        if let Some(connection) = self.connection {
            connection.close().await;
        }
    }
}

/// What others did that undid a statement, and left the session sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    /// Somebody else was first.
    Race,
    /// Somebody else does not let go.
    Lock,
}

impl Obstacle {
    fn of(error: &sqlx::Error) -> Option<Self> {
        match error.as_database_error()?.code()?.as_ref() {
            // unique_violation, serialization_failure, deadlock_detected
            "23505" | "40001" | "40P01" => Some(Self::Race),
            // lock_not_available
            "55P03" => Some(Self::Lock),
            _ => None,
        }
    }
}

async fn write(connection: &mut PgConnection, commits: &[Commit]) -> sqlx::Result<Outcomes> {
    let asked: Vec<String> = commits.iter().flat_map(|commit| &commit.appends).map(|append| append.stream.to_string()).collect();
    let rows: Vec<HeadRow> = sqlx::query_as(HEADS).bind(asked).fetch_all(&mut *connection).await?;
    let (mut heads, numbers) = known(rows)?;
    let outcomes: Outcomes = commits.iter().map(|commit| admit(&mut heads, commit)).collect();
    let admitted: Vec<&Commit> = commits.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(c, _)| c).collect();
    if !admitted.is_empty() {
        insert(connection, &admitted, &numbers).await?;
    }
    Ok(outcomes)
}

async fn insert(connection: &mut PgConnection, admitted: &[&Commit], numbers: &Numbers) -> sqlx::Result<()> {
    let mut new = BTreeMap::new();
    let (mut streams, mut names, mut versions, mut bodies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for commit in admitted {
        for append in &commit.appends {
            let number = numbers.get(&append.stream).copied();
            // An event is bound to its stream by number, or by name where the number is yet to be given.
            let name = number.is_none().then(|| append.stream.to_string());
            if let Some(name) = &name {
                new.insert(name.clone(), commit.venue.to_string());
            }
            for (version, event) in (append.expected.cast_signed() + 1..).zip(&append.events) {
                streams.push(number);
                names.push(name.clone());
                versions.push(version);
                bodies.push(event.get());
            }
        }
    }
    let (new, venues): (Vec<String>, Vec<String>) = new.into_iter().unzip();
    sqlx::query(INSERT).bind(venues).bind(new).bind(streams).bind(names).bind(versions).bind(bodies).execute(connection).await?;
    Ok(())
}
