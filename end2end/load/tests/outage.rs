//! What several servers stand on is dead for a while. Without Redis they go on; without PostgreSQL nothing is
//! saved, everything can be read, and what waited goes through afterwards, once.

use std::time::Duration;

use anyhow::Result;
use load::cluster::{self, Cluster};
use load::scenario::outage::{self, Plan, Report, What};

/// How much more memory a server may need meanwhile: far more than eight seconds need, far less than a leak.
const GROWS_AT_MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Of which each has one guest who orders, one thing after the other.
const TABLES: usize = 6;
/// How much has to happen without Redis.
const ACCEPTED: usize = 40;
const ELSEWHERE: usize = 100;

async fn eight_seconds_without(what: What) -> Result<Report> {
    let tables = TABLES;
    let plan = cluster::Plan { program: None, servers: 3, tables, planted: None, keep_in: None };
    let cluster = Cluster::start(&plan).await?;
    let (lasts, around, every) = (Duration::from_secs(8), Duration::from_secs(3), Duration::from_millis(500));
    let [accepted_at_least, elsewhere_at_least] = if what == What::Redis { [ACCEPTED, ELSEWHERE] } else { [0, 0] };
    let plan = Plan { what, lasts, around, tables, guests: 4, boards: 3, every, accepted_at_least, elsewhere_at_least };
    let report = outage::run(&cluster, plan).await?;
    println!("{report}");
    assert_eq!(report.violations, []);
    assert_eq!(report.counts.unknown, 0, "{}", report.counts);
    assert_eq!((report.pages.good, report.newcomers.good), (report.pages.all, report.newcomers.all), "reading goes on");
    assert!(report.pages.all >= 3, "it was read meanwhile, at each server: {}", report.pages);
    for memory in &report.memory {
        assert!(memory.most < memory.before + GROWS_AT_MOST_BYTES, "{memory}");
    }
    Ok(report)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_everything_is_saved_and_comes_to_every_screen() -> Result<()> {
    let report = eight_seconds_without(What::Redis).await?;
    assert_eq!(report.not_now, 0, "nobody is told to wait");
    assert!(report.accepted_meanwhile >= ACCEPTED, "{}", report.accepted_meanwhile);
    // What was told meanwhile did not wait for Redis to come back: it came back after that.
    assert!(report.elsewhere_meanwhile >= ELSEWHERE, "{}", report.elsewhere_meanwhile);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_database_nothing_is_acknowledged_and_what_waited_goes_through() -> Result<()> {
    let report = eight_seconds_without(What::Database).await?;
    assert!(report.pending > 0, "somebody waited");
    // What was under way when it died may have been saved: one thing at each table.
    assert!(report.accepted_meanwhile <= TABLES, "{}", report.accepted_meanwhile);
    Ok(())
}
