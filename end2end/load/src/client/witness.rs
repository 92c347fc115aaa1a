//! Who sees what screens say and hear: a ledger, a stopwatch.

use std::sync::Arc;

use domain::wire::{Answer, Ask, Welcome};
use domain::{StreamId, Version};
use tokio::time::Instant;

use super::{Arrived, ScreenNo};

/// Sees what screens say and hear. Each method is called on the screen's own task and must not wait.
pub trait Witness: Send + Sync + 'static {
    /// The server said who it takes a screen for.
    fn welcomed(&self, screen: ScreenNo, welcome: &Welcome) {
        let _ = (screen, welcome);
    }

    /// A screen was told a stream's state at a version.
    fn told_state(&self, screen: ScreenNo, stream: &StreamId, version: Version) {
        let _ = (screen, stream, version);
    }

    /// A command is being sent, for the first time or again.
    fn sending(&self, screen: ScreenNo, ask: &Ask, at: Instant) {
        let _ = (screen, ask, at);
    }

    /// A command was answered, be it for the time being.
    fn answered(&self, screen: ScreenNo, ask: &Ask, answer: &Answer, at: Instant) {
        let _ = (screen, ask, answer, at);
    }

    /// An event arrived.
    fn arrived(&self, screen: ScreenNo, stream: &StreamId, event: &Arrived, at: Instant) {
        let _ = (screen, stream, event, at);
    }

    /// Something worth counting happened to a screen's connection.
    fn noticed(&self, screen: ScreenNo, what: Notice) {
        let _ = (screen, what);
    }

    /// A screen was switched off, in the middle of whatever it did.
    fn switched_off(&self, screen: ScreenNo) {
        let _ = screen;
    }
}

/// What happens to a screen's connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// It is connected and caught up.
    Live,
    /// The connection broke, or the server ended it.
    Lost,
    /// A command was sent, and the connection broken on purpose before its answer was read.
    AnswerLost,
    /// The server said that it stops.
    ToldToMove,
    /// An event before one that arrived was missing, and was asked for.
    Gap,
    /// An accepted command's event did not come by itself.
    Overdue,
    /// A command was not answered in time on a living connection.
    Unanswered,
    /// The server said something that can't be understood.
    NotUnderstood,
}

/// Several witnesses see the same.
impl Witness for Vec<Arc<dyn Witness>> {
    fn welcomed(&self, screen: ScreenNo, welcome: &Welcome) {
        self.iter().for_each(|witness| witness.welcomed(screen, welcome));
    }

    fn told_state(&self, screen: ScreenNo, stream: &StreamId, version: Version) {
        self.iter().for_each(|witness| witness.told_state(screen, stream, version));
    }

    fn sending(&self, screen: ScreenNo, ask: &Ask, at: Instant) {
        self.iter().for_each(|witness| witness.sending(screen, ask, at));
    }

    fn answered(&self, screen: ScreenNo, ask: &Ask, answer: &Answer, at: Instant) {
        self.iter().for_each(|witness| witness.answered(screen, ask, answer, at));
    }

    fn arrived(&self, screen: ScreenNo, stream: &StreamId, event: &Arrived, at: Instant) {
        self.iter().for_each(|witness| witness.arrived(screen, stream, event, at));
    }

    fn noticed(&self, screen: ScreenNo, what: Notice) {
        self.iter().for_each(|witness| witness.noticed(screen, what));
    }

    fn switched_off(&self, screen: ScreenNo) {
        self.iter().for_each(|witness| witness.switched_off(screen));
    }
}
