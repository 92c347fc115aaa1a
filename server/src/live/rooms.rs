//! Rooms: who is told together, once, in each stream's order.
//!
//! A quiet room gets its event at once; in a busy one, what comes within a short window goes out as one frame, encoded once
//! for the whole room. Frames go out outside of the room's lock, one after the other: who comes or goes waits for nobody's
//! socket. A screen that is too slow for its buffer is cut off, so that it catches up; it is never left with a hole, and
//! nobody waits for it.

use std::collections::HashMap;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::wire::{self, Events, StreamEvents};
use domain::{SeatingId, StreamId, VenueId};
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;

use super::present::lock;
use crate::log::Encoded;

/// Within this, what comes to a table's phones goes out together.
const TABLE_WINDOW: Duration = Duration::from_millis(4);
/// Within this, what comes to a venue's boards goes out together.
const HOUSE_WINDOW: Duration = Duration::from_millis(30);
/// How often a screen that fell behind is tried to be cut off: its full buffer has no room for a
/// goodbye either.
const CUT_OFF_EVERY: Duration = Duration::from_millis(100);
/// After so many tries the heartbeat is left to find it dead.
const MAX_CUT_OFF_TRIES: u32 = 600;

/// Who is told together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Room {
    /// The phones of one party.
    Seating(SeatingId),
    /// Every guest of a venue: its menu.
    Guests(VenueId),
    /// The staff of a venue: everything.
    House(VenueId),
}

impl Room {
    const fn window(&self) -> Duration {
        match self {
            Self::Seating(_) | Self::Guests(_) => TABLE_WINDOW,
            Self::House(_) => HOUSE_WINDOW,
        }
    }
}

/// Every room that somebody is in.
#[derive(Default)]
pub(super) struct Rooms {
    by_name: Mutex<HashMap<Room, Arc<Mutex<Inside>>>>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Inside {
    sockets: HashMap<Sid, SocketRef>,
    /// What waits for the window's end, in order.
    waiting: Vec<(StreamId, Vec<Encoded>)>,
    /// Somebody sends now, or will at the window's end, and takes along what waits.
    is_taken_care_of: bool,
    flushed_at: Option<Instant>,
    /// After the next frame nobody stays: the party has left.
    ends: bool,
}

/// What was done, since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Frames sent to sockets.
    pub frames: AtomicU64,
    /// Screens cut off because they were too slow.
    pub cut_off: AtomicU64,
}

impl Rooms {
    /// What was done, since the start.
    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many rooms somebody is in.
    pub(super) fn len(&self) -> usize {
        lock(&self.by_name).len()
    }

    /// Whether somebody is in a room.
    pub(super) fn has(&self, room: &Room) -> bool {
        lock(&self.by_name).contains_key(room)
    }

    /// A screen takes its place, unless it is being cut off. Doing it again changes nothing.
    pub(super) fn enter(&self, socket: &SocketRef, room: &Room) {
        let mut rooms = lock(&self.by_name);
        if !is_cut_off(socket) {
            lock(rooms.entry(room.clone()).or_default()).sockets.insert(socket.id, socket.clone());
        }
    }

    /// A screen leaves a room, which goes with the last one.
    pub(super) fn leave(&self, id: Sid, room: &Room) {
        let mut rooms = lock(&self.by_name);
        let is_empty = rooms.get(room).is_some_and(|inside| {
            let mut inside = lock(inside);
            inside.sockets.remove(&id);
            inside.sockets.is_empty()
        });
        if is_empty {
            rooms.remove(room);
        }
    }

    /// Tells everybody in a room, within its window. If it `ends`, they are told goodbye after that.
    pub(super) fn tell(&self, room: &Room, stream: &StreamId, events: &[Encoded], ends: bool) {
        let Some(shared) = lock(&self.by_name).get(room).cloned() else { return };
        let window = room.window();
        let wait = {
            let mut inside = lock(&shared);
            inside.waiting.push((stream.clone(), events.to_vec()));
            inside.ends |= ends;
            if mem::replace(&mut inside.is_taken_care_of, true) {
                return;
            }
            inside.flushed_at.map_or(Duration::ZERO, |at| window.saturating_sub(at.elapsed()))
        };
        if wait.is_zero() && flush(&shared, &self.counts) == After::Nothing {
            return;
        }
        let wait = if wait.is_zero() { window } else { wait };
        tokio::spawn(flush_until_nothing_waits(shared, wait, window, Arc::clone(&self.counts)));
    }
}

/// What is to be done after a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Nothing,
    /// Something came while it was being sent.
    Another,
}

async fn flush_until_nothing_waits(shared: Arc<Mutex<Inside>>, mut wait: Duration, window: Duration, counts: Arc<Counts>) {
    loop {
        tokio::time::sleep(wait).await;
        if flush(&shared, &counts) == After::Nothing {
            return;
        }
        wait = window;
    }
}

/// Sends what waits to everybody in the room, as one frame that is encoded once. Only who takes care of the room does.
///
/// Whoever takes a place while it is being sent has it all the same: what is told is folded in before, and a screen is
/// brought up to date after it has taken its place.
fn flush(shared: &Mutex<Inside>, counts: &Counts) -> After {
    let (waiting, sockets, ends) = {
        let mut inside = lock(shared);
        inside.flushed_at = Some(Instant::now());
        let sockets: Vec<SocketRef> = inside.sockets.values().cloned().collect();
        (mem::take(&mut inside.waiting), sockets, mem::take(&mut inside.ends))
    };
    let mut behind = Vec::new();
    if let Some(frame) = frame(waiting) {
        counts.frames.fetch_add(sockets.len() as u64, Ordering::Relaxed);
        behind.extend(sockets.into_iter().filter(|socket| socket.emit(wire::EVENTS, &frame).is_err()));
    }
    let (gone, after) = {
        let mut inside = lock(shared);
        behind.retain(|socket| inside.sockets.remove(&socket.id).is_some());
        let gone: Vec<SocketRef> = if ends { inside.sockets.drain().map(|(_, socket)| socket).collect() } else { Vec::new() };
        inside.is_taken_care_of = !inside.waiting.is_empty();
        (gone, if inside.is_taken_care_of { After::Another } else { After::Nothing })
    };
    for socket in behind.into_iter().filter(|socket| !is_cut_off(socket)) {
        counts.cut_off.fetch_add(1, Ordering::Relaxed);
        tracing::info!(id = %socket.id, "a screen fell behind and is cut off, to catch up");
        cut_off(socket);
    }
    gone.into_iter().for_each(say_goodbye);
    after
}

/// Encodes a frame, with one entry for each run of a stream.
fn frame(waiting: Vec<(StreamId, Vec<Encoded>)>) -> Option<Box<RawValue>> {
    let mut streams: Vec<StreamEvents> = Vec::new();
    for (stream, events) in waiting {
        let events = events.iter().map(|event| (**event).to_owned());
        match streams.last_mut() {
            Some(last) if last.stream == stream => last.events.extend(events),
            _ => streams.push(StreamEvents { stream, snapshot: None, events: events.collect(), anew: false }),
        }
    }
    if streams.is_empty() {
        return None;
    }
    to_raw_value(&Events { streams }).inspect_err(|error| tracing::error!(%error, "a frame can't be encoded")).ok()
}

/// A screen whose connection ends as soon as its buffer has room for the word: it takes no place again.
#[derive(Clone)]
struct CutOff;

fn is_cut_off(socket: &SocketRef) -> bool {
    socket.extensions.get::<CutOff>().is_some()
}

/// Ends a connection, as soon as its buffer has room for the word.
pub(super) fn cut_off(socket: SocketRef) {
    socket.extensions.insert(CutOff);
    tokio::spawn(async move {
        for _ in 0..MAX_CUT_OFF_TRIES {
            if !socket.connected() || socket.clone().disconnect().is_ok() {
                return;
            }
            tokio::time::sleep(CUT_OFF_EVERY).await;
        }
    });
}

/// Tells a screen that it is nobody here any more, and ends it.
pub(super) fn say_goodbye(socket: SocketRef) {
    if let Err(error) = socket.emit(wire::GOODBYE, &()) {
        tracing::debug!(%error, "a screen could not be told goodbye");
    }
    cut_off(socket);
}
