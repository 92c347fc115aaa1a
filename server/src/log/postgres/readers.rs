//! The connections that read: a few, each thrown away at the first sign that it is broken.
//!
//! Not sqlx's pool: that tries each connection when it is given back, without a bound, so that some which
//! were cut off in that moment would keep everybody waiting for as long as TCP hopes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::FromRow;
use sqlx::Postgres;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use tokio::sync::Semaphore;

use super::open::{Database, Kept, within};
use crate::log::LogError;
use crate::log::rows::unreadable;

/// How many reads go on at once.
const READERS: usize = 8;

/// How long a read may take, its turn and its connection included.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// Reads, a bounded number at once.
pub(super) struct Readers {
    database: Database,
    turns: Semaphore,
    /// Those that nobody uses now. The last one used is the first one taken, and so the freshest.
    idle: Mutex<Vec<Kept>>,
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers").field("database", &self.database).finish_non_exhaustive()
    }
}

impl Readers {
    pub(super) fn new(database: Database) -> Self {
        Self { database, turns: Semaphore::new(READERS), idle: Mutex::default() }
    }

    /// What a query finds.
    pub(super) async fn fetch_all<T>(&self, query: QueryAs<'_, Postgres, T, PgArguments>) -> Result<Vec<T>, LogError>
    where
        T: for<'row> FromRow<'row, PgRow> + Send + Unpin,
    {
        let read = async {
            let _turn = self.turns.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
            let kept = self.idle().pop();
            let mut connection = self.database.connect(kept).await?;
            let rows = query.fetch_all(&mut connection).await?;
            if !self.turns.is_closed() {
                self.idle().push(Kept::new(connection));
            }
            Ok(rows)
        };
        within(READ_WITHIN, read).await.map_err(|error| {
            // What broke this one has broken the others: the next read begins with a new one.
            self.idle().clear();
            match error {
                sqlx::Error::PoolClosed => LogError::Unavailable("the log is closed".to_owned()),
                error => unreadable(&error),
            }
        })
    }

    /// The database that is read.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// From now on nothing is read.
    pub(super) async fn close(&self) {
        self.turns.close();
        let idle = std::mem::take(&mut *self.idle());
        futures::future::join_all(idle.into_iter().map(Kept::close)).await;
    }

    /// Nothing here panics half-way through a change.
    fn idle(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
