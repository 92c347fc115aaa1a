//! Who comes in at a table, who lets them, who is removed; and a first round that waits for a waiter.

use domain::floor::{Floor, FloorEvent, HouseRules, Joining};
use domain::seating::{
    ASKS_FOR_MS, AddLine, CartCommand, CartEvent, Coming, GuestsCommand, GuestsEvent, KitchenCommand, MAX_ASKS,
    MAX_EVENTS_OF_ONE, MAX_LINES_OF_ONE, RoundsCommand, RoundsEvent, Seating, SeatingCommand, SeatingEvent, TicketItems,
};
use domain::visit::{self, Joined, Newcomer, Streams};
use domain::{
    Actor, AskNo, Context, Fold as _, GuestNo, MutationId, Name, Note, Recorded, Rejection, Role, RoundNo, SeatingId, Time,
};

use crate::common::house::{self, folded, guest, id, recorded, staff};
use crate::story::{added, given, joined, line_of, opened_where, sent};

const STAY: SeatingId = SeatingId::numbered(1);

/// Ana (1) and Ben (2) sit at `t1`, where joining is so, and this happened.
fn a_party(joining: Joining, events: impl IntoIterator<Item = SeatingEvent>) -> Vec<SeatingEvent> {
    [opened_where(joining, false), joined(1, "Ana"), joined(2, "Ben")].into_iter().chain(events).collect()
}

/// Somebody with the code of `t1` comes, at that moment.
fn comes_at(seating: &Seating, actor: Actor, coming: Coming, now: Time) -> Result<Joined, Rejection> {
    let (menu, name) = (house::menu(), Name::new("Eve").ok());
    let floor: Floor =
        folded([FloorEvent::TablesLaid { tables: house::tables() }, FloorEvent::TableOpened { table: id("t1"), seating: STAY }]);
    let context = Context { actor, mutation: MutationId::numbered(77), now, menu: &menu };
    let newcomer = Newcomer { table: id("t1"), name, coming };
    let streams = Streams { venue: &house::venue(), floor: &floor, seatings: vec![(STAY, seating)] };
    visit::join(&streams, &newcomer, STAY, &context).map(|(_, joined)| joined)
}

fn comes(seating: &Seating, coming: Coming) -> Result<Joined, Rejection> {
    comes_at(seating, Actor::Visitor, coming, Time(1_000_000))
}

const WITH_CODE: Coming = Coming { with_number: false, back: false, was_removed: false };
const WITH_NUMBER: Coming = Coming { with_number: true, ..WITH_CODE };
const BACK: Coming = Coming { back: true, ..WITH_CODE };
const AS_REMOVED: Coming = Coming { was_removed: true, ..WITH_CODE };

fn asked(ask: u16) -> SeatingEvent {
    SeatingEvent::Guests(GuestsEvent::JoinAsked { ask: AskNo(ask), name: Name::new("Eve").ok(), back: false })
}

fn let_in(ask: u16) -> SeatingCommand {
    SeatingCommand::Guests(GuestsCommand::LetIn { ask: AskNo(ask), guest: None })
}

fn is_in(outcome: &Result<Joined, Rejection>) -> bool {
    matches!(outcome, Ok(Joined::Guest(_)))
}

#[test]
fn what_it_takes_to_join_a_party_is_the_house_s_choice() {
    let party = |joining| folded::<Seating>(a_party(joining, []));
    for (joining, by_code, by_number) in [
        (Joining::Open, true, true),
        (Joining::StaffOpens, true, true),
        (Joining::Approve, false, true),
        (Joining::Staff, false, false),
        (Joining::Unknown, false, false),
    ] {
        assert_eq!(is_in(&comes(&party(joining), WITH_CODE)), by_code, "{joining:?}, by the code");
        assert_eq!(is_in(&comes(&party(joining), WITH_NUMBER)), by_number, "{joining:?}, by the number");
        assert_eq!(comes(&party(joining), BACK), Ok(Joined::Asks(AskNo(1))), "{joining:?}: nobody is somebody by saying so");
        assert!(is_in(&comes_at(&party(joining), staff(Role::Waiter), WITH_CODE, Time(1))), "a waiter lets themselves in");
    }
}

#[test]
fn who_opens_a_table_has_nobody_to_ask() {
    let just_opened = |joining| folded::<Seating>([opened_where(joining, false)]);
    assert!(is_in(&comes(&just_opened(Joining::Approve), WITH_CODE)));
    assert_eq!(comes(&just_opened(Joining::Staff), WITH_CODE), Ok(Joined::Asks(AskNo(1))));
}

#[test]
fn somebody_who_sits_here_lets_a_newcomer_in() {
    given(a_party(Joining::Approve, [asked(1), asked(2)]))
        .when(guest(2), let_in(1))
        .then([GuestsEvent::GuestJoined { guest: GuestNo(3), name: Name::new("Eve").ok(), ask: Some(AskNo(1)) }])
        .and(|table| assert_eq!(table.let_in_as(AskNo(1)), Some(GuestNo(3))))
        .when(guest(1), let_in(1))
        .refused(Rejection::NoSuchAsk)
        .when(guest(1), GuestsCommand::TurnAway { ask: AskNo(2) })
        .then([GuestsEvent::TurnedAway { ask: AskNo(2) }])
        .and(|table| assert!(table.let_in_as(AskNo(2)).is_none() && table.entry.asks.is_empty()))
        .when(staff(Role::Waiter), let_in(2))
        .refused(Rejection::NoSuchAsk);
}

#[test]
fn where_staff_let_people_in_guests_do_not() {
    for command in [let_in(1), SeatingCommand::Guests(GuestsCommand::TurnAway { ask: AskNo(1) })] {
        given(a_party(Joining::Staff, [asked(1)]))
            .when(guest(1), command.clone())
            .refused(Rejection::NotAllowed)
            .when(staff(Role::Kitchen), command.clone())
            .refused(Rejection::NotAllowed)
            .when(staff(Role::Waiter), command)
            .accepted();
    }
}

#[test]
fn who_was_removed_does_nothing_more_and_comes_back_by_consent_alone() {
    let (soup, beer) = (line_of(100, "soup", 99), line_of(101, "beer", 1));
    let eve_s = SeatingEvent::Cart(CartEvent::LineAdded { line: domain::seating::Line { guest: Some(GuestNo(3)), ..soup } });
    let table = a_party(Joining::Open, [joined(3, "Eve"), eve_s, SeatingEvent::Cart(CartEvent::LineAdded { line: beer })]);
    let story = given(table)
        .when(guest(3), RoundsCommand::SetReady { ready: true })
        .accepted()
        .when(guest(1), GuestsCommand::RemoveGuest { guest: GuestNo(3) })
        .then([GuestsEvent::GuestRemoved { guest: GuestNo(3) }])
        .and(|table| {
            assert_eq!(table.cart.len(), 1, "what they chose goes with them, what others chose stays");
            assert!(!table.is_here(GuestNo(3)) && table.guest(GuestNo(3)).is_some(), "what they did stays theirs");
        })
        .when(guest(3), CartCommand::AddLine(AddLine { quantity: 99, ..AddLine::one(id("soup")) }))
        .refused(Rejection::NoSuchGuest)
        .when(guest(3), RoundsCommand::SendRound { round: RoundNo(1) })
        .refused(Rejection::NoSuchGuest);
    for coming in [AS_REMOVED, WITH_CODE, WITH_NUMBER, BACK] {
        assert_eq!(comes(&story.state, coming), Ok(Joined::Asks(AskNo(1))), "also without the cookie that tells who they are");
    }
    let asks_back = SeatingEvent::Guests(GuestsEvent::JoinAsked { ask: AskNo(1), name: None, back: true });
    let mut state = story.state;
    state.evolve(&recorded(state.progress.version() + 1, asks_back));
    let menu = house::menu();
    let context = Context { actor: guest(2), mutation: MutationId::numbered(9), now: Time(9), menu: &menu };
    let back = state.decide(&SeatingCommand::Guests(GuestsCommand::LetIn { ask: AskNo(1), guest: Some(GuestNo(3)) }), &context);
    assert_eq!(back, Ok(vec![SeatingEvent::Guests(GuestsEvent::GuestReturned { guest: GuestNo(3), ask: AskNo(1) })]));
    state.evolve(&recorded(
        state.progress.version() + 1,
        SeatingEvent::Guests(GuestsEvent::GuestReturned { guest: GuestNo(3), ask: AskNo(1) }),
    ));
    assert!(state.is_here(GuestNo(3)) && state.let_in_as(AskNo(1)) == Some(GuestNo(3)));
    assert!(state.is_here_since(GuestNo(3), 1) && !state.is_here_since(GuestNo(3), 0), "a cookie of before opens nothing");
}

#[test]
fn who_came_first_removes_who_came_later_and_not_the_other_way_round() {
    let table = || a_party(Joining::Open, []);
    given(table()).when(guest(2), GuestsCommand::RemoveGuest { guest: GuestNo(1) }).refused(Rejection::NotAllowed);
    given(table()).when(guest(1), GuestsCommand::RemoveGuest { guest: GuestNo(1) }).refused(Rejection::NotAllowed);
    given(table()).when(staff(Role::Kitchen), GuestsCommand::RemoveGuest { guest: GuestNo(1) }).refused(Rejection::NotAllowed);
    given(table())
        .when(staff(Role::Waiter), GuestsCommand::RemoveGuest { guest: GuestNo(1) })
        .accepted()
        .when(staff(Role::Waiter), GuestsCommand::RemoveGuest { guest: GuestNo(1) })
        .refused(Rejection::Unchanged)
        .when(staff(Role::Waiter), GuestsCommand::RemoveGuest { guest: GuestNo(9) })
        .refused(Rejection::NoSuchGuest)
        .when(staff(Role::Waiter), CartCommand::AddLine(AddLine { guest: Some(GuestNo(1)), ..AddLine::one(id("soup")) }))
        .refused(Rejection::NoSuchGuest);
}

#[test]
fn one_s_place_is_taken_again_with_the_consent_of_somebody_who_is_here() {
    let back = SeatingEvent::Guests(GuestsEvent::JoinAsked { ask: AskNo(1), name: Name::new("Ben's tablet").ok(), back: true });
    given(a_party(Joining::Open, [back]))
        .when(guest(1), GuestsCommand::LetIn { ask: AskNo(1), guest: Some(GuestNo(2)) })
        .then([GuestsEvent::GuestReturned { guest: GuestNo(2), ask: AskNo(1) }])
        .and(|table| {
            assert_eq!(table.let_in_as(AskNo(1)), Some(GuestNo(2)));
            assert_eq!(table.guests.len(), 2, "nobody else sits here now");
            assert!(table.is_here_since(GuestNo(2), 0), "and the phone of before is theirs as well");
        });
    given(a_party(Joining::Open, [asked(1)]))
        .when(guest(1), GuestsCommand::LetIn { ask: AskNo(1), guest: Some(GuestNo(7)) })
        .refused(Rejection::NoSuchGuest);
}

#[test]
fn those_who_ask_are_not_waited_for_without_end_nor_in_any_number() {
    let asks = u16::try_from(MAX_ASKS).expect("it is small");
    let table: Seating = folded(a_party(Joining::Approve, (1..=asks).map(asked)));
    let first_asked = table.entry.asks[0].at;
    let later = |ms| comes_at(&table, Actor::Visitor, WITH_CODE, Time(first_asked.0 + ms));
    assert_eq!(later(ASKS_FOR_MS - 1), Err(Rejection::TooFast));
    assert_eq!(later(ASKS_FOR_MS), Ok(Joined::Asks(AskNo(asks + 1))));
    let mut table = table;
    let event = Recorded { at: Time(first_asked.0 + ASKS_FOR_MS), ..recorded(table.progress.version() + 1, asked(asks + 1)) };
    table.evolve(&event);
    assert_eq!((table.entry.asks.len(), table.entry.asks[0].ask), (MAX_ASKS, AskNo(2)));
    assert!(!table.asks(AskNo(1), event.at) && table.asks(AskNo(2), event.at));
}

#[test]
fn one_guest_fills_neither_the_cart_nor_the_record() {
    let lines = u128::try_from(MAX_LINES_OF_ONE).expect("it is small");
    let soup = || SeatingCommand::Cart(CartCommand::AddLine(AddLine::one(id("soup"))));
    given(a_party(Joining::Open, (0..lines).map(|n| added(1_000 + n, "soup", 1))))
        .when(guest(1), soup())
        .refused(Rejection::CartFull)
        .when(guest(2), soup())
        .accepted();
    let mut table: Seating = folded(a_party(Joining::Open, []));
    for _ in 0..MAX_EVENTS_OF_ONE {
        let renamed = SeatingEvent::Guests(GuestsEvent::GuestRenamed { guest: GuestNo(1), name: None });
        table.evolve(&Recorded { by: guest(1), ..recorded(table.progress.version() + 1, renamed) });
    }
    let menu = house::menu();
    let asks = |actor| table.decide(&soup(), &Context { actor, mutation: MutationId::numbered(5), now: Time(5), menu: &menu });
    assert_eq!(asks(guest(1)), Err(Rejection::RecordFull));
    assert!(asks(guest(2)).is_ok() && asks(staff(Role::Waiter)).is_ok());
}

/// Ana sits at `t1`, where first rounds wait; soup (100) and beer (101) are in the cart.
fn where_first_rounds_wait() -> Vec<SeatingEvent> {
    vec![opened_where(Joining::Open, true), joined(1, "Ana"), added(100, "soup", 1), added(101, "beer", 2)]
}

fn waits() -> SeatingEvent {
    let SeatingEvent::Rounds(RoundsEvent::RoundSent { round, lines }) = sent(1, &[(100, "grill"), (101, "bar")]) else {
        unreachable!("it is a round")
    };
    SeatingEvent::Rounds(RoundsEvent::RoundWaits { round, lines })
}

#[test]
fn a_first_round_waits_until_a_waiter_accepts_it() {
    given(where_first_rounds_wait())
        .when(guest(1), RoundsCommand::SendRound { round: RoundNo(1) })
        .then([waits()])
        .and(|table| {
            assert!(table.rounds.is_empty(), "no kitchen has it");
            assert_eq!((table.cart.len(), table.waiting_total().0, table.sent_total().0), (0, 1_050, 0));
        })
        .when(guest(1), RoundsCommand::SendRound { round: RoundNo(1) })
        .refused(Rejection::AlreadySent)
        .when(guest(1), RoundsCommand::SendRound { round: RoundNo(2) })
        .refused(Rejection::RoundWaits)
        .when(staff(Role::Kitchen), KitchenCommand::Bump(TicketItems { round: RoundNo(1), station: id("grill"), lines: vec![] }))
        .refused(Rejection::NoSuchRound)
        .when(guest(1), RoundsCommand::AcceptRound { round: RoundNo(1) })
        .refused(Rejection::NotAllowed)
        .when(staff(Role::Waiter), RoundsCommand::AcceptRound { round: RoundNo(1) })
        .then([RoundsEvent::RoundAccepted { round: RoundNo(1) }])
        .and(|table| {
            assert_eq!((table.rounds.len(), table.waiting.is_none(), table.sent_total().0), (1, true, 1_050));
            assert_eq!(table.rounds[0].by, guest(1), "it is still who sent it");
        })
        .when(staff(Role::Waiter), RoundsCommand::AcceptRound { round: RoundNo(1) })
        .refused(Rejection::AlreadySent)
        .when(staff(Role::Kitchen), KitchenCommand::Bump(TicketItems { round: RoundNo(1), station: id("grill"), lines: vec![] }))
        .accepted()
        // From now on they are known.
        .when(guest(1), CartCommand::AddLine(AddLine::one(id("beer"))))
        .accepted()
        .when(guest(1), RoundsCommand::SendRound { round: RoundNo(2) })
        .accepted()
        .and(|table| assert_eq!(table.rounds.len(), 2));
}

#[test]
fn a_round_that_is_not_accepted_is_in_the_cart_again_with_the_reason() {
    let reason = Note::new("The kitchen has closed").ok();
    given(where_first_rounds_wait().into_iter().chain([waits(), added(102, "wine", 1)]))
        .when(staff(Role::Waiter), RoundsCommand::DeclineRound { round: RoundNo(1), reason: reason.clone() })
        .then([RoundsEvent::RoundDeclined { round: RoundNo(1), reason: reason.clone() }])
        .and(|table| {
            assert_eq!(table.cart.iter().map(|line| line.dish.as_str()).collect::<Vec<_>>(), ["soup", "beer", "wine"]);
            assert_eq!(table.declined.as_ref().map(|declined| &declined.reason), Some(&reason));
        })
        .when(guest(1), RoundsCommand::SendRound { round: RoundNo(1) })
        .accepted()
        .and(|table| assert!(table.declined.is_none() && table.waiting.is_some(), "the next is the first again"));
    // What somebody chose who was removed meanwhile does not come back without them.
    let party = [
        opened_where(Joining::Open, true),
        joined(1, "Ana"),
        joined(2, "Eve"),
        added_by(2, 100, "soup"),
        added_by(1, 101, "beer"),
    ];
    given(party.into_iter().chain([waits(), SeatingEvent::Guests(GuestsEvent::GuestRemoved { guest: GuestNo(2) })]))
        .when(staff(Role::Waiter), RoundsCommand::DeclineRound { round: RoundNo(1), reason: None })
        .accepted()
        .and(|table| assert_eq!(table.cart.iter().map(|line| line.dish.as_str()).collect::<Vec<_>>(), ["beer"]));
}

#[test]
fn what_waits_goes_with_whoever_chose_it() {
    let of_eve = [
        opened_where(Joining::Open, true),
        joined(1, "Ana"),
        joined(2, "Eve"),
        added_by(2, 100, "soup"),
        added_by(2, 101, "beer"),
    ];
    given(of_eve.into_iter().chain([waits()]))
        .when(guest(1), GuestsCommand::RemoveGuest { guest: GuestNo(2) })
        .accepted()
        .and(|table| assert!(table.waiting.is_none() && table.cart.is_empty(), "nothing of it is left to be accepted"))
        .when(staff(Role::Waiter), RoundsCommand::AcceptRound { round: RoundNo(1) })
        .refused(Rejection::NoSuchRound);
}

#[test]
fn whoever_comes_back_to_a_full_party_waits_until_there_is_room() {
    let party = (1..=60).map(|n| joined(n, "Somebody"));
    let full = party.chain([SeatingEvent::Guests(GuestsEvent::GuestRemoved { guest: GuestNo(60) }), joined(61, "Eve"), asked(1)]);
    let come_back = SeatingCommand::Guests(GuestsCommand::LetIn { ask: AskNo(1), guest: Some(GuestNo(60)) });
    given([opened_where(Joining::Open, false)].into_iter().chain(full))
        .when(guest(1), come_back.clone())
        .refused(Rejection::PartyFull)
        .when(guest(1), GuestsCommand::RemoveGuest { guest: GuestNo(61) })
        .accepted()
        .when(guest(1), come_back)
        .accepted();
}

fn added_by(who: u16, number: u128, dish: &str) -> SeatingEvent {
    match added(number, dish, 1) {
        SeatingEvent::Cart(CartEvent::LineAdded { line }) => {
            SeatingEvent::Cart(CartEvent::LineAdded { line: domain::seating::Line { guest: Some(GuestNo(who)), ..line } })
        }
        other => other,
    }
}

#[test]
fn a_waiter_s_own_round_and_a_party_that_a_waiter_let_in_wait_for_nobody() {
    given(where_first_rounds_wait())
        .when(staff(Role::Waiter), RoundsCommand::SendRound { round: RoundNo(1) })
        .then([sent(1, &[(100, "grill"), (101, "bar")])]);
    let opened_by = |actor: Actor, joining| {
        let rules = HouseRules { approve_first_round: true, joining, ..HouseRules::default() };
        let floor: Floor = folded([FloorEvent::TablesLaid { tables: house::tables() }, FloorEvent::HouseRulesSet { rules }]);
        let menu = house::menu();
        let context = Context { actor, mutation: MutationId::numbered(1), now: Time(1), menu: &menu };
        let newcomer = Newcomer { table: id("t1"), name: None, coming: WITH_CODE };
        let nobody = Seating::default();
        let streams = Streams { venue: &house::venue(), floor: &floor, seatings: vec![(STAY, &nobody)] };
        let (together, _) = visit::join(&streams, &newcomer, STAY, &context).expect("it is free");
        folded::<Seating>(together.seatings.into_iter().flat_map(|(_, events)| events))
    };
    assert_eq!(opened_by(Actor::Visitor, Joining::Approve).entry.joining, Joining::Approve);
    assert!(opened_by(Actor::Visitor, Joining::Approve).approve_first_round);
    // Whoever has the code may be the first at a table that a waiter has opened.
    assert!(opened_by(staff(Role::Waiter), Joining::Approve).approve_first_round);
    assert!(opened_by(staff(Role::Waiter), Joining::StaffOpens).approve_first_round);
    assert!(!opened_by(staff(Role::Waiter), Joining::Staff).approve_first_round);
}

#[test]
fn what_has_sold_out_meanwhile_is_not_accepted() {
    let sold_out = domain::menu::MenuEvent::DishSoldOut { dish: id("soup") };
    let published = domain::menu::MenuEvent::Published { catalog: Box::new(house::catalog()) };
    given(where_first_rounds_wait().into_iter().chain([waits()]))
        .while_the_menu_is(folded([published, sold_out]))
        .when(staff(Role::Waiter), RoundsCommand::AcceptRound { round: RoundNo(1) })
        .refused(Rejection::SoldOut)
        .when(staff(Role::Waiter), RoundsCommand::DeclineRound { round: RoundNo(1), reason: None })
        .accepted();
}
