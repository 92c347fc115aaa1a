//! What the log counts, for `/metrics`. Counting never waits: plain atomics, read one by one.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use prometheus_client::metrics::histogram::Histogram;

use super::LogError;

/// Bounds of the histogram of transactions, in seconds: from a quarter of a millisecond to five seconds.
const WRITE_SECONDS: [f64; 14] = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
/// Bounds of the histogram of commits in a transaction.
const BATCH_COMMITS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// How long transactions took and how much was in them. Cloning shares it.
#[derive(Debug, Clone)]
pub struct LogTimes {
    /// Seconds until a transaction was durable.
    pub write_seconds: Histogram,
    /// Commits in a transaction.
    pub batch_commits: Histogram,
}

impl Default for LogTimes {
    fn default() -> Self {
        Self { write_seconds: Histogram::new(WRITE_SECONDS), batch_commits: Histogram::new(BATCH_COMMITS) }
    }
}

/// The log's counters.
#[derive(Debug, Default)]
pub(super) struct LogStats {
    times: LogTimes,
    is_failing: AtomicBool,
    commits: AtomicU64,
    events: AtomicU64,
    conflicts: AtomicU64,
    malformed: AtomicU64,
    unavailable: AtomicU64,
    batches: AtomicU64,
    batches_failed: AtomicU64,
    largest_batch: AtomicU64,
    writing_us: AtomicU64,
}

/// What has been counted since the log was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogCounts {
    /// Commits that are durable.
    pub commits: u64,
    /// Events in these.
    pub events: u64,
    /// Commits whose streams had moved on.
    pub conflicts: u64,
    /// Commits that no log could take: anything but 0 is a mistake in the program.
    pub malformed: u64,
    /// Commits that could not be saved: the disk, the database, or too many waiting.
    pub unavailable: u64,
    /// Transactions in which commits were written together, whether they succeeded or failed.
    pub batches: u64,
    /// Those that failed.
    pub batches_failed: u64,
    /// The most commits in one transaction.
    pub largest_batch: u64,
    /// Microseconds spent writing, in total.
    pub writing_us: u64,
    /// Commits that wait for the writer at this moment.
    pub waiting: u64,
    /// The last transaction failed.
    pub is_failing: bool,
}

impl LogStats {
    /// Notes how a commit of so many events ended.
    pub(super) fn ended(&self, events: usize, outcome: &Result<(), LogError>) {
        let counter = match outcome {
            Ok(()) => {
                self.events.fetch_add(events as u64, Relaxed);
                &self.commits
            }
            Err(LogError::Conflict) => &self.conflicts,
            Err(LogError::Malformed(_)) => &self.malformed,
            Err(LogError::Unavailable(_) | LogError::Damaged(_)) => &self.unavailable,
        };
        counter.fetch_add(1, Relaxed);
    }

    /// Notes how a transaction of so many commits ended.
    pub(super) fn batch_ended(&self, commits: usize, took: Duration, written: bool) {
        self.times.write_seconds.observe(took.as_secs_f64());
        self.times.batch_commits.observe(commits as f64);
        self.is_failing.store(!written, Relaxed);
        self.batches.fetch_add(1, Relaxed);
        self.batches_failed.fetch_add(u64::from(!written), Relaxed);
        self.largest_batch.fetch_max(commits as u64, Relaxed);
        self.writing_us.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }

    /// How long transactions took and how much was in them.
    pub(super) fn times(&self) -> LogTimes {
        self.times.clone()
    }

    /// What has been counted; `waiting` is what the caller knows of its queue.
    pub(super) fn counts(&self, waiting: usize) -> LogCounts {
        LogCounts {
            commits: self.commits.load(Relaxed),
            events: self.events.load(Relaxed),
            conflicts: self.conflicts.load(Relaxed),
            malformed: self.malformed.load(Relaxed),
            unavailable: self.unavailable.load(Relaxed),
            batches: self.batches.load(Relaxed),
            batches_failed: self.batches_failed.load(Relaxed),
            largest_batch: self.largest_batch.load(Relaxed),
            writing_us: self.writing_us.load(Relaxed),
            waiting: waiting as u64,
            is_failing: self.is_failing.load(Relaxed),
        }
    }
}
