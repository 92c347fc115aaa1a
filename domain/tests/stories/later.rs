//! What a later release writes, read by this one: for as long as both run side by side, and on a page that
//! was loaded yesterday. Whatever is not known must cost nothing but itself.

use domain::access::{Access, AccessEvent};
use domain::floor::{FloorCommand, FloorEvent, Joining};
use domain::fold::Fold;
use domain::menu::{Allergen, Diet, Dish, MenuEvent};
use domain::seating::{ItemState, MarkEvent, RoundsCommand, RoundsEvent, Seating, SeatingEvent, Stay, StayEvent};
use domain::stream::Readable;
use domain::wire::{Answer, Events, Sync, Synced, Welcome};
use domain::{
    Actor, Amount, Currency, DeviceNo, GuestNo, Language, Localized, Recorded, Rejection, Role, RoundNo, SeatingId, StreamId,
    Time,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::common::house::{self, folded, id, staff};
use crate::story::{a_table, added, given, given_stream, sent};

/// Reads what a later release wrote: from text, as the log and the pages do, and from a value, as the server may.
fn read<T: DeserializeOwned + PartialEq + std::fmt::Debug>(written: &Value) -> T {
    let from_text: T = serde_json::from_str(&written.to_string()).expect("what is not known is passed over");
    let from_value: T = serde_json::from_value(written.clone()).expect("what is not known is passed over");
    assert_eq!(from_text, from_value);
    from_text
}

/// What is written, with one place of it changed.
fn written(what: &impl Serialize, place: &str, to: Value) -> Value {
    let mut value = serde_json::to_value(what).expect("it can be written");
    *value.pointer_mut(place).expect("that place is there") = to;
    value
}

fn recorded_by(by: Value) -> Recorded<SeatingEvent> {
    let event = json!({ "type": "round_sent", "round": 1, "lines": [{ "line": house_line(), "station": "grill" }] });
    read(&json!({ "n": 5, "at": 7, "m": "00000000000000000000000000000007", "by": by, "f": 1, "e": event }))
}

fn house_line() -> String {
    format!("{:032x}", 100)
}

#[test]
fn whoever_acted_what_they_did_is_read() {
    for by in [json!("robot"), json!({ "robot": { "arm": 2 } }), json!({ "guest": "second" }), json!(null), json!([1])] {
        let recorded = recorded_by(by.clone());
        assert_eq!(recorded.by, Actor::Unknown, "{by}");
        assert!(matches!(recorded.event, SeatingEvent::Rounds(RoundsEvent::RoundSent { round: RoundNo(1), .. })), "{by}");
    }
    let role = json!({ "staff": { "id": "ana", "role": "sommelier" } });
    assert_eq!(recorded_by(role).by, Actor::Staff { id: id("ana"), role: Role::Unknown, device: None });
    assert_eq!(recorded_by(json!("visitor")).by, Actor::Visitor);
    assert_eq!(recorded_by(json!({ "guest": 2 })).by, Actor::Guest(GuestNo(2)));
}

#[test]
fn who_is_not_known_may_do_nothing() {
    for actor in [Actor::Unknown, staff(Role::Unknown)] {
        given(a_table())
            .when(actor.clone(), domain::seating::SeatingCommand::Rounds(RoundsCommand::SendRound { round: RoundNo(1) }))
            .refused(Rejection::NotAllowed);
        assert_eq!(actor.must_be(&[Role::Waiter, Role::Kitchen]), Err(Rejection::NotAllowed));
    }
    let set: AccessEvent =
        read(&json!({ "type": "staff_set", "id": "ana", "name": "Ana", "role": "sommelier", "password": "hash" }));
    let in_by = AccessEvent::DeviceSignedIn { device: DeviceNo(1), id: id("ana"), kind: None };
    let access: Access = folded([set, in_by]);
    let sign_in = access.sign_in(&id("ana"), DeviceNo(1)).expect("she is signed in");
    assert_eq!(access.role_of(&sign_in), Some(Role::Unknown), "they work here, as something");
}

#[test]
fn a_stay_is_read_with_what_is_not_known_in_it() {
    let table: Seating = folded(a_table().into_iter().chain([added(100, "soup", 1), sent(1, &[(100, "grill")])]));
    let later: Seating = read(&written(&table, "/rounds/0/items/0/state", json!("held")));
    let item = &later.rounds[0].items[0];
    assert_eq!((item.state, &item.line), (ItemState::Unknown, &table.rounds[0].items[0].line));
    assert!(!later.rounds[0].tickets()[0].is_open(), "no cook is told to make what may not be theirs to make");
    let later: Seating = read(&written(&table, "/rounds/0/by", json!({ "robot": 7 })));
    assert_eq!((&later.rounds[0].by, &later.cart), (&Actor::Unknown, &table.cart));
    let later: Seating = read(&written(&table, "/stay", json!({ "is": "paused", "since": 7, "why": "fire drill" })));
    assert_eq!((&later.stay, later.rounds.len()), (&Stay::Unknown, 1));
    assert!(!later.stay.is_open() && !later.stay.is_closed());
}

#[test]
fn amounts_in_a_currency_of_a_later_release_keep_it() {
    let opened = json!({ "type": "opened", "venue": "tasca", "table": "t1", "currency": "PLN" });
    let event: SeatingEvent = read(&opened);
    assert_eq!(serde_json::to_value(&event).ok(), Some(opened), "a server that does not know it writes it as it was");
    let money = |code: &str| Language::En.money(Amount(1_234), read::<Currency>(&json!(code)));
    assert_eq!((money("PLN"), money("KRW"), money("KWD")), ("PLN12.34".into(), "KRW1,234".into(), "KWD1.234".into()));
    assert_eq!(money("EUR"), "€12.34");
    assert_eq!(read::<Currency>(&json!("shells")).code(), "XXX");
}

#[test]
fn a_catalog_is_read_with_what_is_not_known_in_it() {
    let mut catalog = serde_json::to_value(house::catalog()).expect("it can be written");
    catalog["languages"] = json!(["it", "en"]);
    catalog["categories"][0]["dishes"][0]["name"] = json!({ "it": "zuppa", "en": "soup" });
    catalog["categories"][0]["dishes"][0]["allergens"] = json!(["milk", "kiwi"]);
    catalog["categories"][0]["dishes"][0]["diets"] = json!(["halal"]);
    let MenuEvent::Published { catalog } = read(&json!({ "type": "published", "catalog": catalog })) else { panic!("a catalog") };
    assert_eq!(catalog.languages, [Language::En]);
    let Dish { name, allergens, diets, .. } = &catalog.categories[0].dishes[0];
    assert_eq!(name, &Localized::from([(Language::En, "soup")]));
    assert_eq!(allergens, &[Allergen::Milk, Allergen::Unknown].into(), "nobody may take it for free of it");
    assert_eq!(diets, &[Diet::Unknown].into());
    // What this release does not know, it does not publish.
    assert_eq!(catalog.faults().len(), 2);
}

#[test]
fn a_house_that_lets_people_in_otherwise_lets_staff_open_its_tables() {
    let rules = json!({ "joining": "by_invitation", "watch_after_min": 3, "late_after_min": 9 });
    let event: FloorEvent = read(&json!({ "type": "house_rules_set", "rules": rules }));
    let FloorEvent::HouseRulesSet { rules } = &event else { panic!("rules") };
    assert_eq!((rules.joining, rules.watch_after_min), (Joining::Unknown, 3));
    let floor: domain::floor::Floor = folded([FloorEvent::TablesLaid { tables: house::tables() }, event.clone()]);
    let menu = house::menu();
    let context = domain::Context { actor: Actor::Visitor, mutation: domain::MutationId::numbered(1), now: Time(1), menu: &menu };
    let new = SeatingId::numbered(1);
    let newcomer = domain::visit::Newcomer { table: id("t1"), name: None, coming: domain::seating::Coming::default() };
    let nobody = Seating::default();
    let streams = domain::visit::Streams { venue: &house::venue(), floor: &floor, seatings: vec![(new, &nobody)] };
    let joined = domain::visit::join(&streams, &newcomer, new, &context);
    assert_eq!(joined, Err(Rejection::StaffOpensTables));
    given_stream::<domain::floor::Floor>([])
        .when(staff(Role::Manager), FloorCommand::SetHouseRules { rules: rules.clone() })
        .refused(Rejection::NotPublishable);
}

#[test]
fn a_frame_brings_what_is_known_also_beside_a_stream_that_is_not() {
    let event = json!({ "n": 1, "at": 1, "m": house_line(), "by": "system", "f": 1, "e": { "type": "closed" } });
    let entry = |stream: &str| json!({ "stream": stream, "events": [event] });
    let frame = json!({ "streams": [entry("bill/00000000000000000000000000000007"), entry("menu/tasca"), entry("x"), 7] });
    let events: Events = serde_json::from_value(frame.clone()).expect("a frame");
    assert_eq!(events.streams.iter().map(|entry| &entry.stream).collect::<Vec<_>>(), [&StreamId::Menu(house::venue())]);
    assert_eq!(events.streams[0].events.len(), 1);
    let answer = json!({ "streams": frame["streams"], "now": 7, "refused": "full_moon" });
    let synced: Synced = serde_json::from_str(&answer.to_string()).expect("an answer");
    assert_eq!((synced.streams.len(), synced.refused), (1, Some(Rejection::Unknown)));
}

#[test]
fn a_later_page_names_streams_that_this_server_does_not_know() {
    let sync: Sync = read(&json!({ "streams": { "bill/00000000000000000000000000000007": 3, "menu/tasca": 2 } }));
    assert_eq!(sync.streams.into_iter().collect::<Vec<_>>(), [(StreamId::Menu(house::venue()), 2)]);
}

#[test]
fn a_reason_of_a_later_release_is_final() {
    let answer: Answer = read(&json!({ "refused": { "reason": "full_moon", "since": 7 } }));
    assert_eq!(answer, Answer::Refused { reason: Rejection::Unknown, detail: None });
    assert!(!Rejection::Unknown.is_temporary());
}

#[test]
fn whoever_one_is_taken_for_one_is_welcome() {
    let welcome: Welcome = read(&json!({ "protocol": 1, "actor": { "robot": 7 }, "now": 7 }));
    assert_eq!(welcome.actor, Actor::Unknown);
}

#[test]
fn an_event_that_can_t_be_read_is_told_from_what_stands_around_it() {
    let text =
        json!({ "n": 5, "at": 7, "m": house_line(), "by": "system", "f": 2, "e": { "type": "line_removed", "line": [7] } });
    let recorded: Recorded<Readable<SeatingEvent>> = read(&text);
    assert_eq!((recorded.version, recorded.event), (5, Readable(None)));
    assert_eq!(<Seating as Fold>::Event::default(), SeatingEvent::Mark(MarkEvent::Unknown));
    let known = json!({ "n": 5, "at": 7, "m": house_line(), "by": "system", "f": 1, "e": { "type": "closed" } });
    assert_eq!(read::<Recorded<Readable<SeatingEvent>>>(&known).event, Readable(Some(SeatingEvent::Stay(StayEvent::Closed {}))));
}
