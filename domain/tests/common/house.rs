//! A small restaurant: three tables, two stations, four dishes.

use domain::floor::Table;
use domain::menu::{Catalog, Category, Choice, Dish, DishOption, Menu, MenuEvent, OptionGroup, Station};
use domain::stream::EVENT_FORMAT;
use domain::{
    Actor, Amount, Currency, DishId, Fold, GuestNo, Language, Localized, MutationId, Recorded, Role, Time, VenueId, Version,
};

/// An id of a slug's kind.
pub(crate) fn id<T: std::str::FromStr>(slug: &str) -> T {
    slug.parse().ok().expect("the tests write their slugs well")
}

/// The restaurant.
pub(crate) fn venue() -> VenueId {
    id("tasca")
}

/// Its tables `t1`, `t2`, `t3`.
pub(crate) fn tables() -> Vec<Table> {
    (1..=3).map(|n| Table { id: id(&format!("t{n}")), label: n.to_string(), area: "Sala".to_owned(), seats: 4 }).collect()
}

fn text(english: &str) -> Localized {
    Localized::from([(Language::En, english)])
}

fn dish(slug: &str, cents: i64, station: &str, groups: Vec<OptionGroup>) -> Dish {
    Dish {
        id: id(slug),
        name: text(slug),
        description: Localized::default(),
        price: Amount(cents),
        station: id(station),
        allergens: [].into(),
        diets: [].into(),
        groups,
        photo: None,
    }
}

fn group(slug: &str, min: u8, max: u8, options: &[(&str, i64)]) -> OptionGroup {
    let options = options
        .iter()
        .map(|(slug, cents)| DishOption { id: id(slug), name: text(slug), price: Amount(*cents), allergens: [].into() })
        .collect();
    OptionGroup { id: id(slug), name: text(slug), min, max, options }
}

/// Soup 4.50 and steak 18.00 from the grill, beer 3.00 and wine 5.00 from the bar. A steak asks how it
/// is to be done (one answer), and for up to two sides: fries + 3.00, salad + 2.50, half − 4.00.
pub(crate) fn catalog() -> Catalog {
    let doneness = group("doneness", 1, 1, &[("rare", 0), ("medium", 0)]);
    let sides = group("sides", 0, 2, &[("fries", 300), ("salad", 250), ("half", -400)]);
    Catalog {
        title: "Tasca".to_owned(),
        subtitle: Localized::default(),
        currency: Currency::Eur,
        languages: vec![Language::En],
        stations: vec![Station { id: id("grill"), name: text("Grill") }, Station { id: id("bar"), name: text("Bar") }],
        categories: vec![
            Category {
                id: id("food"),
                name: text("Food"),
                dishes: vec![dish("soup", 450, "grill", vec![]), dish("steak", 1_800, "grill", vec![doneness, sides])],
            },
            Category {
                id: id("drinks"),
                name: text("Drinks"),
                dishes: vec![dish("beer", 300, "bar", vec![]), dish("wine", 500, "bar", vec![])],
            },
        ],
    }
}

/// The same catalog with another price for one dish.
pub(crate) fn catalog_with_price(slug: &str, cents: i64) -> Catalog {
    let mut catalog = catalog();
    for dish in catalog.categories.iter_mut().flat_map(|c| &mut c.dishes).filter(|d| d.id == id::<DishId>(slug)) {
        dish.price = Amount(cents);
    }
    catalog
}

/// A menu that has published [`catalog`].
pub(crate) fn menu() -> Menu {
    folded([MenuEvent::Published { catalog: Box::new(catalog()) }])
}

/// An answer to a dish's question.
pub(crate) fn choice(group: &str, option: &str) -> Choice {
    Choice { group: id(group), option: id(option) }
}

/// What is left to say of an event that the installation recorded at some moment.
pub(crate) fn recorded<E>(version: Version, event: E) -> Recorded<E> {
    Recorded {
        version,
        at: Time(1_000 * version),
        mutation: MutationId::numbered(1_000_000 + u128::from(version)),
        by: Actor::System,
        format: EVENT_FORMAT,
        event,
    }
}

/// The state that these events make.
pub(crate) fn folded<S: Fold>(events: impl IntoIterator<Item = S::Event>) -> S {
    let mut state = S::default();
    for (version, event) in (1..).zip(events) {
        state.evolve(&recorded(version, event));
    }
    state
}

/// The guest of that number.
pub(crate) const fn guest(number: u16) -> Actor {
    Actor::Guest(GuestNo(number))
}

/// Somebody who works here as that.
pub(crate) fn staff(role: Role) -> Actor {
    let name = match role {
        Role::Waiter => "wanda",
        Role::Kitchen => "kim",
        Role::Manager => "maria",
        Role::Allrounder => "ari",
        Role::Unknown => "una",
    };
    Actor::Staff { id: id(name), role, device: None }
}
