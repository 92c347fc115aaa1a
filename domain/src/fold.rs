//! How every stream is decided and folded.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use crate::catalog::Menu;
use crate::ids::MutationId;
use crate::rejection::Rejection;
use crate::stream::{Actor, EVENT_FORMAT, Progress, Recorded, Time, Version};

/// Everything that a decision needs from outside.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// Who asks, as the server knows it at this moment.
    pub actor: Actor,
    /// The command's id, made by its sender.
    pub mutation: MutationId,
    /// The deciding clock.
    pub now: Time,
    /// What is served now.
    pub menu: &'a Menu,
}

/// A state folded from a stream.
pub trait Fold: Default + Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned + 'static {
    /// What happens in such a stream. Its default is what a later release records, and changes nothing here.
    type Event: Default + Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned;
    /// What can be asked of such a stream alone.
    type Command: Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned;

    /// May it happen, and as what? At least one event, or a reason.
    fn decide(&self, command: &Self::Command, context: &Context<'_>) -> Result<Vec<Self::Event>, Rejection>;

    /// The event that keeps a refusal (see [`Progress::refusal_of`]).
    fn refusal(reason: Rejection) -> Self::Event;

    /// Folds one event in. Infallible: the log is the truth.
    fn evolve(&mut self, recorded: &Recorded<Self::Event>);

    /// How far this state has come, and which commands it has seen.
    fn progress(&self) -> &Progress;

    /// The version of the last event folded in.
    fn version(&self) -> Version {
        self.progress().version()
    }
}

/// Wraps decided events for recording: the next versions of a stream at `version`.
pub fn record<E>(version: Version, context: &Context<'_>, events: Vec<E>) -> Vec<Recorded<E>> {
    (version + 1..)
        .zip(events)
        .map(|(version, event)| Recorded {
            version,
            at: context.now,
            mutation: context.mutation,
            by: context.actor.clone(),
            format: EVENT_FORMAT,
            event,
        })
        .collect()
}
