//! `load`: drives a Comanda that it starts itself, and tells how fast and how dear it was.

use anyhow::Result;
use clap::{Parser, Subcommand};
use load::bench::Bench;
use load::chaos::Chaos;
use load::outage::Outage;

/// Drives a Comanda over the official wire format.
#[derive(Debug, Parser)]
#[command(name = "load", version, about)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum What {
    /// Measure live tables: latency, CPU and memory
    Bench(Bench),
    /// Break everything while a restaurant is busy, and compare what was promised with what is there
    Chaos(Chaos),
    /// Take Redis or PostgreSQL away for a while, and tell who notices what
    Outage(Outage),
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse().what {
        What::Bench(bench) => bench.run().await,
        What::Chaos(chaos) => chaos.run().await,
        What::Outage(outage) => outage.run().await,
    }
}
