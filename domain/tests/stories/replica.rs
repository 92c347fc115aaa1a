//! What a screen holds and shows: what was confirmed, and what is still under way.

use domain::fold::record;
use domain::menu::Menu;
use domain::replica::{Arrival, MAX_PENDING, Replica};
use domain::seating::{AddLine, CartCommand, MarkEvent, Seating, SeatingCommand, SeatingEvent};
use domain::{Context, Fold, MutationId, Recorded, Rejection, Time};

use crate::common::house::{self, folded, guest, id};
use crate::story::{a_table, added, joined, line, opened};

const fn mutation(n: u128) -> MutationId {
    MutationId::numbered(n)
}

fn add_soup() -> SeatingCommand {
    SeatingCommand::Cart(CartCommand::AddLine(AddLine::one(id("soup"))))
}

fn a_screen() -> Replica<Seating> {
    Replica::new(folded(a_table()))
}

fn shows(screen: &Replica<Seating>) -> usize {
    screen.view(&guest(1), &house::menu()).cart.len()
}

/// What the server makes of a command of guest 1 upon a state.
fn decided(state: &Seating, n: u128, command: &SeatingCommand) -> Vec<Recorded<SeatingEvent>> {
    let menu: Menu = house::menu();
    let context = Context { actor: guest(1), mutation: mutation(n), now: Time(5), menu: &menu };
    record(state.version(), &context, state.decide(command, &context).expect("it may happen"))
}

#[test]
fn a_tap_shows_at_once_and_its_event_confirms_it() {
    let mut screen = a_screen();
    assert!(screen.submit(mutation(9), add_soup(), Time(5)));
    assert_eq!((shows(&screen), screen.confirmed().cart.len(), screen.pending().len()), (1, 0, 1));
    let event = decided(screen.confirmed(), 9, &add_soup());
    assert_eq!(screen.arrive(&event[0]), Arrival::Applied);
    assert_eq!((shows(&screen), screen.confirmed().cart.len(), screen.pending().len()), (1, 1, 0));
    assert_eq!(screen.view(&guest(1), &house::menu()), *screen.confirmed());
}

#[test]
fn what_is_shown_ahead_is_what_the_server_then_decides() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    let ahead = screen.view(&guest(1), &house::menu());
    screen.arrive(&decided(screen.confirmed(), 9, &add_soup())[0]);
    assert_eq!(ahead, *screen.confirmed());
}

#[test]
fn one_may_go_on_with_what_is_not_confirmed_yet() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    screen.submit(mutation(10), SeatingCommand::Cart(CartCommand::ChangeQuantity { line: line(9), by: 2 }), Time(6));
    assert_eq!(screen.view(&guest(1), &house::menu()).cart[0].quantity, 3);
}

#[test]
fn a_refusal_takes_it_back_and_tells_what_it_was() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    assert_eq!(screen.refused(mutation(9)), Some(add_soup()));
    assert_eq!((shows(&screen), screen.refused(mutation(9))), (0, None));
}

#[test]
fn a_refusal_that_is_kept_in_the_stream_confirms_nothing_and_waits_for_its_answer() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    let refused = SeatingEvent::Mark(MarkEvent::Refused { reason: Rejection::CartFull });
    let context = Context { actor: guest(1), mutation: mutation(9), now: Time(5), menu: &house::menu() };
    assert_eq!(screen.arrive(&record(screen.version(), &context, vec![refused])[0]), Arrival::Applied);
    assert_eq!((screen.confirmed().cart.len(), screen.unanswered().count()), (0, 1), "it is asked again, so that it is told");
    let progress = &screen.confirmed().progress;
    assert_eq!((progress.effect_of(mutation(9)), progress.refusal_of(mutation(9))), (None, Some(Rejection::CartFull)));
    let snapshot = screen.confirmed().clone();
    screen.reset(snapshot);
    assert_eq!(screen.refused(mutation(9)), Some(add_soup()), "and then it is taken back, and told");
    assert_eq!(shows(&screen), 0);
}

#[test]
fn an_answer_before_its_event_keeps_the_tap_on_the_screen_and_off_the_next_sending() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    screen.accepted(mutation(9), 4);
    assert_eq!((shows(&screen), screen.unanswered().count()), (1, 0));
    screen.arrive(&decided(screen.confirmed(), 9, &add_soup())[0]);
    assert_eq!((shows(&screen), screen.pending().len()), (1, 0));
}

#[test]
fn a_late_refusal_of_another_copy_does_not_take_back_what_was_accepted() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    screen.accepted(mutation(9), 4);
    assert_eq!((screen.refused(mutation(9)), shows(&screen)), (None, 1));
}

#[test]
fn an_answer_after_its_event_or_of_nothing_changes_nothing() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    screen.arrive(&decided(screen.confirmed(), 9, &add_soup())[0]);
    let before = screen.confirmed().clone();
    screen.accepted(mutation(9), 4);
    screen.accepted(mutation(77), 40);
    assert_eq!((screen.confirmed(), screen.pending().len()), (&before, 0));
}

#[test]
fn events_in_any_order_and_number_end_as_one_state() {
    let events: Vec<_> = (1..).zip([opened(), joined(1, "Ana"), joined(2, "Ben")]).map(|(n, e)| house::recorded(n, e)).collect();
    let mut screen: Replica<Seating> = Replica::default();
    assert_eq!(screen.arrive(&events[1]), Arrival::Gap { have: 0 });
    assert_eq!(screen.arrive(&events[0]), Arrival::Applied);
    assert_eq!(screen.arrive(&events[0]), Arrival::Old);
    assert_eq!(screen.arrive(&events[2]), Arrival::Gap { have: 1 });
    assert_eq!(screen.arrive(&events[1]), Arrival::Applied);
    assert_eq!(screen.arrive(&events[2]), Arrival::Applied);
    assert_eq!((screen.version(), screen.confirmed()), (3, &folded(a_table())));
}

#[test]
fn a_snapshot_confirms_what_took_effect_and_keeps_the_rest() {
    let mut screen = a_screen();
    screen.submit(mutation(9), add_soup(), Time(5));
    screen.submit(mutation(10), add_soup(), Time(6));
    let mut snapshot = screen.confirmed().clone();
    for event in decided(&snapshot.clone(), 9, &add_soup()) {
        domain::Fold::evolve(&mut snapshot, &event);
    }
    screen.reset(snapshot);
    let left: Vec<_> = screen.unanswered().map(|pending| pending.mutation).collect();
    assert_eq!((left, shows(&screen)), (vec![mutation(10)], 2));
}

#[test]
fn an_old_snapshot_takes_nobody_back() {
    let mut screen = a_screen();
    screen.reset(folded([opened()]));
    assert_eq!(screen.version(), 3);
}

#[test]
fn what_somebody_else_made_impossible_is_not_shown() {
    let mut screen = a_screen();
    screen.submit(mutation(9), SeatingCommand::Cart(CartCommand::RemoveLine { line: line(500) }), Time(5));
    screen.submit(mutation(10), add_soup(), Time(6));
    assert_eq!(shows(&screen), 1);
    screen.arrive(&house::recorded(4, added(501, "beer", 1)));
    assert_eq!(shows(&screen), 2);
}

#[test]
fn only_so_many_taps_wait() {
    let mut screen = a_screen();
    for n in 0..MAX_PENDING as u128 {
        assert!(screen.submit(mutation(1_000 + n), add_soup(), Time(5)));
    }
    assert!(!screen.submit(mutation(1), add_soup(), Time(5)));
    assert_eq!(screen.pending().len(), MAX_PENDING);
}
