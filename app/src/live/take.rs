//! What every holder does with what arrives.

use domain::replica::{Arrival, Replica};
use domain::stream::Readable;
use domain::wire::Caught;
use domain::{Fold, Recorded, Rejection};
use serde_json::value::RawValue;

use super::channel::Notice;

/// The most notices that are kept to be shown.
const MAX_NOTICES: usize = 4;

/// Notes that something was refused.
pub(super) fn push_notice(notices: &mut Vec<Notice>, reason: Rejection) {
    let id = notices.last().map_or(0, |last| last.id + 1);
    notices.push(Notice { id, reason });
    if notices.len() > MAX_NOTICES {
        notices.remove(0);
    }
}

/// Takes a snapshot and events into a replica.
pub(super) fn catch_up<S: Fold>(replica: &mut Replica<S>, caught: &Caught) {
    if let Some(snapshot) = caught.snapshot.as_ref().and_then(|raw| serde_json::from_str(raw.get()).ok()) {
        if caught.anew {
            replica.start_anew(snapshot);
        } else {
            replica.reset(snapshot);
        }
    }
    take_events(replica, &caught.events);
}

/// Takes events into a replica; `false` where something before them is missing.
pub(super) fn take_events<S: Fold>(replica: &mut Replica<S>, events: &[Box<RawValue>]) -> bool {
    events.iter().all(|raw| match serde_json::from_str::<Recorded<Readable<S::Event>>>(raw.get()) {
        Ok(Recorded { version, at, mutation, by, format, event: Readable(event) }) => {
            // What can't be read is of a later release, as what is not known: it counts, and changes nothing.
            let event = event.unwrap_or_default();
            !matches!(replica.arrive(&Recorded { version, at, mutation, by, format, event }), Arrival::Gap { .. })
        }
        Err(error) => {
            leptos::logging::warn!("an event can't be read: {error}");
            false
        }
    })
}
