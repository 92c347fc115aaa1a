//! The one place that executes commands: take the stream, decide, commit, fold, deliver.
//!
//! HTTP handlers, server functions and the live channel only translate to it. Nothing leaves this
//! server before it is durable (see [`Service::on_one`] and [`together`]).

mod command;
mod held;
mod streams;
mod together;

use std::sync::Arc;

use domain::access::Access;
use domain::floor::Floor;
use domain::menu::Menu;
use domain::seating::Seating;
use domain::{Actor, Context, Fold, MutationId, Rejection, SeatingId, StreamId, VenueId, Version, stream};

pub use command::Command;
pub use held::Held;
use streams::{Stream, Streams};

use crate::clock;
use crate::log::{Append, Commit, Encoded, EventLog, LogError};

/// How often a command that lost a race reads again and decides again.
const MAX_TRIES: u32 = 8;

/// Why a command took no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: Rejection,
    /// More, for whoever writes a client.
    pub detail: Option<String>,
}

impl From<Rejection> for Refusal {
    fn from(reason: Rejection) -> Self {
        Self { reason, detail: None }
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        if let LogError::Unavailable(why) = &error {
            tracing::warn!(%why, "the log is unavailable");
        }
        Rejection::Unavailable.into()
    }
}

/// Told of everything that has become durable, in each stream's order.
pub trait Deliver: Send + Sync + 'static {
    /// These events of a stream are durable now.
    fn deliver(&self, venue: &VenueId, stream: &StreamId, events: &[Encoded]);
}

/// Executes commands.
pub struct Service {
    log: Arc<dyn EventLog>,
    delivery: Arc<dyn Deliver>,
    seatings: Streams<Seating>,
    floors: Streams<Floor>,
    menus: Streams<Menu>,
    accesses: Streams<Access>,
}

impl Service {
    /// A service over a log, which tells `delivery` what happens.
    pub fn new(log: Arc<dyn EventLog>, delivery: Arc<dyn Deliver>) -> Self {
        Self {
            log,
            delivery,
            seatings: Streams::default(),
            floors: Streams::default(),
            menus: Streams::default(),
            accesses: Streams::default(),
        }
    }

    /// The log, for health and start-up.
    pub fn log(&self) -> &dyn EventLog {
        &*self.log
    }

    /// A stay, as it is now.
    pub async fn seating(&self, id: SeatingId) -> Result<Held<Seating>, Refusal> {
        Ok(self.seatings.get(&*self.log, StreamId::Seating(id)).await?.held())
    }

    /// A venue's floor, as it is now.
    pub async fn floor(&self, venue: &VenueId) -> Result<Held<Floor>, Refusal> {
        Ok(self.floors.get(&*self.log, StreamId::Floor(venue.clone())).await?.held())
    }

    /// A venue's menu, as it is now.
    pub async fn menu(&self, venue: &VenueId) -> Result<Held<Menu>, Refusal> {
        Ok(self.menus.get(&*self.log, StreamId::Menu(venue.clone())).await?.held())
    }

    /// Who may do what in a venue, as it is now.
    pub async fn access(&self, venue: &VenueId) -> Result<Held<Access>, Refusal> {
        Ok(self.accesses.get(&*self.log, StreamId::Access(venue.clone())).await?.held())
    }

    /// Executes a command, and tells at which version of its stream it took effect.
    ///
    /// A command that took effect before is answered, not repeated. It runs to its end even where the
    /// caller goes away: what is durable is always folded and delivered.
    pub async fn execute(
        self: &Arc<Self>,
        venue: VenueId,
        actor: Actor,
        mutation: MutationId,
        command: Command,
    ) -> Result<Version, Refusal> {
        let service = Arc::clone(self);
        let run = async move { service.run(&venue, &actor, mutation, command).await };
        tokio::spawn(run).await.unwrap_or_else(|_| Err(Rejection::Unavailable.into()))
    }

    async fn run(&self, venue: &VenueId, actor: &Actor, mutation: MutationId, command: Command) -> Result<Version, Refusal> {
        let log = &*self.log;
        match command {
            Command::Seating(id, command) => {
                let stream = self.seatings.get(log, StreamId::Seating(id)).await?;
                if stream.held().state.stay.venue().is_some_and(|of| of != venue) {
                    return Err(Rejection::NotAllowed.into());
                }
                self.on_one(venue, &stream, actor, mutation, &command).await
            }
            Command::Floor(command) => {
                let stream = self.floors.get(log, StreamId::Floor(venue.clone())).await?;
                self.on_one(venue, &stream, actor, mutation, &command).await
            }
            Command::Menu(command) => {
                let stream = self.menus.get(log, StreamId::Menu(venue.clone())).await?;
                self.on_one(venue, &stream, actor, mutation, &command).await
            }
            Command::Access(command) => {
                let stream = self.accesses.get(log, StreamId::Access(venue.clone())).await?;
                self.on_one(venue, &stream, actor, mutation, &command).await
            }
            Command::Visit(command) => self.visit(venue, actor, mutation, &command).await,
        }
    }

    /// A command that concerns one stream.
    async fn on_one<S: Fold + Send + Sync>(
        &self,
        venue: &VenueId,
        stream: &Stream<S>,
        actor: &Actor,
        mutation: MutationId,
        command: &S::Command,
    ) -> Result<Version, Refusal> {
        let _turn = stream.turn().await;
        for _ in 0..MAX_TRIES {
            let state = stream.held().state;
            if let Some(version) = state.progress().effect_of(mutation) {
                return Ok(version);
            }
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: actor.clone(), mutation, now: clock::now(), menu: &menu };
            let events = match state.decide(command, &context) {
                Ok(events) => events,
                Err(reason) if self.catch_up(venue, stream).await? == Found::Nothing => return Err(reason.into()),
                Err(_) => continue,
            };
            let recorded = stream::record(state.version(), &context, events);
            let batch = held::Batch::new(recorded)?;
            let append = Append { stream: stream.id().clone(), expected: state.version(), events: batch.encoded.clone() };
            drop(state);
            match self.log.commit(Commit { venue: venue.clone(), appends: vec![append] }).await {
                Ok(()) => {
                    let version = stream.append(&batch);
                    self.delivery.deliver(venue, stream.id(), &batch.encoded);
                    return Ok(version);
                }
                Err(LogError::Conflict) => {
                    self.catch_up(venue, stream).await?;
                }
                Err(unavailable) => {
                    // Whether it was saved may be unknown: what is held is read again at the next turn.
                    return Err(unavailable.into());
                }
            }
        }
        Err(Rejection::Unavailable.into())
    }

    /// Reads what the log has and this server has not, and delivers it: nobody else would.
    ///
    /// Also before a refusal: what is held may be behind the log, where a commit's outcome was unknown, and
    /// what took effect must never be told to have been refused.
    async fn catch_up<S: Fold + Send + Sync>(&self, venue: &VenueId, stream: &Stream<S>) -> Result<Found, Refusal> {
        let missed = stream.read_on(&*self.log).await?;
        if missed.is_empty() {
            return Ok(Found::Nothing);
        }
        self.delivery.deliver(venue, stream.id(), &missed);
        Ok(Found::Something)
    }
}

/// What reading on has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// What is held is all there is.
    Nothing,
    /// Something was missing, and is held now.
    Something,
}
