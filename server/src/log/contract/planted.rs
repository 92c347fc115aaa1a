//! The checks checked: logs with a fault each, and for each the promise by which it is found out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use async_trait::async_trait;
use domain::{StreamId, VenueId, Version};
use serde_json::value::RawValue;

use super::{Log, Maker, broken_promises};
use crate::log::{Commit, Encoded, Epoch, EventLog, LogError, MemoryLog, Snapshot};

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    /// Every seventh commit is acknowledged and forgotten.
    LosesNowAndThen,
    /// A conflict is acknowledged.
    AcknowledgesConflicts,
    /// A stale version is as good as the right one.
    AcceptsStale,
    /// So is one too high.
    AcceptsTooHigh,
    /// Each stream of a commit goes by itself.
    AppliesHalf,
    /// Every seventh commit happens twice.
    AppliesTwice,
    /// Looks at the versions, then appends, and lets others in between.
    ChecksTooEarly,
    /// Acknowledges before it appends.
    AcknowledgesEarly,
    /// Stores what a JSON library makes of an event.
    TidiesEvents,
    /// Takes whatever is given.
    AcceptsMalformed,
    /// Tells the event at `after` as well.
    ReadsFromAfter,
    /// Tells the last event first.
    ReadsBackwards,
    /// Leaves an event out when there are many.
    ReadsWithGap,
    /// A page ends too soon.
    ReadsShortPages,
    /// Of several streams, tells the first.
    ReadsSeveralOnce,
    /// Of several streams, tells everything.
    ReadsSeveralFromStart,
    /// Keeps no snapshot.
    KeepsNoSnapshot,
    /// Gives what was kept by other rules.
    MixesRules,
    /// Keeps what is beyond a stream's end.
    KeepsSnapshotsBeyond,
    /// Heads are one behind.
    HeadsLag,
    /// Asked about many, tells of the first.
    HeadsStopEarly,
    /// Knows one venue.
    ForgetsVenues,
    /// Keeps nothing when closed.
    ForgetsAll,
    /// Says that it can't be written, though it can.
    SaysItIsBroken,
}

#[derive(Debug)]
struct Faulty {
    fault: Fault,
    log: Arc<MemoryLog>,
    commits: AtomicU64,
}

impl Faulty {
    /// Appends at whatever version the streams are.
    async fn force(&self, mut commit: Commit) -> Result<(), LogError> {
        loop {
            for append in &mut commit.appends {
                append.expected = self.head(&append.stream).await?;
            }
            match self.log.commit(commit.clone()).await {
                Err(LogError::Conflict) => {}
                other => return other,
            }
        }
    }

    async fn head(&self, stream: &StreamId) -> Result<Version, LogError> {
        Ok(self.log.heads(std::slice::from_ref(stream)).await?.first().map_or(0, |(_, version)| *version))
    }

    async fn any(&self, commit: &Commit, wrong: impl Fn(Version, Version) -> bool) -> Result<bool, LogError> {
        for append in &commit.appends {
            if wrong(append.expected, self.head(&append.stream).await?) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn tidied(event: &Encoded) -> Encoded {
    let value: serde_json::Value = serde_json::from_str(event.get()).expect("an event is JSON");
    Arc::from(RawValue::from_string(value.to_string()).expect("a value is JSON"))
}

#[async_trait]
impl EventLog for Faulty {
    async fn commit(&self, mut commit: Commit) -> Result<(), LogError> {
        let seventh = self.commits.fetch_add(1, Relaxed) % 7 == 6;
        match self.fault {
            Fault::LosesNowAndThen if seventh => Ok(()),
            Fault::AcknowledgesConflicts => self.log.commit(commit).await.or(Ok(())),
            Fault::AcceptsStale if self.any(&commit, |expected, head| expected < head).await? => self.force(commit).await,
            Fault::AcceptsTooHigh if self.any(&commit, |expected, head| expected > head).await? => self.force(commit).await,
            Fault::AppliesHalf => {
                let Commit { venue, appends } = commit;
                let mut outcome = Ok(());
                for append in appends {
                    let part = Commit { venue: venue.clone(), appends: vec![append] };
                    outcome = outcome.and(self.log.commit(part).await);
                }
                outcome
            }
            Fault::AppliesTwice if seventh => {
                self.log.commit(commit.clone()).await?;
                self.force(commit).await
            }
            Fault::ChecksTooEarly => {
                if self.any(&commit, |expected, head| expected != head).await? {
                    return Err(LogError::Conflict);
                }
                tokio::task::yield_now().await;
                self.force(commit).await
            }
            Fault::AcknowledgesEarly => {
                if self.any(&commit, |expected, head| expected != head).await? {
                    return Err(LogError::Conflict);
                }
                let log = Arc::clone(&self.log);
                tokio::spawn(async move { log.commit(commit).await });
                Ok(())
            }
            Fault::TidiesEvents => {
                for event in commit.appends.iter_mut().flat_map(|append| &mut append.events) {
                    *event = tidied(event);
                }
                self.log.commit(commit).await
            }
            Fault::AcceptsMalformed => match self.log.commit(commit).await {
                Err(LogError::Malformed(_)) => Ok(()),
                other => other,
            },
            _ => self.log.commit(commit).await,
        }
    }

    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError> {
        let after = if self.fault == Fault::ReadsFromAfter { after.saturating_sub(1) } else { after };
        let mut events = self.log.read(stream, after).await?;
        match self.fault {
            Fault::ReadsBackwards => events.reverse(),
            Fault::ReadsWithGap if events.len() > 30 => drop(events.remove(30)),
            Fault::ReadsShortPages => events.truncate(5_000),
            _ => {}
        }
        Ok(events)
    }

    async fn read_several(&self, from: &[(StreamId, Version)]) -> Result<Vec<(StreamId, Vec<Encoded>)>, LogError> {
        let mut pages = self.log.read_several(from).await?;
        match self.fault {
            Fault::ReadsSeveralOnce => pages.truncate(1),
            Fault::ReadsSeveralFromStart => {
                let all: Vec<_> = from.iter().map(|(stream, _)| (stream.clone(), 0)).collect();
                pages = self.log.read_several(&all).await?;
            }
            _ => {}
        }
        Ok(pages)
    }

    async fn snapshot(&self, stream: &StreamId, rules: &str) -> Result<Option<Snapshot>, LogError> {
        let rules = if self.fault == Fault::MixesRules { "any" } else { rules };
        self.log.snapshot(stream, rules).await
    }

    async fn keep(&self, mut snapshot: Snapshot) -> Result<(), LogError> {
        match self.fault {
            Fault::KeepsNoSnapshot => return Ok(()),
            Fault::MixesRules => snapshot.rules = "any".into(),
            Fault::KeepsSnapshotsBeyond => snapshot.version = snapshot.version.min(self.head(&snapshot.stream).await?),
            _ => {}
        }
        self.log.keep(snapshot).await
    }

    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError> {
        let mut heads = self.log.heads(streams).await?;
        match self.fault {
            Fault::HeadsLag => heads.iter_mut().for_each(|(_, version)| *version -= 1),
            Fault::HeadsStopEarly => heads.truncate(500),
            _ => {}
        }
        Ok(heads)
    }

    async fn venues(&self) -> Result<Vec<VenueId>, LogError> {
        let mut venues = self.log.venues().await?;
        if self.fault == Fault::ForgetsVenues {
            venues.truncate(1);
        }
        Ok(venues)
    }

    fn epoch(&self) -> &Epoch {
        self.log.epoch()
    }

    async fn check(&self) -> Result<(), LogError> {
        match self.fault {
            Fault::SaysItIsBroken => Err(LogError::Unavailable("so it says".to_owned())),
            _ => self.log.check().await,
        }
    }
}

#[async_trait]
impl Maker for Fault {
    async fn fresh(&self) -> Log {
        Arc::new(Faulty { fault: *self, log: Arc::new(MemoryLog::new()), commits: AtomicU64::new(0) })
    }

    async fn reopen(&self, log: Log) -> Option<Log> {
        if *self == Self::ForgetsAll { Some(self.fresh().await) } else { Some(log) }
    }
}

/// Runs the suite against a log with a fault; the promise named must be among those it breaks.
async fn is_found_out(fault: Fault, by: &str) {
    let broken = broken_promises(&fault).await;
    assert!(broken.iter().any(|(name, _)| *name == by), "{fault:?} should break “{by}”, but broke {broken:#?}");
}

// One thread: whoever gives way lets every other task go first, so that a fault that needs a race has one on every run.
macro_rules! found_out {
    ($($test:ident: $fault:ident by $promise:literal;)*) => {$(
        #[tokio::test]
        async fn $test() {
            is_found_out(Fault::$fault, $promise).await;
        }
    )*};
}

found_out! {
    a_log_that_loses_now_and_then: LosesNowAndThen by "racing_writers_each_win_their_own_versions";
    a_log_that_acknowledges_conflicts: AcknowledgesConflicts by "a_stale_version_conflicts_and_changes_nothing";
    a_log_that_accepts_a_stale_version: AcceptsStale by "a_stale_version_conflicts_and_changes_nothing";
    a_log_that_accepts_a_version_too_high: AcceptsTooHigh by "a_version_too_high_conflicts_and_changes_nothing";
    a_log_that_applies_half: AppliesHalf by "several_streams_happen_together_or_not_at_all";
    a_log_that_applies_twice: AppliesTwice by "racing_writers_each_win_their_own_versions";
    a_log_that_checks_too_early: ChecksTooEarly by "racing_writers_each_win_their_own_versions";
    a_log_that_acknowledges_early: AcknowledgesEarly by "busy_streams_do_not_disturb_each_other";
    a_log_that_tidies_events: TidiesEvents by "what_is_appended_reads_back_as_it_was";
    a_log_that_accepts_what_is_malformed: AcceptsMalformed by "what_no_log_can_take_is_refused";
    a_log_that_reads_one_too_many: ReadsFromAfter by "a_long_stream_is_read_page_by_page";
    a_log_that_reads_backwards: ReadsBackwards by "what_is_appended_reads_back_as_it_was";
    a_log_that_reads_with_a_gap: ReadsWithGap by "racing_writers_each_win_their_own_versions";
    a_log_whose_pages_are_short: ReadsShortPages by "a_long_stream_is_read_page_by_page";
    a_log_that_reads_one_of_several: ReadsSeveralOnce by "several_streams_are_read_in_one_go";
    a_log_that_reads_several_from_their_start: ReadsSeveralFromStart by "several_streams_are_read_in_one_go";
    a_log_that_keeps_no_snapshot: KeepsNoSnapshot by "the_newest_snapshot_by_the_same_rules_is_kept";
    a_log_that_mixes_rules: MixesRules by "the_newest_snapshot_by_the_same_rules_is_kept";
    a_log_that_keeps_what_is_beyond_the_end: KeepsSnapshotsBeyond by "no_snapshot_is_beyond_its_stream";
    a_log_whose_heads_lag: HeadsLag by "heads_are_told_in_the_order_asked";
    a_log_that_tells_too_few_heads: HeadsStopEarly by "heads_are_told_in_the_order_asked";
    a_log_that_forgets_venues: ForgetsVenues by "venues_are_told_in_order";
    a_log_that_forgets_all_when_closed: ForgetsAll by "what_was_acknowledged_is_there_after_reopening";
    a_log_that_says_it_is_broken: SaysItIsBroken by "a_log_that_works_says_so";
}

/// Keeps no file, so closing and opening is handing it over.
struct InMemory;

#[async_trait]
impl Maker for InMemory {
    async fn fresh(&self) -> Log {
        Arc::new(MemoryLog::new())
    }

    async fn reopen(&self, _log: Log) -> Option<Log> {
        None
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_in_memory_keeps_every_promise() {
    assert_eq!(broken_promises(&InMemory).await, []);
}
