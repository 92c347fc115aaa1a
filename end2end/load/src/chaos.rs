//! `load chaos`: a busy evening on a cluster that is started for it, on which everything breaks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::client::Habits;
use crate::client::witness::Notice;
use crate::cluster::{self, Cluster};
use crate::faults::timeline;
use crate::scenario::chaos::{self, Plan, Report};
use crate::scenario::service;
use crate::stopwatch::Spread;

/// Tables at which no guest sits: the waiter opens and closes them.
const SPARE_TABLES: usize = 10;
/// Guests who come and go there.
const WALK_INS: usize = 4;
/// The most violations that are printed.
const TOLD_VIOLATIONS: usize = 40;
/// Between two taps of somebody who works here.
const STAFF_PACE: (Duration, Duration) = (Duration::from_millis(400), Duration::from_millis(1_600));
/// How long we wait after the last fault to say what is missing.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);
/// Screens wait a random part of this before they connect again.
const RECONNECT_AFTER: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(1_000));

/// What to break, and in front of whom.
#[derive(Debug, Clone, Args)]
pub struct Chaos {
    /// The program to test; by default COMANDA_BIN, or what cargo put beside this
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// Servers, on one PostgreSQL and one Redis; one alone has its own SQLite
    #[arg(long, default_value_t = 3)]
    servers: usize,
    /// Tables with guests
    #[arg(long, default_value_t = 200)]
    tables: usize,
    /// Guests at each
    #[arg(long, default_value_t = 4)]
    guests: usize,
    /// Walls in the kitchen; a waiter's tablet comes on top
    #[arg(long, default_value_t = 8)]
    boards: usize,
    /// What all guests together tap in a second
    #[arg(long, default_value_t = 40)]
    taps: u32,
    /// For how long
    #[arg(long, default_value_t = 5.0)]
    minutes: f64,
    /// From one fault to the next, about
    #[arg(long, default_value_t = 10.0)]
    every_seconds: f64,
    /// How soon after the last fault everybody has to agree
    #[arg(long, default_value_t = 5.0)]
    agree_within_seconds: f64,
    /// What the faults are drawn from; any if none is given
    #[arg(long)]
    seed: Option<u64>,
    /// Keep logs and data below this directory; by default they are kept where something was wrong
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

impl Chaos {
    /// Starts the cluster, breaks it, and prints what came of it. Violations are an error.
    pub async fn run(&self) -> Result<()> {
        ensure!(self.taps > 0 && self.guests > 0 && self.tables > 0, "somebody has to order");
        let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).context("not a duration");
        rlimit::increase_nofile_limit(u64::MAX).context("can't raise the limit of open files")?;
        let seed = self.seed.unwrap_or_else(|| rand::random_range(0..1_000_000));
        let faults = timeline::drawn(seed, self.servers, seconds(self.minutes * 60.0)?, seconds(self.every_seconds)?);
        let (servers, guests) = (self.servers, self.tables * self.guests);
        println!(
            "seed {seed}: {servers} servers, {} tables × {} guests, {} boards, {} taps a second, {} faults in {:.1} minutes",
            self.tables,
            self.guests,
            self.boards,
            self.taps,
            faults.len(),
            self.minutes
        );
        let plan = cluster::Plan {
            program: self.bin.clone(),
            servers,
            tables: self.tables + SPARE_TABLES,
            planted: None,
            keep_in: self.keep.clone(),
        };
        let mut cluster = Arc::new(Cluster::start(&plan).await?);
        println!("logs and data are in {}", cluster.place().display());
        let pace = Duration::from_secs(guests as u64) / self.taps;
        let evening = service::Plan {
            tables: self.tables,
            guests: self.guests,
            walk_ins: WALK_INS,
            walls: self.boards,
            pace: (pace / 2, pace * 3 / 2),
            staff_pace: STAFF_PACE,
            habits: Habits { max_under_way: 2, reconnect_after: RECONNECT_AFTER, ..Habits::default() },
        };
        let (accepted_at_least, agree_within) = (0, seconds(self.agree_within_seconds)?);
        let plan = Plan { evening, faults, seed, accepted_at_least, agree_within, settles_within: SETTLES_WITHIN };
        let told = |at: Duration, healing: &chaos::Healing| println!("{:>7.1} s  {healing}", at.as_secs_f64());
        let report = chaos::run(&cluster, plan, told).await;
        let is_bad = report.as_ref().map_or(true, |report| !report.violations.is_empty());
        if is_bad && let Some(cluster) = Arc::get_mut(&mut cluster) {
            cluster.keep_place();
        }
        let report = report.with_context(|| format!("seed {seed}; logs and data stay in {}", cluster.place().display()))?;
        print(&report);
        if is_bad {
            for violation in report.violations.iter().take(TOLD_VIOLATIONS) {
                println!("violation          {violation}");
            }
            let (all, place) = (report.violations.len(), cluster.place().display());
            bail!("{all} violations with seed {seed}; logs and data stay in {place}");
        }
        println!("no violation");
        Ok(())
    }
}

fn print(report: &Report) {
    let counts = &report.counts;
    let noticed = |notice: Notice| counts.notices.get(&notice).copied().unwrap_or(0);
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    report.faults.iter().for_each(|healing| *kinds.entry(healing.fault.kind).or_default() += 1);
    let alone = report.faults.iter().filter(|healing| !healing.overlapped);
    let heal = Spread::of(alone.filter_map(|healing| healing.screens).collect());
    println!(
        "operations         {} joined; {} commands: {} accepted, {} refused, {} unanswered; {} events in the log",
        counts.joins, counts.commands, counts.accepted, counts.refused, counts.unknown, report.events
    );
    println!(
        "sent again         {} sendings, {} of their commands accepted; {} refusals kept",
        counts.resent, counts.resolved, report.refusals_kept
    );
    println!("refused for now    {:?}", counts.refused_for_now);
    println!("faults             {}: {kinds:?}", report.faults.len());
    println!("receipts           {} events applied, {} known already", counts.applied, counts.old);
    println!(
        "repairs            {} gaps, {} events asked for, {} answers asked for; {} states told",
        noticed(Notice::Gap),
        noticed(Notice::Overdue),
        noticed(Notice::Unanswered),
        counts.states
    );
    println!(
        "connections        {} screens, {} times lost, {} answers lost on purpose",
        report.screens,
        noticed(Notice::Lost),
        noticed(Notice::AnswerLost)
    );
    println!(
        "time to heal       {heal}: from a fault's end until every screen held what was told by then; no other fault meanwhile"
    );
    let agreed = report.agreed_after.map_or("never".to_owned(), |after| format!("{:.2} s after it", after.as_secs_f64()));
    println!("after the last     every server and every screen agreed {agreed}");
    let mib = |bytes: &u64| format!("{:.0} MiB", *bytes as f64 / (1024.0 * 1024.0));
    let memory: Vec<String> = report.memory_bytes.iter().map(mib).collect();
    println!("servers' memory    {}", memory.join(", "));
    let [busy, here] = [report.busy, report.busy_here].map(|share| 100.0 * share);
    println!(
        "lasted             {:.1} s, the machine {busy:.0} % busy, {here:.0} % with all the people here",
        report.lasted.as_secs_f64()
    );
}
