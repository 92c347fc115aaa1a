//! The demo restaurant's file: the first menu that anybody sees has to be right.

use std::collections::BTreeSet;

use domain::floor::{Floor, FloorCommand};
use domain::menu::{Allergen, Choice, Diet, Dish, Menu, OptionGroup};
use domain::venue_file::VenueFile;
use domain::{Actor, Amount, Context, Fold, Language, Localized, MutationId, Time};
use serde_json::Value;

const FILE: &str = include_str!("../../server/demo/venue.json");

/// What no vegan dish contains.
const FROM_ANIMALS: [Allergen; 5] = [Allergen::Crustaceans, Allergen::Eggs, Allergen::Fish, Allergen::Milk, Allergen::Molluscs];

fn venue() -> VenueFile {
    VenueFile::read(FILE).expect("the demo's file has no fault")
}

fn menu() -> Menu {
    Menu { catalog: venue().catalog, ..Menu::default() }
}

/// As many answers to each of the dish's questions as `count` says, the first ones first.
fn answers(dish: &Dish, count: impl Fn(&OptionGroup) -> u8) -> Vec<Choice> {
    let of_group = |group: &OptionGroup| -> Vec<Choice> {
        let first = group.options.iter().take(usize::from(count(group)));
        first.map(|option| Choice { group: group.id.clone(), option: option.id.clone() }).collect()
    };
    dish.groups.iter().flat_map(of_group).collect()
}

/// Where `written` says something that `read` doesn't.
fn lost(path: &str, written: &Value, read: &Value) -> Vec<String> {
    match (written, read) {
        (Value::Object(fields), Value::Object(kept)) => {
            let of_field = |(name, value)| lost(&format!("{path}/{name}"), value, kept.get(name).unwrap_or(&Value::Null));
            fields.iter().flat_map(of_field).collect()
        }
        (Value::Array(items), Value::Array(kept)) if items.len() == kept.len() => {
            items.iter().zip(kept).enumerate().flat_map(|(i, (item, kept))| lost(&format!("{path}/{i}"), item, kept)).collect()
        }
        _ if written == read => Vec::new(),
        _ => vec![format!("{path}: {written}")],
    }
}

#[test]
fn the_demo_is_a_whole_restaurant() {
    let VenueFile { catalog, tables, .. } = venue();
    assert!(catalog.dishes().count() >= 38);
    assert!(catalog.categories.len() >= 6);
    assert!(catalog.categories.iter().all(|category| !category.dishes.is_empty()));
    assert_eq!(catalog.stations.len(), 3);
    for station in &catalog.stations {
        assert!(catalog.dishes().any(|(_, dish)| dish.station == station.id), "{} has nothing to do", station.id);
    }
    let areas: BTreeSet<&str> = tables.iter().map(|table| table.area.as_str()).collect();
    assert_eq!(areas.len(), 3);
}

#[test]
fn nothing_that_the_file_says_is_overlooked() {
    // A misspelt “allergens” would be skipped in silence, and a set forgets what stands in it twice.
    let written: Value = serde_json::from_str(FILE).expect("it was read before");
    let read = serde_json::to_value(venue()).expect("a venue can be written");
    assert_eq!(lost("", &written, &read), Vec::<String>::new());
}

#[test]
fn its_tables_can_be_laid() {
    let menu = Menu::default();
    let context = Context { actor: Actor::System, mutation: MutationId::numbered(1), now: Time(0), menu: &menu };
    let laid = Floor::default().decide(&FloorCommand::LayTables { tables: venue().tables }, &context);
    assert!(laid.is_ok(), "{laid:?}");
}

#[test]
fn everything_is_named_in_english_and_portuguese() {
    let catalog = venue().catalog;
    assert_eq!(catalog.languages, [Language::Pt, Language::En]);
    let complete = |what: &str, texts: &Localized| {
        let given = |language: &Language| texts.exactly(*language).is_some_and(|text| !text.trim().is_empty());
        assert!(catalog.languages.iter().all(given), "{what}: {texts:?}");
    };
    complete("the subtitle", &catalog.subtitle);
    for station in &catalog.stations {
        complete(station.id.as_str(), &station.name);
    }
    for category in &catalog.categories {
        complete(category.id.as_str(), &category.name);
    }
    for (_, dish) in catalog.dishes() {
        let id = dish.id.as_str();
        complete(id, &dish.name);
        complete(id, &dish.description);
        for group in &dish.groups {
            complete(id, &group.name);
            group.options.iter().for_each(|option| complete(id, &option.name));
        }
    }
}

#[test]
fn every_dish_can_be_had_with_the_fewest_answers_and_with_the_most() {
    let menu = menu();
    for (_, dish) in menu.catalog.dishes() {
        for choices in [answers(dish, |group| group.min), answers(dish, |group| group.max)] {
            let priced = menu.price(&dish.id, &choices);
            assert!(priced.is_ok_and(|priced| priced.unit_price > Amount::ZERO), "{}: {choices:?}", dish.id);
        }
    }
}

#[test]
fn the_menu_shows_every_kind_of_question() {
    let catalog = venue().catalog;
    let groups: Vec<&OptionGroup> = catalog.dishes().flat_map(|(_, dish)| &dish.groups).collect();
    assert!(groups.iter().any(|group| (group.min, group.max) == (1, 1)), "exactly one");
    assert!(groups.iter().any(|group| group.min > 1 && group.min == group.max), "exactly several");
    assert!(groups.iter().any(|group| (group.min, group.max) == (0, 1)), "one or none");
    assert!(groups.iter().any(|group| group.min == 0 && group.max > 1), "up to several");
    assert!(groups.iter().any(|group| group.options.iter().any(|option| option.price < Amount::ZERO)), "cheaper without");
    for group in groups {
        assert!(usize::from(group.max) <= group.options.len(), "{} lets one choose more than there is", group.id);
    }
}

#[test]
fn a_vegan_dish_is_a_vegetarian_one_too() {
    for (_, dish) in venue().catalog.dishes() {
        assert!(!dish.diets.contains(&Diet::Vegan) || dish.diets.contains(&Diet::Vegetarian), "{}", dish.id);
    }
}

#[test]
fn a_diet_is_not_belied_by_the_allergens() {
    let catalog = venue().catalog;
    let mut vegan_dishes = 0;
    for (_, dish) in catalog.dishes() {
        let contains = |allergen: &Allergen| dish.allergens.contains(allergen);
        if dish.diets.contains(&Diet::Vegan) {
            vegan_dishes += 1;
            assert!(!FROM_ANIMALS.iter().any(contains), "{} is not vegan: {:?}", dish.id, dish.allergens);
        }
        if dish.diets.contains(&Diet::Vegetarian) {
            let animals = [Allergen::Crustaceans, Allergen::Fish, Allergen::Molluscs];
            assert!(!animals.iter().any(contains), "{} is not vegetarian: {:?}", dish.id, dish.allergens);
        }
    }
    assert!(vegan_dishes > 0);
}
