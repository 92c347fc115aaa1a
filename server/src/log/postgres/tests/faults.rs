//! A database that dies, freezes, is cut off; a server that freezes.

use services::Piece as _;
use sqlx::Executor as _;
use std::io;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::*;

/// What a caller waits for at most: every bound of the log's together, some 12 s, and a busy machine. Far less than
/// the minutes after which TCP tells.
const A_WHILE: Duration = Duration::from_secs(45);

/// Asks again until something is so.
async fn until<T>(what: &str, mut so: impl AsyncFnMut() -> Option<T>) -> T {
    let waited = async {
        loop {
            match so().await {
                Some(found) => return found,
                None => sleep(Duration::from_millis(20)).await,
            }
        }
    };
    timeout(LONG, waited).await.unwrap_or_else(|_| panic!("it is never so: {what}"))
}

fn is_unavailable<T>(outcome: &Result<T, LogError>) -> bool {
    matches!(outcome, Err(LogError::Unavailable(_)))
}

/// How many append while the database dies.
const WRITERS: usize = 16;

/// One who appends to a stream of its own, and knows what it was told.
struct Diligent {
    log: Arc<PostgresLog>,
    stream: StreamId,
    acknowledged: u64,
    refused: u64,
    /// How many writers have been refused.
    refused_writers: Arc<AtomicUsize>,
}

impl Diligent {
    /// Appends the next event; where it is told that it can't, it reads again, as the service does.
    async fn append(&mut self) {
        let next = one(&self.stream, self.acknowledged, numbered("kept", [self.acknowledged]));
        match timeout(A_WHILE, self.log.commit(next)).await.expect("it is answered soon") {
            Ok(()) => self.acknowledged += 1,
            Err(LogError::Unavailable(_)) => {
                self.refused_writers.fetch_add(usize::from(self.refused == 0), Relaxed);
                self.refused += 1;
            }
            // A commit that was told unavailable has happened after all: nobody else writes here.
            Err(LogError::Conflict) => {
                let found = self.log.heads(std::slice::from_ref(&self.stream)).await;
                if let Ok(heads) = found {
                    assert_eq!(heads, [(self.stream.clone(), self.acknowledged + 1)]);
                    assert!(self.refused > 0, "a conflict with nobody");
                    self.acknowledged += 1;
                }
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_under_load_loses_nothing_that_was_acknowledged() {
    let mut place = Place::own();
    let url = place.database().await;
    let logs: Vec<_> = join_all((0..2).map(|_| open(&url))).await.into_iter().map(Arc::new).collect();
    let (is_back, seen) = watch::channel(false);
    let refused_writers = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            let (log, mut seen, refused_writers) = (Arc::clone(&logs[n % 2]), seen.clone(), Arc::clone(&refused_writers));
            let mut who = Diligent { log, stream: seating(n as u128), acknowledged: 0, refused: 0, refused_writers };
            tokio::spawn(async move {
                // Works until it is refused, which is while the database is away; works on after it is back.
                while who.refused == 0 {
                    who.append().await;
                }
                seen.wait_for(|is_back| *is_back).await.expect("the test goes on");
                let due = who.acknowledged + 10;
                let worked_on = async {
                    while who.acknowledged < due {
                        who.append().await;
                    }
                };
                timeout(LONG, worked_on).await.expect("it recovers by itself");
                who
            })
        })
        .collect();

    until("they have begun", async || (logs[0].counts().commits > 100).then_some(())).await;
    place.postgres.kill().expect("it runs");
    until("everybody is refused", async || (refused_writers.load(Relaxed) == WRITERS).then_some(())).await;
    assert!(is_unavailable(&logs[0].check().await) && is_unavailable(&logs[1].read(&seating(0), 0).await));
    let mut place = tokio::task::spawn_blocking(move || {
        place.postgres.start_again().expect("it starts");
        place
    })
    .await
    .expect("it starts");
    is_back.send_replace(true);

    for joined in join_all(writers).await {
        let who = joined.expect("no writer panics");
        let log: Log = who.log;
        assert_eq!(all(&log, &who.stream).await, Ok(texts(&numbered("kept", 0..who.acknowledged))));
    }

    // While nobody asks, a restart is not noticed at all: what rested is tried before it is used.
    sleep(open::RESTED_AFTER).await;
    let place = tokio::task::spawn_blocking(move || {
        place.postgres.stop().expect("it stops");
        place.postgres.start_again().expect("it starts");
        place
    })
    .await
    .expect("it starts");
    for log in &logs {
        assert_eq!(log.venues().await, Ok(vec![tasca()]));
        assert_eq!(log.commit(one(&seating(100), 0, numbered("s", [1]))).await.or_else(is_a_conflict), Ok(()));
    }
    drop(place);
}

fn is_a_conflict(error: LogError) -> Result<(), LogError> {
    if error == LogError::Conflict { Ok(()) } else { Err(error) }
}

/// A wire to a server, which a test can cut so that neither end is told.
struct Wire {
    port: u16,
    /// How many more bytes may pass towards the server; then nothing passes either way.
    allowance: watch::Sender<usize>,
    /// How many have passed towards the server.
    passed: watch::Sender<usize>,
}

/// The URL of the same database through a wire.
fn through(wire: &Wire, place: &Place, url: &str) -> String {
    url.replace(&format!(":{}/", place.postgres.port()), &format!(":{}/", wire.port))
}

impl Wire {
    async fn to(port: u16) -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a test may listen");
        let own = listener.local_addr().expect("it listens").port();
        let wire = Arc::new(Self { port: own, allowance: watch::Sender::new(usize::MAX), passed: watch::Sender::new(0) });
        let this = Arc::clone(&wire);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                let ((up, client), (down, server)) = (client.into_split(), server.into_split());
                tokio::spawn(Arc::clone(&this).carry(up, server, true));
                tokio::spawn(Arc::clone(&this).carry(down, client, false));
            }
        });
        wire
    }

    async fn carry(self: Arc<Self>, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, towards_server: bool) -> io::Result<()> {
        let mut bytes = [0; 4096];
        loop {
            let read = from.read(&mut bytes).await?;
            if read == 0 {
                return to.shutdown().await;
            }
            let mut rest = &bytes[..read];
            while !rest.is_empty() {
                // A wire that is cut keeps both ends waiting until it is mended.
                let allowed = *self.allowance.subscribe().wait_for(|allowed| *allowed > 0).await.map_err(io::Error::other)?;
                let now = if towards_server { rest.len().min(allowed) } else { rest.len() };
                to.write_all(&rest[..now]).await?;
                rest = &rest[now..];
                if towards_server {
                    self.passed.send_modify(|passed| *passed += now);
                    self.allowance.send_modify(|allowed| *allowed = allowed.saturating_sub(now));
                }
            }
        }
    }

    fn cut_after(&self, bytes: usize) {
        self.allowance.send_replace(bytes);
    }

    fn mend(&self) {
        self.allowance.send_replace(usize::MAX);
    }

    fn passed(&self) -> usize {
        *self.passed.borrow()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_cut_off_is_told_soon_and_back_when_it_is_back() {
    let place = Place::shared();
    let wire = Wire::to(place.postgres.port()).await;
    let url = place.database().await;
    let log = open(&through(&wire, &place, &url)).await;
    let stay = seating(1);
    assert_eq!(log.commit(one(&stay, 0, numbered("s", [1]))).await, Ok(()));
    assert_eq!(log.read(&stay, 0).await.map(|events| events.len()), Ok(1));

    wire.cut_after(0);
    let asked = Instant::now();
    let (committed, read, heads, venues, checked) = tokio::join!(
        log.commit(one(&stay, 1, numbered("s", [2]))),
        log.read(&stay, 0),
        log.heads(std::slice::from_ref(&stay)),
        log.venues(),
        log.check(),
    );
    assert!(asked.elapsed() < A_WHILE, "it took {:?}", asked.elapsed());
    assert!(is_unavailable(&committed), "{committed:?}");
    assert!(is_unavailable(&read) && is_unavailable(&heads) && is_unavailable(&venues) && is_unavailable(&checked));

    wire.mend();
    until("it reads again", async || log.read(&stay, 0).await.ok()).await;
    until("it writes again", async || log.check().await.ok()).await;
    let again = log.commit(one(&stay, 1, numbered("s", [2]))).await;
    assert_eq!(again.or_else(is_a_conflict), Ok(()), "it happens once: now, or when the wire was mended");
    let log: Log = Arc::new(log);
    assert_eq!(all(&log, &stay).await, Ok(texts(&numbered("s", 1..=2))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_freezes_in_the_middle_of_a_batch_holds_nobody_up() {
    let place = Place::shared();
    let url = place.database().await;
    let other = open(&url).await;
    let first =
        |n: u128| commit([append(&seating(n), 0, numbered("s", [1])), append(&seating(1_000 + n), 0, numbered("s", [1]))]);

    // How long such a batch is on the wire, once its statements are known to the session. Each session rests
    // before, so that each is tried first, on a machine of any speed.
    let rest = || sleep(open::RESTED_AFTER + Duration::from_millis(10));
    let wire = Wire::to(place.postgres.port()).await;
    let warm = open(&through(&wire, &place, &url)).await;
    assert_eq!(warm.commit(first(100)).await, Ok(()));
    rest().await;
    let before = wire.passed();
    assert_eq!(warm.commit(first(101)).await, Ok(()));
    let length = wire.passed() - before;

    // Frozen before it, within it, and when all of it was sent: nine times at once.
    let pieces = 8;
    let mut opened = Vec::new();
    for n in 0..=pieces {
        let wire = Wire::to(place.postgres.port()).await;
        // One after the other: to connect is work, and each has a time for it.
        let log = Arc::new(open(&through(&wire, &place, &url)).await);
        opened.push((n, wire, log));
    }
    let frozen = join_all(opened.into_iter().map(async |(n, wire, log)| {
        assert_eq!(log.commit(first(200 + n)).await, Ok(()));
        rest().await;
        let (due, before) = (length * n as usize / pieces as usize, wire.passed());
        wire.cut_after(due);
        let sent = tokio::spawn({
            let log = Arc::clone(&log);
            async move { log.commit(first(n)).await }
        });
        until("it is frozen there", async || (wire.passed() == before + due).then_some(())).await;
        (wire, sent)
    }))
    .await;
    // What was sent whole happens by itself, as soon as PostgreSQL comes to it; all the rest waits for who is frozen.
    let database = open::Database::parse(&url).expect("it is a URL");
    let mut session = database.connect(None).await.expect("it connects");
    let at_work = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND state <> 'idle' AND wait_event IS DISTINCT FROM 'ClientRead'";
    let mut is_quiet = async || sqlx::query_scalar::<_, i64>(at_work).fetch_one(&mut session).await.is_ok_and(|busy| busy == 0);
    until("nobody is at work", async || is_quiet().await.then_some(())).await;
    for n in 0..=pieces {
        let outcome = other.commit(first(n)).await;
        assert_eq!(outcome.or_else(is_a_conflict), Ok(()), "frozen after {n} of {pieces} parts");
    }

    // They thaw: whoever was first, each stream has one first event.
    for (n, (wire, sent)) in (0..).zip(frozen) {
        wire.mend();
        let outcome = sent.await.expect("no commit panics");
        assert!(outcome.is_ok() || outcome == Err(LogError::Conflict) || is_unavailable(&outcome), "{n}: {outcome:?}");
        let heads = other.heads(&[seating(n), seating(1_000 + n)]).await;
        assert_eq!(heads, Ok(vec![(seating(n), 1), (seating(1_000 + n), 1)]));
    }
}

#[tokio::test]
async fn who_holds_a_lock_holds_it_not_for_long() {
    let place = Place::shared();
    let url = place.database().await;
    let log = open(&url).await;
    let stay = seating(1);
    assert_eq!(log.commit(one(&stay, 0, numbered("s", [1]))).await, Ok(()));
    // A session like the log's own, frozen within a transaction.
    let database = open::Database::parse(&url).expect("it is a URL");
    let mut frozen = database.connect(None).await.expect("it connects");
    frozen.execute("BEGIN; INSERT INTO events VALUES (1, 2, '\"frozen\"')").await.expect("it follows the last");

    let needs_it = log.commit(one(&stay, 1, numbered("s", [2]))).await;
    // PostgreSQL may have ended the frozen one in time.
    assert!(needs_it.is_ok() || is_unavailable(&needs_it), "{needs_it:?}");
    until("it is free again", async || match log.commit(one(&stay, 1, numbered("s", [2]))).await {
        Ok(()) | Err(LogError::Conflict) => Some(()),
        _ => None,
    })
    .await;
    let log: Log = Arc::new(log);
    assert_eq!(all(&log, &stay).await, Ok(texts(&numbered("s", 1..=2))), "what the frozen one had begun is gone");
}

#[tokio::test]
async fn a_log_that_is_closed_is_unavailable() {
    let place = Place::shared();
    let log = open(&place.database().await).await;
    assert_eq!(log.venues().await, Ok(vec![]));
    let (waiting, ()) = tokio::join!(log.commit(one(&seating(1), 0, numbered("s", [1]))), log.close());
    assert_eq!(waiting, Ok(()), "what waited is finished");
    assert!(is_unavailable(&log.commit(one(&seating(2), 0, numbered("s", [1]))).await));
    assert!(is_unavailable(&log.read(&seating(1), 0).await) && is_unavailable(&log.check().await));
}
