//! The steps from one release's tables to the next one's, each in a file under `server/migrations/`.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Steps in their order: number, what the step is called, and its SQL. A step that was released is never edited: the
/// database holds its checksum.
pub(super) fn migrator(steps: &[(i64, &'static str, &'static str)]) -> Migrator {
    let step = |&(number, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.iter().map(step).collect())
}
