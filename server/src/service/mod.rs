//! The one place that executes commands: take the stream, decide, commit, fold, deliver.
//!
//! HTTP handlers, server functions and the live channel only translate to it. Nothing leaves this
//! server before it is durable (see [`Service::on_one`] and [`together`]).

mod command;
mod held;
mod open_stays;
mod peers;
mod stats;
mod streams;
mod together;

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::access::Access;
use domain::floor::Floor;
use domain::menu::Menu;
use domain::seating::Seating;
use domain::{Actor, Context, Fold, MutationId, Rejection, SeatingId, StreamId, VenueId, Version, stream};

pub use command::Command;
pub use held::Held;
use open_stays::OpenStays;
use rand::Rng as _;
use stats::FoundBy;
pub use stats::ServiceStats;
use streams::{Stream, Streams, Was};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::bus::{Bus, Told};
use crate::clock;
use crate::log::{Append, Commit, Encoded, EventLog, LogError};
use crate::planted::{self, Planted};

/// How often a command that lost a race reads again and decides again.
const MAX_TRIES: u32 = 12;

/// How long a page or a screen waits for the latest before it is shown what is held.
const LATEST_WITHIN: Duration = Duration::from_secs(2);

/// For how long it is not asked again for what can be done without.
const AWAY_FOR: Duration = Duration::from_secs(1);

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

impl From<Rejection> for Refusal {
    fn from(reason: Rejection) -> Self {
        Self { reason, detail: None }
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        if let LogError::Unavailable(why) = &error {
            // The log has told the operator, once.
            tracing::debug!(%why, "the log is unavailable");
        }
        Rejection::Unavailable.into()
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
        Self {
            log,
            delivery,
            bus,
            stats: ServiceStats::default(),
            in_doubt: AtomicBool::new(false),
            away_until: Mutex::default(),
            loads: Arc::new(Semaphore::new(MAX_LOADS)),
            open_stays: OpenStays::default(),
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

    /// What was counted since the start.
    pub fn stats(&self) -> &ServiceStats {
        &self.stats
    }

    /// How many streams of each kind are held.
    pub fn held_streams(&self) -> [(&'static str, usize); 4] {
        let (seatings, floors, menus, accesses) = (&self.seatings, &self.floors, &self.menus, &self.accesses);
        [("seating", seatings.len()), ("floor", floors.len()), ("menu", menus.len()), ("access", accesses.len())]
    }

    /// A stay, as it is now.
    pub async fn seating(&self, id: SeatingId) -> Result<Held<Seating>, Refusal> {
        Ok(self.kept_current(&*self.seating_stream(id).await?).await)
    }

    /// A venue's floor, as it is now.
    pub async fn floor(&self, venue: &VenueId) -> Result<Held<Floor>, Refusal> {
        let (stream, _) = self.floors.get(&*self.log, StreamId::Floor(venue.clone())).await?;
        Ok(self.kept_current(&stream).await)
    }

    /// A venue's menu, as it is now.
    pub async fn menu(&self, venue: &VenueId) -> Result<Held<Menu>, Refusal> {
        let (stream, _) = self.menus.get(&*self.log, StreamId::Menu(venue.clone())).await?;
        Ok(self.kept_current(&stream).await)
    }

    /// Who may do what in a venue, as it is now.
    pub async fn access(&self, venue: &VenueId) -> Result<Held<Access>, Refusal> {
        let (stream, _) = self.accesses.get(&*self.log, StreamId::Access(venue.clone())).await?;
        Ok(self.kept_current(&stream).await)
    }

    /// A stay's stream. Whoever is shown it here is shown what was not held before, too: perhaps another server has
    /// told of it, and it was missed.
    async fn seating_stream(&self, id: SeatingId) -> Result<Arc<Stream<Seating>>, LogError> {
        let (stream, was) = self.seatings.get(&*self.log, StreamId::Seating(id)).await?;
        let held = stream.held();
        if let Some(venue) = held.state.stay.venue() {
            self.open_stays.note(venue, id, held.state.stay.is_open());
            if was == Was::Loaded && !self.bus.is_alone() && (self.delivery.house_is_shown(venue) || self.delivery.is_shown(id)) {
                self.delivery.deliver(venue, stream.id(), &held.tail());
            }
        }
        Ok(stream)
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
        let (service, began) = (Arc::clone(self), Instant::now());
        let run = async move { service.run(&venue, &actor, mutation, command).await };
        let outcome = tokio::spawn(run).await.unwrap_or_else(|_| Err(Rejection::Unavailable.into()));
        self.stats.command_ended(&outcome, began.elapsed());
        outcome
    }

    async fn run(&self, venue: &VenueId, actor: &Actor, mutation: MutationId, command: Command) -> Result<Version, Refusal> {
        let log = &*self.log;
        match command {
            Command::Seating(id, command) => {
                let stream = self.seating_stream(id).await?;
                if stream.held().state.stay.venue().is_some_and(|of| of != venue) {
                    return Err(Rejection::NotAllowed.into());
                }
                self.on_one(venue, &stream, actor, mutation, &command).await
            }
            Command::Floor(command) => {
                let (stream, _) = self.floors.get(log, StreamId::Floor(venue.clone())).await?;
                self.on_one(venue, &stream, actor, mutation, &command).await
            }
            Command::Menu(command) => {
                let (stream, _) = self.menus.get(log, StreamId::Menu(venue.clone())).await?;
                self.on_one(venue, &stream, actor, mutation, &command).await
            }
            Command::Access(command) => {
                let (stream, _) = self.accesses.get(log, StreamId::Access(venue.clone())).await?;
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
        let _turn = stream.turn_soon().await?;
        for lost in 0..MAX_TRIES {
            give_way(lost).await;
            let state = stream.held().state;
            if let Some(version) = state.progress().effect_of(mutation).filter(|_| !planted::is(Planted::SkipDedupe)) {
                return Ok(version);
            }
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: actor.clone(), mutation, now: clock::now(), menu: &menu };
            let events = match state.decide(command, &context) {
                Ok(events) => events,
                Err(reason) if self.catch_up(stream).await? == Found::Nothing => return Err(reason.into()),
                Err(_) => continue,
            };
            let recorded = stream::record(state.version(), &context, events);
            let batch = held::Batch::new(recorded)?;
            let append = Append { stream: stream.id().clone(), expected: state.version(), events: batch.encoded.clone() };
            drop(state);
            match self.commit(Commit { venue: venue.clone(), appends: vec![append] }).await {
                Ok(told) => {
                    let version = stream.append(&batch);
                    self.show(stream.id(), &batch.encoded);
                    self.bus.publish(venue, &told);
                    return Ok(version);
                }
                Err(LogError::Conflict) => {
                    self.catch_up(stream).await?;
                }
                Err(unavailable) => return Err(unavailable.into()),
            }
        }
        Err(Rejection::Unavailable.into())
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

    /// What is held of a stream, after reading on from it unless something else keeps it current. Where that takes
    /// too long, what is held has to do.
    async fn kept_current<S: Fold + Send + Sync>(&self, stream: &Stream<S>) -> Held<S> {
        let is_current = self.bus.is_alone() || self.venue_of(stream.id()).is_some_and(|venue| self.bus.is_current(&venue));
        if !is_current {
            self.if_the_log_answers(async {
                // A command to the menu asks for the menu as well, and has its turn.
                let turn = if matches!(stream.id(), StreamId::Menu(_)) { stream.try_turn() } else { Some(stream.turn().await) };
                if turn.is_some() {
                    self.read_on(stream).await?;
                }
                Ok(())
            })
            .await;
        }
        stream.held()
    }

    /// Reads something that is good to know and can be done without: not for long, and not while the log has just
    /// been found away, since a page asks for several such things. Whether it is known now.
    async fn if_the_log_answers(&self, read: impl Future<Output = Result<(), LogError>>) -> bool {
        let away_until = || self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        if away_until().is_some_and(|until| Instant::now() < until) {
            return false;
        }
        if let Ok(Ok(())) = timeout(LATEST_WITHIN, read).await {
            return true;
        }
        tracing::debug!("the log does not answer: what is held may be behind it");
        *away_until() = Some(Instant::now() + AWAY_FOR);
        false
    }

    /// Reads on before a refusal is told, or a race is run again: what is held may be behind the log, where a
    /// commit's outcome was unknown or another server has committed, and what took effect must never be told to
    /// have been refused.
    async fn catch_up<S: Fold + Send + Sync>(&self, stream: &Stream<S>) -> Result<Found, Refusal> {
        let found = self.read_on(stream).await?;
        if found == Found::Something {
            self.stats.gap_found(FoundBy::Command);
        }
        Ok(found)
    }

    /// Reads what the log has and this server has not, and shows it: nobody else would. Who has the turn may.
    async fn read_on<S: Fold + Send + Sync>(&self, stream: &Stream<S>) -> Result<Found, LogError> {
        let missed = stream.read_on(&*self.log).await?;
        if missed.is_empty() {
            return Ok(Found::Nothing);
        }
        self.show(stream.id(), &missed);
        Ok(Found::Something)
    }
}

/// Lets the others go first, by chance, after so many races were lost: servers that race in step never end.
async fn give_way(lost: u32) {
    if lost > 1 {
        let longest_ms = 1_u64 << lost.min(6);
        let wait_ms = rand::rng().random_range(0..=longest_ms);
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
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
