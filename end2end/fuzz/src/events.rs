//! Events: read as from a log, written again, and folded in any order; and as a screen takes them.
//!
//! An input is what a screen lacks of one stream ([`domain::wire::Caught`]): a state to start from, if any, and recorded
//! events.

use domain::access::{Access, SignIn};
use domain::floor::Floor;
use domain::menu::Menu;
use domain::replica::{Arrival, Replica};
use domain::seating::{Coming, Seating};
use domain::stream::Readable;
use domain::wire::Caught;
use domain::{Amount, Fold, Recorded, StreamId, Version};
use serde_json::{Value, json};

use crate::written::{reads_back, writes_back};
use crate::{Verdict, fixtures};

/// Folds all of it.
pub fn target(bytes: &[u8]) -> Verdict {
    let Ok(caught) = serde_json::from_slice::<Caught>(bytes) else { return Verdict::Refused };
    writes_back(&caught);
    match &caught.stream {
        StreamId::Seating(_) => of_a_stream::<Seating>(&caught, look_at_a_stay),
        StreamId::Floor(_) => of_a_stream::<Floor>(&caught, look_at_a_floor),
        StreamId::Menu(_) => of_a_stream::<Menu>(&caught, look_at_a_menu),
        StreamId::Access(_) => of_a_stream::<Access>(&caught, look_at_access),
    }
}

fn of_a_stream<S: Fold>(caught: &Caught, look: fn(&S)) -> Verdict {
    let snapshot = caught.snapshot.as_ref().map(|state| serde_json::from_str::<S>(state.get()));
    let Ok(start) = snapshot.transpose() else { return Verdict::Refused };
    let start = start.unwrap_or_default();
    look(&start);
    reads_back(&start);
    let events: Vec<Recorded<S::Event>> = caught.events.iter().filter_map(|event| as_a_screen(event.get())).collect();
    in_any_order(&start, &events, look);
    as_they_arrive(&start, &events);
    if events.is_empty() { Verdict::Read } else { Verdict::Took }
}

/// What a screen reads. What a server reads is among it, the same and written again as it was.
fn as_a_screen<E: Default + PartialEq + std::fmt::Debug + serde::Serialize + serde::de::DeserializeOwned>(
    text: &str,
) -> Option<Recorded<E>> {
    let by_a_server = serde_json::from_str::<Recorded<E>>(text).ok();
    let told: Recorded<Readable<E>> = serde_json::from_str(text).ok()?;
    let Recorded { version, at, mutation, by, format, event: Readable(event) } = told;
    let is_known = event.is_some();
    let read = Recorded { version, at, mutation, by, format, event: event.unwrap_or_default() };
    assert_eq!(by_a_server.is_some(), is_known, "a server and a screen read differently: {text}");
    assert!(by_a_server.is_none_or(|recorded| recorded == read), "a server and a screen read differently: {text}");
    reads_back(&read);
    Some(read)
}

/// Folds them in as they come, whatever their versions are.
fn in_any_order<S: Fold>(start: &S, events: &[Recorded<S::Event>], look: fn(&S)) {
    let mut state = start.clone();
    for recorded in events {
        state.evolve(recorded);
        assert_eq!(state.version(), recorded.version);
        look(&state);
    }
    reads_back(&state);
}

/// Gives them to a screen, forwards and backwards, until nothing is new: what it holds is whatever was in order.
fn as_they_arrive<S: Fold>(start: &S, events: &[Recorded<S::Event>]) {
    let mut screen = Replica::new(start.clone());
    let mut taken: Vec<&Recorded<S::Event>> = Vec::new();
    loop {
        let before = taken.len();
        for recorded in events.iter().chain(events.iter().rev()) {
            let have = screen.version();
            match screen.arrive(recorded) {
                Arrival::Applied => {
                    assert_eq!(Some(recorded.version), have.checked_add(1), "a screen counts without gaps");
                    taken.push(recorded);
                }
                Arrival::Old => assert!(recorded.version <= have && screen.version() == have),
                Arrival::Gap { have: told } => assert!(told == have && recorded.version > have && screen.version() == have),
            }
        }
        if taken.len() == before {
            break;
        }
    }
    let mut in_order = start.clone();
    taken.iter().for_each(|recorded| in_order.evolve(recorded));
    assert_eq!(screen.confirmed(), &in_order);
    let missing = |version: Version| events.iter().all(|recorded| recorded.version != version);
    assert!(screen.version().checked_add(1).is_none_or(missing), "what comes next was left out");
}

fn look_at_a_stay(stay: &Seating) {
    let totals = [stay.cart_total(), stay.waiting_total(), stay.sent_total()];
    std::hint::black_box(totals.into_iter().sum::<Amount>());
    let owed = stay.rounds.iter().chain(&stay.waiting).flat_map(|round| round.tickets());
    let items: usize = owed.map(|ticket| (ticket.state(), ticket.changed_at(), ticket.is_open(), ticket.items.len()).3).sum();
    let sent: usize = stay.rounds.iter().chain(&stay.waiting).map(|round| round.items.len()).sum();
    assert_eq!(items, sent, "each item is on one ticket");
    assert!(stay.guests_here().count() <= stay.guests.len());
    for coming in [Coming::default(), Coming { with_number: true, back: true, was_removed: true }] {
        stay.takes(coming);
    }
    for guest in &stay.guests {
        stay.is_here(guest.number);
        assert!(guest.colour() < domain::seating::GUEST_COLOURS);
    }
    stay.next_round();
}

fn look_at_a_floor(floor: &Floor) {
    for seated in floor.seated.values() {
        assert!(floor.table_of(seated.seating).is_some());
    }
}

fn look_at_a_menu(menu: &Menu) {
    for (_, dish) in menu.catalog.dishes() {
        // A menu that names a dish twice sells the first.
        let priced = menu.price(&dish.id, &[]).map(|priced| priced.unit_price);
        assert!(priced.is_err() || menu.unit_price(&dish.id, &[]) == priced.ok());
    }
}

fn look_at_access(access: &Access) {
    for (member, device) in access.staff.keys().zip(access.devices.keys()) {
        let sign_in: Option<SignIn> = access.sign_in(member, *device);
        let sign_in = sign_in.expect("both are known");
        assert_eq!(access.role_of(&sign_in).is_some(), access.is_device_signed_in(&sign_in));
        let of_before = SignIn { device_generation: sign_in.device_generation.wrapping_add(1), ..sign_in };
        assert_eq!(access.role_of(&of_before), None, "a sign-in that has ended counts");
    }
}

/// Every event of the fixtures, on nothing and on every state of its stream; and the evenings that they make together.
pub fn seeds() -> Vec<Vec<u8>> {
    let kinds = [("seating", STAY), ("floor", "floor/tasca"), ("menu", "menu/tasca"), ("access", "access/tasca")];
    let of_a_kind = |(kind, stream): (&'static str, &'static str)| {
        let (states, events): (Vec<_>, Vec<_>) = fixtures::of(kind).partition(|(name, _)| name.starts_with("state"));
        let all: Value = (1_u64..).zip(&events).map(|(version, (_, event))| at(version, event)).collect();
        let on_nothing = events.iter().map(|(_, event)| json!({ "stream": stream, "events": [at(1, event)] }));
        let on_a_state = states.iter().flat_map(|(_, state)| {
            let next = state["progress"]["version"].as_u64().unwrap_or(0) + 1;
            events.iter().map(move |(_, event)| json!({ "stream": stream, "snapshot": state, "events": [at(next, event)] }))
        });
        let on_a_state: Vec<Value> = on_a_state.collect();
        on_nothing.chain(on_a_state).chain([json!({ "stream": stream, "events": all })]).collect::<Vec<_>>()
    };
    kinds.into_iter().flat_map(of_a_kind).map(|input| input.to_string().into_bytes()).collect()
}

/// A stay.
const STAY: &str = "seating/00000000000000000000000000005ea7";

fn at(version: Version, event: &Value) -> Value {
    let mut event = event.clone();
    event["n"] = json!(version);
    event
}
