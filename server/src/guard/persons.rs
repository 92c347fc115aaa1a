//! What one guest, or one device of the staff, may ask on the live channel, however many connections it has.

use domain::{DeviceNo, GuestNo, SeatingId, VenueId};

use super::{Buckets, Network, Rate};

/// How many commands a guest may send: more than a person can tap.
const GUEST_COMMANDS: Rate = Rate { burst: 60.0, per_second: 10.0 };
/// The same of a device of the staff.
const STAFF_COMMANDS: Rate = Rate { burst: 120.0, per_second: 30.0 };
/// How many bytes a guest may be sent to catch up: a menu and a stay are some hundred thousand at most.
const GUEST_BYTES: Rate = Rate { burst: 4_000_000.0, per_second: 128_000.0 };
/// The same of a device of the staff, which is sent every open stay.
const STAFF_BYTES: Rate = Rate { burst: 32_000_000.0, per_second: 2_000_000.0 };
/// The same of everybody from one address.
const ADDRESS_BYTES: Rate = Rate { burst: 128_000_000.0, per_second: 16_000_000.0 };
/// How often one may connect.
const CONNECTS: Rate = Rate { burst: 40.0, per_second: 2.0 };
/// How many refusals of what is sent again are kept in a stream for one.
const KEPT_REFUSALS: Rate = Rate { burst: 60.0, per_second: 0.2 };
/// How many sessions of long-polling may begin from one address. A WebSocket is a connection, and counted as one.
const POLLING_BEGUN: Rate = Rate { burst: 100.0, per_second: 10.0 };
/// How often it is looked up in the log whether a cookie from one address is worth nothing.
const LOOKS: Rate = Rate { burst: 120.0, per_second: 10.0 };
/// How many are remembered: more than one server has screens. What is full lets no more in.
const MAX_REMEMBERED: usize = 200_000;

/// The most connections of a guest: some tabs, and those of before whose end is not noticed yet.
pub const MAX_SOCKETS_OF_GUEST: usize = 8;
/// The most connections of a device of the staff.
pub const MAX_SOCKETS_OF_DEVICE: usize = 32;

/// Whom a cookie names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Person {
    /// A guest of a stay.
    Guest(SeatingId, GuestNo),
    /// A device of the staff.
    Device(VenueId, DeviceNo),
}

impl Person {
    /// How many connections they may have.
    pub const fn max_sockets(&self) -> usize {
        match self {
            Self::Guest(..) => MAX_SOCKETS_OF_GUEST,
            Self::Device(..) => MAX_SOCKETS_OF_DEVICE,
        }
    }
}

/// A rate for guests, and one for devices of the staff.
#[derive(Debug)]
struct Each {
    guests: Buckets<(SeatingId, GuestNo)>,
    devices: Buckets<(VenueId, DeviceNo)>,
}

impl Each {
    fn new(guests: Rate, devices: Rate) -> Self {
        Self { guests: Buckets::new(guests, MAX_REMEMBERED), devices: Buckets::new(devices, MAX_REMEMBERED) }
    }

    fn take(&self, person: &Person, count: f64) -> bool {
        match person {
            Person::Guest(seating, guest) => self.guests.take_in_advance((*seating, *guest), count),
            Person::Device(venue, device) => self.devices.take_in_advance((venue.clone(), *device), count),
        }
    }

    fn give_back(&self, person: &Person) {
        match person {
            Person::Guest(seating, guest) => self.guests.give_back(&(*seating, *guest)),
            Person::Device(venue, device) => self.devices.give_back(&(venue.clone(), *device)),
        }
    }
}

/// What each may still ask.
#[derive(Debug)]
pub struct Persons {
    commands: Each,
    bytes: Each,
    connects: Each,
    kept_refusals: Each,
    bytes_by_address: Buckets<Network>,
    polling_by_address: Buckets<Network>,
    looks_by_address: Buckets<Network>,
}

impl Default for Persons {
    fn default() -> Self {
        Self {
            commands: Each::new(GUEST_COMMANDS, STAFF_COMMANDS),
            bytes: Each::new(GUEST_BYTES, STAFF_BYTES),
            connects: Each::new(CONNECTS, CONNECTS),
            kept_refusals: Each::new(KEPT_REFUSALS, KEPT_REFUSALS),
            bytes_by_address: Buckets::new(ADDRESS_BYTES, MAX_REMEMBERED),
            polling_by_address: Buckets::new(POLLING_BEGUN, MAX_REMEMBERED),
            looks_by_address: Buckets::new(LOOKS, MAX_REMEMBERED),
        }
    }
}

impl Persons {
    /// Whether they may send one more message.
    pub fn may_ask(&self, person: &Person) -> bool {
        self.commands.take(person, 1.0)
    }

    /// Whether it may be looked up once more whether a cookie from there is worth nothing: the log is asked for that.
    pub fn may_look_again(&self, network: Network) -> bool {
        self.looks_by_address.take(network)
    }

    /// Whether they may connect once more.
    pub fn may_connect(&self, person: &Person) -> bool {
        self.connects.take(person, 1.0)
    }

    /// Whether they may be sent what they lack. How much it was is told by [`Persons::were_sent`].
    pub fn may_catch_up(&self, person: &Person, network: Network) -> bool {
        self.bytes.take(person, 1.0) && self.bytes_by_address.take(network)
    }

    /// So many bytes were sent for somebody to catch up.
    pub fn were_sent(&self, person: &Person, network: Network, bytes: usize) {
        self.bytes.take(person, bytes as f64);
        self.bytes_by_address.take_in_advance(network, bytes as f64);
    }

    /// Whether a refusal may be kept for them. It is taken before that is known: give it back where none was.
    pub fn may_keep_refusal(&self, person: &Person) -> bool {
        self.kept_refusals.take(person, 1.0)
    }

    /// No refusal was kept.
    pub fn no_refusal_kept(&self, person: &Person) {
        self.kept_refusals.give_back(person);
    }

    /// Whether a session of long-polling may begin.
    pub fn may_begin_polling(&self, network: Network) -> bool {
        self.polling_by_address.take(network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_sent_much_waits_and_others_do_not() {
        let persons = Persons::default();
        let network: Network = std::net::IpAddr::from([10, 0, 0, 1]).into();
        let (ana, rui) = (Person::Guest(SeatingId::numbered(1), GuestNo(1)), Person::Guest(SeatingId::numbered(1), GuestNo(2)));
        assert!(persons.may_catch_up(&ana, network));
        persons.were_sent(&ana, network, 9_000_000);
        assert!(!persons.may_catch_up(&ana, network));
        assert!(persons.may_catch_up(&rui, network));
        persons.were_sent(&rui, network, 200_000_000);
        let bia = Person::Guest(SeatingId::numbered(2), GuestNo(1));
        assert!(!persons.may_catch_up(&bia, network), "all of an address together");
        assert!(persons.may_catch_up(&bia, std::net::IpAddr::from([10, 0, 0, 2]).into()));
    }

    #[test]
    fn one_guest_on_many_connections_is_one_guest() {
        let persons = Persons::default();
        let ana = Person::Guest(SeatingId::numbered(1), GuestNo(1));
        let taken = (0..1_000).filter(|_| persons.may_ask(&ana)).count();
        assert!((60..75).contains(&taken), "{taken}");
    }
}
