//! What can go wrong with a screen of its own.

use std::time::Duration;

/// What goes wrong with a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// Its connection is broken at once, without a word.
    Dropped,
    /// Its connection is broken after its next command was sent, before the answer is read; the server has so
    /// long to save it.
    NextAnswerLost(Duration),
    /// It reads nothing and says nothing for so long, and then goes on.
    NotReading(Duration),
}
