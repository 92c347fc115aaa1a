//! A busy evening on a cluster on which everything breaks, one thing after the other. At the end what was
//! promised is compared with what every server tells and every screen shows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::agreement;
use super::service::{self, Evening};
use crate::client::{Screen, ScreenNo};
use crate::cluster::Cluster;
use crate::door::Staff;
use crate::faults::inject::inject;
use crate::faults::timeline::{Part, Planned};
use crate::ledger::{Counts, Ledger};
use crate::usage;
use crate::violation::Violation;

/// Healing that takes longer than this is told with a reason.
const LONG: Duration = Duration::from_secs(3);
/// How often we look whether all is well again.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a fault's healing is watched.
const WATCHED_FOR: Duration = Duration::from_secs(60);
/// What happens.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Who comes.
    pub evening: service::Plan,
    /// What breaks.
    pub faults: Vec<Planned>,
    /// Says which screens it happens to.
    pub seed: u64,
    /// The evening goes on after the last fault until so many commands were accepted.
    pub accepted_at_least: usize,
    /// How soon after the last fault everybody has to agree.
    pub agree_within: Duration,
    /// How long we wait for what should have been there sooner, to say what is missing.
    pub settles_within: Duration,
}

/// What happened.
#[derive(Debug)]
pub struct Report {
    /// What must not be.
    pub violations: Vec<Violation>,
    /// What broke, in the order in which it was over.
    pub faults: Vec<Healing>,
    /// How long after the last fault every command was answered, every server told the same, and every screen
    /// showed it; `None` for never.
    pub agreed_after: Option<Duration>,
    /// How much happened.
    pub counts: Counts,
    /// Refusals of what was sent before, which stand in the log so that they hold for every sending.
    pub refusals_kept: usize,
    /// Events in the log.
    pub events: u64,
    /// Screens.
    pub screens: usize,
    /// For how long people ordered.
    pub lasted: Duration,
    /// How busy the machine was meanwhile, 1 for all its cores.
    pub busy: f64,
    /// How much of that was this program, which plays everybody.
    pub busy_here: f64,
    /// The memory of each server at the end, in bytes.
    pub memory_bytes: Vec<u64>,
}

/// A fault, and how it was got over.
#[derive(Debug, Clone)]
pub struct Healing {
    /// What broke.
    pub fault: Planned,
    /// How many screens it happened to, where it happens to screens.
    pub disturbed: usize,
    /// From its end until every screen has been connected and held all that anybody had been told by then.
    pub screens: Option<Duration>,
    /// Which screen was the last to be behind, and why.
    pub last_behind: Option<(ScreenNo, String)>,
    /// From its end until the first command was accepted; `None` where nobody ordered any more, too.
    pub accepted: Option<Duration>,
    /// Something else was broken meanwhile, so that the times are not its own.
    pub overlapped: bool,
}

impl fmt::Display for Healing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {:.1} s: {}: ", self.fault.at.as_secs_f64(), self.fault)?;
        match self.screens {
            Some(after) => write!(f, "screens well after {:.2} s", after.as_secs_f64())?,
            None => write!(f, "screens never well")?,
        }
        if let Some(after) = self.accepted {
            write!(f, ", first command after {:.2} s", after.as_secs_f64())?;
        }
        if self.disturbed > 0 {
            write!(f, ", {} screens", self.disturbed)?;
        }
        if let Some((screen, why)) = self.last_behind.as_ref().filter(|_| self.screens.is_none_or(|after| after > LONG)) {
            write!(f, ", the last was {screen}: {why}")?;
        }
        f.write_str(if self.overlapped { " (others were under way)" } else { "" })
    }
}

/// How things are at this moment.
#[derive(Debug, Default)]
struct Broken {
    /// So much is broken.
    now: AtomicUsize,
    /// Nothing will break or heal any more.
    is_over: AtomicBool,
}

/// Runs the evening. Whoever calls is told of each fault as it is over, with the time from the beginning.
pub async fn run(cluster: &Arc<Cluster>, plan: Plan, told: impl Fn(Duration, &Healing)) -> Result<Report> {
    let ledger = Arc::new(Ledger::default());
    let evening = Arc::new(Evening::begin(&cluster.door, plan.evening, &ledger).await.context("before anything broke")?);
    let staff = cluster.door.sign_in(Staff::Manager).await?;
    let began = Instant::now();
    let (busy_before, here_before) = (usage::machine()?, usage::cpu_time(std::process::id())?);
    let under_way = evening.go_on();

    let broken = Arc::new(Broken::default());
    let (mut breaking, mut healing) = (JoinSet::new(), JoinSet::new());
    let mut parts: BTreeMap<Part, Arc<Mutex<()>>> = BTreeMap::new();
    for (n, fault) in plan.faults.iter().copied().enumerate() {
        let (cluster, evening, broken) = (Arc::clone(cluster), Arc::clone(&evening), Arc::clone(&broken));
        let (seed, part) = (plan.seed.wrapping_add(n as u64), Arc::clone(parts.entry(fault.part()).or_default()));
        breaking.spawn(async move {
            sleep_until(began + fault.at).await;
            // Where something before it took longer than planned, the next thing waits.
            let _alone = part.lock().await;
            broken.now.fetch_add(1, Ordering::Relaxed);
            let disturbed = inject(fault, seed, &cluster, evening.screens()).await;
            broken.now.fetch_sub(1, Ordering::Relaxed);
            anyhow::Ok((fault, disturbed.with_context(|| fault.to_string())?))
        });
    }
    let mut faults = Vec::new();
    let mut healed = |healing: Healing| {
        told(began.elapsed(), &healing);
        faults.push(healing);
    };
    let mut last_over = Instant::now();
    while !breaking.is_empty() {
        tokio::select! {
            Some(over) = breaking.join_next() => {
                let (fault, disturbed) = over??;
                last_over = Instant::now();
                let (evening, ledger, broken) = (Arc::clone(&evening), Arc::clone(&ledger), Arc::clone(&broken));
                healing.spawn(async move { watch(fault, disturbed, &evening, &ledger, &broken).await });
            }
            Some(healing) = healing.join_next() => healed(healing?),
        }
    }

    let waits_since = Instant::now();
    while ledger.accepted() < plan.accepted_at_least && waits_since.elapsed() < plan.settles_within {
        sleep(LOOK_EVERY).await;
    }

    let mut violations = Vec::new();
    let lasted = began.elapsed();
    let busy = usage::machine()?.busy_since(busy_before);
    let here = usage::cpu_time(std::process::id())?.saturating_sub(here_before);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if let Err(error) = under_way.finish(plan.settles_within).await {
        violations.push(Violation::SentAway(format!("{error:#}")));
    }
    let screens: Vec<&Screen> = evening.screens().collect();
    let settled = agreement::reached(cluster, &staff, &screens, &ledger, last_over, plan.settles_within).await;
    match settled.agreed_after {
        Some(after) if after > plan.agree_within => violations.push(Violation::NotHealed(format!(
            "everybody agreed {:.1} s after the last fault, not within {:.1} s",
            after.as_secs_f64(),
            plan.agree_within.as_secs_f64()
        ))),
        _ => violations.extend(settled.differences),
    }
    violations.extend(ledger.unanswered(&settled.truth));
    violations.extend(ledger.verify(&settled.truth));
    broken.is_over.store(true, Ordering::Relaxed);
    while let Some(healing) = healing.join_next().await {
        healed(healing?);
    }
    let mut memory_bytes = Vec::new();
    for member in &cluster.members {
        memory_bytes.push(member.memory_bytes().await.unwrap_or_default());
    }
    Ok(Report {
        violations,
        faults,
        agreed_after: settled.agreed_after,
        counts: ledger.counts(),
        refusals_kept: settled.truth.refusals(),
        events: settled.truth.events(),
        screens: screens.len(),
        lasted,
        busy,
        busy_here: here.as_secs_f64() / lasted.as_secs_f64() / cores as f64,
        memory_bytes,
    })
}

/// Watches until all is well again after a fault that is over now.
async fn watch(fault: Planned, disturbed: usize, evening: &Evening, ledger: &Ledger, broken: &Broken) -> Healing {
    let (over, heads, before) = (Instant::now(), ledger.heads(), ledger.accepted());
    let mut behind: Vec<&Screen> = evening.screens().collect();
    let mut healing = Healing { fault, disturbed, screens: None, last_behind: None, accepted: None, overlapped: false };
    while over.elapsed() < WATCHED_FOR && (healing.screens.is_none() || healing.accepted.is_none()) {
        healing.overlapped |= broken.now.load(Ordering::Relaxed) > 0;
        let now = over.elapsed();
        // Each has to be well once: some lose their connections at any time, for reasons of their own.
        behind.retain(|screen| {
            let why = agreement::why_behind(screen, &heads);
            why.is_some_and(|why| {
                healing.last_behind = Some((screen.number, why));
                true
            })
        });
        if behind.is_empty() && healing.screens.is_none() {
            healing.screens = Some(now);
        }
        if healing.accepted.is_none() && ledger.accepted() > before {
            healing.accepted = Some(now);
        }
        // Where nobody orders any more, no command is accepted; and what has not come by the end never comes.
        if healing.screens.is_some() && evening.has_ended() || broken.is_over.load(Ordering::Relaxed) {
            break;
        }
        sleep(LOOK_EVERY).await;
    }
    healing
}
