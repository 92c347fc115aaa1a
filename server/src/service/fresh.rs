//! What this server holds of a stream, and how fresh it is.
//!
//! Alone, what is held is all there is. With others, a venue whose screens are here is followed (`peers`), and what is
//! held of it is used as it is; of any other venue the log is asked. Whoever has just come from another server, or
//! would be refused, has the log asked in any case.

use std::future::Future;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use domain::access::Access;
use domain::floor::Floor;
use domain::menu::Menu;
use domain::seating::Seating;
use domain::{Fold, SeatingId, StreamId, VenueId};
use tokio::time::timeout;

use super::stats::FoundBy;
use super::streams::{Stream, Was};
use super::{Held, Refusal, Service};
use crate::log::LogError;

/// How long a page or a screen waits for the latest before it is shown what is held.
pub(super) const LATEST_WITHIN: Duration = Duration::from_secs(2);

/// For how long the log is not asked again for what can be done without.
const AWAY_FOR: Duration = Duration::from_secs(1);

/// What reading on has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// What is held is all there is.
    Nothing,
    /// Something was missing, and is held now.
    Something,
}

impl Service {
    /// A stay, as it is now.
    pub async fn seating(&self, id: SeatingId) -> Result<Held<Seating>, Refusal> {
        Ok(self.kept_current(&*self.seating_stream(id).await?).await)
    }

    /// These stays of a venue, as they are now, in the order asked: what isn't held of them is read in one go. One that
    /// can't be read leaves the others alone.
    pub async fn seatings(&self, venue: &VenueId, ids: &[SeatingId]) -> Result<Vec<Result<Held<Seating>, Refusal>>, Refusal> {
        let asked: Vec<StreamId> = ids.iter().map(|id| StreamId::Seating(*id)).collect();
        let mut streams = Vec::with_capacity(ids.len());
        let mut held_before = Vec::new();
        for found in self.seatings.get_several(&asked).await {
            match found {
                Ok((stream, was)) => {
                    self.seating_is_held(&stream, was);
                    if was == Was::Held {
                        held_before.push(stream.id().clone());
                    }
                    streams.push(Ok(stream));
                }
                Err(error @ LogError::Damaged(_)) => streams.push(Err(error)),
                Err(error) => return Err(error.into()),
            }
        }
        if !held_before.is_empty() && !self.bus.is_current(venue) {
            self.latest(&held_before).await;
        }
        Ok(streams.into_iter().map(|stream| Ok(stream?.held())).collect())
    }

    /// A venue's floor, as it is now.
    pub async fn floor(&self, venue: &VenueId) -> Result<Held<Floor>, Refusal> {
        let (stream, _) = self.floors.get(StreamId::Floor(venue.clone())).await?;
        Ok(self.kept_current(&stream).await)
    }

    /// A venue's menu, as it is now.
    pub async fn menu(&self, venue: &VenueId) -> Result<Held<Menu>, Refusal> {
        let (stream, _) = self.menus.get(StreamId::Menu(venue.clone())).await?;
        Ok(self.kept_current(&stream).await)
    }

    /// Who may do what in a venue, as it is now.
    pub async fn access(&self, venue: &VenueId) -> Result<Held<Access>, Refusal> {
        let (stream, _) = self.accesses.get(StreamId::Access(venue.clone())).await?;
        Ok(self.kept_current(&stream).await)
    }

    /// A stay's stream. Whoever is shown it here is shown what was not held before, too: perhaps another server has
    /// told of it, and it was missed.
    pub(super) async fn seating_stream(&self, id: SeatingId) -> Result<Arc<Stream<Seating>>, LogError> {
        let (stream, was) = self.seatings.get(StreamId::Seating(id)).await?;
        self.seating_is_held(&stream, was);
        Ok(stream)
    }

    /// A stay is held now: what goes on is noted, and what was not held before is shown.
    pub(super) fn seating_is_held(&self, stream: &Stream<Seating>, was: Was) {
        let held = stream.held();
        let (Some(venue), StreamId::Seating(id)) = (held.state.stay.venue(), stream.id()) else { return };
        self.open_stays.note(venue, *id, held.state.stay.is_open());
        if was == Was::Loaded && !self.bus.is_alone() && (self.delivery.house_is_shown(venue) || self.delivery.is_shown(*id)) {
            self.delivery.deliver(venue, stream.id(), &held.tail());
        }
    }

    /// Makes sure that what is held of these streams is what the log has: for whoever has just come from another
    /// server, or would be sent away. Whether it is: where the log does not answer, nobody knows.
    pub async fn latest(&self, streams: &[StreamId]) -> bool {
        if self.bus.is_alone() {
            return true;
        }
        let held = streams.iter().map(|stream| (stream.clone(), self.version_held(stream))).collect();
        let read = async {
            let failed = self.read_what_is_behind(held, None).await?;
            failed.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
        };
        self.if_the_log_answers(read).await
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
        match timeout(LATEST_WITHIN, read).await {
            Ok(Ok(())) => return true,
            // It does answer.
            Ok(Err(LogError::Damaged(_))) => return false,
            Ok(Err(_)) | Err(_) => {}
        }
        tracing::debug!("the log does not answer: what is held may be behind it");
        *away_until() = Some(Instant::now() + AWAY_FOR);
        false
    }

    /// Reads on before a refusal is told, or a race is run again: what is held may be behind the log, where a
    /// commit's outcome was unknown or another server has committed, and what took effect must never be told to
    /// have been refused.
    pub(super) async fn catch_up<S: Fold + Send + Sync>(&self, stream: &Stream<S>) -> Result<Found, Refusal> {
        let found = self.read_on(stream).await?;
        if found == Found::Something {
            self.stats.gap_found(FoundBy::Command);
        }
        Ok(found)
    }

    /// Reads what the log has and this server has not, and shows it: nobody else would. Who has the turn may.
    pub(super) async fn read_on<S: Fold + Send + Sync>(&self, stream: &Stream<S>) -> Result<Found, LogError> {
        let missed = stream.read_on(&*self.log).await?;
        if missed.is_empty() {
            return Ok(Found::Nothing);
        }
        self.show(stream.id(), &missed);
        Ok(Found::Something)
    }
}
