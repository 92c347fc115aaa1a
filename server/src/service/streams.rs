//! The streams that this server holds: each loaded once, changed by one command at a time, and let
//! go of when there are too many.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use domain::{Fold, Recorded, Rejection, StreamId, Version};
use tokio::sync::{MutexGuard, OnceCell};
use tokio::time::timeout;

use super::Refusal;
use super::held::{Batch, Held};
use super::snapshots::Snapshots;
use crate::log::{Encoded, EventLog, LogError, READ_LIMIT, Several, damaged};

/// How many streams of a kind are held at most. What is in use stays; the longest unused go first.
const MAX_STREAMS: usize = 20_000;

/// How long a command waits for its turn: those before it may wait for a log that hangs.
const TURN_WITHIN: Duration = Duration::from_secs(5);

/// The streams of one kind that this server holds.
pub(super) struct Streams<S> {
    log: Arc<dyn EventLog>,
    snapshots: Arc<Snapshots>,
    by_id: Mutex<HashMap<StreamId, Arc<Slot<S>>>>,
    uses: AtomicU64,
}

struct Slot<S> {
    loaded: OnceCell<Arc<Stream<S>>>,
    last_use: AtomicU64,
}

/// One stream.
pub(super) struct Stream<S> {
    id: StreamId,
    /// Who holds it may append.
    turn: tokio::sync::Mutex<()>,
    held: RwLock<Held<S>>,
    /// The last version that another server has told of.
    heard_of: AtomicU64,
    /// The version of the last snapshot that was kept of it, or tried.
    snapshot_at: AtomicU64,
    /// A task waits for its turn to fold in what was heard.
    is_awaited: AtomicBool,
}

/// Something is missing between what is held and what was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap;

/// Whether a stream was held already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Was {
    Held,
    /// It has just been read from the log.
    Loaded,
}

impl<S: Fold + Send + Sync> Streams<S> {
    /// The streams of a log, none of them held yet.
    pub(super) fn of(log: &Arc<dyn EventLog>, snapshots: &Arc<Snapshots>) -> Self {
        let (log, snapshots) = (Arc::clone(log), Arc::clone(snapshots));
        Self { log, snapshots, by_id: Mutex::default(), uses: AtomicU64::new(0) }
    }

    /// The stream of that id, read from the log if it isn't held. A stream without events is empty.
    pub(super) async fn get(&self, id: StreamId) -> Result<(Arc<Stream<S>>, Was), LogError> {
        let slot = self.slot(&id);
        let mut was = Was::Held;
        let load = async || {
            let kept = Snapshots::last(&*self.log, &id).await;
            let stream = Stream::begin(id, kept);
            while stream.read_page(&*self.log).await?.len() == READ_LIMIT {}
            self.snapshots.keep_now_and_then(&stream);
            was = Was::Loaded;
            Ok(Arc::new(stream))
        };
        let stream = slot.loaded.get_or_try_init(load).await?;
        Ok((Arc::clone(stream), was))
    }

    /// The streams of these ids, in the order asked: those that aren't held are read from the log in one go. It is for
    /// streams that begin without a snapshot.
    pub(super) async fn get_several(&self, ids: &[StreamId]) -> Vec<Result<(Arc<Stream<S>>, Was), LogError>> {
        let missing: Vec<StreamId> = ids.iter().filter(|id| self.peek(id).is_none()).cloned().collect();
        let mut read = match self.read_several(missing).await {
            Ok(read) => read,
            Err(error @ LogError::Unavailable(_)) => return ids.iter().map(|_| Err(error.clone())).collect(),
            // One of them is not as it should be: each by itself, so that it is the only one.
            Err(_) => HashMap::new(),
        };
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.push(match read.remove(id) {
                Some(stream) => Ok(self.loaded_as(stream).await),
                None => self.get(id.clone()).await,
            });
        }
        found
    }

    async fn read_several(&self, ids: Vec<StreamId>) -> Result<HashMap<StreamId, Stream<S>>, LogError> {
        let mut several = Several::after(ids.iter().map(|id| (id.clone(), 0)).collect());
        let mut streams: HashMap<_, _> = ids.into_iter().map(|id| (id.clone(), Stream::begin(id, None))).collect();
        loop {
            let pages = several.next(&*self.log).await?;
            if pages.is_empty() {
                return Ok(streams);
            }
            for (id, events) in pages {
                if let Some(stream) = streams.get_mut(&id) {
                    stream.fold_page(&events)?;
                }
            }
        }
    }

    /// A stream that was just read becomes the one that is held, unless somebody was faster.
    async fn loaded_as(&self, stream: Stream<S>) -> (Arc<Stream<S>>, Was) {
        let slot = self.slot(&stream.id);
        let mut was = Was::Held;
        let load = async || {
            was = Was::Loaded;
            Arc::new(stream)
        };
        let stream = slot.loaded.get_or_init(load).await;
        (Arc::clone(stream), was)
    }

    /// The stream of that id, if it is held.
    pub(super) fn peek(&self, id: &StreamId) -> Option<Arc<Stream<S>>> {
        let by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        by_id.get(id)?.loaded.get().cloned()
    }

    /// The same, which counts as a use: what is watched is never the longest unused.
    pub(super) fn peek_and_use(&self, id: &StreamId) -> Option<Arc<Stream<S>>> {
        let use_number = self.uses.fetch_add(1, Ordering::Relaxed);
        let by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = by_id.get(id)?;
        slot.last_use.store(use_number, Ordering::Relaxed);
        slot.loaded.get().cloned()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn slot(&self, id: &StreamId) -> Arc<Slot<S>> {
        let use_number = self.uses.fetch_add(1, Ordering::Relaxed);
        let mut by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = by_id.get(id) {
            slot.last_use.store(use_number, Ordering::Relaxed);
            return Arc::clone(slot);
        }
        if by_id.len() >= MAX_STREAMS {
            let oldest_kept = use_number.saturating_sub(MAX_STREAMS as u64 / 2);
            by_id.retain(|_, slot| slot.is_used() || slot.last_use.load(Ordering::Relaxed) >= oldest_kept);
        }
        let slot = Arc::new(Slot { loaded: OnceCell::new(), last_use: AtomicU64::new(use_number) });
        by_id.insert(id.clone(), Arc::clone(&slot));
        slot
    }
}

impl<S> Slot<S> {
    /// Whether anybody holds this slot or its stream: two of one stream at once must not be.
    fn is_used(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || self.loaded.get().is_some_and(|stream| Arc::strong_count(stream) > 1)
    }
}

impl<S: Fold + Send + Sync> Stream<S> {
    /// A stream that is held from a state on, or else from its first event.
    fn begin(id: StreamId, kept: Option<S>) -> Self {
        let held = kept.map_or_else(Held::default, Held::begin);
        Self {
            id,
            turn: tokio::sync::Mutex::default(),
            heard_of: AtomicU64::new(0),
            snapshot_at: AtomicU64::new(held.version()),
            held: RwLock::new(held),
            is_awaited: AtomicBool::new(false),
        }
    }

    pub(super) fn id(&self) -> &StreamId {
        &self.id
    }

    /// Whether so many events have come since its last snapshot.
    pub(super) fn is_due(&self, every: Version) -> bool {
        self.held.read().unwrap_or_else(PoisonError::into_inner).version() >= self.snapshot_at.load(Ordering::Relaxed) + every
    }

    /// Notes that a snapshot of that version is being kept.
    pub(super) fn note_snapshot(&self, version: Version) {
        self.snapshot_at.store(version, Ordering::Relaxed);
    }

    /// Takes one's turn, if it is nobody else's now.
    pub(super) fn try_turn(&self) -> Option<MutexGuard<'_, ()>> {
        self.turn.try_lock().ok()
    }

    /// Another server has told of this version. Whether nobody waits yet to fold it in.
    pub(super) fn hears_of(&self, head: Version) -> bool {
        self.heard_of.fetch_max(head, Ordering::AcqRel);
        !self.is_awaited.swap(true, Ordering::AcqRel)
    }

    /// Who waited has its turn. The last version that was told of until now.
    pub(super) fn is_no_more_awaited(&self) -> Version {
        // A swap, not a store: what is heard of from now on finds nobody waiting, what was before is seen here.
        self.is_awaited.swap(false, Ordering::AcqRel);
        self.heard_of.load(Ordering::Acquire)
    }

    /// Folds in events that another server has told, whose last has the version `head`; tells which were new.
    pub(super) fn fold_in(&self, told: &[Encoded], head: Version) -> Result<Vec<Encoded>, Gap> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let before = head.checked_sub(told.len() as u64).ok_or(Gap)?;
        if held.version() >= head {
            return Ok(Vec::new());
        }
        let known = held.version().checked_sub(before).ok_or(Gap)?;
        let new = told.get(usize::try_from(known).map_err(|_| Gap)?..).ok_or(Gap)?;
        let read = |event: &Encoded| serde_json::from_str::<Recorded<S::Event>>(event.get()).map_err(|_| Gap);
        let recorded: Vec<_> = new.iter().map(read).collect::<Result<_, _>>()?;
        // Whatever was told, what is held stays dense.
        if !recorded.iter().map(|event| event.version).eq(held.version() + 1..=head) {
            return Err(Gap);
        }
        for (event, encoded) in recorded.iter().zip(new) {
            held.append(event, Arc::clone(encoded));
        }
        Ok(new.to_vec())
    }

    /// Folds in events that were read from the log, and tells which were new.
    pub(super) fn fold_in_page(&self, page: &[Encoded]) -> Result<Vec<Encoded>, Gap> {
        let Some(last) = page.last() else { return Ok(Vec::new()) };
        let last = serde_json::from_str::<Recorded<S::Event>>(last.get()).map_err(|_| Gap)?;
        self.fold_in(page, last.version)
    }

    /// Waits for one's turn to append, or to read on.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The same for a command, which does not wait for ever: nothing of it has happened yet.
    pub(super) async fn turn_soon(&self) -> Result<MutexGuard<'_, ()>, Refusal> {
        timeout(TURN_WITHIN, self.turn.lock()).await.map_err(|_| Rejection::Unavailable.into())
    }

    /// What is held now.
    pub(super) fn held(&self) -> Held<S> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Folds in what was committed, and tells the version after it.
    pub(super) fn append(&self, batch: &Batch<S::Event>) -> Version {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        for (recorded, encoded) in batch.recorded.iter().zip(&batch.encoded) {
            held.append(recorded, Arc::clone(encoded));
        }
        held.version()
    }

    /// Reads on from what is held, and tells what was missing. Only who has the turn does this, or nobody else
    /// knows the stream yet: so whoever tells of it does so in order.
    pub(super) async fn read_on(&self, log: &dyn EventLog) -> Result<Vec<Encoded>, LogError> {
        let mut missing = Vec::new();
        loop {
            let page = self.read_page(log).await?;
            let is_last = page.len() < READ_LIMIT;
            missing.extend(page);
            if is_last {
                return Ok(missing);
            }
        }
    }

    /// The next events after what is held, which are folded in.
    async fn read_page(&self, log: &dyn EventLog) -> Result<Vec<Encoded>, LogError> {
        let page = log.read(&self.id, self.held().version()).await?;
        self.fold_page(&page)?;
        Ok(page)
    }

    /// Folds in what was read: all of it or nothing, since what is folded in is shown.
    fn fold_page(&self, page: &[Encoded]) -> Result<(), LogError> {
        let read = |encoded: &Encoded| serde_json::from_str::<Recorded<S::Event>>(encoded.get());
        let recorded: Vec<_> = page
            .iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map_err(|error| damaged(&format!("{}: an event can't be read: {error}", self.id)))?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        for (event, encoded) in recorded.iter().zip(page) {
            held.append(event, Arc::clone(encoded));
        }
        Ok(())
    }
}
