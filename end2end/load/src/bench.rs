//! `load bench`: live tables on a server that is started for it, timed and weighed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use tempfile::TempDir;

use crate::client::{Habits, Witness};
use crate::house::House;
use crate::ledger::Ledger;
use crate::process::{Setup, program};
use crate::scenario::updates::{LiveTables, Plan};
use crate::{usage, venue};

/// What to measure.
#[derive(Debug, Clone, Args)]
pub struct Bench {
    /// The program to measure: a release build of comanda
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// Live tables
    #[arg(long, default_value_t = 100)]
    tables: usize,
    /// Guests at each table; one orders, the others see it
    #[arg(long, default_value_t = 2)]
    guests: usize,
    /// Walls in the kitchen, which see everything
    #[arg(long, default_value_t = 1)]
    boards: usize,
    /// For how long to order
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Milliseconds from one update of a table to the next
    #[arg(long, default_value_t = 500)]
    every_ms: u64,
}

impl Bench {
    /// Starts the server, orders, and prints what it took.
    pub async fn run(&self) -> Result<()> {
        ensure!(self.every_ms > 0, "--every-ms must be more than 0");
        let limit = rlimit::increase_nofile_limit(u64::MAX).context("can't raise the limit of open files")?;
        let screens = self.tables * self.guests + self.boards;
        ensure!((screens as u64) < limit, "{screens} screens need more than the {limit} files that the system lets us open");
        let house = self.house().await?;
        let pid = house.server()?.pid().context("the server has ended")?;

        let ledger = Arc::new(Ledger::default());
        let (lasts, every) = (Duration::from_secs(self.seconds), Duration::from_millis(self.every_ms));
        let plan =
            Plan { tables: self.tables, guests: self.guests, boards: self.boards, lasts, every, habits: Habits::default() };
        let live = LiveTables::seat(&house.door, plan, Arc::clone(&ledger) as Arc<dyn Witness>).await?;

        let before = usage::cpu_time(pid)?;
        let measured = live.order().await?;
        let spent = usage::cpu_time(pid)?.saturating_sub(before);
        let (memory, memory_most) = usage::memory_bytes(pid)?;

        let receipts = measured.phones.count + measured.boards.count;
        let us_each = |times: usize| spent.as_secs_f64() * 1e6 / times.max(1) as f64;
        let mib = |bytes: u64| bytes as f64 / (1024.0 * 1024.0);
        println!("{} tables × {} guests, {} boards: {} connections", self.tables, self.guests, self.boards, live.screens());
        println!(
            "updates            {:>8} accepted, one a table every {} ms for {} s",
            measured.accepted, self.every_ms, self.seconds
        );
        println!("receipts           {receipts:>8} at other screens; {} updates not exactly once", measured.not_exactly_once);
        println!("tap to answer      {}", measured.answers);
        println!("tap to the phones  {}", measured.phones);
        println!("tap to the boards  {}", measured.boards);
        println!(
            "server's CPU       {:>8.2} s   {:.0} µs an update   {:.0} µs a receipt",
            spent.as_secs_f64(),
            us_each(measured.accepted),
            us_each(receipts)
        );
        println!("server's memory    {:>8.1} MiB now, {:.1} MiB at most", mib(memory), mib(memory_most));
        println!("in all             {}", ledger.counts());
        ensure!(measured.not_exactly_once == 0, "{} updates did not arrive exactly once", measured.not_exactly_once);
        Ok(())
    }

    async fn house(&self) -> Result<House> {
        let bin = self.bin.clone().map_or_else(program, Ok)?;
        let place = TempDir::with_prefix("comanda-bench-").context("can't make a directory for the data")?;
        let mut setup = Setup::of(bin, "serve", &place.path().join("data"));
        setup.venue = Some(venue::write(place.path(), &venue::with_tables(self.tables)?)?);
        House::start(setup, place).await
    }
}
