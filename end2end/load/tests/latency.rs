//! A hundred live tables: every update arrives at the other phone and at the kitchen's board exactly
//! once. How soon is printed, and not asserted: this machine's pace is not a promise.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use load::client::Witness;
use load::client::witness::Notice;
use load::house::{House, Staff};
use load::ledger::Ledger;
use load::scenario::updates::{LiveTables, Plan};
use load::truth::Truth;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_update_of_a_hundred_tables_arrives_exactly_once() -> Result<()> {
    let plan = Plan { tables: 100, guests: 2, boards: 1, lasts: Duration::from_secs(10), every: Duration::from_millis(500) };
    rlimit::increase_nofile_limit(4_096)?;
    let house = House::with_tables(plan.tables).await?;
    let ledger = Arc::new(Ledger::default());
    let live = LiveTables::seat(&house.door, plan, Arc::clone(&ledger) as Arc<dyn Witness>).await?;
    let measured = live.order().await?;
    let counts = ledger.counts();
    println!("{} tables, {} connections, {} updates", plan.tables, live.screens(), measured.accepted);
    println!("tap to answer      {}", measured.answers);
    println!("tap to the phone   {}", measured.phones);
    println!("tap to the board   {}", measured.boards);
    println!("{counts}");

    assert!(measured.accepted >= plan.tables * 15, "{} updates", measured.accepted);
    assert_eq!(measured.not_exactly_once, 0);
    for never in [Notice::Gap, Notice::Overdue, Notice::Lost, Notice::NotUnderstood, Notice::Unanswered] {
        assert_eq!(counts.notices.get(&never), None, "{counts}");
    }
    let truth = Truth::read(&house.sign_in(Staff::Manager).await?, &ledger.seatings()).await?;
    assert_eq!(ledger.verify(&truth), []);
    Ok(())
}
