//! A venue's file: read, checked, and published as a server does at its start.
//!
//! An input is such a file, as text.

use domain::access::{Access, AccessCommand};
use domain::floor::{Floor, FloorCommand, LABEL_MAX_CHARS, MAX_TABLES};
use domain::fold::record;
use domain::menu::{
    Catalog, Choice, Dish, MAX_CATEGORIES, MAX_DISHES, MAX_GROUPS, MAX_OPTIONS, MAX_PRICE, MAX_STATIONS, MAX_TEXT_BYTES, Menu,
    MenuCommand, OptionGroup,
};
use domain::venue_file::{BadVenueFile, VenueFile};
use domain::{Actor, Amount, Context, Fold, Localized, MutationId, Rejection, TableToken, Time};
use serde_json::Value;

use crate::Verdict;
use crate::written::reads_back;

/// The demo's file.
const DEMO: &str = include_str!("../../../server/demo/venue.json");

/// Reads it and publishes it.
pub fn target(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    match VenueFile::read(text) {
        Ok(file) => {
            keeps_its_bounds(&file);
            reads_as_it_was_meant(&file);
            publish(file);
            Verdict::Took
        }
        Err(error) => {
            says_what_and_where(&error);
            if matches!(error, BadVenueFile::Json(_)) { Verdict::Refused } else { Verdict::Read }
        }
    }
}

/// Whoever wrote the file finds the fault by what is told.
fn says_what_and_where(error: &BadVenueFile) {
    let told = error.to_string();
    match error {
        BadVenueFile::Json(_) => assert!(told.contains("line ") && told.contains("column "), "{told}"),
        BadVenueFile::Meaningless(fields) => {
            assert!(fields.lines().next().is_some_and(|field| field.starts_with("- ")), "{told}");
        }
        BadVenueFile::NoneOfThose(place, word) => assert!(told.contains(*place) && told.contains(word.as_str()), "{told}"),
        BadVenueFile::Tables => assert!(told.contains("tables"), "{told}"),
        BadVenueFile::Catalog(faults) => {
            let is_placed = |fault: &str| fault.strip_prefix("- ").and_then(|fault| fault.split_once(": ")).is_some();
            assert!(faults.lines().any(is_placed), "{told}");
        }
    }
}

fn keeps_its_bounds(VenueFile { tables, catalog, .. }: &VenueFile) {
    assert!((1..=MAX_TABLES).contains(&tables.len()));
    assert!(tables.iter().all(|table| [&table.label, &table.area].iter().all(|text| text.chars().count() <= LABEL_MAX_CHARS)));
    assert!((1..=MAX_STATIONS).contains(&catalog.stations.len()) && catalog.categories.len() <= MAX_CATEGORIES);
    assert!(catalog.dishes().count() <= MAX_DISHES);
    assert!(catalog.title.len() <= MAX_TEXT_BYTES);
    are_short(catalog.stations.iter().map(|station| &station.name).chain(catalog.categories.iter().map(|heading| &heading.name)));
    are_short([&catalog.subtitle]);
    for (_, dish) in catalog.dishes() {
        are_short([&dish.name, &dish.description]);
        assert!((Amount::ZERO..=MAX_PRICE).contains(&dish.price) && catalog.station(&dish.station).is_some());
        assert!(dish.groups.len() <= MAX_GROUPS);
        for group in &dish.groups {
            are_short([&group.name].into_iter().chain(group.options.iter().map(|option| &option.name)));
            assert!((1..=MAX_OPTIONS).contains(&group.options.len()) && group.min <= group.max);
            assert!(group.options.iter().all(|option| (-MAX_PRICE..=MAX_PRICE).contains(&option.price)));
        }
    }
}

fn are_short<'a>(texts: impl IntoIterator<Item = &'a Localized>) {
    assert!(texts.into_iter().flat_map(Localized::texts).all(|text| text.len() <= MAX_TEXT_BYTES));
}

/// What is written of it is read as the same venue, also as a file.
fn reads_as_it_was_meant(file: &VenueFile) {
    let text = reads_back(file);
    assert_eq!(VenueFile::read(&text).ok().as_ref(), Some(file), "{text}");
}

/// Whatever file is accepted can be published, and every dish of it can be had.
fn publish(file: VenueFile) {
    let menu = happens(&Menu::default(), MenuCommand::Publish { catalog: Box::new(file.catalog) });
    happens(&Floor::default(), FloorCommand::LayTables { tables: file.tables.clone() });
    happens(&Floor::default(), FloorCommand::SetHouseRules { rules: file.rules });
    let mut access = Access::default();
    for (n, table) in (1..).zip(file.tables) {
        let token = TableToken::new(MutationId::numbered(n).uuid());
        access = happens(&access, AccessCommand::GiveToken { table: table.id, token });
    }
    every_dish_can_be_had(&menu, &menu.catalog);
}

/// What a state becomes when the installation asks that of it. That it is so already is no fault.
fn happens<S: Fold>(state: &S, command: S::Command) -> S {
    let nothing = Menu::default();
    let mutation = MutationId::numbered(u128::from(state.version()) + 1);
    let context = Context { actor: Actor::System, mutation, now: Time(1), menu: &nothing };
    let mut after = state.clone();
    match state.decide(&command, &context) {
        Ok(events) => record(state.version(), &context, events).iter().for_each(|recorded| {
            reads_back(recorded);
            after.evolve(recorded);
        }),
        Err(reason) => assert_eq!(reason, Rejection::Unchanged, "{command:?}"),
    }
    reads_back(&after);
    after
}

/// With the fewest answers and with the most, and for no less than nothing.
fn every_dish_can_be_had(menu: &Menu, catalog: &Catalog) {
    for (_, dish) in catalog.dishes() {
        for choices in [answers(dish, |group| group.min.into()), answers(dish, |group| group.max.into())] {
            let priced = menu.price(&dish.id, &choices).map(|priced| priced.unit_price);
            assert!(priced.is_ok_and(|price| price >= Amount::ZERO), "{}, {choices:?}: {priced:?}", dish.id);
        }
    }
}

/// As many answers to each of the dish's questions as `count` says, the cheapest first.
fn answers(dish: &Dish, count: impl Fn(&OptionGroup) -> usize) -> Vec<Choice> {
    let of_group = |group: &OptionGroup| -> Vec<Choice> {
        let mut options: Vec<_> = group.options.iter().collect();
        options.sort_by_key(|option| option.price);
        let chosen = options.into_iter().take(count(group));
        chosen.map(|option| Choice { group: group.id.clone(), option: option.id.clone() }).collect()
    };
    dish.groups.iter().flat_map(of_group).collect()
}

/// The demo's venue; first the whole, then once for each heading of its menu: short files are read often.
pub fn seeds() -> Vec<Vec<u8>> {
    let demo: Value = serde_json::from_str(DEMO).expect("the demo's file is JSON");
    let headings = demo["catalog"]["categories"].as_array().map_or(0, Vec::len);
    let with_one = |heading: usize| {
        let mut venue = demo.clone();
        let categories = &mut venue["catalog"]["categories"];
        *categories = Value::Array(vec![categories[heading].take()]);
        if let Some(tables) = venue["tables"].as_array_mut() {
            tables.truncate(heading + 1);
        }
        venue
    };
    [demo.clone()].into_iter().chain((0..headings).map(with_one)).map(|venue| venue.to_string().into_bytes()).collect()
}
