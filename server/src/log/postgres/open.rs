//! Reaching the database, and telling what to do where that fails.

use std::fmt;
use std::io;
use std::str::FromStr as _;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::readers::Readers;
use super::writer::PostgresStore;
use crate::log::Epoch;
use crate::log::migrations::migrator;

static MIGRATIONS: LazyLock<Migrator> =
    LazyLock::new(|| migrator(&[(1, "streams", include_str!("../../../migrations/postgres/0001_streams.sql"))]));

/// The table beside the log, made where it is missing.
const SNAPSHOTS: &str = include_str!("../../../migrations/postgres/snapshots.sql");

/// How long it may take to connect, with TLS and password.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

/// A connection that rested longer is tried before it is used: the database may have been restarted.
pub(super) const RESTED_AFTER: Duration = Duration::from_secs(1);

/// How long a connection that rested may take to answer.
const PING_WITHIN: Duration = Duration::from_secs(1);

/// How long to say goodbye to the database.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// How often a database that is not there yet is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long the tables may take to make, or another server that makes them.
const MIGRATE_WITHIN: Duration = Duration::from_secs(300);

/// What PostgreSQL is told of a session that reads and writes, in the terms of its manual.
const SESSION: [(&str, &str); 6] = [
    // Shorter than the bounds of whoever waits here: it gives up first, and says so.
    ("statement_timeout", "4s"),
    // Nobody here holds a lock between two statements: this is somebody else's.
    ("lock_timeout", "1s"),
    ("idle_in_transaction_session_timeout", "2s"),
    // Every query looks up by key, also where the statistics are of yesterday, when the table was small.
    ("enable_seqscan", "off"),
    ("jit", "off"),
    // Each statement sees what was committed before it. The log's races are reasoned from this.
    ("default_transaction_isolation", "read committed"),
];

/// The same of every session.
const ANY_SESSION: [(&str, &str); 5] = [
    // Acknowledged is durable, whatever the database's default.
    ("synchronous_commit", "on"),
    ("client_min_messages", "warning"),
    // A server that vanished without a word is noticed, and its session ended.
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "2"),
    ("tcp_keepalives_count", "3"),
];

/// What a URL may say after its `?`. Anything else is refused: sqlx would pass over it with a warning that
/// quotes it, be it a misspelt `sslmode` or a misspelt `password`.
const PARAMETERS: [&str; 12] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

/// Why the log could not be opened, and what to do. The database is named without its password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is none.
    #[error("the database's URL can't be read: {reason}. It is written postgres://user:password@host:5432/database")]
    BadUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody answers there, or not yet.
    #[error("can't reach PostgreSQL at {at}: {reason}. Start it, or correct the database's URL")]
    Unreachable {
        /// Where: host, port and database.
        at: String,
        /// What the system said.
        reason: String,
    },
    /// The password is wrong, or the role may not connect.
    #[error("PostgreSQL at {at} refuses “{user}”: {reason}. Correct the user and the password in the database's URL")]
    Denied {
        /// Where.
        at: String,
        /// As whom.
        user: String,
        /// What the database said.
        reason: String,
    },
    /// The server is there, the database is not.
    #[error("there is no such database: {at}. Create it (CREATE DATABASE … ENCODING 'UTF8'), or correct the database's URL")]
    NoDatabase {
        /// Where.
        at: String,
    },
    /// The role may not make the tables.
    #[error("“{user}” may not make tables in {at}: {reason}. Make that role the owner of the database")]
    NotAllowed {
        /// Where.
        at: String,
        /// As whom.
        user: String,
        /// What the database said.
        reason: String,
    },
    /// The database can't keep every text.
    #[error("{at} keeps text as {encoding}. Create the database with ENCODING 'UTF8'")]
    NotUtf8 {
        /// Where.
        at: String,
        /// Its encoding.
        encoding: String,
    },
    /// A later comanda has written it.
    #[error(
        "{at} was written by a newer comanda (its schema is {found}, this one knows {known}). Run that version or a later one"
    )]
    NewerSchema {
        /// Where.
        at: String,
        /// The newest migration that the database has had.
        found: i64,
        /// The newest migration that this program knows.
        known: i64,
    },
    /// Anything else.
    #[error("can't open the log in {at}: {reason}")]
    Failed {
        /// Where.
        at: String,
        /// What the database said.
        reason: String,
    },
}

/// Which database, as whom. Its password is shown to nobody.
#[derive(Clone)]
pub(super) struct Database {
    options: PgConnectOptions,
    /// Host, port and database.
    at: String,
    /// Which log it was when it was opened.
    opened: Arc<Opened>,
}

/// Which log a database held when it was opened, and whether it was found to hold another since.
#[derive(Default)]
struct Opened {
    epoch: OnceLock<Epoch>,
    is_another: Notify,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.at).finish()
    }
}

/// A connection that is kept for the next.
pub(super) struct Kept {
    connection: PgConnection,
    since: Instant,
}

impl Kept {
    pub(super) fn new(connection: PgConnection) -> Self {
        Self { connection, since: Instant::now() }
    }

    pub(super) async fn close(self) {
        if let Ok(Err(error)) = timeout(CLOSE_WITHIN, self.connection.close()).await {
            tracing::debug!(%error, "a connection did not close; nothing that was committed is lost");
        }
    }
}

impl Database {
    pub(super) fn parse(url: &str) -> Result<Self, ConnectError> {
        let bad = |reason: String| ConnectError::BadUrl { reason };
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(bad("it does not begin with postgres://".to_owned()));
        }
        let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters).split('&').filter(|one| !one.is_empty());
        for key in parameters.map(|one| one.split('=').next().unwrap_or_default()) {
            if !PARAMETERS.contains(&key) {
                return Err(bad(format!("“{key}” is none of {}", PARAMETERS.join(", "))));
            }
        }
        let options = PgConnectOptions::from_str(url).map_err(|error| bad(error.to_string()))?;
        let options = match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("comanda"),
        };
        let options = options.disable_statement_logging().options(ANY_SESSION);
        let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |socket| socket.display().to_string());
        // As PostgreSQL has it: without a name, the database is called as its user.
        let database = options.get_database().unwrap_or_else(|| options.get_username());
        let at = format!("{host}:{}/{database}", options.get_port());
        Ok(Self { options, at, opened: Arc::default() })
    }

    /// A connection for reading and writing: the one that was kept, if it is sound, or else a new one.
    pub(super) async fn connect(&self, kept: Option<Kept>) -> sqlx::Result<PgConnection> {
        if let Some(Kept { mut connection, since }) = kept
            && (since.elapsed() < RESTED_AFTER || matches!(timeout(PING_WITHIN, connection.ping()).await, Ok(Ok(()))))
        {
            return Ok(connection);
        }
        let mut connection = within(CONNECT_WITHIN, self.options.clone().options(SESSION).connect()).await?;
        let Some(opened) = self.opened.epoch.get() else { return Ok(connection) };
        // A database that was away may have come back as another: from a backup, or from a standby that lacks the last.
        if within(CONNECT_WITHIN, epoch_of(&mut connection)).await? != *opened {
            self.opened.is_another.notify_one();
            return Err(sqlx::Error::Configuration(format!("{} holds another log than when it was opened", self.at).into()));
        }
        Ok(connection)
    }

    /// Returns when the database is found to hold another log than when it was opened: what is known of that one here may
    /// never have happened there.
    pub(super) async fn is_another(&self) -> String {
        self.opened.is_another.notified().await;
        format!("{} was restored from a backup, or a standby took over", self.at)
    }

    /// Makes what is missing; then the first connection, for the writer.
    async fn prepare(&self) -> Result<(Kept, Epoch), ConnectError> {
        let told = |error: sqlx::Error| self.told(&error);
        let mut connection = within(CONNECT_WITHIN, self.options.connect()).await.map_err(told)?;
        let setting = "SELECT current_setting('server_encoding'), current_setting('fsync')";
        let (encoding, fsync): (String, String) =
            within(CONNECT_WITHIN, sqlx::query_as(setting).fetch_one(&mut connection)).await.map_err(told)?;
        if encoding != "UTF8" {
            return Err(ConnectError::NotUtf8 { at: self.at.clone(), encoding });
        }
        if fsync != "on" {
            tracing::warn!(database = self.at, "PostgreSQL runs with fsync off: a power cut can undo what was acknowledged");
        }
        self.migrate(&mut connection).await?;
        let epoch = within(CONNECT_WITHIN, epoch_of(&mut connection)).await.map_err(told)?;
        let epoch = self.opened.epoch.get_or_init(|| epoch).clone();
        Kept::new(connection).close().await;
        Ok((self.connect(None).await.map(Kept::new).map_err(told)?, epoch))
    }

    /// One server at a time: sqlx takes an advisory lock.
    async fn migrate(&self, connection: &mut PgConnection) -> Result<(), ConnectError> {
        let failed = |reason: String| ConnectError::Failed { at: self.at.clone(), reason };
        let make = async {
            MIGRATIONS.run_direct(None, &mut *connection, false).await?;
            sqlx::raw_sql(SNAPSHOTS).execute(connection).await?;
            Ok(())
        };
        let Ok(migrated) = timeout(MIGRATE_WITHIN, make).await else {
            return Err(failed("its tables are not made; another server that makes them may hang".to_owned()));
        };
        match migrated {
            Ok(()) => Ok(()),
            Err(MigrateError::VersionMissing(found)) => {
                let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
                Err(ConnectError::NewerSchema { at: self.at.clone(), found, known })
            }
            Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(self.told(&error)),
            Err(other) => Err(failed(other.to_string())),
        }
    }

    /// Tells PostgreSQL's codes (<https://www.postgresql.org/docs/current/errcodes-appendix.html>) as what
    /// an operator can do.
    fn told(&self, error: &sqlx::Error) -> ConnectError {
        let (at, user) = (self.at.clone(), self.options.get_username().to_owned());
        let reason = error.to_string();
        match error {
            // TLS that does not come about: what is there is not what was asked for.
            sqlx::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => ConnectError::Failed { at, reason },
            sqlx::Error::Io(_) => ConnectError::Unreachable { at, reason },
            sqlx::Error::Database(error) => match error.code().as_deref() {
                Some("28000" | "28P01") => ConnectError::Denied { at, user, reason },
                Some("3D000") => ConnectError::NoDatabase { at },
                Some("42501") => ConnectError::NotAllowed { at, user, reason },
                // It starts, it stops, it has no room for another connection right now.
                Some("57P01" | "57P02" | "57P03" | "53300") => ConnectError::Unreachable { at, reason },
                _ => ConnectError::Failed { at, reason },
            },
            _ => ConnectError::Failed { at, reason },
        }
    }
}

/// What a restored copy of the log does not share with the log: the tables that hold it, in which database, and where the
/// system tells, of which installation and after which point of its history.
const MARKS: &str = "
    SELECT 'streams'::regclass::oid::text, 'events'::regclass::oid::text,
        (SELECT oid::text FROM pg_database WHERE datname = current_database())";
const MORE_MARKS: &str = "
    SELECT system.system_identifier::text, checkpoint.timeline_id::text
    FROM pg_control_system() AS system, pg_control_checkpoint() AS checkpoint";

async fn epoch_of(connection: &mut PgConnection) -> sqlx::Result<Epoch> {
    let marks: (String, String, String) = sqlx::query_as(MARKS).fetch_one(&mut *connection).await?;
    let more: (String, String) = match sqlx::query_as(MORE_MARKS).fetch_one(&mut *connection).await {
        Ok(more) => more,
        // Who may not ask this is told nothing, which is as good as nearly always.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => Default::default(),
        Err(error) => return Err(error),
    };
    Ok(Epoch::of(&[&"postgres", &marks.0, &marks.1, &marks.2, &more.0, &more.1]))
}

/// The writer's store and the readers' connections, once the database is there and has its tables; and which log it is.
pub(super) async fn open(url: &str, patience: Duration) -> Result<(PostgresStore, Readers, Epoch), ConnectError> {
    let database = Database::parse(url)?;
    let asked = Instant::now();
    loop {
        match database.prepare().await {
            Ok((writing, epoch)) => {
                return Ok((PostgresStore::new(database.clone(), writing), Readers::new(database), epoch));
            }
            Err(ConnectError::Unreachable { at, reason }) if asked.elapsed() + LOOK_EVERY < patience => {
                tracing::warn!(database = at, reason, "PostgreSQL can't be reached yet; waiting for it");
                sleep(LOOK_EVERY).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Waits so long and no longer; then whatever was under way is dropped.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "it does not answer").into()))
}
