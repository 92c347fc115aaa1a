//! The writer's queue, with a store that waits and fails when a test says so.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use futures::future::join_all;
use tokio::sync::Semaphore;

use super::*;
use crate::log::admit::{Heads, admit};
use crate::log::contract::words::{event, numbered, one, seating};

/// What a test holds of a [`Gated`] store.
#[derive(Debug, Clone)]
struct Gate {
    /// A permit for each write.
    writes: Arc<Semaphore>,
    fails: Arc<AtomicBool>,
    /// How many commits each write had.
    batches: Arc<Mutex<Vec<usize>>>,
}

struct Gated {
    gate: Gate,
    heads: Heads,
}

impl BatchStore for Gated {
    async fn write(&mut self, batch: &[Commit]) -> Result<Outcomes, String> {
        self.gate.batches.lock().expect("no test panics while it looks").push(batch.len());
        self.gate.writes.acquire().await.expect("the gate is never removed").forget();
        self.probe().await?;
        Ok(batch.iter().map(|commit| admit(&mut self.heads, commit)).collect())
    }

    async fn keep(&mut self, _snapshot: &Snapshot) -> Result<(), String> {
        self.probe().await
    }

    async fn probe(&mut self) -> Result<(), String> {
        if self.gate.fails.load(SeqCst) { Err("the disk is full".to_owned()) } else { Ok(()) }
    }

    async fn close(self) {
        self.gate.writes.close();
    }
}

fn start(permits: usize) -> (Arc<GroupCommit>, Gate) {
    let gate = Gate { writes: Arc::new(Semaphore::new(permits)), fails: Arc::default(), batches: Arc::default() };
    (Arc::new(GroupCommit::start(Gated { gate: gate.clone(), heads: Heads::new() })), gate)
}

impl Gate {
    fn batches(&self) -> Vec<usize> {
        self.batches.lock().expect("no test panics while it looks").clone()
    }

    fn open(&self) {
        self.writes.add_permits(1_000);
    }
}

/// Sends a commit, to be answered later.
fn send(log: &Arc<GroupCommit>, commit: Commit) -> tokio::task::JoinHandle<Result<(), LogError>> {
    let log = Arc::clone(log);
    tokio::spawn(async move { log.commit(commit).await })
}

fn first(stream: u128) -> Commit {
    one(&seating(stream), 0, numbered("first", [1]))
}

/// Lets the other tasks run until something is so.
async fn until(what: &str, so: impl Fn() -> bool) {
    let waited = async {
        while !so() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), waited).await.unwrap_or_else(|_| panic!("it is never so: {what}"));
}

/// A writer that is in the middle of a write, and what has come behind it.
async fn busy(
    behind: impl IntoIterator<Item = Commit>,
) -> (Arc<GroupCommit>, Gate, Vec<tokio::task::JoinHandle<Result<(), LogError>>>) {
    let (log, gate) = start(0);
    let mut sent = vec![send(&log, first(1_000_000))];
    until("the first is being written", || gate.batches() == [1]).await;
    for commit in behind {
        let waiting = log.counts().waiting;
        sent.push(send(&log, commit));
        until("it waits", || log.counts().waiting == waiting + 1).await;
    }
    (log, gate, sent)
}

async fn answers(sent: Vec<tokio::task::JoinHandle<Result<(), LogError>>>) -> Vec<Result<(), LogError>> {
    join_all(sent).await.into_iter().map(|joined| joined.expect("no commit panics")).collect()
}

#[tokio::test]
async fn what_gathers_while_the_writer_is_busy_is_written_together() {
    let (log, gate, sent) = busy((0..300).map(first)).await;
    gate.open();
    assert_eq!(answers(sent).await, vec![Ok(()); 301]);
    assert_eq!(gate.batches(), [1, BATCH_MAX_COMMITS, 300 - BATCH_MAX_COMMITS]);
    let counts = log.counts();
    assert_eq!((counts.commits, counts.events, counts.batches, counts.largest_batch), (301, 301, 3, 256));
}

#[tokio::test]
async fn what_is_too_long_for_one_transaction_is_written_in_several() {
    let long = event(&format!("\"{}\"", "x".repeat(COMMIT_MAX_BYTES - 2)));
    let longest = |n| one(&seating(n), 0, vec![long.clone()]);
    let (log, gate, sent) = busy((0..9).map(longest).chain([first(9)])).await;
    gate.open();
    assert_eq!(answers(sent).await, vec![Ok(()); 11]);
    assert_eq!(gate.batches(), [1, 4, 4, 2]);
    assert_eq!(log.counts().batches, 4);
}

#[tokio::test]
async fn each_commit_of_a_batch_sees_those_before_it() {
    let same = seating(1);
    let at = |expected| one(&same, expected, numbered("next", [expected]));
    let (log, gate, sent) = busy([at(0), at(1), at(1), at(0), at(2), at(4)]).await;
    gate.open();
    let conflict = || Err(LogError::Conflict);
    assert_eq!(answers(sent).await, [Ok(()), Ok(()), Ok(()), conflict(), conflict(), Ok(()), conflict()]);
    assert_eq!(gate.batches(), [1, 6]);
    assert_eq!(log.counts().conflicts, 3);
}

#[tokio::test]
async fn a_batch_that_fails_fails_whole_and_the_next_is_tried_again() {
    let (log, gate, sent) = busy((0..10).map(first)).await;
    gate.fails.store(true, SeqCst);
    gate.open();
    let full = || Err(LogError::Unavailable("the disk is full".to_owned()));
    assert_eq!(answers(sent).await, vec![full(); 11]);
    assert_eq!(log.check().await, full());

    gate.fails.store(false, SeqCst);
    assert_eq!(log.check().await, Ok(()), "a probe is enough to tell that it is over");
    assert_eq!(log.commit(first(0)).await, Ok(()));
    let counts = log.counts();
    assert_eq!((counts.commits, counts.unavailable, counts.batches, counts.batches_failed), (1, 11, 3, 2));
}

#[tokio::test]
async fn a_full_queue_refuses_after_a_short_wait_and_forgets_nothing_it_took() {
    let (log, gate, sent) = busy((0..QUEUE_MAX_COMMITS as u128).map(first)).await;
    let refused = log.commit(first(2_000_000)).await;
    assert_eq!(refused, Err(LogError::Unavailable("too many commits are waiting".to_owned())));
    gate.open();
    assert_eq!(answers(sent).await, vec![Ok(()); QUEUE_MAX_COMMITS + 1]);
    assert_eq!(log.counts().unavailable, 1);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_not_written() {
    let (log, gate, sent) = busy((0..3).map(first)).await;
    sent[2].abort();
    until("its sender is gone", || sent[2].is_finished()).await;
    gate.open();
    until("the others are written", || log.counts().commits == 3).await;
    assert_eq!(gate.batches(), [1, 2]);
}

#[tokio::test]
async fn closing_finishes_what_waits() {
    let (log, gate, sent) = busy((0..3).map(first)).await;
    let closing = tokio::spawn({
        let log = Arc::clone(&log);
        async move { log.close().await }
    });
    until("the wish to close waits", || log.counts().waiting == 4).await;
    let late = send(&log, first(7));
    until("a late one waits as well", || log.counts().waiting == 5).await;
    gate.open();
    closing.await.expect("closing doesn't panic");
    assert_eq!(answers(sent).await, vec![Ok(()); 4]);
    assert_eq!(answers(vec![late]).await, [Ok(())], "it was taken before the queue closed");
    assert!(gate.writes.is_closed(), "the store is closed before close returns");
    assert_eq!(log.commit(first(8)).await, Err(stopped()));
    assert_eq!(log.check().await, Err(stopped()), "whatever was proven before");
    log.close().await;
}

#[test]
fn only_a_recent_success_proves_that_writing_is_possible() {
    let ago = |duration| Instant::now().checked_sub(duration);
    let verdict = |last| Health(Mutex::new(last)).verdict();
    let success = LastWrites { last_success: ago(PROOF_LASTS / 2), ..LastWrites::default() };
    assert!(matches!(verdict(success), Verdict::Proven));
    let long_ago = LastWrites { last_success: ago(PROOF_LASTS), ..LastWrites::default() };
    assert!(matches!(verdict(long_ago), Verdict::Unknown));
    let failed_since = LastWrites { last_success: ago(Duration::ZERO), last_failed: true, ..LastWrites::default() };
    assert!(matches!(verdict(failed_since), Verdict::Unknown));
    let stalled = LastWrites { last_success: ago(STALLED_AFTER), under_way_since: ago(STALLED_AFTER), ..LastWrites::default() };
    assert!(matches!(verdict(stalled), Verdict::Stalled));
    assert!(matches!(verdict(LastWrites::default()), Verdict::Unknown));
}
