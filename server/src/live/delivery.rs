//! Telling every screen concerned, once, in each stream's order.
//!
//! A quiet room gets its event at once; in a busy one, what comes within a short window goes out as
//! one frame, encoded once for the whole room. A screen that is too slow for its buffer is cut off, so
//! that it catches up; it is never left with a hole, and nobody waits for it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::access::Access;
use domain::seating::{GuestsEvent, SeatingEvent, StayEvent};
use domain::wire::{self, Events, StreamEvents};
use domain::{DeviceNo, GuestNo, Recorded, SeatingId, StaffId, StreamId, VenueId};
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;

use super::Who;
use crate::bus::Bus;
use crate::guard::Person;
use crate::log::Encoded;
use crate::service::Deliver;

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
enum Room {
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

#[derive(Default)]
struct InRoom {
    sockets: HashMap<Sid, SocketRef>,
    /// What waits for the window's end, in order.
    waiting: Vec<(StreamId, Vec<Encoded>)>,
    /// A task will flush at the window's end.
    flush_is_due: bool,
    flushed_at: Option<Instant>,
    /// After the next flush nobody stays: the party has left.
    ends: bool,
}

type SharedRoom = Arc<Mutex<InRoom>>;

/// Tells screens.
pub struct Delivery {
    /// Learns of which venues there are screens here.
    bus: Arc<Bus>,
    rooms: Mutex<HashMap<Room, SharedRoom>>,
    /// Who is connected, and in which rooms.
    present: Mutex<Present>,
    counts: Arc<Counts>,
    /// This server stops, and takes nobody new.
    stopping: AtomicBool,
}

#[derive(Default)]
struct Present {
    by_id: HashMap<Sid, Presence>,
    /// Each person's connections, oldest first.
    by_person: HashMap<Person, Vec<Sid>>,
}

struct Presence {
    socket: SocketRef,
    who: Who,
    rooms: Vec<Room>,
}

/// What was done, since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Frames sent to sockets.
    pub frames: AtomicU64,
    /// Screens cut off because they were too slow.
    pub cut_off: AtomicU64,
}

impl Delivery {
    /// Nobody is connected yet.
    pub fn new(bus: Arc<Bus>) -> Self {
        let (rooms, present) = (Mutex::default(), Mutex::default());
        Self { bus, rooms, present, counts: Arc::default(), stopping: AtomicBool::new(false) }
    }

    /// What was done, since the start.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many screens are connected.
    pub fn connected(&self) -> usize {
        lock(&self.present).by_id.len()
    }

    /// How many screens of guests and of staff are connected.
    pub fn screens(&self) -> [(&'static str, usize); 2] {
        let present = lock(&self.present);
        let guests = present.by_id.values().filter(|presence| matches!(presence.who, Who::Guest(_))).count();
        [("guest", guests), ("staff", present.by_id.len() - guests)]
    }

    /// How many rooms somebody is in.
    pub fn rooms(&self) -> usize {
        lock(&self.rooms).len()
    }

    /// Who is on each device of a venue that has a screen connected here.
    pub fn staff_present(&self, venue: &VenueId) -> HashMap<DeviceNo, StaffId> {
        let present = lock(&self.present);
        let staff = present.by_id.values().filter_map(|presence| match &presence.who {
            Who::Staff(pass) if pass.venue == *venue => Some((pass.sign_in.device, pass.sign_in.member.clone())),
            _ => None,
        });
        staff.collect()
    }

    /// Does something with every screen.
    pub(super) fn each(&self, act: impl Fn(&SocketRef, &Who)) {
        let present: Vec<_> =
            lock(&self.present).by_id.values().map(|presence| (presence.socket.clone(), presence.who.clone())).collect();
        present.iter().for_each(|(socket, who)| act(socket, who));
    }

    /// A screen connected. Where its person has as many connections as one may have, the oldest makes room.
    pub(super) fn came(&self, socket: &SocketRef, who: &Who) {
        let presence = Presence { socket: socket.clone(), who: who.clone(), rooms: Vec::new() };
        let too_old = {
            let mut present = lock(&self.present);
            if present.by_id.insert(socket.id, presence).is_none() {
                self.bus.screen_came(who.venue());
            }
            let person = who.person();
            let most = person.max_sockets();
            let own = present.by_person.entry(person).or_default();
            own.push(socket.id);
            let oldest = (own.len() > most).then(|| own.remove(0));
            oldest.and_then(|id| present.by_id.get(&id)).map(|presence| presence.socket.clone())
        };
        if let Some(socket) = too_old {
            tracing::info!(id = %socket.id, "somebody has too many connections: the oldest is ended");
            cut_off(socket);
        }
        // Whoever came in while the others were told to move is told, too.
        if self.is_stopping() {
            tell_to_move(socket);
        }
    }

    /// A screen takes its places: from now on it is told. Doing it again changes nothing.
    pub(super) fn join(&self, socket: &SocketRef, who: &Who) {
        let rooms = match who {
            Who::Guest(pass) => vec![Room::Seating(pass.seating), Room::Guests(pass.venue.clone())],
            Who::Staff(pass) => vec![Room::House(pass.venue.clone())],
        };
        let mut present = lock(&self.present);
        // It may have gone while it was being looked up.
        let Some(presence) = present.by_id.get_mut(&socket.id) else { return };
        for room in &rooms {
            let shared = Arc::clone(lock(&self.rooms).entry(room.clone()).or_default());
            let mut inside = lock(&shared);
            if !is_cut_off(socket) {
                inside.sockets.insert(socket.id, socket.clone());
            }
        }
        presence.rooms = rooms;
    }

    /// A screen is gone.
    pub(super) fn left(&self, id: Sid) {
        let mut present = lock(&self.present);
        let Some(presence) = present.by_id.remove(&id) else { return };
        self.bus.screen_left(presence.who.venue());
        if let Entry::Occupied(mut own) = present.by_person.entry(presence.who.person()) {
            own.get_mut().retain(|known| *known != id);
            if own.get().is_empty() {
                own.remove();
            }
        }
        presence.rooms.iter().for_each(|room| self.leave(id, room));
    }

    /// Whether this server stops: who was told to move must not come back to it.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Tells every screen to move to another server: this one stops.
    pub fn tell_to_move(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.each(|socket, _| tell_to_move(socket));
    }

    /// Tells every screen goodbye whose owner is nobody here any more.
    fn dismiss(&self, is_gone: impl Fn(&Who) -> bool) {
        let mut gone = Vec::new();
        for (id, presence) in lock(&self.present).by_id.iter_mut().filter(|(_, presence)| is_gone(&presence.who)) {
            gone.push(presence.socket.clone());
            for room in mem::take(&mut presence.rooms) {
                self.leave(*id, &room);
            }
        }
        gone.into_iter().for_each(say_goodbye);
    }

    /// A screen leaves a room, which goes with the last one.
    fn leave(&self, id: Sid, room: &Room) {
        let mut rooms = lock(&self.rooms);
        if let Some(shared) = rooms.get(room) {
            let mut inside = lock(shared);
            inside.sockets.remove(&id);
            if inside.sockets.is_empty() {
                drop(inside);
                rooms.remove(room);
            }
        }
    }

    fn tell(&self, room: Room, stream: &StreamId, events: &[Encoded], ends: bool) {
        let Some(shared) = lock(&self.rooms).get(&room).cloned() else { return };
        let mut inside = lock(&shared);
        inside.waiting.push((stream.clone(), events.to_vec()));
        inside.ends |= ends;
        if inside.flush_is_due {
            return;
        }
        let wait = inside.flushed_at.map_or(Duration::ZERO, |at| room.window().saturating_sub(at.elapsed()));
        if wait.is_zero() {
            flush(&mut inside, &self.counts);
        } else {
            inside.flush_is_due = true;
            drop(inside);
            tokio::spawn(flush_later(shared, wait, Arc::clone(&self.counts)));
        }
    }
}

/// Flushes a room at the end of its window.
async fn flush_later(shared: SharedRoom, wait: Duration, counts: Arc<Counts>) {
    tokio::time::sleep(wait).await;
    let mut inside = lock(&shared);
    inside.flush_is_due = false;
    flush(&mut inside, &counts);
}

/// Sends what waits to everybody in the room, as one frame that is encoded once.
fn flush(inside: &mut InRoom, counts: &Counts) {
    inside.flushed_at = Some(Instant::now());
    let Some(frame) = frame(mem::take(&mut inside.waiting)) else { return };
    let mut behind = Vec::new();
    for (id, socket) in &inside.sockets {
        counts.frames.fetch_add(1, Ordering::Relaxed);
        if socket.emit(wire::EVENTS, &frame).is_err() {
            behind.push(*id);
        }
    }
    for id in behind {
        if let Some(socket) = inside.sockets.remove(&id)
            && !is_cut_off(&socket)
        {
            counts.cut_off.fetch_add(1, Ordering::Relaxed);
            tracing::info!(%id, "a screen fell behind and is cut off, to catch up");
            cut_off(socket);
        }
    }
    if mem::take(&mut inside.ends) {
        inside.sockets.drain().for_each(|(_, socket)| say_goodbye(socket));
    }
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
fn cut_off(socket: SocketRef) {
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
fn say_goodbye(socket: SocketRef) {
    if let Err(error) = socket.emit(wire::GOODBYE, &()) {
        tracing::debug!(%error, "a screen could not be told goodbye");
    }
    cut_off(socket);
}

impl Deliver for Delivery {
    fn deliver(&self, venue: &VenueId, stream: &StreamId, events: &[Encoded]) {
        match stream {
            StreamId::Seating(id) => {
                self.tell(Room::House(venue.clone()), stream, events, false);
                self.tell(Room::Seating(*id), stream, events, events.last().is_some_and(closes));
                for removed in events.iter().filter_map(removed) {
                    self.dismiss(|who| matches!(who, Who::Guest(pass) if pass.seating == *id && pass.guest == removed));
                }
            }
            StreamId::Floor(_) => self.tell(Room::House(venue.clone()), stream, events, false),
            StreamId::Menu(_) => {
                self.tell(Room::House(venue.clone()), stream, events, false);
                self.tell(Room::Guests(venue.clone()), stream, events, false);
            }
            // Who may do what never leaves the server.
            StreamId::Access(_) => {}
        }
    }

    /// Ends the screens of staff whose sign-in counts no more.
    fn access_changed(&self, venue: &VenueId, access: &Access) {
        self.dismiss(|who| matches!(who, Who::Staff(pass) if pass.venue == *venue && access.role_of(&pass.sign_in).is_none()));
    }

    fn house_is_shown(&self, venue: &VenueId) -> bool {
        lock(&self.rooms).contains_key(&Room::House(venue.clone()))
    }

    fn is_shown(&self, seating: SeatingId) -> bool {
        lock(&self.rooms).contains_key(&Room::Seating(seating))
    }
}

fn tell_to_move(socket: &SocketRef) {
    if let Err(error) = socket.emit(wire::MOVE, &()) {
        tracing::debug!(%error, "a screen could not be told to move");
    }
}

/// An event of a stay that has that word in it: so seldom that reading it again costs nothing.
fn read_if_it_says(event: &Encoded, word: &str) -> Option<SeatingEvent> {
    let says = event.get().contains(word);
    says.then(|| serde_json::from_str::<Recorded<SeatingEvent>>(event.get()).ok()).flatten().map(|recorded| recorded.event)
}

/// Whether an event is the last of a stay.
fn closes(event: &Encoded) -> bool {
    matches!(read_if_it_says(event, "\"closed\""), Some(SeatingEvent::Stay(StayEvent::Closed {})))
}

/// The guest who is removed by an event, if it removes one.
fn removed(event: &Encoded) -> Option<GuestNo> {
    match read_if_it_says(event, "\"guest_removed\"") {
        Some(SeatingEvent::Guests(GuestsEvent::GuestRemoved { guest })) => Some(guest),
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
