//! The server is killed in the middle of everything, again and again. Whatever it had acknowledged is
//! there afterwards, exactly once.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use domain::wire::Answer;
use domain::{MutationId, Rejection, StreamId};
use load::client::{Guest, Habits, Witness};
use load::house::{House, Staff};
use load::ledger::{Ledger, Outcome};
use load::process::{Setup, Shared};
use load::scenario::service::{Evening, Plan};
use load::truth::Truth;
use load::violation::Violation;
use rand::Rng;
use services::{Postgres, Redis};
use tempfile::TempDir;
use tokio::time::sleep;

/// How often the server is killed.
const KILLS: usize = 50;
/// How many commands may be accepted between two kills: sometimes hardly any, so that it also dies
/// while everybody comes back.
const ACCEPTED_BETWEEN: (usize, usize) = (1, 120);
/// How long anything that has to happen may take.
const WITHIN: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_fifty_kills_exactly_once() -> Result<()> {
    survives(House::demo().await?).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_fifty_kills_exactly_once_in_postgresql() -> Result<()> {
    let place = TempDir::with_prefix("comanda-crash-")?;
    // PostgreSQL may run as somebody else, and must be let through.
    fs::set_permissions(place.path(), Permissions::from_mode(0o711))?;
    let postgres = Postgres::start(&place.path().join("postgres"))?;
    let redis = Redis::start(&place.path().join("redis"))?;
    let secret_file = place.path().join("secret");
    fs::write(&secret_file, "5e".repeat(64))?;
    let shared = Shared { database_url: postgres.url("postgres"), redis_url: redis.url(), secret_file };
    let share = |setup: &mut Setup, _: &Path| {
        setup.shared = Some(shared);
        Ok(())
    };
    survives(House::demo_with(share).await?).await
}

async fn survives(mut house: House) -> Result<()> {
    let began = Instant::now();
    let ledger = Arc::new(Ledger::default());
    let plan = Plan {
        tables: 8,
        guests: 3,
        walk_ins: 1,
        walls: 2,
        pace: (Duration::from_millis(5), Duration::from_millis(120)),
        staff_pace: (Duration::from_millis(5), Duration::from_millis(120)),
        habits: Habits { max_under_way: 4, ..Habits::default() },
    };
    let evening = Arc::new(Evening::begin(&house.door, plan, &ledger).await?);
    let under_way = evening.go_on();

    for kill in 1..=KILLS {
        let due = ledger.accepted() + rand::rng().random_range(ACCEPTED_BETWEEN.0..=ACCEPTED_BETWEEN.1);
        accepted(&ledger, due).await.with_context(|| format!("before kill {kill}\n{}", ledger.counts()))?;
        house.kill().await?;
        house.start_again().await.with_context(|| format!("after kill {kill}"))?;
    }
    under_way.finish(WITHIN).await.with_context(|| ledger.counts().to_string())?;

    let staff = house.sign_in(Staff::Manager).await?;
    let truth = Truth::read(&staff, &ledger.seatings()).await?;
    let counts = ledger.counts();
    let events = truth.events();
    println!("{KILLS} kills in {:.1?}, {events} events: {counts}", began.elapsed());
    assert_eq!(ledger.verify(&truth), [], "{counts}");
    evening.all_show(&truth).await?;
    assert_eq!(ledger.unanswered(&truth), [], "everybody who stayed got an answer in the end");
    assert!(counts.accepted > 10 * KILLS && counts.refused > 0, "it was a busy evening: {counts}");
    assert!(counts.resolved > 0, "some answers were lost with the server that gave them: {counts}");

    // The same once more, from a server that was stopped well.
    house.stop(WITHIN).await?;
    house.start_again().await?;
    let again = Truth::read(&staff, &ledger.seatings()).await?;
    assert_eq!(ledger.verify(&again), []);
    assert_eq!(again.events(), events);
    Ok(())
}

/// Waits until so many commands were accepted.
async fn accepted(ledger: &Ledger, due: usize) -> Result<()> {
    let began = Instant::now();
    while ledger.accepted() < due {
        ensure!(began.elapsed() < WITHIN, "{} commands were accepted, not {due}", ledger.accepted());
        sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_does_not_agree_is_told() -> Result<()> {
    let house = House::demo().await?;
    let ledger = Arc::new(Ledger::default());
    let table = house.tables()?.into_iter().next().context("the demo has tables")?;
    let pass = house.join(&table, "Ana").await?;
    let guest = Guest::open(pass, Habits::default(), Arc::clone(&ledger) as Arc<dyn Witness>).await?;
    let pick = guest.picks().into_iter().next().context("the demo has dishes")?;
    let (added, answer) = guest.add(&pick, 1, None).await?;
    let Answer::Accepted { version } = answer else { panic!("a dish can be ordered: {answer:?}") };
    let (refused, answer) = guest.change(added.into(), 0).await?;
    let Answer::Refused { reason, .. } = answer else { panic!("nothing is changed by nothing: {answer:?}") };
    assert_eq!(reason, Rejection::QuantityOutOfRange);

    let stream = StreamId::Seating(guest.seating);
    let truth = Truth::read(&house.sign_in(Staff::Manager).await?, &ledger.seatings()).await?;
    assert_eq!(ledger.verify(&truth), [], "as it is, it agrees");
    // An answer may overtake its event.
    guest.screen.until(WITHIN, |held, _| truth.differs_from(held).is_none()).await?;

    // An acknowledgement that the server never gave.
    let (doctored, invented) = (ledger.copy(), MutationId::numbered(7));
    doctored.note(invented, stream.clone(), Outcome::Accepted(version + 1));
    assert_eq!(doctored.verify(&truth), [Violation::Lost(invented, version + 1, stream.clone())]);

    // One that it gave for another version.
    let doctored = ledger.copy();
    doctored.note(added, stream.clone(), Outcome::Accepted(version - 1));
    assert_eq!(doctored.verify(&truth), [Violation::Elsewhere(added, version - 1, stream.clone(), version)]);

    // A refusal of what took effect.
    let doctored = ledger.copy();
    doctored.note(added, stream.clone(), Outcome::Refused(Rejection::CartFull));
    assert_eq!(doctored.verify(&truth), [Violation::RefusedAndThere(added, Rejection::CartFull, version, stream.clone())]);
    assert_eq!(ledger.outcome(refused), Some(Outcome::Refused(reason)));

    // An effect that happened twice.
    let doubled = truth.with_doubled(&stream, added);
    let violations = ledger.verify(&doubled);
    assert!(violations.contains(&Violation::Doubled(stream.clone(), version)), "{violations:?}");
    assert!(doubled.differs_from(&guest.screen.held()).is_none(), "the states are the same; only the record tells");
    Ok(())
}
