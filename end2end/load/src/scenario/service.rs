//! A busy evening: guests choose, change their minds and send; cooks bump; a waiter serves, and opens
//! and closes tables of his own.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use domain::seating::{ItemState, SeatingCommand};
use domain::wire::Answer;
use domain::{Name, Note, TableId};
use rand::Rng;
use rand::seq::IndexedRandom;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::client::people::{Pick, TicketAt};
use crate::client::{Cook, Guest, Habits, Held, Screen, Waiter, Witness};
use crate::house::{House, Staff};
use crate::ledger::Ledger;
use crate::truth::Truth;

/// A cart that is longer than this is sent.
const CART_LINES: usize = 30;
/// How long a screen may take to show what the server holds.
const SHOWS_WITHIN: Duration = Duration::from_secs(20);

/// Who comes.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Tables with guests.
    pub tables: usize,
    /// Guests at each.
    pub guests: usize,
    /// Walls in the kitchen.
    pub walls: usize,
    /// The shortest and the longest time between two taps of a person.
    pub pace: (Duration, Duration),
    /// How screens behave.
    pub habits: Habits,
}

/// The restaurant with everybody in it.
#[derive(Debug)]
pub struct Evening {
    plan: Plan,
    guests: Vec<Guest>,
    cooks: Vec<Cook>,
    waiter: Waiter,
    /// Tables at which no guest sits.
    spare: Vec<TableId>,
}

impl Evening {
    /// Everybody comes in.
    pub async fn begin(house: &House, plan: Plan, ledger: &Arc<Ledger>) -> Result<Self> {
        let witness = || Arc::clone(ledger) as Arc<dyn Witness>;
        let tables = house.tables()?;
        ensure!(tables.len() > plan.tables, "this house has {} tables, and the waiter needs some", tables.len());
        let (taken, spare) = tables.split_at(plan.tables);
        let (mut guests, mut cooks) = (Vec::new(), Vec::new());
        for table in taken {
            for n in 1..=plan.guests {
                let pass = house.join(table, &format!("Guest {n}")).await?;
                guests.push(Guest::open(pass, plan.habits, witness()).await?);
            }
        }
        let kitchen = house.sign_in(Staff::Kitchen).await?;
        for _ in 0..plan.walls {
            cooks.push(Cook::open(kitchen.clone(), plan.habits, witness()).await?);
        }
        let waiter = Waiter::open(house.sign_in(Staff::Waiter).await?, plan.habits, witness()).await?;
        Ok(Self { plan, guests, cooks, waiter, spare: spare.to_vec() })
    }

    /// Everybody does what they came for, until told to stop.
    pub fn go_on(self: &Arc<Self>) -> UnderWay {
        let (stop, stopped) = watch::channel(false);
        let mut people = JoinSet::new();
        for n in 0..self.guests.len() {
            let (evening, stopped) = (Arc::clone(self), stopped.clone());
            people.spawn(async move { evening.dine(&evening.guests[n], &stopped).await });
        }
        for n in 0..self.cooks.len() {
            let (evening, stopped) = (Arc::clone(self), stopped.clone());
            people.spawn(async move { evening.cook(&evening.cooks[n], &stopped).await });
        }
        let evening = Arc::clone(self);
        people.spawn(async move { evening.wait(&stopped).await });
        UnderWay { stop, people }
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

    async fn pause(&self) {
        let (shortest, longest) = self.plan.pace;
        let pause = rand::rng().random_range(shortest..=longest);
        sleep(pause).await;
    }

    async fn dine(&self, guest: &Guest, stopped: &watch::Receiver<bool>) -> Result<()> {
        let picks = guest.picks();
        ensure!(!picks.is_empty(), "there is nothing on the menu");
        while !*stopped.borrow() {
            guest.do_this(&choose(guest, &picks)).await?;
            self.pause().await;
        }
        Ok(())
    }

    async fn cook(&self, cook: &Cook, stopped: &watch::Receiver<bool>) -> Result<()> {
        while !*stopped.borrow() {
            match one_of(cook.tickets(), |ticket| ticket.state < ItemState::Ready) {
                Some(ticket) => drop(cook.work_on(ticket).await?),
                None => cook.screen.changes(Duration::from_millis(100)).await,
            }
            self.pause().await;
        }
        Ok(())
    }

    async fn wait(&self, stopped: &watch::Receiver<bool>) -> Result<()> {
        let waiter = &self.waiter;
        let (mut free, mut opened) = (self.spare.clone(), Vec::new());
        while !*stopped.borrow() {
            let roll = rand::rng().random_range(0..100);
            if roll < 30 && !free.is_empty() {
                let table = free.swap_remove(0);
                match waiter.open_table(&table).await? {
                    (seating, Answer::Accepted { .. }) => opened.push((table, seating)),
                    (_, Answer::Refused { .. }) => free.push(table),
                }
            } else if roll < 60 && !opened.is_empty() {
                let (table, seating) = opened.swap_remove(0);
                waiter.close_table(&table, seating).await?;
                free.push(table);
            } else if let Some(ticket) = one_of(waiter.tickets(), |ticket| ticket.state == ItemState::Ready) {
                waiter.serve(ticket.seating, ticket.round).await?;
            }
            self.pause().await;
        }
        Ok(())
    }
}

/// An evening that goes on.
#[derive(Debug)]
pub struct UnderWay {
    stop: watch::Sender<bool>,
    people: JoinSet<Result<()>>,
}

impl UnderWay {
    /// Everybody finishes what they have begun: each command gets its final answer.
    pub async fn finish(mut self, within: Duration) -> Result<()> {
        self.stop.send_replace(true);
        let finished = timeout(within, async {
            while let Some(person) = self.people.join_next().await {
                person??;
            }
            Ok(())
        });
        finished.await.context("somebody still waits for an answer")?
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
    let send = SeatingCommand::SendRound { round: view.next_round() };
    if view.cart.len() > CART_LINES {
        return send;
    }
    match (rng.random_range(0..100), line) {
        (45..65, Some(line)) => SeatingCommand::ChangeQuantity { line, by: if rng.random() { 1 } else { -1 } },
        (65..72, Some(line)) => SeatingCommand::RemoveLine { line },
        (72..78, Some(line)) => SeatingCommand::EditLine { line, options: Vec::new(), note: note(rng.random()) },
        (78..83, _) => SeatingCommand::SetReady { ready: rng.random() },
        (83..95, _) => send,
        (95..97, _) => SeatingCommand::Rename { name: Name::new(&format!("Ana {}", rng.random_range(0..1_000))).ok() },
        (97..100, _) => SeatingCommand::SendRound { round: domain::RoundNo(9_999) },
        _ => {
            let note = if rng.random_ratio(1, 4) { note(rng.random()) } else { None };
            picks.choose(&mut rng).map_or(send, |pick| pick.line(rng.random_range(1..=3), note))
        }
    }
}
