//! Who works here as what, and which code leads to which table.

use domain::access::{Access, AccessCommand, AccessEvent, MAX_DEVICES, MAX_DEVICES_OF_ONE, MAX_STAFF, PasswordHash, SignIn};
use domain::fold::Fold;
use domain::{Actor, DeviceNo, Name, Rejection, Role, TableToken, Time, Version};

use crate::common::house::{folded, guest, id, recorded, staff};
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

fn hash(text: &str) -> PasswordHash {
    PasswordHash(text.to_owned())
}

fn signed_in(device: u32, who: &str) -> AccessEvent {
    AccessEvent::DeviceSignedIn { device: DeviceNo(device), id: id(who), kind: None }
}

/// Somebody signs in, whose password was looked at when they were of that generation.
fn sign_in(device: Option<u32>, who: &str, member_generation: Version) -> AccessCommand {
    AccessCommand::SignInDevice { device: device.map(DeviceNo), id: id(who), member_generation, kind: None }
}

/// How somebody is signed in now on a device.
fn now(access: &Access, who: &str, device: u32) -> SignIn {
    access.sign_in(&id(who), DeviceNo(device)).expect("both are known")
}

#[test]
fn a_manager_lets_somebody_work_here_and_ends_it() {
    given([])
        .when(staff(Role::Manager), set("wanda", Role::Waiter))
        .then([was_set("wanda", Role::Waiter)])
        .when(staff(Role::Manager), AccessCommand::RemoveStaff { id: id("wanda") })
        .then([AccessEvent::StaffLeft { id: id("wanda") }])
        .when(staff(Role::Manager), AccessCommand::RemoveStaff { id: id("wanda") })
        .refused(Rejection::NoSuchMember);
}

#[test]
fn a_sign_in_counts_until_it_is_ended_whatever_the_clocks_say() {
    let mut access: Access = folded([was_set("wanda", Role::Waiter), was_set("kim", Role::Kitchen), signed_in(1, "wanda")]);
    let (first, mut version) = (now(&access, "wanda", 1), 3);
    assert_eq!(access.role_of(&first), Some(Role::Waiter));
    // What ends it; somebody's clock has stopped, or was set back.
    let mut ends = |event: AccessEvent| {
        let sign_in = now(&access, "wanda", 1);
        assert_eq!(access.role_of(&sign_in), Some(Role::Waiter), "before {event:?}");
        version += 1;
        access.evolve(&domain::Recorded { at: Time(0), ..recorded(version, event.clone()) });
        assert_eq!(access.role_of(&sign_in), None, "{event:?} ends it");
        version += 1;
        access.evolve(&domain::Recorded { at: Time(0), ..recorded(version, signed_in(1, "wanda")) });
    };
    ends(AccessEvent::StaffSignedOut { id: id("wanda") });
    ends(AccessEvent::PasswordSet { id: id("wanda"), password: hash("another") });
    ends(AccessEvent::PinSet { id: id("wanda"), pin: Some(hash("1234")) });
    ends(was_set("wanda", Role::Waiter));
    ends(AccessEvent::DeviceSignedOut { device: DeviceNo(1) });
    ends(AccessEvent::EverybodySignedOut {});
    ends(AccessEvent::DeviceRemoved { device: DeviceNo(1) });
    // Somebody else has signed in there, or the same once more: the cookie of before is worth nothing.
    ends(signed_in(1, "kim"));
    assert_eq!(access.role_of(&first), None);
}

#[test]
fn who_was_let_go_and_comes_back_is_not_signed_in_by_what_was_before() {
    let before: Access = folded([was_set("wanda", Role::Waiter), signed_in(1, "wanda")]);
    let sign_in = now(&before, "wanda", 1);
    let left = AccessEvent::StaffLeft { id: id("wanda") };
    let access: Access = folded([was_set("wanda", Role::Waiter), signed_in(1, "wanda"), left, was_set("wanda", Role::Waiter)]);
    assert_eq!(access.role_of(&sign_in), None);
}

#[test]
fn a_role_is_another_at_once_and_a_name_ends_nothing() {
    let change = |name: Option<&str>, role| AccessCommand::ChangeStaff { id: id("wanda"), name: name.map(self::name), role };
    let access = [was_set("maria", Role::Manager), was_set("wanda", Role::Waiter), signed_in(1, "wanda")];
    let sign_in = now(&folded(access.clone()), "wanda", 1);
    given(access)
        .when(staff(Role::Manager), change(Some("Wanda W."), None))
        .then([AccessEvent::StaffChanged { id: id("wanda"), name: name("Wanda W."), role: Role::Waiter }])
        .when(staff(Role::Manager), change(None, Some(Role::Allrounder)))
        .accepted()
        .and(|access| assert_eq!(access.role_of(&sign_in), Some(Role::Allrounder)))
        .when(staff(Role::Manager), change(None, Some(Role::Allrounder)))
        .refused(Rejection::Unchanged)
        .when(staff(Role::Manager), AccessCommand::ChangeStaff { id: id("maria"), name: None, role: Some(Role::Waiter) })
        .refused(Rejection::LastManager);
}

#[test]
fn who_becomes_a_manager_loses_a_pin_that_may_be_too_short_for_one() {
    let promoted = AccessCommand::ChangeStaff { id: id("wanda"), name: None, role: Some(Role::Manager) };
    let has_pin = AccessEvent::PinSet { id: id("wanda"), pin: Some(hash("1234")) };
    given([was_set("maria", Role::Manager), was_set("wanda", Role::Waiter), has_pin]).when(staff(Role::Manager), promoted).then(
        [
            AccessEvent::StaffChanged { id: id("wanda"), name: name("wanda"), role: Role::Manager },
            AccessEvent::PinSet { id: id("wanda"), pin: None },
        ],
    );
}

#[test]
fn a_role_that_there_is_not_is_given_to_nobody_and_kept_by_who_has_it() {
    let change = |name: Option<Name>, role| AccessCommand::ChangeStaff { id: id("wanda"), name, role };
    given([was_set("wanda", Role::Waiter)])
        .when(staff(Role::Manager), set("kim", Role::Unknown))
        .refused(Rejection::Malformed)
        .when(staff(Role::Manager), change(None, Some(Role::Unknown)))
        .refused(Rejection::Malformed);
    // As a later release recorded it, before somebody went back to this one.
    given([was_set("wanda", Role::Unknown)])
        .when(staff(Role::Manager), change(Some(name("Wanda W.")), Some(Role::Unknown)))
        .then([AccessEvent::StaffChanged { id: id("wanda"), name: name("Wanda W."), role: Role::Unknown }]);
}

#[test]
fn a_device_is_signed_in_once_and_keeps_its_number() {
    let sign_in = |device, who: &str| sign_in(device, who, if who == "maria" { 1 } else { 2 });
    given([was_set("maria", Role::Manager), was_set("wanda", Role::Waiter)])
        .when(Actor::System, sign_in(None, "maria"))
        .then([signed_in(1, "maria")])
        .when(Actor::System, sign_in(None, "wanda"))
        .then([signed_in(2, "wanda")])
        .when(Actor::System, sign_in(Some(1), "wanda"))
        .then([signed_in(1, "wanda")])
        .when(staff(Role::Manager), AccessCommand::NameDevice { device: DeviceNo(1), name: name("Terrace") })
        .accepted()
        .when(Actor::System, sign_in(Some(1), "maria"))
        .accepted()
        .and(|access| assert_eq!(access.devices[&DeviceNo(1)].name, Some(name("Terrace"))))
        .when(staff(Role::Manager), AccessCommand::RemoveDevice { device: DeviceNo(2) })
        .accepted()
        // A number is not given again: its cookie may still be somewhere.
        .when(Actor::System, sign_in(Some(2), "wanda"))
        .then([signed_in(3, "wanda")])
        .when(Actor::System, sign_in(None, "eve"))
        .refused(Rejection::NoSuchMember)
        .when(staff(Role::Manager), AccessCommand::SignOutDevice { device: DeviceNo(9) })
        .refused(Rejection::NoSuchDevice);
}

#[test]
fn nobody_signs_the_house_out_by_signing_in() {
    let wall = signed_in(1, "maria");
    let here = [was_set("maria", Role::Manager), was_set("wanda", Role::Waiter), wall];
    let of_wanda = (2..400).map(|device| signed_in(device, "wanda"));
    let mut access: Access = folded(here.iter().cloned());
    for (n, _) in of_wanda.enumerate() {
        let menu = domain::menu::Menu::default();
        let context = domain::Context {
            actor: domain::Actor::System,
            mutation: domain::MutationId::numbered(n as u128),
            now: domain::Time(n as u64),
            menu: &menu,
        };
        let events = access.decide(&sign_in(None, "wanda", 2), &context).expect("it is signed in");
        for recorded in domain::fold::record(access.progress.version(), &context, events) {
            access.evolve(&recorded);
        }
    }
    assert!(access.devices[&DeviceNo(1)].signed_in_by.is_some(), "the wall is where it was");
    assert_eq!(access.devices.len(), 1 + MAX_DEVICES_OF_ONE);
}

#[test]
fn who_leaves_or_has_another_password_keeps_no_device_of_the_house() {
    let ended = [
        AccessEvent::StaffLeft { id: id("wanda") },
        AccessEvent::PasswordSet { id: id("wanda"), password: hash("another") },
        AccessEvent::StaffSignedOut { id: id("wanda") },
        was_set("wanda", Role::Waiter),
    ];
    for event in ended {
        let before =
            [was_set("maria", Role::Manager), was_set("wanda", Role::Waiter), signed_in(1, "wanda"), signed_in(2, "maria")];
        let access: Access = folded(before.clone());
        // Maria has taken Wanda's phone over, and her own tablet.
        let (phone, tablet) = (now(&access, "maria", 1), now(&access, "maria", 2));
        let after: Access = folded(before.into_iter().chain([event]));
        assert!(!after.is_device_signed_in(&phone) && after.role_of(&phone).is_none());
        assert_eq!(after.role_of(&tablet), Some(Role::Manager), "what others signed in stays");
    }
    let pin = AccessEvent::PinSet { id: id("wanda"), pin: Some(hash("1234")) };
    let before = [was_set("maria", Role::Manager), was_set("wanda", Role::Waiter), signed_in(1, "wanda")];
    let of_maria = now(&folded(before.clone()), "maria", 1);
    assert!(folded::<Access>(before.into_iter().chain([pin])).is_device_signed_in(&of_maria), "a PIN is for taking over");
}

#[test]
fn whoever_was_let_go_while_their_password_was_looked_at_is_not_signed_in() {
    let ended = [
        (AccessEvent::PasswordSet { id: id("wanda"), password: hash("another") }, Rejection::SignedOut),
        (AccessEvent::StaffSignedOut { id: id("wanda") }, Rejection::SignedOut),
        (was_set("wanda", Role::Waiter), Rejection::SignedOut),
        (AccessEvent::StaffLeft { id: id("wanda") }, Rejection::NoSuchMember),
    ];
    for (event, reason) in ended {
        given([was_set("maria", Role::Manager), was_set("wanda", Role::Waiter), signed_in(1, "maria"), event])
            .when(Actor::System, sign_in(Some(1), "wanda", 2))
            .refused(reason)
            .and(|access| assert_eq!(access.devices[&DeviceNo(1)].signed_in_by, Some(id("maria")), "the wall is Maria's"));
    }
}

#[test]
fn devices_are_not_remembered_without_end() {
    let most = u32::try_from(MAX_DEVICES).expect("it is small");
    let who = |n: u32| format!("waiter-{}", n % 10);
    let mut events = vec![was_set("wanda", Role::Waiter)];
    events.extend((0..10).map(|n| was_set(&who(n), Role::Waiter)));
    events.extend((1..=most).map(|n| signed_in(n, &who(n))));
    events.push(AccessEvent::DeviceSignedOut { device: DeviceNo(7) });
    let one_more = sign_in(None, "wanda", 1);
    given(events)
        .when(Actor::System, one_more.clone())
        .then([AccessEvent::DeviceRemoved { device: DeviceNo(7) }, signed_in(most + 1, "wanda")])
        .when(Actor::System, one_more)
        .then([AccessEvent::DeviceRemoved { device: DeviceNo(1) }, signed_in(most + 2, "wanda")])
        .and(|access| assert_eq!(access.devices.len(), MAX_DEVICES));
}

#[test]
fn a_clock_at_the_end_of_time_breaks_no_fold() {
    let mut access: Access = folded([was_set("wanda", Role::Waiter), signed_in(1, "wanda")]);
    let sign_in = now(&access, "wanda", 1);
    access.evolve(&domain::Recorded { at: Time(u64::MAX), ..recorded(3, AccessEvent::StaffSignedOut { id: id("wanda") }) });
    assert_eq!(access.role_of(&sign_in), None);
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
        .refused(Rejection::NoSuchMember);
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
