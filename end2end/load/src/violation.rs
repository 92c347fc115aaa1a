//! What must not be: each kind of broken promise has its variant, so that a test can tell them apart.

use domain::{MutationId, Rejection, SeatingId, StreamId, Version};

use crate::client::ScreenNo;

/// What is known of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was sent, and no final answer has come.
    Unknown,
    /// The server said that it took effect there.
    Accepted(Version),
    /// The server said that it took none.
    Refused(Rejection),
}

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// An acknowledged command is not in the log.
    #[error("{0:?} was accepted at version {1} of {2} and is not there")]
    Lost(MutationId, Version, StreamId),
    /// An acknowledged command is in the log somewhere else.
    #[error("{0:?} was accepted at version {1} of {2} and is at {3}")]
    Elsewhere(MutationId, Version, StreamId, Version),
    /// Somebody was let in, and never joined.
    #[error("somebody joined {1} by {0:?}, which is not there")]
    JoinLost(MutationId, StreamId),
    /// A refused command is in the log.
    #[error("{0:?} was refused ({1}) and is at version {2} of {3}")]
    RefusedAndThere(MutationId, Rejection, Version, StreamId),
    /// A command was answered in two ways.
    #[error("{0:?} was answered as {1:?} and as {2:?}")]
    TwoAnswers(MutationId, Outcome, Outcome),
    /// A command was never answered for good, though everything was well again.
    #[error("{0:?} to {1} was never answered")]
    Unanswered(MutationId, StreamId),
    /// Screens were told different events of one version: another command's, or another content.
    #[error("version {1} of {0} was told as of {2:?} and as of {3:?}, or with different contents")]
    ToldTwoThings(StreamId, Version, MutationId, MutationId),
    /// A screen was told an event that is not in the log.
    #[error("version {1} of {0} was told as of {2:?}, which is not there")]
    ToldWhatIsNot(StreamId, Version, MutationId),
    /// A screen was told something that it may not see.
    #[error("screen {0} was told of {1}, which it may not see")]
    NotTheirs(ScreenNo, StreamId),
    /// A screen's versions of a stream are not dense: it was said to be the next, and was not.
    #[error("screen {0} took version {3} of {1} for the next after {2}")]
    NotDense(ScreenNo, StreamId, Version, Version),
    /// A screen saw that something was missing, and it never came.
    #[error("screen {0} missed what comes before version {2} of {1}, and never got it")]
    NotRepaired(ScreenNo, StreamId, Version),
    /// A version has no command of its own, or a command has versions apart: it took effect twice.
    #[error("version {1} of {0} belongs to a command that took effect again")]
    Doubled(StreamId, Version),
    /// A state can't be.
    #[error("{0}: {1}")]
    Impossible(StreamId, String),
    /// A screen shows something else than the server holds.
    #[error("screen {0} differs: {1}")]
    Differs(ScreenNo, String),
    /// Two servers, counted from 1, hold different things.
    #[error("servers {0} and {1} differ: {2}")]
    ServersDiffer(usize, usize, String),
    /// Somebody who belongs here was sent away.
    #[error("somebody could not go on: {0}")]
    SentAway(String),
    /// A server does not serve, though everything was well again.
    #[error("server {0} does not serve: {1}")]
    NotServing(usize, String),
    /// It took too long until all was well again.
    #[error("not well again in time: {0}")]
    NotHealed(String),
}

impl Violation {
    /// Says that a stay can't be so.
    pub fn impossible(seating: SeatingId, why: String) -> Self {
        Self::Impossible(StreamId::Seating(seating), why)
    }
}
