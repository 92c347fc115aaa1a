//! A busy evening: guests choose, change their minds and send; cooks bump; a waiter serves, and opens
//! and closes tables of his own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use domain::seating::{CartCommand, EditLine, GuestsCommand, ItemState, RoundsCommand, SeatingCommand};
use domain::{MutationId, Name, Note, SeatingId, TableId};
use futures::{StreamExt, TryStreamExt, stream};
use rand::Rng;
use rand::seq::IndexedRandom;
use tokio::sync::watch;
use tokio::task::{self, JoinSet};
use tokio::time::timeout;
use uuid::Uuid;

use super::walk_in;
use crate::client::people::{Pick, TicketAt};
use crate::client::{Cook, Guest, Habits, Held, Screen, Waiter, Witness};
use crate::door::{Door, Staff};
use crate::ledger::Ledger;
use crate::truth::Truth;

/// How many tables are seated at once.
const AT_ONCE: usize = 8;
/// One in so many things that a cook does is about a dish that is sold out, or back.
const SOLD_OUT_EVERY: u32 = 60;
/// A cart that is longer than this is sent.
const CART_LINES: usize = 30;
/// How long a screen may take to show what the server holds.
const SHOWS_WITHIN: Duration = Duration::from_secs(60);

/// Who comes.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Tables with guests.
    pub tables: usize,
    /// Guests at each.
    pub guests: usize,
    /// Guests who come and go at the tables that are left.
    pub walk_ins: usize,
    /// Walls in the kitchen.
    pub walls: usize,
    /// The shortest and the longest time between two taps of a guest.
    pub pace: (Duration, Duration),
    /// The same of somebody who works here.
    pub staff_pace: (Duration, Duration),
    /// How screens behave.
    pub habits: Habits,
}

/// The restaurant with everybody in it.
#[derive(Debug)]
pub struct Evening {
    plan: Plan,
    door: Arc<Door>,
    ledger: Arc<Ledger>,
    guests: Vec<Guest>,
    cooks: Vec<Cook>,
    waiter: Waiter,
    /// Tables at which no guest sits.
    spare: Vec<TableId>,
    ended: Arc<AtomicBool>,
}

impl Evening {
    /// Everybody comes in. Where there are several servers, those of a table are at different ones.
    pub async fn begin(door: &Arc<Door>, plan: Plan, ledger: &Arc<Ledger>) -> Result<Self> {
        let witness = || Arc::clone(ledger) as Arc<dyn Witness>;
        let tables = door.tables();
        ensure!(tables.len() > plan.tables, "this house has {} tables, and the waiter needs some", tables.len());
        let (taken, spare) = tables.split_at(plan.tables);
        let seat_one = async |(number, table): (usize, &TableId)| -> Result<Vec<Guest>> {
            let mut party = Vec::new();
            for n in 1..=plan.guests {
                let mutation = MutationId::new(Uuid::new_v4());
                let route = door.route.beginning_at(number + n);
                let pass = door.join_as(mutation, route, table, &format!("Guest {n}")).await?;
                let guest = Guest::open(pass, plan.habits, witness()).await?;
                ledger.joined(mutation, guest.seating);
                party.push(guest);
            }
            Ok(party)
        };
        let parties: Vec<Vec<Guest>> =
            stream::iter(taken.iter().enumerate()).map(seat_one).buffered(AT_ONCE).try_collect().await?;
        let guests = parties.into_iter().flatten().collect();
        let kitchen = door.sign_in(Staff::Kitchen).await?;
        let mut cooks = Vec::new();
        for n in 0..plan.walls {
            cooks.push(Cook::open(kitchen.beginning_at(n), plan.habits, witness()).await?);
        }
        let waiter = Waiter::open(door.sign_in(Staff::Waiter).await?, plan.habits, witness()).await?;
        let (door, ledger) = (Arc::clone(door), Arc::clone(ledger));
        Ok(Self { plan, door, ledger, guests, cooks, waiter, spare: spare.to_vec(), ended: Arc::default() })
    }

    /// Whether everybody was told to stop.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// Everybody does what they came for, until told to stop.
    pub fn go_on(self: &Arc<Self>) -> UnderWay {
        let (stop, stopped) = watch::channel(false);
        let stopped = Stopped(stopped);
        let mut people = People::default();
        for n in 0..self.guests.len() {
            let (evening, mut stopped) = (Arc::clone(self), stopped.clone());
            people.come("a guest", async move { evening.dine(&evening.guests[n], &mut stopped).await });
        }
        for n in 0..self.cooks.len() {
            let (evening, mut stopped) = (Arc::clone(self), stopped.clone());
            people.come("a cook", async move { evening.cook(&evening.cooks[n], &mut stopped).await });
        }
        for _ in 0..self.plan.walk_ins {
            let (evening, mut stopped) = (Arc::clone(self), stopped.clone());
            people.come("a walk-in", async move {
                let Self { plan, door, ledger, spare, .. } = &*evening;
                walk_in::come_and_go(door, spare, plan.habits, ledger, &mut stopped, plan.staff_pace).await
            });
        }
        let (evening, mut stopped) = (Arc::clone(self), stopped);
        people.come("the waiter", async move { evening.wait(&mut stopped).await });
        UnderWay { stop, people, ended: Arc::clone(&self.ended) }
    }

    /// Every screen shows what the server holds.
    pub async fn all_show(&self, truth: &Truth) -> Result<()> {
        for (number, screen) in self.screens().enumerate() {
            let as_it_is = |held: &Held| truth.differs_from(held).is_none();
            if screen.until(SHOWS_WITHIN, |held, _| as_it_is(held)).await.is_err() {
                let why = truth.differs_from(&screen.held());
                ensure!(why.is_none(), "screen {number} of {}: {}", self.screens().count(), why.unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Every screen.
    pub fn screens(&self) -> impl Iterator<Item = &Screen> {
        let guests = self.guests.iter().map(|guest| &guest.screen);
        guests.chain(self.cooks.iter().map(|cook| &cook.screen)).chain([&self.waiter.screen])
    }

    async fn dine(&self, guest: &Guest, stopped: &mut Stopped) -> Result<()> {
        let picks = guest.picks();
        ensure!(!picks.is_empty(), "there is nothing on the menu");
        while stopped.goes_on_after(self.plan.pace).await {
            guest.do_this(choose(guest, &picks)).await?;
        }
        Ok(())
    }

    async fn cook(&self, cook: &Cook, stopped: &mut Stopped) -> Result<()> {
        while stopped.goes_on_after(self.plan.staff_pace).await {
            if rand::rng().random_ratio(1, SOLD_OUT_EVERY) {
                self.runs_out(cook).await?;
            } else if let Some(ticket) = one_of(cook.tickets(), |ticket| ticket.state < ItemState::Ready) {
                cook.work_on(ticket).await?;
            }
        }
        Ok(())
    }

    /// What is sold out comes back; else something is sold out. Every guest is told.
    async fn runs_out(&self, cook: &Cook) -> Result<()> {
        let back = cook.screen.held().menu.confirmed().sold_out.iter().next().cloned();
        let dishes = Pick::all(cook.screen.held().menu.confirmed());
        let sold_out = back.is_none();
        if let Some(dish) = back.or_else(|| Some(dishes.choose(&mut rand::rng())?.dish.clone())) {
            cook.sold_out(dish, sold_out).await?;
        }
        Ok(())
    }

    /// A spare table at which somebody sits, and one that is free, as the waiter sees them.
    fn spare_tables(&self) -> (Option<(TableId, SeatingId)>, Option<TableId>) {
        let held = self.waiter.screen.held();
        let there = |table: &TableId| Some(held.floor.confirmed().seated.get(table)?.seating);
        let (seated, free): (Vec<_>, Vec<_>) = self.spare.iter().partition(|table| there(table).is_some());
        let mut rng = rand::rng();
        let seated = seated.choose(&mut rng).and_then(|table| Some(((*table).clone(), there(table)?)));
        (seated, free.choose(&mut rng).map(|table| (*table).clone()))
    }

    async fn wait(&self, stopped: &mut Stopped) -> Result<()> {
        let waiter = &self.waiter;
        while stopped.goes_on_after(self.plan.staff_pace).await {
            let roll = rand::rng().random_range(0..100);
            let (seated, free) = self.spare_tables();
            if roll < 30
                && let Some(table) = free
            {
                waiter.open_table(&table).await?;
            } else if roll < 60
                && let Some((table, seating)) = seated
            {
                waiter.close_table(&table, seating).await?;
            } else if let Some(ticket) = one_of(waiter.tickets(), |ticket| ticket.state == ItemState::Ready) {
                waiter.serve(ticket.seating, ticket.round).await?;
            }
        }
        Ok(())
    }
}

/// Told when the evening ends.
#[derive(Debug, Clone)]
pub(super) struct Stopped(watch::Receiver<bool>);

impl Stopped {
    /// Waits for a while; `false` once the evening has ended.
    pub(super) async fn goes_on_after(&mut self, (shortest, longest): (Duration, Duration)) -> bool {
        let pause = rand::rng().random_range(shortest..=longest);
        timeout(pause, self.0.wait_for(|stopped| *stopped)).await.is_err()
    }
}

/// An evening that goes on.
#[derive(Debug)]
pub struct UnderWay {
    stop: watch::Sender<bool>,
    people: People,
    ended: Arc<AtomicBool>,
}

/// Who does something, until they are done.
#[derive(Debug, Default)]
struct People {
    busy: JoinSet<Result<()>>,
    who: HashMap<task::Id, &'static str>,
}

impl People {
    fn come(&mut self, who: &'static str, does: impl Future<Output = Result<()>> + Send + 'static) {
        self.who.insert(self.busy.spawn(does).id(), who);
    }

    async fn all_done(&mut self) -> Result<()> {
        while let Some(done) = self.busy.join_next_with_id().await {
            let (id, did) = done?;
            self.who.remove(&id);
            did?;
        }
        Ok(())
    }
}

impl UnderWay {
    /// Everybody finishes what they have begun: each command gets its final answer.
    pub async fn finish(mut self, within: Duration) -> Result<()> {
        self.stop.send_replace(true);
        self.ended.store(true, Ordering::Relaxed);
        let finished = timeout(within, self.people.all_done()).await;
        finished.with_context(|| format!("after {within:?} these still wait for an answer: {:?}", self.people.who.values()))?
    }
}

fn one_of(tickets: Vec<TicketAt>, fits: impl Fn(&TicketAt) -> bool) -> Option<TicketAt> {
    let fitting: Vec<TicketAt> = tickets.into_iter().filter(fits).collect();
    fitting.choose(&mut rand::rng()).cloned()
}

/// What a guest taps next. Now and then it is something that the rules refuse.
fn choose(guest: &Guest, picks: &[Pick]) -> SeatingCommand {
    let mut rng = rand::rng();
    let view = guest.view();
    let line = view.cart.choose(&mut rng).map(|line| line.id);
    let note = |n: u32| Note::new(&format!("Sem sal, por favor ({n})")).ok();
    let send = RoundsCommand::SendRound { round: view.next_round() }.into();
    if view.cart.len() > CART_LINES {
        return send;
    }
    match (rng.random_range(0..100), line) {
        (45..65, Some(line)) => CartCommand::ChangeQuantity { line, by: if rng.random() { 1 } else { -1 } }.into(),
        (65..72, Some(line)) => CartCommand::RemoveLine { line }.into(),
        (72..78, Some(line)) => CartCommand::EditLine(EditLine { line, options: Vec::new(), note: note(rng.random()) }).into(),
        (78..83, _) => RoundsCommand::SetReady { ready: rng.random() }.into(),
        (83..95, _) => send,
        (95..97, _) => GuestsCommand::Rename { name: Name::new(&format!("Ana {}", rng.random_range(0..1_000))).ok() }.into(),
        (97..100, _) => RoundsCommand::SendRound { round: domain::RoundNo(9_999) }.into(),
        _ => {
            let note = if rng.random_ratio(1, 4) { note(rng.random()) } else { None };
            picks.choose(&mut rng).map_or(send, |pick| pick.line(rng.random_range(1..=3), note).into())
        }
    }
}
