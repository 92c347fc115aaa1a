//! Who works here as what, and which code leads to which table.

use domain::access::{Access, AccessCommand, AccessEvent, MAX_STAFF, PasswordHash};
use domain::stream::Fold;
use domain::{Actor, Name, Rejection, Role, StaffId, TableToken, Time};

use crate::common::house::{guest, id, recorded, staff};
use crate::story::{Story, given_stream};

/// A venue's access to which this has happened.
fn given(events: impl IntoIterator<Item = AccessEvent>) -> Story<Access> {
    given_stream(events)
}

fn set(who: &str, role: Role) -> AccessCommand {
    AccessCommand::SetStaff { id: id(who), name: name(who), role, password: PasswordHash("hash".to_owned()) }
}

fn was_set(who: &str, role: Role) -> AccessEvent {
    AccessEvent::StaffSet { id: id(who), name: name(who), role, password: PasswordHash("hash".to_owned()) }
}

fn name(who: &str) -> Name {
    Name::new(who).expect("the tests write their names well")
}

fn token(n: u32) -> TableToken {
    format!("{n:032x}").parse().expect("32 hexadecimal digits")
}

#[test]
fn a_manager_lets_somebody_work_here_and_ends_it() {
    given([])
        .when(staff(Role::Manager), set("wanda", Role::Waiter))
        .then([was_set("wanda", Role::Waiter)])
        .when(staff(Role::Manager), AccessCommand::RemoveStaff { id: id("wanda") })
        .then([AccessEvent::StaffLeft { id: id("wanda") }])
        .and(|access| assert_eq!(access.role_of(&id("wanda"), Time(u64::MAX)), None))
        .when(staff(Role::Manager), AccessCommand::RemoveStaff { id: id("wanda") })
        .refused(Rejection::Unchanged);
}

#[test]
fn a_sign_in_counts_from_when_somebody_was_set_until_they_are_signed_out() {
    let wanda: StaffId = id("wanda");
    let mut access = Access::default();
    access.evolve(&recorded(1, was_set("wanda", Role::Waiter)));
    assert_eq!(access.role_of(&wanda, Time(999)), None, "before they worked here");
    assert_eq!(access.role_of(&wanda, Time(1_000)), Some(Role::Waiter));
    access.evolve(&recorded(2, AccessEvent::StaffSignedOut { id: id("wanda") }));
    assert_eq!(access.role_of(&wanda, Time(2_000)), None, "a sign-in of the same millisecond is ended too");
    assert_eq!(access.role_of(&wanda, Time(2_001)), Some(Role::Waiter));
    access.evolve(&recorded(3, was_set("wanda", Role::Kitchen)));
    assert_eq!(access.role_of(&wanda, Time(2_001)), None, "another role or password asks for a new sign-in");
    assert_eq!(access.role_of(&wanda, Time(3_000)), Some(Role::Kitchen));
    assert_eq!(access.role_of(&id("eve"), Time(3_000)), None);
}

#[test]
fn a_clock_at_the_end_of_time_breaks_no_fold() {
    let mut access = Access::default();
    access.evolve(&recorded(1, was_set("wanda", Role::Waiter)));
    access.evolve(&domain::Recorded { at: Time(u64::MAX), ..recorded(2, AccessEvent::StaffSignedOut { id: id("wanda") }) });
    assert_eq!(access.role_of(&id("wanda"), Time(0)), None);
}

#[test]
fn everybody_may_sign_themselves_out_and_managers_anybody() {
    let out = |who: &str| AccessCommand::SignOut { id: id(who) };
    given([was_set("wanda", Role::Waiter), was_set("kim", Role::Kitchen)])
        .when(staff(Role::Waiter), out("wanda"))
        .then([AccessEvent::StaffSignedOut { id: id("wanda") }])
        .when(staff(Role::Waiter), out("kim"))
        .refused(Rejection::NotAllowed)
        .when(staff(Role::Manager), out("kim"))
        .accepted()
        .when(staff(Role::Manager), out("eve"))
        .refused(Rejection::Unchanged);
}

#[test]
fn a_table_s_code_is_renewed_and_the_old_one_leads_nowhere() {
    let set = |table: &str, n| AccessCommand::SetToken { table: id(table), token: token(n) };
    given([])
        .when(staff(Role::Manager), set("t1", 1))
        .then([AccessEvent::TokenSet { table: id("t1"), token: token(1) }])
        .when(staff(Role::Manager), set("t1", 2))
        .accepted()
        .and(|access| {
            assert_eq!(access.table_of(token(1)), None);
            assert_eq!(access.table_of(token(2)), Some(&id("t1")));
        })
        .when(staff(Role::Manager), set("t2", 2))
        .refused(Rejection::IdTaken);
}

#[test]
fn somebody_stays_who_may_say_who_works_here() {
    let remove = |who: &str| AccessCommand::RemoveStaff { id: id(who) };
    for actor in [staff(Role::Manager), Actor::System] {
        given([was_set("maria", Role::Manager), was_set("wanda", Role::Waiter)])
            .when(actor.clone(), remove("maria"))
            .refused(Rejection::LastManager)
            .when(actor.clone(), set("maria", Role::Waiter))
            .refused(Rejection::LastManager)
            // Another name or password, or the same role again, is nobody's end.
            .when(actor.clone(), set("maria", Role::Manager))
            .accepted()
            .when(actor.clone(), remove("wanda"))
            .accepted()
            .when(actor.clone(), set("pedro", Role::Manager))
            .accepted()
            .when(actor.clone(), set("maria", Role::Kitchen))
            .accepted()
            .when(actor.clone(), remove("pedro"))
            .refused(Rejection::LastManager);
    }
    // A venue whose first people are not its manager takes nothing away.
    given([]).when(Actor::System, set("wanda", Role::Waiter)).accepted();
}

#[test]
fn a_code_ends_with_its_table() {
    let set = |table: &str, n| AccessEvent::TokenSet { table: id(table), token: token(n) };
    let here: Vec<domain::TableId> = vec![id("t1"), id("t3")];
    given([set("t1", 1), set("t2", 2)])
        .and(|access| assert_eq!(access.codes_without_a_table(&here).collect::<Vec<_>>(), [&id::<domain::TableId>("t2")]))
        .when(Actor::System, AccessCommand::RemoveToken { table: id("t2") })
        .then([AccessEvent::TokenRemoved { table: id("t2") }])
        .and(|access| {
            assert_eq!(access.table_of(token(2)), None);
            assert_eq!(access.table_of(token(1)), Some(&id("t1")));
            assert_eq!(access.codes_without_a_table(&here).count(), 0);
        })
        .when(Actor::System, AccessCommand::RemoveToken { table: id("t2") })
        .refused(Rejection::Unchanged)
        // Of two servers that find none, one gives the next.
        .when(Actor::System, AccessCommand::GiveToken { table: id("t2"), token: token(3) })
        .then([set("t2", 3)])
        .when(Actor::System, AccessCommand::GiveToken { table: id("t2"), token: token(4) })
        .refused(Rejection::Unchanged);
}

#[test]
fn only_managers_say_who_works_here() {
    let commands = || {
        [
            set("eve", Role::Manager),
            AccessCommand::RemoveStaff { id: id("wanda") },
            AccessCommand::SetToken { table: id("t1"), token: token(1) },
            AccessCommand::RemoveToken { table: id("t2") },
            AccessCommand::GiveToken { table: id("t1"), token: token(5) },
        ]
    };
    let before = || [was_set("wanda", Role::Waiter), AccessEvent::TokenSet { table: id("t2"), token: token(2) }];
    for actor in [guest(1), Actor::Visitor, staff(Role::Waiter), staff(Role::Kitchen)] {
        for command in commands() {
            given(before()).when(actor.clone(), command).refused(Rejection::NotAllowed);
        }
    }
    for command in commands() {
        given(before()).when(Actor::System, command).accepted();
    }
}

#[test]
fn a_venue_has_so_many_staff_and_no_more() {
    let everybody = (0..MAX_STAFF).map(|n| was_set(&format!("s{n}"), Role::Waiter));
    given(everybody)
        .when(staff(Role::Manager), set("one-more", Role::Waiter))
        .refused(Rejection::RecordFull)
        .when(staff(Role::Manager), set("s7", Role::Kitchen))
        .accepted();
}

#[test]
fn neither_a_password_s_hash_nor_a_code_shows_itself_in_a_log() {
    let shown = format!("{:?} {:?}", was_set("wanda", Role::Waiter), AccessEvent::TokenSet { table: id("t1"), token: token(7) });
    assert!(!shown.contains("hash") && !shown.contains(&token(7).in_link()), "{shown}");
}
