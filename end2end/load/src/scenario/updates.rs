//! Live tables: at each, one guest adds and changes at an even pace, and the others see it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use domain::seating::{MAX_VERSION, RESERVED_FOR_STAFF};
use domain::wire::Answer;
use domain::{LineId, TableId};
use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt, stream};
use rand::Rng;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

use crate::client::people::Pick;
use crate::client::{Cook, Guest, Habits, Screen, Witness};
use crate::door::{Door, Staff};
use crate::stopwatch::{Measured, Stopwatch};

/// How many come in at once.
const AT_ONCE: usize = 8;
/// How long the last update may be under way.
const ARRIVES_WITHIN: Duration = Duration::from_secs(60);
/// Of so many updates of a table one adds a line and the others change its quantity.
const UPDATES_OF_A_LINE: u64 = 25;

/// How much happens.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Live tables.
    pub tables: usize,
    /// Guests at each; one orders, all see it.
    pub guests: usize,
    /// Boards of the house, which see everything.
    pub boards: usize,
    /// For how long.
    pub lasts: Duration,
    /// The time from one update of a table to the next.
    pub every: Duration,
    /// How screens behave.
    pub habits: Habits,
}

/// The restaurant with everybody in it.
#[derive(Debug)]
pub struct LiveTables {
    plan: Plan,
    tables: Vec<Vec<Guest>>,
    boards: Vec<Cook>,
    stopwatch: Arc<Stopwatch>,
}

impl LiveTables {
    /// Everybody comes in; where there are several servers, those of a table are at different ones. What happens is also seen by `witness`.
    pub async fn seat(door: &Door, plan: Plan, witness: Arc<dyn Witness>) -> Result<Self> {
        let updates = plan.lasts.as_millis() / plan.every.as_millis().max(1);
        let room = u128::from(MAX_VERSION - RESERVED_FOR_STAFF) - 100;
        ensure!(updates < room, "a stay's record has room for {room} updates, not {updates}: make it shorter or slower");
        ensure!(plan.guests >= 2, "somebody has to see what another guest does");
        let stopwatch = Arc::new(Stopwatch::default());
        let witnesses: Arc<dyn Witness> = Arc::new(vec![Arc::clone(&stopwatch) as Arc<dyn Witness>, witness]);

        let staff = door.sign_in(Staff::Manager).await?;
        let open = |n| Cook::open(staff.beginning_at(n), plan.habits, Arc::clone(&witnesses));
        let boards = try_join_all((0..plan.boards).map(open)).await?;
        boards.iter().for_each(|board| stopwatch.is_board(board.screen.number));

        let ids = door.tables();
        ensure!(ids.len() >= plan.tables, "this house has {} tables", ids.len());
        let seat_one = async |(number, table): (usize, &TableId)| -> Result<Vec<Guest>> {
            let mut party = Vec::new();
            for n in 1..=plan.guests {
                let pass = door.join(table, &format!("Guest {n}")).await?.beginning_at(number + n);
                party.push(Guest::open(pass, plan.habits, Arc::clone(&witnesses)).await?);
            }
            Ok(party)
        };
        let tables = stream::iter(ids[..plan.tables].iter().enumerate()).map(seat_one).buffered(AT_ONCE).try_collect().await?;
        Ok(Self { plan, tables, boards, stopwatch })
    }

    /// Every screen.
    pub fn each_screen(&self) -> impl Iterator<Item = &Screen> {
        self.tables.iter().flatten().map(|guest| &guest.screen).chain(self.boards.iter().map(|board| &board.screen))
    }

    /// How many screens are connected.
    pub fn screens(&self) -> usize {
        self.each_screen().count()
    }

    /// What is timed.
    pub const fn stopwatch(&self) -> &Arc<Stopwatch> {
        &self.stopwatch
    }

    /// At each table one guest orders, as long as planned; then the last update arrives everywhere.
    pub async fn order(&self) -> Result<Measured> {
        let (begin, lasts) = (Instant::now(), self.plan.lasts);
        self.order_while(|_| begin.elapsed() < lasts).await
    }

    /// The same as long as `goes_on`, which is asked before each update how many that table has had.
    pub async fn order_while(&self, goes_on: impl Fn(u64) -> bool + Sync) -> Result<Measured> {
        let (plan, goes_on) = (self.plan, &goes_on);
        let ordering = self.tables.iter().filter_map(|party| party.first()).map(|guest| order(guest, plan, goes_on));
        try_join_all(ordering).await?;
        let (phones, boards) = (plan.guests - 1, self.boards.len());
        let arrived = async {
            while !self.stopwatch.all_arrived(phones + boards) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        // What has not arrived by then is counted, and told.
        let _ = timeout(ARRIVES_WITHIN, arrived).await;
        Ok(self.stopwatch.measured(phones, boards))
    }
}

/// One guest's taps. Tables begin at different moments, so that they don't move in step.
async fn order(guest: &Guest, plan: Plan, goes_on: &impl Fn(u64) -> bool) -> Result<()> {
    let pick = guest.picks().into_iter().next().context("there is nothing on the menu")?;
    let begin = Instant::now() + plan.every.mul_f64(rand::rng().random_range(0.0..1.0));
    let mut pace = interval_at(begin, plan.every);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut line = None;
    for n in 0_u64.. {
        pace.tick().await;
        if !goes_on(n) {
            break;
        }
        line = Some(tap(guest, &pick, line.filter(|_| !n.is_multiple_of(UPDATES_OF_A_LINE)), n).await?);
    }
    Ok(())
}

/// Adds a line, or changes the quantity of the one that is there.
async fn tap(guest: &Guest, pick: &Pick, line: Option<LineId>, n: u64) -> Result<LineId> {
    let (mutation, answer) = match line {
        None => guest.add(pick, 2, None).await?,
        Some(line) => guest.change(line, if n.is_multiple_of(2) { -1 } else { 1 }).await?,
    };
    match answer {
        Answer::Accepted { .. } => Ok(line.unwrap_or_else(|| mutation.into())),
        Answer::Refused { reason, detail } => bail!("an update was refused: {reason} {detail:?}"),
    }
}
