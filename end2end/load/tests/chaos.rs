//! Everything breaks once while a restaurant is busy: nothing that was acknowledged is lost, nothing happens
//! twice, and in the end everybody agrees. And where a server has a fault of its own, this harness finds it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use load::client::Habits;
use load::client::witness::Notice;
use load::cluster::{self, Cluster, Planted};
use load::faults::timeline::{Kind, Planned, each_once};
use load::scenario::chaos::{self, Plan, Report};
use load::scenario::service;
use load::violation::Violation;

/// Which screens things happen to.
const SEED: u64 = 3;
/// From one fault to the next.
const EVERY: Duration = Duration::from_secs(3);
/// How long a fault lasts.
const LASTS: Duration = Duration::from_secs(4);
/// This machine may be busy with other things: how soon it is, is measured by `load chaos`.
const AGREE_WITHIN: Duration = Duration::from_secs(60);
/// How many commands make a busy evening.
const BUSY: usize = 300;

struct Setting {
    servers: usize,
    planted: Option<Planted>,
    faults: Vec<Planned>,
    settles_within: Duration,
}

/// A busy evening in that setting.
async fn evening(setting: Setting) -> Result<Report> {
    rlimit::increase_nofile_limit(4_096)?;
    let Setting { servers, planted, faults, settles_within } = setting;
    let (tables, program, keep_in) = (12, None, None);
    let plan = cluster::Plan { program, servers, tables: tables + 4, planted, keep_in };
    let mut cluster = Arc::new(Cluster::start(&plan).await?);
    let evening = service::Plan {
        tables,
        guests: 3,
        walk_ins: 2,
        walls: 2,
        pace: (Duration::from_millis(300), Duration::from_millis(1_500)),
        staff_pace: (Duration::from_millis(100), Duration::from_millis(500)),
        habits: Habits { max_under_way: 2, ..Habits::default() },
    };
    let accepted_at_least = if planted.is_none() { BUSY } else { 0 };
    let plan = Plan { evening, faults, seed: SEED, accepted_at_least, agree_within: AGREE_WITHIN, settles_within };
    let report = chaos::run(&cluster, plan, |at, healing| println!("{:>6.1} s  {healing}", at.as_secs_f64())).await;
    let is_good = report.as_ref().is_ok_and(|report| report.violations.is_empty());
    if !is_good
        && planted.is_none()
        && let Some(cluster) = Arc::get_mut(&mut cluster)
    {
        cluster.keep_place();
        println!("logs and data stay in {}", cluster.place().display());
    }
    let report = report?;
    println!("{}\nagreed after {:?}, {} refusals kept", report.counts, report.agreed_after, report.refusals_kept);
    Ok(report)
}

/// So that it was not all for nothing.
fn assert_busy(report: &Report, kinds: &[Kind]) {
    let counts = &report.counts;
    assert!(counts.accepted >= BUSY, "it was a busy evening: {counts}");
    assert!(counts.resolved > 0, "some answers were lost, and asked for again: {counts}");
    assert!(counts.notices.get(&Notice::AnswerLost).is_some_and(|lost| *lost > 0), "{counts}");
    assert!(counts.states > report.screens, "screens caught up: {counts}");
    for kind in kinds {
        assert!(report.faults.iter().any(|healing| healing.fault.kind == *kind), "{kind:?} did not happen");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_lose_and_double_nothing_while_everything_breaks_once() -> Result<()> {
    let faults = each_once(3, EVERY, LASTS);
    let settles_within = Duration::from_secs(90);
    let report = evening(Setting { servers: 3, planted: None, faults, settles_within }).await?;
    assert_eq!(report.violations, []);
    assert_busy(&report, &Kind::ALL);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_server_alone_loses_and_doubles_nothing_while_everything_breaks_once() -> Result<()> {
    let faults = each_once(1, EVERY, LASTS);
    let kinds: Vec<Kind> = faults.iter().map(|fault| fault.kind).collect();
    let settles_within = Duration::from_secs(90);
    let report = evening(Setting { servers: 1, planted: None, faults, settles_within }).await?;
    assert_eq!(report.violations, []);
    assert_busy(&report, &kinds);
    Ok(())
}

/// What three servers with a fault of their own do while these things break: what, where, when, for how long.
async fn with_planted(planted: Planted, faults: &[(Kind, usize, u64, u64)]) -> Result<Report> {
    let fault = |&(kind, server, at, lasts)| {
        let [at, lasts] = [at, lasts].map(Duration::from_secs);
        Planned { at, kind, server, lasts }
    };
    let (faults, settles_within) = (faults.iter().map(fault).collect(), Duration::from_secs(15));
    evening(Setting { servers: 3, planted: Some(planted), faults, settles_within }).await
}

fn assert_found(report: &Report, fits: impl Fn(&Violation) -> bool) {
    assert!(report.violations.iter().any(fits), "it was not found among {:#?}", report.violations);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_repeats_what_is_sent_again_is_found() -> Result<()> {
    let faults = [2, 5, 8].map(|at| (Kind::AnswersLost, 0, at, 2));
    let report = with_planted(Planted::AtOnce("skip-dedupe"), &faults).await?;
    assert_found(&report, |violation| matches!(violation, Violation::Doubled(..)));
    Ok(())
}

/// It is killed while the database is: what it has acknowledged meanwhile is nowhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_acknowledges_before_it_has_saved_is_found() -> Result<()> {
    let gets_it = [0, 1, 2].map(|server| (Kind::ServerKilled, server, 2 + 3 * server as u64, 0));
    // Some seconds later than the database, so that there is something, and some seconds before it is back.
    let both_die = [(Kind::DatabaseKilled, 0, 12, 12), (Kind::ServerKilled, 0, 18, 1), (Kind::ServerKilled, 1, 18, 1)];
    let report = with_planted(Planted::Later("ack-before-commit"), &[&gets_it[..], &both_die].concat()).await?;
    assert_found(&report, |violation| matches!(violation, Violation::Lost(..) | Violation::Elsewhere(..)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_drops_what_others_tell_and_never_asks_is_found() -> Result<()> {
    // Nothing else has to break.
    let report = with_planted(Planted::AtOnce("drop-bus-messages"), &[(Kind::SlowReaders, 0, 3, 3)]).await?;
    assert_found(&report, |violation| matches!(violation, Violation::Differs(..)));
    Ok(())
}
