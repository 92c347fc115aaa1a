//! Laying tables, and the house rules.

use domain::floor::{Floor, FloorCommand, FloorEvent, HouseRules, Joining, LABEL_MAX_CHARS, MAX_TABLES, Table};
use domain::{Actor, Rejection, Role, SeatingId};

use crate::common::house::{guest, id, staff, tables};
use crate::story::{Story, given_stream};

/// A venue's floor to which this has happened.
fn given(events: impl IntoIterator<Item = FloorEvent>) -> Story<Floor> {
    given_stream(events)
}

fn lay(tables: Vec<Table>) -> FloorCommand {
    FloorCommand::LayTables { tables }
}

fn laid() -> Story<Floor> {
    given([FloorEvent::TablesLaid { tables: tables() }])
}

fn rules() -> HouseRules {
    HouseRules { joining: Joining::StaffOpens, approve_first_round: false, watch_after_min: 3, late_after_min: 6 }
}

#[test]
fn a_manager_lays_the_tables() {
    given([])
        .when(staff(Role::Manager), lay(tables()))
        .then([FloorEvent::TablesLaid { tables: tables() }])
        .and(|floor| assert_eq!(floor.table(&id("t2")), Some(&tables()[1])))
        .when(staff(Role::Manager), lay(tables()))
        .refused(Rejection::Unchanged);
}

#[test]
fn a_manager_sets_the_house_rules() {
    given([])
        .when(staff(Role::Manager), FloorCommand::SetHouseRules { rules: rules() })
        .then([FloorEvent::HouseRulesSet { rules: rules() }])
        .and(|floor| assert_eq!(floor.rules, rules()))
        .when(staff(Role::Manager), FloorCommand::SetHouseRules { rules: rules() })
        .refused(Rejection::Unchanged);
}

#[test]
fn only_managers_and_the_installation_do() {
    for actor in [guest(1), Actor::Visitor, staff(Role::Waiter), staff(Role::Kitchen)] {
        given([])
            .when(actor.clone(), lay(tables()))
            .refused(Rejection::NotAllowed)
            .when(actor, FloorCommand::SetHouseRules { rules: rules() })
            .refused(Rejection::NotAllowed)
            .and(|floor| assert_eq!(*floor, Floor::default()));
    }
    given([]).when(Actor::System, lay(tables())).accepted();
}

#[test]
fn a_table_at_which_somebody_sits_stays() {
    let seated = FloorEvent::TableOpened { table: id("t1"), seating: SeatingId::numbered(1) };
    given([FloorEvent::TablesLaid { tables: tables() }, seated])
        .when(staff(Role::Manager), lay(tables()[1..].to_vec()))
        .refused(Rejection::NotPublishable)
        .when(staff(Role::Manager), lay(tables()[..1].to_vec()))
        .accepted()
        .and(|floor| assert_eq!(floor.seated.len(), 1));
}

#[test]
fn tables_that_can_t_be_told_apart_or_read_are_not_laid() {
    let one = |change: fn(&mut Table)| {
        let mut table = tables()[0].clone();
        change(&mut table);
        vec![table]
    };
    let too_many = (0..=MAX_TABLES).map(|n| Table { id: id(&format!("t{n}")), ..tables()[0].clone() }).collect();
    let twice = vec![tables()[0].clone(); 2];
    let wrong = [
        vec![],
        twice,
        too_many,
        one(|table| table.label = " ".to_owned()),
        one(|table| table.area = String::new()),
        one(|table| table.label = "x".repeat(LABEL_MAX_CHARS + 1)),
    ];
    for tables in wrong {
        laid().when(staff(Role::Manager), lay(tables)).refused(Rejection::NotPublishable);
    }
    laid().when(staff(Role::Manager), lay(one(|table| table.label = "é".repeat(LABEL_MAX_CHARS)))).accepted();
}

#[test]
fn house_rules_that_a_file_leaves_out_are_the_usual_ones() {
    let rules: HouseRules = serde_json::from_str("{}").expect("every rule has a default");
    assert_eq!(rules, HouseRules { joining: Joining::Open, approve_first_round: false, watch_after_min: 5, late_after_min: 8 });
}
