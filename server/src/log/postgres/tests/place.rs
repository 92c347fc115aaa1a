//! Where the tests' databases are: one PostgreSQL for all tests that run at the time.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use services::Postgres;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use tempfile::TempDir;

/// Whoever comes first starts it, whoever goes last drops it: a static's own destructor never runs.
static SHARED: Mutex<Weak<Place>> = Mutex::new(Weak::new());

/// A PostgreSQL, and the directory it lives in.
pub(super) struct Place {
    pub(super) postgres: Postgres,
    databases: AtomicUsize,
    _dir: TempDir,
}

impl Place {
    /// One that only this test has, to kill and freeze.
    pub(super) fn own() -> Self {
        let dir = tempfile::tempdir().expect("a test may write somewhere");
        // PostgreSQL may run as somebody else.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).expect("it is ours");
        let postgres = Postgres::start(&dir.path().join("postgres")).expect("PostgreSQL starts");
        Self { postgres, databases: AtomicUsize::new(0), _dir: dir }
    }

    /// The one that tests share, each with databases of its own.
    pub(super) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let place = Arc::new(Self::own());
            *shared = Arc::downgrade(&place);
            place
        })
    }

    /// The URL of a new database.
    pub(super) async fn database(&self) -> String {
        self.database_with("").await
    }

    /// The same, made with options.
    pub(super) async fn database_with(&self, options: &str) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Relaxed));
        let made = self.execute(&self.postgres.url("postgres"), &format!("CREATE DATABASE {name} {options}")).await;
        made.expect("a database is made");
        self.postgres.url(&name)
    }

    /// Does something in a database that the log would not.
    pub(super) async fn execute(&self, url: &str, sql: &str) -> sqlx::Result<()> {
        let mut session = PgConnection::connect(url).await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await?;
        session.close().await
    }
}
