//! The disk fills in the middle of a busy evening: what can't be saved is refused and stays pending,
//! what can be read is read, and when there is room again everything goes through, once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use domain::Rejection;
use load::client::{Habits, Screen, http};
use load::faults::disk::SmallDisk;
use load::house::{House, Staff};
use load::ledger::Ledger;
use load::scenario::service::{Evening, Plan};
use load::truth::Truth;
use tempfile::TempDir;
use tokio::time::sleep;

/// How long anything that has to happen may take.
const WITHIN: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_and_doubles_nothing() -> Result<()> {
    let place = TempDir::with_prefix("comanda-disk-")?;
    let disk = SmallDisk::make(place.path())?;
    let mut house = House::demo_with(|setup, _| {
        disk.hold(setup);
        Ok(())
    })
    .await?;
    let ledger = Arc::new(Ledger::default());
    let pace = (Duration::from_millis(10), Duration::from_millis(60));
    let evening = Evening::begin(
        &house.door,
        Plan { tables: 5, guests: 2, walk_ins: 0, walls: 1, pace, staff_pace: pace, habits: Habits::default() },
        &ledger,
    );
    let evening = Arc::new(evening.await?);
    let staff = house.sign_in(Staff::Manager).await?;
    let page = house.page_of(&house.tables()?[0])?;
    let route = house.route();
    let status = async |path: &str| http::get(&route, path, None).await.map(|answer| answer.status);

    let under_way = evening.go_on();
    until("orders are taken", || ledger.accepted() >= 50).await?;
    assert_eq!((status("/healthz").await?, status("/readyz").await?), (200, 200));

    disk.fill(32 * 1024)?;
    let refused = || ledger.refused_for_now(Rejection::Unavailable);
    until("the disk is full", || refused() >= 10).await?;
    // A little may still fit, and is taken; then nothing does.
    disk.fill_up()?;
    let mut accepted = (ledger.accepted(), refused());
    let nothing_fits = || {
        if ledger.accepted() != accepted.0 {
            accepted = (ledger.accepted(), refused());
        }
        refused() >= accepted.1 + 30
    };
    until("nothing fits any more", nothing_fits).await?;

    assert_eq!(status("/healthz").await?, 200, "it lives, and a restart would not help");
    assert_eq!(status("/readyz").await?, 503);
    let menu = http::get(&route, &page, None).await?;
    assert_eq!(menu.status, 200, "the menu can be read");
    assert!(menu.body.contains("Azores") || menu.body.contains("Açores"), "{}", menu.body);
    let newcomer = house.join(&house.tables()?[0], "Late").await.expect_err("nobody can be written down").to_string();
    assert!(newcomer.contains(" 503 "), "{newcomer}");
    let wall = Screen::open(staff.clone(), Habits::default(), Arc::new(Ledger::default()));
    wall.until_live(WITHIN).await?;
    let truth = Truth::read(&staff, &ledger.seatings()).await?;
    assert_eq!(truth.differs_from(&wall.held()), None, "a screen that comes now is caught up");
    assert_eq!(ledger.verify(&truth), [], "nothing that was acknowledged is lost");
    let full = ledger.counts();
    println!("{}, full: {full}", disk.kind());

    let pid = house.server()?.pid().expect("it runs");
    disk.make_room(pid)?;
    until("orders are taken again", || ledger.accepted() >= full.accepted + 50).await?;
    let began = Instant::now();
    while status("/readyz").await? != 200 {
        ensure!(began.elapsed() < WITHIN, "it is not ready again");
    }
    under_way.finish(WITHIN).await?;
    let truth = Truth::read(&staff, &ledger.seatings()).await?;
    println!("room again: {}", ledger.counts());
    assert_eq!(ledger.verify(&truth), []);
    assert_eq!(ledger.counts().unknown, 0, "what was pending went through");
    evening.all_show(&truth).await?;

    // What the disk holds is sound: it is killed, and reads it again.
    house.kill().await?;
    house.start_again().await?;
    let again = Truth::read(&staff, &ledger.seatings()).await?;
    assert_eq!(ledger.verify(&again), []);
    assert_eq!(again.events(), truth.events());
    Ok(())
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Result<()> {
    let began = Instant::now();
    while !is_so() {
        ensure!(began.elapsed() < WITHIN, "not within {WITHIN:?}: {what}");
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}
