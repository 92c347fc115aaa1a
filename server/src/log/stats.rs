//! What the log counts, for `/metrics`. Counting never waits: plain atomics, read one by one.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::LogError;

/// The log's counters.
#[derive(Debug, Default)]
pub(super) struct LogStats {
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
            Err(LogError::Unavailable(_)) => &self.unavailable,
        };
        counter.fetch_add(1, Relaxed);
    }

    /// Notes how a transaction of so many commits ended.
    pub(super) fn batch_ended(&self, commits: usize, took: Duration, written: bool) {
        self.batches.fetch_add(1, Relaxed);
        self.batches_failed.fetch_add(u64::from(!written), Relaxed);
        self.largest_batch.fetch_max(commits as u64, Relaxed);
        self.writing_us.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
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
        }
    }
}
