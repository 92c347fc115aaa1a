//! The one place that executes commands: take the stream, decide, commit, fold, deliver.
//!
//! HTTP handlers, server functions and the live channel only translate to it. Nothing leaves this
//! server before it is durable.
//!
//! - this file: commands to one stream; [`together`]: those to a floor and a stay at once
//! - `streams`, `held`: what this server holds; `snapshots`: where loading begins; `fresh`: how fresh that is
//! - `peers`, `open_stays`: keeping up with other servers
//! - `stats`: what `/metrics` tells

mod command;
mod fresh;
mod held;
mod open_stays;
mod peers;
mod snapshots;
mod stats;
mod streams;
#[cfg(test)]
mod tests;
mod together;

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::access::{Access, AccessCommand};
use domain::floor::{Floor, FloorCommand};
use domain::fold::record;
use domain::menu::Menu;
use domain::seating::Seating;
use domain::stream::Progress;
use domain::{Actor, Context, Fold, MutationId, Rejection, SeatingId, StreamId, TableId, VenueId, Version};
use rand::Rng as _;
use tokio::sync::Semaphore;

use crate::bus::{Bus, Told};
use crate::clock;
use crate::log::{Append, Commit, Encoded, EventLog, LogError};
use crate::planted::{self, Planted};

pub use command::{Command, Sending};
pub use held::Held;
pub use stats::ServiceStats;

use fresh::Found;
use open_stays::OpenStays;
use snapshots::Snapshots;
use streams::{Stream, Streams};

/// How often a command that lost a race reads again and decides again.
const MAX_TRIES: u32 = 12;

/// How many stays are read at once that other servers told of.
const MAX_LOADS: usize = 32;

/// Why a command took no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: Rejection,
    /// More, for whoever writes a client.
    pub detail: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            None => self.reason.fmt(f),
            Some(detail) => write!(f, "{}: {detail}", self.reason),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Rejection> for Refusal {
    fn from(reason: Rejection) -> Self {
        Self { reason, detail: None }
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        // The log has told the operator, once.
        tracing::debug!(%error, "the log did not do as asked");
        match error {
            LogError::Conflict | LogError::Unavailable(_) => Rejection::Unavailable.into(),
            // Sent again, it would fail again.
            LogError::Damaged(_) => Rejection::Damaged.into(),
            LogError::Malformed(problem) => Self { reason: Rejection::Malformed, detail: Some(problem.to_owned()) },
        }
    }
}

/// Told of everything that has become durable, in each stream's order. Twice is possible, a hole is not: who
/// shows it passes over what it has.
pub trait Deliver: Send + Sync + 'static {
    /// These events of a stream are durable now.
    fn deliver(&self, venue: &VenueId, stream: &StreamId, events: &[Encoded]);

    /// Who may do what has changed.
    fn access_changed(&self, venue: &VenueId, access: &Access);

    /// Whether somebody here is shown everything of a venue.
    fn house_is_shown(&self, venue: &VenueId) -> bool;

    /// Whether somebody here is shown this stay.
    fn is_shown(&self, seating: SeatingId) -> bool;
}

/// Executes commands.
pub struct Service {
    log: Arc<dyn EventLog>,
    delivery: Arc<dyn Deliver>,
    bus: Arc<Bus>,
    snapshots: Arc<Snapshots>,
    stats: ServiceStats,
    /// A commit's outcome is unknown: what is held may be behind the log, and nobody will tell.
    in_doubt: AtomicBool,
    /// The log did not answer lately: what can be done without it is, until then.
    away_until: Mutex<Option<Instant>>,
    /// Stays that are being read since another server told of them.
    loads: Arc<Semaphore>,
    /// The stays that go on in venues that are followed.
    open_stays: OpenStays,
    seatings: Streams<Seating>,
    floors: Streams<Floor>,
    menus: Streams<Menu>,
    accesses: Streams<Access>,
}

impl Service {
    /// A service over a log, which tells `delivery` what happens, and other servers by the bus.
    pub fn new(log: Arc<dyn EventLog>, delivery: Arc<dyn Deliver>, bus: Arc<Bus>) -> Self {
        let snapshots = Arc::new(Snapshots::beside(Arc::clone(&log)));
        Self {
            seatings: Streams::of(&log, &snapshots),
            floors: Streams::of(&log, &snapshots),
            menus: Streams::of(&log, &snapshots),
            accesses: Streams::of(&log, &snapshots),
            log,
            delivery,
            bus,
            snapshots,
            stats: ServiceStats::default(),
            in_doubt: AtomicBool::new(false),
            away_until: Mutex::default(),
            loads: Arc::new(Semaphore::new(MAX_LOADS)),
            open_stays: OpenStays::default(),
        }
    }

    /// The log, for health and start-up.
    pub fn log(&self) -> &dyn EventLog {
        &*self.log
    }

    /// What was counted since the start.
    pub fn stats(&self) -> &ServiceStats {
        &self.stats
    }

    /// How many streams of each kind are held.
    pub fn held_streams(&self) -> [(&'static str, usize); 4] {
        let (seatings, floors, menus, accesses) = (&self.seatings, &self.floors, &self.menus, &self.accesses);
        [("seating", seatings.len()), ("floor", floors.len()), ("menu", menus.len()), ("access", accesses.len())]
    }

    /// Executes a command, and tells at which version of its stream it took effect.
    ///
    /// A command that took effect before, or was refused for good, is answered, not repeated. It runs to its end even
    /// where the caller goes away: what is durable is always folded and delivered.
    pub async fn execute(
        self: &Arc<Self>,
        venue: VenueId,
        actor: Actor,
        sending: Sending,
        command: Command,
    ) -> Result<Version, Refusal> {
        let (service, began) = (Arc::clone(self), Instant::now());
        let run = async move { service.run(&venue, &actor, sending, command).await };
        let outcome = tokio::spawn(run).await.unwrap_or_else(|_| Err(Rejection::Unavailable.into()));
        self.stats.command_ended(&outcome, began.elapsed());
        outcome
    }

    /// Sees to it that something is so: where it is already, nothing is left to do.
    pub async fn see_to(
        self: &Arc<Self>,
        venue: &VenueId,
        actor: Actor,
        sending: Sending,
        command: Command,
    ) -> Result<(), Refusal> {
        match self.execute(venue.clone(), actor, sending, command).await {
            Err(refusal) if refusal.reason != Rejection::Unchanged => Err(refusal),
            _ => Ok(()),
        }
    }

    async fn run(&self, venue: &VenueId, actor: &Actor, sending: Sending, command: Command) -> Result<Version, Refusal> {
        match command {
            Command::Seating(id, command) => {
                let stream = self.seating_stream(id).await?;
                if stream.held().state.stay.venue().is_some_and(|of| of != venue) {
                    return Err(Rejection::NotAllowed.into());
                }
                self.on_one(venue, &stream, actor, sending, &command).await
            }
            Command::Floor(command) => {
                let (stream, _) = self.floors.get(StreamId::Floor(venue.clone())).await?;
                let version = self.on_one(venue, &stream, actor, sending, &command).await?;
                if let FloorCommand::LayTables { .. } = command {
                    self.end_codes_of_gone_tables(venue).await?;
                }
                Ok(version)
            }
            Command::Menu(command) => {
                let (stream, _) = self.menus.get(StreamId::Menu(venue.clone())).await?;
                self.on_one(venue, &stream, actor, sending, &command).await
            }
            Command::Access(command) => {
                let (stream, _) = self.accesses.get(StreamId::Access(venue.clone())).await?;
                self.on_one(venue, &stream, actor, sending, &command).await
            }
            Command::Visit(command) => self.visit(venue, actor, sending, &command).await,
        }
    }

    /// A table that is laid no more takes its code along: one of the same name may be laid another day.
    ///
    /// Where this fails, the command is answered as one that can't be saved; sent again, it is done here.
    async fn end_codes_of_gone_tables(&self, venue: &VenueId) -> Result<(), Refusal> {
        let tables: Vec<TableId> = self.floor(venue).await?.state.tables.iter().map(|table| table.id.clone()).collect();
        let (stream, _) = self.accesses.get(StreamId::Access(venue.clone())).await?;
        let access = stream.held().state;
        for table in access.codes_without_a_table(&tables).cloned() {
            tracing::warn!(%venue, %table, "the table is gone, and its printed code with it");
            let remove = AccessCommand::RemoveToken { table };
            match self.on_one(venue, &stream, &Actor::System, Sending::first(clock::new_mutation()), &remove).await {
                // Another server was faster.
                Ok(_) | Err(Refusal { reason: Rejection::Unchanged, .. }) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(())
    }

    /// A command that concerns one stream.
    async fn on_one<S: Fold + Send + Sync>(
        &self,
        venue: &VenueId,
        stream: &Stream<S>,
        actor: &Actor,
        sending: Sending,
        command: &S::Command,
    ) -> Result<Version, Refusal> {
        let _turn = stream.turn_soon().await?;
        for lost in 0..MAX_TRIES {
            give_way(lost).await;
            let state = stream.held().state;
            if let Some(outcome) = known(state.progress(), sending.mutation) {
                return outcome;
            }
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: actor.clone(), mutation: sending.mutation, now: clock::now(), menu: &menu };
            let events = match state.decide(command, &context) {
                Ok(events) => events,
                Err(reason) if self.catch_up(stream).await? == Found::Nothing => {
                    let refusal = (state.version(), reason);
                    drop(state);
                    self.refuse(venue, stream, refusal, sending, &context).await?;
                    continue;
                }
                Err(_) => continue,
            };
            let decided_at = state.version();
            drop(state);
            if let Some(version) = self.append(venue, stream, decided_at, events, &context).await? {
                return Ok(version);
            }
        }
        Err(Rejection::Unavailable.into())
    }

    /// Refuses, as was decided at a version. Where the command was sent before, the refusal is kept in its stream first,
    /// so that it holds for every sending of it (see [`Progress::refusal_of`]). `Ok` where somebody was faster: then it
    /// is to be decided again.
    async fn refuse<S: Fold + Send + Sync>(
        &self,
        venue: &VenueId,
        stream: &Stream<S>,
        (decided_at, reason): (Version, Rejection),
        sending: Sending,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        if sending.again && reason.is_kept() {
            let kept = self.append(venue, stream, decided_at, vec![S::refusal(reason)], context).await?;
            if kept.is_none() {
                return Ok(());
            }
        }
        Err(reason.into())
    }

    /// Appends to one stream, whose turn the caller has, and tells the version. Nothing where somebody was faster: what
    /// they did is folded in now.
    async fn append<S: Fold + Send + Sync>(
        &self,
        venue: &VenueId,
        stream: &Stream<S>,
        expected: Version,
        events: Vec<S::Event>,
        context: &Context<'_>,
    ) -> Result<Option<Version>, Refusal> {
        let batch = held::Batch::new(record(expected, context, events))?;
        let append = Append { stream: stream.id().clone(), expected, events: batch.encoded.clone() };
        match self.commit(Commit { venue: venue.clone(), appends: vec![append] }).await {
            Ok(told) => {
                let version = stream.append(&batch);
                self.snapshots.keep_now_and_then(stream);
                self.show(stream.id(), &batch.encoded);
                self.bus.publish(venue, &told);
                Ok(Some(version))
            }
            Err(LogError::Conflict) => {
                self.catch_up(stream).await?;
                Ok(None)
            }
            Err(unavailable) => Err(unavailable.into()),
        }
    }

    /// Appends, and says what the other servers are to be told of it.
    async fn commit(&self, commit: Commit) -> Result<Vec<Told>, LogError> {
        let head = |append: &Append| append.expected + append.events.len() as Version;
        let told = |append: &Append| Told { stream: append.stream.clone(), head: head(append), events: append.events.clone() };
        let told = commit.appends.iter().map(told).collect();
        if planted::is(Planted::AckBeforeCommit) {
            let log = Arc::clone(&self.log);
            tokio::spawn(async move { log.commit(commit).await });
            return Ok(told);
        }
        let committed = self.log.commit(commit).await;
        if let Err(LogError::Unavailable(_)) = committed {
            // It may have happened all the same.
            self.in_doubt.store(true, Relaxed);
        }
        committed.map(|()| told)
    }

    /// Shows what is durable to everybody here whom it concerns.
    fn show(&self, stream: &StreamId, events: &[Encoded]) {
        // A stay that has just begun, or is read for the first time, tells by itself whose it is.
        let Some(venue) = self.venue_of(stream) else { return };
        if let StreamId::Seating(id) = stream {
            let is_open = self.seatings.peek(stream).is_some_and(|seating| seating.held().state.stay.is_open());
            self.open_stays.note(&venue, *id, is_open);
        }
        self.delivery.deliver(&venue, stream, events);
        if let StreamId::Access(_) = stream
            && let Some(access) = self.accesses.peek(stream)
        {
            self.delivery.access_changed(&venue, &access.held().state);
        }
    }

    /// The venue of a stream; none for a stay that has not begun, or isn't held.
    fn venue_of(&self, stream: &StreamId) -> Option<VenueId> {
        match stream {
            StreamId::Floor(venue) | StreamId::Menu(venue) | StreamId::Access(venue) => Some(venue.clone()),
            StreamId::Seating(_) => self.seatings.peek(stream)?.held().state.stay.venue().cloned(),
        }
    }
}

/// What became of a mutation, where its stream tells.
fn known(progress: &Progress, mutation: MutationId) -> Option<Result<Version, Refusal>> {
    if planted::is(Planted::SkipDedupe) {
        return None;
    }
    let refused = progress.refusal_of(mutation).map(|reason| Err(reason.into()));
    refused.or_else(|| progress.effect_of(mutation).map(Ok))
}

/// Lets the others go first, by chance, after so many races were lost: servers that race in step never end.
async fn give_way(lost: u32) {
    if lost > 1 {
        let longest_ms = 1_u64 << lost.min(6);
        let wait_ms = rand::rng().random_range(0..=longest_ms);
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
}
