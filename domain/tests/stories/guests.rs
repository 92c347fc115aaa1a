//! Who sits at a table, and what they are called.

use domain::seating::{
    CartCommand, GUEST_COLOURS, Guest, GuestsCommand, GuestsEvent, RoundsCommand, SeatingCommand, SeatingEvent, StayEvent,
};
use domain::{GuestNo, Name, Rejection, Role, RoundNo};

use crate::common::house::{guest, staff};
use crate::story::{a_table, a_table_where, added, given, joined, line, opened};

fn rename(name: &str) -> SeatingCommand {
    SeatingCommand::Guests(GuestsCommand::Rename { name: Name::new(name).ok() })
}

#[test]
fn a_guest_takes_another_name() {
    given(a_table())
        .when(guest(2), rename("Benedita"))
        .then([GuestsEvent::GuestRenamed { guest: GuestNo(2), name: Name::new("Benedita").ok() }])
        .and(|table| assert_eq!(table.guests[1].name, Name::new("Benedita").ok()))
        .and(|table| assert_eq!(table.guests[0].name, Name::new("Ana").ok()));
}

#[test]
fn a_guest_may_be_nobody_in_particular() {
    given(a_table())
        .when(guest(1), GuestsCommand::Rename { name: None })
        .then([GuestsEvent::GuestRenamed { guest: GuestNo(1), name: None }]);
}

#[test]
fn the_name_one_has_already_changes_nothing() {
    given(a_table()).when(guest(1), rename("Ana")).refused(Rejection::Unchanged);
}

#[test]
fn only_guests_have_names_here() {
    given(a_table()).when(staff(Role::Manager), rename("Maria")).refused(Rejection::NotAllowed);
}

#[test]
fn who_does_not_sit_here_can_do_nothing_here() {
    given(a_table()).when(guest(3), rename("Eve")).refused(Rejection::NoSuchGuest);
    given(a_table()).when(guest(0), rename("Eve")).refused(Rejection::NoSuchGuest);
    let soup = || given(a_table_where([added(100, "soup", 1)]));
    soup().when(guest(3), CartCommand::ChangeQuantity { line: line(100), by: 1 }).refused(Rejection::NoSuchGuest);
    soup().when(guest(3), CartCommand::RemoveLine { line: line(100) }).refused(Rejection::NoSuchGuest);
    soup().when(guest(3), RoundsCommand::SendRound { round: RoundNo(1) }).refused(Rejection::NoSuchGuest);
}

#[test]
fn nobody_does_anything_before_the_party_sits_or_after_it_left() {
    let never = given([]);
    never.when(guest(1), rename("Ana")).refused(Rejection::NotSeated);
    let left = [opened(), joined(1, "Ana"), SeatingEvent::Stay(StayEvent::Closed {})];
    given(left).when(guest(1), rename("Ann")).refused(Rejection::NotSeated);
}

#[test]
fn a_party_keeps_its_table_and_times_when_it_leaves() {
    given([opened(), SeatingEvent::Stay(StayEvent::Closed {})]).and(|table| {
        assert!(table.stay.is_closed());
        assert_eq!(table.stay.venue().map(ToString::to_string).as_deref(), Some("tasca"));
    });
}

#[test]
fn colours_tell_the_first_guests_apart_and_then_repeat() {
    let colours: Vec<u16> = (1..=GUEST_COLOURS + 1).map(|n| Guest::new(GuestNo(n), None).colour()).collect();
    assert_eq!(colours, [0, 1, 2, 3, 4, 5, 6, 7, 0]);
}
