//! Snapshots of what lives for years: a floor, a menu, who may do what. They are kept beside the log every so many events,
//! and loading begins with the newest: the first touch of a stream costs the same on its first day and after years.
//!
//! A snapshot is of the rules by which it was folded. Others, of another release, begin at the first event once more, and
//! keep their own.

use std::sync::Arc;

use domain::{Fold, StreamId, Version};
use tokio::sync::Semaphore;

use super::held::Held;
use super::streams::Stream;
use crate::log::{EventLog, Snapshot};

/// By which rules this server folds.
pub(super) const RULES: &str = env!("COMANDA_RULES");

/// How many events a stream gains before the next snapshot: what is folded at the first touch, at most, in milliseconds.
pub(super) const EVERY: Version = 500;

/// How many are written at once: what they hold of memory, and of the log's queue.
const MAX_AT_ONCE: usize = 2;

/// Keeps snapshots beside a log.
pub(super) struct Snapshots {
    log: Arc<dyn EventLog>,
    at_once: Arc<Semaphore>,
}

impl Snapshots {
    pub(super) fn beside(log: Arc<dyn EventLog>) -> Self {
        Self { log, at_once: Arc::new(Semaphore::new(MAX_AT_ONCE)) }
    }

    /// The state of a stream that was kept last, if there is one that can be used: without, its events tell the same.
    pub(super) async fn last<S: Fold>(log: &dyn EventLog, id: &StreamId) -> Option<S> {
        if !lives_long(id) {
            return None;
        }
        let kept = match log.snapshot(id, RULES).await {
            Ok(kept) => kept?,
            Err(error) => {
                tracing::debug!(%error, stream = %id, "a snapshot can't be asked for");
                return None;
            }
        };
        match serde_json::from_str::<S>(kept.state.get()) {
            Ok(state) if state.version() == kept.version => Some(state),
            Ok(state) => {
                tracing::warn!(stream = %id, kept.version, is = state.version(), "a snapshot is of another version");
                None
            }
            Err(error) => {
                tracing::warn!(stream = %id, %error, "a snapshot can't be read");
                None
            }
        }
    }

    /// Keeps what is held of a stream where it is time to, without anybody waiting for it. Where that can't be done now,
    /// one of the next events does it.
    pub(super) fn keep_now_and_then<S: Fold + Send + Sync>(&self, stream: &Stream<S>) {
        if !lives_long(stream.id()) || !stream.is_due(EVERY) {
            return;
        }
        let Ok(permit) = Arc::clone(&self.at_once).try_acquire_owned() else { return };
        let held = stream.held();
        stream.note_snapshot(held.version());
        let (log, id) = (Arc::clone(&self.log), stream.id().clone());
        tokio::spawn(async move {
            if let Err(error) = keep(&*log, &id, &held).await {
                tracing::warn!(%error, stream = %id, "a snapshot was not kept; the next one will be tried");
            }
            drop(permit);
        });
    }
}

async fn keep<S: Fold>(log: &dyn EventLog, id: &StreamId, held: &Held<S>) -> Result<(), String> {
    let state = held.snapshot().map_err(|refusal| refusal.to_string())?;
    let snapshot = Snapshot { stream: id.clone(), rules: RULES.into(), version: held.version(), state };
    log.keep(snapshot).await.map_err(|error| error.to_string())
}

/// Whether a stream goes on for as long as its venue does. A stay has few events.
const fn lives_long(id: &StreamId) -> bool {
    match id {
        StreamId::Floor(_) | StreamId::Menu(_) | StreamId::Access(_) => true,
        StreamId::Seating(_) => false,
    }
}
