//! Servers are asked to stop, one after the other, while people order: an upgrade on a Friday night.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use load::client::socket::Socket;
use load::client::witness::Notice;
use load::client::{Habits, Link, Pass, Route, http};
use load::cluster::{self, Cluster};
use load::door::Staff;
use load::ledger::Ledger;
use load::scenario::service::{Evening, Plan};
use load::truth::Truth;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// How long a stop may take.
const STOPS_WITHIN: Duration = Duration::from_secs(60);
/// How long a server stays at least after it was asked to stop, so that a balancer notices.
const STAYS: Duration = Duration::from_secs(3);
/// How long anything else that has to happen may take.
const WITHIN: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_are_restarted_one_after_the_other_and_nobody_is_left_behind() -> Result<()> {
    rlimit::increase_nofile_limit(4_096)?;
    let plan = cluster::Plan { program: None, servers: 3, tables: 12, planted: None, keep_in: None };
    let cluster = Cluster::start(&plan).await?;
    let ledger = Arc::new(Ledger::default());
    let plan = Plan {
        tables: 8,
        guests: 3,
        walk_ins: 1,
        walls: 2,
        pace: (Duration::from_millis(50), Duration::from_millis(300)),
        staff_pace: (Duration::from_millis(50), Duration::from_millis(300)),
        habits: Habits { max_under_way: 2, ..Habits::default() },
    };
    let evening = Arc::new(Evening::begin(&cluster.door, plan, &ledger).await?);
    let staff = cluster.door.sign_in(Staff::Manager).await?;
    let under_way = evening.go_on();

    for (n, member) in cluster.members.iter().enumerate() {
        let due = ledger.accepted() + 200;
        until("it is busy", || ledger.accepted() >= due).await?;
        ensure!(evening.screens().any(|screen| screen.server() == n), "somebody is at server {}", member.number);
        let (asked, address) = (Instant::now(), member.address());
        let stays = stays(&staff.beginning_at(n)).await?;
        let told = async {
            let told = is_told_not_ready(address).await;
            stays.abort();
            told
        };
        let (ended, not_ready) = tokio::join!(member.stop(STOPS_WITHIN), told);
        let (ended, took) = (ended?, asked.elapsed());
        assert!(ended.status.success(), "{}\n{}", ended.status, ended.written);
        assert!(not_ready, "a balancer is told before it is gone");
        assert!(took >= STAYS, "a balancer asks once a second: {took:?}");
        println!("server {} has stopped after {took:.1?}", member.number);
        let all_moved = || evening.screens().all(|screen| screen.link() == Link::Live && screen.server() != n);
        until("everybody is at another server", all_moved).await?;
        member.start().await?;
    }
    under_way.finish(WITHIN).await.with_context(|| ledger.counts().to_string())?;

    let truth = Truth::read(&staff, &ledger.seatings()).await?;
    let counts = ledger.counts();
    println!("{counts}");
    assert_eq!(ledger.verify(&truth), [], "{counts}");
    evening.all_show(&truth).await?;
    assert_eq!(ledger.unanswered(&truth), [], "everybody who stayed got an answer in the end");
    assert!(counts.notices.get(&Notice::ToldToMove).is_some_and(|moved| *moved > 10), "screens are told to move: {counts}");
    Ok(())
}

/// A screen that does not move when it is told to, and so keeps its server from going before we have asked.
async fn stays(pass: &Pass) -> Result<JoinHandle<()>> {
    let mut socket = Socket::connect(&pass.route, &pass.cookie, &pass.hello()).await?;
    Ok(tokio::spawn(async move { while socket.next().await.is_ok() {} }))
}

/// Whether `/readyz` says no while the server still answers.
async fn is_told_not_ready(address: std::net::SocketAddr) -> bool {
    let began = Instant::now();
    while began.elapsed() < STOPS_WITHIN {
        match http::get(&Route::to(address), "/readyz", None).await {
            Ok(answer) if answer.status == 503 => return true,
            Ok(_) => sleep(Duration::from_millis(10)).await,
            Err(_) => return false,
        }
    }
    false
}

async fn until(what: &str, done: impl Fn() -> bool) -> Result<()> {
    let asked = Instant::now();
    while !done() {
        ensure!(asked.elapsed() < WITHIN, "{what}: not within {WITHIN:?}");
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
