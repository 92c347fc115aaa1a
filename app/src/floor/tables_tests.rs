//! Stories of the floor.

use domain::floor::Joining;
use domain::seating::{Entry, Guest, JoinAsk};
use domain::{AskNo, GuestNo};

use super::*;

const MINUTE: u64 = 60_000;

fn table(id: &str, area: &str) -> Table {
    Table { id: id.parse().expect("a slug"), label: id.to_owned(), area: area.to_owned(), seats: 4 }
}

fn card(id: &str, party: Option<Party>) -> Arc<TableCard> {
    Arc::new(TableCard { table: table(id, "Sala"), party })
}

fn minute(minutes: u64) -> Time {
    Time(minutes * MINUTE)
}

fn kinds(needs: &[Need]) -> Vec<(&str, NeedKind)> {
    needs.iter().map(|need| (need.label.as_str(), need.kind)).collect()
}

#[test]
fn the_oldest_need_comes_first_whatever_it_is() {
    let rules = HouseRules::default();
    let cards = [
        card("t1", None),
        card("t2", Some(Party { rounds: 1, to_serve: 2, ready_since: Some(minute(27)), ..Party::default() })),
        card("t3", Some(Party { since: minute(14), ..Party::default() })),
        // Late since minute 18 + 8.
        card("t4", Some(Party { rounds: 1, in_kitchen: 5, owed: vec![(minute(18), 3), (minute(29), 2)], ..Party::default() })),
    ];
    let needs = needs(&cards, &rules, minute(30));
    assert_eq!(kinds(&needs), [("t3", NeedKind::NothingOrdered), ("t4", NeedKind::Late), ("t2", NeedKind::Serve)]);
    assert_eq!((needs[1].since, needs[1].count), (minute(26), 3), "what was sent a minute ago is not late");
}

#[test]
fn a_need_begins_when_its_time_has_come() {
    let rules = HouseRules::default();
    let cards = [card("t1", Some(Party { rounds: 1, in_kitchen: 1, owed: vec![(minute(0), 1)], ..Party::default() }))];
    assert_eq!(needs(&cards, &rules, minute(7)), []);
    assert_eq!(kinds(&needs(&cards, &rules, minute(8))), [("t1", NeedKind::Late)]);
    let ready = [card("t1", Some(Party { rounds: 1, to_serve: 1, ready_since: Some(minute(5)), ..Party::default() }))];
    assert_eq!(needs(&ready, &rules, minute(4)).len(), 1, "a clock that is behind hides no food");
}

#[test]
fn a_table_shows_what_it_waits_for_most() {
    let rules = HouseRules::default();
    let mood = |party: Party| party.mood(minute(10), &rules);
    assert_eq!(mood(Party::default()), Mood::Choosing);
    assert_eq!(mood(Party { rounds: 1, ..Party::default() }), Mood::Served);
    let cooking = Party { rounds: 1, in_kitchen: 1, owed: vec![(minute(5), 1)], ..Party::default() };
    assert_eq!(mood(cooking.clone()), Mood::InKitchen);
    assert_eq!(mood(Party { owed: vec![(minute(1), 1)], ..cooking.clone() }), Mood::Late);
    assert_eq!(mood(Party { to_serve: 1, owed: vec![(minute(1), 1)], ..cooking }), Mood::ToServe);
}

#[test]
fn areas_keep_the_venue_s_order() {
    let of = |id: &str, area: &str| Arc::new(TableCard { table: table(id, area), party: None });
    assert_eq!(areas(&[of("t1", "Sala"), of("e1", "Esplanada"), of("t2", "Sala")]), ["Sala", "Esplanada"]);
}

#[test]
fn only_food_that_gets_ready_is_announced() {
    let with = |to_serve| [card("t1", Some(Party { to_serve, ..Party::default() }))];
    assert!(calls_somebody(&with(0), &with(1)));
    assert!(!calls_somebody(&with(2), &with(1)));
    assert!(!calls_somebody(&with(1), &[card("t1", None)]));
    let waits = [card("t1", Some(Party { waiting: Some((2, minute(1))), ..Party::default() }))];
    assert!(calls_somebody(&with(0), &waits) && !calls_somebody(&waits, &waits) && !calls_somebody(&waits, &with(0)));
}

#[test]
fn a_first_round_is_a_need_at_once_and_so_is_who_asks_where_nobody_else_can_let_them_in() {
    let rules = HouseRules::default();
    let stay = |joining, guests: Vec<Guest>| Seating {
        guests,
        entry: Entry {
            joining,
            asks: vec![JoinAsk { ask: AskNo(1), name: None, back: false, at: minute(20) }],
            ..Entry::default()
        },
        ..Seating::default()
    };
    let needs_of = |stay: &Seating, now| {
        let party = Party { rounds: 1, ..Party::of(SeatingId::numbered(1), minute(19), stay) };
        needs(&[card("t1", Some(party))], &rules, now)
    };
    let ana = || vec![Guest::new(GuestNo(1), None)];
    let staff = stay(Joining::Staff, ana());
    assert_eq!(kinds(&needs_of(&staff, minute(20))), [("t1", NeedKind::LetIn)]);
    let approve = stay(Joining::Approve, ana());
    assert_eq!(needs_of(&approve, minute(20)), [], "the party is left alone with it for a moment");
    assert_eq!(kinds(&needs_of(&approve, minute(21))), [("t1", NeedKind::LetIn)]);
    assert_eq!(needs_of(&approve, minute(40)), [], "they have gone");
    assert_eq!(kinds(&needs_of(&stay(Joining::Approve, Vec::new()), minute(20))), [("t1", NeedKind::LetIn)]);
    let waiting = Party { waiting: Some((3, minute(29))), since: minute(1), ..Party::default() };
    let needs = needs(&[card("t1", Some(waiting))], &rules, minute(30));
    assert_eq!((kinds(&needs), needs[0].count), (vec![("t1", NeedKind::FirstRound)], 3), "they have ordered");
}
