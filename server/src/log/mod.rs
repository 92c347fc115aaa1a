//! The log: the truth. Streams of encoded events, appended atomically and durably, or not at all.
//!
//! The log knows streams, versions and bytes; what the bytes mean is the service's business. An event
//! is encoded once, here and for every screen: what is stored is what is sent.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{StreamId, VenueId, Version};
use serde_json::value::RawValue;

/// An encoded [`domain::Recorded`] event, shared between the log, the bus and every screen.
pub type Encoded = Arc<RawValue>;

/// Events for the end of one stream.
#[derive(Debug, Clone)]
pub struct Append {
    /// Which stream.
    pub stream: StreamId,
    /// The version of its last event, 0 for a new stream: the next is `expected + 1`.
    pub expected: Version,
    /// The encoded events, one version each; at least one.
    pub events: Vec<Encoded>,
}

/// Appends that happen together, or not at all.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The venue to which every stream belongs.
    pub venue: VenueId,
    /// At most one for each stream; at least one.
    pub appends: Vec<Append>,
}

/// Why the log did not do as asked. Nothing of the commit has happened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogError {
    /// A stream is not at the expected version: read again, decide again.
    #[error("a stream has moved on")]
    Conflict,
    /// Nothing can be saved or read right now; it may be possible a little later.
    #[error("the log can't be reached: {0}")]
    Unavailable(String),
}

/// The most events that one `read` returns; ask again after the last for more.
pub const READ_LIMIT: usize = 10_000;

/// Keeps streams.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// Appends all of it, durably, or none. Returns once a power cut can't undo it.
    async fn commit(&self, commit: Commit) -> Result<(), LogError>;

    /// The events of a stream after a version, in order; at most [`READ_LIMIT`].
    async fn read(&self, stream: &StreamId, after: Version) -> Result<Vec<Encoded>, LogError>;

    /// The versions of these streams; a stream that has no event is left out.
    async fn heads(&self, streams: &[StreamId]) -> Result<Vec<(StreamId, Version)>, LogError>;

    /// The venues that have any stream, in order.
    async fn venues(&self) -> Result<Vec<VenueId>, LogError>;

    /// Whether the log can be read and written now, for `/readyz`.
    async fn check(&self) -> Result<(), LogError>;
}
