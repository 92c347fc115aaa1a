//! Stories of a table's panel.

use domain::seating::{Guest, Item, Round};
use domain::{Actor, GuestNo, Localized, Note, StationId};

use super::*;

fn line(n: u128, quantity: u16) -> Line {
    Line {
        id: LineId::numbered(n),
        guest: Some(GuestNo(1)),
        dish: "soup".parse().expect("a slug"),
        name: Localized::from([(Language::En, "Soup"), (Language::Pt, "Sopa")]),
        options: Vec::new(),
        note: Note::new("hot").ok(),
        quantity,
        unit_price: Amount(250),
    }
}

fn round(number: u16, state: ItemState) -> Round {
    let station: StationId = "grill".parse().expect("a slug");
    let items = vec![Item { line: line(u128::from(number), 2), station, state, since: Time(0) }];
    Round { number: RoundNo(number), by: Actor::Guest(GuestNo(1)), at: Time(0), items }
}

fn seating(states: &[ItemState]) -> Seating {
    Seating {
        guests: vec![Guest { ready: true, ..Guest::new(GuestNo(1), None) }],
        cart: vec![line(9, 3)],
        rounds: (1..).zip(states).map(|(number, state)| round(number, *state)).collect(),
        ..Seating::default()
    }
}

#[test]
fn the_newest_round_comes_first_and_what_is_open_is_counted() {
    let seating = seating(&[ItemState::Served, ItemState::Ready]);
    let stay = Stay::of(&seating, &seating, Language::Pt);
    assert_eq!(stay.rounds.iter().map(|round| (round.number.0, round.to_serve)).collect::<Vec<_>>(), [(2, 2), (1, 0)]);
    assert_eq!((stay.unserved, stay.unsent, stay.total), (2, 3, Amount(1_000)));
    let first = &stay.cart[0];
    assert_eq!((first.name.as_str(), first.details.as_str()), ("Sopa", "“hot”"));
    assert!(first.guest.as_ref().is_some_and(|guest| guest.is_ready && guest.name.is_none()));
}

#[test]
fn what_the_server_has_not_confirmed_is_waiting() {
    let (shown, confirmed) = (seating(&[ItemState::Served]), seating(&[ItemState::Ready]));
    let waits = |shown: &Seating, confirmed: &Seating| Stay::of(shown, confirmed, Language::En).rounds[0].items[0].is_waiting;
    assert!(waits(&shown, &confirmed));
    assert!(!waits(&confirmed, &confirmed));
}
