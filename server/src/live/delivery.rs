//! Telling every screen concerned: which rooms hear of a stream, who is let go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use domain::access::Access;
use domain::seating::{GuestsEvent, SeatingEvent, StayEvent};
use domain::wire;
use domain::{DeviceNo, GuestNo, Recorded, SeatingId, StaffId, StreamId, VenueId};
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;

use super::Who;
use super::present::{Came, Going, Present, lock};
use super::rooms::{Room, Rooms, cut_off, say_goodbye};
use crate::bus::Bus;
use crate::guard::Person;
use crate::log::Encoded;
use crate::service::Deliver;

pub use super::rooms::Counts;

/// Tells screens.
pub struct Delivery {
    /// Learns of which venues there are screens here.
    bus: Arc<Bus>,
    rooms: Rooms,
    /// Who is connected, and in which rooms.
    present: Mutex<Present>,
    /// This server stops, and takes nobody new.
    stopping: AtomicBool,
}

impl Delivery {
    /// Nobody is connected yet.
    pub fn new(bus: Arc<Bus>) -> Self {
        Self { bus, rooms: Rooms::default(), present: Mutex::default(), stopping: AtomicBool::new(false) }
    }

    /// What was done, since the start.
    pub fn counts(&self) -> &Counts {
        self.rooms.counts()
    }

    /// How many screens are connected.
    pub fn connected(&self) -> usize {
        lock(&self.present).len()
    }

    /// How many screens of guests and of staff are connected.
    pub fn screens(&self) -> [(&'static str, usize); 2] {
        let present = lock(&self.present);
        let staff = present.staff_len();
        [("guest", present.len() - staff), ("staff", staff)]
    }

    /// How many rooms somebody is in.
    pub fn rooms(&self) -> usize {
        self.rooms.len()
    }

    /// Who is on each device of a venue that has a screen connected here.
    pub fn staff_present(&self, venue: &VenueId) -> HashMap<DeviceNo, StaffId> {
        lock(&self.present).devices(venue)
    }

    /// Does something with every screen.
    pub(super) fn each(&self, act: impl Fn(&SocketRef, &Who)) {
        let present = lock(&self.present).all();
        present.iter().for_each(|(socket, who)| act(socket, who));
    }

    /// A screen connected. Where its person has as many connections as one may have, the oldest makes room.
    pub(super) fn came(&self, socket: &SocketRef, who: &Who) {
        let too_old = {
            let mut present = lock(&self.present);
            let Came { is_new, too_old } = present.come(socket, who);
            // Before anybody can see it go.
            if is_new {
                self.bus.screen_came(who.venue());
            }
            too_old
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
        // It may have gone while it was being looked up; it does not go before it is in all of them.
        let mut present = lock(&self.present);
        if present.is_told_in(socket.id, rooms.clone()) {
            rooms.iter().for_each(|room| self.rooms.enter(socket, room));
        }
    }

    /// A screen is gone.
    pub(super) fn left(&self, id: Sid) {
        let going = lock(&self.present).go(id);
        let Some(Going { who, rooms, .. }) = going else { return };
        self.bus.screen_left(who.venue());
        rooms.iter().for_each(|room| self.rooms.leave(id, room));
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

    /// Tells screens goodbye whose owner is nobody here any more.
    fn dismiss(&self, gone: Vec<Going>) {
        for Going { socket, rooms, .. } in gone {
            rooms.iter().for_each(|room| self.rooms.leave(socket.id, room));
            say_goodbye(socket);
        }
    }
}

impl Deliver for Delivery {
    fn deliver(&self, venue: &VenueId, stream: &StreamId, events: &[Encoded]) {
        match stream {
            StreamId::Seating(id) => {
                self.rooms.tell(&Room::House(venue.clone()), stream, events, false);
                self.rooms.tell(&Room::Seating(*id), stream, events, events.last().is_some_and(closes));
                for removed in events.iter().filter_map(removed) {
                    let gone = lock(&self.present).dismiss(&Person::Guest(*id, removed));
                    self.dismiss(gone);
                }
            }
            StreamId::Floor(_) => self.rooms.tell(&Room::House(venue.clone()), stream, events, false),
            StreamId::Menu(_) => {
                self.rooms.tell(&Room::House(venue.clone()), stream, events, false);
                self.rooms.tell(&Room::Guests(venue.clone()), stream, events, false);
            }
            // Who may do what never leaves the server.
            StreamId::Access(_) => {}
        }
    }

    /// Ends the screens of staff whose sign-in counts no more.
    fn access_changed(&self, venue: &VenueId, access: &Access) {
        let is_gone = |who: &Who| matches!(who, Who::Staff(pass) if access.role_of(&pass.sign_in).is_none());
        let gone = lock(&self.present).dismiss_staff(venue, is_gone);
        self.dismiss(gone);
    }

    fn house_is_shown(&self, venue: &VenueId) -> bool {
        self.rooms.has(&Room::House(venue.clone()))
    }

    fn is_shown(&self, seating: SeatingId) -> bool {
        self.rooms.has(&Room::Seating(seating))
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
