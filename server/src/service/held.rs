//! What this server holds of a stream: the folded state, and the last events as they were encoded.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use domain::menu::Menu;
use domain::{Fold, Recorded, Rejection, Version};
use serde_json::value::{RawValue, to_raw_value};

use super::Refusal;
use crate::log::Encoded;

/// How many of its last events are held of each stream, so that a screen that was away for a moment
/// is brought up to date without the disk.
const MAX_TAIL: usize = 256;

/// What this server holds of a stream. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Held<S> {
    /// The folded state.
    pub state: Arc<S>,
    tail: Arc<VecDeque<Encoded>>,
    /// The state as it is sent, once somebody has asked for it.
    snapshot: Arc<OnceLock<Encoded>>,
    /// The same for guests, where they are sent less.
    for_guests: Arc<OnceLock<Encoded>>,
}

impl<S: Fold> Default for Held<S> {
    fn default() -> Self {
        Self { state: Arc::default(), tail: Arc::default(), snapshot: Arc::default(), for_guests: Arc::default() }
    }
}

/// Events, decided and encoded.
pub(super) struct Batch<E> {
    pub(super) recorded: Vec<Recorded<E>>,
    pub(super) encoded: Vec<Encoded>,
}

impl<E: serde::Serialize> Batch<E> {
    pub(super) fn new(recorded: Vec<Recorded<E>>) -> Result<Self, Refusal> {
        let encoded = recorded.iter().map(|r| Ok(Encoded::from(to_raw_value(r)?))).collect::<Result<_, serde_json::Error>>();
        let encoded = encoded.map_err(|error| {
            tracing::error!(%error, "an event can't be encoded");
            Refusal::from(Rejection::Unavailable)
        })?;
        Ok(Self { recorded, encoded })
    }
}

impl<S: Fold> Held<S> {
    /// Begins with a state: of what came before it, no event is held.
    pub(super) fn begin(state: S) -> Self {
        Self { state: Arc::new(state), ..Self::default() }
    }

    /// The version of the folded state.
    pub fn version(&self) -> Version {
        self.state.version()
    }

    /// The events after `version`, if they are held.
    pub fn after(&self, version: Version) -> Option<impl Iterator<Item = &RawValue>> {
        let first_held = self.version() + 1 - self.tail.len() as u64;
        let skip = (version + 1).checked_sub(first_held)?;
        (version <= self.version()).then(|| self.tail.iter().skip(usize::try_from(skip).unwrap_or(usize::MAX)).map(|e| &**e))
    }

    /// The state as it is sent, encoded once for everybody who asks before it changes.
    pub fn snapshot(&self) -> Result<Encoded, Refusal> {
        kept(&self.snapshot, || to_raw_value(&*self.state))
    }

    /// The last events, as far as they are held.
    pub(super) fn tail(&self) -> Vec<Encoded> {
        self.tail.iter().cloned().collect()
    }

    pub(super) fn append(&mut self, recorded: &Recorded<S::Event>, encoded: Encoded) {
        // What is read twice is folded once.
        if recorded.version <= self.version() {
            return;
        }
        debug_assert_eq!(recorded.version, self.version() + 1, "the log's versions are dense");
        Arc::make_mut(&mut self.state).evolve(recorded);
        for snapshot in [&mut self.snapshot, &mut self.for_guests] {
            match Arc::get_mut(snapshot) {
                Some(own) => drop(own.take()),
                None => *snapshot = Arc::default(),
            }
        }
        let tail = Arc::make_mut(&mut self.tail);
        tail.push_back(encoded);
        if tail.len() > MAX_TAIL {
            tail.pop_front();
        }
    }
}

impl Held<Menu> {
    /// The menu as guests are sent it, encoded once.
    pub fn snapshot_for_guests(&self) -> Result<Encoded, Refusal> {
        kept(&self.for_guests, || to_raw_value(&self.state.for_guests()))
    }
}

/// What was encoded before, or is now.
fn kept(
    known: &OnceLock<Encoded>,
    encode: impl FnOnce() -> Result<Box<RawValue>, serde_json::Error>,
) -> Result<Encoded, Refusal> {
    if let Some(known) = known.get() {
        return Ok(Arc::clone(known));
    }
    let encoded = encode().map_err(|error| {
        tracing::error!(%error, "a snapshot can't be encoded");
        Refusal::from(Rejection::Unavailable)
    })?;
    Ok(Arc::clone(known.get_or_init(|| encoded.into())))
}
