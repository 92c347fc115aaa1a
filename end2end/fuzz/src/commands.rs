//! Commands: read as the server reads them, decided on a realistic evening, and folded where they take effect.
//!
//! An input is a list of what is [`Asked`], one after the other: `[{"by": {"guest": 1}, "after_ms": 5, "ask": {…}}]`,
//! where `ask` is the channel's ([`domain::wire::Ask`]). Of `access/{venue}`, which the channel does not ask, the command
//! is read as it stands.

mod seeds;

use std::sync::Arc;

use domain::access::{Access, MAX_DEVICES, MAX_STAFF};
use domain::floor::Joining;
use domain::fold::record;
use domain::menu::Menu;
use domain::replica::Replica;
use domain::seating::{CartEvent, Seating, SeatingEvent};
use domain::stream::Readable;
use domain::visit::{self, Streams, Together, VisitCommand};
use domain::wire::Ask;
use domain::{Actor, Amount, Context, Fold, Recorded, Rejection, Role, SeatingId, StreamId, Time};
use serde::Deserialize;
use server::service::Command;

pub use seeds::seeds;

use crate::Verdict;
use crate::house::{invariants, venue};
use crate::stays::{Evening, NOW};
use crate::written::reads_back;

/// The most that is asked in one input: what more would show, another input shows with fewer.
const MAX_ASKED: usize = 24;
/// The most events that one command causes in one stream.
const MAX_EVENTS: usize = 2;

/// Somebody asks something.
#[derive(Deserialize)]
struct Asked {
    /// Who, as the server has found out.
    by: Actor,
    /// How long after what was asked before, in ms.
    #[serde(default)]
    after_ms: u32,
    /// What.
    ask: Ask,
}

/// Asks all of it.
pub fn target(bytes: &[u8]) -> Verdict {
    let Ok(asked) = serde_json::from_slice::<Vec<Asked>>(bytes) else { return Verdict::Refused };
    let mut night = Night { now: NOW, evening: Evening::usual().clone() };
    asked.into_iter().take(MAX_ASKED).map(|asked| night.is_asked(asked)).max().unwrap_or(Verdict::Refused)
}

fn read(ask: Ask) -> Option<Command> {
    if ask.stream != StreamId::Access(venue()) {
        return Command::read(ask, &venue()).ok();
    }
    assert!(Command::read(ask.clone(), &venue()).is_err(), "a screen asked who may do what");
    serde_json::from_value(ask.command).ok().map(Command::Access)
}

/// An evening as it goes on.
struct Night {
    now: Time,
    evening: Evening,
}

impl Night {
    fn is_asked(&mut self, Asked { by, after_ms, ask }: Asked) -> Verdict {
        self.now = Time(self.now.0 + u64::from(after_ms));
        let mutation = ask.mutation;
        let Some(command) = read(ask) else { return Verdict::Refused };
        let menu = Arc::clone(&self.evening.menu);
        let context = Context { actor: by, mutation, now: self.now, menu: &menu };
        let outcome = match command {
            Command::Seating(id, command) => {
                let before = self.stay(id);
                decide(&*before, &command, &context).map(|(after, events)| self.goes_on(id, &before, after, &events))
            }
            Command::Visit(command) => self.visit(&command, &context),
            Command::Floor(command) => decide(&*self.evening.floor, &command, &context).map(|(floor, _)| {
                must_be_staff(&context.actor);
                assert!(floor.rules.joining != Joining::Unknown, "nobody sets what nobody knows");
                self.evening.floor = Arc::new(floor);
            }),
            Command::Menu(command) => decide(&*self.evening.menu, &command, &context).map(|(menu, _)| {
                must_be_staff(&context.actor);
                assert_eq!(menu.catalog.faults(), [], "what can't be published was");
                self.evening.menu = Arc::new(menu);
            }),
            Command::Access(command) => decide(&*self.evening.access, &command, &context).map(|(access, _)| {
                check_access(&self.evening.access, &access);
                self.evening.access = Arc::new(access);
            }),
        };
        if outcome.is_ok() { Verdict::Took } else { Verdict::Read }
    }

    /// The stay of that id, which may not have begun.
    fn stay(&self, id: SeatingId) -> Arc<Seating> {
        self.evening.stays.get(&id).cloned().unwrap_or_default()
    }

    /// A stay goes on. Checks what holds in every one.
    fn goes_on(&mut self, id: SeatingId, before: &Seating, after: Seating, events: &[SeatingEvent]) {
        // Not each of the fixtures' states is one that this release would come to.
        if invariants(before).is_ok() {
            assert_eq!(invariants(&after), Ok(()));
        }
        events.iter().for_each(|event| check_price(before, event, &self.evening.menu));
        self.evening.stays.insert(id, Arc::new(after));
    }

    fn visit(&mut self, command: &VisitCommand, context: &Context<'_>) -> Result<(), Rejection> {
        reads_back(command);
        let floor = Arc::clone(&self.evening.floor);
        is_new(&*floor, context)?;
        let id = visit::concerns(&floor, command, context);
        let stay = self.stay(id);
        let streams = Streams { venue: &venue(), floor: &floor, seatings: vec![(id, &stay)] };
        let Together { floor: of_floor, seatings } = visit::decide(&streams, command, context)?;
        must_be_staff(&context.actor);
        self.evening.floor = Arc::new(fold(&*floor, &of_floor, context));
        for (during, events) in seatings {
            assert_eq!(during, id, "another stay than the one that was read");
            self.goes_on(id, &stay, fold(&*stay, &events, context), &events);
        }
        Ok(())
    }
}

/// What a state becomes, and by which events. Checks on the way that a screen would have shown the same at once.
fn decide<S: Fold>(state: &S, command: &S::Command, context: &Context<'_>) -> Result<(S, Vec<S::Event>), Rejection> {
    reads_back(command);
    is_new(state, context)?;
    let mut screen = Replica::new(state.clone());
    screen.submit(context.mutation, command.clone(), context.now);
    let shown = screen.view(&context.actor, context.menu);
    match state.decide(command, context) {
        Ok(events) => {
            let after = fold(state, &events, context);
            assert_eq!(shown, after, "a screen shows something else");
            Ok((after, events))
        }
        Err(reason) => {
            assert_eq!(shown, *state, "a screen shows what is refused");
            if reason.is_kept() {
                fold(state, &[S::refusal(reason)], context);
            }
            Err(reason)
        }
    }
}

/// Refuses a mutation that was seen: the server answers it, and decides nothing.
fn is_new<S: Fold>(state: &S, context: &Context<'_>) -> Result<(), Rejection> {
    let (progress, mutation) = (state.progress(), context.mutation);
    let was_seen = progress.effect_of(mutation).is_some() || progress.refusal_of(mutation).is_some();
    if was_seen { Err(Rejection::Unchanged) } else { Ok(()) }
}

/// Folds events in. Checks that they can be written and read, by servers and by screens, and so can what they make.
fn fold<S: Fold>(state: &S, events: &[S::Event], context: &Context<'_>) -> S {
    assert!((1..=MAX_EVENTS).contains(&events.len()), "what is accepted happens: {events:?}");
    let mut after = state.clone();
    for recorded in record(state.version(), context, events.to_vec()) {
        let text = reads_back(&recorded);
        let told = serde_json::from_str::<Recorded<Readable<S::Event>>>(&text).map(|told| told.event);
        assert_eq!(told.ok(), Some(Readable(Some(recorded.event.clone()))), "a screen reads something else");
        after.evolve(&recorded);
    }
    assert_eq!(after.version(), state.version() + events.len() as u64);
    assert!(is_new(&after, context).is_err(), "a mutation counts once");
    reads_back(&after);
    after
}

/// Guests, visitors and whoever is of a later release can do nothing here.
fn must_be_staff(actor: &Actor) {
    let is_staff = match actor {
        Actor::Staff { role, .. } => *role != Role::Unknown,
        Actor::System => true,
        Actor::Guest(_) | Actor::Visitor | Actor::Unknown => false,
    };
    assert!(is_staff, "{actor:?} may not do that");
}

/// A price is the menu's.
fn check_price(before: &Seating, event: &SeatingEvent, menu: &Menu) {
    let (dish, options, unit_price) = match event {
        SeatingEvent::Cart(CartEvent::LineAdded { line }) => (&line.dish, &line.options, line.unit_price),
        SeatingEvent::Cart(CartEvent::LineEdited { line, options, unit_price, .. }) => {
            let held = before.line(*line).expect("only what is in the cart is edited");
            (&held.dish, options, *unit_price)
        }
        _ => return,
    };
    let sum: Amount = options.iter().map(|option| option.price).sum();
    let price = menu.catalog.dish(dish).map(|dish| dish.price + sum);
    assert_eq!(price, Some(unit_price), "a price is not the menu's");
}

fn check_access(before: &Access, after: &Access) {
    assert!(after.staff.len() <= MAX_STAFF && after.devices.len() <= MAX_DEVICES);
    let is_led = |access: &Access| access.staff.values().any(|member| member.role == Role::Manager);
    assert!(is_led(after) || !is_led(before), "nobody is left who may say who works here");
    let unknown = |access: &Access| access.staff.values().filter(|member| member.role == Role::Unknown).count();
    assert!(unknown(after) <= unknown(before), "somebody was given a role that there isn't");
    let tokens: Vec<_> = after.tokens.values().collect();
    assert!(tokens.iter().enumerate().all(|(n, token)| !tokens[..n].contains(token)), "a code leads to two tables");
}
