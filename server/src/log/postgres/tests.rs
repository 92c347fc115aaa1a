//! What is particular to PostgreSQL: many servers on one database, and all that can happen between.

mod faults;
mod place;
mod refusals;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use futures::future::join_all;

use super::*;
use crate::log::Append;
use crate::log::contract::words::{all, append, commit, numbered, one, seating, tasca, texts, venue};
use crate::log::contract::{Log, Maker, broken_promises};
use place::Place;

/// Longer than anything here takes on a machine that has much else to do.
const LONG: Duration = Duration::from_secs(120);

async fn open(url: &str) -> PostgresLog {
    PostgresLog::open_within(url, LONG).await.expect("the log opens")
}

/// Whether to ask again.
fn is_unavailable_yet<T>(answer: &Result<T, LogError>, asked: Instant) -> bool {
    matches!(answer, Err(LogError::Unavailable(_))) && asked.elapsed() < LONG
}

/// Several servers' logs on one database. Whoever asks gets the next: each race is one between servers.
///
/// A log may say at any time that it is unavailable, where the machine is too busy to answer soon, and whoever is
/// told so asks again. That is done here, so that what is checked is what the log promises, and not how soon.
struct InTurn {
    logs: Vec<PostgresLog>,
    asked: AtomicUsize,
}

impl InTurn {
    async fn open(url: &str, servers: usize) -> Self {
        let mut logs = Vec::new();
        for _ in 0..servers {
            logs.push(open(url).await);
        }
        Self { logs, asked: AtomicUsize::new(0) }
    }

    fn next(&self) -> &PostgresLog {
        &self.logs[self.asked.fetch_add(1, Relaxed) % self.logs.len()]
    }

    /// Whether a commit has happened: it is bound to its versions, so it is there or nowhere.
    async fn has_happened(&self, commit: &Commit) -> Result<bool, LogError> {
        let Some(Append { stream, expected, events }) = commit.appends.first() else { return Ok(false) };
        let found = self.read(stream, *expected).await?;
        Ok(texts(&found).starts_with(&texts(events)))
    }
}

#[async_trait]
impl EventLog for InTurn {
    async fn commit(&self, commit: Commit) -> Result<(), LogError> {
        let (asked, mut is_first) = (Instant::now(), true);
        loop {
            match self.next().commit(commit.clone()).await {
                answer if is_unavailable_yet(&answer, asked) => is_first = false,
                // An earlier sending, whose outcome nobody knew, was first.
                Err(LogError::Conflict) if !is_first && self.has_happened(&commit).await? => return Ok(()),
                answer => return answer,
            }
        }
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError> {
        let asked = Instant::now();
        loop {
            let answer = self.next().read(stream, after).await;
            if !is_unavailable_yet(&answer, asked) {
                return answer;
            }
        }
    }

    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        let asked = Instant::now();
        loop {
            let answer = self.next().read_several(from).await;
            if !is_unavailable_yet(&answer, asked) {
                return answer;
            }
        }
    }

    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError> {
        let asked = Instant::now();
        loop {
            let answer = self.next().snapshot(stream, rules).await;
            if !is_unavailable_yet(&answer, asked) {
                return answer;
            }
        }
    }

    async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError> {
        let asked = Instant::now();
        loop {
            let answer = self.next().keep(snapshot.clone()).await;
            if !is_unavailable_yet(&answer, asked) {
                return answer;
            }
        }
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        let asked = Instant::now();
        loop {
            let answer = self.next().heads(streams).await;
            if !is_unavailable_yet(&answer, asked) {
                return answer;
            }
        }
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        let asked = Instant::now();
        loop {
            let answer = self.next().venues().await;
            if !is_unavailable_yet(&answer, asked) {
                return answer;
            }
        }
    }

    fn epoch(&self) -> &Epoch {
        self.logs[0].epoch()
    }

    async fn check(&self) -> Result<(), LogError> {
        let asked = Instant::now();
        loop {
            let answer = self.next().check().await;
            if !is_unavailable_yet(&answer, asked) {
                return answer;
            }
        }
    }

    async fn close(&self) {
        join_all(self.logs.iter().map(PostgresLog::close)).await;
    }
}

/// Makes logs of so many servers, each in a database of its own.
struct OfServers {
    servers: usize,
    place: Arc<Place>,
    last: Mutex<String>,
}

impl OfServers {
    fn new(servers: usize) -> Self {
        Self { servers, place: Place::shared(), last: Mutex::default() }
    }
}

#[async_trait]
impl Maker for OfServers {
    async fn fresh(&self) -> Log {
        let url = self.place.database().await;
        self.last.lock().expect("no check panics here").clone_from(&url);
        Arc::new(InTurn::open(&url, self.servers).await)
    }

    async fn reopen(&self, log: Log) -> Option<Log> {
        log.close().await;
        let url = self.last.lock().expect("no check panics here").clone();
        Some(Arc::new(InTurn::open(&url, self.servers).await))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_in_a_database_keeps_every_promise() {
    assert_eq!(broken_promises(&OfServers::new(1)).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_on_one_database_keep_every_promise() {
    assert_eq!(broken_promises(&OfServers::new(3)).await, []);
}

#[tokio::test]
async fn many_commits_at_once_share_their_transactions() {
    let place = Place::shared();
    let log = open(&place.database().await).await;
    let commits = (0..512).map(|n| log.commit(one(&seating(n), 0, numbered("s", 1..=2))));
    assert!(join_all(commits).await.into_iter().all(|outcome| outcome.is_ok()));
    let counts = log.counts();
    assert_eq!((counts.commits, counts.events), (512, 1_024));
    assert!(counts.batches <= 8, "{counts:?}");
}

#[tokio::test]
async fn a_commit_that_conflicts_leaves_its_neighbours_alone() {
    let place = Place::shared();
    let log = open(&place.database().await).await;
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

/// Lets others always be first in the streams that a batch appends to after it has read their heads: what
/// they tell contains `rival`. What contains `locked` is needed by somebody who does not let go.
const RIVALS: &str = "
    CREATE FUNCTION rivals() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.body LIKE '%rival%' THEN RAISE unique_violation; END IF;
        IF NEW.body LIKE '%circle%' THEN RAISE deadlock_detected; END IF;
        IF NEW.body LIKE '%locked%' THEN RAISE lock_not_available; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER rivals BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION rivals()";

#[tokio::test]
async fn a_batch_that_loses_race_after_race_is_written_but_for_the_losers() {
    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    place.execute(&url, RIVALS).await.expect("a test may change its database");
    let outcomes = join_all((0..8).map(|n| {
        let what = ["fine", "rival", "fine", "circle"][n as usize % 4];
        log.commit(commit([append(&seating(n), 0, numbered("fine", [1])), append(&seating(8 + n), 0, numbered(what, [1]))]))
    }))
    .await;
    let due = |n: usize| if n.is_multiple_of(2) { Ok(()) } else { Err(LogError::Conflict) };
    assert_eq!(outcomes, (0..8).map(due).collect::<Vec<_>>());
    assert_eq!(log.counts().batches, 1, "they were in one batch");
    let asked: Vec<_> = (0..16).map(seating).collect();
    let written = asked.iter().step_by(2).map(|stream| (stream.clone(), 1)).collect();
    assert_eq!(log.heads(&asked).await, Ok(written));
}

#[tokio::test]
async fn what_somebody_holds_a_lock_on_costs_those_who_need_it_and_not_their_neighbours() {
    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    place.execute(&url, RIVALS).await.expect("a test may change its database");
    let what = ["fine", "locked", "rival", "fine"];
    let outcomes = join_all((0..).zip(what).map(|(n, what)| log.commit(one(&seating(n), 0, numbered(what, [1]))))).await;
    assert_eq!((outcomes[0].clone(), outcomes[2].clone(), outcomes[3].clone()), (Ok(()), Err(LogError::Conflict), Ok(())));
    assert!(matches!(outcomes[1], Err(LogError::Unavailable(_))), "{outcomes:?}");
    assert_eq!(log.counts().batches, 1, "they were in one batch");
}

#[tokio::test]
async fn the_schema_refuses_what_the_log_never_writes() {
    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    let stay = seating(1);
    assert_eq!(log.commit(one(&stay, 0, numbered("s", [1]))).await, Ok(()));
    place.execute(&url, "INSERT INTO events VALUES (1, 2, '2')").await.expect("it follows the last");
    for (what, refused) in [
        ("a gap", "INSERT INTO events VALUES (1, 4, '4')"),
        ("a gap within", "INSERT INTO events VALUES (1, 3, '3'), (1, 5, '5')"),
        ("a version twice", "INSERT INTO events VALUES (1, 2, '2')"),
        ("a version before the first", "INSERT INTO events VALUES (1, 0, '0')"),
        ("a beginning after 1", "INSERT INTO streams (venue, name) VALUES ('tasca', 'x'); INSERT INTO events VALUES (2, 2, '2')"),
        ("a stream that isn't there", "INSERT INTO events VALUES (9, 1, '1')"),
    ] {
        assert!(place.execute(&url, refused).await.is_err(), "the schema refuses {what}");
    }
    assert_eq!(log.commit(one(&stay, 1, numbered("s", [2]))).await, Err(LogError::Conflict));
    assert_eq!(log.commit(one(&stay, 2, numbered("s", [3]))).await, Ok(()));
}

#[tokio::test]
async fn a_damaged_stream_is_told_and_not_passed_on() {
    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    for n in 1..=2 {
        assert_eq!(log.commit(one(&seating(n), 0, numbered("s", 1..=3))).await, Ok(()));
    }
    for damage in
        ["DELETE FROM events WHERE stream = 1 AND version = 2", "UPDATE events SET body = '[' WHERE stream = 2 AND version = 3"]
    {
        place.execute(&url, damage).await.expect("nothing refuses");
    }
    let missing = LogError::Damaged(format!("{}: event 2 is missing", seating(1)));
    let unreadable = LogError::Damaged(format!("{}: event 3 can't be read", seating(2)));
    for (stream, damaged) in [(seating(1), missing), (seating(2), unreadable)] {
        assert_eq!(log.read(&stream, 0).await.map(|events| events.len()), Err(damaged.clone()));
        assert_eq!(log.read_several(&[(stream, 0)]).await.map(|streams| streams.len()), Err(damaged));
    }
}

#[tokio::test]
async fn queries_look_up_by_key_however_many_streams_there_are() {
    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    let database = open::Database::parse(&url).expect("it is a URL");
    let mut session = database.connect(None).await.expect("it connects");
    let asked: Vec<String> = (0..5_000).map(|n| seating(n).to_string()).collect();
    // One stream, when reading them all would be cheapest, and many, when joining with them all would be.
    for streams in [1, 20_000] {
        let filled = format!(
            "INSERT INTO venues VALUES ('tasca') ON CONFLICT DO NOTHING;
             INSERT INTO streams (venue, name) SELECT 'tasca', 'seating/' || n FROM generate_series(1, {streams}) AS n
                 ON CONFLICT DO NOTHING;
             INSERT INTO events SELECT id, 1, 'null' FROM streams ON CONFLICT DO NOTHING;
             ANALYZE"
        );
        place.execute(&url, &filled).await.expect("a test may fill its database");
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN {HEADS}"));
        let plan: Vec<String> = sqlx::query_scalar(explain).bind(&asked).fetch_all(&mut session).await.expect("it is explained");
        let plan = plan.join("\n");
        assert!(!plan.contains("Seq Scan") && !plan.contains("Hash") && !plan.contains("Merge"), "{plan}");
        assert!(plan.contains("Index Only Scan Backward using events_pkey"), "{plan}");
        assert!(plan.contains("Index Scan using streams_name_key"), "{plan}");
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN {EVENTS_OF_SEVERAL}"));
        let query = sqlx::query_scalar(explain).bind(&asked).bind(vec![0_i64; asked.len()]).bind(10_000_i64);
        let plan: Vec<String> = query.fetch_all(&mut session).await.expect("it is explained");
        let plan = plan.join("\n");
        assert!(!plan.contains("Seq Scan") && !plan.contains("Hash") && !plan.contains("Merge"), "{plan}");
        assert!(plan.contains("Index Scan using events_pkey") && plan.contains("streams_name_key"), "{plan}");
    }
    log.close().await;
}

#[tokio::test]
async fn a_database_that_came_back_as_another_is_found_out() {
    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    commit_one(&log, 0, "before").await.expect("it is written");
    // A restart is no restore.
    let cut =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    place.execute(&url, cut).await.expect("a test may end sessions");
    let asked = Instant::now();
    while is_unavailable_yet(&log.read(&seating(1), 0).await, asked) {}
    assert!(tokio::time::timeout(Duration::from_millis(50), log.is_lost()).await.is_err());
    // What `pg_restore --clean` does: the tables are made anew, from what they were some time ago.
    let restored = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
    place.execute(&url, &format!("{restored}; {cut}")).await.expect("a test may empty its database");
    let other = open(&url).await;
    assert_ne!(other.epoch(), log.epoch());
    let lost = tokio::time::timeout(LONG, async {
        tokio::join!(log.is_lost(), async {
            // Nothing is read of the other log, and nothing written into it, as if it were the one before.
            for _ in 0..3 {
                assert!(log.read(&seating(1), 0).await.is_err());
                assert!(commit_one(&log, 1, "after").await.is_err());
            }
        })
    });
    assert!(lost.await.expect("it is noticed").0.contains("restored"));
    assert_eq!(other.read(&seating(1), 0).await.map(|events| events.len()), Ok(0));
}

async fn commit_one(log: &PostgresLog, expected: Version, text: &str) -> Result<(), LogError> {
    log.commit(one(&seating(1), expected, numbered(text, [expected]))).await
}
