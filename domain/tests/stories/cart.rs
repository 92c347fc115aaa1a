//! Lines that were not sent yet: adding, counting, editing, removing, and what each costs.

use domain::menu::{Choice, MenuEvent};
use domain::seating::{
    AddLine, CartCommand, CartEvent, Chosen, EditLine, Line, MAX_LINES, MAX_QUANTITY, SeatingCommand, SeatingEvent,
};
use domain::{Amount, GuestNo, Note, Rejection, Role};

use crate::common::house::{self, choice, folded, guest, id, staff};
use crate::story::{a_table, a_table_where, added, given, line, line_of, sent, with_options};

fn add(dish: &str, quantity: u16) -> SeatingCommand {
    add_with(dish, quantity, &[])
}

fn add_with(dish: &str, quantity: u16, options: &[Choice]) -> SeatingCommand {
    SeatingCommand::Cart(CartCommand::AddLine(AddLine {
        dish: id(dish),
        options: options.to_vec(),
        note: None,
        quantity,
        guest: None,
    }))
}

const fn change(n: u128, by: i16) -> SeatingCommand {
    SeatingCommand::Cart(CartCommand::ChangeQuantity { line: line(n), by })
}

fn edit(n: u128, options: &[Choice], note: Option<&str>) -> SeatingCommand {
    SeatingCommand::Cart(CartCommand::EditLine(EditLine {
        line: line(n),
        options: options.to_vec(),
        note: note.and_then(|text| Note::new(text).ok()),
    }))
}

fn menu_after(events: impl IntoIterator<Item = MenuEvent>) -> domain::menu::Menu {
    folded([MenuEvent::Published { catalog: Box::new(house::catalog()) }].into_iter().chain(events))
}

#[test]
fn a_guest_adds_a_dish_and_it_costs_what_the_catalog_says() {
    given(a_table())
        .when(guest(1), add("soup", 2))
        .then([added(1, "soup", 2)])
        .and(|table| assert_eq!(table.cart_total(), Amount(900)));
}

#[test]
fn the_line_s_id_is_the_mutation_that_added_it() {
    given(a_table()).when(guest(1), add("soup", 1)).accepted().and(|table| {
        assert!(table.line(line(1)).is_some());
        assert_eq!(table.progress.effect_of(domain::MutationId::numbered(1)), Some(4));
    });
}

#[test]
fn options_add_to_the_price_and_are_kept_in_the_menu_s_order() {
    let asked = [choice("sides", "salad"), choice("sides", "fries"), choice("doneness", "rare")];
    let kept = [choice("doneness", "rare"), choice("sides", "fries"), choice("sides", "salad")];
    given(a_table())
        .when(guest(1), add_with("steak", 1, &asked))
        .then([CartEvent::LineAdded { line: with_options(1, "steak", 1, &kept) }])
        .and(|table| assert_eq!(table.cart_total(), Amount(1_800 + 300 + 250)));
}

#[test]
fn an_option_may_make_a_dish_cheaper() {
    given(a_table())
        .when(guest(1), add_with("steak", 2, &[choice("doneness", "rare"), choice("sides", "half")]))
        .accepted()
        .and(|table| assert_eq!(table.cart_total(), Amount(2 * 1_400)));
}

#[test]
fn a_dish_s_questions_must_be_answered_as_it_asks() {
    let rare = choice("doneness", "rare");
    let refused = |options: &[Choice], reason| {
        given(a_table()).when(guest(1), add_with("steak", 1, options)).refused(reason);
    };
    refused(&[], Rejection::OptionsBreakRules);
    refused(&[rare.clone(), choice("doneness", "medium")], Rejection::OptionsBreakRules);
    refused(&[rare.clone(), rare.clone()], Rejection::OptionsBreakRules);
    // Two sides are allowed; the same one twice is not.
    refused(&[rare.clone(), choice("sides", "fries"), choice("sides", "fries")], Rejection::OptionsBreakRules);
    let all_sides = ["fries", "salad", "half"].map(|side| choice("sides", side));
    refused(&[std::slice::from_ref(&rare), &all_sides].concat(), Rejection::OptionsBreakRules);
    refused(&[rare.clone(), choice("sides", "caviar")], Rejection::NoSuchOption);
    refused(&[rare, choice("sauce", "pepper")], Rejection::NoSuchOption);
    given(a_table()).when(guest(1), add_with("soup", 1, &[choice("doneness", "rare")])).refused(Rejection::NoSuchOption);
}

#[test]
fn what_is_not_on_the_menu_can_t_be_ordered() {
    given(a_table()).when(guest(1), add("lobster", 1)).refused(Rejection::NoSuchDish);
}

#[test]
fn what_is_sold_out_can_t_be_added() {
    let menu = menu_after([MenuEvent::DishSoldOut { dish: id("soup") }]);
    given(a_table()).while_the_menu_is(menu).when(guest(1), add("soup", 1)).refused(Rejection::SoldOut);
}

#[test]
fn an_option_that_is_sold_out_can_t_be_chosen_and_the_others_can() {
    let menu = menu_after([MenuEvent::OptionSoldOut { option: super::menu::key("steak", "sides", "fries") }]);
    let fries = [choice("doneness", "rare"), choice("sides", "fries")];
    let salad = [choice("doneness", "rare"), choice("sides", "salad")];
    given(a_table())
        .while_the_menu_is(menu)
        .when(guest(1), add_with("steak", 1, &fries))
        .refused(Rejection::OptionSoldOut)
        .when(guest(1), add_with("steak", 1, &salad))
        .accepted();
}

#[test]
fn a_line_holds_one_to_ninety_nine() {
    for quantity in [0, MAX_QUANTITY + 1, u16::MAX] {
        given(a_table()).when(guest(1), add("soup", quantity)).refused(Rejection::QuantityOutOfRange);
    }
    given(a_table()).when(guest(1), add("soup", MAX_QUANTITY)).accepted();
}

#[test]
fn a_full_cart_takes_no_more_and_can_still_be_changed() {
    // The table's own lines: one guest alone can't fill a cart.
    let the_table_s =
        |n| SeatingEvent::Cart(CartEvent::LineAdded { line: Line { guest: None, ..line_of(1_000 + n, "soup", 1) } });
    let full = (1..=MAX_LINES as u128).map(the_table_s);
    given(a_table_where(full))
        .when(guest(1), add("soup", 1))
        .refused(Rejection::CartFull)
        .when(guest(1), CartCommand::RemoveLine { line: line(1_001) })
        .accepted()
        .when(guest(1), add("soup", 1))
        .accepted();
}

#[test]
fn a_guest_adds_for_themselves_whatever_they_say() {
    let for_ben = SeatingCommand::Cart(CartCommand::AddLine(AddLine { guest: Some(GuestNo(2)), ..AddLine::one(id("soup")) }));
    given(a_table()).when(guest(1), for_ben).then([added(1, "soup", 1)]);
}

#[test]
fn a_waiter_adds_for_a_guest_or_for_the_table() {
    let adds = |guest| {
        SeatingCommand::Cart(CartCommand::AddLine(AddLine { dish: id("beer"), options: vec![], note: None, quantity: 1, guest }))
    };
    let line_for = |n, guest| SeatingEvent::Cart(CartEvent::LineAdded { line: Line { guest, ..line_of(n, "beer", 1) } });
    given(a_table())
        .when(staff(Role::Waiter), adds(Some(GuestNo(2))))
        .then([line_for(1, Some(GuestNo(2)))])
        .when(staff(Role::Waiter), adds(None))
        .then([line_for(2, None)])
        .when(staff(Role::Waiter), adds(Some(GuestNo(9))))
        .refused(Rejection::NoSuchGuest);
}

#[test]
fn two_people_change_one_line_and_both_count() {
    given(a_table_where([added(100, "beer", 1)]))
        .when(guest(1), change(100, 1))
        .then([CartEvent::QuantityChanged { line: line(100), by: 1 }])
        .when(guest(2), change(100, 2))
        .then([CartEvent::QuantityChanged { line: line(100), by: 2 }])
        .and(|table| assert_eq!(table.line(line(100)).map(|l| l.quantity), Some(4)));
}

#[test]
fn minus_at_one_removes_the_line_and_a_second_minus_finds_nothing() {
    given(a_table_where([added(100, "beer", 1)]))
        .when(guest(1), change(100, -1))
        .then([CartEvent::LineRemoved { line: line(100) }])
        .when(guest(2), change(100, -1))
        .refused(Rejection::NoSuchLine);
}

#[test]
fn a_quantity_leaves_its_bounds_in_neither_direction() {
    let table = || given(a_table_where([added(100, "beer", 5)]));
    for by in [0, -6, i16::MIN, 95, i16::MAX] {
        table().when(guest(1), change(100, by)).refused(Rejection::QuantityOutOfRange);
    }
    table().when(guest(1), change(100, 94)).accepted();
}

#[test]
fn of_what_is_sold_out_one_may_have_less_and_not_more() {
    let menu = menu_after([MenuEvent::DishSoldOut { dish: id("beer") }]);
    given(a_table_where([added(100, "beer", 2)]))
        .while_the_menu_is(menu)
        .when(guest(1), change(100, 1))
        .refused(Rejection::SoldOut)
        .when(guest(1), change(100, -1))
        .accepted();
}

#[test]
fn of_what_left_the_menu_one_may_have_less_and_not_more() {
    let mut catalog = house::catalog();
    catalog.categories.pop();
    given(a_table_where([added(100, "beer", 2)]))
        .while_the_menu_is(folded([MenuEvent::Published { catalog: Box::new(catalog) }]))
        .when(guest(1), change(100, 1))
        .refused(Rejection::NoSuchDish)
        .when(guest(1), CartCommand::RemoveLine { line: line(100) })
        .accepted();
}

#[test]
fn an_edit_changes_options_and_note_and_prices_anew() {
    let rare = with_options(100, "steak", 2, &[choice("doneness", "rare")]);
    let fries = [choice("doneness", "medium"), choice("sides", "fries")];
    let edited: Vec<Chosen> = with_options(100, "steak", 2, &fries).options;
    given(a_table_where([SeatingEvent::Cart(CartEvent::LineAdded { line: rare })]))
        .when(guest(2), edit(100, &fries, Some("no salt")))
        .then([CartEvent::LineEdited {
            line: line(100),
            options: edited,
            note: Note::new("no salt").ok(),
            unit_price: Amount(2_100),
        }])
        .and(|table| assert_eq!(table.cart_total(), Amount(4_200)))
        .when(guest(2), edit(100, &fries, Some("no salt")))
        .refused(Rejection::Unchanged)
        .when(guest(2), edit(100, &[], None))
        .refused(Rejection::OptionsBreakRules);
}

#[test]
fn a_line_keeps_its_name_and_price_when_the_menu_is_published_anew_and_takes_no_more_until_it_is_edited() {
    let dearer = folded([MenuEvent::Published { catalog: Box::new(house::catalog_with_price("soup", 900)) }]);
    given(a_table_where([added(100, "soup", 1)]))
        .while_the_menu_is(dearer)
        .and(|table| assert_eq!(table.cart_total(), Amount(450)))
        .when(guest(1), change(100, 1))
        .refused(Rejection::PriceChanged)
        .and(|table| assert_eq!(table.cart_total(), Amount(450)))
        .when(guest(1), edit(100, &[], Some("hot")))
        .accepted()
        .and(|table| assert_eq!(table.cart_total(), Amount(900)))
        .when(guest(1), change(100, 1))
        .accepted()
        .and(|table| assert_eq!(table.cart_total(), Amount(1_800)));
}

#[test]
fn more_of_a_line_costs_what_it_says_or_is_not_had() {
    let fries = [choice("doneness", "rare"), choice("sides", "fries")];
    let with_fries = SeatingEvent::Cart(CartEvent::LineAdded { line: with_options(100, "steak", 2, &fries) });
    let table = || given(a_table_where([with_fries.clone(), added(101, "beer", 1)]));
    table().when(guest(1), change(100, 1)).accepted();
    let mut catalog = house::catalog();
    let options = catalog.categories[0].dishes[1].groups.iter_mut().flat_map(|group| &mut group.options);
    options.filter(|option| option.id == id("fries")).for_each(|option| option.price = Amount(200));
    let cheaper = folded([MenuEvent::Published { catalog: Box::new(catalog) }]);
    table()
        .while_the_menu_is(cheaper)
        .when(guest(1), change(100, 1))
        .refused(Rejection::PriceChanged)
        .when(guest(1), change(100, -1))
        .accepted()
        // What has the same price as before is raised as before.
        .when(guest(1), change(101, 1))
        .accepted();
}

#[test]
fn what_is_gone_or_sent_can_t_be_changed() {
    let commands = || [change(100, 1), edit(100, &[], None), SeatingCommand::Cart(CartCommand::RemoveLine { line: line(100) })];
    for command in commands() {
        given(a_table()).when(guest(1), command).refused(Rejection::NoSuchLine);
    }
    for command in commands() {
        given(a_table_where([added(100, "soup", 1), sent(1, &[(100, "grill")])]))
            .when(guest(1), command)
            .refused(Rejection::NoSuchLine);
    }
}
