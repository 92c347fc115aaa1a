//! Group commit: one writer drains what has gathered into one transaction, so that the cost of making
//! it durable is shared. Whatever database does the writing is a [`BatchStore`].

use std::future::Future;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::stats::LogStats;
use super::{COMMIT_MAX_BYTES, Commit, LogCounts, LogError, LogTimes, Snapshot};

/// The most commits in one transaction: what the last of them waits for.
pub(super) const BATCH_MAX_COMMITS: usize = 256;

/// The most bytes of events in one transaction, unless a single commit has more.
pub(super) const BATCH_MAX_BYTES: usize = 4 * COMMIT_MAX_BYTES;

/// The most commits that wait for the writer: a few batches, a fraction of a second on a sound disk.
const QUEUE_MAX_COMMITS: usize = 4 * BATCH_MAX_COMMITS;

/// How long a commit waits for a place in a full queue before its sender is told to come back later.
const QUEUE_WAIT: Duration = Duration::from_secs(1);

/// A write that succeeded this recently proves that writing is possible.
const PROOF_LASTS: Duration = Duration::from_secs(60);

/// A write that takes longer than this means that writing is not possible now.
const STALLED_AFTER: Duration = Duration::from_secs(5);

/// What became of each commit of a batch, in its order: done, or refused on its own.
pub(super) type Outcomes = Vec<Result<(), LogError>>;

/// A database to which one writer appends.
pub(super) trait BatchStore: Send + 'static {
    /// Writes a batch in one transaction and returns once it is durable.
    ///
    /// A commit that is refused leaves its neighbours alone, and each sees those before it. An error
    /// means that none of the batch happened; the next call starts from a clean state.
    fn write(&mut self, batch: &[Commit]) -> impl Future<Output = Result<Outcomes, String>> + Send;

    /// Keeps a snapshot, as [`super::EventLog::keep`] says.
    fn keep(&mut self, snapshot: &Snapshot) -> impl Future<Output = Result<(), String>> + Send;

    /// Tries whether a write is possible, without appending.
    fn probe(&mut self) -> impl Future<Output = Result<(), String>> + Send;

    /// Releases what is held.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// The queue in front of the writer.
#[derive(Debug)]
pub(super) struct GroupCommit {
    queue: mpsc::Sender<Job>,
    health: Arc<Health>,
    stats: Arc<LogStats>,
}

#[derive(Debug)]
enum Job {
    Commit { commit: Commit, reply: oneshot::Sender<Result<(), LogError>> },
    Keep { snapshot: Snapshot, reply: oneshot::Sender<Result<(), String>> },
    Probe { reply: oneshot::Sender<Result<(), String>> },
    Close { reply: oneshot::Sender<()> },
}

impl GroupCommit {
    /// Starts the writer. It ends when this is closed or dropped.
    pub(super) fn start(store: impl BatchStore) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE_MAX_COMMITS);
        let health = Arc::<Health>::default();
        let stats = Arc::<LogStats>::default();
        let writer = Writer { store, health: Arc::clone(&health), stats: Arc::clone(&stats) };
        tokio::spawn(writer.run(jobs));
        Self { queue, health, stats }
    }

    /// Commits once the writer comes to it.
    pub(super) async fn commit(&self, commit: Commit) -> Result<(), LogError> {
        let sent = match commit.well_formed() {
            Ok(()) => self.enqueue(|reply| Job::Commit { commit, reply }).await,
            Err(malformed) => Err(malformed),
        };
        let outcome = match sent {
            Ok(answer) => answer.await.unwrap_or_else(|_| Err(stopped())),
            Err(error) => {
                let refused = Err(error);
                self.stats.ended(0, &refused);
                refused
            }
        };
        if let Err(LogError::Malformed(problem)) = &outcome {
            tracing::error!(problem, "a commit is malformed: that is a mistake in this program");
        }
        outcome
    }

    /// Keeps a snapshot once the writer comes to it, after the commits that wait.
    pub(super) async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError> {
        let answer = self.enqueue(|reply| Job::Keep { snapshot, reply }).await?;
        answer.await.unwrap_or_else(|_| Err("the log is closed".to_owned())).map_err(LogError::Unavailable)
    }

    /// Whether a write is possible now: proven by a recent one, or else by trying.
    pub(super) async fn check(&self) -> Result<(), LogError> {
        match self.health.verdict() {
            _ if self.queue.is_closed() => Err(stopped()),
            Verdict::Proven => Ok(()),
            Verdict::Stalled => Err(LogError::Unavailable("a write has not returned".to_owned())),
            Verdict::Unknown => {
                let answer = self.enqueue(|reply| Job::Probe { reply }).await?;
                match timeout(STALLED_AFTER, answer).await {
                    Ok(Ok(probed)) => probed.map_err(LogError::Unavailable),
                    Ok(Err(_)) => Err(stopped()),
                    Err(_) => Err(LogError::Unavailable("the writer is too busy to answer".to_owned())),
                }
            }
        }
    }

    /// Finishes what waits, then ends the writer.
    pub(super) async fn close(&self) {
        let (reply, answer) = oneshot::channel();
        if self.queue.send(Job::Close { reply }).await.is_ok() {
            // The writer drops the reply unanswered only if it is gone, and then it is closed as well.
            let _ = answer.await;
        }
    }

    /// How long transactions took.
    pub(super) fn times(&self) -> LogTimes {
        self.stats.times()
    }

    /// What has been counted.
    pub(super) fn counts(&self) -> LogCounts {
        self.stats.counts(self.queue.max_capacity() - self.queue.capacity())
    }

    async fn enqueue<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> Result<oneshot::Receiver<T>, LogError> {
        match timeout(QUEUE_WAIT, self.queue.reserve()).await {
            Ok(Ok(place)) => {
                let (reply, answer) = oneshot::channel();
                place.send(job(reply));
                Ok(answer)
            }
            Ok(Err(_)) => Err(stopped()),
            Err(_) => Err(LogError::Unavailable("too many commits are waiting".to_owned())),
        }
    }
}

fn stopped() -> LogError {
    LogError::Unavailable("the log is closed".to_owned())
}

struct Writer<S> {
    store: S,
    health: Arc<Health>,
    stats: Arc<LogStats>,
}

impl<S: BatchStore> Writer<S> {
    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut jobs = Vec::with_capacity(BATCH_MAX_COMMITS);
        let mut closers = Vec::new();
        while queue.recv_many(&mut jobs, BATCH_MAX_COMMITS).await > 0 {
            let (mut commits, mut replies, mut kept, mut probes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for job in jobs.drain(..) {
                match job {
                    // Its sender has stopped waiting: under overload, don't work for nobody.
                    Job::Commit { reply, .. } if reply.is_closed() => {}
                    Job::Commit { commit, reply } => {
                        commits.push(commit);
                        replies.push(reply);
                    }
                    Job::Keep { snapshot, reply } => kept.push((snapshot, reply)),
                    Job::Probe { reply } => probes.push(reply),
                    Job::Close { reply } => {
                        queue.close();
                        closers.push(reply);
                    }
                }
            }
            while !commits.is_empty() {
                let later = commits.split_off(fitting(&commits));
                let later_replies = replies.split_off(commits.len());
                self.write(mem::replace(&mut commits, later), mem::replace(&mut replies, later_replies)).await;
            }
            for (snapshot, reply) in kept {
                self.health.begin();
                let outcome = self.store.keep(&snapshot).await;
                self.health.end(outcome.as_ref().err());
                // Whoever asked has stopped waiting.
                let _ = reply.send(outcome);
            }
            if !probes.is_empty() {
                self.probe(probes).await;
            }
        }
        self.store.close().await;
        for reply in closers {
            // Whoever asked has stopped waiting: nothing is left to tell.
            let _ = reply.send(());
        }
    }

    async fn write(&mut self, commits: Vec<Commit>, replies: Vec<oneshot::Sender<Result<(), LogError>>>) {
        let begun = self.health.begin();
        let written = self.store.write(&commits).await;
        self.health.end(written.as_ref().err());
        self.stats.batch_ended(commits.len(), begun.elapsed(), written.is_ok());

        let outcomes = written.unwrap_or_else(|reason| vec![Err(LogError::Unavailable(reason)); commits.len()]);
        debug_assert_eq!(outcomes.len(), commits.len(), "each commit has an outcome");
        for ((commit, reply), outcome) in commits.iter().zip(replies).zip(outcomes) {
            self.stats.ended(commit.events(), &outcome);
            // Its sender may have stopped waiting meanwhile.
            let _ = reply.send(outcome);
        }
    }

    async fn probe(&mut self, replies: Vec<oneshot::Sender<Result<(), String>>>) {
        self.health.begin();
        let probed = self.store.probe().await;
        self.health.end(probed.as_ref().err());
        for reply in replies {
            // Whoever asked has stopped waiting.
            let _ = reply.send(probed.clone());
        }
    }
}

/// How many of these commits fit into one transaction; at least one.
fn fitting(commits: &[Commit]) -> usize {
    let mut bytes = 0;
    let fits = |commit: &&Commit| {
        bytes += commit.bytes();
        bytes <= BATCH_MAX_BYTES
    };
    commits.iter().take_while(fits).count().max(1)
}

/// What the last writes tell of the next.
#[derive(Debug, Default)]
struct Health(Mutex<LastWrites>);

#[derive(Debug, Default)]
struct LastWrites {
    under_way_since: Option<Instant>,
    last_success: Option<Instant>,
    last_failed: bool,
}

enum Verdict {
    Proven,
    Stalled,
    Unknown,
}

impl Health {
    fn verdict(&self) -> Verdict {
        self.with(|last| {
            let within = |since: Option<Instant>, limit| since.is_some_and(|since| since.elapsed() < limit);
            if last.under_way_since.is_some() && !within(last.under_way_since, STALLED_AFTER) {
                Verdict::Stalled
            } else if !last.last_failed && within(last.last_success, PROOF_LASTS) {
                Verdict::Proven
            } else {
                Verdict::Unknown
            }
        })
    }

    fn begin(&self) -> Instant {
        let now = Instant::now();
        self.with(|last| last.under_way_since = Some(now));
        now
    }

    /// Tells the operator when writing stops being possible and when it is possible again, once each.
    fn end(&self, error: Option<&String>) {
        let failed_before = self.with(|last| {
            last.under_way_since = None;
            if error.is_none() {
                last.last_success = Some(Instant::now());
            }
            mem::replace(&mut last.last_failed, error.is_some())
        });
        match error {
            Some(reason) if !failed_before => tracing::error!(reason, "the log can't be written; commands are refused"),
            None if failed_before => tracing::info!("the log can be written again"),
            Some(_) | None => {}
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut LastWrites) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
