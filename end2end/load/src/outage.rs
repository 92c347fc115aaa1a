//! `load outage`: Redis or PostgreSQL is dead for a while, on a cluster that is started for it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::cluster::{self, Cluster};
use crate::scenario::outage::{self, Plan, What};
use crate::violation::Violation;

/// How long all is well before and afterwards.
const AROUND: Duration = Duration::from_secs(10);
/// How late a screen at another server may be while Redis is dead.
const LATE_AT_MOST: Duration = Duration::from_millis(2_500);
/// How much more memory a server may need meanwhile.
const GROWS_AT_MOST_BYTES: u64 = 64 * 1024 * 1024;

/// What is dead, and in front of whom.
#[derive(Debug, Clone, Args)]
pub struct Outage {
    /// What is dead
    what: What,
    /// The program to test; by default COMANDA_BIN, or what cargo put beside this
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// For how long
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Servers
    #[arg(long, default_value_t = 3)]
    servers: usize,
    /// Tables with guests
    #[arg(long, default_value_t = 40)]
    tables: usize,
    /// Guests at each, at different servers; one orders
    #[arg(long, default_value_t = 4)]
    guests: usize,
    /// Walls in the kitchen
    #[arg(long, default_value_t = 3)]
    boards: usize,
    /// Milliseconds from one update of a table to the next
    #[arg(long, default_value_t = 1_000)]
    every_ms: u64,
}

impl Outage {
    /// Starts the cluster, takes something away, and prints who noticed what. Violations are an error.
    pub async fn run(&self) -> Result<()> {
        ensure!(self.servers > 1, "one server alone stands on neither");
        ensure!(self.every_ms > 0, "--every-ms must be more than 0");
        rlimit::increase_nofile_limit(u64::MAX).context("can't raise the limit of open files")?;
        let (program, servers, tables) = (self.bin.clone(), self.servers, self.tables);
        let mut cluster = Cluster::start(&cluster::Plan { program, servers, tables, planted: None, keep_in: None }).await?;
        let (lasts, every) = (Duration::from_secs(self.seconds), Duration::from_millis(self.every_ms));
        let (guests, boards) = (self.guests, self.boards);
        let plan = Plan {
            what: self.what,
            lasts,
            around: AROUND,
            tables,
            guests,
            boards,
            every,
            accepted_at_least: 0,
            elsewhere_at_least: 0,
        };
        let report = outage::run(&cluster, plan).await;
        if report.as_ref().map_or(true, |report| !report.violations.is_empty()) {
            cluster.keep_place();
            println!("logs and data stay in {}", cluster.place().display());
        }
        let mut report = report?;
        println!(
            "{:?} dead for {} s, {servers} servers, {tables} tables × {guests} guests, {boards} boards",
            self.what, self.seconds
        );
        println!("{report}");
        report.violations.extend(beyond_bounds(self.what, &report));
        if !report.violations.is_empty() {
            report.violations.iter().for_each(|violation| println!("violation   {violation}"));
            bail!("{} violations", report.violations.len());
        }
        println!("no violation");
        Ok(())
    }
}

/// What an outage may cost.
fn beyond_bounds(what: What, report: &outage::Report) -> Vec<Violation> {
    let mut violations = Vec::new();
    let [_, meanwhile, _] = &report.phases;
    if what == What::Redis && meanwhile.elsewhere.p99 > LATE_AT_MOST {
        violations.push(Violation::NotHealed(format!("screens at other servers were late: {}", meanwhile.elsewhere)));
    }
    if report.pages.good < report.pages.all || report.newcomers.good < report.newcomers.all {
        let read = format!("{} pages and {} new screens could be read", report.pages, report.newcomers);
        violations.push(Violation::NotHealed(read));
    }
    for (server, memory) in (1..).zip(&report.memory) {
        if memory.most > memory.before + GROWS_AT_MOST_BYTES {
            violations.push(Violation::NotServing(server, format!("its memory grew: {memory}")));
        }
    }
    violations
}
