//! Commands that touch a floor and a seating at once. Both are committed together or not at all.
//!
//! The floor's turn is always taken before the seating's, so two of them can't wait for each other.

use std::sync::Arc;

use domain::floor::Floor;
use domain::seating::{Seating, SeatingEvent};
use domain::visit::{self, Joined, Newcomer, Together, VisitCommand};
use domain::{Actor, Context, Fold, MutationId, Recorded, Rejection, SeatingId, StreamId, VenueId, Version, stream};

use super::held::Batch;
use super::streams::Stream;
use super::{Found, MAX_TRIES, Refusal, Sending, Service, give_way, known};
use crate::clock;
use crate::log::{Append, Commit, Encoded, LogError};

/// What becomes of a try to commit.
enum Tried {
    Done,
    /// Somebody was faster; what they did is folded in now.
    Again,
}

impl Service {
    /// Staff open or close a table.
    pub(super) async fn visit(
        &self,
        venue: &VenueId,
        actor: &Actor,
        sending: Sending,
        command: &VisitCommand,
    ) -> Result<Version, Refusal> {
        let (floor, _) = self.floors.get(&*self.log, StreamId::Floor(venue.clone())).await?;
        let _floor_turn = floor.turn_soon().await?;
        for lost in 0..MAX_TRIES {
            give_way(lost).await;
            let now = floor.held().state;
            if let Some(outcome) = known(now.progress(), sending.mutation) {
                return outcome;
            }
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: actor.clone(), mutation: sending.mutation, now: clock::now(), menu: &menu };
            let id = visit::seating_concerned(&now, command, &context);
            let seating = self.seating_stream(id).await?;
            let _seating_turn = seating.turn_soon().await?;
            let decided = visit::decide(venue, &now, &seating.held().state, command, &context);
            let decided_at = now.version();
            drop(now);
            let together = match decided {
                Ok(together) => together,
                Err(reason) if self.nothing_was_missed(&floor, &seating).await? => {
                    self.refuse(venue, &floor, (decided_at, reason), sending, &context).await?;
                    continue;
                }
                Err(_) => continue,
            };
            if let Tried::Done = self.commit_together(venue, &floor, &seating, together, &context).await? {
                return Ok(floor.held().version());
            }
        }
        Err(Rejection::Unavailable.into())
    }

    /// Somebody who holds a table's code joins the party there, is the first of one, or asks to be let in.
    ///
    /// Who asks again with the same mutation is told who they are already. It runs to its end even where the caller
    /// goes away.
    pub async fn join(
        self: &Arc<Self>,
        venue: VenueId,
        newcomer: Newcomer,
        mutation: MutationId,
    ) -> Result<(SeatingId, Joined), Refusal> {
        let service = Arc::clone(self);
        let run = async move { service.join_now(&venue, &newcomer, mutation).await };
        tokio::spawn(run).await.unwrap_or_else(|_| Err(Rejection::Unavailable.into()))
    }

    async fn join_now(&self, venue: &VenueId, newcomer: &Newcomer, mutation: MutationId) -> Result<(SeatingId, Joined), Refusal> {
        let (floor, _) = self.floors.get(&*self.log, StreamId::Floor(venue.clone())).await?;
        let _floor_turn = floor.turn_soon().await?;
        for lost in 0..MAX_TRIES {
            give_way(lost).await;
            let now = floor.held().state;
            let id = now.seated.get(&newcomer.table).map_or_else(clock::new_seating, |seated| seated.seating);
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: Actor::Visitor, mutation, now: clock::now(), menu: &menu };
            let seating = self.seating_stream(id).await?;
            let _seating_turn = seating.turn_soon().await?;
            if let Some(joined) = self.joined_by(&seating, mutation).await? {
                return Ok((id, joined));
            }
            let decided = visit::join(venue, &now, &seating.held().state, id, newcomer, &context);
            drop(now);
            let (together, joined) = match decided {
                Ok(joined) => joined,
                Err(reason) if self.nothing_was_missed(&floor, &seating).await? => return Err(reason.into()),
                Err(_) => continue,
            };
            if let Tried::Done = self.commit_together(venue, &floor, &seating, together, &context).await? {
                return Ok((id, joined));
            }
        }
        Err(Rejection::Unavailable.into())
    }

    /// What came of this mutation, if it has joined, or asked to.
    async fn joined_by(&self, seating: &Stream<Seating>, mutation: MutationId) -> Result<Option<Joined>, Refusal> {
        let held = seating.held().state;
        let Some(version) = held.progress().effect_of(mutation) else { return Ok(None) };
        let events = self.log.read(seating.id(), version - 1).await?;
        let read = |event: &Encoded| serde_json::from_str::<Recorded<SeatingEvent>>(event.get()).ok();
        Ok(match events.first().and_then(read).map(|recorded| recorded.event) {
            Some(SeatingEvent::GuestJoined { guest, .. }) if held.is_here_since(guest, 0) => Some(Joined::Guest(guest)),
            // They were removed since: that they joined once lets them in no more.
            Some(SeatingEvent::GuestJoined { .. }) => return Err(Rejection::NoSuchGuest.into()),
            Some(SeatingEvent::JoinAsked { ask, .. }) => Some(held.let_in_as(ask).map_or(Joined::Asks(ask), Joined::Guest)),
            // Somebody sent another command's id.
            _ => return Err(Rejection::IdTaken.into()),
        })
    }

    /// Whether a refusal was decided from all there is (see [`Service::catch_up`]).
    async fn nothing_was_missed(&self, floor: &Stream<Floor>, seating: &Stream<Seating>) -> Result<bool, Refusal> {
        let found = [self.catch_up(floor).await?, self.catch_up(seating).await?];
        Ok(found == [Found::Nothing; 2])
    }

    async fn commit_together(
        &self,
        venue: &VenueId,
        floor: &Stream<Floor>,
        seating: &Stream<Seating>,
        together: Together,
        context: &Context<'_>,
    ) -> Result<Tried, Refusal> {
        let (floor_version, seating_version) = (floor.held().version(), seating.held().version());
        let for_floor = Batch::new(stream::record(floor_version, context, together.floor))?;
        let for_seating = Batch::new(stream::record(seating_version, context, together.seating))?;
        // The seating first, here and at other servers: who hears that a table was opened can already ask for the party.
        let appends = [(seating.id(), seating_version, &for_seating.encoded), (floor.id(), floor_version, &for_floor.encoded)]
            .into_iter()
            .filter(|(_, _, events)| !events.is_empty())
            .map(|(stream, expected, events)| Append { stream: stream.clone(), expected, events: events.clone() })
            .collect();
        match self.commit(Commit { venue: venue.clone(), appends }).await {
            Ok(told) => {
                seating.append(&for_seating);
                floor.append(&for_floor);
                self.show(seating.id(), &for_seating.encoded);
                self.show(floor.id(), &for_floor.encoded);
                self.bus.publish(venue, &told);
                Ok(Tried::Done)
            }
            Err(LogError::Conflict) => {
                self.catch_up(floor).await?;
                self.catch_up(seating).await?;
                Ok(Tried::Again)
            }
            Err(unavailable) => Err(unavailable.into()),
        }
    }
}
