//! What several servers stand on is dead for a while. Without Redis they go on; without PostgreSQL nothing is
//! saved, everything can be read, and what waited goes through afterwards, once.

use std::time::Duration;

use anyhow::Result;
use load::cluster::{self, Cluster};
use load::scenario::outage::{self, Plan, Report, What};

/// How much more memory a server may need meanwhile: far more than eight seconds need, far less than a leak.
const GROWS_AT_MOST_BYTES: u64 = 64 * 1024 * 1024;

async fn eight_seconds_without(what: What) -> Result<Report> {
    let tables = 6;
    let plan = cluster::Plan { program: None, servers: 3, tables, planted: None, keep_in: None };
    let cluster = Cluster::start(&plan).await?;
    let (lasts, around, every) = (Duration::from_secs(8), Duration::from_secs(3), Duration::from_millis(500));
    let report = outage::run(&cluster, Plan { what, lasts, around, tables, guests: 4, boards: 3, every }).await?;
    println!("{report}");
    assert_eq!(report.violations, []);
    assert_eq!(report.counts.unknown, 0, "{}", report.counts);
    assert_eq!((report.pages.good, report.newcomers.good), (report.pages.all, report.newcomers.all), "reading goes on");
    assert!(report.pages.all > 3, "it was read meanwhile: {}", report.pages);
    for memory in &report.memory {
        assert!(memory.most < memory.before + GROWS_AT_MOST_BYTES, "{memory}");
    }
    Ok(report)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_everything_is_saved_and_comes_to_every_screen() -> Result<()> {
    let report = eight_seconds_without(What::Redis).await?;
    assert_eq!(report.not_now, 0, "nobody is told to wait");
    assert!(report.accepted_meanwhile > 40, "{}", report.accepted_meanwhile);
    // What was told meanwhile did not wait for Redis to come back.
    let [_, meanwhile, _] = report.phases;
    assert!(meanwhile.elsewhere.count > 100 && meanwhile.elsewhere.p50 < Duration::from_secs(4), "{meanwhile}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_database_nothing_is_acknowledged_and_what_waited_goes_through() -> Result<()> {
    let report = eight_seconds_without(What::Database).await?;
    assert!(report.pending > 0, "somebody waited");
    // What was under way when it died may have been saved.
    assert!(report.accepted_meanwhile < 20, "{}", report.accepted_meanwhile);
    Ok(())
}
