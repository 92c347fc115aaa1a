//! Redis or PostgreSQL is dead for a while, and people go on: who notices what, and how soon all is well.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::Rejection;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::agreement;
use super::updates::{self, LiveTables};
use crate::client::{Habits, Pass, Screen, ScreenNo, Witness, http};
use crate::cluster::Cluster;
use crate::door::Staff;
use crate::ledger::{Counts, Ledger};
use crate::stopwatch::{Spread, Stopwatch};
use crate::violation::Violation;

/// How often memory is looked at, and something is read.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often we look whether all is well again.
const HEALED_EVERY: Duration = Duration::from_millis(20);
/// How long a page or a screen that is new may take while something is dead.
const READ_WITHIN: Duration = Duration::from_secs(20);
/// How long anything that has to happen afterwards may take.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

/// What is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// Nothing is carried between servers.
    Redis,
    /// Nothing can be saved.
    Database,
}

/// What happens.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// What is dead.
    pub what: What,
    /// For how long.
    pub lasts: Duration,
    /// For how long all is well before and after.
    pub around: Duration,
    /// Tables.
    pub tables: usize,
    /// Guests at each; one orders.
    pub guests: usize,
    /// Walls in the kitchen.
    pub boards: usize,
    /// The time from one update of a table to the next.
    pub every: Duration,
    /// It stays dead until so many commands were accepted meanwhile, which without a database are none, ...
    pub accepted_at_least: usize,
    /// ... and so many arrivals of them at other servers were seen.
    pub elsewhere_at_least: usize,
}

/// What happened.
#[derive(Debug)]
pub struct Report {
    /// What must not be.
    pub violations: Vec<Violation>,
    /// How soon things were told, before, meanwhile and afterwards.
    pub phases: [Phase; 3],
    /// Of each server.
    pub memory: Vec<Memory>,
    /// Commands that were accepted meanwhile.
    pub accepted_meanwhile: usize,
    /// Arrivals of what was sent meanwhile at screens of other servers, before it was over.
    pub elsewhere_meanwhile: usize,
    /// How often “not now” was said meanwhile.
    pub not_now: usize,
    /// Commands that waited just before it was over.
    pub pending: usize,
    /// Pages that were read meanwhile, of how many that were asked for.
    pub pages: Ratio,
    /// New screens that were brought up to date meanwhile, of how many that came.
    pub newcomers: Ratio,
    /// From its end until what had waited was accepted and every screen held it.
    pub healed_after: Option<Duration>,
    /// How much happened in all.
    pub counts: Counts,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratio {
    /// Went well.
    pub good: usize,
    /// In all.
    pub all: usize,
}

/// How soon things were told in some time.
#[derive(Debug, Clone, Copy)]
pub struct Phase {
    /// Which.
    pub name: &'static str,
    /// From a tap to its answer.
    pub answers: Spread,
    /// From a tap to the screens at the same server.
    pub here: Spread,
    /// From a tap to the screens at other servers.
    pub elsewhere: Spread,
}

/// A server's memory, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// When it began.
    pub before: u64,
    /// The most meanwhile.
    pub most: u64,
    /// When all was well again.
    pub after: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for phase in &self.phases {
            writeln!(f, "{phase}")?;
        }
        writeln!(f, "commands    {} accepted meanwhile, {} times not now", self.accepted_meanwhile, self.not_now)?;
        let healed = self.healed_after.map_or("never".to_owned(), |after| format!("after {:.2} s", after.as_secs_f64()));
        writeln!(f, "pending     {} when it was over; all accepted, and shown everywhere, {healed}", self.pending)?;
        writeln!(f, "read        {} pages, {} new screens meanwhile", self.pages, self.newcomers)?;
        for (server, memory) in (1..).zip(&self.memory) {
            writeln!(f, "memory      server {server}: {memory}")?;
        }
        write!(f, "in all      {}", self.counts)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<11} answers    {}", self.name, self.answers)?;
        writeln!(f, "            here       {}", self.here)?;
        write!(f, "            elsewhere  {}", self.elsewhere)
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: u64| bytes as f64 / (1024.0 * 1024.0);
        write!(f, "{:.0} MiB, {:.0} MiB at most, {:.0} MiB", mib(self.before), mib(self.most), mib(self.after))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.good, self.all)
    }
}

/// Runs it on a cluster that stands on both.
pub async fn run(cluster: &Cluster, plan: Plan) -> Result<Report> {
    let ledger = Arc::new(Ledger::default());
    let lasts = plan.around * 2 + plan.lasts;
    let Plan { tables, guests, boards, every, .. } = plan;
    let people = updates::Plan { tables, guests, boards, lasts, every, habits: Habits::default() };
    let live = LiveTables::seat(&cluster.door, people, Arc::clone(&ledger) as Arc<dyn Witness>).await?;
    let staff = cluster.door.sign_in(Staff::Manager).await?;
    let began = Instant::now();
    let is_over = AtomicBool::new(false);
    let dies = async {
        let died = die(cluster, plan, &staff, &live, &ledger, began).await;
        sleep(plan.around).await;
        is_over.store(true, Ordering::Relaxed);
        died
    };
    let (ordered, meanwhile) = tokio::join!(live.order_while(|_| !is_over.load(Ordering::Relaxed)), dies);
    ordered.context("somebody could not go on")?;
    let mut meanwhile = meanwhile?;

    let screens: Vec<&Screen> = live.each_screen().collect();
    let settled = agreement::reached(cluster, &staff, &screens, &ledger, Instant::now(), SETTLES_WITHIN).await;
    let mut violations = settled.differences;
    violations.extend(ledger.unanswered(&settled.truth));
    violations.extend(ledger.verify(&settled.truth));
    if meanwhile.healed_after.is_none() {
        violations.push(Violation::NotHealed("what had waited, or a screen, was still behind".to_owned()));
    }
    for (memory, member) in meanwhile.memory.iter_mut().zip(&cluster.members) {
        memory.after = member.memory_bytes().await?;
    }
    let server: BTreeMap<ScreenNo, usize> = screens.iter().map(|screen| (screen.number, screen.server())).collect();
    let phase = |name, sent: Range<Instant>| Phase::of(name, live.stopwatch(), &sent, &server);
    let (dead, back) = (meanwhile.dead.start, meanwhile.dead.end);
    let phases = [phase("before", began..dead), phase("meanwhile", dead..back), phase("afterwards", back..Instant::now())];
    let Meanwhile { memory, accepted, elsewhere, not_now, pending, pages, newcomers, healed_after, .. } = meanwhile;
    let counts = ledger.counts();
    Ok(Report {
        violations,
        phases,
        memory,
        accepted_meanwhile: accepted,
        elsewhere_meanwhile: elsewhere,
        not_now,
        pending,
        pages,
        newcomers,
        healed_after,
        counts,
    })
}

/// What was seen while it was dead.
struct Meanwhile {
    dead: Range<Instant>,
    memory: Vec<Memory>,
    accepted: usize,
    elsewhere: usize,
    not_now: usize,
    pending: usize,
    pages: Ratio,
    newcomers: Ratio,
    healed_after: Option<Duration>,
}

async fn die(
    cluster: &Cluster,
    plan: Plan,
    staff: &Pass,
    live: &LiveTables,
    ledger: &Ledger,
    began: Instant,
) -> Result<Meanwhile> {
    sleep_until(began + plan.around).await;
    let mut memory = Vec::new();
    for member in &cluster.members {
        let before = member.memory_bytes().await?;
        memory.push(Memory { before, most: before, after: 0 });
    }
    match plan.what {
        What::Redis => cluster.kill_redis().await?,
        What::Database => cluster.kill_database().await?,
    }
    let dead = Instant::now();
    // What is counted from here on was answered later, and at most what was under way was saved before.
    let not_now = || ledger.refused_for_now(Rejection::Unavailable);
    let (accepted_before, not_now_before) = (ledger.accepted(), not_now());
    let elsewhere = || {
        let server: BTreeMap<ScreenNo, usize> = live.each_screen().map(|screen| (screen.number, screen.server())).collect();
        Phase::of("meanwhile", live.stopwatch(), &(dead..Instant::now()), &server).elsewhere.count
    };
    let is_enough = || ledger.accepted() - accepted_before >= plan.accepted_at_least && elsewhere() >= plan.elsewhere_at_least;
    let (mut pages, mut newcomers) = (Ratio::default(), Ratio::default());
    let table = cluster.door.tables().into_iter().next().context("there is a table")?;
    let page = cluster.door.page_of(&table)?;
    for look in 0.. {
        let is_seen = look >= cluster.members.len() && is_enough();
        if dead.elapsed() >= plan.lasts && (is_seen || dead.elapsed() > plan.lasts + SETTLES_WITHIN) {
            break;
        }
        let at = look % cluster.members.len();
        let route = cluster.door.route.beginning_at(at);
        let read = timeout(READ_WITHIN, http::get(&route, page, None)).await;
        pages.note(matches!(read, Ok(Ok(answer)) if answer.status == 200));
        let newcomer = Screen::open(staff.beginning_at(at), Habits::default(), Arc::new(Ledger::default()));
        newcomers.note(newcomer.until_live(READ_WITHIN).await.is_ok());
        for (memory, member) in memory.iter_mut().zip(&cluster.members) {
            memory.most = memory.most.max(member.memory_bytes().await?);
        }
        sleep(LOOK_EVERY).await;
    }
    let (accepted, not_now) = (ledger.accepted() - accepted_before, not_now() - not_now_before);
    let (elsewhere, waiting) = (elsewhere(), ledger.waiting());
    match plan.what {
        What::Redis => cluster.start_redis().await?,
        What::Database => cluster.start_database().await?,
    }
    let back = Instant::now();
    let heads = ledger.heads();
    let mut healed_after = None;
    while healed_after.is_none() && back.elapsed() < SETTLES_WITHIN {
        let now = back.elapsed();
        if ledger.all_answered(&waiting) && agreement::all_hold(live.each_screen(), &heads) {
            healed_after = Some(now);
        }
        sleep(HEALED_EVERY).await;
    }
    let pending = waiting.len();
    Ok(Meanwhile { dead: dead..back, memory, accepted, elsewhere, not_now, pending, pages, newcomers, healed_after })
}

impl Ratio {
    fn note(&mut self, is_good: bool) {
        self.good += usize::from(is_good);
        self.all += 1;
    }
}

impl Phase {
    fn of(name: &'static str, stopwatch: &Stopwatch, sent: &Range<Instant>, server: &BTreeMap<ScreenNo, usize>) -> Self {
        let at_one = |sender: ScreenNo, screen: ScreenNo| server.get(&sender) == server.get(&screen);
        let (answers, here) = (stopwatch.answers(sent), stopwatch.arrivals(sent, at_one));
        Self { name, answers, here, elsewhere: stopwatch.arrivals(sent, |sender, screen| !at_one(sender, screen)) }
    }
}
