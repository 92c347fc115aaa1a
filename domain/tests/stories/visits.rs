//! What touches a floor and a seating at once: opening a table, joining, closing.

use domain::floor::{Floor, FloorEvent, HouseRules, Joining};
use domain::fold::record;
use domain::menu::Menu;
use domain::seating::{Coming, GuestsEvent, ItemState, KitchenEvent, MAX_GUESTS, Seating, SeatingEvent, StayEvent};
use domain::visit::{self, Joined, Newcomer, Streams, Together, VisitCommand};
use domain::{Actor, Context, Fold, GuestNo, MutationId, Name, Rejection, Role, SeatingId, Time, VenueId};

use crate::common::house::{self, folded, guest, id, staff};
use crate::story::{a_table, a_table_where, added, joined, opened, sent};

/// A floor, the stay at its first table, and what is served.
struct House {
    floor: Floor,
    seating: Seating,
    menu: Menu,
}

const FIRST: SeatingId = SeatingId::numbered(1);
const NEXT: SeatingId = SeatingId::numbered(2);

fn laid() -> FloorEvent {
    FloorEvent::TablesLaid { tables: house::tables() }
}

fn table_opened(seating: SeatingId) -> FloorEvent {
    FloorEvent::TableOpened { table: id("t1"), seating }
}

fn table_freed(seating: SeatingId) -> FloorEvent {
    FloorEvent::TableFreed { table: id("t1"), seating }
}

fn staff_open() -> FloorEvent {
    FloorEvent::HouseRulesSet { rules: HouseRules { joining: Joining::StaffOpens, ..HouseRules::default() } }
}

fn given(floor: impl IntoIterator<Item = FloorEvent>, seating: impl IntoIterator<Item = SeatingEvent>) -> House {
    House { floor: folded(floor), seating: folded(seating), menu: house::menu() }
}

fn a_party_at_t1(seating: impl IntoIterator<Item = SeatingEvent>) -> House {
    given([laid(), table_opened(FIRST)], seating)
}

impl House {
    fn context(&self, actor: Actor, mutation: u128) -> Context<'_> {
        Context { actor, mutation: MutationId::numbered(mutation), now: Time(9_000_000), menu: &self.menu }
    }

    fn streams<'a>(&'a self, venue: &'a VenueId, seating: SeatingId) -> Streams<'a> {
        Streams { venue, floor: &self.floor, seatings: vec![(seating, &self.seating)] }
    }

    /// Staff ask for something, as mutation 2.
    fn when(&self, actor: Actor, command: &VisitCommand) -> Result<Together, Rejection> {
        let (venue, context) = (house::venue(), self.context(actor, 2));
        let concerned = visit::concerns(&self.floor, command, &context);
        visit::decide(&self.streams(&venue, concerned), command, &context)
    }

    /// Somebody with the code of `t1` joins; a new stay would be number 2.
    fn joins(&self, actor: Actor, name: &str) -> Result<(Together, Joined), Rejection> {
        let newcomer = Newcomer { table: id("t1"), name: Name::new(name).ok(), coming: Coming::default() };
        let (venue, concerned) = (house::venue(), visit::joins(&self.floor, &newcomer, NEXT));
        visit::join(&self.streams(&venue, concerned), &newcomer, NEXT, &self.context(actor, 2))
    }

    fn and_then(mut self, together: &Together) -> Self {
        let context = Context { actor: Actor::System, mutation: MutationId::numbered(3), now: Time(1), menu: &Menu::default() };
        for recorded in record(self.floor.version(), &context, together.floor.clone()) {
            self.floor.evolve(&recorded);
        }
        for recorded in record(self.seating.version(), &context, together.seatings[0].1.clone()) {
            self.seating.evolve(&recorded);
        }
        self
    }
}

fn open() -> VisitCommand {
    VisitCommand::OpenTable { table: id("t1") }
}

fn close(seating: SeatingId, even_if_unserved: bool) -> VisitCommand {
    VisitCommand::CloseTable { table: id("t1"), seating, even_if_unserved }
}

/// Looks whether staff could end this stay.
pub(crate) fn can_be_closed(table: &Seating) {
    let house = House { seating: table.clone(), ..a_party_at_t1([]) };
    assert!(house.when(staff(Role::Waiter), &close(FIRST, true)).is_ok());
}

#[test]
fn a_waiter_opens_a_table_and_the_stay_takes_the_mutation_s_id() {
    let house = given([laid()], []);
    let together = house.when(staff(Role::Waiter), &open()).expect("the table is free");
    assert_eq!(together, Together { floor: vec![table_opened(NEXT)], seatings: vec![(NEXT, vec![opened()])] });
    let house = house.and_then(&together);
    assert_eq!(house.floor.table_of(NEXT), Some(&id("t1")));
    assert!(house.seating.stay.is_open());
}

#[test]
fn a_table_is_opened_by_those_who_may_and_only_when_it_is_free() {
    let free = given([laid()], []);
    for actor in [guest(1), Actor::Visitor, staff(Role::Kitchen)] {
        assert_eq!(free.when(actor, &open()), Err(Rejection::NotAllowed));
    }
    assert!(free.when(staff(Role::Manager), &open()).is_ok());
    assert_eq!(a_party_at_t1([]).when(staff(Role::Waiter), &open()), Err(Rejection::TableTaken));
    assert_eq!(given([], []).when(staff(Role::Waiter), &open()), Err(Rejection::NoSuchTable));
}

#[test]
fn a_stay_s_id_is_never_used_twice() {
    assert_eq!(given([laid()], a_table()).when(staff(Role::Waiter), &open()), Err(Rejection::IdTaken));
}

#[test]
fn the_first_to_scan_opens_the_table_and_the_second_joins() {
    let house = given([laid()], []);
    let (together, first) = house.joins(Actor::Visitor, "Ana").expect("the table is free");
    assert_eq!(first, Joined::Guest(GuestNo(1)));
    assert_eq!(together, Together { floor: vec![table_opened(NEXT)], seatings: vec![(NEXT, vec![opened(), joined(1, "Ana")])] });
    let (together, second) = house.and_then(&together).joins(Actor::Visitor, "Ben").expect("a party sits here");
    assert_eq!(second, Joined::Guest(GuestNo(2)));
    assert_eq!(together, Together { floor: vec![], seatings: vec![(NEXT, vec![joined(2, "Ben")])] });
}

#[test]
fn one_may_join_without_a_name() {
    let (together, _) = given([laid()], []).joins(Actor::Visitor, "").expect("the table is free");
    assert_eq!(
        together.seatings[0].1[1],
        SeatingEvent::Guests(GuestsEvent::GuestJoined { guest: GuestNo(1), name: None, ask: None })
    );
}

#[test]
fn where_staff_open_tables_a_code_alone_opens_none() {
    let house = given([laid(), staff_open()], []);
    for actor in [Actor::Visitor, guest(1), staff(Role::Kitchen)] {
        assert_eq!(house.joins(actor, "Ana"), Err(Rejection::StaffOpensTables));
    }
    assert!(house.joins(staff(Role::Waiter), "Ana").is_ok());
    let open = given([laid(), staff_open(), table_opened(FIRST)], [opened()]);
    assert!(open.joins(Actor::Visitor, "Ana").is_ok(), "an open table is joined as ever");
}

#[test]
fn a_code_of_a_table_that_is_gone_leads_nowhere() {
    assert_eq!(given([], []).joins(Actor::Visitor, "Ana"), Err(Rejection::NoSuchTable));
}

#[test]
fn a_party_has_a_largest_size() {
    let many = (1..=60).map(|n| joined(n, "Ana"));
    assert_eq!(MAX_GUESTS, 60);
    let house = a_party_at_t1([opened()].into_iter().chain(many));
    assert_eq!(house.joins(Actor::Visitor, "Eve"), Err(Rejection::PartyFull));
}

#[test]
fn nobody_joins_a_stay_that_ended_or_never_began() {
    assert_eq!(
        a_party_at_t1([opened(), SeatingEvent::Stay(StayEvent::Closed {})]).joins(Actor::Visitor, "Eve"),
        Err(Rejection::NotSeated)
    );
    assert_eq!(a_party_at_t1([]).joins(Actor::Visitor, "Eve"), Err(Rejection::NotSeated));
}

#[test]
fn a_party_leaves_and_the_table_is_free() {
    let house = a_party_at_t1(a_table());
    let together = house.when(staff(Role::Waiter), &close(FIRST, false)).expect("nothing is unserved");
    assert_eq!(
        together,
        Together { floor: vec![table_freed(FIRST)], seatings: vec![(FIRST, vec![StayEvent::Closed {}.into()])] }
    );
    let house = house.and_then(&together);
    assert!(house.floor.seated.is_empty());
    assert!(house.seating.stay.is_closed());
    assert_eq!(house.when(staff(Role::Waiter), &close(FIRST, false)), Err(Rejection::TableFree));
}

#[test]
fn a_table_is_not_closed_over_something_unserved_unless_that_is_meant() {
    let unserved = a_party_at_t1(a_table_where([added(100, "soup", 1), sent(1, &[(100, "grill")])]));
    assert!(unserved.seating.rounds[0].items.iter().all(|item| item.state < ItemState::Served));
    assert_eq!(unserved.when(staff(Role::Waiter), &close(FIRST, false)), Err(Rejection::NotServedYet));
    assert!(unserved.when(staff(Role::Waiter), &close(FIRST, true)).is_ok());
}

#[test]
fn what_was_served_or_never_sent_keeps_nobody() {
    let served =
        SeatingEvent::Kitchen(KitchenEvent::ItemsServed { round: domain::RoundNo(1), lines: vec![crate::story::line(100)] });
    let events = [added(100, "soup", 1), sent(1, &[(100, "grill")]), served, added(101, "beer", 1)];
    assert!(a_party_at_t1(a_table_where(events)).when(staff(Role::Waiter), &close(FIRST, false)).is_ok());
}

#[test]
fn a_late_tap_can_t_close_the_next_party_s_table() {
    let next_party = given([laid(), table_opened(FIRST), table_freed(FIRST), table_opened(NEXT)], a_table());
    assert_eq!(next_party.when(staff(Role::Waiter), &close(FIRST, true)), Err(Rejection::TableFree));
    assert!(next_party.when(staff(Role::Waiter), &close(NEXT, true)).is_ok());
}

#[test]
fn a_late_freeing_in_the_log_can_t_free_the_next_party_s_table_either() {
    let house = given([laid(), table_opened(NEXT), table_freed(FIRST)], []);
    assert_eq!(house.floor.table_of(NEXT), Some(&id("t1")));
}

#[test]
fn only_waiters_and_managers_close() {
    let house = a_party_at_t1(a_table());
    for actor in [guest(1), Actor::Visitor, staff(Role::Kitchen)] {
        assert_eq!(house.when(actor, &close(FIRST, true)), Err(Rejection::NotAllowed));
    }
    assert!(house.when(staff(Role::Manager), &close(FIRST, true)).is_ok());
}

#[test]
fn closing_names_a_table_and_a_party_that_are_there() {
    let elsewhere = VisitCommand::CloseTable { table: id("t9"), seating: FIRST, even_if_unserved: false };
    assert_eq!(a_party_at_t1(a_table()).when(staff(Role::Waiter), &elsewhere), Err(Rejection::NoSuchTable));
    assert_eq!(given([laid()], []).when(staff(Role::Waiter), &close(FIRST, false)), Err(Rejection::TableFree));
    let closed = a_party_at_t1([opened(), SeatingEvent::Stay(StayEvent::Closed {})]);
    assert_eq!(closed.when(staff(Role::Waiter), &close(FIRST, false)), Err(Rejection::NotSeated));
}

#[test]
fn the_service_is_told_which_stay_a_command_concerns() {
    let house = a_party_at_t1(a_table());
    let concerned = |command| visit::concerns(&house.floor, &command, &house.context(staff(Role::Waiter), 2));
    assert_eq!(concerned(open()), NEXT);
    assert_eq!(concerned(close(NEXT, false)), FIRST, "the one that sits there is what is loaded");
}
