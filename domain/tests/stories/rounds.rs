//! Being ready, and sending the cart to the kitchen: once, and together.

use domain::menu::MenuEvent;
use domain::seating::{
    CartCommand, CartEvent, ItemState, KitchenCommand, MAX_ROUNDS, MAX_VERSION, RESERVED_FOR_STAFF, RoundsCommand, RoundsEvent,
    SeatingCommand, SeatingEvent,
};
use domain::{Amount, GuestNo, Rejection, Role, RoundNo};

use crate::common::house::{self, choice, folded, guest, id, staff};
use crate::story::{a_table, a_table_where, added, given, line, sent, with_options};

const fn send(round: u16) -> SeatingCommand {
    SeatingCommand::Rounds(RoundsCommand::SendRound { round: RoundNo(round) })
}

const fn ready(ready: bool) -> SeatingCommand {
    SeatingCommand::Rounds(RoundsCommand::SetReady { ready })
}

#[test]
fn the_whole_cart_goes_to_the_stations_that_make_it() {
    given(a_table_where([added(100, "soup", 2), added(101, "beer", 1)]))
        .when(guest(2), send(1))
        .then([sent(1, &[(100, "grill"), (101, "bar")])])
        .and(|table| {
            assert!(table.cart.is_empty());
            assert_eq!(table.sent_total(), Amount(1_200));
            let round = table.round(RoundNo(1)).expect("it was sent");
            assert_eq!(round.by, guest(2));
            assert!(round.items.iter().all(|item| item.state == ItemState::Received && item.since == round.at));
        });
}

#[test]
fn two_people_send_at_once_and_one_round_is_sent() {
    given(a_table_where([added(100, "soup", 1)]))
        .when(guest(1), send(1))
        .accepted()
        .when(guest(2), send(1))
        .refused(Rejection::AlreadySent)
        .and(|table| assert_eq!(table.rounds.len(), 1));
}

#[test]
fn who_is_late_does_not_send_what_was_added_since() {
    given(a_table_where([added(100, "soup", 1), sent(1, &[(100, "grill")]), added(101, "beer", 1)]))
        .when(guest(2), send(1))
        .refused(Rejection::AlreadySent)
        .and(|table| assert_eq!(table.cart.len(), 1));
}

#[test]
fn rounds_follow_one_another() {
    given(a_table_where([added(100, "soup", 1)]))
        .when(guest(1), send(2))
        .refused(Rejection::NoSuchRound)
        .when(guest(1), send(0))
        .refused(Rejection::AlreadySent);
}

#[test]
fn an_empty_cart_is_not_sent() {
    given(a_table()).when(guest(1), send(1)).refused(Rejection::NothingToSend);
}

#[test]
fn a_round_with_something_sold_out_waits_until_it_is_taken_out() {
    let menu =
        folded([MenuEvent::Published { catalog: Box::new(house::catalog()) }, MenuEvent::DishSoldOut { dish: id("soup") }]);
    given(a_table_where([added(100, "soup", 1), added(101, "beer", 1)]))
        .while_the_menu_is(menu)
        .when(guest(1), send(1))
        .refused(Rejection::SoldOut)
        .when(guest(1), CartCommand::RemoveLine { line: line(100) })
        .accepted()
        .when(guest(1), send(1))
        .then([sent(1, &[(101, "bar")])]);
}

#[test]
fn a_round_with_an_option_sold_out_waits_too() {
    let menu = folded([
        MenuEvent::Published { catalog: Box::new(house::catalog()) },
        MenuEvent::OptionSoldOut { option: super::menu::key("steak", "doneness", "rare") },
    ]);
    let rare = with_options(100, "steak", 1, &[choice("doneness", "rare")]);
    given(a_table_where([SeatingEvent::Cart(CartEvent::LineAdded { line: rare })]))
        .while_the_menu_is(menu)
        .when(guest(1), send(1))
        .refused(Rejection::OptionSoldOut);
}

#[test]
fn what_left_the_menu_meanwhile_is_not_sent() {
    let fries = with_options(100, "steak", 1, &[choice("doneness", "rare"), choice("sides", "fries")]);
    let table = || given(a_table_where([SeatingEvent::Cart(CartEvent::LineAdded { line: fries.clone() })]));
    let published = |change: fn(&mut domain::menu::Catalog)| {
        let mut catalog = house::catalog();
        change(&mut catalog);
        folded([MenuEvent::Published { catalog: Box::new(catalog) }])
    };
    let without_steak = published(|catalog| catalog.categories[0].dishes.retain(|dish| dish.id != id("steak")));
    let without_fries =
        published(|catalog| catalog.categories[0].dishes[1].groups[1].options.retain(|option| option.id != id("fries")));
    table().while_the_menu_is(without_steak).when(guest(1), send(1)).refused(Rejection::NoSuchDish);
    table().while_the_menu_is(without_fries).when(guest(1), send(1)).refused(Rejection::NoSuchOption);
}

#[test]
fn a_guest_is_ready_and_not_ready() {
    given(a_table())
        .when(guest(2), ready(true))
        .then([RoundsEvent::ReadyChanged { guest: GuestNo(2), ready: true }])
        .and(|table| assert_eq!(table.guests.iter().map(|g| g.ready).collect::<Vec<_>>(), [false, true]))
        .when(guest(2), ready(true))
        .refused(Rejection::Unchanged)
        .when(guest(2), ready(false))
        .accepted();
}

#[test]
fn only_guests_are_ready() {
    given(a_table()).when(staff(Role::Waiter), ready(true)).refused(Rejection::NotAllowed);
}

#[test]
fn after_a_round_nobody_is_ready() {
    let both_ready = [1, 2].map(|n| SeatingEvent::Rounds(RoundsEvent::ReadyChanged { guest: GuestNo(n), ready: true }));
    given(a_table_where(both_ready.into_iter().chain([added(100, "soup", 1)])))
        .when(staff(Role::Waiter), send(1))
        .accepted()
        .and(|table| assert!(table.guests.iter().all(|guest| !guest.ready)));
}

#[test]
fn a_stay_has_a_last_round() {
    let rounds = (1..=MAX_ROUNDS as u128).flat_map(|n| {
        let number = u16::try_from(n).expect("MAX_ROUNDS is small");
        [added(1_000 + n, "beer", 1), sent(number, &[(1_000 + n, "bar")])]
    });
    let next = u16::try_from(MAX_ROUNDS).expect("MAX_ROUNDS is small") + 1;
    given(a_table_where(rounds.chain([added(100, "beer", 1)]))).when(guest(1), send(next)).refused(Rejection::RecordFull);
}

#[test]
fn a_guest_who_fills_the_record_can_t_keep_the_kitchen_from_its_work() {
    let sent_long_ago = [added(100, "soup", 1), sent(1, &[(100, "grill")])];
    let taps = (0..MAX_VERSION - RESERVED_FOR_STAFF - 5)
        .map(|n| SeatingEvent::Rounds(RoundsEvent::ReadyChanged { guest: GuestNo(1), ready: n.is_multiple_of(2) }));
    given(a_table_where(sent_long_ago.into_iter().chain(taps)))
        .when(guest(1), ready(true))
        .refused(Rejection::RecordFull)
        .when(staff(Role::Kitchen), super::kitchen::bump(1, "grill", &[]))
        .accepted()
        .when(staff(Role::Waiter), KitchenCommand::Serve { round: RoundNo(1), lines: vec![] })
        .accepted();
}

#[test]
fn a_full_record_takes_nothing_more_but_the_party_s_leaving() {
    let taps = (0..MAX_VERSION - 3)
        .map(|n| SeatingEvent::Rounds(RoundsEvent::ReadyChanged { guest: GuestNo(1), ready: n.is_multiple_of(2) }));
    let full = given(a_table_where(taps));
    full.when(staff(Role::Waiter), super::kitchen::start(1, "grill"))
        .refused(Rejection::RecordFull)
        .and(super::visits::can_be_closed);
}
