//! The streams that this server holds: each loaded once, changed by one command at a time, and let
//! go of when there are too many.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::{Fold, Recorded, StreamId, Version};
use tokio::sync::{MutexGuard, OnceCell};

use super::held::{Batch, Held};
use crate::log::{Encoded, EventLog, LogError, READ_LIMIT};

/// How many streams of a kind are held at most. What is in use stays; the longest unused go first.
const MAX_STREAMS: usize = 20_000;

/// The streams of one kind that this server holds.
pub(super) struct Streams<S> {
    by_id: Mutex<HashMap<StreamId, Arc<Slot<S>>>>,
    uses: AtomicU64,
}

impl<S> Default for Streams<S> {
    fn default() -> Self {
        Self { by_id: Mutex::default(), uses: AtomicU64::new(0) }
    }
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
    /// The stream of that id, read from the log if it isn't held. A stream without events is empty.
    pub(super) async fn get(&self, log: &dyn EventLog, id: StreamId) -> Result<(Arc<Stream<S>>, Was), LogError> {
        let slot = self.slot(&id);
        let mut was = Was::Held;
        let load = async || {
            let stream = Stream::new(id);
            stream.read_on(log).await?;
            was = Was::Loaded;
            Ok(Arc::new(stream))
        };
        let stream = slot.loaded.get_or_try_init(load).await?;
        Ok((Arc::clone(stream), was))
    }

    /// The stream of that id, if it is held.
    pub(super) fn peek(&self, id: &StreamId) -> Option<Arc<Stream<S>>> {
        let by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        by_id.get(id)?.loaded.get().cloned()
    }

    /// Every stream that is held.
    pub(super) fn all(&self) -> Vec<Arc<Stream<S>>> {
        let by_id = self.by_id.lock().unwrap_or_else(PoisonError::into_inner);
        by_id.values().filter_map(|slot| slot.loaded.get().cloned()).collect()
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
    fn new(id: StreamId) -> Self {
        Self {
            id,
            turn: tokio::sync::Mutex::default(),
            held: RwLock::default(),
            heard_of: AtomicU64::new(0),
            is_awaited: AtomicBool::new(false),
        }
    }

    pub(super) fn id(&self) -> &StreamId {
        &self.id
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
        self.is_awaited.store(false, Ordering::Release);
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

    /// Waits for one's turn to append.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
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
            let page = log.read(&self.id, self.held().version()).await?;
            let is_last = page.len() < READ_LIMIT;
            let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
            for encoded in page {
                let recorded: Recorded<S::Event> = serde_json::from_str(encoded.get())
                    .map_err(|error| LogError::Unavailable(format!("{}: an event can't be read: {error}", self.id)))?;
                held.append(&recorded, Arc::clone(&encoded));
                missing.push(encoded);
            }
            drop(held);
            if is_last {
                return Ok(missing);
            }
        }
    }
}
