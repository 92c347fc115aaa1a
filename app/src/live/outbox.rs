//! Commands that the server has not answered, in order; kept across a reload of the page.

use std::collections::VecDeque;

use domain::replica::MAX_PENDING;
use leptos::prelude::window;
use serde_json::value::RawValue;

/// A command as it was written.
pub type Ask = domain::wire::Ask<Box<RawValue>>;

/// Commands to be sent, one at a time, so that what builds on another comes after it.
#[derive(Debug)]
pub(super) struct Outbox {
    asks: VecDeque<Ask>,
    /// Under which name they are kept, to survive a reload.
    kept_as: String,
}

impl Outbox {
    /// An outbox that survives a reload under that name, with what it held before.
    pub(super) fn kept_as(name: String) -> Self {
        let asks = storage().and_then(|s| s.get_item(&name).ok()?).and_then(|json| serde_json::from_str(&json).ok());
        let mut asks: VecDeque<Ask> = asks.unwrap_or_default();
        // An older page, or the same one in another tab, may have sent them.
        asks.iter_mut().for_each(|ask| ask.again = true);
        Self { asks, kept_as: name }
    }

    /// The oldest, to be sent now. It is kept, and says of every later sending that it was sent before.
    pub(super) fn first_to_send(&mut self) -> Option<Ask> {
        let kept = self.asks.front_mut()?;
        let ask = kept.clone();
        if !std::mem::replace(&mut kept.again, true) {
            self.keep();
        }
        Some(ask)
    }

    /// Takes one more; `false` where too many wait.
    pub(super) fn push(&mut self, ask: Ask) -> bool {
        let fits = self.asks.len() < MAX_PENDING;
        if fits {
            self.asks.push_back(ask);
            self.keep();
        }
        fits
    }

    /// Forgets one that was answered.
    pub(super) fn answered(&mut self, ask: &Ask) {
        self.asks.retain(|a| a.mutation != ask.mutation);
        self.keep();
    }

    fn keep(&self) {
        let (name, Some(storage)) = (&self.kept_as, storage()) else { return };
        // A full or forbidden storage only means that a reload while offline forgets.
        let _ = if self.asks.is_empty() {
            storage.remove_item(name)
        } else {
            serde_json::to_string(&self.asks).map_or(Ok(()), |json| storage.set_item(name, &json))
        };
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok()?
}
