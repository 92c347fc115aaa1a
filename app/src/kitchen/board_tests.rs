//! Stories of the board.

use domain::menu::{Catalog, Station};
use domain::seating::{Line, Round};
use domain::{Actor, Amount, GuestNo, Localized};

use super::*;

const MINUTE: u64 = 60_000;

fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a slug")
}

fn item(n: u128, dish: &str, station: &str, quantity: u16, state: ItemState) -> Item {
    Item {
        line: Line {
            id: LineId::numbered(n),
            guest: Some(GuestNo(1)),
            dish: id(dish),
            name: Localized::from([(Language::En, dish)]),
            options: Vec::new(),
            note: None,
            quantity,
            unit_price: Amount(100),
        },
        station: id(station),
        state,
        since: Time(10 * MINUTE),
    }
}

fn party(rounds: Vec<(u64, Vec<Item>)>) -> Seating {
    let rounds = (1..)
        .zip(rounds)
        .map(|(number, (minute, items))| Round {
            number: RoundNo(number),
            by: Actor::Guest(GuestNo(1)),
            at: Time(minute * MINUTE),
            items,
        })
        .collect();
    Seating { rounds, ..Seating::default() }
}

fn board(parties: &[Seating]) -> Board {
    let floor = Floor::default();
    let station = |name: &str| Station { id: id(name), name: Localized::from([(Language::En, name)]) };
    let catalog = Catalog { stations: vec![station("grill"), station("bar")], ..Catalog::default() };
    let menu = Menu { catalog, ..Menu::default() };
    let names = Names { floor: &floor, menu: &menu, language: Language::En };
    let cards = (1..).zip(parties).flat_map(|(n, party)| names.cards(SeatingId::numbered(n), party, party));
    Board::new(cards.collect())
}

fn at(keys: &[TicketKey]) -> Vec<(u128, u16, &str)> {
    keys.iter().map(|key| (key.seating.uuid().as_u128(), key.round.0, key.station.as_str())).collect()
}

use ItemState::{Cooking, Ready, Received, Served};

#[test]
fn who_ordered_first_is_worked_first_and_a_round_is_one_ticket_at_each_station() {
    let first = party(vec![(5, vec![item(1, "steak", "grill", 1, Received), item(2, "beer", "bar", 2, Received)])]);
    let second = party(vec![(3, vec![item(3, "steak", "grill", 1, Cooking)])]);
    let board = board(&[first, second]);
    assert_eq!(at(&board.on_wall(None, Time(0))), [(2, 1, "grill"), (1, 1, "bar"), (1, 1, "grill")]);
    assert_eq!(at(&board.on_wall(Some(&id("grill")), Time(0))), [(2, 1, "grill"), (1, 1, "grill")]);
    assert_eq!((board.count(None), board.count(Some(&id("bar")))), (3, 1));
}

#[test]
fn a_bumped_ticket_keeps_its_place_for_some_seconds_and_a_recalled_one_has_its_old_place() {
    let older = party(vec![(1, vec![item(1, "steak", "grill", 1, Ready)])]);
    let newer = party(vec![(2, vec![item(2, "steak", "grill", 1, Received)])]);
    let bumped = board(&[older, newer.clone()]);
    let bump = 10 * MINUTE;
    assert_eq!(bumped.on_wall(None, Time(bump + LEAVES_AFTER_MS - 1)).len(), 2);
    assert_eq!(at(&bumped.on_wall(None, Time(bump + LEAVES_AFTER_MS))), [(2, 1, "grill")]);
    assert_eq!(bumped.recent(None).len(), 1);
    let recalled = board(&[party(vec![(1, vec![item(1, "steak", "grill", 1, Cooking)])]), newer]);
    assert_eq!(at(&recalled.on_wall(None, Time(0))), [(1, 1, "grill"), (2, 1, "grill")]);
    assert!(recalled.recent(None).is_empty());
}

#[test]
fn what_is_served_is_gone_and_what_is_half_served_can_be_recalled() {
    let board = board(&[party(vec![
        (1, vec![item(1, "steak", "grill", 1, Served)]),
        (2, vec![item(2, "steak", "grill", 1, Served), item(3, "soup", "grill", 1, Ready)]),
    ])]);
    let recent = board.recent(None);
    assert_eq!(recent.iter().map(|card| card.key.round.0).collect::<Vec<_>>(), [2]);
    assert!(recent[0].has_ready());
}

#[test]
fn a_ticket_tells_what_the_other_stations_owe() {
    let board = board(&[party(vec![(1, vec![item(1, "steak", "grill", 1, Received), item(2, "beer", "bar", 2, Ready)])])]);
    let owed = |station: &str| {
        let key = TicketKey { seating: SeatingId::numbered(1), round: RoundNo(1), station: id(station) };
        board.get(&key).map(|card| card.elsewhere.iter().map(|e| (e.station_name.clone(), e.owes)).collect::<Vec<_>>())
    };
    assert_eq!(owed("grill"), Some(vec![("bar".to_owned(), 0)]));
    assert_eq!(owed("bar"), Some(vec![("grill".to_owned(), 1)]));
}

#[test]
fn all_day_counts_what_is_not_ready_by_dish_most_first() {
    let board = board(&[
        party(vec![(1, vec![item(1, "steak", "grill", 2, Received), item(2, "beer", "bar", 3, Cooking)])]),
        party(vec![(2, vec![item(3, "steak", "grill", 2, Cooking), item(4, "steak", "grill", 5, Ready)])]),
    ]);
    assert_eq!(board.all_day(None), [("steak".to_owned(), 4), ("beer".to_owned(), 3)]);
    assert_eq!(board.all_day(Some(&id("bar"))), [("beer".to_owned(), 3)]);
}

#[test]
fn what_the_server_has_not_confirmed_is_marked() {
    let confirmed = party(vec![(1, vec![item(1, "steak", "grill", 1, Received), item(2, "soup", "grill", 1, Received)])]);
    let shown = party(vec![(1, vec![item(1, "steak", "grill", 1, Ready), item(2, "soup", "grill", 1, Received)])]);
    let (floor, menu) = (Floor::default(), Menu::default());
    let names = Names { floor: &floor, menu: &menu, language: Language::En };
    let cards = names.cards(SeatingId::numbered(1), &shown, &confirmed);
    assert_eq!(cards[0].items.iter().map(|item| item.waiting).collect::<Vec<_>>(), [true, false]);
    assert!(cards[0].waiting);
}
