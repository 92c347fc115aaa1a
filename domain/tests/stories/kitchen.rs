//! The kitchen: starting, bumping, recalling and serving what was sent.

use domain::seating::{ItemState, KitchenCommand, KitchenEvent, Seating, SeatingCommand, SeatingEvent, TicketItems};
use domain::{LineId, Rejection, Role, RoundNo};

use crate::common::house::{guest, id, staff};
use crate::story::{Story, a_table, a_table_where, added, given, line, sent};

pub(crate) fn start(round: u16, station: &str) -> SeatingCommand {
    SeatingCommand::Kitchen(KitchenCommand::Start { round: RoundNo(round), station: id(station) })
}

pub(crate) fn bump(round: u16, station: &str, lines: &[LineId]) -> SeatingCommand {
    SeatingCommand::Kitchen(KitchenCommand::Bump(TicketItems {
        round: RoundNo(round),
        station: id(station),
        lines: lines.to_vec(),
    }))
}

fn recall(round: u16, station: &str, lines: &[LineId]) -> SeatingCommand {
    SeatingCommand::Kitchen(KitchenCommand::Recall(TicketItems {
        round: RoundNo(round),
        station: id(station),
        lines: lines.to_vec(),
    }))
}

fn serve(round: u16, lines: &[LineId]) -> SeatingCommand {
    SeatingCommand::Kitchen(KitchenCommand::Serve { round: RoundNo(round), lines: lines.to_vec() })
}

fn those(lines: &[u128]) -> Vec<LineId> {
    lines.iter().map(|n| line(*n)).collect()
}

fn is_ready(lines: &[u128]) -> SeatingEvent {
    SeatingEvent::Kitchen(KitchenEvent::ItemsReady { round: RoundNo(1), lines: those(lines) })
}

/// Two soups (100, 101) at the grill and a beer (102) at the bar were sent.
fn a_round() -> Story<Seating> {
    let cart = [added(100, "soup", 1), added(101, "soup", 2), added(102, "beer", 1)];
    given(a_table_where(cart.into_iter().chain([sent(1, &[(100, "grill"), (101, "grill"), (102, "bar")])])))
}

fn states(table: &Seating) -> Vec<ItemState> {
    table.rounds[0].items.iter().map(|item| item.state).collect()
}

#[test]
fn a_round_is_one_ticket_for_each_station() {
    a_round().and(|table| {
        let tickets = table.rounds[0].tickets();
        let told: Vec<_> = tickets.iter().map(|ticket| (ticket.station.to_string(), ticket.items.len())).collect();
        assert_eq!(told, [("bar".to_owned(), 1), ("grill".to_owned(), 2)]);
        assert!(tickets.iter().all(|ticket| ticket.is_open() && ticket.changed_at() == table.rounds[0].at));
    });
}

#[test]
fn a_station_starts_its_own_ticket_once() {
    use ItemState::{Cooking, Received};
    a_round()
        .when(staff(Role::Kitchen), start(1, "grill"))
        .then([KitchenEvent::ItemsStarted { round: RoundNo(1), lines: those(&[100, 101]) }])
        .and(|table| assert_eq!(states(table), [Cooking, Cooking, Received]))
        .when(staff(Role::Kitchen), start(1, "grill"))
        .refused(Rejection::Unchanged);
}

#[test]
fn a_bump_makes_a_whole_ticket_ready_even_if_nobody_said_they_started() {
    a_round()
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .then([is_ready(&[100, 101])])
        .and(|table| assert!(table.rounds[0].tickets()[0].is_open(), "the bar's"))
        .and(|table| assert!(!table.rounds[0].tickets()[1].is_open(), "the grill's"))
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .refused(Rejection::Unchanged);
}

#[test]
fn single_items_are_bumped_and_the_ticket_stays_open_until_the_last() {
    a_round()
        .when(staff(Role::Kitchen), bump(1, "grill", &[line(101)]))
        .then([is_ready(&[101])])
        .and(|table| assert_eq!(table.rounds[0].tickets()[1].state(), ItemState::Received))
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .then([is_ready(&[100])]);
}

#[test]
fn a_ticket_that_is_not_there_can_t_be_worked_on() {
    let kitchen = || staff(Role::Kitchen);
    a_round()
        .when(kitchen(), start(2, "grill"))
        .refused(Rejection::NoSuchRound)
        .when(kitchen(), start(0, "grill"))
        .refused(Rejection::NoSuchRound)
        .when(kitchen(), start(1, "pastry"))
        .refused(Rejection::NoSuchTicket)
        .when(kitchen(), bump(1, "grill", &[line(102)]))
        .refused(Rejection::NoSuchTicket)
        .when(kitchen(), recall(1, "bar", &[line(100)]))
        .refused(Rejection::NoSuchTicket);
    given(a_table()).when(kitchen(), bump(1, "grill", &[])).refused(Rejection::NoSuchRound);
}

#[test]
fn a_recall_puts_a_ticket_back_where_it_was() {
    let mut places = Vec::new();
    a_round()
        .and(|table| places.push((table.rounds[0].at, table.rounds[0].number)))
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .accepted()
        .when(staff(Role::Kitchen), recall(1, "grill", &[]))
        .then([KitchenEvent::ItemsRecalled { round: RoundNo(1), lines: those(&[100, 101]) }])
        .and(|table| {
            let ticket = &table.rounds[0].tickets()[1];
            assert_eq!(ticket.state(), ItemState::Cooking);
            assert!(ticket.is_open());
            // Boards sort by when the round was sent, which nothing changes.
            places.push((ticket.round.at, ticket.round.number));
        })
        .when(staff(Role::Kitchen), recall(1, "grill", &[]))
        .refused(Rejection::Unchanged);
    assert_eq!(places[0], places[1]);
}

#[test]
fn single_items_are_recalled_and_come_back_even_from_the_table() {
    a_round()
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .accepted()
        .when(staff(Role::Waiter), serve(1, &[line(100)]))
        .accepted()
        .when(staff(Role::Kitchen), recall(1, "grill", &[line(100)]))
        .then([KitchenEvent::ItemsRecalled { round: RoundNo(1), lines: those(&[100]) }])
        .and(|table| assert_eq!(states(table), [ItemState::Cooking, ItemState::Ready, ItemState::Received]));
}

#[test]
fn a_recalled_ticket_leaves_on_the_table_what_was_served_meanwhile() {
    a_round()
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .accepted()
        .when(staff(Role::Waiter), serve(1, &[line(100)]))
        .accepted()
        .when(staff(Role::Kitchen), recall(1, "grill", &[]))
        .then([KitchenEvent::ItemsRecalled { round: RoundNo(1), lines: those(&[101]) }])
        .and(|table| assert_eq!(states(table), [ItemState::Served, ItemState::Cooking, ItemState::Received]))
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .accepted()
        .when(staff(Role::Waiter), serve(1, &[]))
        .accepted()
        .when(staff(Role::Kitchen), recall(1, "grill", &[]))
        .refused(Rejection::Unchanged);
}

#[test]
fn what_is_ready_is_served_and_the_rest_is_not() {
    use ItemState::{Ready, Received, Served};
    a_round()
        .when(staff(Role::Waiter), serve(1, &[]))
        .refused(Rejection::Unchanged)
        .when(staff(Role::Kitchen), bump(1, "grill", &[]))
        .accepted()
        .when(staff(Role::Waiter), serve(1, &[line(100), line(102)]))
        .then([KitchenEvent::ItemsServed { round: RoundNo(1), lines: those(&[100]) }])
        .and(|table| assert_eq!(states(table), [Served, Ready, Received]))
        .when(staff(Role::Waiter), serve(1, &[]))
        .then([KitchenEvent::ItemsServed { round: RoundNo(1), lines: those(&[101]) }])
        .when(staff(Role::Waiter), serve(1, &[]))
        .refused(Rejection::Unchanged);
}

#[test]
fn what_was_never_sent_can_t_be_served() {
    a_round()
        .when(staff(Role::Waiter), serve(2, &[]))
        .refused(Rejection::NoSuchRound)
        .when(staff(Role::Waiter), serve(1, &[line(999)]))
        .refused(Rejection::NoSuchLine);
}

#[test]
fn guests_don_t_cook() {
    for command in [start(1, "grill"), bump(1, "grill", &[]), recall(1, "grill", &[]), serve(1, &[])] {
        a_round().when(guest(1), command).refused(Rejection::NotAllowed);
    }
}
