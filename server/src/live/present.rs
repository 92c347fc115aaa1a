//! Who is connected: by connection, by person, and the staff by venue.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{DeviceNo, StaffId, VenueId};
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;

use super::Who;
use super::rooms::Room;
use crate::guard::Person;

/// Everybody who is connected.
#[derive(Default)]
pub(super) struct Present {
    by_id: HashMap<Sid, Presence>,
    /// Each person's connections, oldest first.
    by_person: HashMap<Person, Vec<Sid>>,
    /// The staff's connections.
    staff: HashMap<VenueId, HashSet<Sid>>,
}

struct Presence {
    socket: SocketRef,
    who: Who,
    rooms: Vec<Room>,
}

/// What came of somebody's connecting.
pub(super) struct Came {
    /// The connection is new: coming again changes nothing.
    pub(super) is_new: bool,
    /// This one of the same person is one too many.
    pub(super) too_old: Option<SocketRef>,
}

/// A connection that goes from these rooms.
pub(super) struct Going {
    /// The connection.
    pub(super) socket: SocketRef,
    /// Whose it is.
    pub(super) who: Who,
    /// Where it was told.
    pub(super) rooms: Vec<Room>,
}

impl Present {
    /// How many connections there are.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// How many of them are the staff's.
    pub(super) fn staff_len(&self) -> usize {
        self.staff.values().map(HashSet::len).sum()
    }

    /// Every connection, and whose it is.
    pub(super) fn all(&self) -> Vec<(SocketRef, Who)> {
        self.by_id.values().map(|presence| (presence.socket.clone(), presence.who.clone())).collect()
    }

    /// Somebody connects.
    pub(super) fn come(&mut self, socket: &SocketRef, who: &Who) -> Came {
        let presence = Presence { socket: socket.clone(), who: who.clone(), rooms: Vec::new() };
        if self.by_id.insert(socket.id, presence).is_some() {
            return Came { is_new: false, too_old: None };
        }
        if let Who::Staff(pass) = who {
            self.staff.entry(pass.venue.clone()).or_default().insert(socket.id);
        }
        let person = who.person();
        let most = person.max_sockets();
        let own = self.by_person.entry(person).or_default();
        own.push(socket.id);
        let oldest = (own.len() > most).then(|| own.remove(0));
        let too_old = oldest.and_then(|id| self.by_id.get(&id)).map(|presence| presence.socket.clone());
        Came { is_new: true, too_old }
    }

    /// Notes in which rooms a connection is told, if it is still there.
    pub(super) fn is_told_in(&mut self, id: Sid, rooms: Vec<Room>) -> bool {
        self.by_id.get_mut(&id).map(|presence| presence.rooms = rooms).is_some()
    }

    /// A connection ends.
    pub(super) fn go(&mut self, id: Sid) -> Option<Going> {
        let Presence { socket, who, rooms } = self.by_id.remove(&id)?;
        if let Entry::Occupied(mut own) = self.by_person.entry(who.person()) {
            own.get_mut().retain(|known| *known != id);
            if own.get().is_empty() {
                own.remove();
            }
        }
        if let Who::Staff(pass) = &who
            && let Entry::Occupied(mut of_venue) = self.staff.entry(pass.venue.clone())
        {
            of_venue.get_mut().remove(&id);
            if of_venue.get().is_empty() {
                of_venue.remove();
            }
        }
        Some(Going { socket, who, rooms })
    }

    /// A person's connections are told nothing more.
    pub(super) fn dismiss(&mut self, person: &Person) -> Vec<Going> {
        let own = self.by_person.get(person).cloned().unwrap_or_default();
        own.into_iter().filter_map(|id| self.out_of_rooms(id)).collect()
    }

    /// The same of those of a venue's staff who are gone.
    pub(super) fn dismiss_staff(&mut self, venue: &VenueId, is_gone: impl Fn(&Who) -> bool) -> Vec<Going> {
        let staff = self.staff.get(venue).into_iter().flatten().copied();
        let gone: Vec<Sid> = staff.filter(|id| self.by_id.get(id).is_some_and(|presence| is_gone(&presence.who))).collect();
        gone.into_iter().filter_map(|id| self.out_of_rooms(id)).collect()
    }

    fn out_of_rooms(&mut self, id: Sid) -> Option<Going> {
        let presence = self.by_id.get_mut(&id)?;
        let rooms = mem::take(&mut presence.rooms);
        Some(Going { socket: presence.socket.clone(), who: presence.who.clone(), rooms })
    }

    /// Who is on each device of a venue.
    pub(super) fn devices(&self, venue: &VenueId) -> HashMap<DeviceNo, StaffId> {
        let staff = self.staff.get(venue).into_iter().flatten().filter_map(|id| self.by_id.get(id));
        let on_device = staff.filter_map(|presence| match &presence.who {
            Who::Staff(pass) => Some((pass.sign_in.device, pass.sign_in.member.clone())),
            Who::Guest(_) => None,
        });
        on_device.collect()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
