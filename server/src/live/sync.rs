//! Bringing a screen up to date: it joins its rooms first, and is sent what it lacks then, so that
//! nothing falls between the two.

use std::collections::BTreeSet;

use domain::wire::{Caught, MAX_SYNC_STREAMS, Sync, Synced};
use domain::{Fold, Rejection, SeatingId, StreamId, Version};
use serde_json::value::to_raw_value;
use socketioxide::extract::{AckSender, SocketRef};

use super::{Live, Who, turn};
use crate::clock;
use crate::service::{Held, Refusal};

/// More events than this are longer than a snapshot.
const MAX_EVENTS: usize = 64;

/// Brings a screen up to date.
pub(super) async fn answer(live: &Live, socket: &SocketRef, who: &Who, have: &Sync, ack: AckSender) {
    if have.streams.len() > MAX_SYNC_STREAMS {
        return turn::send(ack, &refused(Rejection::Malformed));
    }
    if let Err(refusal) = who.actor(live).await {
        return turn::send(ack, &refused(refusal.reason));
    }
    live.delivery.join(socket, who);
    match gather(live, who, have).await {
        Ok(streams) => turn::send(ack, &Synced { streams, now: clock::now(), refused: None }),
        Err(refusal) => turn::send(ack, &refused(refusal.reason)),
    }
}

/// The answer where nothing can be told.
pub(super) fn refused(reason: Rejection) -> Synced {
    Synced { streams: Vec::new(), now: clock::now(), refused: Some(reason) }
}

/// What a screen lacks of the streams that it may see. Others that it names are passed over, so that
/// nobody can find out whether they exist.
async fn gather(live: &Live, who: &Who, have: &Sync) -> Result<Vec<Caught>, Refusal> {
    let (service, venue) = (&live.service, who.venue());
    // Who comes from another server may know more than this one has heard of.
    let known: Vec<StreamId> = have
        .streams
        .iter()
        .filter(|(id, version)| who.may_see(id) && service.is_behind(id, **version))
        .map(|(id, _)| id.clone())
        .collect();
    if !known.is_empty() {
        service.latest(&known).await;
    }
    let version_of = |stream: &StreamId| have.streams.get(stream).copied().unwrap_or(0);
    let mut caught = Vec::new();
    let menu = StreamId::Menu(venue.clone());
    caught.extend(lacking(&service.menu(venue).await?, version_of(&menu), menu)?);
    match who {
        Who::Guest(pass) => {
            let stream = StreamId::Seating(pass.seating);
            caught.extend(lacking(&service.seating(pass.seating).await?, version_of(&stream), stream)?);
        }
        Who::Staff(_) => {
            let floor = service.floor(venue).await?;
            let stream = StreamId::Floor(venue.clone());
            let open = floor.state.seated.values().map(|seated| seated.seating);
            for id in open.chain(named_seatings(have)).collect::<BTreeSet<_>>() {
                let held = service.seating(id).await?;
                if held.state.stay.venue() == Some(venue) {
                    let stream = StreamId::Seating(id);
                    caught.extend(lacking(&held, version_of(&stream), stream)?);
                }
            }
            caught.extend(lacking(&floor, version_of(&stream), stream)?);
        }
    }
    Ok(caught)
}

fn named_seatings(have: &Sync) -> impl Iterator<Item = SeatingId> {
    have.streams.keys().filter_map(|stream| match stream {
        StreamId::Seating(id) => Some(*id),
        StreamId::Floor(_) | StreamId::Menu(_) | StreamId::Access(_) => None,
    })
}

/// What lacks who has `version`: events where they are few and at hand, else a snapshot.
fn lacking<S: Fold>(held: &Held<S>, version: Version, stream: StreamId) -> Result<Option<Caught>, Refusal> {
    if version == held.version() {
        return Ok(None);
    }
    let events: Option<Vec<_>> = held.after(version).filter(|_| version > 0).map(|events| events.take(MAX_EVENTS + 1).collect());
    if let Some(events) = events.filter(|events| events.len() <= MAX_EVENTS) {
        let events = events.into_iter().map(ToOwned::to_owned).collect();
        return Ok(Some(Caught { stream, snapshot: None, events }));
    }
    let snapshot = to_raw_value(&*held.state).map_err(|error| {
        tracing::error!(%error, %stream, "a snapshot can't be encoded");
        Refusal::from(Rejection::Unavailable)
    })?;
    Ok(Some(Caught { stream, snapshot: Some(snapshot), events: Vec::new() }))
}
