//! Publishing a catalog, and what is sold out.

use domain::menu::{Catalog, Dish, MAX_PRICE, Menu, MenuCommand, MenuEvent, OptionKey};
use domain::{Amount, Currency, Language, Localized, Rejection, Role};

use crate::common::house::{catalog, catalog_with_price, guest, id, staff};
use crate::story::{Story, given_stream};

/// A venue's menu to which this has happened.
fn given(events: impl IntoIterator<Item = MenuEvent>) -> Story<Menu> {
    given_stream(events)
}

pub(crate) fn key(dish: &str, group: &str, option: &str) -> OptionKey {
    OptionKey { dish: id(dish), group: id(group), option: id(option) }
}

fn publish(catalog: Catalog) -> MenuCommand {
    MenuCommand::Publish { catalog: Box::new(catalog) }
}

fn published(catalog: Catalog) -> MenuEvent {
    MenuEvent::Published { catalog: Box::new(catalog) }
}

fn dish_sold_out(dish: &str, sold_out: bool) -> MenuCommand {
    MenuCommand::SetDishSoldOut { dish: id(dish), sold_out }
}

fn option_sold_out(option: OptionKey, sold_out: bool) -> MenuCommand {
    MenuCommand::SetOptionSoldOut { option, sold_out }
}

/// A venue that serves the house's catalog.
fn a_menu() -> Story<Menu> {
    given([published(catalog())])
}

#[test]
fn a_manager_publishes_a_catalog() {
    given([])
        .when(staff(Role::Manager), publish(catalog()))
        .then([published(catalog())])
        .and(|menu| assert_eq!(menu.published_at, 1))
        .when(staff(Role::Manager), publish(catalog()))
        .refused(Rejection::Unchanged);
}

#[test]
fn a_blank_description_is_written_as_it_was_published() {
    let blank = with_a_steak(|steak| steak.description = Localized::from([(Language::En, " ")]));
    given([]).when(staff(Role::Manager), publish(blank.clone())).then([published(blank.clone())]);
    let written = serde_json::to_string(&published(blank.clone())).expect("it can be written");
    let read: MenuEvent = serde_json::from_str(&written).expect("it can be read");
    // Else the very same file would be published anew at each start.
    given([read]).when(staff(Role::Manager), publish(blank)).refused(Rejection::Unchanged);
}

#[test]
fn a_dish_is_sold_out_and_comes_back() {
    a_menu()
        .when(staff(Role::Kitchen), dish_sold_out("soup", true))
        .then([MenuEvent::DishSoldOut { dish: id("soup") }])
        .when(staff(Role::Waiter), dish_sold_out("soup", true))
        .refused(Rejection::Unchanged)
        .and(|menu| assert_eq!(menu.can_be_had(&id("soup"), &[]), Err(Rejection::SoldOut)))
        .when(staff(Role::Waiter), dish_sold_out("soup", false))
        .then([MenuEvent::DishBack { dish: id("soup") }])
        .and(|menu| assert_eq!(menu.can_be_had(&id("soup"), &[]), Ok(())))
        .when(staff(Role::Waiter), dish_sold_out("soup", false))
        .refused(Rejection::Unchanged);
}

#[test]
fn an_option_is_sold_out_and_comes_back() {
    let fries = || key("steak", "sides", "fries");
    a_menu()
        .when(staff(Role::Kitchen), option_sold_out(fries(), true))
        .then([MenuEvent::OptionSoldOut { option: fries() }])
        .when(staff(Role::Kitchen), option_sold_out(fries(), true))
        .refused(Rejection::Unchanged)
        .when(staff(Role::Kitchen), option_sold_out(fries(), false))
        .then([MenuEvent::OptionBack { option: fries() }])
        .and(|menu| assert!(menu.options_sold_out.is_empty()));
}

#[test]
fn what_the_menu_does_not_have_can_t_be_sold_out() {
    a_menu()
        .when(staff(Role::Kitchen), dish_sold_out("lobster", true))
        .refused(Rejection::NoSuchDish)
        .when(staff(Role::Kitchen), option_sold_out(key("lobster", "sides", "fries"), true))
        .refused(Rejection::NoSuchDish)
        .when(staff(Role::Kitchen), option_sold_out(key("steak", "sides", "caviar"), true))
        .refused(Rejection::NoSuchOption)
        .when(staff(Role::Kitchen), option_sold_out(key("steak", "sauce", "fries"), true))
        .refused(Rejection::NoSuchOption);
}

#[test]
fn what_is_sold_out_stays_so_through_a_new_catalog_unless_it_left_the_menu() {
    let mut shorter = catalog_with_price("beer", 350);
    shorter.categories[0].dishes.retain(|dish| dish.id != id("soup"));
    shorter.categories[0].dishes[0].groups[1].options.retain(|option| option.id != id("fries"));
    given([
        published(catalog()),
        MenuEvent::DishSoldOut { dish: id("soup") },
        MenuEvent::DishSoldOut { dish: id("beer") },
        MenuEvent::OptionSoldOut { option: key("steak", "sides", "fries") },
        MenuEvent::OptionSoldOut { option: key("steak", "sides", "salad") },
        published(shorter),
    ])
    .and(|menu| {
        assert_eq!(menu.sold_out, [id("beer")].into());
        assert_eq!(menu.options_sold_out, [key("steak", "sides", "salad")]);
        assert_eq!(menu.published_at, 6);
    });
}

#[test]
fn who_may_publish_and_who_may_mark() {
    let may_not = |actor, command| {
        a_menu().when(actor, command).refused(Rejection::NotAllowed);
    };
    for role in [Role::Waiter, Role::Kitchen] {
        may_not(staff(role), publish(catalog_with_price("beer", 1)));
    }
    for actor in [guest(1), domain::Actor::Visitor] {
        may_not(actor.clone(), publish(catalog_with_price("beer", 1)));
        may_not(actor.clone(), dish_sold_out("soup", true));
        may_not(actor, option_sold_out(key("steak", "sides", "fries"), true));
    }
}

#[test]
fn a_venue_keeps_its_currency() {
    a_menu()
        .when(staff(Role::Manager), publish(Catalog { currency: Currency::Usd, ..catalog() }))
        .refused(Rejection::NotPublishable);
    given([]).when(staff(Role::Manager), publish(Catalog { currency: Currency::Usd, ..catalog() })).accepted();
}

/// The house's catalog with something wrong in its steak.
fn with_a_steak(wrong: impl FnOnce(&mut Dish)) -> Catalog {
    let mut catalog = catalog();
    wrong(&mut catalog.categories[0].dishes[1]);
    catalog
}

fn repeated<T: Clone>(all: &[T], times: usize) -> Vec<T> {
    std::iter::repeat_n(all, times).flatten().cloned().collect()
}

#[test]
fn what_is_wrong_with_a_catalog_is_told_with_its_place() {
    let long = || "x".repeat(domain::menu::MAX_TEXT_BYTES + 1);
    let wrong: [(&str, Catalog); 24] = [
        ("the catalog: its title is empty", Catalog { title: " ".to_owned(), ..catalog() }),
        ("the catalog: its title is longer", Catalog { title: long(), ..catalog() }),
        ("the catalog: a text is longer", Catalog { subtitle: [(Language::En, long())].into_iter().collect(), ..catalog() }),
        ("the catalog: it names no language", Catalog { languages: vec![], ..catalog() }),
        ("language en: this id stands more", Catalog { languages: vec![Language::En; 2], ..catalog() }),
        ("the catalog: it needs 1 to 50 stations", Catalog { stations: vec![], ..catalog() }),
        ("station grill: this id stands more", Catalog { stations: repeated(&catalog().stations, 2), ..catalog() }),
        (
            "the catalog: it has more than 100 categories",
            Catalog { categories: repeated(&catalog().categories, 51), ..catalog() },
        ),
        ("the catalog: it has more than 1000 dishes", {
            let mut catalog = catalog();
            catalog.categories[0].dishes = repeated(&catalog.categories[0].dishes, 501);
            catalog
        }),
        ("dish beer: this id stands more", with_a_steak(|steak| steak.id = id("beer"))),
        ("dish steak: its name is empty", with_a_steak(|steak| steak.name = Localized::default())),
        (
            "dish steak: a text is longer",
            with_a_steak(|steak| steak.description = [(Language::En, long())].into_iter().collect()),
        ),
        ("dish steak: its photo is longer", with_a_steak(|steak| steak.photo = Some(long()))),
        ("dish steak: its price must be 0 to", with_a_steak(|steak| steak.price = Amount(-1))),
        ("dish steak: its price must be 0 to", with_a_steak(|steak| steak.price = MAX_PRICE + Amount(1))),
        ("dish steak: its options can make its price negative", with_a_steak(|steak| steak.price = Amount(399))),
        ("dish steak: there is no station pastry", with_a_steak(|steak| steak.station = id("pastry"))),
        ("dish steak: it has more than 20 groups", with_a_steak(|steak| steak.groups = repeated(&steak.groups, 11))),
        ("dish steak, group sides: this id stands more", with_a_steak(|steak| steak.groups = repeated(&steak.groups, 2))),
        ("dish steak, group doneness: min must not exceed max", with_a_steak(|steak| steak.groups[0].max = 0)),
        (
            "dish steak, group doneness: it asks for more",
            with_a_steak(|steak| (steak.groups[0].min, steak.groups[0].max) = (3, 3)),
        ),
        ("dish steak, group sides: it needs 1 to 50 options", with_a_steak(|steak| steak.groups[1].options.clear())),
        (
            "dish steak, group sides, option fries: this id",
            with_a_steak(|steak| {
                steak.groups[1].options = repeated(&steak.groups[1].options, 2);
            }),
        ),
        (
            "dish steak, group sides, option fries: its price must be",
            with_a_steak(|steak| {
                steak.groups[1].options[0].price = -MAX_PRICE - Amount(1);
            }),
        ),
    ];
    for (expected, catalog) in wrong {
        let faults: Vec<String> = catalog.faults().iter().map(ToString::to_string).collect();
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{expected}: {faults:?}");
        a_menu().when(staff(Role::Manager), publish(catalog)).refused(Rejection::NotPublishable);
    }
    assert_eq!(catalog().faults(), []);
}
