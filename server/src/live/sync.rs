//! Bringing a screen up to date: it joins its rooms first, and is sent what it lacks then, so that
//! nothing falls between the two.

use std::collections::BTreeSet;

use domain::wire::{Caught, MAX_SYNC_STREAMS, Sync, Synced};
use domain::{Fold, Rejection, SeatingId, StreamId, Version};
use socketioxide::extract::{AckSender, SocketRef};

use super::{Live, Who, inbox};
use crate::clock;
use crate::guard::Network;
use crate::log::Encoded;
use crate::service::{Held, Refusal};

/// More events than this are longer than a snapshot.
const MAX_EVENTS: usize = 64;

/// Brings a screen up to date.
pub(super) async fn answer(live: &Live, socket: &SocketRef, who: &Who, have: &Sync, ack: AckSender) {
    if have.streams.len() > MAX_SYNC_STREAMS {
        return inbox::send(ack, &refused(Rejection::Malformed));
    }
    if let Err(refusal) = who.actor(live).await {
        return inbox::send(ack, &refused(refusal.reason));
    }
    let (person, network) = (who.person(), Network::of(&socket.req_parts().extensions));
    if !live.persons.may_catch_up(&person, network) {
        return inbox::send(ack, &refused(Rejection::TooFast));
    }
    live.delivery.join(socket, who);
    match gather(live, who, have).await {
        Ok(streams) => {
            live.persons.were_sent(&person, network, streams.iter().map(bytes).sum());
            inbox::send(ack, &Synced { streams, now: clock::now(), refused: None });
        }
        Err(refusal) => inbox::send(ack, &refused(refusal.reason)),
    }
}

fn bytes(caught: &Caught) -> usize {
    let snapshot = caught.snapshot.as_ref().map_or(0, |snapshot| snapshot.get().len());
    snapshot + caught.events.iter().map(|event| event.get().len()).sum::<usize>()
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
    let is_sure = known.is_empty() || service.latest(&known).await;
    let version_of = |stream: &StreamId| have.streams.get(stream).copied().unwrap_or(0);
    let mut caught = Vec::new();
    let (menu, of_menu) = (service.menu(venue).await?, StreamId::Menu(venue.clone()));
    match who {
        Who::Guest(pass) => {
            let snapshot = || menu.snapshot_for_guests();
            caught.extend(lacking(&menu, version_of(&of_menu), of_menu, is_sure, snapshot)?);
            let stream = StreamId::Seating(pass.seating);
            let held = service.seating(pass.seating).await?;
            caught.extend(lacking(&held, version_of(&stream), stream, is_sure, || held.snapshot())?);
        }
        Who::Staff(_) => {
            caught.extend(lacking(&menu, version_of(&of_menu), of_menu, is_sure, || menu.snapshot())?);
            let floor = service.floor(venue).await?;
            let stream = StreamId::Floor(venue.clone());
            let open = floor.state.seated.values().map(|seated| seated.seating);
            let ids: Vec<_> = open.chain(named_seatings(have)).collect::<BTreeSet<_>>().into_iter().collect();
            // One that can't be read leaves its table without what was ordered, and the others as they are.
            for (id, held) in ids.iter().zip(service.seatings(venue, &ids).await?) {
                if let Ok(held) = held
                    && held.state.stay.venue() == Some(venue)
                {
                    let stream = StreamId::Seating(*id);
                    caught.extend(lacking(&held, version_of(&stream), stream, is_sure, || held.snapshot())?);
                }
            }
            caught.extend(lacking(&floor, version_of(&stream), stream, is_sure, || floor.snapshot())?);
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

/// What a screen lacks that has `version`: events where they are few and at hand, else a snapshot. Where the log itself
/// has less, and that `is_sure`, it was restored from a backup: then the screen starts anew.
fn lacking<S: Fold>(
    held: &Held<S>,
    version: Version,
    stream: StreamId,
    is_sure: bool,
    snapshot: impl FnOnce() -> Result<Encoded, Refusal>,
) -> Result<Option<Caught>, Refusal> {
    let anew = version > held.version();
    if version == held.version() || (anew && !is_sure) {
        return Ok(None);
    }
    let events: Option<Vec<_>> = held.after(version).filter(|_| version > 0).map(|events| events.take(MAX_EVENTS + 1).collect());
    if let Some(events) = events.filter(|events| events.len() <= MAX_EVENTS) {
        let events = events.into_iter().map(ToOwned::to_owned).collect();
        return Ok(Some(Caught { stream, snapshot: None, events, anew: false }));
    }
    let snapshot = (*snapshot()?).to_owned();
    Ok(Some(Caught { stream, snapshot: Some(snapshot), events: Vec::new(), anew }))
}
