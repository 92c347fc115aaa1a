//! Commands that touch several streams at once. All of it is committed, or nothing.
//!
//! Turns are taken in one order, the floor's before stays', so two commands can't wait for each other. Who joins a party that
//! sits already takes its turn alone: joins at different tables don't wait for each other's commits.

use std::sync::Arc;

use domain::floor::Floor;
use domain::fold::record;
use domain::seating::{GuestsEvent, Seating, SeatingEvent};
use domain::visit::{self, Joined, Newcomer, Streams, Together, VisitCommand};
use domain::{Actor, Context, Fold, MutationId, Recorded, Rejection, SeatingId, StreamId, VenueId, Version};

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
        let (floor, _) = self.floors.get(StreamId::Floor(venue.clone())).await?;
        let _floor_turn = floor.turn_soon().await?;
        for lost in 0..MAX_TRIES {
            give_way(lost).await;
            let now = floor.held().state;
            if let Some(outcome) = known(now.progress(), sending.mutation) {
                return outcome;
            }
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: actor.clone(), mutation: sending.mutation, now: clock::now(), menu: &menu };
            let id = visit::concerns(&now, command, &context);
            let seating = self.seating_stream(id).await?;
            let _seating_turn = seating.turn_soon().await?;
            let stay = seating.held().state;
            let streams = Streams { venue, floor: &now, seatings: vec![(id, &stay)] };
            let decided = visit::decide(&streams, command, &context);
            let decided_at = now.version();
            drop((now, stay));
            let together = match decided {
                Ok(together) => together,
                Err(reason) if self.nothing_was_missed(&floor, &seating).await? => {
                    self.refuse(venue, &floor, (decided_at, reason), sending, &context).await?;
                    continue;
                }
                Err(_) => continue,
            };
            if let Tried::Done = self.commit_together(venue, Some(&floor), &[&seating], together, &context).await? {
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
        let (floor, _) = self.floors.get(StreamId::Floor(venue.clone())).await?;
        if let Some(joined) = self.join_seated(venue, &floor, newcomer, mutation).await? {
            return Ok(joined);
        }
        let _floor_turn = floor.turn_soon().await?;
        for lost in 0..MAX_TRIES {
            give_way(lost).await;
            let now = floor.held().state;
            let id = visit::joins(&now, newcomer, clock::new_seating());
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: Actor::Visitor, mutation, now: clock::now(), menu: &menu };
            let seating = self.seating_stream(id).await?;
            let _seating_turn = seating.turn_soon().await?;
            if let Some(joined) = self.joined_by(&seating, mutation).await? {
                return Ok((id, joined));
            }
            let stay = seating.held().state;
            let streams = Streams { venue, floor: &now, seatings: vec![(id, &stay)] };
            let decided = visit::join(&streams, newcomer, id, &context);
            drop((now, stay));
            let (together, joined) = match decided {
                Ok(joined) => joined,
                Err(reason) if self.nothing_was_missed(&floor, &seating).await? => return Err(reason.into()),
                Err(_) => continue,
            };
            if let Tried::Done = self.commit_together(venue, Some(&floor), &[&seating], together, &context).await? {
                return Ok((id, joined));
            }
        }
        Err(Rejection::Unavailable.into())
    }

    /// Joins the party that sits at a table, as far as is held, by its stay's turn alone: when the table is closed, that is an
    /// event of the stay as well, so whoever comes too late loses the race there. Nothing where nobody sits there any more:
    /// that takes the floor's turn.
    async fn join_seated(
        &self,
        venue: &VenueId,
        floor: &Stream<Floor>,
        newcomer: &Newcomer,
        mutation: MutationId,
    ) -> Result<Option<(SeatingId, Joined)>, Refusal> {
        for lost in 0..MAX_TRIES {
            give_way(lost).await;
            let now = floor.held().state;
            let Some(id) = now.seated.get(&newcomer.table).map(|seated| seated.seating) else { return Ok(None) };
            let menu = self.menu(venue).await?.state;
            let context = Context { actor: Actor::Visitor, mutation, now: clock::now(), menu: &menu };
            let seating = self.seating_stream(id).await?;
            let _seating_turn = seating.turn_soon().await?;
            let stay = seating.held().state;
            if !stay.stay.is_open() {
                return Ok(None);
            }
            if let Some(joined) = self.joined_by(&seating, mutation).await? {
                return Ok(Some((id, joined)));
            }
            let decided = visit::join(&Streams { venue, floor: &now, seatings: vec![(id, &stay)] }, newcomer, id, &context);
            drop((now, stay));
            let (together, joined) = match decided {
                Ok(joined) => joined,
                Err(reason) if self.catch_up(&seating).await? == Found::Nothing => return Err(reason.into()),
                Err(_) => continue,
            };
            if let Tried::Done = self.commit_together(venue, None, &[&seating], together, &context).await? {
                return Ok(Some((id, joined)));
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
            Some(SeatingEvent::Guests(GuestsEvent::GuestJoined { guest, .. })) if held.is_here_since(guest, 0) => {
                Some(Joined::Guest(guest))
            }
            // They were removed since: that they joined once lets them in no more.
            Some(SeatingEvent::Guests(GuestsEvent::GuestJoined { .. })) => return Err(Rejection::NoSuchGuest.into()),
            Some(SeatingEvent::Guests(GuestsEvent::JoinAsked { ask, .. })) => {
                Some(held.let_in_as(ask).map_or(Joined::Asks(ask), Joined::Guest))
            }
            // Somebody sent another command's id.
            _ => return Err(Rejection::IdTaken.into()),
        })
    }

    /// Whether a refusal was decided from all there is (see [`Service::catch_up`]).
    async fn nothing_was_missed(&self, floor: &Stream<Floor>, seating: &Stream<Seating>) -> Result<bool, Refusal> {
        let found = [self.catch_up(floor).await?, self.catch_up(seating).await?];
        Ok(found == [Found::Nothing; 2])
    }

    /// Commits what was decided from these streams, whose turns the caller has; without the floor's, nothing happens there.
    async fn commit_together(
        &self,
        venue: &VenueId,
        floor: Option<&Stream<Floor>>,
        seatings: &[&Stream<Seating>],
        together: Together,
        context: &Context<'_>,
    ) -> Result<Tried, Refusal> {
        debug_assert!(floor.is_some() || together.floor.is_empty(), "nobody else's turn is taken");
        let mut appends = Vec::new();
        let mut of_seatings = Vec::new();
        // Seatings first, here and at other servers: who hears that a table was opened can already ask for the party.
        for (id, events) in together.seatings {
            let stream = seatings.iter().find(|stream| *stream.id() == StreamId::Seating(id)).ok_or(Rejection::Unavailable)?;
            of_seatings.push((*stream, appended(stream, events, context, &mut appends)?));
        }
        let of_floor = match floor {
            Some(floor) if !together.floor.is_empty() => Some((floor, appended(floor, together.floor, context, &mut appends)?)),
            _ => None,
        };
        match self.commit(Commit { venue: venue.clone(), appends }).await {
            Ok(told) => {
                // All of it is held before any of it is shown.
                for (stream, batch) in &of_seatings {
                    stream.append(batch);
                }
                if let Some((stream, batch)) = &of_floor {
                    stream.append(batch);
                    self.snapshots.keep_now_and_then(stream);
                }
                for (stream, batch) in &of_seatings {
                    self.show(stream.id(), &batch.encoded);
                }
                if let Some((stream, batch)) = &of_floor {
                    self.show(stream.id(), &batch.encoded);
                }
                self.bus.publish(venue, &told);
                Ok(Tried::Done)
            }
            Err(LogError::Conflict) => {
                if let Some(floor) = floor {
                    self.catch_up(floor).await?;
                }
                for stream in seatings {
                    self.catch_up(stream).await?;
                }
                Ok(Tried::Again)
            }
            Err(unavailable) => Err(unavailable.into()),
        }
    }
}

/// Encodes what happens in a stream, and adds it to what is appended.
fn appended<S: Fold + Send + Sync>(
    stream: &Stream<S>,
    events: Vec<S::Event>,
    context: &Context<'_>,
    appends: &mut Vec<Append>,
) -> Result<Batch<S::Event>, Refusal> {
    let expected = stream.held().version();
    let batch = Batch::new(record(expected, context, events))?;
    appends.push(Append { stream: stream.id().clone(), expected, events: batch.encoded.clone() });
    Ok(batch)
}
