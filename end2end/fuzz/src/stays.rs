//! The house on some evening: what is served, who works there, which tables are taken, and stays of every kind.
//!
//! The stays are the fixtures' states, and others at the edge of a bound, so that one more command would pass it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use domain::access::Access;
use domain::floor::{Floor, FloorEvent, HouseRules};
use domain::menu::Menu;
use domain::seating::{
    CartEvent, GuestsEvent, Line, MAX_ASKS, MAX_EVENTS_OF_ONE, MAX_GUESTS, MAX_LINES, MAX_ROUNDS, MAX_VERSION,
    RESERVED_FOR_STAFF, RoundsEvent, Seating, SeatingEvent, SentLine,
};
use domain::{AskNo, Fold, GuestNo, LineId, MutationId, Recorded, SeatingId, Time, Version};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{fixtures, house};

/// When it is, as far as the house knows: a minute after what the fixtures tell.
pub(crate) const NOW: Time = Time(1_767_225_660_000);
/// The id of the first stay, which the fixtures' messages name; the others' follow.
const FIRST_STAY: u128 = 0x5ea7;

/// A house and its evening. To copy it costs little: its parts are shared until they change.
#[derive(Clone)]
pub(crate) struct Evening {
    pub(crate) menu: Arc<Menu>,
    pub(crate) floor: Arc<Floor>,
    pub(crate) access: Arc<Access>,
    pub(crate) stays: BTreeMap<SeatingId, Arc<Seating>>,
}

impl Evening {
    /// The evening that every input finds.
    pub(crate) fn usual() -> &'static Self {
        static USUAL: OnceLock<Evening> = OnceLock::new();
        USUAL.get_or_init(|| {
            let ids = (FIRST_STAY..).map(SeatingId::numbered);
            let stays: BTreeMap<_, _> = ids.zip(stays().into_iter().map(Arc::new)).collect();
            let laid =
                [FloorEvent::TablesLaid { tables: house::tables() }, FloorEvent::HouseRulesSet { rules: HouseRules::default() }];
            let taken = house::tables().into_iter().zip(stays.keys()).take(2);
            let opened = taken.map(|(table, stay)| FloorEvent::TableOpened { table: table.id, seating: *stay });
            Evening {
                menu: Arc::new(house::menu()),
                floor: Arc::new(house::folded(laid.into_iter().chain(opened))),
                access: Arc::new(parsed(&fixtures::all()["access.state.devices"])),
                stays,
            }
        })
    }
}

fn parsed<T: DeserializeOwned>(state: &Value) -> T {
    T::deserialize(state).unwrap_or_else(|error| panic!("a state of the fixtures can't be read: {error}"))
}

/// A stay in which much has happened.
fn told() -> Seating {
    parsed(&fixtures::all()["seating.state"])
}

/// What the fixtures tell, and what is nearly full.
fn stays() -> Vec<Seating> {
    let others = fixtures::of("seating").filter(|(name, _)| name.starts_with("state.")).map(|(_, state)| parsed(state));
    let longest = [MAX_VERSION - RESERVED_FOR_STAFF - 1, MAX_VERSION - 1].map(at_version);
    let full = [crowded(), laden(), of_many_rounds(), of_a_busy_guest()];
    [told()].into_iter().chain(others).chain(longest).chain(full).collect()
}

/// A stay whose record is that long.
fn at_version(version: Version) -> Seating {
    let mut state = fixtures::all()["seating.state"].clone();
    state["progress"]["version"] = json!(version);
    parsed(&state)
}

/// One guest fewer than can sit there, and one fewer who ask to be let in than can ask.
fn crowded() -> Seating {
    let mut stay = told();
    for guest in numbers(stay.guests.len() + 1, MAX_GUESTS) {
        happens(&mut stay, |_| SeatingEvent::Guests(GuestsEvent::GuestJoined { guest: GuestNo(guest), name: None, ask: None }));
    }
    for ask in numbers(1, MAX_ASKS) {
        happens(&mut stay, |_| {
            SeatingEvent::Guests(GuestsEvent::JoinAsked { ask: AskNo(ask), name: None, back: ask.is_multiple_of(2) })
        });
    }
    stay
}

/// One line fewer in the cart than it holds.
fn laden() -> Seating {
    let mut stay = told();
    while stay.cart.len() < MAX_LINES - 1 {
        adds_a_beer(&mut stay);
    }
    stay
}

/// One round fewer than can be sent.
fn of_many_rounds() -> Seating {
    let mut stay = told();
    while stay.rounds.len() < MAX_ROUNDS - 1 {
        adds_a_beer(&mut stay);
        let (round, station) = (stay.next_round(), "bar".parse().expect("a station"));
        let line = stay.cart.last().expect("a beer").id;
        happens(&mut stay, |_| SeatingEvent::Rounds(RoundsEvent::RoundSent { round, lines: vec![SentLine { line, station }] }));
    }
    stay
}

/// A guest who can cause one event more.
fn of_a_busy_guest() -> Seating {
    let mut stay = told();
    stay.guests[0].events = MAX_EVENTS_OF_ONE - 1;
    stay
}

fn numbers(from: usize, to: usize) -> impl Iterator<Item = u16> {
    (from..to).map(|number| u16::try_from(number).expect("the bounds are small"))
}

fn adds_a_beer(stay: &mut Seating) {
    let beer = stay.cart[0].clone();
    happens(stay, |mutation| SeatingEvent::Cart(CartEvent::LineAdded { line: Line { id: LineId::from(mutation), ..beer } }));
}

fn happens(stay: &mut Seating, event: impl FnOnce(MutationId) -> SeatingEvent) {
    let recorded = house::recorded(stay.version() + 1, ());
    let event = event(recorded.mutation);
    let Recorded { version, mutation, by, format, .. } = recorded;
    stay.evolve(&Recorded { version, at: NOW, mutation, by, format, event });
}
