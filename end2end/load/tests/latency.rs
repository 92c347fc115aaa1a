//! A hundred live tables: every update arrives at the other phone and at the kitchen's board exactly
//! once. How soon is printed, and not asserted: this machine's pace is not a promise.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use load::client::witness::Notice;
use load::client::{Habits, Witness};
use load::house::{House, Staff};
use load::ledger::Ledger;
use load::scenario::updates::{LiveTables, Plan};
use load::truth::Truth;

/// How often each table's order changes, however long that takes.
const UPDATES: u64 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_update_of_a_hundred_tables_arrives_exactly_once() -> Result<()> {
    let (lasts, every) = (Duration::from_secs(10), Duration::from_millis(500));
    // What comes late is not missing yet.
    let habits = Habits { event_overdue_after: Duration::from_secs(60), ..Habits::default() };
    let plan = Plan { tables: 100, guests: 2, boards: 1, lasts, every, habits };
    rlimit::increase_nofile_limit(4_096)?;
    // No heartbeat meanwhile: on a machine that stops for a while nobody is taken for gone.
    let house = House::with_tables_and(plan.tables, |setup| setup.heartbeat_seconds = 300).await?;
    let ledger = Arc::new(Ledger::default());
    let live = LiveTables::seat(&house.door, plan, Arc::clone(&ledger) as Arc<dyn Witness>).await?;
    let measured = live.order_while(|made| made < UPDATES).await?;
    let counts = ledger.counts();
    println!("{} tables, {} connections, {} updates", plan.tables, live.screens(), measured.accepted);
    println!("tap to answer      {}", measured.answers);
    println!("tap to the phone   {}", measured.phones);
    println!("tap to the board   {}", measured.boards);
    println!("{counts}");

    assert_eq!(measured.accepted as u64, plan.tables as u64 * UPDATES);
    assert_eq!(measured.not_exactly_once, 0);
    for never in [Notice::Gap, Notice::Overdue, Notice::Lost, Notice::NotUnderstood, Notice::Unanswered] {
        assert_eq!(counts.notices.get(&never), None, "{counts}");
    }
    let truth = Truth::read(&house.sign_in(Staff::Manager).await?, &ledger.seatings()).await?;
    assert_eq!(ledger.verify(&truth), []);
    Ok(())
}
