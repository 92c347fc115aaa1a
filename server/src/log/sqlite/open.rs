//! Opening the file, and telling what to do where that fails.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};

use super::held::Held;
use super::writer::SqliteStore;
use crate::log::migrations::migrator;

static MIGRATIONS: LazyLock<Migrator> =
    LazyLock::new(|| migrator(&[(1, "streams", include_str!("../../../migrations/sqlite/0001_streams.sql"))]));

/// The table beside the log, made where it is missing.
const SNAPSHOTS: &str = include_str!("../../../migrations/sqlite/snapshots.sql");

/// The database, within the log's directory.
pub(super) const DATABASE: &str = "comanda.db";

/// How many reads go on at once. Each has a thread of its own.
const READERS: u32 = 4;

/// How long a read waits for its turn.
const READ_WAIT: Duration = Duration::from_secs(5);

/// How long to wait for somebody else's lock on the file: a backup that is being taken, say.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// The write-ahead file is cut back to this once it has been folded into the database.
const WAL_KEPT_BYTES: &str = "16777216";

/// Why the log could not be opened, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or a file in it can't be made or written.
    #[error(
        "can't write in {}: {reason}. Give the user that runs comanda permission to write there, or choose another directory",
        dir.display()
    )]
    NotWritable {
        /// The log's directory.
        dir: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Another process has it.
    #[error(
        "{} is in use by another comanda. Stop that one first, or choose another directory: a SQLite log serves one server",
        dir.display()
    )]
    Held {
        /// The log's directory.
        dir: PathBuf,
    },
    /// The file is something else.
    #[error("{} is not a SQLite database. Move it away to begin with an empty log, or restore it from a backup", file.display())]
    NotADatabase {
        /// The file.
        file: PathBuf,
    },
    /// A later comanda has written it.
    #[error(
        "{} was written by a newer comanda (its schema is {found}, this one knows {known}). Run that version or a later one",
        file.display()
    )]
    NewerSchema {
        /// The file.
        file: PathBuf,
        /// The newest migration that the file has had.
        found: i64,
        /// The newest migration that this program knows.
        known: i64,
    },
    /// The disk is full.
    #[error("no room for {}: the disk is full. Free some space and start again", file.display())]
    Full {
        /// The file.
        file: PathBuf,
    },
    /// The file system can't do what durability needs.
    #[error("the file system of {} can't share memory, which the log needs. Choose a directory on a local disk", dir.display())]
    NotLocal {
        /// The log's directory.
        dir: PathBuf,
    },
    /// Anything else: a damaged file, a failing disk.
    #[error("can't open {}: {reason}. If the file is damaged, restore it from a backup", file.display())]
    Failed {
        /// The file.
        file: PathBuf,
        /// What the database said.
        reason: String,
    },
}

/// Bounds that a test sets to see what happens when the disk is full.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    #[cfg(test)]
    pub(super) max_pages: std::sync::Arc<std::sync::atomic::AtomicU32>,
}

impl Limits {
    /// Applied to each new connection of the writer.
    #[cfg(test)]
    pub(super) fn apply(&self, options: SqliteConnectOptions) -> SqliteConnectOptions {
        match self.max_pages.load(std::sync::atomic::Ordering::SeqCst) {
            0 => options,
            pages => options.pragma("max_page_count", pages.to_string()),
        }
    }

    /// A server has none but the disk's own.
    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "tests have limits")]
    pub(super) fn apply(&self, options: SqliteConnectOptions) -> SqliteConnectOptions {
        options
    }
}

/// The writer's store, the readers' connections, and what holds the directory for them.
pub(super) async fn open(dir: &Path, limits: Limits) -> Result<(SqliteStore, SqlitePool, Arc<Held>), OpenError> {
    let not_writable = |error: io::Error| OpenError::NotWritable { dir: dir.to_owned(), reason: error.to_string() };
    // Absolute, since SQLite reads a name that begins with “file:” in a way of its own.
    let dir = absolute(dir).map_err(not_writable)?;
    make(&dir).map_err(not_writable)?;
    let held = Arc::new(Held::hold(&dir)?);

    let file = dir.join(DATABASE);
    let failed = |error: sqlx::Error| told(&dir, &file, &error);
    let options = SqliteConnectOptions::new().filename(&file).busy_timeout(BUSY_WAIT).disable_statement_logging();
    let writing = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // Where fsync alone doesn't reach the platter (macOS), ask for what does.
        .pragma("fullfsync", "ON")
        .pragma("journal_size_limit", WAL_KEPT_BYTES)
        .foreign_keys(true);

    let mut connection = limits.apply(writing.clone()).connect().await.map_err(failed)?;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await.map_err(failed)?;
    if mode != "wal" {
        return Err(OpenError::NotLocal { dir });
    }
    migrate(&mut connection, &dir, &file).await?;

    // Connections that stay: a new one may need room on the disk, and reads must go on without.
    let readers = SqlitePoolOptions::new()
        .min_connections(READERS)
        .max_connections(READERS)
        .acquire_timeout(READ_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.read_only(true).row_buffer_size(512))
        .await
        .map_err(failed)?;
    Ok((SqliteStore::new(connection, writing, limits, Arc::clone(&held)), readers, held))
}

/// Makes the directory, and makes durable that it exists.
fn make(dir: &Path) -> io::Result<()> {
    if !dir.is_dir() {
        fs::create_dir_all(dir)?;
        if cfg!(unix)
            && let Some(parent) = dir.parent()
        {
            File::open(parent)?.sync_all()?;
        }
    }
    Ok(())
}

async fn migrate(connection: &mut SqliteConnection, dir: &Path, file: &Path) -> Result<(), OpenError> {
    match MIGRATIONS.run_direct(None, connection, false).await {
        Ok(()) => sqlx::raw_sql(SNAPSHOTS).execute(connection).await.map(drop).map_err(|error| told(dir, file, &error)),
        Err(MigrateError::VersionMissing(found)) => {
            let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
            Err(OpenError::NewerSchema { file: file.to_owned(), found, known })
        }
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(told(dir, file, &error)),
        Err(other) => Err(OpenError::Failed { file: file.to_owned(), reason: other.to_string() }),
    }
}

/// SQLITE_IOERR_SHMSIZE: a full disk has no room for the file by which the connections share their index.
const NO_ROOM_TO_SHARE: i32 = 4874;

/// Tells SQLite's primary result codes (<https://sqlite.org/rescode.html>) as what an operator can do.
fn told(dir: &Path, file: &Path, error: &sqlx::Error) -> OpenError {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
    if code == Some(NO_ROOM_TO_SHARE) {
        return OpenError::Full { file: file.to_owned() };
    }
    match code.map(|code| code & 0xff) {
        // PERM, READONLY, CANTOPEN
        Some(3 | 8 | 14) => OpenError::NotWritable { dir: dir.to_owned(), reason: error.to_string() },
        // BUSY, LOCKED
        Some(5 | 6) => OpenError::Held { dir: dir.to_owned() },
        Some(13) => OpenError::Full { file: file.to_owned() },
        Some(26) => OpenError::NotADatabase { file: file.to_owned() },
        _ => OpenError::Failed { file: file.to_owned(), reason: error.to_string() },
    }
}
