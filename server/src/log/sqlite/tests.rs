//! What is particular to SQLite: files, a full disk, another process.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::time::timeout;

use super::open::{DATABASE, Limits};
use super::*;
use crate::log::contract::words::{all, append, commit, event, numbered, one, seating, tasca, texts, venue};
use crate::log::contract::{Log, Maker, broken_promises};
use crate::log::migrations::migrator;

fn a_dir() -> TempDir {
    tempfile::tempdir().expect("a test may write somewhere")
}

async fn open(dir: &Path) -> SqliteLog {
    SqliteLog::open(dir).await.expect("the log opens")
}

/// Another connection to the log's file, as an operator's tool would have it.
async fn outside(dir: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(dir.join(DATABASE)).connect().await.expect("the file opens")
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> sqlx::Result<()> {
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ())
}

async fn assert_sound(dir: &Path) {
    let found: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut outside(dir).await).await.expect("the file can be checked");
    assert_eq!(found, "ok");
}

/// Logs in directories of their own, which last as long as this.
#[derive(Default)]
struct InFiles(Mutex<Vec<TempDir>>);

impl InFiles {
    fn last_dir(&self) -> std::path::PathBuf {
        self.0.lock().expect("no check panics here").last().expect("a log was made").path().to_owned()
    }
}

#[async_trait]
impl Maker for InFiles {
    async fn fresh(&self) -> Log {
        let dir = a_dir();
        let log = open(dir.path()).await;
        self.0.lock().expect("no check panics here").push(dir);
        Arc::new(log)
    }

    async fn reopen(&self, log: Log) -> Option<Log> {
        log.close().await;
        Some(Arc::new(open(&self.last_dir()).await))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_in_a_file_keeps_every_promise() {
    let files = InFiles::default();
    assert_eq!(broken_promises(&files).await, []);
    assert_sound(&files.last_dir()).await;
}

#[tokio::test]
async fn many_commits_at_once_share_their_transactions() {
    let dir = a_dir();
    let log = open(dir.path()).await;
    let commits = (0..512).map(|n| log.commit(one(&seating(n), 0, numbered("s", 1..=2))));
    assert!(join_all(commits).await.into_iter().all(|outcome| outcome.is_ok()));
    let counts = log.counts();
    assert_eq!((counts.commits, counts.events), (512, 1_024));
    assert!(counts.batches <= 8, "{counts:?}");
}

#[tokio::test]
async fn a_commit_that_conflicts_leaves_its_neighbours_alone() {
    let dir = a_dir();
    let log = open(dir.path()).await;
    let (stay, other) = (seating(1), seating(2));
    let stranger = Commit { venue: venue("adega"), appends: vec![append(&stay, 1, numbered("s", [2]))] };
    let outcomes = join_all([
        log.commit(one(&stay, 0, numbered("s", [1]))),
        log.commit(one(&stay, 0, numbered("late", [1]))),
        log.commit(commit([append(&other, 0, numbered("o", [1])), append(&stay, 5, numbered("early", [6]))])),
        log.commit(stranger),
        log.commit(one(&stay, 1, numbered("s", [2]))),
        log.commit(one(&other, 0, numbered("o", [2]))),
    ])
    .await;
    let malformed = Err(LogError::Malformed("a stream belongs to another venue"));
    let conflict = || Err(LogError::Conflict);
    assert_eq!(outcomes, [Ok(()), conflict(), conflict(), malformed, Ok(()), Ok(())]);
    assert_eq!(log.counts().batches, 1, "they were in one batch");

    let log: Log = Arc::new(log);
    assert_eq!(all(&log, &stay).await, Ok(texts(&numbered("s", 1..=2))));
    assert_eq!(all(&log, &other).await, Ok(texts(&numbered("o", [2]))));
    assert_eq!(log.venues().await, Ok(vec![tasca()]), "a refused commit leaves no venue behind");
}

#[tokio::test]
async fn a_full_disk_refuses_commits_lets_reads_go_on_and_recovers() {
    let dir = a_dir();
    let max_pages = Arc::new(AtomicU32::new(60));
    let (store, readers, held) = open::open(dir.path(), Limits { max_pages: Arc::clone(&max_pages) }).await.expect("it opens");
    let log = SqliteLog { writer: GroupCommit::start(store), readers, held };
    let body = event(&format!("\"{}\"", "x".repeat(3_000)));
    let next = |n: u64| one(&seating(u128::from(n)), 0, vec![body.clone(); 2]);

    let mut saved = 0;
    let full = loop {
        match log.commit(next(saved)).await {
            Ok(()) => saved += 1,
            Err(error) => break error,
        }
        assert!(saved < 1_000, "the disk is never full");
    };
    assert_eq!(full, LogError::Unavailable("error returned from database: (code: 13) database or disk is full".to_owned()));
    assert!(saved > 3, "some commits fit");

    // Each of a batch is told, and again, and the page that answers for readiness knows.
    let refused = join_all((0..20).map(|n| log.commit(next(saved + n)))).await;
    assert_eq!(refused, vec![Err(full.clone()); 20]);
    assert_eq!(log.check().await, Err(full.clone()));
    for n in 0..saved {
        assert_eq!(log.read(&seating(u128::from(n)), 0).await.map(|events| events.len()), Ok(2), "reads go on");
    }
    assert_eq!(log.read(&seating(u128::from(saved)), 0).await.map(|events| events.len()), Ok(0), "nothing is half there");

    max_pages.store(0, SeqCst);
    assert_eq!(log.check().await, Ok(()), "there is room again");
    let retried = join_all((0..20).map(|n| log.commit(next(saved + n)))).await;
    assert_eq!(retried, vec![Ok(()); 20]);
    assert_sound(dir.path()).await;
    log.close().await;

    let log: Log = Arc::new(open(dir.path()).await);
    for n in 0..saved + 20 {
        assert_eq!(all(&log, &seating(u128::from(n))).await.map(|events| events.len()), Ok(2));
    }
}

#[tokio::test]
async fn reads_go_on_while_somebody_else_holds_the_write_lock() {
    let dir = a_dir();
    let log = open(dir.path()).await;
    let stay = seating(1);
    assert_eq!(log.commit(one(&stay, 0, numbered("s", [1]))).await, Ok(()));
    let mut backup = outside(dir.path()).await;
    execute(&mut backup, "BEGIN IMMEDIATE").await.expect("the lock is free");

    let mut waiting = std::pin::pin!(log.commit(one(&stay, 1, numbered("s", [2]))));
    assert!(timeout(Duration::from_millis(50), &mut waiting).await.is_err(), "the commit waits");
    assert_eq!(log.read(&stay, 0).await.map(|events| texts(&events)), Ok(texts(&numbered("s", [1]))));
    execute(&mut backup, "ROLLBACK").await.expect("it had begun");
    assert_eq!(waiting.await, Ok(()));
}

#[tokio::test]
async fn what_an_outsider_appended_conflicts_like_any_other() {
    let dir = a_dir();
    let log = open(dir.path()).await;
    let stay = seating(1);
    assert_eq!(log.commit(one(&stay, 0, numbered("s", [1]))).await, Ok(()));
    let mut tool = outside(dir.path()).await;
    execute(&mut tool, "INSERT INTO events VALUES (1, 2, '2')").await.expect("it follows the last");
    for (what, refused) in [
        ("a gap", "INSERT INTO events VALUES (1, 4, '4')"),
        ("a version twice", "INSERT INTO events VALUES (1, 2, '2')"),
        ("a beginning after 1", "INSERT INTO streams VALUES (2, 'tasca', 'x'); INSERT INTO events VALUES (2, 2, '2')"),
        ("a stream that isn't there", "INSERT INTO events VALUES (9, 1, '1')"),
    ] {
        assert!(execute(&mut tool, refused).await.is_err(), "the schema refuses {what}");
    }
    assert_eq!(log.commit(one(&stay, 1, numbered("s", [2]))).await, Err(LogError::Conflict));
    assert_eq!(log.commit(one(&stay, 2, numbered("s", [3]))).await, Ok(()));
}

#[tokio::test]
async fn a_damaged_stream_is_told_and_not_passed_on() {
    let dir = a_dir();
    let log = open(dir.path()).await;
    for n in 1..=2 {
        assert_eq!(log.commit(one(&seating(n), 0, numbered("s", 1..=3))).await, Ok(()));
    }
    let mut tool = outside(dir.path()).await;
    execute(&mut tool, "DELETE FROM events WHERE stream = 1 AND version = 2").await.expect("nothing refuses");
    execute(&mut tool, "UPDATE events SET body = '[' WHERE stream = 2 AND version = 3").await.expect("nothing refuses");
    let missing = LogError::Damaged(format!("{}: event 2 is missing", seating(1)));
    let unreadable = LogError::Damaged(format!("{}: event 3 can't be read", seating(2)));
    for (stream, damaged) in [(seating(1), missing), (seating(2), unreadable)] {
        assert_eq!(log.read(&stream, 0).await.map(|events| events.len()), Err(damaged.clone()));
        assert_eq!(log.read_several(&[(stream, 0)]).await.map(|streams| streams.len()), Err(damaged));
    }
}

#[tokio::test]
async fn the_writer_waits_for_the_disk_and_readers_only_read() {
    let dir = a_dir();
    let (mut store, readers, _held) = open::open(dir.path(), Limits::default()).await.expect("it opens");
    // The first connection is taken; the second is what the writer opens after a failure.
    for _ in 0..2 {
        let mut connection = store.connect().await.expect("it connects");
        for (pragma, due) in [("PRAGMA synchronous", 2), ("PRAGMA fullfsync", 1), ("PRAGMA foreign_keys", 1)] {
            let found: i64 = sqlx::query_scalar(pragma).fetch_one(&mut connection).await.expect("it answers");
            assert_eq!(found, due, "{pragma}");
        }
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await.expect("it answers");
        assert_eq!(mode, "wal");
    }
    assert!(sqlx::query("DELETE FROM events").execute(&readers).await.is_err());
}

/// Why a log does not open.
async fn refusal(dir: &Path) -> OpenError {
    match SqliteLog::open(dir).await {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_directory_in_use_is_told_and_free_once_closed() {
    let dir = a_dir();
    let log = open(dir.path()).await;
    let refused = refusal(dir.path()).await;
    assert!(matches!(refused, OpenError::Held { .. }), "{refused}");
    assert!(refused.to_string().contains("in use by another comanda. Stop that one first"), "{refused}");
    log.close().await;
    open(dir.path()).await.close().await;
}

#[tokio::test]
async fn a_directory_that_is_missing_is_made() {
    let dir = a_dir();
    let deep = dir.path().join("var/lib/comanda");
    open(&deep).await.close().await;
    assert!(deep.join(DATABASE).is_file());
}

#[tokio::test]
async fn a_place_that_can_not_be_written_is_told() {
    let dir = a_dir();
    let file = dir.path().join("file");
    fs::write(&file, "not a directory").expect("a test may write");
    let occupied = dir.path().join("occupied");
    fs::create_dir_all(occupied.join(DATABASE)).expect("a test may write");
    let mut places = vec![file.join("below"), file, occupied];
    if cfg!(target_os = "linux") {
        // A file system that lets nobody make anything, not even root.
        places.push("/proc/comanda".into());
        places.push("/proc/self".into());
    }
    for place in places {
        let refused = refusal(&place).await;
        assert!(matches!(refused, OpenError::NotWritable { .. }), "{refused}");
        assert!(refused.to_string().contains("choose another directory"), "{refused}");
    }
}

#[tokio::test]
async fn a_disk_too_full_to_begin_on_is_told() {
    let dir = a_dir();
    let limits = Limits { max_pages: Arc::new(AtomicU32::new(2)) };
    let refused = open::open(dir.path(), limits).await.map(|_| ()).expect_err("two pages are not enough");
    assert!(matches!(refused, OpenError::Full { .. }), "{refused}");
}

#[tokio::test]
async fn a_file_that_is_something_else_is_told_and_left_alone() {
    let dir = a_dir();
    let file = dir.path().join(DATABASE);
    let text = "Dear diary, ".repeat(1_000);
    fs::write(&file, &text).expect("a test may write");
    let refused = refusal(dir.path()).await;
    assert!(matches!(refused, OpenError::NotADatabase { .. }), "{refused}");
    assert_eq!(fs::read_to_string(&file).ok(), Some(text));
}

#[tokio::test]
async fn a_file_of_the_first_release_is_taken_along() {
    let dir = a_dir();
    let options = SqliteConnectOptions::new().filename(dir.path().join(DATABASE)).create_if_missing(true);
    let mut first = options.connect().await.expect("the file opens");
    let streams = (1, "streams", include_str!("../../../migrations/sqlite/0001_streams.sql"));
    migrator(&[streams]).run_direct(None, &mut first, false).await.expect("its tables are made");
    let filled = "INSERT INTO venues VALUES ('tasca');
                  INSERT INTO streams VALUES (1, 'tasca', 'floor/tasca');
                  INSERT INTO events VALUES (1, 1, '[\"floor\", 0]')";
    execute(&mut first, filled).await.expect("nothing refuses");
    first.close().await.expect("it closes");
    let log: Log = Arc::new(open(dir.path()).await);
    let floor = StreamId::Floor(tasca());
    assert_eq!(all(&log, &floor).await, Ok(texts(&numbered("floor", [0]))));
    let kept = Snapshot { stream: floor.clone(), rules: "ours".into(), version: 1, state: event("{}") };
    assert_eq!(log.keep(kept).await, Ok(()));
    assert_eq!(log.snapshot(&floor, "ours").await.map(|kept| kept.map(|kept| kept.version)), Ok(Some(1)));
}

#[tokio::test]
async fn a_file_from_a_newer_comanda_is_told() {
    let dir = a_dir();
    open(dir.path()).await.close().await;
    let mut newer = outside(dir.path()).await;
    let migration = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                     VALUES (99, 'what is to come', true, x'00', 0)";
    execute(&mut newer, migration).await.expect("nothing refuses");
    newer.close().await.expect("it closes");
    let refused = refusal(dir.path()).await;
    assert!(matches!(refused, OpenError::NewerSchema { found: 99, known: 1, .. }), "{refused}");
}
