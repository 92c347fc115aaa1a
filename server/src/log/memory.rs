//! A log in memory, for tests and the simulation: the same rules, nothing survives.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::{StreamId, VenueId, Version};

use super::admit::{Heads, admit};
use super::stats::LogStats;
use super::{Commit, Encoded, Epoch, EventLog, LogCounts, LogError, READ_LIMIT, SNAPSHOT_OF_OTHERS_KEPT, Snapshot};

/// Keeps streams in memory.
#[derive(Debug)]
pub struct MemoryLog {
    streams: Mutex<Streams>,
    stats: LogStats,
    epoch: Epoch,
}

impl Default for MemoryLog {
    fn default() -> Self {
        Self { streams: Mutex::default(), stats: LogStats::default(), epoch: Epoch::of(&[&uuid::Uuid::new_v4()]) }
    }
}

#[derive(Debug, Default)]
struct Streams {
    heads: Heads,
    events: HashMap<StreamId, Vec<Encoded>>,
    snapshots: HashMap<(StreamId, Arc<str>), Snapshot>,
    fault: Option<Fault>,
}

/// What a test lets go wrong.
#[derive(Debug, Clone)]
enum Fault {
    /// As with a full disk.
    Writing(String),
    /// As with a database that is gone.
    Everything(String),
}

impl MemoryLog {
    /// A log that holds nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on commits fail and reads go on, as with a full disk.
    pub fn fail_writing(&self, reason: &str) {
        self.lock().fault = Some(Fault::Writing(reason.to_owned()));
    }

    /// From now on everything fails, as with a database that is gone.
    pub fn fail(&self, reason: &str) {
        self.lock().fault = Some(Fault::Everything(reason.to_owned()));
    }

    /// Keeps no snapshot any more, as nobody is told who may delete them.
    #[cfg(test)]
    pub fn forget_snapshots(&self) {
        self.lock().snapshots.clear();
    }

    /// From now on everything works again.
    pub fn recover(&self) {
        self.lock().fault = None;
    }

    /// Nothing here panics half-way through a change, so a poisoned lock guards whole streams.
    fn lock(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn readable(&self) -> Result<MutexGuard<'_, Streams>, LogError> {
        let streams = self.lock();
        match &streams.fault {
            Some(Fault::Everything(reason)) => Err(LogError::Unavailable(reason.clone())),
            Some(Fault::Writing(_)) | None => Ok(streams),
        }
    }

    fn append(&self, commit: Commit) -> Result<(), LogError> {
        commit.well_formed()?;
        let mut streams = self.lock();
        if let Some(Fault::Writing(reason) | Fault::Everything(reason)) = &streams.fault {
            return Err(LogError::Unavailable(reason.clone()));
        }
        admit(&mut streams.heads, &commit)?;
        for append in commit.appends {
            streams.events.entry(append.stream).or_default().extend(append.events);
        }
        Ok(())
    }
}

#[async_trait]
impl EventLog for MemoryLog {
    async fn commit(&self, commit: Commit) -> Result<(), LogError> {
        let events = commit.events();
        let outcome = self.append(commit);
        self.stats.ended(events, &outcome);
        outcome
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError> {
        let streams = self.readable()?;
        let events = streams.events.get(stream).map_or(&[][..], Vec::as_slice);
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(events.iter().skip(after).take(READ_LIMIT).cloned().collect())
    }

    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        let mut room = READ_LIMIT;
        let mut pages = Vec::new();
        for (stream, after) in from {
            let mut events = self.read(stream, *after).await?;
            events.truncate(room);
            room -= events.len();
            if !events.is_empty() {
                pages.push((stream.clone(), events));
            }
        }
        Ok(pages)
    }

    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError> {
        Ok(self.readable()?.snapshots.get(&(stream.clone(), rules.into())).cloned())
    }

    async fn keep(&self, snapshot: Snapshot) -> Result<(), LogError> {
        self.check().await?;
        let mut streams = self.lock();
        let is_beyond = streams.heads.get(&snapshot.stream).is_none_or(|head| head.version < snapshot.version);
        let key = (snapshot.stream.clone(), Arc::clone(&snapshot.rules));
        if is_beyond || streams.snapshots.get(&key).is_some_and(|kept| kept.version >= snapshot.version) {
            return Ok(());
        }
        let oldest = snapshot.version.saturating_sub(SNAPSHOT_OF_OTHERS_KEPT);
        let of_others = streams.snapshots.values().filter(|kept| kept.stream == snapshot.stream && kept.rules != snapshot.rules);
        let furthest = of_others.filter(|kept| kept.version >= oldest).max_by_key(|kept| (kept.version, Arc::clone(&kept.rules)));
        let stays = furthest.map(|kept| Arc::clone(&kept.rules));
        streams
            .snapshots
            .retain(|(stream, rules), _| *stream != snapshot.stream || *rules == snapshot.rules || Some(rules) == stays.as_ref());
        streams.snapshots.insert(key, snapshot);
        Ok(())
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        let heads = &self.readable()?.heads;
        Ok(streams.iter().filter_map(|stream| Some((stream.clone(), heads.get(stream)?.version))).collect())
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        let venues: BTreeSet<_> = self.readable()?.heads.values().map(|head| head.venue.clone()).collect();
        Ok(venues.into_iter().collect())
    }

    fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    async fn check(&self) -> Result<(), LogError> {
        match &self.lock().fault {
            Some(Fault::Writing(reason) | Fault::Everything(reason)) => Err(LogError::Unavailable(reason.clone())),
            None => Ok(()),
        }
    }

    async fn close(&self) {
        self.fail("the log is closed");
    }

    fn counts(&self) -> LogCounts {
        self.stats.counts(0)
    }
}
