//! Who may do what, as one page: every command of every stream, by everybody, in every state. The page is
//! `permissions.txt`; the live channel's tests hold the server to the same page.
//!
//! A command that is added has to be added here, or this does not compile; and then to the page, or it fails.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::access::{Access, AccessCommand, AccessEvent, PasswordHash};
use domain::floor::{Floor, FloorCommand, FloorEvent, HouseRules, Joining};
use domain::menu::{Menu, MenuCommand, MenuEvent, OptionKey};
use domain::seating::{
    AddLine, CartCommand, EditLine, GuestsCommand, GuestsEvent, KitchenCommand, KitchenEvent, RoundsCommand, RoundsEvent,
    Seating, SeatingCommand, SeatingEvent, StayEvent, TicketItems,
};
use domain::visit::{self, Streams, VisitCommand};
use domain::{
    Actor, AskNo, Context, DeviceNo, Fold, GuestNo, MutationId, Name, Rejection, Role, RoundNo, SeatingId, TableToken, Time,
};
use serde::Serialize;

use crate::common::house::{self, folded, guest, id, staff};
use crate::story::{added, joined, line, opened_where, sent};

/// The page.
const PAGE: &str = include_str!("../permissions.txt");

const STAY: SeatingId = SeatingId::numbered(1);

/// Samples of every command: a pattern that has none does not compile, and one that is missing neither.
macro_rules! every {
    ($of:ty { $($pattern:pat => $sample:expr),* $(,)? }) => {{
        let known = |command: &$of| match command { $($pattern => ()),* };
        let samples: Vec<$of> = vec![$($sample),*];
        samples.iter().for_each(known);
        samples
    }};
}

/// Everybody who could ask, by the page's words. Wanda is signed in on device 3.
fn everybody() -> Vec<(&'static str, Actor)> {
    let role = |role: Role| match role {
        Role::Waiter => "waiter",
        Role::Kitchen => "kitchen",
        Role::Allrounder => "allrounder",
        Role::Manager => "manager",
        Role::Unknown => "unknown-role",
    };
    let on_device = |actor| match actor {
        Actor::Staff { id, role, .. } => Actor::Staff { id, role, device: Some(DeviceNo(3)) },
        other => other,
    };
    let staff = Role::ALL.into_iter().chain([Role::Unknown]).map(|of| (role(of), on_device(staff(of))));
    let others = [
        ("guest", guest(1)),
        ("removed-guest", guest(3)),
        ("nobody-s-guest", guest(9)),
        ("visitor", Actor::Visitor),
        ("unknown", Actor::Unknown),
        ("installation", Actor::System),
    ];
    others.into_iter().chain(staff).collect()
}

/// What a command is called on the wire.
fn name_of(command: &impl Serialize) -> String {
    let value = serde_json::to_value(command).expect("it can be written");
    value["type"].as_str().expect("commands have a type").to_owned()
}

/// The page, as it turns out: by stream, state and command, who is not refused as who they are.
#[derive(Default)]
struct Page(BTreeMap<String, Vec<&'static str>>);

impl Page {
    /// Asks as everybody. `decide` says whether it may be, or why not.
    fn ask(&mut self, stream: &str, state: &str, command: &impl Serialize, decide: impl Fn(Actor) -> Result<(), Rejection>) {
        let may = |actor| match decide(actor) {
            Ok(()) => true,
            Err(Rejection::NotAllowed | Rejection::NotSeated | Rejection::NoSuchGuest | Rejection::TableFree) => false,
            Err(other) => panic!("{stream} {state} {}: the sample is refused as {other:?}", name_of(command)),
        };
        let who = everybody().into_iter().filter(|(_, actor)| may(actor.clone())).map(|(who, _)| who).collect();
        self.0.insert(format!("{stream:<8} {state:<14} {}", name_of(command)), who);
    }

    fn told(&self) -> String {
        let mut told = String::new();
        for (what, who) in &self.0 {
            let who = if who.is_empty() { "-".to_owned() } else { who.join(" ") };
            writeln!(told, "{what:<48} {who}").expect("a string takes everything");
        }
        told
    }
}

fn context<'a>(actor: Actor, menu: &'a Menu) -> Context<'a> {
    Context { actor, mutation: MutationId::numbered(77), now: Time(77), menu }
}

fn on<S: Fold>(page: &mut Page, stream: &str, states: &[(&str, S)], commands: &[S::Command]) {
    let menu = house::menu();
    for (name, state) in states {
        for command in commands {
            page.ask(stream, name, command, |actor| state.decide(command, &context(actor, &menu)).map(drop));
        }
    }
}

/// A table at which every command would succeed: soup (100) was sent and is to be cooked, beer (101) is ready, wine (102)
/// waits for a waiter, water is in the cart (103), Ana (1) and Ben (2) sit there, Eve (3) was removed, somebody asks.
fn a_busy_table(joining: Joining) -> Vec<SeatingEvent> {
    let SeatingEvent::Rounds(RoundsEvent::RoundSent { round, lines }) = sent(2, &[(102, "bar")]) else {
        unreachable!("it is a round")
    };
    vec![
        opened_where(joining, true),
        joined(1, "Ana"),
        joined(2, "Ben"),
        joined(3, "Eve"),
        SeatingEvent::Guests(GuestsEvent::GuestRemoved { guest: GuestNo(3) }),
        SeatingEvent::Guests(GuestsEvent::JoinAsked { ask: AskNo(1), name: None, back: false }),
        added(100, "soup", 1),
        added(101, "beer", 1),
        sent(1, &[(100, "grill"), (101, "bar")]),
        SeatingEvent::Kitchen(KitchenEvent::ItemsReady { round: RoundNo(1), lines: vec![line(101)] }),
        added(102, "wine", 1),
        SeatingEvent::Rounds(RoundsEvent::RoundWaits { round, lines }),
        added(103, "beer", 1),
    ]
}

fn seatings(page: &mut Page) {
    use SeatingCommand as Do;
    let round = RoundNo(1);
    let (ask, waiting) = (AskNo(1), RoundNo(2));
    let commands = every!(Do {
        Do::Guests(GuestsCommand::Rename { .. }) => Do::Guests(GuestsCommand::Rename { name: None }),
        Do::Guests(GuestsCommand::LetIn { .. }) => Do::Guests(GuestsCommand::LetIn { ask, guest: None }),
        Do::Guests(GuestsCommand::TurnAway { .. }) => Do::Guests(GuestsCommand::TurnAway { ask }),
        Do::Guests(GuestsCommand::RemoveGuest { .. }) => Do::Guests(GuestsCommand::RemoveGuest { guest: GuestNo(2) }),
        Do::Rounds(RoundsCommand::SetReady { .. }) => Do::Rounds(RoundsCommand::SetReady { ready: true }),
        Do::Cart(CartCommand::AddLine(..)) => Do::Cart(CartCommand::AddLine(AddLine::one(id("soup")))),
        Do::Cart(CartCommand::ChangeQuantity { .. }) => Do::Cart(CartCommand::ChangeQuantity { line: line(103), by: 1 }),
        Do::Cart(CartCommand::EditLine(..)) => Do::Cart(CartCommand::EditLine(EditLine { line: line(103), options: vec![], note: domain::Note::new("cold").ok() })),
        Do::Cart(CartCommand::RemoveLine { .. }) => Do::Cart(CartCommand::RemoveLine { line: line(103) }),
        Do::Rounds(RoundsCommand::AcceptRound { .. }) => Do::Rounds(RoundsCommand::AcceptRound { round: waiting }),
        Do::Rounds(RoundsCommand::DeclineRound { .. }) => Do::Rounds(RoundsCommand::DeclineRound { round: waiting, reason: None }),
        Do::Kitchen(KitchenCommand::Start { .. }) => Do::Kitchen(KitchenCommand::Start { round, station: id("grill") }),
        Do::Kitchen(KitchenCommand::Bump(..)) => Do::Kitchen(KitchenCommand::Bump(TicketItems { round, station: id("grill"), lines: vec![] })),
        Do::Kitchen(KitchenCommand::Recall(..)) => Do::Kitchen(KitchenCommand::Recall(TicketItems { round, station: id("bar"), lines: vec![] })),
        Do::Kitchen(KitchenCommand::Serve { .. }) => Do::Kitchen(KitchenCommand::Serve { round, lines: vec![] }),
        Do::Rounds(RoundsCommand::SendRound { .. }) => Do::Rounds(RoundsCommand::SendRound { round: waiting }),
    });
    // A round is sent where none waits.
    let (send, others): (Vec<_>, Vec<_>) =
        commands.into_iter().partition(|command| matches!(command, SeatingCommand::Rounds(RoundsCommand::SendRound { .. })));
    let after = |joining, last: Option<SeatingEvent>| folded::<Seating>(a_busy_table(joining).into_iter().chain(last));
    let declined = || SeatingEvent::Rounds(RoundsEvent::RoundDeclined { round: waiting, reason: None });
    let closed = || Some(SeatingEvent::Stay(StayEvent::Closed {}));
    let ended = [("closed", after(Joining::Open, closed())), ("not-opened", Seating::default())];
    on(page, "seating", &[("open", after(Joining::Open, None)), ("staff-let-in", after(Joining::Staff, None))], &others);
    on(page, "seating", &[("open", after(Joining::Open, Some(declined())))], &send);
    on(page, "seating", &ended, &[others, send].concat());
}

fn floors(page: &mut Page) {
    let rules = HouseRules { late_after_min: 60, ..HouseRules::default() };
    let commands = every!(FloorCommand {
        FloorCommand::LayTables { .. } => FloorCommand::LayTables { tables: house::tables()[..2].to_vec() },
        FloorCommand::SetHouseRules { .. } => FloorCommand::SetHouseRules { rules: rules.clone() },
    });
    let laid = || FloorEvent::TablesLaid { tables: house::tables() };
    let taken = || FloorEvent::TableOpened { table: id("t1"), seating: STAY };
    let (free, seated): (Floor, Floor) = (folded([laid()]), folded([laid(), taken()]));
    on(page, "floor", &[("laid", free.clone())], &commands);
    let visits = every!(VisitCommand {
        VisitCommand::OpenTable { .. } => VisitCommand::OpenTable { table: id("t1") },
        VisitCommand::CloseTable { .. } => VisitCommand::CloseTable { table: id("t1"), seating: STAY, even_if_unserved: true },
    });
    let menu = house::menu();
    for command in visits {
        let (state, floor, seating) = match command {
            VisitCommand::OpenTable { .. } => ("free", &free, Seating::default()),
            VisitCommand::CloseTable { .. } => ("seated", &seated, folded(a_busy_table(Joining::Open))),
        };
        page.ask("floor", state, &command, |actor| {
            let context = context(actor, &menu);
            let concerned = visit::concerns(floor, &command, &context);
            let streams = Streams { venue: &house::venue(), floor, seatings: vec![(concerned, &seating)] };
            visit::decide(&streams, &command, &context).map(drop)
        });
    }
}

fn menus(page: &mut Page) {
    let fries = OptionKey { dish: id("steak"), group: id("sides"), option: id("fries") };
    let catalog = Box::new(house::catalog_with_price("beer", 7));
    let commands = every!(MenuCommand {
        MenuCommand::Publish { .. } => MenuCommand::Publish { catalog: catalog.clone() },
        MenuCommand::SetDishSoldOut { .. } => MenuCommand::SetDishSoldOut { dish: id("soup"), sold_out: true },
        MenuCommand::SetOptionSoldOut { .. } => MenuCommand::SetOptionSoldOut { option: fries.clone(), sold_out: true },
    });
    let menu: Menu = folded([MenuEvent::Published { catalog: Box::new(house::catalog()) }]);
    on(page, "menu", &[("published", menu)], &commands);
}

fn accesses(page: &mut Page) {
    use AccessCommand as Do;
    let hash = || PasswordHash("hash".to_owned());
    let name = |text: &str| Name::new(text).expect("it is a name");
    let token = |n: u128| format!("{n:032x}").parse::<TableToken>().expect("32 hexadecimal digits");
    // Kim is somebody, of generation 2; Wanda, who asks, is the waiter of device 3.
    let (kim, wanda) = (|| id("kim"), || id("wanda"));
    let commands = every!(Do {
        Do::SetStaff { .. } => Do::SetStaff { id: kim(), name: name("Kim"), role: Role::Waiter, password: hash() },
        Do::AddStaff { .. } => Do::AddStaff { id: id("rui"), name: name("Rui"), role: Role::Waiter, password: hash() },
        Do::ChangeStaff { .. } => Do::ChangeStaff { id: kim(), name: Some(name("Kimi")), role: None },
        Do::SetPassword { .. } => Do::SetPassword { id: kim(), password: hash() },
        Do::SetPin { .. } => Do::SetPin { id: kim(), pin: Some(hash()) },
        Do::RemoveStaff { .. } => Do::RemoveStaff { id: kim() },
        Do::SignOut { .. } => Do::SignOut { id: wanda() },
        Do::SignInDevice { .. } => Do::SignInDevice { device: None, id: kim(), member_generation: 2, kind: None },
        Do::NameDevice { .. } => Do::NameDevice { device: DeviceNo(3), name: name("Terrace") },
        Do::SignOutDevice { .. } => Do::SignOutDevice { device: DeviceNo(3) },
        Do::RemoveDevice { .. } => Do::RemoveDevice { device: DeviceNo(3) },
        Do::SignOutEverybody {} => Do::SignOutEverybody {},
        Do::SetToken { .. } => Do::SetToken { table: id("t1"), token: token(5) },
        Do::GiveToken { .. } => Do::GiveToken { table: id("t2"), token: token(5) },
        Do::RemoveToken { .. } => Do::RemoveToken { table: id("t1") },
    });
    let works = |who: &str, role| AccessEvent::StaffSet { id: id(who), name: name(who), role, password: hash() };
    let here: Access = folded([
        works("maria", Role::Manager),
        works("kim", Role::Kitchen),
        works("wanda", Role::Waiter),
        AccessEvent::DeviceSignedIn { device: DeviceNo(3), id: id("wanda"), kind: None },
        AccessEvent::TokenSet { table: id("t1"), token: token(1) },
    ]);
    on(page, "access", &[("-", here)], &commands);
}

#[test]
fn each_may_do_what_is_theirs_and_nothing_else() {
    let mut page = Page::default();
    seatings(&mut page);
    floors(&mut page);
    menus(&mut page);
    accesses(&mut page);
    let told = page.told();
    assert_eq!(told, PAGE, "the page of who may do what is another now:\n{told}");
}

#[test]
fn who_is_removed_refused_or_unknown_may_do_nothing_anywhere() {
    for line in PAGE.lines() {
        for nobody in ["removed-guest", "nobody-s-guest", "visitor", "unknown", "unknown-role"] {
            // Whoever is signed in on a device ends that, whatever they are.
            let is_own_sign_in = nobody == "unknown-role" && line.contains("sign_out_device");
            assert!(is_own_sign_in || !line.split_whitespace().any(|word| word == nobody), "{line}");
        }
    }
    assert!(
        PAGE.lines().filter(|line| line.contains(" closed ") || line.contains(" not-opened ")).all(|line| line.ends_with('-'))
    );
}
